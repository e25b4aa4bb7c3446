//! `verify`: a finished run once more, and every cell of its tables against what comes out now.

use std::convert::Infallible;
use std::path::Path;

use serde_json::json;

use super::args::VerifyArgs;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::progress::Bar;
use super::{interrupt, memory};
use crate::experiment::{Plan, Streamed, Wish, stream_ensemble};
use crate::observers::table::{Cell, Table};
use crate::output::manifest::TableEntry;
use crate::output::{Format, Pieces, RunFolder};
use crate::scenario::{Scenario, from_text};

/// Runs the scenario of a run folder again and compares its tables.
pub(super) fn verify(args: &VerifyArgs) -> Result<Exit, Failure> {
    let folder = RunFolder::open(&args.run)?;
    let scenario = scenario_of(&folder)?;
    memory::check(&scenario, args.threads, args.memory_limit)?;
    interrupt::listen();
    let manifest = folder.manifest();
    let plan =
        Plan { seed: manifest.seed, replicates: u64::from(manifest.replicates), threads: args.threads };
    let bar = Bar::new(&scenario.names().dates_os, plan.replicates, args.quiet);
    let mut comparison = Comparison::new(&folder);
    // Names belong to no replicate.
    scenario.legend().tables().iter().for_each(|table| comparison.add(table));
    let listen = |progress| bar.listen_or_stop(progress);
    let Ok((ended, _)) = stream_ensemble(&scenario, plan, None, &listen, &mut |_, tables| {
        tables.tables.iter().for_each(|table| comparison.add(table));
        Ok::<Wish, Infallible>(Wish::Continue)
    });
    bar.finish();
    if !matches!(ended, Streamed::Complete) {
        say(&"interrupted; nothing was compared");
        return Ok(Exit::Interrupted);
    }
    report(args, &folder, &comparison.finish())
}

/// The scenario of a folder that can be verified; why it cannot, if it cannot.
fn scenario_of(folder: &RunFolder) -> Result<Scenario, Failure> {
    let (manifest, shown) = (folder.manifest(), folder.path().display());
    if folder.is_interrupted() {
        return Err(Failure::usage(
            format!("could not verify `{shown}`: the run was interrupted"),
            super::run::line_to_resume(folder.path(), &folder.formats()),
        ));
    }
    let this = env!("CARGO_PKG_VERSION");
    if manifest.version != this {
        return Err(Failure::usage(
            format!(
                "could not verify `{shown}`: it was written by version {}, and this is version {this}",
                manifest.version
            ),
            format!("verify it with october {}: numbers may change between versions", manifest.version),
        ));
    }
    let has = |name: &str| manifest.tables.iter().any(|entry| table_name(entry) == name);
    let kinds = [("first_majorities", "compare"), ("posterior", "calibrate")];
    let kind = kinds.iter().find(|(table, _)| has(table)).map(|(_, kind)| *kind);
    let kind = kind.or((!has("support")).then_some("validate"));
    if let Some(kind) = kind {
        return Err(Failure::usage(
            format!(
                "could not verify `{shown}`: it was not written by `october run` (by `october {kind}`, it seems)"
            ),
            "verify the run folders that it was made of, or repeat its command, which the manifest has",
        ));
    }
    Ok(from_text("scenario.toml", &folder.scenario_text()?, &[])?)
}

fn table_name(entry: &TableEntry) -> &str {
    Format::of_file(&entry.file).map_or(&entry.file, |(_, name)| name)
}

/// The first difference of one file.
struct Difference {
    file: String,
    /// Day of the run, where the table has days.
    day: Option<i64>,
    /// Row from 1, without the line of headings; none if what differs is no single cell.
    row: Option<usize>,
    what: String,
}

/// What was compared, and the first difference of each file.
struct Found {
    files: usize,
    cells: usize,
    differences: Vec<Difference>,
}

impl Found {
    /// The difference of the earliest day; those without a day last, then in the order of the files.
    fn first(&self) -> Option<&Difference> {
        self.differences.iter().min_by_key(|d| d.day.unwrap_or(i64::MAX))
    }
}

