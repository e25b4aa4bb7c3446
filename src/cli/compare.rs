//! `compare`: run folders or scenarios side by side.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::CompareArgs;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::figures::{chart_failure, lines_of_charts, write_charts};
use super::progress::Bar;
use super::scenario::difference_table;
use super::text_table::align;
use super::{backend, interrupt, memory};
use crate::charts;
use crate::experiment::summary::median_date;
use crate::experiment::{
    History, Plan, Streamed, Wish, differences, first_majorities, not_compared, pairing, stream_ensemble,
};
use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::output::manifest::{ScenarioIdentity, sha256_hex};
use crate::output::{Draft, Manifest, Platform, RunFolder};
use crate::scenario;

/// A run that takes part, read or just made.
struct Contestant {
    history: History,
    /// What its charts need; none if there are to be none.
    figures: Option<charts::Gathering>,
    agents: u64,
    replicates: u64,
    days: u32,
    version: String,
    title: String,
    resolved: String,
}

/// Compares what was named and writes charts and tables of the comparison.
pub(super) fn compare(args: &CompareArgs) -> Result<Exit, Failure> {
    interrupt::listen();
    let target = args.delivery.out.clone().unwrap_or_else(|| default_target(&args.runs));
    let mut draft =
        RunFolder::create(&target, args.delivery.overwriting())?.in_formats(&args.delivery.format);
    let mut runs = Vec::new();
    for path in &args.runs {
        let Some(run) = contestant(path, args, &draft)? else { return Ok(Exit::Interrupted) };
        runs.push(run);
    }
    tell_apart(&mut runs);
    let left_out = check_comparable(&runs)?;
    let labelled: Vec<_> = runs.iter_mut().filter_map(Contestant::labelled).collect();
    let histories: Vec<&History> = runs.iter().map(|run| &run.history).collect();
    let labelled_firsts: Vec<_> = runs.iter().map(|run| (run.label(), run.history.firsts())).collect();
    let firsts = first_majorities(&labelled_firsts);
    let changes = differences(&histories);
    let pairing = pairing(&histories);
    draft.write_table(&firsts)?;
    draft.write_table(&changes)?;
    draft.write_table(&pairing)?;
    draft.write_table(&scenario_diff(&runs)?)?;
    for run in &runs {
        draft.write_text(&format!("scenarios/{}.toml", slug(run.label())), &run.resolved)?;
    }
    let mut drawn = Vec::new();
    if !args.delivery.no_charts {
        drawn = write_charts(&mut draft, charts::draw_comparison(labelled, &changes))?;
    }
    let folder = draft.finish(manifest(&runs))?;

    if args.delivery.json {
        print(&format!("{}\n", to_json(&runs, &firsts, (&changes, &pairing), &left_out, &folder)))?;
    } else if !args.delivery.quiet {
        let mut text = String::from("\n");
        text.push_str(&side_by_side(&firsts, &runs));
        text.push_str(&date_differences(&changes));
        text.push_str(&largest_differences(&changes, &runs));
        text.push_str(&pairing_in_words(&pairing));
        for other in &runs[1..] {
            text.push('\n');
            match scenario_differences(&runs[0], other)? {
                Some(table) => text.push_str(&table),
                None => {
                    text.push_str(&format!("  {} and {} do not differ\n", runs[0].label(), other.label()));
                }
            }
        }
        text.push_str(&format!("\n  tables  {}\n", folder.display()));
        text.push_str(&lines_of_charts(&folder, &drawn));
        print(&text)?;
    }
    Ok(Exit::Done)
}

impl Contestant {
    fn label(&self) -> &str {
        &self.history.label
    }

    /// What is drawn of it, once.
    fn labelled(&mut self) -> Option<charts::LabelledRun> {
        Some(charts::LabelledRun {
            gathering: self.figures.take()?,
            label: self.label().to_owned(),
            caption: charts::Caption {
                title: self.title.clone(),
                scenario: self.label().to_owned(),
                seed: self.history.seed,
                agents: self.agents,
                replicates: self.replicates,
                version: self.version.clone(),
            },
        })
    }

    fn add(&mut self, replicate: u64, tables: &TableSet) -> Result<(), Failure> {
        self.history.add(replicate, tables);
        self.figures.as_mut().map_or(Ok(()), |figures| figures.add(tables)).map_err(chart_failure)
    }
}

