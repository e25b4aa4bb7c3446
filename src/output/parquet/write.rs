//! Tables into a Parquet file, one batch after another.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use super::day::to_day;
use super::schema::{Storage, as_io, metadata, schema, storages};
use crate::observers::table::{Cells, Heading, Table, TextCells};

/// Most rows of a row group: what a reader has to unpack at once, and a writer to hold.
const ROW_GROUP: usize = 1 << 20;

/// Writes `table` as a whole file.
///
/// # Errors
/// Whatever `out` refuses.
pub fn write_table<W: Write + Send>(table: &Table, out: W) -> io::Result<()> {
    let mut writer = Writer::new(table, out)?;
    writer.append(table)?;
    writer.finish()?.flush()
}

/// A Parquet file that grows by batches, each of them a row group; of no more than one batch is anything held.
///
/// ```
/// use october::observers::table::{Cell, Kind, Table};
/// use october::output::parquet::Writer;
///
/// let mut batch = Table::new("sample", "one day", &[("day", Kind::Int, "day", "")]);
/// batch.push(&[Cell::Int(1)]);
/// let mut writer = Writer::new(&batch, Vec::new())?;
/// writer.append(&batch)?;
/// writer.append(&batch)?;
/// assert!(writer.finish()?.starts_with(b"PAR1"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    headings: Vec<Heading>,
    storages: Vec<Storage>,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file with the columns of `like`, whose rows also decide which columns of names are dates; they are not
    /// written. The first batch will do.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn new(like: &Table, out: W) -> io::Result<Self> {
        let storages = storages(like);
        // The same bytes for the same table: no time, no machine.
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("october version {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata(like, &storages)))
            .build();
        let schema = schema(&like.name, like.headings(), &storages).map_err(as_io)?;
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(as_io)?;
        Ok(Self { file, headings: like.headings().to_vec(), storages })
    }

    /// Appends all rows of `batch`, a table with the same columns, as a row group; as several if it is long, and as none
    /// if it is empty.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if a column that held dates in the first batch now holds something else; otherwise
    /// what the place of the file refuses.
    ///
    /// # Panics
    /// If the columns are others: a bug in the caller.
    pub fn append(&mut self, batch: &Table) -> io::Result<()> {
        assert_eq!(self.headings, batch.headings(), "a batch has the columns of its table");
        for first in (0..batch.rows()).step_by(ROW_GROUP) {
            let rows = first..batch.rows().min(first + ROW_GROUP);
            let mut group = self.file.next_row_group().map_err(as_io)?;
            for ((cells, storage), heading) in batch.cells().iter().zip(&self.storages).zip(&self.headings) {
                put(&mut group, cells, *storage, rows.clone(), &heading.name)?;
            }
            group.close().map_err(as_io)?;
        }
        Ok(())
    }

    /// Closes the file; until then nobody can read it.
    ///
    /// # Errors
    /// Whatever the place of the file refuses.
    pub fn finish(self) -> io::Result<W> {
        self.file.into_inner().map_err(as_io)
    }
}

/// Writes the rows of one column.
fn put<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: &Cells,
    storage: Storage,
    rows: std::ops::Range<usize>,
    name: &str,
) -> io::Result<()> {
    match (cells, storage) {
        (Cells::Int(v), _) => chunk::<Int64Type, _>(group, &v[rows], None),
        (Cells::Flag(v), _) => chunk::<BoolType, _>(group, &v[rows], None),
        (Cells::OptInt(v), _) => optional::<Int64Type, _>(group, v[rows].iter().copied()),
        (Cells::Real(v), _) => {
            optional::<DoubleType, _>(group, v[rows].iter().map(|&x| Some(x).filter(|x| !x.is_nan())))
        }
        (Cells::Text(text), Storage::Dates) => {
            let days = by_word(text, |word| match to_day(word) {
                Some(day) => Ok(Some(day)),
                None if word.is_empty() => Ok(None),
                None => Err(no_date(name, word)),
            })?;
            optional::<Int32Type, _>(group, text.codes[rows].iter().map(|&code| days[code as usize]))
        }
        (Cells::Text(text), _) => {
            let words = by_word(text, |word| Ok(Some(ByteArray::from(word)).filter(|w| !w.is_empty())))?;
            optional::<ByteArrayType, _>(
                group,
                text.codes[rows].iter().map(|&code| words[code as usize].clone()),
            )
        }
    }
}

/// What becomes of each distinct word, so that it is looked at once and not in every row.
fn by_word<T>(text: &TextCells, of: impl Fn(&str) -> io::Result<T>) -> io::Result<Vec<T>> {
    text.words.iter().map(|word| of(word)).collect()
}

fn no_date(column: &str, word: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("`{column}` held dates so far and now `{word}`; write this table with --format csv"),
    )
}

fn optional<D: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Option<D::T>>,
) -> io::Result<()> {
    let mut values = Vec::new();
    let levels: Vec<i16> = cells
        .map(|cell| {
            let level = i16::from(cell.is_some());
            values.extend(cell);
            level
        })
        .collect();
    chunk::<D, W>(group, &values, Some(&levels))
}

fn chunk<D: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[D::T],
    levels: Option<&[i16]>,
) -> io::Result<()> {
    let write = |group: &mut SerializedRowGroupWriter<'_, W>| -> Result<(), ParquetError> {
        let mut column = group
            .next_column()?
            .ok_or_else(|| ParquetError::General("the file has fewer columns than the table".to_owned()))?;
        column.typed::<D>().write_batch(values, levels, None)?;
        column.close()
    };
    write(group).map_err(as_io)
}
