//! Traits drawn once, at birth: class and place set the means, each agent deviates.

use rand_distr::{Beta, Distribution, Normal};

use super::spec::ClassSizes;
use crate::model::agents::{AgentsMut, OPTIONS, mark};
use crate::model::behaviour::choice::{Chooser, Offer, draw_option, utilities};
use crate::model::climate::{Climate, climates_at_birth};
use crate::model::fixed::{position, share, store_position, store_share};
use crate::model::groups::Counts;
use crate::model::pass::Cells;
use crate::model::rules::{Rules, Spread, Stratum};
use crate::random::{Process, ReplicateKey, Stream};

/// Where agents are born: what they find on the first morning.
pub struct Nursery<'a> {
    rules: &'a Rules,
    key: ReplicateKey,
    climates: Vec<Climate>,
    offers: Vec<Offer>,
    within: Vec<f32>,
    shifts: &'a [f32],
}

impl<'a> Nursery<'a> {
    /// For these rules; `sizes` one per class, `position_shifts` one per collective.
    #[must_use]
    pub fn new(
        rules: &'a Rules,
        key: ReplicateKey,
        sizes: &[ClassSizes],
        position_shifts: &'a [f32],
    ) -> Self {
        let climates = climates_at_birth(rules);
        let offers = rules
            .strata
            .iter()
            .zip(&climates)
            .map(|(stratum, climate)| settled_offer(rules, stratum, climate))
            .collect();
        // The deviation of a class is of all its people: what lies between groups is taken from what lies within.
        let within = rules
            .classes
            .iter()
            .zip(sizes)
            .map(|(class, sizes)| {
                let between = sizes.between_enterprises.powi(2) + sizes.between_collectives.powi(2);
                (class.position.sd.powi(2) - between).max(0.0).sqrt()
            })
            .collect();
        Self { rules, key, climates, offers, within, shifts: position_shifts }
    }

    /// Fills the cells with people and counts them.
    #[inline(always)]
    pub fn bear(&self, cells: Cells<'_>) {
        let Cells { enterprises, mut collectives, mut agents } = cells;
        for enterprise in enterprises {
            let shifts = &self.shifts[enterprise.collectives.start as usize..];
            let (mine, rest) = collectives.split_at_mut(enterprise.collectives.len());
            collectives = rest;
            let mut counts = Counts::default();
            for (collective, &shift) in mine.iter_mut().zip(shifts) {
                let mut members = agents.take(collective.agents.len());
                for i in 0..members.len() {
                    let id = u64::from(collective.agents.start) + i as u64;
                    self.bear_one(enterprise.stratum as usize, shift, id, &mut members, i);
                }
                let own = count_members(&members);
                collective.counts = own.composition();
                counts.add(&own);
            }
            enterprise.counts = counts;
        }
    }

    #[inline(always)]
    fn bear_one(&self, stratum: usize, shift: f32, id: u64, agents: &mut AgentsMut<'_>, i: usize) {
        let rules = self.rules;
        let class = &rules.classes[rules.strata[stratum].class];
        let mut stream = Stream::new(self.key, Process::Birth, 0, id);
        let mean = class.position.mean + shift;
        let sd = self.within[rules.strata[stratum].class];
        let drawn = normal(Spread { mean, sd }, &mut stream);
        agents.position[i] = store_position(drawn.clamp(-1.0, 1.0), 0.0);
        let trust = Spread { mean: class.trust.mean + rules.strata[stratum].trust_shift, ..class.trust };
        agents.trust[i] = beta(trust, &mut stream);
        agents.conviction[i] = beta(class.conviction, &mut stream);
        agents.threshold[i] = beta(class.threshold, &mut stream);
        agents.experience[i] = beta(class.experience, &mut stream);
        let mut marks = 0;
        for (bit, chance) in [(mark::LAND_TIE, class.land_tie), (mark::BELIEVER, class.believer)] {
            if stream.uniform() < chance {
                marks |= bit;
            }
        }

        let offer = &self.offers[stratum];
        let who = Chooser {
            position: position(agents.position[i]),
            trust: share(agents.trust[i]),
            conviction: 0.0,
            present: rules.none(),
            is_member: false,
            is_believer: false,
            heard: [0; OPTIONS],
            voices: rules.voices_heard,
        };
        let chosen = draw_option(
            &utilities(offer, &offer.appeal, &who, &rules.params.choice),
            offer.options,
            stream.uniform(),
        );
        if chosen != rules.none() {
            let chance = rules.parties[chosen].member_share * self.climates[stratum].organisation[chosen];
            let draw = stream.uniform();
            if rules.mechanisms.membership && draw < chance {
                marks |= mark::MEMBER;
                if draw < chance * rules.params.choice.agitator_share {
                    marks |= mark::AGITATOR;
                }
            }
        }
        agents.private[i] = chosen as u8;
        agents.public[i] = if chosen == rules.none() { rules.silent() } else { chosen } as u8;
        agents.marks[i] = marks;
        agents.susceptibility[i] = (stream.word() >> 24) as u8;
    }
}

