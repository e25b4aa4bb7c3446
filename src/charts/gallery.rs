//! Every figure of one run.

use super::chart::{Caption, Chart, ChartError};
use super::figure::Figure;
use super::gather::Gathering;
use super::run::Run;
use super::{bodies, grid, indices, series};
use crate::observers::table::TableSet;

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
    let drawing = Gathering::of(tables)?.into_drawing(caption);
    (0..drawing.sheets()).filter_map(|sheet| drawing.sheet(sheet).transpose()).collect()
}

/// The figures of a run, in order; the places come after them.
const FIGURES: [fn(&Run<'_>) -> Option<Figure>; 8] = [
    bodies::composition,
    bodies::majorities,
    series::support_by_class,
    series::private_and_public,
    bodies::by_level,
    indices::polarization,
    indices::authority,
    indices::action,
];

/// Sheets that can be drawn beside each other.
pub(super) const SHEETS: usize = FIGURES.len() + 1;

/// One of [`SHEETS`], if there is anything on it.
pub(super) fn draw_sheet(run: &Run<'_>, sheet: usize) -> Result<Option<Chart>, ChartError> {
    let chart = match FIGURES.get(sheet) {
        Some(figure) => figure(run).map(|figure| figure.draw(run.setting())),
        None => grid::places(run),
    };
    run.shelf.check()?;
    Ok(chart)
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::{Shape, check_sheet, read_svg, tables};
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
