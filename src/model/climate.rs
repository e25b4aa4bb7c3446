//! What a day holds for each stratum: everything its agents share, made ready before anybody moves.

use super::agents::OPTIONS;
use super::behaviour::action::experience_weight;
use super::behaviour::attitude::{self, Drift, Kernel};
use super::behaviour::choice::Offer;
use super::behaviour::contacts::{Mixture, add_voices};
use super::events::{Calendar, EffectKind, level_at};
use super::fixed::{BINS, SHARE_UNITS, bin};
use super::groups::{Counts, MAX_TOPICS};
use super::rules::{Acts, Rules, Stratum};

/// A warning in the air: topic, the party that warns, intensity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Warning {
    /// Topic by index.
    pub topic: usize,
    /// Party by index.
    pub party: usize,
    /// 0..=1.
    pub intensity: f32,
}

/// The day of a stratum.
#[derive(Clone, Debug, Default)]
pub struct Climate {
    /// What its agents choose among.
    pub offer: Offer,
    /// Level of each issue's grievance, 0..=1.
    pub grievances: Vec<f32>,
    /// Fear of speaking, by party.
    pub fear: [f32; OPTIONS],
    /// Pull of all grievances, position per day.
    pub pull: f32,
    /// Shock to positions, per day.
    pub shock: f32,
    /// Change of trust while effects last.
    pub trust_shift: f32,
    /// Trust that the government's deeds would earn.
    pub trust_target: f32,
    /// Chance of reconsidering, in units of 1/65536.
    pub attention: u32,
    /// Voices from beyond the enterprise, weighted; their weights are those left by the two below.
    pub heard: Mixture,
    /// Drift by voices from beyond the enterprise, weighted.
    pub drift: Drift,
    /// Weight of voices of the own collective.
    pub collective_weight: f32,
    /// Weight of voices of the own enterprise.
    pub enterprise_weight: f32,
    /// How the silent's demands are heard, by party; sums to one or zero.
    pub demand: Mixture,
    /// Warnings in the air.
    pub warnings: Vec<Warning>,
    /// Credit that a topic come true gives or takes, by topic and party, where all had heard the warning.
    pub proven: [[f32; OPTIONS]; MAX_TOPICS],
    /// Whether any topic has come true.
    pub anything_proven: bool,
    /// Strength of a call to strike.
    pub call: f32,
    /// Weight of experience in the drive to strike.
    pub experience_weight: f32,
    /// Share of the class in the place on strike yesterday.
    pub strikers: f32,
    /// Threat that arms people, 0..=1.
    pub threat: f32,
    /// Chance per day that an enterprise is closed.
    pub lockout: f32,
    /// Organisation of each party today, 0..=1.
    pub organisation: [f32; OPTIONS],
    /// Responsibility of each party today, 0..=1.
    pub responsibility: [f32; OPTIONS],
}

/// What the climate is made from.
pub(super) struct Ingredients<'a> {
    pub(super) rules: &'a Rules,
    pub(super) kernel: &'a Kernel,
    pub(super) calendar: &'a Calendar,
    pub(super) strata: &'a [Counts],
    /// By stratum.
    pub(super) credibility: &'a [[f32; OPTIONS]],
    /// Share of each stratum's agents in closed enterprises.
    pub(super) locked: &'a [f32],
}

