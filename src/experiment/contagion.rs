//! The standard task by which frameworks are timed, on this engine: two opinions that spread by contact.
//!
//! Agents live in communities of 100 and are undecided (90 %), for A (5 %) or for B (5 %). Every day each draws four
//! contacts with replacement, three from its community and one from all, as of yesterday; `a` and `b` are the numbers
//! found for A and for B. An undecided agent joins A with probability `0.05 a + 0.001`, else B with `0.03 b + 0.001`; one
//! for A lapses with 0.01, else crosses to B with `0.005 b`; one for B lapses with 0.01, else crosses to A with `0.02 a`.
//!
//! Contacts are drawn from compositions, and what they are needed for is linear in `a` and in `b`, so the chances of a day
//! are the same for all of a community who stand alike: one table for each community, one draw for each agent. That is
//! exact in distribution; the tests hold it to a loop in which each agent asks four others.

use crate::engine::{Cut, Model, Parts, Tally};
use crate::random::{BATCH, Process, ReplicateKey, Stream, batch};
use crate::simd::{Instructions, Job, Portable, Simd};

/// Agents of a community; the last may have fewer.
const COMMUNITY: usize = 100;
/// Communities that are moved together: their draws are whole calls of the generator.
const RUN_COMMUNITIES: usize = 16;
/// Communities of a piece of work.
const PIECE_COMMUNITIES: usize = 10 * RUN_COMMUNITIES;
/// Agents of a run.
const RUN_AGENTS: usize = COMMUNITY * RUN_COMMUNITIES;
/// Draws of a run.
type Words = [u32; RUN_AGENTS];

/// Chance to join A without anybody found for it, and for each who is.
const JOIN_A: (f64, f64) = (0.001, 0.05);
/// The same for B, of those who do not join A.
const JOIN_B: (f64, f64) = (0.001, 0.03);
/// Chance to lapse.
const LAPSE: f64 = 0.01;
/// Chance to cross to B for each who is found for it, of those who do not lapse.
const CROSS_TO_B: f64 = 0.005;
/// The same to A.
const CROSS_TO_A: f64 = 0.02;
/// Share that is for A at the start, and for B.
const AT_FIRST: f64 = 0.05;

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stand {
    /// For neither.
    Undecided,
    /// For A.
    A,
    /// For B.
    B,
}

/// Agents by where they stand: undecided, A, B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stands(pub [u64; 3]);

impl Stands {
    /// As shares of all.
    #[must_use]
    pub fn shares(&self) -> [f64; 3] {
        let all: u64 = self.0.iter().sum();
        self.0.map(|n| if all == 0 { 0.0 } else { n as f64 / all as f64 })
    }
}

impl Tally for Stands {
    fn join(&mut self, next: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(next.0) {
            *mine += theirs;
        }
    }
}

/// The population of the task.
///
/// ```
/// use october::engine::Simulation;
/// use october::experiment::Contagion;
///
/// let mut simulation = Simulation::new(Contagion::new(10_000, 1, 0), 100);
/// while !simulation.is_over() {
///     simulation.step();
/// }
/// let [undecided, a, b] = simulation.model().shares();
/// assert!(a > b && undecided < 0.5);
/// ```
#[derive(Debug)]
pub struct Contagion {
    world: Yesterday,
    stands: Vec<u8>,
    bounds: Vec<usize>,
    today: Stands,
}

/// What everybody may read.
#[derive(Debug)]
pub struct Yesterday {
    key: ReplicateKey,
    shares: [f64; 3],
    instructions: Instructions,
}

/// Communities in order, and the number of the first agent.
#[derive(Debug)]
pub struct Communities<'a> {
    first: u64,
    stands: &'a mut [u8],
}

impl Cut for Communities<'_> {
    fn cut(self, communities: usize) -> (Self, Self) {
        let agents = (communities * COMMUNITY).min(self.stands.len());
        let (left, right) = self.stands.split_at_mut(agents);
        (
            Communities { first: self.first, stands: left },
            Communities { first: self.first + agents as u64, stands: right },
        )
    }
}