/// Reads a run folder, or runs a scenario, replicate by replicate; `None` if somebody asked to stop.
fn contestant(path: &Path, args: &CompareArgs, draft: &Draft) -> Result<Option<Contestant>, Failure> {
    let figures = |names: Vec<Table>| -> Result<Option<charts::Gathering>, Failure> {
        if args.delivery.no_charts {
            return Ok(None);
        }
        let names = TableSet { tables: names };
        Ok(Some(charts::Gathering::new(names, Box::new(draft.scratch()?))))
    };
    if path.is_dir() {
        let folder = RunFolder::open(path)?;
        if folder.is_interrupted() {
            let shown = path.display();
            return Err(Failure::usage(
                format!("the run in `{shown}` was interrupted"),
                super::run::line_to_resume(path, &folder.formats()),
            ));
        }
        let manifest = folder.manifest();
        let mut run = Contestant {
            history: History::new(&manifest.scenario.name, manifest.seed),
            figures: figures(folder.read_names()?)?,
            agents: manifest.agents,
            replicates: u64::from(manifest.replicates),
            days: manifest.days,
            version: manifest.version.clone(),
            title: manifest.scenario.title.clone(),
            resolved: folder.scenario_text()?,
        };
        let mut replay = folder.replay()?;
        for replicate in 0..run.replicates {
            run.add(replicate, &replay.replicate(replicate)?)?;
        }
        return Ok(Some(run));
    }
    let scenario = super::scenario::load(Some(path), &args.changes)?;
    memory::check(&scenario, args.delivery.threads, None)?;
    let plan =
        Plan { seed: scenario.seed(), replicates: scenario.replicates(), threads: args.delivery.threads };
    let mut run = Contestant {
        history: History::new(scenario.name(), plan.seed),
        figures: figures(scenario.legend().tables().to_vec())?,
        agents: scenario.population().agents,
        replicates: plan.replicates,
        days: scenario.days(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        title: scenario.title().to_owned(),
        resolved: scenario.resolved().to_owned(),
    };
    let bar = Bar::new(&scenario.names().dates_os, plan.replicates, args.delivery.quiet);
    let listen = |progress| bar.listen_or_stop(progress);
    let (ended, _) = stream_ensemble(&scenario, plan, None, &listen, &mut |replicate, tables| {
        run.add(replicate, &tables).map(|()| Wish::Continue)
    })?;
    bar.finish();
    if !matches!(ended, Streamed::Complete) {
        say(&"interrupted; nothing was written");
        return Ok(None);
    }
    Ok(Some(run))
}

fn default_target(runs: &[PathBuf]) -> PathBuf {
    let names: Vec<String> =
        runs.iter().map(|r| slug(&r.file_stem().unwrap_or_default().to_string_lossy())).collect();
    PathBuf::from("output").join(format!("compare-{}", names.join("-")))
}

fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    if plain.is_empty() { "run".to_owned() } else { plain }
}

/// Runs of one name are numbered.
fn tell_apart(runs: &mut [Contestant]) {
    for index in 0..runs.len() {
        let earlier = runs[..index]
            .iter()
            .filter(|r| r.title == runs[index].title && r.label().starts_with(runs[index].label()))
            .count();
        let taken = runs[..index].iter().any(|r| r.label() == runs[index].label());
        if taken {
            runs[index].history.label = format!("{}-{}", runs[index].label(), earlier + 1);
        }
    }
}

/// What cannot be compared is said, and left out; two runs that have no party or no class in common are refused.
fn check_comparable(runs: &[Contestant]) -> Result<Vec<String>, Failure> {
    let first = &runs[0];
    let mut left_out = Vec::new();
    for run in &runs[1..] {
        let lacking = not_compared(&first.history, &run.history);
        for what in ["party", "class"] {
            let [a, b] = [first, run].map(|run| run.history.words("support", what));
            if !a.iter().any(|word| word != "none" && b.contains(word)) {
                return Err(Failure::usage(
                    format!(
                        "{} and {} cannot be compared, they have no {what} in common: {}",
                        first.label(),
                        run.label(),
                        lacking.join("; ")
                    ),
                    "compare runs of scenarios that extend one base",
                ));
            }
        }
        if !lacking.is_empty() {
            say(&format!("warning: not compared between {} and {}:", first.label(), run.label()));
            lacking.iter().for_each(|line| say(&format!("  {line}")));
            left_out.extend(lacking);
        }
        if first.days != run.days {
            say(&format!(
                "warning: {} has {} days, {} has {}",
                first.label(),
                first.days,
                run.label(),
                run.days
            ));
        }
        if first.version != run.version {
            say(&format!(
                "warning: {} was run with version {}, {} with {}: their draws are not shared, and what differs may be \
                 the version",
                first.label(),
                first.version,
                run.label(),
                run.version
            ));
        }
        if first.history.seed != run.history.seed || first.agents != run.agents {
            say(&format!(
                "warning: {} and {} do not share their random numbers (seed or agents differ)",
                first.label(),
                run.label()
            ));
        }
    }
    Ok(left_out)
}

