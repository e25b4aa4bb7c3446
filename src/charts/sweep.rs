//! Outcomes over settings: heat maps, phase boundaries, lines with bands.

use super::calendar::{Date, Timeline, number_of};
use super::chart::{Caption, Chart, ChartError};
use super::columns::{numbers, texts};
use super::counts::filled;
use super::facts::UNDATED;
use super::figure::{draw_foot, draw_head, provenance};
use super::lettering::{Anchor, Letters, Weight, fit, width_of};
use super::plot::{Format, step_of};
use super::quantiles::{quantile, sorted};
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{
    AXIS, Colour, DASHED, GRID, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, OKABE_ITO, PANEL_TITLE_SIZE, TEXT,
    TICK_SIZE, WHITE, WIDTH, viridis,
};
use crate::observers::table::TableSet;

/// Most levels of an axis that are drawn one by one; beyond, points are.
const MOST_LEVELS: usize = 24;
const NEVER: Colour = Colour(0xd0, 0xd3, 0xd7);

/// A key and the levels it takes, in order.
struct Axis {
    name: String,
    /// Where each level lies, and how it is written.
    levels: Vec<(f64, String)>,
}

/// One trial: the level of each axis, and the value; NaN where it never came.
struct Trial {
    levels: Vec<usize>,
    value: f64,
}

/// What an outcome is and how its values are written.
struct Outcome<'a> {
    name: &'a str,
    unit: &'a str,
    timeline: &'a Timeline,
}

impl Outcome<'_> {
    fn is_chance(&self) -> bool {
        self.unit == "0 or 1"
    }

    fn format(&self) -> Format {
        if self.is_chance() || self.unit == "share" { Format::Percent } else { Format::Plain }
    }

    fn write(&self, value: f64, step: f64) -> String {
        match self.unit {
            "day" => self.timeline.short(value),
            _ => self.format().write(value, step),
        }
    }

    /// Middle of some values: a mean; of days the median, where never is later than all. `None` if that is never.
    fn middle(&self, values: &[f64]) -> Option<f64> {
        let came = sorted(values.iter().copied());
        if came.is_empty() || (self.unit == "day" && came.len() * 2 <= values.len()) {
            return None;
        }
        if self.unit != "day" {
            return Some(came.iter().sum::<f64>() / came.len() as f64);
        }
        came.get((values.len() - 1) / 2).copied()
    }
}

/// Draws a figure for each outcome of the table `sweep`, named `sweep_1` and so on. `first_day` is the date of day 0.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column.
pub fn draw_sweep(tables: &TableSet, caption: &Caption, first_day: &str) -> Result<Vec<Chart>, ChartError> {
    let Some(table) = filled(tables, "sweep") else { return Ok(Vec::new()) };
    let timeline = Timeline { origin: Date::parse(first_day), ..UNDATED };
    let (outcome, unit, value) = (texts(table, "outcome")?, texts(table, "unit")?, numbers(table, "value")?);
    let keys: Vec<&str> = table.headings().iter().map(|h| h.name.as_str()).collect();
    let last = keys.iter().position(|k| *k == "replicate").unwrap_or(1);
    let (mut axes, mut places) = (Vec::new(), Vec::new());
    for &key in &keys[1..last] {
        let column = numbers(table, key)?;
        let number = |row: usize| match table.texts(key) {
            Some(dates) => Date::parse(dates.get(row)).map_or(f64::NAN, |d| number_of(d, false) as f64),
            None => column.at(row),
        };
        let mut levels: Vec<f64> = (0..table.rows()).map(number).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let at: Vec<usize> =
            (0..table.rows()).map(|row| levels.partition_point(|l| *l < number(row))).collect();
        let span = levels.last().unwrap_or(&1.0) - levels.first().unwrap_or(&0.0);
        let words = |row: Option<usize>, level: f64| match (table.texts(key), row) {
            (Some(dates), Some(row)) => Date::parse(dates.get(row)).map_or_else(String::new, Date::short),
            _ => short(level, span),
        };
        let levels = levels
            .iter()
            .enumerate()
            .map(|(i, &level)| (level, words(at.iter().position(|a| *a == i), level)))
            .collect();
        axes.push(Axis { name: key.to_owned(), levels });
        places.push(at);
    }
    let mut charts = Vec::new();
    for (number, word) in outcome.words.iter().enumerate() {
        let rows: Vec<usize> = (0..table.rows()).filter(|&row| outcome.get(row) == word).collect();
        let Some(&row) = rows.first() else { continue };
        let shown = Outcome { name: word, unit: unit.get(row), timeline: &timeline };
        let trials: Vec<Trial> = rows
            .iter()
            .map(|&row| Trial { levels: places.iter().map(|at| at[row]).collect(), value: value.at(row) })
            .collect();
        charts.push(figure(number, &shown, &axes, &trials, caption));
    }
    Ok(charts)
}

