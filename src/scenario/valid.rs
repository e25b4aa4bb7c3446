//! A valid scenario: made by validation alone, so whoever holds one need not check again.

use std::sync::Arc;

use super::date::{Calendar, Date};
use super::raw::Roles;
use super::record::Record;
use super::turns::{Fork, Turn};
use crate::model::rules::Rules;
use crate::observers::{Legend, Names};
use crate::population::PopulationSpec;

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) bibliography: Vec<String>,
    pub(super) description: String,
    pub(super) seed: u64,
    pub(super) replicates: u64,
    pub(super) sample_agents: u64,
    pub(super) calendar: Calendar,
    pub(super) start: Date,
    pub(super) days: u32,
    pub(super) rules: Arc<Rules>,
    pub(super) population: PopulationSpec,
    pub(super) names: Arc<Names>,
    pub(super) legend: Legend,
    pub(super) resolved: String,
    pub(super) roles: Roles,
    pub(super) record: Record,
    pub(super) counterfactuals: Vec<Counterfactual>,
    pub(super) turns: Vec<Turn>,
    pub(super) forks: Vec<Fork>,
}

/// A history that differs from the scenario in what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterfactual {
    /// Name in files.
    pub name: String,
    /// Name for readers.
    pub label: String,
    /// What is changed, as `KEY=VALUE`.
    pub set: Vec<String>,
}

impl Scenario {
    /// Name in files: a slug.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Works that the figures come from: those of the scenario and of what it extends.
    #[must_use]
    pub fn bibliography(&self) -> &[String] {
        &self.bibliography
    }

    /// Title for readers.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is about.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What stands for what in the stylised facts.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Histories that differ in what they name.
    #[must_use]
    pub fn counterfactuals(&self) -> &[Counterfactual] {
        &self.counterfactuals
    }

    /// What holds otherwise from some day on, in the order of days.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Futures that begin in the middle of the run.
    #[must_use]
    pub fn forks(&self) -> &[Fork] {
        &self.forks
    }

    /// What the record calls things, and how far the model is from it.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The date of a day of the run in the calendar of the scenario.
    #[must_use]
    pub fn date_of(&self, day: i64) -> String {
        self.start.plus_days(day).in_calendar(self.calendar).to_string()
    }

    /// The day of the run on which a date of the scenario's calendar falls.
    #[must_use]
    pub fn day_of(&self, date: &str) -> Option<i64> {
        Some(Date::parse(date, self.calendar)?.days_since(self.start))
    }

    /// Root seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Replicates, at least one.
    #[must_use]
    pub fn replicates(&self) -> u64 {
        self.replicates
    }

    /// Agents whose life histories are recorded.
    #[must_use]
    pub fn sample_agents(&self) -> u64 {
        self.sample_agents
    }

    /// Days to run, at least one.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.days
    }

    /// Date of the first day.
    #[must_use]
    pub fn start(&self) -> Date {
        self.start
    }

    /// Calendar of the file's dates.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// What never changes during a run.
    #[must_use]
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// What the population is to look like.
    #[must_use]
    pub fn population(&self) -> &PopulationSpec {
        &self.population
    }

    /// What things are called in tables.
    #[must_use]
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// What things are called on charts.
    #[must_use]
    pub fn legend(&self) -> &Legend {
        &self.legend
    }

    /// The scenario with everything resolved, as TOML: reading it gives this scenario again.
    #[must_use]
    pub fn resolved(&self) -> &str {
        &self.resolved
    }
}