/// What the scenarios differ in, key by key.
fn scenario_diff(runs: &[Contestant]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "scenario_diff",
        "what each scenario has otherwise than the first one",
        &[
            ("run", Kind::Text, "", "run"),
            ("reference", Kind::Text, "", "run it is compared with"),
            ("key", Kind::Text, "", "dotted key"),
            ("reference_value", Kind::Text, "", "its value in the reference; empty if it is not there"),
            ("value", Kind::Text, "", "its value in the run; empty if it is not there"),
        ],
    );
    let tree = |run: &Contestant| scenario::tree_from_text(run.label(), &run.resolved);
    let first = tree(&runs[0])?;
    for run in &runs[1..] {
        for d in scenario::diff(&first, &tree(run)?) {
            table.push(&[
                Cell::Text(run.label()),
                Cell::Text(runs[0].label()),
                Cell::Text(&d.key),
                Cell::Text(&d.left.unwrap_or_default()),
                Cell::Text(&d.right.unwrap_or_default()),
            ]);
        }
    }
    Ok(table)
}

/// Columns of the table `differences` in a row.
struct Changed<'t> {
    run: &'t str,
    reference: &'t str,
    quantity: &'t str,
    scope: &'t str,
    name: &'t str,
    unit: &'t str,
    date: &'t str,
    difference: f64,
    low: f64,
    high: f64,
}

fn changed(changes: &Table) -> Vec<Changed<'_>> {
    let text = |name: &str| changes.texts(name);
    let (Some(run), Some(reference), Some(quantity), Some(scope), Some(name), Some(unit), Some(date)) = (
        text("run"),
        text("reference"),
        text("quantity"),
        text("scope"),
        text("name"),
        text("unit"),
        text("date_os"),
    ) else {
        return Vec::new();
    };
    let (Some(difference), Some(low), Some(high)) =
        (changes.reals("difference"), changes.reals("low"), changes.reals("high"))
    else {
        return Vec::new();
    };
    (0..changes.rows())
        .map(|row| Changed {
            run: run.get(row),
            reference: reference.get(row),
            quantity: quantity.get(row),
            scope: scope.get(row),
            name: name.get(row),
            unit: unit.get(row),
            date: date.get(row),
            difference: difference[row],
            low: low[row],
            high: high[row],
        })
        .collect()
}

/// Days, chances and losses by which the histories differ: what is asked most.
fn date_differences(changes: &Table) -> String {
    let mut rows = vec![["difference in", "of", "", "by", "95 % interval"].map(str::to_owned).to_vec()];
    for c in changed(changes) {
        let told = matches!(c.quantity, "majority" | "outcome") && c.difference.abs() > 1e-9;
        // One body of a family, or of many, is in the table and not here.
        if !told || c.scope.contains(": ") {
            continue;
        }
        let (what, decimals) = match c.unit {
            "day" => ("days", 1),
            "persons" => ("losses", 0),
            _ => ("chance of", 2),
        };
        let of =
            if c.quantity == "majority" { format!("{} in {}", c.name, c.scope) } else { c.name.to_owned() };
        let interval = if c.low.is_nan() {
            "one replicate".to_owned()
        } else {
            format!("{:+.decimals$} to {:+.decimals$}", c.low, c.high)
        };
        rows.push(vec![
            what.to_owned(),
            of,
            format!("{} less {}", c.run, c.reference),
            format!("{:+.decimals$}", c.difference),
            interval,
        ]);
    }
    if rows.len() == 1 { String::new() } else { format!("\n{}", align(&rows)) }
}

