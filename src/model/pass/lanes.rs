//! The rule of a day for many neighbours at once: what [`super::reference`] says, bit for bit, in loops that compilers
//! turn into vector instructions.
//!
//! People are taken in runs that stay in the nearest caches, whatever enterprises and collectives they belong to: a part
//! of a large enterprise or many small ones. What is cheap is done for all of a run, a state variable after another;
//! those who reconsider are gathered first, so that the dear part runs with full lanes. Nothing here knows a processor:
//! the caller compiles it for several.
#![expect(clippy::needless_range_loop, reason = "one index runs through several arrays of the same length")]

use super::super::agents::{AgentsMut, OPTIONS, mark};
use super::super::behaviour::action::own_drive;
use super::super::behaviour::attitude::grievance_pull;
use super::super::behaviour::choice::{Offer, slander_effect};
use super::super::climate::{Climate, felt_trust, trust_in_office};
use super::super::fixed::{BINS, exp_below_zero, position, share, store_position, store_share};
use super::super::groups::{Collective, Counts, Deeds, Enterprise, LEVEL_WIDTH, LEVELS};
use super::super::power::authority;
use super::draws::Draws;
use super::levels::{Each, Level, One, PADDED, fill};
use super::{
    Before, Cells, Conduct, EXPERIENCED, HALF_LEFT, NOISE_PER_BYTE, Plan, Resolve, Setting, Surroundings,
    Tally, decide, dither_of, noise_of,
};
use crate::random::{Process, blocks_of};
use crate::simd::{CHUNK, LANES, SPARE, Simd, as_bytes};

/// The most agents of a run.
pub(super) const RUN_AGENTS: usize = 1024;
/// The most collectives, or parts of them, of a run.
const RUN_PARTS: usize = 64;

/// The members of an enterprise in a run.
#[derive(Clone, Copy, Default)]
struct Site {
    enterprise: usize,
    from: usize,
    to: usize,
    /// Its parts: those of the run before this one that no earlier site has.
    parts_to: usize,
    /// Whether the rest of its members follow in the next run.
    goes_on: bool,
}

/// The members of a collective in a run.
#[derive(Clone, Copy, Default)]
struct Part {
    collective: usize,
    site: usize,
    from: usize,
    to: usize,
    /// Whether the rest of its members follow in the next run.
    goes_on: bool,
}

/// Levels that the members of an enterprise share and neighbours in a run do not.
#[derive(Clone, Copy)]
enum Shared {
    Pull,
    TrustShift,
    Shock,
    Relaxation,
    Drive,
    ExperienceWeight,
    FreshAnswer,
    Lesson,
}

const SHARED: usize = Shared::Lesson as usize + 1;

/// What [`LANES`] who choose together read, lane by lane.
struct Readings {
    cuts: [[u32; LANES]; OPTIONS],
    appeal: [[f32; LANES]; OPTIONS],
    blame: [[f32; LANES]; OPTIONS],
    slander: [[f32; LANES]; OPTIONS],
    faith: [[f32; LANES]; OPTIONS],
    unmet: [f32; LANES],
    trust_shift: [f32; LANES],
    resolves: Resolves,
}

/// [`Resolve`] by lane.
#[derive(Default)]
struct Resolves {
    disheartening: [f32; LANES],
    trust_target: [f32; LANES],
    joining: [f32; LANES],
    arming: [f32; LANES],
    leaving: [f32; LANES],
    organisation: [f32; LANES],
    is_party: [bool; LANES],
    guards: [bool; LANES],
}

impl Resolves {
    #[inline(always)]
    fn put(&mut self, l: usize, resolve: &Resolve) {
        self.disheartening[l] = resolve.disheartening;
        self.trust_target[l] = resolve.trust_target;
        self.joining[l] = resolve.joining;
        self.arming[l] = resolve.arming;
        self.leaving[l] = resolve.leaving;
        self.organisation[l] = resolve.organisation;
        self.is_party[l] = resolve.is_party;
        self.guards[l] = resolve.guards;
    }

    #[inline(always)]
    fn at(&self, l: usize, power_taken: bool) -> Resolve {
        Resolve {
            disheartening: self.disheartening[l],
            trust_target: self.trust_target[l],
            joining: self.joining[l],
            arming: self.arming[l],
            leaving: self.leaving[l],
            organisation: self.organisation[l],
            is_party: self.is_party[l],
            guards: self.guards[l],
            power_taken,
        }
    }
}

