//! The scorecard of stylised facts: runs the histories they need and decides each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts::{BASE, Evidence as Findings, FACTS, Fact, Finding, Reading};
use super::run::{Replicate, watch_replicate};
use super::scorecard::{RecordCard, hold_against};
use super::summary::quantile;
use super::watch::{Showing, Watch};
use crate::engine::{Observer, side_by_side};
use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::scenario::evidence::Evidence;
use crate::scenario::{Counterfactual, Rejection, Scenario};

/// What is to be validated.
#[derive(Debug)]
pub struct Study<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Root seed.
    pub seed: u64,
    /// Replicates of each history.
    pub replicates: u64,
    /// Threads; 0 for as many as the machine has.
    pub threads: usize,
    /// Facts that are wanted; all if empty.
    pub wanted: &'a [String],
    /// Whether facts are wanted at all.
    pub facts: bool,
    /// Rows of the record that are wanted; none if empty.
    pub evidence: &'a Evidence,
}

/// What was found of a fact.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The fact.
    pub fact: Fact,
    /// What was found; `None` where it could not be decided.
    pub finding: Option<Finding>,
    /// Why it could not be decided.
    pub missing: String,
    /// The companion scenario on which it was decided; empty for the scenario itself.
    pub on: String,
    /// Dates of the days of its courses.
    dates: Arc<[String]>,
}

/// All facts as they were decided.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// In order.
    pub verdicts: Vec<Verdict>,
    /// The rows of the record, where any were wanted.
    pub record: RecordCard,
}

/// Facts that held when somebody last looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Ids of the facts that held.
    pub held: Vec<String>,
}

