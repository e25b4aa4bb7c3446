//! Charts into a run folder.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::failure::Failure;
use crate::charts::{About, Chart, ChartError, Drawing, rasterise};
use crate::engine::side_by_side;
use crate::output::Draft;

/// Pixels of a PNG for each unit of the drawing: 1800 across. Whoever needs more has the SVG.
const PNG_SCALE: f32 = 1.5;

/// A run folder that is written to by whoever has made a file of it.
type Shared<'a> = Mutex<&'a mut Draft>;

/// Writes each chart as SVG and PNG; their names, in order.
pub(super) fn write_charts(
    draft: &mut Draft,
    drawn: Result<Vec<Chart>, ChartError>,
) -> Result<Vec<String>, Failure> {
    let charts = drawn.map_err(chart_failure)?;
    let draft = Mutex::new(draft);
    side_by_side(charts.len(), 0, |index| write_chart(&draft, &charts[index])).into_iter().collect()
}

/// Draws a run sheet by sheet and writes what [`write_charts`] writes, and the page that shows them, which is also `about`
/// the run.
pub(super) fn write_charts_and_page(
    draft: &mut Draft,
    drawing: &Drawing<'_>,
    about: impl Fn() -> About + Sync,
) -> Result<Vec<String>, Failure> {
    let draft = Mutex::new(draft);
    // What takes longest begins first: the places, which are many and the last sheet, and the page.
    let places = drawing.sheets().checked_sub(1);
    let write_sheet = |sheet| match drawing.sheet(sheet).map_err(chart_failure)? {
        Some(chart) => write_chart(&draft, &chart).map(Some),
        None => Ok(None),
    };
    let write_page = || {
        let page = drawing.page(&about()).map_err(chart_failure)?;
        Ok(lock(&draft).write_text("report.html", &page)?)
    };
    let mut names = side_by_side(2 + places.unwrap_or(0), 0, |job| match job {
        0 => places.map_or(Ok(None), write_sheet),
        1 => write_page().map(|()| None),
        _ => write_sheet(job - 2),
    });
    names.rotate_left(1);
    names.into_iter().filter_map(Result::transpose).collect()
}

/// Writes a chart as SVG and PNG; its name.
fn write_chart(draft: &Shared<'_>, chart: &Chart) -> Result<String, Failure> {
    let image = rasterise(chart, PNG_SCALE).map_err(chart_failure)?;
    let mut draft = lock(draft);
    draft.write_text(&format!("charts/{}.svg", chart.name), &chart.svg)?;
    draft.write_bytes(&format!("charts/{}.png", chart.name), &image)?;
    Ok(chart.name.clone())
}

fn lock<'l, 'd>(draft: &'l Shared<'d>) -> MutexGuard<'l, &'d mut Draft> {
    draft.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the charts of a folder lie, a line each.
pub(super) fn lines_of_charts(folder: &Path, drawn: &[String]) -> String {
    let line = |(index, name): (usize, &String)| {
        let word = if index == 0 { "charts" } else { "      " };
        format!("  {word}  {}\n", folder.join("charts").join(format!("{name}.png")).display())
    };
    drawn.iter().enumerate().map(line).collect()
}

/// A chart that could not be drawn.
pub(super) fn chart_failure(error: ChartError) -> Failure {
    Failure::usage(
        format!("could not draw the charts: {error}"),
        "run with --no-charts; the tables are complete",
    )
}
