//! What several tests need: a small invented country, and a run of it.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "not every test uses everything")]

use october::experiment::{Ended, Plan, Wish, run_ensemble};
use october::observers::table::TableSet;
use october::scenario::{Change, Scenario, from_text};

/// Two parties that mirror each other, two classes, two places.
pub const COUNTRY: &str = include_str!("country.toml");

pub fn country(changes: &[&str]) -> Scenario {
    let changes: Vec<Change> = changes.iter().map(|c| Change::Set((*c).to_owned())).collect();
    match from_text("country.toml", COUNTRY, &changes) {
        Ok(scenario) => scenario,
        Err(rejection) => panic!("{:#?}", rejection.diagnostics),
    }
}

pub fn run(scenario: &Scenario, threads: usize) -> TableSet {
    let plan = Plan { seed: scenario.seed(), replicates: scenario.replicates(), threads };
    match run_ensemble(scenario, plan, None, &|_| Wish::Continue).0 {
        Ended::Complete(tables) => tables,
        Ended::Interrupted { .. } => unreachable!("nobody asked to stop"),
    }
}

/// Sum of a column of `support` over rows that fit.
pub fn support(tables: &TableSet, column: &str, party: &str, class: Option<&str>, day: i64) -> i64 {
    let table = tables.get("support").expect("recorded");
    let (days, parties, classes, values) = (
        table.ints("day").expect("column"),
        table.texts("party").expect("column"),
        table.texts("class").expect("column"),
        table.ints(column).expect("column"),
    );
    (0..table.rows())
        .filter(|&r| days[r] == day && parties.get(r) == party && class.is_none_or(|c| classes.get(r) == c))
        .map(|r| values[r])
        .sum()
}

/// The value of a measure on a day.
pub fn measure(tables: &TableSet, name: &str, scope: &str, day: i64) -> f64 {
    let table = tables.get("measures").expect("recorded");
    let (days, names, scopes, values) = (
        table.ints("day").expect("column"),
        table.texts("measure").expect("column"),
        table.texts("scope").expect("column"),
        table.reals("value").expect("column"),
    );
    (0..table.rows())
        .find(|&r| days[r] == day && names.get(r) == name && scopes.get(r) == scope)
        .map(|r| values[r])
        .expect("it is recorded every day")
}