/// A number in no more digits than its neighbours need.
fn short(value: f64, span: f64) -> String {
    let text = Format::Plain.write(value, step_of(span.abs().max(1e-9) / 20.0, 1));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn figure(number: usize, outcome: &Outcome<'_>, axes: &[Axis], trials: &[Trial], caption: &Caption) -> Chart {
    let mut sheet = Sheet::default();
    let title = outcome.name;
    let how_to_read = match outcome.unit {
        "0 or 1" => {
            "Share of replicates in which it came about. Bands: 95\u{a0}% intervals of the share (Wilson). The \
                     white line on a map: as likely as not."
        }
        "day" => {
            "Median day over replicates; grey where it does not come in half of them. Bands: 50 and 90\u{a0}% of the \
                  replicates in which it came."
        }
        _ => "Mean over replicates on the map; medians with bands of 50 and 90\u{a0}% below.",
    };
    let subtitle = format!("Over {}. {how_to_read}", names(axes));
    let mut y = draw_head(&mut sheet, title, &subtitle, &UNDATED) + 8.0;
    if let Some(map) = map_of(axes, trials, outcome) {
        y = draw_map(&mut sheet, &map, outcome, axes, y);
    }
    for pair in (0..axes.len()).collect::<Vec<_>>().chunks(2) {
        for (column, &axis) in pair.iter().enumerate() {
            draw_lines(&mut sheet, outcome, (axes, axis), trials, (column, y));
        }
        y += 340.0;
    }
    let height = draw_foot(&mut sheet, &provenance(caption), y + 6.0);
    sheet.finish(&format!("sweep_{}", number + 1), height, title)
}

fn names(axes: &[Axis]) -> String {
    axes.iter().map(|axis| axis.name.as_str()).collect::<Vec<_>>().join(" and ")
}

/// Middle of every combination of the levels of the first two axes, over whatever else varies; by the second axis, then
/// the first. `None` if there are fewer than two axes, or they were not combined.
fn map_of(axes: &[Axis], trials: &[Trial], outcome: &Outcome<'_>) -> Option<Vec<Vec<Option<f64>>>> {
    let [first, second, ..] = axes else { return None };
    if first.levels.len() > MOST_LEVELS || second.levels.len() > MOST_LEVELS {
        return None;
    }
    let mut values = vec![vec![Vec::new(); first.levels.len()]; second.levels.len()];
    for trial in trials {
        values[trial.levels[1]][trial.levels[0]].push(trial.value);
    }
    if values.iter().flatten().any(Vec::is_empty) {
        return None;
    }
    Some(values.iter().map(|row| row.iter().map(|cell| outcome.middle(cell)).collect()).collect())
}

fn draw_map(
    sheet: &mut Sheet,
    map: &[Vec<Option<f64>>],
    outcome: &Outcome<'_>,
    axes: &[Axis],
    y: f64,
) -> f64 {
    let (columns, rows) = (map[0].len(), map.len());
    let finite: Vec<f64> = map.iter().flatten().flatten().copied().collect();
    let (low, high) = if outcome.is_chance() {
        (0.0, 1.0)
    } else {
        finite.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)))
    };
    let share = |v: f64| if high > low { (v - low) / (high - low) } else { 0.5 };
    let words = axes[1].levels.iter().map(|l| width_of(&l.1, TICK_SIZE, Weight::Regular));
    let left = MARGIN + words.fold(0.0, f64::max) + 14.0;
    let right = WIDTH - MARGIN - 130.0;
    sheet.text(MARGIN, y + 10.0, &axes[1].name, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    let top = y + 22.0;
    let bottom = top + (46.0 * rows as f64).min(520.0);
    let frame = Frame { left, right, top, bottom, x: (0.0, columns as f64), y: (0.0, rows as f64) };
    let mut tiles = Vec::new();
    for (r, row) in map.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let colour = cell.map_or(NEVER, |v| viridis(share(v)));
            tiles.push((c as f64, r as f64, c as f64 + 1.0, r as f64 + 1.0, colour));
        }
    }
    sheet.tiles(&frame, &tiles);
    let (cell_width, cell_height) = ((right - left) / columns as f64, (bottom - top) / rows as f64);
    let step = step_of((high - low).max(1e-9) / 50.0, 1);
    for (r, row) in map.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let text = match (cell, outcome.unit) {
                (None, _) => "never".to_owned(),
                (Some(v), "0 or 1") => Format::Percent.write(*v, 0.01),
                (Some(v), _) => outcome.write(*v, step),
            };
            let fill = cell.map_or(NEVER, |v| viridis(share(v)));
            if width_of(&text, NOTE_SIZE, Weight::Regular) + 6.0 > cell_width || cell_height < 15.0 {
                continue;
            }
            let ink = if fill.luminance() > 0.3 { TEXT } else { WHITE };
            let letters = Letters::new(NOTE_SIZE, ink).anchored(Anchor::Middle);
            sheet.text(frame.px(c as f64 + 0.5), frame.py(r as f64 + 0.5) + 4.0, &text, &letters);
        }
    }
    if outcome.is_chance() {
        draw_boundary(sheet, &frame, map);
    }
    let letters = Letters::new(TICK_SIZE, MUTED);
    let mut free = f64::NEG_INFINITY;
    for (c, (_, text)) in axes[0].levels.iter().enumerate() {
        let (x, wide) = (frame.px(c as f64 + 0.5), width_of(text, TICK_SIZE, Weight::Regular));
        if x - wide / 2.0 > free {
            sheet.text(x, bottom + 17.0, text, &letters.anchored(Anchor::Middle));
            free = x + wide / 2.0 + 6.0;
        }
    }
    for (r, (_, text)) in axes[1].levels.iter().enumerate().filter(|(r, _)| rows <= 30 || r % 2 == 0) {
        sheet.text(left - 8.0, frame.py(r as f64 + 0.5) + 4.0, text, &letters.anchored(Anchor::End));
    }
    let below = Letters::new(PANEL_TITLE_SIZE, TEXT).bold().anchored(Anchor::Middle);
    sheet.text((left + right) / 2.0, bottom + 38.0, &axes[0].name, &below);
    draw_scale(sheet, (right + 26.0, top, bottom), (low, high), outcome);
    bottom + 66.0
}

