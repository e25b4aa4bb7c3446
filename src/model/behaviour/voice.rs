//! When the private choice is spoken.

use crate::model::params::VoiceParams;

/// The largest threshold (in bytes) of those who speak, where `share` of the voices heard in the collective stand with them.
///
/// An agent speaks if `share >= threshold * fear * fear_scale`, so without fear everybody does and the result is 255.
/// `share` in [0, 1]; `fear` at least 0. Members speak regardless: see the daily pass.
/// Source: Granovetter 1978, doi:10.1086/226707; Kuran 1989, doi:10.1007/BF00116762; Noelle-Neumann 1974. ODD 7.7.
#[inline]
#[must_use]
pub fn boldest_silent(share: f32, fear: f32, p: &VoiceParams) -> u8 {
    let needed = fear * p.fear_scale;
    if needed <= share {
        return 255;
    }
    (255.0 * share / needed) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fear_silences_the_timid_first() {
        let p = VoiceParams { fear_scale: 1.0, ..VoiceParams::default() };
        assert_eq!(boldest_silent(0.2, 0.0, &p), 255);
        assert_eq!(boldest_silent(0.2, 0.1, &p), 255);
        assert_eq!(boldest_silent(0.2, 0.8, &p), 63, "a quarter of the thresholds");
        assert_eq!(boldest_silent(0.0, 0.8, &p), 0);
    }
}
