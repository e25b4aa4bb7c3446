//! The record against the model: every row of evidence with its band, and the skill against plain forecasts.

use super::score::{Error, crps, least_squares, predictive, rank};
use super::summary::{median_date, quantile};
use super::watch::Showing;
use crate::observers::table::{Cell, Kind, Table, TableSet};
use crate::scenario::Scenario;
use crate::scenario::evidence::{Evidence, Kind as What, Observation, Target};

/// A forecast that anybody could make without a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// What the same place showed last; else the mean of all earlier ballots and bodies.
    Last,
    /// That, moved by as much as the rows of the fit moved on average.
    Swing,
    /// A logistic trend of the party's share over time, from earlier rows and those of the fit.
    Logistic,
    /// A regression of the party's share on the shares of classes, from the rows of the fit.
    Regression,
}

/// All baselines, in the order of the tables.
pub const BASELINES: [(Baseline, &str); 4] = [
    (Baseline::Last, "baseline_last"),
    (Baseline::Swing, "baseline_swing"),
    (Baseline::Logistic, "baseline_logistic"),
    (Baseline::Regression, "baseline_regression"),
];

/// A row of evidence with what the model says of it.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The row.
    pub observation: Observation,
    /// Median over replicates; NaN where no replicate showed anything.
    pub simulated: f64,
    /// Quantiles of the predictive distribution: 5, 25, 75, 95 %.
    pub bands: [f64; 4],
    /// Predictive probability of less than was observed.
    pub rank: f64,
    /// Continuous ranked probability score, in the unit.
    pub crps: f64,
    /// Forecasts of the baselines; NaN where they have none.
    pub baselines: [f64; 4],
    /// Longitude and latitude in degrees, where the scenario gives them.
    pub location: Option<(f64, f64)>,
}

/// A majority of the record with what the model says of it.
#[derive(Clone, Debug)]
pub struct DatedMajority {
    /// What readers call it.
    pub name: String,
    /// Day of the record.
    pub observed: i64,
    /// Date of the record.
    pub date: String,
    /// How far from it the model may be, in days.
    pub days: f64,
    /// Whether it served to choose parameters.
    pub fitted: bool,
    /// Median day over replicates; `None` if it never comes.
    pub simulated: Option<i64>,
    /// 5 and 95 % quantiles of the day; the end of the run where it never comes.
    pub band: [f64; 2],
    /// Day on which a logistic trend through the earlier rows of all bodies crosses one half.
    pub trend: f64,
}

/// The record against the model.
#[derive(Clone, Debug, Default)]
pub struct RecordCard {
    /// Rows, in the order of the evidence.
    pub rows: Vec<Scored>,
    /// Majorities.
    pub majorities: Vec<DatedMajority>,
}

/// Holds what replicates showed against the evidence.
#[must_use]
pub fn hold_against(scenario: &Scenario, evidence: &Evidence, shown: &[Showing]) -> RecordCard {
    let record = scenario.record();
    let forecasts = Forecasts::new(scenario, &evidence.observations);
    let rows = evidence
        .observations
        .iter()
        .enumerate()
        .take(evidence.asked)
        .map(|(index, observation)| {
            let values: Vec<f64> = shown.iter().map(|s| s.values[index]).collect();
            let error = if observation.unit == "pct" {
                Error::Share { model: record.share_discrepancy, observed: observation.sd }
            } else {
                Error::Count {
                    model: record.count_discrepancy,
                    observed: (1.0 + (observation.sd / observation.observed).powi(2)).ln().sqrt(),
                }
            };
            let sample = predictive(&values, error);
            let at = |q: f64| quantile(&sample, q).unwrap_or(f64::NAN);
            Scored {
                observation: observation.clone(),
                simulated: quantile(&values, 0.5).unwrap_or(f64::NAN),
                bands: [0.05, 0.25, 0.75, 0.95].map(at),
                rank: rank(&sample, observation.observed),
                crps: crps(&sample, observation.observed),
                baselines: BASELINES.map(|(baseline, _)| forecasts.of(baseline, index)),
                location: record.location(&observation.target),
            }
        })
        .collect();
    let last_day = f64::from(scenario.days());
    let majorities = record
        .majorities
        .iter()
        .enumerate()
        .map(|(index, majority)| {
            let days: Vec<Option<i64>> = shown.iter().map(|s| s.majorities[index]).collect();
            let ended: Vec<f64> = days.iter().map(|d| d.map_or(last_day, |d| d as f64)).collect();
            DatedMajority {
                name: majority.name.clone(),
                observed: majority.day,
                date: majority.date.clone(),
                days: majority.days,
                fitted: record.fitted.contains(&format!("majority/{}", majority.name)),
                simulated: median_date(&days),
                band: [0.05, 0.95].map(|q| quantile(&ended, q).unwrap_or(f64::NAN)),
                trend: forecasts.crossing(majority.day).unwrap_or(last_day),
            }
        })
        .collect();
    RecordCard { rows, majorities }
}

