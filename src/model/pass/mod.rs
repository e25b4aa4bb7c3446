//! One pass over the members of an enterprise: contacts, attitude, choice, voice, action, and the counting.
//!
//! Nobody reads another agent: the mixtures are yesterday's compositions, so state is written in place and neither
//! the order of agents nor the cutting into pieces can matter.

mod draws;
mod lanes;
mod levels;
mod reference;

use std::sync::Arc;

use super::agents::{AgentsMut, OPTIONS, mark};
use super::behaviour::action;
use super::behaviour::attitude::{Drift, Kernel, add_drift, add_positions, by_voice, kernel};
use super::behaviour::contacts::{Mixture, add_voices, cuts, hear_demands};
use super::behaviour::credibility::spread_warning;
use super::behaviour::voice::boldest_silents;
use super::climate::{Climate, Label};
use super::felt::Gathering;
use super::fixed::{BINS, DITHER_OFFSET, POSITION_UNITS, dither, share, store_share};
use super::groups::{Collective, Composition, Counts, Deeds, Enterprise};
use super::network::Contacts;
use super::params::Params;
use super::rules::{Acts, Rules};
use crate::random::{Process, ReplicateKey, Stream, unit};
use crate::simd::{Aligned, Portable, Simd};

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
    /// The same by voice.
    pub effects: Aligned<Kernel>,
    /// Parties that stand for the power of the elected bodies: one bit a party.
    pub contenders: u32,
    /// Fixed contacts in place of drawn ones, where the scenario asks for them.
    pub contacts: Option<Contacts>,
    /// Whether agents move one after another, by the rule as it is written down: slower, with the same bits.
    pub by_reference: bool,
}

impl Surroundings {
    /// What is read before the first day.
    #[must_use]
    pub fn new(rules: Arc<Rules>, key: ReplicateKey) -> Self {
        let kernel = kernel(&at_work(&rules));
        let contenders = rules.contenders().iter().fold(0, |bits, &p| bits | 1 << p);
        let effects = Aligned(by_voice(&kernel));
        Self {
            rules,
            key,
            climates: Vec::new(),
            kernel,
            effects,
            contenders,
            contacts: None,
            by_reference: false,
        }
    }

    /// Moves all cells by one day.
    #[inline(always)]
    pub fn visit(&self, simd: impl Simd, cells: Cells<'_>, day: u32) {
        if self.contacts.is_some() || self.by_reference {
            self.visit_one_by_one(cells, day);
        } else {
            lanes::visit(self, simd, cells, day);
        }
    }

