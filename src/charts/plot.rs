//! One panel: axes, bands, lines, areas and the labels at their ends.

use super::calendar::Timeline;
use super::lettering::{Anchor, Letters, Weight, fit, thousands, width_of};
use super::placement::spread;
use super::quantiles::Band;
use super::sheet::{Frame, Sheet, Stroke};
use super::theme::{
    AXIS, Colour, DASHED, Dash, FAINT, FINE, GRID, LABEL_SIZE, MUTED, NOTE_SIZE, SOLID, TEXT, TICK_SIZE,
};

/// A line with its bands.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) label: String,
    /// Used where the label is too wide.
    pub(super) short: String,
    pub(super) colour: Colour,
    pub(super) dash: Dash,
    pub(super) width: f64,
    pub(super) bands: Vec<Band>,
}

/// A filled area between two curves.
#[derive(Clone, Debug)]
pub(super) struct Fill {
    pub(super) lower: Vec<(f64, f64)>,
    pub(super) upper: Vec<(f64, f64)>,
    pub(super) colour: Colour,
    pub(super) alpha: f64,
    /// Whether a white edge sets it apart from the area above.
    pub(super) edge: bool,
    /// Written inside, where the area is thick enough; may be empty.
    pub(super) name: String,
}

/// A text beside the right end of the panel.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) value: f64,
    pub(super) text: String,
    pub(super) short: String,
    pub(super) colour: Colour,
}

/// A dated point, with its range of days over replicates.
#[derive(Clone, Debug)]
pub(super) struct Dot {
    pub(super) day: f64,
    pub(super) range: Option<(f64, f64)>,
    pub(super) value: f64,
    pub(super) colour: Colour,
    pub(super) text: String,
}

/// How values are written on the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Percent,
    Count,
    Plain,
}

/// A panel before it is drawn.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    pub(super) title: String,
    /// One line under the title: what is measured, in which unit.
    pub(super) note: String,
    /// Lowest and highest value of the axis.
    pub(super) y: (f64, f64),
    /// Distance between the ticks of the axis.
    pub(super) step: f64,
    pub(super) format: Format,
    pub(super) fills: Vec<Fill>,
    pub(super) series: Vec<Series>,
    pub(super) labels: Vec<Label>,
    /// Horizontal reference lines.
    pub(super) rules: Vec<f64>,
    pub(super) dots: Vec<Dot>,
}

impl Series {
    pub(super) fn new(label: &str, colour: Colour, dash: Dash, bands: Vec<Band>) -> Self {
        Self { label: label.to_owned(), short: label.to_owned(), colour, dash, width: 2.0, bands }
    }

    /// Median curve.
    pub(super) fn median(&self) -> Vec<(f64, f64)> {
        curve(&self.bands, 2)
    }

    fn is_spread(&self) -> bool {
        self.bands.iter().any(|b| b.q[4] - b.q[0] > 1e-9)
    }
}

/// The curve of one quantile of `bands`.
pub(super) fn curve(bands: &[Band], quantile: usize) -> Vec<(f64, f64)> {
    bands.iter().map(|b| (b.day, b.q[quantile])).collect()
}

/// The largest value that any series reaches with its band, or `least` if that is more.
pub(super) fn top_of<'s>(series: impl Iterator<Item = &'s Series>, least: f64) -> f64 {
    series.flat_map(|s| &s.bands).map(|b| b.q[4]).filter(|v| v.is_finite()).fold(least, f64::max)
}

impl Format {
    /// A value of an axis, with the decimals of its step.
    pub(super) fn write(self, value: f64, step: f64) -> String {
        let decimals = |step: f64| (-(step + 1e-12).log10().floor()).max(0.0) as usize;
        match self {
            Self::Percent => {
                format!("{:.*}\u{a0}%", decimals(step * 100.0), value * 100.0).replace('-', "\u{2212}")
            }
            Self::Count if value < 0.0 => format!("\u{2212}{}", thousands(value.abs().round() as u64)),
            Self::Count => thousands(value.round() as u64),
            Self::Plain if value < -step / 10.0 => {
                format!("\u{2212}{:.*}", decimals(step), value.abs())
            }
            Self::Plain => format!("{:.*}", decimals(step), value.abs()),
        }
    }
}

