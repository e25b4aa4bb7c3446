//! The real program in a temporary folder: exit codes, stdout as data, stderr as talk.
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

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("it is there").next().is_none()
}

/// A run small enough for a test.
const SMALL: [&str; 5] = ["run", "--agents", "8k", "--days", "25"];

#[test]
fn a_run_from_end_to_end() {
    let folder = folder();
    let run = october(folder.path()).args(SMALL).assert().success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(said.contains("public support") && said.contains("charts"), "{said}");
    assert!(run.get_output().stderr.is_empty(), "no terminal, no progress");

    let out = folder.path().join("output/petrograd-1917");
    for file in [
        "manifest.json",
        "scenario.toml",
        "support.csv",
        "bodies.csv",
        "majorities.csv",
        "resolutions.csv",
        "measures.csv",
        "events.csv",
        "power.csv",
        "outcome.csv",
        "parties.csv",
        "names.csv",
    ] {
        assert!(fs::metadata(out.join(file)).is_ok_and(|m| m.len() > 0), "{file}");
    }
    for chart in fs::read_dir(out.join("charts")).expect("charts were drawn") {
        let path = chart.expect("it can be read").path();
        let bytes = fs::read(&path).expect("it can be read");
        match path.extension().and_then(|e| e.to_str()) {
            Some("png") => assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{path:?}"),
            Some("svg") => assert!(bytes.starts_with(b"<svg") || bytes.starts_with(b"<?xml"), "{path:?}"),
            _ => panic!("{path:?} is neither"),
        }
    }

    // The resolved scenario gives the same bytes.
    let again = folder.path().join("again");
    october(folder.path())
        .args([
            "run",
            "output/petrograd-1917/scenario.toml",
            "--no-charts",
            "--quiet",
            "--threads",
            "1",
            "--out",
        ])
        .arg(&again)
        .assert()
        .success();
    for file in ["scenario.toml", "support.csv", "bodies.csv", "measures.csv", "events.csv", "power.csv"] {
        assert_eq!(
            fs::read(out.join(file)).expect("read"),
            fs::read(again.join(file)).expect("read"),
            "{file}"
        );
    }
}

#[test]
fn a_summary_for_scripts() {
    let folder = folder();
    let run = october(folder.path()).args(SMALL).args(["--no-charts", "--json"]).assert().success();
    let json: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("it is JSON");
    for key in [
        "scenario",
        "run_folder",
        "agents",
        "days",
        "seed",
        "replicates",
        "threads",
        "seconds_setup",
        "seconds_steps",
        "seconds_output",
        "agent_days_per_s",
        "bytes_per_agent",
        "peak_rss_mb",
        "majorities",
        "outcome",
    ] {
        assert!(!json[key].is_null() || key == "peak_rss_mb", "{key}");
    }
    assert_eq!((json["agents"].as_u64(), json["days"].as_u64()), (Some(8000), Some(25)));
}

#[test]
fn the_summary_on_a_terminal() {
    let folder = folder();
    let run = october(folder.path()).args(SMALL).arg("--no-charts").assert().success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    // What time and machine decide is left out.
    let stable: String =
        said.lines().filter(|l| !l.contains("agent-days")).map(|l| format!("{l}\n")).collect();
    insta::assert_snapshot!("summary", stable);
}

#[test]
fn a_folder_is_not_overwritten_unasked() {
    let folder = folder();
    october(folder.path()).args(SMALL).args(["--no-charts", "-q"]).assert().success();
    let manifest = folder.path().join("output/petrograd-1917/manifest.json");
    let before = fs::read(&manifest).expect("written");
    let refused = october(folder.path()).args(SMALL).args(["--no-charts", "-q"]).assert().code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("--overwrite"), "{said}");
    assert_eq!(fs::read(&manifest).expect("still there"), before);
    october(folder.path()).args(SMALL).args(["--no-charts", "-q", "--overwrite"]).assert().success();
}

