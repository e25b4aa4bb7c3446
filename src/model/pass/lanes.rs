//! The rule of a day for many neighbours at once: what [`super::reference`] says, bit for bit, in loops that compilers
//! turn into vector instructions.
//!
//! Members of an enterprise are taken in runs that stay in the nearest cache. What is cheap is done for all of a run, a
//! state variable after another; those who reconsider are gathered first, so that the dear part runs with full lanes
//! whatever the collectives they come from. Nothing here knows a processor: the caller compiles it for several.
#![expect(clippy::needless_range_loop, reason = "one index runs through several arrays of the same length")]

use super::super::agents::{AgentsMut, OPTIONS, mark};
use super::super::behaviour::action::own_drive;
use super::super::behaviour::attitude::grievance_pull;
use super::super::behaviour::choice::{Offer, slander_effect};
use super::super::climate::{felt_trust, trust_in_office};
use super::super::fixed::{BINS, bin, exp_below_zero, position, share, store_position, store_share};
use super::super::groups::{Collective, Counts, Deeds, LEVELS, level_of};
use super::super::power::authority;
use super::draws::Draws;
use super::{
    Before, Conduct, EXPERIENCED, NOISE_PER_BYTE, Plan, Setting, Surroundings, Tally, count_called,
    dither_of, noise_of,
};
use crate::random::{LANES, Process, blocks_of};

/// The most agents of a run.
pub(super) const RUN_AGENTS: usize = 1024;
/// The most collectives, or parts of them, of a run.
const RUN_PARTS: usize = 16;

/// A run of members of one collective.
#[derive(Clone, Copy, Default)]
struct Part {
    collective: usize,
    from: usize,
    to: usize,
}

/// Working memory of a run; belongs to a piece of work, so that no day allocates.
pub(super) struct Scratch {
    draws: Draws,
    settings: [Setting; RUN_PARTS],
    parts: [Part; RUN_PARTS],
    drift: [f32; RUN_AGENTS],
    boldest: [u8; RUN_AGENTS],
    acting: [u8; RUN_AGENTS],
    /// Who reconsiders, by number in the run, and the part each belongs to.
    who: [u16; RUN_AGENTS + 1],
    part_of: [u8; RUN_AGENTS + 1],
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self {
            draws: Draws::new(),
            settings: [Setting::default(); RUN_PARTS],
            parts: [Part::default(); RUN_PARTS],
            drift: [0.0; RUN_AGENTS],
            boldest: [255; RUN_AGENTS],
            acting: [0; RUN_AGENTS],
            who: [0; RUN_AGENTS + 1],
            part_of: [0; RUN_AGENTS + 1],
        }
    }
}

/// Moves all members of an enterprise by a day and counts them.
#[inline(always)]
pub(super) fn visit(
    around: &Surroundings,
    plan: &Plan<'_>,
    collectives: &mut [Collective],
    mut agents: AgentsMut<'_>,
    tally: &mut Tally,
    scratch: &mut Scratch,
) {
    let mut next = 0;
    // A collective larger than a run is taken in several; its counts come together in `whole`.
    let mut begun: Option<(usize, Setting, Counts)> = None;
    while next < collectives.len() {
        let (mut parts, mut members) = (0, 0);
        let first = u64::from(collectives[next].agents.start) + begun.as_ref().map_or(0, |b| b.0 as u64);
        while next < collectives.len() && parts < RUN_PARTS && members < RUN_AGENTS {
            let collective = &mut collectives[next];
            let size = collective.agents.len();
            if let Some((done, setting, _)) = &mut begun {
                let taken = (size - *done).min(RUN_AGENTS);
                scratch.settings[0] = *setting;
                *done += taken;
                scratch.parts[0] = Part { collective: next, from: 0, to: taken };
                (parts, members) = (1, taken);
                break;
            }
            if size > RUN_AGENTS - members {
                if members == 0 {
                    begun = Some((0, around.setting(plan, collective), Counts::default()));
                    continue;
                }
                break;
            }
            scratch.settings[parts] = around.setting(plan, collective);
            scratch.parts[parts] = Part { collective: next, from: members, to: members + size };
            parts += 1;
            members += size;
            next += 1;
        }
        let mut run = Run { around, plan, first, agents: agents.take(members), parts, scratch };
        run.step(&mut tally.deeds, &mut tally.occupying);
        for part in 0..parts {
            let Part { collective, from, to } = run.scratch.parts[part];
            let counts = run.count(from, to);
            tally.counts.add(&counts);
            match &mut begun {
                None => collectives[collective].counts = counts,
                Some((done, _, whole)) => {
                    whole.add(&counts);
                    if *done == collectives[collective].agents.len() {
                        collectives[collective].counts = *whole;
                        begun = None;
                        next += 1;
                    }
                }
            }
        }
    }
}

