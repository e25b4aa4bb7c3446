//! A figure for each stylised fact, and a scoreboard of all of them.

use std::collections::BTreeMap;

use super::calendar::{Date, Timeline};
use super::chart::{Caption, Chart, ChartError};
use super::columns::{numbers, texts};
use super::counts::filled;
use super::figure::{draw_foot, draw_head, provenance};
use super::lettering::{Anchor, Letters, Weight, fit, width_of};
use super::plot::{Edges, Format, Plot, Series, step_of};
use super::quantiles::{Band, quantile, sorted};
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{
    Colour, DASHES, FAINT, FINE, GRID, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, OKABE_ITO, PANEL_TITLE_SIZE,
    TEXT, WIDTH,
};
use crate::observers::table::TableSet;

/// Where the fact wants its values.
const WANTED: Colour = Colour(0xd9, 0xee, 0xdf);
const GOOD: Colour = Colour(0x00, 0x9e, 0x73);
const BAD: Colour = Colour(0xd5, 0x5e, 0x00);

/// The time axis of a figure without one, and of one whose days have not been read yet.
pub(super) const UNDATED: Timeline = Timeline { first: 0.0, last: 1.0, origin: None, old_style: false };

/// A fact as the table `facts` has it.
struct Fact {
    id: String,
    title: String,
    statistic: String,
    value: [f64; 3],
    holds: String,
    note: String,
}

/// Values of one statistic and one label.
#[derive(Default)]
struct Strip {
    values: Vec<f64>,
    wanted: (f64, f64),
}

/// Statistic, then labels, in order of appearance.
type Strips = Vec<(String, Vec<(String, Strip)>)>;
/// Panel, then lines, in order of appearance.
type Panels = Vec<(String, Vec<(String, Vec<Band>)>)>;

/// Draws a scoreboard of the table `facts`, named `facts`, and a figure for each fact that has values or courses, named
/// `fact_f01` and so on, from the tables `fact_values` and `fact_series`; what is missing is left out.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column.
///
/// ```
/// use october::charts::{Caption, draw_facts};
/// use october::observers::table::TableSet;
///
/// let charts = draw_facts(&TableSet::default(), &Caption::default()).expect("nothing to read, nothing to fail");
/// assert!(charts.is_empty());
/// ```
pub fn draw_facts(tables: &TableSet, caption: &Caption) -> Result<Vec<Chart>, ChartError> {
    let facts = read_facts(tables)?;
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    let strips = read_strips(tables)?;
    let (panels, timeline) = read_panels(tables)?;
    let mut charts = vec![scoreboard(&facts, caption)];
    for fact in &facts {
        let (strips, panels) = (strips.get(&fact.id), panels.get(&fact.id));
        if strips.is_some() || panels.is_some() {
            charts.push(figure(fact, strips, panels, &timeline, caption));
        }
    }
    Ok(charts)
}

fn read_facts(tables: &TableSet) -> Result<Vec<Fact>, ChartError> {
    let Some(table) = filled(tables, "facts") else { return Ok(Vec::new()) };
    let [id, title, statistic, holds, note] =
        ["id", "title", "statistic", "holds", "note"].map(|name| texts(table, name));
    let (id, title, statistic, holds, note) = (id?, title?, statistic?, holds?, note?);
    let (value, lo, hi) = (numbers(table, "value")?, numbers(table, "lo")?, numbers(table, "hi")?);
    Ok((0..table.rows())
        .map(|row| Fact {
            id: id.get(row).to_owned(),
            title: title.get(row).to_owned(),
            statistic: statistic.get(row).to_owned(),
            value: [value.at(row), lo.at(row), hi.at(row)],
            holds: holds.get(row).to_owned(),
            note: note.get(row).to_owned(),
        })
        .collect())
}

/// The entry of that name, made at the end if it is new.
fn entry<'l, T>(list: &'l mut Vec<(String, T)>, name: &str, blank: impl FnOnce() -> T) -> &'l mut T {
    let at = list.iter().position(|(n, _)| n == name).unwrap_or_else(|| {
        list.push((name.to_owned(), blank()));
        list.len() - 1
    });
    &mut list[at].1
}

