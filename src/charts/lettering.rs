//! How wide a text is when set in the embedded font: labels are placed by measurement, not by guess.

use super::theme::{REGULAR, SEMIBOLD};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// The two weights that are embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// Width of `text` in the unit of `size`, kerning left out (it only ever tightens words).
pub(super) fn width_of(text: &str, size: f64, weight: Weight) -> f64 {
    let bytes = match weight {
        Weight::Regular => REGULAR,
        Weight::SemiBold => SEMIBOLD,
    };
    let font = FontRef::new(bytes).expect("the embedded font is a font");
    let characters = font.charmap();
    let metrics = font.glyph_metrics(Size::new(size as f32), LocationRef::default());
    // A missing glyph is drawn as a box about as wide as a digit.
    let missing = size * 0.62;
    text.chars()
        .map(|c| characters.map(c).and_then(|glyph| metrics.advance_width(glyph)).map_or(missing, f64::from))
        .sum()
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
