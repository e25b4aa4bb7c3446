//! Histories against each other: first majorities side by side, and differences with intervals.
//!
//! Runs of one seed share their random numbers agent by agent, so replicate `r` of one is paired with replicate `r`
//! of the other, and most of the Monte Carlo error cancels in the difference.

use std::collections::BTreeMap;

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

/// The table `differences`: each run against the first, in shares of support by class, with 95 % intervals.
///
/// Paired by replicate where the seeds agree.
#[must_use]
pub fn differences(runs: &[Contender<'_>]) -> Table {
    let mut table = Table::new(
        "differences",
        "share of a class that speaks for a party: each run less the first one",
        &[
            ("run", Kind::Text, "", "run"),
            ("reference", Kind::Text, "", "run it is compared with"),
            ("day", Kind::Int, "day", "day of the run"),
            ("date_os", Kind::Text, "", "its date in the calendar of the scenario"),
            ("class", Kind::Text, "", "class"),
            ("party", Kind::Text, "", "party"),
            ("difference", Kind::Real, "share -1..1", "mean difference of public support"),
            ("low", Kind::Real, "share -1..1", "lower end of the 95 % interval; NaN of one replicate"),
            ("high", Kind::Real, "share -1..1", "upper end of the 95 % interval; NaN of one replicate"),
            ("paired", Kind::Flag, "", "whether the runs share their random numbers"),
        ],
    );
    let Some((first, others)) = runs.split_first() else { return table };
    let reference = supports_of(first.tables);
    for run in others {
        let paired = run.seed == first.seed;
        let own = supports_of(run.tables);
        for (key, theirs) in &reference {
            let Some(ours) = own.get(key) else { continue };
            let (mean, half) = difference(ours, theirs, paired);
            let (day, date, class, party) = key;
            table.push(&[
                Cell::Text(run.label),
                Cell::Text(first.label),
                Cell::Int(*day),
                Cell::Text(date),
                Cell::Text(class),
                Cell::Text(party),
                Cell::Real(mean),
                Cell::Real(mean - half),
                Cell::Real(mean + half),
                Cell::Flag(paired),
            ]);
        }
    }
    table
}

/// Mean difference and half the width of its interval.
fn difference(ours: &BTreeMap<i64, f64>, theirs: &BTreeMap<i64, f64>, paired: bool) -> (f64, f64) {
    if paired {
        let differences: Vec<f64> = ours.iter().filter_map(|(r, a)| theirs.get(r).map(|b| a - b)).collect();
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

type Supports = BTreeMap<(i64, String, String, String), BTreeMap<i64, f64>>;

/// Public share by day, date, class and party, then replicate; every [`EVERY_DAYS`] days.
fn supports_of(tables: &TableSet) -> Supports {
    let mut counts: BTreeMap<(i64, String, String, String), BTreeMap<i64, i64>> = BTreeMap::new();
    let mut sizes: BTreeMap<(i64, i64, String), i64> = BTreeMap::new();
    let Some(support) = tables.get("support") else { return Supports::new() };
    let (Some(replicate), Some(day), Some(date), Some(class), Some(party), Some(public)) = (
        support.ints("replicate"),
        support.ints("day"),
        support.texts("date_os"),
        support.texts("class"),
        support.texts("party"),
        support.ints("public"),
    ) else {
        return Supports::new();
    };
    for row in (0..support.rows()).filter(|&r| day[r] % EVERY_DAYS == 0) {
        let class = class.get(row).to_owned();
        *sizes.entry((replicate[row], day[row], class.clone())).or_default() += public[row];
        let key = (day[row], date.get(row).to_owned(), class, party.get(row).to_owned());
        *counts.entry(key).or_default().entry(replicate[row]).or_default() += public[row];
    }
    counts
        .into_iter()
        .map(|(key, by_replicate)| {
            let shares = by_replicate
                .into_iter()
                .map(|(r, count)| {
                    let size = sizes.get(&(r, key.0, key.2.clone())).copied().unwrap_or(0);
                    (r, if size > 0 { count as f64 / size as f64 } else { 0.0 })
                })
                .collect();
            (key, shares)
        })
        .collect()
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
}