fn read_strips(tables: &TableSet) -> Result<BTreeMap<String, Strips>, ChartError> {
    let mut found: BTreeMap<String, Strips> = BTreeMap::new();
    let Some(table) = filled(tables, "fact_values") else { return Ok(found) };
    let (id, statistic, label) = (texts(table, "id")?, texts(table, "statistic")?, texts(table, "label")?);
    let (value, low, high) = (numbers(table, "value")?, numbers(table, "low")?, numbers(table, "high")?);
    for row in 0..table.rows() {
        let strips = found.entry(id.get(row).to_owned()).or_default();
        let labels = entry(strips, statistic.get(row), Vec::new);
        let strip = entry(labels, label.get(row), Strip::default);
        strip.values.push(value.at(row));
        strip.wanted = (low.at(row), high.at(row));
    }
    Ok(found)
}

fn read_panels(tables: &TableSet) -> Result<(BTreeMap<String, Panels>, Timeline), ChartError> {
    let mut found: BTreeMap<String, Panels> = BTreeMap::new();
    let mut timeline = UNDATED;
    let Some(table) = filled(tables, "fact_series") else { return Ok((found, timeline)) };
    let (id, panel, label, date) =
        (texts(table, "id")?, texts(table, "panel")?, texts(table, "label")?, texts(table, "date_os")?);
    let (day, lo, mid, hi) =
        (numbers(table, "day")?, numbers(table, "lo")?, numbers(table, "mid")?, numbers(table, "hi")?);
    for row in 0..table.rows() {
        let q = [lo.at(row), lo.at(row), mid.at(row), hi.at(row), hi.at(row)];
        if day.at(row) == 0.0 && timeline.origin.is_none() {
            timeline.origin = Date::parse(date.get(row));
        }
        timeline.last = timeline.last.max(day.at(row));
        if q.iter().all(|v| v.is_finite()) {
            let panels = found.entry(id.get(row).to_owned()).or_default();
            let lines = entry(panels, panel.get(row), Vec::new);
            entry(lines, label.get(row), Vec::new).push(Band { day: day.at(row), q });
        }
    }
    Ok((found, timeline))
}

/// A number in few digits.
fn number(value: f64) -> String {
    let text = match value.abs() {
        _ if !value.is_finite() => return "\u{2013}".to_owned(),
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 1.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    };
    text.replace('-', "\u{2212}")
}

/// Whether a fact holds: a check mark, a cross or a dash, so that colour is not needed.
fn draw_verdict(sheet: &mut Sheet, (x, y): (f64, f64), holds: &str) {
    let line = |colour, width| Stroke::solid(colour, width);
    match holds {
        "true" => {
            sheet.stroke(&[(x - 5.0, y - 0.5), (x - 1.5, y + 3.5), (x + 5.5, y - 5.5)], &line(GOOD, 2.6))
        }
        "false" => {
            sheet.stroke(&[(x - 4.5, y - 4.5), (x + 4.5, y + 4.5)], &line(BAD, 2.4));
            sheet.stroke(&[(x - 4.5, y + 4.5), (x + 4.5, y - 4.5)], &line(BAD, 2.4));
        }
        _ => sheet.stroke(&[(x - 5.0, y), (x + 5.0, y)], &line(FAINT, 1.6)),
    }
}

