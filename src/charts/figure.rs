//! A figure: title, panels in rows, labelled events, provenance.

use super::calendar::Timeline;
use super::chart::{Caption, Chart};
use super::events::Mark;
use super::lettering::{Anchor, Letters, Weight, fit, thousands, width_of, wrap};
use super::placement::{Flag, Side, hang, spread};
use super::plot::{Edges, Plot, note_letters};
use super::sheet::{Sheet, Stroke};
use super::theme::{
    Colour, FAINT, FOOTER_SIZE, LABEL_SIZE, MARGIN, MUTED, NOTE_SIZE, PANEL_TITLE_SIZE, SUBTITLE_SIZE, TEXT,
    TITLE_SIZE, WIDTH,
};

/// Rows of event labels above a wide panel; what does not fit keeps its line and loses its label.
const FLAG_ROWS: usize = 7;
const FLAG_HEIGHT: f64 = 16.0;
const FLAG_SIZE: f64 = 12.0;
const COLUMN_GAP: f64 = 30.0;

/// Panels side by side, all of one height.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) height: f64,
    pub(super) plots: Vec<Plot>,
}

/// What all figures of a run share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) marks: &'a [Mark],
    pub(super) caption: &'a Caption,
}

/// A figure of panels that share a time axis.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) rows: Vec<Row>,
    /// Short names and what they stand for.
    pub(super) key: Vec<(String, String, Colour)>,
    pub(super) key_shown: KeyShown,
}

/// When a figure shows the key to its short names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyShown {
    /// Only if short names stand beside lines.
    ForShortNames,
    /// Always: some areas may be too thin to carry their name.
    Always,
}

impl Figure {
    /// `plots` laid out in rows of `columns` panels of `height`.
    pub(super) fn grid(name: &str, title: &str, columns: usize, height: f64, plots: Vec<Plot>) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for plot in plots {
            match rows.last_mut() {
                Some(row) if row.plots.len() < columns => row.plots.push(plot),
                _ => rows.push(Row { height, plots: vec![plot] }),
            }
        }
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            subtitle: String::new(),
            rows,
            key: Vec::new(),
            key_shown: KeyShown::ForShortNames,
        }
    }

    /// Draws everything, with the provenance of one run under it.
    pub(super) fn draw(&self, setting: Setting<'_>) -> Chart {
        self.draw_with_foot(setting, &provenance(setting.caption))
    }

    /// Draws everything, with `foot` under it.
    pub(super) fn draw_with_foot(&self, setting: Setting<'_>, foot: &str) -> Chart {
        let mut sheet = Sheet::default();
        let columns = self.rows.iter().map(|row| row.plots.len()).max().unwrap_or(1).max(1);
        let widest = (WIDTH - 2.0 * MARGIN - COLUMN_GAP * (columns - 1) as f64) / columns as f64;
        let mut y = draw_head(&mut sheet, &self.title, &self.subtitle, setting.timeline);
        let shortened =
            self.rows.iter().any(|row| row.plots.iter().any(|p| p.is_shortened(label_room(widest, columns))));
        if shortened || self.key_shown == KeyShown::Always {
            y = draw_key(&mut sheet, &self.key, y);
        }
        let mut unnamed = Vec::new();
        let flagged = self.rows.first().is_some_and(|row| row.plots.len() == 1);
        for (i, row) in self.rows.iter().enumerate() {
            let columns = if flagged { row.plots.len().max(1) } else { columns };
            let alike = self.rows.iter().filter(|other| other.plots.len() == row.plots.len());
            let left =
                alike.flat_map(|r| r.plots.iter().map(|p| p.left_margin(r.height))).fold(0.0, f64::max);
            let (below, left_out) = draw_row(&mut sheet, row, (columns, left), (flagged, i == 0), y, setting);
            y = below;
            unnamed.extend(left_out);
        }
        y = if flagged {
            draw_unnamed(&mut sheet, setting, &unnamed, y)
        } else {
            draw_event_key(&mut sheet, setting, y)
        };
        let height = draw_foot(&mut sheet, foot, y);
        sheet.finish(&self.name, height, &self.title)
    }
}