impl Contagion {
    /// `agents` agents as they stand at first, under root seed `seed` in replicate `replicate`.
    #[must_use]
    pub fn new(agents: usize, seed: u64, replicate: u64) -> Self {
        let key = ReplicateKey::new(seed, replicate);
        let [a, b] = [AT_FIRST, 2.0 * AT_FIRST].map(threshold);
        let mut words = [0; BATCH];
        let mut stands = Vec::with_capacity(agents);
        for number in 0..agents.div_ceil(BATCH) {
            batch(Portable, &key, Process::Example, 0, number as u64, &mut words);
            let here = (agents - stands.len()).min(BATCH);
            stands.extend(words[..here].iter().map(|&word| of_word(word, a, b)));
        }
        let communities = agents.div_ceil(COMMUNITY);
        let mut bounds: Vec<usize> = (0..communities).step_by(PIECE_COMMUNITIES).collect();
        bounds.push(communities);
        let mut today = Stands::default();
        stands.iter().for_each(|&stand| today.0[usize::from(stand)] += 1);
        let world = Yesterday { key, shares: today.shares(), instructions: Instructions::best() };
        Self { world, stands, bounds, today }
    }

    /// Has it stepped with these instructions, so that one kind can be held against another.
    pub fn use_instructions(&mut self, instructions: Instructions) {
        self.world.instructions = instructions;
    }

    /// Shares as they stand: undecided, A, B.
    #[must_use]
    pub fn shares(&self) -> [f64; 3] {
        self.today.shares()
    }

    /// Where each agent stands, as numbers of [`Stand`].
    #[must_use]
    pub fn stands(&self) -> &[u8] {
        &self.stands
    }

    /// Bytes of all state.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.stands.len() + size_of_val(&self.bounds[..])
    }
}

impl Model for Contagion {
    type World = Yesterday;
    type View<'a> = Communities<'a>;
    type Tally = Stands;

    fn open_day(&mut self, _: u32) {
        self.world.shares = self.today.shares();
    }

    fn parts(&mut self) -> Parts<'_, Self> {
        Parts {
            world: &self.world,
            view: Communities { first: 0, stands: &mut self.stands },
            bounds: &self.bounds,
        }
    }

    fn visit(world: &Yesterday, view: Communities<'_>, day: u32) -> Stands {
        let mut tally = Stands::default();
        world.instructions.run(Visit { world, view, day, tally: &mut tally });
        tally
    }

    fn close_day(&mut self, _: u32, tally: Stands) {
        self.today = tally;
    }
}

/// A day of some communities, to be compiled for several processors.
struct Visit<'a> {
    world: &'a Yesterday,
    view: Communities<'a>,
    day: u32,
    tally: &'a mut Stands,
}

impl Job for Visit<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Communities { first, stands } = self.view;
        let mut words: Words = [0; RUN_AGENTS];
        let (mut all, mut for_a, mut for_b) = (0, 0, 0);
        for (run, stands) in stands.chunks_mut(RUN_AGENTS).enumerate() {
            // Pieces are whole runs, so that a batch belongs to agents of one run.
            let batches = (first + (run * RUN_AGENTS) as u64) / BATCH as u64..;
            let of_run = words.as_chunks_mut().0.iter_mut().take(stands.len().div_ceil(BATCH));
            for (number, words) in batches.zip(of_run) {
                batch(simd, &self.world.key, Process::Example, self.day + 1, number, words);
            }
            for (stands, words) in stands.chunks_mut(COMMUNITY).zip(words.chunks(COMMUNITY)) {
                let found = [Stand::A, Stand::B].map(|stand| count(stands, stand));
                Odds::of(stands.len(), found, &self.world.shares).decide(stands, words);
                all += stands.len() as u64;
                for_a += u64::from(count(stands, Stand::A));
                for_b += u64::from(count(stands, Stand::B));
            }
        }
        *self.tally = Stands([all - for_a - for_b, for_a, for_b]);
    }
}

/// How many of a community stand so.
#[inline(always)]
fn count(stands: &[u8], stand: Stand) -> u32 {
    stands.iter().map(|&s| u8::from(s == stand as u8)).sum::<u8>().into()
}

/// The chances of a day in one community, as thresholds of a word, by where an agent stands.
struct Odds {
    /// Below this it takes the first turn open to it: to A, or out of a side.
    first: [u32; 3],
    /// Below this, and not below the first, it takes the second: to B, or to the other side.
    second: [u32; 3],
}

