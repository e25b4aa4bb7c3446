//! The tables of a run folder read back replicate by replicate, so that no more than one is in memory.
//!
//! [`Replay`] trusts nothing but files as they were written, [`Pieces`] reads one of them as it stands.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::observers::table::{Table, TableSet};

use super::csv;
use super::draft::check_name;
use super::error::OutputError;
use super::format::Format;
use super::manifest::TableEntry;
use super::parquet::Groups;
use super::run_folder::{columns_of, damaged, digest_of, name_of, open_file};

/// The column by which rows are told apart; tables without it belong to no replicate.
const REPLICATE: &str = "replicate";

/// Hands out the rows of one replicate after another.
#[derive(Debug)]
pub struct Replay {
    tables: Vec<Source>,
}

/// A table being read.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    entry: TableEntry,
    rows: Rows,
}

/// Where its rows come from, and how far they have been read.
#[derive(Debug)]
enum Rows {
    /// Column of the replicate, from 0; the line of headings; the record that follows, and how many lines came before it.
    Csv { column: usize, lines: BufReader<File>, headings: String, ahead: String, passed: u64 },
    /// Row groups; the one that was last read; how many of its rows have been handed out.
    Parquet { groups: Groups, ahead: Table, next: usize },
}

impl Replay {
    /// Of `entries`, one file a table.
    pub(super) fn open<'e>(
        folder: &Path,
        entries: impl Iterator<Item = &'e TableEntry>,
    ) -> Result<Self, OutputError> {
        let mut tables: Vec<Source> = Vec::new();
        for entry in entries {
            let Some(column) = entry.columns.iter().position(|c| c.name == REPLICATE) else { continue };
            let path = folder.join(check_name(&entry.file)?);
            let mut file = open_file(&path)?;
            let digest = digest_of(&mut file).map_err(|e| OutputError::from_io("read", &path, e))?;
            if digest != entry.sha256 {
                return Err(damaged(&path, "it has changed since it was written, by its SHA-256".to_owned()));
            }
            tables.push(Source::open(path, file, entry, column)?);
        }
        Ok(Self { tables })
    }

    /// The rows of `replicate` in every table; a table without any gives none. Ask in rising order.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with a row.
    pub fn replicate(&mut self, replicate: u64) -> Result<TableSet, OutputError> {
        let tables = self.tables.iter_mut().map(|source| source.take_while(&Wanted::Replicate(replicate)));
        Ok(TableSet { tables: tables.collect::<Result<_, _>>()? })
    }
}

/// One file of a run folder read some rows at a time, whether or not it is still as it was written.
#[derive(Debug)]
pub struct Pieces(Source);

impl Pieces {
    pub(super) fn open(folder: &Path, entry: &TableEntry) -> Result<Self, OutputError> {
        let path = folder.join(check_name(&entry.file)?);
        let file = open_file(&path)?;
        Ok(Self(Source::open(path, file, entry, 0)?))
    }

    /// The next `most` rows, or what is left of them.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with a row.
    pub fn next(&mut self, most: usize) -> Result<Table, OutputError> {
        self.0.take_while(&Wanted::Rows(most))
    }
}

/// Which rows are taken before the others wait.
enum Wanted {
    /// Those of a replicate.
    Replicate(u64),
    /// So many.
    Rows(usize),
}

impl Source {
    fn open(path: PathBuf, file: File, entry: &TableEntry, column: usize) -> Result<Self, OutputError> {
        let (name, format) = name_of(&entry.file);
        let rows = match format {
            Format::Csv => {
                let mut lines = BufReader::new(file);
                let headings = next_record(&mut lines, &path)?;
                let ahead = next_record(&mut lines, &path)?;
                Rows::Csv { column, lines, headings, ahead, passed: 0 }
            }
            Format::Parquet => {
                let (groups, ahead) = Groups::open(name, &path, file, &columns_of(entry))?;
                Rows::Parquet { groups, ahead, next: 0 }
            }
        };
        Ok(Self { path, entry: entry.clone(), rows })
    }

