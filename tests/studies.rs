//! `october sweep | sensitivity | ablate`: many variants of a scenario, one tidy table.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

const SMALL: [&str; 9] = ["--agents", "3k", "--days", "10", "--replicates", "2", "--seed", "7", "-q"];

fn october(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_october"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room")
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).expect("written").lines().map(str::to_owned).collect()
}

const GRID: [&str; 8] = [
    "sweep",
    "--vary",
    "attitude.rate=0.005,0.02",
    "--vary",
    "leadership.central-committee.from=1917-10-01..1917-10-11:3",
    "--outcome",
    "measure:esteban_ray",
    "--outcome=transfer-day",
];

#[test]
fn a_grid_is_one_row_an_outcome_a_replicate_a_point_on_the_same_draws() {
    let home = folder();
    october(home.path()).args(GRID).args(SMALL).args(["--out", "s"]).assert().success();
    let rows = lines(&home.path().join("s/sweep.csv"));
    assert_eq!(rows[0], "point,attitude.rate,leadership.central-committee.from,replicate,outcome,unit,value");
    assert_eq!(rows.len(), 1 + 6 * 2 * 2);
    let value = |starts: &str| -> f64 {
        let row = rows.iter().find(|row| row.starts_with(starts)).expect("a point of the grid");
        row.rsplit(',').next().expect("cells").parse().expect("it is always measured")
    };
    // Nobody decides before October is there: points that differ in that alone share every draw.
    let esteban_ray = ",0,measure:esteban_ray";
    let first = value(&format!("0,0.005,1917-10-01{esteban_ray}"));
    assert_eq!(first.to_bits(), value(&format!("2,0.005,1917-10-11{esteban_ray}")).to_bits());
    assert_ne!(first.to_bits(), value(&format!("3,0.02,1917-10-01{esteban_ray}")).to_bits());
    assert!(rows.iter().any(|row| row.ends_with("transfer-day,day,")), "never is an empty cell");
    let points = lines(&home.path().join("s/sweep_points.csv"));
    assert_eq!(points.len(), 1 + 6 * 2);
    for chart in ["sweep_1.svg", "sweep_2.png"] {
        assert!(home.path().join("s/charts").join(chart).is_file(), "{chart}");
    }
    assert!(!home.path().join("s.trials.csv").exists(), "the journal has served");
    let run = |point: &str, more: [&str; 2]| {
        let line = ["run", "--agents", "3k", "--days", "10", "--seed", "7", "-q", "--no-charts"];
        october(home.path()).args(line).args(["--out", point]).args(more).assert().success();
        let measures = lines(&home.path().join(point).join("measures.csv"));
        let row = measures.iter().rev().find(|r| r.contains(",esteban_ray,all,")).expect("measured");
        row.rsplit(',').next().expect("cells").parse::<f64>().expect("a number")
    };
    assert_eq!(run("one", ["--set", "attitude.rate=0.005"]).to_bits(), first.to_bits());
}

#[test]
fn killed_at_any_moment_a_sweep_goes_on_and_ends_in_the_same_table() {
    let home = folder();
    let line = |out: &str| {
        let mut command = october(home.path());
        command.args(GRID).args(SMALL).args(["--no-charts", "--out", out]);
        command
    };
    line("whole").assert().success();
    let mut resumed = 0;
    for milliseconds in [60, 150, 300] {
        let out = format!("killed-{milliseconds}");
        let killed = line(&out).timeout(Duration::from_millis(milliseconds)).output().expect("it starts");
        let journal = home.path().join(format!("{out}.trials.csv"));
        if killed.status.success() || !journal.exists() {
            continue;
        }
        resumed += 1;
        // Nobody loses a journal by typing the line again.
        line(&out).assert().code(2);
        line(&out).arg("--resume").assert().success();
        for table in ["sweep.csv", "sweep_points.csv"] {
            let whole = fs::read(home.path().join("whole").join(table)).expect("written");
            assert_eq!(whole, fs::read(home.path().join(&out).join(table)).expect("written"), "{table}");
        }
    }
    assert!(resumed > 0 || cfg!(not(debug_assertions)), "a debug build is slower than 60 milliseconds");
}

