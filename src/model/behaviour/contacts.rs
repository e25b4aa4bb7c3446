//! Whom an agent hears.
//!
//! Voices are drawn with replacement from yesterday's public voices, so everybody in a collective draws from one
//! and the same mixture, and the mixture can be computed once from compositions: exact in distribution.

use crate::model::agents::OPTIONS;
use crate::simd::Simd;

/// Shares of voices by option: parties and `silent`; sums to one.
pub type Mixture = [f32; OPTIONS];

/// Adds `weight` of the composition `counts` of `size` voices to `mixture`; nothing of nobody.
#[inline(always)]
pub fn add_voices(simd: impl Simd, mixture: &mut Mixture, counts: &[u32; OPTIONS], size: u32, weight: f32) {
    if size == 0 {
        return;
    }
    *mixture = simd.add_counts(mixture, counts, weight / size as f32);
}

/// Lets a share of the silent be heard as those whose demands they raise.
///
/// Moves `demand_voice` of the silent share to the parties in proportion to their entries in `demand`, which sum to one
/// beside a -1 for the silent; nothing where nobody raises a demand. Without this, silence would absorb: a party nobody
/// names is heard by nobody. Source: trap 1 of the model notes. ODD 7.3.
#[inline(always)]
pub fn hear_demands(
    simd: impl Simd,
    mixture: &mut Mixture,
    silent: usize,
    demand: Option<&Mixture>,
    demand_voice: f32,
) {
    if let Some(demand) = demand {
        let moved = mixture[silent] * demand_voice;
        *mixture = simd.add_scaled(mixture, demand, moved);
    }
}

/// The highest that a draw of 16 bits counts for, so that there is a cut above every draw.
pub const HIGHEST_DRAW: u16 = 65_534;

/// Cumulative thresholds for drawing a voice from 16 bits: option `o` is heard if `bits < cut[o]` first holds there, where
/// bits above [`HIGHEST_DRAW`] count as that. Each stands in both halves of its word, for two draws at a time.
///
/// Shares are right to within 1/65536. The last entry is 65535, so every draw hears somebody.
#[inline(always)]
#[must_use]
pub fn cuts(simd: impl Simd, mixture: &Mixture) -> [u32; OPTIONS] {
    let sums = simd.running_sums(mixture);
    let total = sums[OPTIONS - 1];
    let scale = if total > 0.0 { 65_535.0 / total } else { 0.0 };
    // Sums in steps are rounded each in its own way, and may fall by a last digit.
    let mut cuts = simd.doubled(&simd.running_most(&simd.nearest(&sums, scale)));
    cuts[OPTIONS - 1] = 0xffff_ffff;
    cuts
}

/// The option that 16 random bits hear.
#[inline]
#[must_use]
pub fn hear(cuts: &[u32; OPTIONS], bits: u32) -> usize {
    let draw = bits.min(u32::from(HIGHEST_DRAW));
    // Counting is branch-free, and the last cut is above every draw.
    cuts[..OPTIONS - 1].iter().map(|&cut| usize::from(draw >= cut & 0xffff)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn every_voice_is_heard_in_its_proportion() {
        let mut mixture = [0.0; OPTIONS];
        mixture[0] = 0.25;
        mixture[2] = 0.75;
        let cuts = cuts(Portable, &mixture);
        let mut heard = [0; OPTIONS];
        for bits in 0..65536 {
            heard[hear(&cuts, bits)] += 1;
        }
        assert_eq!(&heard[..4], &[16384, 0, 49152, 0], "15 draws below a quarter more or less");
    }

    #[test]
    fn cuts_never_fall() {
        for seed in 0..5_000_u32 {
            let share = |i: usize| (seed.wrapping_mul(2_654_435_761).rotate_left(3 * i as u32) % 997) as f32;
            let mixture = std::array::from_fn(|i| if i % 3 == 0 { share(i) / 7.0 } else { 0.0 });
            let cuts = cuts(Portable, &mixture);
            assert!(cuts.is_sorted() && cuts.iter().all(|cut| cut >> 16 == cut & 0xffff), "{cuts:?}");
        }
    }

    #[test]
    fn the_silent_are_heard_as_their_demands() {
        let mut mixture = [0.0; OPTIONS];
        mixture[0] = 0.5;
        mixture[3] = 0.5;
        let mut demand = [0.0; OPTIONS];
        (demand[1], demand[3]) = (1.0, -1.0);
        hear_demands(Portable, &mut mixture, 3, Some(&demand), 0.4);
        assert!((mixture[1] - 0.2).abs() < 1e-6 && (mixture[3] - 0.3).abs() < 1e-6);
        hear_demands(Portable, &mut mixture, 3, None, 0.4);
        assert!((mixture[3] - 0.3).abs() < 1e-6, "no demand, nothing moves");
    }

    #[test]
    fn voices_mix_by_weight() {
        let mut mixture = [0.0; OPTIONS];
        let mut counts = [0; OPTIONS];
        counts[1] = 3;
        counts[2] = 1;
        add_voices(Portable, &mut mixture, &counts, 4, 0.8);
        add_voices(Portable, &mut mixture, &counts, 0, 0.2);
        assert!((mixture[1] - 0.6).abs() < 1e-6 && (mixture[2] - 0.2).abs() < 1e-6);
    }
}