/// A round step (1, 2 or 5 times a power of ten) that cuts `span` into at most about `most` parts.
pub(super) fn step_of(span: f64, most: usize) -> f64 {
    let rough = (span / most.max(1) as f64).max(1e-9);
    let magnitude = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * magnitude >= rough * 0.999).unwrap_or(10.0);
    factor * magnitude
}

impl Plot {
    /// An empty panel from zero to the next round value above `top`.
    pub(super) fn new(title: &str, format: Format, top: f64) -> Self {
        let top = if top.is_finite() && top > 0.0 { top } else { 1.0 };
        let mut step = step_of(top, 4);
        match format {
            Format::Count => step = step.max(1.0),
            // Five steps of twenty read better than two of fifty.
            Format::Percent if top > 0.6 && top <= 1.0 => step = 0.2,
            _ => {}
        }
        let mut high = (top / step - 1e-9).ceil() * step;
        if format == Format::Percent && top <= 1.0 {
            high = high.min(1.0);
        }
        Self {
            title: title.to_owned(),
            note: String::new(),
            y: (0.0, high),
            step,
            format,
            fills: Vec::new(),
            series: Vec::new(),
            labels: Vec::new(),
            rules: Vec::new(),
            dots: Vec::new(),
        }
    }

    fn ticks(&self, height: f64) -> Vec<(f64, String)> {
        let mut step = self.step;
        // Twice the step still divides an axis of four or five steps; closer labels than this would touch.
        while height / ((self.y.1 - self.y.0) / step) < 24.0 {
            step *= 2.0;
        }
        let first = (self.y.0 / step - 1e-6).ceil() as i64;
        let last = (self.y.1 / step + 1e-6).floor() as i64;
        (first..=last).map(|i| (i as f64 * step, self.format.write(i as f64 * step, step))).collect()
    }

    /// Room needed left of the frame for the axis labels.
    pub(super) fn left_margin(&self, height: f64) -> f64 {
        let widths = self.ticks(height).into_iter().map(|(_, t)| width_of(&t, TICK_SIZE, Weight::Regular));
        widths.fold(0.0, f64::max) + 8.0
    }

    /// Room wanted right of the frame for the labels at line ends, at most `most`.
    pub(super) fn right_margin(&self, most: f64) -> f64 {
        let ends = self.end_labels();
        if ends.is_empty() {
            return 8.0;
        }
        let width = |text: &str| width_of(text, LABEL_SIZE, Weight::SemiBold) + 16.0;
        let full = ends.iter().map(|l| width(&l.text)).fold(0.0, f64::max);
        if full <= most {
            return full;
        }
        ends.iter().map(|l| width(&l.short)).fold(0.0, f64::max).min(most)
    }

    /// Whether short names stand at the line ends when `most` is the room there is.
    pub(super) fn is_shortened(&self, most: f64) -> bool {
        let width = |text: &str| width_of(text, LABEL_SIZE, Weight::SemiBold) + 16.0;
        self.end_labels().iter().any(|l| width(&l.text) > most)
    }

    fn end_labels(&self) -> Vec<Label> {
        let ends = self.series.iter().filter(|s| !s.label.is_empty()).filter_map(|s| {
            let last = s.bands.last()?;
            Some(Label { value: last.q[2], text: s.label.clone(), short: s.short.clone(), colour: s.colour })
        });
        ends.chain(self.labels.iter().cloned()).collect()
    }

