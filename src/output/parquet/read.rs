//! A Parquet file that was written here, as the table it was.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::day::to_text;
use super::schema::{Storage, storages_of};
use crate::observers::table::{Cell, Kind, Table};
use crate::output::csv::Column;
use crate::output::error::OutputError;
use crate::output::run_folder::damaged;

/// Reads the table `name` from `file`, which lies at `path`.
///
/// `columns` are what the file must have; where they are empty, names and kinds are those of the file, and units and
/// meanings what its metadata says.
///
/// # Errors
/// [`OutputError::Damaged`] if it is no Parquet file, of columns that are not written here, or has other columns.
pub fn read_table(name: &str, path: &Path, file: File, columns: &[Column<'_>]) -> Result<Table, OutputError> {
    let (mut groups, mut table) = Groups::open(name, path, file, columns)?;
    while groups.append_next(&mut table)? {}
    Ok(table)
}

/// The row groups of a file, one after another, so that no more than one has to be in memory.
pub struct Groups {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    stored: Vec<(String, Storage)>,
    next: usize,
}

impl std::fmt::Debug for Groups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Groups").field("path", &self.path).field("next", &self.next).finish_non_exhaustive()
    }
}

impl Groups {
    /// The groups of `file`, and a table of its columns without rows; as [`read_table`].
    ///
    /// # Errors
    /// As [`read_table`].
    pub fn open(
        name: &str,
        path: &Path,
        file: File,
        columns: &[Column<'_>],
    ) -> Result<(Self, Table), OutputError> {
        let reader = SerializedFileReader::new(file).map_err(|error| broken(path, &error))?;
        let metadata = reader.metadata().file_metadata();
        let stored = storages_of(metadata.schema()).map_err(|problem| damaged(path, problem))?;
        let said = |key: &str| {
            let pairs = metadata.key_value_metadata().map_or(&[][..], Vec::as_slice);
            let found = pairs.iter().find(|pair: &&KeyValue| pair.key == key);
            found.and_then(|pair| pair.value.clone()).unwrap_or_default()
        };
        let table = if columns.is_empty() {
            let words: Vec<_> = stored
                .iter()
                .map(|(column, _)| [said(&format!("unit.{column}")), said(&format!("meaning.{column}"))])
                .collect();
            let own: Vec<Column<'_>> = stored
                .iter()
                .zip(&words)
                .map(|((column, storage), [unit, meaning])| {
                    (column.as_str(), kind_of(*storage), unit.as_str(), meaning.as_str())
                })
                .collect();
            Table::new(name, &said("meaning"), &own)
        } else {
            let same = columns.len() == stored.len()
                && columns.iter().zip(&stored).all(|(c, (n, s))| c.0 == n && c.1 == kind_of(*s));
            if !same {
                let found: Vec<_> = stored.iter().map(|(column, _)| column.as_str()).collect();
                let problem = format!("its columns are not those it should have: {}", found.join(", "));
                return Err(damaged(path, problem));
            }
            Table::new(name, "", columns)
        };
        Ok((Self { path: path.to_path_buf(), reader, stored, next: 0 }, table))
    }

    /// Appends the rows of the next group to `table`; false if there is none.
    ///
    /// # Errors
    /// [`OutputError::Damaged`] if the group is not as it was written.
    pub fn append_next(&mut self, table: &mut Table) -> Result<bool, OutputError> {
        if self.next >= self.reader.num_row_groups() {
            return Ok(false);
        }
        let group = self.reader.get_row_group(self.next).map_err(|error| broken(&self.path, &error))?;
        append(table, group.as_ref(), &self.stored).map_err(|error| broken(&self.path, &error))?;
        self.next += 1;
        Ok(true)
    }
}

fn broken(path: &Path, error: &ParquetError) -> OutputError {
    damaged(path, format!("it is not Parquet as it was written: {error}"))
}

fn kind_of(storage: Storage) -> Kind {
    match storage {
        Storage::Plain(kind) => kind,
        Storage::Dates => Kind::Text,
    }
}

/// One column of one row group.
enum Values {
    Ints(Vec<i64>),
    OptInts(Vec<Option<i64>>),
    Reals(Vec<Option<f64>>),
    Flags(Vec<bool>),
    Texts(Vec<Option<ByteArray>>),
    Dates(Vec<Option<String>>),
}

impl Values {
    fn cell(&self, row: usize) -> Result<Cell<'_>, ParquetError> {
        Ok(match self {
            Self::Ints(v) => Cell::Int(v[row]),
            Self::OptInts(v) => Cell::OptInt(v[row]),
            Self::Reals(v) => Cell::Real(v[row].unwrap_or(f64::NAN)),
            Self::Flags(v) => Cell::Flag(v[row]),
            Self::Dates(v) => Cell::Text(v[row].as_deref().unwrap_or_default()),
            Self::Texts(v) => match &v[row] {
                Some(bytes) => Cell::Text(bytes.as_utf8()?),
                None => Cell::Text(""),
            },
        })
    }
}

fn append(
    table: &mut Table,
    group: &dyn RowGroupReader,
    stored: &[(String, Storage)],
) -> Result<(), ParquetError> {
    let rows = usize::try_from(group.metadata().num_rows())?;
    let columns = stored
        .iter()
        .enumerate()
        .map(|(index, (_, storage))| values(group.get_column_reader(index)?, *storage, rows))
        .collect::<Result<Vec<_>, _>>()?;
    for row in 0..rows {
        let cells = columns.iter().map(|column| column.cell(row)).collect::<Result<Vec<_>, _>>()?;
        table.push(&cells);
    }
    Ok(())
}

fn values(reader: ColumnReader, storage: Storage, rows: usize) -> Result<Values, ParquetError> {
    Ok(match (reader, storage) {
        (ColumnReader::Int64ColumnReader(r), Storage::Plain(Kind::Int)) => Values::Ints(required(r, rows)?),
        (ColumnReader::Int64ColumnReader(r), Storage::Plain(Kind::OptInt)) => {
            Values::OptInts(optional(r, rows)?)
        }
        (ColumnReader::DoubleColumnReader(r), _) => Values::Reals(optional(r, rows)?),
        (ColumnReader::BoolColumnReader(r), _) => Values::Flags(required(r, rows)?),
        (ColumnReader::ByteArrayColumnReader(r), _) => Values::Texts(optional(r, rows)?),
        (ColumnReader::Int32ColumnReader(r), Storage::Dates) => {
            let texts = optional(r, rows)?.into_iter().map(|day| match day {
                Some(day) => to_text(day).map(Some).ok_or_else(|| {
                    ParquetError::General(format!("day {day} is beyond the years that are written here"))
                }),
                None => Ok(None),
            });
            Values::Dates(texts.collect::<Result<_, _>>()?)
        }
        _ => return Err(ParquetError::General("a column is not of the type its schema says".to_owned())),
    })
}

fn required<D: DataType>(mut reader: ColumnReaderImpl<D>, rows: usize) -> Result<Vec<D::T>, ParquetError> {
    let mut values = Vec::new();
    let mut read = 0;
    while read < rows {
        let (records, ..) = reader.read_records(rows - read, None, None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("a column ends after {read} of {rows} rows")));
        }
        read += records;
    }
    Ok(values)
}

fn optional<D: DataType>(
    mut reader: ColumnReaderImpl<D>,
    rows: usize,
) -> Result<Vec<Option<D::T>>, ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < rows {
        let (records, ..) = reader.read_records(rows - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("a column ends after {read} of {rows} rows")));
        }
        read += records;
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|level| if level > 0 { values.next() } else { None }).collect())
}
