//! `scenario check | show | odd | diff | schema | new | list`: inspect before running.

#![expect(clippy::disallowed_methods, reason = "the ledger is a file that the command line names")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Changes, CheckArgs, ScenarioCommand};
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::{align, thousands};
use crate::observers::table::Table;
use crate::output::csv;
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
    all.extend(changes.sample_agents.map(|count| Change::Set(format!("run.sample_agents={count}"))));
    all
}

/// A scenario that cannot be run is a check that did not hold; one that cannot be found is wrong usage.
fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let of = &args.scenario;
    match load(of.scenario.as_deref(), &of.changes) {
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
            if args.sources { check_sources(args) } else { Ok(Exit::Done) }
        }
        Err(Failure::Scenario(rejection)) => {
            let unreadable = rejection.diagnostics.iter().any(|d| d.code == scenario::diagnostic::Code::File);
            Failure::Scenario(rejection).report();
            Ok(if unreadable { Exit::Usage } else { Exit::CheckFailed })
        }
        Err(failure) => Err(failure),
    }
}

/// Uncited numbers shown on a screen; all of them stand in the ledger.
const SHOWN: usize = 30;

/// Lists the numbers that have no source or no grade.
fn check_sources(args: &CheckArgs) -> Result<Exit, Failure> {
    let path = args.scenario.scenario.clone().unwrap_or_else(|| PathBuf::from(DEFAULT));
    let ledger = scenario::ledger(&path, &changes_of(&args.scenario.changes))?;
    if let Some(file) = &args.ledger {
        write_ledger(&scenario::ledger_table(&ledger), file).map_err(|error| {
            Failure::usage(
                format!("could not write `{}`: {error}", file.display()),
                "name a file that can be written with --ledger",
            )
        })?;
    }
    let graded = |word: &str| ledger.iter().filter(|c| c.is_cited() && c.grade == word).count();
    let uncited: Vec<_> = ledger.iter().filter(|c| !c.is_cited()).collect();
    let mut text = format!(
        "{} numbers: {} measured, {} estimated, {} assumed, {} without a source or a grade\n",
        ledger.len(),
        graded("measured"),
        graded("estimated"),
        graded("assumed"),
        uncited.len()
    );
    for cited in uncited.iter().take(SHOWN) {
        let lacks = match (cited.source.is_empty(), cited.grade.is_empty()) {
            (true, true) => "no source, no grade",
            (true, false) => "no source",
            _ => "no grade",
        };
        text.push_str(&format!(
            "  {}:{}: {} = {}: {lacks}\n",
            cited.file, cited.line, cited.key, cited.value
        ));
    }
    if uncited.len() > SHOWN {
        text.push_str(&format!("  … and {} more; --ledger FILE lists them all\n", uncited.len() - SHOWN));
    }
    print(&text)?;
    Ok(if uncited.is_empty() { Exit::Done } else { Exit::CheckFailed })
}

fn write_ledger(table: &Table, file: &Path) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    csv::write_table(table, &mut out)?;
    out.flush()
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