/// The colours of a map and what they stand for.
fn draw_scale(
    sheet: &mut Sheet,
    (x, top, bottom): (f64, f64, f64),
    (low, high): (f64, f64),
    outcome: &Outcome<'_>,
) {
    const PARTS: usize = 40;
    let bottom = bottom.min(top + 200.0).max(top + 60.0);
    let frame = Frame { left: x, right: x + 14.0, top, bottom, x: (0.0, 1.0), y: (0.0, PARTS as f64) };
    let parts: Vec<_> = (0..PARTS)
        .map(|i| (0.0, i as f64, 1.0, i as f64 + 1.0, viridis((i as f64 + 0.5) / PARTS as f64)))
        .collect();
    sheet.tiles(&frame, &parts);
    if !(low.is_finite() && high.is_finite()) {
        return;
    }
    let step = step_of((high - low).max(1e-9) / 50.0, 1);
    let letters = Letters::new(TICK_SIZE, MUTED);
    for (value, y) in [(high, top + 9.0), (low, bottom)] {
        let text =
            if outcome.is_chance() { Format::Percent.write(value, 1.0) } else { outcome.write(value, step) };
        sheet.text(x + 22.0, y, &text, &letters);
        if low == high {
            break;
        }
    }
}

/// The edges between cells that are more likely than not and those that are not.
fn draw_boundary(sheet: &mut Sheet, frame: &Frame, map: &[Vec<Option<f64>>]) {
    let likely = |r: usize, c: usize| map[r][c].is_some_and(|v| v >= 0.5);
    let mut edges: Vec<[(f64, f64); 2]> = Vec::new();
    for r in 0..map.len() {
        for c in 0..map[r].len() {
            let (x, y) = (c as f64, r as f64);
            if c + 1 < map[r].len() && likely(r, c) != likely(r, c + 1) {
                edges.push([(x + 1.0, y), (x + 1.0, y + 1.0)]);
            }
            if r + 1 < map.len() && likely(r, c) != likely(r + 1, c) {
                edges.push([(x, y + 1.0), (x + 1.0, y + 1.0)]);
            }
        }
    }
    // All rims below all lines, so that corners are whole.
    for (colour, width) in [(TEXT, 5.0), (WHITE, 3.0)] {
        for edge in &edges {
            sheet.line(frame, edge, &Stroke::solid(colour, width));
        }
    }
}

