//! Named outcomes: one number that a replicate ends in, asked for by a text.
//!
//! | text | what it is | unit |
//! |---|---|---|
//! | `transfer`, `defeat` | whether the elected bodies took power and hold it; whether they lost it | 0 or 1 |
//! | `transfer-day` | day on which they took it | day |
//! | `majority:BODY:PARTY` | first day on which a party or bloc had more than half of the seats of a body | day |
//! | `event:EVENT` | first day on which an event happened | day |
//! | `support:CLASS:PARTY[@DATE]` | share of a class (or `all`) that speaks for a party or bloc | share |
//! | `private:CLASS:PARTY[@DATE]` | the same, of what people would choose if nobody saw | share |
//! | `measure:MEASURE[:SCOPE][@DATE]` | a measure of society; the scope is `all` unless said | its own |
//! | `authority:AUTHORITY[:PLACE][@DATE]` | people in enterprises that obey the `government` or the `elected` bodies | share |
//! | `losses` | killed in the fighting | persons |
//!
//! Dates are of the scenario's calendar; without one the last day is meant. The name of a family of bodies, one a place,
//! asks for the day by which half of them had their majority.

use std::fmt;

use thiserror::Error;

use super::summary::median_date;
use crate::model::institutions::Scope;
use crate::observers::table::TableSet;
use crate::scenario::Scenario;
use crate::scenario::diagnostic::nearest;

/// A number that a replicate ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    name: String,
    unit: &'static str,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Ended(&'static str),
    EndedDay(&'static str),
    Losses,
    Majority {
        body: String,
        family: bool,
        claim: String,
    },
    Event(String),
    /// `class` is `None` for everybody; `column` is `public` or `private`.
    Support {
        column: &'static str,
        class: Option<String>,
        parties: Vec<String>,
        day: Option<i64>,
    },
    Measure {
        measure: String,
        scope: String,
        day: Option<i64>,
    },
    Authority {
        column: &'static str,
        place: String,
        day: Option<i64>,
    },
}

/// Why a text names no outcome; reads after "could not measure it: ".
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OutcomeError {
    /// The word before the first colon is none of the kinds.
    #[error("`{text}` is no outcome{}", suggestion(near))]
    Kind {
        /// As typed.
        text: String,
        /// The kind nearest to it.
        near: Option<String>,
    },
    /// A part is missing, or there is one too many.
    #[error("`{text}` is not of the form {form}")]
    Form {
        /// As typed.
        text: String,
        /// How it is written.
        form: &'static str,
    },
    /// A name that the scenario does not have.
    #[error("`{text}`: the scenario has no {kind} `{name}`{}", suggestion(near))]
    Unknown {
        /// As typed.
        text: String,
        /// What was looked for: class, party, body…
        kind: &'static str,
        /// The name.
        name: String,
        /// The name nearest to it.
        near: Option<String>,
    },
    /// A date that does not exist or is not a day of the run.
    #[error("`{text}`: {date} is no day of the run, which goes from {first} to {last}")]
    Date {
        /// As typed.
        text: String,
        /// The date.
        date: String,
        /// First day of the run.
        first: String,
        /// Last day of the run.
        last: String,
    },
    /// A median over the bodies of enterprises, of which those without the majority are not all in the tables.
    #[error("`{text}`: of the bodies called `{body}`, one in each enterprise, only blocs have a median day")]
    NotCounted {
        /// As typed.
        text: String,
        /// The family of bodies.
        body: String,
    },
}

fn suggestion(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl OutcomeError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Kind { .. } => {
                format!("one of {}", KINDS.iter().map(|(_, form)| *form).collect::<Vec<_>>().join(", "))
            }
            Self::Form { form, .. } => format!("write it as {form}"),
            Self::Unknown { .. } => "october scenario show prints the names of a scenario".to_owned(),
            Self::Date { first, last, .. } => {
                format!("a date from {first} to {last}, or none for the last day")
            }
            Self::NotCounted { .. } => "name a bloc, or one of the bodies in full".to_owned(),
        }
    }
}