    /// Draws the panel into `left..right`, `top..bottom` of the sheet; `event_days` get thin vertical lines.
    pub(super) fn draw(&self, sheet: &mut Sheet, edges: Edges, timeline: &Timeline, event_days: &[f64]) {
        let frame = Frame {
            left: edges.left,
            top: edges.top,
            right: edges.right,
            bottom: edges.bottom,
            x: (timeline.first, timeline.last),
            y: self.y,
        };
        self.draw_grid(sheet, &frame);
        for fill in &self.fills {
            sheet.between(&frame, &fill.lower, &fill.upper, (fill.colour, fill.alpha));
        }
        for fill in self.fills.iter().filter(|fill| fill.edge) {
            sheet.line(&frame, &fill.upper, &Stroke::solid(super::theme::WHITE, 1.0));
        }
        for series in self.series.iter().filter(|s| s.is_spread()) {
            for (low, high, alpha) in [(0, 4, 0.14), (1, 3, 0.22)] {
                let (lower, upper) = (curve(&series.bands, low), curve(&series.bands, high));
                sheet.between(&frame, &lower, &upper, (series.colour, alpha));
            }
        }
        for &day in event_days {
            let line = [(day, self.y.0), (day, self.y.1)];
            let colour = if self.fills.iter().any(|f| f.edge) { TEXT } else { FAINT };
            sheet.line(&frame, &line, &Stroke { alpha: 0.75, ..Stroke::dashed(colour, 0.8, FINE) });
        }
        for &value in &self.rules {
            let line = [(timeline.first, value), (timeline.last, value)];
            sheet.line(&frame, &line, &Stroke::dashed(AXIS, 1.2, DASHED));
        }
        for series in &self.series {
            let stroke = Stroke::dashed(series.colour, series.width, series.dash);
            sheet.line(&frame, &series.median(), &stroke);
        }
        draw_time_axis(sheet, &frame, timeline);
        let taken = self.draw_dots(sheet, &frame);
        self.draw_names(sheet, &frame, taken);
        self.draw_end_labels(sheet, &frame, edges.outer);
    }

    fn draw_grid(&self, sheet: &mut Sheet, frame: &Frame) {
        let letters = Letters::new(TICK_SIZE, MUTED).anchored(Anchor::End);
        for (value, text) in self.ticks(frame.bottom - frame.top) {
            let y = frame.py(value);
            sheet.stroke(&[(frame.left, y), (frame.right, y)], &Stroke::solid(GRID, 1.0));
            sheet.text(frame.left - 6.0, y + 4.4, &text, &letters);
        }
    }

    /// Draws the dots with their texts; returns where the texts stand.
    fn draw_dots(&self, sheet: &mut Sheet, frame: &Frame) -> Vec<Place> {
        let mut dots: Vec<&Dot> = self.dots.iter().collect();
        dots.sort_by(|a, b| a.day.total_cmp(&b.day));
        for dot in &dots {
            if let Some((from, to)) = dot.range.filter(|(from, to)| to - from >= 1.0) {
                let line = [(from, dot.value), (to, dot.value)];
                sheet.line(frame, &line, &Stroke { alpha: 0.6, ..Stroke::solid(dot.colour, 5.0) });
            }
            sheet.dot(frame, (dot.day, dot.value), (4.5, 1.5), dot.colour);
        }
        let mut ink = self.inked_points(frame);
        let mut taken: Vec<Place> = Vec::new();
        ink.extend(dots.iter().map(|dot| (frame.px(dot.day), frame.py(dot.value))));
        for dot in dots.into_iter().filter(|dot| !dot.text.is_empty()) {
            let (x, y) = (frame.px(dot.day), frame.py(dot.value));
            let width = width_of(&dot.text, LABEL_SIZE, Weight::SemiBold);
            let lefts = [x - width - 9.0, x + 9.0, x - width / 2.0];
            let bases = [y - 10.0, y + 20.0, y - 28.0, y + 38.0, y - 46.0, y + 56.0, y + 4.5];
            let places =
                bases.iter().flat_map(|&base| lefts.iter().map(move |&left| Place { left, base, width }));
            let free = places.filter(|place| {
                place.left >= frame.left + 2.0
                    && place.left + width <= frame.right - 2.0
                    && place.base - 12.0 >= frame.top
                    && place.base + 4.0 <= frame.bottom
                    && taken.iter().all(|other| !place.meets(other))
            });
            // A near place that covers little of the lines.
            let best = free.enumerate().min_by_key(|(rank, place)| {
                2 * ink.iter().filter(|at| place.covers(**at)).count() + rank / lefts.len()
            });
            if let Some((_, place)) = best {
                if (place.base - 4.5 - y).abs() > 20.0 {
                    // Too far away to be read as this dot's without a line.
                    let end = if place.base > y { place.base - 13.0 } else { place.base + 4.0 };
                    let near = x.clamp(place.left, place.left + place.width);
                    sheet.stroke(&[(x, y), (near, end)], &Stroke::solid(TEXT, 0.8));
                }
                let letters = Letters::new(LABEL_SIZE, TEXT).bold().with_halo();
                sheet.text(place.left, place.base, &dot.text, &letters);
                taken.push(place);
            }
        }
        taken
    }