fn label_room(cell: f64, columns: usize) -> f64 {
    if columns == 1 { 270.0 } else { cell * 0.3 }
}

/// Title and subtitle; returns where the next thing may begin.
pub(super) fn draw_head(sheet: &mut Sheet, title: &str, subtitle: &str, timeline: &Timeline) -> f64 {
    let room = WIDTH - 2.0 * MARGIN;
    let shown = fit(title, TITLE_SIZE, Weight::SemiBold, room);
    sheet.text(MARGIN, 48.0, &shown, &Letters::new(TITLE_SIZE, TEXT).bold());
    let dates = if timeline.old_style { " Dates are old style." } else { "" };
    let mut y = 48.0;
    for line in wrap(&format!("{subtitle}{dates}"), SUBTITLE_SIZE, Weight::Regular, room) {
        y += if y < 50.0 { 25.0 } else { 20.0 };
        sheet.text(MARGIN, y, &line, &Letters::new(SUBTITLE_SIZE, MUTED));
    }
    y + 22.0
}

/// Short names in their colours with what they stand for, in as many lines as needed.
pub(super) fn draw_key(sheet: &mut Sheet, key: &[(String, String, Colour)], y: f64) -> f64 {
    let entries: Vec<_> = key.iter().filter(|(short, long, _)| short != long).collect();
    if entries.is_empty() {
        return y;
    }
    let (mut x, mut y) = (MARGIN, y + 2.0);
    for (short, long, colour) in entries {
        let bold = width_of(short, LABEL_SIZE, Weight::SemiBold);
        let wide = bold + 5.0 + width_of(long, LABEL_SIZE, Weight::Regular);
        if x > MARGIN && x + wide > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 18.0);
        }
        sheet.text(x, y, short, &Letters::new(LABEL_SIZE, colour.ink()).bold());
        sheet.text(x + bold + 5.0, y, long, &Letters::new(LABEL_SIZE, MUTED));
        x += wide + 20.0;
    }
    y + 20.0
}

fn draw_row<'m>(
    sheet: &mut Sheet,
    row: &Row,
    (columns, left_margin): (usize, f64),
    (flagged, is_first): (bool, bool),
    y: f64,
    setting: Setting<'m>,
) -> (f64, Vec<&'m Mark>) {
    let cell = (WIDTH - 2.0 * MARGIN - COLUMN_GAP * (columns - 1) as f64) / columns as f64;
    let room = label_room(cell, columns);
    let right_margin = row.plots.iter().map(|p| p.right_margin(room)).fold(0.0, f64::max);
    let has_title = row.plots.iter().any(|p| !p.title.is_empty());
    let notes: Vec<Vec<String>> =
        row.plots.iter().map(|p| wrap(&p.note, NOTE_SIZE, Weight::Regular, cell)).collect();
    let note_lines = notes.iter().map(Vec::len).max().unwrap_or(0);
    let mut top = y;
    let mut unnamed = Vec::new();
    if has_title {
        for (i, plot) in row.plots.iter().enumerate() {
            let x = MARGIN + i as f64 * (cell + COLUMN_GAP);
            let title = fit(&plot.title, PANEL_TITLE_SIZE, Weight::SemiBold, cell);
            sheet.text(x, top + 12.0, &title, &Letters::new(PANEL_TITLE_SIZE, TEXT).bold());
            for (n, line) in notes[i].iter().enumerate() {
                sheet.text(x, top + 29.0 + 15.0 * n as f64, line, &note_letters());
            }
        }
        top += 20.0 + 15.0 * note_lines as f64;
    }
    let edges_at = |i: usize, top: f64| {
        let x = MARGIN + i as f64 * (cell + COLUMN_GAP);
        let (left, right) = (x + left_margin, x + cell - right_margin);
        Edges { left, right, top, bottom: top + row.height, outer: x + cell }
    };
    if flagged && is_first {
        (top, unnamed) = draw_flags(sheet, setting, edges_at(0, top), top);
    } else if flagged || setting.marks.is_empty() {
        top += 9.0;
    } else {
        top += numbers_height(setting, &edges_at(0, top));
        for i in 0..row.plots.len() {
            draw_numbers(sheet, setting, edges_at(i, top));
        }
    }
    let days: Vec<f64> = setting.marks.iter().map(|mark| mark.day).collect();
    for (i, plot) in row.plots.iter().enumerate() {
        plot.draw(sheet, edges_at(i, top), setting.timeline, &days);
    }
    (top + row.height + 48.0, unnamed)
}

