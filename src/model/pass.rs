//! One pass over the members of an enterprise: contacts, attitude, choice, voice, action, and the counting.
//!
//! Nobody reads another agent: the mixtures are yesterday's compositions, so state is written in place and neither
//! the order of agents nor the cutting into pieces can matter.

use std::sync::Arc;

use super::agents::{AgentsMut, OPTIONS, mark};
use super::behaviour::action;
use super::behaviour::attitude::{Kernel, add_drift, add_positions, grievance_pull, kernel};
use super::behaviour::choice::{self, Chooser, Offer};
use super::behaviour::contacts::{Mixture, add_voices, cuts, hear, hear_demands};
use super::behaviour::credibility::spread_warning;
use super::behaviour::voice::boldest_silent;
use super::climate::{Climate, felt_trust, trust_in_office};
use super::fixed::{BINS, bin, position, share, store_position, store_share};
use super::groups::{Collective, Counts, Deeds, Enterprise, level_of};
use super::network::Contacts;
use super::power::authority;
use super::rules::{Acts, Rules};
use crate::random::{Process, ReplicateKey, Stream, bytes, lane, unit};

/// A run of whole enterprises with their collectives and members.
#[derive(Debug)]
pub struct Cells<'a> {
    /// Enterprises, in order.
    pub enterprises: &'a mut [Enterprise],
    /// Their collectives.
    pub collectives: &'a mut [Collective],
    /// Their members.
    pub agents: AgentsMut<'a>,
}

impl<'a> Cells<'a> {
    /// The first `count` enterprises with all that is theirs, and the rest.
    #[must_use]
    pub fn cut(self, count: usize) -> (Self, Self) {
        let (left, right) = self.enterprises.split_at_mut(count);
        let collectives: usize = left.iter().map(|e| e.collectives.len()).sum();
        let agents: usize = left.iter().map(|e| e.agents.len()).sum();
        let (left_collectives, right_collectives) = self.collectives.split_at_mut(collectives);
        let (left_agents, right_agents) = self.agents.cut(agents);
        (
            Self { enterprises: left, collectives: left_collectives, agents: left_agents },
            Self { enterprises: right, collectives: right_collectives, agents: right_agents },
        )
    }
}

/// What every visit of a day may read.
#[derive(Debug)]
pub struct Surroundings {
    /// The rules.
    pub rules: Arc<Rules>,
    /// The address of all draws.
    pub key: ReplicateKey,
    /// The day of each stratum; empty before the first day.
    pub climates: Vec<Climate>,
    /// Effect of voices on positions.
    pub kernel: Kernel,
    /// Parties that stand for the power of the elected bodies: one bit a party.
    pub contenders: u32,
    /// Fixed contacts in place of drawn ones, where the scenario asks for them.
    pub contacts: Option<Contacts>,
}

impl Surroundings {
    /// What is read before the first day.
    #[must_use]
    pub fn new(rules: Arc<Rules>, key: ReplicateKey) -> Self {
        let kernel = kernel(&at_work(&rules));
        let contenders = rules.contenders().iter().fold(0, |bits, &p| bits | 1 << p);
        Self { rules, key, climates: Vec::new(), kernel, contenders, contacts: None }
    }

    /// Moves all cells by one day.
    pub fn visit(&self, cells: Cells<'_>, day: u32) {
        let Cells { enterprises, mut collectives, mut agents } = cells;
        for enterprise in enterprises {
            let (mine, rest) = collectives.split_at_mut(enterprise.collectives.len());
            collectives = rest;
            self.visit_enterprise(enterprise, mine, agents.take(enterprise.agents.len()), day);
        }
    }