/// Runs every history that the wanted facts need and decides them. `listen` hears of every replicate that is done:
/// how many of how many; it returns whether to go on.
///
/// # Errors
/// If a counterfactual is not a valid scenario.
pub fn validate(
    study: &Study<'_>,
    listen: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Result<Option<Scorecard>, Box<Rejection>> {
    let scenario = study.scenario;
    let is_wanted = |f: &&Fact| study.wanted.is_empty() || study.wanted.iter().any(|w| w == f.id);
    let wanted: Vec<&Fact> = FACTS.iter().filter(|f| study.facts && is_wanted(f)).collect();
    let mut needed: Vec<&Counterfactual> = Vec::new();
    for counterfactual in wanted.iter().filter_map(|f| f.histories(scenario.counterfactuals())).flatten() {
        if !needed.iter().any(|c| c.name == counterfactual.name) {
            needed.push(counterfactual);
        }
    }
    let mut histories: Vec<(String, Scenario)> = vec![(BASE.to_owned(), scenario.clone())];
    for counterfactual in needed {
        histories.push((counterfactual.name.clone(), counterfactual.of(scenario)?));
    }
    // Of a history that is not the scenario's own, no more is kept than somebody reads: there may be many.
    let reads: Vec<Vec<&str>> = histories
        .iter()
        .map(|(name, _)| {
            let needs = |fact: &&&Fact| {
                let all = fact.histories(scenario.counterfactuals()).unwrap_or_default();
                all.iter().any(|c| c.name == *name)
            };
            wanted.iter().filter(needs).flat_map(|fact| fact.reads).copied().collect()
        })
        .collect();
    let replicates = study.replicates as usize;
    let jobs = histories.len() * replicates;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let stopped = std::sync::atomic::AtomicBool::new(false);
    let readings = side_by_side(jobs, study.threads, |job| {
        use std::sync::atomic::Ordering;
        if stopped.load(Ordering::Relaxed) {
            return None;
        }
        let (history, number) = (job / replicates, job % replicates);
        let (_, history_of) = &histories[history];
        let watched = history == 0 && !study.evidence.observations.is_empty();
        let (reading, showing) = if study.facts {
            let mut replicate = Replicate::new(history_of, study.seed, number as u64);
            let mut watch = watched.then(|| Watch::new(history_of, &study.evidence.observations));
            while !replicate.is_over() {
                replicate.step();
                if let Some(watch) = &mut watch {
                    watch.observe(replicate.next_day() - 1, replicate.world());
                }
            }
            let showing = watch.map(|w| w.finish(history_of.rules().people_per_agent));
            let read = |table: &str| history == 0 || reads[history].contains(&table);
            (Some(Reading::of(&replicate.finish(), number as i64, &read)), showing)
        } else {
            let rows = &study.evidence.observations;
            (None, Some(watch_replicate(history_of, study.seed, number as u64, rows)))
        };
        if !listen(done.fetch_add(1, Ordering::Relaxed) + 1, jobs) {
            stopped.store(true, Ordering::Relaxed);
        }
        Some((reading, showing))
    });
    let Some(readings) = readings.into_iter().collect::<Option<Vec<(Option<Reading>, Option<Showing>)>>>()
    else {
        return Ok(None);
    };
    let mut shown = Vec::new();
    let mut by_history: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
    for (job, (reading, showing)) in readings.into_iter().enumerate() {
        by_history.entry(histories[job / replicates].0.clone()).or_default().extend(reading);
        shown.extend(showing);
    }
    let record =
        if shown.is_empty() { RecordCard::default() } else { hold_against(scenario, study.evidence, &shown) };
    let mut scorecard = decide(&wanted, scenario, scenario.counterfactuals(), &by_history);
    scorecard.record = record;
    Ok(Some(scorecard))
}

/// Decides what a run folder alone can show, of which the replicates were read: facts that need no other history.
#[must_use]
pub fn validate_run(scenario: &Scenario, base: Vec<Reading>, wanted: &[String]) -> Scorecard {
    let facts: Vec<&Fact> =
        FACTS.iter().filter(|f| wanted.is_empty() || wanted.iter().any(|w| w == f.id)).collect();
    decide(&facts, scenario, &[], &BTreeMap::from([(BASE.to_owned(), base)]))
}

fn decide(
    wanted: &[&Fact],
    scenario: &Scenario,
    counterfactuals: &[Counterfactual],
    histories: &BTreeMap<String, Vec<Reading>>,
) -> Scorecard {
    let (roles, rules) = (scenario.roles(), scenario.rules());
    let rising = roles.insurrection.as_deref().and_then(|d| scenario.day_of(d)).unwrap_or(-1);
    let base = histories.get(BASE).map_or(&[][..], Vec::as_slice);
    let happened = |event: &Option<String>| {
        event.as_deref().and_then(|name| base.iter().find_map(|r| r.happened(name))).unwrap_or(-1)
    };
    let evidence = Findings {
        roles,
        histories,
        counterfactuals,
        repression: happened(&roles.repression),
        coup: happened(&roles.coup),
        rising,
        people_per_agent: rules.people_per_agent,
        regions: rules
            .places
            .iter()
            .map(|p| (p.name.clone(), rules.regions[p.region].name.clone()))
            .collect(),
    };
    let dates: Arc<[String]> = base.first().map_or_else(Vec::new, |r| r.dates.clone()).into();
    let verdicts = wanted
        .iter()
        .map(|fact| {
            let ready = fact.histories(counterfactuals).is_some();
            let finding = if ready { (fact.decide)(&evidence) } else { None };
            let missing = match &finding {
                Some(f) => f.undefined().map(|s| format!("undefined here: {s}")),
                None if ready => Some("the scenario has nothing that stands for it: see [facts]".to_owned()),
                None => Some(format!("needs the histories {}", fact.needs.join(", "))),
            };
            let finding = finding.filter(|_| missing.is_none());
            let missing = missing.unwrap_or_default();
            Verdict { fact: **fact, finding, missing, on: String::new(), dates: Arc::clone(&dates) }
        })
        .collect();
    Scorecard { verdicts, record: RecordCard::default() }
}

impl Verdict {
    /// A word on how it came out: which tests were not met, why it could not be decided, or where it was.
    #[must_use]
    pub fn note(&self) -> String {
        let own = self.finding.as_ref().map_or(self.missing.as_str(), |f| f.note.as_str());
        let on = if self.on.is_empty() { String::new() } else { format!("decided on {}", self.on) };
        [on.as_str(), own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

impl Scorecard {
    /// How many facts hold, of how many that could be decided.
    #[must_use]
    pub fn held(&self) -> (usize, usize) {
        let decided = self.verdicts.iter().filter_map(|v| v.finding.as_ref());
        (decided.clone().filter(|f| f.holds()).count(), decided.count())
    }

    /// Ids of the facts that could not be decided.
    #[must_use]
    pub fn undecided(&self) -> Vec<String> {
        self.verdicts.iter().filter(|v| v.finding.is_none()).map(|v| v.fact.id.to_owned()).collect()
    }

    /// Takes over what `companion` decided, run on the scenario `on`, where this one could not.
    pub fn adopt(&mut self, companion: Self, on: &str) {
        for theirs in companion.verdicts.into_iter().filter(|v| v.finding.is_some()) {
            let own = self.verdicts.iter_mut().find(|v| v.fact.id == theirs.fact.id && v.finding.is_none());
            if let Some(own) = own {
                *own = Verdict { on: on.to_owned(), ..theirs };
            }
        }
    }

    /// Ids of the facts that hold.
    #[must_use]
    pub fn baseline(&self) -> Baseline {
        let holds = |v: &&Verdict| v.finding.as_ref().is_some_and(Finding::holds);
        Baseline { held: self.verdicts.iter().filter(holds).map(|v| v.fact.id.to_owned()).collect() }
    }

    /// Facts that held in the baseline, were looked at, and hold no longer.
    #[must_use]
    pub fn lost(&self, baseline: &Baseline) -> Vec<&'static str> {
        self.verdicts
            .iter()
            .filter(|v| baseline.held.iter().any(|h| h == v.fact.id))
            .filter(|v| !v.finding.as_ref().is_some_and(Finding::holds))
            .map(|v| v.fact.id)
            .collect()
    }

    /// The tables `facts`, `fact_values` and `fact_series`; `scorecard` and `skill` where there are rows of the record.
    #[must_use]
    pub fn tables(&self) -> TableSet {
        let mut tables = Vec::new();
        if !self.verdicts.is_empty() {
            tables.extend([self.facts(), self.values(), self.series()]);
        }
        if !self.record.rows.is_empty() {
            tables.extend(self.record.tables().tables);
        }
        TableSet { tables }
    }

    fn facts(&self) -> Table {
        let mut table = Table::new(
            "facts",
            "stylised facts, and whether they hold",
            &[
                ("id", Kind::Text, "", "number of the fact"),
                ("statistic", Kind::Text, "", "the leading statistic"),
                ("value", Kind::Real, "", "its median over replicates"),
                ("lo", Kind::Real, "", "its 5 % quantile"),
                ("hi", Kind::Real, "", "its 95 % quantile"),
                ("holds", Kind::Text, "", "true, false, or empty where it could not be decided"),
                ("needs", Kind::Text, "", "histories it needs beside the scenario's own"),
                (
                    "note",
                    Kind::Text,
                    "",
                    "which tests were not met, why it could not be decided, or on which scenario it was",
                ),
                ("title", Kind::Text, "", "the fact in a few words"),
            ],
        );
        for verdict in &self.verdicts {
            let (value, lo, hi) =
                verdict.finding.as_ref().map_or((f64::NAN, f64::NAN, f64::NAN), Finding::leading);
            let statistic = verdict
                .finding
                .as_ref()
                .and_then(|f| f.values.first())
                .map_or(String::new(), |v| format!("{} ({})", v.statistic, v.label));
            let holds = match &verdict.finding {
                Some(f) if f.holds() => "true",
                Some(_) => "false",
                None => "",
            };
            let note = verdict.note();
            table.push(&[
                Cell::Text(verdict.fact.id),
                Cell::Text(&statistic),
                Cell::Real(value),
                Cell::Real(lo),
                Cell::Real(hi),
                Cell::Text(holds),
                Cell::Text(&verdict.fact.needs.join(" ")),
                Cell::Text(&note),
                Cell::Text(verdict.fact.title),
            ]);
        }
        table
    }

    fn values(&self) -> Table {
        let mut table = Table::new(
            "fact_values",
            "what each fact was decided on, by replicate",
            &[
                ("id", Kind::Text, "", "number of the fact"),
                ("statistic", Kind::Text, "", "statistic"),
                ("label", Kind::Text, "", "group or history"),
                ("replicate", Kind::Int, "", "number of the replicate, from 0"),
                ("value", Kind::Real, "", "value; NaN where it is undefined"),
                ("low", Kind::Real, "", "the fact wants it at least here; NaN for no bound"),
                ("high", Kind::Real, "", "the fact wants it at most here; NaN for no bound"),
            ],
        );
        for (verdict, value) in
            self.verdicts.iter().flat_map(|v| v.finding.iter().flat_map(|f| &f.values).map(move |x| (v, x)))
        {
            table.push(&[
                Cell::Text(verdict.fact.id),
                Cell::Text(&value.statistic),
                Cell::Text(&value.label),
                Cell::Int(value.replicate as i64),
                Cell::Real(value.value),
                Cell::Real(value.low),
                Cell::Real(value.high),
            ]);
        }
        table
    }

    fn series(&self) -> Table {
        let mut table = Table::new(
            "fact_series",
            "courses that show the facts: median and 90 % band over replicates",
            &[
                ("id", Kind::Text, "", "number of the fact"),
                ("panel", Kind::Text, "", "panel"),
                ("label", Kind::Text, "", "line"),
                ("day", Kind::Int, "day", "day of the run, from 0"),
                ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
                ("lo", Kind::Real, "", "5 % quantile"),
                ("mid", Kind::Real, "", "median"),
                ("hi", Kind::Real, "", "95 % quantile"),
            ],
        );
        for (verdict, line) in
            self.verdicts.iter().flat_map(|v| v.finding.iter().flat_map(|f| &f.lines).map(move |l| (v, l)))
        {
            for (day, date) in verdict.dates.iter().enumerate() {
                let values: Vec<f64> = line
                    .courses
                    .iter()
                    .filter_map(|c| c.get(day))
                    .copied()
                    .filter(|v| v.is_finite())
                    .collect();
                let (Some(lo), Some(mid), Some(hi)) =
                    (quantile(&values, 0.05), quantile(&values, 0.5), quantile(&values, 0.95))
                else {
                    continue;
                };
                table.push(&[
                    Cell::Text(verdict.fact.id),
                    Cell::Text(&line.panel),
                    Cell::Text(&line.label),
                    Cell::Int(day as i64),
                    Cell::Text(date),
                    Cell::Real(lo),
                    Cell::Real(mid),
                    Cell::Real(hi),
                ]);
            }
        }
        table
    }
}

impl Baseline {
    /// From its text: an id a line, `#` begins a comment.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let line = |l: &str| l.split('#').next().unwrap_or_default().trim().to_owned();
        Self { held: text.lines().map(line).filter(|l| !l.is_empty()).collect() }
    }

    /// As text, with what it was made of in a comment.
    #[must_use]
    pub fn to_text(&self, made_of: &str) -> String {
        format!("# Facts that held: {made_of}\n{}\n", self.held.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Change, default_scenario};

    #[test]
    fn facts_read_no_more_of_other_histories_than_they_say() {
        let changes = [Change::Agents(1_000), Change::Replicates(1)];
        let scenario = default_scenario(&changes).expect("it ships valid");
        let tables_of = |scenario: &Scenario| {
            let mut replicate = Replicate::new(scenario, 3, 0);
            while !replicate.is_over() {
                replicate.step();
            }
            replicate.finish()
        };
        let base = tables_of(&scenario);
        let mut looked_at = 0;
        for fact in FACTS.iter().filter(|fact| !fact.needs.is_empty()) {
            let Some(histories) = fact.histories(scenario.counterfactuals()) else { continue };
            let (mut whole, mut part) = (BTreeMap::new(), BTreeMap::new());
            for all in [&mut whole, &mut part] {
                all.insert(BASE.to_owned(), vec![Reading::new(&base, 0)]);
            }
            for counterfactual in histories {
                let tables = tables_of(&counterfactual.of(&scenario).expect("it ships valid"));
                whole.insert(counterfactual.name.clone(), vec![Reading::new(&tables, 0)]);
                let read = |table: &str| fact.reads.contains(&table);
                part.insert(counterfactual.name.clone(), vec![Reading::of(&tables, 0, &read)]);
            }
            let found = |histories| {
                let verdicts = decide(&[fact], &scenario, scenario.counterfactuals(), histories).verdicts;
                format!("{:?}", verdicts[0].finding)
            };
            assert_eq!(found(&whole), found(&part), "{}", fact.id);
            looked_at += usize::from(found(&whole) != "None");
        }
        assert!(looked_at > 6, "{looked_at}");
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let baseline = Baseline { held: vec!["F01".to_owned(), "F09".to_owned()] };
        assert_eq!(Baseline::parse(&baseline.to_text("an invented country")), baseline);
    }

    #[test]
    fn a_companion_decides_only_what_could_not_be_decided() {
        let verdict = |index: usize, day: Option<f64>| Verdict {
            fact: FACTS[index],
            finding: day.map(|day| Finding::default().median_in("day", "here", vec![day], 1.0, 2.0)),
            missing: "nothing stands for it".to_owned(),
            on: String::new(),
            dates: Vec::new().into(),
        };
        let card = |verdicts| Scorecard { verdicts, record: RecordCard::default() };
        let mut own = card(vec![verdict(0, Some(9.0)), verdict(1, None), verdict(2, None)]);
        assert_eq!(own.undecided(), ["F02", "F03"]);
        own.adopt(card(vec![verdict(0, Some(1.5)), verdict(1, Some(1.5)), verdict(2, None)]), "elsewhere");
        assert_eq!((own.held(), own.undecided()), ((1, 2), vec!["F03".to_owned()]));
        let notes: Vec<String> = own.verdicts.iter().map(Verdict::note).collect();
        assert_eq!(notes, ["day (here): 9.000", "decided on elsewhere", "nothing stands for it"]);
    }
}
