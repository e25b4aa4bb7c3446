//! The `majorities` table: when parties and blocs came to hold bodies.

use super::chart::ChartError;
use super::columns::{distinct, numbers, texts};
use super::counts::{Seats, filled};
use super::quantiles::{median, quantile, sorted};
use super::shelf::{Courses, Shelf};
use crate::observers::table::TableSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// First days of majorities: of single bodies each one, of families how many of their members were held by when.
#[derive(Clone)]
pub(super) struct Majorities {
    /// Levels in order of first appearance.
    pub(super) levels: Vec<String>,
    /// Bodies of each level, by name and place, that ever appear.
    members: Vec<BTreeSet<(String, String)>>,
    /// By level and claimant.
    claims: BTreeMap<(usize, String), Claim>,
    /// Of single bodies, in order of first appearance.
    singles: Vec<Single>,
    /// By level and claimant: how many bodies it has held by each day.
    reached: Courses<(usize, String)>,
}

/// What a party or bloc came to hold on a level.
#[derive(Clone, Default)]
struct Claim {
    /// How many bodies of any replicate it first held on which day.
    firsts: BTreeMap<i64, usize>,
    /// Median of the first days in each replicate; NaN where it held none.
    medians: Vec<f32>,
}

/// A party or bloc in a single body.
#[derive(Clone, Debug)]
pub(super) struct Single {
    pub(super) body: String,
    pub(super) who: String,
    level: usize,
    /// First day by replicate; NaN where it never came.
    firsts: Vec<(usize, f32)>,
}

impl Single {
    /// First days of the replicates; NaN where it never came.
    pub(super) fn days(&self) -> Vec<f64> {
        self.firsts.iter().map(|(_, day)| f64::from(*day)).collect()
    }
}

impl Majorities {
    pub(super) fn new(shelf: &Arc<Shelf>) -> Self {
        Self {
            levels: Vec::new(),
            members: Vec::new(),
            claims: BTreeMap::new(),
            singles: Vec::new(),
            reached: Courses::new(shelf),
        }
    }

