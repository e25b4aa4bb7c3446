//! Whom an agent hears.
//!
//! Voices are drawn with replacement from yesterday's public voices, so everybody in a collective draws from one
//! and the same mixture, and the mixture can be computed once from compositions: exact in distribution.

use crate::model::agents::OPTIONS;
use crate::model::fixed::nearest;
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
/// Moves `demand_voice` of the silent share to the parties in proportion to `demand`, which sums to one (or to zero,
/// where nobody raises a demand). Without this, silence would absorb: a party nobody names is heard by nobody.
/// Source: trap 1 of the model notes. ODD 7.3.
#[inline(always)]
pub fn hear_demands(
    simd: impl Simd,
    mixture: &mut Mixture,
    silent: usize,
    demand: &Mixture,
    demand_voice: f32,
) {
    let moved = mixture[silent] * demand_voice;
    *mixture = simd.add_scaled(mixture, demand, moved);
    mixture[silent] -= moved * total(demand);
}

/// The sum of all, by halves.
#[inline(always)]
fn total(shares: &Mixture) -> f32 {
    let mut sums = *shares;
    let mut half = OPTIONS / 2;
    while half > 0 {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Cumulative thresholds for drawing a voice from 16 bits: option `o` is heard if `bits < cut[o]` first holds there.
///
/// The last entry is 65536, so every draw hears somebody.
#[inline(always)]
#[must_use]
pub fn cuts(mixture: &Mixture) -> [u32; OPTIONS] {
    let mut total = 0.0;
    let mut sums = [0.0_f32; OPTIONS];
    for (sum, share) in sums.iter_mut().zip(mixture) {
        total += share;
        *sum = total;
    }
    let scale = if total > 0.0 { 65536.0 / total } else { 0.0 };
    let mut cuts = sums.map(|sum| nearest(sum * scale) as u32);
    cuts[OPTIONS - 1] = 65536;
    cuts
}

/// The option that 16 random bits hear.
#[inline]
#[must_use]
pub fn hear(cuts: &[u32; OPTIONS], bits: u32) -> usize {
    // Counting is branch-free, and the last cut is above every draw.
    cuts[..OPTIONS - 1].iter().map(|&cut| usize::from(bits >= cut)).sum()
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
        let cuts = cuts(&mixture);
        let mut heard = [0; OPTIONS];
        for bits in 0..65536 {
            heard[hear(&cuts, bits)] += 1;
        }
        assert_eq!(&heard[..4], &[16384, 0, 49152, 0]);
    }

    #[test]
    fn the_silent_are_heard_as_their_demands() {
        let mut mixture = [0.0; OPTIONS];
        mixture[0] = 0.5;
        mixture[3] = 0.5;
        let mut demand = [0.0; OPTIONS];
        demand[1] = 1.0;
        hear_demands(Portable, &mut mixture, 3, &demand, 0.4);
        assert!((mixture[1] - 0.2).abs() < 1e-6 && (mixture[3] - 0.3).abs() < 1e-6);
        hear_demands(Portable, &mut mixture, 3, &[0.0; OPTIONS], 0.4);
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
