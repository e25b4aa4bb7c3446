//! What the summary of a run says, kept small replicate by replicate while the tables go to the disk.

use std::collections::BTreeSet;

use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::scenario::Scenario;

/// Majorities, outcomes and totals of support of the replicates so far.
#[derive(Debug)]
pub(super) struct Digest {
    /// Majorities of bodies that stand alone, the names of those bodies, and outcomes: rows of the same tables.
    pub(super) tables: TableSet,
    /// Bodies in the daily table.
    single: BTreeSet<String>,
    /// By replicate, then by day of [`Digest::days`] and option: people who speak for it.
    pub(super) support: Vec<Vec<Vec<i64>>>,
    days: [i64; 3],
    options: Vec<String>,
}

impl Digest {
    /// Of a run of `scenario` of which nothing is known yet.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let last = i64::from(scenario.days()) - 1;
        Self {
            tables: TableSet::default(),
            single: BTreeSet::new(),
            support: Vec::new(),
            days: [0, i64::from(scenario.days()) / 2, last],
            options: scenario.names().options.clone(),
        }
    }

    /// The days of the summary: first, middle, last.
    pub(super) fn days(&self) -> [usize; 3] {
        self.days.map(|day| day as usize)
    }

    /// Adds a replicate.
    pub(super) fn add(&mut self, replicate: &TableSet) {
        self.support.push(self.totals(replicate));
        if let Some(outcome) = replicate.get("outcome") {
            self.tables.add(outcome);
        }
        if let Some(bodies) = replicate.get("bodies").and_then(|t| t.texts("body")) {
            let mut names = Table::new("bodies", "body", &[("body", Kind::Text, "", "body")]);
            for word in &bodies.words {
                if self.single.insert(word.clone()) {
                    names.push(&[Cell::Text(word)]);
                }
            }
            self.tables.add(&names);
        }
        let Some(majorities) = replicate.get("majorities") else { return };
        let Some(body) = majorities.texts("body") else { return };
        let mut kept = majorities.emptied();
        for row in (0..majorities.rows()).filter(|&row| self.single.contains(body.get(row))) {
            let cells: Vec<Cell<'_>> =
                (0..majorities.cells().len()).map(|column| majorities.cell(column, row)).collect();
            kept.push(&cells);
        }
        self.tables.add(&kept);
    }

    fn totals(&self, replicate: &TableSet) -> Vec<Vec<i64>> {
        let mut totals = vec![vec![0; self.options.len()]; self.days.len()];
        let Some(support) = replicate.get("support") else { return totals };
        let (Some(day), Some(party), Some(public)) =
            (support.ints("day"), support.texts("party"), support.ints("public"))
        else {
            return totals;
        };
        let option_of: Vec<Option<usize>> =
            party.words.iter().map(|word| self.options.iter().position(|o| o == word)).collect();
        for row in 0..support.rows() {
            let Some(option) = option_of[party.codes[row] as usize] else { continue };
            for (at, _) in self.days.iter().enumerate().filter(|(_, d)| **d == day[row]) {
                totals[at][option] += public[row];
            }
        }
        totals
    }
}
