//! Tables: named, typed, unit-bearing columns; all that the outer rings receive.
//!
//! A [`Table`] is tidy: one observation a row, one variable a column. Text columns are dictionary-encoded, since a
//! daily table repeats a few names many thousand times. The outer rings (writers, charts) see the world through
//! these tables alone, so a chart can be redrawn from a run folder years later.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// What a column is called, what it means and in which unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Lower snake case; the word in the first line of the CSV file.
    pub name: String,
    /// Unit in words (`persons`, `share 0..1`, `day`); empty for names.
    pub unit: String,
    /// One sentence for the reader of the table.
    pub meaning: String,
}

/// A column's cells; all columns of a table have the same length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cells {
    /// Whole numbers.
    Int(Vec<i64>),
    /// Whole numbers, some of them missing (an empty cell).
    OptInt(Vec<Option<i64>>),
    /// Real numbers; written so that reading them back gives the same bits.
    Real(Vec<f64>),
    /// Names; an empty string is an empty cell.
    Text(TextCells),
    /// Truths, written `true` and `false`.
    Flag(Vec<bool>),
}

/// Dictionary-encoded text: `codes[row]` is an index into `words`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TextCells {
    /// One code per row.
    pub codes: Vec<u32>,
    /// The distinct words, in order of first appearance.
    pub words: Vec<String>,
    /// By word: the one that followed it last time. Only makes [`TextCells::push`] faster.
    #[serde(skip)]
    followers: Vec<u32>,
    /// Codes of the words, once there are many. Only makes [`TextCells::push`] faster.
    #[serde(skip)]
    codes_of: HashMap<String, u32>,
}

/// Words that are looked through one by one: few enough that finding one takes no longer than its hash.
const FEW_WORDS: usize = 32;

impl PartialEq for TextCells {
    fn eq(&self, other: &Self) -> bool {
        self.codes == other.codes && self.words == other.words
    }
}

impl Eq for TextCells {}

/// One cell, to be pushed or read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// A whole number.
    Int(i64),
    /// A whole number or nothing.
    OptInt(Option<i64>),
    /// A real number.
    Real(f64),
    /// A name.
    Text(&'a str),
    /// A truth.
    Flag(bool),
}

/// A tidy table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// File stem: `support` becomes `support.csv`.
    pub name: String,
    /// What one row is.
    pub meaning: String,
    headings: Vec<Heading>,
    cells: Vec<Cells>,
    rows: usize,
}

/// The kind of a column, when a table is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Cells::Int`]
    Int,
    /// [`Cells::OptInt`]
    OptInt,
    /// [`Cells::Real`]
    Real,
    /// [`Cells::Text`]
    Text,
    /// [`Cells::Flag`]
    Flag,
}

impl Table {
    /// An empty table with the given columns: (name, kind, unit, meaning).
    #[must_use]
    pub fn new(name: &str, meaning: &str, columns: &[(&str, Kind, &str, &str)]) -> Self {
        let headings = columns
            .iter()
            .map(|&(name, _, unit, meaning)| Heading {
                name: name.to_owned(),
                unit: unit.to_owned(),
                meaning: meaning.to_owned(),
            })
            .collect();
        let cells = columns
            .iter()
            .map(|&(_, kind, _, _)| match kind {
                Kind::Int => Cells::Int(Vec::new()),
                Kind::OptInt => Cells::OptInt(Vec::new()),
                Kind::Real => Cells::Real(Vec::new()),
                Kind::Text => Cells::Text(TextCells::default()),
                Kind::Flag => Cells::Flag(Vec::new()),
            })
            .collect();
        Self { name: name.to_owned(), meaning: meaning.to_owned(), headings, cells, rows: 0 }
    }

