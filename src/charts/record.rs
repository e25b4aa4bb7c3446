//! Rows of the historical record over the bands of a model: by district, ballot and body, as a map, and as a whole.

use super::chart::{Caption, Chart, ChartError};
use super::columns::{numbers, texts};
use super::counts::filled;
use super::facts::UNDATED;
use super::figure::{draw_foot, draw_head, provenance};
use super::legend::{Legend, Party};
use super::lettering::{Anchor, Letters, Weight, fit, width_of};
use super::maps::{Tile, draw_maps};
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{
    AXIS, Colour, FINE, GRID, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, OKABE_ITO, PANEL_TITLE_SIZE, SOLID, TEXT,
    TICK_SIZE, WHITE, WIDTH,
};
use crate::observers::table::TableSet;

/// Height of a line with a strip in it.
const LINE: f64 = 22.0;
/// Most parties side by side.
const COLUMNS: usize = 8;
/// What follows the name of something that served to fit.
const OF_THE_FIT: &str = "\u{b0}";

/// A row of the table `scorecard`.
#[derive(Clone, Debug)]
struct Row {
    kind: String,
    place: String,
    body: String,
    electorate: String,
    date: String,
    party: String,
    unit: String,
    observed: f64,
    simulated: f64,
    /// 5, 25, 75 and 95 %.
    bands: [f64; 4],
    rank: f64,
    fitted: bool,
    at: (f64, f64),
}

/// Draws the table `scorecard`: `scorecard_assembly`, `scorecard_ballots` and `scorecard_bodies` show what was observed over
/// the bands of the model, `scorecard_counts` persons as ratios, `scorecard_errors` a map of errors, and
/// `scorecard_calibration` whether bands hold what they promise. A figure without rows is left out.
///
/// # Errors
/// [`ChartError::Column`] if the table lacks a column.
///
/// ```
/// use october::charts::{Caption, draw_scorecard};
/// use october::observers::table::TableSet;
///
/// let charts = draw_scorecard(&TableSet::default(), &Caption::default()).expect("nothing to read, nothing to fail");
/// assert!(charts.is_empty());
/// ```
pub fn draw_scorecard(tables: &TableSet, caption: &Caption) -> Result<Vec<Chart>, ChartError> {
    let rows = read(tables)?;
    let legend = Legend::read(tables);
    let of = |kinds: &[&str]| -> Vec<&Row> {
        rows.iter().filter(|r| kinds.contains(&r.kind.as_str()) && r.simulated.is_finite()).collect()
    };
    let mut charts = Vec::new();
    let strips = [
        ("scorecard_assembly", "The ballot of the whole country, by district", of(&["assembly"])),
        ("scorecard_ballots", "Ballots of towns and garrisons", of(&["ballot"])),
        ("scorecard_bodies", "Seats and votes of bodies", of(&["seats", "vote"])),
    ];
    for (name, title, of) in &strips {
        if of.iter().any(|r| r.unit == "pct") {
            charts.push(bands(name, title, of, &legend, caption));
        }
    }
    let counts = of(&["members", "series"]);
    if !counts.is_empty() {
        charts.push(ratios(&counts, &legend, caption));
    }
    let located: Vec<&Row> =
        of(&["assembly"]).into_iter().filter(|r| r.at.0.is_finite() && r.at.1.is_finite()).collect();
    if !located.is_empty() {
        charts.push(errors(&located, &legend, caption));
    }
    let ranked: Vec<&Row> = rows.iter().filter(|r| r.rank.is_finite()).collect();
    if !ranked.is_empty() {
        charts.push(calibration(&ranked, caption));
    }
    Ok(charts)
}