/// One axis: what came out at each of its levels, over whatever else varies.
fn draw_lines(
    sheet: &mut Sheet,
    outcome: &Outcome<'_>,
    (axes, axis): (&[Axis], usize),
    trials: &[Trial],
    (column, y): (usize, f64),
) {
    let gap = 34.0;
    let cell = (WIDTH - 2.0 * MARGIN - gap) / 2.0;
    let wide = if axes.len() == 1 { WIDTH - 2.0 * MARGIN } else { cell };
    let x = MARGIN + column as f64 * (cell + gap);
    let shown = &axes[axis];
    sheet.text(
        x,
        y + 10.0,
        &fit(&shown.name, PANEL_TITLE_SIZE, Weight::SemiBold, wide),
        &Letters::new(PANEL_TITLE_SIZE, TEXT).bold(),
    );
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); shown.levels.len()];
    for trial in trials {
        values[trial.levels[axis]].push(trial.value);
    }
    let all = sorted(trials.iter().map(|t| t.value));
    let (low, high) = match (outcome.is_chance(), all.as_slice()) {
        (true, _) => (0.0, 1.0),
        (_, [first, .., last]) if last > first => (*first, *last),
        (_, [only, ..]) => (only - 0.5, only + 0.5),
        _ => (0.0, 1.0),
    };
    let pad = if outcome.is_chance() { 0.0 } else { 0.04 * (high - low) };
    let ends = (shown.levels.first().map_or(0.0, |l| l.0), shown.levels.last().map_or(1.0, |l| l.0));
    let margin = ((ends.1 - ends.0) * 0.02).max(1e-9);
    let frame = Frame {
        left: x + 58.0,
        right: x + wide - 14.0,
        top: y + 22.0,
        bottom: y + 272.0,
        x: (ends.0 - margin, ends.1 + margin),
        y: (low - pad, high + pad),
    };
    draw_frame(sheet, &frame, outcome, shown);
    let colour = OKABE_ITO[0];
    if shown.levels.len() <= MOST_LEVELS {
        draw_bands(sheet, &frame, outcome, shown, &values, colour);
    } else {
        draw_points(sheet, &frame, outcome, shown, &values, colour);
    }
}