/// The names of events, hung from thin lines above the panel; returns the top of the plot below them, and the events
/// whose names found no room.
pub(super) fn draw_flags<'m>(
    sheet: &mut Sheet,
    setting: Setting<'m>,
    edges: Edges,
    y: f64,
) -> (f64, Vec<&'m Mark>) {
    let span = setting.timeline.last - setting.timeline.first;
    let x_of = |day: f64| edges.left + (day - setting.timeline.first) / span * (edges.right - edges.left);
    let date_of = |day: f64| setting.timeline.short(day);
    let flags: Vec<Flag> = setting
        .marks
        .iter()
        .map(|mark| {
            let words = width_of(&mark.label, FLAG_SIZE, Weight::Regular)
                + width_of(&date_of(mark.day), FLAG_SIZE, Weight::Regular);
            Flag { x: x_of(mark.day), width: words + 20.0, weight: mark.weight }
        })
        .collect();
    let hung = hang(&flags, FLAG_ROWS, (MARGIN - 14.0, WIDTH - MARGIN + 12.0));
    let rows = hung.iter().flatten().map(|h| h.row + 1).max().unwrap_or(0);
    let top = y + 8.0 + rows as f64 * FLAG_HEIGHT;
    let mut unnamed = Vec::new();
    for ((mark, flag), place) in setting.marks.iter().zip(&flags).zip(&hung) {
        let Some(place) = place else {
            unnamed.push(mark);
            continue;
        };
        let base = top - 6.0 - place.row as f64 * FLAG_HEIGHT;
        sheet.stroke(&[(flag.x, base - 9.0), (flag.x, top)], &Stroke::solid(FAINT, 0.8));
        // The spare width of a flag lies on the side away from its pole.
        let start = place.left + if place.side == Side::Right { 4.0 } else { 12.0 };
        sheet.text(start, base, &mark.label, &Letters::new(FLAG_SIZE, TEXT));
        let after = start + 4.0 + width_of(&mark.label, FLAG_SIZE, Weight::Regular);
        sheet.text(after, base, &date_of(mark.day), &Letters::new(FLAG_SIZE, FAINT.ink()));
    }
    (top, unnamed)
}

/// The events that have a line and no name in the figure; returns where the next thing may begin.
pub(super) fn draw_unnamed(sheet: &mut Sheet, setting: Setting<'_>, unnamed: &[&Mark], y: f64) -> f64 {
    if unnamed.is_empty() {
        return y;
    }
    let names: Vec<String> = unnamed
        .iter()
        .map(|mark| format!("{} ({})", mark.label, setting.timeline.short(mark.day).replace(' ', "\u{a0}")))
        .collect();
    let text = format!("Lines without a name: {}.", names.join(", "));
    let mut y = y - 6.0;
    for line in wrap(&text, NOTE_SIZE, Weight::Regular, WIDTH - 2.0 * MARGIN) {
        sheet.text(MARGIN, y, &line, &note_letters());
        y += 17.0;
    }
    y + 7.0
}

/// Two digits side by side need this much room.
const NUMBER_GAP: f64 = 14.0;

/// Numbers stand in two rows, taking turns, where one would be too crowded.
fn are_numbers_staggered(setting: Setting<'_>, edges: &Edges) -> bool {
    setting.marks.len() as f64 * NUMBER_GAP > 0.7 * (edges.right - edges.left)
}

