//! What the default scenario must show, decided by counterfactuals on common random numbers.
#![allow(missing_docs, clippy::cast_precision_loss, reason = "tests")]

mod common;

use std::path::Path;

use common::{measure, run, support};
use october::experiment::summary::median_date;
use october::observers::table::TableSet;
use october::scenario::{Change, load};

/// Days of the run, from 1 March 1917, old style.
const BEFORE_JULY: i64 = 125;
const IN_JULY: i64 = 134;
const BEFORE_COUP: i64 = 178;
const AFTER_COUP: i64 = 196;

fn history(name: &str, agents: u64, replicates: u64, days: u32) -> TableSet {
    let changes = [Change::Agents(agents), Change::Replicates(replicates), Change::Days(days)];
    let scenario = load(Path::new(name), &changes).unwrap_or_else(|r| panic!("{:#?}", r.diagnostics));
    run(&scenario, 0)
}

/// Share of a class that speaks for a party, over all replicates.
fn share(tables: &TableSet, column: &str, party: &str, class: &str, day: i64) -> f64 {
    let all: i64 = ["bolshevik", "left-sr", "sr", "menshevik", "kadet", "none", "silent"]
        .iter()
        .map(|p| support(tables, column, p, Some(class), day))
        .sum();
    support(tables, column, party, Some(class), day) as f64 / all as f64
}

fn first_majority(tables: &TableSet, body: &str, claim: &str) -> Option<i64> {
    let table = tables.get("majorities").expect("recorded");
    let (bodies, claims, days) = (
        table.texts("body").expect("column"),
        table.texts("party_or_bloc").expect("column"),
        table.opt_ints("first_day").expect("column"),
    );
    let found: Vec<_> = (0..table.rows())
        .filter(|&r| bodies.get(r) == body && claims.get(r) == claim)
        .map(|r| days[r])
        .collect();
    median_date(&found)
}

/// Seats of a party in a body, as a share, over replicates.
fn seats(tables: &TableSet, body: &str, party: &str, day: i64) -> f64 {
    let table = tables.get("bodies").expect("recorded");
    let (bodies, sections, parties, days) = (
        table.texts("body").expect("column"),
        table.texts("section").expect("column"),
        table.texts("party").expect("column"),
        table.ints("day").expect("column"),
    );
    let (held, size) = (table.ints("seats").expect("column"), table.ints("size").expect("column"));
    let (mut own, mut all) = (0, 0);
    for r in 0..table.rows() {
        if days[r] == day && bodies.get(r) == body && sections.get(r) == "all" && parties.get(r) == party {
            own += held[r];
            all += size[r];
        }
    }
    own as f64 / all as f64
}

/// Fact F11, its first part: 31 August (day 183) give or take a week, from less than 12 % in March (the record: 19 votes of 419).
#[test]
fn the_soviet_of_the_capital_turns_at_the_end_of_august() {
    let tables = history("petrograd-1917", 60_000, 20, 205);
    let turn = first_majority(&tables, "Petrograd Soviet", "soviet-power").expect("it comes by 20 September");
    assert!((176..=190).contains(&turn), "day {turn}");
    let march = seats(&tables, "Petrograd Soviet", "bolshevik", 0);
    assert!((0.01..0.12).contains(&march), "{march}");
    // Facts F13 and F14: the floor turns before the districts, the districts before the city, the city before its top.
    let floor = first_majority(&tables, "Factory committees: Putilov works", "bolshevik").expect("it comes");
    let top = first_majority(&tables, "Executive Committee", "soviet-power").unwrap_or(i64::MAX);
    assert!(floor < turn && turn < top, "{floor}, {turn}, {top}");
    // Fact F06, first part: the slope after the coup is at least three times the slope before.
    let worker = |day| share(&tables, "public", "bolshevik", "worker", day);
    let (before, after) = ((worker(179) - worker(151)) / 28.0, (worker(200) - worker(179)) / 21.0);
    assert!(after > 3.0 * before.max(0.0) || after > 0.01, "{before} and {after} a day");
}

#[test]
fn july_silences_more_than_it_converts() {
    let with = history("petrograd-1917", 30_000, 4, 150);
    let without = history("no-july-repression", 30_000, 4, 150);
    for class in ["worker", "soldier"] {
        let fall = |column| {
            share(&with, column, "bolshevik", class, BEFORE_JULY)
                - share(&with, column, "bolshevik", class, IN_JULY)
        };
        assert!(fall("public") > 2.0 * fall("private").max(0.0), "{class}");
        let [a, b] = [&with, &without].map(|t| share(t, "public", "bolshevik", class, IN_JULY));
        assert!(a + 0.05 < b, "{class}: {a} with, {b} without");
    }
    let [a, b] = [&with, &without].map(|t| share(t, "public", "bolshevik", "worker", BEFORE_JULY));
    assert!((a - b).abs() < f64::EPSILON, "the same until then");
}

#[test]
fn the_coup_turns_people_to_the_left() {
    let with = history("petrograd-1917", 30_000, 4, 200);
    let without = history("no-kornilov", 30_000, 4, 200);
    for class in ["worker", "soldier", "sailor"] {
        let [a, b] = [&with, &without].map(|t| share(t, "public", "bolshevik", class, AFTER_COUP));
        assert!(a > b + 0.1, "{class}: {a} with, {b} without");
        let [a, b] = [&with, &without].map(|t| share(t, "public", "bolshevik", class, BEFORE_COUP));
        assert!((a - b).abs() < f64::EPSILON, "the same until then");
    }
    let [a, b] = [&with, &without].map(|t| measure(t, "government_authority", "all", AFTER_COUP));
    assert!(a < b, "authority falls faster: {a} with, {b} without");
}

#[test]
fn lockouts_move_workers_to_the_left_and_out_on_strike() {
    let with = history("petrograd-1917", 30_000, 4, 200);
    let without = history("no-lockouts", 30_000, 4, 200);
    let [a, b] = [&with, &without].map(|t| share(t, "public", "bolshevik", "worker", BEFORE_COUP));
    assert!(a > b, "{a} with, {b} without");
    let strikers = |t: &TableSet| (150..200).map(|d| measure(t, "strikers", "all", d)).sum::<f64>();
    assert!(strikers(&with) > strikers(&without), "{} and {}", strikers(&with), strikers(&without));
}
