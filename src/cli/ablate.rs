//! `ablate`: what each event adds to an outcome.

use serde_json::json;

use super::args::AblateArgs;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::align;
use super::trials::{self, Finished};
use crate::charts;
use crate::experiment::ablation::{Contribution, MOST_FOR_SHAPLEY, contributions, subsets};
use crate::experiment::sensitivity::Estimate;
use crate::experiment::{Outcome, Survey, Trial};
use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::scenario::Scenario;
use crate::scenario::diagnostic::nearest;

/// Most events: each is a bit of a mask.
const MOST_EVENTS: usize = 60;

/// Runs the histories without some of the events and writes what each adds.
pub(super) fn ablate(args: &AblateArgs) -> Result<Exit, Failure> {
    let delivery = &args.trials.delivery;
    let scenario = trials::load(args.scenario.as_deref(), &args.changes, &args.trials)?;
    let events = events(args, &scenario)?;
    let outcomes = trials::outcomes(&args.trials.outcomes, &scenario)?;
    let begun = trials::begin("ablate", &scenario, delivery, args.trials.resume)?;
    let masks = subsets(events.len());
    let variants: Vec<Vec<String>> = masks.iter().map(|mask| dropped(&events, *mask)).collect();
    let survey = Survey::new(&scenario, &variants, &outcomes, delivery.threads);
    if !delivery.quiet {
        say(&format!("{} histories, {} replicates each", variants.len(), survey.replicates));
    }
    let Some((all, seconds)) = trials::run(&survey, &begun.0, args.trials.resume, delivery)? else {
        return Ok(Exit::Interrupted);
    };
    let (mut table, mut lines) = (blank(), vec![headings()]);
    for (index, outcome) in outcomes.iter().enumerate() {
        let never = outcome.when_never(&scenario).unwrap_or(f64::NAN);
        let value = |mask: u64, replicate: u64| {
            let variant = masks.iter().position(|m| *m == mask);
            let at = variant.map(|v| v * survey.replicates as usize + replicate as usize);
            at.and_then(|at| all[at].values[index]).unwrap_or(never)
        };
        let found = contributions(events.len(), survey.replicates, value);
        for (event, contribution) in events.iter().zip(&found) {
            push(&mut table, outcome, event, contribution);
            lines.push(line(outcome, event, contribution));
        }
    }
    let tables = TableSet { tables: vec![table, trials_table(&masks, &events, &outcomes, &all)] };
    let finished = Finished { command: "ablate", survey: &survey, tables: &tables, seconds };
    let (folder, whereabouts) = finished.write(begun, delivery, charts::draw_estimates)?;
    if delivery.json {
        let summary = json!({
            "scenario": scenario.name(), "folder": folder.display().to_string(), "events": events,
            "histories": variants.len(), "replicates": survey.replicates, "seconds": seconds,
        });
        print(&format!("{summary}\n"))?;
    } else if !delivery.quiet {
        print(&format!("\n{}{}", align(&lines), whereabouts))?;
    }
    Ok(Exit::Done)
}

/// The events that were named, if the scenario has them.
fn events(args: &AblateArgs, scenario: &Scenario) -> Result<Vec<String>, Failure> {
    let known = || scenario.rules().events.iter().map(|e| e.name.as_str());
    let mut events: Vec<String> = Vec::new();
    for name in &args.events {
        if !known().any(|event| event == name) {
            let near = nearest(name, known()).map(|near| format!("did you mean `{near}`?"));
            return Err(Failure::usage(
                format!("the scenario has no event `{name}`"),
                near.unwrap_or_else(|| "october scenario show prints the events of a scenario".to_owned()),
            ));
        }
        if !events.contains(name) {
            events.push(name.clone());
        }
    }
    if events.len() > MOST_EVENTS {
        return Err(Failure::usage(format!("{} events are too many", events.len()), "at most 60"));
    }
    if events.len() > MOST_FOR_SHAPLEY {
        say(&format!("more than {MOST_FOR_SHAPLEY} events: each is dropped in turn, without Shapley values"));
    }
    Ok(events)
}

