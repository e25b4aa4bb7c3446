//! What stands in for `parquet` where it was not built in: every use says so, and what to do.

use std::fs::File;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::Path;

use crate::observers::table::Table;

use super::csv::Column;
use super::error::OutputError;

const REMEDY: &str = "build it with `--features parquet`, or write the tables with `--format csv`";

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, format!("this program was built without Parquet; {REMEDY}"))
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn write_table<W: Write + Send>(_table: &Table, _out: W) -> io::Result<()> {
    Err(missing())
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn read_table(
    _name: &str,
    path: &Path,
    _file: File,
    _columns: &[Column<'_>],
) -> Result<Table, OutputError> {
    Err(unreadable(path))
}

fn unreadable(path: &Path) -> OutputError {
    let problem = "it is Parquet, and this program was built without it".to_owned();
    OutputError::Damaged { path: path.to_path_buf(), problem, remedy: REMEDY.to_owned() }
}

/// Row groups that cannot be read.
#[derive(Debug)]
pub struct Groups(());

impl Groups {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn open(
        _name: &str,
        path: &Path,
        _file: File,
        _columns: &[Column<'_>],
    ) -> Result<(Self, Table), OutputError> {
        Err(unreadable(path))
    }

    /// Has none.
    ///
    /// # Errors
    /// Never: there is no such value.
    pub fn append_next(&mut self, _table: &mut Table) -> Result<bool, OutputError> {
        Ok(false)
    }
}

/// A writer that cannot be made.
#[derive(Debug)]
pub struct Writer<W>(PhantomData<W>);

impl<W: Write + Send> Writer<W> {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn new(_like: &Table, _out: W) -> io::Result<Self> {
        Err(missing())
    }

    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn append(&mut self, _batch: &Table) -> io::Result<()> {
        Err(missing())
    }

    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn finish(self) -> io::Result<W> {
        Err(missing())
    }
}
