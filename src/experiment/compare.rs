//! Histories against each other: first majorities side by side, and differences with intervals.
//!
//! Runs of one seed share their random numbers agent by agent, so replicate `r` of one is paired with replicate `r`
//! of the other, and most of the Monte Carlo error cancels in the difference.

use std::collections::BTreeMap;

use super::outcome::unit_of_measure;
use super::summary::{mean_and_error, median_date, quantile, student_95};
use crate::observers::table::{Cell, Kind, Table, TableSet};

/// A run that takes part in a comparison, read replicate by replicate: of each only what is compared is kept.
#[derive(Clone, Debug)]
pub struct History {
    /// What it is called in the comparison.
    pub label: String,
    /// Its root seed.
    pub seed: u64,
    /// Numbers of its replicates, as they came.
    replicates: Vec<i64>,
    /// Support, measures and outcomes by replicate; NaN where one has none.
    values: BTreeMap<Quantity, Vec<f64>>,
    firsts: Firsts,
    /// The last day of any replicate.
    last: i64,
    /// What stands in the columns by which runs are told to be comparable; tables that no replicate has are not there.
    words: BTreeMap<(&'static str, &'static str), Vec<String>>,
}

/// When bodies first came to be held, read replicate by replicate.
///
/// Of bodies that stand alone in the daily table: committees of one kind have hundreds of rows.
#[derive(Clone, Debug, Default)]
pub struct Firsts {
    replicates: usize,
    /// First days by body, level and party or bloc, by replicate; `None` where a majority never came.
    days: BTreeMap<Claim, Vec<Option<i64>>>,
    /// Dates of days on which a majority came.
    dates: BTreeMap<i64, String>,
}

impl Firsts {
    /// Adds the replicate that follows.
    pub fn add(&mut self, tables: &TableSet) {
        // What a table lacks is not known.
        let _ = self.read(tables);
        self.replicates += 1;
        for days in self.days.values_mut() {
            days.resize(self.replicates, None);
        }
    }

    fn read(&mut self, tables: &TableSet) -> Option<()> {
        let (majorities, single) = (tables.get("majorities")?, tables.get("bodies")?.texts("body")?);
        let (body, level) = (majorities.texts("body")?, majorities.texts("level")?);
        let (claim, day) = (majorities.texts("party_or_bloc")?, majorities.opt_ints("first_day")?);
        let date = majorities.texts("date_os")?;
        let is_single: Vec<bool> = body.words.iter().map(|word| single.words.contains(word)).collect();
        for row in (0..majorities.rows()).filter(|&row| is_single[body.codes[row] as usize]) {
            let key = (body.get(row).to_owned(), level.get(row).to_owned(), claim.get(row).to_owned());
            let days = self.days.entry(key).or_default();
            days.resize(self.replicates, None);
            days.push(day[row]);
            if let Some(day) = day[row] {
                self.dates.entry(day).or_insert_with(|| date.get(row).to_owned());
            }
        }
        Some(())
    }
}

/// Body, level, and party or bloc.
type Claim = (String, String, String);

/// What it is, table and column.
const NAMES: [(&str, &str, &str); 6] = [
    ("party", "support", "party"),
    ("class", "support", "class"),
    ("place", "support", "place"),
    ("body", "bodies", "body"),
    ("measure", "measures", "measure"),
    ("event", "events", "event"),
];

impl History {
    /// A run of which no replicate has been read.
    #[must_use]
    pub fn new(label: &str, seed: u64) -> Self {
        Self {
            label: label.to_owned(),
            seed,
            replicates: Vec::new(),
            values: BTreeMap::new(),
            firsts: Firsts::default(),
            last: 0,
            words: BTreeMap::new(),
        }
    }

