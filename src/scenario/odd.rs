//! The model by the ODD protocol for one scenario: the description beside the code, with tables made from code and
//! scenario, so that it cannot drift.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::valid::Scenario;
use crate::model::day::{PHASES, Visits};
use crate::model::mechanisms::MECHANISMS;
use crate::model::params::GROUPS;

/// The description of the model that stands beside its code.
const DESCRIPTION: &str = include_str!("../model/ODD.md");

/// The ODD document of a scenario, as Markdown.
#[must_use]
pub fn odd(scenario: &Scenario) -> String {
    let resolved: Table = scenario.resolved().parse().unwrap_or_default();
    let mut text = format!(
        "<!-- Written by `october scenario odd {}`, version {}. -->\n\n",
        scenario.name(),
        env!("CARGO_PKG_VERSION")
    );
    let mut rest = DESCRIPTION;
    for (before, tables) in [
        ("## 4. ", schedule(&resolved)),
        ("## 6. ", initialization(scenario, &resolved)),
        ("## 7. ", input(&resolved)),
    ] {
        let Some(at) = rest.find(before) else { continue };
        text.push_str(&rest[..at]);
        text.push_str(&tables);
        rest = &rest[at..];
    }
    text.push_str(rest);
    text.push_str(&parameters(&resolved));
    text
}

/// A row of a table; pipes and line ends are tamed.
fn row<S: AsRef<str>>(text: &mut String, cells: &[S]) {
    let tame = |cell: &S| cell.as_ref().replace('|', "\\|").replace(['\n', '\r'], " ");
    let _ = writeln!(text, "| {} |", cells.iter().map(tame).collect::<Vec<_>>().join(" | "));
}

fn head(text: &mut String, title: &str, cells: &[&str]) {
    let _ = writeln!(text, "### {title}\n");
    row(text, cells);
    row(text, &vec!["---"; cells.len()]);
}

/// The schedule, and which mechanisms are at work.
fn schedule(resolved: &Table) -> String {
    let mut text = String::new();
    head(&mut text, "Schedule of a day", &["phase", "visits", "what it does"]);
    for phase in PHASES {
        let visits = match phase.visits {
            Visits::Strata => "each place and class",
            Visits::Agents => "each agent",
            Visits::Bodies => "each body",
            Visits::World => "the world",
        };
        row(&mut text, &[phase.name, visits, phase.does]);
    }
    text.push('\n');
    head(&mut text, "Mechanisms", &["switch", "what it does while it is on", "in this scenario"]);
    for mechanism in MECHANISMS {
        let on = resolved.get("mechanisms").and_then(|m| m.get(mechanism.key)).and_then(Value::as_bool);
        row(
            &mut text,
            &[
                format!("`{}`", mechanism.key).as_str(),
                mechanism.doc,
                if on == Some(false) { "off" } else { "on" },
            ],
        );
    }
    text.push('\n');
    text
}

/// Items of an array of tables.
fn items<'a>(resolved: &'a Table, section: &str) -> impl Iterator<Item = &'a Table> {
    resolved.get(section).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn string(item: &Table, key: &str) -> String {
    item.get(key).map(shown).unwrap_or_default()
}

/// A value in words: texts as they are, lists with commas, tables as pairs.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            table.iter().map(|(k, v)| format!("{k} {}", shown(v))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// A table with a row an item and a column a key; the last column is the source.
fn listed(text: &mut String, resolved: &Table, section: &str, title: &str, keys: &[&str]) {
    if items(resolved, section).next().is_none() {
        return;
    }
    head(text, title, &[keys, &["source"]].concat());
    for item in items(resolved, section) {
        let cells: Vec<String> = keys.iter().chain(&["source"]).map(|key| string(item, key)).collect();
        row(text, &cells);
    }
    text.push('\n');
}