fn scoreboard(facts: &[Fact], caption: &Caption) -> Chart {
    let mut sheet = Sheet::default();
    let count = |word: &str| facts.iter().filter(|f| f.holds == word).count();
    let (held, lost) = (count("true"), count("false"));
    let subtitle = format!(
        "{held} of {} facts that could be decided hold (check mark). Values are medians of the leading statistic over \
         replicates, with 5 to 95\u{a0}% ranges; beside a cross stands the test that failed.",
        held + lost
    );
    let mut y = draw_head(&mut sheet, "Stylised facts", &subtitle, &UNDATED) + 8.0;
    let (title_at, value_at, statistic_at) = (MARGIN + 70.0, MARGIN + 560.0, MARGIN + 740.0);
    for fact in facts {
        draw_verdict(&mut sheet, (MARGIN + 8.0, y - 4.0), &fact.holds);
        sheet.text(MARGIN + 26.0, y, &fact.id, &Letters::new(LABEL_SIZE, MUTED));
        let title = fit(&fact.title, LABEL_SIZE, Weight::SemiBold, value_at - title_at - 120.0);
        sheet.text(title_at, y, &title, &Letters::new(LABEL_SIZE, TEXT).bold());
        if fact.value[0].is_finite() {
            let [value, lo, hi] = fact.value.map(number);
            let text = format!("{value}  ({lo} to {hi})");
            sheet.text(statistic_at - 16.0, y, &text, &Letters::new(NOTE_SIZE, TEXT).anchored(Anchor::End));
        }
        let small = if fact.holds == "true" { &fact.statistic } else { &fact.note };
        let small = fit(small, NOTE_SIZE, Weight::Regular, WIDTH - MARGIN - statistic_at);
        sheet.text(statistic_at, y, &small, &Letters::new(NOTE_SIZE, MUTED));
        sheet.stroke(&[(MARGIN, y + 7.0), (WIDTH - MARGIN, y + 7.0)], &Stroke::solid(GRID, 0.8));
        y += 24.0;
    }
    let height = draw_foot(&mut sheet, &provenance(caption), y + 14.0);
    sheet.finish("facts", height, "Stylised facts")
}

fn figure(
    fact: &Fact,
    strips: Option<&Strips>,
    panels: Option<&Panels>,
    timeline: &Timeline,
    caption: &Caption,
) -> Chart {
    let mut sheet = Sheet::default();
    let verdict = match fact.holds.as_str() {
        "true" => "It holds.",
        "false" => "It does not hold.",
        _ => "It could not be decided.",
    };
    let mut subtitle = format!(
        "{verdict} Lines and thick marks are medians, bands and thin lines 5 to 95\u{a0}% of replicates."
    );
    if strips.is_some() {
        subtitle.push_str(" Green is where the fact wants its value.");
    }
    let title = format!("{}  {}", fact.id, fact.title);
    let mut y = draw_head(&mut sheet, &title, &subtitle, timeline);
    for (name, lines) in panels.into_iter().flatten() {
        y = draw_panel(&mut sheet, name, lines, timeline, y);
    }
    for (statistic, labels) in strips.into_iter().flatten() {
        y = draw_strips(&mut sheet, statistic, labels, y);
    }
    let height = draw_foot(&mut sheet, &provenance(caption), y + 22.0);
    sheet.finish(&format!("fact_{}", fact.id.to_lowercase()), height, &title)
}