fn read(tables: &TableSet) -> Result<Vec<Row>, ChartError> {
    let Some(table) = filled(tables, "scorecard") else { return Ok(Vec::new()) };
    let text = |name: &str| texts(table, name);
    let number = |name: &str| numbers(table, name);
    let (kind, place, body) = (text("kind")?, text("place")?, text("body")?);
    let (electorate, date, party) = (text("electorate")?, text("date_os")?, text("party")?);
    let (unit, fitted) = (text("unit")?, text("used_for_parameters")?);
    let (observed, simulated, rank) = (number("observed")?, number("simulated")?, number("rank")?);
    let (lo90, lo50, hi50, hi90) = (number("lo90")?, number("lo50")?, number("hi50")?, number("hi90")?);
    let (east, north) = (number("longitude")?, number("latitude")?);
    Ok((0..table.rows())
        .map(|row| Row {
            kind: kind.get(row).to_owned(),
            place: place.get(row).to_owned(),
            body: body.get(row).to_owned(),
            electorate: electorate.get(row).to_owned(),
            date: date.get(row).to_owned(),
            // A resolution may have the name of a party or bloc.
            party: match kind.get(row) {
                "vote" => format!("yes to {}", party.get(row)),
                _ => party.get(row).to_owned(),
            },
            unit: unit.get(row).to_owned(),
            observed: observed.at(row),
            simulated: simulated.at(row),
            bands: [lo90.at(row), lo50.at(row), hi50.at(row), hi90.at(row)],
            rank: rank.at(row),
            fitted: fitted.get(row) == "true",
            at: (east.at(row), north.at(row)),
        })
        .collect())
}

/// The party of a row; lists that were counted together go by the first of them.
fn party_of(legend: &Legend, name: &str) -> Party {
    let mut parts = name.split('+').map(|part| legend.party(part));
    let Some(mut first) = parts.next() else { return legend.party(name) };
    for other in parts {
        first.short = format!("{} + {}", first.short, other.short);
        first.label = format!("{} and {}", first.label, other.label);
    }
    first.name = name.to_owned();
    first
}

