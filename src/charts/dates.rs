//! First majorities of several runs side by side, as dots and intervals on a time axis.

use super::calendar::Timeline;
use super::chart::Chart;
use super::figure::{Setting, draw_event_key, draw_foot, draw_head, draw_key, draw_numbers, numbers_height};
use super::legend::PartyKind;
use super::lettering::{Anchor, Letters, Weight, fit, width_of, wrap};
use super::plot::{Edges, draw_time_axis};
use super::quantiles::{quantile, sorted};
use super::sheet::{Frame, Sheet, Stroke};
use super::side::{Side, key, provenances};
use super::theme::{
    Colour, FAINT, FINE, GRID, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, PANEL_TITLE_SIZE, TEXT, WIDTH,
};
use std::collections::BTreeMap;

/// First days of a majority of one body or level, per run.
struct Dates {
    label: String,
    /// For each side, one day per replicate; NaN where the majority never came.
    days: Vec<Vec<f64>>,
}

/// First-majority dates side by side: a column per party or bloc, a line per body and run.
pub(super) fn majorities(sides: &[Side<'_>], setting: Setting<'_>) -> Option<Chart> {
    let first = sides.first()?;
    let columns: Vec<(String, Vec<Dates>)> = contenders(sides)
        .into_iter()
        .map(|who| (first.run.legend.party(&who).label, dates_of(sides, &who)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    if columns.is_empty() {
        return None;
    }
    let mut sheet = Sheet::default();
    let several = sides.iter().any(|side| side.run.replicates() > 1);
    let how = if several {
        "Dots are medians over replicates, thick bars hold 50\u{a0}% of them, thin bars 90\u{a0}%; the share of \
         replicates without a majority stands at the right."
    } else {
        "Dots are the first days; bodies that never turned say so."
    };
    let title = "First majorities";
    let subtitle =
        format!("First day of a majority of the seats by body, or by the median body of a family. {how}");
    let y = draw_head(&mut sheet, title, &subtitle, setting.timeline);
    let y = draw_key(&mut sheet, &key(sides), y);
    let gap = 34.0;
    let cell = (WIDTH - 2.0 * MARGIN - gap * (columns.len() - 1) as f64) / columns.len() as f64;
    let mut bottom: f64 = y;
    for (i, (title, rows)) in columns.iter().enumerate() {
        let left = MARGIN + i as f64 * (cell + gap);
        let end = draw_dates(&mut sheet, sides, (title, rows), (left, left + cell, y), setting);
        bottom = bottom.max(end);
    }
    let y = draw_event_key(&mut sheet, setting, bottom + 48.0);
    let height = draw_foot(&mut sheet, &provenances(sides), y);
    Some(sheet.finish("compare_majorities", height, title))
}

/// The party and the bloc (at most one of each) that win most first majorities after the start.
fn contenders(sides: &[Side<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for side in sides {
        for (who, won) in side.run.majorities.won_after(side.run.timeline.first) {
            *counts.entry(who).or_default() += won;
        }
    }
    let Some(first) = sides.first() else { return Vec::new() };
    let best = |kind: PartyKind| {
        let of_kind = counts.iter().filter(|(who, _)| first.run.legend.party(who).kind == kind);
        of_kind.max_by_key(|(_, count)| **count).map(|(who, _)| (*who).to_owned())
    };
    [PartyKind::Party, PartyKind::Bloc].into_iter().filter_map(best).collect()
}

/// Families first, as their levels come, then single bodies, largest last.
fn dates_of(sides: &[Side<'_>], who: &str) -> Vec<Dates> {
    let Some(first) = sides.first() else { return Vec::new() };
    let Some(seats) = &first.run.seats else { return Vec::new() };
    let mut found = Vec::new();
    for level in &seats.levels {
        let bodies = seats.of_level(level);
        if bodies.iter().any(|&b| seats.bodies[b].is_family) {
            found.push((first.run.legend.label("level", level), level.as_str(), None));
        }
        for &b in bodies.iter().filter(|&&b| !seats.bodies[b].is_family) {
            let name = seats.bodies[b].name.as_str();
            found.push((first.run.legend.label("body", name), level.as_str(), Some(name)));
        }
    }
    let days_of = |side: &Side<'_>, level: &str, body: Option<&str>| {
        side.run.majorities.by_replicate(level, who, body, side.run.replicates())
    };
    let dates = found.into_iter().map(|(label, level, body)| Dates {
        label,
        days: sides.iter().map(|side| days_of(side, level, body)).collect(),
    });
    let mut rows: Vec<Dates> =
        dates.filter(|row| row.days.iter().flatten().any(|day| day.is_finite())).collect();
    rows.truncate(16);
    rows
}

/// A name in at most two lines.
fn name_lines(name: &str) -> Vec<String> {
    const ROOM: f64 = 150.0;
    let mut lines = wrap(name, LABEL_SIZE, Weight::Regular, ROOM);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| fit(line, LABEL_SIZE, Weight::Regular, ROOM)).collect()
}

fn draw_dates(
    sheet: &mut Sheet,
    sides: &[Side<'_>],
    (title, rows): (&str, &[Dates]),
    (left, right, top): (f64, f64, f64),
    setting: Setting<'_>,
) -> f64 {
    let timeline = setting.timeline;
    let heading = fit(title, PANEL_TITLE_SIZE, Weight::SemiBold, right - left);
    sheet.text(left, top + 12.0, &heading, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    let names: Vec<Vec<String>> = rows.iter().map(|row| name_lines(&row.label)).collect();
    let widest =
        names.iter().flatten().map(|name| width_of(name, LABEL_SIZE, Weight::Regular)).fold(0.0, f64::max);
    let line = 15.0;
    let row_height = (line * sides.len() as f64 + 10.0).max(38.0);
    let edges =
        Edges { left: left + widest + 12.0, right: right - 78.0, top, bottom: top, outer: right - 70.0 };
    let top = top + 22.0 + if setting.marks.is_empty() { 6.0 } else { numbers_height(setting, &edges) };
    draw_numbers(sheet, setting, Edges { top, ..edges });
    let bottom = top + row_height * rows.len() as f64;
    let frame = Frame {
        left: edges.left,
        right: edges.right,
        top,
        bottom,
        x: (timeline.first, timeline.last),
        y: (bottom, top),
    };
    for tick in timeline.ticks(((frame.right - frame.left) / 52.0) as usize) {
        let x = frame.px(tick.day);
        sheet.stroke(&[(x, top), (x, bottom)], &Stroke::solid(GRID, 1.0));
    }
    for mark in setting.marks {
        let x = frame.px(mark.day);
        let line = Stroke { alpha: 0.75, ..Stroke::dashed(FAINT, 0.8, FINE) };
        sheet.stroke(&[(x, top), (x, bottom)], &line);
    }
    for (r, (row, name)) in rows.iter().zip(&names).enumerate() {
        let row_top = top + r as f64 * row_height;
        if r > 0 {
            sheet.stroke(&[(left, row_top), (right, row_top)], &Stroke::dashed(GRID, 1.0, FINE));
        }
        let letters = Letters::new(LABEL_SIZE, TEXT).anchored(Anchor::End);
        let middle = row_top + row_height / 2.0 + 4.5 - 7.5 * (name.len() - 1) as f64;
        for (n, line) in name.iter().enumerate() {
            sheet.text(frame.left - 10.0, middle + 15.0 * n as f64, line, &letters);
        }
        for (s, side) in sides.iter().enumerate() {
            let y = row_top + row_height / 2.0 + line * (s as f64 + 0.5 - sides.len() as f64 / 2.0);
            draw_interval(sheet, &frame, side, &row.days[s], (y, right, timeline));
        }
    }
    draw_time_axis(sheet, &frame, timeline);
    bottom
}

fn draw_interval(
    sheet: &mut Sheet,
    frame: &Frame,
    side: &Side<'_>,
    days: &[f64],
    (y, right, timeline): (f64, f64, &Timeline),
) {
    // A run may have begun before the days shown: its earliest majorities stand at the edge.
    let known = sorted(days.iter().map(|day| day.clamp(frame.x.0, frame.x.1)));
    let colour = side.colour;
    let small = |colour: Colour| Letters::new(NOTE_SIZE, colour);
    let note = small(MUTED).anchored(Anchor::End);
    if known.is_empty() {
        sheet.text(right, y + 4.2, &format!("{} never", side.letter), &note);
        return;
    }
    let at = |share: f64| quantile(&known, share);
    if known.len() > 1 {
        sheet.stroke(&[(frame.px(at(0.05)), y), (frame.px(at(0.95)), y)], &Stroke::solid(colour, 1.4));
        sheet.stroke(&[(frame.px(at(0.25)), y), (frame.px(at(0.75)), y)], &Stroke::solid(colour, 5.0));
    }
    let middle = at(0.5).round();
    sheet.dot(frame, (middle, y), (4.2, 0.0), colour);
    let text = format!("{} {}", side.letter, timeline.short(middle));
    let width = width_of(&text, NOTE_SIZE, Weight::Regular);
    let (low, high) =
        (frame.px(at(0.05)).min(frame.px(middle) - 5.0), frame.px(at(0.95)).max(frame.px(middle) + 5.0));
    if high + 6.0 + width < frame.right {
        sheet.text(high + 6.0, y + 4.2, &text, &small(colour.ink()).with_halo());
    } else if low - 6.0 - width > frame.left {
        sheet.text(low - 6.0, y + 4.2, &text, &small(colour.ink()).with_halo().anchored(Anchor::End));
    }
    let never = (days.len() - known.len()) * 100 / days.len().max(1);
    if never > 0 {
        sheet.text(right, y + 4.2, &format!("never {never}\u{a0}%"), &note);
    }
}
