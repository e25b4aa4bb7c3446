//! The `support`, `bodies`, `majorities` and `measures` tables, gathered into arrays that the figures read.

use super::chart::ChartError;
use super::columns::{Rows, distinct, numbers, texts};
use super::gather::united;
use super::indices::ALL;
use super::quantiles::{Band, bands};
use crate::observers::table::{Table, TableSet};
use std::collections::BTreeMap;

/// Persons by replicate, day, group (a class or a place) and party.
#[derive(Clone, Debug)]
pub(super) struct Support {
    pub(super) days: Vec<i64>,
    pub(super) replicates: usize,
    pub(super) groups: Vec<String>,
    pub(super) parties: Vec<String>,
    private: Vec<f64>,
    public: Vec<f64>,
}

/// Which of the two choices of an agent is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Private,
    Public,
}

impl Support {
    /// Counts by the values of `column` (`class` or `place`); `None` if there is no support table or it is empty.
    pub(super) fn read(tables: &TableSet, column: &str) -> Result<Option<Self>, ChartError> {
        let Some(table) = tables.get("support").filter(|t| t.rows() > 0) else { return Ok(None) };
        let rows = Rows::read(table)?;
        let (group, party) = (texts(table, column)?, texts(table, "party")?);
        let (private, public) = (numbers(table, "private")?, numbers(table, "public")?);
        let mut found = Self {
            replicates: rows.replicates,
            groups: group.words.clone(),
            parties: party.words.clone(),
            private: Vec::new(),
            public: Vec::new(),
            days: rows.days,
        };
        let cells = found.replicates * found.days.len() * found.groups.len() * found.parties.len();
        found.private = vec![0.0; cells];
        found.public = vec![0.0; cells];
        for (row, &(r, d)) in rows.at.iter().enumerate() {
            let cell = found.cell(r, d, group.codes[row] as usize, party.codes[row] as usize);
            found.private[cell] += private.at(row);
            found.public[cell] += public.at(row);
        }
        Ok(Some(found))
    }

    /// Adds the replicates of `other` after these.
    pub(super) fn join(&mut self, other: Self) {
        if self.days == other.days && self.groups == other.groups && self.parties == other.parties {
            self.replicates += other.replicates;
            self.private.extend(other.private);
            self.public.extend(other.public);
            return;
        }
        let mut all = Self {
            replicates: self.replicates + other.replicates,
            groups: self.groups.clone(),
            parties: self.parties.clone(),
            private: Vec::new(),
            public: Vec::new(),
            days: self.days.iter().chain(&other.days).copied().collect(),
        };
        all.days.sort_unstable();
        all.days.dedup();
        united(&mut all.groups, &other.groups, PartialEq::eq);
        united(&mut all.parties, &other.parties, PartialEq::eq);
        let cells = all.replicates * all.days.len() * all.groups.len() * all.parties.len();
        (all.private, all.public) = (vec![0.0; cells], vec![0.0; cells]);
        for (part, before) in [(&*self, 0), (&other, self.replicates)] {
            let days: Vec<usize> = part.days.iter().map(|d| all.days.partition_point(|x| x < d)).collect();
            let groups = united(&mut all.groups, &part.groups, PartialEq::eq);
            let parties = united(&mut all.parties, &part.parties, PartialEq::eq);
            for r in 0..part.replicates {
                for (d, &day) in days.iter().enumerate() {
                    for (g, &group) in groups.iter().enumerate() {
                        for (p, &party) in parties.iter().enumerate() {
                            let (from, to) = (part.cell(r, d, g, p), all.cell(before + r, day, group, party));
                            all.private[to] = part.private[from];
                            all.public[to] = part.public[from];
                        }
                    }
                }
            }
        }
        *self = all;
    }

    fn cell(&self, replicate: usize, day: usize, group: usize, party: usize) -> usize {
        ((replicate * self.days.len() + day) * self.groups.len() + group) * self.parties.len() + party
    }