    /// Appends one row; `row` has one cell per column, of the column's kind.
    ///
    /// # Panics
    /// If the number or kind of the cells is not the table's: a bug in the observer, never a user's mistake.
    pub fn push(&mut self, row: &[Cell<'_>]) {
        assert_eq!(row.len(), self.cells.len(), "table `{}`: wrong number of cells", self.name);
        for (column, cell) in self.cells.iter_mut().zip(row) {
            column.push(*cell, &self.name);
        }
        self.rows += 1;
    }

    /// Appends rows that all begin with the cells `same`, and go on with `others`, a row each.
    ///
    /// # Panics
    /// If the number or kind of the cells is not the table's: a bug in the observer.
    pub fn push_alike<'a, const N: usize>(
        &mut self,
        same: &[Cell<'_>],
        others: impl ExactSizeIterator<Item = [Cell<'a>; N]> + Clone,
    ) {
        assert_eq!(same.len() + N, self.cells.len(), "table `{}`: wrong number of cells", self.name);
        let (alike, other) = self.cells.split_at_mut(same.len());
        for (column, cell) in alike.iter_mut().zip(same) {
            column.push_often(*cell, others.len(), &self.name);
        }
        for (index, column) in other.iter_mut().enumerate() {
            others.clone().for_each(|row| column.push(row[index], &self.name));
        }
        self.rows += others.len();
    }

    /// Appends all rows of `other`, which has the same columns.
    ///
    /// # Panics
    /// If the columns differ: a bug in the caller.
    pub fn append(&mut self, other: &Self) {
        assert_eq!(self.headings, other.headings, "tables with different columns cannot be joined");
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            match (mine, theirs) {
                (Cells::Int(a), Cells::Int(b)) => a.extend_from_slice(b),
                (Cells::OptInt(a), Cells::OptInt(b)) => a.extend_from_slice(b),
                (Cells::Real(a), Cells::Real(b)) => a.extend_from_slice(b),
                (Cells::Text(a), Cells::Text(b)) => (0..b.len()).for_each(|row| a.push(b.get(row))),
                (Cells::Flag(a), Cells::Flag(b)) => a.extend_from_slice(b),
                _ => panic!("tables with different columns cannot be joined"),
            }
        }
        self.rows += other.rows;
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A table of the same name and columns without rows.
    #[must_use]
    pub fn emptied(&self) -> Self {
        let cells = self.cells.iter().map(|cells| match cells {
            Cells::Int(_) => Cells::Int(Vec::new()),
            Cells::OptInt(_) => Cells::OptInt(Vec::new()),
            Cells::Real(_) => Cells::Real(Vec::new()),
            Cells::Text(_) => Cells::Text(TextCells::default()),
            Cells::Flag(_) => Cells::Flag(Vec::new()),
        });
        Self {
            name: self.name.clone(),
            meaning: self.meaning.clone(),
            headings: self.headings.clone(),
            cells: cells.collect(),
            rows: 0,
        }
    }

    /// The headings, in column order.
    #[must_use]
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// All columns, in order.
    #[must_use]
    pub fn cells(&self) -> &[Cells] {
        &self.cells
    }

    /// The cell in `column` (by position) of `row`.
    ///
    /// # Panics
    /// If there is no such row or column.
    #[must_use]
    pub fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        match &self.cells[column] {
            Cells::Int(v) => Cell::Int(v[row]),
            Cells::OptInt(v) => Cell::OptInt(v[row]),
            Cells::Real(v) => Cell::Real(v[row]),
            Cells::Text(v) => Cell::Text(v.get(row)),
            Cells::Flag(v) => Cell::Flag(v[row]),
        }
    }

    /// The column called `name`, if the table has one.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Cells> {
        self.headings.iter().position(|h| h.name == name).map(|i| &self.cells[i])
    }

    /// The whole-number column called `name`.
    #[must_use]
    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        match self.column(name)? {
            Cells::Int(v) => Some(v),
            _ => None,
        }
    }

    /// The column of optional whole numbers called `name`.
    #[must_use]
    pub fn opt_ints(&self, name: &str) -> Option<&[Option<i64>]> {
        match self.column(name)? {
            Cells::OptInt(v) => Some(v),
            _ => None,
        }
    }

    /// The real-number column called `name`.
    #[must_use]
    pub fn reals(&self, name: &str) -> Option<&[f64]> {
        match self.column(name)? {
            Cells::Real(v) => Some(v),
            _ => None,
        }
    }

    /// The text column called `name`.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<&TextCells> {
        match self.column(name)? {
            Cells::Text(v) => Some(v),
            _ => None,
        }
    }

    /// The column of truths called `name`.
    #[must_use]
    pub fn flags(&self, name: &str) -> Option<&[bool]> {
        match self.column(name)? {
            Cells::Flag(v) => Some(v),
            _ => None,
        }
    }
}

