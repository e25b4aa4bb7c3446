//! Every figure of one run.

use super::calendar::Timeline;
use super::chart::{Caption, Chart, ChartError};
use super::counts::{Majority, Measures, Seats, Support, Voice, read_majorities};
use super::events::{Mark, read_marks, read_timeline};
use super::figure::Setting;
use super::legend::{Legend, PartyKind};
use super::{bodies, grid, indices, series};
use crate::observers::table::TableSet;

/// The tables of a run, read once for all figures.
#[derive(Clone, Debug)]
pub(super) struct Run<'a> {
    pub(super) caption: &'a Caption,
    pub(super) legend: Legend,
    pub(super) timeline: Timeline,
    pub(super) marks: Vec<Mark>,
    pub(super) by_class: Option<Support>,
    pub(super) by_place: Option<Support>,
    pub(super) seats: Option<Seats>,
    pub(super) majorities: Vec<Majority>,
    pub(super) measures: Measures,
}

/// Draws every figure for which `tables` has what it needs.
///
/// The names of the charts are `soviet_composition`, `majorities`, `support_by_class`, `private_and_public`,
/// `bodies_by_level`, `polarization`, `authority`, `places` and `action`. With several replicates lines are medians
/// with 50 % and 90 % bands. Cost: one pass over each table; memory about eight bytes per row.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column; a missing or empty table only leaves out figures.
///
/// ```
/// use october::charts::{Caption, draw_run};
/// use october::observers::table::TableSet;
///
/// let charts = draw_run(&TableSet::default(), &Caption::default()).expect("nothing to read, nothing to fail");
/// assert!(charts.is_empty());
/// ```
pub fn draw_run(tables: &TableSet, caption: &Caption) -> Result<Vec<Chart>, ChartError> {
    let Some(run) = Run::read(tables, caption)? else { return Ok(Vec::new()) };
    let figures = [
        bodies::composition(&run),
        bodies::majorities(&run),
        series::support_by_class(&run),
        series::private_and_public(&run),
        bodies::by_level(&run),
        indices::polarization(&run),
        indices::authority(&run),
        indices::action(&run),
    ];
    let mut charts = Vec::new();
    for figure in figures.into_iter().flatten() {
        charts.push(figure.draw(run.setting())?);
    }
    charts.extend(grid::places(&run)?);
    Ok(charts)
}

impl<'a> Run<'a> {
    /// Reads everything; `None` if no daily table has any row.
    pub(super) fn read(tables: &TableSet, caption: &'a Caption) -> Result<Option<Self>, ChartError> {
        let Some(timeline) = read_timeline(tables)? else { return Ok(None) };
        let majorities = read_majorities(tables)?;
        Ok(Some(Self {
            caption,
            legend: Legend::read(tables),
            marks: read_marks(tables, &timeline)?,
            timeline,
            by_class: Support::read(tables, "class")?,
            by_place: Support::read(tables, "place")?,
            seats: Seats::read(tables, &majorities)?,
            majorities,
            measures: Measures::read(tables)?,
        }))
    }

    pub(super) fn setting(&self) -> Setting<'_> {
        Setting { timeline: &self.timeline, marks: &self.marks, caption: self.caption }
    }

    /// The largest number of replicates that any table has.
    pub(super) fn replicates(&self) -> usize {
        let support = self.by_class.as_ref().map_or(1, |s| s.replicates);
        let seats = self.seats.as_ref().map_or(1, |s| s.replicates);
        support.max(seats).max(self.measures.replicates)
    }

    /// How uncertainty is drawn, in words; nothing for a single replicate.
    pub(super) fn bands_in_words(&self) -> String {
        bands_in_words(self.replicates())
    }

    /// The party that leads in the bodies at the end or, where there are none, that most people speak for.
    pub(super) fn leading_party(&self) -> Option<String> {
        let in_bodies = self.leading_in_bodies();
        if let Some(lead) = in_bodies.filter(|name| self.legend.party(name).kind == PartyKind::Party) {
            return Some(lead);
        }
        let support = self.by_class.as_ref()?;
        let last = |p: usize| support.bands(Voice::Public, None, p).last().map_or(f64::NAN, |b| b.q[2]);
        let parties = (0..support.parties.len())
            .filter(|&p| self.legend.party(&support.parties[p]).kind == PartyKind::Party);
        let best = parties.max_by(|&a, &b| last(a).total_cmp(&last(b)))?;
        Some(support.parties[best].clone())
    }

    /// The party or bloc that holds most seats at the end, each level of bodies counting the same.
    pub(super) fn leading_in_bodies(&self) -> Option<String> {
        let seats = self.seats.as_ref()?;
        let last = |p: usize| -> f64 {
            let ends = seats
                .levels
                .iter()
                .filter_map(|level| seats.bands(&seats.of_level(level), p).last().copied());
            ends.map(|b| b.q[2]).sum()
        };
        let parties = (0..seats.parties.len()).filter(|&p| {
            matches!(self.legend.party(&seats.parties[p]).kind, PartyKind::Party | PartyKind::Bloc)
        });
        let best = parties.max_by(|&a, &b| last(a).total_cmp(&last(b)))?;
        Some(seats.parties[best].clone())
    }
}

