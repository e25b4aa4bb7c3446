//! `bench`: agent-days per second and bytes per agent on this machine, beside its copy bandwidth.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

extern crate self as october;

#[path = "../../benches/plain/mod.rs"]
mod plain;

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::args::{BenchArgs, Task};
use super::backend;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::{align, thousands};
use crate::engine::{Model, Simulation, Threads, Workers, available_threads};
use crate::experiment::summary::quantile;
use crate::experiment::{Contagion, build_world};
use crate::model::{Crew, World};
use crate::output::Platform;
use crate::scenario::{Change, Scenario, default_scenario};
use plain::Plain;

/// Days stepped before the clock starts.
const WARM_UP_DAYS: u32 = 2;
/// Agent-days that one number of threads steps before it is the next one's turn: few, so that what else the machine does
/// slows all of them alike.
const TURN: u64 = 1_000_000;
/// Turns at least, where there are as many days.
const TURNS: u32 = 10;
/// How long threads that were woken are kept busy before their turn: the system may put them on one processor at first,
/// and takes a few milliseconds to part them. A run pays for that once, a bench would at every turn.
const SETTLING: Duration = Duration::from_millis(20);
/// Root seed of the standard task.
const CONTAGION_SEED: u64 = 1;
/// Bytes copied to measure bandwidth: larger than any cache.
const COPY_BYTES: usize = 256 << 20;

/// Columns of the table.
const COLUMNS: [&str; 10] = [
    "task",
    "agents",
    "threads",
    "days",
    "setup s",
    "steps s",
    "M agent-days/s",
    "times",
    "half of turns",
    "bytes/agent",
];

/// Steps the tasks at all sizes and threads that were asked for.
pub(super) fn bench(args: &BenchArgs) -> Result<Exit, Failure> {
    let threads = if args.threads.is_empty() {
        let mut threads = vec![1, available_threads()];
        threads.dedup();
        threads
    } else {
        args.threads.clone()
    };
    let platform = Platform::probe();
    let cpu = platform.cpu_model.unwrap_or_else(|| platform.arch.clone());
    let copy = copy_bandwidth();
    if !args.json {
        say(&format!("{cpu}, {} cores; memory copies at {copy:.1} GB/s (read and written)", platform.cores));
    }
    let mut results = Vec::new();
    let mut rows = vec![COLUMNS.map(str::to_owned).to_vec()];
    for task in &args.task {
        for &agents in &args.agents {
            let (name, of_threads) = match task {
                Task::Full => ("full", step_full(args, agents, &threads)?),
                Task::Plain => ("plain", step_plain(args, agents, &threads)?),
                Task::Contagion => ("contagion", step_contagion(agents, &threads, args.days)?),
            };
            let first = of_threads.first().map_or(&[][..], |figures| &figures.turns);
            for (figures, &threads) in of_threads.iter().zip(&threads) {
                rows.push(figures.row(name, agents, threads, args.days, first));
                results.push(figures.json(name, agents, threads, args.days, first));
            }
        }
    }
    if args.json {
        let all = json!({ "cpu": cpu, "copy_gb_per_s": copy, "results": results });
        print(&format!("{all}\n"))?;
    } else {
        print(&align(&rows))?;
    }
    Ok(Exit::Done)
}

struct Figures {
    seconds_setup: f64,
    /// Seconds of each turn.
    turns: Vec<f64>,
    bytes_per_agent: f64,
    /// Final shares, where the task has them: undecided, A, B.
    shares: Option<[f64; 3]>,
}

impl Figures {
    fn seconds_steps(&self) -> f64 {
        self.turns.iter().sum()
    }

    fn agent_days_per_s(&self, agents: u64, days: u32) -> f64 {
        agents as f64 * f64::from(days) / self.seconds_steps()
    }

    /// How many times as fast as the turns of `first`, each held against the turn of the same number: lower quartile,
    /// median, upper quartile. Turns in which something else held the machine up move the median little.
    fn times(&self, first: &[f64]) -> [f64; 3] {
        let ratios: Vec<f64> = first.iter().zip(&self.turns).map(|(first, own)| first / own).collect();
        [0.25, 0.5, 0.75].map(|q| quantile(&ratios, q).unwrap_or(f64::NAN))
    }

    /// A row of the table; `first` are the turns with the first number of threads.
    fn row(&self, task: &str, agents: u64, threads: usize, days: u32, first: &[f64]) -> Vec<String> {
        let [low, times, high] = self.times(first);
        vec![
            task.to_owned(),
            thousands(agents),
            threads.to_string(),
            days.to_string(),
            format!("{:.2}", self.seconds_setup),
            format!("{:.2}", self.seconds_steps()),
            format!("{:.1}", self.agent_days_per_s(agents, days) / 1e6),
            format!("{times:.2}"),
            format!("{low:.2} to {high:.2}"),
            format!("{:.1}", self.bytes_per_agent),
        ]
    }

    fn json(&self, task: &str, agents: u64, threads: usize, days: u32, first: &[f64]) -> Value {
        let [low, times, high] = self.times(first);
        let mut figures = json!({
            "task": task, "agents": agents, "threads": threads, "days": days,
            "seconds_setup": self.seconds_setup, "seconds_steps": self.seconds_steps(),
            "agent_days_per_s": self.agent_days_per_s(agents, days), "bytes_per_agent": self.bytes_per_agent,
            "times": times, "times_quartiles": [low, high],
        });
        if let Some([undecided, a, b]) = self.shares {
            figures["shares"] = json!({ "undecided": undecided, "A": a, "B": b });
        }
        figures
    }
}

