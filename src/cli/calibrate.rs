//! `calibrate`: parameters fitted to the record.
#![expect(
    clippy::disallowed_methods,
    reason = "the search is logged in a file beside the folder, for --resume"
)]

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use super::args::{CalibrateArgs, MethodName};
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::{backend, evidence, interrupt, memory};
use crate::experiment::{
    Evaluation, Fitted, Free, Method, Search, calibrate, discrepancies, hold_against, rows_of_the_fit, show,
    with_values,
};
use crate::observers::table::{Cell, Kind as Cells, Table};
use crate::output::manifest::{ScenarioIdentity, sha256_hex};
use crate::output::{Draft, Manifest, Platform, RunFolder};
use crate::scenario::evidence::{Evidence, Observation};
use crate::scenario::{Scenario, number_at, tree_from_text};

/// Replicates that what is left between fit and record is measured on.
const FINAL_REPLICATES: u64 = 4;

/// Searches for the values of the named parameters that come nearest to the record.
pub(super) fn calibrate_scenario(args: &CalibrateArgs) -> Result<Exit, Failure> {
    interrupt::listen();
    let scenario = super::scenario::load(Some(&args.scenario), &args.changes)?;
    memory::check(&scenario, args.delivery.threads, None)?;
    let free = parameters(&args.parameters, &scenario)?;
    let found = evidence::read(&args.evidence, &scenario)?;
    if !(0.0..=1.0).contains(&args.fit_share) {
        return Err(Failure::usage("--fit-share is a share from 0 to 1", "0.5 keeps half of the places"));
    }
    let rows =
        rows_of_the_fit(&found.observations[..found.asked], &args.kinds, args.fit_share, scenario.seed());
    if rows.is_empty() {
        return Err(Failure::usage(
            "no row of the evidence serves to fit",
            "another --kinds, a larger --fit-share, or other files with --evidence",
        ));
    }
    let named = || PathBuf::from("output").join(format!("calibrate-{}", scenario.name()));
    let target = args.delivery.out.clone().unwrap_or_else(named);
    let log = PathBuf::from(format!("{}.evaluations.csv", target.display()));
    let draft = RunFolder::create(&target, args.delivery.overwriting())?.in_formats(&args.delivery.format);
    let known = if args.resume { read_log(&log, &free, &rows)? } else { Vec::new() };
    let (method, candidates) = match args.method {
        MethodName::CmaEs => {
            let dimension = free.len() as f64;
            let usual = || 2 * ((4.0 + 3.0 * dimension.ln()) / 2.0).ceil() as u32;
            let population = args.population.unwrap_or_else(usual) as usize;
            (Method::CmaEs { population }, population)
        }
        MethodName::GaussNewton if args.population.is_some() => {
            return Err(Failure::usage(
                "--population is of the method cma-es",
                "gauss-newton runs one candidate a parameter",
            ));
        }
        MethodName::GaussNewton => (Method::GaussNewton, free.len()),
    };
    let search = Search {
        scenario: &scenario,
        free: &free,
        rows: &rows,
        seed: scenario.seed(),
        replicates: args.changes.replicates.unwrap_or(1),
        method,
        generations: args.generations as usize,
        prior: args.prior,
        threads: args.delivery.threads,
    };
    if !args.delivery.quiet {
        say(&format!(
            "{} parameters, {} rows of {} places serve to fit, {} candidates in each of {} generations",
            free.len(),
            rows.len(),
            places(&rows),
            candidates,
            args.generations
        ));
    }
    let began = Instant::now();
    let mut all: Vec<Evaluation> = Vec::new();
    let mut broken = None;
    let mut best = f64::INFINITY;
    let fitted = calibrate(&search, &known, &mut |generation, fresh| {
        all.extend(fresh.iter().cloned());
        if let Err(error) = write_log(&log, &free, &rows, &all) {
            broken = Some(error);
            return false;
        }
        best = fresh.iter().map(|e| e.loss).fold(best, f64::min);
        if !args.delivery.quiet {
            let done = generation as f64 / f64::from(args.generations);
            let left = began.elapsed().as_secs_f64() * (1.0 - done) / done;
            say(&format!("generation {generation}: best {best:.4}, about {:.0} min left", left / 60.0));
        }
        !interrupt::requested()
    })?;
    if let Some(error) = broken {
        return Err(Failure::resources(
            format!("could not write `{}`: {error}", log.display()),
            "make room on the disk and go on with --resume",
        ));
    }
    if fitted.stopped && fitted.generations < args.generations as usize {
        say(&format!(
            "interrupted after {} generations; go on with the same line and --resume",
            fitted.generations
        ));
        return Ok(Exit::Interrupted);
    }
    finish(args, draft, &search, &found, &fitted, &all, began.elapsed().as_secs_f64())?;
    // The folder has everything the log had.
    let _ = std::fs::remove_file(&log);
    Ok(Exit::Done)
}

