//! One scenario, one replicate: people are born, days go by, tables come out.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::watch::{Showing, Watch};
use crate::engine::{Observer, Simulation, for_each_piece};
use crate::model::agents::Agents;
use crate::model::groups::Collective;
use crate::model::network::Network;
use crate::model::pass::Cells;
use crate::model::{State, World};
use crate::observers::Recorder;
use crate::observers::table::TableSet;
use crate::population::{Nursery, build_network, lay_out};
use crate::random::ReplicateKey;
use crate::scenario::evidence::Observation;
use crate::scenario::{Scenario, Turn};
use crate::simd::{Instructions, Job, Simd};

/// The world of a replicate on the eve of the first day. `seed` is the root seed.
#[must_use]
pub fn build_world(scenario: &Scenario, seed: u64, replicate: u64) -> World {
    let key = ReplicateKey::new(seed, replicate);
    let rules = Arc::clone(scenario.rules());
    let mut layout = lay_out(&rules, scenario.population(), key);
    let mut agents = Agents::blank(layout.agents);
    let cells = Cells {
        enterprises: &mut layout.enterprises,
        collectives: &mut layout.collectives,
        agents: agents.as_mut(),
    };
    let nursery = Nursery::new(&rules, key, &scenario.population().sizes, &layout.position_shifts);
    for_each_piece(cells, |cells| Instructions::best().run(Birth { nursery: &nursery, cells }));
    let network = network_of(scenario, layout.agents, &layout.collectives, key);
    World::new(Arc::clone(&rules), key, agents, layout.collectives, layout.enterprises, network)
}

/// The birth of some cells, to be compiled for several processors: the rule of choice multiplies and adds in one step, which
/// older ones do by a call.
struct Birth<'a> {
    nursery: &'a Nursery<'a>,
    cells: Cells<'a>,
}

impl Job for Birth<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        self.nursery.bear(self.cells);
    }
}

/// Fixed contacts, where the scenario asks for them; the same for the same key.
fn network_of(
    scenario: &Scenario,
    agents: usize,
    collectives: &[Collective],
    key: ReplicateKey,
) -> Option<Network> {
    let spec = scenario.population().network.as_ref()?;
    Some(build_network(spec, agents, collectives, key))
}

/// Changes what holds in the world on the days on which the scenario says so; `day` is about to be run.
fn turn_on(simulation: &mut Simulation<World>, turns: &[Turn], day: u32) {
    for turn in turns.iter().filter(|turn| turn.day == day) {
        simulation.model_mut().turn(Arc::clone(&turn.rules));
    }
}

/// Runs a replicate without recording it, and says what it showed of these rows of the record.
#[must_use]
pub fn watch_replicate(scenario: &Scenario, seed: u64, replicate: u64, rows: &[Observation]) -> Showing {
    let world = build_world(scenario, seed, replicate);
    let mut simulation = Simulation::new(world, scenario.days());
    let mut watch = Watch::new(scenario, rows);
    while !simulation.is_over() {
        let next = simulation.next_day();
        turn_on(&mut simulation, scenario.turns(), next);
        let day = simulation.step();
        watch.observe(day, simulation.model());
    }
    watch.finish(scenario.rules().people_per_agent)
}

/// A replicate between two days, as it goes into a checkpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// Number of the replicate.
    pub replicate: u64,
    next_day: u32,
    state: State,
    recorder: Recorder,
}

impl Frozen {
    /// The day that would be run next.
    #[must_use]
    pub fn next_day(&self) -> u32 {
        self.next_day
    }

    /// The daily tables as far as they have come.
    #[must_use]
    pub fn tables(&self) -> &TableSet {
        self.recorder.so_far()
    }
}

/// One replicate under way: the simulation and the recorder that watches it.
#[derive(Debug)]
pub struct Replicate {
    number: u64,
    simulation: Simulation<World>,
    recorder: Recorder,
    turns: Vec<Turn>,
}

impl Replicate {
    /// Builds the world of replicate `number` under root seed `seed`.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64, number: u64) -> Self {
        let world = build_world(scenario, seed, number);
        Self {
            number,
            simulation: Simulation::new(world, scenario.days()),
            recorder: Recorder::new(number, Arc::clone(scenario.names()), scenario.sample_agents()),
            turns: scenario.turns().to_vec(),
        }
    }

    /// Goes on where a checkpoint left off.
    #[must_use]
    pub fn thaw(scenario: &Scenario, seed: u64, frozen: Frozen) -> Self {
        let key = ReplicateKey::new(seed, frozen.replicate);
        let state = frozen.state;
        let network = network_of(scenario, state.agents.len(), &state.collectives, key);
        // The last change before the day that comes next holds.
        let turned = scenario.turns().iter().rfind(|turn| turn.day < frozen.next_day);
        let rules = turned.map_or(scenario.rules(), |turn| &turn.rules);
        let world = World::resumed(Arc::clone(rules), key, state, network);
        Self {
            number: frozen.replicate,
            simulation: Simulation::resumed(world, frozen.next_day, scenario.days()),
            recorder: frozen.recorder.with_names(Arc::clone(scenario.names())),
            turns: scenario.turns().to_vec(),
        }
    }

    /// What a checkpoint needs.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        Frozen {
            replicate: self.number,
            next_day: self.simulation.next_day(),
            state: self.simulation.model().state().clone(),
            recorder: self.recorder.clone(),
        }
    }

    /// Number of the replicate.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The world as it stands.
    #[must_use]
    pub fn world(&self) -> &World {
        self.simulation.model()
    }

    /// The day that would be run next.
    #[must_use]
    pub fn next_day(&self) -> u32 {
        self.simulation.next_day()
    }

    /// Whether the horizon has been reached.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.simulation.is_over()
    }

    /// Runs and records one day.
    pub fn step(&mut self) {
        let next = self.simulation.next_day();
        turn_on(&mut self.simulation, &self.turns, next);
        let day = self.simulation.step();
        self.recorder.observe(day, self.simulation.model());
    }

    /// The tables of the replicate.
    #[must_use]
    pub fn finish(self) -> TableSet {
        self.recorder.finish(self.simulation.model())
    }
}