/// What common random numbers were worth, a sentence a run.
fn pairing_in_words(pairing: &Table) -> String {
    let (Some(run), Some(quantity), Some(replicates), Some(needed), Some(saved)) = (
        pairing.texts("run"),
        pairing.texts("quantity"),
        pairing.ints("replicates"),
        pairing.reals("unpaired_replicates"),
        pairing.reals("runs_saved"),
    ) else {
        return String::new();
    };
    let rows = (0..pairing.rows()).filter(|&row| quantity.get(row) == "support" && saved[row] > 0.0);
    let lines: Vec<String> = rows
        .map(|row| {
            format!(
                "  {}: shared draws make {} pairs as exact for support as {:.0} unpaired replicates of each: {:.0} runs saved\n",
                run.get(row),
                replicates[row],
                needed[row],
                saved[row]
            )
        })
        .collect();
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}

/// One line of the table of first majorities: a body or a family of bodies, and what each run says of it.
struct Line {
    body: String,
    claim: String,
    /// By run, then body.
    cells: Vec<Vec<Turn>>,
}

/// What a run says of the first majority in one body.
#[derive(Clone)]
struct Turn {
    median_day: Option<i64>,
    median_date: String,
    /// Replicates in which it never came.
    never: i64,
    replicates: i64,
}

/// First majorities that came during a run, one column a run; bodies of one kind, one a place, in one row.
fn side_by_side(firsts: &Table, runs: &[Contestant]) -> String {
    let (Some(body), Some(claim), Some(run), Some(day), Some(date), Some(never), Some(n)) = (
        firsts.texts("body"),
        firsts.texts("party_or_bloc"),
        firsts.texts("run"),
        firsts.opt_ints("median_day"),
        firsts.texts("median_date_os"),
        firsts.ints("never"),
        firsts.ints("replicates"),
    ) else {
        return String::new();
    };
    let mut lines: Vec<Line> = Vec::new();
    for row in 0..firsts.rows() {
        let Some(column) = runs.iter().position(|r| r.label() == run.get(row)) else { continue };
        let name = body.get(row).split(": ").next().unwrap_or_default();
        let known = lines.iter().position(|l| l.body == name && l.claim == claim.get(row));
        let at = known.unwrap_or_else(|| {
            lines.push(Line {
                body: name.to_owned(),
                claim: claim.get(row).to_owned(),
                cells: vec![Vec::new(); runs.len()],
            });
            lines.len() - 1
        });
        lines[at].cells[column].push(Turn {
            median_day: day[row],
            median_date: date.get(row).to_owned(),
            never: never[row],
            replicates: n[row],
        });
    }
    let mut rows = vec![vec!["first majority".to_owned(), "of".to_owned()]];
    rows[0].extend(runs.iter().map(|r| r.label().to_owned()));
    for line in lines {
        // What was so from the start is no turn.
        let medians: Vec<Option<i64>> = line.cells.iter().map(|c| median_of(c)).collect();
        if medians.iter().all(|m| *m == Some(0)) {
            continue;
        }
        let bodies = line.cells.iter().map(Vec::len).max().unwrap_or(0);
        let name = if bodies > 1 { format!("{} (median of {bodies})", line.body) } else { line.body.clone() };
        let mut cells = vec![name, line.claim];
        cells.extend(line.cells.iter().zip(&medians).map(|(cell, median)| in_words(cell, *median)));
        rows.push(cells);
    }
    align(&rows)
}

fn median_of(turns: &[Turn]) -> Option<i64> {
    median_date(&turns.iter().map(|t| t.median_day).collect::<Vec<_>>())
}

fn in_words(turns: &[Turn], median: Option<i64>) -> String {
    let date = median.and_then(|m| turns.iter().find(|t| t.median_day == Some(m)));
    let text = date.map_or("never", |t| &t.median_date);
    match turns {
        [only] if only.never > 0 && only.replicates > 1 => {
            format!("{text} ({} of {} never)", only.never, only.replicates)
        }
        _ => text.to_owned(),
    }
}

