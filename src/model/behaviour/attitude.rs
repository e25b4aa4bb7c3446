//! How positions move.

use crate::model::climate::{Climate, felt_trust};
use crate::model::fixed::{BINS, DITHER_OFFSET, POSITION_UNITS, bin_middle, dither};
use crate::model::params::AttitudeParams;
use crate::simd::Simd;

/// Effect of one voice in bin `heard` on a listener in bin `own`, in position units per day: `kernel[own][heard]`.
pub type Kernel = [[f32; BINS]; BINS];

/// Change of position per day by the listener's bin.
pub type Drift = [f32; BINS];

/// How the positions of people of one stratum move in a day whose grievances pull them in one direction.
///
/// `m' = (1 - relaxation) m + pull s (1 -+ m) room(trust) + drift(m) + shock + noise`, where `s` is the susceptibility of the
/// agent, `1 - m` and `room = ceiling - trust` hold for a pull to the left (0 or more) and `1 + m` and
/// `room = ceiling - 1 + trust` for one to the right (below 0), so that positions saturate at either end and trust brakes
/// the one and feeds the other. Noise is uniform. Positions and drift in units of [`POSITION_UNITS`], `pull` in position per
/// day, trust and susceptibility as they are stored.
/// Source: sketch run of this project; model notes 2.4. ODD 7.4.
#[derive(Clone, Copy, Debug)]
pub struct Motion {
    keep: f32,
    /// What is added for all alike: the shock, less the means of noise and dither.
    alike: f32,
    noise: f32,
    least: f32,
    per_byte: f32,
    side: f32,
    room: f32,
    per_trust: f32,
    trust_shift: f32,
}

/// Standard deviation of a uniform byte is sqrt((256^2 - 1) / 12); this scales it to one.
const NOISE_PER_BYTE: f32 = 0.013_532_0;

impl Motion {
    /// For a pull to the left, or to the right, by what a stratum shares today.
    #[inline(always)]
    #[must_use]
    pub fn new(climate: &Climate, to_left: bool, p: &AttitudeParams) -> Self {
        let noise = POSITION_UNITS * p.noise * NOISE_PER_BYTE;
        // Once power is taken, those who distrusted the old government trust the new.
        let brakes = to_left != climate.power_taken;
        Self {
            keep: 1.0 - climate.relaxation,
            alike: POSITION_UNITS * climate.shock - 127.5 * noise + DITHER_OFFSET,
            noise,
            least: 1.0 - p.susceptibility_spread,
            per_byte: p.susceptibility_spread * (2.0 / 255.0),
            side: if to_left { -1.0 } else { 1.0 },
            room: if brakes { p.trust_ceiling } else { p.trust_ceiling - 1.0 },
            per_trust: if brakes { -1.0 } else { 1.0 },
            trust_shift: climate.trust_shift,
        }
    }

    /// Where somebody stands who stood at `position`, in units and dithered, to be stored; `word` is its word of the day.
    #[inline(always)]
    #[must_use]
    pub fn step(&self, position: i8, trust: u8, susceptibility: u8, pull: f32, drift: f32, word: u32) -> f32 {
        let m = f32::from(position);
        let susceptibility = self.per_byte.mul_add(f32::from(susceptibility), self.least);
        let room = self.per_trust.mul_add(felt_trust(trust, self.trust_shift), self.room);
        let pull = pull * susceptibility * room;
        let pulled = pull.mul_add(self.side.mul_add(m, POSITION_UNITS), drift);
        let random = self.noise.mul_add((word & 0xff) as f32, dither(word));
        self.keep.mul_add(m, self.alike) + pulled + random
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
    let sums = simd.add_scaled(&simd.add_scaled(a, b, 1.0), &simd.add_scaled(c, d, 1.0), 1.0);
    *drift = simd.add_scaled(drift, &sums, 1.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    /// Where somebody goes who feels nothing but a pull: position per day.
    fn pulled(m: i8, trust: u8, pull: f32, power_taken: bool) -> f32 {
        let p = AttitudeParams {
            noise: 0.0,
            susceptibility_spread: 0.0,
            trust_ceiling: 1.5,
            ..AttitudeParams::default()
        };
        let climate = Climate { power_taken, ..Climate::default() };
        let motion = Motion::new(&climate, pull >= 0.0, &p);
        (motion.step(m, trust, 0, pull, 0.0, 0x8000) - 0.5 / 256.0 - f32::from(m)) / POSITION_UNITS
    }

    #[test]
    fn pull_saturates_and_trust_brakes_it() {
        assert!((pulled(0, 51, 0.01, false) - 0.013).abs() < 1e-6);
        assert!((pulled(0, 51, 0.01, true) - 0.007).abs() < 1e-6, "trust has changed sides");
        assert!(pulled(127, 51, 0.01, false).abs() < 1e-6);
        assert!(pulled(0, 255, 0.01, false) < pulled(0, 0, 0.01, false));
        assert!((pulled(0, 51, -0.01, false) + 0.007).abs() < 1e-6);
        assert!(pulled(-127, 51, -0.01, false).abs() < 1e-6);
    }

    #[test]
    fn noise_and_dither_have_no_mean() {
        let p = AttitudeParams { noise: 0.02, ..AttitudeParams::default() };
        let motion = Motion::new(&Climate::default(), true, &p);
        let moved = (0..65_536_u32).map(|word| f64::from(motion.step(20, 128, 128, 0.0, 0.0, word)) - 20.0);
        let (mut sum, mut squares) = (0.0, 0.0);
        moved.for_each(|x| (sum, squares) = (sum + x, squares + x * x));
        let (mean, sd) = (sum / 65_536.0, (squares / 65_536.0 - 1.0 / 12.0).sqrt() / 127.0);
        assert!(mean.abs() < 1e-4 && (sd - 0.02).abs() < 1e-5, "{mean} {sd}");
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