/// First word, and how it is written.
const KINDS: &[(&str, &str)] = &[
    ("transfer", "transfer"),
    ("transfer-day", "transfer-day"),
    ("defeat", "defeat"),
    ("losses", "losses"),
    ("majority", "majority:BODY:PARTY"),
    ("event", "event:EVENT"),
    ("support", "support:CLASS:PARTY[@DATE]"),
    ("private", "private:CLASS:PARTY[@DATE]"),
    ("measure", "measure:MEASURE[:SCOPE][@DATE]"),
    ("authority", "authority:AUTHORITY[:PLACE][@DATE]"),
];

/// What an ending word of a measure's name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Nothing,
    Party,
    Issue,
}

/// The measures that observers write, what follows their name after a colon, and their units.
const MEASURES: &[(&str, Of, &str)] = &[
    ("position_mean", Of::Nothing, "position -1..1"),
    ("position_sd", Of::Nothing, "position -1..1"),
    ("esteban_ray", Of::Nothing, "index 0..1"),
    ("agreement", Of::Nothing, "index -1..1"),
    ("bimodality", Of::Nothing, "index 0..1"),
    ("share_two_camps", Of::Nothing, "share"),
    ("silent_share", Of::Nothing, "share"),
    ("trust_mean", Of::Nothing, "index 0..1"),
    ("effective_parties", Of::Nothing, "parties"),
    ("volatility", Of::Nothing, "share"),
    ("sorting", Of::Nothing, "bits"),
    ("segregation", Of::Nothing, "index 0..1"),
    ("government_authority", Of::Nothing, "share"),
    ("soviet_authority", Of::Nothing, "share"),
    ("lockouts", Of::Nothing, "agents"),
    ("strikers", Of::Nothing, "agents"),
    ("first_time_strikers", Of::Nothing, "agents"),
    ("refusers", Of::Nothing, "agents"),
    ("seizers", Of::Nothing, "agents"),
    ("members", Of::Nothing, "agents"),
    ("fresh_propensity", Of::Nothing, "share"),
    ("experienced_propensity", Of::Nothing, "share"),
    ("attention", Of::Nothing, "share"),
    ("conviction_mean", Of::Nothing, "share"),
    ("turnout", Of::Nothing, "share"),
    ("warning_slope", Of::Nothing, "slope"),
    ("warning_slope_error", Of::Nothing, "slope"),
    ("striking_share", Of::Nothing, "share"),
    ("disillusion", Of::Nothing, "index 0..1"),
    ("disorder", Of::Nothing, "index 0..1"),
    ("absent", Of::Nothing, "agents"),
    ("agitators", Of::Nothing, "agents"),
    ("seizures", Of::Nothing, "seizures"),
    ("occupations", Of::Nothing, "enterprises"),
    ("tied_position", Of::Nothing, "position -1..1"),
    ("tied_contending", Of::Nothing, "share"),
    ("gathered", Of::Nothing, "agents"),
    ("gathered_torn", Of::Nothing, "agents"),
    ("active_bodies", Of::Nothing, "bodies"),
    ("founded_bodies", Of::Nothing, "bodies"),
    ("attendance", Of::Nothing, "share"),
    ("size_correlation", Of::Nothing, "correlation"),
    ("locked_share", Of::Nothing, "share"),
    ("called", Of::Party, "agents"),
    ("choice_right", Of::Party, "share"),
    ("choice_left", Of::Party, "share"),
    ("grievance", Of::Issue, "index 0..1"),
];

/// Unit of a measure of society, by its name in the table `measures`.
pub(super) fn unit_of_measure(name: &str) -> &'static str {
    let stem = |(known, of, _): &&(&str, Of, &str)| match of {
        Of::Nothing => *known == name,
        _ => name.strip_prefix(known).is_some_and(|rest| rest.starts_with(':') || rest.starts_with('_')),
    };
    MEASURES.iter().find(stem).map_or("", |m| m.2)
}