    /// Writes the names of areas where they are thickest, clear of `taken` and of the dots.
    fn draw_names(&self, sheet: &mut Sheet, frame: &Frame, mut taken: Vec<Place>) {
        for fill in self.fills.iter().filter(|fill| !fill.name.is_empty()) {
            let width = width_of(&fill.name, LABEL_SIZE, Weight::SemiBold);
            let steps = ((frame.right - frame.left - width - 12.0) / 6.0).max(0.0) as usize;
            let places = (0..=steps).filter_map(|step| {
                let left = frame.left + 6.0 + 6.0 * step as f64;
                let (top, bottom) = gap_at(frame, fill, left - 3.0, left + width + 3.0)?;
                let place = Place { left, base: (top + bottom) / 2.0 + 4.5, width };
                let is_free = taken.iter().all(|other| !place.meets(other))
                    && self.dots.iter().all(|dot| !place.covers((frame.px(dot.day), frame.py(dot.value))));
                (bottom - top >= 17.0 && is_free).then_some((bottom - top, place))
            });
            if let Some((_, place)) = places.max_by(|a, b| a.0.total_cmp(&b.0)) {
                let letters = Letters::new(LABEL_SIZE, fill.colour.ink()).bold().with_halo();
                sheet.text(place.left, place.base, &fill.name, &letters);
                taken.push(place);
            }
        }
    }

    /// Points along everything that is drawn as a line, close enough together that no text slips between them.
    fn inked_points(&self, frame: &Frame) -> Vec<(f64, f64)> {
        let lines = self.series.iter().map(Series::median);
        let rules = self.rules.iter().map(|&value| vec![(frame.x.0, value), (frame.x.1, value)]);
        let mut points = Vec::new();
        for line in lines.chain(rules) {
            let on_sheet: Vec<(f64, f64)> = line.iter().map(|at| (frame.px(at.0), frame.py(at.1))).collect();
            for pair in on_sheet.windows(2) {
                let parts =
                    ((pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1) / 6.0).ceil().clamp(1.0, 200.0);
                points.extend((0..parts as usize).map(|i| {
                    let share = i as f64 / parts;
                    (pair[0].0 + share * (pair[1].0 - pair[0].0), pair[0].1 + share * (pair[1].1 - pair[0].1))
                }));
            }
        }
        points
    }

    fn draw_end_labels(&self, sheet: &mut Sheet, frame: &Frame, outer: f64) {
        let ends = self.end_labels();
        let room = outer - frame.right - 12.0;
        // A crowd gets smaller letters, so that labels stay near their lines.
        let is_crowd = ends.len() as f64 * (LABEL_SIZE + 3.0) > 0.6 * (frame.bottom - frame.top);
        let (size, gap) = if is_crowd { (11.5, 13.0) } else { (LABEL_SIZE, LABEL_SIZE + 3.0) };
        let width = |text: &str| width_of(text, size, Weight::SemiBold);
        let is_short = ends.iter().any(|l| width(&l.text) > room);
        let wanted: Vec<f64> = ends.iter().map(|l| frame.py(l.value)).collect();
        let placed = spread(&wanted, gap, frame.top + 4.0, frame.bottom - 3.0);
        for ((label, &from), &to) in ends.iter().zip(&wanted).zip(&placed) {
            let colour = label.colour.ink();
            if (from - to).abs() > 2.0 {
                let bend = [(frame.right + 1.0, from), (frame.right + 8.0, to), (frame.right + 10.0, to)];
                sheet.stroke(&bend, &Stroke { alpha: 0.7, ..Stroke::solid(colour, 0.8) });
            }
            let text = if is_short { &label.short } else { &label.text };
            let text = fit(text, size, Weight::SemiBold, room);
            sheet.text(frame.right + 12.0, to + 4.5, &text, &Letters::new(size, colour).bold());
        }
    }
}

