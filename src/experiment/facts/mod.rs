//! Stylised facts: what the output must show, each decided by a short function over run tables.
//!
//! A fact that is about cause is decided by a counterfactual on common random numbers: the same seeds with one thing
//! changed. What stands for what (which party, which event, which places) is said by the scenario's `[facts]`.

mod bodies;
mod opinion;
mod power;
mod reading;

use std::collections::BTreeMap;

pub use reading::{
    Ballot, Course, Event, Fight, Majority, Marched, Power, Reading, Voice, at, first_day, mean,
};

use super::summary::{median, quantile};
use crate::scenario::{Counterfactual, Roles};

/// The name of the history without changes.
pub const BASE: &str = "base";

/// Everything a fact may look at.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What stands for what.
    pub roles: &'a Roles,
    /// Replicates by history: [`BASE`] and the counterfactuals that were run.
    pub histories: &'a BTreeMap<String, Vec<Reading>>,
    /// All counterfactuals of the scenario.
    pub counterfactuals: &'a [Counterfactual],
    /// Day of the summer's repression.
    pub repression: i64,
    /// Day of the coup.
    pub coup: i64,
    /// Day about which power passes.
    pub rising: i64,
    /// Persons that one agent stands for.
    pub people_per_agent: f64,
    /// The region of each place: where power over it is held.
    pub regions: BTreeMap<String, String>,
}

/// One value that a fact looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Which statistic.
    pub statistic: String,
    /// Which group or history.
    pub label: String,
    /// Which replicate.
    pub replicate: usize,
    /// The value; `NaN` where it is undefined.
    pub value: f64,
    /// Where the fact wants it to begin; `NaN` for no bound.
    pub low: f64,
    /// Where it wants it to end; `NaN` for no bound.
    pub high: f64,
}

/// A course over time that shows a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Panel.
    pub panel: String,
    /// Label.
    pub label: String,
    /// One course a replicate.
    pub courses: Vec<Course>,
}

/// What was found of a fact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// Values, the leading statistic first.
    pub values: Vec<Value>,
    /// Whether each statistic's test was met, in order of appearance.
    pub met: Vec<bool>,
    /// Courses.
    pub lines: Vec<Line>,
    /// A word on how it came out.
    pub note: String,
}

/// A stylised fact.
#[derive(Clone, Copy)]
pub struct Fact {
    /// `F01`…
    pub id: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// Histories it needs beside the scenario's own: names of counterfactuals, prefixes ending in `*`, or names ending in
    /// `?` that it can do without.
    pub needs: &'static [&'static str],
    /// Tables that it reads of those; of the scenario's own history it may read all.
    pub reads: &'static [&'static str],
    /// Decides it; `None` where the scenario does not say what stands for what.
    pub decide: fn(&Evidence<'_>) -> Option<Finding>,
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fact").field("id", &self.id).field("title", &self.title).finish_non_exhaustive()
    }
}

macro_rules! facts {
    ($( $id:literal $title:literal $needs:expr, $($reads:literal)* => $decide:path; )+) => {
        /// All facts, in order.
        pub const FACTS: &[Fact] = &[$(
            Fact { id: $id, title: $title, needs: &$needs, reads: &[$($reads),*], decide: $decide }
        ),+];
    };
}

facts! {
    "F01" "Repression silences more than it converts" [], => opinion::silences_more_than_it_converts;
    "F02" "Recovery begins before the coup" [], => opinion::recovers_before_the_coup;
    "F03" "Slander back-fires" ["no-slander"], "support" "measures" => opinion::slander_backfires;
    "F04" "Lockouts bring out fresh layers" ["no-lockouts"], "measures" => opinion::lockouts_bring_out_fresh_layers;
    "F05" "The experienced hold back, then come out" [], => opinion::experienced_hold_back;
    "F06" "The coup is an impulse to the left" ["no-coup"], "support" "majorities" => opinion::coup_moves_to_the_left;
    "F07" "The coup dissolves on the way" ["open-road"], "marches" => power::coup_dissolves;
    "F08" "Warnings are remembered" [], => opinion::warnings_are_remembered;
    "F09" "The compromisers lose their own people" [], => opinion::compromisers_lose_their_own;
    "F10" "The party swells" [], => opinion::party_swells;
    "F11" "The capital leads, a trickle turns into a flood" ["no-news"], "majorities" => bodies::capital_leads;
    "F12" "Bigger soviets are stronger" [], => bodies::bigger_are_stronger;
    "F13" "Masses ahead of soviets" [], => bodies::masses_are_ahead;
    "F14" "Nearest the floor, sooner" [], => bodies::floor_turns_sooner;
    "F15" "Soviets fade and revive" [], => bodies::fade_and_revive;
    "F16" "The forerunner turns first" [], => bodies::forerunner_is_first;
    "F17" "The parent party splits" [], => opinion::parent_splits;
    "F18" "The slogan is dropped and raised again" [], => bodies::slogan_dropped_and_raised;
    "F19" "Two camps" [], => opinion::two_camps;
    "F20" "An appointed conference is out of touch" [], => bodies::conference_out_of_touch;
    "F21" "Orders are ignored" [], => power::orders_are_ignored;
    "F22" "Hunger and closures drive strikes" [], => opinion::hunger_drives_strikes;
    "F23" "Land seizures rise, and move the army" ["no-furlough"], "measures" => opinion::seizures_move_the_army;
    "F24" "Everyone visits everyone" ["isolated-villages"], "support" => opinion::visits_carry_voices;
    "F25" "Dual power turns over" [], => power::dual_power_turns_over;
    "F26" "The executive is the last to know" [], => bodies::executive_is_last;
    "F27" "The garrison transfers" [], => power::garrison_transfers;
    "F28" "Almost bloodless in the capital, harder in the second city" [], => power::bloodless_in_the_capital;
    "F29" "Without leadership, no transfer" ["no-leadership"], "measures" "outcome" => power::no_transfer_without_leadership;
    "F30" "Timing is critical" ["decide-*"], "leaderships" "events" "outcome" => power::timing_is_critical;
    "F31" "Waverers cannot stop a strong tide" ["no-waverers", "marginal", "marginal-no-waverers"], "leaderships" "outcome"
        => power::waverers_and_the_tide;
    "F32" "Power spreads in weeks" [], => power::power_spreads;
    "F33" "Villages vote their own way" [], => opinion::villages_vote_their_own_way;
    "F34" "Labels outrun members" [], => opinion::labels_outrun_members;
    "F35" "Church and cellars move little" ["winter", "winter-no-church", "winter-no-land"], "support" "measures" "events"
        => power::church_and_cellars_move_little;
    "F36" "The wave abroad" ["no-news?", "close-contact?", "no-contact?"], "measures" "marches" => power::wave_abroad;
}

