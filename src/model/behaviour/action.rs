//! Strikes: threshold cascades in the enterprise.

use crate::model::params::ActionParams;

/// The part of the drive to strike that all members of an enterprise share today.
///
/// `grievance_weight g + imitation share here + news share in the place + call - fatigue days - threshold_base`.
/// Shares in [0, 1]; `weary_days` is the accumulated weariness. Source: Granovetter 1978, doi:10.1086/226707;
/// waves: Biggs 2005, doi:10.1086/427676. ODD 7.8.
#[inline]
#[must_use]
pub fn shared_drive(
    grievance: f32,
    share_here: f32,
    share_in_place: f32,
    call: f32,
    weary_days: f32,
    p: &ActionParams,
) -> f32 {
    p.grievance_weight * grievance + p.imitation * share_here + p.news * share_in_place + call
        - p.fatigue * weary_days
        - p.threshold_base
}

/// What drives one member to act, more than 0 for those who do.
///
/// `drive + position_weight m - threshold_spread threshold + experience_weight experience + fresh_answer (1 - experience)`;
/// shares in [0, 1], `m` in [-1, 1]. Source: as for [`shared_drive`]. ODD 7.8.
#[inline(always)]
#[must_use]
pub fn own_drive(
    drive: f32,
    m: f32,
    threshold: f32,
    experience: f32,
    experience_weight: f32,
    fresh_answer: f32,
    p: &ActionParams,
) -> f32 {
    let felt = (-p.threshold_spread).mul_add(threshold, p.position_weight.mul_add(m, drive));
    fresh_answer.mul_add(1.0 - experience, experience_weight.mul_add(experience, felt))
}

/// Weight of one's own experience: it holds back from partial strikes and comes out for decisive ones.
///
/// `coming_out * decisiveness - holding_back * (1 - decisiveness)`, decisiveness being the strength of a general
/// call over `decisive_call`, at most 1. Source: fact F05. ODD 7.8.
#[inline]
#[must_use]
pub fn experience_weight(call: f32, p: &ActionParams) -> f32 {
    let decisive = (call / p.decisive_call).clamp(0.0, 1.0);
    p.coming_out * decisive - p.holding_back * (1.0 - decisive)
}

/// Weariness after a day on which `share` of the enterprise struck: grows by that share, and halves while at work.
#[must_use]
pub fn weariness(weary_days: f32, share: f32, p: &ActionParams) -> f32 {
    weary_days * (-(1.0 - share) / p.recovery_days).exp2() + share
}

/// Chance that an enterprise of a seizing class takes land today when `share` of its members would act.
///
/// `1 - exp(-seize_rate share)`: whoever would act carries the commune along at a rate. A threshold on the share would
/// make seizures depend on the number of agents, since a small village crosses it by chance. Source: Gill 1979 (the
/// commune acts as one); the rate is assumed. ODD 7.8.
#[must_use]
pub fn seizure_chance(share: f32, p: &ActionParams) -> f32 {
    1.0 - (-p.seize_rate * share).exp()
}

/// Share of the land taken after a seizure: `seize_gain` of what is left. Source: assumed. ODD 7.8.
#[must_use]
pub fn taken_after(taken: f32, p: &ActionParams) -> f32 {
    taken + p.seize_gain * (1.0 - taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drive_adds_up() {
        let p = ActionParams::default();
        let calm = shared_drive(0.0, 0.0, 0.0, 0.0, 0.0, &p);
        assert!((calm + p.threshold_base).abs() < 1e-6);
        let roused = shared_drive(0.5, 0.4, 0.2, 0.1, 3.0, &p);
        let by_hand = p.grievance_weight * 0.5 + p.imitation * 0.4 + p.news * 0.2 + 0.1 - p.fatigue * 3.0;
        assert!((roused - calm - by_hand).abs() < 1e-6);
    }

    #[test]
    fn the_experienced_hold_back_then_come_out() {
        let p = ActionParams::default();
        assert!(experience_weight(0.0, &p) < 0.0);
        assert!(experience_weight(1.0, &p) > 0.0);
    }

    #[test]
    fn seizures_are_as_frequent_whatever_the_size() {
        let p = ActionParams { seize_rate: 0.5, ..ActionParams::default() };
        assert_eq!(seizure_chance(0.0, &p), 0.0);
        assert!((seizure_chance(0.02, &p) - 0.01).abs() < 1e-4);
        assert!(seizure_chance(1.0, &p) < 0.5);
        assert!((taken_after(0.5, &p) - (0.5 + 0.5 * p.seize_gain)).abs() < 1e-6);
    }

    #[test]
    fn weariness_halves_at_work() {
        let p = ActionParams { recovery_days: 10.0, ..ActionParams::default() };
        let rested = (0..10).fold(8.0, |w, _| weariness(w, 0.0, &p));
        assert!((rested - 4.0).abs() < 1e-4);
        assert_eq!(weariness(2.0, 1.0, &p), 3.0);
    }
}
