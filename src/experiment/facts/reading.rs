//! One replicate's tables as the facts read them: series by day, and the rows of what happens once.

use std::collections::BTreeMap;

use crate::observers::table::{Table, TableSet};

/// Public or private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// What people say.
    Public,
    /// What they would choose if nobody saw.
    Private,
}

/// A value by day; `NaN` where a day has none.
pub type Course = Vec<f64>;

/// People by day: private, public.
type Voices = (Vec<u32>, Vec<u32>);

/// Something that happened: day, event, and of an order how many obeyed of how many asked.
pub type Event = (i64, String, Option<(i64, i64)>);

/// A vote in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    /// Place.
    pub place: String,
    /// Share of the votes by party.
    pub shares: BTreeMap<String, f64>,
    /// Votes by party.
    pub votes: BTreeMap<String, f64>,
}

/// A majority of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Majority {
    /// Body.
    pub body: String,
    /// Level.
    pub level: String,
    /// Place, or `*`.
    pub place: String,
    /// Party or bloc.
    pub of: String,
    /// First day; `None` if it never came.
    pub first: Option<i64>,
}

/// A fight for power.
#[derive(Clone, Debug, PartialEq)]
pub struct Fight {
    /// Region.
    pub place: String,
    /// Day on which it began.
    pub began: i64,
    /// Day on which it was decided.
    pub decided: Option<i64>,
    /// Who won.
    pub winner: String,
    /// Killed.
    pub losses: f64,
}

/// A march.
#[derive(Clone, Debug, PartialEq)]
pub struct Marched {
    /// March.
    pub name: String,
    /// Mean obedience on arrival.
    pub obedience: f64,
    /// Whether it took the place.
    pub succeeded: bool,
    /// Whether it arrived.
    pub arrived: bool,
}

/// A replicate as the facts read it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Days of the run.
    pub days: usize,
    /// Date of each day in the calendar of the scenario, ISO.
    pub dates: Vec<String>,
    support: BTreeMap<(String, String, String), Voices>,
    /// By measure and scope. Seven digits are enough of these and of seats: there are thousands of them.
    measures: BTreeMap<(String, String), Vec<f32>>,
    seats: BTreeMap<(String, String), Vec<f32>>,
    /// Place of each body that stands in the daily table.
    pub body_places: BTreeMap<String, String>,
    power: BTreeMap<String, Power>,
    /// What happened.
    pub events: Vec<Event>,
    /// Majorities of parties and blocs.
    pub majorities: Vec<Majority>,
    /// Day, body and resolution of each vote that was carried.
    pub carried: Vec<(i64, String, String)>,
    /// Fights.
    pub fights: Vec<Fight>,
    /// Marches.
    pub marches: Vec<Marched>,
    /// Leading committee, first decided, acted.
    pub leaderships: Vec<(String, Option<i64>, Option<i64>)>,
    /// By ballot.
    pub ballots: BTreeMap<String, Vec<Ballot>>,
    /// How it ended, and when.
    pub outcome: (String, Option<i64>),
}

/// Who is obeyed in a place.
#[derive(Clone, Debug, Default)]
pub struct Power {
    /// Authority of the government.
    pub government: Course,
    /// Authority of the elected bodies.
    pub elected: Course,
    /// Under arms and following the elected bodies, in agents.
    pub armed_for: Course,
    /// In workers' guards, in agents.
    pub guards: Course,
    /// Units.
    pub units: Course,
    /// Units that have gone over.
    pub units_over: Course,
    /// Days on which the elected bodies hold power: 1, else 0.
    pub held: Course,
}

impl Reading {
    /// Reads the rows of replicate number `replicate`; tables that are missing leave their part empty.
    #[must_use]
    pub fn new(tables: &TableSet, replicate: i64) -> Self {
        Self::of(tables, replicate, &|_| true)
    }

    /// Reads the same of the tables that are `wanted`, and the days and their dates in any case.
    #[must_use]
    pub fn of(tables: &TableSet, replicate: i64, wanted: &dyn Fn(&str) -> bool) -> Self {
        let mut reading = Self::default();
        let rows = |table: &Table| -> Vec<usize> {
            let own = table.ints("replicate").unwrap_or(&[]);
            (0..table.rows()).filter(|&r| own.get(r) == Some(&replicate)).collect()
        };
        if let Some(support) = tables.get("support") {
            reading.read_dates(support, &rows(support));
        }
        for (name, read) in READERS.iter().filter(|(name, _)| wanted(name)) {
            if let Some(table) = tables.get(name) {
                read(&mut reading, table, &rows(table));
            }
        }
        reading
    }

