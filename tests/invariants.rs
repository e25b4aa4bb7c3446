//! What holds whatever the numbers are.
#![allow(missing_docs, clippy::cast_precision_loss, reason = "tests")]

mod common;

use common::{country, measure, run, support};
use october::engine::Simulation;
use october::experiment::build_world;
use october::model::agents::OPTIONS;
use october::model::institutions::election::{Rule, elect};
use proptest::prelude::*;

fn votes() -> impl Strategy<Value = [u32; OPTIONS]> {
    prop::array::uniform16(prop_oneof![Just(0), 0_u32..5000])
}

proptest! {
    #[test]
    fn seats_are_conserved_and_go_to_those_who_have_votes(votes in votes(), seats in 0_u32..2000) {
        for rule in [Rule::Plurality, Rule::MajorityList, Rule::LargestRemainder, Rule::DHondt] {
            let filled = elect(rule, &votes, seats);
            let expected = if votes.iter().all(|&v| v == 0) { 0 } else { seats };
            prop_assert_eq!(filled.iter().sum::<u32>(), expected);
            for (held, cast) in filled.iter().zip(&votes) {
                prop_assert!(*held == 0 || *cast > 0);
            }
        }
    }

    #[test]
    fn proportional_seats_stay_within_one_of_the_quota(votes in votes(), seats in 1_u32..500) {
        let cast: u64 = votes.iter().map(|&v| u64::from(v)).sum();
        prop_assume!(cast > 0);
        let filled = elect(Rule::LargestRemainder, &votes, seats);
        for (held, own) in filled.iter().zip(&votes) {
            let quota = f64::from(*own) * f64::from(seats) / cast as f64;
            prop_assert!((f64::from(*held) - quota).abs() < 1.0);
        }
    }
}

#[test]
fn nobody_vanishes_and_every_count_adds_up() {
    let scenario = country(&[]);
    let mut simulation = Simulation::new(build_world(&scenario, 7, 0), 30);
    simulation.run(&mut |_: u32, world: &october::model::World| {
        let state = world.state();
        let people = state.agents.len() as u64;
        assert_eq!(people, scenario.population().agents);
        let sizes: u64 = state.strata.iter().map(|s| u64::from(s.size)).sum();
        assert_eq!(sizes, people);
        for counts in state.strata.iter().chain(state.enterprises.iter().map(|e| &e.counts)) {
            assert_eq!(counts.public.iter().sum::<u32>(), counts.size);
            assert_eq!(counts.private.iter().sum::<u32>(), counts.size);
            assert_eq!(counts.positions.iter().sum::<u32>(), counts.size);
        }
        let mut expected = 0;
        for collective in &state.collectives {
            assert_eq!(collective.agents.start, expected, "members are contiguous");
            expected = collective.agents.end;
            assert_eq!(collective.counts.size as usize, collective.agents.len());
        }
        for body in &state.bodies {
            let seats: u32 = body.sections.iter().flat_map(|s| &s.constituencies).map(|c| c.seats).sum();
            assert!(body.size() <= seats, "no seat is filled twice");
        }
    });
}

#[test]
fn bodies_that_bodies_elect_are_filled_after_them() {
    let world = build_world(&country(&[]), 7, 0);
    let [.., council, board] = &world.state().bodies[..] else {
        panic!("a country has a council and a board")
    };
    assert_eq!(world.rules().bodies[board.spec].name, "Board");
    assert!(council.size() > 0, "the council is elected by people");
    assert_eq!(board.seats, elect(Rule::DHondt, &council.seats, 9), "the board by the council");
}

#[test]
fn parties_that_mirror_each_other_stay_level() {
    // Without the storm the two parties differ in nothing but their sign.
    let scenario = country(&["event.storm.enabled=false", "population.agents=170000"]);
    let tables = run(&scenario, 2);
    for day in [0, 20, 45] {
        let left = support(&tables, "private", "left", None, day) as f64;
        let right = support(&tables, "private", "right", None, day) as f64;
        // Collectives that agree among themselves make shares swing more than independent draws would: 0.01 is
        // about five standard errors over seeds.
        assert!((left / (left + right) - 0.5).abs() < 0.01, "day {day}: {left} and {right}");
    }
    assert!(measure(&tables, "position_mean", "all", 45).abs() < 0.01);
}

