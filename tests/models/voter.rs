//! The voter model: every day each agent takes the opinion of one agent drawn from yesterday's population.
//!
//! On a complete graph the share of an opinion is a martingale, so the chance that A wins is its initial share
//! (Clifford and Sudbury 1973, doi:10.1093/biomet/60.3.581). `tests/known_answers.rs` holds it to that.

use october::engine::{Cut, Model, Parts, Simulation, Tally};
use october::random::{Process, ReplicateKey, Stream};

/// Everybody's opinion, and the share of A yesterday.
struct Voter {
    opinions: Vec<bool>,
    bounds: Vec<usize>,
    world: Yesterday,
}

struct Yesterday {
    key: ReplicateKey,
    share_a: f32,
}

/// The number of the first voter, and the opinions from there on.
struct Voters<'a>(u64, &'a mut [bool]);

impl Cut for Voters<'_> {
    fn cut(self, cells: usize) -> (Self, Self) {
        let (left, right) = self.1.split_at_mut(cells);
        (Voters(self.0, left), Voters(self.0 + cells as u64, right))
    }
}

#[derive(Default)]
struct ForA(u64);

impl Tally for ForA {
    fn join(&mut self, next: Self) {
        self.0 += next.0;
    }
}

impl Voter {
    /// `agents` voters, the first `for_a` of them for A.
    fn new(agents: usize, for_a: usize, seed: u64, replicate: u64) -> Self {
        let key = ReplicateKey::new(seed, replicate);
        let world = Yesterday { key, share_a: for_a as f32 / agents as f32 };
        let bounds = (0..agents).step_by(64).chain([agents]).collect();
        Self { opinions: (0..agents).map(|i| i < for_a).collect(), bounds, world }
    }

    /// `Some(true)` once all are for A, `Some(false)` once none is.
    fn winner(&self) -> Option<bool> {
        self.opinions.iter().all(|&o| o == self.opinions[0]).then_some(self.opinions[0])
    }
}

impl Model for Voter {
    type World = Yesterday;
    type View<'a> = Voters<'a>;
    type Tally = ForA;

    fn open_day(&mut self, _: u32) {}

    fn parts(&mut self) -> Parts<'_, Self> {
        let view = Voters(0, &mut self.opinions);
        Parts { world: &self.world, view, bounds: &self.bounds }
    }
    fn visit(yesterday: &Yesterday, Voters(first, opinions): Voters<'_>, day: u32) -> ForA {
        let mut for_a = 0;
        for (i, opinion) in opinions.iter_mut().enumerate() {
            let mut draws = Stream::new(yesterday.key, Process::Example, day, first + i as u64);
            *opinion = draws.uniform() < yesterday.share_a;
            for_a += u64::from(*opinion);
        }
        ForA(for_a)
    }
    fn close_day(&mut self, _: u32, ForA(for_a): ForA) {
        self.world.share_a = for_a as f32 / self.opinions.len() as f32;
    }
}

/// Share of `replicates` in which A wins among `agents` voters of whom `for_a` begin with it.
pub fn exit_probability(agents: usize, for_a: usize, replicates: u64) -> f64 {
    let wins = (0..replicates).filter(|&r| {
        let mut simulation = Simulation::new(Voter::new(agents, for_a, 1, r), u32::MAX);
        while simulation.model().winner().is_none() {
            simulation.step();
        }
        simulation.model().winner() == Some(true)
    });
    wins.count() as f64 / replicates as f64
}

#[expect(clippy::print_stdout, reason = "an example talks to its reader")]
#[allow(dead_code, reason = "the tests include this file for its model")]
fn main() {
    println!(
        "A begins with 30 of 100 voters and wins in {:.1} % of 2000 runs",
        100.0 * exit_probability(100, 30, 2000)
    );
}