impl Fact {
    /// The histories it needs beside the scenario's own, of those there are; `None` if one is not there.
    #[must_use]
    pub fn histories<'c>(&self, all: &'c [Counterfactual]) -> Option<Vec<&'c Counterfactual>> {
        let mut needed = Vec::new();
        for need in self.needs {
            if let Some(name) = need.strip_suffix('?') {
                needed.extend(all.iter().filter(|c| c.name == name));
                continue;
            }
            let found: Vec<&Counterfactual> = match need.strip_suffix('*') {
                Some(prefix) => all.iter().filter(|c| c.name.starts_with(prefix)).collect(),
                None => all.iter().filter(|c| c.name == *need).collect(),
            };
            if found.is_empty() {
                return None;
            }
            needed.extend(found);
        }
        Some(needed)
    }
}

impl<'a> Evidence<'a> {
    /// The replicates of a history; none if it was not run.
    #[must_use]
    pub fn runs(&self, history: &str) -> &'a [Reading] {
        self.histories.get(history).map_or(&[], Vec::as_slice)
    }

    /// The replicates of the scenario as it is.
    #[must_use]
    pub fn base(&self) -> &'a [Reading] {
        self.runs(BASE)
    }

    /// Pairs of replicates on common random numbers: the scenario's own, and a counterfactual's.
    pub fn pairs(&self, history: &str) -> impl Iterator<Item = (&'a Reading, &'a Reading)> + use<'a> {
        self.base().iter().zip(self.runs(history))
    }

    /// The region in which power over these places is held, which tables of power have a row for; `None` of no place.
    #[must_use]
    pub fn region_of(&self, places: &[String]) -> Option<&str> {
        self.regions.get(places.first()?).map(String::as_str)
    }

    /// The month of a day, counted from the year nought, so that months can be subtracted; `None` beyond the run.
    #[must_use]
    pub fn month(&self, day: i64) -> Option<i64> {
        let date = self.base().first()?.dates.get(usize::try_from(day).ok()?)?;
        let (year, month) = (date.get(..4)?.parse::<i64>().ok()?, date.get(5..7)?.parse::<i64>().ok()?);
        Some(12 * year + month)
    }

    /// The days of the month that lies so many months after that of `day`: first, and first of the next.
    #[must_use]
    pub fn days_of_month(&self, day: i64, after: i64) -> Option<(i64, i64)> {
        let wanted = self.month(day)? + after;
        let days = self.base().first()?.days as i64;
        let mut of = (0..days).filter(|&d| self.month(d) == Some(wanted));
        let first = of.next()?;
        Some((first, of.next_back().unwrap_or(first) + 1))
    }
}

impl Finding {
    /// A statistic that must lie between bounds (`NaN` for none) in the median over replicates. A replicate in which it is
    /// undefined lies beyond every bound.
    #[must_use]
    pub fn median_in(self, statistic: &str, label: &str, values: Vec<f64>, low: f64, high: f64) -> Self {
        let middle = |undefined: f64| {
            median(&values.iter().map(|&v| if v.is_nan() { undefined } else { v }).collect::<Vec<_>>())
        };
        let above = low.is_nan() || middle(f64::NEG_INFINITY).is_some_and(|m| m >= low);
        let below = high.is_nan() || middle(f64::INFINITY).is_some_and(|m| m <= high);
        let met = !values.is_empty() && above && below;
        self.push(statistic, label, &values, low, high, Some(met))
    }

