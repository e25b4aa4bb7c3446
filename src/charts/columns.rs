//! Reading columns of tables as the charts need them, with errors that name what is missing.

use super::chart::ChartError;
use crate::observers::table::{Cells, Table, TextCells};
use std::collections::BTreeSet;
use std::ops::Range;

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

    /// Hands on the numbers of `rows`, in order. Which kind they are of is asked once, not for every row of a long table.
    pub(super) fn each(&self, rows: Range<usize>, mut take: impl FnMut(usize, f64)) {
        match self.0 {
            Cells::Int(v) => rows.clone().zip(&v[rows]).for_each(|(row, &x)| take(row, x as f64)),
            Cells::Real(v) => rows.clone().zip(&v[rows]).for_each(|(row, &x)| take(row, x)),
            _ => rows.for_each(|row| take(row, self.at(row))),
        }
    }

    /// The least and the largest number in so many rows, empty cells left out: the infinities if there are no others.
    pub(super) fn extent(&self, rows: usize) -> (f64, f64) {
        match self.0 {
            Cells::Int(v) if !v.is_empty() => {
                let (least, largest) =
                    v.iter().fold((v[0], v[0]), |(least, largest), &x| (least.min(x), largest.max(x)));
                (least as f64, largest as f64)
            }
            _ => {
                let (mut least, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
                self.each(0..rows, |_, x| (least, largest) = (least.min(x), largest.max(x)));
                (least, largest)
            }
        }
    }

    /// Appends those of so many rows, from the second on, that differ from the one above.
    fn push_changes(&self, rows: usize, changes: &mut Vec<usize>) {
        match self.0 {
            Cells::Int(v) => changes.extend((1..rows).filter(|&row| v[row] != v[row - 1])),
            _ => changes.extend((1..rows).filter(|&row| self.at(row) != self.at(row - 1))),
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

/// Rows of one replicate and day that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) rows: Range<usize>,
    /// Index of the day.
    pub(super) day: usize,
}

/// Replicate and day of every row.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The distinct days, ascending.
    pub(super) days: Vec<i64>,
    /// The rows of each distinct replicate, in order.
    pub(super) of_replicates: Vec<Vec<Stretch>>,
}

impl Rows {
    pub(super) fn read(table: &Table) -> Result<Self, ChartError> {
        let (day, replicate) = (numbers(table, "day")?, numbers(table, "replicate")?);
        // Tables are sorted by replicate and day, so nearly every row is of the same as the one before.
        let mut begins = vec![0];
        replicate.push_changes(table.rows(), &mut begins);
        day.push_changes(table.rows(), &mut begins);
        begins.sort_unstable();
        begins.dedup();
        begins.retain(|&row| row < table.rows());
        let ends = begins.iter().skip(1).copied().chain([table.rows()]);
        let runs: Vec<((i64, i64), Range<usize>)> = begins
            .iter()
            .zip(ends)
            .map(|(&row, end)| ((replicate.at(row) as i64, day.at(row) as i64), row..end))
            .collect();
        let distinct = |of: fn(&(i64, i64)) -> i64| {
            let found: BTreeSet<i64> = runs.iter().map(|(at, _)| of(at)).collect();
            found.into_iter().collect::<Vec<i64>>()
        };
        let (replicates, days) = (distinct(|at| at.0), distinct(|at| at.1));
        let mut of_replicates = vec![Vec::new(); replicates.len()];
        for ((replicate, day), rows) in runs {
            let day = days.partition_point(|&d| d < day);
            of_replicates[replicates.partition_point(|&r| r < replicate)].push(Stretch { rows, day });
        }
        Ok(Self { days, of_replicates })
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
        assert_eq!(rows.days, [0, 7]);
        let of = |rows, day| Stretch { rows, day };
        assert_eq!(rows.of_replicates, [vec![of(0..1, 0), of(1..2, 1)], vec![of(2..3, 0), of(3..5, 1)]]);
    }

    #[test]
    fn a_missing_column_is_named() {
        let table = Table::new("t", "a row", &[("day", Kind::Int, "day", "")]);
        let error = Rows::read(&table).expect_err("there is no replicate column");
        assert_eq!(error.to_string(), "read column `replicate` of table `t`");
    }
}
