//! `sweep`: a design of settings, replicates at each of its points, one tidy table.

use serde_json::json;

use super::args::{Design, SweepArgs};
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::text_table::align;
use super::trials::{self, Finished};
use crate::charts;
use crate::experiment::design::{self, Axis, AxisError, Point};
use crate::experiment::{Outcome, Spread, Survey, Trial, by_variant};
use crate::observers::table::{Cell, Kind, Table, TableSet};

/// Most lines of a table on the terminal.
const MOST_LINES: usize = 24;

/// The table of a sweep: name and meaning.
const SWEEP: (&str, &str) = ("sweep", "one outcome of one replicate at one point");

/// Runs a design and writes what came out at each of its points.
pub(super) fn sweep(args: &SweepArgs) -> Result<Exit, Failure> {
    let delivery = &args.trials.delivery;
    let scenario = trials::load(args.scenario.as_deref(), &args.changes, &args.trials)?;
    let axes = design::axes(&args.vary, &scenario).map_err(|e| axis_failure(&e))?;
    let points = points(args, &axes, scenario.seed())?;
    let outcomes = trials::outcomes(&args.trials.outcomes, &scenario)?;
    let begun = trials::begin("sweep", &scenario, delivery, args.trials.resume)?;
    let variants: Vec<Vec<String>> = points.iter().map(|p| design::settings(&axes, p)).collect();
    let survey = Survey::new(&scenario, &variants, &outcomes, delivery.threads);
    if !delivery.quiet {
        say(&format!("{} points, {} replicates each", points.len(), survey.replicates));
    }
    let Some((all, seconds)) = trials::run(&survey, &begun.0, args.trials.resume, delivery)? else {
        return Ok(Exit::Interrupted);
    };
    let tables = TableSet {
        tables: vec![
            trials_table(SWEEP, &axes, &points, &outcomes, &all),
            points_table(&axes, &points, &outcomes, &all),
        ],
    };
    let finished = Finished { command: "sweep", survey: &survey, tables: &tables, seconds };
    let (folder, whereabouts) = finished.write(begun, delivery, |tables, caption| {
        charts::draw_sweep(tables, caption, &scenario.date_of(0))
    })?;
    if delivery.json {
        let keys: Vec<&str> = axes.iter().map(Axis::key).collect();
        let names: Vec<&str> = outcomes.iter().map(Outcome::name).collect();
        let summary = json!({
            "scenario": scenario.name(), "folder": folder.display().to_string(), "keys": keys,
            "points": points.len(), "replicates": survey.replicates, "outcomes": names, "seconds": seconds,
        });
        print(&format!("{summary}\n"))?;
    } else if !delivery.quiet {
        let mut text = in_words(&axes, &points, &outcomes, &all);
        text.push_str(&whereabouts);
        print(&text)?;
    }
    Ok(Exit::Done)
}

/// A text that names no axis.
pub(super) fn axis_failure(error: &AxisError) -> Failure {
    Failure::usage(format!("could not vary it: {error}"), error.remedy())
}

fn points(args: &SweepArgs, axes: &[Axis], seed: u64) -> Result<Vec<Point>, Failure> {
    let count = args.points as usize;
    match args.design {
        Design::Grid => design::grid(axes).map_err(|e| axis_failure(&e)),
        Design::Lhs => Ok(design::latin_hypercube(axes, count, seed)),
        Design::Sobol if axes.len() > design::SOBOL_DIMENSIONS => Err(Failure::usage(
            format!("a Sobol sequence has at most {} axes", design::SOBOL_DIMENSIONS),
            "choose --design lhs",
        )),
        Design::Sobol => Ok(design::sobol(axes, count, seed)),
    }
}

type Column<'a> = (&'a str, Kind, &'a str, &'a str);

fn axis_columns(axes: &[Axis]) -> Vec<Column<'_>> {
    let kind = |axis: &Axis| if axis.is_date() { Kind::Text } else { Kind::Real };
    axes.iter().map(|axis| (axis.key(), kind(axis), "", "setting")).collect()
}

fn axis_cells<'p>(axes: &[Axis], point: &'p Point) -> Vec<Cell<'p>> {
    let cell = |(axis, level): (&Axis, &'p design::Level)| {
        if axis.is_date() { Cell::Text(&level.text) } else { Cell::Real(level.number) }
    };
    axes.iter().zip(point).map(cell).collect()
}

