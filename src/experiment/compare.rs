//! Histories against each other: first majorities side by side, and differences with intervals.
//!
//! Runs of one seed share their random numbers agent by agent, so replicate `r` of one is paired with replicate `r`
//! of the other, and most of the Monte Carlo error cancels in the difference.

use std::collections::BTreeMap;

use super::outcome::unit_of_measure;
use super::summary::{mean_and_error, median_date, quantile, student_95};
use crate::observers::table::{Cell, Kind, Table, TableSet};

/// A run that takes part in a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Contender<'a> {
    /// What it is called in the comparison.
    pub label: &'a str,
    /// Its tables.
    pub tables: &'a TableSet,
    /// Its root seed.
    pub seed: u64,
}

/// First day and its date by replicate, for one body and party or bloc.
type Firsts = BTreeMap<(String, String, String), BTreeMap<i64, (Option<i64>, String)>>;

/// The table `first_majorities`: for each single body and party or bloc, when each run first saw its majority.
#[must_use]
pub fn first_majorities(runs: &[Contender<'_>]) -> Table {
    let mut table = Table::new(
        "first_majorities",
        "first majority by body, party or bloc and run",
        &[
            ("body", Kind::Text, "", "body"),
            ("level", Kind::Text, "", "level: committee, district, city…"),
            ("party_or_bloc", Kind::Text, "", "party or bloc"),
            ("run", Kind::Text, "", "run"),
            ("replicates", Kind::Int, "", "replicates of the run"),
            ("never", Kind::Int, "", "replicates in which it never came"),
            (
                "median_day",
                Kind::OptInt,
                "day",
                "median of the first day; empty if it came in fewer than half",
            ),
            ("median_date_os", Kind::Text, "", "its date in the calendar of the scenario"),
            ("early_day", Kind::OptInt, "day", "5 % quantile over replicates in which it came"),
            ("late_day", Kind::OptInt, "day", "95 % quantile over replicates in which it came"),
        ],
    );
    let all: Vec<Firsts> = runs.iter().map(|r| firsts_of(r.tables)).collect();
    let mut claims: Vec<_> = all.iter().flat_map(BTreeMap::keys).collect();
    claims.sort();
    claims.dedup();
    for claim in claims {
        let rows: Vec<_> = all.iter().map(|firsts| firsts.get(claim)).collect();
        if rows.iter().all(|r| r.is_none_or(|r| r.values().all(|(d, _)| d.is_none()))) {
            continue;
        }
        for (run, firsts) in runs.iter().zip(rows) {
            let Some(firsts) = firsts else { continue };
            let days: Vec<Option<i64>> = firsts.values().map(|(d, _)| *d).collect();
            let came: Vec<f64> = days.iter().flatten().map(|&d| d as f64).collect();
            let median = median_date(&days);
            let date = median.and_then(|m| firsts.values().find(|(d, _)| *d == Some(m)));
            table.push(&[
                Cell::Text(&claim.0),
                Cell::Text(&claim.1),
                Cell::Text(&claim.2),
                Cell::Text(run.label),
                Cell::Int(days.len() as i64),
                Cell::Int((days.len() - came.len()) as i64),
                Cell::OptInt(median),
                Cell::Text(date.map_or("", |(_, text)| text.as_str())),
                Cell::OptInt(quantile(&came, 0.05).map(|d| d.round() as i64)),
                Cell::OptInt(quantile(&came, 0.95).map(|d| d.round() as i64)),
            ]);
        }
    }
    table
}

/// First majorities of bodies that stand alone in the daily table: committees of one kind have hundreds of rows.
fn firsts_of(tables: &TableSet) -> Firsts {
    let mut firsts = Firsts::new();
    let (Some(majorities), Some(bodies)) = (tables.get("majorities"), tables.get("bodies")) else {
        return firsts;
    };
    let (Some(single), Some(body), Some(level), Some(claim), Some(day), Some(date), Some(replicate)) = (
        bodies.texts("body"),
        majorities.texts("body"),
        majorities.texts("level"),
        majorities.texts("party_or_bloc"),
        majorities.opt_ints("first_day"),
        majorities.texts("date_os"),
        majorities.ints("replicate"),
    ) else {
        return firsts;
    };
    for row in 0..majorities.rows() {
        if single.words.iter().any(|w| w == body.get(row)) {
            let key = (body.get(row).to_owned(), level.get(row).to_owned(), claim.get(row).to_owned());
            firsts.entry(key).or_default().insert(replicate[row], (day[row], date.get(row).to_owned()));
        }
    }
    firsts
}

/// Days between the dates at which differences are taken.
const EVERY_DAYS: i64 = 14;

/// What runs are compared on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Quantity {
    /// `support`, `measure`, `majority` or `outcome`.
    kind: &'static str,
    /// A class, a body or `all`.
    scope: String,
    /// A party, a bloc, a measure or an outcome.
    name: String,
    day: Option<i64>,
    date: String,
}