impl Ingredients<'_> {
    /// The climate of every stratum on `day`.
    pub(super) fn climates(&self, day: u32) -> Vec<Climate> {
        (0..self.rules.strata.len()).map(|s| self.climate(s, day)).collect()
    }

    fn climate(&self, index: usize, day: u32) -> Climate {
        let rules = self.rules;
        let Stratum { place, class, attention_shift, .. } = rules.strata[index];
        let kind = &rules.classes[class];
        let p = &rules.params;
        let felt = Felt::gather(rules, self.calendar, day, place, class);

        let grievances = self.grievances(index, day, &felt);
        let weight: f32 = kind.salience.iter().sum();
        let weighted = |k: usize| kind.salience[k] * grievances[k];
        let issues = 0..rules.issues;
        let total: f32 = issues.clone().map(weighted).sum();
        let unmet = if weight > 0.0 { total / weight } else { 0.0 };
        let pull: f32 = p.attitude.rate * issues.clone().map(|k| weighted(k) * kind.pull[k]).sum::<f32>();

        let mut climate = Climate {
            pull,
            shock: felt.position,
            trust_shift: felt.trust,
            trust_target: (1.0 - p.attitude.trust_failure * unmet).clamp(0.0, kind.trust.mean.max(0.0)),
            attention: ((kind.attention + attention_shift + felt.attention).clamp(0.0, 1.0) * 65536.0) as u32,
            call: felt.call,
            experience_weight: experience_weight(felt.call, &p.action),
            strikers: self.strata[index].share(self.strata[index].strikers),
            threat: unmet,
            lockout: if kind.acts == Acts::Strike { felt.lockout } else { 0.0 },
            warnings: felt.warnings(rules),
            ..Climate::default()
        };
        climate.offer.options = rules.parties.len() + 1;
        climate.offer.unmet = unmet;
        let arms = if kind.armed { p.voice.arms_relief } else { 0.0 };
        for (i, party) in rules.parties.iter().enumerate() {
            let press = party.press * felt.press[i];
            let organisation = party.organisation * felt.agitators[i];
            let responsibility = (party.responsibility + felt.responsibility[i]).clamp(0.0, 1.0);
            let programme: f32 = issues.clone().map(|k| weighted(k) * party.programme[k]).sum();
            let demand: f32 = issues.clone().map(|k| weighted(k) * party.programme[k].max(0.0)).sum();
            climate.offer.appeal[i] = p.choice.issue_weight * programme
                + p.choice.credibility_weight * self.credibility[index][i]
                + p.choice.reach_weight * (press * kind.literate + organisation)
                + kind.base[i];
            climate.offer.positions[i] = party.position;
            climate.offer.distance_weights[i] = p.choice.position_weight * party.distance_weight;
            climate.offer.slander[i] = felt.slander[i].max(0.0);
            climate.offer.blame[i] = p.choice.blame * responsibility * unmet;
            climate.fear[i] = felt.fear[i].max(0.0) * (1.0 - arms);
            climate.demand[i] = demand;
            climate.organisation[i] = organisation.clamp(0.0, 1.0);
            climate.responsibility[i] = responsibility;
            for topic in 0..rules.topics {
                let gain = p.credibility.realised_gain * felt.warned[topic][i]
                    - p.credibility.scoff_loss * felt.scoffed[topic][i];
                climate.proven[topic][i] = p.choice.credibility_weight * felt.realised[topic] * gain;
            }
        }
        climate.anything_proven = felt.realised.iter().any(|&r| r > 0.0);
        let none = rules.none();
        climate.offer.appeal[none] = kind.base[none];
        climate.offer.distance_weights[none] = p.choice.position_weight * p.choice.none_distance_weight;
        let demands: f32 = climate.demand.iter().sum();
        if demands > 0.0 {
            climate.demand.iter_mut().for_each(|d| *d /= demands);
        }
        self.voices_from_beyond(index, &felt, &mut climate);
        climate
    }

    /// Grievance of each issue: series, effects, and the news of lockouts.
    fn grievances(&self, index: usize, day: u32, felt: &Felt) -> Vec<f32> {
        let rules = self.rules;
        let Stratum { place, class, .. } = rules.strata[index];
        let mut levels = vec![0.0; rules.issues];
        for series in rules.series.iter().filter(|s| s.places[place] && s.classes[class]) {
            levels[series.issue] += level_at(&series.points, day);
        }
        let lockouts = rules.params.action.lockout_news * self.locked[index];
        levels
            .iter()
            .zip(&felt.grievance)
            .zip(&rules.classes[class].salience)
            .map(|((level, effect), salience)| (level + effect + lockouts * salience).clamp(0.0, 1.0))
            .collect()
    }

    /// Streets and meetings, links, press and agitators: what is heard from beyond the enterprise.
    fn voices_from_beyond(&self, index: usize, felt: &Felt, climate: &mut Climate) {
        let rules = self.rules;
        let Stratum { place, class, .. } = rules.strata[index];
        let kind = &rules.classes[class];
        let links: Vec<_> = rules
            .links
            .iter()
            .filter(|l| l.to_places[place] && l.to_classes[class] && l.weight > 0.0)
            .collect();
        let weights = kind.collective_weight
            + kind.enterprise_weight
            + kind.place_weight
            + kind.press_weight
            + kind.agitator_weight
            + links.iter().map(|l| l.weight).sum::<f32>();
        let scale = if weights > 0.0 { 1.0 / weights } else { 0.0 };
        climate.collective_weight = kind.collective_weight * scale;
        climate.enterprise_weight = kind.enterprise_weight * scale;

        let kernel = self.kernel;
        let mut hear = |stratum: usize, weight: f32| {
            let counts = &self.strata[stratum];
            add_voices(&mut climate.heard, &counts.public, counts.size, weight);
            attitude::add_drift(&mut climate.drift, kernel, &counts.positions, counts.size, weight);
        };
        let mixed: f32 = rules
            .strata
            .iter()
            .enumerate()
            .filter(|(s, other)| other.place == place && self.strata[*s].size > 0)
            .map(|(_, other)| kind.mixing[other.class])
            .sum();
        for (s, other) in rules.strata.iter().enumerate() {
            if other.place == place && mixed > 0.0 {
                hear(s, kind.place_weight * scale * kind.mixing[other.class] / mixed);
            }
        }
        for link in links {
            let from = |s: &Stratum| link.from_places[s.place] && link.from_classes[s.class];
            let people: u32 =
                rules.strata.iter().zip(self.strata).filter(|(s, _)| from(s)).map(|(_, c)| c.size).sum();
            for (s, other) in rules.strata.iter().enumerate() {
                if from(other) && people > 0 {
                    hear(s, link.weight * scale * self.strata[s].size as f32 / people as f32);
                }
            }
        }
        // Papers and agitators speak with the position of their party's programme.
        let counts = &self.strata[index];
        let mut spoken = [0.0; OPTIONS];
        let press: Vec<f32> =
            (0..rules.parties.len()).map(|i| rules.parties[i].press * felt.press[i].max(0.0)).collect();
        let agitators: Vec<f32> = (0..rules.parties.len())
            .map(|i| climate.organisation[i] + MEMBER_AGITATION * counts.share(counts.members[i]))
            .collect();
        for (reach, weight) in
            [(&press, kind.press_weight * kind.literate), (&agitators, kind.agitator_weight)]
        {
            let total: f32 = reach.iter().sum();
            if total > 0.0 {
                for (sum, &share) in spoken.iter_mut().zip(reach) {
                    *sum += weight * scale * share / total;
                }
            }
        }
        for (i, party) in rules.parties.iter().enumerate() {
            climate.heard[i] += spoken[i];
            let mut at = [0; BINS];
            at[bin((party.position * 127.0) as i8)] = 1;
            attitude::add_drift(&mut climate.drift, kernel, &at, 1, spoken[i]);
        }
    }
}

