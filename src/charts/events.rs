//! The events that figures mark: those the scenario gave a label, and the days a figure spans.

use super::calendar::{Date, Timeline};
use super::chart::ChartError;
use super::columns::{numbers, texts};
use super::counts::filled;
use super::quantiles::median;
use crate::observers::table::TableSet;
use std::collections::BTreeMap;

/// A labelled event, once for all replicates.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Median over the replicates in which it happened.
    pub(super) day: f64,
    pub(super) label: String,
    /// In how many replicates it happened: the surer event keeps its label when room is short.
    pub(super) weight: f64,
}

/// First days of the labelled events, by label and replicate.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks(Vec<(String, Vec<f32>)>);

impl Marks {
    /// Adds the replicates of a table of events, if there is one.
    pub(super) fn add(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "events") else { return Ok(()) };
        let Some(label) = table.texts("label") else { return Ok(()) };
        let (day, replicate) = (numbers(table, "day")?, numbers(table, "replicate")?);
        let mut firsts: BTreeMap<(u32, i64), f64> = BTreeMap::new();
        for row in (0..table.rows()).filter(|&row| !label.get(row).trim().is_empty()) {
            let first = firsts.entry((label.codes[row], replicate.at(row) as i64)).or_insert(f64::INFINITY);
            *first = first.min(day.at(row));
        }
        for ((code, _), first) in firsts {
            let label = label.words[code as usize].trim();
            match self.0.iter_mut().find(|(known, _)| known == label) {
                Some((_, days)) => days.push(first as f32),
                None => self.0.push((label.to_owned(), vec![first as f32])),
            }
        }
        Ok(())
    }

    /// Those within the timeline, in order of their days.
    pub(super) fn within(&self, timeline: &Timeline) -> Vec<Mark> {
        let mark = |(label, days): &(String, Vec<f32>)| {
            let days: Vec<f64> = days.iter().map(|day| f64::from(*day)).collect();
            Some(Mark { day: median(&days)?.round(), label: label.clone(), weight: days.len() as f64 })
        };
        let shown = |mark: &Mark| (timeline.first..=timeline.last).contains(&mark.day);
        let mut marks: Vec<Mark> = self.0.iter().filter_map(mark).filter(shown).collect();
        marks.sort_by(|a, b| a.day.total_cmp(&b.day));
        marks
    }
}

/// The days that the daily tables span, with their dates; `None` if none of them has any row.
pub(super) fn read_timeline(tables: &TableSet) -> Result<Option<Timeline>, ChartError> {
    let mut found: Option<Timeline> = None;
    for table in ["support", "bodies", "measures", "power"].iter().filter_map(|name| filled(tables, name)) {
        let day = numbers(table, "day")?;
        let (first, last) = day.extent(table.rows());
        let first_row = (0..table.rows()).find(|&row| day.at(row) == first).unwrap_or(0);
        let date = |name: &str| texts(table, name).ok().and_then(|cells| Date::parse(cells.get(first_row)));
        let (old, new) = (date("date_os"), date("date_ns"));
        let timeline = found.get_or_insert(Timeline { first, last, origin: None, old_style: false });
        timeline.first = timeline.first.min(first);
        timeline.last = timeline.last.max(last);
        // Only `support` has both dates: it says which calendar the others are in.
        timeline.old_style |= old.zip(new).is_some_and(|(old, new)| old != new);
        if timeline.origin.is_none() {
            let here = Timeline { first: 0.0, last: 0.0, origin: old, old_style: timeline.old_style };
            timeline.origin = here.date(-first);
        }
    }
    if let Some(timeline) = &mut found
        && timeline.last <= timeline.first
    {
        timeline.last = timeline.first + 1.0;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observers::table::{Cell, Kind, Table};

    #[test]
    fn an_event_is_marked_once_at_its_median_day() {
        let columns = [
            ("replicate", Kind::Int, "", ""),
            ("day", Kind::Int, "day", ""),
            ("event", Kind::Text, "", ""),
            ("label", Kind::Text, "", ""),
        ];
        let mut table = Table::new("events", "an event", &columns);
        for (r, day, label) in
            [(0, 3, "strike"), (0, 9, "strike"), (1, 5, "strike"), (2, 7, "strike"), (0, 1, "")]
        {
            table.push(&[Cell::Int(r), Cell::Int(day), Cell::Text("e"), Cell::Text(label)]);
        }
        let tables = TableSet { tables: vec![table] };
        let timeline = Timeline { first: 0.0, last: 20.0, origin: None, old_style: false };
        let mut marks = Marks::default();
        marks.add(&tables).expect("all columns are there");
        assert_eq!(marks.within(&timeline), [Mark { day: 5.0, label: "strike".to_owned(), weight: 3.0 }]);
    }
}