#[test]
fn other_designs_fill_the_range() {
    let home = folder();
    for design in ["lhs", "sobol"] {
        let line = ["sweep", "--vary", "choice.conformity=0.5..1.5", "--design", design, "--points", "5"];
        let out = ["--outcome", "measure:esteban_ray", "--no-charts", "--out", design];
        october(home.path()).args(line).args(SMALL).args(out).assert().success();
        let rows = lines(&home.path().join(design).join("sweep_points.csv"));
        let settings: Vec<f64> = rows[1..]
            .iter()
            .map(|row| row.split(',').nth(1).expect("cells").parse().expect("a number"))
            .collect();
        assert_eq!(settings.len(), 5);
        assert!(settings.iter().all(|s| (0.5..=1.5).contains(s)), "{settings:?}");
    }
}

#[test]
fn sensitivity_ranks_what_matters_above_what_does_not() {
    let home = folder();
    // A waverer's share of power matters to nobody in the first ten days.
    let line = [
        "sensitivity",
        "--parameters",
        "attitude.rate=0.005..0.03,power.guard_share=0.04..0.08",
        "--method",
        "morris,sobol",
        "--trajectories",
        "3",
        "--points",
        "4",
        "--outcome",
        "measure:esteban_ray",
        "--out",
        "s",
    ];
    let output = october(home.path()).args(line).args(SMALL).arg("--json").output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("attitude.rate matters most"), "{said}");
    let morris = lines(&home.path().join("s/morris.csv"));
    let of = |key: &str, statistic: &str| -> f64 {
        let row = morris.iter().find(|r| r.contains(key) && r.contains(&format!(",{statistic},")));
        row.expect("a row").split(',').nth_back(1).expect("cells").parse().expect("a number")
    };
    assert!(of("attitude.rate", "size") > 0.0);
    assert_eq!(of("power.guard_share", "size"), 0.0);
    assert!(home.path().join("s/charts/morris_1.svg").is_file());
    assert!(home.path().join("s/charts/sobol_1.svg").is_file());
    assert_eq!(lines(&home.path().join("s/trials.csv")).len(), 1 + (3 * 3 + 4 * 4) * 2);
}

#[test]
fn an_event_that_has_not_come_yet_adds_nothing() {
    let home = folder();
    let line =
        ["ablate", "--events", "kornilov,july-repression", "--outcome", "measure:esteban_ray", "--out", "a"];
    october(home.path()).args(line).args(SMALL).assert().success();
    let rows = lines(&home.path().join("a/ablation.csv"));
    assert_eq!(rows.len(), 1 + 2 * 2);
    for row in &rows[1..] {
        assert!(row.ends_with(",0,0,0"), "{row}");
    }
    assert_eq!(lines(&home.path().join("a/trials.csv")).len(), 1 + 4 * 2);
    assert!(home.path().join("a/charts/ablation_1.svg").is_file());
}

#[test]
fn what_cannot_be_varied_measured_or_dropped_is_said_with_a_suggestion() {
    let home = folder();
    for (line, part) in [
        (&["sweep", "--vary", "choice.conformty=1..2:3"][..], "neither a number nor a date"),
        (&["sweep", "--vary", "choice.conformity=1..2"], "no number of values"),
        (&["sweep", "--vary", "choice.conformity=-3..2:3"], "expected a number from"),
        (&["sweep", "--vary", "choice.conformity=1,2", "--outcome", "transfr"], "did you mean `transfer`?"),
        (&["ablate", "--events", "kornilof"], "did you mean `kornilov`?"),
        (&["sensitivity", "--parameters", "choice.conformity=2..1"], "is empty"),
    ] {
        let output = october(home.path()).args(line).args(["--out", "x"]).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(part), "{said}");
        assert!(!home.path().join("x").exists());
    }
}
