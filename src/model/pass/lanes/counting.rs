//! What a run has become, counted part by part.
//!
//! Who has something in common are bits of a word, one for each of a chunk of people: a plane of the bits of their bytes,
//! and counting is counting bits. Numbers of sixteen kinds are sorted by their binary digits.

use super::super::super::agents::{AgentsMut, OPTIONS, mark};
use super::super::super::climate::Label;
use super::super::super::groups::{Composition, Deeds, LEVELS};
use super::super::{EXPERIENCED, HALF_LEFT, Tally};
use super::{Ahead, RUN_CHUNKS, RUN_PARTS, Run, Scratch, all_of, chunks};
use crate::model::pass::Conduct;
use crate::simd::{CHUNK, LANES, Simd, as_bytes};

/// The most pieces of a run: chunks of its parts.
const RUN_PIECES: usize = RUN_PARTS + RUN_CHUNKS;

/// Bits of what an agent has come to: what it would do, what it does, and whether it speaks.
pub(super) mod flag {
    pub(in super::super) const OBEYS: u8 = 1;
    pub(in super::super) const FOLLOWS: u8 = 1 << 1;
    pub(super) const ACTS: u8 = 1 << 2;
    /// Acts for the first time.
    pub(super) const IS_FRESH: u8 = 1 << 3;
    pub(super) const SPEAKS: u8 = 1 << 4;
    pub(super) const TIED_CONTENDING: u8 = 1 << 5;
    pub(super) const IS_SEASONED: u8 = 1 << 6;
}

/// Bits of the side an agent stands on, and of whether it chose the party with the widest label.
mod call {
    pub(super) const CALLED: u8 = 1;
    pub(super) const RIGHT: u8 = 1 << 1;
    pub(super) const RIGHT_CHOSEN: u8 = 1 << 2;
    pub(super) const LEFT: u8 = 1 << 3;
    pub(super) const LEFT_CHOSEN: u8 = 1 << 4;
}

/// What belongs to a bit, of what is kept by the place of bits: a plane, or a count.
#[inline(always)]
fn of_bit(by_place: &[u64; 8], bit: u8) -> u64 {
    by_place[bit.trailing_zeros() as usize % 8]
}

/// The count of those with one bit.
#[inline(always)]
fn with(counts: &[u64; 8], bit: u8) -> u32 {
    of_bit(counts, bit) as u32
}

/// The people of a run as bits of words, a word for each chunk of a part: planes of the bits of their bytes. All of a run
/// is sorted before any of it is counted, so that nothing is waited for.
#[repr(C, align(64))]
pub(super) struct Sorted {
    private: [[u64; 8]; RUN_PIECES],
    position: [[u64; 8]; RUN_PIECES],
    marks: [[u64; 8]; RUN_PIECES],
    flags: [[u64; 8]; RUN_PIECES],
    calls: [[u64; 8]; RUN_PIECES],
    /// Whether they act, whether they are experienced, and their level of position.
    deeds: [[u64; 8]; RUN_PIECES],
    /// By part: what is added up instead of counted, and pieces of it and of all before it.
    sums: [[u64; 8]; RUN_PARTS],
    squares: [[u32; LANES]; RUN_PARTS],
    pieces_to: [usize; RUN_PARTS],
    /// Everybody; beside them members, and those who say what they would choose.
    everybody: [[u64; 1]; RUN_PIECES],
    voices: [[u64; 3]; RUN_PIECES],
}

impl Sorted {
    #[inline(always)]
    pub(super) fn new() -> Self {
        let none = [[0; 8]; RUN_PIECES];
        Self {
            private: none,
            position: none,
            marks: none,
            flags: none,
            calls: none,
            deeds: none,
            sums: [[0; 8]; RUN_PARTS],
            squares: [[0; LANES]; RUN_PARTS],
            pieces_to: [0; RUN_PARTS],
            everybody: [[0]; RUN_PIECES],
            voices: [[0; 3]; RUN_PIECES],
        }
    }
}

/// What is counted of the people of an enterprise in whole registers, until it is complete.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(super) struct Marked {
    /// How many have each bit.
    marks: [u64; 8],
    flags: [u64; 8],
    calls: [u64; 8],
    /// Squares of stored positions, of the members in a run.
    pub(super) squares: [u32; LANES],
    /// By level of position and by whether they act and whether they are experienced, as sorted.
    acting: [u32; 4 * LEVELS],
}