impl Odds {
    /// In a community of `size` where `found` stand for A and B, in a population with these shares.
    ///
    /// With `p` and `q` the shares here and in all, of three contacts and one, the means are `E a = 3 p_A + q_A` (so for
    /// B) and `E ab = 6 p_A p_B + 3 p_A q_B + 3 q_A p_B`, since no contact is for both.
    #[inline(always)]
    fn of(size: usize, found: [u32; 2], shares: &[f64; 3]) -> Self {
        let [here_a, here_b] = found.map(|n| f64::from(n) / size as f64);
        let [_, all_a, all_b] = *shares;
        let a = 3.0 * here_a + all_a;
        let b = 3.0 * here_b + all_b;
        let ab = 6.0 * here_a * here_b + 3.0 * here_a * all_b + 3.0 * all_a * here_b;
        let joins_a = JOIN_A.0 + JOIN_A.1 * a;
        let joins_b =
            (1.0 - JOIN_A.0) * (JOIN_B.0 + JOIN_B.1 * b) - JOIN_A.1 * (JOIN_B.0 * a + JOIN_B.1 * ab);
        let stays = 1.0 - LAPSE;
        Self {
            first: [joins_a, LAPSE, LAPSE].map(threshold),
            second: [joins_a + joins_b, LAPSE + stays * CROSS_TO_B * b, LAPSE + stays * CROSS_TO_A * a]
                .map(threshold),
        }
    }

    /// Lets each of a community decide by its word.
    #[inline(always)]
    fn decide(&self, stands: &mut [u8], words: &[u32]) {
        const UNDECIDED: u32 = Stand::Undecided as u32;
        const A: u32 = Stand::A as u32;
        const B: u32 = Stand::B as u32;
        let ([first_u, first_a, first_b], [second_u, second_a, second_b]) = (self.first, self.second);
        for (stand, &word) in stands.iter_mut().zip(words) {
            let now = u32::from(*stand);
            let (is_a, is_b) = (now == A, now == B);
            let pick = |u: u32, a: u32, b: u32| {
                if is_b {
                    b
                } else if is_a {
                    a
                } else {
                    u
                }
            };
            let first = pick(first_u, first_a, first_b);
            let second = pick(second_u, second_a, second_b);
            let one = pick(A, UNDECIDED, UNDECIDED);
            let other = pick(B, B, A);
            let turned = if word < first { one } else { other };
            *stand = if word < second { turned } else { now } as u8;
        }
    }
}

/// The word below which something of this chance happens.
#[inline(always)]
fn threshold(chance: f64) -> u32 {
    (chance * 4_294_967_296.0) as u32
}

fn of_word(word: u32, a: u32, b: u32) -> u8 {
    let stand = if word < a {
        Stand::A
    } else if word < b {
        Stand::B
    } else {
        Stand::Undecided
    };
    stand as u8
}

