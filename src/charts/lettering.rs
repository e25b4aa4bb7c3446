//! Texts set in the embedded font: how wide they are, since labels are placed by measurement and not by guess, and the
//! outlines of their letters.

use std::sync::LazyLock;

use super::theme::{Colour, REGULAR, SEMIBOLD};
use harfrust::{ShaperData, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use vello_cpu::kurbo::{BezPath, Point};

/// The two weights that are embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// How a text looks; `halo` keeps it readable over lines and areas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letters {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
    pub(super) anchor: Anchor,
    pub(super) halo: bool,
}

/// Where a text's given point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Letters {
    pub(super) fn new(size: f64, colour: Colour) -> Self {
        Self { size, weight: Weight::Regular, colour, anchor: Anchor::Start, halo: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { weight: Weight::SemiBold, ..self }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn with_halo(self) -> Self {
        Self { halo: true, ..self }
    }
}

/// A font, and what is read from it once to set letters.
struct Face {
    font: FontRef<'static>,
    shaping: ShaperData,
}

impl Face {
    fn of(weight: Weight) -> &'static Self {
        static REGULAR_FACE: LazyLock<Face> = LazyLock::new(|| Face::read(REGULAR));
        static SEMIBOLD_FACE: LazyLock<Face> = LazyLock::new(|| Face::read(SEMIBOLD));
        match weight {
            Weight::Regular => &REGULAR_FACE,
            Weight::SemiBold => &SEMIBOLD_FACE,
        }
    }

    fn read(bytes: &'static [u8]) -> Self {
        let font = FontRef::new(bytes).expect("the embedded font is a font");
        Self { shaping: ShaperData::new(&font), font }
    }
}

/// Width of `text` in the unit of `size`, kerning left out (it only ever tightens words).
pub(super) fn width_of(text: &str, size: f64, weight: Weight) -> f64 {
    let font = &Face::of(weight).font;
    let characters = font.charmap();
    let metrics = font.glyph_metrics(Size::new(size as f32), LocationRef::default());
    // A missing glyph is drawn as a box about as wide as a digit.
    let missing = size * 0.62;
    text.chars()
        .map(|c| characters.map(c).and_then(|glyph| metrics.advance_width(glyph)).map_or(missing, f64::from))
        .sum()
}

/// The letters of a text, the first at the origin, and the width of all; in the unit of their size, y downwards.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) path: BezPath,
    pub(super) width: f64,
}

/// The outlines of `text` as it is set, kerned.
pub(super) fn outline_of(text: &str, size: f64, weight: Weight) -> Outline {
    let face = Face::of(weight);
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let set = face.shaping.shaper(&face.font).build().shape(buffer, Default::default());
    let em = face.font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
    let unit = size / f64::from(em);
    let outlines = face.font.outline_glyphs();
    let settings = |size: f64| DrawSettings::unhinted(Size::new(size as f32), LocationRef::default());
    let mut pen = Pen { path: BezPath::new(), at: Point::ZERO };
    let mut width = 0.0;
    for (glyph, place) in set.glyph_infos().iter().zip(set.glyph_positions()) {
        pen.at.x = (width + f64::from(place.x_offset)) * unit;
        pen.at.y = -f64::from(place.y_offset) * unit;
        if let Some(outline) = outlines.get(GlyphId::new(glyph.glyph_id)) {
            // A letter that the font describes wrongly is left out; the embedded fonts have none.
            let _ = outline.draw(settings(size), &mut pen);
        }
        width += f64::from(place.x_advance);
    }
    Outline { path: pen.path, width: width * unit }
}

/// Adds a letter to a path, at a place; fonts count upwards, sheets downwards.
struct Pen {
    path: BezPath,
    at: Point,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        Point::new(self.at.x + f64::from(x), self.at.y - f64::from(y))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.point(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.point(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.point(x1, y1), self.point(x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.curve_to(self.point(x1, y1), self.point(x2, y2), self.point(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}

/// `text` broken at spaces into lines no wider than `width`; a single longer word keeps its own line.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width_of(&format!("{line} {word}"), size, weight) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text`, cut with an ellipsis if it is wider than `width`.
pub(super) fn fit(text: &str, size: f64, weight: Weight, width: f64) -> String {
    if width_of(text, size, weight) <= width {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() {
        let cut = format!("{}…", kept.trim_end());
        if width_of(&cut, size, weight) <= width {
            return cut;
        }
    }
    String::new()
}

/// A whole number with thin spaces between thousands: `2 500 000`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_grows_with_size_and_weight() {
        let small = width_of("Majority", 10.0, Weight::Regular);
        assert!((width_of("Majority", 20.0, Weight::Regular) - 2.0 * small).abs() < 0.1);
        assert!(width_of("Majority", 10.0, Weight::SemiBold) > small);
        assert!(width_of("", 10.0, Weight::Regular).abs() < 1e-9);
    }

    #[test]
    fn letters_are_set_as_wide_as_they_are_measured_but_for_kerning() {
        use vello_cpu::kurbo::Shape;
        for (text, kerned) in [("nnn", 0.0), ("AVAV", 8.0), ("Совет", 3.0)] {
            let (set, measured) =
                (outline_of(text, 20.0, Weight::Regular), width_of(text, 20.0, Weight::Regular));
            assert!(
                set.width <= measured + 1e-3 && set.width >= measured - kerned - 1e-3,
                "{text}: {}",
                set.width
            );
            let letters = set.path.bounding_box();
            assert!(letters.x0 >= -0.5 && letters.x1 <= set.width + 0.5, "{text}: {letters:?}");
            assert!(letters.y0 < -10.0 && letters.y1 < 1.0, "{text} does not stand on its line: {letters:?}");
        }
    }

    #[test]
    fn wrapped_lines_keep_every_word_and_the_width() {
        let text = "one body after another turned in the weeks that followed";
        let lines = wrap(text, 12.0, Weight::Regular, 120.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width_of(line, 12.0, Weight::Regular) <= 120.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn long_names_are_cut_with_an_ellipsis() {
        assert_eq!(fit("short", 12.0, Weight::Regular, 200.0), "short");
        let cut = fit("a name that does not fit at all", 12.0, Weight::Regular, 80.0);
        assert!(cut.ends_with('…') && width_of(&cut, 12.0, Weight::Regular) <= 80.0);
    }

    #[test]
    fn thousands_are_set_apart_by_thin_spaces() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(2_500_000), "2\u{2009}500\u{2009}000");
    }
}