    fn visit_enterprise(
        &self,
        enterprise: &mut Enterprise,
        collectives: &mut [Collective],
        mut agents: AgentsMut<'_>,
        day: u32,
    ) {
        let climate = &self.climates[enterprise.stratum as usize];
        let stratum = &self.rules.strata[enterprise.stratum as usize];
        let class = &self.rules.classes[stratum.class];
        let params = &self.rules.params;
        let yesterday = enterprise.counts;
        let locked = day < enterprise.locked_until;
        let own_grievance = self.own_grievance(climate, enterprise, locked);
        let mut pull = climate.pull;
        if own_grievance > 0.0 {
            pull += params.attitude.rate * own_grievance;
        } else if own_grievance < 0.0 && climate.offer.unmet > 0.0 {
            pull *= (1.0 + own_grievance / climate.offer.unmet).max(0.0);
        }
        let drive = action::shared_drive(
            (climate.act_grievance + own_grievance).clamp(0.0, 1.0),
            yesterday.share(yesterday.strikers),
            climate.strikers,
            climate.call,
            enterprise.strike_days,
            &params.action,
        );
        let can_occupy = locked && self.rules.mechanisms.occupations;
        let conduct = match (climate.acts, locked, can_occupy) {
            (true, false, _) => Conduct::Acts(drive),
            (true, true, true) => Conduct::Occupies(drive),
            _ => Conduct::Rests,
        };
        let mut beyond = climate.heard;
        let mut drift = climate.drift;
        if self.contacts.is_none() {
            add_voices(&mut beyond, &yesterday.public, yesterday.size, climate.enterprise_weight);
            let mut heard = [0.0; BINS];
            add_positions(&mut heard, &yesterday.positions, yesterday.size, climate.enterprise_weight);
            add_drift(&mut drift, &self.kernel, &heard);
        }

        let mut counts = Counts::default();
        let mut deeds = Deeds::default();
        let mut occupying = 0;
        for collective in collectives {
            let mut mixture = beyond;
            let size = collective.counts.size;
            add_voices(&mut mixture, &collective.counts.public, size, climate.collective_weight);
            hear_demands(&mut mixture, self.rules.silent(), &climate.demand, params.voice.demand_voice);
            let mut here = drift;
            let kernel = &self.kernel;
            if self.contacts.is_none() {
                let mut heard = [0.0; BINS];
                add_positions(&mut heard, &collective.counts.positions, size, climate.collective_weight);
                add_drift(&mut here, kernel, &heard);
            }
            self.remember_warnings(climate, &mixture, collective);

            let setting = Setting {
                day,
                climate,
                offer: self.offer_in(climate, collective, own_grievance),
                pull,
                cuts: cuts(&mixture),
                drift: here,
                boldest: self.boldest(climate, &mixture),
                conduct,
                guards: class.acts == Acts::Strike,
                refuses: class.acts == Acts::Refuse,
            };
            let members = agents.take(collective.agents.len());
            let first = u64::from(collective.agents.start);
            collective.counts = self.visit_members(&setting, first, members, &mut deeds, &mut occupying);
            counts.add(&collective.counts);
        }
        enterprise.counts = counts;
        enterprise.strike_days =
            action::weariness(enterprise.strike_days, counts.share(counts.strikers), &params.action);
        if can_occupy
            && counts.share(occupying) > params.action.occupy_quorum
            && counts.mean_position() > f64::from(params.action.occupy_position)
        {
            enterprise.occupied = true;
            enterprise.locked_until = day + 1;
        }
        if class.acts == Acts::Seize && counts.strikers > 0 {
            let chance = action::seizure_chance(counts.share(counts.strikers), &params.action);
            let whose = u64::from(enterprise.agents.start);
            if Stream::new(self.key, Process::Seizure, day, whose).uniform() < chance {
                enterprise.taken = action::taken_after(enterprise.taken, &params.action);
                deeds.seizures = 1;
            }
        }
        deeds.occupied = u32::from(enterprise.occupied);
        enterprise.deeds = deeds;
    }

    /// What an enterprise suffers more than others of its stratum, or is spared, as mean grievance.
    fn own_grievance(&self, climate: &Climate, enterprise: &Enterprise, locked: bool) -> f32 {
        let p = &self.rules.params.action;
        if !self.rules.mechanisms.feedback {
            return 0.0;
        }
        if locked {
            return p.lockout_grievance;
        }
        let spared = if enterprise.occupied { p.occupy_relief } else { p.seize_relief * enterprise.taken };
        -spared * climate.relief
    }

    /// The collective keeps in mind who warned of what, and as widely as it heard them.
    fn remember_warnings(&self, climate: &Climate, mixture: &Mixture, collective: &mut Collective) {
        for warning in &climate.warnings {
            let heard = f32::from(collective.heard[warning.topic]) / 65535.0;
            let after = spread_warning(
                heard,
                warning.intensity,
                mixture[warning.party],
                &self.rules.params.credibility,
            );
            collective.heard[warning.topic] = (after * 65535.0 + 0.5) as u16;
        }
    }

