//! Files of evidence from the command line or those a scenario names, and what is said of them.
#![expect(clippy::disallowed_methods, reason = "files of evidence are named on the command line")]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::failure::Failure;
use super::text_table::align;
use crate::experiment::{RecordCard, Skill};
use crate::scenario::evidence::{Evidence, EvidenceText, Unusable, read_evidence};
use crate::scenario::{SHIPPED_EVIDENCE, Scenario};

/// Reads the files that were named, or those that the scenario names.
pub(super) fn read(named: &[PathBuf], scenario: &Scenario) -> Result<Evidence, Failure> {
    let own = &scenario.record().files;
    let own: Vec<EvidenceText> = own.iter().map(|name| of_scenario(name)).collect::<Result<_, _>>()?;
    if named.is_empty() {
        return Ok(read_evidence(&own, &[], scenario)?);
    }
    let texts: Vec<EvidenceText> = named.iter().map(|path| file(path)).collect::<Result<_, _>>()?;
    let evidence = read_evidence(&texts, &own, scenario)?;
    if evidence.asked == 0 {
        let reasons: Vec<String> = evidence.unusable.iter().take(SAID).map(in_words).collect();
        return Err(Failure::usage(
            format!("no row of the evidence can be held against `{}`", scenario.name()),
            reasons.join("\n        "),
        ));
    }
    Ok(evidence)
}

fn file(path: &Path) -> Result<EvidenceText, Failure> {
    let failed = |why: String| {
        Failure::usage(
            format!("could not read `{}`: {why}", path.display()),
            "a CSV file in the columns of those in scenarios/evidence",
        )
    };
    let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| failed("not a text in UTF-8".to_owned()))?;
    Ok(EvidenceText { name: path.display().to_string(), text })
}

/// A file that a scenario names: one that ships, or one on disk.
fn of_scenario(name: &str) -> Result<EvidenceText, Failure> {
    match SHIPPED_EVIDENCE.iter().find(|(shipped, _)| *shipped == name) {
        Some((shipped, text)) => Ok(EvidenceText { name: (*shipped).to_owned(), text: (*text).to_owned() }),
        None => file(Path::new(name)),
    }
}

/// How many rows that cannot be used are said on the terminal.
const SAID: usize = 8;

fn in_words(row: &Unusable) -> String {
    format!("{}:{}:{}: {} ({})", row.file, row.line, row.column, row.reason, row.what)
}

/// Rows that cannot be used: how many, the first of them, and where all are.
pub(super) fn unusable_in_words(rows: &[Unusable], folder: &Path) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("\n  {} rows of evidence cannot be used:\n", rows.len());
    for row in rows.iter().take(SAID) {
        text.push_str(&format!("    {}\n", in_words(row)));
    }
    if rows.len() > SAID {
        let all = folder.join("unusable.csv");
        text.push_str(&format!("    … all of them in {}\n", all.display()));
    }
    text
}

/// The skill of the model beside that of plain forecasts.
pub(super) fn skill_in_words(card: &RecordCard) -> String {
    let heading = ["rows", "measure", "n", "model", "last", "swing", "logistic", "regression"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for skill in card.skill() {
        let mut row = vec![skill.subset.clone(), skill.measure.to_owned(), skill.n.to_string()];
        row.push(number(skill.model));
        row.extend(skill.baselines.iter().map(|b| number(*b)));
        rows.push(row);
    }
    let mut text = format!("\n{}", align(&rows));
    for majority in &card.majorities {
        let simulated = majority.simulated.map_or("never".to_owned(), |d| {
            let off = d - majority.observed;
            format!("{off:+} days")
        });
        text.push_str(&format!(
            "\n  majority, {}: record {}, model {simulated}",
            majority.name, majority.date
        ));
    }
    text.push('\n');
    text
}

/// The skill for scripts.
pub(super) fn skill_as_json(card: &RecordCard) -> Value {
    let one = |s: &Skill| json!({ "subset": s.subset, "measure": s.measure, "n": s.n, "model": s.model, "baselines": s.baselines });
    if card.rows.is_empty() { Value::Null } else { card.skill().iter().map(one).collect() }
}

fn number(value: f64) -> String {
    if value.is_nan() { String::new() } else { format!("{value:.2}") }
}
