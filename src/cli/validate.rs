//! `validate`: the scorecard of stylised facts.
#![expect(clippy::disallowed_methods, reason = "the baseline is a file that the command line names")]

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::args::ValidateArgs;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::figures::{self, write_charts};
use super::text_table::align;
use super::{backend, evidence, interrupt, memory};
use crate::charts;
use crate::experiment::facts::{FACTS, Reading};
use crate::experiment::{Baseline, Scorecard, Study, validate, validate_run};
use crate::output::manifest::{ScenarioIdentity, sha256_hex};
use crate::output::{Manifest, OutputError, Platform, RunFolder};
use crate::scenario::evidence::{Evidence, Unusable, unusable_table};
use crate::scenario::{Scenario, baseline_of, from_text, load_beside};

/// A scorecard and what it was made of.
struct Made {
    scenario: Scenario,
    scorecard: Scorecard,
    unusable: Vec<Unusable>,
    seed: u64,
    agents: u64,
    replicates: u64,
    seconds: f64,
    against: Against,
}

/// Validates a scenario, or what a run folder alone can show.
pub(super) fn validate_facts(args: &ValidateArgs) -> Result<Exit, Failure> {
    interrupt::listen();
    check_wanted(&args.facts)?;
    let folder = args.scenario.as_deref().filter(|p| p.is_dir());
    let target = args.delivery.out.clone().unwrap_or_else(|| default_target(args));
    let mut draft =
        RunFolder::create(&target, args.delivery.overwriting())?.in_formats(&args.delivery.format);
    let made = match folder {
        Some(path) => from_folder(path, args)?,
        None => match from_scenario(args)? {
            Some(made) => made,
            None => {
                say(&"interrupted; nothing was written");
                return Ok(Exit::Interrupted);
            }
        },
    };
    let mut tables = made.scorecard.tables();
    if !made.unusable.is_empty() {
        tables.tables.push(unusable_table(&made.unusable));
    }
    for table in &tables.tables {
        draft.write_table(table)?;
    }
    draft.write_text("scenario.toml", made.scenario.resolved())?;
    let mut drawn = Vec::new();
    if !args.delivery.no_charts {
        let caption = charts::Caption {
            title: made.scenario.title().to_owned(),
            scenario: made.scenario.name().to_owned(),
            seed: made.seed,
            agents: made.agents,
            replicates: made.replicates,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let mut all = charts::draw_facts(&tables, &caption);
        if let (Ok(all), true) = (&mut all, tables.get("scorecard").is_some()) {
            tables.tables.extend(made.scenario.legend().tables());
            match charts::draw_scorecard(&tables, &caption) {
                Ok(more) => all.extend(more),
                Err(error) => return Err(figures::chart_failure(error)),
            }
        }
        drawn = write_charts(&mut draft, all)?;
        let about = super::report::about(&made.scenario, &manifest(&made));
        let page = charts::draw_report(&tables, &caption, &about).map_err(figures::chart_failure)?;
        draft.write_text("report.html", &page)?;
    }
    let folder = draft.finish(manifest(&made))?;
    let (held, decided) = made.scorecard.held();
    if args.delivery.json {
        let facts: Vec<_> = made
            .scorecard
            .verdicts
            .iter()
            .map(|v| json!({ "id": v.fact.id, "holds": v.finding.as_ref().map(|f| f.holds()) }))
            .collect();
        let summary = json!({
            "scenario": made.scenario.name(), "folder": folder.display().to_string(), "seed": made.seed,
            "agents": made.agents, "replicates": made.replicates, "seconds": made.seconds,
            "held": held, "decided": decided, "facts": facts,
            "skill": evidence::skill_as_json(&made.scorecard.record), "unusable": made.unusable.len(),
        });
        print(&format!("{summary}\n"))?;
    } else if !args.delivery.quiet {
        let mut text = String::new();
        if !made.scorecard.verdicts.is_empty() {
            text.push_str(&as_table(&made.scorecard));
            text.push_str(&format!(
                "\n  {held} of {decided} facts hold; {} could not be decided here\n",
                made.scorecard.verdicts.len() - decided
            ));
        }
        if !made.scorecard.record.rows.is_empty() {
            text.push_str(&evidence::skill_in_words(&made.scorecard.record));
        }
        text.push_str(&evidence::unusable_in_words(&made.unusable, &folder));
        text.push_str(&format!("\n  tables  {}\n", folder.display()));
        if !drawn.is_empty() {
            text.push_str(&format!(
                "  charts  {}\n",
                folder.join("charts").join(format!("{}.png", drawn[0])).display()
            ));
        }
        print(&text)?;
    }
    conclude(args, &made)
}

/// Names of facts that do not exist are wrong usage.
fn check_wanted(wanted: &[String]) -> Result<(), Failure> {
    for id in wanted {
        if !FACTS.iter().any(|f| f.id == id) {
            return Err(Failure::usage(
                format!("there is no fact `{id}`"),
                "facts are F01 to F36, as in --facts F01,F06",
            ));
        }
    }
    Ok(())
}

fn from_folder(path: &Path, args: &ValidateArgs) -> Result<Made, Failure> {
    let folder = RunFolder::open(path)?;
    let scenario = from_text("scenario.toml", &folder.scenario_text()?, &[])?;
    let manifest = folder.manifest();
    let against = baseline(args, scenario.name())?;
    let mut replay = folder.replay()?;
    let readings = (0..u64::from(manifest.replicates))
        .map(|number| Ok(Reading::new(&replay.replicate(number)?, number as i64)));
    let mut readings = readings.collect::<Result<Vec<_>, OutputError>>()?;
    // An interrupted run has no rows of those that it did not come to.
    readings.retain(|reading| reading.days > 0);
    let scorecard = validate_run(&scenario, readings, &args.facts);
    Ok(Made {
        scorecard,
        unusable: Vec::new(),
        seed: manifest.seed,
        agents: manifest.agents,
        replicates: u64::from(manifest.replicates),
        seconds: 0.0,
        scenario,
        against,
    })
}

fn from_scenario(args: &ValidateArgs) -> Result<Option<Made>, Failure> {
    let scenario = super::scenario::load(args.scenario.as_deref(), &args.changes)?;
    memory::check(&scenario, args.delivery.threads, None)?;
    let against = baseline(args, scenario.name())?;
    let replicates =
        if args.changes.replicates.is_some() { scenario.replicates() } else { scenario.replicates().max(8) };
    let evidence =
        if args.no_evidence { Evidence::default() } else { evidence::read(&args.evidence, &scenario)? };
    if args.no_facts && evidence.asked == 0 {
        return Err(Failure::usage(
            format!("there is no evidence to hold `{}` against", scenario.name()),
            "name files with --evidence, or leave out --no-facts",
        ));
    }
    let study = Study {
        scenario: &scenario,
        seed: scenario.seed(),
        replicates,
        threads: args.delivery.threads,
        wanted: &args.facts,
        facts: !args.no_facts,
        evidence: &evidence,
    };
    let began = Instant::now();
    let bar = bar(args.delivery.quiet);
    let listen = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        !interrupt::requested()
    };
    let mut scorecard = validate(&study, &listen)?;
    for name in &scenario.roles().companions {
        let Some(card) = &mut scorecard else { break };
        let undecided = card.undecided();
        if undecided.is_empty() {
            break;
        }
        let companion = load_beside(Path::new(name), args.scenario.as_deref())?;
        memory::check(&companion, args.delivery.threads, None)?;
        let study =
            Study { scenario: &companion, wanted: &undecided, evidence: &Evidence::default(), ..study };
        match validate(&study, &listen)? {
            Some(theirs) => card.adopt(theirs, companion.name()),
            None => scorecard = None,
        }
    }
    bar.finish_and_clear();
    Ok(scorecard.map(|scorecard| Made {
        scorecard,
        unusable: evidence.unusable,
        seed: scenario.seed(),
        agents: scenario.population().agents,
        replicates,
        seconds: began.elapsed().as_secs_f64(),
        scenario,
        against,
    }))
}

