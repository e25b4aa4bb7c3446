//! Charts into a run folder.

use std::path::Path;

use super::failure::Failure;
use crate::charts::{About, Chart, ChartError, Drawing, rasterise};
use crate::engine::side_by_side;
use crate::output::Draft;

/// Pixels of a PNG for each unit of the drawing: 1800 across. Whoever needs more has the SVG.
const PNG_SCALE: f32 = 1.5;

/// What is made of a run beside each other.
enum Made {
    Page(String),
    /// A chart and its image.
    Chart(Chart, Vec<u8>),
    Nothing,
}

/// Writes each chart as SVG and PNG; their names, in order.
pub(super) fn write_charts(
    draft: &mut Draft,
    drawn: Result<Vec<Chart>, ChartError>,
) -> Result<Vec<String>, Failure> {
    let charts = drawn.map_err(chart_failure)?;
    let images = side_by_side(charts.len(), 0, |index| image_of(&charts[index]));
    let with_image = |(chart, image): (_, Result<_, _>)| image.map(|image| Made::Chart(chart, image));
    write(draft, charts.into_iter().zip(images).map(with_image))
}

/// Draws a run sheet by sheet and writes what [`write_charts`] writes, and the page that shows them.
pub(super) fn write_charts_and_page(
    draft: &mut Draft,
    drawing: &Drawing<'_>,
    about: &About,
) -> Result<Vec<String>, Failure> {
    // What takes longest begins first: the places, which are many and the last sheet, and the page.
    let places = drawing.sheets().checked_sub(1);
    let sheet = |sheet| match drawing.sheet(sheet)? {
        Some(chart) => image_of(&chart).map(|image| Made::Chart(chart, image)),
        None => Ok(Made::Nothing),
    };
    let mut made = side_by_side(2 + places.unwrap_or(0), 0, |job| match job {
        0 => places.map_or(Ok(Made::Nothing), sheet),
        1 => drawing.page(about).map(Made::Page),
        _ => sheet(job - 2),
    });
    made.rotate_left(1);
    write(draft, made)
}

fn image_of(chart: &Chart) -> Result<Vec<u8>, ChartError> {
    rasterise(chart, PNG_SCALE)
}

fn write(
    draft: &mut Draft,
    made: impl IntoIterator<Item = Result<Made, ChartError>>,
) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for made in made {
        match made.map_err(chart_failure)? {
            Made::Page(page) => draft.write_text("report.html", &page)?,
            Made::Chart(chart, png) => {
                draft.write_text(&format!("charts/{}.svg", chart.name), &chart.svg)?;
                draft.write_bytes(&format!("charts/{}.png", chart.name), &png)?;
                names.push(chart.name);
            }
            Made::Nothing => {}
        }
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
