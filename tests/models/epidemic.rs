//! An SIR epidemic: each susceptible agent meets yesterday's infected, each infected one recovers at a fixed rate.
//!
//! In a mixed population the share ever infected solves `z = 1 - exp(-R0 z)` (Kermack and McKendrick 1927,
//! doi:10.1098/rspa.1927.0118). `tests/known_answers.rs` holds it to that.

use october::engine::{Cut, Model, Parts, Simulation, Tally};
use october::random::{Process, ReplicateKey, Stream};

/// Everybody's state, and what it takes to change it.
struct Epidemic {
    states: Vec<u8>,
    bounds: Vec<usize>,
    world: Risk,
    beta: f32,
}

struct Risk {
    key: ReplicateKey,
    infection: f32,
    recovery: f32,
}

struct Agents<'a>(u64, &'a mut [u8]);

impl Cut for Agents<'_> {
    fn cut(self, cells: usize) -> (Self, Self) {
        let (left, right) = self.1.split_at_mut(cells);
        (Agents(self.0, left), Agents(self.0 + cells as u64, right))
    }
}

#[derive(Default)]
struct ByState([u64; 3]);

impl Tally for ByState {
    fn join(&mut self, next: Self) {
        self.0.iter_mut().zip(next.0).for_each(|(mine, theirs)| *mine += theirs);
    }
}

impl Epidemic {
    /// `agents`, `infected` of them ill; rates per day.
    fn new(agents: usize, infected: usize, beta: f32, gamma: f32, seed: u64) -> Self {
        let risk = Risk { key: ReplicateKey::new(seed, 0), infection: 0.0, recovery: 1.0 - (-gamma).exp() };
        let bounds = (0..agents).step_by(4096).chain([agents]).collect();
        let states = (0..agents).map(|i| u8::from(i < infected)).collect();
        let mut epidemic = Self { states, bounds, world: risk, beta };
        epidemic.expose(infected as u64);
        epidemic
    }

    fn expose(&mut self, infected: u64) {
        self.world.infection = 1.0 - (-self.beta * infected as f32 / self.states.len() as f32).exp();
    }

    /// Share of agents who are no longer susceptible.
    fn ever_infected(&self) -> f64 {
        self.states.iter().filter(|&&s| s > 0).count() as f64 / self.states.len() as f64
    }
}

impl Model for Epidemic {
    type World = Risk;
    type View<'a> = Agents<'a>;
    type Tally = ByState;

    fn open_day(&mut self, _: u32) {}

    fn parts(&mut self) -> Parts<'_, Self> {
        Parts { world: &self.world, view: Agents(0, &mut self.states), bounds: &self.bounds }
    }
    fn visit(risk: &Risk, Agents(first, states): Agents<'_>, day: u32) -> ByState {
        let mut tally = ByState::default();
        for (i, state) in states.iter_mut().enumerate() {
            let chance = [risk.infection, risk.recovery, 0.0][*state as usize];
            let mut draws = Stream::new(risk.key, Process::Example, day, first + i as u64);
            *state += u8::from(draws.uniform() < chance);
            tally.0[*state as usize] += 1;
        }
        tally
    }
    fn close_day(&mut self, _: u32, tally: ByState) {
        self.expose(tally.0[1]);
    }
}

/// Share ever infected after `days`.
pub fn final_size(agents: usize, beta: f32, gamma: f32, days: u32) -> f64 {
    let mut simulation = Simulation::new(Epidemic::new(agents, agents / 1000, beta, gamma, 1), days);
    simulation.run(&mut ());
    simulation.model().ever_infected()
}

#[expect(clippy::print_stdout, reason = "an example talks to its reader")]
#[allow(dead_code, reason = "the tests include this file for its model")]
fn main() {
    println!("with R0 = 2, {:.1} % are infected in the end", 100.0 * final_size(100_000, 0.1, 0.05, 600));
}