/// The default scenario with as many agents who reconsider as often as was asked for, if there is room for them and
/// `extra_bytes` for each.
fn scenario_of(args: &BenchArgs, agents: u64, extra_bytes: u64) -> Result<Scenario, Failure> {
    let attention = args.attention;
    let mut changes = vec![Change::Agents(agents)];
    for class in &default_scenario(&[])?.rules().classes {
        changes.push(Change::Set(format!("class.{}.attention={attention}", class.name)));
    }
    let scenario = default_scenario(&changes)?;
    let classes: Vec<usize> = scenario.rules().strata.iter().map(|s| s.class).collect();
    let bytes = scenario.population().estimated_bytes(&classes);
    refuse_beyond_memory(agents, bytes.saturating_add(agents.saturating_mul(extra_bytes)))?;
    Ok(scenario)
}

/// The same by a plain loop.
fn step_plain(args: &BenchArgs, agents: u64, threads: &[usize]) -> Result<Vec<Figures>, Failure> {
    let scenario = scenario_of(args, agents, Plain::BYTES_EACH)?;
    let begin = || Simulation::new(Plain::new(build_world(&scenario, scenario.seed(), 0)), u32::MAX);
    Ok(step(begin, Plain::bytes, agents, args.days, WARM_UP_DAYS, threads).1)
}

/// The default scenario, all phases but observation.
fn step_full(args: &BenchArgs, agents: u64, threads: &[usize]) -> Result<Vec<Figures>, Failure> {
    let scenario = scenario_of(args, agents, 0)?;
    let begin = || Simulation::new(build_world(&scenario, scenario.seed(), 0), u32::MAX);
    Ok(step(begin, World::bytes, agents, args.days, WARM_UP_DAYS, threads).1)
}

/// The standard task; from its first day for each number of threads, so that the shares are those after `days` days.
fn step_contagion(agents: u64, threads: &[usize], days: u32) -> Result<Vec<Figures>, Failure> {
    refuse_beyond_memory(agents, agents)?;
    let begin = || Simulation::new(Contagion::new(agents as usize, CONTAGION_SEED, 0), u32::MAX);
    let of_threads = threads.chunks(1).map(|threads| {
        let (model, figures) = step(begin, Contagion::bytes, agents, days, 0, threads);
        figures.into_iter().map(move |figures| Figures { shares: Some(model.shares()), ..figures })
    });
    Ok(of_threads.flatten().collect())
}

fn refuse_beyond_memory(agents: u64, bytes: u64) -> Result<(), Failure> {
    if backend::available_memory().is_some_and(|available| bytes > available) {
        return Err(Failure::resources(
            format!("{} agents need about {:.1} GB of memory", thousands(agents), bytes as f64 / 1e9),
            "choose fewer with --agents",
        ));
    }
    Ok(())
}

/// Begins a simulation with each number of threads and steps the last of them, `days` days with each, in turns: the model
/// as it ends, and what it cost; `bytes` are those of its state.
///
/// # Panics
/// If no number of threads is given.
fn step<M: Model + Send>(
    begin: impl Fn() -> Simulation<M> + Sync,
    bytes: impl FnOnce(&M) -> usize,
    agents: u64,
    days: u32,
    warm_up_days: u32,
    threads: &[usize],
) -> (M, Vec<Figures>) {
    let workers: Vec<Workers> = threads.iter().map(|&threads| Workers::new(threads)).collect();
    let mut begun = None;
    let mut seconds_setup = Vec::new();
    for workers in &workers {
        drop(begun.take());
        let began = Instant::now();
        begun = Some(workers.run(&begin));
        seconds_setup.push(began.elapsed().as_secs_f64());
    }
    let mut simulation = begun.expect("there is a number of threads");
    let mut step = |workers: &Workers, days: u32| {
        workers.run(|| {
            settle(workers.threads());
            let began = Instant::now();
            (0..days).for_each(|_| _ = simulation.step());
            began.elapsed().as_secs_f64()
        })
    };
    step(&workers[0], warm_up_days);
    let turn = u32::try_from(TURN / agents).unwrap_or(days).clamp(1, days.div_ceil(TURNS));
    let mut turns = vec![Vec::new(); threads.len()];
    for begun in (0..days).step_by(turn as usize) {
        for (turns, workers) in turns.iter_mut().zip(&workers) {
            turns.push(step(workers, turn.min(days - begun)));
        }
    }
    let model = simulation.into_model();
    let bytes_per_agent = bytes(&model) as f64 / agents as f64;
    let figures = seconds_setup.into_iter().zip(turns).map(|(seconds_setup, turns)| Figures {
        seconds_setup,
        turns,
        bytes_per_agent,
        shares: None,
    });
    (model, figures.collect())
}

/// Keeps all threads busy for `SETTLING`, in which the system gives each a processor of its own.
fn settle(threads: usize) {
    let until = Instant::now() + SETTLING;
    let be_busy = |_, _: &mut [()]| {
        while Instant::now() < until {
            std::hint::spin_loop();
        }
    };
    Threads.share_out(0, &mut vec![(); threads], 1, &be_busy);
}

/// Bytes read and written per second by a plain copy on one thread, in units of 10^9: the best of five.
fn copy_bandwidth() -> f64 {
    let from = vec![1_u8; COPY_BYTES];
    let mut to = vec![0_u8; COPY_BYTES];
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let began = Instant::now();
        to.copy_from_slice(black_box(&from));
        black_box(&mut to);
        best = best.max(2.0 * COPY_BYTES as f64 / began.elapsed().as_secs_f64() / 1e9);
    }
    best
}