/// The largest differences of support between each run and the first one, in percentage points.
fn largest_differences(changes: &Table, runs: &[Contestant]) -> String {
    const MOST: usize = 4;
    let all = changed(changes);
    let mut rows = vec![
        ["public support, points", "class", "party", "on", "difference", "95 % interval"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for other in &runs[1..] {
        let mut of_run: Vec<&Changed<'_>> = all
            .iter()
            .filter(|c| c.quantity == "support" && c.run == other.label() && c.difference.abs() >= 0.001)
            .collect();
        of_run.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
        let mut shown: Vec<(&str, &str)> = Vec::new();
        for c in of_run {
            let who = (c.scope, c.name);
            if shown.contains(&who) || shown.len() == MOST {
                continue;
            }
            shown.push(who);
            let interval = if c.low.is_nan() {
                "one replicate".to_owned()
            } else {
                format!("{:+.1} to {:+.1}", 100.0 * c.low, 100.0 * c.high)
            };
            rows.push(vec![
                format!("{} less {}", other.label(), runs[0].label()),
                who.0.to_owned(),
                who.1.to_owned(),
                c.date.to_owned(),
                format!("{:+.1}", 100.0 * c.difference),
                interval,
            ]);
        }
    }
    if rows.len() == 1 { String::new() } else { format!("\n{}", align(&rows)) }
}

fn scenario_differences(first: &Contestant, other: &Contestant) -> Result<Option<String>, Failure> {
    let a = scenario::tree_from_text(first.label(), &first.resolved)?;
    let b = scenario::tree_from_text(other.label(), &other.resolved)?;
    Ok(difference_table(&a, &b, [first.label(), other.label()]))
}

fn manifest(runs: &[Contestant]) -> Manifest {
    let names: Vec<&str> = runs.iter().map(|r| r.label()).collect();
    let name = format!("compare-{}", names.join("-"));
    Manifest {
        git_revision: backend::git_revision(),
        scenario: ScenarioIdentity {
            title: format!("Comparison of {}", names.join(", ")),
            hash: sha256_hex(name.as_bytes()),
            name,
        },
        seed: runs[0].history.seed,
        replicates: u32::try_from(runs[0].replicates).unwrap_or(u32::MAX),
        agents: runs[0].agents,
        days: runs[0].days,
        platform: Platform::probe(),
        started: backend::now(),
        command_line: backend::command_line(),
        ..Manifest::default()
    }
}

fn to_json(
    runs: &[Contestant],
    firsts: &Table,
    (changes, pairing): (&Table, &Table),
    left_out: &[String],
    folder: &Path,
) -> serde_json::Value {
    let days_and_outcomes =
        changed(changes).into_iter().filter(|c| matches!(c.quantity, "majority" | "outcome"));
    let differences: Vec<_> = days_and_outcomes
        .map(|c| {
            let finite = |v: f64| v.is_finite().then_some(v);
            json!({
                "run": c.run, "quantity": c.quantity, "scope": c.scope, "name": c.name, "unit": c.unit,
                "difference": finite(c.difference), "low": finite(c.low), "high": finite(c.high),
            })
        })
        .collect();
    let saved: Vec<_> = (0..pairing.rows())
        .map(|row| {
            json!({
                "run": pairing.texts("run").map(|t| t.get(row)),
                "quantity": pairing.texts("quantity").map(|t| t.get(row)),
                "unpaired_replicates": pairing.reals("unpaired_replicates").map(|v| v[row]),
                "runs_saved": pairing.reals("runs_saved").map(|v| v[row]),
            })
        })
        .collect();
    let rows: Vec<_> = (0..firsts.rows())
        .map(|row| {
            let text = |name: &str| firsts.texts(name).map_or("", |t| t.get(row)).to_owned();
            let day = |name: &str| firsts.opt_ints(name).and_then(|d| d[row]);
            json!({
                "body": text("body"), "level": text("level"), "party_or_bloc": text("party_or_bloc"),
                "run": text("run"), "first_day": day("median_day"), "date_os": text("median_date_os"),
                "early_day": day("early_day"), "late_day": day("late_day"),
                "never": firsts.ints("never").map(|n| n[row]),
            })
        })
        .collect();
    json!({
        "folder": folder.display().to_string(),
        "runs": runs.iter().map(|r| json!({ "label": r.label(), "seed": r.history.seed, "agents": r.agents, "replicates": r.replicates })).collect::<Vec<_>>(),
        "first_majorities": rows,
        "differences": differences,
        "pairing": saved,
        "not_compared": left_out,
    })
}
