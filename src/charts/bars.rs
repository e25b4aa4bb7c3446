//! Estimates with intervals as bars: what parameters or events do to an outcome.

use super::chart::{Caption, Chart, ChartError};
use super::columns::{numbers, texts};
use super::counts::filled;
use super::facts::UNDATED;
use super::figure::{draw_foot, draw_head, provenance};
use super::lettering::{Anchor, Letters, Weight, fit, width_of};
use super::plot::{Format, step_of};
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{AXIS, GRID, LABEL_SIZE, MARGIN, MUTED, OKABE_ITO, TEXT, TICK_SIZE, WHITE, WIDTH};
use crate::observers::table::TableSet;

/// Most bars of a figure: those that matter least are left out.
const MOST: usize = 40;
const BAR: f64 = 13.0;

/// What a family of estimates is called and how it is explained.
struct Kind {
    /// Table, and its column of names.
    table: &'static str,
    names: &'static str,
    title: &'static str,
    subtitle: &'static str,
    /// Statistics that are drawn, with what they are called; the first decides the order.
    statistics: &'static [(&'static str, &'static str)],
}

const KINDS: &[Kind] = &[
    Kind {
        table: "morris",
        names: "parameter",
        title: "Elementary effects",
        subtitle: "How far the outcome moves if a parameter goes through its range: mean size of the effect with its 95 % \
                   interval, and the standard deviation of effects, which comes of interactions and curvature.",
        statistics: &[("size", "mean size"), ("spread", "standard deviation")],
    },
    Kind {
        table: "sobol",
        names: "parameter",
        title: "Sobol indices",
        subtitle: "Share of the variance of the outcome that a parameter accounts for, by itself and with all it takes \
                   part in; bootstrap intervals of 95 %.",
        statistics: &[("total", "with interactions"), ("first", "by itself")],
    },
    Kind {
        table: "ablation",
        names: "event",
        title: "What each event adds",
        subtitle: "The outcome with all events less the outcome without this one, and the Shapley value: what it adds on \
                   average over all orders. Paired replicates, 95 % intervals.",
        statistics: &[("shapley", "Shapley value"), ("dropped", "if it alone is dropped")],
    },
];

/// One bar.
#[derive(Clone, Copy)]
struct Bar {
    value: f64,
    low: f64,
    high: f64,
}

/// Draws a figure for each outcome of the tables `morris`, `sobol` and `ablation`; what is missing is left out.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column.
pub fn draw_estimates(tables: &TableSet, caption: &Caption) -> Result<Vec<Chart>, ChartError> {
    let mut charts = Vec::new();
    for kind in KINDS {
        let Some(table) = filled(tables, kind.table) else { continue };
        let [outcome, unit, name, statistic] =
            ["outcome", "unit", kind.names, "statistic"].map(|column| texts(table, column));
        let (outcome, unit, name, statistic) = (outcome?, unit?, name?, statistic?);
        let (value, low, high) = (numbers(table, "value")?, numbers(table, "low")?, numbers(table, "high")?);
        for (number, word) in outcome.words.iter().enumerate() {
            let mut rows: Vec<(String, Vec<Option<Bar>>)> = Vec::new();
            let mut of_unit = "";
            for row in (0..table.rows()).filter(|&row| outcome.get(row) == word) {
                of_unit = unit.get(row);
                let Some(at) = kind.statistics.iter().position(|s| s.0 == statistic.get(row)) else {
                    continue;
                };
                let known = rows.iter().position(|r| r.0 == name.get(row));
                let line = known.unwrap_or_else(|| {
                    rows.push((name.get(row).to_owned(), vec![None; kind.statistics.len()]));
                    rows.len() - 1
                });
                let bar = Bar { value: value.at(row), low: low.at(row), high: high.at(row) };
                rows[line].1[at] = Some(bar).filter(|b| b.value.is_finite());
            }
            let weight = |bars: &[Option<Bar>]| bars.iter().flatten().next().map_or(0.0, |b| b.value.abs());
            rows.sort_by(|a, b| weight(&b.1).total_cmp(&weight(&a.1)));
            rows.truncate(MOST);
            if rows.iter().any(|(_, bars)| bars.iter().any(Option::is_some)) {
                let unit = if kind.table == "sobol" { "share" } else { of_unit };
                charts.push(figure(kind, (number, word, unit), &rows, caption));
            }
        }
    }
    Ok(charts)
}