impl Outcome {
    /// The outcome that `text` names in `scenario`.
    ///
    /// # Errors
    /// If it is of no known form, or names what the scenario does not have.
    ///
    /// ```
    /// use october::experiment::Outcome;
    /// use october::scenario::default_scenario;
    ///
    /// let scenario = default_scenario(&[]).expect("it ships valid");
    /// let outcome = Outcome::parse("measure:esteban_ray", &scenario).expect("it is measured");
    /// assert_eq!((outcome.name(), outcome.unit()), ("measure:esteban_ray", "index 0..1"));
    /// assert!(Outcome::parse("measure:esteban_rai", &scenario).is_err());
    /// ```
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Self, OutcomeError> {
        let text = text.trim();
        let reading = Asked { text, scenario };
        let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
        let Some((_, form)) = KINDS.iter().find(|(word, _)| *word == kind) else {
            let near = nearest(kind, KINDS.iter().map(|k| k.0)).map(str::to_owned);
            return Err(OutcomeError::Kind { text: text.to_owned(), near });
        };
        let malformed = || OutcomeError::Form { text: text.to_owned(), form };
        if form.contains(':') != rest.is_some() {
            return Err(malformed());
        }
        let rest = rest.unwrap_or_default();
        let (what, unit) = match kind {
            "transfer" => (What::Ended("transfer"), "0 or 1"),
            "defeat" => (What::Ended("defeat"), "0 or 1"),
            "transfer-day" => (What::EndedDay("transfer"), "day"),
            "losses" => (What::Losses, "persons"),
            "majority" => (reading.majority(rest.rsplit_once(':').ok_or_else(malformed)?)?, "day"),
            "event" => (reading.event(rest)?, "day"),
            "support" | "private" => {
                let column = if kind == "support" { "public" } else { "private" };
                let (names, day) = reading.dated(rest)?;
                let (class, party) = names.split_once(':').ok_or_else(malformed)?;
                (reading.support(column, class, party, day)?, "share")
            }
            "measure" => reading.measure(rest)?,
            _ => (reading.authority(rest)?, "share"),
        };
        Ok(Self { name: text.to_owned(), unit, what })
    }

    /// What is of interest in a scenario where nobody says: the transfer, its day, what people of the scenario's party
    /// say, whom enterprises follow and how divided people are at the end.
    #[must_use]
    pub fn defaults(scenario: &Scenario) -> Vec<Self> {
        let mut texts = vec!["transfer".to_owned(), "transfer-day".to_owned()];
        texts.extend(scenario.roles().party.as_ref().map(|party| format!("support:all:{party}")));
        texts.push("authority:elected".to_owned());
        texts.push("measure:esteban_ray".to_owned());
        texts.iter().filter_map(|text| Self::parse(text, scenario).ok()).collect()
    }