/// The files of a folder beside what comes out now, some rows at a time.
struct Comparison<'a> {
    folder: &'a RunFolder,
    files: Vec<File<'a>>,
    /// Tables that the folder lacks.
    lacking: Vec<String>,
    cells: usize,
}

/// A file of the folder, as far as it has been compared.
struct File<'a> {
    entry: &'a TableEntry,
    /// None if it could not be opened, or be read to the end.
    pieces: Option<Pieces>,
    /// Rows that were compared.
    rows: usize,
    /// Whether the run has such a table now.
    seen: bool,
    /// The difference of the earliest day.
    difference: Option<Difference>,
}

impl<'a> Comparison<'a> {
    fn new(folder: &'a RunFolder) -> Self {
        let open = |entry: &'a TableEntry| {
            let (pieces, error) = match folder.pieces(entry) {
                Ok(pieces) => (Some(pieces), None),
                Err(error) => (None, Some(error)),
            };
            let difference = error.map(|error| whole(entry, format!("could not {error}")));
            File { entry, pieces, rows: 0, seen: false, difference }
        };
        let files = folder.manifest().tables.iter().map(open).collect();
        Self { folder, files, lacking: Vec::new(), cells: 0 }
    }

    /// Compares rows that come out now with those that follow in every file of the table.
    fn add(&mut self, now: &Table) {
        let mut found = false;
        for file in self.files.iter_mut().filter(|file| table_name(file.entry) == now.name) {
            found = true;
            file.seen = true;
            self.cells += file.compare(now);
        }
        if !found && !self.lacking.contains(&now.name) {
            self.lacking.push(now.name.clone());
        }
    }

    fn finish(mut self) -> Found {
        for file in &mut self.files {
            if !file.seen {
                file.difference = Some(whole(file.entry, "the run has no such table now".to_owned()));
            } else if file.difference.is_none() {
                file.look_for_more();
            }
        }
        let files = self.folder.manifest().tables.len();
        let lacking = self.lacking.into_iter().map(|file| {
            let what = "the folder has no such table".to_owned();
            Difference { file, day: None, row: None, what }
        });
        let differences = self.files.into_iter().filter_map(|file| file.difference).chain(lacking).collect();
        Found { files, cells: self.cells, differences }
    }
}

impl File<'_> {
    /// Compares the rows that follow; how many cells that were.
    fn compare(&mut self, now: &Table) -> usize {
        let Some(pieces) = &mut self.pieces else { return 0 };
        // Not by digests: which cell it is, is what somebody who verifies wants to know.
        match pieces.next(now.rows()) {
            Ok(then) => {
                let day = |d: &Difference| d.day.unwrap_or(i64::MAX);
                let found = first_difference(&self.entry.file, &then, now, self.rows);
                if let Some(found) = found
                    && self.difference.as_ref().is_none_or(|known| day(&found) < day(known))
                {
                    self.difference = Some(found);
                }
                self.rows += then.rows();
                if then.rows() < now.rows() {
                    self.pieces = None;
                }
                then.rows() * then.headings().len()
            }
            Err(error) => {
                self.difference.get_or_insert(whole(self.entry, format!("could not {error}")));
                self.pieces = None;
                0
            }
        }
    }

    /// Rows in the file beyond those that come out.
    fn look_for_more(&mut self) {
        let Some(pieces) = &mut self.pieces else { return };
        match pieces.next(1) {
            Ok(more) if more.rows() > 0 => {
                let day = more.ints("day").and_then(|days| days.first().copied());
                let (row, file) = (Some(self.rows + 1), self.entry.file.clone());
                let what = format!("it has more rows than the {} that come out", self.rows);
                self.difference = Some(Difference { file, day, row, what });
            }
            Ok(_) => {}
            Err(error) => self.difference = Some(whole(self.entry, format!("could not {error}"))),
        }
    }
}

/// A difference that is no single cell.
fn whole(entry: &TableEntry, what: String) -> Difference {
    Difference { file: entry.file.clone(), day: None, row: None, what }
}

