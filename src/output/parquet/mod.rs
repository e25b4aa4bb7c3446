//! Table to Parquet and back: zstd pages, dictionaries, dates as dates, and units in the file.
//!
//! | column of a table | column of the file |
//! |---|---|
//! | whole numbers | `INT64`, required |
//! | whole numbers, some missing | `INT64`, optional |
//! | real numbers | `DOUBLE`, optional: what is not a number is null |
//! | names | `STRING`, optional: an empty name is null |
//! | names called `date_os` or `date_ns`, or ending so, that are all ISO dates | `DATE`, optional |
//! | truths | `BOOLEAN`, required |
//!
//! A date is the day as it is written, whichever calendar it is in: `date_os` of the same row is thirteen days before
//! `date_ns` in 1917. A date that only the Julian calendar has (29 February 1900) cannot be one, so a column with such
//! a cell stays text. What a table and its columns mean stands in the key-value metadata of the file: `table`,
//! `meaning`, and `kind.COLUMN`, `unit.COLUMN`, `meaning.COLUMN` for each column.
//!
//! [`Writer`] takes a table in batches, each of them one row group, so that it never holds more than one batch.

mod day;
mod read;
mod schema;
mod write;

pub use read::{Groups, read_table};
pub use write::{Writer, write_table};