/// What switches off the events that a mask does not keep.
fn dropped(events: &[String], mask: u64) -> Vec<String> {
    let gone = events.iter().enumerate().filter(|(index, _)| mask & (1 << index) == 0);
    gone.map(|(_, name)| format!("event.{name}.enabled=false")).collect()
}

fn blank() -> Table {
    Table::new(
        "ablation",
        "what an event adds to an outcome",
        &[
            ("outcome", Kind::Text, "", "what was measured"),
            ("unit", Kind::Text, "", "its unit"),
            ("event", Kind::Text, "", "event"),
            (
                "statistic",
                Kind::Text,
                "",
                "dropped: with all events less without this one; shapley: mean of what it adds over all orders",
            ),
            (
                "value",
                Kind::Real,
                "",
                "mean over replicates; a day that never comes is the day after the last one",
            ),
            ("low", Kind::Real, "", "lower end of the 95 % interval of paired differences"),
            ("high", Kind::Real, "", "upper end of the 95 % interval"),
        ],
    )
}

fn push(table: &mut Table, outcome: &Outcome, event: &str, found: &Contribution) {
    let both = [("dropped", Some(found.dropped)), ("shapley", found.shapley)];
    for (statistic, estimate) in both.into_iter().filter_map(|(s, e)| e.map(|e| (s, e))) {
        table.push(&[
            Cell::Text(outcome.name()),
            Cell::Text(outcome.unit()),
            Cell::Text(event),
            Cell::Text(statistic),
            Cell::Real(estimate.value),
            Cell::Real(estimate.low),
            Cell::Real(estimate.high),
        ]);
    }
}

fn headings() -> Vec<String> {
    ["outcome", "event", "it adds", "95 % interval", "Shapley value", "95 % interval"]
        .map(str::to_owned)
        .to_vec()
}

fn line(outcome: &Outcome, event: &str, found: &Contribution) -> Vec<String> {
    let decimals = match outcome.unit() {
        "day" | "persons" => 1,
        _ => 3,
    };
    let interval = |e: Estimate| {
        if e.low.is_nan() {
            "one replicate".to_owned()
        } else {
            format!("{:+.decimals$} to {:+.decimals$}", e.low, e.high)
        }
    };
    let shapley = found.shapley.map_or_else(
        || (String::new(), String::new()),
        |s| (format!("{:+.decimals$}", s.value), interval(s)),
    );
    vec![
        format!("{} ({})", outcome.name(), outcome.unit()),
        event.to_owned(),
        format!("{:+.decimals$}", found.dropped.value),
        interval(found.dropped),
        shapley.0,
        shapley.1,
    ]
}

/// One outcome of one replicate of one history in a row.
fn trials_table(masks: &[u64], events: &[String], outcomes: &[Outcome], trials: &[Trial]) -> Table {
    let mut table = Table::new(
        "trials",
        "one outcome of one replicate of one history",
        &[
            ("kept", Kind::Text, "", "the events that were kept, of those that were named"),
            ("replicate", Kind::Int, "", "replicate"),
            ("outcome", Kind::Text, "", "what was measured"),
            ("unit", Kind::Text, "", "its unit"),
            ("value", Kind::Real, "", "its value; empty if it never came"),
        ],
    );
    for trial in trials {
        let kept = events.iter().enumerate().filter(|(i, _)| masks[trial.variant] & (1 << i) != 0);
        let kept = kept.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" ");
        for (outcome, value) in outcomes.iter().zip(&trial.values) {
            table.push(&[
                Cell::Text(&kept),
                Cell::Int(trial.replicate as i64),
                Cell::Text(outcome.name()),
                Cell::Text(outcome.unit()),
                Cell::Real(value.unwrap_or(f64::NAN)),
            ]);
        }
    }
    table
}
