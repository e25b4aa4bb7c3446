//! Replicates side by side or one after another, results in replicate order.
#![expect(clippy::disallowed_methods, reason = "what a run costs is measured here")]

use std::sync::Mutex;
use std::time::Instant;

use super::checkpoint::Checkpoint;
use super::run::{Frozen, Replicate};
use crate::engine::{run_with_threads, side_by_side};
use crate::observers::table::TableSet;
use crate::scenario::Scenario;

/// Agents from which a replicate is worth all threads to itself.
pub const LARGE: u64 = 1_000_000;

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Root seed.
    pub seed: u64,
    /// Replicates, at least one.
    pub replicates: u64,
    /// Threads; 0 for as many as the machine has.
    pub threads: usize,
}

/// What is told after each day of each replicate.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Number of the replicate.
    pub replicate: u64,
    /// The day that was just run; `None` when its people have just been born.
    pub day: Option<u32>,
    /// Its agents.
    pub agents: u64,
}

/// What the listener wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    Continue,
    /// Stop after this day, so that the run can be resumed.
    Stop,
}

/// What an ensemble cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds of wall time spent on populations.
    pub seconds_setup: f64,
    /// Seconds of wall time spent on days. Where replicates ran side by side, both are their shares of the whole.
    pub seconds_steps: f64,
    /// Agents of one replicate.
    pub agents: u64,
    /// Bytes of state per agent.
    pub bytes_per_agent: f64,
    /// Agent-days stepped.
    pub agent_days: f64,
}

impl Cost {
    /// Adds what another stretch of the same ensemble cost.
    pub fn add(&mut self, other: &Self) {
        self.seconds_setup += other.seconds_setup;
        self.seconds_steps += other.seconds_steps;
        self.agent_days += other.agent_days;
        self.agents = other.agents;
        self.bytes_per_agent = self.bytes_per_agent.max(other.bytes_per_agent);
    }

    /// Agent-days stepped in a second of wall time.
    #[must_use]
    pub fn agent_days_per_second(&self) -> f64 {
        if self.seconds_steps > 0.0 { self.agent_days / self.seconds_steps } else { 0.0 }
    }
}

/// How an ensemble ended.
#[derive(Debug)]
pub enum Ended {
    /// At the horizon, with these tables.
    Complete(TableSet),
    /// Before it: the tables as far as they have come, and where to go on.
    Interrupted {
        /// Complete replicates, and the days of those under way.
        tables: TableSet,
        /// Where to go on.
        checkpoint: Box<Checkpoint>,
    },
}

enum One {
    Done(TableSet),
    Halfway(Box<Frozen>),
    NotBegun,
}

/// Runs `plan` over `scenario`, from `checkpoint` if there is one. `listen` hears of every day, from any thread.
///
/// The tables do not depend on threads, on interruptions or on how replicates share the cores.
pub fn run_ensemble(
    scenario: &Scenario,
    plan: Plan,
    checkpoint: Option<Checkpoint>,
    listen: &(dyn Fn(Progress) -> Wish + Sync),
) -> (Ended, Cost) {
    let began = Instant::now();
    let cost = Mutex::new(Cost::default());
    let (mut done, mut halfway) = (Vec::new(), Vec::new());
    if let Some(checkpoint) = checkpoint {
        done = checkpoint.done;
        halfway = checkpoint.under_way;
    }
    let waiting: Vec<u64> =
        (0..plan.replicates).filter(|r| !done.iter().any(|(number, _)| number == r)).collect();
    let halfway = Mutex::new(halfway);
    let one = |index: usize| {
        let number = waiting[index];
        let frozen = {
            let mut halfway = halfway.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            halfway.iter().position(|f| f.replicate == number).map(|at| halfway.swap_remove(at))
        };
        (number, run_one(scenario, plan.seed, number, frozen, listen, &cost))
    };
    let results: Vec<(u64, One)> = if scenario.population().agents >= LARGE || waiting.len() == 1 {
        run_with_threads(plan.threads, || (0..waiting.len()).map(one).collect())
    } else {
        side_by_side(waiting.len(), plan.threads, one)
    };
    let wall = began.elapsed().as_secs_f64();
    let mut under_way: Vec<Frozen> = Vec::new();
    let mut complete = true;
    for (number, result) in results {
        match result {
            One::Done(tables) => done.push((number, tables)),
            One::Halfway(frozen) => {
                under_way.push(*frozen);
                complete = false;
            }
            One::NotBegun => complete = false,
        }
    }
    done.sort_by_key(|(number, _)| *number);
    under_way.sort_by_key(|frozen| frozen.replicate);
    let mut recorded: Vec<(u64, &TableSet)> = done.iter().map(|(number, tables)| (*number, tables)).collect();
    recorded.extend(under_way.iter().map(|frozen| (frozen.replicate, frozen.tables())));
    recorded.sort_by_key(|(number, _)| *number);
    let mut tables = TableSet { tables: scenario.legend().tables().to_vec() };
    for (index, (_, theirs)) in recorded.into_iter().enumerate() {
        if index == 0 {
            tables.tables.extend(theirs.tables.iter().cloned());
        } else {
            tables.append(theirs);
        }
    }
    let mut cost = cost.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let busy = cost.seconds_setup + cost.seconds_steps;
    if busy > wall {
        cost.seconds_setup *= wall / busy;
        cost.seconds_steps *= wall / busy;
    }
    let ended = if complete {
        Ended::Complete(tables)
    } else {
        let checkpoint = Checkpoint::new(scenario.resolved().to_owned(), plan.seed, done, under_way);
        Ended::Interrupted { tables, checkpoint: Box::new(checkpoint) }
    };
    (ended, cost)
}

fn run_one(
    scenario: &Scenario,
    seed: u64,
    number: u64,
    frozen: Option<Frozen>,
    listen: &(dyn Fn(Progress) -> Wish + Sync),
    cost: &Mutex<Cost>,
) -> One {
    let agents = scenario.population().agents;
    let began = Instant::now();
    let fresh = frozen.is_none();
    if fresh && listen(Progress { replicate: number, day: None, agents }) == Wish::Stop {
        return One::NotBegun;
    }
    let mut replicate = match frozen {
        Some(frozen) => Replicate::thaw(scenario, seed, frozen),
        None => Replicate::new(scenario, seed, number),
    };
    let born = Instant::now();
    let from = replicate.next_day();
    let mut wish = Wish::Continue;
    while !replicate.is_over() && wish == Wish::Continue {
        replicate.step();
        wish = listen(Progress { replicate: number, day: Some(replicate.next_day() - 1), agents });
    }
    {
        let mut cost = cost.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        cost.seconds_setup += born.duration_since(began).as_secs_f64();
        cost.seconds_steps += born.elapsed().as_secs_f64();
        cost.agents = agents;
        cost.bytes_per_agent = replicate.world().bytes() as f64 / agents as f64;
        cost.agent_days += agents as f64 * f64::from(replicate.next_day() - from);
    }
    if replicate.is_over() {
        One::Done(replicate.finish())
    } else {
        One::Halfway(Box::new(replicate.freeze()))
    }
}