    fn read_dates(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, dates) = (table.ints("day")?, table.texts("date_os")?);
        self.days = rows.iter().map(|&r| day[r] as usize + 1).max().unwrap_or(0);
        self.dates = vec![String::new(); self.days];
        for &r in rows {
            let date = &mut self.dates[day[r] as usize];
            if date.is_empty() {
                dates.get(r).clone_into(date);
            }
        }
        Some(())
    }

    fn read_support(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let day = table.ints("day")?;
        let (place, class, party) = (table.texts("place")?, table.texts("class")?, table.texts("party")?);
        let (private, public) = (table.ints("private")?, table.ints("public")?);
        let mut slots: BTreeMap<(u32, u32, u32), Voices> = BTreeMap::new();
        for &r in rows {
            let d = day[r] as usize;
            let key = (place.codes[r], class.codes[r], party.codes[r]);
            let blank = || (vec![0; self.days], vec![0; self.days]);
            let slot = slots.entry(key).or_insert_with(blank);
            slot.0[d] = private[r] as u32;
            slot.1[d] = public[r] as u32;
        }
        let word = |of: &crate::observers::table::TextCells, code: u32| of.words[code as usize].clone();
        self.support = slots
            .into_iter()
            .map(|((a, b, c), courses)| ((word(place, a), word(class, b), word(party, c)), courses))
            .collect();
        Some(())
    }

    fn read_measures(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, measure, scope, value) =
            (table.ints("day")?, table.texts("measure")?, table.texts("scope")?, table.reals("value")?);
        let days = rows.iter().map(|&r| day[r] as usize + 1).max().unwrap_or(0).max(self.days);
        let mut slots: BTreeMap<(u32, u32), Vec<f32>> = BTreeMap::new();
        for &r in rows {
            let slot =
                slots.entry((measure.codes[r], scope.codes[r])).or_insert_with(|| vec![f32::NAN; days]);
            slot[day[r] as usize] = value[r] as f32;
        }
        self.measures = slots
            .into_iter()
            .map(|((m, s), c)| ((measure.words[m as usize].clone(), scope.words[s as usize].clone()), c))
            .collect();
        Some(())
    }

    fn read_bodies(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, body, place) = (table.ints("day")?, table.texts("body")?, table.texts("place")?);
        let (section, party, seats, size) =
            (table.texts("section")?, table.texts("party")?, table.ints("seats")?, table.ints("size")?);
        for &r in rows.iter().filter(|&&r| section.get(r) == "all") {
            let d = day[r] as usize;
            self.body_places.entry(body.get(r).to_owned()).or_insert_with(|| place.get(r).to_owned());
            let key = (body.get(r).to_owned(), party.get(r).to_owned());
            let blank = || vec![f32::NAN; self.days];
            let share = if size[r] > 0 { seats[r] as f32 / size[r] as f32 } else { f32::NAN };
            if let Some(slot) = self.seats.entry(key).or_insert_with(blank).get_mut(d) {
                *slot = share;
            }
        }
        Some(())
    }

    fn read_power(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, place) = (table.ints("day")?, table.texts("place")?);
        let (authority, elected) = (table.reals("authority")?, table.reals("elected")?);
        let (armed, guards) = (table.ints("armed_for")?, table.ints("red_guards")?);
        let (units, over, holder) = (table.ints("units")?, table.ints("units_over")?, table.texts("holder")?);
        for &r in rows {
            let d = day[r] as usize;
            let blank = || vec![f64::NAN; self.days];
            let power = self.power.entry(place.get(r).to_owned()).or_insert_with(|| Power {
                government: blank(),
                elected: blank(),
                armed_for: blank(),
                guards: blank(),
                units: blank(),
                units_over: blank(),
                held: blank(),
            });
            if d < self.days {
                power.government[d] = authority[r];
                power.elected[d] = elected[r];
                power.armed_for[d] = armed[r] as f64;
                power.guards[d] = guards[r] as f64;
                power.units[d] = units[r] as f64;
                power.units_over[d] = over[r] as f64;
                power.held[d] = f64::from(u8::from(holder.get(r) == "elected"));
            }
        }
        Some(())
    }

    fn read_events(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, event) = (table.ints("day")?, table.texts("event")?);
        let (obeyed, asked) = (table.opt_ints("obeyed")?, table.opt_ints("asked")?);
        self.events =
            rows.iter().map(|&r| (day[r], event.get(r).to_owned(), obeyed[r].zip(asked[r]))).collect();
        Some(())
    }

    fn read_majorities(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (body, level, place) = (table.texts("body")?, table.texts("level")?, table.texts("place")?);
        let (of, first) = (table.texts("party_or_bloc")?, table.opt_ints("first_day")?);
        let owned = |cells: &crate::observers::table::TextCells, r: usize| cells.get(r).to_owned();
        self.majorities = rows
            .iter()
            .map(|&r| Majority {
                body: owned(body, r),
                level: owned(level, r),
                place: owned(place, r),
                of: owned(of, r),
                first: first[r],
            })
            .collect();
        Some(())
    }

    fn read_votes(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (day, body) = (table.ints("day")?, table.texts("body")?);
        let (resolution, passed) = (table.texts("resolution")?, table.flags("passed")?);
        self.carried = rows
            .iter()
            .filter(|&&r| passed[r])
            .map(|&r| (day[r], body.get(r).to_owned(), resolution.get(r).to_owned()))
            .collect();
        Some(())
    }

    fn read_contests(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (place, began, decided) =
            (table.texts("place")?, table.ints("began_day")?, table.opt_ints("decided_day")?);
        let (winner, losses) = (table.texts("winner")?, table.ints("losses")?);
        self.fights = rows
            .iter()
            .map(|&r| Fight {
                place: place.get(r).to_owned(),
                began: began[r],
                decided: decided[r],
                winner: winner.get(r).to_owned(),
                losses: losses[r] as f64,
            })
            .collect();
        Some(())
    }

    fn read_marches(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (name, obedience) = (table.texts("march")?, table.reals("obedience")?);
        let (arrived, succeeded) = (table.opt_ints("arrived_day")?, table.flags("succeeded")?);
        self.marches = rows
            .iter()
            .map(|&r| Marched {
                name: name.get(r).to_owned(),
                obedience: obedience[r],
                succeeded: succeeded[r],
                arrived: arrived[r].is_some(),
            })
            .collect();
        Some(())
    }

    fn read_leaderships(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let name = table.texts("leadership")?;
        let (decided, acted) = (table.opt_ints("decided_day")?, table.opt_ints("acted_day")?);
        self.leaderships = rows.iter().map(|&r| (name.get(r).to_owned(), decided[r], acted[r])).collect();
        Some(())
    }

    fn read_ballots(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (ballot, place, party) = (table.texts("ballot")?, table.texts("place")?, table.texts("party")?);
        let (votes, share) = (table.reals("votes")?, table.reals("share")?);
        for &r in rows {
            let all = self.ballots.entry(ballot.get(r).to_owned()).or_default();
            let at = all.iter().position(|b| b.place == place.get(r)).unwrap_or_else(|| {
                let place = place.get(r).to_owned();
                all.push(Ballot { place, shares: BTreeMap::new(), votes: BTreeMap::new() });
                all.len() - 1
            });
            all[at].shares.insert(party.get(r).to_owned(), share[r]);
            all[at].votes.insert(party.get(r).to_owned(), votes[r]);
        }
        Some(())
    }

    fn read_outcome(&mut self, table: &Table, rows: &[usize]) -> Option<()> {
        let (word, day) = (table.texts("outcome")?, table.opt_ints("day")?);
        let &row = rows.first()?;
        self.outcome = (word.get(row).to_owned(), day[row]);
        Some(())
    }

    /// Share of the people of `places` and `classes` (all if empty) who choose or speak for one of `parties`, by day.
    #[must_use]
    pub fn share(&self, voice: Voice, places: &[String], classes: &[String], parties: &[&str]) -> Course {
        self.share_among(voice, places, classes, parties, &|_| true)
    }

    /// The same among those who name a party at all.
    #[must_use]
    pub fn share_of_speaking(&self, places: &[String], classes: &[String], parties: &[&str]) -> Course {
        self.share_among(Voice::Public, places, classes, parties, &|party| {
            party != "silent" && party != "none"
        })
    }

    fn share_among(
        &self,
        voice: Voice,
        places: &[String],
        classes: &[String],
        parties: &[&str],
        among: &dyn Fn(&str) -> bool,
    ) -> Course {
        let (mut part, mut all) = (vec![0.0; self.days], vec![0.0; self.days]);
        for ((place, class, party), (private, public)) in &self.support {
            let here = (places.is_empty() || places.contains(place))
                && (classes.is_empty() || classes.contains(class));
            if !here || !among(party) {
                continue;
            }
            let own = if voice == Voice::Private { private } else { public };
            let counts = parties.contains(&party.as_str());
            for (day, &people) in own.iter().enumerate() {
                all[day] += f64::from(people);
                if counts {
                    part[day] += f64::from(people);
                }
            }
        }
        part.iter().zip(&all).map(|(p, a)| if *a > 0.0 { p / a } else { f64::NAN }).collect()
    }

    /// People counted on the first day in `places` and `classes`.
    #[must_use]
    pub fn people(&self, places: &[String], classes: &[String]) -> f64 {
        self.support
            .iter()
            .filter(|((place, class, _), _)| {
                (places.is_empty() || places.contains(place))
                    && (classes.is_empty() || classes.contains(class))
            })
            .map(|(_, (private, _))| private.first().map_or(0.0, |&n| f64::from(n)))
            .sum()
    }

    /// A measure by day; empty if it is not there.
    #[must_use]
    pub fn measure(&self, name: &str, scope: &str) -> Course {
        course_of(self.measures.get(&(name.to_owned(), scope.to_owned())))
    }

    /// Scopes of a measure that begin with `kind`, such as `place:`.
    #[must_use]
    pub fn scopes(&self, name: &str, kind: &str) -> Vec<String> {
        let of = |(measure, scope): &&(String, String)| measure == name && scope.starts_with(kind);
        self.measures.keys().filter(of).map(|(_, scope)| scope.clone()).collect()
    }

    /// Share of a body's seats by day; empty if the body is not there.
    #[must_use]
    pub fn seats(&self, body: &str, party: &str) -> Course {
        course_of(self.seats.get(&(body.to_owned(), party.to_owned())))
    }

    /// Power in a place or region.
    #[must_use]
    pub fn power(&self, place: &str) -> Option<&Power> {
        self.power.get(place)
    }

    /// Places and regions in which power is recorded.
    pub fn powers(&self) -> impl Iterator<Item = (&String, &Power)> {
        self.power.iter()
    }

    /// The day on which an event happened.
    #[must_use]
    pub fn happened(&self, event: &str) -> Option<i64> {
        self.events.iter().find(|(_, name, _)| name == event).map(|(day, ..)| *day)
    }

    /// First day of a majority of a body.
    #[must_use]
    pub fn first_majority(&self, body: &str, of: &str) -> Option<i64> {
        self.majorities.iter().find(|m| m.body == body && m.of == of).and_then(|m| m.first)
    }

    /// First day on which a body carried a resolution, from a day on.
    #[must_use]
    pub fn first_carried(&self, body: &str, resolution: &str, from: i64) -> Option<i64> {
        let fits = |(day, b, r): &&(i64, String, String)| *day >= from && b == body && r == resolution;
        self.carried.iter().filter(fits).map(|(day, ..)| *day).min()
    }
}