#[test]
fn wrong_input_writes_nothing() {
    let folder = folder();
    let big = folder.path().join("big.toml");
    fs::write(&big, vec![b'#'; 100 << 20]).expect("there is room");
    let elsewhere = tempfile::tempdir().expect("there is room");
    let cases: &[(&[&str], i32)] = &[
        (&["run", "no-such-file.toml"], 2),
        (&["run", "."], 2),
        (&["run", "big.toml"], 2),
        (&["run", "--agents", "0"], 2),
        (&["run", "--agents", "-5"], 2),
        (&["run", "--agents", "10T"], 4),
        (&["run", "--agents", "NaN"], 2),
        (&["run", "--days", "0"], 2),
        (&["run", "--days", "100000"], 2),
        (&["run", "--set", "attitude.rate=nan"], 2),
        (&["run", "--set", "attitude.rate=2"], 2),
        (&["run", "--set", "time.end=1917-02-01"], 2),
        (&["run", "--set", "nonsense"], 2),
        (&["run", "--set", "place.vyborg.people.worker=-1"], 2),
        (&["run", "--agents", "1M", "--memory-limit", "1M"], 4),
        (&["run", "--resume"], 2),
        (&["run", "--colour"], 2),
        (&["compare", "petrograd-1917"], 2),
        (&["compare", "no-such-run", "neither"], 2),
        (&["scenario", "show", "no-such-file.toml"], 2),
        (&["scenario", "odd", "no-such-file.toml"], 2),
        (&["validate", "no-such-file.toml"], 2),
        (&["validate", "petrograd-1917", "--facts", "F99"], 2),
        (&["validate", "petrograd-1917", "--baseline", "no-such-file.txt"], 2),
        (&["validate", "no-kornilov", "--strict"], 2),
        (&["validate", "petrograd-1917", "--update-baseline"], 2),
        (&["scenario", "check", "--set", "choice.blame=99"], 3),
        (&["dance"], 2),
    ];
    for (typed, code) in cases {
        let ended =
            october(folder.path()).args(*typed).args(extra(typed, elsewhere.path())).assert().code(*code);
        let said = String::from_utf8_lossy(&ended.get_output().stderr).into_owned();
        assert!(said.contains("error"), "{typed:?} said {said}");
        assert!(!said.contains("panicked"), "{typed:?} said {said}");
        assert!(ended.get_output().stdout.is_empty(), "{typed:?}");
        assert!(is_empty(elsewhere.path()), "{typed:?} wrote something");
    }
    assert!(!folder.path().join("output").exists(), "nothing was written");
}

/// Runs and comparisons are sent to a folder that must stay empty.
fn extra(typed: &[&str], folder: &Path) -> Vec<String> {
    if ["run", "compare", "validate"].contains(&typed[0]) && !typed.contains(&"--resume") {
        vec!["--out".to_owned(), folder.join("run").display().to_string()]
    } else {
        vec![]
    }
}

#[test]
fn two_histories_side_by_side() {
    let folder = folder();
    for (name, set) in [("a", "choice.conformity=1.1"), ("b", "choice.conformity=0.2")] {
        october(folder.path())
            .args(SMALL)
            .args(["--replicates", "2", "--no-charts", "-q", "--set", set, "--out", name])
            .assert()
            .success();
    }
    let compared = october(folder.path()).args(["compare", "a", "b"]).assert().success();
    let said = String::from_utf8_lossy(&compared.get_output().stdout).into_owned();
    assert!(said.contains("choice.conformity") && said.contains("first majority"), "{said}");
    let out = folder.path().join("output/compare-a-b");
    for file in ["first_majorities.csv", "differences.csv", "manifest.json"] {
        assert!(out.join(file).exists(), "{file}");
    }
    assert!(fs::read_dir(out.join("charts")).expect("charts were drawn").count() >= 4);
}

