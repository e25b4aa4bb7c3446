//! Those whose attention is caught: gathered side by side, so that the dear part of a day runs with full lanes.

use super::super::super::agents::{OPTIONS, mark};
use super::super::super::behaviour::choice::{Offer, loyalty, slander_effect};
use super::super::super::behaviour::contacts::HIGHEST_DRAW;
use super::super::super::climate::{felt_trust, trust_in_office};
use super::super::super::fixed::{exp_below_zero, position, share};
use super::super::{Before, Chosen, Resolve, decide};
use super::{Ahead, RUN_AGENTS, RUN_CHUNKS, RUN_PARTS, Run, Scratch, all_of, chunks};
use crate::random::{Process, blocks_of, unit};
use crate::simd::{CHUNK, LANES, Simd, as_bytes};

/// Room for all of a run side by side, and for what is packed beyond the last.
const ROOM: usize = RUN_AGENTS + CHUNK;

/// The lower bytes of the numbers of agents in a run.
const NUMBERS: [u8; 256] = {
    let mut numbers = [0; 256];
    let mut i = 0;
    while i < 256 {
        numbers[i] = i as u8;
        i += 1;
    }
    numbers
};

/// What is asked of agents who reconsider, and what they answer, one after another.
#[repr(C, align(64))]
pub(super) struct Packed {
    /// Who is caught, chunk by chunk.
    caught: [u64; RUN_CHUNKS],
    /// Numbers in the run, by lower and upper byte.
    lower: [u8; ROOM],
    upper: [u8; ROOM],
    part: [u8; ROOM],
    position: [u8; ROOM],
    trust: [u8; ROOM],
    conviction: [u8; ROOM],
    private: [u8; ROOM],
    marks: [u8; ROOM],
}

/// What [`LANES`] who choose together read, lane by lane.
#[repr(C, align(64))]
pub(super) struct Readings {
    cuts: [[u32; LANES]; OPTIONS],
    appeal: [[f32; LANES]; OPTIONS],
    blame: [[f32; LANES]; OPTIONS],
    unmet: [f32; LANES],
    /// How many of the voices heard are of this option or a later one; all of the first.
    from_here: [[u32; LANES]; OPTIONS],
    utilities: [[f32; LANES]; OPTIONS],
    /// Whether neighbours in a run read one and the same.
    shares_appeal: bool,
    shares_blame: bool,
}

impl Packed {
    #[inline(always)]
    pub(super) fn new() -> Self {
        let none = [0; ROOM];
        Self {
            caught: [0; RUN_CHUNKS],
            lower: none,
            upper: none,
            part: none,
            position: none,
            trust: none,
            conviction: none,
            private: none,
            marks: none,
        }
    }
}

impl Readings {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self {
            cuts: [[0; LANES]; OPTIONS],
            appeal: [[0.0; LANES]; OPTIONS],
            blame: [[0.0; LANES]; OPTIONS],
            unmet: [0.0; LANES],
            from_here: [[0; LANES]; OPTIONS],
            utilities: [[0.0; LANES]; OPTIONS],
            shares_appeal: false,
            shares_blame: false,
        }
    }
}

/// Bytes for the lanes from `from` on.
#[inline(always)]
fn lanes_of(column: &[u8; ROOM], from: usize) -> [u8; LANES] {
    let mut lanes = [0; LANES];
    lanes.copy_from_slice(&column[from..from + LANES]);
    lanes
}

/// Packs those of `bytes` that `who` has to `column`, from `at` on.
#[inline(always)]
fn pack(simd: impl Simd, bytes: &[u8], who: u64, column: &mut [u8; ROOM], at: usize) {
    let packed = simd.pack(&simd.chunk(bytes), who);
    // Few are caught of a chunk, as a rule, and short writes cost less.
    if who.count_ones() as usize <= LANES {
        column[at..at + LANES].copy_from_slice(&packed[..LANES]);
    } else {
        column[at..at + CHUNK].copy_from_slice(&packed);
    }
}

/// Puts back what [`pack`] took, and what has become of it.
#[inline(always)]
fn unpack(simd: impl Simd, bytes: &mut [u8], who: u64, column: &[u8; ROOM], at: usize) {
    let mut packed = [0; CHUNK];
    packed.copy_from_slice(&column[at..at + CHUNK]);
    simd.put(&simd.unpack(&simd.chunk(bytes), who, &packed), bytes);
}

impl<S: Simd> Run<'_, '_, S> {
    /// Gathers those whose attention is caught, lets them choose in full lanes, and writes what they chose.
    #[inline(always)]
    pub(super) fn reconsider(&mut self, ahead: &mut Ahead<'_>) {
        // The last word of a day whose upper half is below the attention.
        let Some(most) = (u64::from(self.climate.attention) << 16).checked_sub(1) else { return };
        let caught = self.pack_caught(most.min(u64::from(u32::MAX)) as u32);
        if caught == 0 {
            return;
        }
        self.read_shared();
        for from in (0..caught).step_by(LANES) {
            // Lanes to spare hold what was there before them; what they choose is dropped.
            let parts = lanes_of(&self.scratch.packed.part, from).map(|part| usize::from(part) % RUN_PARTS);
            self.read(&parts);
            ahead.fetch_chunk();
            ahead.fetch_chunk();
            self.choose(from);
        }
        self.unpack_caught();
    }

