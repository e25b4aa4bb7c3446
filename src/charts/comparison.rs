//! Runs laid over each other: the same measures, one line style a run.

use super::calendar::Timeline;
use super::chart::{Caption, Chart, ChartError};
use super::counts::Voice;
use super::events::Mark;
use super::figure::{
    Figure, Setting, draw_event_key, draw_foot, draw_head, draw_key, draw_numbers, numbers_height,
    provenance as foot_of,
};
use super::indices::{ALL, POLARIZATION, Shown, measure_plot};
use super::legend::PartyKind;
use super::lettering::{Weight, fit, width_of, wrap};
use super::plot::{Edges, Format, Plot, Series, draw_time_axis, top_of};
use super::quantiles::{Band, median, quantile, sorted};
use super::run::{Run, bands_in_words};
use super::series::columns_for;
use super::sheet::{Anchor, Frame, Letters, Sheet, Stroke};
use super::theme::{
    Colour, DASHES, FAINT, FINE, GRID, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, OKABE_ITO, PANEL_TITLE_SIZE,
    TEXT, WIDTH,
};
use crate::observers::table::TableSet;
use std::collections::BTreeMap;

/// One of the runs that are compared.
#[derive(Clone, Debug)]
pub struct LabelledRun<'a> {
    /// What the run is called in the figures.
    pub label: String,
    /// Its tables.
    pub tables: &'a TableSet,
    /// Its provenance.
    pub caption: Caption,
}

/// A run that was read, with its looks.
struct Side<'a> {
    label: String,
    letter: String,
    colour: Colour,
    place: usize,
    run: Run<'a>,
}

