//! How positions move.

use crate::model::fixed::{BINS, bin_middle};
use crate::model::params::AttitudeParams;
use crate::simd::Simd;

/// Effect of one voice in bin `heard` on a listener in bin `own`, in position units per day: `kernel[own][heard]`.
pub type Kernel = [[f32; BINS]; BINS];

/// Change of position per day by the listener's bin.
pub type Drift = [f32; BINS];

/// The pull of grievances on one agent: change of position per day.
///
/// `pull * (1 - m) * (ceiling - trust)` to the left, `pull * (1 + m) * (ceiling - 1 + trust)` to the right (for a
/// negative `pull`), so that positions saturate at either end and trust brakes the one and feeds the other.
/// `pull` is position per day, `m` in [-1, 1], `trust` in [0, 1].
/// Source: sketch run of this project; model notes 2.4. ODD 7.4.
#[inline(always)]
#[must_use]
pub fn grievance_pull(m: f32, trust: f32, pull: f32, ceiling: f32) -> f32 {
    if pull >= 0.0 {
        pull * (1.0 - m) * (ceiling - trust)
    } else {
        pull * (1.0 + m) * (ceiling - 1.0 + trust)
    }
}

/// One voice: attraction within the confidence bound, recoil from the far camp.
///
/// `assimilation * (heard - own)` if `|heard - own| < confidence`; `-repulsion * sign(heard - own)` if it is at least
/// `repulsion_distance`; else 0. Positions in [-1, 1].
/// Source: Deffuant et al. 2000, doi:10.1142/S0219525900000078; Jager and Amblard 2005,
/// doi:10.1007/s10588-005-6282-2. ODD 7.4.
#[must_use]
pub fn voice_effect(own: f32, heard: f32, p: &AttitudeParams) -> f32 {
    let distance = heard - own;
    if distance.abs() < p.confidence {
        p.assimilation * distance
    } else if distance.abs() >= p.repulsion_distance {
        -p.repulsion * distance.signum()
    } else {
        0.0
    }
}

/// [`voice_effect`] between the middles of all bins.
#[must_use]
pub fn kernel(p: &AttitudeParams) -> Kernel {
    let mut kernel = [[0.0; BINS]; BINS];
    for (own, row) in kernel.iter_mut().enumerate() {
        for (heard, effect) in row.iter_mut().enumerate() {
            *effect = voice_effect(bin_middle(own), bin_middle(heard), p);
        }
    }
    kernel
}

/// The kernel by voice: `effects[heard][own]`.
#[must_use]
pub fn by_voice(kernel: &Kernel) -> Kernel {
    std::array::from_fn(|heard| std::array::from_fn(|own| kernel[own][heard]))
}

/// Adds `weight` of the positions `counts` of `size` voices to `heard`; nothing of nobody.
#[inline(always)]
pub fn add_positions(simd: impl Simd, heard: &mut [f32; BINS], counts: &[u32; BINS], size: u32, weight: f32) {
    if size == 0 || weight == 0.0 {
        return;
    }
    *heard = simd.add_counts(heard, counts, weight / size as f32);
}

/// Adds the expected effect of voices whose positions have the weights `heard`; `effects` is the kernel [`by_voice`].
///
/// Exact, since effects of single voices add up and voices are drawn from the composition with replacement.
#[inline(always)]
pub fn add_drift(simd: impl Simd, drift: &mut Drift, effects: &Kernel, heard: &[f32; BINS]) {
    // A listener's bin in each lane, and four sums that need not wait for each other.
    let mut sums = [[0.0; BINS]; 4];
    for (bins, weights) in effects.as_chunks::<4>().0.iter().zip(heard.as_chunks::<4>().0) {
        for (sums, (row, &weight)) in sums.iter_mut().zip(bins.iter().zip(weights)) {
            *sums = simd.add_scaled(sums, row, weight);
        }
    }
    let [a, b, c, d] = &sums;
    for own in 0..BINS {
        drift[own] += (a[own] + b[own]) + (c[own] + d[own]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn pull_saturates_and_trust_brakes_it() {
        assert!((grievance_pull(0.0, 0.5, 0.01, 1.5) - 0.01).abs() < 1e-8);
        assert_eq!(grievance_pull(1.0, 0.5, 0.01, 1.5), 0.0);
        assert!(grievance_pull(0.0, 1.0, 0.01, 1.5) < grievance_pull(0.0, 0.0, 0.01, 1.5));
        assert_eq!(grievance_pull(-1.0, 0.5, -0.01, 1.5), 0.0);
    }

    #[test]
    fn voices_attract_near_and_repel_far() {
        let p = AttitudeParams {
            confidence: 0.5,
            assimilation: 0.1,
            repulsion: 0.02,
            repulsion_distance: 1.0,
            ..AttitudeParams::default()
        };
        assert!((voice_effect(0.0, 0.4, &p) - 0.04).abs() < 1e-7);
        assert_eq!(voice_effect(0.0, 0.7, &p), 0.0);
        assert!((voice_effect(-0.5, 0.9, &p) + 0.02).abs() < 1e-7);
        assert!((voice_effect(0.5, -0.9, &p) - 0.02).abs() < 1e-7);
    }

    #[test]
    fn drift_is_the_mean_effect_of_the_voices() {
        let p = AttitudeParams::default();
        let kernel = kernel(&p);
        let mut counts = [0; BINS];
        counts[8] = 1;
        counts[12] = 3;
        let (mut drift, mut heard) = ([0.0; BINS], [0.0; BINS]);
        add_positions(Portable, &mut heard, &counts, 4, 1.0);
        add_drift(Portable, &mut drift, &by_voice(&kernel), &heard);
        let by_hand = 0.25 * voice_effect(bin_middle(9), bin_middle(8), &p)
            + 0.75 * voice_effect(bin_middle(9), bin_middle(12), &p);
        assert!((drift[9] - by_hand).abs() < 1e-7);
    }
}
