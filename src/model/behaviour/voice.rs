//! When the private choice is spoken.

use crate::model::agents::OPTIONS;
use crate::model::behaviour::contacts::Mixture;
use crate::model::params::VoiceParams;
use crate::simd::Simd;

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

/// [`boldest_silent`] for each party, where `mixture` are the voices heard; 255 for what is no party, which nobody fears.
#[inline(always)]
#[must_use]
pub fn boldest_silents(
    simd: impl Simd,
    mixture: &Mixture,
    fear: &[f32; OPTIONS],
    p: &VoiceParams,
) -> [u8; OPTIONS] {
    let needed = simd.add_scaled(&[0.0; OPTIONS], fear, p.fear_scale);
    simd.shares(mixture, &needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn fear_silences_the_timid_first() {
        let p = VoiceParams { fear_scale: 1.0, ..VoiceParams::default() };
        assert_eq!(boldest_silent(0.2, 0.0, &p), 255);
        assert_eq!(boldest_silent(0.2, 0.1, &p), 255);
        assert_eq!(boldest_silent(0.2, 0.8, &p), 63, "a quarter of the thresholds");
        assert_eq!(boldest_silent(0.0, 0.8, &p), 0);
    }
    #[test]
    fn all_parties_are_spoken_for_by_one_rule() {
        let p = VoiceParams { fear_scale: 0.7, ..VoiceParams::default() };
        let mixture: Mixture = std::array::from_fn(|i| 0.013 * i as f32);
        let fear = std::array::from_fn(|i| 0.9 - 0.06 * i as f32);
        let boldest: [u8; OPTIONS] = std::array::from_fn(|i| boldest_silent(mixture[i], fear[i], &p));
        assert_eq!(boldest_silents(Portable, &mixture, &fear, &p), boldest);
    }
}