/// One outcome of one replicate at one point in a row.
pub(super) fn trials_table(
    (name, meaning): (&str, &str),
    axes: &[Axis],
    points: &[Point],
    outcomes: &[Outcome],
    trials: &[Trial],
) -> Table {
    let mut columns: Vec<Column<'_>> = vec![("point", Kind::Int, "", "number of the point")];
    columns.extend(axis_columns(axes));
    columns.extend([
        ("replicate", Kind::Int, "", "replicate"),
        ("outcome", Kind::Text, "", "what was measured"),
        ("unit", Kind::Text, "", "its unit"),
        ("value", Kind::Real, "", "its value; empty if it never came"),
    ]);
    let mut table = Table::new(name, meaning, &columns);
    for trial in trials {
        for (outcome, value) in outcomes.iter().zip(&trial.values) {
            let mut row = vec![Cell::Int(trial.variant as i64)];
            row.extend(axis_cells(axes, &points[trial.variant]));
            row.extend([
                Cell::Int(trial.replicate as i64),
                Cell::Text(outcome.name()),
                Cell::Text(outcome.unit()),
                Cell::Real(value.unwrap_or(f64::NAN)),
            ]);
            table.push(&row);
        }
    }
    table
}

/// One outcome at one point in a row, over replicates.
fn points_table(axes: &[Axis], points: &[Point], outcomes: &[Outcome], trials: &[Trial]) -> Table {
    let mut columns: Vec<Column<'_>> = vec![("point", Kind::Int, "", "number of the point")];
    columns.extend(axis_columns(axes));
    columns.extend([
        ("outcome", Kind::Text, "", "what was measured"),
        ("unit", Kind::Text, "", "its unit"),
        ("replicates", Kind::Int, "", "replicates"),
        ("never", Kind::Int, "", "replicates in which it never came"),
        ("mean", Kind::Real, "", "mean over the replicates in which it came"),
        ("se", Kind::Real, "", "its standard error"),
        ("q05", Kind::Real, "", "5 % quantile; what never comes is later than everything, and empty"),
        ("q25", Kind::Real, "", "25 % quantile"),
        ("median", Kind::Real, "", "median"),
        ("q75", Kind::Real, "", "75 % quantile"),
        ("q95", Kind::Real, "", "95 % quantile"),
    ]);
    let mut table = Table::new("sweep_points", "one outcome at one point, over replicates", &columns);
    for (index, outcome) in outcomes.iter().enumerate() {
        for (number, values) in by_variant(trials, points.len(), index).iter().enumerate() {
            let spread = Spread::of(values);
            let mut row = vec![Cell::Int(number as i64)];
            row.extend(axis_cells(axes, &points[number]));
            row.extend([
                Cell::Text(outcome.name()),
                Cell::Text(outcome.unit()),
                Cell::Int(spread.replicates as i64),
                Cell::Int(spread.never as i64),
                Cell::Real(spread.mean),
                Cell::Real(spread.error),
            ]);
            row.extend(spread.quantiles.map(Cell::Real));
            table.push(&row);
        }
    }
    table
}

/// A line a point: settings, and the mean or the median of each outcome.
fn in_words(axes: &[Axis], points: &[Point], outcomes: &[Outcome], trials: &[Trial]) -> String {
    let mut rows = vec![axes.iter().map(|a| a.key().to_owned()).collect::<Vec<_>>()];
    rows[0].extend(outcomes.iter().map(|o| o.name().to_owned()));
    let columns: Vec<Vec<Vec<Option<f64>>>> =
        (0..outcomes.len()).map(|o| by_variant(trials, points.len(), o)).collect();
    for (number, point) in points.iter().enumerate().take(MOST_LINES) {
        let mut row: Vec<String> = point.iter().map(|level| level.text.clone()).collect();
        for (outcome, values) in outcomes.iter().zip(&columns) {
            let spread = Spread::of(&values[number]);
            row.push(match outcome.unit() {
                "day" if spread.quantiles[2].is_nan() => "never".to_owned(),
                "day" => format!("{:.0}", spread.quantiles[2]),
                _ if spread.mean.is_nan() => "never".to_owned(),
                "persons" => format!("{:.0}", spread.mean),
                _ => format!("{:.3}", spread.mean),
            });
        }
        rows.push(row);
    }
    let mut text = format!("\n{}", align(&rows));
    if points.len() > MOST_LINES {
        text.push_str(&format!("  … and {} more points\n", points.len() - MOST_LINES));
    }
    text
}