    /// Adds replicate number `replicate`, of which `tables` has the rows.
    pub fn add(&mut self, replicate: u64, tables: &TableSet) {
        let before = self.replicates.len();
        self.replicates.push(replicate as i64);
        for (_, table, column) in NAMES {
            if let Some(cells) = tables.get(table).and_then(|t| t.texts(column)) {
                let known = self.words.entry((table, column)).or_default();
                let unknown: Vec<String> =
                    cells.words.iter().filter(|word| !known.contains(word)).cloned().collect();
                known.extend(unknown);
            }
        }
        let mut found = Vec::new();
        let last = support_of(tables, &mut found).unwrap_or(0);
        self.last = self.last.max(last);
        // What a table lacks is not compared.
        let _ = measures_of(tables, &mut found);
        let _ = outcomes_of(tables, last, &mut found);
        for (quantity, value) in found {
            let values = self.values.entry(quantity).or_default();
            values.resize(before, f64::NAN);
            values.push(value);
        }
        self.firsts.add(tables);
        for values in self.values.values_mut() {
            values.resize(before + 1, f64::NAN);
        }
    }

    /// When its bodies first came to be held.
    #[must_use]
    pub fn firsts(&self) -> &Firsts {
        &self.firsts
    }

    /// Names that appear in a column, such as `party` of `support`.
    #[must_use]
    pub fn words(&self, table: &'static str, column: &'static str) -> &[String] {
        self.words.get(&(table, column)).map_or(&[], Vec::as_slice)
    }

    /// Everything that is compared, majorities among it: a day that never comes is the one after the last.
    fn values(&self) -> Values {
        let by_replicate = |values: &[f64]| {
            let both = self.replicates.iter().copied().zip(values.iter().copied());
            both.filter(|(_, value)| value.is_finite()).collect()
        };
        let mut all: Values =
            self.values.iter().map(|(q, values)| (q.clone(), by_replicate(values))).collect();
        for ((body, _, claim), days) in &self.firsts.days {
            let days: Vec<f64> = days.iter().map(|day| day.unwrap_or(self.last + 1) as f64).collect();
            let (scope, name) = (body.clone(), claim.clone());
            let quantity = Quantity { kind: "majority", scope, name, day: None, date: String::new() };
            all.insert(quantity, by_replicate(&days));
        }
        all
    }
}

