//! A leading committee: members with resolve, waverers, a vote a day.

use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use crate::model::params::PowerParams;
use crate::model::rules::Spread;
use crate::random::{Process, ReplicateKey, Stream, name_address};

/// A party's leading committee.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadershipSpec {
    /// Name in files; addresses the draws.
    pub name: String,
    /// The party that it leads, by index.
    pub party: usize,
    /// Parties that take office with it, itself included.
    pub government: Vec<usize>,
    /// The region in which it acts first.
    pub region: usize,
    /// Where its party can take power up, by region.
    pub reach: Vec<bool>,
    /// The resolution by which bodies urge it on.
    pub resolution: Option<usize>,
    /// Members.
    pub members: u32,
    /// Resolve of its members, 0..=1.
    pub resolve: Spread,
    /// How many of them waver.
    pub waverers: u32,
    /// Resolve that waverers lack.
    pub wavering: f32,
    /// First day on which it can decide.
    pub from_day: u32,
    /// Days from the decision to the act.
    pub preparation_days: u32,
    /// Whether it decides on that day whatever it sees: for studies of timing.
    pub unconditional: bool,
    /// Whether those who are outvoted break ranks in public.
    pub discloses: bool,
    /// The congress whose session it does not want to come after, by body specification.
    pub congress: Option<usize>,
}

/// How a leading committee stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leadership {
    /// Day of the decision that stands.
    pub decided: Option<u32>,
    /// Day on which it was first decided.
    pub first_decided: Option<u32>,
    /// Day on which those who were outvoted broke ranks.
    pub disclosed: Option<u32>,
    /// Day on which it acted.
    pub acted: Option<u32>,
    /// Share of its members in favour at the last vote.
    pub in_favour: f32,
}

/// What the committee reads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Situation {
    /// Share of those who would fight who stand with the elected bodies, 0..=1.
    pub balance: f32,
    /// Share of bodies that have voted for power, 0..=1.
    pub pressure: f32,
    /// Whether the elected bodies have more authority than the government.
    pub ripe: bool,
    /// Days until the congress sits, where one is called.
    pub days_to_congress: Option<u32>,
}

impl Leadership {
    /// The share of members in favour of acting today.
    ///
    /// Member i is in favour if its resolve is above `balance_weight (1 - b_i) + pressure_weight (1 - pressure)`, plus
    /// `disclosure_doubt (1 - b_i)` once the plan is known; b_i is the balance as it reads it, with an error of
    /// `perception_sd`. Waverers lack part of the resolve. Source: assumed; model notes 4. ODD 7.11.
    #[must_use]
    pub fn vote(
        &self,
        spec: &LeadershipSpec,
        seen: &Situation,
        waverers: u32,
        day: u32,
        key: ReplicateKey,
        p: &PowerParams,
    ) -> f32 {
        if spec.members == 0 {
            return 0.0;
        }
        let resolve = Normal::new(spec.resolve.mean, spec.resolve.sd)
            .expect("the validation admits only finite deviations");
        let error = Normal::new(0.0, p.perception_sd).expect("the validation admits only finite deviations");
        let doubt = p.balance_weight + if self.disclosed.is_some() { p.disclosure_doubt } else { 0.0 };
        let address = name_address(&spec.name);
        let in_favour = (0..spec.members)
            .filter(|&member| {
                let who = (address + u64::from(member)) % (1 << 40);
                let mut own = resolve.sample(&mut Stream::new(key, Process::Leadership, 0, who));
                if member < waverers {
                    own -= spec.wavering;
                }
                let slip = error.sample(&mut Stream::new(key, Process::Leadership, day + 1, who));
                let against = (1.0 - (seen.balance + slip)).clamp(0.0, 1.0);
                own > doubt * against + p.pressure_weight * (1.0 - seen.pressure)
            })
            .count();
        in_favour as f32 / spec.members as f32
    }

    /// Lets the committee meet; `true` if it acts today.
    ///
    /// It decides by a majority where the moment is ripe, confirms or drops the decision day by day while it prepares,
    /// and acts when the preparation is done or the congress is upon it.
    pub fn meet(
        &mut self,
        spec: &LeadershipSpec,
        seen: &Situation,
        waverers: u32,
        day: u32,
        key: ReplicateKey,
        p: &PowerParams,
    ) -> bool {
        if self.acted.is_some() || day < spec.from_day {
            return false;
        }
        self.in_favour = if spec.unconditional { 1.0 } else { self.vote(spec, seen, waverers, day, key, p) };
        if self.in_favour <= 0.5 || (!seen.ripe && self.decided.is_none() && !spec.unconditional) {
            self.decided = None;
            return false;
        }
        let decided = *self.decided.get_or_insert(day);
        self.first_decided.get_or_insert(day);
        if spec.discloses && waverers > 0 && self.disclosed.is_none() && self.in_favour < 1.0 && day > decided
        {
            self.disclosed = Some(day);
        }
        let ready = day >= decided + spec.preparation_days;
        let pressed = seen.days_to_congress.is_some_and(|d| d <= 1) && day > decided + 1;
        if ready || pressed {
            self.acted = Some(day);
        }
        self.acted.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(resolve: f32) -> LeadershipSpec {
        LeadershipSpec {
            name: "committee".to_owned(),
            party: 0,
            government: vec![0],
            region: 0,
            reach: vec![true],
            resolution: None,
            members: 12,
            resolve: Spread { mean: resolve, sd: 0.0 },
            waverers: 2,
            wavering: 0.5,
            from_day: 5,
            preparation_days: 3,
            unconditional: false,
            discloses: true,
            congress: None,
        }
    }

    fn days_to_act(resolve: f32, balance: f32, pressure: f32, waverers: u32) -> Option<u32> {
        let p = PowerParams { perception_sd: 0.0, ..PowerParams::default() };
        let seen = Situation { balance, pressure, ripe: true, days_to_congress: None };
        let (spec, key) = (spec(resolve), ReplicateKey::new(1, 0));
        let mut committee = Leadership::default();
        (0..60).find(|&day| committee.meet(&spec, &seen, waverers, day, key, &p))
    }

    #[test]
    fn a_resolute_committee_acts_when_it_is_ready() {
        assert_eq!(days_to_act(0.6, 0.9, 0.8, 0), Some(8));
        assert_eq!(days_to_act(0.0, 0.9, 0.8, 0), None, "without resolve nothing is done");
    }

    #[test]
    fn waverers_matter_where_it_is_close() {
        assert_eq!(days_to_act(0.6, 0.95, 0.9, 2), Some(8), "a strong tide carries them");
        assert_eq!(days_to_act(0.6, 0.55, 0.7, 0), Some(8));
        assert_eq!(days_to_act(0.6, 0.55, 0.7, 2), None, "a public break undoes a close decision");
    }
}
