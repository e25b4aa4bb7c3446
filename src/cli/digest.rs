//! What the summary of a run says, kept small replicate by replicate while the tables go to the disk.

use crate::experiment::Firsts;
use crate::observers::table::TableSet;
use crate::scenario::Scenario;

/// Majorities, outcomes and totals of support of the replicates so far.
#[derive(Debug)]
pub(super) struct Digest {
    /// How the replicates ended: rows of the table `outcome`.
    pub(super) tables: TableSet,
    pub(super) firsts: Firsts,
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
            firsts: Firsts::default(),
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
        self.firsts.add(replicate);
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
        // The rows of a day stand together.
        let mut begin = 0;
        for days in day.chunk_by(PartialEq::eq) {
            let rows = begin..begin + days.len();
            begin = rows.end;
            for (at, _) in self.days.iter().enumerate().filter(|(_, d)| **d == days[0]) {
                for row in rows.clone() {
                    if let Some(option) = option_of[party.codes[row] as usize] {
                        totals[at][option] += public[row];
                    }
                }
            }
        }
        totals
    }
}