/// Parties of some rows, those with most rows first to be kept, then the leftmost first.
fn parties(rows: &[&Row], legend: &Legend, most: usize) -> Vec<Party> {
    let mut found: Vec<(Party, usize)> = Vec::new();
    for row in rows {
        match found.iter_mut().find(|(p, _)| p.name == row.party) {
            Some((_, count)) => *count += 1,
            None => found.push((party_of(legend, &row.party), 1)),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
    found.truncate(most);
    found.sort_by(|a, b| b.0.position.total_cmp(&a.0.position).then_with(|| a.0.name.cmp(&b.0.name)));
    found.into_iter().map(|(party, _)| party).collect()
}

/// What a line of strips is called.
fn called(row: &Row) -> String {
    let has_body = row.kind != "assembly" && !row.body.is_empty();
    let mut words = Vec::new();
    if !has_body || !row.body.contains(&row.place) {
        words.push(row.place.clone());
    }
    if has_body {
        words.push(row.body.clone());
    }
    if row.kind == "ballot" && !row.electorate.starts_with("all") && !row.electorate.is_empty() {
        words.push(row.electorate.clone());
    }
    words.join(", ")
}

/// Lines of strips: rows of one ballot together, those kept for validation before those of the fit.
fn lines<'r>(rows: &[&'r Row]) -> Vec<(String, Vec<&'r Row>)> {
    let mut found: Vec<(String, Vec<&'r Row>)> = Vec::new();
    for row in rows {
        let name = called(row);
        let same = |line: &&mut (String, Vec<&Row>)| line.0 == name && line.1[0].date == row.date;
        match found.iter_mut().find(same) {
            Some((_, of)) => of.push(row),
            None => found.push((name, vec![row])),
        }
    }
    found.sort_by(|a, b| {
        let key = |line: &(String, Vec<&Row>)| (line.1[0].fitted, line.1[0].date.clone());
        key(a).cmp(&key(b)).then_with(|| a.0.cmp(&b.0))
    });
    found
}

const HOW_TO_READ: &str = "Thin and thick lines are the 90 and 50\u{a0}% bands of the model (replicates, its own error \
                           and that of the record), ticks its median; dots are what was observed. A ring and \u{b0} mark \
                           what served to fit.";

fn bands(name: &str, title: &str, rows: &[&Row], legend: &Legend, caption: &Caption) -> Chart {
    let shares: Vec<&Row> = rows.iter().copied().filter(|r| r.unit == "pct").collect();
    let parties = parties(&shares, legend, COLUMNS);
    let shown: Vec<&Row> =
        shares.iter().copied().filter(|r| parties.iter().any(|p| p.name == r.party)).collect();
    let left_out = shares.len() - shown.len();
    let mut subtitle = format!("Shares in percent. {HOW_TO_READ}");
    if left_out > 0 {
        subtitle.push_str(&format!(" {left_out} rows of smaller lists are in the table only."));
    }
    let mut sheet = Sheet::default();
    let mut y = draw_head(&mut sheet, title, &subtitle, &UNDATED) + 4.0;
    let lines = lines(&shown);
    let dated = rows.iter().any(|r| r.date != rows[0].date);
    let words = lines.iter().map(|(n, _)| width_of(n, LABEL_SIZE, Weight::Regular)).fold(0.0, f64::max);
    let date_width = if dated { 82.0 } else { 0.0 };
    let label_width = (words + 16.0).min(330.0) + date_width;
    let width = (WIDTH - 2.0 * MARGIN - label_width) / parties.len() as f64;
    let frame = |column: usize, top: f64, bottom: f64| Frame {
        left: MARGIN + label_width + width * column as f64 + 8.0,
        right: MARGIN + label_width + width * (column + 1) as f64 - 12.0,
        top,
        bottom,
        x: (0.0, 100.0),
        y: (0.0, 1.0),
    };
    for (column, party) in parties.iter().enumerate() {
        let frame = frame(column, y, y);
        let long = width_of(&party.label, LABEL_SIZE, Weight::SemiBold) < width - 16.0;
        let head = if long { &party.label } else { &party.short };
        let head = fit(head, LABEL_SIZE, Weight::SemiBold, width - 12.0);
        sheet.text(frame.left, y, &head, &Letters::new(LABEL_SIZE, party.colour.ink()).bold());
    }
    y += 20.0;
    let (top, bottom) = (y, y + LINE * lines.len() as f64);
    for column in 0..parties.len() {
        let frame = frame(column, top, bottom);
        for tick in [0.0, 50.0, 100.0] {
            let at = frame.px(tick);
            sheet.stroke(
                &[(at, top), (at, bottom)],
                &Stroke::dashed(GRID, 1.0, if tick == 50.0 { FINE } else { SOLID }),
            );
            for end in [top - 4.0, bottom + 15.0] {
                let letters = Letters::new(NOTE_SIZE - 1.5, MUTED).anchored(Anchor::Middle);
                sheet.text(at, end, &format!("{tick:.0}"), &letters);
            }
        }
    }
    for (number, (name, of)) in lines.iter().enumerate() {
        let middle = top + LINE * (number as f64 + 0.5);
        let mark = if of[0].fitted { OF_THE_FIT } else { "" };
        let text =
            fit(&format!("{name}{mark}"), LABEL_SIZE, Weight::Regular, label_width - date_width - 10.0);
        sheet.text(MARGIN, middle + 4.5, &text, &Letters::new(LABEL_SIZE, TEXT));
        if dated {
            let x = MARGIN + label_width - 8.0;
            let letters = Letters::new(NOTE_SIZE, MUTED).anchored(Anchor::End);
            sheet.text(x, middle + 4.5, &of[0].date, &letters);
        }
        sheet.stroke(
            &[(MARGIN, middle + LINE / 2.0), (WIDTH - MARGIN, middle + LINE / 2.0)],
            &Stroke::solid(GRID, 0.5),
        );
        for row in of {
            let Some(column) = parties.iter().position(|p| p.name == row.party) else { continue };
            let frame = frame(column, top, bottom);
            strip(&mut sheet, &frame, row, middle, parties[column].colour, |v| v);
        }
    }
    let height = draw_foot(&mut sheet, &provenance(caption), bottom + 42.0);
    sheet.finish(name, height, title)
}

/// A band with what was observed over it, at height `y` of the sheet; `to_axis` turns values into those of the axis.
fn strip(sheet: &mut Sheet, frame: &Frame, row: &Row, y: f64, colour: Colour, to_axis: impl Fn(f64) -> f64) {
    let at = |v: f64| frame.px(to_axis(v).clamp(frame.x.0, frame.x.1));
    let [lo90, lo50, hi50, hi90] = row.bands;
    if lo90.is_finite() && hi90.is_finite() {
        sheet.stroke(&[(at(lo90), y), (at(hi90), y)], &Stroke::solid(colour.towards(WHITE, 0.25), 1.6));
        sheet.stroke(&[(at(lo50), y), (at(hi50), y)], &Stroke::solid(colour.towards(WHITE, 0.45), 6.0));
    }
    if row.simulated.is_finite() {
        let middle = at(row.simulated);
        sheet.stroke(&[(middle, y - 5.5), (middle, y + 5.5)], &Stroke::solid(colour.ink(), 2.0));
    }
    let page = Frame { left: 0.0, right: WIDTH, top: 0.0, bottom: 1.0, x: (0.0, WIDTH), y: (1.0, 0.0) };
    let observed = (at(row.observed), y);
    sheet.dot(&page, observed, (4.2, 1.0), TEXT);
    if row.fitted {
        sheet.dot(&page, observed, (2.4, 0.0), WHITE);
    }
}

/// Persons and parts of a year as ratios of the model to the record, on a logarithmic axis.
fn ratios(rows: &[&Row], legend: &Legend, caption: &Caption) -> Chart {
    const ENDS: f64 = 30.0;
    let title = "Members and actions";
    let subtitle = format!("Values of the model as multiples of what was observed. {HOW_TO_READ}");
    let mut sheet = Sheet::default();
    let y = draw_head(&mut sheet, title, &subtitle, &UNDATED) + 16.0;
    let names = MARGIN + 470.0;
    let bottom = y + LINE * rows.len() as f64;
    let log = |v: f64| v.max(1e-9).ln();
    let frame = Frame {
        left: names,
        right: WIDTH - MARGIN,
        top: y,
        bottom,
        x: (-log(ENDS), log(ENDS)),
        y: (0.0, 1.0),
    };
    for (value, text) in [(0.1, "1/10"), (1.0 / 3.0, "1/3"), (1.0, "1"), (3.0, "3"), (10.0, "10")] {
        let at = frame.px(log(value));
        let (colour, dash) = if value == 1.0 { (AXIS, SOLID) } else { (GRID, FINE) };
        sheet.stroke(&[(at, y), (at, bottom)], &Stroke::dashed(colour, 1.0, dash));
        for end in [y - 5.0, bottom + 15.0] {
            sheet.text(at, end, text, &Letters::new(NOTE_SIZE, MUTED).anchored(Anchor::Middle));
        }
    }
    for (number, row) in rows.iter().enumerate() {
        let middle = y + LINE * (number as f64 + 0.5);
        let party = party_of(legend, &row.party);
        let members = row.kind == "members";
        let what = if members { format!("Members of {}", party.label) } else { row.body.replace('_', " ") };
        let colour = if members { party.colour } else { OKABE_ITO[0] };
        let mark = if row.fitted { OF_THE_FIT } else { "" };
        let text = format!("{what}, {}, {}{mark}", row.place, row.date);
        let text = fit(&text, LABEL_SIZE, Weight::Regular, names - MARGIN - 12.0);
        sheet.text(MARGIN, middle + 4.5, &text, &Letters::new(LABEL_SIZE, TEXT));
        let ratio = Row {
            observed: 1.0,
            simulated: row.simulated / row.observed,
            bands: row.bands.map(|b| b / row.observed),
            ..(*row).clone()
        };
        strip(&mut sheet, &frame, &ratio, middle, colour, log);
    }
    let height = draw_foot(&mut sheet, &provenance(caption), bottom + 42.0);
    sheet.finish("scorecard_counts", height, title)
}

/// Where the model is too high or too low, by district, roughly as on a map.
fn errors(rows: &[&Row], legend: &Legend, caption: &Caption) -> Chart {
    let title = "Errors by district";
    let subtitle = "Median of the model less what was observed, in percentage points: orange where the model has too \
                    much, blue where too little. Districts lie roughly as on a map, west to the left. \u{b0} served to \
                    fit.";
    let mut sheet = Sheet::default();
    let y = draw_head(&mut sheet, title, subtitle, &UNDATED);
    let maps: Vec<(Party, Vec<Tile>)> = parties(rows, legend, 6)
        .into_iter()
        .map(|party| {
            let tiles = rows
                .iter()
                .filter(|r| r.party == party.name)
                .map(|r| Tile {
                    name: format!("{}{}", r.place, if r.fitted { OF_THE_FIT } else { "" }),
                    place: r.place.clone(),
                    error: r.simulated - r.observed,
                })
                .collect();
            (party, tiles)
        })
        .collect();
    let mut places: Vec<(String, (f64, f64))> = Vec::new();
    for row in rows {
        if !places.iter().any(|(name, _)| *name == row.place) {
            places.push((row.place.clone(), row.at));
        }
    }
    let y = draw_maps(&mut sheet, &places, &maps, y + 6.0);
    let height = draw_foot(&mut sheet, &provenance(caption), y + 10.0);
    sheet.finish("scorecard_errors", height, title)
}

/// Whether bands hold as much of the record as they promise, and on which side the rest lies.
fn calibration(rows: &[&Row], caption: &Caption) -> Chart {
    let title = "Do the bands hold what they promise?";
    let subtitle = "Left: share of the record inside central bands of every width; the diagonal is what was promised. \
                    Right: where in its predictive distribution each row lies, in tenths; even bars are well calibrated, \
                    a hump means bands too wide, horns too narrow, a slope a bias.";
    let mut sheet = Sheet::default();
    let top = draw_head(&mut sheet, title, subtitle, &UNDATED) + 26.0;
    let bottom = top + 380.0;
    let middle = WIDTH / 2.0;
    let (kept, fitted): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| !r.fitted);
    let left =
        Frame { left: MARGIN + 46.0, right: middle - 40.0, top, bottom, x: (0.0, 100.0), y: (0.0, 100.0) };
    sheet.text(MARGIN, top - 12.0, "Coverage", &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    for tick in [0.0, 25.0, 50.0, 75.0, 100.0] {
        sheet.line(&left, &[(0.0, tick), (100.0, tick)], &Stroke::solid(GRID, 1.0));
        let letters = Letters::new(TICK_SIZE, MUTED);
        sheet.text(
            left.left - 8.0,
            left.py(tick) + 4.0,
            &format!("{tick:.0}\u{a0}%"),
            &letters.anchored(Anchor::End),
        );
        let text = format!("{tick:.0}\u{a0}%");
        sheet.text(left.px(tick), bottom + 17.0, &text, &letters.anchored(Anchor::Middle));
    }
    sheet.line(&left, &[(0.0, 0.0), (100.0, 100.0)], &Stroke::dashed(AXIS, 1.2, FINE));
    let mut legend_y = bottom - 34.0;
    for (of, colour, name) in
        [(&kept, OKABE_ITO[0], "kept for validation"), (&fitted, OKABE_ITO[1], "served to fit")]
    {
        if of.is_empty() {
            continue;
        }
        let curve: Vec<(f64, f64)> = (0..=50)
            .map(|i| {
                let width = f64::from(i) * 2.0;
                let inside = of.iter().filter(|r| (r.rank - 0.5).abs() * 200.0 <= width).count();
                (width, 100.0 * inside as f64 / of.len() as f64)
            })
            .collect();
        sheet.line(&left, &curve, &Stroke::solid(colour, 2.4));
        let x = left.px(52.0);
        sheet.stroke(&[(x - 26.0, legend_y - 4.0), (x - 6.0, legend_y - 4.0)], &Stroke::solid(colour, 2.4));
        let text = format!("{name} ({} rows)", of.len());
        sheet.text(x, legend_y, &text, &Letters::new(LABEL_SIZE, colour.ink()));
        legend_y += 20.0;
    }
    let label = "width of the band";
    let letters = Letters::new(NOTE_SIZE, MUTED).anchored(Anchor::Middle);
    sheet.text((left.left + left.right) / 2.0, bottom + 36.0, label, &letters);
    histogram(&mut sheet, if kept.is_empty() { &fitted } else { &kept }, (middle + 30.0, top, bottom));
    let height = draw_foot(&mut sheet, &provenance(caption), bottom + 66.0);
    sheet.finish("scorecard_calibration", height, title)
}

/// Ranks of some rows in ten bins, with the range of nine in ten samples if ranks were even.
fn histogram(sheet: &mut Sheet, rows: &[&Row], (x, top, bottom): (f64, f64, f64)) {
    const BINS: usize = 10;
    let mut counts = [0.0_f64; BINS];
    for row in rows {
        counts[((row.rank * BINS as f64) as usize).min(BINS - 1)] += 1.0;
    }
    let even = rows.len() as f64 / BINS as f64;
    // Normal approximation of the binomial; 1.645 standard deviations on each side hold 90 %.
    let spread = 1.645 * (even * (1.0 - 1.0 / BINS as f64)).sqrt();
    let highest = counts.iter().copied().fold(even + spread, f64::max) * 1.1;
    let frame = Frame {
        left: x + 36.0,
        right: WIDTH - MARGIN,
        top,
        bottom,
        x: (0.0, BINS as f64),
        y: (0.0, highest),
    };
    let kind =
        if rows.first().is_some_and(|r| r.fitted) { "rows of the fit" } else { "rows kept for validation" };
    let title = format!("Ranks of {} {kind}", rows.len());
    sheet.text(x, top - 12.0, &title, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
    let band = Colour(0xe9, 0xec, 0xef);
    sheet.tiles(&frame, &[(0.0, (even - spread).max(0.0), BINS as f64, even + spread, band)]);
    let bars: Vec<(f64, f64, f64, f64, Colour)> = counts
        .iter()
        .enumerate()
        .map(|(i, n)| (i as f64 + 0.1, 0.0, i as f64 + 0.9, *n, OKABE_ITO[0].towards(WHITE, 0.3)))
        .collect();
    sheet.tiles(&frame, &bars);
    sheet.line(&frame, &[(0.0, even), (BINS as f64, even)], &Stroke::dashed(AXIS, 1.2, FINE));
    sheet.line(&frame, &[(0.0, 0.0), (BINS as f64, 0.0)], &Stroke::solid(AXIS, 1.0));
    let letters = Letters::new(TICK_SIZE, MUTED);
    for (i, n) in counts.iter().enumerate() {
        let at = frame.px(i as f64 + 0.5);
        sheet.text(at, frame.py(*n) - 5.0, &format!("{n:.0}"), &letters.anchored(Anchor::Middle));
    }
    for (tick, text) in [(0.0, "model too high"), (5.0, "0.5"), (10.0, "model too low")] {
        let anchor = match text {
            "0.5" => Anchor::Middle,
            _ if tick > 5.0 => Anchor::End,
            _ => Anchor::Start,
        };
        sheet.text(frame.px(tick), bottom + 17.0, text, &letters.anchored(anchor));
    }
    let note = "grey: where nine in ten bars would lie if rows were independent and ranks even";
    sheet.text(frame.left, bottom + 36.0, note, &Letters::new(NOTE_SIZE, MUTED));
}
