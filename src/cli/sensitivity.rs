//! `sensitivity`: which parameters the outcomes hang on, by elementary effects and by shares of variance.

use serde_json::json;

use super::args::{SensitivityArgs, SensitivityMethod};
use super::calibrate;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::sweep::{axis_failure, trials_table};
use super::text_table::align;
use super::trials::{self, Finished};
use crate::charts;
use crate::experiment::design::{self, Axis, Point, SOBOL_DIMENSIONS};
use crate::experiment::sensitivity::{Estimate, Saltelli, Trajectories};
use crate::experiment::{Outcome, Survey, by_variant};
use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::scenario::Scenario;

/// The table of trials: name and meaning.
const TRIALS: (&str, &str) = ("trials", "one outcome of one replicate at one point of the designs");

/// Runs the designs and writes what they say.
pub(super) fn sensitivity(args: &SensitivityArgs) -> Result<Exit, Failure> {
    let delivery = &args.trials.delivery;
    let scenario = trials::load(args.scenario.as_deref(), &args.changes, &args.trials)?;
    let free = calibrate::parameters(&args.parameters, &scenario)?;
    let axes = free.iter().map(|f| Axis::between(&f.key, (f.low, f.high), &scenario));
    let axes = axes.collect::<Result<Vec<_>, _>>().map_err(|e| axis_failure(&e))?;
    let plan = Plan::new(args, axes.len(), scenario.seed())?;
    let outcomes = trials::outcomes(&args.trials.outcomes, &scenario)?;
    let begun = trials::begin("sensitivity", &scenario, delivery, args.trials.resume)?;
    let point = |unit: &Vec<f64>| axes.iter().zip(unit).map(|(axis, u)| axis.at(*u)).collect();
    let points: Vec<Point> = plan.points().iter().map(point).collect();
    let variants: Vec<Vec<String>> = points.iter().map(|p| design::settings(&axes, p)).collect();
    let survey = Survey::new(&scenario, &variants, &outcomes, delivery.threads);
    if !delivery.quiet {
        say(&format!(
            "{} parameters, {} points, {} replicates each",
            axes.len(),
            variants.len(),
            survey.replicates
        ));
    }
    let Some((all, seconds)) = trials::run(&survey, &begun.0, args.trials.resume, delivery)? else {
        return Ok(Exit::Interrupted);
    };
    let mut findings = Findings::new();
    for (index, outcome) in outcomes.iter().enumerate() {
        let values = numbers_of(&scenario, outcome, &by_variant(&all, variants.len(), index));
        match values {
            Some(values) => findings.add(&plan, &axes, outcome, &values),
            None => say(&format!("warning: {outcome} was not measured everywhere; left out")),
        }
    }
    let tables = TableSet {
        tables: vec![findings.morris, findings.sobol, trials_table(TRIALS, &axes, &points, &outcomes, &all)],
    };
    let finished = Finished { command: "sensitivity", survey: &survey, tables: &tables, seconds };
    let (folder, whereabouts) = finished.write(begun, delivery, charts::draw_estimates)?;
    if delivery.json {
        let summary = json!({
            "scenario": scenario.name(), "folder": folder.display().to_string(), "points": variants.len(),
            "replicates": survey.replicates, "ranking": findings.sentences, "seconds": seconds,
        });
        print(&format!("{summary}\n"))?;
    } else if !delivery.quiet {
        let mut text = format!("\n{}\n", align(&findings.lines));
        for sentence in &findings.sentences {
            text.push_str(&format!("  {sentence}\n"));
        }
        text.push_str(&whereabouts);
        print(&text)?;
    }
    Ok(Exit::Done)
}

/// The designs that were asked for; the points of the first come first.
struct Plan {
    morris: Option<Trajectories>,
    sobol: Option<Saltelli>,
}

impl Plan {
    fn new(args: &SensitivityArgs, parameters: usize, seed: u64) -> Result<Self, Failure> {
        let wanted = |method| args.method.contains(&method);
        if wanted(SensitivityMethod::Sobol) && 2 * parameters > SOBOL_DIMENSIONS {
            return Err(Failure::usage(
                format!(
                    "{parameters} parameters are too many for Sobol indices, {} is the most",
                    SOBOL_DIMENSIONS / 2
                ),
                "screen them with --method morris first",
            ));
        }
        Ok(Self {
            morris: wanted(SensitivityMethod::Morris)
                .then(|| Trajectories::new(parameters, args.trajectories as usize, seed)),
            sobol: wanted(SensitivityMethod::Sobol)
                .then(|| Saltelli::new(parameters, args.points as usize, seed)),
        })
    }

    fn points(&self) -> Vec<Vec<f64>> {
        let mut points = self.morris.as_ref().map_or_else(Vec::new, |m| m.points().to_vec());
        points.extend(self.sobol.iter().flat_map(Saltelli::points));
        points
    }
}

/// One number a point: the mean over replicates, where a day that never comes is the day after the last one. `None` if
/// something else was not measured.
fn numbers_of(scenario: &Scenario, outcome: &Outcome, values: &[Vec<Option<f64>>]) -> Option<Vec<f64>> {
    let never = outcome.when_never(scenario);
    values
        .iter()
        .map(|of_point| {
            let all: Option<Vec<f64>> = of_point.iter().map(|v| v.or(never)).collect();
            all.map(|all| all.iter().sum::<f64>() / all.len() as f64)
        })
        .collect()
}

/// Tables, lines for the terminal and sentences.
struct Findings {
    morris: Table,
    sobol: Table,
    lines: Vec<Vec<String>>,
    sentences: Vec<String>,
}

