//! Runs read replicate by replicate: what the figures need of each is kept, the tables are not.

use super::calendar::Timeline;
use super::chart::{Caption, Chart, ChartError};
use super::columns::Rows;
use super::counts::{Measures, Seats, Support, filled};
use super::events::{Marks, read_timeline};
use super::gallery::{SHEETS, draw_sheet};
use super::legend::Legend;
use super::majorities::Majorities;
use super::report::{About, page};
use super::run::Run;
use super::shelf::{Medium, Shelf};
use crate::observers::table::TableSet;
use std::io::Cursor;
use std::sync::{Arc, OnceLock};

/// Gathers what the figures need of a run whose tables are never together in memory.
///
/// The daily courses of the first replicates stay in memory, 32 MB of them, and those of the others wait in a medium, such as
/// a file without a name, with a few numbers a replicate in memory: it hardly grows with them. The figures are the same as those of [`super::draw_run`] on all tables at once.
pub struct Gathering {
    shelf: Arc<Shelf>,
    /// Tables of names, and how the replicates ended.
    small: TableSet,
    timeline: Option<Timeline>,
    marks: Marks,
    by_class: Support,
    by_place: Support,
    seats: Seats,
    majorities: Majorities,
    measures: Measures,
}

impl Gathering {
    /// Nothing yet but the tables of names. Courses go to `medium`.
    #[must_use]
    pub fn new(names: TableSet, medium: Box<dyn Medium>) -> Self {
        let shelf = Shelf::new(medium);
        Self {
            small: names,
            timeline: None,
            marks: Marks::default(),
            by_class: Support::new(&shelf),
            by_place: Support::new(&shelf),
            seats: Seats::new(&shelf),
            majorities: Majorities::new(&shelf),
            measures: Measures::new(&shelf),
            shelf,
        }
    }

    /// All replicates of `tables`, in memory.
    ///
    /// # Errors
    /// As [`Gathering::add`].
    pub fn of(tables: &TableSet) -> Result<Self, ChartError> {
        let mut all = Self::new(TableSet::default(), Box::new(Cursor::new(Vec::new())));
        all.small.tables = ["parties", "names"].iter().filter_map(|name| tables.get(name).cloned()).collect();
        all.add(tables)?;
        Ok(all)
    }

    /// Adds the replicate that follows those gathered so far, or several.
    ///
    /// # Errors
    /// [`ChartError::Column`] if a table that is there lacks a column, [`ChartError::Shelf`] if the medium fails.
    pub fn add(&mut self, replicate: &TableSet) -> Result<(), ChartError> {
        if let Some(theirs) = read_timeline(replicate)? {
            let mine = self.timeline.get_or_insert_with(|| theirs.clone());
            mine.first = mine.first.min(theirs.first);
            mine.last = mine.last.max(theirs.last);
            self.seats.add(replicate)?;
            self.majorities.add(replicate, &self.seats, theirs.first as i64..=theirs.last as i64)?;
        }
        self.marks.add(replicate)?;
        if let Some(support) = filled(replicate, "support") {
            let rows = Rows::read(support)?;
            self.by_class.add(support, &rows, "class")?;
            self.by_place.add(support, &rows, "place")?;
        }
        self.measures.add(replicate)?;
        if let Some(outcome) = replicate.get("outcome") {
            self.small.add(outcome);
        }
        self.shelf.check()
    }

    /// What is drawn from once all is gathered.
    #[must_use]
    pub fn into_drawing(self, caption: &Caption) -> Drawing<'_> {
        let (small, run) = self.into_run(caption);
        Drawing { small, run, caption }
    }

    /// What the figures are drawn from, and the tables that are kept whole; no run if no daily table has any row.
    pub(super) fn into_run(self, caption: &Caption) -> (TableSet, Option<Run<'_>>) {
        let Some(timeline) = self.timeline else { return (self.small, None) };
        let mut seats = self.seats;
        seats.mark_families(&self.majorities);
        let run = Run {
            caption,
            legend: Legend::read(&self.small),
            marks: self.marks.within(&timeline),
            timeline,
            by_class: Some(self.by_class).filter(|support| support.replicates() > 0),
            by_place: Some(self.by_place).filter(|support| support.replicates() > 0),
            seats: Some(seats).filter(|seats| seats.replicates() > 0),
            majorities: self.majorities,
            measures: self.measures,
            shelf: self.shelf,
            leading_in_bodies: OnceLock::new(),
        };
        (self.small, Some(run))
    }
}

/// A run of which all is gathered.
pub struct Drawing<'a> {
    small: TableSet,
    run: Option<Run<'a>>,
    caption: &'a Caption,
}

impl Drawing<'_> {
    /// Sheets that can be drawn beside each other, in the order of the figures.
    #[must_use]
    pub fn sheets(&self) -> usize {
        self.run.as_ref().map_or(0, |_| SHEETS)
    }

    /// The figure on one of the [`Drawing::sheets`], if there is anything to show.
    ///
    /// # Errors
    /// [`ChartError::Shelf`] if the medium fails, and as [`super::draw_run`].
    pub fn sheet(&self, sheet: usize) -> Result<Option<Chart>, ChartError> {
        self.run.as_ref().map_or(Ok(None), |run| draw_sheet(run, sheet))
    }

    /// The page that shows them for readers with a browser.
    ///
    /// # Errors
    /// As [`Drawing::sheet`].
    pub fn page(&self, about: &About) -> Result<String, ChartError> {
        page(self.run.as_ref(), &self.small, self.caption, about)
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw_run;
    use super::super::synthetic::{Shape, tables};
    use super::*;
    use crate::observers::table::Table;

    /// The rows of one replicate of a table.
    fn part(table: &Table, replicate: i64) -> Table {
        let numbers = table.ints("replicate").expect("it has replicates");
        let mut part = table.emptied();
        for row in (0..table.rows()).filter(|&row| numbers[row] == replicate) {
            let cells: Vec<_> = (0..table.cells().len()).map(|column| table.cell(column, row)).collect();
            part.push(&cells);
        }
        part
    }

    #[test]
    fn replicates_one_by_one_are_drawn_like_all_at_once() {
        let mut several = 0;
        for shape in Shape::ALL {
            let whole = tables(shape, 0.0);
            let (daily, names): (Vec<Table>, Vec<Table>) =
                whole.tables.iter().cloned().partition(|t| t.ints("replicate").is_some());
            let mut numbers: Vec<i64> =
                daily.iter().flat_map(|t| t.ints("replicate").expect("chosen for it").to_vec()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            several += usize::from(numbers.len() > 1);
            let mut gathering = Gathering::new(TableSet { tables: names }, Box::new(Cursor::new(Vec::new())));
            for &replicate in &numbers {
                let tables = daily.iter().map(|t| part(t, replicate)).collect();
                gathering.add(&TableSet { tables }).expect("all tables are there");
            }
            let caption = shape.caption();
            let drawing = gathering.into_drawing(&caption);
            let one: Vec<_> = (0..drawing.sheets())
                .filter_map(|sheet| drawing.sheet(sheet).expect("all is there"))
                .collect();
            let all = draw_run(&whole, &caption);
            assert_eq!(one, all.expect("all is there"), "{shape:?}");
        }
        assert!(several > 0);
    }
}