/// Working memory of a run; belongs to a piece of work, so that no day allocates.
struct Scratch<'a> {
    draws: Draws,
    plans: [Plan<'a>; RUN_PARTS],
    sites: [Site; RUN_PARTS],
    settings: [Setting; RUN_PARTS],
    parts: [Part; RUN_PARTS],
    levels: [[f32; PADDED]; SHARED],
    /// How an enterprise acts, as bits of [`way`].
    ways: [u8; PADDED],
    /// Stored position from which on people are called by the name of the denounced party.
    edges: [i8; PADDED],
    /// Drift by the voices of the collective; later how far one's voice speaks for the old government.
    looked_up: [f32; RUN_AGENTS],
    boldest: [u8; PADDED],
    acting: [u8; RUN_AGENTS],
    /// Bits of [`flag`].
    flags: [u8; RUN_AGENTS],
    /// Bits of [`call`].
    calls: [u8; RUN_AGENTS],
    /// Who reconsiders, by number in the run, and the part each belongs to.
    who: [u16; RUN_AGENTS + SPARE],
    part_of: [u8; PADDED],
    readings: Readings,
}

impl<'a> Scratch<'a> {
    fn new(plan: Plan<'a>) -> Self {
        Self {
            draws: Draws::new(),
            plans: [plan; RUN_PARTS],
            sites: [Site::default(); RUN_PARTS],
            settings: [Setting::default(); RUN_PARTS],
            parts: [Part::default(); RUN_PARTS],
            levels: [[0.0; PADDED]; SHARED],
            ways: [0; PADDED],
            edges: [0; PADDED],
            looked_up: [0.0; RUN_AGENTS],
            boldest: [255; PADDED],
            acting: [0; RUN_AGENTS],
            flags: [0; RUN_AGENTS],
            calls: [0; RUN_AGENTS],
            who: [0; RUN_AGENTS + SPARE],
            part_of: [0; PADDED],
            readings: Readings {
                cuts: [[0; LANES]; OPTIONS],
                appeal: [[0.0; LANES]; OPTIONS],
                blame: [[0.0; LANES]; OPTIONS],
                slander: [[0.0; LANES]; OPTIONS],
                faith: [[0.0; LANES]; OPTIONS],
                unmet: [0.0; LANES],
                trust_shift: [0.0; LANES],
                resolves: Resolves::default(),
            },
        }
    }
}

/// Bits of how an enterprise acts.
mod way {
    /// It refuses orders.
    pub(super) const REFUSES: u8 = 1;
    /// Who acts occupies it, and is not on strike.
    pub(super) const OCCUPIES: u8 = 1 << 1;
}

/// Bits of what an agent is counted for.
mod flag {
    pub(super) const OBEYS: u8 = 1;
    pub(super) const FOLLOWS: u8 = 1 << 1;
    pub(super) const STRIKES: u8 = 1 << 2;
    pub(super) const IS_FRESH: u8 = 1 << 3;
    pub(super) const TIED_CONTENDING: u8 = 1 << 4;
    pub(super) const OCCUPIES: u8 = 1 << 5;
}

/// Bits of the side an agent stands on, and of whether it chose the party with the widest label.
mod call {
    pub(super) const CALLED: u8 = 1;
    pub(super) const RIGHT: u8 = 1 << 1;
    pub(super) const RIGHT_CHOSEN: u8 = 1 << 2;
    pub(super) const LEFT: u8 = 1 << 3;
    pub(super) const LEFT_CHOSEN: u8 = 1 << 4;
}

/// Where the next run begins.
#[derive(Clone, Copy, Default)]
struct Start {
    enterprise: usize,
    collective: usize,
    /// Members of the enterprise, and of the collective, that earlier runs have moved.
    of_enterprise: usize,
    of_collective: usize,
}

/// Moves all members of `cells` by a day and counts them.
#[inline(always)]
pub(super) fn visit<S: Simd>(around: &Surroundings, simd: S, cells: Cells<'_>, day: u32) {
    let Cells { enterprises, collectives, mut agents } = cells;
    let Some(first) = enterprises.first() else { return };
    let mut scratch = Scratch::new(around.plan(simd, first, day));
    let mut start = Start::default();
    // Of the enterprise and of the collective that a run leaves unfinished.
    let (mut tally, mut whole) = (Tally::default(), Counts::default());
    while start.enterprise < enterprises.len() {
        let gathered = gather(around, simd, enterprises, collectives, day, start, &mut scratch);
        let first = u64::from(collectives[start.collective].agents.start) + start.of_collective as u64;
        let Gathered { sites, parts, members, next } = gathered;
        let mut run = Run {
            around,
            simd,
            day,
            first,
            agents: agents.take(members),
            sites,
            parts,
            scratch: &mut scratch,
        };
        run.step();
        let mut part = 0;
        for site in 0..sites {
            let Site { enterprise, from, to, parts_to, goes_on } = run.scratch.sites[site];
            while part < parts_to {
                let this @ Part { collective, goes_on, .. } = run.scratch.parts[part];
                run.count(this, &mut whole, &mut tally);
                if !goes_on {
                    tally.counts.add(&whole);
                    collectives[collective].counts = whole;
                    whole = Counts::default();
                }
                part += 1;
            }
            run.count_gathered(site, from, to, &mut tally.deeds);
            if !goes_on {
                around.settle(&run.scratch.plans[site], &mut enterprises[enterprise], &tally);
                tally = Tally::default();
            }
        }
        // What goes on is found first by the next run.
        scratch.plans[0] = scratch.plans[sites - 1];
        scratch.settings[0] = scratch.settings[parts.saturating_sub(1)];
        start = next;
    }
}