/// The task as it is told: each agent asks four others. Slow; what [`Contagion`] is held to.
///
/// Returns the shares after each of `days` days.
#[must_use]
pub fn one_by_one(agents: usize, days: u32, seed: u64) -> Vec<[f64; 3]> {
    let key = ReplicateKey::new(seed, 0);
    let mut draws = Stream::new(key, Process::Example, u32::MAX, 0);
    let below = |n: usize, draw: f32| ((f64::from(draw) * n as f64) as usize).min(n - 1);
    let mut stands: Vec<Stand> = (0..agents)
        .map(|_| match f64::from(draws.uniform()) {
            x if x < AT_FIRST => Stand::A,
            x if x < 2.0 * AT_FIRST => Stand::B,
            _ => Stand::Undecided,
        })
        .collect();
    let mut shares = Vec::new();
    for _ in 0..days {
        let yesterday = stands.clone();
        for (i, stand) in stands.iter_mut().enumerate() {
            let home = i - i % COMMUNITY;
            let size = COMMUNITY.min(agents - home);
            let mut found = [0.0, 0.0];
            for contact in 0..4 {
                let draw = draws.uniform();
                let other = if contact < 3 { home + below(size, draw) } else { below(agents, draw) };
                match yesterday[other] {
                    Stand::A => found[0] += 1.0,
                    Stand::B => found[1] += 1.0,
                    Stand::Undecided => {}
                }
            }
            let [a, b] = found;
            let mut happens = |chance: f64| f64::from(draws.uniform()) < chance;
            *stand = match *stand {
                Stand::Undecided if happens(JOIN_A.0 + JOIN_A.1 * a) => Stand::A,
                Stand::Undecided if happens(JOIN_B.0 + JOIN_B.1 * b) => Stand::B,
                Stand::A | Stand::B if happens(LAPSE) => Stand::Undecided,
                Stand::A if happens(CROSS_TO_B * b) => Stand::B,
                Stand::B if happens(CROSS_TO_A * a) => Stand::A,
                same => same,
            };
        }
        let mut counts = Stands::default();
        stands.iter().for_each(|&stand| counts.0[stand as usize] += 1);
        shares.push(counts.shares());
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Simulation, run_with_threads};

    fn course(agents: usize, days: u32, replicate: u64) -> Vec<[f64; 3]> {
        let mut simulation = Simulation::new(Contagion::new(agents, 7, replicate), days);
        let mut shares = Vec::new();
        while !simulation.is_over() {
            simulation.step();
            shares.push(simulation.model().shares());
        }
        shares
    }

    /// Mean and standard error over replicates of the shares on a day.
    fn mean(courses: &[Vec<[f64; 3]>], day: usize, stand: usize) -> (f64, f64) {
        let n = courses.len() as f64;
        let mean = courses.iter().map(|c| c[day][stand]).sum::<f64>() / n;
        let variance = courses.iter().map(|c| (c[day][stand] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt())
    }

    #[test]
    fn shares_are_those_of_agents_who_ask_four_others() {
        let (agents, days, replicates) = (4_000, 60, 24);
        let fast: Vec<_> = (0..replicates).map(|r| course(agents, days, r)).collect();
        let slow: Vec<_> = (0..replicates).map(|r| one_by_one(agents, days, 100 + r)).collect();
        for day in [0, 9, 29, 59] {
            for stand in 0..3 {
                let ((x, ex), (y, ey)) = (mean(&fast, day, stand), mean(&slow, day, stand));
                let error = (ex * ex + ey * ey).sqrt();
                assert!((x - y).abs() < 4.5 * error, "day {day}, {stand}: {x} and {y}, error {error}");
            }
        }
    }

    #[test]
    fn chances_are_the_means_over_all_contacts() {
        let (size, found, shares) = (100, [30, 20], [0.5, 0.3, 0.2]);
        let odds = Odds::of(size, found, &shares);
        let (here, all) = ([0.5, 0.3, 0.2], shares);
        let mut by_hand = [0.0; 4];
        for x in 0..3 {
            for y in 0..3 {
                for z in 0..3 {
                    for (w, last) in all.iter().enumerate() {
                        let chance = here[x] * here[y] * here[z] * last;
                        let number = |s: usize| [x, y, z, w].iter().filter(|&&c| c == s).count() as f64;
                        let (a, b) = (number(1), number(2));
                        let joins = 0.05 * a + 0.001;
                        by_hand[0] += chance * joins;
                        by_hand[1] += chance * (joins + (1.0 - joins) * (0.03 * b + 0.001));
                        by_hand[2] += chance * (0.01 + 0.99 * 0.005 * b);
                        by_hand[3] += chance * (0.01 + 0.99 * 0.02 * a);
                    }
                }
            }
        }
        let ours = [odds.first[0], odds.second[0], odds.second[1], odds.second[2]];
        for (ours, by_hand) in ours.into_iter().zip(by_hand) {
            assert!((f64::from(ours) / 4_294_967_296.0 - by_hand).abs() < 1e-9);
        }
    }

    #[test]
    fn threads_and_instructions_change_nobody() {
        // A number of agents that fills neither communities nor runs nor pieces.
        let run = |threads, instructions| {
            run_with_threads(threads, || {
                let mut model = Contagion::new(33_333, 3, 0);
                model.use_instructions(instructions);
                let mut simulation = Simulation::new(model, 5);
                simulation.run(&mut ());
                simulation.into_model().stands
            })
        };
        let alone = run(1, Instructions::Portable);
        assert_eq!(alone, run(2, Instructions::best()));
        assert_eq!(alone, run(3, Instructions::Wide));
    }
}