fn course_of(kept: Option<&Vec<f32>>) -> Course {
    kept.map_or_else(Vec::new, |course| course.iter().map(|value| f64::from(*value)).collect())
}

type Reader = fn(&mut Reading, &Table, &[usize]) -> Option<()>;

const READERS: &[(&str, Reader)] = &[
    ("support", Reading::read_support),
    ("measures", Reading::read_measures),
    ("bodies", Reading::read_bodies),
    ("power", Reading::read_power),
    ("events", Reading::read_events),
    ("majorities", Reading::read_majorities),
    ("resolutions", Reading::read_votes),
    ("contests", Reading::read_contests),
    ("marches", Reading::read_marches),
    ("leaderships", Reading::read_leaderships),
    ("ballots", Reading::read_ballots),
    ("outcome", Reading::read_outcome),
];

/// The value on a day; `NaN` beyond the run.
#[must_use]
pub fn at(course: &[f64], day: i64) -> f64 {
    usize::try_from(day).ok().and_then(|d| course.get(d)).copied().unwrap_or(f64::NAN)
}

/// Mean over the days `from..to` that have a value; `NaN` of none.
#[must_use]
pub fn mean(course: &[f64], from: i64, to: i64) -> f64 {
    let values: Vec<f64> = (from..to).map(|d| at(course, d)).filter(|v| !v.is_nan()).collect();
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The first day from `from` on that fits; `NaN` if none does.
#[must_use]
pub fn first_day(course: &[f64], from: i64, fits: impl Fn(f64) -> bool) -> f64 {
    let from = from.max(0);
    let found = course.iter().enumerate().skip(from as usize).find(|(_, v)| !v.is_nan() && fits(**v));
    found.map_or(f64::NAN, |(day, _)| day as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_are_read_by_day() {
        let course = [0.1, f64::NAN, 0.5, 0.9];
        assert_eq!(at(&course, 2), 0.5);
        assert!(at(&course, 9).is_nan() && at(&course, -1).is_nan());
        assert!((mean(&course, 0, 3) - 0.3).abs() < 1e-12);
        assert_eq!(first_day(&course, 0, |v| v > 0.4), 2.0);
        assert!(first_day(&course, 0, |v| v > 1.0).is_nan());
    }
}
