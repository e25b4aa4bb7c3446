//! Histories side by side: forks, stopping by precision, what a comparison writes.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

const SMALL: [&str; 5] = ["--agents", "4k", "--seed", "7", "--no-charts"];

fn october(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_october"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room")
}

fn read(home: &Path, file: &str) -> String {
    fs::read_to_string(home.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

#[cfg(unix)]
#[test]
fn an_interrupted_fork_goes_on_with_the_replicates_that_are_missing() {
    let home = folder();
    let line = ["run", "--fork", "1917-03-06", "--set", "attitude.rate=0.0", "--days", "12"];
    let more = ["--replicates", "60", "--threads", "1", "--no-charts", "-q", "--agents", "2k"];
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_october"))
        .args(line)
        .args(more)
        .args(["--out", "f"])
        .current_dir(home.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(800));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let code = child.wait().expect("it ends").code();
    // A very fast machine may have been done before, a very slow one not with a single replicate.
    if code == Some(0) || !home.path().join("f").is_dir() {
        return;
    }
    assert_eq!(code, Some(130));
    assert!(read(home.path(), "f/base/manifest.json").contains("\"interrupted\""));
    october(home.path()).args(line).args(more).args(["--out", "f", "--resume"]).assert().success();
    october(home.path()).args(line).args(more).args(["--out", "whole"]).assert().success();
    for file in ["base/support.csv", "fork/support.csv", "fork/bodies.csv", "fork/majorities.csv"] {
        let [a, b] = ["f", "whole"].map(|run| read(home.path(), &format!("{run}/{file}")));
        assert!(a == b, "{file} differs after an interruption");
    }
}

#[test]
fn a_fork_is_two_run_folders_that_are_one_up_to_the_date_and_can_be_verified() {
    let home = folder();
    let line = ["run", "--fork", "1917-03-06", "--set", "attitude.rate=0.0", "--days", "20", "--out", "f"];
    let more = ["--fork-set", "loud:choice.conformity=0.3", "--replicates", "2", "-q"];
    october(home.path()).args(line).args(more).args(SMALL).assert().success();
    let rows = |name: &str| {
        let text = read(home.path(), &format!("f/{name}/support.csv"));
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let before = |rows: &[String]| {
        let early =
            |row: &&String| row.split(',').nth(1).and_then(|d| d.parse().ok()).is_some_and(|d: i64| d < 5);
        rows.iter().filter(early).cloned().collect::<Vec<_>>()
    };
    let (base, fork, loud) = (rows("base"), rows("fork"), rows("loud"));
    assert!(before(&base) == before(&fork));
    assert!(before(&base) == before(&loud));
    assert!(base != fork);
    assert!(fork != loud);
    for name in ["base", "fork", "loud"] {
        october(home.path()).args(["verify", &format!("f/{name}")]).assert().success();
    }
    october(home.path())
        .args(["compare", "f/base", "f/fork", "-q", "--out", "c", "--no-charts"])
        .assert()
        .success();
    assert!(read(home.path(), "c/scenario_diff.csv").contains("attitude.rate=0.0"));
}

#[test]
fn a_scenario_may_name_its_forks() {
    let home = folder();
    let text = "extends = \"petrograd-1917.toml\"\n\n[[fork]]\nname = \"calm\"\ndate = \"1917-03-05\"\n\
                set = [\"attitude.rate=0.0\"]\n";
    fs::write(home.path().join("my.toml"), text).expect("room");
    let line = ["run", "my.toml", "--days", "10", "--out", "f", "-q"];
    october(home.path()).args(line).args(SMALL).assert().success();
    assert!(
        home.path().join("f/base/support.csv").is_file() && home.path().join("f/calm/support.csv").is_file()
    );
    let wrong = text.replace("1917-03-05", "1917-02-31");
    fs::write(home.path().join("my.toml"), wrong).expect("room");
    let output = october(home.path()).args(line).args(SMALL).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("my.toml:"), "{said}");
}

#[test]
fn replicates_are_added_until_the_outcome_is_known_and_no_more() {
    let home = folder();
    let line = ["run", "--days", "10", "--until-se", "0.001", "--outcome", "measure:esteban_ray", "--json"];
    let run = |out: &str, threads: &str| {
        let output = october(home.path())
            .args(line)
            .args(SMALL)
            .args(["--out", out, "--threads", threads])
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("one object")
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    let replicates = one["replicates"].as_u64().expect("a count");
    assert!((8..100).contains(&replicates), "{one}");
    assert!(one["until_se"]["standard_error"].as_f64().expect("a number") <= 0.001);
    assert_eq!(one["replicates"], three["replicates"]);
    assert!(read(home.path(), "one/support.csv") == read(home.path(), "three/support.csv"));
    // What is written says how many replicates it took.
    october(home.path()).args(["verify", "one"]).assert().success();
    let output = october(home.path()).args(["run", "--until-se", "1%"]).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_comparison_says_what_it_compared_and_what_it_could_not() {
    let home = folder();
    let fewer = "extends = \"petrograd-1917.toml\"\n[meta]\nname = \"fewer\"\n[choice]\nconformity = 0.7\n";
    fs::write(home.path().join("fewer.toml"), fewer).expect("room");
    let line = ["compare", "petrograd-1917", "fewer.toml", "--days", "29", "--replicates", "3", "--out", "c"];
    let output =
        october(home.path()).args(line).args(["--agents", "4k", "--seed", "7"]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("shared draws make 3 pairs as exact"), "{said}");
    let differences = read(home.path(), "c/differences.csv");
    for kind in [",support,", ",measure,", ",majority,", ",outcome,"] {
        assert!(differences.contains(kind), "{kind}");
    }
    assert!(read(home.path(), "c/pairing.csv").lines().count() > 1);
    assert!(read(home.path(), "c/scenario_diff.csv").contains("choice.conformity"));
    assert!(home.path().join("c/charts/compare_differences.svg").is_file());
    // Histories of other people: said, not drawn.
    let line = ["compare", "petrograd-1917", "flame-1918", "--days", "5", "--out", "d"];
    let output = october(home.path()).args(line).args(SMALL).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("only in flame-1918"), "{said}");
}
