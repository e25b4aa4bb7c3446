//! The `support`, `bodies` and `measures` tables, as courses that the figures read.

use super::chart::ChartError;
use super::columns::{Rows, numbers, texts};
use super::indices::ALL;
use super::majorities::Majorities;
use super::quantiles::{Band, bands};
use super::shelf::{Courses, Shelf};
use crate::observers::table::{Table, TableSet};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Shares of each party in each group (a class or a place), and in all groups together.
#[derive(Clone)]
pub(super) struct Support {
    pub(super) groups: Vec<String>,
    pub(super) parties: Vec<String>,
    /// By voice, group (all of them if `None`) and party; NaN where nobody was counted.
    shares: Courses<(Voice, Option<usize>, usize)>,
}

/// Which of the two choices of an agent is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    Private,
    Public,
}

impl Support {
    pub(super) fn new(shelf: &Arc<Shelf>) -> Self {
        Self { groups: Vec::new(), parties: Vec::new(), shares: Courses::new(shelf) }
    }

    /// Adds the replicates of a table of support, whose rows these are, counted by the values of `column` (`class` or
    /// `place`).
    pub(super) fn add(&mut self, table: &Table, rows: &Rows, column: &str) -> Result<(), ChartError> {
        let (group, party) = (texts(table, column)?, texts(table, "party")?);
        let voices =
            [(Voice::Private, numbers(table, "private")?), (Voice::Public, numbers(table, "public")?)];
        let groups = united(&mut self.groups, &group.words);
        let parties = united(&mut self.parties, &party.words);
        let (days, width) = (rows.days.len(), party.words.len());
        for own in &rows.of_replicates {
            let (mut keys, mut shares) = (Vec::new(), Vec::new());
            for (voice, counts) in &voices {
                let mut counted = vec![0.0; groups.len() * width * days];
                let mut of_day = vec![0.0; groups.len() * width];
                for stretch in own {
                    of_day.fill(0.0);
                    counts.each(stretch.rows.clone(), |row, count| {
                        of_day[group.codes[row] as usize * width + party.codes[row] as usize] += count;
                    });
                    let cells = counted.chunks_exact_mut(days);
                    cells.zip(&of_day).for_each(|(days, count)| days[stretch.day] += count);
                }
                let everybody: Vec<usize> = (0..groups.len()).collect();
                let each = everybody.chunks(1).zip(&groups).map(|(members, &name)| (members, Some(name)));
                for (members, name) in each.chain([(&everybody[..], None)]) {
                    keys.extend(parties.iter().map(|&party| (*voice, name, party)));
                    shares_of(&counted, members, (width, days), &mut shares);
                }
            }
            self.shares.push(&rows.days, &keys, &shares);
        }
        Ok(())
    }

    pub(super) fn replicates(&self) -> usize {
        self.shares.replicates()
    }

    /// Bands over the replicates of the share of `party` (index) in `group` (all groups if `None`).
    pub(super) fn bands(&self, voice: Voice, group: Option<usize>, party: usize) -> Vec<Band> {
        self.shares.bands(&(voice, group, party))
    }

    /// The index of `party`, if the table has it.
    pub(super) fn party(&self, party: &str) -> Option<usize> {
        self.parties.iter().position(|p| p == party)
    }
}

/// Appends the share of each party among all that were counted in `groups`, party by party and day by day. `counted` is
/// by group, party (`width` of them) and day.
fn shares_of(counted: &[f64], groups: &[usize], (width, days): (usize, usize), shares: &mut Vec<f32>) {
    let sum = |party: usize, day: usize| -> f64 {
        groups.iter().map(|group| counted[(group * width + party) * days + day]).sum()
    };
    let all: Vec<f64> = (0..days).map(|day| (0..width).map(|party| sum(party, day)).sum()).collect();
    for party in 0..width {
        let share = |day: usize| if all[day] > 0.0 { sum(party, day) / all[day] } else { f64::NAN };
        shares.extend((0..days).map(|day| share(day) as f32));
    }
}

/// A body in one place: a soviet, or all committees of a family together.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) name: String,
    pub(super) level: String,
    /// Whether it stands for many bodies that are counted together.
    pub(super) is_family: bool,
    place: String,
    /// Largest number of seats it ever had.
    size: f64,
}

/// Seats by body and party.
#[derive(Clone)]
pub(super) struct Seats {
    pub(super) bodies: Vec<Body>,
    pub(super) parties: Vec<String>,
    /// Levels in order of first appearance.
    pub(super) levels: Vec<String>,
    /// By body and party; the size of the body where there is no party.
    seats: Courses<(usize, Option<usize>)>,
}

impl Seats {
    pub(super) fn new(shelf: &Arc<Shelf>) -> Self {
        Self { bodies: Vec::new(), parties: Vec::new(), levels: Vec::new(), seats: Courses::new(shelf) }
    }