impl Findings {
    fn new() -> Self {
        let table = |name: &str, meaning: &str, statistic: &str| {
            let columns = [
                ("outcome", Kind::Text, "", "what was measured"),
                ("unit", Kind::Text, "", "its unit"),
                ("parameter", Kind::Text, "", "key in the scenario"),
                ("low", Kind::Real, "", "lower end of the 95 % interval"),
                ("high", Kind::Real, "", "upper end of the 95 % interval"),
                ("statistic", Kind::Text, "", statistic),
                ("value", Kind::Real, "", "its value"),
                ("rank", Kind::Int, "", "1 for the parameter that matters most"),
            ];
            Table::new(name, meaning, &columns)
        };
        Self {
            morris: table(
                "morris",
                "elementary effects of parameters over their ranges, in the unit of the outcome",
                "size: mean size of the effect; mean: mean effect; spread: standard deviation",
            ),
            sobol: table(
                "sobol",
                "shares of the variance of the outcome",
                "first: by itself; total: with all it takes part in",
            ),
            lines: vec![
                ["outcome", "method", "parameter", "estimate", "95 % interval", "spread or first order"]
                    .map(str::to_owned)
                    .to_vec(),
            ],
            sentences: Vec::new(),
        }
    }

    fn add(&mut self, plan: &Plan, axes: &[Axis], outcome: &Outcome, values: &[f64]) {
        let split = plan.morris.as_ref().map_or(0, |m| m.points().len());
        let nothing = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
        if let Some(morris) = &plan.morris {
            let effects = morris.effects(&values[..split]);
            let order = ranked(effects.iter().map(|e| e.size.value));
            for (rank, &i) in order.iter().enumerate() {
                let (effect, key) = (effects[i], axes[i].key());
                let plain = |value| Estimate { value, ..nothing };
                for (statistic, estimate) in
                    [("size", effect.size), ("mean", plain(effect.mean)), ("spread", plain(effect.spread))]
                {
                    push(&mut self.morris, outcome, key, statistic, estimate, rank);
                }
                self.line(outcome, "morris", key, effect.size, &number(effect.spread));
            }
            let first = order.first().map(|&i| (axes[i].key(), effects[i]));
            if let Some((key, effect)) = first.filter(|(_, e)| e.size.value > 0.0) {
                let uneven = effect.spread > effect.size.value;
                self.sentences.push(format!(
                    "{outcome}: {key} matters most; over its range it moves the outcome by {} on average{}{}",
                    number(effect.size.value),
                    if uneven { ", very unevenly: it interacts or bends" } else { "" },
                    runners_up(&order, axes, |i| effects[i].size),
                ));
            } else {
                self.sentences.push(format!("{outcome}: no parameter moves it"));
            }
        }
        if let Some(sobol) = &plan.sobol {
            let indices = sobol.indices(&values[split..]);
            let order = ranked(indices.iter().map(|e| e.total.value));
            for (rank, &i) in order.iter().enumerate() {
                let key = axes[i].key();
                push(&mut self.sobol, outcome, key, "first", indices[i].first, rank);
                push(&mut self.sobol, outcome, key, "total", indices[i].total, rank);
                self.line(outcome, "sobol", key, indices[i].total, &number(indices[i].first.value));
            }
            let first = order.first().map(|&i| (axes[i].key(), indices[i]));
            if let Some((key, of)) = first.filter(|(_, of)| of.total.value.is_finite()) {
                self.sentences.push(format!(
                    "{outcome}: {key} accounts for {:.0} % of the variance by itself and {:.0} % ({:.0} to {:.0}) with \
                     all it takes part in{}",
                    100.0 * of.first.value,
                    100.0 * of.total.value,
                    100.0 * of.total.low,
                    100.0 * of.total.high,
                    runners_up(&order, axes, |i| indices[i].total),
                ));
            } else {
                self.sentences.push(format!("{outcome}: it is the same everywhere, so nothing explains it"));
            }
        }
    }

    fn line(&mut self, outcome: &Outcome, method: &str, key: &str, estimate: Estimate, other: &str) {
        self.lines.push(vec![
            outcome.name().to_owned(),
            method.to_owned(),
            key.to_owned(),
            number(estimate.value),
            format!("{} to {}", number(estimate.low), number(estimate.high)),
            other.to_owned(),
        ]);
    }
}

fn push(table: &mut Table, outcome: &Outcome, key: &str, statistic: &str, estimate: Estimate, rank: usize) {
    table.push(&[
        Cell::Text(outcome.name()),
        Cell::Text(outcome.unit()),
        Cell::Text(key),
        Cell::Real(estimate.low),
        Cell::Real(estimate.high),
        Cell::Text(statistic),
        Cell::Real(estimate.value),
        Cell::Int(rank as i64 + 1),
    ]);
}

/// Numbers of the parameters, the largest value first.
fn ranked(values: impl Iterator<Item = f64>) -> Vec<usize> {
    let values: Vec<f64> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    order
}

/// The two that follow, and whether the first can be told from the second.
fn runners_up(order: &[usize], axes: &[Axis], of: impl Fn(usize) -> Estimate) -> String {
    let next: Vec<&str> = order.iter().skip(1).take(2).map(|&i| axes[i].key()).collect();
    if next.is_empty() {
        return String::new();
    }
    let (first, second) = (of(order[0]), of(order[1]));
    let unsure = second.high >= first.low;
    format!(
        "; then {}{}",
        next.join(", "),
        if unsure { " (first and second cannot be told apart)" } else { "" }
    )
}

fn number(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "–".to_owned(),
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