/// Neighbours that are moved together.
struct Run<'r, 'a> {
    around: &'r Surroundings,
    plan: &'r Plan<'r>,
    /// Number of the first agent.
    first: u64,
    agents: AgentsMut<'a>,
    parts: usize,
    scratch: &'r mut Scratch,
}

impl Run<'_, '_> {
    /// Attitude, choice, voice and action, in this order; counts what only observers ask for.
    #[inline(always)]
    fn step(&mut self, deeds: &mut Deeds, occupying: &mut u32) {
        let len = self.agents.len();
        self.scratch.draws.fill(self.around.key, self.plan.day, self.first, len);
        self.move_positions();
        self.reconsider();
        self.speak();
        self.act(occupying);
        self.count_deeds(deeds);
    }

    #[inline(always)]
    fn move_positions(&mut self) {
        let climate = self.plan.climate;
        let attitude = &self.around.rules.params.attitude;
        let noise = attitude.noise * NOISE_PER_BYTE;
        let (least, per_byte) =
            (1.0 - attitude.susceptibility_spread, attitude.susceptibility_spread * (2.0 / 255.0));
        let len = self.agents.len();
        let Scratch { draws, settings, parts, drift, .. } = &mut *self.scratch;
        let positions = &mut self.agents.position[..len];
        for (part, setting) in parts[..self.parts].iter().zip(&*settings) {
            for (drift, &stored) in drift[part.from..part.to].iter_mut().zip(&positions[part.from..part.to]) {
                *drift = setting.drift[bin(stored) % BINS];
            }
        }
        let (drift, words, feelings) = (&drift[..len], &draws.words()[..len], &draws.bytes()[..len]);
        let trusts = &self.agents.trust[..len];
        for i in 0..len {
            let susceptibility = least + per_byte * f32::from(feelings[i]);
            let word = words[i];
            let dither = dither_of(word);
            let m = position(positions[i]);
            let trust = felt_trust(trusts[i], climate.trust_shift);
            let brake = trust_in_office(trust, climate.power_taken);
            let moved = m
                + grievance_pull(m, brake, self.plan.pull * susceptibility, attitude.trust_ceiling)
                + drift[i]
                + climate.shock
                - climate.relaxation * m
                + noise * noise_of(word);
            positions[i] = store_position(moved, dither);
        }
    }

    /// Gathers those whose attention is caught, and lets them choose in full lanes.
    #[inline(always)]
    fn reconsider(&mut self) {
        let attention = self.plan.climate.attention;
        let mut caught = 0;
        {
            let Scratch { draws, parts, who, part_of, .. } = &mut *self.scratch;
            let words = draws.words();
            for (index, part) in parts[..self.parts].iter().enumerate() {
                for (i, word) in words[part.from..part.to].iter().enumerate() {
                    who[caught % (RUN_AGENTS + 1)] = (part.from + i) as u16;
                    part_of[caught % (RUN_AGENTS + 1)] = index as u8;
                    caught += usize::from((word >> 16) < attention);
                }
            }
        }
        let mut from = 0;
        while from < caught {
            let count = (caught - from).min(LANES);
            // Lanes to spare repeat the last one; what they choose is dropped.
            let lane = |l: usize| from + l.min(count - 1);
            let who: [usize; LANES] = std::array::from_fn(|l| usize::from(self.scratch.who[lane(l)]));
            let parts: [usize; LANES] =
                std::array::from_fn(|l| usize::from(self.scratch.part_of[lane(l)]) % RUN_PARTS);
            self.choose(&who, &parts, count);
            from += count;
        }
    }

