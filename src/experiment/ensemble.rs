//! Replicates side by side or one after another, results in replicate order.
#![expect(clippy::disallowed_methods, reason = "what a run costs is measured here")]

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::checkpoint::Checkpoint;
use super::run::{Frozen, Replicate};
use crate::engine::{available_threads, in_order, run_with_threads};
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

    /// Makes what replicates side by side took their shares of `wall` seconds.
    fn spread_over(&mut self, wall: f64) {
        let busy = self.seconds_setup + self.seconds_steps;
        if busy > wall {
            self.seconds_setup *= wall / busy;
            self.seconds_steps *= wall / busy;
        }
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

/// How a streamed ensemble ended.
#[derive(Debug)]
pub enum Streamed {
    /// Every replicate has been handed on.
    Complete,
    /// Whoever took them has seen enough, though there would have been more.
    Enough,
    /// Some have not: where to go on.
    Interrupted(Box<Checkpoint>),
}

enum One {
    Done(TableSet),
    Halfway(Box<Frozen>),
    NotBegun,
}

/// Runs `plan` over `scenario`, from `checkpoint` if there is one, and holds all tables. `listen` hears of every day,
/// from any thread.
///
/// The tables do not depend on threads, on interruptions or on how replicates share the cores. Memory grows with the
/// replicates: where that matters, [`stream_ensemble`].
pub fn run_ensemble(
    scenario: &Scenario,
    plan: Plan,
    checkpoint: Option<Checkpoint>,
    listen: &(dyn Fn(Progress) -> Wish + Sync),
) -> (Ended, Cost) {
    let mut kept: Vec<(u64, TableSet)> = Vec::new();
    let Ok((ended, cost)) = stream_ensemble(scenario, plan, checkpoint, listen, &mut |number, tables| {
        kept.push((number, tables));
        Ok::<Wish, Infallible>(Wish::Continue)
    });
    if let Streamed::Interrupted(checkpoint) = ended {
        kept.extend(checkpoint.done);
        let under_way = checkpoint.under_way;
        let mut recorded: Vec<(u64, &TableSet)> =
            kept.iter().map(|(number, tables)| (*number, tables)).collect();
        recorded.extend(under_way.iter().map(|frozen| (frozen.replicate, frozen.tables())));
        recorded.sort_by_key(|(number, _)| *number);
        let tables = joined(scenario, recorded.into_iter().map(|(_, tables)| tables));
        // Nothing is on a disk here, so the checkpoint holds what is done.
        let checkpoint = Checkpoint::new(scenario.resolved().to_owned(), plan.seed, 0, kept, under_way);
        return (Ended::Interrupted { tables, checkpoint: Box::new(checkpoint) }, cost);
    }
    (Ended::Complete(joined(scenario, kept.iter().map(|(_, tables)| tables))), cost)
}

/// The tables of names, then those of the replicates, each below the one before.
fn joined<'a>(scenario: &Scenario, replicates: impl Iterator<Item = &'a TableSet>) -> TableSet {
    let mut tables = TableSet { tables: scenario.legend().tables().to_vec() };
    for (index, theirs) in replicates.enumerate() {
        if index == 0 {
            tables.tables.extend(theirs.tables.iter().cloned());
        } else {
            tables.append(theirs);
        }
    }
    tables
}