    /// How many are caught; packs what they are asked for.
    #[inline(always)]
    fn pack_caught(&mut self, most: u32) -> usize {
        let (simd, agents, len) = (self.simd, &self.agents, self.agents.len());
        let Scratch { draws, packed, part_of, .. } = &mut *self.scratch;
        let mut at = 0;
        for (number, (from, to)) in chunks(0, len).enumerate() {
            let who = simd.at_most(draws.chunk(from), most) & all_of(from, to);
            packed.caught[number % RUN_CHUNKS] = who;
            if who == 0 {
                continue;
            }
            let lower = from % NUMBERS.len();
            pack(simd, &NUMBERS[lower..lower + CHUNK], who, &mut packed.lower, at);
            packed.upper[at..at + CHUNK].fill((from / NUMBERS.len()) as u8);
            pack(simd, &part_of[from..to], who, &mut packed.part, at);
            pack(simd, as_bytes(&agents.position[from..to]), who, &mut packed.position, at);
            pack(simd, &agents.trust[from..to], who, &mut packed.trust, at);
            pack(simd, &agents.conviction[from..to], who, &mut packed.conviction, at);
            pack(simd, &agents.private[from..to], who, &mut packed.private, at);
            pack(simd, &agents.marks[from..to], who, &mut packed.marks, at);
            at += who.count_ones() as usize;
        }
        at
    }

    #[inline(always)]
    fn unpack_caught(&mut self) {
        let (simd, len) = (self.simd, self.agents.len());
        let agents = &mut self.agents;
        let packed = &self.scratch.packed;
        let mut at = 0;
        for (number, (from, to)) in chunks(0, len).enumerate() {
            let who = packed.caught[number % RUN_CHUNKS];
            if who == 0 {
                continue;
            }
            unpack(simd, &mut agents.private[from..to], who, &packed.private, at);
            unpack(simd, &mut agents.conviction[from..to], who, &packed.conviction, at);
            unpack(simd, &mut agents.trust[from..to], who, &packed.trust, at);
            unpack(simd, &mut agents.marks[from..to], who, &packed.marks, at);
            at += who.count_ones() as usize;
        }
    }

    /// What all of the run read, written to every lane.
    #[inline(always)]
    fn read_shared(&mut self) {
        let shares_blame = self.sites == 1 || self.is_ordinary();
        let Scratch { plans, readings, .. } = &mut *self.scratch;
        readings.shares_appeal = !self.climate.anything_proven;
        readings.shares_blame = shares_blame;
        let options = self.climate.offer.options.min(OPTIONS);
        for option in 0..options {
            readings.appeal[option] = [self.climate.offer.appeal[option]; LANES];
            readings.blame[option] = [plans[0].blame[option]; LANES];
        }
        readings.unmet = [plans[0].unmet; LANES];
    }

    /// Puts side by side what those who choose together read, where it is not the same for all.
    #[inline(always)]
    fn read(&mut self, parts: &[usize; LANES]) {
        let simd = self.simd;
        let Scratch { plans, settings, parts: all, readings, .. } = &mut *self.scratch;
        simd.transpose(|l| &settings[parts[l]].cuts, &mut readings.cuts);
        if !readings.shares_appeal {
            simd.transpose(|l| &settings[parts[l]].appeal, &mut readings.appeal);
        }
        if !readings.shares_blame {
            let site = |l: usize| all[parts[l]].site % RUN_PARTS;
            simd.transpose(|l| &plans[site(l)].blame, &mut readings.blame);
            for (l, unmet) in readings.unmet.iter_mut().enumerate() {
                *unmet = plans[site(l)].unmet;
            }
        }
    }

    /// Counts the voices heard from each option on, and beyond the last: those that reach the cut before it.
    #[inline(always)]
    fn hear(&mut self, numbers: &[u32; LANES], options: usize) {
        let simd = self.simd;
        let Readings { cuts, from_here, .. } = &mut self.scratch.readings;
        let voices = self.around.rules.voices_heard;
        from_here[0] = [voices; LANES];
        for block in 0..voices.div_ceil(8) {
            let (key, first) = (&self.around.key, self.first);
            let words = blocks_of(simd, key, Process::Contacts, self.day, first, numbers, block);
            // Halves of words are draws; two are counted at a time, each in its half.
            let mut draws = [[0; LANES]; 4];
            for (number, (draws, words)) in draws.iter_mut().zip(&words).enumerate() {
                let left = voices.saturating_sub(8 * block + 2 * number as u32);
                // What is not asked for is 0, and reaches only cuts at 0, which all voices reach.
                let asked = [0, 0xffff, u32::MAX][left.min(2) as usize];
                *draws = simd.bound_halves(&words.map(|word| word & asked), HIGHEST_DRAW);
            }
            for option in 1..=options {
                let before = if block == 0 { [0; LANES] } else { from_here[option] };
                from_here[option] = simd.count_halves(&before, &draws, &cuts[option - 1]);
            }
        }
        for here in &mut from_here[1..=options] {
            *here = simd.both_halves(here, voices);
        }
    }