#[test]
fn scenarios_are_run_to_be_compared() {
    let folder = folder();
    let compared = october(folder.path())
        .args([
            "compare",
            "petrograd-1917",
            "no-kornilov",
            "--agents",
            "8k",
            "--days",
            "20",
            "--no-charts",
            "--json",
        ])
        .assert()
        .success();
    let json: serde_json::Value = serde_json::from_slice(&compared.get_output().stdout).expect("it is JSON");
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn facts_are_decided_and_held_against_a_baseline() {
    let folder = folder();
    let validate = |more: &[&str]| {
        let mut command = october(folder.path());
        command.args(["validate", "petrograd-1917", "--agents", "8k", "--replicates", "2"]);
        command.args(["--facts", "F01,F26,F36", "--overwrite", "--out", "facts"]).args(more);
        command
    };
    let json = validate(&["--json"]).assert().success();
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).expect("it is JSON");
    assert_eq!(json["facts"].as_array().map(Vec::len), Some(3));
    // What needs histories that the scenario lacks is left open, not failed.
    assert_eq!(json["facts"][2]["holds"], serde_json::Value::Null);
    let table = fs::read_to_string(folder.path().join("facts/facts.csv")).expect("it is written");
    assert!(table.starts_with("id,statistic,value,lo,hi,holds,needs,note"), "{table}");
    assert_eq!(table.lines().count(), 4);
    for file in ["fact_values.csv", "fact_series.csv", "charts/facts.png", "charts/fact_f01.svg"] {
        assert!(folder.path().join("facts").join(file).exists(), "{file}");
    }
    // Only the deliberate command writes the baseline; a fact in it that does not hold fails a strict run.
    let quiet = ["--no-charts", "--quiet", "--baseline", "held.txt"];
    validate(&[&quiet[..], &["--update-baseline"]].concat()).assert().success();
    validate(&[&quiet[..], &["--strict"]].concat()).assert().success();
    fs::write(folder.path().join("held.txt"), "F36\n").expect("there is room");
    let lost = validate(&[&quiet[..], &["--strict"]].concat()).assert().code(3);
    assert!(String::from_utf8_lossy(&lost.get_output().stderr).contains("F36"));
    validate(&quiet).assert().success();
    assert_eq!(fs::read_to_string(folder.path().join("held.txt")).expect("read"), "F36\n");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_kept_and_goes_on() {
    let folder = folder();
    let typed = ["run", "--agents", "300k", "--no-charts", "--out", "run"];
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_october"))
        .args(typed)
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let code = child.wait().expect("it ends").code();
    // On a very fast machine the run may have ended before the signal came.
    if code == Some(0) {
        return;
    }
    assert_eq!(code, Some(130));
    let manifest = fs::read_to_string(folder.path().join("run/manifest.json")).expect("it is kept");
    assert!(manifest.contains("\"interrupted\""));
    october(folder.path())
        .args(["run", "run/scenario.toml", "--out", "run", "--resume", "--no-charts", "-q"])
        .assert()
        .success();
    october(folder.path())
        .args(["run", "--agents", "300k", "--no-charts", "-q", "--out", "whole"])
        .assert()
        .success();
    for file in ["support.csv", "bodies.csv", "majorities.csv", "events.csv", "outcome.csv"] {
        let [a, b] = ["run", "whole"].map(|f| fs::read(folder.path().join(f).join(file)).expect("written"));
        assert!(a == b, "{file} differs after an interruption");
    }
}

#[test]
fn saving_along_the_way_changes_nothing() {
    let folder = folder();
    october(folder.path())
        .args(SMALL)
        .args(["--replicates", "3", "--no-charts", "-q", "--checkpoint-every", "7", "--out", "saved"])
        .assert()
        .success();
    october(folder.path())
        .args(SMALL)
        .args(["--replicates", "3", "--no-charts", "-q", "--out", "plain"])
        .assert()
        .success();
    for file in ["support.csv", "bodies.csv", "measures.csv"] {
        let [a, b] = ["saved", "plain"].map(|f| fs::read(folder.path().join(f).join(file)).expect("written"));
        assert!(a == b, "{file}");
    }
}

const BALLOTS: &str = "\
date_os,place,electorate,party,votes,share_pct,source
1917-06-25,Moscow,all voters,bolshevik,,11.5,a book
1917-06-25,Moscow,all voters,kadet,,16.8,a book
1917-06-25,Atlantis,all voters,kadet,,16.8,a book
";

#[test]
fn rows_of_a_reader_are_held_against_the_model() {
    let folder = folder();
    fs::write(folder.path().join("mine.csv"), BALLOTS).expect("there is room");
    let line = ["validate", "russia-1917", "--no-facts", "--evidence", "mine.csv", "--agents", "20k"];
    let more = ["--replicates", "2", "--out", "card"];
    let run = october(folder.path()).args(line).args(more).assert().success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(said.contains("mine.csv:4:") && said.contains("Atlantis"), "{said}");
    for file in ["scorecard.csv", "skill.csv", "unusable.csv", "charts/scorecard_ballots.png"] {
        assert!(folder.path().join("card").join(file).is_file(), "{file}");
    }
    let card = fs::read_to_string(folder.path().join("card/scorecard.csv")).expect("it is text");
    assert_eq!(card.lines().filter(|l| l.starts_with("ballot/")).count(), 2, "{card}");
    let manifest = fs::read_to_string(folder.path().join("card/manifest.json")).expect("it is text");
    assert!(manifest.contains("bibliography") && manifest.contains("Rabinowitch"), "works are cited");
}

#[test]
fn bad_evidence_is_refused_with_its_place() {
    let folder = folder();
    for (text, place) in [
        (BALLOTS.replace("11.5", "111.5"), "bad.csv:2:"),
        (BALLOTS.replace("06-25,Moscow,all voters,kadet", "06-31,Moscow,all voters,kadet"), "bad.csv:3:1"),
        (BALLOTS.replace(",source", "").replace(",a book", ""), "bad.csv:1:1"),
    ] {
        fs::write(folder.path().join("bad.csv"), text).expect("there is room");
        let line = [
            "validate",
            "russia-1917",
            "--no-facts",
            "--evidence",
            "bad.csv",
            "--agents",
            "20k",
            "--out",
            "card",
        ];
        let run = october(folder.path()).args(line).assert().code(2);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains(place), "{said}");
        assert!(!folder.path().join("card").exists(), "nothing was written");
    }
    fs::write(folder.path().join("bad.csv"), BALLOTS.replace("Moscow", "Lemuria")).expect("there is room");
    let line = ["validate", "russia-1917", "--no-facts", "--evidence", "bad.csv", "--agents", "20k"];
    october(folder.path()).args(line).assert().code(2);
}