/// What the members of a group are, but for what they would do today.
#[must_use]
pub fn count_members(agents: &AgentsMut<'_>) -> Counts {
    let mut counts = Counts { size: agents.len() as u32, ..Counts::default() };
    for i in 0..agents.len() {
        counts.count(agents, i);
    }
    counts
}

fn normal(spread: Spread, stream: &mut Stream) -> f32 {
    let law = Normal::new(spread.mean, spread.sd).expect("the validation admits only finite deviations");
    law.sample(stream)
}

/// A share to be stored, of what [`beta_share`] draws.
#[inline(always)]
fn beta(spread: Spread, stream: &mut Stream) -> u8 {
    store_share(beta_share(spread, stream), 0.0)
}

/// A share from the Beta law with this mean and deviation (the widest there is, if it asks for more).
fn beta_share(spread: Spread, stream: &mut Stream) -> f32 {
    let mean = spread.mean.clamp(0.0, 1.0);
    let room = mean * (1.0 - mean);
    let variance = (spread.sd * spread.sd).min(0.95 * room);
    if variance <= 0.0 {
        return mean;
    }
    let strength = room / variance - 1.0;
    match Beta::new(mean * strength, (1.0 - mean) * strength) {
        Ok(law) => law.sample(stream),
        Err(_) => mean,
    }
}

/// The offer of the first day with the conformity term at its fixed point: people are born into a society that has
/// been talking for a while.
///
/// Shares are those of the logit over a grid of the stratum's positions, iterated until they stand.
fn settled_offer(rules: &Rules, stratum: &Stratum, climate: &Climate) -> Offer {
    const GRID: usize = 41;
    const ROUNDS: usize = 30;
    let class = &rules.classes[stratum.class];
    let mut offer = climate.offer;
    let mean = class.position.mean + stratum.position_shift;
    let grid: [(f32, f32); GRID] = std::array::from_fn(|step| {
        let z = 6.0 * (step as f32 / (GRID - 1) as f32) - 3.0;
        ((mean + class.position.sd * z).clamp(-1.0, 1.0), (-0.5 * z * z).exp())
    });
    let mut shares = [0.0_f32; OPTIONS];
    for _ in 0..ROUNDS {
        for (appeal, (base, share)) in offer.appeal.iter_mut().zip(climate.offer.appeal.iter().zip(&shares)) {
            *appeal = base + rules.params.choice.conformity * share;
        }
        let mut next = [0.0; OPTIONS];
        let mut total = 0.0;
        for (position, density) in grid {
            let who = Chooser {
                position,
                trust: class.trust.mean,
                conviction: 0.0,
                present: rules.none(),
                is_member: false,
                is_believer: false,
                heard: [0; OPTIONS],
                voices: 1,
            };
            let u = utilities(&offer, &offer.appeal, &who, &rules.params.choice);
            let best = u[..offer.options].iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mut odds = [0.0_f32; OPTIONS];
            for (odds, u) in odds.iter_mut().zip(&u[..offer.options]) {
                *odds = (u - best).exp();
            }
            let sum: f32 = odds[..offer.options].iter().sum();
            for (next, odds) in next.iter_mut().zip(&odds[..offer.options]) {
                *next += density * odds / sum;
            }
            total += density;
        }
        let before = shares;
        for (share, next) in shares.iter_mut().zip(next) {
            *share = next / total;
        }
        // No party is not a voice, so nobody conforms to it.
        shares[rules.none()] = 0.0;
        if shares == before {
            break;
        }
    }
    offer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ReplicateKey;

    #[test]
    fn beta_shares_have_the_mean_and_deviation_asked_for() {
        let spread = Spread { mean: 0.3, sd: 0.15 };
        let n = 20_000;
        let draws: Vec<f32> = (0..n)
            .map(|id| {
                let mut stream = Stream::new(ReplicateKey::new(1, 0), Process::Birth, 0, id);
                share(beta(spread, &mut stream))
            })
            .collect();
        let mean = draws.iter().sum::<f32>() / n as f32;
        let sd = (draws.iter().map(|d| (d - mean).powi(2)).sum::<f32>() / n as f32).sqrt();
        // Five standard errors, 0.15 / sqrt(20000) each.
        assert!((mean - 0.3).abs() < 0.0055, "{mean}");
        assert!((sd - 0.15).abs() < 0.006, "{sd}");
    }

    #[test]
    fn a_spread_of_zero_makes_everybody_alike() {
        let mut stream = Stream::new(ReplicateKey::new(1, 0), Process::Birth, 0, 0);
        assert_eq!(beta(Spread { mean: 1.0, sd: 0.0 }, &mut stream), 255);
        assert_eq!(beta(Spread { mean: 0.0, sd: 0.3 }, &mut stream), 0);
    }
}