impl Marked {
    /// Hands over what has been counted, and begins anew.
    #[inline(always)]
    pub(super) fn settle(&mut self, conduct: Conduct, tally: &mut Tally) {
        let Self { marks, flags, calls, acting, .. } = std::mem::take(self);
        let Tally { counts, deeds, occupying } = tally;
        counts.guards += with(&marks, mark::GUARD);
        counts.obeying += with(&flags, flag::OBEYS);
        counts.following += with(&flags, flag::FOLLOWS);
        if matches!(conduct, Conduct::Occupies(_)) {
            *occupying += with(&flags, flag::ACTS);
        } else {
            counts.strikers += with(&flags, flag::ACTS);
            counts.fresh_strikers += with(&flags, flag::IS_FRESH);
        }
        deeds.absent += with(&marks, mark::ABSENT);
        deeds.agitators += with(&marks, mark::AGITATOR);
        deeds.tied += with(&marks, mark::LAND_TIE);
        deeds.tied_positions -= 128 * i64::from(with(&marks, mark::LAND_TIE));
        deeds.tied_contending += with(&flags, flag::TIED_CONTENDING);
        deeds.called += with(&calls, call::CALLED);
        deeds.right[0] += with(&calls, call::RIGHT);
        deeds.right[1] += with(&calls, call::RIGHT_CHOSEN);
        deeds.left[0] += with(&calls, call::LEFT);
        deeds.left[1] += with(&calls, call::LEFT_CHOSEN);
        for (level, counted) in deeds.acting.iter_mut().zip(acting.as_chunks::<4>().0) {
            level[0] += counted[0] + counted[1];
            level[1] += counted[1];
            level[2] += counted[2] + counted[3];
            level[3] += counted[3];
        }
    }
}

impl<S: Simd> Run<'_, '_, S> {
    /// Completes what each is counted for.
    #[inline(always)]
    pub(super) fn flag(&mut self) {
        let len = self.agents.len();
        let rules = &self.around.rules;
        let refuses = self.scratch.plans[0].refuses;
        let Scratch { flags, acting, voices, .. } = &mut *self.scratch;
        // Nobody speaks for the silent.
        let by_voice: [u8; OPTIONS] = std::array::from_fn(|voice| {
            let contends = self.around.contenders >> voice & 1 == 1;
            match (voice < rules.parties.len(), contends) {
                (true, true) => flag::SPEAKS | flag::TIED_CONTENDING,
                (true, false) => flag::SPEAKS,
                _ => 0,
            }
        });
        self.simd.look_up_bytes(&by_voice, self.agents.public, 0, len, &mut voices[..]);
        let AgentsMut { experience, marks, .. } = &self.agents;
        let (flags, acting, voices) = (&mut flags[..len], &acting[..len], &voices[..len]);
        let (experience, marks) = (&experience[..len], &marks[..len]);
        for i in 0..len {
            let if_so = |is_so: bool, flag: u8| if is_so { flag } else { 0 };
            let acts = acting[i] != 0;
            let of_voice = if_so(marks[i] & mark::LAND_TIE == 0, flag::TIED_CONTENDING);
            let absent = if_so(marks[i] & mark::ABSENT != 0, flag::OBEYS | flag::FOLLOWS);
            let refused = if_so(acts & refuses, flag::OBEYS);
            flags[i] = (flags[i] & !(absent | refused))
                | (voices[i] & !of_voice)
                | if_so(acts, flag::ACTS)
                | if_so(acts & (marks[i] & mark::STRUCK_BEFORE == 0), flag::IS_FRESH)
                | if_so(experience[i] >= EXPERIENCED, flag::IS_SEASONED);
        }
    }

    /// Who is called by the name of the label's party, on which side they stand, and whether they chose it; see
    /// [`super::super::count_called`].
    #[inline(always)]
    pub(super) fn call(&mut self) {
        let Some(Label { party, from, left }) = self.climate.label else { return };
        let len = self.agents.len();
        let calls = &mut self.scratch.calls[..len];
        let AgentsMut { private, public, position: positions, .. } = &self.agents;
        let (private, public, positions) = (&private[..len], &public[..len], &positions[..len]);
        for i in 0..len {
            let stored = positions[i];
            let near = if left { stored >= from } else { stored <= from };
            let called = (public[i] == party) | near;
            let on_right = if stored < 0 { call::RIGHT | call::RIGHT_CHOSEN } else { 0 };
            let on_left = if stored > HALF_LEFT { call::LEFT | call::LEFT_CHOSEN } else { 0 };
            let unchosen = if private[i] == party { 0 } else { call::RIGHT_CHOSEN | call::LEFT_CHOSEN };
            calls[i] = ((on_right | on_left) & !unchosen) | if called { call::CALLED } else { 0 };
        }
    }