fn figure(
    kind: &Kind,
    (number, outcome, unit): (usize, &str, &str),
    rows: &[(String, Vec<Option<Bar>>)],
    caption: &Caption,
) -> Chart {
    let mut sheet = Sheet::default();
    let title = format!("{}: {outcome}", kind.title);
    let y = draw_head(&mut sheet, &title, kind.subtitle, &UNDATED) + 2.0;
    let shown: Vec<usize> =
        (0..kind.statistics.len()).filter(|&s| rows.iter().any(|(_, bars)| bars[s].is_some())).collect();
    let mut x = MARGIN;
    for &s in &shown {
        let name = kind.statistics[s].1;
        let sample =
            Frame { left: x, right: x + 16.0, top: y - 9.0, bottom: y, x: (0.0, 1.0), y: (0.0, 1.0) };
        sheet.tiles(&sample, &[(0.0, 0.0, 1.0, 1.0, colour(s))]);
        sheet.text(x + 23.0, y, name, &Letters::new(LABEL_SIZE, TEXT));
        x += 23.0 + width_of(name, LABEL_SIZE, Weight::Regular) + 28.0;
    }
    let names = rows.iter().map(|(name, _)| width_of(name, LABEL_SIZE, Weight::Regular)).fold(0.0, f64::max);
    let room = names.min(420.0);
    let line = BAR * shown.len() as f64 + 12.0;
    let top = y + 18.0;
    let bottom = top + line * rows.len() as f64;
    let frame = Frame {
        left: MARGIN + room + 14.0,
        right: WIDTH - MARGIN - 70.0,
        top,
        bottom,
        x: reach(rows),
        y: (0.0, 1.0),
    };
    let format = if matches!(unit, "share" | "0 or 1") { Format::Percent } else { Format::Plain };
    draw_axis(&mut sheet, &frame, format, unit);
    for (index, (name, bars)) in rows.iter().enumerate() {
        let middle = top + line * (index as f64 + 0.5);
        let text = fit(name, LABEL_SIZE, Weight::Regular, room);
        let letters = Letters::new(LABEL_SIZE, TEXT).anchored(Anchor::End);
        sheet.text(frame.left - 10.0, middle + 4.5, &text, &letters);
        for (place, &s) in shown.iter().enumerate() {
            let Some(bar) = bars[s] else { continue };
            let at = middle + BAR * (place as f64 + 0.5 - shown.len() as f64 / 2.0);
            draw_bar(&mut sheet, &frame, bar, at, s, format);
        }
    }
    let zero = frame.px(0.0);
    sheet.stroke(&[(zero, top), (zero, bottom)], &Stroke::solid(AXIS, 1.0));
    let height = draw_foot(&mut sheet, &provenance(caption), bottom + 50.0);
    let name = format!("{}_{}", kind.table, number + 1);
    sheet.finish(&name, height, &title)
}

fn colour(statistic: usize) -> super::theme::Colour {
    if statistic == 0 { OKABE_ITO[0] } else { OKABE_ITO[1].towards(WHITE, 0.25) }
}

/// From the lowest to the highest end of any bar or interval, zero included.
fn reach(rows: &[(String, Vec<Option<Bar>>)]) -> (f64, f64) {
    let all = rows.iter().flat_map(|(_, bars)| bars.iter().flatten());
    let ends = all.flat_map(|b| [b.value, b.low, b.high]).filter(|v| v.is_finite());
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
    if low == high { (0.0, 1.0) } else { (low, high) }
}