/// How uncertainty over `replicates` is drawn, in words that end a subtitle.
pub(super) fn bands_in_words(replicates: usize) -> String {
    if replicates > 1 {
        format!(" Lines are medians of {replicates} replicates, bands hold 50\u{a0}% and 90\u{a0}% of them.")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::raster::read_svg;
    use super::super::synthetic::{Shape, check_sheet, tables};
    use super::*;
    use crate::observers::table::{Kind, Table};

    #[test]
    fn every_figure_is_drawn_whole_and_legible() {
        for shape in Shape::ALL {
            let charts = draw_run(&tables(shape, 0.0), &shape.caption()).expect("all tables are there");
            let names: Vec<_> = charts.iter().map(|chart| chart.name.as_str()).collect();
            assert_eq!(
                names,
                [
                    "soviet_composition",
                    "majorities",
                    "support_by_class",
                    "private_and_public",
                    "bodies_by_level",
                    "polarization",
                    "authority",
                    "action",
                    "places"
                ]
            );
            for chart in &charts {
                check_sheet(&format!("{shape:?} {}", chart.name), &chart.svg);
            }
        }
    }

    #[test]
    fn missing_tables_leave_figures_out() {
        let mut some = tables(Shape::ALL[0], 0.0);
        some.tables.retain(|table| table.name == "measures");
        let charts = draw_run(&some, &Caption::default()).expect("what is there is complete");
        let names: Vec<_> = charts.iter().map(|chart| chart.name.as_str()).collect();
        assert_eq!(names, ["polarization", "authority", "action"]);
        assert!(charts.iter().all(|chart| read_svg(&chart.svg).is_ok()));
    }

    #[test]
    fn odd_tables_draw_what_they_can_without_a_panic() {
        use crate::observers::table::Cell;
        let columns = [
            ("replicate", Kind::Int, "", ""),
            ("day", Kind::Int, "", ""),
            ("date_os", Kind::Text, "", ""),
            ("measure", Kind::Text, "", ""),
            ("scope", Kind::Text, "", ""),
            ("value", Kind::Real, "", ""),
        ];
        let mut measures = Table::new("measures", "odd", &columns);
        for measure in ["esteban_ray", "agreement", "strikers", "soviet_authority", "government_authority"] {
            for (replicate, day, value) in
                [(7, 3, f64::NAN), (7, 3, -0.5), (9, 3, f64::INFINITY), (9, 3, 0.0)]
            {
                let cells =
                    [Cell::Int(replicate), Cell::Int(day), Cell::Text("no date"), Cell::Text(measure)];
                measures.push(&[
                    cells[0],
                    cells[1],
                    cells[2],
                    cells[3],
                    Cell::Text("all"),
                    Cell::Real(value),
                ]);
            }
        }
        let charts = draw_run(&TableSet { tables: vec![measures] }, &Caption::default());
        for chart in charts.expect("all columns are there") {
            assert!(!chart.svg.contains("NaN") && read_svg(&chart.svg).is_ok(), "{}", chart.name);
        }
    }

    #[test]
    fn a_missing_column_is_an_error_that_names_it() {
        let columns = [("day", Kind::Int, "", ""), ("replicate", Kind::Int, "", "")];
        let mut table = Table::new("support", "odd", &columns);
        table.push(&[crate::observers::table::Cell::Int(0), crate::observers::table::Cell::Int(0)]);
        let error = draw_run(&TableSet { tables: vec![table] }, &Caption::default());
        assert!(matches!(error, Err(ChartError::Column { column, .. }) if column == "class"));
    }
}