#[test]
fn an_event_that_did_not_happen_yet_changes_nothing() {
    let with = run(&country(&[]), 1);
    let without = run(&country(&["event.storm.enabled=false"]), 1);
    for day in 0..14 {
        for party in ["left", "right", "none", "silent"] {
            let both = [&with, &without].map(|t| support(t, "public", party, None, day));
            assert_eq!(both[0], both[1], "day {day}");
        }
    }
    let after = [&with, &without].map(|t| support(t, "public", "left", None, 15));
    assert!(after[0] < after[1], "fear silences: {after:?}");
}

#[test]
fn an_event_elsewhere_leaves_other_draws_alone() {
    // The storm reaches the north alone; without links nobody in the south can tell the difference, agent by agent.
    let cut = ["link.travellers.weight=0", "event.storm.places=[\"north\"]", "voice.fear_scale=2"];
    let quiet = [cut[0], cut[1], cut[2], "event.storm.enabled=false"];
    let worlds = [&cut[..], &quiet[..]].map(|changes| {
        let scenario = country(changes);
        let mut simulation = Simulation::new(build_world(&scenario, 7, 0), 30);
        simulation.run(&mut ());
        simulation.into_model()
    });
    let [a, b] = &worlds;
    let south = a.state().enterprises.iter().find(|e| a.rules().strata[e.stratum as usize].place == 1);
    let from = south.expect("somebody lives there").agents.start as usize;
    assert_eq!(a.state().agents.private[from..], b.state().agents.private[from..]);
    assert_eq!(a.state().agents.position[from..], b.state().agents.position[from..]);
    assert_ne!(a.state().agents.private[..from], b.state().agents.private[..from]);
}

#[test]
fn what_is_added_to_a_scenario_leaves_the_draws_of_the_rest_alone() {
    use october::scenario::from_text;
    let more = format!(
        "{}\n[[event]]\nname = \"aaa\"\nkind = \"other\"\ndate = \"1930-01-05\"\n{}",
        common::COUNTRY.replace(
            "[[event]]\nname = \"storm\"",
            "[[event]]\nname = \"rumour\"\nkind = \"other\"\nchance = 0.2\nwhen = [{ after = \"1930-01-03\" }]\n\n[[event]]\nname = \"storm\"",
        ),
        "[[body]]\nname = \"Extra\"\nlevel = \"city\"\n[[body.section]]\nname = \"all\"\nconstituency = \"place\"\nseats = 5\nterm_days = 9\n"
    );
    let more = from_text("more.toml", &more, &[]).unwrap_or_else(|r| panic!("{:#?}", r.diagnostics));
    let [plain, added] = [country(&[]), more].map(|s| run(&s, 1));
    assert_eq!(plain.get("support"), added.get("support"));
    let seats = |tables: &october::observers::table::TableSet, body: &str| -> Vec<i64> {
        let table = tables.get("bodies").expect("recorded");
        let names = table.texts("body").expect("column");
        let seats = table.ints("seats").expect("column");
        (0..table.rows()).filter(|&r| names.get(r) == body).map(|r| seats[r]).collect()
    };
    for body in ["Council", "Board", "Shop committees"] {
        assert_eq!(seats(&plain, body), seats(&added, body), "{body}");
    }
}

#[test]
fn the_population_keeps_its_structure_at_every_size() {
    for agents in [2_000_u64, 17_000, 60_000] {
        let scenario = country(&[&format!("population.agents={agents}")]);
        let world = build_world(&scenario, 7, 0);
        assert_eq!(world.state().agents.len() as u64, agents);
        for (stratum, people) in scenario.population().people.iter().enumerate() {
            let share = f64::from(world.state().strata[stratum].size) / agents as f64;
            assert!((share - people / 17_000.0).abs() < 2.0 / agents as f64);
        }
        let great = world.state().enterprises.iter().find(|e| e.name == Some(0)).expect("it has a name");
        let expected = 2500.0 / 17_000.0 * agents as f64;
        assert!((great.agents.len() as f64 - expected).abs() <= 1.0);
    }
}