/// Runs `plan` over `scenario`, from `checkpoint` if there is one, and hands the tables of each replicate to `consume`
/// in the order of replicates. `listen` hears of every day, from any thread.
///
/// `consume` may say that it has seen enough. What is handed on does not depend on threads or interruptions; replicates that the checkpoint says are finished are
/// not handed on again. At most two replicates a thread exist at a time, finished ones included, so that memory does
/// not grow with the replicates.
///
/// # Errors
/// The first that `consume` gives; what is under way is then given up.
pub fn stream_ensemble<E: Send>(
    scenario: &Scenario,
    plan: Plan,
    checkpoint: Option<Checkpoint>,
    listen: &(dyn Fn(Progress) -> Wish + Sync),
    consume: &mut (dyn FnMut(u64, TableSet) -> Result<Wish, E> + Send),
) -> Result<(Streamed, Cost), E> {
    let began = Instant::now();
    let cost = Mutex::new(Cost::default());
    let (first, held, halfway) =
        checkpoint.map_or((0, Vec::new(), Vec::new()), |c| (c.finished, c.done, c.under_way));
    let (held, halfway) = (Mutex::new(held), Mutex::new(halfway));
    // Once one replicate is to stop, or a result could not be kept, none begins and all stop.
    let stopped = AtomicBool::new(false);
    let heard = |progress: Progress| {
        if stopped.load(Ordering::SeqCst) || listen(progress) == Wish::Stop {
            stopped.store(true, Ordering::SeqCst);
            return Wish::Stop;
        }
        Wish::Continue
    };
    let work = |index: usize| {
        let number = first + index as u64;
        if let Some(tables) = taken_out(&held, |(replicate, _)| *replicate == number) {
            return One::Done(tables.1);
        }
        let frozen = taken_out(&halfway, |frozen| frozen.replicate == number);
        run_one(scenario, plan.seed, number, frozen, &heard, &cost)
    };
    let mut gathered = Gathered { next: first, ..Gathered::default() };
    let (mut failure, mut enough) = (None, false);
    let take = |index: usize, result: One| {
        let number = first + index as u64;
        match result {
            One::Done(tables) if gathered.next == number && failure.is_none() && !enough => {
                gathered.next += 1;
                match consume(number, tables) {
                    Ok(Wish::Continue) => return,
                    Ok(Wish::Stop) => enough = true,
                    Err(error) => failure = Some(error),
                }
                stopped.store(true, Ordering::SeqCst);
            }
            One::Done(tables) => gathered.done.push((number, tables)),
            One::Halfway(frozen) => gathered.under_way.push(*frozen),
            One::NotBegun => {}
        }
    };
    let count = plan.replicates.saturating_sub(first) as usize;
    share_out(scenario, count, plan.threads, work, take);
    if let Some(error) = failure {
        return Err(error);
    }
    let mut cost = cost.into_inner().unwrap_or_else(PoisonError::into_inner);
    cost.spread_over(began.elapsed().as_secs_f64());
    if gathered.next >= plan.replicates {
        return Ok((Streamed::Complete, cost));
    }
    if enough {
        return Ok((Streamed::Enough, cost));
    }
    let Gathered { next, done, mut under_way } = gathered;
    // What was never reached again is still on its way.
    under_way.extend(halfway.into_inner().unwrap_or_else(PoisonError::into_inner));
    under_way.sort_by_key(|frozen| frozen.replicate);
    let checkpoint = Checkpoint::new(scenario.resolved().to_owned(), plan.seed, next, done, under_way);
    Ok((Streamed::Interrupted(Box::new(checkpoint)), cost))
}

/// Does jobs `0..count`, each a replicate of `scenario` or of one as large, and hands their results to `take` in order:
/// large ones one after another, each on all threads, small ones side by side. At most two a thread exist at a time.
pub(super) fn share_out<R: Send>(
    scenario: &Scenario,
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> R + Sync,
    mut take: impl FnMut(usize, R) + Send,
) {
    if scenario.population().agents >= LARGE || count == 1 {
        run_with_threads(threads, || (0..count).for_each(|job| take(job, work(job))));
    } else {
        let threads = if threads == 0 { available_threads() } else { threads };
        in_order(count, threads, 2 * threads, work, take);
    }
}

/// What a stream has come to: the next replicate to hand on, and those behind a gap.
#[derive(Default)]
struct Gathered {
    next: u64,
    done: Vec<(u64, TableSet)>,
    under_way: Vec<Frozen>,
}

fn taken_out<T>(list: &Mutex<Vec<T>>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    list.iter().position(is_it).map(|at| list.swap_remove(at))
}

fn run_one(
    scenario: &Scenario,
    seed: u64,
    number: u64,
    frozen: Option<Frozen>,
    listen: &dyn Fn(Progress) -> Wish,
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