    /// The share of `party` (index) in `group` (all groups if `None`); NaN where nobody was counted.
    pub(super) fn share(&self, voice: Voice, group: Option<usize>, party: usize, at: (usize, usize)) -> f64 {
        let counts = match voice {
            Voice::Private => &self.private,
            Voice::Public => &self.public,
        };
        let groups = group.map_or(0..self.groups.len(), |g| g..g + 1);
        let (mut of_party, mut all) = (0.0, 0.0);
        for g in groups {
            let start = self.cell(at.0, at.1, g, 0);
            of_party += counts[start + party];
            all += counts[start..start + self.parties.len()].iter().sum::<f64>();
        }
        if all > 0.0 { of_party / all } else { f64::NAN }
    }

    /// Bands of that share over the replicates.
    pub(super) fn bands(&self, voice: Voice, group: Option<usize>, party: usize) -> Vec<Band> {
        bands(&self.days, self.replicates, |r, d| self.share(voice, group, party, (r, d)))
    }

    /// The index of `party`, if the table has it.
    pub(super) fn party(&self, party: &str) -> Option<usize> {
        self.parties.iter().position(|p| p == party)
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
}

/// Seats by body, replicate, day and party.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    pub(super) days: Vec<i64>,
    pub(super) replicates: usize,
    pub(super) bodies: Vec<Body>,
    pub(super) parties: Vec<String>,
    /// Levels in order of first appearance.
    pub(super) levels: Vec<String>,
    seats: Vec<f64>,
    sizes: Vec<f64>,
}

impl Seats {
    /// `None` if there is no table of bodies or it is empty.
    pub(super) fn read(tables: &TableSet, majorities: &[Majority]) -> Result<Option<Self>, ChartError> {
        let Some(table) = tables.get("bodies").filter(|t| t.rows() > 0) else { return Ok(None) };
        let rows = Rows::read(table)?;
        let (body, level) = (texts(table, "body")?, texts(table, "level")?);
        let (place, party) = (texts(table, "place")?, texts(table, "party")?);
        let (seats, size) = (numbers(table, "seats")?, numbers(table, "size")?);
        let section = table.texts("section");
        let mut known: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut found = Self {
            replicates: rows.replicates,
            bodies: Vec::new(),
            parties: party.words.clone(),
            levels: level.words.clone(),
            seats: Vec::new(),
            sizes: Vec::new(),
            days: rows.days,
        };
        let counted: Vec<usize> =
            (0..table.rows()).filter(|&row| section.is_none_or(|s| s.get(row) == "all")).collect();
        for &row in &counted {
            known.entry((body.codes[row], place.codes[row])).or_insert_with(|| {
                found.bodies.push(Body {
                    name: body.get(row).to_owned(),
                    level: level.get(row).to_owned(),
                    is_family: false,
                    place: place.get(row).to_owned(),
                });
                found.bodies.len() - 1
            });
        }
        let cells = found.bodies.len() * found.replicates * found.days.len();
        found.sizes = vec![f64::NAN; cells];
        found.seats = vec![0.0; cells * found.parties.len()];
        for &row in &counted {
            let cell = found.cell(known[&(body.codes[row], place.codes[row])], rows.at[row]);
            found.sizes[cell] = found.sizes[cell].max(size.at(row));
            found.seats[cell * party.words.len() + party.codes[row] as usize] += seats.at(row);
        }
        found.mark_families(majorities);
        Ok(Some(found))
    }

    /// The majorities name single bodies and the members of families, never a family itself; without them, what has
    /// rows in several places is one.
    pub(super) fn mark_families(&mut self, majorities: &[Majority]) {
        let names: Vec<String> = self.bodies.iter().map(|b| b.name.clone()).collect();
        for body in &mut self.bodies {
            body.is_family = if majorities.is_empty() {
                names.iter().filter(|name| **name == body.name).count() > 1
            } else {
                majorities.iter().all(|m| m.body != body.name)
            };
        }
    }