#[test]
fn a_calibration_writes_a_scenario_that_runs() {
    let folder = folder();
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/country.toml"),
        folder.path().join("country.toml"),
    )
    .expect("there is room");
    let rows = "date_os,place,electorate,party,votes,share_pct,source\n1930-01-10,north,all voters,left,,60,a book\n";
    fs::write(folder.path().join("rows.csv"), rows).expect("there is room");
    let line = ["calibrate", "country.toml", "--evidence", "rows.csv", "--fit-share", "1", "--agents", "2k"];
    let more = [
        "--parameters",
        "class.townsfolk.position.mean=-0.5..0.9",
        "--generations",
        "2",
        "--out",
        "fit",
        "--quiet",
    ];
    october(folder.path()).args(line).args(more).assert().success();
    let fitted = fs::read_to_string(folder.path().join("fit/fitted.toml")).expect("it is text");
    assert!(fitted.contains("position.mean = ") && fitted.contains("[[citation]]"), "{fitted}");
    for file in ["fitted.csv", "posterior.csv", "evaluations.csv", "skill.csv"] {
        assert!(folder.path().join("fit").join(file).is_file(), "{file}");
    }
    october(folder.path()).args(["scenario", "check", "fit/fitted.toml"]).assert().success();
}

#[test]
fn numbers_without_a_source_are_listed() {
    let folder = folder();
    let shipped = ["scenario", "check", "capitals-1917", "--sources", "--ledger", "ledger.csv"];
    october(folder.path()).args(shipped).assert().success();
    let ledger = fs::read_to_string(folder.path().join("ledger.csv")).expect("it was written");
    assert!(ledger.lines().count() > 1000);
    let mine = "extends = \"petrograd-1917.toml\"\n\n[[event]]\nname = \"feast\"\nkind = \"propaganda\"\n\
                date = \"1917-05-01\"\n\n[[event.effect]]\non = \"press\"\nparty = \"sr\"\namount = 0.1\n";
    fs::write(folder.path().join("mine.toml"), mine).expect("there is room");
    let run = october(folder.path()).args(["scenario", "check", "mine.toml", "--sources"]).assert();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    let told = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    run.code(3);
    assert!(said.contains("mine.toml:") && said.contains("event.feast"), "{said} {told}");
}

#[test]
fn packagers_are_served() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish"] {
        october(folder.path()).args(["completions", shell]).assert().success();
    }
    october(folder.path()).arg("man").assert().success();
    october(folder.path()).args(["scenario", "list"]).assert().success();
    october(folder.path()).args(["scenario", "diff", "petrograd-1917", "no-kornilov"]).assert().success();
}

#[test]
fn a_benchmark_for_scripts() {
    let folder = folder();
    let run = october(folder.path())
        .args(["bench", "--json", "--agents", "5k", "--threads", "1,2", "--days", "2"])
        .assert()
        .success();
    let json: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("it is JSON");
    assert_eq!(json["results"].as_array().map(Vec::len), Some(2));
    let times = |run: usize| {
        let result = &json["results"][run];
        [&result["times_quartiles"][0], &result["times"], &result["times_quartiles"][1]]
            .map(|value| value.as_f64().expect("a number"))
    };
    assert_eq!(times(0), [1.0; 3], "the first number of threads is what others are held against");
    assert!(times(1).is_sorted() && times(1)[0] > 0.0, "{:?}", times(1));
    assert!(json["copy_gb_per_s"].as_f64().is_some_and(|v| v > 0.0));
}

#[test]
fn help_teaches() {
    let folder = folder();
    for (name, typed) in [("help", &["--help"][..]), ("help_run", &["run", "--help"])] {
        let help = october(folder.path()).args(typed).assert().success();
        insta::assert_snapshot!(name, String::from_utf8_lossy(&help.get_output().stdout));
    }
}

#[test]
fn tasks_of_the_benchmark_say_what_they_ran() {
    let folder = folder();
    let run = october(folder.path())
        .args(["bench", "--json", "--task", "full,plain,contagion", "--agents", "5k", "--threads", "1"])
        .args(["--days", "2"])
        .assert()
        .success();
    let json: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("it is JSON");
    let results = json["results"].as_array().expect("a list");
    let tasks: Vec<&str> = results.iter().filter_map(|r| r["task"].as_str()).collect();
    assert_eq!(tasks, ["full", "plain", "contagion"]);
    assert!(results.iter().all(|r| r["agent_days_per_s"].as_f64().is_some_and(|rate| rate > 0.0)));
    let shares = &results[2]["shares"];
    let all: f64 = ["undecided", "A", "B"].iter().filter_map(|s| shares[s].as_f64()).sum();
    assert!((all - 1.0).abs() < 1e-9 && shares["undecided"].as_f64().is_some_and(|u| u > 0.7), "{shares}");
}