impl Quantity {
    fn unit(&self) -> &'static str {
        match (self.kind, self.name.as_str()) {
            ("support", _) | ("outcome", "transfer") => "share",
            ("majority", _) | ("outcome", "transfer-day") => "day",
            ("outcome", _) => "persons",
            (_, measure) => unit_of_measure(measure),
        }
    }
}

/// By quantity, then replicate.
type Values = BTreeMap<Quantity, BTreeMap<i64, f64>>;

/// The table `differences`: each run against the first, with 95 % intervals.
///
/// Support by class and measures of everybody every two weeks, first days of majorities, transfer and its day, and
/// losses. A day that never comes counts as the day after the last one. Paired by replicate where the seeds agree.
#[must_use]
pub fn differences(runs: &[Contender<'_>]) -> Table {
    let mut table = Table::new(
        "differences",
        "each run less the first one",
        &[
            ("run", Kind::Text, "", "run"),
            ("reference", Kind::Text, "", "run it is compared with"),
            ("quantity", Kind::Text, "", "support, measure, majority or outcome"),
            ("scope", Kind::Text, "", "class, body or all"),
            ("name", Kind::Text, "", "party or bloc, measure, outcome"),
            ("unit", Kind::Text, "", "unit of the difference"),
            ("day", Kind::OptInt, "day", "day of the run; empty of majorities and outcomes"),
            ("date_os", Kind::Text, "", "its date in the calendar of the scenario"),
            ("difference", Kind::Real, "", "mean difference; of support: of what is said in public"),
            ("low", Kind::Real, "", "lower end of the 95 % interval; NaN of one replicate"),
            ("high", Kind::Real, "", "upper end of the 95 % interval; NaN of one replicate"),
            ("paired", Kind::Flag, "", "whether the runs share their random numbers"),
        ],
    );
    let Some((first, others)) = runs.split_first() else { return table };
    let reference = values_of(first.tables);
    for run in others {
        let paired = run.seed == first.seed;
        let own = values_of(run.tables);
        for (quantity, theirs) in &reference {
            let Some(ours) = own.get(quantity) else { continue };
            let (mean, half) = difference(ours, theirs, paired);
            table.push(&[
                Cell::Text(run.label),
                Cell::Text(first.label),
                Cell::Text(quantity.kind),
                Cell::Text(&quantity.scope),
                Cell::Text(&quantity.name),
                Cell::Text(quantity.unit()),
                Cell::OptInt(quantity.day),
                Cell::Text(&quantity.date),
                Cell::Real(mean),
                Cell::Real(mean - half),
                Cell::Real(mean + half),
                Cell::Flag(paired),
            ]);
        }
    }
    table
}

/// The table `pairing`: how many replicates independent draws would have needed for intervals as narrow.
///
/// The variance of an unpaired difference is the sum of both variances; that it is larger than that of the paired
/// differences by some factor means as many times more replicates. The median over what was compared stands in the
/// table. Source: Law 2015, Simulation Modeling and Analysis, section 11.2 (common random numbers).
#[must_use]
pub fn pairing(runs: &[Contender<'_>]) -> Table {
    let mut table = Table::new(
        "pairing",
        "what common random numbers saved",
        &[
            ("run", Kind::Text, "", "run"),
            ("reference", Kind::Text, "", "run it is compared with"),
            ("quantity", Kind::Text, "", "support, measure, majority or outcome"),
            ("compared", Kind::Int, "", "how many of them differ between replicates"),
            ("replicates", Kind::Int, "", "pairs of replicates"),
            (
                "variance_ratio",
                Kind::Real,
                "",
                "variance of an unpaired difference over that of a paired one: median",
            ),
            ("unpaired_replicates", Kind::Real, "", "replicates that would be as exact without pairing"),
            ("runs_saved", Kind::Real, "", "runs of either scenario that this would be more"),
        ],
    );
    let Some((first, others)) = runs.split_first() else { return table };
    let reference = values_of(first.tables);
    for run in others.iter().filter(|run| run.seed == first.seed) {
        let own = values_of(run.tables);
        for kind in ["support", "measure", "majority", "outcome"] {
            let mut pairs = 0;
            let ratios: Vec<f64> = reference
                .iter()
                .filter(|(quantity, _)| quantity.kind == kind)
                .filter_map(|(quantity, theirs)| {
                    let both = both_of(own.get(quantity)?, theirs);
                    pairs = pairs.max(both.len());
                    ratio_of_variances(&both)
                })
                .collect();
            let Some(ratio) = quantile(&ratios, 0.5) else { continue };
            let needed = (pairs as f64 * ratio).ceil();
            table.push(&[
                Cell::Text(run.label),
                Cell::Text(first.label),
                Cell::Text(kind),
                Cell::Int(ratios.len() as i64),
                Cell::Int(pairs as i64),
                Cell::Real(ratio),
                Cell::Real(needed),
                Cell::Real(2.0 * (needed - pairs as f64)),
            ]);
        }
    }
    table
}

/// What one of two runs has and the other lacks, so that it is not in the comparison: sentences.
#[must_use]
pub fn not_compared(first: &Contender<'_>, other: &Contender<'_>) -> Vec<String> {
    const NAMES: [(&str, &str, &str); 6] = [
        ("party", "support", "party"),
        ("class", "support", "class"),
        ("place", "support", "place"),
        ("body", "bodies", "body"),
        ("measure", "measures", "measure"),
        ("event", "events", "event"),
    ];
    let mut said = Vec::new();
    for (what, table, column) in NAMES {
        let words = |tables: &TableSet| tables.get(table)?.texts(column).map(|t| t.words.clone());
        match (words(first.tables), words(other.tables)) {
            // Which events happen is what histories differ in, not what keeps them from being compared.
            (Some(_), Some(_)) if what == "event" => {}
            (Some(a), Some(b)) => {
                for (mine, theirs, label) in [(&a, &b, first.label), (&b, &a, other.label)] {
                    let only: Vec<String> =
                        mine.iter().filter(|w| !theirs.contains(w)).map(|w| format!("`{w}`")).collect();
                    if !only.is_empty() {
                        let shown = only.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
                        let rest = only.len().saturating_sub(6);
                        let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                        said.push(format!("{what} {shown}{rest}: only in {label}"));
                    }
                }
            }
            (Some(_), None) => said.push(format!("table `{table}`: not in {}", other.label)),
            (None, Some(_)) => said.push(format!("table `{table}`: not in {}", first.label)),
            (None, None) => {}
        }
    }
    said
}

/// Values of a quantity in the replicates that both runs have.
fn both_of(ours: &BTreeMap<i64, f64>, theirs: &BTreeMap<i64, f64>) -> Vec<(f64, f64)> {
    ours.iter().filter_map(|(r, a)| theirs.get(r).map(|b| (*a, *b))).collect()
}

/// Variance of an unpaired difference over that of a paired one; `None` where nothing varies.
fn ratio_of_variances(both: &[(f64, f64)]) -> Option<f64> {
    let variance = |values: Vec<f64>| {
        let (_, error) = mean_and_error(&values)?;
        error.map(|e| e * e)
    };
    let a = variance(both.iter().map(|p| p.0).collect())?;
    let b = variance(both.iter().map(|p| p.1).collect())?;
    let paired = variance(both.iter().map(|p| p.0 - p.1).collect())?;
    (paired > 1e-30).then(|| (a + b) / paired)
}

/// Mean difference and half the width of its interval.
fn difference(ours: &BTreeMap<i64, f64>, theirs: &BTreeMap<i64, f64>, paired: bool) -> (f64, f64) {
    if paired {
        let differences: Vec<f64> = both_of(ours, theirs).into_iter().map(|(a, b)| a - b).collect();
        let (mean, error) = mean_and_error(&differences).unwrap_or((f64::NAN, None));
        return (mean, error.map_or(f64::NAN, |e| e * student_95(differences.len())));
    }
    let list = |values: &BTreeMap<i64, f64>| values.values().copied().collect::<Vec<_>>();
    let (a, b) = (mean_and_error(&list(ours)), mean_and_error(&list(theirs)));
    let (Some((a, a_error)), Some((b, b_error))) = (a, b) else { return (f64::NAN, f64::NAN) };
    let half = match (a_error, b_error) {
        (Some(a), Some(b)) => (a * a + b * b).sqrt() * student_95(ours.len().min(theirs.len())),
        _ => f64::NAN,
    };
    (a - b, half)
}

fn values_of(tables: &TableSet) -> Values {
    let mut values = Values::new();
    let last = add_support(tables, &mut values).unwrap_or(0);
    // What a table lacks is not compared.
    let _ = add_measures(tables, &mut values);
    for ((body, _, claim), by_replicate) in firsts_of(tables) {
        let days = by_replicate.iter().map(|(r, (day, _))| (*r, day.unwrap_or(last + 1) as f64)).collect();
        let quantity =
            Quantity { kind: "majority", scope: body, name: claim, day: None, date: String::new() };
        values.insert(quantity, days);
    }
    let _ = add_outcomes(tables, last, &mut values);
    values
}

/// Public shares by class and party, every [`EVERY_DAYS`] days; the last day of the run.
fn add_support(tables: &TableSet, values: &mut Values) -> Option<i64> {
    let support = tables.get("support")?;
    let (replicate, day, date) =
        (support.ints("replicate")?, support.ints("day")?, support.texts("date_os")?);
    let (class, party, public) = (support.texts("class")?, support.texts("party")?, support.ints("public")?);
    // Replicate, day, class and party as codes: names are looked up once a cell of the result.
    let mut counts: BTreeMap<(i64, u32, u32, u32, i64), i64> = BTreeMap::new();
    let mut sizes: BTreeMap<(i64, u32, i64), i64> = BTreeMap::new();
    for row in (0..support.rows()).filter(|&r| day[r] % EVERY_DAYS == 0) {
        let (class, party) = (class.codes[row], party.codes[row]);
        *sizes.entry((day[row], class, replicate[row])).or_default() += public[row];
        *counts.entry((day[row], date.codes[row], class, party, replicate[row])).or_default() += public[row];
    }
    for ((on, at, of, whose, replicate), count) in counts {
        let size = sizes.get(&(on, of, replicate)).copied().unwrap_or(0);
        let quantity = Quantity {
            kind: "support",
            scope: class.words[of as usize].clone(),
            name: party.words[whose as usize].clone(),
            day: Some(on),
            date: date.words[at as usize].clone(),
        };
        let share = if size > 0 { count as f64 / size as f64 } else { 0.0 };
        values.entry(quantity).or_default().insert(replicate, share);
    }
    day.iter().copied().max()
}

/// Measures of everybody, every [`EVERY_DAYS`] days.
fn add_measures(tables: &TableSet, values: &mut Values) -> Option<()> {
    let table = tables.get("measures")?;
    let (replicate, day, date) = (table.ints("replicate")?, table.ints("day")?, table.texts("date_os")?);
    let (measure, scope, value) = (table.texts("measure")?, table.texts("scope")?, table.reals("value")?);
    for row in (0..table.rows()).filter(|&r| day[r] % EVERY_DAYS == 0 && value[r].is_finite()) {
        if scope.get(row) != "all" {
            continue;
        }
        let quantity = Quantity {
            kind: "measure",
            scope: "all".to_owned(),
            name: measure.get(row).to_owned(),
            day: Some(day[row]),
            date: date.get(row).to_owned(),
        };
        values.entry(quantity).or_default().insert(replicate[row], value[row]);
    }
    Some(())
}

/// Whether power passed, when, and how many were killed.
fn add_outcomes(tables: &TableSet, last: i64, values: &mut Values) -> Option<()> {
    let table = tables.get("outcome")?;
    let (replicate, outcome) = (table.ints("replicate")?, table.texts("outcome")?);
    let (day, losses) = (table.opt_ints("day")?, table.ints("losses")?);
    for row in 0..table.rows() {
        let came = outcome.get(row) == "transfer";
        let on = day[row].filter(|_| came).unwrap_or(last + 1);
        for (name, value) in [
            ("transfer", f64::from(u8::from(came))),
            ("transfer-day", on as f64),
            ("losses", losses[row] as f64),
        ] {
            let quantity = Quantity {
                kind: "outcome",
                scope: "all".to_owned(),
                name: name.to_owned(),
                day: None,
                date: String::new(),
            };
            values.entry(quantity).or_default().insert(replicate[row], value);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairing_removes_what_both_share() {
        let base: BTreeMap<i64, f64> = [(0, 0.2), (1, 0.8), (2, 0.5)].into();
        let shifted: BTreeMap<i64, f64> = base.iter().map(|(r, v)| (*r, v + 0.1)).collect();
        let (mean, half) = difference(&shifted, &base, true);
        assert!((mean - 0.1).abs() < 1e-12 && half < 1e-12);
        let (mean, half) = difference(&shifted, &base, false);
        assert!((mean - 0.1).abs() < 1e-12 && half > 0.5);
    }

    #[test]
    fn pairing_is_worth_what_independent_draws_would_have_cost() {
        // Both vary by the same luck: the difference hardly does.
        let both: Vec<(f64, f64)> =
            (0..20).map(|i| (f64::from(i), f64::from(i) + 0.1 * f64::from(i % 2))).collect();
        assert!(ratio_of_variances(&both).is_some_and(|ratio| ratio > 1_000.0));
        let unrelated: Vec<(f64, f64)> = (0..20).map(|i| (f64::from(i), f64::from(i * 7 % 20))).collect();
        assert!(ratio_of_variances(&unrelated).is_some_and(|ratio| ratio > 0.5 && ratio < 2.0));
        assert_eq!(ratio_of_variances(&[(1.0, 1.0), (2.0, 2.0)]), None);
    }

    #[test]
    fn what_only_one_run_has_is_named() {
        let tables = |parties: &[&str]| {
            let columns = ["party", "class", "place"].map(|c| (c, Kind::Text, "", ""));
            let mut table = Table::new("support", "", &columns);
            for party in parties {
                table.push(&[Cell::Text(party), Cell::Text("worker"), Cell::Text("here")]);
            }
            TableSet { tables: vec![table] }
        };
        let (a, b) = (tables(&["x", "y"]), tables(&["x", "z"]));
        let run = |label, tables| Contender { label, tables, seed: 1 };
        let said = not_compared(&run("one", &a), &run("two", &b));
        assert_eq!(said, ["party `y`: only in one", "party `z`: only in two"]);
        assert!(not_compared(&run("one", &a), &run("again", &a)).is_empty());
    }
}
