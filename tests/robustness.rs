//! Is the model balanced on a needle? Every parameter moved by a fifth either way, and which facts that breaks.
//!
//! It takes a quarter of an hour, so it is not part of the ordinary tests:
//! `cargo test --release --test robustness -- --ignored --nocapture` prints the table that TRACE.md shows.
#![allow(missing_docs, clippy::print_stdout, reason = "a test that prints a table")]

use std::path::Path;

use october::experiment::facts::{FACTS, Finding};
use october::experiment::{Study, validate};
use october::model::params::GROUPS;
use october::scenario::evidence::Evidence;
use october::scenario::{Change, load};

const SCENARIO: &str = "scenarios/capitals-1917.toml";
const AGENTS: u64 = 40_000;
const REPLICATES: u64 = 4;
const SHARE: f64 = 0.2;
/// Histories that decide facts about cause; the others would take hours.
const HISTORIES: &[&str] = &[];
/// A parameter that breaks more is one on which everything hangs.
const MOST: usize = 6;

/// Ids of the facts that hold after `changes`; `None` if the scenario is not valid then.
fn held(changes: &[String], wanted: &[String]) -> Option<Vec<&'static str>> {
    let mut all = vec![Change::Agents(AGENTS)];
    all.extend(changes.iter().cloned().map(Change::Set));
    let scenario = load(Path::new(SCENARIO), &all).ok()?;
    let study = Study {
        scenario: &scenario,
        seed: scenario.seed(),
        replicates: REPLICATES,
        threads: 0,
        wanted,
        facts: true,
        evidence: &Evidence::default(),
    };
    let scorecard = validate(&study, &|_, _| true).ok()??;
    let holds = |f: &Option<Finding>| f.as_ref().is_some_and(Finding::holds);
    Some(scorecard.verdicts.iter().filter(|v| holds(&v.finding)).map(|v| v.fact.id).collect())
}

#[test]
#[ignore = "a quarter of an hour"]
fn a_fifth_more_or_less_of_any_parameter_breaks_few_facts() {
    let known = |need: &str| HISTORIES.contains(&need);
    let wanted: Vec<String> =
        FACTS.iter().filter(|f| f.needs.iter().all(|n| known(n))).map(|f| f.id.to_owned()).collect();
    let scenario = load(Path::new(SCENARIO), &[]).expect("it is shipped");
    let resolved: toml::Table = scenario.resolved().parse().expect("what is printed can be read");
    let base = held(&[], &wanted).expect("it is shipped");
    println!("{} of {} facts hold as shipped: {}", base.len(), wanted.len(), base.join(" "));
    println!("| parameter | value | a fifth less | a fifth more |\n| --- | --- | --- | --- |");
    let (mut tried, mut harmless, mut worst) = (0, 0, 0);
    for group in GROUPS {
        for spec in group.specs {
            let written = resolved.get(group.section).and_then(|s| s.get(spec.key));
            let value = written.and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
            let value = value.unwrap_or(spec.default);
            if value == 0.0 {
                continue;
            }
            let broken = [1.0 - SHARE, 1.0 + SHARE].map(|factor| {
                let moved = (value * factor).clamp(spec.min, spec.max);
                let set = format!("{}.{}={moved}", group.section, spec.key);
                match held(&[set], &wanted) {
                    Some(now) => {
                        let lost = base.iter().filter(|id| !now.contains(id));
                        lost.copied().collect::<Vec<_>>()
                    }
                    None => vec!["not a valid scenario"],
                }
            });
            tried += 1;
            worst = broken.iter().map(Vec::len).fold(worst, usize::max);
            if broken.iter().all(Vec::is_empty) {
                harmless += 1;
            } else {
                let [less, more] = broken.map(|b| if b.is_empty() { "–".to_owned() } else { b.join(" ") });
                println!("| `{}.{}` | {value} | {less} | {more} |", group.section, spec.key);
            }
        }
    }
    println!("{harmless} of {tried} parameters break nothing; the worst breaks {worst}");
    assert!(worst <= MOST, "a parameter breaks {worst} facts");
}
