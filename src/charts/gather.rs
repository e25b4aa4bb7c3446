//! Runs read replicate by replicate: what the figures need of each is kept, the tables are not.

use super::chart::{Caption, Chart, ChartError};
use super::counts::{Measures, Seats, Support, read_majorities};
use super::events::{read_marks, read_timeline};
use super::gallery::draw;
use super::legend::Legend;
use super::report::{About, page};
use super::run::Run;
use crate::observers::table::TableSet;

/// Gathers what [`super::draw_run`] needs of a run whose tables are never together in memory.
///
/// Of the daily tables it keeps one number a day, group and party; of the others the rows. The figures are the same
/// as those of [`super::draw_run`] on all tables at once.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    /// Tables of names, and those of dates and endings: events, majorities, outcomes.
    small: TableSet,
    timeline: Option<super::calendar::Timeline>,
    by_class: Option<Support>,
    by_place: Option<Support>,
    seats: Option<Seats>,
    measures: Measures,
}

impl Gathering {
    /// Nothing yet but the tables of names.
    #[must_use]
    pub fn new(names: TableSet) -> Self {
        Self { small: names, ..Self::default() }
    }

    /// Adds the replicate that follows those gathered so far.
    ///
    /// # Errors
    /// [`ChartError::Column`] if a table that is there lacks a column.
    pub fn add(&mut self, replicate: &TableSet) -> Result<(), ChartError> {
        if let Some(theirs) = read_timeline(replicate)? {
            let mine = self.timeline.get_or_insert_with(|| theirs.clone());
            mine.first = mine.first.min(theirs.first);
            mine.last = mine.last.max(theirs.last);
        }
        join(&mut self.by_class, Support::read(replicate, "class")?, Support::join);
        join(&mut self.by_place, Support::read(replicate, "place")?, Support::join);
        join(&mut self.seats, Seats::read(replicate, &[])?, Seats::join);
        self.measures.join(Measures::read(replicate)?);
        let kept = ["events", "majorities", "outcome"];
        kept.into_iter().filter_map(|name| replicate.get(name)).for_each(|table| self.small.add(table));
        Ok(())
    }

    /// Draws every figure, and the page that shows them for readers with a browser.
    ///
    /// # Errors
    /// As [`super::draw_run`].
    pub fn draw_with_report(
        self,
        caption: &Caption,
        about: &About,
    ) -> Result<(Vec<Chart>, String), ChartError> {
        let (small, run) = self.into_run(caption)?;
        let charts = run.as_ref().map_or_else(|| Ok(Vec::new()), draw)?;
        Ok((charts, page(run.as_ref(), &small, caption, about)?))
    }

    /// What the figures are drawn from, and the tables that are kept whole.
    fn into_run(self, caption: &Caption) -> Result<(TableSet, Option<Run<'_>>), ChartError> {
        let Some(timeline) = self.timeline else { return Ok((self.small, None)) };
        let majorities = read_majorities(&self.small)?;
        let mut seats = self.seats;
        if let Some(seats) = &mut seats {
            seats.mark_families(&majorities);
        }
        let run = Run {
            caption,
            legend: Legend::read(&self.small),
            marks: read_marks(&self.small, &timeline)?,
            timeline,
            by_class: self.by_class,
            by_place: self.by_place,
            seats,
            majorities,
            measures: self.measures,
        };
        Ok((self.small, Some(run)))
    }
}

fn join<T>(mine: &mut Option<T>, theirs: Option<T>, by: impl FnOnce(&mut T, T)) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => by(mine, theirs),
        (None, theirs) => *mine = theirs,
        (_, None) => {}
    }
}

/// Adds the words of `theirs` that `mine` lacks; where each of theirs now stands.
pub(super) fn united<T: Clone>(mine: &mut Vec<T>, theirs: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<usize> {
    theirs
        .iter()
        .map(|word| {
            mine.iter().position(|w| same(w, word)).unwrap_or_else(|| {
                mine.push(word.clone());
                mine.len() - 1
            })
        })
        .collect()
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
            let mut gathering = Gathering::new(TableSet { tables: names });
            for &replicate in &numbers {
                let tables = daily.iter().map(|t| part(t, replicate)).collect();
                gathering.add(&TableSet { tables }).expect("all tables are there");
            }
            let caption = shape.caption();
            let one = gathering.draw_with_report(&caption, &About::default()).map(|(charts, _)| charts);
            let all = draw_run(&whole, &caption);
            assert_eq!(one.expect("all is there"), all.expect("all is there"), "{shape:?}");
        }
        assert!(several > 0);
    }
}