    /// All that the members of an enterprise share today.
    #[inline(always)]
    fn plan(&self, simd: impl Simd, enterprise: &Enterprise, day: u32) -> Plan<'_> {
        let climate = &self.climates[enterprise.stratum as usize];
        let stratum = &self.rules.strata[enterprise.stratum as usize];
        let class = &self.rules.classes[stratum.class];
        let params = &self.rules.params;
        let yesterday = &enterprise.counts;
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
        let (mut unmet, mut blame) = (climate.offer.unmet, climate.offer.blame);
        if own_grievance != 0.0 {
            unmet = (unmet + own_grievance).clamp(0.0, 1.0);
            for (blame, responsibility) in blame.iter_mut().zip(&climate.responsibility) {
                *blame = params.choice.blame * responsibility * unmet;
            }
        }
        let mut beyond = Aligned(climate.heard);
        let mut drift = Aligned(climate.drift);
        if self.contacts.is_none() {
            add_voices(simd, &mut beyond, &yesterday.public, yesterday.size, climate.enterprise_weight);
            let mut heard = [0.0; BINS];
            add_positions(simd, &mut heard, &yesterday.positions, yesterday.size, climate.enterprise_weight);
            add_drift(simd, &mut drift, &self.effects, &heard);
        }
        Plan {
            day,
            climate,
            is_ordinary: own_grievance == 0.0,
            unmet,
            blame: Aligned(blame),
            pull,
            beyond,
            drift,
            conduct,
            can_occupy,
            guards: class.acts == Acts::Strike,
            refuses: class.acts == Acts::Refuse,
            seizes: class.acts == Acts::Seize,
        }
    }

    /// What the members of a collective share today; warnings that were heard here are kept in mind.
    #[inline(always)]
    fn set(&self, simd: impl Simd, plan: &Plan<'_>, collective: &mut Collective, setting: &mut Setting) {
        self.set_voices(simd, plan, collective, setting);
        self.set_drift(simd, plan, collective, setting);
        self.set_choice(simd, plan, collective, setting);
    }

    /// The voices that are heard in a collective, and the warnings.
    #[inline(always)]
    fn set_voices(
        &self,
        simd: impl Simd,
        plan: &Plan<'_>,
        collective: &mut Collective,
        setting: &mut Setting,
    ) {
        let Climate { collective_weight, .. } = *plan.climate;
        let Composition { size, public, .. } = &collective.counts;
        let mixture = &mut setting.mixture;
        *mixture = plan.beyond;
        add_voices(simd, mixture, public, *size, collective_weight);
        let (silent, demand_voice) = (self.rules.silent(), self.rules.params.voice.demand_voice);
        hear_demands(simd, mixture, silent, plan.climate.raised(), demand_voice);
        self.remember_warnings(plan.climate, mixture, collective);
    }

    /// How these voices move positions.
    #[inline(always)]
    fn set_drift(&self, simd: impl Simd, plan: &Plan<'_>, collective: &Collective, setting: &mut Setting) {
        let mut drift = plan.drift;
        if self.contacts.is_none() {
            let Composition { size, positions, .. } = &collective.counts;
            let mut heard = [0.0; BINS];
            add_positions(simd, &mut heard, positions, *size, plan.climate.collective_weight);
            add_drift(simd, &mut drift, &self.effects, &heard);
        }
        let drift = simd.add_scaled(&[0.0; BINS], &drift, POSITION_UNITS);
        let (left, right) = drift.split_at(BINS / 2);
        setting.drift[..BINS / 2].copy_from_slice(right);
        setting.drift[BINS / 2..].copy_from_slice(left);
    }

    /// What they mean for those who choose and those who speak.
    #[inline(always)]
    fn set_choice(&self, simd: impl Simd, plan: &Plan<'_>, collective: &Collective, setting: &mut Setting) {
        if plan.climate.anything_proven {
            *setting.appeal = self.appeal_in(plan, collective);
        }
        *setting.cuts = cuts(simd, &setting.mixture);
        let fear = &plan.climate.fear;
        setting.boldest = boldest_silents(simd, &setting.mixture, fear, &self.rules.params.voice);
    }

    /// The members of one collective after another, by the rule as it is written down.
    #[inline(always)]
    fn visit_one_by_one(&self, cells: Cells<'_>, day: u32) {
        let Cells { enterprises, mut collectives, mut agents } = cells;
        let mut setting = Setting::default();
        for enterprise in enterprises {
            let (mine, rest) = collectives.split_at_mut(enterprise.collectives.len());
            collectives = rest;
            let plan = self.plan(Portable, enterprise, day);
            let mut tally = Tally::default();
            for collective in mine {
                self.set(Portable, &plan, collective, &mut setting);
                let members = agents.take(collective.agents.len());
                let first = u64::from(collective.agents.start);
                collective.counts = self.visit_members(&plan, &setting, first, members, &mut tally);
            }
            self.settle(&plan, enterprise, &tally);
        }
    }

    /// What follows for the enterprise from what its members did.
    #[inline(always)]
    fn settle(&self, plan: &Plan<'_>, enterprise: &mut Enterprise, tally: &Tally) {
        let params = &self.rules.params;
        let Tally { counts, mut deeds, occupying } = *tally;
        enterprise.counts = counts;
        // Nobody grows weary of nothing: most enterprises are spared the power of two.
        if enterprise.strike_days != 0.0 || counts.strikers > 0 {
            enterprise.strike_days =
                action::weariness(enterprise.strike_days, counts.share(counts.strikers), &params.action);
        }
        if plan.can_occupy
            && counts.share(occupying) > params.action.occupy_quorum
            && counts.mean_position() > f64::from(params.action.occupy_position)
        {
            enterprise.occupied = true;
            enterprise.locked_until = plan.day + 1;
        }
        if plan.seizes && counts.strikers > 0 {
            let chance = action::seizure_chance(counts.share(counts.strikers), &params.action);
            let whose = u64::from(enterprise.agents.start);
            if Stream::new(self.key, Process::Seizure, plan.day, whose).uniform() < chance {
                enterprise.taken = action::taken_after(enterprise.taken, &params.action);
                deeds.seizures = 1;
            }
        }
        deeds.occupied = u32::from(enterprise.occupied);
        enterprise.deeds = deeds;
    }

    /// What an enterprise suffers more than others of its stratum, or is spared, as mean grievance.
    #[inline(always)]
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
    #[inline(always)]
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

    /// What parties offer, with the credit that proven warnings give where they were heard.
    #[inline(always)]
    fn appeal_in(&self, plan: &Plan<'_>, collective: &Collective) -> [f32; OPTIONS] {
        let mut appeal = plan.climate.offer.appeal;
        for topic in 0..self.rules.topics {
            let heard = f32::from(collective.heard[topic]) / 65535.0;
            for (appeal, credit) in appeal.iter_mut().zip(&plan.climate.proven[topic]) {
                *appeal += credit * heard;
            }
        }
        appeal
    }

    /// Counts an agent that comes to a gathering.
    #[inline(always)]
    fn count_gathered(
        &self,
        deeds: &mut Deeds,
        gathering: Gathering,
        day: u32,
        id: u64,
        marks: u8,
        private: u8,
    ) {
        let believes = marks & mark::BELIEVER != 0;
        let draw = Stream::new(self.key, Process::Gathering, day, id).uniform();
        if (believes || !gathering.faithful) && draw < gathering.strength {
            deeds.gathered += 1;
            deeds.torn += u32::from(believes && self.contenders >> private & 1 == 1);
        }
    }
}