    /// Adds the replicates of a table of bodies.
    pub(super) fn add(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "bodies") else { return Ok(()) };
        let rows = Rows::read(table)?;
        let (body, level) = (texts(table, "body")?, texts(table, "level")?);
        let (place, party) = (texts(table, "place")?, texts(table, "party")?);
        let (seats, size) = (numbers(table, "seats")?, numbers(table, "size")?);
        let section = table.texts("section");
        united(&mut self.levels, &level.words);
        let parties = united(&mut self.parties, &party.words);
        // Bodies of this table in order of appearance, and where each stands among all.
        let mut known: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut bodies: Vec<usize> = Vec::new();
        let all = section.and_then(|section| section.code("all"));
        let is_counted = |row: &usize| section.is_none_or(|section| Some(section.codes[*row]) == all);
        // The rows of a body stand together: it is looked for where they begin.
        let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
        let mut last = None;
        for row in (0..table.rows()).filter(is_counted) {
            let at = (body.codes[row], place.codes[row]);
            match runs.last_mut() {
                Some((_, run)) if last == Some(at) && run.end == row => run.end = row + 1,
                _ => {
                    let own = *known.entry(at).or_insert_with(|| {
                        bodies.push(self.body(body.get(row), level.get(row), place.get(row)));
                        bodies.len() - 1
                    });
                    runs.push((own, row..row + 1));
                }
            }
            last = Some(at);
        }
        let (days, width) = (rows.days.len(), parties.len() + 1);
        let keys: Vec<(usize, Option<usize>)> = bodies
            .iter()
            .flat_map(|&body| parties.iter().map(move |&party| (body, Some(party))).chain([(body, None)]))
            .collect();
        for stretches in &rows.of_replicates {
            let mut numbers = vec![0.0; keys.len() * days];
            let sizes = (0..bodies.len()).map(|own| (own * width + parties.len()) * days);
            sizes.for_each(|from| numbers[from..from + days].fill(f32::NAN));
            for stretch in stretches {
                let first = runs.partition_point(|(_, run)| run.end <= stretch.rows.start);
                let here = runs[first..].iter().take_while(|(_, run)| run.start < stretch.rows.end);
                for (own, run) in here {
                    let cell = |column: usize| (own * width + column) * days + stretch.day;
                    let run = run.start.max(stretch.rows.start)..run.end.min(stretch.rows.end);
                    seats.each(run.clone(), |row, seats| {
                        numbers[cell(party.codes[row] as usize)] += seats as f32;
                    });
                    let mut largest = f64::NAN;
                    size.each(run, |_, size| largest = largest.max(size));
                    let known = &mut numbers[cell(parties.len())];
                    *known = known.max(largest as f32);
                    let known = &mut self.bodies[bodies[*own]].size;
                    *known = known.max(largest);
                }
            }
            self.seats.push(&rows.days, &keys, &numbers);
        }
        Ok(())
    }

    /// The index of a body, which is added if it is not known.
    fn body(&mut self, name: &str, level: &str, place: &str) -> usize {
        let same = |b: &Body| b.name == name && b.level == level && b.place == place;
        self.bodies.iter().position(same).unwrap_or_else(|| {
            self.bodies.push(Body {
                name: name.to_owned(),
                level: level.to_owned(),
                is_family: false,
                place: place.to_owned(),
                size: 0.0,
            });
            self.bodies.len() - 1
        })
    }

    /// The majorities name single bodies and the members of families, never a family itself; without them, what has
    /// rows in several places is one.
    pub(super) fn mark_families(&mut self, majorities: &Majorities) {
        let names: Vec<String> = self.bodies.iter().map(|b| b.name.clone()).collect();
        for body in &mut self.bodies {
            body.is_family = if majorities.is_empty() {
                names.iter().filter(|name| **name == body.name).count() > 1
            } else {
                majorities.of_body(&body.name).next().is_none()
            };
        }
    }

    pub(super) fn days(&self) -> &[i64] {
        &self.seats.days
    }

    pub(super) fn replicates(&self) -> usize {
        self.seats.replicates()
    }

    /// The share of seats that `parties` hold in `bodies` together, by replicate and day; NaN where none of them has any
    /// seat.
    pub(super) fn shares(&self, bodies: &[usize], parties: &[usize]) -> Vec<Vec<f64>> {
        self.shares_of_each(bodies, &[parties]).remove(0)
    }

    /// [`Seats::shares`] of each of these groups of parties.
    fn shares_of_each(&self, bodies: &[usize], groups: &[&[usize]]) -> Vec<Vec<Vec<f64>>> {
        let nothing = vec![vec![0.0; self.seats.days.len()]; self.replicates()];
        let (mut shares, mut all) = (vec![nothing.clone(); groups.len()], nothing);
        for &body in bodies {
            let sizes = self.seats.of(&(body, None));
            add_where(&mut all, &sizes, &sizes);
            for (held, parties) in shares.iter_mut().zip(groups) {
                for &party in *parties {
                    add_where(held, &self.seats.of(&(body, Some(party))), &sizes);
                }
            }
        }
        for held in &mut shares {
            for (held, all) in held.iter_mut().flatten().zip(all.iter().flatten()) {
                *held = if *all > 0.0 { *held / *all } else { f64::NAN };
            }
        }
        shares
    }

    /// For each party the median share of `bodies` that it holds on the last day on which they have seats.
    pub(super) fn last_shares(&self, bodies: &[usize]) -> Vec<Option<f64>> {
        let parties: Vec<usize> = (0..self.parties.len()).collect();
        let groups: Vec<&[usize]> = parties.chunks(1).collect();
        let last = |shares: Vec<Vec<f64>>| {
            bands(self.days(), shares.len(), |replicate, day| shares[replicate][day]).last().map(|b| b.q[2])
        };
        self.shares_of_each(bodies, &groups).into_iter().map(last).collect()
    }

    /// Bands over the replicates of the share of `party` in `bodies` together.
    pub(super) fn bands(&self, bodies: &[usize], party: usize) -> Vec<Band> {
        let shares = self.shares(bodies, &[party]);
        bands(self.days(), shares.len(), |replicate, day| shares[replicate][day])
    }

    /// Largest number of seats the body ever had.
    pub(super) fn size(&self, body: usize) -> f64 {
        self.bodies[body].size
    }

    /// The single bodies: first those alone on their level, then the rest; the larger before the smaller.
    pub(super) fn singles(&self) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.bodies.len()).filter(|&b| !self.bodies[b].is_family).collect();
        let is_one_of_many = |b: usize| self.of_level(&self.bodies[b].level).len() > 1;
        found.sort_by(|&a, &b| {
            is_one_of_many(a).cmp(&is_one_of_many(b)).then(self.size(b).total_cmp(&self.size(a)))
        });
        found
    }

    /// The bodies of `level`.
    pub(super) fn of_level(&self, level: &str) -> Vec<usize> {
        (0..self.bodies.len()).filter(|&b| self.bodies[b].level == level).collect()
    }
}