/// The vertical room inside an area that is free from `left` to `right`: its top and bottom on the sheet.
fn gap_at(frame: &Frame, fill: &Fill, left: f64, right: f64) -> Option<(f64, f64)> {
    let between = |at: &&(f64, f64)| (left..=right).contains(&frame.px(at.0));
    let top = fill.upper.iter().filter(between).map(|at| frame.py(at.1)).max_by(f64::total_cmp)?;
    let bottom = fill.lower.iter().filter(between).map(|at| frame.py(at.1)).min_by(f64::total_cmp)?;
    Some((top, bottom))
}

/// A place for a text of one line: left end of its baseline, and its width.
#[derive(Clone, Copy, Debug)]
struct Place {
    left: f64,
    base: f64,
    width: f64,
}

impl Place {
    fn covers(&self, (x, y): (f64, f64)) -> bool {
        (self.left - 3.0..=self.left + self.width + 3.0).contains(&x)
            && (self.base - 12.0..=self.base + 4.0).contains(&y)
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.left + other.width + 8.0
            && other.left < self.left + self.width + 8.0
            && (self.base - other.base).abs() < 17.0
    }
}

/// Where a panel lies: the frame of its plot, and how far its end labels may reach.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) outer: f64,
}

/// The axis line with its date ticks under a frame whose horizontal values are days.
pub(super) fn draw_time_axis(sheet: &mut Sheet, frame: &Frame, timeline: &Timeline) {
    let base = [(frame.left, frame.bottom), (frame.right, frame.bottom)];
    sheet.stroke(&base, &Stroke::dashed(AXIS, 1.2, SOLID));
    let most = ((frame.right - frame.left) / 52.0) as usize;
    let mut free = f64::NEG_INFINITY;
    for tick in timeline.ticks(most) {
        let x = frame.px(tick.day);
        let width = width_of(&tick.label, TICK_SIZE, Weight::Regular);
        sheet.stroke(&[(x, frame.bottom), (x, frame.bottom + 6.0)], &Stroke::solid(AXIS, 1.0));
        if x > free && x + 4.0 + width <= frame.right + 24.0 {
            sheet.text(x + 4.0, frame.bottom + 16.0, &tick.label, &Letters::new(TICK_SIZE, MUTED));
            free = x + width + 8.0;
        }
    }
}

/// A note in small letters.
pub(super) fn note_letters() -> Letters {
    Letters::new(NOTE_SIZE, MUTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_values() {
        assert_eq!(Plot::new("", Format::Percent, 0.37).y, (0.0, 0.4));
        assert_eq!(Plot::new("", Format::Percent, 0.97).y, (0.0, 1.0));
        assert_eq!(Plot::new("", Format::Count, 1_234.0).y, (0.0, 1_500.0));
        assert_eq!(Plot::new("", Format::Percent, 0.2001).ticks(200.0).last().map(|t| t.0), Some(0.25));
        assert_eq!(Plot::new("", Format::Plain, f64::NAN).y, (0.0, 1.0));
    }

    #[test]
    fn values_are_written_with_the_decimals_of_the_step() {
        assert_eq!(Format::Percent.write(0.4, 0.1), "40\u{a0}%");
        assert_eq!(Format::Percent.write(0.005, 0.005), "0.5\u{a0}%");
        assert_eq!(Format::Plain.write(-0.25, 0.05), "\u{2212}0.25");
        assert_eq!(Format::Count.write(12_000.0, 500.0), "12\u{2009}000");
    }

    #[test]
    fn steps_are_one_two_or_five() {
        assert!((step_of(1.0, 5) - 0.2).abs() < 1e-9);
        assert!((step_of(9.0, 4) - 5.0).abs() < 1e-9);
    }
}