/// What an agent that chose `chosen` goes home with; `draws` are those of its choice.
///
/// Without branches, so that many can decide in the lanes of a register.
#[inline(always)]
fn decide(resolve: &Resolve, before: &Before, chosen: &Chosen, draws: [u32; 4]) -> Decision {
    let [_, dithers, joins, arms] = draws;
    let stays = chosen.option == u32::from(before.present);
    let kept = share(before.conviction) * resolve.keeping;
    let confirmed = resolve.conviction_gain.mul_add(1.0 - kept, kept);
    let conviction = if stays { confirmed } else { resolve.conviction_new };
    let mut marks = if stays { before.marks } else { before.marks & !(mark::MEMBER | mark::AGITATOR) };

    let own_trust = share(before.own_trust);
    let trust = resolve.pace.mul_add(resolve.trust_target - own_trust, own_trust);

    let may_join = chosen.is_party & (marks & mark::MEMBER == 0);
    let chance = resolve.joining * conviction * chosen.organisation;
    let joins_in = may_join & (unit(joins) < chance);
    let agitates = joins_in & (unit(joins) < chance * resolve.agitator_share);
    marks |= if joins_in { mark::MEMBER } else { 0 };
    marks |= if agitates { mark::AGITATOR } else { 0 };

    let arming = resolve.arming * before.position.max(0.0) * conviction;
    let arms_itself = resolve.guards & (before.position > GUARD_POSITION) & (unit(arms) < arming);
    let is_away = marks & mark::ABSENT != 0;
    let returns = !resolve.guards & is_away & (unit(arms) < resolve.returning);
    let leaves = !resolve.guards
        & !is_away
        & (resolve.leaving > 0.0)
        & (unit(arms) < resolve.leaving * (1.0 - before.trust));
    marks |= if arms_itself { mark::GUARD } else { 0 };
    marks |= if leaves { mark::ABSENT } else { 0 };
    marks &= if returns { !mark::ABSENT } else { 0xff };
    Decision {
        private: chosen.option as u8,
        conviction: store_share(conviction, unit(dithers << 8) - 0.5),
        trust: store_share(trust, unit(dithers) - 0.5),
        marks,
    }
}