/// Adds `numbers` to `sums` where there are seats at all and a number.
fn add_where(sums: &mut [Vec<f64>], numbers: &[Vec<f64>], sizes: &[Vec<f64>]) {
    let sums = sums.iter_mut().flatten();
    for ((sum, number), size) in sums.zip(numbers.iter().flatten()).zip(sizes.iter().flatten()) {
        if *size > 0.0 && number.is_finite() {
            *sum += number;
        }
    }
}

/// Measures of everybody.
#[derive(Clone)]
pub(super) struct Measures(Courses<String>);

impl Measures {
    pub(super) fn new(shelf: &Arc<Shelf>) -> Self {
        Self(Courses::new(shelf))
    }

    /// Adds the replicates of a table of measures. No figure shows those of a part of the people, and there are many.
    pub(super) fn add(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "measures") else { return Ok(()) };
        let rows = Rows::read(table)?;
        let (measure, scope) = (texts(table, "measure")?, texts(table, "scope")?);
        let value = numbers(table, "value")?;
        let days = rows.days.len();
        let all = scope.code(ALL);
        let is_shown = |row: &usize| Some(scope.codes[*row]) == all;
        let mut codes: Vec<u32> = (0..table.rows()).filter(is_shown).map(|row| measure.codes[row]).collect();
        codes.sort_unstable();
        codes.dedup();
        let names: Vec<String> = codes.iter().map(|&code| measure.words[code as usize].clone()).collect();
        for stretches in &rows.of_replicates {
            let mut numbers = vec![f32::NAN; names.len() * days];
            for stretch in stretches {
                for row in stretch.rows.clone().filter(is_shown) {
                    let own = codes.partition_point(|&code| code < measure.codes[row]);
                    numbers[own * days + stretch.day] = value.at(row) as f32;
                }
            }
            self.0.push(&rows.days, &names, &numbers);
        }
        Ok(())
    }

    pub(super) fn replicates(&self) -> usize {
        self.0.replicates()
    }

    /// Bands of `measure`; `None` if it was not recorded.
    pub(super) fn bands(&self, measure: &str) -> Option<Vec<Band>> {
        let measure = measure.to_owned();
        let found = if self.0.has(&measure) { self.0.bands(&measure) } else { Vec::new() };
        (!found.is_empty()).then_some(found)
    }
}

/// Adds the words of `theirs` that `mine` lacks; where each of theirs now stands.
fn united(mine: &mut Vec<String>, theirs: &[String]) -> Vec<usize> {
    let place = |word: &String| {
        mine.iter().position(|w| w == word).unwrap_or_else(|| {
            mine.push(word.clone());
            mine.len() - 1
        })
    };
    theirs.iter().map(place).collect()
}

/// The table `name`, if it is there and has rows.
pub(super) fn filled<'a>(tables: &'a TableSet, name: &str) -> Option<&'a Table> {
    tables.get(name).filter(|table| table.rows() > 0)
}
