//! How every figure looks: embedded font, colours, line styles, sizes.

/// Inter Regular (SIL Open Font License, `fonts/OFL.txt`): no system font is ever asked for.
///
/// All its characters, kerned, but without alternative forms of letters, which no figure asks for and which every text would
/// look through: `pyftsubset --unicodes='*' --layout-features=ccmp,kern,mark,mkmk --no-hinting`.
pub(super) const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.ttf");
/// Inter SemiBold, for titles and direct labels.
pub(super) const SEMIBOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.ttf");
/// The fallbacks are of similar or smaller width, so a viewer without Inter clips nothing.
pub(super) const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Width of every figure in logical pixels.
pub(super) const WIDTH: f64 = 1200.0;
/// White space left and right of everything.
pub(super) const MARGIN: f64 = 36.0;

pub(super) const TITLE_SIZE: f64 = 24.0;
pub(super) const SUBTITLE_SIZE: f64 = 14.5;
pub(super) const PANEL_TITLE_SIZE: f64 = 15.0;
pub(super) const LABEL_SIZE: f64 = 13.0;
pub(super) const TICK_SIZE: f64 = 12.5;
pub(super) const NOTE_SIZE: f64 = 12.0;
pub(super) const FOOTER_SIZE: f64 = 11.0;

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour(pub u8, pub u8, pub u8);

pub(super) const TEXT: Colour = Colour(0x1f, 0x1f, 0x1f);
pub(super) const MUTED: Colour = Colour(0x5c, 0x60, 0x66);
pub(super) const FAINT: Colour = Colour(0x8a, 0x8f, 0x96);
pub(super) const GRID: Colour = Colour(0xe2, 0xe3, 0xe6);
pub(super) const AXIS: Colour = Colour(0x33, 0x33, 0x33);
pub(super) const WHITE: Colour = Colour(0xff, 0xff, 0xff);

/// Okabe and Ito (2008): told apart by readers with any of the common colour deficiencies.
pub(super) const OKABE_ITO: [Colour; 6] = [
    Colour(0x00, 0x72, 0xb2),
    Colour(0xd5, 0x5e, 0x00),
    Colour(0x00, 0x9e, 0x73),
    Colour(0xcc, 0x79, 0xa7),
    Colour(0xe6, 0x9f, 0x00),
    Colour(0x56, 0xb4, 0xe9),
];

/// Samples of matplotlib's viridis at equal steps (CC0).
const VIRIDIS: [Colour; 11] = [
    Colour(0x44, 0x01, 0x54),
    Colour(0x48, 0x24, 0x75),
    Colour(0x41, 0x44, 0x87),
    Colour(0x35, 0x5f, 0x8d),
    Colour(0x2a, 0x78, 0x8e),
    Colour(0x21, 0x91, 0x8c),
    Colour(0x22, 0xa8, 0x84),
    Colour(0x44, 0xbf, 0x70),
    Colour(0x7a, 0xd1, 0x51),
    Colour(0xbd, 0xdf, 0x26),
    Colour(0xfd, 0xe7, 0x25),
];

/// A dash pattern in logical pixels; empty is solid.
pub(super) type Dash = &'static [f64];
pub(super) const SOLID: Dash = &[];
pub(super) const DASHED: Dash = &[7.0, 4.0];
pub(super) const FINE: Dash = &[2.0, 3.0];
/// Line styles in the order they are handed out, so that colour is never the only difference.
pub(super) const DASHES: [Dash; 6] =
    [SOLID, DASHED, &[2.5, 3.0], &[11.0, 3.0, 2.5, 3.0], &[14.0, 4.0], &[5.0, 2.5, 1.5, 2.5, 1.5, 2.5]];

impl Colour {
    /// Reads `#rrggbb`; anything else is no colour.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
        let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    pub(super) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// The colour between this one (`share` 0) and `other` (`share` 1).
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// The same hue, dark enough to be read as small text on white (WCAG contrast of at least 4.5).
    pub(super) fn ink(self) -> Self {
        let mut ink = self;
        while 1.05 / (ink.luminance() + 0.05) < 4.5 {
            ink = ink.towards(Self(0, 0, 0), 0.08);
        }
        ink
    }

    /// Relative luminance, 0 for black and 1 for white.
    pub(super) fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// The viridis colour of a share in 0..=1; shares outside are clamped.
pub(super) fn viridis(share: f64) -> Colour {
    let at = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let low = (at.floor() as usize).min(VIRIDIS.len() - 2);
    VIRIDIS[low].towards(VIRIDIS[low + 1], at - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_six_hexadecimal_digits() {
        assert_eq!(Colour::parse("#b2182b"), Some(Colour(0xb2, 0x18, 0x2b)));
        assert_eq!(Colour::parse("#b2182"), None);
        assert_eq!(Colour::parse("red"), None);
    }

    #[test]
    fn viridis_ends_where_it_should() {
        assert_eq!(viridis(0.0), Colour(0x44, 0x01, 0x54));
        assert_eq!(viridis(1.0), Colour(0xfd, 0xe7, 0x25));
        assert_eq!(viridis(0.5), Colour(0x21, 0x91, 0x8c));
    }

    #[test]
    fn yellow_text_is_darkened_until_it_can_be_read() {
        assert!(1.05 / (Colour(0xff, 0xe0, 0x20).ink().luminance() + 0.05) >= 4.5);
        assert_eq!(TEXT.ink(), TEXT);
    }
}