    /// As it was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its unit in words: `day`, `share`, `0 or 1`, `persons`, or that of the measure.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.unit
    }

    /// What counts where it never comes and a number is needed: of a day, the day after the last one.
    #[must_use]
    pub fn when_never(&self, scenario: &Scenario) -> Option<f64> {
        (self.unit == "day").then(|| f64::from(scenario.days()))
    }

    /// Its value in one replicate; `None` if it never came or was not measured there.
    #[must_use]
    pub fn of(&self, tables: &TableSet, replicate: u64) -> Option<f64> {
        let replicate = i64::try_from(replicate).ok()?;
        match &self.what {
            What::Ended(word) => {
                let (row, outcome) = ending(tables, replicate)?;
                Some(f64::from(u8::from(outcome.texts("outcome")?.get(row) == *word)))
            }
            What::EndedDay(word) => {
                let (row, outcome) = ending(tables, replicate)?;
                let day = outcome.opt_ints("day")?[row]?;
                (outcome.texts("outcome")?.get(row) == *word).then_some(day as f64)
            }
            What::Losses => {
                let (row, outcome) = ending(tables, replicate)?;
                Some(outcome.ints("losses")?[row] as f64)
            }
            What::Majority { body, family, claim } => majority(tables, replicate, body, *family, claim),
            What::Event(name) => first_day(tables, replicate, name),
            What::Support { column, class, parties, day } => {
                share(tables, replicate, column, class.as_deref(), parties, *day)
            }
            What::Measure { measure, scope, day } => {
                let table = tables.get("measures")?;
                value_at(table, replicate, *day, &[("measure", measure), ("scope", scope)], "value")
            }
            What::Authority { column, place, day } => {
                value_at(tables.get("power")?, replicate, *day, &[("place", place)], column)
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A text, and the scenario whose names it uses.
struct Asked<'a> {
    text: &'a str,
    scenario: &'a Scenario,
}

impl Asked<'_> {
    fn known<'n>(
        &self,
        kind: &'static str,
        name: &str,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<String, OutcomeError> {
        if names.clone().any(|known| known == name) {
            return Ok(name.to_owned());
        }
        let near = nearest(name, names).map(str::to_owned);
        Err(OutcomeError::Unknown { text: self.text.to_owned(), kind, name: name.to_owned(), near })
    }

    /// What stands before `@DATE`, and the day of the run it is.
    fn dated<'t>(&self, rest: &'t str) -> Result<(&'t str, Option<i64>), OutcomeError> {
        let Some((names, date)) = rest.rsplit_once('@') else { return Ok((rest, None)) };
        let last = i64::from(self.scenario.days()) - 1;
        match self.scenario.day_of(date).filter(|day| (0..=last).contains(day)) {
            Some(day) => Ok((names, Some(day))),
            None => Err(OutcomeError::Date {
                text: self.text.to_owned(),
                date: date.to_owned(),
                first: self.scenario.date_of(0),
                last: self.scenario.date_of(last),
            }),
        }
    }

    fn parties(&self) -> impl Iterator<Item = &str> + Clone {
        let names = self.scenario.names();
        names.options[..self.scenario.rules().parties.len()].iter().map(String::as_str)
    }

    fn majority(&self, (body, claim): (&str, &str)) -> Result<What, OutcomeError> {
        let names = self.scenario.names();
        let claims = self.parties().chain(names.blocs.iter().map(String::as_str));
        let claim = self.known("party or bloc", claim, claims)?;
        // One of several bodies is called by its family and what follows a colon.
        let base = body.split_once(": ").map_or(body, |(base, _)| base);
        self.known("body", base, names.bodies.iter().map(String::as_str))?;
        let index = names.bodies.iter().position(|b| b == base);
        let scope = index.map_or(Scope::Single, |i| self.scenario.rules().bodies[i].scope);
        let family = base == body && scope != Scope::Single;
        if let Some((_, place)) = body.split_once(": ").filter(|_| scope == Scope::Place) {
            self.known("place", place, names.places.iter().map(String::as_str))?;
        }
        if family && scope == Scope::Enterprise && !names.blocs.contains(&claim) {
            return Err(OutcomeError::NotCounted { text: self.text.to_owned(), body: body.to_owned() });
        }
        Ok(What::Majority { body: body.to_owned(), family, claim })
    }

    fn event(&self, name: &str) -> Result<What, OutcomeError> {
        let events = self.scenario.rules().events.iter().map(|e| e.name.as_str());
        Ok(What::Event(self.known("event", name, events)?))
    }

    fn support(
        &self,
        column: &'static str,
        class: &str,
        party: &str,
        day: Option<i64>,
    ) -> Result<What, OutcomeError> {
        let names = self.scenario.names();
        let class = match class {
            "all" | "*" => None,
            class => Some(self.known("class", class, names.classes.iter().map(String::as_str))?),
        };
        let claims = names.options.iter().chain(&names.blocs).map(String::as_str);
        let party = self.known("party or bloc", party, claims)?;
        let bloc = names.blocs.iter().position(|bloc| *bloc == party);
        let parties = bloc.map_or_else(
            || vec![party],
            |at| self.scenario.rules().blocs[at].parties.iter().map(|&p| names.options[p].clone()).collect(),
        );
        Ok(What::Support { column, class, parties, day })
    }

    fn measure(&self, rest: &str) -> Result<(What, &'static str), OutcomeError> {
        let names = self.scenario.names();
        let (rest, day) = self.dated(rest)?;
        let (stem, after) = rest.split_once(':').map_or((rest, ""), |(stem, after)| (stem, after));
        self.known("measure", stem, MEASURES.iter().map(|m| m.0))?;
        let (of, unit) = MEASURES.iter().find(|m| m.0 == stem).map_or((Of::Nothing, ""), |m| (m.1, m.2));
        let (measure, scope) = if of == Of::Nothing {
            (stem.to_owned(), after)
        } else {
            let (ending, scope) = after.split_once(':').unwrap_or((after, ""));
            let ending = match of {
                Of::Party => self.known("party", ending, self.parties())?,
                _ => self.known("issue", ending, names.issues.iter().map(String::as_str))?,
            };
            (format!("{stem}:{ending}"), scope)
        };
        let scope = if scope.is_empty() { "all" } else { scope };
        if scope != "all" {
            let (kind, name) = scope.split_once(':').unwrap_or((scope, ""));
            match kind {
                "class" => self.known("class", name, names.classes.iter().map(String::as_str))?,
                "place" => self.known("place", name, names.places.iter().map(String::as_str))?,
                "region" => self.known("region", name, names.regions.iter().map(String::as_str))?,
                "party" => self.known("party", name, self.parties())?,
                _ => self.known("scope", kind, ["all", "class", "place", "region", "party"].into_iter())?,
            };
        }
        Ok((What::Measure { measure, scope: scope.to_owned(), day }, unit))
    }

    fn authority(&self, rest: &str) -> Result<What, OutcomeError> {
        let (rest, day) = self.dated(rest)?;
        let (authority, place) = rest.split_once(':').unwrap_or((rest, "*"));
        self.known("authority", authority, ["government", "elected"].into_iter())?;
        let column = if authority == "elected" { "elected" } else { "authority" };
        let names = self.scenario.names();
        let places = names.places.iter().chain(&names.regions).map(String::as_str).chain(["*"]);
        Ok(What::Authority { column, place: self.known("place or region", place, places)?, day })
    }
}

