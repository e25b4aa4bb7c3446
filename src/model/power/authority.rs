//! Whom enterprises obey.

use crate::model::groups::Enterprise;
use crate::model::params::PowerParams;
use crate::model::rules::Rules;

/// The score that decides whether an agent obeys.
#[derive(Clone, Copy, Debug)]
pub struct Scorer {
    trust: f32,
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
            position: p.position_weight,
            voice: p.voice_weight,
            obey_above: p.obey_above,
            follow_below: p.follow_below,
        }
    }

    /// `trust_weight trust - position_weight m + voice_weight responsibility(what it speaks for)`. ODD 7.10.
    #[inline]
    #[must_use]
    pub fn score(&self, trust: f32, m: f32, responsibility: f32) -> f32 {
        self.trust * trust - self.position * m + self.voice * responsibility
    }
}

/// Whether an enterprise as a whole would obey an order of the government: more than its quorum of members would.
#[must_use]
pub fn obeys(enterprise: &Enterprise) -> bool {
    enterprise.counts.share(enterprise.counts.obeying) > enterprise.quorum
}

/// Whether it would follow the elected bodies instead: so many would that those who are left are below the quorum.
#[must_use]
pub fn follows(enterprise: &Enterprise) -> bool {
    enterprise.counts.share(enterprise.counts.following) > 1.0 - enterprise.quorum
}

/// Authority in one place, or in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
    /// Agents in workers' guards.
    pub guards: u64,
}

/// Authority in `place`, or everywhere.
///
/// Counted over armed and productive enterprises, each with the weight of its members. Source: model notes 4.
#[must_use]
pub fn authority(rules: &Rules, enterprises: &[Enterprise], place: Option<usize>) -> Authority {
    let mut sum = Authority::default();
    let mut weight = 0.0;
    for enterprise in enterprises {
        let stratum = &rules.strata[enterprise.stratum as usize];
        let class = &rules.classes[stratum.class];
        if place.is_some_and(|p| p != stratum.place) || !(class.armed || class.productive) {
            continue;
        }
        let size = f64::from(enterprise.counts.size);
        weight += size;
        sum.guards += u64::from(enterprise.counts.guards);
        if obeys(enterprise) {
            sum.government += size;
            sum.obeying += 1;
            if class.armed {
                sum.armed_against += u64::from(enterprise.counts.size);
            }
        } else if follows(enterprise) {
            sum.elected += size;
            if class.armed {
                sum.armed_for += u64::from(enterprise.counts.size);
            }
        }
    }
    if weight > 0.0 {
        sum.government /= weight;
        sum.elected /= weight;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_obeys_and_the_left_follows() {
        let scorer = Scorer::new(&PowerParams::default());
        assert!(scorer.score(0.6, 0.0, 0.0) > scorer.obey_above);
        assert!(scorer.score(0.2, 0.7, 0.0) < scorer.follow_below);
    }
}