    /// The stratum's offer, with what a closed gate adds and the credit that proven warnings give where they were heard.
    fn offer_in(&self, climate: &Climate, collective: &Collective, own_grievance: f32) -> Offer {
        let mut offer = climate.offer;
        if own_grievance != 0.0 {
            offer.unmet = (offer.unmet + own_grievance).clamp(0.0, 1.0);
            for (blame, responsibility) in offer.blame.iter_mut().zip(&climate.responsibility) {
                *blame = self.rules.params.choice.blame * responsibility * offer.unmet;
            }
        }
        if climate.anything_proven {
            for topic in 0..self.rules.topics {
                let heard = f32::from(collective.heard[topic]) / 65535.0;
                for (appeal, credit) in offer.appeal.iter_mut().zip(&climate.proven[topic]) {
                    *appeal += credit * heard;
                }
            }
        }
        offer
    }

    /// How bold one has to be to speak for each party, given how much of what is heard here stands with it.
    fn boldest(&self, climate: &Climate, mixture: &Mixture) -> [u8; OPTIONS] {
        let mut boldest = [255; OPTIONS];
        for (party, limit) in boldest.iter_mut().enumerate().take(self.rules.parties.len()) {
            *limit = boldest_silent(mixture[party], climate.fear[party], &self.rules.params.voice);
        }
        boldest
    }

    fn visit_members(
        &self,
        setting: &Setting<'_>,
        first: u64,
        agents: AgentsMut<'_>,
        deeds: &mut Deeds,
        occupying: &mut u32,
    ) -> Counts {
        let climate = setting.climate;
        let attitude = &self.rules.params.attitude;
        let action = &self.rules.params.action;
        let none = self.rules.none() as u8;
        let silent = self.rules.silent() as u8;
        let responsible = climate.old_order;
        let score = authority::Scorer::new(&self.rules.params.power);
        // Uniform noise of a byte, scaled to the standard deviation wanted.
        let noise = attitude.noise * NOISE_PER_BYTE;
        let mut counts = Counts { size: agents.len() as u32, ..Counts::default() };
        let mut words = [0; 4];
        let mut feelings = [0; 16];
        let (least, per_byte) =
            (1.0 - attitude.susceptibility_spread, attitude.susceptibility_spread * (2.0 / 255.0));
        for i in 0..agents.len() {
            let id = first + i as u64;
            if id.is_multiple_of(16) || i == 0 {
                feelings = bytes(self.key, Process::Susceptibility, id / 16);
            }
            let susceptibility = least + per_byte * f32::from(feelings[(id % 16) as usize]);
            if id.is_multiple_of(4) || i == 0 {
                words = lane(self.key, Process::Day, setting.day, id / 4);
            }
            let word = words[(id % 4) as usize];
            let dither = ((word >> 8) & 0xff) as f32 * (1.0 / 256.0) + (0.5 / 256.0);

            // Attitude.
            let stored = agents.position[i];
            let m = position(stored);
            let trust = felt_trust(agents.trust[i], climate.trust_shift);
            let brake = trust_in_office(trust, climate.power_taken);
            let mut moved = m
                + grievance_pull(m, brake, setting.pull * susceptibility, attitude.trust_ceiling)
                + setting.drift[bin(stored)]
                + climate.shock
                - climate.relaxation * m
                + noise * ((word & 0xff) as f32 - 127.5);
            if let Some(contacts) = &self.contacts {
                moved += climate.social_weight * contacts.drift(id, bin(stored), &self.kernel);
            }
            let stored = store_position(moved, dither);
            agents.position[i] = stored;

            // Choice, by those whose attention is caught today.
            if (word >> 16) < climate.attention {
                self.reconsider(setting, id, &agents, i).apply(
                    &mut agents.private[i],
                    &mut agents.conviction[i],
                    &mut agents.trust[i],
                    &mut agents.marks[i],
                );
            }

            // Voice.
            let private = agents.private[i];
            let mut marks = agents.marks[i];
            let bold = match &self.contacts {
                None => setting.boldest[private as usize],
                Some(contacts) => self.boldest_among(contacts, climate, id, private as usize),
            };
            let speaks = private != none
                && marks & mark::ABSENT == 0
                && (agents.threshold[i] <= bold || marks & mark::MEMBER != 0);
            let public = if speaks { private } else { silent };
            agents.public[i] = public;

            // Action.
            let acts = match setting.conduct {
                Conduct::Rests => false,
                Conduct::Acts(drive) | Conduct::Occupies(drive) => {
                    drive + action.position_weight * position(stored)
                        - action.threshold_spread * share(agents.threshold[i])
                        + climate.experience_weight * share(agents.experience[i])
                        + climate.fresh_answer * (1.0 - share(agents.experience[i]))
                        > 0.0
                        && marks & mark::ABSENT == 0
                }
            };
            let occupies = acts && matches!(setting.conduct, Conduct::Occupies(_));
            if occupies {
                *occupying += 1;
            } else if acts {
                counts.strikers += 1;
                counts.fresh_strikers += u32::from(marks & mark::STRUCK_BEFORE == 0);
                marks |= mark::STRIKER;
                let learned = share(agents.experience[i]) + action.learning;
                agents.experience[i] = store_share(learned, dither);
            } else if marks & mark::STRIKER != 0 {
                marks = (marks & !mark::STRIKER) | mark::STRUCK_BEFORE;
                let learned = share(agents.experience[i]) + action.defeat * setting.offer.unmet;
                agents.experience[i] = store_share(learned, dither);
            }
            agents.marks[i] = marks;
            if setting.guards {
                let seasoned = usize::from(agents.experience[i] >= EXPERIENCED) * 2;
                let level = &mut deeds.acting[level_of(stored)];
                level[seasoned] += 1;
                level[seasoned + 1] += u32::from(acts);
            }

            // Counting.
            let trust = felt_trust(agents.trust[i], climate.trust_shift);
            let loyalty = score.score(trust, position(stored), responsible[public as usize]);
            let present = marks & mark::ABSENT == 0;
            counts.obeying += u32::from(loyalty > score.obey_above && present && !(acts && setting.refuses));
            counts.following += u32::from(loyalty < score.follow_below && present);
            counts.count(&agents, i);
            if let Some(label) = climate.label {
                deeds.called += u32::from(label.fits(public, stored));
                let chosen = u32::from(private == label.party);
                if stored < 0 {
                    deeds.right[0] += 1;
                    deeds.right[1] += chosen;
                } else if stored > HALF_LEFT {
                    deeds.left[0] += 1;
                    deeds.left[1] += chosen;
                }
            }
            deeds.absent += u32::from(!present);
            deeds.agitators += u32::from(marks & mark::AGITATOR != 0);
            if marks & mark::LAND_TIE != 0 {
                deeds.tied += 1;
                deeds.tied_positions += i64::from(stored);
                deeds.tied_contending += self.contenders >> public & 1;
            }
            if let Some(gathering) = climate.gathering {
                let believes = marks & mark::BELIEVER != 0;
                let draw = Stream::new(self.key, Process::Gathering, setting.day, id).uniform();
                if (believes || !gathering.faithful) && draw < gathering.strength {
                    deeds.gathered += 1;
                    deeds.torn += u32::from(believes && self.contenders >> private & 1 == 1);
                }
            }
        }
        counts
    }