/// Writes what was found.
fn finish(
    args: &CalibrateArgs,
    mut draft: Draft,
    search: &Search<'_>,
    found: &Evidence,
    fitted: &Fitted,
    all: &[Evaluation],
    seconds: f64,
) -> Result<(), Failure> {
    let scenario = with_values(search.scenario, search.free, &fitted.best.values)?;
    let shown = show(&scenario, &found.observations, search.seed, FINAL_REPLICATES, args.delivery.threads);
    let mut marked = found.clone();
    for row in &mut marked.observations {
        row.fitted = search.rows.iter().any(|r| r.key == row.key);
    }
    let (share, count) = discrepancies(&marked.observations, &shown);
    // As many degrees of freedom as parameters were spent.
    let fit_rows = search.rows.len() as f64;
    let spent = fit_rows / (fit_rows - search.free.len() as f64).max(1.0);
    let share = share.map(|sd| sd * spent.sqrt());
    let count = count.map(|sd| sd * spent.sqrt());
    draft.write_text(
        "fitted.toml",
        &fitted_toml(&seen_from(draft.place(), &args.scenario), search, fitted, share, count)?,
    )?;
    let mut keys = Table::new(
        "fitted",
        "rows of evidence that served to fit parameters",
        &[("name", Cells::Text, "", "key of the row"), ("source", Cells::Text, "", "which calibration")],
    );
    let by = format!("calibrate {}, seed {}", search.scenario.name(), search.seed);
    for row in search.rows {
        keys.push(&[Cell::Text(&row.key), Cell::Text(&by)]);
    }
    draft.write_table(&keys)?;
    draft.write_table(&posterior(search, fitted))?;
    draft.write_table(&evaluations(search.free, &[], all))?;
    let card = hold_against(&scenario, &marked, &shown);
    for table in &card.tables().tables {
        draft.write_table(table)?;
    }
    draft.write_text("scenario.toml", scenario.resolved())?;
    let manifest = Manifest {
        git_revision: backend::git_revision(),
        scenario: ScenarioIdentity {
            name: format!("calibrate-{}", search.scenario.name()),
            title: format!("Calibration of {}", search.scenario.title()),
            hash: sha256_hex(search.scenario.resolved().as_bytes()),
        },
        seed: search.seed,
        replicates: u32::try_from(search.replicates).unwrap_or(u32::MAX),
        agents: search.scenario.population().agents,
        days: search.scenario.days(),
        bibliography: search.scenario.bibliography().to_vec(),
        seconds_steps: seconds,
        platform: Platform::probe(),
        started: backend::now(),
        command_line: backend::command_line(),
        ..Manifest::default()
    };
    let folder = draft.finish(manifest)?;
    if args.delivery.json {
        let values: serde_json::Map<String, serde_json::Value> =
            search.free.iter().zip(&fitted.best.values).map(|(f, v)| (f.key.clone(), json!(v))).collect();
        let summary = json!({
            "scenario": search.scenario.name(), "folder": folder.display().to_string(),
            "loss": fitted.best.loss, "generations": fitted.generations, "evaluations": all.len(),
            "rows": search.rows.len(), "share_discrepancy": share, "count_discrepancy": count,
            "parameters": values, "skill": evidence::skill_as_json(&card), "seconds": seconds,
        });
        print(&format!("{summary}\n"))
    } else {
        print(&format!(
            "{}\n  loss {:.4} after {} evaluations, {:.0} s\n  scenario  {}\n  tables    {}\n",
            evidence::skill_in_words(&card),
            fitted.best.loss,
            all.len(),
            seconds,
            folder.join("fitted.toml").display(),
            folder.display()
        ))
    }
}

