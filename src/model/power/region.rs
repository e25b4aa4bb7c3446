//! Who holds power in a region, and how hope stands there.

use serde::{Deserialize, Serialize};

use super::contest::Contest;
use crate::model::params::{HopeParams, PowerParams};

/// Who holds power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holder {
    /// The government.
    #[default]
    Government,
    /// The elected bodies.
    Elected,
    /// The right, after a coup.
    Right,
}

/// The state of a region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionState {
    /// Who holds power.
    pub holder: Holder,
    /// Day on which power last changed hands.
    pub since: Option<u32>,
    /// A fight under way, or the last one.
    pub contest: Option<Contest>,
    /// Hope disappointed, 0..=1.
    pub disillusion: f32,
    /// Disorder, as a share of those within its reach.
    pub disorder: f32,
    /// Whether yesterday the moment was ripe and nothing was done.
    pub ripe: bool,
    /// Persons who came with a coup that succeeded, and stayed.
    pub occupiers: f64,
}

impl RegionState {
    /// Lets hope decay for a day.
    ///
    /// While the moment is ripe and nothing is done, `D += disillusion_rate (1 - D)`; D halves in `recovery_days`
    /// otherwise. Source: model notes 4, timing; the seed narrative of this project. ODD 7.11.
    pub fn settle_hope(&mut self, p: &HopeParams) {
        if self.ripe {
            self.disillusion += p.disillusion_rate * (1.0 - self.disillusion);
        } else {
            self.disillusion *= (-1.0 / p.recovery_days).exp2();
        }
    }

    /// Lets disorder spread for a day: `d += disorder_growth d (1 - d) - end d`, from at least `spark`.
    ///
    /// `suppression` in 0..=1 is the force of decisive action; without any it burns itself out slowly.
    /// Source: logistic contagion. ODD 7.13.
    pub fn settle_disorder(&mut self, spark: f32, suppression: f32, p: &PowerParams) {
        if self.disorder <= 0.0 && spark <= 0.0 {
            return;
        }
        let d = self.disorder.max(spark);
        let ended = (p.disorder_end * suppression.clamp(0.0, 1.0) + BURNS_OUT) * d;
        self.disorder = (d + p.disorder_growth * d * (1.0 - d) - ended).clamp(0.0, 1.0);
        if self.disorder < 1e-5 {
            self.disorder = 0.0;
        }
    }
}

/// Share of disorder that ends by itself in a day: assumed.
const BURNS_OUT: f32 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hope_decays_while_the_moment_passes() {
        let p = HopeParams { disillusion_rate: 0.1, recovery_days: 10.0, ..HopeParams::default() };
        let mut region = RegionState { ripe: true, ..RegionState::default() };
        region.settle_hope(&p);
        region.settle_hope(&p);
        assert!((region.disillusion - 0.19).abs() < 1e-6);
        region.ripe = false;
        (0..10).for_each(|_| region.settle_hope(&p));
        assert!((region.disillusion - 0.095).abs() < 1e-5);
    }

    #[test]
    fn disorder_spreads_until_somebody_acts() {
        let p = PowerParams { disorder_growth: 0.8, disorder_end: 1.5, ..PowerParams::default() };
        let mut region = RegionState::default();
        region.settle_disorder(0.0, 1.0, &p);
        assert_eq!(region.disorder, 0.0);
        for _ in 0..12 {
            region.settle_disorder(0.01, 0.0, &p);
        }
        let peak = region.disorder;
        assert!(peak > 0.5);
        for _ in 0..10 {
            region.settle_disorder(0.0, 1.0, &p);
        }
        assert!(region.disorder < 0.02, "{}", region.disorder);
    }
}