    fn take_while(&mut self, wanted: &Wanted) -> Result<Table, OutputError> {
        let (name, _) = name_of(&self.entry.file);
        let columns = columns_of(&self.entry);
        let mut table = match &mut self.rows {
            Rows::Csv { column, lines, headings, ahead, passed } => {
                let (mut text, mut taken) = (headings.clone(), 0);
                let fits = |record: &str, taken: usize| match wanted {
                    Wanted::Replicate(number) => cell(record, *column) == number.to_string(),
                    Wanted::Rows(most) => taken < *most,
                };
                while !ahead.is_empty() && fits(ahead, taken) {
                    text.push_str(ahead);
                    taken += 1;
                    *ahead = next_record(lines, &self.path)?;
                }
                let before = *passed;
                *passed += text.lines().count() as u64 - 1;
                csv::read_table(name, text.as_bytes(), &columns)
                    .map_err(|e| e.in_file(&self.path).further_down(before))?
            }
            Rows::Parquet { groups, ahead, next } => {
                let mut table = Table::new(name, "", &columns);
                loop {
                    let numbers = ahead.ints(REPLICATE).unwrap_or_default();
                    let fits = |row: usize, taken: usize| match wanted {
                        Wanted::Replicate(number) => {
                            numbers.get(row).is_some_and(|&n| u64::try_from(n) == Ok(*number))
                        }
                        Wanted::Rows(most) => taken < *most && row < ahead.rows(),
                    };
                    while fits(*next, table.rows()) {
                        let cells: Vec<_> = (0..columns.len()).map(|c| ahead.cell(c, *next)).collect();
                        table.push(&cells);
                        *next += 1;
                    }
                    if *next < ahead.rows() {
                        break;
                    }
                    (*ahead, *next) = (Table::new(name, "", &columns), 0);
                    if !groups.append_next(ahead)? {
                        break;
                    }
                }
                table
            }
        };
        table.meaning.clone_from(&self.entry.meaning);
        Ok(table)
    }
}

/// The next record with its line end; empty at the end. A quoted cell may hold line ends of its own.
fn next_record(lines: &mut BufReader<File>, path: &Path) -> Result<String, OutputError> {
    let mut record = String::new();
    loop {
        let read: io::Result<usize> = lines.read_line(&mut record);
        let read = read.map_err(|e| OutputError::from_io("read", path, e))?;
        if read == 0 || record.bytes().filter(|&b| b == b'"').count() % 2 == 0 {
            return Ok(record);
        }
    }
}

/// The cell in `column` of a record, as it stands there.
fn cell(record: &str, column: usize) -> &str {
    let mut quoted = false;
    let parts = record.trim_end_matches('\n').split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.into_iter().nth(column).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a file is damaged on purpose")]

    use super::super::{Format, Manifest, Overwrite, RunFolder};
    use crate::observers::table::{Cell, Kind, Table, TableSet};

    fn part(replicate: i64) -> TableSet {
        let columns = [
            ("day", Kind::Int, "day", ""),
            ("place", Kind::Text, "", "where"),
            ("replicate", Kind::Int, "", ""),
            ("share", Kind::Real, "share 0..1", ""),
        ];
        let mut table = Table::new("support", "a day", &columns);
        let mut rare = Table::new("rare", "what seldom comes", &columns);
        for (day, place) in [(0, "north, upper\nhalf"), (1, "a \"b\"")] {
            let row = [
                Cell::Int(day),
                Cell::Text(place),
                Cell::Int(replicate),
                Cell::Real((day + replicate) as f64 / 3.0),
            ];
            table.push(&row);
            if replicate == 2 {
                rare.push(&row);
            }
        }
        TableSet { tables: vec![table, rare] }
    }

    #[test]
    fn replicates_come_back_one_by_one() {
        come_back_one_by_one(&[Format::Csv]);
        come_back_one_by_one(&Format::ALL);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn replicates_come_back_one_by_one_from_parquet() {
        come_back_one_by_one(&[Format::Parquet]);
    }

    fn come_back_one_by_one(formats: &[Format]) {
        if cfg!(not(feature = "parquet")) && formats.contains(&Format::Parquet) {
            return;
        }
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join("run");
        let draft = RunFolder::create(&path, Overwrite::Refuse).expect("a free place");
        let mut draft = draft.in_formats(formats);
        draft.write_table(&Table::new("names", "", &[("name", Kind::Text, "", "")])).expect("a plain name");
        for replicate in 0..11 {
            part(replicate).tables.iter().for_each(|t| draft.append_table(t).expect("the same columns"));
        }
        draft.finish(Manifest::default()).expect("nothing is in the way");
        let folder = RunFolder::open(&path).expect("a run folder");
        let mut replay = folder.replay().expect("as written");
        for replicate in 0..11 {
            assert_eq!(replay.replicate(replicate).expect("as written"), part(replicate as i64));
        }
        let file = format!("support.{}", formats[0].word());
        std::fs::write(path.join(file), "day\n").expect("a temporary file");
        assert!(folder.replay().is_err());
    }
}