/// The table `first_majorities`: for each single body and party or bloc, when each run first saw its majority.
#[must_use]
pub fn first_majorities(runs: &[(&str, &Firsts)]) -> Table {
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
    let mut claims: Vec<_> = runs.iter().flat_map(|(_, run)| run.days.keys()).collect();
    claims.sort();
    claims.dedup();
    for claim in claims {
        let rows: Vec<_> = runs.iter().map(|(_, run)| run.days.get(claim)).collect();
        if rows.iter().flatten().all(|days| days.iter().all(Option::is_none)) {
            continue;
        }
        for ((label, run), days) in runs.iter().zip(rows) {
            let Some(days) = days else { continue };
            let came: Vec<f64> = days.iter().flatten().map(|&d| d as f64).collect();
            let median = median_date(days);
            let date = median.and_then(|m| run.dates.get(&m));
            table.push(&[
                Cell::Text(&claim.0),
                Cell::Text(&claim.1),
                Cell::Text(&claim.2),
                Cell::Text(label),
                Cell::Int(days.len() as i64),
                Cell::Int((days.len() - came.len()) as i64),
                Cell::OptInt(median),
                Cell::Text(date.map_or("", String::as_str)),
                Cell::OptInt(quantile(&came, 0.05).map(|d| d.round() as i64)),
                Cell::OptInt(quantile(&came, 0.95).map(|d| d.round() as i64)),
            ]);
        }
    }
    table
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
pub fn differences(runs: &[&History]) -> Table {
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
    let reference = first.values();
    for run in others {
        let paired = run.seed == first.seed;
        let own = run.values();
        for (quantity, theirs) in &reference {
            let Some(ours) = own.get(quantity) else { continue };
            let (mean, half) = difference(ours, theirs, paired);
            table.push(&[
                Cell::Text(&run.label),
                Cell::Text(&first.label),
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
pub fn pairing(runs: &[&History]) -> Table {
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
    let reference = first.values();
    for run in others.iter().filter(|run| run.seed == first.seed) {
        let own = run.values();
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
                Cell::Text(&run.label),
                Cell::Text(&first.label),
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
pub fn not_compared(first: &History, other: &History) -> Vec<String> {
    let mut said = Vec::new();
    for (what, table, column) in NAMES {
        match (first.words.get(&(table, column)), other.words.get(&(table, column))) {
            // Which events happen is what histories differ in, not what keeps them from being compared.
            (Some(_), Some(_)) if what == "event" => {}
            (Some(a), Some(b)) => {
                for (mine, theirs, label) in [(a, b, &first.label), (b, a, &other.label)] {
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

/// A number for every quantity of one replicate.
type Found = Vec<(Quantity, f64)>;

/// Public shares by class and party, every [`EVERY_DAYS`] days; the last day of the run.
fn support_of(tables: &TableSet, found: &mut Found) -> Option<i64> {
    let support = tables.get("support")?;
    let (day, date) = (support.ints("day")?, support.texts("date_os")?);
    let (class, party, public) = (support.texts("class")?, support.texts("party")?, support.ints("public")?);
    // Day, class and party as codes: names are looked up once a cell of the result.
    let mut counts: BTreeMap<(i64, u32, u32, u32), i64> = BTreeMap::new();
    let mut sizes: BTreeMap<(i64, u32), i64> = BTreeMap::new();
    for row in (0..support.rows()).filter(|&r| day[r] % EVERY_DAYS == 0) {
        let (class, party) = (class.codes[row], party.codes[row]);
        *sizes.entry((day[row], class)).or_default() += public[row];
        *counts.entry((day[row], date.codes[row], class, party)).or_default() += public[row];
    }
    for ((on, at, of, whose), count) in counts {
        let size = sizes.get(&(on, of)).copied().unwrap_or(0);
        let quantity = Quantity {
            kind: "support",
            scope: class.words[of as usize].clone(),
            name: party.words[whose as usize].clone(),
            day: Some(on),
            date: date.words[at as usize].clone(),
        };
        found.push((quantity, if size > 0 { count as f64 / size as f64 } else { 0.0 }));
    }
    day.iter().copied().max()
}

/// Measures of everybody, every [`EVERY_DAYS`] days.
fn measures_of(tables: &TableSet, found: &mut Found) -> Option<()> {
    let table = tables.get("measures")?;
    let (day, date) = (table.ints("day")?, table.texts("date_os")?);
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
        found.push((quantity, value[row]));
    }
    Some(())
}

/// Whether power passed, when, and how many were killed.
fn outcomes_of(tables: &TableSet, last: i64, found: &mut Found) -> Option<()> {
    let table = tables.get("outcome")?;
    let (outcome, day, losses) = (table.texts("outcome")?, table.opt_ints("day")?, table.ints("losses")?);
    let row = table.rows().checked_sub(1)?;
    let came = outcome.get(row) == "transfer";
    let on = day[row].filter(|_| came).unwrap_or(last + 1);
    for (name, value) in
        [("transfer", f64::from(u8::from(came))), ("transfer-day", on as f64), ("losses", losses[row] as f64)]
    {
        let (scope, name) = ("all".to_owned(), name.to_owned());
        found.push((Quantity { kind: "outcome", scope, name, day: None, date: String::new() }, value));
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
        let run = |label, tables| {
            let mut run = History::new(label, 1);
            run.add(0, tables);
            run
        };
        let said = not_compared(&run("one", &a), &run("two", &b));
        assert_eq!(said, ["party `y`: only in one", "party `z`: only in two"]);
        assert!(not_compared(&run("one", &a), &run("again", &a)).is_empty());
    }
}
