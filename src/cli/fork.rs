//! `run --fork`: one history up to a date, several futures from there, each a run folder.
#![expect(
    clippy::disallowed_methods,
    reason = "an empty folder of folders is removed here, and time is measured"
)]

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;

use super::args::{Changes, RunArgs};
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::progress::Bar;
use super::run::{Report, Writing, majority_summary, resume_from};
use super::{backend, interrupt, memory};
use crate::experiment::{Branch, Checkpoint, Cost, Plan, run_forks};
use crate::output::Overwrite;
use crate::scenario::Scenario;

/// What the future is called in which only `--set` changes something.
const UNNAMED: &str = "fork";

/// The scenario with its forks, those of the command line included.
pub(super) fn scenario(args: &RunArgs) -> Result<Scenario, Failure> {
    let Some(date) = &args.fork else {
        return super::scenario::load(args.scenario.as_deref(), &args.changes);
    };
    // What is set belongs to the future, not to what went before.
    let before = Changes { set: Vec::new(), ..args.changes.clone() };
    let scenario = super::scenario::load(args.scenario.as_deref(), &before)?;
    let mut futures: Vec<(String, String, Vec<String>)> = Vec::new();
    let named = args.fork_set.iter().map(|typed| {
        typed.split_once(':').filter(|(name, rest)| !name.is_empty() && rest.contains('=')).ok_or_else(|| {
            Failure::usage(
                format!("`{typed}` is not of the form NAME:KEY=VALUE"),
                "as in --fork-set calm:event.storm.enabled=false",
            )
        })
    });
    let mut settings: Vec<(&str, &str)> = args.changes.set.iter().map(|s| (UNNAMED, s.as_str())).collect();
    settings.extend(named.collect::<Result<Vec<_>, _>>()?);
    for (name, set) in settings {
        match futures.iter_mut().find(|(known, ..)| known == name) {
            Some((_, _, list)) => list.push(set.to_owned()),
            None => futures.push((name.to_owned(), date.clone(), vec![set.to_owned()])),
        }
    }
    if futures.is_empty() && scenario.forks().is_empty() {
        return Err(Failure::usage(
            "a fork needs something that changes on its date",
            "as in --fork 1917-08-26 --set event.storm.enabled=false",
        ));
    }
    Ok(scenario.with_forks(&futures)?)
}

/// How many replicates all of the interrupted `folders` have, which must be of these `histories`.
fn finished_in(folders: &[PathBuf], histories: &[&Scenario]) -> Result<u64, Failure> {
    let mut least = u64::MAX;
    for (folder, history) in folders.iter().zip(histories) {
        least = least.min(resume_from(folder, history)?.map_or(0, |checkpoint| checkpoint.finished));
    }
    Ok(least)
}

/// Runs a scenario with forks and writes a folder for the trunk, named `base`, and one for each fork.
pub(super) fn run(args: &RunArgs, scenario: &Scenario) -> Result<Exit, Failure> {
    // The trunk and one future at a time: twice the state.
    let limit = args.memory_limit.or_else(backend::available_memory);
    memory::check(scenario, args.delivery.threads, limit.map(|limit| limit / 2))?;
    interrupt::listen();
    let named = || PathBuf::from("output").join(format!("{}-forks", scenario.name()));
    let target = args.delivery.out.clone().unwrap_or_else(named);
    let started = backend::now();
    let trunk = scenario.trunk()?;
    let mut branches = Vec::new();
    for fork in scenario.forks() {
        branches.push(Branch { day: fork.day, scenario: scenario.branch(fork)? });
    }
    let names: Vec<&str> =
        std::iter::once("base").chain(scenario.forks().iter().map(|f| f.name.as_str())).collect();
    let histories: Vec<&Scenario> =
        std::iter::once(&trunk).chain(branches.iter().map(|b| &b.scenario)).collect();
    let folders: Vec<PathBuf> = names.iter().map(|name| target.join(name)).collect();
    let finished = if args.resume { finished_in(&folders, &histories)? } else { 0 };
    let mut writings = Vec::new();
    for (folder, history) in folders.iter().zip(&histories) {
        let overwrite = if args.resume { Overwrite::Replace } else { args.delivery.overwriting() };
        let mut writing = Writing::begin(history, folder, overwrite, args)?;
        writing.replay(folder, finished, None)?;
        writings.push(writing);
    }
    let plan = Plan { seed: trunk.seed(), replicates: trunk.replicates(), threads: args.delivery.threads };
    let days: u32 = branches.iter().map(|b| trunk.days() - b.day).sum::<u32>() + trunk.days();
    let bar = Bar::new(&trunk.names().dates_os, plan.replicates, args.delivery.quiet);
    bar.expect(u64::from(days) * plan.replicates);
    bar.skip(u64::from(days) * finished);
    let began = Instant::now();
    let next = run_forks(
        &trunk,
        &branches,
        plan,
        finished,
        &|progress| bar.listen_or_stop(progress),
        &mut |branch, _, tables| writings[branch].add(&tables),
    )?;
    bar.finish();
    if next == 0 {
        drop(writings);
        // Only what has nothing in it: the folder may have been there before.
        let _ = fs::remove_dir(&target);
        say(&"interrupted before the first replicate was finished; nothing was written");
        return Ok(Exit::Interrupted);
    }
    if next < plan.replicates {
        for (writing, history) in writings.into_iter().zip(histories) {
            let cost = Cost { agents: trunk.population().agents, ..Cost::default() };
            let report = Report { scenario: history, plan, cost, started: &started, args, precision: None };
            let resolved = history.resolved().to_owned();
            let checkpoint = Checkpoint::new(resolved, plan.seed, next, Vec::new(), Vec::new());
            report.interrupted(writing, &checkpoint)?;
        }
        say(&format!("interrupted; {next} of {} replicates are saved. To go on:", plan.replicates));
        say(&"  the same command with --resume");
        return Ok(Exit::Interrupted);
    }
    let agents = trunk.population().agents;
    let share = began.elapsed().as_secs_f64() / f64::from(days) / plan.replicates as f64;
    let (mut text, mut folders) = (format!("\n{}\n", scenario.title()), Vec::new());
    for (number, (writing, history)) in writings.into_iter().zip(histories).enumerate() {
        let own = number.checked_sub(1).map_or(trunk.days(), |branch| trunk.days() - branches[branch].day);
        let cost = Cost {
            seconds_steps: share * f64::from(own) * plan.replicates as f64,
            agent_days: agents as f64 * f64::from(own) * plan.replicates as f64,
            agents,
            ..Cost::default()
        };
        let report = Report { scenario: history, plan, cost, started: &started, args, precision: None };
        let written = report.write(writing)?;
        let from = number.checked_sub(1).map(|branch| format!(" from {}", scenario.forks()[branch].date));
        text.push_str(&format!("\n{}{}\n", names[number], from.unwrap_or_default()));
        text.push_str(&majority_summary(&written.digest.firsts, plan.replicates));
        folders.push(written.folder);
    }
    let shown: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    if args.delivery.json {
        let line =
            json!({ "scenario": scenario.name(), "run_folders": shown, "replicates": plan.replicates });
        print(&format!("{line}\n"))?;
    } else if !args.delivery.quiet {
        text.push_str(&format!("\n  tables  {}\n", shown.join("\n          ")));
        text.push_str(&format!("  to see what they differ in: october compare {}\n", shown.join(" ")));
        print(&text)?;
    }
    Ok(Exit::Done)
}
