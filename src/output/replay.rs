//! The tables of a run folder read back replicate by replicate, so that no more than one is in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::observers::table::TableSet;

use super::csv;
use super::draft::check_name;
use super::error::OutputError;
use super::manifest::TableEntry;
use super::run_folder::{damaged, digest_of, open_file};

/// The column by which rows are told apart; tables without it belong to no replicate.
const REPLICATE: &str = "replicate";

/// Hands out the rows of one replicate after another.
#[derive(Debug)]
pub struct Replay {
    tables: Vec<Source>,
}

/// A table being read: its headings, and the first line of the replicate that follows.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    entry: TableEntry,
    /// Column of the replicate, from 0.
    column: usize,
    lines: BufReader<File>,
    headings: String,
    ahead: String,
}

impl Replay {
    pub(super) fn open(folder: &Path, entries: &[TableEntry]) -> Result<Self, OutputError> {
        let mut tables = Vec::new();
        for entry in entries {
            let Some(column) = entry.columns.iter().position(|c| c.name == REPLICATE) else { continue };
            let path = folder.join(check_name(&entry.file)?);
            let mut file = open_file(&path)?;
            let digest = digest_of(&mut file).map_err(|e| OutputError::from_io("read", &path, e))?;
            if digest != entry.sha256 {
                return Err(damaged(&path, "it has changed since it was written, by its SHA-256".to_owned()));
            }
            let mut source = Source {
                path,
                entry: entry.clone(),
                column,
                lines: BufReader::new(file),
                headings: String::new(),
                ahead: String::new(),
            };
            source.headings = source.next_record()?;
            source.ahead = source.next_record()?;
            tables.push(source);
        }
        Ok(Self { tables })
    }

    /// The rows of `replicate` in every table; a table without any gives none. Ask in rising order.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with a row.
    pub fn replicate(&mut self, replicate: u64) -> Result<TableSet, OutputError> {
        let tables = self.tables.iter_mut().map(|source| source.replicate(replicate));
        Ok(TableSet { tables: tables.collect::<Result<_, _>>()? })
    }
}

impl Source {
    fn replicate(&mut self, replicate: u64) -> Result<crate::observers::table::Table, OutputError> {
        let mut text = self.headings.clone();
        let wanted = replicate.to_string();
        while !self.ahead.is_empty() && cell(&self.ahead, self.column) == wanted {
            text.push_str(&self.ahead);
            self.ahead = self.next_record()?;
        }
        let columns: Vec<csv::Column<'_>> = self
            .entry
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.kind, c.unit.as_str(), c.meaning.as_str()))
            .collect();
        let name = self.entry.file.strip_suffix(".csv").unwrap_or(&self.entry.file);
        let mut table =
            csv::read_table(name, text.as_bytes(), &columns).map_err(|e| e.in_file(&self.path))?;
        table.meaning.clone_from(&self.entry.meaning);
        Ok(table)
    }

    /// The next record with its line end; empty at the end. A quoted cell may hold line ends of its own.
    fn next_record(&mut self) -> Result<String, OutputError> {
        let mut record = String::new();
        loop {
            let read: io::Result<usize> = self.lines.read_line(&mut record);
            let read = read.map_err(|e| OutputError::from_io("read", &self.path, e))?;
            if read == 0 || record.bytes().filter(|&b| b == b'"').count() % 2 == 0 {
                return Ok(record);
            }
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
    use super::super::{Manifest, Overwrite, RunFolder};
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
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join("run");
        let mut draft = RunFolder::create(&path, Overwrite::Refuse).expect("a free place");
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
        std::fs::write(path.join("support.csv"), "day\n").expect("a temporary file");
        assert!(folder.replay().is_err());
    }
}