impl Cells {
    /// Appends a cell of the column's kind; `table` is named where it is not.
    fn push(&mut self, cell: Cell<'_>, table: &str) {
        match (self, cell) {
            (Self::Int(v), Cell::Int(x)) => v.push(x),
            (Self::OptInt(v), Cell::OptInt(x)) => v.push(x),
            (Self::OptInt(v), Cell::Int(x)) => v.push(Some(x)),
            (Self::Real(v), Cell::Real(x)) => v.push(x),
            (Self::Text(v), Cell::Text(x)) => v.push(x),
            (Self::Flag(v), Cell::Flag(x)) => v.push(x),
            (_, cell) => panic!("table `{table}`: {cell:?} is not of the column's kind"),
        }
    }
}

impl Cells {
    /// Appends a cell of the column's kind so many times.
    fn push_often(&mut self, cell: Cell<'_>, times: usize, table: &str) {
        match (self, cell) {
            (Self::Int(v), Cell::Int(x)) => v.resize(v.len() + times, x),
            (Self::OptInt(v), Cell::OptInt(x)) => v.resize(v.len() + times, x),
            (Self::OptInt(v), Cell::Int(x)) => v.resize(v.len() + times, Some(x)),
            (Self::Real(v), Cell::Real(x)) => v.resize(v.len() + times, x),
            (Self::Text(v), Cell::Text(x)) if times > 0 => {
                v.push(x);
                v.codes.resize(v.codes.len() + times - 1, v.codes[v.codes.len() - 1]);
            }
            (Self::Text(_), Cell::Text(_)) => {}
            (Self::Flag(v), Cell::Flag(x)) => v.resize(v.len() + times, x),
            (_, cell) => panic!("table `{table}`: {cell:?} is not of the column's kind"),
        }
    }
}

impl TextCells {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The word in `row`.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        &self.words[self.codes[row] as usize]
    }

    /// The words of all rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|&code| self.words[code as usize].as_str())
    }

    /// The code of `word`, if any row can have it.
    #[must_use]
    pub fn code(&self, word: &str) -> Option<u32> {
        self.words.iter().position(|w| w == word).map(|i| u32::try_from(i).expect("fewer than 2^32 words"))
    }

    /// The index of `word`, if there is one.
    fn index(&mut self, word: &str) -> Option<usize> {
        if self.words.len() <= FEW_WORDS {
            return self.words.iter().position(|w| w == word);
        }
        for (index, word) in self.words.iter().enumerate().skip(self.codes_of.len()) {
            self.codes_of.insert(word.clone(), index as u32);
        }
        self.codes_of.get(word).map(|&index| index as usize)
    }

    /// Appends one row.
    pub fn push(&mut self, word: &str) {
        // Daily tables repeat a word for many rows, or run through the same words every day: the last word and the one
        // that followed it last time are the likeliest.
        let last = self.codes.last().map_or(0, |&last| last as usize);
        let is_at = |index: usize| self.words.get(index).is_some_and(|w| w == word);
        let follower = self.followers.get(last).map_or(last + 1, |&next| next as usize);
        let index = if is_at(last) {
            last
        } else if is_at(follower) {
            follower
        } else {
            self.index(word).unwrap_or_else(|| {
                self.words.push(word.to_owned());
                self.words.len() - 1
            })
        };
        if index != last {
            // A word that nothing has followed yet is likely to be followed by the one first met after it.
            while self.followers.len() < self.words.len() {
                self.followers.push(self.followers.len() as u32 + 1);
            }
            self.followers[last] = index as u32;
        }
        self.codes.push(u32::try_from(index).expect("fewer than 2^32 words"));
    }
}