fn draw_panel(
    sheet: &mut Sheet,
    name: &str,
    lines: &[(String, Vec<Band>)],
    timeline: &Timeline,
    y: f64,
) -> f64 {
    let all = || lines.iter().flat_map(|(_, bands)| bands);
    let high = all().map(|b| b.q[4]).fold(0.0, f64::max);
    let low = all().map(|b| b.q[0]).fold(0.0, f64::min);
    let format = if high > 1.5 { Format::Count } else { Format::Plain };
    let mut plot = Plot::new(name, format, high.max(-low));
    if low < 0.0 {
        plot.step = step_of(high - low, 5);
        plot.y =
            ((low / plot.step).floor() * plot.step, ((high / plot.step).ceil() * plot.step).max(plot.step));
    }
    plot.series = lines
        .iter()
        .enumerate()
        .map(|(i, (label, bands))| {
            Series::new(label, OKABE_ITO[i % OKABE_ITO.len()], DASHES[i % DASHES.len()], bands.clone())
        })
        .collect();
    let height = 210.0;
    let top = y + 26.0;
    sheet.text(MARGIN, y + 10.0, name, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    plot.title = String::new();
    let left = MARGIN + plot.left_margin(height);
    let right = WIDTH - MARGIN - plot.right_margin(270.0);
    let edges = Edges { left, top, right, bottom: top + height, outer: WIDTH - MARGIN };
    plot.draw(sheet, edges, timeline, &[]);
    top + height + 40.0
}

fn draw_strips(sheet: &mut Sheet, statistic: &str, labels: &[(String, Strip)], y: f64) -> f64 {
    const LINE: f64 = 24.0;
    let heading = fit(statistic, PANEL_TITLE_SIZE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    sheet.text(MARGIN, y + 14.0, &heading, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    let top = y + 26.0;
    let bottom = top + LINE * labels.len() as f64;
    let bounds = labels.iter().flat_map(|(_, s)| [s.wanted.0, s.wanted.1]).filter(|v| v.is_finite());
    // Values that stand for never would flatten all others: they are drawn at the edge.
    let shown = |v: &f64| v.is_finite() && v.abs() < 5_000.0;
    let known: Vec<f64> =
        labels.iter().flat_map(|(_, s)| s.values.iter().copied().filter(shown)).chain(bounds).collect();
    let low = known.iter().copied().fold(f64::INFINITY, f64::min).min(0.0);
    let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max).max(low + 1e-6);
    let step = step_of(high - low, 7);
    let x = ((low / step - 0.3).floor() * step, (high / step + 0.3).ceil() * step);
    let names = MARGIN + 300.0;
    let frame = Frame { left: names, right: WIDTH - MARGIN - 90.0, top, bottom, x, y: (bottom, top) };
    for (i, (label, strip)) in labels.iter().enumerate() {
        let middle = top + LINE * (i as f64 + 0.5);
        let (from, to) = strip.wanted;
        if from.is_finite() || to.is_finite() {
            let a = if from.is_finite() { from.clamp(x.0, x.1) } else { x.0 };
            let b = if to.is_finite() { to.clamp(x.0, x.1) } else { x.1 };
            let (a, b) = if b - a < 0.004 * (x.1 - x.0) {
                (a - 0.002 * (x.1 - x.0), a + 0.002 * (x.1 - x.0))
            } else {
                (a, b)
            };
            sheet.tiles(
                &frame,
                &[(a.max(x.0), middle - LINE / 2.0 + 2.0, b.min(x.1), middle + LINE / 2.0 - 2.0, WANTED)],
            );
        }
        let name = fit(label, LABEL_SIZE, Weight::Regular, names - MARGIN - 14.0);
        sheet.text(names - 10.0, middle + 4.5, &name, &Letters::new(LABEL_SIZE, TEXT).anchored(Anchor::End));
        draw_strip(sheet, &frame, &strip.values, middle);
    }
    let first = (x.0 / step).round() as i64;
    let last = (x.1 / step).round() as i64;
    for tick in first..=last {
        let at = frame.px(tick as f64 * step);
        sheet.stroke(&[(at, top), (at, bottom)], &Stroke::dashed(GRID, 1.0, FINE));
        let text = Format::Plain.write(tick as f64 * step, step);
        if width_of(&text, NOTE_SIZE, Weight::Regular)
            < (frame.right - frame.left) / (last - first).max(1) as f64 - 8.0
        {
            sheet.text(at, bottom + 15.0, &text, &Letters::new(NOTE_SIZE, MUTED).anchored(Anchor::Middle));
        }
    }
    bottom + 34.0
}

fn draw_strip(sheet: &mut Sheet, frame: &Frame, values: &[f64], y: f64) {
    let edge = |v: f64| v.clamp(frame.x.0, frame.x.1);
    let known = sorted(values.iter().copied());
    if known.is_empty() {
        sheet.text(frame.left + 6.0, y + 4.2, "undefined", &Letters::new(NOTE_SIZE, MUTED));
        return;
    }
    let at = |share: f64| frame.px(edge(quantile(&known, share)));
    let colour = OKABE_ITO[0];
    if known.len() > 1 {
        sheet.stroke(&[(at(0.05), y), (at(0.95), y)], &Stroke::solid(colour, 1.4));
        for value in &known {
            sheet.dot(frame, (edge(*value), y), (2.2, 0.4), colour.towards(Colour(0xff, 0xff, 0xff), 0.35));
        }
    }
    let middle = at(0.5);
    sheet.stroke(&[(middle, y - 7.0), (middle, y + 7.0)], &Stroke::solid(colour, 4.0));
    let median = quantile(&known, 0.5);
    let text = if median.abs() >= 5_000.0 { "never".to_owned() } else { number(median) };
    sheet.text(frame.right + 8.0, y + 4.2, &text, &Letters::new(NOTE_SIZE, TEXT));
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::check_sheet;
    use super::*;
    use crate::observers::table::{Cell, Kind, Table};

    fn tables(replicates: i64) -> TableSet {
        let text = |name| (name, Kind::Text, "", "");
        let real = |name| (name, Kind::Real, "", "");
        let mut facts = Table::new(
            "facts",
            "",
            &[
                text("id"),
                text("statistic"),
                real("value"),
                real("lo"),
                real("hi"),
                text("holds"),
                text("needs"),
                text("note"),
                text("title"),
            ],
        );
        let mut values = Table::new(
            "fact_values",
            "",
            &[
                text("id"),
                text("statistic"),
                text("label"),
                ("replicate", Kind::Int, "", ""),
                real("value"),
                real("low"),
                real("high"),
            ],
        );
        let mut series = Table::new(
            "fact_series",
            "",
            &[
                text("id"),
                text("panel"),
                text("label"),
                ("day", Kind::Int, "", ""),
                text("date_os"),
                real("lo"),
                real("mid"),
                real("hi"),
            ],
        );
        for number in 1..=36 {
            let id = format!("F{number:02}");
            let holds = ["true", "false", ""][number % 3];
            facts.push(&[
                Cell::Text(&id),
                Cell::Text(
                    "a statistic with a rather long name that goes on and on (and a group with a name)",
                ),
                Cell::Real(if number % 5 == 0 { f64::NAN } else { number as f64 / 7.0 }),
                Cell::Real(0.1),
                Cell::Real(1234.5),
                Cell::Text(holds),
                Cell::Text(""),
                Cell::Text("a note"),
                Cell::Text("A title that says what the fact is about in somewhat more words than it should"),
            ]);
            for replicate in 0..replicates {
                for (label, low, high) in [
                    ("one group", 0.5, f64::NAN),
                    ("another, open on neither side", 0.2, 0.4),
                    ("shown alone", f64::NAN, f64::NAN),
                ] {
                    let value = if number % 4 == 0 { f64::NAN } else { 0.3 + 0.05 * replicate as f64 };
                    let value = if number % 7 == 0 { 1e4 } else { value };
                    values.push(&[
                        Cell::Text(&id),
                        Cell::Text("a statistic"),
                        Cell::Text(label),
                        Cell::Int(replicate),
                        Cell::Real(value),
                        Cell::Real(low),
                        Cell::Real(high),
                    ]);
                }
            }
            if number % 2 == 0 {
                for day in 0..90_i64 {
                    for (label, shift) in [("as it was", 0.2), ("without", -0.1)] {
                        let mid = shift + 0.004 * day as f64;
                        series.push(&[
                            Cell::Text(&id),
                            Cell::Text("A panel"),
                            Cell::Text(label),
                            Cell::Int(day),
                            Cell::Text("1930-01-01"),
                            Cell::Real(mid - 0.05),
                            Cell::Real(mid),
                            Cell::Real(mid + 0.05),
                        ]);
                    }
                }
            }
        }
        TableSet { tables: vec![facts, values, series] }
    }

    #[test]
    fn every_fact_has_a_legible_figure_and_a_place_on_the_board() {
        for replicates in [1, 20] {
            let charts = draw_facts(&tables(replicates), &Caption::default()).expect("all columns are there");
            assert_eq!(charts.len(), 37);
            assert_eq!(charts[0].name, "facts");
            assert_eq!(charts[1].name, "fact_f01");
            for chart in &charts {
                check_sheet(&chart.name, &chart.svg);
            }
        }
    }

    #[test]
    fn missing_tables_leave_figures_out() {
        let mut some = tables(3);
        some.tables.truncate(1);
        assert_eq!(draw_facts(&some, &Caption::default()).expect("what is there is whole").len(), 1);
    }
}