fn draw_frame(sheet: &mut Sheet, frame: &Frame, outcome: &Outcome<'_>, axis: &Axis) {
    let step = match outcome.unit {
        "day" => step_of(frame.y.1 - frame.y.0, 5).max(1.0),
        _ => step_of(frame.y.1 - frame.y.0, 5),
    };
    let letters = Letters::new(TICK_SIZE, MUTED);
    let first = (frame.y.0 / step - 1e-6).ceil() as i64;
    let last = (frame.y.1 / step + 1e-6).floor() as i64;
    for tick in first..=last {
        let value = tick as f64 * step;
        let y = frame.py(value);
        sheet.stroke(&[(frame.left, y), (frame.right, y)], &Stroke::solid(GRID, 1.0));
        sheet.text(frame.left - 6.0, y + 4.0, &outcome.write(value, step), &letters.anchored(Anchor::End));
    }
    sheet.stroke(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], &Stroke::solid(AXIS, 1.0));
    let mut free = f64::NEG_INFINITY;
    for (number, text) in &axis.levels {
        let (x, wide) = (frame.px(*number), width_of(text, TICK_SIZE, Weight::Regular));
        sheet.stroke(&[(x, frame.bottom), (x, frame.bottom + 3.0)], &Stroke::solid(AXIS, 0.8));
        if x - wide / 2.0 > free && x + wide / 2.0 < frame.right + 14.0 {
            sheet.text(x, frame.bottom + 17.0, text, &letters.anchored(Anchor::Middle));
            free = x + wide / 2.0 + 14.0;
        }
    }
}

/// Bands and a line through the levels of an axis.
fn draw_bands(
    sheet: &mut Sheet,
    frame: &Frame,
    outcome: &Outcome<'_>,
    axis: &Axis,
    values: &[Vec<f64>],
    colour: Colour,
) {
    let mut curves: Vec<(f64, [f64; 5])> = Vec::new();
    for ((x, _), values) in axis.levels.iter().zip(values) {
        let came = sorted(values.iter().copied());
        if came.is_empty() {
            continue;
        }
        let q = if outcome.is_chance() {
            let n = came.len() as f64;
            let (low, middle, high) = wilson(came.iter().sum::<f64>() / n, n);
            [low, middle, middle, middle, high]
        } else {
            [0.05, 0.25, 0.5, 0.75, 0.95].map(|s| quantile(&came, s))
        };
        curves.push((*x, q));
    }
    let curve = |i: usize| curves.iter().map(|(x, q)| (*x, q[i])).collect::<Vec<_>>();
    for (low, high, alpha) in [(0, 4, 0.14), (1, 3, 0.22)] {
        sheet.between(frame, &curve(low), &curve(high), (colour, alpha));
    }
    sheet.line(frame, &curve(2), &Stroke::solid(colour, 2.0));
    for (x, q) in &curves {
        sheet.dot(frame, (*x, q[2]), (3.4, 1.0), colour);
    }
    if outcome.is_chance() {
        let half = [(frame.x.0, 0.5), (frame.x.1, 0.5)];
        sheet.line(frame, &half, &Stroke::dashed(AXIS, 1.0, DASHED));
    }
}

/// A dot a point, and the middle of every eighth of the range.
fn draw_points(
    sheet: &mut Sheet,
    frame: &Frame,
    outcome: &Outcome<'_>,
    axis: &Axis,
    values: &[Vec<f64>],
    colour: Colour,
) {
    const BINS: usize = 8;
    let mut bins: Vec<Vec<f64>> = vec![Vec::new(); BINS];
    let (first, last) = (axis.levels.first().map_or(0.0, |l| l.0), axis.levels.last().map_or(1.0, |l| l.0));
    for ((x, _), values) in axis.levels.iter().zip(values) {
        if let Some(middle) = outcome.middle(values) {
            sheet.dot(frame, (*x, middle), (2.6, 0.6), colour.towards(WHITE, 0.35));
        }
        let bin = ((x - first) / (last - first).max(1e-12) * BINS as f64) as usize;
        bins[bin.min(BINS - 1)].extend(values);
    }
    let line: Vec<(f64, f64)> = bins
        .iter()
        .enumerate()
        .filter_map(|(i, values)| {
            let x = first + (i as f64 + 0.5) / BINS as f64 * (last - first);
            outcome.middle(values).map(|middle| (x, middle))
        })
        .collect();
    sheet.line(frame, &line, &Stroke::solid(OKABE_ITO[1], 2.4));
    let note = "line: middle of every eighth of the range";
    sheet.text(frame.left, frame.bottom + 36.0, note, &Letters::new(LABEL_SIZE, MUTED));
}