    #[inline(always)]
    fn choose(&mut self, from: usize) {
        let around = self.around;
        let climate = self.climate;
        // Numbers at hand, lest lanes be filled from memory one by one.
        let params = around.rules.params.choice;
        let resolve = Resolve::new(climate, self.guards, &around.rules.params);
        let Offer { options, positions, distance_weights, slander, faith, .. } = &climate.offer;
        let (options, power_taken) = ((*options).min(OPTIONS - 1), climate.power_taken);
        let packed = &self.scratch.packed;
        let (lower, upper) = (lanes_of(&packed.lower, from), lanes_of(&packed.upper, from));
        let mut numbers = [0; LANES];
        for l in 0..LANES {
            numbers[l] = u32::from(upper[l]) << 8 | u32::from(lower[l]);
        }
        self.hear(&numbers, options);
        let Scratch { packed, readings, .. } = &mut *self.scratch;
        let Readings { appeal, blame, unmet, from_here, utilities, .. } = readings;
        let stored = lanes_of(&packed.position, from);
        let own_trust = lanes_of(&packed.trust, from);
        let conviction = lanes_of(&packed.conviction, from);
        let present = lanes_of(&packed.private, from);
        let marks = lanes_of(&packed.marks, from);
        let (mut m, mut trust, mut distrust) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let (mut loyal, mut sting) = ([0.0; LANES], [0.0; LANES]);
        let (mut believes, mut mine) = ([0.0; LANES], [0; LANES]);
        for l in 0..LANES {
            m[l] = position(stored[l] as i8);
            trust[l] = trust_in_office(felt_trust(own_trust[l], climate.trust_shift), power_taken);
            distrust[l] = 1.0 - trust[l];
            loyal[l] = loyalty(share(conviction[l]), marks[l] & mark::MEMBER != 0, &params);
            sting[l] = slander_effect(1.0, m[l], unmet[l], &params);
            believes[l] = if marks[l] & mark::BELIEVER != 0 { 1.0 } else { 0.0 };
            mine[l] = u32::from(present[l]);
        }

        let per_voice = params.conformity / around.rules.voices_heard as f32;
        let mut best = [f32::NEG_INFINITY; LANES];
        for option in 0..options {
            let (here, beyond) = (&from_here[option], &from_here[option + 1]);
            let (appeal, blame) = (&appeal[option], &blame[option]);
            let mut all = [0.0; LANES];
            for l in 0..LANES {
                let heard = here[l] - beyond[l];
                let distance = m[l] - positions[option];
                let offered = (-distance_weights[option] * distance).mul_add(distance, appeal[l]);
                let heard = per_voice.mul_add(heard as i32 as f32, offered);
                let blamed = (-blame[l]).mul_add(distrust[l], heard);
                let slandered = slander[option].mul_add(sting[l], blamed);
                let weighed = (-faith[option]).mul_add(believes[l], slandered);
                let loyal = weighed + loyal[l];
                all[l] = if mine[l] == option as u32 { loyal } else { weighed };
            }
            utilities[option] = all;
            best = self.simd.highest(&all, &best);
        }
        let (key, first) = (&around.key, self.first);
        let draws = blocks_of(self.simd, key, Process::Choice, self.day, first, &numbers, 0);
        let mut total = [0.0_f32; LANES];
        for utility in &mut utilities[..options] {
            for l in 0..LANES {
                utility[l] = exp_below_zero(utility[l] - best[l]);
                total[l] += utility[l];
            }
        }
        let mut left = [0.0; LANES];
        for l in 0..LANES {
            left[l] = unit(draws[0][l]) * total[l];
        }
        let mut chosen = [0_u32; LANES];
        for weight in &utilities[..options.saturating_sub(1)] {
            for l in 0..LANES {
                left[l] -= weight[l];
                chosen[l] += u32::from(left[l] >= 0.0);
            }
        }

        let none = around.rules.none() as u32;
        let mut organisation = [0.0; LANES];
        let which = chosen.map(|option| option as u8);
        self.simd.look_up::<0>(&climate.organisation, &which, 0, LANES, &mut organisation);
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
            let chosen =
                Chosen { option: chosen[l], organisation: organisation[l], is_party: chosen[l] != none };
            let decision = decide(&resolve, &before, &chosen, draws);
            private[l] = decision.private;
            convictions[l] = decision.conviction;
            trusts[l] = decision.trust;
            after[l] = decision.marks;
        }
        let to = from + LANES;
        packed.private[from..to].copy_from_slice(&private);
        packed.conviction[from..to].copy_from_slice(&convictions);
        packed.trust[from..to].copy_from_slice(&trusts);
        packed.marks[from..to].copy_from_slice(&after);
    }
}
