//! Places by week: where the leading party was loud, and when.

use super::chart::Chart;
use super::counts::{Support, Voice};
use super::figure::{draw_flags, draw_foot, draw_head, draw_unnamed, provenance};
use super::lettering::{Anchor, Letters, Weight, fit, width_of};
use super::plot::{Edges, draw_time_axis, step_of};
use super::run::Run;
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{Colour, FINE, LABEL_SIZE, MARGIN, MUTED, SOLID, TEXT, TICK_SIZE, WHITE, WIDTH, viridis};

/// Runs longer than this many days are shown by week.
const LONGEST_BY_DAY: f64 = 70.0;

/// A grid of places (rows) by day or week (columns), coloured by the public share of the party that leads at the end.
pub(super) fn places(run: &Run<'_>) -> Option<Chart> {
    let support = run.by_place.as_ref()?;
    let lead = run.leading_party()?;
    let index = support.party(&lead)?;
    let step = if run.timeline.last - run.timeline.first > LONGEST_BY_DAY { 7.0 } else { 1.0 };
    let mut rows: Vec<(String, Vec<(f64, f64)>)> = (0..support.groups.len())
        .map(|place| (support.groups[place].clone(), cells(run, support, place, index, step)))
        .filter(|(_, cells)| !cells.is_empty())
        .collect();
    let last = |cells: &[(f64, f64)]| cells.last().map_or(0.0, |cell| cell.1);
    rows.sort_by(|a, b| last(&b.1).total_cmp(&last(&a.1)));
    if rows.is_empty() {
        return None;
    }
    let party = run.legend.party(&lead);
    let mut sheet = Sheet::default();
    let by = if step > 1.0 { "week by week" } else { "day by day" };
    let how = if support.replicates() > 1 {
        format!(" Medians of {} replicates.", support.replicates())
    } else {
        String::new()
    };
    let title = format!("{} by place", party.label);
    let subtitle = format!(
        "Share of all agents of a place that speak for the party, {by}; places in order of their last value (right).{how}"
    );
    let y = draw_head(&mut sheet, &title, &subtitle, &run.timeline);
    let labels: Vec<String> = rows
        .iter()
        .map(|(place, _)| fit(&run.legend.label("place", place), LABEL_SIZE, Weight::Regular, 220.0))
        .collect();
    let widest = labels.iter().map(|l| width_of(l, LABEL_SIZE, Weight::Regular)).fold(0.0, f64::max);
    let row_height = (430.0 / rows.len() as f64).floor().clamp(16.0, 40.0);
    let (left, right) = (MARGIN + widest + 10.0, WIDTH - MARGIN - 150.0);
    let edges = Edges { left, right, top: y, bottom: y, outer: WIDTH - MARGIN };
    let (top, unnamed) = draw_flags(&mut sheet, run.setting(), edges, y);
    let bottom = top + row_height * rows.len() as f64;
    let highest = rows.iter().flat_map(|(_, cells)| cells).map(|cell| cell.1).fold(0.01, f64::max);
    // The whole range of colours is used: the scale ends at the next twentieth above the highest share.
    let scale = (highest * 20.0 - 1e-9).ceil() / 20.0;
    let span = (run.timeline.first, run.timeline.last);
    for (i, ((_, cells), label)) in rows.iter().zip(&labels).enumerate() {
        let row_top = top + i as f64 * row_height;
        let frame =
            Frame { left, right, top: row_top, bottom: row_top + row_height - 2.0, x: span, y: (0.0, 1.0) };
        let tiles: Vec<(f64, f64, f64, f64, Colour)> = cells
            .iter()
            .map(|&(day, share)| (day, 0.0, (day + step).min(span.1), 1.0, viridis(share / scale)))
            .filter(|tile| tile.2 > tile.0)
            .collect();
        sheet.tiles(&frame, &tiles);
        let middle = row_top + row_height / 2.0 + 4.0;
        let name = Letters::new(LABEL_SIZE, TEXT).anchored(Anchor::End);
        sheet.text(left - 8.0, middle, label, &name);
        let text = format!("{:.0}\u{a0}%", last(cells) * 100.0);
        sheet.text(right + 38.0, middle, &text, &Letters::new(TICK_SIZE, MUTED).anchored(Anchor::End));
    }
    let frame = Frame { left, right, top, bottom, x: span, y: (0.0, 1.0) };
    for mark in &run.marks {
        let x = frame.px(mark.day);
        sheet.stroke(&[(x, top), (x, bottom)], &Stroke { alpha: 0.7, ..Stroke::dashed(WHITE, 1.0, FINE) });
    }
    draw_time_axis(&mut sheet, &frame, &run.timeline);
    draw_colour_bar(&mut sheet, scale, (top, (top + 260.0).min(bottom)));
    let y = draw_unnamed(&mut sheet, run.setting(), &unnamed, bottom + 54.0);
    let height = draw_foot(&mut sheet, &provenance(run.caption), y);
    Some(sheet.finish("places", height, &title))
}

/// The mean of the medians of each step of days.
fn cells(run: &Run<'_>, support: &Support, place: usize, party: usize, step: f64) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64, f64)> = Vec::new();
    for band in support.bands(Voice::Public, Some(place), party) {
        let start = run.timeline.first + ((band.day - run.timeline.first) / step).floor() * step;
        match found.last_mut() {
            Some(cell) if (cell.0 - start).abs() < 0.5 => {
                cell.1 += band.q[2];
                cell.2 += 1.0;
            }
            _ => found.push((start, band.q[2], 1.0)),
        }
    }
    found.into_iter().map(|(start, sum, count)| (start, sum / count)).collect()
}

fn draw_colour_bar(sheet: &mut Sheet, scale: f64, (top, bottom): (f64, f64)) {
    let (left, right) = (WIDTH - MARGIN - 62.0, WIDTH - MARGIN - 46.0);
    let steps = 64;
    let frame = Frame { left, right, top, bottom, x: (0.0, 1.0), y: (0.0, 1.0) };
    let tiles: Vec<_> = (0..steps)
        .map(|i| {
            let at = |i: usize| i as f64 / f64::from(64_u8);
            (0.0, at(i), 1.0, at(i + 1), viridis(at(i)))
        })
        .collect();
    sheet.tiles(&frame, &tiles);
    let step = step_of(scale, if bottom - top > 120.0 { 5 } else { 2 });
    let mut value = 0.0;
    while value <= scale + 1e-9 {
        let y = frame.py(value / scale);
        sheet.stroke(&[(right, y), (right + 4.0, y)], &Stroke::dashed(MUTED, 0.8, SOLID));
        let text = format!("{:.0}\u{a0}%", value * 100.0);
        sheet.text(right + 7.0, y + 4.4, &text, &Letters::new(TICK_SIZE, MUTED));
        value += step;
    }
}