/// The tables of one run folder, in the order they are written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableSet {
    /// Each table has its own name.
    pub tables: Vec<Table>,
}

impl TableSet {
    /// The table called `name`, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }

    /// Appends the rows of each table of `other` to the table of the same name.
    ///
    /// # Panics
    /// If a table of `other` is missing here or has other columns: a bug in the caller.
    pub fn append(&mut self, other: &Self) {
        for theirs in &other.tables {
            let mine = self.tables.iter_mut().find(|t| t.name == theirs.name);
            mine.expect("replicates of one scenario have the same tables").append(theirs);
        }
    }

    /// Appends the rows of `table` to the one of its name, or puts it beside the others.
    pub fn add(&mut self, table: &Table) {
        match self.tables.iter_mut().find(|t| t.name == table.name) {
            Some(mine) => mine.append(table),
            None => self.tables.push(table.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(
            "sample",
            "one row a day",
            &[("day", Kind::Int, "day", "day of the run"), ("place", Kind::Text, "", "where")],
        );
        table.push(&[Cell::Int(0), Cell::Text("north")]);
        table.push(&[Cell::Int(0), Cell::Text("south")]);
        table.push(&[Cell::Int(1), Cell::Text("north")]);
        table
    }

    #[test]
    fn rows_like_the_last_are_rows() {
        let (mut whole, mut short) = (sample(), sample());
        whole.push(&[Cell::Int(1), Cell::Text("west")]);
        short.push_alike(&[Cell::Int(1)], [[Cell::Text("west")]].into_iter());
        assert_eq!(whole, short);
    }

    #[test]
    fn rows_that_begin_alike_are_rows() {
        let (mut whole, mut short) = (sample(), sample());
        for place in ["west", "east", "north"] {
            whole.push(&[Cell::Int(2), Cell::Text(place)]);
        }
        short.push_alike(&[Cell::Int(2)], ["west", "east", "north"].iter().map(|place| [Cell::Text(place)]));
        assert_eq!(whole, short);
        short.push_alike(&[Cell::Int(5), Cell::Text("nowhere")], [[]; 0].into_iter());
        assert_eq!(whole, short);
        for _ in 0..2 {
            whole.push(&[Cell::Int(3), Cell::Text("south")]);
        }
        short.push_alike(&[Cell::Int(3), Cell::Text("south")], [[]; 2].into_iter());
        assert_eq!(whole, short);
    }

    #[test]
    fn words_are_stored_once() {
        let table = sample();
        let place = table.texts("place").expect("declared above");
        assert_eq!(place.words, ["north", "south"]);
        assert_eq!(place.codes, [0, 1, 0]);
    }

    #[test]
    fn words_are_found_in_whatever_order_they_come() {
        let mut cells = TextCells::default();
        let words: Vec<String> =
            (0_u32..500).map(|i| (i.wrapping_mul(2_654_435_761) >> 25).to_string()).collect();
        words.iter().for_each(|word| cells.push(word));
        assert!(cells.iter().eq(words.iter().map(String::as_str)));
        let distinct: std::collections::BTreeSet<_> = words.iter().collect();
        assert_eq!(cells.words.len(), distinct.len());
        let mut thawed =
            TextCells { codes: cells.codes.clone(), words: cells.words.clone(), ..TextCells::default() };
        thawed.push(&words[7]);
        cells.push(&words[7]);
        assert_eq!(thawed, cells);
    }

    #[test]
    fn appending_renumbers_words() {
        let mut table = sample();
        let mut other = Table::new(
            "sample",
            "one row a day",
            &[("day", Kind::Int, "day", "day of the run"), ("place", Kind::Text, "", "where")],
        );
        other.push(&[Cell::Int(5), Cell::Text("south")]);
        table.append(&other);
        assert_eq!(table.rows(), 4);
        assert_eq!(table.texts("place").expect("declared above").get(3), "south");
        assert_eq!(table.ints("day"), Some(&[0, 0, 1, 5][..]));
    }
}