    #[inline(always)]
    fn choose(&mut self, who: &[usize; LANES], parts: &[usize; LANES], count: usize) {
        let around = self.around;
        let climate = self.plan.climate;
        let params = &around.rules.params.choice;
        let Offer { options, positions, distance_weights, slander, blame, unmet, faith, .. } =
            &self.plan.offer;
        let (options, unmet) = ((*options).min(OPTIONS), *unmet);
        let settings = &self.scratch.settings;
        let ids: [u64; LANES] = std::array::from_fn(|l| self.first + who[l] as u64);

        // Voices heard, as counts of draws that reach each cut.
        let voices = around.rules.voices_heard;
        let mut reached = [[0_u32; LANES]; OPTIONS];
        for block in 0..voices.div_ceil(8) {
            let words = blocks_of(around.key, Process::Contacts, self.plan.day, &ids, block);
            for voice in 0..(voices - 8 * block).min(8) {
                let words = &words[(voice / 2) as usize % 4];
                let shift = 16 * (voice % 2);
                for option in 0..options.min(OPTIONS - 1) {
                    let mut cuts = [0; LANES];
                    for l in 0..LANES {
                        cuts[l] = settings[parts[l]].cuts[option];
                    }
                    for l in 0..LANES {
                        reached[option][l] += u32::from((words[l] >> shift) & 0xffff >= cuts[l]);
                    }
                }
            }
        }

        let stored: [i8; LANES] = std::array::from_fn(|l| self.agents.position[who[l]]);
        let own_trust: [u8; LANES] = std::array::from_fn(|l| self.agents.trust[who[l]]);
        let conviction: [u8; LANES] = std::array::from_fn(|l| self.agents.conviction[who[l]]);
        let present: [u8; LANES] = std::array::from_fn(|l| self.agents.private[who[l]]);
        let marks: [u8; LANES] = std::array::from_fn(|l| self.agents.marks[who[l]]);
        let (mut m, mut trust, mut loyalty) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for l in 0..LANES {
            m[l] = position(stored[l]);
            trust[l] = trust_in_office(felt_trust(own_trust[l], climate.trust_shift), climate.power_taken);
            loyalty[l] = params.loyalty * share(conviction[l]);
        }

        let per_voice = params.conformity / voices as f32;
        let mut utilities = [[0.0_f32; LANES]; OPTIONS];
        let mut best = [f32::NEG_INFINITY; LANES];
        let mut before = [voices; LANES];
        for option in 0..options {
            let mut appeal = [0.0; LANES];
            for l in 0..LANES {
                appeal[l] = settings[parts[l]].appeal[option];
            }
            let utility = &mut utilities[option];
            for l in 0..LANES {
                let heard = before[l] - reached[option][l];
                before[l] = reached[option][l];
                let distance = m[l] - positions[option];
                utility[l] = appeal[l] - distance_weights[option] * distance * distance
                    + per_voice * heard as f32
                    - blame[option] * (1.0 - trust[l]);
            }
            if slander[option] != 0.0 {
                for l in 0..LANES {
                    utility[l] += slander_effect(slander[option], m[l], unmet, params);
                }
            }
            for l in 0..LANES {
                let faithful =
                    if marks[l] & mark::BELIEVER != 0 { utility[l] - faith[option] } else { utility[l] };
                let mine = usize::from(present[l]) == option;
                let loyal = if mine { faithful + loyalty[l] } else { faithful };
                let member = mine && marks[l] & mark::MEMBER != 0;
                utility[l] = if member { loyal + params.member_loyalty } else { loyal };
                best[l] = if utility[l] > best[l] { utility[l] } else { best[l] };
            }
        }
        let draws = blocks_of(around.key, Process::Choice, self.plan.day, &ids, 0);
        let mut total = [0.0_f32; LANES];
        for utility in &mut utilities[..options] {
            for l in 0..LANES {
                utility[l] = exp_below_zero(utility[l] - best[l]);
                total[l] += utility[l];
            }
        }
        let mut left = [0.0; LANES];
        for l in 0..LANES {
            left[l] = crate::random::unit(draws[0][l]) * total[l];
        }
        let mut chosen = [0_u32; LANES];
        for weight in &utilities[..options - 1] {
            for l in 0..LANES {
                left[l] -= weight[l];
                chosen[l] += u32::from(left[l] >= 0.0);
            }
        }

        for l in 0..count {
            let before = Before {
                present: usize::from(present[l]),
                position: m[l],
                trust: trust[l],
                conviction: conviction[l],
                own_trust: own_trust[l],
                marks: marks[l],
            };
            let draws = [draws[0][l], draws[1][l], draws[2][l], draws[3][l]];
            let decision = around.decide(self.plan, before, chosen[l] as usize, draws);
            let i = who[l];
            self.agents.private[i] = decision.private;
            self.agents.conviction[i] = decision.conviction;
            self.agents.trust[i] = decision.trust;
            self.agents.marks[i] = decision.marks;
        }
    }

