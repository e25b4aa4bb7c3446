//! `report`: a run folder as one page for a browser.
#![expect(clippy::disallowed_methods, reason = "the page goes into a file that the command line names")]

use std::fs;
use std::path::Path;

use super::args::ReportArgs;
use super::evidence;
use super::exit::Exit;
use super::failure::{Failure, print};
use super::figures::chart_failure;
use crate::charts::{About, Caption, Gathering, ObservedSeats, RecordedDate};
use crate::observers::table::TableSet;
use crate::output::{Manifest, RunFolder, scratch_in};
use crate::scenario::evidence::Target;
use crate::scenario::{Scenario, from_text, odd};

/// Writes the page of a run folder that is there.
pub(super) fn report(args: &ReportArgs) -> Result<Exit, Failure> {
    let folder = RunFolder::open(&args.run)?;
    let manifest = folder.manifest();
    // A folder of another version may hold a scenario that is no longer understood: then the tables speak alone.
    let scenario = folder.scenario_text().ok().and_then(|text| from_text("scenario.toml", &text, &[]).ok());
    let about = scenario.as_ref().map_or_else(|| without_scenario(manifest), |s| about(s, manifest));
    let caption = Caption {
        title: manifest.scenario.title.clone(),
        scenario: manifest.scenario.name.clone(),
        seed: manifest.seed,
        agents: manifest.agents,
        replicates: u64::from(manifest.replicates),
        version: manifest.version.clone(),
    };
    let target = args.out.clone().unwrap_or_else(|| args.run.join("report.html"));
    let beside = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    // What a scorecard has stands in tables without replicates, and those are small.
    let names = TableSet { tables: folder.read_names()? };
    let mut gathering = Gathering::new(names, Box::new(scratch_in(beside.unwrap_or(Path::new(".")))?));
    let mut replay = folder.replay()?;
    for replicate in 0..u64::from(manifest.replicates) {
        gathering.add(&replay.replicate(replicate)?).map_err(chart_failure)?;
    }
    let page = gathering.into_drawing(&caption).page(&about).map_err(chart_failure)?;
    fs::write(&target, page).map_err(|error| {
        Failure::resources(
            format!("could not write `{}`: {error}", target.display()),
            "name another file with --out",
        )
    })?;
    if !args.quiet {
        print(&format!("{}\n", target.display()))?;
    }
    Ok(Exit::Done)
}

/// What the page says of a run of `scenario` besides its tables.
pub(super) fn about(scenario: &Scenario, manifest: &Manifest) -> About {
    About {
        description: scenario.description().to_owned(),
        odd: odd(scenario),
        observed: observed(scenario),
        recorded: recorded(scenario),
        ..without_scenario(manifest)
    }
}

fn without_scenario(manifest: &Manifest) -> About {
    let pairs = [
        ("program", format!("{} {}", manifest.program, manifest.version)),
        ("revision", manifest.git_revision.clone().unwrap_or_default()),
        ("scenario", manifest.scenario.name.clone()),
        ("SHA-256 of the scenario", manifest.scenario.hash.clone()),
        ("seed", manifest.seed.to_string()),
        ("replicates", manifest.replicates.to_string()),
        ("agents", manifest.agents.to_string()),
        ("days", manifest.days.to_string()),
        ("started", manifest.started.clone()),
        ("command line", manifest.command_line.join(" ")),
    ];
    About {
        manifest: pairs
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        bibliography: manifest.bibliography.clone(),
        ..About::default()
    }
}

/// Shares of seats of the scenario's own evidence, under the names that the tables have for bodies and parties.
fn observed(scenario: &Scenario) -> Vec<ObservedSeats> {
    if scenario.record().files.is_empty() {
        return Vec::new();
    }
    // Evidence that cannot be read is the business of `validate`; the page does without.
    let Ok(found) = evidence::read(&[], scenario) else { return Vec::new() };
    let names = scenario.names();
    found
        .observations
        .iter()
        .filter_map(|row| {
            let Target::Seats { day, body, place, section: None, parties } = &row.target else { return None };
            let body = match place {
                Some(place) => format!("{}: {}", names.bodies[*body], names.places[*place]),
                None => names.bodies[*body].clone(),
            };
            Some(ObservedSeats {
                body,
                parties: parties.iter().map(|&p| names.options[p].clone()).collect(),
                day: i64::from(*day),
                share: row.observed / 100.0,
                error: 2.0 * row.sd / 100.0,
            })
        })
        .collect()
}

fn recorded(scenario: &Scenario) -> Vec<RecordedDate> {
    let names = scenario.names();
    let majorities = &scenario.record().majorities;
    majorities
        .iter()
        .map(|m| RecordedDate {
            body: names.bodies[m.body].clone(),
            who: names.blocs[m.bloc].clone(),
            date: m.date.clone(),
        })
        .collect()
}
