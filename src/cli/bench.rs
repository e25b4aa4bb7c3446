//! `bench`: agent-days per second and bytes per agent on this machine, beside its copy bandwidth.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};

use super::args::{BenchArgs, Task};
use super::backend;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::{align, thousands};
use crate::engine::{Simulation, available_threads, run_with_threads};
use crate::experiment::build_world;
use crate::output::Platform;
use crate::scenario::{Change, default_scenario};

/// Days stepped before the clock starts.
const WARM_UP_DAYS: u32 = 2;
/// Bytes copied to measure bandwidth: larger than any cache.
const COPY_BYTES: usize = 256 << 20;

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
    let mut rows = vec![
        ["task", "agents", "threads", "days", "setup s", "steps s", "M agent-days/s", "bytes/agent"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for task in &args.task {
        for &agents in &args.agents {
            for &threads in &threads {
                let figures = match task {
                    Task::Full => step_full(agents, threads, args.days)?,
                };
                rows.push(figures.row("full", agents, threads, args.days));
                results.push(figures.json("full", agents, threads, args.days));
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
    seconds_steps: f64,
    agent_days_per_s: f64,
    bytes_per_agent: f64,
}

impl Figures {
    fn row(&self, task: &str, agents: u64, threads: usize, days: u32) -> Vec<String> {
        vec![
            task.to_owned(),
            thousands(agents),
            threads.to_string(),
            days.to_string(),
            format!("{:.2}", self.seconds_setup),
            format!("{:.2}", self.seconds_steps),
            format!("{:.1}", self.agent_days_per_s / 1e6),
            format!("{:.1}", self.bytes_per_agent),
        ]
    }

    fn json(&self, task: &str, agents: u64, threads: usize, days: u32) -> Value {
        json!({
            "task": task, "agents": agents, "threads": threads, "days": days,
            "seconds_setup": self.seconds_setup, "seconds_steps": self.seconds_steps,
            "agent_days_per_s": self.agent_days_per_s, "bytes_per_agent": self.bytes_per_agent,
        })
    }
}

/// The default scenario, all phases but observation.
fn step_full(agents: u64, threads: usize, days: u32) -> Result<Figures, Failure> {
    let scenario = default_scenario(&[Change::Agents(agents)])?;
    let classes: Vec<usize> = scenario.rules().strata.iter().map(|s| s.class).collect();
    let needed = scenario.population().estimated_bytes(&classes);
    if backend::available_memory().is_some_and(|available| needed > available) {
        return Err(Failure::resources(
            format!("{} agents need about {:.1} GB of memory", thousands(agents), needed as f64 / 1e9),
            "choose fewer with --agents",
        ));
    }
    Ok(run_with_threads(threads, || {
        let began = Instant::now();
        let mut simulation = Simulation::new(build_world(&scenario, scenario.seed(), 0), u32::MAX);
        let seconds_setup = began.elapsed().as_secs_f64();
        for _ in 0..WARM_UP_DAYS {
            simulation.step();
        }
        let began = Instant::now();
        for _ in 0..days {
            simulation.step();
        }
        let seconds_steps = began.elapsed().as_secs_f64();
        Figures {
            seconds_setup,
            seconds_steps,
            agent_days_per_s: agents as f64 * f64::from(days) / seconds_steps,
            bytes_per_agent: simulation.model().bytes() as f64 / agents as f64,
        }
    }))
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
