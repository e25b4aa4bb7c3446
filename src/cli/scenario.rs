//! `scenario check | show | odd | diff | schema | new | list`: inspect before running.

use std::path::{Path, PathBuf};

use super::args::{Changes, ScenarioArgs, ScenarioCommand};
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::{align, thousands};
use crate::scenario::{self, Change, DEFAULT, SHIPPED, Scenario};

/// Does what was asked.
pub(super) fn inspect(command: &ScenarioCommand) -> Result<Exit, Failure> {
    match command {
        ScenarioCommand::Check(args) => check(args),
        ScenarioCommand::Show(args) => {
            let scenario = load(args.scenario.as_deref(), &args.changes)?;
            print(scenario.resolved())?;
            Ok(Exit::Done)
        }
        ScenarioCommand::Odd(args) => {
            let scenario = load(args.scenario.as_deref(), &args.changes)?;
            print(&scenario::odd(&scenario))?;
            Ok(Exit::Done)
        }
        ScenarioCommand::Diff { left, right } => diff(left, right),
        ScenarioCommand::Schema => {
            let schema = serde_json::to_string_pretty(&scenario::json_schema())
                .expect("a schema of texts and numbers is JSON");
            print(&format!("{schema}\n"))?;
            Ok(Exit::Done)
        }
        ScenarioCommand::New => {
            print(&scenario::template())?;
            Ok(Exit::Done)
        }
        ScenarioCommand::List => list(),
    }
}

/// Reads the scenario that was named, or the default one, with what is to be changed.
pub(super) fn load(path: Option<&Path>, changes: &Changes) -> Result<Scenario, Failure> {
    let path = path.map_or_else(|| PathBuf::from(DEFAULT), Path::to_path_buf);
    Ok(scenario::load(&path, &changes_of(changes))?)
}

/// The changes in the order in which later ones win.
fn changes_of(changes: &Changes) -> Vec<Change> {
    let mut all: Vec<Change> = changes.set.iter().cloned().map(Change::Set).collect();
    all.extend(changes.agents.map(Change::Agents));
    all.extend(changes.seed.map(Change::Seed));
    all.extend(changes.replicates.map(Change::Replicates));
    all.extend(changes.days.map(Change::Days));
    all
}

/// A scenario that cannot be run is a check that did not hold; one that cannot be found is wrong usage.
fn check(args: &ScenarioArgs) -> Result<Exit, Failure> {
    match load(args.scenario.as_deref(), &args.changes) {
        Ok(scenario) => {
            let people = scenario.population().total_people();
            say(&format!(
                "{}: valid; {} days, {} people in {} places, {} events",
                scenario.name(),
                scenario.days(),
                thousands(people as u64),
                scenario.rules().places.len(),
                scenario.rules().events.len(),
            ));
            Ok(Exit::Done)
        }
        Err(Failure::Scenario(rejection)) => {
            let unreadable = rejection.diagnostics.iter().any(|d| d.code == scenario::diagnostic::Code::File);
            Failure::Scenario(rejection).report();
            Ok(if unreadable { Exit::Usage } else { Exit::CheckFailed })
        }
        Err(failure) => Err(failure),
    }
}

/// What differs between two scenarios, as a table for a terminal.
pub(super) fn difference_table(
    left: &scenario::Node,
    right: &scenario::Node,
    names: [&str; 2],
) -> Option<String> {
    let differences = scenario::diff(left, right);
    if differences.is_empty() {
        return None;
    }
    let mut rows = vec![vec!["what differs".to_owned(), names[0].to_owned(), names[1].to_owned()]];
    for d in differences {
        let shown = |v: Option<String>| {
            let text = v.unwrap_or_else(|| "–".to_owned());
            if text.chars().count() > 48 {
                format!("{}…", text.chars().take(47).collect::<String>())
            } else {
                text
            }
        };
        rows.push(vec![d.key, shown(d.left), shown(d.right)]);
    }
    Some(align(&rows))
}

fn diff(left: &Path, right: &Path) -> Result<Exit, Failure> {
    let trees = [scenario::load_tree(left, &[])?, scenario::load_tree(right, &[])?];
    let names = [left.display().to_string(), right.display().to_string()];
    match difference_table(&trees[0], &trees[1], [&names[0], &names[1]]) {
        Some(table) => print(&table)?,
        None => say(&"the scenarios do not differ"),
    }
    Ok(Exit::Done)
}

fn list() -> Result<Exit, Failure> {
    let mut rows = vec![vec!["scenario".to_owned(), "title".to_owned()]];
    for (file, _) in SHIPPED {
        let name = file.trim_end_matches(".toml");
        let scenario = scenario::load(Path::new(name), &[])?;
        rows.push(vec![name.to_owned(), scenario.title().to_owned()]);
    }
    print(&align(&rows))?;
    Ok(Exit::Done)
}
