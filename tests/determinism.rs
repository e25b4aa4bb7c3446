//! The same scenario, seed and version: the same bytes, whatever happens around them.
#![allow(missing_docs, reason = "tests")]

mod common;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{country, run};
use october::engine::{Instructions, step_with};
use october::experiment::{Checkpoint, Ended, Plan, Wish, build_world, run_ensemble};
use october::observers::table::TableSet;
use october::output::csv::write_table;
use october::scenario::{Change, default_scenario, from_text, load};

fn bytes(tables: &TableSet) -> Vec<(String, Vec<u8>)> {
    tables
        .tables
        .iter()
        .map(|table| {
            let mut csv = Vec::new();
            write_table(table, &mut csv).expect("memory does not fail");
            (table.name.clone(), csv)
        })
        .collect()
}

#[test]
fn tables_are_the_same_bytes_on_one_two_and_seven_threads() {
    let scenario = default_scenario(&[Change::Agents(120_000), Change::Days(40)]).expect("it ships valid");
    let one = bytes(&run(&scenario, 1));
    assert!(one.iter().all(|(_, csv)| !csv.is_empty()));
    for threads in [2, 7] {
        for (a, b) in one.iter().zip(bytes(&run(&scenario, threads))) {
            assert!(a == &b, "table {} differs on {threads} threads", a.0);
        }
    }
}

#[test]
fn replicates_side_by_side_are_the_same_as_one_by_one() {
    let scenario = country(&["run.replicates=5"]);
    assert_eq!(bytes(&run(&scenario, 1)), bytes(&run(&scenario, 3)));
}

#[test]
fn an_interrupted_ensemble_goes_on_as_if_nothing_had_been() {
    let scenario = country(&["run.replicates=3"]);
    let plan = Plan { seed: scenario.seed(), replicates: 3, threads: 1 };
    let days = AtomicU32::new(0);
    let (ended, _) = run_ensemble(&scenario, plan, None, &|_| {
        // Stops in the middle of the second replicate.
        if days.fetch_add(1, Ordering::SeqCst) >= 70 { Wish::Stop } else { Wish::Continue }
    });
    let Ended::Interrupted { checkpoint, .. } = ended else { panic!("it should have stopped") };
    assert_eq!((checkpoint.done.len(), checkpoint.under_way.len()), (1, 1));
    let saved = checkpoint.to_bytes().expect("memory does not fail");
    let restored = Checkpoint::from_bytes(&saved).expect("it was just written");
    let (ended, _) = run_ensemble(&scenario, plan, Some(restored), &|_| Wish::Continue);
    let Ended::Complete(tables) = ended else { panic!("nobody asked to stop") };
    assert_eq!(bytes(&tables), bytes(&run(&scenario, 1)));
}

#[test]
fn a_damaged_checkpoint_is_an_error() {
    assert!(Checkpoint::from_bytes(&[]).is_err());
    assert!(Checkpoint::from_bytes(&[1, 2, 3]).is_err());
    assert!(Checkpoint::from_bytes(&[99; 64]).is_err());
}

#[test]
fn the_resolved_scenario_gives_the_same_bytes() {
    let scenario = country(&["event.storm.date=1930-01-10", "choice.conformity=0.7"]);
    let again = from_text("scenario.toml", scenario.resolved(), &[]).expect("what was run is valid");
    assert_eq!(again.resolved(), scenario.resolved());
    assert_eq!(bytes(&run(&again, 2)), bytes(&run(&scenario, 2)));
}

#[test]
fn another_seed_is_another_history() {
    assert_ne!(bytes(&run(&country(&[]), 1)), bytes(&run(&country(&["run.seed=8"]), 1)));
}

#[test]
fn vector_instructions_change_no_bit_of_what_the_written_rule_says() {
    let kinds = [Instructions::Portable, Instructions::Wide, Instructions::Widest];
    for (name, agents, days) in [("capitals-1917", 9_000, 257), ("flame-1918", 6_000, 120)] {
        let scenario = load(Path::new(name), &[Change::Agents(agents)]).expect("it ships valid");
        let mut written = build_world(&scenario, 5, 0);
        written.move_one_by_one(true);
        let mut fast: Vec<_> = kinds.iter().map(|_| build_world(&scenario, 5, 0)).collect();
        for day in 0..days {
            step_with(&mut written, day, Instructions::Portable);
            for (world, &kind) in fast.iter_mut().zip(&kinds) {
                step_with(world, day, kind);
                assert!(world.state() == written.state(), "{name}, day {day}, {kind:?}");
            }
        }
        assert!(written.state().strata.iter().any(|s| s.strikers > 0), "{name}: something happened");
    }
}

#[test]
fn collectives_larger_than_a_run_are_whole() {
    // The great works of the country have 2 500 people: all in one hall.
    let scenario = country(&["class.townsfolk.collective_people={ mean = 5000, sd = 100 }"]);
    let mut written = build_world(&scenario, 5, 0);
    assert!(written.state().collectives.iter().any(|c| c.agents.len() > 2_100), "large enough to be cut");
    written.move_one_by_one(true);
    let mut fast = build_world(&scenario, 5, 0);
    for day in 0..20 {
        step_with(&mut written, day, Instructions::Portable);
        step_with(&mut fast, day, Instructions::best());
        assert!(fast.state() == written.state(), "day {day}");
    }
}

#[test]
fn life_histories_change_nothing_and_of_everybody_they_add_up_to_the_counts() {
    let plain = run(&country(&[]), 2);
    let scenario = country(&["run.sample_agents=1000000"]);
    let followed = run(&scenario, 2);
    for table in &plain.tables {
        assert_eq!(Some(table), followed.get(&table.name), "{}", table.name);
    }
    let sample = followed.get("sample").expect("it was asked for");
    let agents = scenario.population().agents as usize;
    assert_eq!(sample.rows(), agents * scenario.days() as usize * scenario.replicates() as usize);
    let (day, replicate) =
        (sample.ints("day").expect("a column"), sample.ints("replicate").expect("a column"));
    let last = i64::from(scenario.days()) - 1;
    for option in &scenario.names().options {
        for column in ["private", "public"] {
            let words = sample.texts(column).expect("a column");
            let rows = (0..sample.rows()).filter(|&r| day[r] == last && replicate[r] == 0);
            let count = rows.filter(|&r| words.get(r) == option).count() as i64;
            let table = followed.get("support").expect("recorded");
            let (days, runs) =
                (table.ints("day").expect("a column"), table.ints("replicate").expect("a column"));
            let (party, values) =
                (table.texts("party").expect("a column"), table.ints(column).expect("a column"));
            let of = |r: &usize| days[*r] == last && runs[*r] == 0 && party.get(*r) == option;
            let total: i64 = (0..table.rows()).filter(of).map(|r| values[r]).sum();
            assert_eq!(count, total, "{option}, {column}");
        }
    }
    let few = run(&country(&["run.sample_agents=7"]), 1);
    let some = few.get("sample").expect("it was asked for");
    assert_eq!(some.rows(), 7 * scenario.days() as usize * scenario.replicates() as usize);
}