fn bar(quiet: bool) -> ProgressBar {
    let bar = ProgressBar::new(1);
    if quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    } else if let Ok(style) =
        ProgressStyle::with_template("{pos:>5} of {len} histories {wide_bar} {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

fn as_table(scorecard: &Scorecard) -> String {
    let mut rows = vec![["fact", "", "holds", "value", "90 % band", "note"].map(str::to_owned).to_vec()];
    for verdict in &scorecard.verdicts {
        let (holds, value, band, note) = match &verdict.finding {
            Some(finding) => {
                let (value, lo, hi) = finding.leading();
                let word = if finding.holds() { "yes" } else { "NO" };
                (word, number(value), format!("{} to {}", number(lo), number(hi)), verdict.note())
            }
            None => ("–", String::new(), String::new(), verdict.note()),
        };
        let short = |text: String| {
            if text.chars().count() > 90 {
                format!("{}…", text.chars().take(89).collect::<String>())
            } else {
                text
            }
        };
        rows.push(vec![
            verdict.fact.id.to_owned(),
            verdict.fact.title.to_owned(),
            holds.to_owned(),
            value,
            band,
            short(note),
        ]);
    }
    align(&rows)
}

fn number(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

/// What the result is held against.
enum Against {
    /// The facts that held before.
    Held(Baseline),
    /// Nothing: there is no baseline and none was asked for.
    Nothing,
    /// The file that the result replaces.
    Replaces(PathBuf),
}

/// Finds the baseline before anything is run: a wrong name must not cost an hour.
fn baseline(args: &ValidateArgs, scenario: &str) -> Result<Against, Failure> {
    if args.update_baseline {
        let named = args.baseline.clone();
        let path = named.unwrap_or_else(|| PathBuf::from(format!("scenarios/baselines/{scenario}.txt")));
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        if let Some(missing) = folder.filter(|p| !p.is_dir()) {
            return Err(Failure::usage(
                format!("there is no folder `{}` to write the baseline to", missing.display()),
                "name a file in a folder that is there with --baseline",
            ));
        }
        return Ok(Against::Replaces(path));
    }
    if let Some(path) = &args.baseline {
        let text = std::fs::read_to_string(path).map_err(|e| {
            Failure::usage(
                format!("could not read `{}`: {e}", path.display()),
                "write one with --update-baseline",
            )
        })?;
        return Ok(Against::Held(Baseline::parse(&text)));
    }
    match baseline_of(scenario) {
        Some(text) => Ok(Against::Held(Baseline::parse(text))),
        None if args.strict => Err(Failure::usage(
            format!("`{scenario}` has no baseline"),
            "write one with --update-baseline, or name one with --baseline",
        )),
        None => Ok(Against::Nothing),
    }
}

/// Holds the result against the facts that held before; only `--update-baseline` changes them.
fn conclude(args: &ValidateArgs, made: &Made) -> Result<Exit, Failure> {
    match &made.against {
        Against::Nothing => Ok(Exit::Done),
        Against::Replaces(path) => {
            let made_of = format!(
                "{}, {} agents, {} replicates, seed {}",
                made.scenario.name(),
                made.agents,
                made.replicates,
                made.seed
            );
            std::fs::write(path, made.scorecard.baseline().to_text(&made_of)).map_err(|e| {
                Failure::usage(
                    format!("could not write `{}`: {e}", path.display()),
                    "name a file that can be written with --baseline",
                )
            })?;
            say(&format!("baseline written to {}", path.display()));
            Ok(Exit::Done)
        }
        Against::Held(held) => {
            let lost = made.scorecard.lost(held);
            if lost.is_empty() {
                return Ok(Exit::Done);
            }
            say(&format!("held before, and no longer: {}", lost.join(", ")));
            Ok(if args.strict { Exit::CheckFailed } else { Exit::Done })
        }
    }
}

fn default_target(args: &ValidateArgs) -> PathBuf {
    let name = args
        .scenario
        .as_deref()
        .and_then(Path::file_stem)
        .map_or(crate::scenario::DEFAULT.to_owned(), |s| s.to_string_lossy().into_owned());
    PathBuf::from("output").join(format!("validate-{name}"))
}

fn manifest(made: &Made) -> Manifest {
    Manifest {
        git_revision: backend::git_revision(),
        scenario: ScenarioIdentity {
            name: format!("validate-{}", made.scenario.name()),
            title: format!("Facts of {}", made.scenario.title()),
            hash: sha256_hex(made.scenario.resolved().as_bytes()),
        },
        seed: made.seed,
        replicates: u32::try_from(made.replicates).unwrap_or(u32::MAX),
        agents: made.agents,
        days: made.scenario.days(),
        bibliography: made.scenario.bibliography().to_vec(),
        seconds_steps: made.seconds,
        platform: Platform::probe(),
        started: backend::now(),
        command_line: backend::command_line(),
        ..Manifest::default()
    }
}