    #[inline(always)]
    fn speak(&mut self) {
        let none = self.around.rules.none() as u8;
        let silent = self.around.rules.silent() as u8;
        let len = self.agents.len();
        let Scratch { settings, parts, boldest, .. } = &mut *self.scratch;
        let AgentsMut { private, public, threshold, marks, .. } = &mut self.agents;
        let (private, public, threshold, marks) =
            (&private[..len], &mut public[..len], &threshold[..len], &marks[..len]);
        for (part, setting) in parts[..self.parts].iter().zip(&*settings) {
            let bold = &mut boldest[part.from..part.to];
            if setting.boldest.iter().all(|&b| b == 255) {
                bold.fill(255);
            } else {
                for (bold, &private) in bold.iter_mut().zip(&private[part.from..part.to]) {
                    *bold = setting.boldest[usize::from(private) % OPTIONS];
                }
            }
        }
        let bold = &boldest[..len];
        for i in 0..len {
            let dares = (threshold[i] <= bold[i]) | (marks[i] & mark::MEMBER != 0);
            let speaks = (private[i] != none) & (marks[i] & mark::ABSENT == 0) & dares;
            public[i] = if speaks { private[i] } else { silent };
        }
    }

    #[inline(always)]
    fn act(&mut self, occupying: &mut u32) {
        let climate = self.plan.climate;
        let action = &self.around.rules.params.action;
        let len = self.agents.len();
        let Scratch { draws, acting, .. } = &mut *self.scratch;
        let acting = &mut acting[..len];
        let AgentsMut { position: positions, threshold, experience, marks, .. } = &mut self.agents;
        let (positions, threshold, experience, marks) =
            (&positions[..len], &threshold[..len], &mut experience[..len], &mut marks[..len]);
        let (drive, occupies) = match self.plan.conduct {
            Conduct::Rests => (None, false),
            Conduct::Acts(drive) => (Some(drive), false),
            Conduct::Occupies(drive) => (Some(drive), true),
        };
        let mut anybody = 0;
        if let Some(drive) = drive {
            for i in 0..len {
                let urge = own_drive(
                    drive,
                    position(positions[i]),
                    share(threshold[i]),
                    share(experience[i]),
                    climate.experience_weight,
                    climate.fresh_answer,
                    action,
                );
                acting[i] = u8::from((urge > 0.0) & (marks[i] & mark::ABSENT == 0));
            }
        } else {
            acting.fill(0);
        }
        for i in 0..len {
            anybody |= acting[i] | (marks[i] & mark::STRIKER);
        }
        if anybody == 0 {
            return;
        }
        let words = &draws.words()[..len];
        if occupies {
            *occupying += acting.iter().map(|&a| u32::from(a)).sum::<u32>();
        }
        let lesson = action.defeat * self.plan.offer.unmet;
        for i in 0..len {
            let acts = acting[i] != 0;
            let strikes = acts & !occupies;
            let stops = !acts & (marks[i] & mark::STRIKER != 0);
            let dither = dither_of(words[i]);
            let learned = share(experience[i]) + if strikes { action.learning } else { lesson };
            let after = store_share(learned, dither);
            experience[i] = if strikes | stops { after } else { experience[i] };
            // Whether it is for the first time still shows when they are counted: only stopping marks it.
            let begun = marks[i] | mark::STRIKER;
            let stopped = (marks[i] & !mark::STRIKER) | mark::STRUCK_BEFORE;
            marks[i] = if strikes {
                begun
            } else if stops {
                stopped
            } else {
                marks[i]
            };
        }
    }