/// Who and what there is on the first day.
fn initialization(scenario: &Scenario, resolved: &Table) -> String {
    let population = scenario.population();
    let mut text = format!(
        "This scenario has {} agents for {} people ({:.1} persons an agent), {} days from {}.\n\n",
        population.agents,
        population.total_people().round(),
        population.people_per_agent(),
        scenario.days(),
        scenario.names().dates_os.first().map_or("", String::as_str),
    );
    listed(
        &mut text,
        resolved,
        "party",
        "Parties",
        &[
            "name",
            "label",
            "position",
            "programme",
            "responsibility",
            "press",
            "organisation",
            "member_share",
        ],
    );
    listed(
        &mut text,
        resolved,
        "class",
        "Classes",
        &[
            "name",
            "position",
            "trust",
            "threshold",
            "salience",
            "pull",
            "base",
            "attention",
            "acts",
            "trait_effects",
        ],
    );
    listed(&mut text, resolved, "place", "Places", &["name", "label", "region", "people", "traits"]);
    head(&mut text, "Bodies", &["name", "level", "scope", "places", "sections", "sessions", "source"]);
    for body in items(resolved, "body") {
        let sections = items(body, "section")
            .map(|s| {
                let keys = [
                    "name",
                    "classes",
                    "constituency",
                    "of_body",
                    "per_people",
                    "per_unit",
                    "seats",
                    "rule",
                    "term_days",
                    "recall_per_day",
                ];
                let told: Vec<String> = keys
                    .iter()
                    .filter(|k| s.contains_key(**k))
                    .map(|k| format!("{k} {}", string(s, k)))
                    .collect();
                told.join(", ")
            })
            .collect::<Vec<_>>()
            .join("; ");
        let cells = [
            string(body, "name"),
            string(body, "level"),
            string(body, "scope"),
            string(body, "places"),
            sections,
            string(body, "sessions"),
            string(body, "source"),
        ];
        row(&mut text, &cells);
    }
    text.push('\n');
    text
}

/// Everything that comes from outside.
fn input(resolved: &Table) -> String {
    let mut text = String::new();
    listed(&mut text, resolved, "series", "Series", &["name", "issue", "places", "classes", "points"]);
    head(&mut text, "Events", &["name", "kind", "when", "where", "to whom", "effects", "source"]);
    for event in items(resolved, "event") {
        let mut when = string(event, "date");
        let conditions: Vec<String> = items(event, "when").map(|c| shown(&Value::Table(c.clone()))).collect();
        if when.is_empty() {
            when = conditions.join("; ");
        }
        if event.get("enabled").and_then(Value::as_bool) == Some(false) {
            when = format!("does not happen ({when})");
        }
        let effects: Vec<String> = items(event, "effect").map(|e| shown(&Value::Table(e.clone()))).collect();
        let cells = [
            string(event, "name"),
            string(event, "kind"),
            when,
            string(event, "places"),
            string(event, "classes"),
            effects.join("; "),
            string(event, "source"),
        ];
        row(&mut text, &cells);
    }
    text.push('\n');
    listed(
        &mut text,
        resolved,
        "link",
        "Links",
        &["name", "from_places", "from_classes", "to_places", "to_classes", "weight", "stir"],
    );
    listed(&mut text, resolved, "news", "News", &["name", "from_places", "to_places", "weight"]);
    listed(
        &mut text,
        resolved,
        "resolution",
        "Resolutions",
        &["name", "stances", "sway", "bodies", "every_days"],
    );
    listed(&mut text, resolved, "ballot", "Ballots", &["name", "date", "places", "classes"]);
    listed(
        &mut text,
        resolved,
        "march",
        "Marches",
        &["name", "event", "men", "units", "days", "places", "obedience", "contact"],
    );
    listed(
        &mut text,
        resolved,
        "leadership",
        "Leaderships",
        &["name", "party", "place", "members", "resolve", "waverers", "from", "preparation_days"],
    );
    text
}

/// Every parameter with its value in this scenario.
fn parameters(resolved: &Table) -> String {
    let mut text = String::from("\n### 7.14 Parameters\n\n");
    for group in GROUPS {
        head(
            &mut text,
            &format!("`[{}]`: {}", group.section, group.doc.trim()),
            &["key", "value", "default", "unit", "range", "what it does", "source"],
        );
        for spec in group.specs {
            let value = resolved.get(group.section).and_then(|g| g.get(spec.key)).map(shown);
            row(
                &mut text,
                &[
                    format!("`{}`", spec.key).as_str(),
                    &value.unwrap_or_default(),
                    &spec.default.to_string(),
                    spec.unit,
                    &format!("{} to {}", spec.min, spec.max),
                    spec.doc,
                    spec.source,
                ],
            );
        }
        text.push('\n');
    }
    text
}