/// How much a run holds, and where the next one begins.
struct Gathered {
    sites: usize,
    parts: usize,
    members: usize,
    next: Start,
}

/// Makes ready what the people of the next run share: plans of enterprises, settings of collectives.
#[inline(always)]
fn gather<'a>(
    around: &'a Surroundings,
    simd: impl Simd,
    enterprises: &[Enterprise],
    collectives: &mut [Collective],
    day: u32,
    start: Start,
    scratch: &mut Scratch<'a>,
) -> Gathered {
    let base = enterprises[0].collectives.start as usize;
    let (mut sites, mut parts, mut members) = (0, 0, 0);
    let mut next = start;
    while next.enterprise < enterprises.len() && parts < RUN_PARTS && members < RUN_AGENTS {
        let enterprise = &enterprises[next.enterprise];
        let end = enterprise.collectives.end as usize - base;
        if next.of_enterprise == 0 {
            scratch.plans[sites] = around.plan(simd, enterprise, day);
        }
        let from = members;
        while next.collective < end && parts < RUN_PARTS && members < RUN_AGENTS {
            if let Some(soon) = collectives.get(next.collective + 3) {
                simd.fetch(&soon.counts);
            }
            let collective = &mut collectives[next.collective];
            if next.of_collective == 0 {
                around.set(simd, &scratch.plans[sites], collective, &mut scratch.settings[parts]);
            }
            let size = collective.agents.len();
            let taken = (size - next.of_collective).min(RUN_AGENTS - members);
            let goes_on = next.of_collective + taken < size;
            scratch.parts[parts] = Part {
                collective: next.collective,
                site: sites,
                from: members,
                to: members + taken,
                goes_on,
            };
            members += taken;
            parts += 1;
            next.of_enterprise += taken;
            if goes_on {
                next.of_collective += taken;
            } else {
                next.of_collective = 0;
                next.collective += 1;
            }
        }
        let goes_on = next.collective < end;
        scratch.sites[sites] =
            Site { enterprise: next.enterprise, from, to: members, parts_to: parts, goes_on };
        sites += 1;
        if !goes_on {
            next.enterprise += 1;
            next.of_enterprise = 0;
        }
    }
    Gathered { sites, parts, members, next }
}

/// Neighbours that are moved together.
struct Run<'r, 'a, S> {
    around: &'r Surroundings,
    simd: S,
    day: u32,
    /// Number of the first agent.
    first: u64,
    agents: AgentsMut<'r>,
    sites: usize,
    parts: usize,
    scratch: &'r mut Scratch<'a>,
}

impl<S: Simd> Run<'_, '_, S> {
    /// Attitude, choice, voice and action, in this order.
    #[inline(always)]
    fn step(&mut self) {
        let len = self.agents.len();
        self.scratch.draws.fill(self.simd, self.around.key, self.day, self.first, len);
        self.look_up_drift();
        if self.sites == 1 {
            let plan = self.scratch.plans[0];
            let climate = plan.climate;
            self.move_positions(|_| {
                (One(plan.pull), One(climate.trust_shift), One(climate.shock), One(climate.relaxation))
            });
        } else {
            self.spread_levels();
            self.move_positions(|levels| {
                let each = |level: Shared| Each(&levels[level as usize][..len]);
                (each(Shared::Pull), each(Shared::TrustShift), each(Shared::Shock), each(Shared::Relaxation))
            });
        }
        self.reconsider();
        self.speak();
        self.act();
        self.look_up_voices();
        if self.sites == 1 {
            let plan = self.scratch.plans[0];
            self.flag(|_, _| (One(plan.climate.trust_shift), One(way_of(&plan))));
            if let Some(label) = plan.climate.label {
                self.call(label.party, label.left, |_| One(label.from));
            }
        } else {
            self.flag(|levels, ways| (Each(&levels[Shared::TrustShift as usize][..len]), Each(&ways[..len])));
            // Who is called by whose name is the same for all; how far off they may stand is not.
            if let Some(label) = self.scratch.plans[0].climate.label {
                self.call(label.party, label.left, |edges| Each(&edges[..len]));
            }
        }
    }

