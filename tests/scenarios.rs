//! Every scenario that ships is valid; every mistake in `bad_scenarios/` has its words.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use october::scenario::{SHIPPED, from_text, json_schema, load, template};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_shipped_scenario_is_valid_and_described() {
    for (name, text) in SHIPPED {
        let path = root().join("scenarios").join(name);
        assert_eq!(std::fs::read_to_string(&path).expect("it is in the repository"), *text, "{name}");
        let scenario = load(&path, &[]).unwrap_or_else(|r| panic!("{name}: {:#?}", r.diagnostics));
        assert_eq!(scenario.name(), name.trim_end_matches(".toml"));
        assert!(scenario.description().len() > 40, "{name} says what it is about");
    }
    let files = std::fs::read_dir(root().join("scenarios")).expect("it is in the repository");
    let tomls = files.filter(|f| f.as_ref().is_ok_and(|f| f.path().extension().is_some_and(|e| e == "toml")));
    assert_eq!(tomls.count(), SHIPPED.len(), "every scenario ships");
}

#[test]
fn every_number_of_the_shipped_population_has_a_source() {
    for (name, text) in SHIPPED {
        let table: toml::Table = text.parse().expect("it is TOML");
        for section in ["place", "enterprise", "series", "event", "class", "party", "link", "body"] {
            for item in table.get(section).and_then(|v| v.as_array()).into_iter().flatten() {
                if table.contains_key("extends") {
                    continue;
                }
                let source = item.get("source").and_then(|s| s.as_str()).unwrap_or_default();
                assert!(!source.is_empty(), "{name}: a {section} without a source: {:?}", item.get("name"));
            }
        }
    }
}

#[test]
fn the_odd_document_leaves_nothing_out() {
    let scenario = load(&root().join("scenarios/petrograd-1917.toml"), &[]).expect("it ships valid");
    let odd = october::scenario::odd(&scenario);
    for section in 1..=7 {
        assert!(odd.contains(&format!("\n## {section}. ")), "section {section}");
    }
    for spec in october::model::params::GROUPS.iter().flat_map(|g| g.specs) {
        assert!(odd.contains(&format!("| `{}` |", spec.key)), "parameter {}", spec.key);
    }
    for mechanism in october::model::mechanisms::MECHANISMS {
        assert!(odd.contains(&format!("| `{}` |", mechanism.key)), "mechanism {}", mechanism.key);
    }
    for phase in october::model::day::PHASES {
        assert!(odd.contains(&format!("| {} |", phase.name)), "phase {}", phase.name);
    }
    let rules = scenario.rules();
    let names = rules.events.iter().map(|e| &e.name).chain(rules.bodies.iter().map(|b| &b.name));
    let names =
        names.chain(rules.classes.iter().map(|c| &c.name)).chain(rules.places.iter().map(|p| &p.name));
    for name in names.chain(rules.parties.iter().map(|p| &p.name)).chain(rules.series.iter().map(|s| &s.name))
    {
        assert!(odd.contains(&format!("| {name} |")), "{name}");
    }
}

#[test]
fn the_template_is_a_valid_scenario() {
    let scenario =
        from_text("template.toml", &template(), &[]).unwrap_or_else(|r| panic!("{:#?}", r.diagnostics));
    assert!(scenario.days() > 0);
}

#[test]
fn the_json_schema_knows_every_section() {
    let schema = json_schema();
    for section in ["meta", "time", "party", "class", "place", "event", "body", "attitude", "choice", "power"]
    {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

/// What `scenario check` says of a file, with the folder of the tests left out.
fn complaint(name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_october"))
        .args(["scenario", "check"])
        .arg(Path::new("tests/bad_scenarios").join(name))
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .expect("the program was built");
    assert!(output.stdout.is_empty());
    format!("exit {}\n{}", output.status.code().expect("it ended"), String::from_utf8_lossy(&output.stderr))
}

macro_rules! complaints {
    ($($test:ident),+ $(,)?) => {
        $(
            #[test]
            fn $test() {
                insta::assert_snapshot!(stringify!($test), complaint(concat!(stringify!($test), ".toml")));
            }
        )+
    };
}

complaints!(
    unknown_keys_and_names,
    ranges_and_types,
    dates_and_horizon,
    ends_before_it_starts,
    bodies_without_electors,
    missing_and_twice,
    not_toml,
    circle_a,
    no_such_base,
    removes_nothing,
    binary,
);

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 200, ..Default::default() })]

    /// Whatever is typed into a scenario, it is read or refused; nothing panics.
    #[test]
    fn no_text_brings_the_reader_down(
        cut in 0_usize..4000,
        length in 0_usize..60,
        put in "[ -~]{0,12}",
    ) {
        let whole = include_str!("common/country.toml");
        let from = cut.min(whole.len());
        let to = (from + length).min(whole.len());
        let broken = format!("{}{put}{}", &whole[..from], &whole[to..]);
        let _ = from_text("broken.toml", &broken, &[]);
    }
}