/// Position beyond which agents take up arms: assumed.
const GUARD_POSITION: f32 = 0.5;

/// Stored position of one half.
const HALF_LEFT: i8 = 63;

/// Stored experience from which on an agent counts as experienced: a third.
const EXPERIENCED: u8 = 85;

/// The part of an agent's word of the day that dithers what it stores, in (-0.5, 0.5).
#[inline(always)]
fn dither_of(word: u32) -> f32 {
    dither(word) + DITHER_OFFSET
}

/// Counts an agent among those called by the name of the denounced party, and by side.
#[inline(always)]
fn count_called(deeds: &mut Deeds, label: Label, private: u8, public: u8, stored: i8) {
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

/// What all members of an enterprise share today.
#[derive(Clone, Copy)]
struct Plan<'a> {
    day: u32,
    climate: &'a Climate,
    /// Whether its members suffer what all of their stratum do, no more and no less.
    is_ordinary: bool,
    /// Mean grievance that stands unmet here.
    unmet: f32,
    /// What that takes from each option, as in the climate's offer.
    blame: Aligned<[f32; OPTIONS]>,
    pull: f32,
    /// Voices from beyond the collective.
    beyond: Aligned<Mixture>,
    /// Drift by voices from beyond the collective.
    drift: Aligned<Drift>,
    conduct: Conduct,
    can_occupy: bool,
    guards: bool,
    refuses: bool,
    seizes: bool,
}

/// What all members of a collective share today.
#[derive(Clone, Copy, Default)]
struct Setting {
    /// Shares of the voices that are heard.
    mixture: Aligned<Mixture>,
    /// What parties offer here, where anything has been proven; elsewhere what they offer to all.
    appeal: Aligned<[f32; OPTIONS]>,
    /// See [`cuts`].
    cuts: Aligned<[u32; OPTIONS]>,
    /// In units of positions, by the upper half of the byte of one: bins from the middle on, then those from the left end on.
    drift: Aligned<Drift>,
    boldest: [u8; OPTIONS],
}

/// What is counted in an enterprise while its members move.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
struct Tally {
    counts: Counts,
    deeds: Deeds,
    occupying: u32,
}

/// What a stratum makes of the decisions of those who reconsider.
#[derive(Clone, Copy)]
struct Resolve {
    /// Share of conviction that outlasts disillusion.
    keeping: f32,
    conviction_gain: f32,
    conviction_new: f32,
    trust_target: f32,
    /// Share of the way to it that trust goes.
    pace: f32,
    joining: f32,
    agitator_share: f32,
    arming: f32,
    leaving: f32,
    returning: f32,
    /// Whether its class takes up arms, and does not leave its posts.
    guards: bool,
}

impl Resolve {
    #[inline(always)]
    fn new(climate: &Climate, guards: bool, params: &Params) -> Self {
        Self {
            keeping: 1.0 - climate.disheartening,
            conviction_gain: params.choice.conviction_gain,
            conviction_new: params.choice.conviction_new,
            trust_target: climate.trust_target,
            // What is stored is trust in the old government: once it has fallen there is nothing for it to deliver.
            pace: if climate.power_taken { 0.0 } else { params.attitude.trust_rate },
            joining: climate.joining,
            agitator_share: params.choice.agitator_share,
            arming: climate.arming,
            leaving: climate.leaving,
            returning: params.action.desert_return,
            guards,
        }
    }
}

/// What a reconsidering agent has chosen.
#[derive(Clone, Copy)]
struct Chosen {
    option: u32,
    /// Of the party.
    organisation: f32,
    /// Whether it is a party at all.
    is_party: bool,
}

/// A reconsidering agent before it has chosen.
#[derive(Clone, Copy)]
struct Before {
    present: u8,
    position: f32,
    trust: f32,
    conviction: u8,
    own_trust: u8,
    marks: u8,
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