/// What plain forecasts are made from.
struct Forecasts<'a> {
    observations: &'a [Observation],
    /// Shares of classes among those whom each row is about; empty where it is not about people.
    classes: Vec<Vec<f64>>,
}

impl<'a> Forecasts<'a> {
    fn new(scenario: &Scenario, observations: &'a [Observation]) -> Self {
        let rules = scenario.rules();
        let classes = observations
            .iter()
            .map(|o| match &o.target {
                Target::Votes { places, classes, .. } => {
                    let mut people = vec![0.0; rules.classes.len()];
                    for (stratum, n) in rules.strata.iter().zip(&scenario.population().people) {
                        if places[stratum.place] && classes[stratum.class] {
                            people[stratum.class] += n;
                        }
                    }
                    let all: f64 = people.iter().sum();
                    people.iter().map(|n| n / all).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        Self { observations, classes }
    }

    fn of(&self, baseline: Baseline, index: usize) -> f64 {
        let row = &self.observations[index];
        if !row.kind.is_share() || row.unit != "pct" {
            return f64::NAN;
        }
        match baseline {
            Baseline::Last => self.last(row),
            Baseline::Swing => {
                let moved: Vec<f64> = self
                    .alike(row)
                    .filter(|o| (o.day - row.day).abs() <= SAME_TIME && o.key != row.key)
                    .filter(|o| o.fitted)
                    .map(|o| o.observed - self.last(o))
                    .collect();
                let swing = moved.iter().sum::<f64>() / moved.len().max(1) as f64;
                (self.last(row) + swing).clamp(0.0, 100.0)
            }
            Baseline::Logistic => self.trend(row),
            Baseline::Regression => self.regression(row, index),
        }
    }

    /// Rows of the same party, of ballots for ballots and of bodies for bodies.
    fn alike<'b>(&'b self, row: &'b Observation) -> impl Iterator<Item = &'b Observation> {
        let ballot = |kind: What| matches!(kind, What::Assembly | What::Ballot);
        self.observations
            .iter()
            .filter(move |o| o.party == row.party && o.unit == row.unit && o.kind.is_share())
            .filter(move |o| ballot(o.kind) == ballot(row.kind))
    }

    /// What the same place showed last; else the mean of all earlier rows of the party; else equal shares.
    fn last(&self, row: &Observation) -> f64 {
        let earlier = |o: &&Observation| o.day < row.day;
        let own = self
            .alike(row)
            .filter(earlier)
            .filter(|o| o.place == row.place && (o.body == row.body || row.kind != What::Seats))
            .max_by_key(|o| o.day);
        if let Some(own) = own {
            return own.observed;
        }
        let before: Vec<f64> = self.alike(row).filter(earlier).map(|o| o.observed).collect();
        if before.is_empty() { EQUAL_SHARE } else { before.iter().sum::<f64>() / before.len() as f64 }
    }

    fn trend(&self, row: &Observation) -> f64 {
        let rows: Vec<(Vec<f64>, f64)> = self
            .alike(row)
            .filter(|o| o.day < row.day || (o.fitted && o.key != row.key))
            .map(|o| (vec![1.0, o.day as f64 / 100.0], logit(o.observed)))
            .collect();
        match least_squares(&rows, RIDGE) {
            Some(line) => 100.0 / (1.0 + (-(line[0] + line[1] * row.day as f64 / 100.0)).exp()),
            None => self.last(row),
        }
    }

    fn regression(&self, row: &Observation, index: usize) -> f64 {
        if self.classes[index].is_empty() {
            return self.trend(row);
        }
        let features = |i: usize| {
            let mut all = vec![1.0, self.observations[i].day as f64 / 100.0];
            all.extend(&self.classes[i]);
            all
        };
        let rows: Vec<(Vec<f64>, f64)> = (0..self.observations.len())
            .filter(|&i| i != index && self.observations[i].fitted && !self.classes[i].is_empty())
            .filter(|&i| self.observations[i].party == row.party)
            .map(|i| (features(i), self.observations[i].observed))
            .collect();
        match least_squares(&rows, RIDGE) {
            Some(plane) if rows.len() > 2 => {
                plane.iter().zip(features(index)).map(|(b, x)| b * x).sum::<f64>().clamp(0.0, 100.0)
            }
            _ => self.last(row),
        }
    }

    /// Day on which a logistic trend through the seats of all bodies before `day` crosses one half.
    fn crossing(&self, day: i64) -> Option<f64> {
        let seats: Vec<&Observation> =
            self.observations.iter().filter(|o| o.kind == What::Seats && o.day < day).collect();
        let party = seats.first()?.party.clone();
        let rows: Vec<(Vec<f64>, f64)> = seats
            .iter()
            .filter(|o| o.party == party)
            .map(|o| (vec![1.0, o.day as f64 / 100.0], logit(o.observed)))
            .collect();
        let line = least_squares(&rows, RIDGE)?;
        (line[1] > 1e-6).then(|| -100.0 * line[0] / line[1])
    }
}

/// Days within which two ballots count as one.
const SAME_TIME: i64 = 10;
/// What is expected of a list of which nothing is known, in percent.
const EQUAL_SHARE: f64 = 12.5;
const RIDGE: f64 = 0.02;

fn logit(share: f64) -> f64 {
    let p = (share / 100.0).clamp(0.005, 0.995);
    (p / (1.0 - p)).ln()
}

/// A measure of skill over some rows, of the model and of the baselines.
#[derive(Clone, Debug)]
pub struct Skill {
    /// Which rows.
    pub subset: String,
    /// Which measure.
    pub measure: &'static str,
    /// How many rows.
    pub n: usize,
    /// Of the model.
    pub model: f64,
    /// Of the baselines; NaN where they have none.
    pub baselines: [f64; 4],
}

impl RecordCard {
    /// Skill on rows kept for validation, on those of the fit, and by kind.
    #[must_use]
    pub fn skill(&self) -> Vec<Skill> {
        let mut all = Vec::new();
        let mut add = |subset: &str, keep: &dyn Fn(&Scored) -> bool| {
            let rows: Vec<&Scored> =
                self.rows.iter().filter(|r| keep(r) && r.simulated.is_finite()).collect();
            all.extend(skill_of(subset, &rows));
        };
        add("validation", &|r| !r.observation.fitted);
        add("validation: party shares", &|r| {
            !r.observation.fitted && matches!(r.observation.kind, What::Assembly | What::Ballot | What::Seats)
        });
        for kind in [What::Assembly, What::Ballot, What::Seats, What::Vote, What::Members, What::Series] {
            add(&format!("validation: {}", kind.word()), &|r| {
                !r.observation.fitted && r.observation.kind == kind
            });
        }
        add("validation: garrisons", &|r| {
            !r.observation.fitted && r.observation.electorate.starts_with("garrison")
        });
        add("fit", &|r| r.observation.fitted);
        let errors: Vec<(f64, f64)> = self
            .majorities
            .iter()
            .map(|m| {
                let day = m.simulated.map_or(m.band[1], |d| d as f64);
                ((day - m.observed as f64).abs(), (m.trend - m.observed as f64).abs())
            })
            .collect();
        if !errors.is_empty() {
            let n = errors.len() as f64;
            let trend = errors.iter().map(|e| e.1).sum::<f64>() / n;
            all.push(Skill {
                subset: "majorities".to_owned(),
                measure: "date error, days",
                n: errors.len(),
                model: errors.iter().map(|e| e.0).sum::<f64>() / n,
                baselines: [f64::NAN, f64::NAN, trend, f64::NAN],
            });
        }
        all
    }

    /// The tables `scorecard` and `skill`.
    #[must_use]
    pub fn tables(&self) -> TableSet {
        TableSet { tables: vec![self.scorecard(), self.skill_table()] }
    }

    fn scorecard(&self) -> Table {
        let mut table = Table::new(
            "scorecard",
            "rows of the record against the model; bands hold replicates, the model's own error and the record's",
            &[
                ("row", Kind::Text, "", "key of the row"),
                ("file", Kind::Text, "", "file it was read from"),
                ("line", Kind::Int, "", "line in it, from 1"),
                ("kind", Kind::Text, "", "assembly, ballot, seats, vote, members, series or majority"),
                ("place", Kind::Text, "", "place or district, as the record calls it"),
                ("body", Kind::Text, "", "body, ballot or series"),
                ("electorate", Kind::Text, "", "who voted, or a section of a body"),
                ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
                ("party", Kind::Text, "", "party, or resolution"),
                ("unit", Kind::Text, "", "pct, persons or day"),
                ("observed", Kind::Real, "unit", "what the record has"),
                ("observed_sd", Kind::Real, "unit", "standard deviation of its own error"),
                ("simulated", Kind::Real, "unit", "median over replicates"),
                ("lo50", Kind::Real, "unit", "25 % quantile"),
                ("hi50", Kind::Real, "unit", "75 % quantile"),
                ("lo90", Kind::Real, "unit", "5 % quantile"),
                ("hi90", Kind::Real, "unit", "95 % quantile"),
                ("rank", Kind::Real, "share", "predictive probability of less than was observed"),
                ("inside50", Kind::Text, "", "whether the record lies in the 50 % band"),
                ("inside90", Kind::Text, "", "whether the record lies in the 90 % band"),
                ("used_for_parameters", Kind::Text, "", "true: it served to fit, and is no validation"),
                ("baseline_last", Kind::Real, "unit", "last known value"),
                ("baseline_swing", Kind::Real, "unit", "last known value and the mean swing of the fit"),
                ("baseline_logistic", Kind::Real, "unit", "logistic trend"),
                ("baseline_regression", Kind::Real, "unit", "regression on the shares of classes"),
                ("longitude", Kind::Real, "degrees", "where it is, east"),
                ("latitude", Kind::Real, "degrees", "where it is, north"),
                ("source", Kind::Text, "", "who tells it"),
            ],
        );
        for row in &self.rows {
            let o = &row.observation;
            let [lo90, lo50, hi50, hi90] = row.bands;
            let inside = |lo: f64, hi: f64| {
                if !row.simulated.is_finite() {
                    ""
                } else if (lo..=hi).contains(&o.observed) {
                    "true"
                } else {
                    "false"
                }
            };
            table.push(&[
                Cell::Text(&o.key),
                Cell::Text(&o.file),
                Cell::Int(o.line as i64),
                Cell::Text(o.kind.word()),
                Cell::Text(&o.place),
                Cell::Text(&o.body),
                Cell::Text(&o.electorate),
                Cell::Text(&o.date),
                Cell::Text(&o.party),
                Cell::Text(o.unit),
                Cell::Real(o.observed),
                Cell::Real(o.sd),
                Cell::Real(row.simulated),
                Cell::Real(lo50),
                Cell::Real(hi50),
                Cell::Real(lo90),
                Cell::Real(hi90),
                Cell::Real(row.rank),
                Cell::Text(inside(lo50, hi50)),
                Cell::Text(inside(lo90, hi90)),
                Cell::Text(if o.fitted { "true" } else { "false" }),
                Cell::Real(row.baselines[0]),
                Cell::Real(row.baselines[1]),
                Cell::Real(row.baselines[2]),
                Cell::Real(row.baselines[3]),
                Cell::Real(row.location.map_or(f64::NAN, |at| at.0)),
                Cell::Real(row.location.map_or(f64::NAN, |at| at.1)),
                Cell::Text(&o.source),
            ]);
        }
        for majority in &self.majorities {
            let nan = Cell::Real(f64::NAN);
            let simulated = majority.simulated.map_or(f64::NAN, |d| d as f64);
            let inside = (simulated - majority.observed as f64).abs() <= majority.days;
            table.push(&[
                Cell::Text(&format!("majority/{}", majority.name)),
                Cell::Text(""),
                Cell::Int(0),
                Cell::Text("majority"),
                Cell::Text(""),
                Cell::Text(&majority.name),
                Cell::Text(""),
                Cell::Text(&majority.date),
                Cell::Text(""),
                Cell::Text("day"),
                Cell::Real(majority.observed as f64),
                Cell::Real(0.0),
                Cell::Real(simulated),
                nan,
                nan,
                Cell::Real(majority.band[0].min(simulated - majority.days)),
                Cell::Real(majority.band[1].max(simulated + majority.days)),
                nan,
                Cell::Text(""),
                Cell::Text(if inside { "true" } else { "false" }),
                Cell::Text(if majority.fitted { "true" } else { "false" }),
                nan,
                nan,
                Cell::Real(majority.trend),
                nan,
                nan,
                nan,
                Cell::Text(""),
            ]);
        }
        table
    }

    fn skill_table(&self) -> Table {
        let mut table = Table::new(
            "skill",
            "how well model and plain forecasts fit the record",
            &[
                ("subset", Kind::Text, "", "which rows"),
                ("measure", Kind::Text, "", "mean absolute error, CRPS, coverage, date error"),
                ("n", Kind::Int, "rows", "how many"),
                ("model", Kind::Real, "", "value of the model"),
                ("baseline_last", Kind::Real, "", "of the last known value"),
                ("baseline_swing", Kind::Real, "", "of the mean swing of the fit"),
                ("baseline_logistic", Kind::Real, "", "of a logistic trend"),
                ("baseline_regression", Kind::Real, "", "of a regression on the shares of classes"),
            ],
        );
        for skill in self.skill() {
            let [last, swing, logistic, regression] = skill.baselines;
            table.push(&[
                Cell::Text(&skill.subset),
                Cell::Text(skill.measure),
                Cell::Int(skill.n as i64),
                Cell::Real(skill.model),
                Cell::Real(last),
                Cell::Real(swing),
                Cell::Real(logistic),
                Cell::Real(regression),
            ]);
        }
        table
    }
}

/// Mean absolute error, CRPS and coverage of some rows.
fn skill_of(subset: &str, rows: &[&Scored]) -> Vec<Skill> {
    let mut all = Vec::new();
    let mut push = |measure, n, model, baselines| {
        all.push(Skill { subset: subset.to_owned(), measure, n, model, baselines });
    };
    let shares: Vec<&&Scored> = rows.iter().filter(|r| r.observation.unit == "pct").collect();
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let known: Vec<f64> = values.filter(|v| v.is_finite()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    if !shares.is_empty() {
        let error = |of: &dyn Fn(&Scored) -> f64| {
            mean(&mut shares.iter().map(|r| (of(r) - r.observation.observed).abs()))
        };
        let baselines = [0, 1, 2, 3].map(|b: usize| error(&|r| r.baselines[b]));
        push("mean absolute error, points", shares.len(), error(&|r| r.simulated), baselines);
        // The score of a point is its distance.
        push("CRPS, points", shares.len(), mean(&mut shares.iter().map(|r| r.crps)), baselines);
    }
    let counts: Vec<&&Scored> = rows.iter().filter(|r| r.observation.unit == "persons").collect();
    if !counts.is_empty() {
        let error =
            mean(&mut counts.iter().map(|r| (r.simulated.max(1.0) / r.observation.observed).ln().abs()));
        push("mean absolute error, log", counts.len(), error, [f64::NAN; 4]);
    }
    if !rows.is_empty() {
        for (measure, lo, hi) in [("coverage of the 50 % band", 1, 2), ("coverage of the 90 % band", 0, 3)] {
            let inside = |r: &&&Scored| (r.bands[lo]..=r.bands[hi]).contains(&r.observation.observed);
            let share = rows.iter().filter(inside).count() as f64 / rows.len() as f64;
            push(measure, rows.len(), share, [f64::NAN; 4]);
        }
    }
    all
}
