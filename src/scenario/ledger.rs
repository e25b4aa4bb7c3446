//! The ledger of a scenario: where each of its numbers comes from, how good it is, and how far off it may be.

use std::path::Path;

use super::diagnostic::{Location, Sources};
use super::document::{Node, Value};
use super::load::{Change, Rejection, layers_of};
use super::schema::GRADES;
use crate::observers::table::{Cell, Kind as Cells, Table};

/// Sections whose numbers say how a scenario is run or read, and nothing of the world.
const OF_THE_RUN: &[&str] = &["meta", "time", "run", "population", "citation", "mechanisms"];

/// A number of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Cited {
    /// Where it stands in the scenario, as after `--set`.
    pub key: String,
    /// The number.
    pub value: f64,
    /// Where it comes from; empty if nobody says.
    pub source: String,
    /// Its grade; empty if nobody says.
    pub grade: String,
    /// Lower end of what it may be.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Name of the file.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
}

impl Cited {
    /// Whether it has both a source and a grade, and with them a range.
    #[must_use]
    pub fn is_cited(&self) -> bool {
        !self.source.is_empty() && !self.grade.is_empty()
    }
}

/// What an item says of its own numbers.
#[derive(Clone, Debug, Default)]
struct Claim {
    source: String,
    grade: String,
    uncertainty: Option<f64>,
}

impl Claim {
    /// What `node` says, and `above` where it is silent.
    fn of(node: &Node, above: &Self) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        Self {
            source: text("source").unwrap_or_else(|| above.source.clone()),
            grade: text("grade").unwrap_or_else(|| above.grade.clone()),
            uncertainty: node.get("uncertainty").and_then(Node::number).or(above.uncertainty),
        }
    }

    /// Share of itself by which a number may be off: the item's own, else that of its grade.
    fn share(&self) -> f64 {
        let of_grade = GRADES.iter().find(|g| g.word == self.grade).map_or(f64::NAN, |g| g.share);
        self.uncertainty.unwrap_or(of_grade)
    }
}

struct Citation {
    keys: Vec<String>,
    claim: Claim,
}

/// The ledger of the scenario at `path` (a file, or the name of one that ships): every number that it and what it
/// extends write down. What is left at its default is documented with the parameter.
///
/// # Errors
/// If it cannot be read.
pub fn ledger(path: &Path, changes: &[Change]) -> Result<Vec<Cited>, Box<Rejection>> {
    let (tree, sources) = layers_of(path, changes)?;
    let citations: Vec<Citation> = tree
        .get("citation")
        .map_or(&[][..], Node::items)
        .iter()
        .map(|item| Citation {
            keys: item
                .get("keys")
                .map_or(&[][..], Node::items)
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect(),
            claim: Claim::of(item, &Claim::default()),
        })
        .collect();
    let mut walk = Walk { sources: &sources, citations, found: Vec::new() };
    for entry in tree.entries().iter().filter(|e| !OF_THE_RUN.contains(&e.key.as_str())) {
        walk.visit(&entry.node, &entry.key, &Claim::default());
    }
    Ok(walk.found)
}

struct Walk<'a> {
    sources: &'a Sources,
    citations: Vec<Citation>,
    found: Vec<Cited>,
}

impl Walk<'_> {
    fn visit(&mut self, node: &Node, key: &str, above: &Claim) {
        match &node.value {
            Value::Table(entries) => {
                let claim = Claim::of(node, above);
                for entry in entries.iter().filter(|e| e.key != "uncertainty") {
                    self.visit(&entry.node, &format!("{key}.{}", quoted(&entry.key)), &claim);
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let step = item.name().map_or_else(|| index.to_string(), quoted);
                    self.visit(item, &format!("{key}.{step}"), above);
                }
            }
            _ => {
                if let Some(value) = node.number() {
                    self.add(key, value, &node.at, above);
                }
            }
        }
    }

    /// The citation with the longest pattern that fits a key wins over what its item says.
    fn add(&mut self, key: &str, value: f64, at: &Location, above: &Claim) {
        let fitting = self.citations.iter().flat_map(|c| c.keys.iter().map(move |k| (k, &c.claim)));
        let claim = fitting
            .filter(|(pattern, _)| fits(pattern, key))
            .max_by_key(|(pattern, _)| pattern.len())
            .map_or(above, |(_, claim)| claim);
        let off = claim.share() * value.abs();
        self.found.push(Cited {
            key: key.to_owned(),
            value,
            source: claim.source.clone(),
            grade: claim.grade.clone(),
            low: value - off,
            high: value + off,
            file: self.sources.name(at.source).to_owned(),
            line: self.sources.line_and_column(at).0,
        });
    }
}

fn quoted(step: impl AsRef<str>) -> String {
    let step = step.as_ref();
    if step.contains(['.', ' ']) { format!("\"{step}\"") } else { step.to_owned() }
}

/// Whether a key begins with the steps of a pattern, where `*` is any step.
fn fits(pattern: &str, key: &str) -> bool {
    let (mut wanted, mut steps) = (pattern.split('.'), key.split('.'));
    wanted.all(|want| steps.next().is_some_and(|step| want == "*" || want == step))
}

/// The ledger as a table.
#[must_use]
pub fn ledger_table(ledger: &[Cited]) -> Table {
    let mut table = Table::new(
        "sources",
        "numbers of a scenario with their sources",
        &[
            ("key", Cells::Text, "", "where it stands in the scenario"),
            ("value", Cells::Real, "", "the number, in the unit of its key"),
            ("low", Cells::Real, "", "lower end of what it may be"),
            ("high", Cells::Real, "", "upper end of what it may be"),
            ("grade", Cells::Text, "", "measured, estimated or assumed; empty if nobody says"),
            ("source", Cells::Text, "", "where it comes from; empty if nobody says"),
            ("file", Cells::Text, "", "file it is written in"),
            ("line", Cells::Int, "", "line in it, from 1"),
        ],
    );
    for cited in ledger {
        table.push(&[
            Cell::Text(&cited.key),
            Cell::Real(cited.value),
            Cell::Real(cited.low),
            Cell::Real(cited.high),
            Cell::Text(&cited.grade),
            Cell::Text(&cited.source),
            Cell::Text(&cited.file),
            Cell::Int(cited.line as i64),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_what_begins_with_it() {
        assert!(fits("choice", "choice.conformity"));
        assert!(fits("class.*.base", "class.worker.base.red"));
        assert!(!fits("class.*.base.red", "class.worker.base"));
        assert!(!fits("choice.conformity", "choice.loyalty"));
    }
}
