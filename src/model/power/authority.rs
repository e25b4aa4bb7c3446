//! Whom enterprises obey.

use serde::{Deserialize, Serialize};

use crate::model::fixed::POSITION_UNITS;
use crate::model::groups::Enterprise;
use crate::model::params::PowerParams;
use crate::model::rules::{Acts, Rules};

/// The score that decides whether an agent obeys.
#[derive(Clone, Copy, Debug)]
pub struct Scorer {
    trust: f32,
    /// Per unit of a stored position.
    position: f32,
    voice: f32,
    /// Obeys the government above this score.
    pub obey_above: f32,
    /// Follows the elected bodies below this score.
    pub follow_below: f32,
}

impl Scorer {
    /// With these parameters.
    #[must_use]
    pub fn new(p: &PowerParams) -> Self {
        Self {
            trust: p.trust_weight,
            position: p.position_weight / POSITION_UNITS,
            voice: p.voice_weight,
            obey_above: p.obey_above,
            follow_below: p.follow_below,
        }
    }

    /// What a voice adds to a score, that speaks for those with this share in responsibility.
    #[inline(always)]
    #[must_use]
    pub fn of_voice(&self, responsibility: f32) -> f32 {
        self.voice * responsibility
    }

    /// `trust_weight trust - position_weight m + voice_weight responsibility(what it speaks for)`, for a stored position and
    /// what [`Scorer::of_voice`] gives. ODD 7.10.
    #[inline(always)]
    #[must_use]
    pub fn score(&self, trust: f32, position: i8, of_voice: f32) -> f32 {
        self.trust.mul_add(trust, (-self.position).mul_add(f32::from(position), of_voice))
    }
}

/// Whether an enterprise as a whole would obey an order of the government: more than its quorum of members would, and
/// it has not gone over.
#[must_use]
pub fn obeys(enterprise: &Enterprise) -> bool {
    !enterprise.transferred && enterprise.counts.share(enterprise.counts.obeying) > enterprise.quorum
}

/// Whether it would follow the elected bodies instead: it has gone over, or so many would that those who are left are
/// below the quorum.
#[must_use]
pub fn follows(enterprise: &Enterprise) -> bool {
    enterprise.transferred || enterprise.counts.share(enterprise.counts.following) > 1.0 - enterprise.quorum
}

/// Chance that a unit goes over today: `commissar_rate * commissars * f²`, f being the share of its members who would
/// follow the elected bodies, in [0, 1]. Source: model notes 4; form assumed. ODD 7.10.
#[must_use]
pub fn transfer_chance(following: f32, commissars: f32, p: &PowerParams) -> f32 {
    p.commissar_rate * commissars * following * following
}

/// Authority in one place, or in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Authority {
    /// Share of the people in armed and productive enterprises whose enterprise would obey the government.
    pub government: f64,
    /// Share whose enterprise would follow the elected bodies.
    pub elected: f64,
    /// Enterprises that would obey.
    pub obeying: u32,
    /// Agents under arms in enterprises that would follow the elected bodies.
    pub armed_for: u64,
    /// Agents under arms in enterprises that would obey the government.
    pub armed_against: u64,
    /// Of these, agents in units picked for their loyalty, which elect no bodies.
    pub picked: u64,
    /// Agents in workers' guards.
    pub guards: u64,
    /// Units under arms.
    pub units: u32,
    /// Of these, units that have gone over to the elected bodies.
    pub units_over: u32,
    /// Agents in armed and productive enterprises.
    pub weight: f64,
}

/// Authority in a place with these enterprises.
///
/// Counted over armed and productive ones, each with the weight of its members. Source: model notes 4. ODD 7.10.
#[must_use]
pub fn authority_of(rules: &Rules, enterprises: &[Enterprise]) -> Authority {
    let mut sum = Authority::default();
    for enterprise in enterprises {
        let class = &rules.classes[rules.strata[enterprise.stratum as usize].class];
        if !(class.armed || class.productive) {
            continue;
        }
        let size = f64::from(enterprise.counts.size);
        sum.weight += size;
        sum.guards += u64::from(enterprise.counts.guards);
        // Those who neither strike nor refuse nor seize are no electors of the bodies, and do not go over to them.
        if class.armed && class.acts != Acts::Neither {
            sum.units += 1;
            sum.units_over += u32::from(enterprise.transferred);
        }
        if obeys(enterprise) {
            sum.government += size;
            sum.obeying += 1;
            if class.armed {
                sum.armed_against += u64::from(enterprise.counts.size);
                if class.acts == Acts::Neither {
                    sum.picked += u64::from(enterprise.counts.size);
                }
            }
        } else if follows(enterprise) {
            sum.elected += size;
            if class.armed {
                sum.armed_for += u64::from(enterprise.counts.size);
            }
        }
    }
    sum.settle();
    sum
}

impl Authority {
    /// Turns sums into shares.
    fn settle(&mut self) {
        if self.weight > 0.0 {
            self.government /= self.weight;
            self.elected /= self.weight;
        }
    }

    /// Several places together.
    #[must_use]
    pub fn of_all(places: &[Self]) -> Self {
        let mut sum = Self::default();
        for place in places {
            sum.weight += place.weight;
            sum.government += place.government * place.weight;
            sum.elected += place.elected * place.weight;
            sum.obeying += place.obeying;
            sum.armed_for += place.armed_for;
            sum.armed_against += place.armed_against;
            sum.picked += place.picked;
            sum.guards += place.guards;
            sum.units += place.units;
            sum.units_over += place.units_over;
        }
        sum.settle();
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_obeys_and_the_left_follows() {
        let scorer = Scorer::new(&PowerParams::default());
        assert!(scorer.score(0.6, 0, 0.0) > scorer.obey_above);
        assert!(scorer.score(0.2, 89, 0.0) < scorer.follow_below);
    }

    #[test]
    fn units_go_over_where_commissars_find_them_ready() {
        let p = PowerParams { commissar_rate: 0.4, ..PowerParams::default() };
        assert_eq!(transfer_chance(0.9, 0.0, &p), 0.0);
        assert!((transfer_chance(0.5, 1.0, &p) - 0.1).abs() < 1e-6);
    }

    #[test]
    fn places_add_up_by_weight() {
        let a = Authority { government: 0.2, weight: 10.0, units: 1, ..Authority::default() };
        let b = Authority { government: 0.8, weight: 30.0, units: 2, ..Authority::default() };
        let both = Authority::of_all(&[a, b]);
        assert!((both.government - 0.65).abs() < 1e-12 && both.units == 3);
    }
}
