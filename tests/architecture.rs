//! The arrows between rings, the headers of files, and the silence of the source about history.
#![allow(clippy::disallowed_methods, reason = "this test reads the source")]

use std::fs;
use std::path::{Path, PathBuf};

/// Ring, and the rings it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("simd", &[]),
    ("random", &["simd"]),
    ("model", &["random", "simd"]),
    ("population", &["model", "random"]),
    ("engine", &["model", "random", "simd"]),
    ("observers", &["engine", "model"]),
    ("scenario", &["model", "population", "observers"]),
    ("experiment", &["scenario", "population", "engine", "observers", "model", "random", "simd"]),
    ("output", &["observers"]),
    ("charts", &["observers"]),
    (
        "cli",
        &[
            "random",
            "model",
            "population",
            "engine",
            "observers",
            "scenario",
            "experiment",
            "output",
            "charts",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the source is here") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn all_sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("it is below").display().to_string();
            let ring = name.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            (ring, name, fs::read_to_string(&path).expect("it is text"))
        })
        .collect()
}

#[test]
fn rings_name_only_what_they_may() {
    for (ring, name, text) in all_sources() {
        let Some((_, allowed)) = ARROWS.iter().find(|(r, _)| *r == ring) else { continue };
        // Tests may reach further out to build what they need.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let named: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    named == ring || allowed.contains(&named.as_str()) || named.is_empty(),
                    "{name} names `{named}`, which `{ring}` may not"
                );
            }
        }
    }
}

#[test]
fn output_and_charts_see_the_world_through_tables_alone() {
    for (ring, name, text) in all_sources() {
        if ring != "output" && ring != "charts" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for part in line.split("crate::observers").skip(1) {
                assert!(part.starts_with("::table"), "{name}: {line}");
            }
        }
    }
}

#[test]
fn unsafe_code_is_in_one_ring() {
    let mut found = 0;
    for (ring, name, text) in all_sources() {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let unsafe_lines = code.filter(|line| line.contains("unsafe ")).count();
        assert!(ring == "simd" || unsafe_lines == 0, "{name}");
        found += unsafe_lines;
    }
    assert!(found > 0);
}

#[test]
fn every_file_says_what_it_is_for() {
    for (_, name, text) in all_sources() {
        assert!(text.starts_with("//! "), "{name} has no header");
    }
}

#[test]
fn the_source_names_no_party_class_or_place() {
    let history = [
        "bolshevik",
        "menshevik",
        "kadet",
        "petrograd",
        "kronstadt",
        "kornilov",
        "lenin",
        "moscow",
        "worker\"",
        "soldier\"",
        "sailor\"",
    ];
    for (_, name, text) in all_sources() {
        // A module of test data is declared under `#[cfg(test)]` in its parent.
        if name.ends_with("synthetic.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            let lower = line.to_lowercase();
            // The names of files that ship, and examples shown to users, are the exceptions.
            let excused = [
                "scenarios/",
                "october run",
                "default: petrograd-1917",
                "const default:",
                "\"worker\\\"\"",
                "about =",
            ]
            .iter()
            .any(|e| lower.contains(e))
                || lower.contains("required(\"");
            for word in history {
                assert!(excused || !lower.contains(word), "{name}: {line}");
            }
        }
    }
}

#[test]
fn every_parameter_is_in_the_description_of_the_model() {
    let odd = include_str!("../src/model/ODD.md");
    for group in october::model::params::GROUPS {
        for spec in group.specs {
            assert!(
                odd.contains(&format!("`{}`", spec.key)),
                "{}.{} is not in ODD.md",
                group.section,
                spec.key
            );
        }
    }
}

#[test]
fn every_mechanism_is_in_the_description_of_the_model() {
    let odd = include_str!("../src/model/ODD.md");
    for mechanism in october::model::mechanisms::MECHANISMS {
        assert!(odd.contains(&format!("`{}`", mechanism.key)), "{} is not in ODD.md", mechanism.key);
    }
}

#[test]
fn every_phase_is_in_the_description_of_the_model() {
    let odd = include_str!("../src/model/ODD.md").to_lowercase();
    for phase in october::model::day::PHASES {
        let stem = phase.name.trim_end_matches(['e', 's']);
        assert!(odd.contains(stem), "{} is not in ODD.md", phase.name);
    }
}