    /// Sorts what the people of the run have become.
    #[inline(always)]
    pub(super) fn sort(&mut self, ahead: &mut Ahead<'_>) {
        let simd = self.simd;
        let has_label = self.climate.label.is_some();
        let Scratch { parts, flags, calls, sorted, .. } = &mut *self.scratch;
        let AgentsMut { private, position: positions, conviction, trust, marks, .. } = &self.agents;
        let mut piece = 0;
        for (index, part) in parts[..self.parts].iter().enumerate() {
            ahead.fetch_collective();
            ahead.fetch_chunk();
            let (mut sums, mut squares) = ([0; 8], [0; LANES]);
            for (from, to) in chunks(part.from, part.to) {
                let everybody = all_of(from, to);
                sorted.private[piece] = simd.planes(&simd.chunk(&private[from..to]));
                let marks = simd.planes(&simd.chunk(&marks[from..to]));
                let flags = simd.planes(&simd.chunk(&flags[from..to]));
                // From -128 on, as bytes count; nothing stands at 0, so that it may fill up a chunk.
                let stored = simd.chunk(as_bytes(&positions[from..to]));
                let from_left = stored.map(|byte| byte ^ 0x80);
                let position = simd.planes(&from_left);
                let tied = of_bit(&marks, mark::LAND_TIE);
                let tied_ones = simd.select(tied, &from_left, &[0; CHUNK]);
                let (trust, conviction) = (simd.chunk(&trust[from..to]), simd.chunk(&conviction[from..to]));
                simd.add_sums(&mut sums, [&from_left, &trust, &conviction, &tied_ones]);
                simd.add_squares(&mut squares, &stored);
                let member = of_bit(&marks, mark::MEMBER);
                let speaks = of_bit(&flags, flag::SPEAKS);
                sorted.everybody[piece] = [everybody];
                sorted.voices[piece] = [everybody, member, speaks];
                if has_label {
                    sorted.calls[piece] = simd.planes(&simd.chunk(&calls[from..to]));
                }
                if self.guards {
                    let (acts, seasoned) = (of_bit(&flags, flag::ACTS), of_bit(&flags, flag::IS_SEASONED));
                    let [.., lower, upper, beyond] = position;
                    sorted.deeds[piece] = [acts, seasoned, beyond & lower, beyond & upper, 0, 0, 0, 0];
                }
                (sorted.marks[piece], sorted.flags[piece], sorted.position[piece]) = (marks, flags, position);
                piece += 1;
            }
            sorted.pieces_to[index] = piece;
            sorted.sums[index] = sums;
            sorted.squares[index] = squares;
        }
    }

    /// Makes `counts` the composition of a collective, or adds to it what another part of it has become; what it does not
    /// keep is counted in its enterprise.
    #[inline(always)]
    pub(super) fn count(
        &self,
        index: usize,
        counts: &mut Composition,
        tally: &mut Tally,
        marked: &mut Marked,
    ) {
        let simd = self.simd;
        let silent = self.around.rules.silent();
        let Scratch { parts, sorted, .. } = &*self.scratch;
        let part = &parts[index];
        let pieces =
            index.checked_sub(1).map_or(0, |before| sorted.pieces_to[before])..sorted.pieces_to[index];
        let (everybody, voices) = (&sorted.everybody[pieces.clone()], &sorted.voices[pieces.clone()]);
        let mut speaking = 0;
        for (piece, [.., speaks]) in pieces.clone().zip(voices) {
            simd.add_bits(&mut marked.marks, &sorted.marks[piece]);
            simd.add_bits(&mut marked.flags, &sorted.flags[piece]);
            speaking += speaks.count_ones();
        }
        if self.climate.label.is_some() {
            for calls in &sorted.calls[pieces.clone()] {
                simd.add_bits(&mut marked.calls, calls);
            }
        }
        marked.squares = simd.add_words(&marked.squares, &sorted.squares[index]);
        let [positions] = simd.count_by::<4, 1>(&sorted.position[pieces.clone()], everybody);
        let [private, members, public] = simd.count_by::<0, 3>(&sorted.private[pieces.clone()], voices);
        if self.guards {
            let [acting] = simd.count_by::<0, 1>(&sorted.deeds[pieces.clone()], everybody);
            marked.acting = simd.add_words(&marked.acting, &acting);
        }
        let size = (part.to - part.from) as u32;
        let public = simd.add_at(&public, silent, size - speaking);
        let [position, trust, conviction, tied_position] = simd.sums_of(&sorted.sums[index]);
        let position_sum = i64::from(position) - 128 * (pieces.len() * CHUNK) as i64;
        let add = |sum: &mut [u32; LANES], more: &[u32; LANES]| *sum = simd.add_words(sum, more);

        let all = &mut tally.counts;
        add(&mut all.public, &public);
        add(&mut all.private, &private);
        add(&mut all.members, &members);
        add(&mut all.positions, &positions);
        all.size += size;
        all.position_sum += position_sum;
        all.trust_sum += u64::from(trust);
        all.conviction_sum += u64::from(conviction);
        tally.deeds.tied_positions += i64::from(tied_position);
        if part.is_continued {
            add(&mut counts.public, &public);
            add(&mut counts.private, &private);
            add(&mut counts.positions, &positions);
            counts.size += size;
            counts.position_sum += position_sum;
        } else {
            *counts = Composition { public, private, positions, size, position_sum };
        }
    }

    /// What only few enterprises are asked for: who came to a gathering.
    #[inline(always)]
    pub(super) fn count_gathered(&self, from: usize, to: usize, deeds: &mut Deeds) {
        let AgentsMut { private, marks, .. } = &self.agents;
        if let Some(gathering) = self.climate.gathering {
            for i in from..to {
                let id = self.first + i as u64;
                self.around.count_gathered(deeds, gathering, self.day, id, marks[i], private[i]);
            }
        }
    }
}