fn places(rows: &[Observation]) -> usize {
    let mut names: Vec<&str> = rows.iter().map(|r| r.place.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// The parameters as typed, or as a file lists them.
pub(super) fn parameters(typed: &[String], scenario: &Scenario) -> Result<Vec<Free>, Failure> {
    let tree = tree_from_text(scenario.name(), scenario.resolved())?;
    let mut free: Vec<Free> = Vec::new();
    let mut add = |key: &str, low: f64, high: f64, place: &str| -> Result<(), Failure> {
        let Some(start) = number_at(&tree, key) else {
            return Err(Failure::usage(
                format!("{place}: `{key}` is not a number of the scenario"),
                "a dotted key, as after --set: class.worker.base.none",
            ));
        };
        if !(low < high && low.is_finite() && high.is_finite()) {
            return Err(Failure::usage(
                format!("{place}: the range of `{key}` is empty"),
                "the lower end goes first, as in 0.5..1.5",
            ));
        }
        if free.iter().any(|f| f.key == key) {
            return Err(Failure::usage(format!("{place}: `{key}` is there twice"), "name it once"));
        }
        free.push(Free { key: key.to_owned(), low, high, start });
        Ok(())
    };
    for typed in typed {
        if Path::new(typed).extension().is_some_and(|e| e == "csv") {
            let failed = |why: String| {
                Failure::usage(format!("could not read `{typed}`: {why}"), "columns key,low,high")
            };
            let text = std::fs::read_to_string(typed).map_err(|e| failed(e.to_string()))?;
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
            let columns = reader.headers().map_err(|e| failed(e.to_string()))?.clone();
            let at = |name: &str| columns.iter().position(|c| c == name);
            let (Some(key), Some(low), Some(high)) = (at("key"), at("low"), at("high")) else {
                return Err(failed("the columns key, low and high are not all there".to_owned()));
            };
            for row in reader.records() {
                let row = row.map_err(|e| failed(e.to_string()))?;
                let line = row.position().map_or(0, csv::Position::line);
                let number = |i: usize| row.get(i).and_then(|t| t.parse::<f64>().ok()).unwrap_or(f64::NAN);
                add(row.get(key).unwrap_or_default(), number(low), number(high), &format!("{typed}:{line}"))?;
            }
            continue;
        }
        let parsed = typed.split_once('=').and_then(|(key, range)| {
            let (low, high) = range.split_once("..")?;
            Some((key.trim(), low.trim().parse::<f64>().ok()?, high.trim().parse::<f64>().ok()?))
        });
        let Some((key, low, high)) = parsed else {
            return Err(Failure::usage(
                format!("`{typed}` is not of the form KEY=LOW..HIGH"),
                "as in --parameters choice.conformity=0.6..1.6",
            ));
        };
        add(key, low, high, "--parameters")?;
    }
    Ok(free)
}

/// `file` as it is named in a file of `folder`, which has no symbolic links; the name of a scenario that ships stays as it is.
fn seen_from(folder: &Path, file: &Path) -> PathBuf {
    let Ok(file) = file.canonicalize() else { return file.to_path_buf() };
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// The fitted values as a scenario on top of the one that was fitted.
fn fitted_toml(
    base: &Path,
    search: &Search<'_>,
    fitted: &Fitted,
    share: Option<f64>,
    count: Option<f64>,
) -> Result<String, Failure> {
    let tree = tree_from_text(search.scenario.name(), search.scenario.resolved())?;
    let mut text = format!(
        "# Written by `october calibrate`: {} parameters, {} rows, loss {:.4} after {} generations, seed {}\n# october {}\n\nextends = {:?}\n",
        search.free.len(),
        search.rows.len(),
        fitted.best.loss,
        fitted.generations,
        search.seed,
        backend::command_line().into_iter().skip(1).collect::<Vec<_>>().join(" "),
        base.display().to_string(),
    );
    text.push_str("\n[evidence]\n");
    for (key, sd) in [("share_discrepancy", share), ("count_discrepancy", count)] {
        if let Some(sd) = sd {
            text.push_str(&format!("{key} = {sd:.4}\n"));
        }
    }
    let mut done: Vec<String> = Vec::new();
    for (index, parameter) in search.free.iter().enumerate() {
        let parts: Vec<&str> = parameter.key.splitn(3, '.').collect();
        let is_item = parts.len() == 3 && tree.get(parts[0]).is_some_and(|list| !list.items().is_empty());
        let head = if is_item { format!("{}.{}", parts[0], parts[1]) } else { parts[0].to_owned() };
        if done.contains(&head) {
            continue;
        }
        if is_item {
            let name = parts[1].trim_matches('"');
            text.push_str(&format!("\n[[{}]]\nname = {name:?}\n", parts[0]));
        } else {
            text.push_str(&format!("\n[{}]\n", parts[0]));
        }
        for (other, value) in search.free.iter().zip(&fitted.best.values).skip(index) {
            if let Some(rest) = other.key.strip_prefix(&format!("{head}.")) {
                text.push_str(&format!("{rest} = {value:?}\n"));
            }
        }
        done.push(head);
    }
    let keys: Vec<String> = search.free.iter().map(|f| format!("{:?}", f.key)).collect();
    text.push_str(&format!(
        "\n[[citation]]\nname = \"fitted\"\nkeys = [{}, \"evidence\"]\nsource = \"october calibrate, seed {}, on the {} rows that \
         fitted.csv lists\"\ngrade = \"estimated\"\n",
        keys.join(", "),
        search.seed,
        search.rows.len()
    ));
    text.push_str("\n[[table]]\nof = \"fitted\"\nfile = \"fitted.csv\"\n");
    Ok(text)
}

fn posterior(search: &Search<'_>, fitted: &Fitted) -> Table {
    let mut table = Table::new(
        "posterior",
        "parameters as fitted",
        &[
            ("key", Cells::Text, "", "key in the scenario"),
            ("low", Cells::Real, "", "lower end of the range"),
            ("high", Cells::Real, "", "upper end of the range"),
            ("start", Cells::Real, "", "value before"),
            ("best", Cells::Real, "", "value of the best candidate"),
            ("sd", Cells::Real, "", "standard deviation of the search at its end"),
        ],
    );
    for ((free, best), sd) in search.free.iter().zip(&fitted.best.values).zip(&fitted.spread) {
        table.push(&[
            Cell::Text(&free.key),
            Cell::Real(free.low),
            Cell::Real(free.high),
            Cell::Real(free.start),
            Cell::Real(*best),
            Cell::Real(*sd),
        ]);
    }
    table
}

/// With what was shown of `rows` behind the values.
fn evaluations(free: &[Free], rows: &[Observation], all: &[Evaluation]) -> Table {
    let mut columns = vec![("evaluation", Cells::Int, "", "number"), ("loss", Cells::Real, "", "distance")];
    columns.extend(free.iter().map(|f| (f.key.as_str(), Cells::Real, "", "value")));
    columns.extend(rows.iter().map(|r| (r.key.as_str(), Cells::Real, r.unit, "shown")));
    let mut table = Table::new("evaluations", "every candidate and its distance from the record", &columns);
    for (index, evaluation) in all.iter().enumerate() {
        let mut row = vec![Cell::Int(index as i64), Cell::Real(evaluation.loss)];
        row.extend(evaluation.values.iter().map(|v| Cell::Real(*v)));
        row.extend(evaluation.shown.iter().take(rows.len()).map(|v| Cell::Real(*v)));
        table.push(&row);
    }
    table
}

/// The log is written beside and moved, so that a crash leaves the last complete generation.
fn write_log(path: &Path, free: &[Free], rows: &[Observation], all: &[Evaluation]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("csv.new");
    let mut file = std::fs::File::create(&beside)?;
    crate::output::csv::write_table(&evaluations(free, rows, all), &mut file)?;
    file.flush()?;
    std::fs::rename(beside, path)
}

fn read_log(path: &Path, free: &[Free], rows: &[Observation]) -> Result<Vec<Evaluation>, Failure> {
    let failed = |why: String| {
        Failure::usage(
            format!("could not go on from `{}`: {why}", path.display()),
            "begin anew without --resume",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|e| failed(e.to_string()))?.clone();
    let keys = free.iter().map(|f| f.key.as_str()).chain(rows.iter().map(|r| r.key.as_str()));
    if !columns.iter().skip(2).eq(keys) {
        return Err(failed("it is of other parameters or rows".to_owned()));
    }
    let mut known = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|e| failed(e.to_string()))?;
        // What was not shown is an empty cell.
        let number = |text: &str| if text.is_empty() { Some(f64::NAN) } else { text.parse().ok() };
        let numbers: Option<Vec<f64>> = row.iter().skip(1).map(number).collect();
        let Some((loss, rest)) = numbers.as_deref().and_then(<[f64]>::split_first) else {
            return Err(failed("a line is not of numbers".to_owned()));
        };
        let (values, shown) = rest.split_at(free.len());
        known.push(Evaluation { values: values.to_vec(), loss: *loss, shown: shown.to_vec() });
    }
    Ok(known)
}
