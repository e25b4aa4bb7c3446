//! The schema of a table as Parquet has it, and the metadata that carries what a schema cannot say.

use std::io;
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::Type;

use super::day::to_day;
use crate::observers::table::{Cells, Heading, Kind, Table, TextCells};

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// As its kind has it.
    Plain(Kind),
    /// Text that is all dates.
    Dates,
}

/// How each column of `like` is stored: its rows decide which columns of names are dates.
pub(super) fn storages(like: &Table) -> Vec<Storage> {
    let columns = like.headings().iter().zip(like.cells());
    columns
        .map(|(heading, cells)| match cells {
            Cells::Int(_) => Storage::Plain(Kind::Int),
            Cells::OptInt(_) => Storage::Plain(Kind::OptInt),
            Cells::Real(_) => Storage::Plain(Kind::Real),
            Cells::Flag(_) => Storage::Plain(Kind::Flag),
            Cells::Text(text) if is_called_a_date(heading) && are_dates(text) => Storage::Dates,
            Cells::Text(_) => Storage::Plain(Kind::Text),
        })
        .collect()
}

fn is_called_a_date(heading: &Heading) -> bool {
    ["date_os", "date_ns"].iter().any(|ending| {
        heading.name.strip_suffix(ending).is_some_and(|stem| stem.is_empty() || stem.ends_with('_'))
    })
}

fn are_dates(text: &TextCells) -> bool {
    text.words.iter().all(|word| word.is_empty() || to_day(word).is_some())
}

/// The schema of a file for columns with these headings, stored so.
pub(super) fn schema(name: &str, headings: &[Heading], storages: &[Storage]) -> Result<Type, ParquetError> {
    let fields = headings.iter().zip(storages).map(|(heading, storage)| {
        let (physical, repetition, logical) = match storage {
            Storage::Plain(Kind::Int) => (Physical::INT64, Repetition::REQUIRED, None),
            Storage::Plain(Kind::OptInt) => (Physical::INT64, Repetition::OPTIONAL, None),
            Storage::Plain(Kind::Real) => (Physical::DOUBLE, Repetition::OPTIONAL, None),
            Storage::Plain(Kind::Flag) => (Physical::BOOLEAN, Repetition::REQUIRED, None),
            Storage::Plain(Kind::Text) => {
                (Physical::BYTE_ARRAY, Repetition::OPTIONAL, Some(LogicalType::String))
            }
            Storage::Dates => (Physical::INT32, Repetition::OPTIONAL, Some(LogicalType::Date)),
        };
        let field = Type::primitive_type_builder(&heading.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical);
        field.build().map(Arc::new)
    });
    Type::group_type_builder(name).with_fields(fields.collect::<Result<_, _>>()?).build()
}

/// How the columns of a file are stored; the first that is no column of ours is an error in words.
pub(super) fn storages_of(schema: &Type) -> Result<Vec<(String, Storage)>, String> {
    let storage = |field: &Type| {
        if field.is_group() {
            return None;
        }
        let info = field.get_basic_info();
        let is_optional = info.has_repetition() && info.repetition() == Repetition::OPTIONAL;
        let logical = info.logical_type_ref();
        match (field.get_physical_type(), is_optional, logical) {
            (Physical::INT64, false, None) => Some(Storage::Plain(Kind::Int)),
            (Physical::INT64, true, None) => Some(Storage::Plain(Kind::OptInt)),
            (Physical::DOUBLE, true, None) => Some(Storage::Plain(Kind::Real)),
            (Physical::BOOLEAN, false, None) => Some(Storage::Plain(Kind::Flag)),
            (Physical::BYTE_ARRAY, true, Some(LogicalType::String)) => Some(Storage::Plain(Kind::Text)),
            (Physical::BYTE_ARRAY, true, None) if info.converted_type() == ConvertedType::UTF8 => {
                Some(Storage::Plain(Kind::Text))
            }
            (Physical::INT32, true, Some(LogicalType::Date)) => Some(Storage::Dates),
            _ => None,
        }
    };
    let columns = schema.get_fields().iter().map(|field| {
        let found = storage(field).map(|storage| (field.name().to_owned(), storage));
        found.ok_or_else(|| format!("the column `{}` is of no type that is written here", field.name()))
    });
    columns.collect()
}

/// What the columns of a file that was not read with a manifest are called, are, and mean.
pub(super) fn metadata(table: &Table, storages: &[Storage]) -> Vec<KeyValue> {
    let mut found = vec![
        KeyValue::new("table".to_owned(), table.name.clone()),
        KeyValue::new("meaning".to_owned(), table.meaning.clone()),
    ];
    for (heading, storage) in table.headings().iter().zip(storages) {
        let kind = match storage {
            Storage::Plain(Kind::Int) => "int",
            Storage::Plain(Kind::OptInt) => "opt_int",
            Storage::Plain(Kind::Real) => "real",
            Storage::Plain(Kind::Flag) => "flag",
            Storage::Plain(Kind::Text) => "text",
            Storage::Dates => "date",
        };
        let parts = [("kind", kind), ("unit", &heading.unit), ("meaning", &heading.meaning)];
        found.extend(
            parts.map(|(what, text)| KeyValue::new(format!("{what}.{}", heading.name), text.to_owned())),
        );
    }
    found
}

/// What the operating system said, if it was the operating system; else the library's words.
pub(super) fn as_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other.to_string()),
    }
}