    /// A statistic that must lie between bounds in at least a share of the replicates.
    #[must_use]
    pub fn share_in(
        self,
        statistic: &str,
        label: &str,
        values: Vec<f64>,
        low: f64,
        high: f64,
        share: f64,
    ) -> Self {
        let inside = |v: &&f64| !v.is_nan() && (low.is_nan() || **v >= low) && (high.is_nan() || **v <= high);
        let met =
            !values.is_empty() && values.iter().filter(inside).count() as f64 >= share * values.len() as f64;
        self.push(statistic, label, &values, low, high, Some(met))
    }

    /// Values that are shown and not tested.
    #[must_use]
    pub fn shown(self, statistic: &str, label: &str, values: Vec<f64>) -> Self {
        self.push(statistic, label, &values, f64::NAN, f64::NAN, None)
    }

    fn push(
        mut self,
        statistic: &str,
        label: &str,
        values: &[f64],
        low: f64,
        high: f64,
        met: Option<bool>,
    ) -> Self {
        self.values.extend(values.iter().enumerate().map(|(replicate, &value)| Value {
            statistic: statistic.to_owned(),
            label: label.to_owned(),
            replicate,
            value,
            low,
            high,
        }));
        if let Some(met) = met {
            self.met.push(met);
            if !met {
                if !self.note.is_empty() {
                    self.note.push_str("; ");
                }
                let middle =
                    finite_median(values).map_or_else(|| "undefined".to_owned(), |m| format!("{m:.3}"));
                self.note.push_str(&format!("{statistic} ({label}): {middle}"));
            }
        }
        self
    }

    /// Adds a course over time.
    #[must_use]
    pub fn line(mut self, panel: &str, label: &str, courses: Vec<Course>) -> Self {
        self.lines.push(Line { panel: panel.to_owned(), label: label.to_owned(), courses });
        self
    }

    /// Whether every test was met.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.met.is_empty() && self.met.iter().all(|&m| m)
    }

    /// A tested statistic that no replicate defines: the scenario lacks what it is about.
    #[must_use]
    pub fn undefined(&self) -> Option<&str> {
        let tested = |v: &&Value| !v.low.is_nan() || !v.high.is_nan();
        let same = |a: &Value, b: &Value| a.statistic == b.statistic && a.label == b.label;
        let defined = |of: &Value| self.values.iter().any(|v| same(v, of) && !v.value.is_nan());
        self.values.iter().filter(tested).find(|v| !defined(v)).map(|v| v.statistic.as_str())
    }

    /// Median and 5 and 95 % quantiles of the leading statistic's first label.
    #[must_use]
    pub fn leading(&self) -> (f64, f64, f64) {
        let Some(first) = self.values.first() else { return (f64::NAN, f64::NAN, f64::NAN) };
        let same = |v: &&Value| v.statistic == first.statistic && v.label == first.label;
        let values: Vec<f64> = self.values.iter().filter(same).map(|v| v.value).collect();
        let q = |q: f64| quantile(&values, q).unwrap_or(f64::NAN);
        (q(0.5), q(0.05), q(0.95))
    }
}

/// The median where what never comes is later, and larger, than everything else; `None` if the median never comes.
fn finite_median(values: &[f64]) -> Option<f64> {
    let finite: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    if 2 * finite.len() < values.len() || finite.is_empty() { None } else { median(&finite) }
}

/// No bound.
pub(super) const OPEN: f64 = f64::NAN;

/// A length of days that stands for never: longer than any run.
pub(super) const NEVER: f64 = 1e4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_holds_if_all_its_tests_are_met() {
        let both = Finding::default().median_in("size", "here", vec![1.0, 2.0, 9.0], 1.5, OPEN).share_in(
            "share",
            "here",
            vec![0.1, 0.2, 0.9],
            OPEN,
            0.5,
            0.6,
        );
        assert!(both.holds() && both.note.is_empty());
        assert_eq!(both.leading().0, 2.0);
        assert!(!both.clone().median_in("size", "there", vec![f64::NAN, f64::NAN, 1.0], 0.0, OPEN).holds());
        let unsure = vec![f64::NAN, f64::NAN, 1.0, 1.0, 3.0];
        assert!(both.clone().median_in("size", "there", unsure.clone(), 1.0, OPEN).holds());
        assert!(
            !both.clone().median_in("size", "there", unsure, 1.5, OPEN).holds(),
            "undefined is beyond it"
        );
        assert!(!both.clone().median_in("size", "there", vec![], 0.0, OPEN).holds());
        assert_eq!(both.undefined(), None);
        let nothing = both.clone().median_in("weight", "there", vec![f64::NAN, f64::NAN], 0.0, OPEN);
        assert_eq!(nothing.undefined(), Some("weight"));
        assert!(!both.share_in("share", "there", vec![0.1, 0.9], OPEN, 0.5, 0.9).holds());
        assert!(!Finding::default().holds(), "nothing tested, nothing held");
    }

    #[test]
    fn facts_are_numbered_in_order() {
        for (index, fact) in FACTS.iter().enumerate() {
            assert_eq!(fact.id, format!("F{:02}", index + 1));
        }
        assert_eq!(FACTS.len(), 36);
    }
}
