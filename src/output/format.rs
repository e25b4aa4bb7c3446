//! Formats of table files: which there are, which this program was built with, and how each is written and read.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use crate::observers::table::Table;

use super::error::OutputError;
use super::{csv, parquet};

/// A format of table files.
///
/// Every format is always named here; one that was not built in says so when it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Text that any program reads; see [`csv`].
    #[default]
    Csv,
    /// Compressed columns with kinds, units and dates in the file; see [`parquet`].
    Parquet,
}

impl Format {
    /// All formats; where a table was written in several, the first of them is read.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    /// The word on command lines, which is also what follows the dot in file names.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// Format and table name of a file, by its name: `support.csv` is the table `support` as CSV.
    ///
    /// ```
    /// use october::output::Format;
    ///
    /// assert_eq!(Format::of_file("support.parquet"), Some((Format::Parquet, "support")));
    /// assert_eq!(Format::of_file("manifest.json"), None);
    /// ```
    #[must_use]
    pub fn of_file(file: &str) -> Option<(Self, &str)> {
        let (name, ending) = file.rsplit_once('.')?;
        Self::ALL.into_iter().find(|format| format.word() == ending).map(|format| (format, name))
    }

    /// Writes `table`, whole.
    pub(super) fn write<W: Write + Send>(self, table: &Table, out: W) -> io::Result<()> {
        match self {
            Self::Csv => csv::write_table(table, out),
            Self::Parquet => parquet::write_table(table, out),
        }
    }

    /// Begins a file of tables like `table`, to which rows are appended part by part.
    pub(super) fn begin<W: Write + Send>(self, table: &Table, mut out: W) -> io::Result<Growth<W>> {
        Ok(match self {
            Self::Csv => {
                csv::write_headings(table, &mut out)?;
                Growth::Csv(out)
            }
            Self::Parquet => Growth::Parquet(Box::new(parquet::Writer::new(table, out)?)),
        })
    }

    /// Reads the table `name` from `file`, which lies at `path`; without `columns` the kinds are what the file says.
    pub(super) fn read(
        self,
        name: &str,
        path: &Path,
        file: File,
        columns: &[csv::Column<'_>],
    ) -> Result<Table, OutputError> {
        match self {
            Self::Csv if columns.is_empty() => csv::infer_table(name, BufReader::new(file)),
            Self::Csv => csv::read_table(name, BufReader::new(file), columns),
            Self::Parquet => parquet::read_table(name, path, file, columns),
        }
    }
}

/// A file of a table that grows part by part.
pub(super) enum Growth<W: Write + Send> {
    Csv(W),
    Parquet(Box<parquet::Writer<W>>),
}

impl<W: Write + Send> std::fmt::Debug for Growth<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Csv(_) => "Growth::Csv",
            Self::Parquet(_) => "Growth::Parquet",
        })
    }
}

impl<W: Write + Send> Growth<W> {
    /// Writes the rows of `part` below those that are there.
    pub(super) fn append(&mut self, part: &Table) -> io::Result<()> {
        match self {
            Self::Csv(out) => csv::write_rows(part, out),
            Self::Parquet(out) => out.append(part),
        }
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Csv(out) => Ok(out),
            Self::Parquet(out) => out.finish(),
        }
    }
}