    /// Adds the replicates of `other` after these.
    pub(super) fn join(&mut self, other: Self) {
        let same = |a: &Body, b: &Body| a.name == b.name && a.level == b.level && a.place == b.place;
        let alike = self.bodies.len() == other.bodies.len()
            && self.bodies.iter().zip(&other.bodies).all(|(a, b)| same(a, b));
        if alike && self.days == other.days && self.parties == other.parties && self.levels == other.levels {
            self.replicates += other.replicates;
            self.seats.extend(other.seats);
            self.sizes.extend(other.sizes);
            return;
        }
        let mut all = Self {
            replicates: self.replicates + other.replicates,
            bodies: self.bodies.clone(),
            parties: self.parties.clone(),
            levels: self.levels.clone(),
            seats: Vec::new(),
            sizes: Vec::new(),
            days: self.days.iter().chain(&other.days).copied().collect(),
        };
        all.days.sort_unstable();
        all.days.dedup();
        united(&mut all.bodies, &other.bodies, same);
        united(&mut all.parties, &other.parties, PartialEq::eq);
        united(&mut all.levels, &other.levels, PartialEq::eq);
        let cells = all.bodies.len() * all.replicates * all.days.len();
        (all.sizes, all.seats) = (vec![f64::NAN; cells], vec![0.0; cells * all.parties.len()]);
        for (part, before) in [(&*self, 0), (&other, self.replicates)] {
            let days: Vec<usize> = part.days.iter().map(|d| all.days.partition_point(|x| x < d)).collect();
            let bodies = united(&mut all.bodies, &part.bodies, same);
            let parties = united(&mut all.parties, &part.parties, PartialEq::eq);
            for r in 0..part.replicates {
                for (d, &day) in days.iter().enumerate() {
                    for (b, &body) in bodies.iter().enumerate() {
                        let (from, to) = (part.cell(b, (r, d)), all.cell(body, (before + r, day)));
                        all.sizes[to] = part.sizes[from];
                        for (p, &party) in parties.iter().enumerate() {
                            all.seats[to * all.parties.len() + party] =
                                part.seats[from * part.parties.len() + p];
                        }
                    }
                }
            }
        }
        *self = all;
    }

    fn cell(&self, body: usize, at: (usize, usize)) -> usize {
        (at.0 * self.days.len() + at.1) * self.bodies.len() + body
    }

    /// The share of seats that `party` holds in `bodies` together; NaN where none of them has any seat.
    pub(super) fn share(&self, bodies: &[usize], party: usize, at: (usize, usize)) -> f64 {
        let (mut held, mut all) = (0.0, 0.0);
        for &body in bodies {
            let cell = self.cell(body, at);
            if self.sizes[cell] > 0.0 {
                held += self.seats[cell * self.parties.len() + party];
                all += self.sizes[cell];
            }
        }
        if all > 0.0 { held / all } else { f64::NAN }
    }

    /// Bands of that share over the replicates.
    pub(super) fn bands(&self, bodies: &[usize], party: usize) -> Vec<Band> {
        bands(&self.days, self.replicates, |r, d| self.share(bodies, party, (r, d)))
    }

    /// Largest number of seats the body ever had.
    pub(super) fn size(&self, body: usize) -> f64 {
        self.sizes.iter().skip(body).step_by(self.bodies.len().max(1)).copied().fold(0.0, f64::max)
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

/// When a party or bloc came to hold a body in one replicate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Majority {
    pub(super) replicate: usize,
    pub(super) body: String,
    pub(super) level: String,
    pub(super) place: String,
    pub(super) who: String,
    /// First day of the majority; NaN if it never came.
    pub(super) first: f64,
    /// The day it was lost; infinite if it was kept.
    pub(super) lost: f64,
}

/// The majorities; empty if there is no such table.
pub(super) fn read_majorities(tables: &TableSet) -> Result<Vec<Majority>, ChartError> {
    let Some(table) = tables.get("majorities") else { return Ok(Vec::new()) };
    let (body, level, place) = (texts(table, "body")?, texts(table, "level")?, texts(table, "place")?);
    let (who, replicate) = (texts(table, "party_or_bloc")?, numbers(table, "replicate")?);
    let (first, lost) = (numbers(table, "first_day")?, numbers(table, "lost_day")?);
    let known = distinct(&replicate, table.rows());
    let row = |row: usize| Majority {
        replicate: known.partition_point(|&r| r < replicate.at(row) as i64),
        body: body.get(row).to_owned(),
        level: level.get(row).to_owned(),
        place: place.get(row).to_owned(),
        who: who.get(row).to_owned(),
        first: first.at(row),
        lost: Some(lost.at(row)).filter(|day| day.is_finite()).unwrap_or(f64::INFINITY),
    };
    Ok((0..table.rows()).map(row).collect())
}

/// Series by measure and scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Measures {
    days: Vec<i64>,
    pub(super) replicates: usize,
    /// Values by replicate and day, NaN where there is none.
    series: BTreeMap<(String, String), Vec<f64>>,
}

