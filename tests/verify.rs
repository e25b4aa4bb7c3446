//! `october verify`: a run once more, cell by cell.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

fn october(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_october"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room")
}

/// A run of two replicates in the folder `run`.
fn run(home: &Path, more: &[&str]) {
    let line =
        ["run", "--agents", "4k", "--days", "12", "--replicates", "2", "--seed", "7", "--no-charts", "-q"];
    october(home).args(line).args(["--out", "run"]).args(more).assert().success();
}

/// Exit code and stdout of `verify run`.
fn verify(home: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let output = october(home).args(["verify", "run"]).args(more).output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_run_is_identical_to_itself_in_every_format() {
    let home = folder();
    run(home.path(), &["--format", "csv,parquet", "--set", "choice.conformity=0.8"]);
    let (code, said, _) = verify(home.path(), &["--threads", "1"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("identical: "), "{said}");
    let files: usize = said.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a count");
    let written = fs::read_dir(home.path().join("run")).expect("a folder").flatten();
    let tables = written.filter(|e| e.path().extension().is_some_and(|e| e == "csv" || e == "parquet"));
    assert_eq!(files, tables.count());
}

#[test]
fn an_edited_cell_is_found_with_its_day_table_and_row() {
    let home = folder();
    run(home.path(), &[]);
    let path = home.path().join("run/support.csv");
    let text = fs::read_to_string(&path).expect("written");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let edit = |line: &str| {
        let (rest, public) = line.rsplit_once(',').expect("cells");
        format!("{rest},{}", public.parse::<i64>().expect("a count") + 1)
    };
    // A late day of the first replicate, and an earlier one of the second, further down.
    let at = |replicate: &str, day: &str| {
        let start = format!("{replicate},{day},");
        lines.iter().position(|l| l.starts_with(&start)).expect("every day is there")
    };
    let (late, early) = (at("0", "9"), at("1", "5"));
    lines[late] = edit(&lines[late]);
    lines[early] = edit(&lines[early]);
    fs::write(&path, lines.join("\n") + "\n").expect("there is room");
    let (code, said, _) = verify(home.path(), &[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains(&format!("support.csv, day 5, row {early}: `public` is ")), "{said}");
    let (code, said, _) = verify(home.path(), &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).expect("one object");
    assert_eq!(code, Some(3));
    assert_eq!(json["identical"], false);
    assert_eq!(json["first_difference"]["row"], early as u64);
    assert_eq!(json["first_difference"]["day"], 5);

    // A line lost is told as such.
    lines.remove(late);
    fs::write(&path, lines.join("\n") + "\n").expect("there is room");
    let (code, said, _) = verify(home.path(), &[]);
    assert_eq!(code, Some(3));
    assert!(said.contains("rows, and"), "{said}");
    // So is a file that is gone.
    fs::remove_file(&path).expect("it is ours");
    let (code, said, _) = verify(home.path(), &[]);
    assert_eq!(code, Some(3));
    assert!(said.contains("support.csv") && said.contains("missing"), "{said}");
}

#[test]
fn what_cannot_be_verified_is_refused_with_a_remedy() {
    let home = folder();
    let (code, _, said) = verify(home.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    run(home.path(), &[]);
    let manifest = home.path().join("run/manifest.json");
    let text = fs::read_to_string(&manifest).expect("written");

    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version));
    fs::write(&manifest, text.replacen(&version, "\"version\": \"0.0.9\"", 1)).expect("there is room");
    let (code, said_out, said) = verify(home.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("version 0.0.9") && said.contains("help:") && said_out.is_empty(), "{said}");

    fs::write(&manifest, text.replace("\"complete\"", "\"interrupted\"")).expect("there is room");
    let (code, _, said) = verify(home.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("interrupted") && said.contains("--resume"), "{said}");

    fs::write(&manifest, &text).expect("there is room");
    let line = ["compare", "run", "run", "--no-charts", "-q", "--out", "compared"];
    october(home.path()).args(line).assert().success();
    let output = october(home.path()).args(["verify", "compared"]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("october compare") && said.contains("help:"), "{said}");

    let line = ["validate", "run", "--facts", "F01", "--no-charts", "-q", "--out", "card"];
    october(home.path()).args(line).assert().success();
    let output = october(home.path()).args(["verify", "card"]).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));

    // The scenario is what the run is repeated from.
    let scenario = home.path().join("run/scenario.toml");
    let text = fs::read_to_string(&scenario).expect("written");
    fs::write(&scenario, text + "\n# changed\n").expect("there is room");
    let (code, _, said) = verify(home.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("scenario.toml"), "{said}");
}