/// The row that says how a replicate ended, and its table.
fn ending(tables: &TableSet, replicate: i64) -> Option<(usize, &crate::observers::table::Table)> {
    let outcome = tables.get("outcome")?;
    Some((outcome.ints("replicate")?.iter().position(|&r| r == replicate)?, outcome))
}

fn majority(tables: &TableSet, replicate: i64, body: &str, family: bool, claim: &str) -> Option<f64> {
    let table = tables.get("majorities")?;
    let (of, bodies) = (table.ints("replicate")?, table.texts("body")?);
    let (claims, first) = (table.texts("party_or_bloc")?, table.opt_ints("first_day")?);
    let claim = claims.code(claim)?;
    let is_it = |name: &str| {
        name == body || (family && name.strip_prefix(body).is_some_and(|rest| rest.starts_with(": ")))
    };
    let days: Vec<Option<i64>> = (0..table.rows())
        .filter(|&row| of[row] == replicate && claims.codes[row] == claim && is_it(bodies.get(row)))
        .map(|row| first[row])
        .collect();
    median_date(&days).map(|day| day as f64)
}

fn first_day(tables: &TableSet, replicate: i64, event: &str) -> Option<f64> {
    let table = tables.get("events")?;
    let (of, days) = (table.ints("replicate")?, table.ints("day")?);
    let (names, effects) = (table.texts("event")?, table.texts("effect")?);
    let happened =
        |&row: &usize| of[row] == replicate && names.get(row) == event && effects.get(row) == "fired";
    (0..table.rows()).filter(happened).map(|row| days[row]).min().map(|day| day as f64)
}

/// The last day of a replicate, or `day`.
fn day_of(of: &[i64], days: &[i64], replicate: i64, day: Option<i64>) -> Option<i64> {
    day.or_else(|| of.iter().zip(days).filter(|(r, _)| **r == replicate).map(|(_, d)| *d).max())
}

fn share(
    tables: &TableSet,
    replicate: i64,
    column: &str,
    class: Option<&str>,
    parties: &[String],
    day: Option<i64>,
) -> Option<f64> {
    let table = tables.get("support")?;
    let (of, days) = (table.ints("replicate")?, table.ints("day")?);
    let (classes, options, counts) = (table.texts("class")?, table.texts("party")?, table.ints(column)?);
    let class = match class {
        Some(class) => Some(classes.code(class)?),
        None => None,
    };
    let wanted: Vec<u32> = parties.iter().filter_map(|party| options.code(party)).collect();
    let day = day_of(of, days, replicate, day)?;
    let (mut chosen, mut all) = (0, 0);
    for row in (0..table.rows()).filter(|&row| of[row] == replicate && days[row] == day) {
        if class.is_some_and(|class| classes.codes[row] != class) {
            continue;
        }
        all += counts[row];
        if wanted.contains(&options.codes[row]) {
            chosen += counts[row];
        }
    }
    (all > 0).then(|| chosen as f64 / all as f64)
}

