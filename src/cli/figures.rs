//! Charts into a run folder.

use std::path::Path;

use super::failure::Failure;
use crate::charts::{Chart, ChartError, rasterise};
use crate::engine::side_by_side;
use crate::output::Draft;

/// Pixels of a PNG for each unit of the drawing.
const PNG_SCALE: f32 = 2.0;

/// Writes each chart as SVG and PNG; their names, in order.
pub(super) fn write_charts(
    draft: &mut Draft,
    drawn: Result<Vec<Chart>, ChartError>,
) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    let charts = drawn.map_err(chart_failure)?;
    let images = side_by_side(charts.len(), 0, |index| rasterise(&charts[index].svg, PNG_SCALE));
    for (chart, image) in charts.into_iter().zip(images) {
        let png = image.map_err(chart_failure)?;
        draft.write_text(&format!("charts/{}.svg", chart.name), &chart.svg)?;
        draft.write_bytes(&format!("charts/{}.png", chart.name), &png)?;
        names.push(chart.name);
    }
    Ok(names)
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