fn draw_axis(sheet: &mut Sheet, frame: &Frame, format: Format, unit: &str) {
    let step = step_of(frame.x.1 - frame.x.0, 6);
    let letters = Letters::new(TICK_SIZE, MUTED).anchored(Anchor::Middle);
    let first = (frame.x.0 / step - 1e-6).ceil() as i64;
    let last = (frame.x.1 / step + 1e-6).floor() as i64;
    for tick in first..=last {
        let value = tick as f64 * step;
        let x = frame.px(value);
        sheet.stroke(&[(x, frame.top), (x, frame.bottom)], &Stroke::solid(GRID, 1.0));
        sheet.text(x, frame.bottom + 16.0, &format.write(value, step), &letters);
    }
    if format == Format::Plain {
        let words = if unit == "day" { "days" } else { unit };
        sheet.text((frame.left + frame.right) / 2.0, frame.bottom + 34.0, words, &letters);
    }
}

fn draw_bar(sheet: &mut Sheet, frame: &Frame, bar: Bar, y: f64, statistic: usize, format: Format) {
    let (zero, end) = (frame.px(0.0), frame.px(bar.value));
    let row = Frame { top: y - BAR / 2.0 + 2.0, bottom: y + BAR / 2.0 - 2.0, ..*frame };
    sheet.tiles(&row, &[(bar.value.min(0.0), 0.0, bar.value.max(0.0), 1.0, colour(statistic))]);
    let mut last = end.max(zero);
    if bar.low.is_finite() && bar.high.is_finite() && bar.high > bar.low {
        let (low, high) = (frame.px(bar.low), frame.px(bar.high));
        sheet.stroke(&[(low, y), (high, y)], &Stroke::solid(TEXT, 1.2));
        for x in [low, high] {
            sheet.stroke(&[(x, y - 3.0), (x, y + 3.0)], &Stroke::solid(TEXT, 1.2));
        }
        last = last.max(high);
    }
    let step = if bar.value.abs() >= 20.0 { 1.0 } else { (frame.x.1 - frame.x.0) / 100.0 };
    let text = format.write(bar.value, step_of(step, 1));
    sheet.text(last + 6.0, y + 4.0, &text, &Letters::new(11.0, MUTED));
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::check_sheet;
    use super::*;
    use crate::observers::table::{Cell, Kind, Table};

    #[test]
    fn every_kind_of_estimate_is_drawn_whole_and_legible() {
        let mut tables = TableSet::default();
        for kind in KINDS {
            let columns = [
                ("outcome", Kind::Text, "", ""),
                ("unit", Kind::Text, "", ""),
                (kind.names, Kind::Text, "", ""),
                ("statistic", Kind::Text, "", ""),
                ("value", Kind::Real, "", ""),
                ("low", Kind::Real, "", ""),
                ("high", Kind::Real, "", ""),
            ];
            let mut table = Table::new(kind.table, "", &columns);
            for (outcome, unit, scale) in
                [("transfer", "0 or 1", 1.0), ("majority:a body:a bloc", "day", 40.0)]
            {
                for (i, name) in
                    ["a", "something.with.a.rather.long.name.that.goes.on", "c"].iter().enumerate()
                {
                    for (statistic, _) in kind.statistics {
                        let value = scale * (0.4 - 0.5 * i as f64);
                        table.push(&[
                            Cell::Text(outcome),
                            Cell::Text(unit),
                            Cell::Text(name),
                            Cell::Text(statistic),
                            Cell::Real(value),
                            Cell::Real(if i == 2 { f64::NAN } else { value - 0.1 * scale }),
                            Cell::Real(if i == 2 { f64::NAN } else { value + 0.1 * scale }),
                        ]);
                    }
                }
            }
            tables.tables.push(table);
        }
        let charts = draw_estimates(&tables, &Caption::default()).expect("all columns are there");
        assert_eq!(charts.len(), 2 * KINDS.len());
        for chart in &charts {
            check_sheet(&chart.name, &chart.svg);
        }
    }
}