/// The real number in `column` of the row of that replicate and day with these words.
fn value_at(
    table: &crate::observers::table::Table,
    replicate: i64,
    day: Option<i64>,
    words: &[(&str, &String)],
    column: &str,
) -> Option<f64> {
    let (of, days, values) = (table.ints("replicate")?, table.ints("day")?, table.reals(column)?);
    let mut wanted = Vec::with_capacity(words.len());
    for (name, word) in words {
        let texts = table.texts(name)?;
        wanted.push((texts, texts.code(word)?));
    }
    let day = day_of(of, days, replicate, day)?;
    let row = (0..table.rows()).find(|&row| {
        of[row] == replicate
            && days[row] == day
            && wanted.iter().all(|(texts, code)| texts.codes[row] == *code)
    })?;
    Some(values[row]).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Ended, Plan, Wish, run_ensemble};
    use crate::observers::table::{Cell, Kind, Table};
    use crate::scenario::{Change, default_scenario};

    fn scenario() -> Scenario {
        default_scenario(&[Change::Agents(3_000), Change::Days(4)]).expect("it ships valid")
    }

    fn ran(scenario: &Scenario) -> TableSet {
        let plan = Plan { seed: 3, replicates: 2, threads: 1 };
        let (Ended::Complete(tables), _) = run_ensemble(scenario, plan, None, &|_| Wish::Continue) else {
            panic!("nobody asked to stop")
        };
        tables
    }

    fn error(text: &str) -> OutcomeError {
        Outcome::parse(text, &scenario()).expect_err(text)
    }

    #[test]
    fn names_are_checked_and_the_nearest_is_suggested() {
        for (text, near) in [
            ("transfr", "transfer"),
            ("support:worker:bolshevk", "bolshevik"),
            ("support:workr:bolshevik", "worker"),
            ("majority:Petrograd Sovet:bolshevik", "Petrograd Soviet"),
            ("measure:esteban_rai", "esteban_ray"),
            ("measure:position_mean:class:soldir", "soldier"),
            ("measure:position_mean:clas:soldier", "class"),
            ("measure:grievance:peac", "peace"),
            ("authority:goverment", "government"),
            ("authority:elected:vyburg", "vyborg"),
            ("event:korniloff", "kornilov"),
        ] {
            let said = error(text).to_string();
            assert!(said.contains(&format!("did you mean `{near}`?")), "{text}: {said}");
        }
    }

    #[test]
    fn forms_and_dates_are_checked() {
        for text in ["majority", "transfer:x", "support:worker", "majority:bolshevik"] {
            assert!(matches!(error(text), OutcomeError::Form { .. }), "{text}");
        }
        for text in ["support:worker:bolshevik@1917-12-30", "measure:agreement@never"] {
            assert!(matches!(error(text), OutcomeError::Date { .. }), "{text}");
        }
        assert!(matches!(error("majority:Factory committees:bolshevik"), OutcomeError::NotCounted { .. }));
    }

    #[test]
    fn every_measure_that_is_written_can_be_asked_for() {
        let scenario = scenario();
        let tables = ran(&scenario);
        let table = tables.get("measures").expect("always written");
        let (names, scopes) = (table.texts("measure").expect("a"), table.texts("scope").expect("b"));
        let (of, days) = (table.ints("replicate").expect("c"), table.ints("day").expect("d"));
        let values = table.reals("value").expect("e");
        for row in (0..table.rows()).filter(|&row| of[row] == 1 && days[row] == 2) {
            let text =
                format!("measure:{}:{}@{}", names.get(row), scopes.get(row), scenario.date_of(days[row]));
            let outcome = Outcome::parse(&text, &scenario).expect(&text);
            assert_eq!(outcome.of(&tables, 1), Some(values[row]).filter(|v| v.is_finite()), "{text}");
        }
    }

    #[test]
    fn shares_are_of_a_class_on_a_day_and_blocs_are_sums() {
        let scenario = scenario();
        let tables = ran(&scenario);
        let of = |text: &str, replicate| {
            Outcome::parse(text, &scenario).expect(text).of(&tables, replicate).expect(text)
        };
        let names = scenario.names();
        for kind in ["support", "private"] {
            let whole: f64 = names.options.iter().map(|p| of(&format!("{kind}:worker:{p}"), 0)).sum();
            assert!((whole - 1.0).abs() < 1e-12, "{kind}: {whole}");
        }
        let bloc = &scenario.rules().blocs[0];
        let sum: f64 =
            bloc.parties.iter().map(|&p| of(&format!("support:all:{}", names.options[p]), 1)).sum();
        assert!((of(&format!("support:all:{}", names.blocs[0]), 1) - sum).abs() < 1e-12);
        let first = format!("private:worker:{}@{}", names.options[0], scenario.date_of(0));
        assert_ne!(of(&first, 0), of(&first, 1), "replicates are told apart");
        assert_ne!(
            of(&first, 0),
            of(&format!("private:worker:{}", names.options[0]), 0),
            "days are told apart"
        );
        let power = tables.get("power").expect("always written");
        let row = (0..power.rows()).rfind(|&r| power.texts("place").is_some_and(|p| p.get(r) == "*"));
        let elected = power.reals("elected").expect("a column")[row.expect("a row a day")];
        assert_eq!(of("authority:elected", 1), elected);
    }

    /// Endings, majorities and events by hand: what a run of a few days does not have.
    fn by_hand() -> TableSet {
        let mut outcome = Table::new(
            "outcome",
            "",
            &[
                ("replicate", Kind::Int, "", ""),
                ("outcome", Kind::Text, "", ""),
                ("day", Kind::OptInt, "", ""),
                ("losses", Kind::Int, "", ""),
            ],
        );
        for (replicate, word, day, losses) in
            [(0, "transfer", Some(239), 6), (1, "defeat", Some(250), 40), (2, "stalemate", None, 0)]
        {
            outcome.push(&[Cell::Int(replicate), Cell::Text(word), Cell::OptInt(day), Cell::Int(losses)]);
        }
        let mut majorities = Table::new(
            "majorities",
            "",
            &[
                ("replicate", Kind::Int, "", ""),
                ("body", Kind::Text, "", ""),
                ("party_or_bloc", Kind::Text, "", ""),
                ("first_day", Kind::OptInt, "", ""),
            ],
        );
        for (body, day) in [
            ("Petrograd Soviet", Some(187)),
            ("District soviets: vyborg", Some(60)),
            ("District soviets: narva", Some(150)),
            ("District soviets: centre", None),
        ] {
            majorities.push(&[Cell::Int(0), Cell::Text(body), Cell::Text("bolshevik"), Cell::OptInt(day)]);
        }
        let mut events = Table::new(
            "events",
            "",
            &[
                ("replicate", Kind::Int, "", ""),
                ("day", Kind::Int, "", ""),
                ("event", Kind::Text, "", ""),
                ("effect", Kind::Text, "", ""),
            ],
        );
        for (day, effect) in [(170, "2 of 9 enterprises obeyed"), (178, "fired"), (190, "fired")] {
            events.push(&[Cell::Int(0), Cell::Int(day), Cell::Text("kornilov"), Cell::Text(effect)]);
        }
        TableSet { tables: vec![outcome, majorities, events] }
    }

    #[test]
    fn endings_majorities_and_events_are_read_by_replicate() {
        let tables = by_hand();
        let scenario = default_scenario(&[]).expect("it ships valid");
        for (text, replicate, expected) in [
            ("transfer", 0, Some(1.0)),
            ("transfer", 1, Some(0.0)),
            ("transfer", 2, Some(0.0)),
            ("transfer", 3, None),
            ("defeat", 1, Some(1.0)),
            ("transfer-day", 0, Some(239.0)),
            ("transfer-day", 1, None),
            ("losses", 1, Some(40.0)),
            ("majority:Petrograd Soviet:bolshevik", 0, Some(187.0)),
            ("majority:Petrograd Soviet:bolshevik", 1, None),
            ("majority:District soviets: narva:bolshevik", 0, Some(150.0)),
            ("majority:District soviets:bolshevik", 0, Some(150.0)),
            ("event:kornilov", 0, Some(178.0)),
            ("event:kornilov", 1, None),
        ] {
            let outcome = Outcome::parse(text, &scenario).expect(text);
            assert_eq!(outcome.of(&tables, replicate), expected, "{text} in {replicate}");
        }
    }

    #[test]
    fn what_is_asked_by_default_is_measured() {
        let scenario = scenario();
        let tables = ran(&scenario);
        let defaults = Outcome::defaults(&scenario);
        let names: Vec<&str> = defaults.iter().map(Outcome::name).collect();
        assert_eq!(
            names,
            ["transfer", "transfer-day", "support:all:bolshevik", "authority:elected", "measure:esteban_ray"]
        );
        for outcome in defaults.iter().filter(|o| o.name() != "transfer-day") {
            assert!(outcome.of(&tables, 0).is_some(), "{outcome}");
        }
    }
}