    /// How bold one has to be among fixed contacts.
    fn boldest_among(&self, contacts: &Contacts, climate: &Climate, id: u64, party: usize) -> u8 {
        if climate.fear[party] <= 0.0 {
            return 255;
        }
        boldest_silent(contacts.share(id, party), climate.fear[party], &self.rules.params.voice)
    }

    /// The rare and costly part of a day: hear voices, weigh the parties, choose.
    #[inline(never)]
    fn reconsider(&self, setting: &Setting<'_>, id: u64, agents: &AgentsMut<'_>, i: usize) -> Decision {
        let params = &self.rules.params;
        let climate = setting.climate;
        let mut contacts = Stream::new(self.key, Process::Contacts, setting.day, id);
        let mut heard = [0; OPTIONS];
        let voices = self.rules.voices_heard;
        let mut left = voices;
        if let Some(fixed) = &self.contacts {
            // A share of the voices is that of fixed contacts; papers and agitators speak to all alike.
            let social = (climate.social_weight * 65536.0) as u32;
            for _ in 0..voices {
                let word = contacts.word();
                let known = if word & 0xffff < social { fixed.hear(id, word >> 16) } else { None };
                heard[known.unwrap_or_else(|| hear(&setting.cuts, word >> 16))] += 1;
            }
            left = 0;
        }
        while left > 0 {
            let word = contacts.word();
            heard[hear(&setting.cuts, word & 0xffff)] += 1;
            left -= 1;
            if left > 0 {
                heard[hear(&setting.cuts, word >> 16)] += 1;
                left -= 1;
            }
        }
        let present = agents.private[i] as usize;
        let who = Chooser {
            position: position(agents.position[i]),
            trust: trust_in_office(felt_trust(agents.trust[i], climate.trust_shift), climate.power_taken),
            conviction: share(agents.conviction[i]),
            present,
            is_member: agents.marks[i] & mark::MEMBER != 0,
            is_believer: agents.marks[i] & mark::BELIEVER != 0,
            heard,
            voices,
        };
        let utilities = choice::utilities(&setting.offer, &who, &params.choice);
        let [draw, dithers, joins, arms] =
            Stream::new(self.key, Process::Choice, setting.day, id).block_at(0);
        let chosen = choice::draw_option(&utilities, setting.offer.options, unit(draw));

        let mut marks = agents.marks[i];
        let kept = who.conviction * (1.0 - climate.disheartening);
        let conviction = if chosen == present {
            kept + params.choice.conviction_gain * (1.0 - kept)
        } else {
            marks &= !(mark::MEMBER | mark::AGITATOR);
            params.choice.conviction_new
        };
        let own_trust = share(agents.trust[i]);
        // What is stored is trust in the old government: once it has fallen there is nothing for it to deliver.
        let pace = if climate.power_taken { 0.0 } else { params.attitude.trust_rate };
        let trust = own_trust + pace * (climate.trust_target - own_trust);
        if chosen != self.rules.none() && marks & mark::MEMBER == 0 {
            let chance = climate.joining * conviction * climate.organisation[chosen];
            if unit(joins) < chance {
                marks |= mark::MEMBER;
                if unit(joins) < chance * params.choice.agitator_share {
                    marks |= mark::AGITATOR;
                }
            }
        }
        if setting.guards {
            let chance = climate.arming * who.position.max(0.0) * conviction;
            if who.position > GUARD_POSITION && unit(arms) < chance {
                marks |= mark::GUARD;
            }
        } else if marks & mark::ABSENT != 0 {
            if unit(arms) < params.action.desert_return {
                marks &= !mark::ABSENT;
            }
        } else if climate.leaving > 0.0 && unit(arms) < climate.leaving * (1.0 - who.trust) {
            marks |= mark::ABSENT;
        }
        Decision {
            private: chosen as u8,
            conviction: store_share(conviction, unit(dithers << 8)),
            trust: store_share(trust, unit(dithers)),
            marks,
        }
    }
}

