//! Reading columns of tables as the charts need them, with errors that name what is missing.

use super::chart::ChartError;
use crate::observers::table::{Cells, Table, TextCells};

/// A column of numbers of whatever kind it was stored as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a>(&'a Cells);

impl Numbers<'_> {
    /// The number in `row`; NaN where the cell is empty.
    pub(super) fn at(&self, row: usize) -> f64 {
        match self.0 {
            Cells::Int(v) => v[row] as f64,
            Cells::OptInt(v) => v[row].map_or(f64::NAN, |x| x as f64),
            Cells::Real(v) => v[row],
            Cells::Text(v) => v.get(row).parse().unwrap_or(f64::NAN),
            Cells::Flag(v) => f64::from(u8::from(v[row])),
        }
    }
}

/// The number column `name` of `table`.
pub(super) fn numbers<'a>(table: &'a Table, name: &str) -> Result<Numbers<'a>, ChartError> {
    table.column(name).map(Numbers).ok_or_else(|| missing(table, name))
}

/// The text column `name` of `table`.
pub(super) fn texts<'a>(table: &'a Table, name: &str) -> Result<&'a TextCells, ChartError> {
    table.texts(name).ok_or_else(|| missing(table, name))
}

fn missing(table: &Table, column: &str) -> ChartError {
    ChartError::Column { table: table.name.clone(), column: column.to_owned() }
}

/// Replicate and day of every row, as dense indices.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The distinct days, ascending.
    pub(super) days: Vec<i64>,
    /// How many distinct replicates there are.
    pub(super) replicates: usize,
    /// For each row, its replicate and the index of its day.
    pub(super) at: Vec<(usize, usize)>,
}

impl Rows {
    pub(super) fn read(table: &Table) -> Result<Self, ChartError> {
        let day = numbers(table, "day")?;
        let replicate = numbers(table, "replicate")?;
        let days = distinct(&day, table.rows());
        let known = distinct(&replicate, table.rows());
        let mut last = (i64::MIN, 0);
        let mut last_replicate = (i64::MIN, 0);
        let at = (0..table.rows())
            .map(|row| {
                let found = day.at(row) as i64;
                if found != last.0 {
                    last = (found, days.partition_point(|&d| d < found));
                }
                let found = replicate.at(row) as i64;
                if found != last_replicate.0 {
                    last_replicate = (found, known.partition_point(|&r| r < found));
                }
                (last_replicate.1, last.1)
            })
            .collect();
        Ok(Self { days, replicates: known.len(), at })
    }

    /// The rows of each replicate.
    pub(super) fn by_replicate(&self) -> Vec<Vec<usize>> {
        let mut found = vec![Vec::new(); self.replicates];
        for (row, &(replicate, _)) in self.at.iter().enumerate() {
            found[replicate].push(row);
        }
        found
    }
}

/// The distinct whole numbers of a column, ascending.
pub(super) fn distinct(numbers: &Numbers<'_>, rows: usize) -> Vec<i64> {
    let mut found: Vec<i64> = Vec::new();
    for row in 0..rows {
        let number = numbers.at(row) as i64;
        // Tables are sorted by replicate and day, so nearly every row repeats the last number.
        if found.last() != Some(&number) {
            found.push(number);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observers::table::{Cell, Kind};

    #[test]
    fn rows_know_their_replicate_and_day() {
        let mut table =
            Table::new("t", "a row", &[("replicate", Kind::Int, "", ""), ("day", Kind::Int, "day", "")]);
        for (r, d) in [(0, 0), (0, 7), (1, 0), (1, 7), (1, 7)] {
            table.push(&[Cell::Int(r), Cell::Int(d)]);
        }
        let rows = Rows::read(&table).expect("both columns are there");
        assert_eq!((rows.days, rows.replicates), (vec![0, 7], 2));
        assert_eq!(rows.at, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 1)]);
    }

    #[test]
    fn a_missing_column_is_named() {
        let table = Table::new("t", "a row", &[("day", Kind::Int, "day", "")]);
        let error = Rows::read(&table).expect_err("there is no replicate column");
        assert_eq!(error.to_string(), "read column `replicate` of table `t`");
    }
}