    /// Writes what the members of each enterprise share beside each of them.
    #[inline(always)]
    fn spread_levels(&mut self) {
        let lesson = self.around.rules.params.action.defeat;
        let Scratch { plans, sites, levels, ways, edges, .. } = &mut *self.scratch;
        for (plan, &Site { from, to, .. }) in plans.iter().zip(&sites[..self.sites]) {
            let climate = plan.climate;
            let mut set = |level: Shared, value: f32| fill(&mut levels[level as usize], from, to, value);
            set(Shared::Pull, plan.pull);
            set(Shared::TrustShift, climate.trust_shift);
            set(Shared::Shock, climate.shock);
            set(Shared::Relaxation, climate.relaxation);
            // Nobody is driven where all rest.
            let drive = drive_of(plan).unwrap_or(f32::NEG_INFINITY);
            set(Shared::Drive, drive);
            set(Shared::ExperienceWeight, climate.experience_weight);
            set(Shared::FreshAnswer, climate.fresh_answer);
            set(Shared::Lesson, lesson * plan.unmet);
            fill(ways, from, to, way_of(plan));
            fill(edges, from, to, climate.label.map_or(0, |label| label.from));
        }
    }

    /// How the voices of the own collective and enterprise move whoever stands where an agent stands.
    #[inline(always)]
    fn look_up_drift(&mut self) {
        let Scratch { settings, parts, looked_up, .. } = &mut *self.scratch;
        let positions = &self.agents.position[..];
        for (part, setting) in parts[..self.parts].iter().zip(&*settings) {
            // The upper half of a byte numbers its bin, from the middle on.
            let by_upper_half = std::array::from_fn(|half| setting.drift[half ^ (BINS / 2)]);
            let (whose, drift) = (&positions[part.from..part.to], &mut looked_up[part.from..part.to]);
            self.simd.look_up::<4>(&by_upper_half, as_bytes(whose), drift);
        }
    }

    #[inline(always)]
    fn move_positions<'s, A, B, C, D>(
        &'s mut self,
        of: impl FnOnce(&'s [[f32; PADDED]; SHARED]) -> (A, B, C, D),
    ) where
        A: Level<f32>,
        B: Level<f32>,
        C: Level<f32>,
        D: Level<f32>,
    {
        let attitude = &self.around.rules.params.attitude;
        let noise = attitude.noise * NOISE_PER_BYTE;
        let (least, per_byte) =
            (1.0 - attitude.susceptibility_spread, attitude.susceptibility_spread * (2.0 / 255.0));
        let len = self.agents.len();
        let Scratch { draws, looked_up, levels, plans, .. } = &*self.scratch;
        let (pull, trust_shift, shock, relaxation) = of(levels);
        let power_taken = plans[0].climate.power_taken;
        let positions = &mut self.agents.position[..len];
        let (drift, words, feelings) = (&looked_up[..len], &draws.words()[..len], &draws.bytes()[..len]);
        let trusts = &self.agents.trust[..len];
        for i in 0..len {
            let susceptibility = least + per_byte * f32::from(feelings[i]);
            let word = words[i];
            let dither = dither_of(word);
            let m = position(positions[i]);
            let trust = felt_trust(trusts[i], trust_shift.at(i));
            let brake = trust_in_office(trust, power_taken);
            let moved = m
                + grievance_pull(m, brake, pull.at(i) * susceptibility, attitude.trust_ceiling)
                + drift[i]
                + shock.at(i)
                - relaxation.at(i) * m
                + noise * noise_of(word);
            positions[i] = store_position(moved, dither);
        }
    }

    /// Gathers those whose attention is caught, and lets them choose in full lanes.
    #[inline(always)]
    fn reconsider(&mut self) {
        let mut caught = 0;
        {
            let Scratch { draws, plans, parts, who, part_of, .. } = &mut *self.scratch;
            let words = draws.words();
            for (index, part) in parts[..self.parts].iter().enumerate() {
                let attention = plans[part.site % RUN_PARTS].climate.attention;
                let before = caught;
                let words = &words[part.from..part.to];
                caught = self.simd.find_below(words, attention, part.from as u16, who, before);
                fill(part_of, before, caught, index as u8);
            }
        }
        let is_at_work = |of: fn(&Offer) -> &[f32; OPTIONS]| {
            let plans = &self.scratch.plans[..self.sites];
            plans.iter().any(|plan| of(&plan.climate.offer).iter().any(|&x| x != 0.0))
        };
        let (slandered, offending) = (is_at_work(|offer| &offer.slander), is_at_work(|offer| &offer.faith));
        let mut from = 0;
        while from < caught {
            let count = (caught - from).min(LANES);
            // Lanes to spare repeat the last one; what they choose is dropped.
            let lane = |l: usize| from + l.min(count - 1);
            let who: [usize; LANES] = std::array::from_fn(|l| usize::from(self.scratch.who[lane(l)]));
            let parts: [usize; LANES] =
                std::array::from_fn(|l| usize::from(self.scratch.part_of[lane(l)]) % RUN_PARTS);
            self.read(&parts, slandered, offending);
            self.choose(&who, &parts, count, slandered, offending);
            from += count;
        }
    }