/// The 95 % interval of a share of `n`, around it. Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
fn wilson(share: f64, n: f64) -> (f64, f64, f64) {
    let z2 = 1.959_964_f64.powi(2);
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = (share * (1.0 - share) * z2 / n + z2 * z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    ((centre - half).max(0.0), share, (centre + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::check_sheet;
    use super::*;
    use crate::observers::table::{Cell, Kind, Table};

    fn sweep(points: &[(f64, &str)], third: bool) -> TableSet {
        let mut columns = vec![
            ("point", Kind::Int, "", ""),
            ("power.resolve", Kind::Real, "", ""),
            ("leadership.a-committee.from", Kind::Text, "", ""),
        ];
        if third {
            columns.push(("choice.conformity", Kind::Real, "", ""));
        }
        columns.extend([
            ("replicate", Kind::Int, "", ""),
            ("outcome", Kind::Text, "", ""),
            ("unit", Kind::Text, "", ""),
            ("value", Kind::Real, "", ""),
        ]);
        let mut table = Table::new("sweep", "", &columns);
        for (number, (x, date)) in points.iter().enumerate() {
            for replicate in 0..4 {
                let chance = f64::from(u8::from(*x > 0.5));
                let day = if *x < 0.4 { f64::NAN } else { 200.0 + 20.0 * x + replicate as f64 };
                for (outcome, unit, value) in [
                    ("transfer", "0 or 1", chance),
                    ("transfer-day", "day", day),
                    ("losses", "persons", 30.0),
                ] {
                    let mut row = vec![Cell::Int(number as i64), Cell::Real(*x), Cell::Text(date)];
                    if third {
                        row.push(Cell::Real(0.1 * number as f64));
                    }
                    row.extend([
                        Cell::Int(replicate),
                        Cell::Text(outcome),
                        Cell::Text(unit),
                        Cell::Real(value),
                    ]);
                    table.push(&row);
                }
            }
        }
        TableSet { tables: vec![table] }
    }

    #[test]
    fn grids_and_scattered_points_are_drawn_whole_and_legible() {
        let dates = ["1917-09-20", "1917-10-10", "1917-10-31"];
        let grid: Vec<(f64, &str)> =
            [0.3, 0.45, 0.6, 0.75].iter().flat_map(|x| dates.map(|date| (*x, date))).collect();
        let scattered: Vec<(f64, String)> =
            (0..40).map(|i| (0.3 + 0.013 * f64::from(i), format!("1917-10-{:02}", 1 + i * 7 % 31))).collect();
        let scattered: Vec<(f64, &str)> = scattered.iter().map(|(x, d)| (*x, d.as_str())).collect();
        for (points, third) in [(&grid, false), (&scattered, true)] {
            let charts =
                draw_sweep(&sweep(points, third), &Caption::default(), "1917-02-23").expect("all is there");
            assert_eq!(charts.len(), 3);
            for chart in &charts {
                check_sheet(&chart.name, &chart.svg);
            }
        }
        assert!(
            draw_sweep(&TableSet::default(), &Caption::default(), "").expect("nothing to read").is_empty()
        );
    }

    #[test]
    fn intervals_of_shares_stay_within_them() {
        let (low, _, high) = wilson(1.0, 8.0);
        assert!(low > 0.6 && low < 0.7 && high == 1.0);
        assert!(wilson(0.5, 400.0).0 > 0.45);
    }
}