    /// Adds the replicates of a table of majorities, on these days. Bodies that have seats of their own in `seats` are
    /// single bodies.
    pub(super) fn add(
        &mut self,
        tables: &TableSet,
        seats: &Seats,
        days: std::ops::RangeInclusive<i64>,
    ) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "majorities") else {
            // A replicate without any counts too.
            self.reached.push(&[], &[], &[]);
            return Ok(());
        };
        let (body, level, place) = (texts(table, "body")?, texts(table, "level")?, texts(table, "place")?);
        let (who, replicate) = (texts(table, "party_or_bloc")?, numbers(table, "replicate")?);
        let first = numbers(table, "first_day")?;
        let levels: Vec<usize> = level.words.iter().map(|word| self.level(word)).collect();
        let is_single: Vec<bool> =
            body.words.iter().map(|word| seats.bodies.iter().any(|b| b.name == *word)).collect();
        let known = distinct(&replicate, table.rows());
        // By replicate, level and claimant.
        let mut found: BTreeMap<(usize, usize, u32), Vec<f64>> = BTreeMap::new();
        let before = self.reached.replicates();
        let (mut members, mut singles) = (BTreeSet::new(), BTreeMap::new());
        for row in 0..table.rows() {
            let of = known.partition_point(|&r| r < replicate.at(row) as i64);
            let at = levels[level.codes[row] as usize];
            let (code, whose) = (body.codes[row], who.codes[row]);
            found.entry((of, at, whose)).or_default().push(first.at(row));
            if members.insert((at, code, place.codes[row])) {
                self.members[at].insert((body.get(row).to_owned(), place.get(row).to_owned()));
            }
            if is_single[code as usize] {
                let index = *singles
                    .entry((at, code, whose))
                    .or_insert_with(|| self.single(at, body.get(row), who.get(row)));
                self.singles[index].firsts.push((before + of, first.at(row) as f32));
            }
        }
        let days: Vec<i64> = days.collect();
        let mut found = found.into_iter().peekable();
        for of in 0..known.len() {
            let (mut keys, mut reached) = (Vec::new(), Vec::new());
            while let Some(((_, at, whose), firsts)) = found.next_if(|((replicate, ..), _)| *replicate == of)
            {
                let came = sorted(firsts.into_iter());
                let key = (at, who.words[whose as usize].clone());
                let claim = self.claims.entry(key.clone()).or_default();
                claim.medians.resize(before + of, f32::NAN);
                claim.medians.push(median(&came).map_or(f32::NAN, |day| day as f32));
                for day in &came {
                    *claim.firsts.entry(*day as i64).or_default() += 1;
                }
                reached.extend(days.iter().map(|&day| came.partition_point(|&f| f <= day as f64) as f32));
                keys.push(key);
            }
            self.reached.push(&days, &keys, &reached);
        }
        Ok(())
    }

    fn level(&mut self, name: &str) -> usize {
        self.levels.iter().position(|level| level == name).unwrap_or_else(|| {
            self.levels.push(name.to_owned());
            self.members.push(BTreeSet::new());
            self.levels.len() - 1
        })
    }

    fn single(&mut self, level: usize, body: &str, who: &str) -> usize {
        let same = |s: &Single| s.level == level && s.body == body && s.who == who;
        self.singles.iter().position(same).unwrap_or_else(|| {
            let (body, who) = (body.to_owned(), who.to_owned());
            self.singles.push(Single { body, who, level, firsts: Vec::new() });
            self.singles.len() - 1
        })
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// Everybody who claims any, by name.
    pub(super) fn whos(&self) -> BTreeSet<&String> {
        self.claims.keys().map(|(_, who)| who).collect()
    }

    /// Who claims the single body `name`, in order of first appearance.
    pub(super) fn of_body(&self, name: &str) -> impl Iterator<Item = &Single> {
        self.singles.iter().filter(move |single| single.body == name)
    }

    /// Claims of single bodies, in order of first appearance.
    pub(super) fn singles(&self) -> &[Single] {
        &self.singles
    }

    /// How many bodies of `level` ever appear.
    pub(super) fn members(&self, level: &str) -> usize {
        self.index(level).map_or(0, |at| self.members[at].len())
    }

    /// How many bodies of `level` `who` has held by each day of [`Majorities::days`], by replicate.
    ///
    /// Of the members of a family only first days are known for certain, since a majority lost may come back.
    pub(super) fn reached(&self, level: &str, who: &str) -> Vec<Vec<f64>> {
        let Some(at) = self.index(level) else { return Vec::new() };
        let mut found = self.reached.of(&(at, who.to_owned()));
        found.iter_mut().flatten().filter(|held| held.is_nan()).for_each(|held| *held = 0.0);
        found
    }

    pub(super) fn days(&self) -> &[i64] {
        &self.reached.days
    }

    /// The median of the first days on which `who` came to hold a body of `level`.
    pub(super) fn dated(&self, level: &str, who: &str) -> Option<f64> {
        let claim = self.claim(level, who)?;
        let count: usize = claim.firsts.values().sum();
        // The order statistics around the middle.
        let nth = |rank: usize| {
            let mut before = 0;
            claim.firsts.iter().find_map(|(day, bodies)| {
                before += bodies;
                (before > rank).then_some(*day as f64)
            })
        };
        let (low, high) = (nth(count.checked_sub(1)? / 2)?, nth(count / 2)?);
        Some(quantile(&[low, high], 0.5).round())
    }

    /// First days on which `who` came to hold the single `body` of `level`, or any body of it: the median of each of so
    /// many replicates, NaN where it never came.
    pub(super) fn by_replicate(&self, level: &str, who: &str, body: Option<&str>, count: usize) -> Vec<f64> {
        let mut days = vec![f64::NAN; count];
        let Some(body) = body else {
            let medians = self.claim(level, who).map_or(&[][..], |claim| &claim.medians);
            days.iter_mut().zip(medians).for_each(|(day, median)| *day = f64::from(*median));
            return days;
        };
        let mut all = vec![Vec::new(); count];
        let own = self.singles.iter().filter(|s| s.body == body && s.who == who);
        for single in own.filter(|s| self.levels[s.level] == level) {
            for &(replicate, day) in &single.firsts {
                if let Some(days) = all.get_mut(replicate) {
                    days.push(f64::from(day));
                }
            }
        }
        all.iter().map(|days| median(days).unwrap_or(f64::NAN)).collect()
    }

    /// How many bodies each claimant came to hold after `day`, all levels and replicates together.
    pub(super) fn won_after(&self, day: f64) -> BTreeMap<&str, usize> {
        let mut won: BTreeMap<&str, usize> = BTreeMap::new();
        for ((_, who), claim) in &self.claims {
            let later = claim.firsts.iter().filter(|(first, _)| **first as f64 > day).map(|(_, n)| n);
            *won.entry(who).or_default() += later.sum::<usize>();
        }
        won.retain(|_, bodies| *bodies > 0);
        won
    }

    fn index(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|l| l == level)
    }

    fn claim(&self, level: &str, who: &str) -> Option<&Claim> {
        self.claims.get(&(self.index(level)?, who.to_owned()))
    }
}