/// Draws two to six runs over each other; further runs are left out, and so are runs without any daily table.
///
/// The names of the charts are `compare_bodies`, `compare_support`, `compare_majorities`, `compare_polarization` and
/// `compare_authority`. The leading party is that of the first run. Names and colours of parties come from the first
/// run's tables; runs are told apart by colour, line style and label.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column; a missing table only leaves out figures.
///
/// ```
/// use october::charts::draw_comparison;
///
/// assert!(draw_comparison(&[]).expect("nothing to read, nothing to fail").is_empty());
/// ```
pub fn draw_comparison(runs: &[LabelledRun<'_>]) -> Result<Vec<Chart>, ChartError> {
    let mut sides = Vec::new();
    for (place, labelled) in runs.iter().take(OKABE_ITO.len()).enumerate() {
        if let Some(run) = Run::read(labelled.tables, &labelled.caption)? {
            let letter = char::from(b'A' + place as u8).to_string();
            sides.push(Side { label: labelled.label.clone(), letter, colour: OKABE_ITO[place], place, run });
        }
    }
    let Some(first) = sides.first() else { return Ok(Vec::new()) };
    let timeline = shared_timeline(&sides, &first.run.timeline);
    let marks = shared_marks(&sides, &timeline);
    // One caption cannot speak for several runs: the provenance of each stands in the scenario's place.
    let caption = Caption::default();
    let setting = Setting { timeline: &timeline, marks: &marks, caption: &caption };
    let figures = [bodies(&sides), support(&sides), polarization(&sides), authority(&sides)];
    let mut charts = Vec::new();
    for figure in figures.into_iter().flatten() {
        charts.push(figure.draw_with_foot(setting, &provenance(&sides))?);
    }
    charts.extend(majorities(&sides, setting)?);
    Ok(charts)
}

/// From the earliest first day to the latest last day, dated as the first run is.
fn shared_timeline(sides: &[Side<'_>], first: &Timeline) -> Timeline {
    let mut timeline = first.clone();
    for side in sides {
        timeline.first = timeline.first.min(side.run.timeline.first);
        timeline.last = timeline.last.max(side.run.timeline.last);
    }
    timeline
}

/// The events of all runs; those that some runs lack say in which they happened.
fn shared_marks(sides: &[Side<'_>], timeline: &Timeline) -> Vec<Mark> {
    let mut by_label: BTreeMap<&str, Vec<(&Side<'_>, f64)>> = BTreeMap::new();
    for side in sides {
        for mark in &side.run.marks {
            by_label.entry(&mark.label).or_default().push((side, mark.day));
        }
    }
    let mut marks: Vec<Mark> = by_label
        .into_iter()
        .filter_map(|(label, found)| {
            let days: Vec<f64> = found.iter().map(|(_, day)| *day).collect();
            let letters: Vec<&str> = found.iter().map(|(side, _)| side.letter.as_str()).collect();
            let label = if found.len() == sides.len() {
                label.to_owned()
            } else {
                format!("{label} [{} only]", letters.join(", "))
            };
            Some(Mark { day: median(&days)?.round(), label, weight: found.len() as f64 })
        })
        .filter(|mark| (timeline.first..=timeline.last).contains(&mark.day))
        .collect();
    marks.sort_by(|a, b| a.day.total_cmp(&b.day));
    marks
}

fn provenance(sides: &[Side<'_>]) -> String {
    let of = |side: &Side<'_>| format!("{} {}: {}", side.letter, side.label, foot_of(side.run.caption));
    sides.iter().map(of).collect::<Vec<_>>().join("\n")
}

impl Side<'_> {
    fn series(&self, bands: Vec<Band>) -> Series {
        Series {
            short: self.letter.clone(),
            ..Series::new(&self.label, self.colour, DASHES[self.place % DASHES.len()], bands)
        }
    }
}

fn key(sides: &[Side<'_>]) -> Vec<(String, String, Colour)> {
    sides.iter().map(|side| (side.letter.clone(), side.label.clone(), side.colour)).collect()
}

fn words(sides: &[Side<'_>]) -> String {
    bands_in_words(sides.iter().map(|side| side.run.replicates()).max().unwrap_or(1))
        .replace("medians of ", "medians of up to ")
}

/// A figure of panels made per run, unless there are none.
fn overlaid(
    sides: &[Side<'_>],
    (name, title, subtitle): (&str, &str, String),
    plots: Vec<Plot>,
) -> Option<Figure> {
    let columns = columns_for(plots.len());
    let height = if columns == 1 { 380.0 } else { 215.0 };
    let mut figure = Figure::grid(name, title, columns, height, plots);
    figure.subtitle = format!("{subtitle}{}", words(sides));
    figure.key = key(sides);
    (!figure.rows.is_empty()).then_some(figure)
}

/// The leading party's seats in the largest single bodies.
fn bodies(sides: &[Side<'_>]) -> Option<Figure> {
    let first = &sides.first()?.run;
    let lead = first.leading_in_bodies()?;
    let seats = first.seats.as_ref()?;
    let plots: Vec<Plot> = seats
        .singles()
        .into_iter()
        .take(6)
        .filter_map(|body| {
            let name = &seats.bodies[body].name;
            let lines = sides.iter().filter_map(|side| {
                let seats = side.run.seats.as_ref()?;
                let body = seats.bodies.iter().position(|b| b.name == *name)?;
                let party = seats.parties.iter().position(|p| *p == lead)?;
                Some(side.series(seats.bands(&[body], party))).filter(|s| !s.bands.is_empty())
            });
            let series: Vec<Series> = lines.collect();
            let plot = Plot::new(&first.legend.label("body", name), Format::Percent, 1.0);
            (!series.is_empty()).then_some(Plot { series, rules: vec![0.5], ..plot })
        })
        .collect();
    let title = format!("{}: seats in the largest bodies", first.legend.party(&lead).label);
    let subtitle = "Share of seats in the largest bodies; dashed, half of the seats.".to_owned();
    overlaid(sides, ("compare_bodies", &title, subtitle), plots)
}

/// Public support of the leading party by class.
fn support(sides: &[Side<'_>]) -> Option<Figure> {
    let first = &sides.first()?.run;
    let lead = first.leading_party()?;
    let classes = &first.by_class.as_ref()?.groups;
    let panels: Vec<(&String, Vec<Series>)> = classes
        .iter()
        .map(|class| {
            let lines = sides.iter().filter_map(|side| {
                let support = side.run.by_class.as_ref()?;
                let group = support.groups.iter().position(|g| g == class)?;
                let bands = support.bands(Voice::Public, Some(group), support.party(&lead)?);
                (!bands.is_empty()).then(|| side.series(bands))
            });
            (class, lines.collect::<Vec<_>>())
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let top = top_of(panels.iter().flat_map(|(_, lines)| lines), 0.1);
    let plots = panels.into_iter().map(|(class, series)| Plot {
        series,
        ..Plot::new(&first.legend.label("class", class), Format::Percent, top)
    });
    let plots: Vec<Plot> = plots.collect();
    let title = format!("{}: public support by class", first.legend.party(&lead).label);
    overlaid(sides, ("compare_support", &title, "Share of each class.".to_owned()), plots)
}

fn of_measures(sides: &[Side<'_>], shown: &[Shown]) -> Vec<Plot> {
    shown
        .iter()
        .filter_map(|&shown| {
            let lines =
                sides.iter().filter_map(|side| Some(side.series(side.run.measures.bands(shown.0, ALL)?)));
            let series: Vec<Series> = lines.collect();
            (!series.is_empty()).then(|| measure_plot(shown, series))
        })
        .collect()
}

fn polarization(sides: &[Side<'_>]) -> Option<Figure> {
    let mut shown = POLARIZATION.to_vec();
    shown.push((
        "position_sd",
        "Spread of positions",
        "Standard deviation, positions from −1 to 1",
        Format::Plain,
    ));
    let plots = of_measures(sides, &shown);
    let subtitle = "How far apart the population stands, by measure.".to_owned();
    overlaid(sides, ("compare_polarization", "Polarization", subtitle), plots)
}

fn authority(sides: &[Side<'_>]) -> Option<Figure> {
    let shown = [
        ("government_authority", "The government", "Share that would follow it", Format::Percent),
        ("soviet_authority", "The soviets", "Share that would follow them", Format::Percent),
    ];
    let mut plots = of_measures(sides, &shown);
    plots.iter_mut().for_each(|plot| plot.y = (0.0, 1.0));
    overlaid(sides, ("compare_authority", "Dual power", "Whom people would follow.".to_owned()), plots)
}

/// First days of a majority of one body or level, per run.
struct Dates {
    label: String,
    /// For each side, one day per replicate; NaN where the majority never came.
    days: Vec<Vec<f64>>,
}

/// First-majority dates side by side: a column per party or bloc, a line per body and run.
fn majorities(sides: &[Side<'_>], setting: Setting<'_>) -> Result<Option<Chart>, ChartError> {
    let Some(first) = sides.first() else { return Ok(None) };
    let columns: Vec<(String, Vec<Dates>)> = contenders(sides)
        .into_iter()
        .map(|who| (first.run.legend.party(&who).label, dates_of(sides, &who)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    if columns.is_empty() {
        return Ok(None);
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
    let height = draw_foot(&mut sheet, &provenance(sides), y);
    Ok(Some(Chart { name: "compare_majorities".to_owned(), svg: sheet.finish(height, title)? }))
}

/// The party and the bloc (at most one of each) that win most first majorities after the start.
fn contenders(sides: &[Side<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for side in sides {
        for majority in side.run.majorities.iter().filter(|m| m.first > side.run.timeline.first) {
            *counts.entry(&majority.who).or_default() += 1;
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
    let days_of = |side: &Side<'_>, level: &str, body: Option<&str>| -> Vec<f64> {
        let mut days = vec![Vec::new(); side.run.replicates()];
        for m in side.run.majorities.iter().filter(|m| m.who == who && m.level == level) {
            if body.is_none_or(|name| name == m.body) && m.replicate < days.len() {
                days[m.replicate].push(m.first);
            }
        }
        days.iter().map(|days| median(days).unwrap_or(f64::NAN)).collect()
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

#[cfg(test)]
mod tests {
    use super::super::synthetic::{Shape, check_sheet, tables};
    use super::*;

    #[test]
    fn every_comparison_is_drawn_whole_and_legible() {
        for shape in Shape::ALL {
            let sets: Vec<TableSet> = (0..3).map(|i| tables(shape, f64::from(i) * 21.0)).collect();
            let names = ["base", "no coup", "a rather long scenario name"];
            let runs: Vec<LabelledRun<'_>> = sets
                .iter()
                .zip(names)
                .map(|(tables, name)| LabelledRun {
                    label: name.to_owned(),
                    tables,
                    caption: shape.caption(),
                })
                .collect();
            let charts = draw_comparison(&runs).expect("all tables are there");
            let names: Vec<_> = charts.iter().map(|chart| chart.name.as_str()).collect();
            assert_eq!(
                names,
                [
                    "compare_bodies",
                    "compare_support",
                    "compare_polarization",
                    "compare_authority",
                    "compare_majorities"
                ]
            );
            for chart in &charts {
                check_sheet(&format!("{shape:?} {}", chart.name), &chart.svg);
            }
        }
    }
}