impl Measures {
    /// Measures of everybody; empty if there is no table of them.
    pub(super) fn read(tables: &TableSet) -> Result<Self, ChartError> {
        let Some(table) = tables.get("measures").filter(|t| t.rows() > 0) else { return Ok(Self::default()) };
        let rows = Rows::read(table)?;
        let (measure, scope) = (texts(table, "measure")?, texts(table, "scope")?);
        let value = numbers(table, "value")?;
        let width = rows.days.len();
        let mut by_code: BTreeMap<(u32, u32), Vec<f64>> = BTreeMap::new();
        // No figure shows a part of the people, and there are many parts.
        let shown = scope.words.iter().position(|word| word == ALL);
        for (row, &(r, d)) in rows.at.iter().enumerate() {
            if Some(scope.codes[row] as usize) != shown {
                continue;
            }
            let series = by_code
                .entry((measure.codes[row], scope.codes[row]))
                .or_insert_with(|| vec![f64::NAN; rows.replicates * width]);
            series[r * width + d] = value.at(row);
        }
        let name = |(m, s): (u32, u32)| (measure.words[m as usize].clone(), scope.words[s as usize].clone());
        let series = by_code.into_iter().map(|(codes, values)| (name(codes), values)).collect();
        Ok(Self { days: rows.days, replicates: rows.replicates, series })
    }

    /// Adds the replicates of `other` after these.
    pub(super) fn join(&mut self, other: Self) {
        let mut days: Vec<i64> = self.days.iter().chain(&other.days).copied().collect();
        days.sort_unstable();
        days.dedup();
        let replicates = self.replicates + other.replicates;
        if days != self.days {
            for values in self.series.values_mut() {
                *values = on_days(values, &self.days, &days);
            }
        }
        for (name, values) in other.series {
            let mine =
                self.series.entry(name).or_insert_with(|| vec![f64::NAN; self.replicates * days.len()]);
            if other.days == days {
                mine.extend(values);
            } else {
                mine.extend(on_days(&values, &other.days, &days));
            }
        }
        for values in self.series.values_mut() {
            values.resize(replicates * days.len(), f64::NAN);
        }
        (self.days, self.replicates) = (days, replicates);
    }

    /// Bands of `measure` in `scope`; `None` if it was not recorded.
    pub(super) fn bands(&self, measure: &str, scope: &str) -> Option<Vec<Band>> {
        let values = self.series.get(&(measure.to_owned(), scope.to_owned()))?;
        let found = bands(&self.days, self.replicates, |r, d| values[r * self.days.len() + d]);
        (!found.is_empty()).then_some(found)
    }
}

/// Values by replicate and day of `from`, as values by replicate and day of `to`, which has all of those.
fn on_days(values: &[f64], from: &[i64], to: &[i64]) -> Vec<f64> {
    let Some(replicates) = values.len().checked_div(from.len()) else { return Vec::new() };
    let mut all = vec![f64::NAN; replicates * to.len()];
    for (at, &value) in values.iter().enumerate() {
        let day = to.partition_point(|&d| d < from[at % from.len()]);
        all[at / from.len() * to.len() + day] = value;
    }
    all
}

/// The table `name`, if it is there and has rows.
pub(super) fn filled<'a>(tables: &'a TableSet, name: &str) -> Option<&'a Table> {
    tables.get(name).filter(|table| table.rows() > 0)
}