    /// Puts what those who choose together read side by side.
    #[inline(always)]
    fn read(&mut self, parts: &[usize; LANES], slandered: bool, offending: bool) {
        let simd = self.simd;
        let Scratch { plans, settings, parts: all, readings, .. } = &mut *self.scratch;
        let site = |l: usize| all[parts[l]].site % RUN_PARTS;
        let offer = |l: usize| &plans[site(l)].climate.offer;
        simd.transpose(|l| &settings[parts[l]].cuts, &mut readings.cuts);
        simd.transpose(|l| &settings[parts[l]].appeal, &mut readings.appeal);
        simd.transpose(|l| &plans[site(l)].blame, &mut readings.blame);
        if slandered {
            simd.transpose(|l| &offer(l).slander, &mut readings.slander);
        }
        if offending {
            simd.transpose(|l| &offer(l).faith, &mut readings.faith);
        }
        for l in 0..LANES {
            let plan = &plans[site(l)];
            readings.unmet[l] = plan.unmet;
            readings.trust_shift[l] = plan.climate.trust_shift;
        }
    }

    #[inline(always)]
    fn choose(
        &mut self,
        who: &[usize; LANES],
        parts: &[usize; LANES],
        count: usize,
        slandered: bool,
        offending: bool,
    ) {
        let around = self.around;
        let params = &around.rules.params.choice;
        let Scratch { plans, parts: all, readings, .. } = &mut *self.scratch;
        // Programmes are the same for all.
        let Climate { offer: Offer { options, positions, distance_weights, .. }, power_taken, .. } =
            plans[0].climate;
        let (options, power_taken) = ((*options).min(OPTIONS), *power_taken);
        let ids: [u64; LANES] = std::array::from_fn(|l| self.first + who[l] as u64);

        // Voices heard, as counts of draws that reach each cut.
        let voices = around.rules.voices_heard;
        let mut reached = [[0_u32; LANES]; OPTIONS];
        for block in 0..voices.div_ceil(8) {
            let words = blocks_of(self.simd, around.key, Process::Contacts, self.day, &ids, block);
            for voice in 0..(voices - 8 * block).min(8) {
                let words = &words[(voice / 2) as usize % 4];
                let shift = 16 * (voice % 2);
                let bits = words.map(|word| (word >> shift) & 0xffff);
                for option in 0..options.min(OPTIONS - 1) {
                    reached[option] =
                        self.simd.count_at_least(&reached[option], &bits, &readings.cuts[option]);
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
            trust[l] = trust_in_office(felt_trust(own_trust[l], readings.trust_shift[l]), power_taken);
            loyalty[l] = params.loyalty * share(conviction[l]);
        }

        let per_voice = params.conformity / voices as f32;
        let mut utilities = [[0.0_f32; LANES]; OPTIONS];
        let mut best = [f32::NEG_INFINITY; LANES];
        let mut before = [voices; LANES];
        for option in 0..options {
            let (appeal, blame) = (&readings.appeal[option], &readings.blame[option]);
            let utility = &mut utilities[option];
            for l in 0..LANES {
                let heard = before[l] - reached[option][l];
                before[l] = reached[option][l];
                let distance = m[l] - positions[option];
                utility[l] = appeal[l] - distance_weights[option] * distance * distance
                    + per_voice * heard as f32
                    - blame[l] * (1.0 - trust[l]);
            }
            if slandered {
                let slander = &readings.slander[option];
                for l in 0..LANES {
                    let marked = utility[l] + slander_effect(slander[l], m[l], readings.unmet[l], params);
                    utility[l] = if slander[l] != 0.0 { marked } else { utility[l] };
                }
            }
            if offending {
                let faith = &readings.faith[option];
                for l in 0..LANES {
                    let offended = utility[l] - faith[l];
                    utility[l] = if marks[l] & mark::BELIEVER != 0 { offended } else { utility[l] };
                }
            }
            for l in 0..LANES {
                let mine = usize::from(present[l]) == option;
                let loyal = if mine { utility[l] + loyalty[l] } else { utility[l] };
                let member = mine && marks[l] & mark::MEMBER != 0;
                utility[l] = if member { loyal + params.member_loyalty } else { loyal };
                best[l] = if utility[l] > best[l] { utility[l] } else { best[l] };
            }
        }
        let draws = blocks_of(self.simd, around.key, Process::Choice, self.day, &ids, 0);
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

        let none = around.rules.none();
        for l in 0..LANES {
            let plan = &plans[all[parts[l]].site % RUN_PARTS];
            readings.resolves.put(l, &Resolve::of(plan, chosen[l] as usize, none));
        }
        let (mut private, mut convictions) = ([0; LANES], [0; LANES]);
        let (mut trusts, mut after) = ([0; LANES], [0; LANES]);
        for l in 0..LANES {
            let before = Before {
                present: present[l],
                position: m[l],
                trust: trust[l],
                conviction: conviction[l],
                own_trust: own_trust[l],
                marks: marks[l],
            };
            let draws = [draws[0][l], draws[1][l], draws[2][l], draws[3][l]];
            let resolve = readings.resolves.at(l, power_taken);
            let decision = decide(&resolve, &before, chosen[l], draws, &around.rules.params);
            private[l] = decision.private;
            convictions[l] = decision.conviction;
            trusts[l] = decision.trust;
            after[l] = decision.marks;
        }
        for l in 0..count {
            let i = who[l];
            self.agents.private[i] = private[l];
            self.agents.conviction[i] = convictions[l];
            self.agents.trust[i] = trusts[l];
            self.agents.marks[i] = after[l];
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
            if setting.boldest == [255; OPTIONS] {
                fill(boldest, part.from, part.to, 255);
            } else {
                let bold = &mut boldest[part.from..part.to];
                self.simd.look_up_bytes(&setting.boldest, &private[part.from..part.to], bold);
            }
        }
        let bold = &boldest[..len];
        for i in 0..len {
            let dares = (threshold[i] <= bold[i]) | (marks[i] & mark::MEMBER != 0);
            let speaks = (private[i] != none) & (marks[i] & mark::ABSENT == 0) & dares;
            public[i] = if speaks { private[i] } else { silent };
        }
    }

    /// Who acts, and what those learn who act or stop.
    #[inline(always)]
    fn act(&mut self) {
        let len = self.agents.len();
        let plans = &self.scratch.plans[..self.sites];
        let anybody_may = plans.iter().any(|plan| drive_of(plan).is_some());
        if self.sites == 1 {
            let plan = plans[0];
            let climate = plan.climate;
            let lesson = self.around.rules.params.action.defeat * plan.unmet;
            match drive_of(&plan) {
                Some(drive) => {
                    self.rouse(|_| (One(drive), One(climate.experience_weight), One(climate.fresh_answer)))
                }
                None => self.scratch.acting[..len].fill(0),
            }
            self.learn(|_, _| (One(lesson), One(way_of(&plan))));
        } else {
            if anybody_may {
                self.rouse(|levels| {
                    let each = |level: Shared| Each(&levels[level as usize][..len]);
                    (each(Shared::Drive), each(Shared::ExperienceWeight), each(Shared::FreshAnswer))
                });
            } else {
                self.scratch.acting[..len].fill(0);
            }
            self.learn(|levels, ways| (Each(&levels[Shared::Lesson as usize][..len]), Each(&ways[..len])));
        }
    }

    /// Who is driven to act.
    #[inline(always)]
    fn rouse<'s, A, B, C>(&'s mut self, of: impl FnOnce(&'s [[f32; PADDED]; SHARED]) -> (A, B, C))
    where
        A: Level<f32>,
        B: Level<f32>,
        C: Level<f32>,
    {
        let action = &self.around.rules.params.action;
        let len = self.agents.len();
        let Scratch { acting, levels, .. } = &mut *self.scratch;
        let (drive, experience_weight, fresh_answer) = of(levels);
        let acting = &mut acting[..len];
        let AgentsMut { position: positions, threshold, experience, marks, .. } = &self.agents;
        let (positions, threshold, experience, marks) =
            (&positions[..len], &threshold[..len], &experience[..len], &marks[..len]);
        for i in 0..len {
            let urge = own_drive(
                drive.at(i),
                position(positions[i]),
                share(threshold[i]),
                share(experience[i]),
                experience_weight.at(i),
                fresh_answer.at(i),
                action,
            );
            acting[i] = u8::from((urge > 0.0) & (marks[i] & mark::ABSENT == 0));
        }
    }

    /// What those learn who strike, and those who stop.
    #[inline(always)]
    fn learn<'s, A, B>(&'s mut self, of: impl FnOnce(&'s [[f32; PADDED]; SHARED], &'s [u8; PADDED]) -> (A, B))
    where
        A: Level<f32>,
        B: Level<u8>,
    {
        let learning = self.around.rules.params.action.learning;
        let len = self.agents.len();
        let Scratch { draws, acting, levels, ways, .. } = &*self.scratch;
        let (lesson, ways) = of(levels, ways);
        let (acting, words) = (&acting[..len], &draws.words()[..len]);
        let AgentsMut { experience, marks, .. } = &mut self.agents;
        let (experience, marks) = (&mut experience[..len], &mut marks[..len]);
        let mut anybody = 0;
        for i in 0..len {
            anybody |= acting[i] | (marks[i] & mark::STRIKER);
        }
        if anybody == 0 {
            return;
        }
        for i in 0..len {
            let acts = acting[i] != 0;
            let strikes = acts & (ways.at(i) & way::OCCUPIES == 0);
            let stops = !acts & (marks[i] & mark::STRIKER != 0);
            let dither = dither_of(words[i]);
            let learned = share(experience[i]) + if strikes { learning } else { lesson.at(i) };
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

    /// How far the voice of each speaks for the old government.
    #[inline(always)]
    fn look_up_voices(&mut self) {
        let Scratch { plans, sites, looked_up, .. } = &mut *self.scratch;
        let public = &self.agents.public[..];
        for (plan, site) in plans.iter().zip(&sites[..self.sites]) {
            let (whose, voices) = (&public[site.from..site.to], &mut looked_up[site.from..site.to]);
            self.simd.look_up::<0>(&plan.climate.old_order, whose, voices);
        }
    }

    /// What each is counted for.
    #[inline(always)]
    fn flag<'s, A, B>(&'s mut self, of: impl FnOnce(&'s [[f32; PADDED]; SHARED], &'s [u8; PADDED]) -> (A, B))
    where
        A: Level<f32>,
        B: Level<u8>,
    {
        let score = authority::Scorer::new(&self.around.rules.params.power);
        let contenders = self.around.contenders;
        let len = self.agents.len();
        let Scratch { acting, flags, levels, ways, looked_up, .. } = &mut *self.scratch;
        let (trust_shift, ways) = of(levels, ways);
        let (acting, flags, voices) = (&acting[..len], &mut flags[..len], &looked_up[..len]);
        let AgentsMut { public, position: positions, trust, marks, .. } = &self.agents;
        let (public, positions, trust, marks) =
            (&public[..len], &positions[..len], &trust[..len], &marks[..len]);
        for i in 0..len {
            let trust = felt_trust(trust[i], trust_shift.at(i));
            let loyalty = score.score(trust, position(positions[i]), voices[i]);
            let present = marks[i] & mark::ABSENT == 0;
            let acts = acting[i] != 0;
            let refused = acts & (ways.at(i) & way::REFUSES != 0);
            let occupies = acts & (ways.at(i) & way::OCCUPIES != 0);
            let strikes = acts & !occupies;
            let fresh = strikes & (marks[i] & mark::STRUCK_BEFORE == 0);
            let obeys = (loyalty > score.obey_above) & present & !refused;
            let follows = (loyalty < score.follow_below) & present;
            let if_so = |is_so: bool, flag: u8| if is_so { flag } else { 0 };
            flags[i] = if_so(obeys, flag::OBEYS)
                | if_so(follows, flag::FOLLOWS)
                | if_so(strikes, flag::STRIKES)
                | if_so(fresh, flag::IS_FRESH)
                | if_so(occupies, flag::OCCUPIES);
        }
        for i in 0..len {
            let contends = contenders >> (public[i] & 31) & 1 == 1;
            let tied = marks[i] & mark::LAND_TIE != 0;
            flags[i] |= if contends & tied { flag::TIED_CONTENDING } else { 0 };
        }
    }

    /// Who is called by the name of `party`, on which side they stand, and whether they chose it; see [`super::count_called`].
    #[inline(always)]
    fn call<'s, A: Level<i8>>(&'s mut self, party: u8, left: bool, of: impl FnOnce(&'s [i8; PADDED]) -> A) {
        let len = self.agents.len();
        let Scratch { calls, edges, .. } = &mut *self.scratch;
        let (calls, edge) = (&mut calls[..len], of(edges));
        let AgentsMut { private, public, position: positions, .. } = &self.agents;
        let (private, public, positions) = (&private[..len], &public[..len], &positions[..len]);
        for i in 0..len {
            let stored = positions[i];
            let near = if left { stored >= edge.at(i) } else { stored <= edge.at(i) };
            let called = (public[i] == party) | near;
            let on_right = if stored < 0 { call::RIGHT | call::RIGHT_CHOSEN } else { 0 };
            let on_left = if stored > HALF_LEFT { call::LEFT | call::LEFT_CHOSEN } else { 0 };
            let unchosen = if private[i] == party { 0 } else { call::RIGHT_CHOSEN | call::LEFT_CHOSEN };
            calls[i] = ((on_right | on_left) & !unchosen) | if called { call::CALLED } else { 0 };
        }
    }

    /// Adds what a part of the run has become to the counts of its collective and to the deeds of its enterprise.
    ///
    /// Who has something in common are bits of a word: a comparison makes them for a chunk of people, and counting is
    /// counting bits.
    #[inline(always)]
    fn count(&self, part: Part, counts: &mut Counts, tally: &mut Tally) {
        let Tally { deeds, occupying, .. } = tally;
        let simd = self.simd;
        let options = (self.around.rules.none() + 1).min(OPTIONS);
        let silent = self.around.rules.silent();
        let Scratch { plans, flags, calls, acting, .. } = &*self.scratch;
        let guards = plans[part.site % RUN_PARTS].guards;
        let has_label = plans[0].climate.label.is_some();
        let AgentsMut { private, public, position: positions, conviction, trust, experience, marks, .. } =
            &self.agents;
        counts.size += (part.to - part.from) as u32;
        for from in (part.from..part.to).step_by(CHUNK) {
            let to = part.to.min(from + CHUNK);
            let everybody = u64::MAX >> (CHUNK - (to - from));
            let count = |who: u64| (who & everybody).count_ones();

            let marks = simd.chunk(&marks[from..to]);
            let marked = |bit: u8| simd.with_bits(&marks, bit);
            let (members, tied) = (marked(mark::MEMBER), marked(mark::LAND_TIE));
            counts.guards += count(marked(mark::GUARD));
            deeds.absent += count(marked(mark::ABSENT));
            deeds.agitators += count(marked(mark::AGITATOR));
            deeds.tied += count(tied);

            // Everybody says what it would choose, or nothing.
            let private = simd.chunk(&private[from..to]);
            let quiet = simd.equal(&simd.chunk(&public[from..to]), silent as u8);
            for option in 0..options {
                let own = simd.equal(&private, option as u8) & everybody;
                counts.private[option] += own.count_ones();
                counts.members[option] += (own & members).count_ones();
                counts.public[option] += (own & !quiet).count_ones();
            }
            counts.public[silent % OPTIONS] += count(quiet);

            // From -128 on, as bytes count; nothing stands at 0, so that it may fill up a chunk.
            let stored = simd.chunk(as_bytes(&positions[from..to]));
            let from_left = stored.map(|byte| byte ^ 0x80);
            let bins = from_left.map(|byte| byte >> 4);
            for bin in 0..BINS {
                counts.positions[bin] += count(simd.equal(&bins, bin as u8));
            }
            let tied_ones = simd.keep(&from_left, tied);
            let [position, trust, conviction, tied_position] = simd.sums([
                &from_left,
                &simd.chunk(&trust[from..to]),
                &simd.chunk(&conviction[from..to]),
                &tied_ones,
            ]);
            counts.position_sum += i64::from(position) - 128 * CHUNK as i64;
            counts.position_squares += u64::from(simd.sum_of_squares(&stored));
            counts.trust_sum += u64::from(trust);
            counts.conviction_sum += u64::from(conviction);
            deeds.tied_positions += i64::from(tied_position) - 128 * i64::from(tied.count_ones());

            let flags = simd.chunk(&flags[from..to]);
            let flagged = |bit: u8| simd.with_bits(&flags, bit).count_ones();
            counts.strikers += flagged(flag::STRIKES);
            counts.fresh_strikers += flagged(flag::IS_FRESH);
            counts.obeying += flagged(flag::OBEYS);
            counts.following += flagged(flag::FOLLOWS);
            *occupying += flagged(flag::OCCUPIES);
            deeds.tied_contending += flagged(flag::TIED_CONTENDING);
            if has_label {
                let calls = simd.chunk(&calls[from..to]);
                let called = |bit: u8| simd.with_bits(&calls, bit).count_ones();
                deeds.called += called(call::CALLED);
                deeds.right[0] += called(call::RIGHT);
                deeds.right[1] += called(call::RIGHT_CHOSEN);
                deeds.left[0] += called(call::LEFT);
                deeds.left[1] += called(call::LEFT_CHOSEN);
            }
            if guards {
                let acting = simd.with_bits(&simd.chunk(&acting[from..to]), 1);
                let seasoned = simd.at_least(&simd.chunk(&experience[from..to]), EXPERIENCED);
                let mut beyond = 0;
                for level in (0..LEVELS).rev() {
                    let least = if level == 0 { 0 } else { 128 + (level * LEVEL_WIDTH) as u8 };
                    let reached = simd.at_least(&from_left, least) & everybody;
                    let here = reached & !beyond;
                    beyond = reached;
                    let counted = &mut deeds.acting[level];
                    counted[0] += (here & !seasoned).count_ones();
                    counted[1] += (here & !seasoned & acting).count_ones();
                    counted[2] += (here & seasoned).count_ones();
                    counted[3] += (here & seasoned & acting).count_ones();
                }
            }
        }
    }

    /// What only few enterprises are asked for: who came to a gathering.
    #[inline(always)]
    fn count_gathered(&self, site: usize, from: usize, to: usize, deeds: &mut Deeds) {
        let plan = &self.scratch.plans[site];
        let AgentsMut { private, marks, .. } = &self.agents;
        if let Some(gathering) = plan.climate.gathering {
            for i in from..to {
                let id = self.first + i as u64;
                self.around.count_gathered(deeds, gathering, self.day, id, marks[i], private[i]);
            }
        }
    }
}

/// What drives the members of an enterprise, if they may act at all.
#[inline(always)]
fn drive_of(plan: &Plan<'_>) -> Option<f32> {
    match plan.conduct {
        Conduct::Rests => None,
        Conduct::Acts(drive) | Conduct::Occupies(drive) => Some(drive),
    }
}

#[inline(always)]
fn way_of(plan: &Plan<'_>) -> u8 {
    let occupies = matches!(plan.conduct, Conduct::Occupies(_));
    (if plan.refuses { way::REFUSES } else { 0 }) | (if occupies { way::OCCUPIES } else { 0 })
}