/// Room above a panel for the numbers of events.
pub(super) fn numbers_height(setting: Setting<'_>, edges: &Edges) -> f64 {
    if are_numbers_staggered(setting, edges) { 28.0 } else { 17.0 }
}

/// The numbers of events above a small panel; their names stand in the key below the figure.
pub(super) fn draw_numbers(sheet: &mut Sheet, setting: Setting<'_>, edges: Edges) {
    let span = setting.timeline.last - setting.timeline.first;
    let wanted: Vec<f64> = setting
        .marks
        .iter()
        .map(|m| edges.left + (m.day - setting.timeline.first) / span * (edges.right - edges.left))
        .collect();
    let staggered = are_numbers_staggered(setting, &edges);
    let gap = match (staggered, wanted.len()) {
        (true, _) => NUMBER_GAP / 2.0 + 0.5,
        (_, 10..) => NUMBER_GAP,
        _ => 9.0,
    };
    let placed = spread(&wanted, gap, edges.left, edges.outer.min(edges.right + 20.0));
    for (i, (from, to)) in wanted.iter().zip(&placed).enumerate() {
        let row = if staggered && i % 2 == 1 { 11.0 } else { 0.0 };
        let foot = [(*from, edges.top), (*from, edges.top - 1.5), (*to, edges.top - 4.5 - row)];
        sheet.stroke(&foot, &Stroke::solid(FAINT, 0.7));
        let letters = Letters::new(10.0, MUTED).anchored(Anchor::Middle);
        sheet.text(*to, edges.top - 6.5 - row, &(i + 1).to_string(), &letters);
    }
}

/// What the numbers above the panels stand for; returns where the next thing may begin.
pub(super) fn draw_event_key(sheet: &mut Sheet, setting: Setting<'_>, y: f64) -> f64 {
    if setting.marks.is_empty() {
        return y;
    }
    let (mut x, mut y) = (MARGIN, y - 6.0);
    let head = "Events:";
    sheet.text(x, y, head, &note_letters());
    x += width_of(head, NOTE_SIZE, Weight::Regular) + 10.0;
    for (i, mark) in setting.marks.iter().enumerate() {
        let number = (i + 1).to_string();
        let text = format!("{} ({})", mark.label, setting.timeline.short(mark.day));
        let bold = width_of(&number, NOTE_SIZE, Weight::SemiBold);
        let wide = bold + 5.0 + width_of(&text, NOTE_SIZE, Weight::Regular);
        if x > MARGIN && x + wide > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 17.0);
        }
        sheet.text(x, y, &number, &Letters::new(NOTE_SIZE, TEXT).bold());
        sheet.text(x + bold + 5.0, y, &text, &note_letters());
        x += wide + 16.0;
    }
    y + 24.0
}

/// Where the numbers come from: scenario, seed, agents, replicates, version.
pub(super) fn provenance(caption: &Caption) -> String {
    let replicates = match caption.replicates {
        1 => "1 replicate".to_owned(),
        n => format!("{} replicates", thousands(n)),
    };
    let scenario = match (caption.title.as_str(), caption.scenario.as_str()) {
        ("", name) | (name, "") => name.to_owned(),
        (title, name) if title == name => name.to_owned(),
        (title, name) => format!("{title} ({name})"),
    };
    let mut parts = vec![
        scenario,
        format!("seed {}", caption.seed),
        format!("{} agents", thousands(caption.agents)),
        replicates,
    ];
    if !caption.version.is_empty() {
        parts.push(format!("version {}", caption.version));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// The footer in small grey letters, a line per paragraph of `text`; returns the height of the sheet.
pub(super) fn draw_foot(sheet: &mut Sheet, text: &str, y: f64) -> f64 {
    let mut y = y - 4.0;
    for paragraph in text.lines() {
        for line in wrap(paragraph, FOOTER_SIZE, Weight::Regular, WIDTH - 2.0 * MARGIN) {
            sheet.text(MARGIN, y, &line, &Letters::new(FOOTER_SIZE, FAINT.ink()));
            y += 15.0;
        }
    }
    y + 6.0
}