    /// What a part of the run has become.
    #[inline(always)]
    fn count(&self, from: usize, to: usize) -> Counts {
        let climate = self.plan.climate;
        let score = authority::Scorer::new(&self.around.rules.params.power);
        let strikes = matches!(self.plan.conduct, Conduct::Acts(_));
        let size = to - from;
        let AgentsMut { private, public, position: positions, conviction, trust, marks, .. } = &self.agents;
        let (private, public, positions) = (&private[from..to], &public[from..to], &positions[from..to]);
        let (conviction, trust, marks) = (&conviction[from..to], &trust[from..to], &marks[from..to]);
        let acting = &self.scratch.acting[from..to];
        let mut counts = Counts { size: size as u32, ..Counts::default() };
        let (mut sum, mut squares, mut trusts, mut convictions) = (0_i32, 0_u32, 0_u32, 0_u32);
        let (mut guards, mut strikers, mut fresh) = (0_u32, 0_u32, 0_u32);
        for i in 0..size {
            let stored = i32::from(positions[i]);
            sum += stored;
            squares += (stored * stored) as u32;
            trusts += u32::from(trust[i]);
            convictions += u32::from(conviction[i]);
            guards += u32::from(marks[i] & mark::GUARD != 0);
            let struck = strikes & (acting[i] != 0);
            strikers += u32::from(struck);
            fresh += u32::from(struck & (marks[i] & mark::STRUCK_BEFORE == 0));
        }
        counts.position_sum = i64::from(sum);
        counts.position_squares = u64::from(squares);
        counts.trust_sum = u64::from(trusts);
        counts.conviction_sum = u64::from(convictions);
        (counts.guards, counts.strikers, counts.fresh_strikers) = (guards, strikers, fresh);
        for i in 0..size {
            let choice = usize::from(private[i]) % OPTIONS;
            counts.public[usize::from(public[i]) % OPTIONS] += 1;
            counts.private[choice] += 1;
            counts.members[choice] += u32::from(marks[i] & mark::MEMBER);
            counts.positions[bin(positions[i]) % BINS] += 1;
        }
        let (mut obeying, mut following) = (0_u32, 0_u32);
        let refuses = self.plan.refuses;
        for i in 0..size {
            let trust = felt_trust(trust[i], climate.trust_shift);
            let voice = climate.old_order[usize::from(public[i]) % OPTIONS];
            let loyalty = score.score(trust, position(positions[i]), voice);
            let present = marks[i] & mark::ABSENT == 0;
            let refused = refuses & (acting[i] != 0);
            obeying += u32::from((loyalty > score.obey_above) & present & !refused);
            following += u32::from((loyalty < score.follow_below) & present);
        }
        (counts.obeying, counts.following) = (obeying, following);
        counts
    }

    /// What only observers and conditions ask for.
    #[inline(always)]
    fn count_deeds(&self, deeds: &mut Deeds) {
        let climate = self.plan.climate;
        let len = self.agents.len();
        let AgentsMut { private, public, position: positions, experience, marks, .. } = &self.agents;
        let (private, public, positions) = (&private[..len], &public[..len], &positions[..len]);
        let (experience, marks) = (&experience[..len], &marks[..len]);
        let acting = &self.scratch.acting[..len];
        let (mut absent, mut agitators, mut tied, mut tied_positions) = (0_u32, 0_u32, 0_u32, 0_i32);
        for i in 0..len {
            absent += u32::from(marks[i] & mark::ABSENT != 0);
            agitators += u32::from(marks[i] & mark::AGITATOR != 0);
            let ties = marks[i] & mark::LAND_TIE != 0;
            tied += u32::from(ties);
            tied_positions += if ties { i32::from(positions[i]) } else { 0 };
        }
        deeds.absent += absent;
        deeds.agitators += agitators;
        deeds.tied += tied;
        deeds.tied_positions += i64::from(tied_positions);
        for option in 0..OPTIONS {
            if self.around.contenders >> option & 1 == 1 {
                let mut contending = 0_u32;
                for i in 0..len {
                    let ties = marks[i] & mark::LAND_TIE != 0;
                    contending += u32::from(ties & (usize::from(public[i]) == option));
                }
                deeds.tied_contending += contending;
            }
        }
        if self.plan.guards {
            let mut levels = [[0_u32; 4]; LEVELS];
            for i in 0..len {
                let seasoned = usize::from(experience[i] >= EXPERIENCED) * 2;
                let level = &mut levels[level_of(positions[i]) % LEVELS];
                level[seasoned] += 1;
                level[seasoned + 1] += u32::from(acting[i]);
            }
            for (sum, level) in deeds.acting.iter_mut().zip(levels) {
                for (sum, part) in sum.iter_mut().zip(level) {
                    *sum += part;
                }
            }
        }
        if let Some(label) = climate.label {
            for i in 0..len {
                count_called(deeds, label, private[i], public[i], positions[i]);
            }
        }
        if let Some(gathering) = climate.gathering {
            for i in 0..len {
                let id = self.first + i as u64;
                self.around.count_gathered(deeds, gathering, self.plan.day, id, marks[i], private[i]);
            }
        }
    }
}