/// Position beyond which agents take up arms: assumed.
const GUARD_POSITION: f32 = 0.5;

/// Stored position of one half.
const HALF_LEFT: i8 = 63;

/// Stored experience from which on an agent counts as experienced: a third.
const EXPERIENCED: u8 = 85;

/// Attitude parameters with those at zero that are switched off.
fn at_work(rules: &Rules) -> super::params::AttitudeParams {
    let mut p = rules.params.attitude;
    if !rules.mechanisms.assimilation {
        p.assimilation = 0.0;
    }
    if !rules.mechanisms.repulsion {
        p.repulsion = 0.0;
    }
    p
}

/// What people do today if their drive is strong enough.
#[derive(Clone, Copy, Debug)]
enum Conduct {
    /// Nothing.
    Rests,
    /// Strike, refuse or seize.
    Acts(f32),
    /// Occupy an enterprise that was closed.
    Occupies(f32),
}

/// Standard deviation of a uniform byte is sqrt((256^2 - 1) / 12); this scales it to one.
const NOISE_PER_BYTE: f32 = 0.013_532_0;

/// What all members of a collective share today.
struct Setting<'a> {
    day: u32,
    climate: &'a Climate,
    offer: Offer,
    pull: f32,
    cuts: [u32; OPTIONS],
    drift: [f32; super::fixed::BINS],
    boldest: [u8; OPTIONS],
    conduct: Conduct,
    guards: bool,
    refuses: bool,
}

/// What a reconsidering agent goes home with.
struct Decision {
    private: u8,
    conviction: u8,
    trust: u8,
    marks: u8,
}

impl Decision {
    #[inline]
    fn apply(self, private: &mut u8, conviction: &mut u8, trust: &mut u8, marks: &mut u8) {
        *private = self.private;
        *conviction = self.conviction;
        *trust = self.trust;
        *marks = self.marks;
    }
}