/// Where two tables first differ, of which `before` rows have been compared; the rows of a replicate come in the order of
/// their days.
fn first_difference(file: &str, then: &Table, now: &Table, before: usize) -> Option<Difference> {
    let day = |table: &Table, row: usize| table.ints("day").and_then(|days| days.get(row).copied());
    let names = |table: &Table| table.headings().iter().map(|h| h.name.clone()).collect::<Vec<_>>();
    let (old, new) = (names(then), names(now));
    if old != new {
        let what = format!("it has the columns {}, and now {}", old.join(", "), new.join(", "));
        return Some(Difference { file: file.to_owned(), day: None, row: None, what });
    }
    let differs = |row: usize| (0..old.len()).find(|&c| !same(then.cell(c, row), now.cell(c, row)));
    // Replicates follow each other: the first row is not always that of the first day.
    let rows = 0..then.rows().min(now.rows());
    let first = rows.filter_map(|row| differs(row).map(|column| (row, column)));
    let first = first.min_by_key(|&(row, _)| (day(now, row).or(day(then, row)).unwrap_or(i64::MAX), row));
    if let Some((row, column)) = first.filter(|_| then.rows() == now.rows()) {
        let (a, b) = (in_words(then.cell(column, row)), in_words(now.cell(column, row)));
        let what = format!("`{}` is {a}, and comes out as {b}", old[column]);
        return Some(Difference {
            file: file.to_owned(),
            day: day(now, row),
            row: Some(before + row + 1),
            what,
        });
    }
    if then.rows() == now.rows() {
        return None;
    }
    // A row that was added or lost: it is the first one that differs, or the end.
    let row = (0..then.rows().min(now.rows())).find(|&row| differs(row).is_some());
    let row = row.unwrap_or_else(|| then.rows().min(now.rows()));
    Some(Difference {
        file: file.to_owned(),
        day: day(now, row).or_else(|| day(then, row)),
        row: Some(before + row + 1),
        what: format!("it has {} rows, and {} come out", before + then.rows(), before + now.rows()),
    })
}

/// Bit by bit for numbers; what is not a number is like any other such: a missing cell.
fn same(a: Cell<'_>, b: Cell<'_>) -> bool {
    let number = |cell| match cell {
        Cell::Int(x) => Some(Some(x)),
        Cell::OptInt(x) => Some(x),
        _ => None,
    };
    match (a, b) {
        (Cell::Real(a), Cell::Real(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (Cell::Text(a), Cell::Text(b)) => a == b,
        (Cell::Flag(a), Cell::Flag(b)) => a == b,
        (a, b) => number(a).is_some() && number(a) == number(b),
    }
}

fn in_words(cell: Cell<'_>) -> String {
    match cell {
        Cell::Int(x) | Cell::OptInt(Some(x)) => x.to_string(),
        Cell::Real(x) if !x.is_nan() => x.to_string(),
        Cell::Flag(x) => x.to_string(),
        Cell::Text(x) if !x.is_empty() => format!("`{x}`"),
        _ => "empty".to_owned(),
    }
}

fn report(args: &VerifyArgs, folder: &RunFolder, found: &Found) -> Result<Exit, Failure> {
    let first = found.first();
    if args.json {
        let first = first.map(|d| json!({ "file": d.file, "day": d.day, "row": d.row, "what": d.what }));
        let line = json!({
            "run_folder": folder.path().display().to_string(), "identical": first.is_none(),
            "files": found.files, "cells": found.cells, "first_difference": first,
            "files_that_differ": found.differences.iter().map(|d| &d.file).collect::<Vec<_>>(),
        });
        print(&format!("{line}\n"))?;
    } else if first.is_none() && !args.quiet {
        print(&format!("identical: {} files, {} cells\n", found.files, found.cells))?;
    } else if let Some(first) = first {
        print(&format!("{}\n", sentence(folder.path(), first)))?;
        let others: Vec<_> = found.differences.iter().filter(|d| d.file != first.file).collect();
        for other in &others {
            print(&format!("  also {}\n", sentence(folder.path(), other)))?;
        }
    }
    Ok(if first.is_none() { Exit::Done } else { Exit::CheckFailed })
}

fn sentence(folder: &Path, d: &Difference) -> String {
    let mut text = format!("differs: {}", folder.join(&d.file).display());
    if let Some(day) = d.day {
        text.push_str(&format!(", day {day}"));
    }
    if let Some(row) = d.row {
        text.push_str(&format!(", row {row}"));
    }
    format!("{text}: {}", d.what)
}