/// Agitation of a party by its own members, relative to a party organised everywhere: assumed.
const MEMBER_AGITATION: f32 = 4.0;

/// All effects felt in one place by one class on one day, added up.
struct Felt {
    grievance: Vec<f32>,
    fear: [f32; OPTIONS],
    press: [f32; OPTIONS],
    agitators: [f32; OPTIONS],
    slander: [f32; OPTIONS],
    responsibility: [f32; OPTIONS],
    attention: f32,
    trust: f32,
    position: f32,
    call: f32,
    lockout: f32,
    warned: [[f32; OPTIONS]; MAX_TOPICS],
    scoffed: [[f32; OPTIONS]; MAX_TOPICS],
    realised: [f32; MAX_TOPICS],
}

impl Felt {
    fn gather(rules: &Rules, calendar: &Calendar, day: u32, place: usize, class: usize) -> Self {
        let mut felt = Self {
            grievance: vec![0.0; rules.issues],
            fear: [0.0; OPTIONS],
            press: [1.0; OPTIONS],
            agitators: [1.0; OPTIONS],
            slander: [0.0; OPTIONS],
            responsibility: [0.0; OPTIONS],
            attention: 0.0,
            trust: 0.0,
            position: 0.0,
            call: 0.0,
            lockout: 0.0,
            warned: [[0.0; OPTIONS]; MAX_TOPICS],
            scoffed: [[0.0; OPTIONS]; MAX_TOPICS],
            realised: [0.0; MAX_TOPICS],
        };
        for (kind, value) in calendar.felt(&rules.events, day, place, class) {
            match kind {
                EffectKind::Grievance(issue) => felt.grievance[issue] += value,
                EffectKind::Fear(party) => felt.fear[party] += value,
                EffectKind::Press(party) => felt.press[party] = (felt.press[party] * (1.0 + value)).max(0.0),
                EffectKind::Agitators(party) => {
                    felt.agitators[party] = (felt.agitators[party] * (1.0 + value)).max(0.0);
                }
                EffectKind::Slander(party) => felt.slander[party] += value,
                EffectKind::Responsibility(party) => felt.responsibility[party] += value,
                EffectKind::Attention => felt.attention += value,
                EffectKind::Trust => felt.trust += value,
                EffectKind::Position => felt.position += value,
                EffectKind::Call => felt.call += value,
                EffectKind::Lockout => felt.lockout += value,
                EffectKind::Warning(topic, party) => {
                    felt.warned[topic][party] = (felt.warned[topic][party] + value).min(1.0);
                }
                EffectKind::Scoff(topic, party) => {
                    felt.scoffed[topic][party] = (felt.scoffed[topic][party] + value).min(1.0);
                }
                EffectKind::Realise(topic) => felt.realised[topic] = (felt.realised[topic] + value).min(1.0),
                EffectKind::Order => {}
            }
        }
        felt
    }

    fn warnings(&self, rules: &Rules) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for topic in 0..rules.topics {
            // What has come true is no longer warned of.
            if self.realised[topic] > 0.0 {
                continue;
            }
            for party in 0..rules.parties.len() {
                if self.warned[topic][party] > 0.0 {
                    warnings.push(Warning { topic, party, intensity: self.warned[topic][party] });
                }
            }
        }
        warnings
    }
}

/// Trust as the agents of a stratum feel it today: their own, shifted, within [0, 1].
#[inline]
#[must_use]
pub fn felt_trust(stored: u8, shift: f32) -> f32 {
    (f32::from(stored) * (1.0 / SHARE_UNITS) + shift).clamp(0.0, 1.0)
}

/// What people are born into: conditions of the first day, before any event and without anybody's voice.
#[must_use]
pub fn climates_at_birth(rules: &Rules) -> Vec<Climate> {
    let strata = vec![Counts::default(); rules.strata.len()];
    let credibility = vec![rules.base_credibility(); rules.strata.len()];
    Ingredients {
        rules,
        kernel: &attitude::kernel(&rules.params.attitude),
        calendar: &Calendar::new(rules.events.len()),
        strata: &strata,
        credibility: &credibility,
        locked: &vec![0.0; rules.strata.len()],
    }
    .climates(0)
}
