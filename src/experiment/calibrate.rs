//! Parameters fitted to the record: which rows, how far a run is from them, and a search that can be resumed.
//!
//! Two searches: the covariance matrix adaptation of Hansen and Ostermeier 2001 (doi:10.1162/106365601750190398), as the
//! `cmaes` crate has it, and Gauss-Newton steps towards the mode of the posterior ([`super::descent`]), which need far
//! fewer runs where parameters are many. All candidates are run on the same seeds, so that they differ in what they set
//! alone; a search is a function of its seed and of what its candidates showed, so one that was interrupted goes on by
//! replaying what is known.

use std::collections::BTreeMap;
use std::sync::Mutex;

use cmaes::{CMAESOptions, DVector, ParallelObjectiveFunction};

use super::descent::descend;
use super::run::watch_replicate;
use super::score::{angle, angle_error};
use super::summary::quantile;
use super::watch::Showing;
use crate::engine::{run_with_threads, side_by_side};
use crate::random::name_address;
use crate::scenario::evidence::{Kind, Observation};
use crate::scenario::{Change, Rejection, Scenario, from_text};

/// A parameter to be fitted: its key in the scenario and the range it is looked for in.
#[derive(Clone, Debug, PartialEq)]
pub struct Free {
    /// Dotted key, as after `--set`.
    pub key: String,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Value to begin with.
    pub start: f64,
}

/// What is to be fitted, and how.
#[derive(Debug)]
pub struct Search<'a> {
    /// The scenario with its starting values.
    pub scenario: &'a Scenario,
    /// Parameters.
    pub free: &'a [Free],
    /// Rows of the record that serve to fit.
    pub rows: &'a [Observation],
    /// Seed of the search and of every run.
    pub seed: u64,
    /// Replicates of each candidate.
    pub replicates: u64,
    /// How it is searched.
    pub method: Method,
    /// Generations.
    pub generations: usize,
    /// Weight of the prior; 1 for the one that [`distance`] describes, 0 for none.
    pub prior: f64,
    /// Threads; 0 for as many as the machine has.
    pub threads: usize,
}

/// How parameters are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Covariance matrix adaptation: `population` candidates in a generation.
    CmaEs {
        /// Candidates in a generation.
        population: usize,
    },
    /// Gauss-Newton steps: in a generation one candidate a parameter, and some along the step they give.
    GaussNewton,
}

/// A candidate and how far it is from the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Values of the parameters, in their order.
    pub values: Vec<f64>,
    /// Distance from the record; see [`distance`].
    pub loss: f64,
    /// What it showed: the median over replicates by row; NaN where no replicate showed anything.
    pub shown: Vec<f64>,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The best candidate.
    pub best: Evaluation,
    /// Standard deviation of each parameter: over the last generation of an adaptation, of the normal approximation to the
    /// posterior after Gauss-Newton steps.
    pub spread: Vec<f64>,
    /// Generations done.
    pub generations: usize,
    /// Whether the listener stopped it.
    pub stopped: bool,
}

/// Which rows serve to fit: those of the wanted kinds whose place falls into the first `share` by a hash of its name.
///
/// Places are told apart, not rows, so that no place is fitted by one party and validated by another; the hash knows
/// the name and the seed alone, so that a row that is added later changes nothing for the others.
#[must_use]
pub fn rows_of_the_fit(all: &[Observation], kinds: &[Kind], share: f64, seed: u64) -> Vec<Observation> {
    let falls = |row: &&Observation| {
        let name = format!("{}/{}/{seed}", row.kind.word(), row.place);
        let hash = name_address(&name);
        kinds.contains(&row.kind) && (hash % 10_000) as f64 / 10_000.0 < share
    };
    all.iter().filter(falls).cloned().collect()
}

/// Distance of what replicates showed from the record, and of parameters from where they began.
///
/// Shares differ by `d`, ten times the difference of arcsin of the root, counts by `d`, `√10` times that of logarithms; a
/// row weighs `w = 1 / (1 + error²)` in the same unit and counts `w h(d)` with the pseudo-Huber function
/// `h(d) = 2 b² (√(1 + (d / b)²) − 1)` (Charbonnier et al. 1997, doi:10.1109/83.551699), so that a single row that the model cannot reach does not
/// drag everything with it. To this comes `σ² Σ z²` with `z` the way of each parameter from its start in quarters of
/// its range: a normal prior, with `σ²` the variance of `d` that the model's own error makes. All is divided by the sum
/// of weights. A row that no replicate showed counts as wholly wrong.
#[must_use]
pub fn distance(rows: &[Observation], shown: &[f64], steps: &[f64]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (row, &value) in rows.iter().zip(shown) {
        let (difference, weight) = gap(row, value);
        let bounded = 2.0 * BEND * BEND * ((1.0 + (difference / BEND).powi(2)).sqrt() - 1.0);
        sum += weight * bounded;
        weights += weight;
    }
    let prior: f64 = steps.iter().map(|z| z * z).sum();
    (sum + MODEL_VARIANCE * prior) / weights
}

/// Difference `d` of a row from what was shown of it, and its weight `w`; see [`distance`].
#[must_use]
pub(super) fn gap(row: &Observation, shown: f64) -> (f64, f64) {
    let value = shown.is_finite().then_some(shown);
    let (difference, error) = if row.unit == "pct" {
        let error = angle_error(row.sd, row.observed, 0.02);
        (value.map_or(1.0, |m| angle(m) - angle(row.observed)) * 10.0, error * 10.0)
    } else {
        let ratio = value.map_or(3.0, |m| (m.max(1.0) / row.observed).ln());
        (ratio * 10.0_f64.sqrt(), row.sd / row.observed * 10.0_f64.sqrt())
    };
    (difference, 1.0 / (1.0 + error * error))
}

/// Difference from which on a row counts about in proportion rather than by its square: about 20 points of a share.
pub(super) const BEND: f64 = 2.0;
/// Variance of differences by the model's own error: (10 × 0.15)², 15 points of a share near one half.
pub(super) const MODEL_VARIANCE: f64 = 2.25;
/// Standard deviation of the prior, as a share of the range.
pub(super) const PRIOR: f64 = 0.25;

/// Runs a candidate and says how far it is from the record.
///
/// # Errors
/// If a value is not valid.
pub fn evaluate(search: &Search<'_>, values: &[f64]) -> Result<Evaluation, Box<Rejection>> {
    let scenario = with_values(search.scenario, search.free, values)?;
    let replicates: Vec<Showing> =
        (0..search.replicates).map(|r| watch_replicate(&scenario, search.seed, r, search.rows)).collect();
    let middle = |index: usize| {
        let known = replicates.iter().map(|s| s.values[index]).filter(|v| v.is_finite());
        quantile(&known.collect::<Vec<f64>>(), 0.5).unwrap_or(f64::NAN)
    };
    let shown: Vec<f64> = (0..search.rows.len()).map(middle).collect();
    let steps: Vec<f64> = search
        .free
        .iter()
        .zip(values)
        .map(|(f, v)| search.prior.sqrt() * (v - f.start) / (PRIOR * (f.high - f.low)))
        .collect();
    Ok(Evaluation { values: values.to_vec(), loss: distance(search.rows, &shown, &steps), shown })
}

/// The scenario with these values of its free parameters.
///
/// # Errors
/// If a value is not valid.
pub fn with_values(scenario: &Scenario, free: &[Free], values: &[f64]) -> Result<Scenario, Box<Rejection>> {
    let changes: Vec<Change> =
        free.iter().zip(values).map(|(f, v)| Change::Set(format!("{}={v:?}", f.key))).collect();
    from_text(scenario.name(), scenario.resolved(), &changes)
}

/// Searches. `known` are evaluations of an earlier, interrupted search of the same kind; `listen` hears of every
/// generation (its number and its new evaluations) and says whether to go on.
///
/// # Errors
/// If a candidate is not a valid scenario.
pub fn calibrate(
    search: &Search<'_>,
    known: &[Evaluation],
    listen: &mut dyn FnMut(usize, &[Evaluation]) -> bool,
) -> Result<Fitted, Box<Rejection>> {
    // Both ends of every range are tried at once, rather than an hour later.
    let ends: [fn(&Free) -> f64; 2] = [|f| f.low, |f| f.high];
    for end in ends {
        with_values(search.scenario, search.free, &search.free.iter().map(end).collect::<Vec<f64>>())?;
    }
    let objective = Objective {
        search,
        known: Mutex::new(known.iter().map(|e| (bits(&e.values), e.clone())).collect()),
        fresh: Mutex::new(Vec::new()),
        failed: Mutex::new(None),
    };
    match search.method {
        Method::CmaEs { population } => adapt(&objective, population, listen),
        Method::GaussNewton => descend(&objective, listen),
    }
}

fn adapt(
    objective: &Objective<'_>,
    population: usize,
    listen: &mut dyn FnMut(usize, &[Evaluation]) -> bool,
) -> Result<Fitted, Box<Rejection>> {
    let search = objective.search;
    let start: Vec<f64> = search
        .free
        .iter()
        .map(|f| if f.high > f.low { ((f.start - f.low) / (f.high - f.low)).clamp(0.0, 1.0) } else { 0.5 })
        .collect();
    let options = CMAESOptions::new(start, FIRST_STEP)
        .population_size(population)
        .max_generations(search.generations)
        .tol_fun(0.0)
        .tol_fun_hist(0.0)
        .tol_x(0.0)
        .seed(search.seed);
    let Ok(mut state) = options.build(objective) else {
        unreachable!("a mean, a step and a population size are all that is set");
    };
    let mut best = Evaluation { values: Vec::new(), loss: f64::INFINITY, shown: Vec::new() };
    let mut generation = 0;
    let mut stopped = false;
    while generation < search.generations {
        let ended = run_with_threads(search.threads, || state.next_parallel()).is_some();
        let fresh = objective.take_fresh()?;
        if let Some(first) = fresh.first()
            && first.loss < best.loss
        {
            best = first.clone();
        }
        generation += 1;
        if !listen(generation, &fresh) {
            stopped = true;
            break;
        }
        if ended {
            break;
        }
    }
    let sigma = state.sigma();
    let covariance = state.covariance_matrix();
    let spread = search
        .free
        .iter()
        .enumerate()
        .map(|(i, f)| sigma * covariance[(i, i)].max(0.0).sqrt() * (f.high - f.low))
        .collect();
    Ok(Fitted { best, spread, generations: generation, stopped })
}

/// First step of the search, as a share of the ranges.
const FIRST_STEP: f64 = 0.1;
/// Cost of leaving a range, per squared share of it.
const BEYOND: f64 = 10.0;

/// What is known of candidates, and the way to know more.
pub(super) struct Objective<'a> {
    pub(super) search: &'a Search<'a>,
    known: Mutex<BTreeMap<Vec<u64>, Evaluation>>,
    fresh: Mutex<Vec<Evaluation>>,
    failed: Mutex<Option<Box<Rejection>>>,
}

impl Objective<'_> {
    /// A candidate by its place in the ranges, each in 0..=1: remembered, or run. `None` if it is not valid, which
    /// [`Objective::take_fresh`] tells.
    pub(super) fn at(&self, inside: &[f64]) -> Option<Evaluation> {
        // Rounded, so that a value written down and read back is the same candidate.
        let values: Vec<f64> =
            self.search.free.iter().zip(inside).map(|(f, i)| round(f.low + i * (f.high - f.low))).collect();
        let key = bits(&values);
        let known = lock(&self.known).get(&key).cloned();
        let found = match known {
            Some(known) => known,
            None => match evaluate(self.search, &values) {
                Ok(found) => found,
                Err(rejection) => {
                    *lock(&self.failed) = Some(rejection);
                    return None;
                }
            },
        };
        lock(&self.known).insert(key, found.clone());
        lock(&self.fresh).push(found.clone());
        Some(found)
    }

    /// What was evaluated since the last call, best first.
    pub(super) fn take_fresh(&self) -> Result<Vec<Evaluation>, Box<Rejection>> {
        if let Some(rejection) = lock(&self.failed).take() {
            return Err(rejection);
        }
        let mut fresh = std::mem::take(&mut *lock(&self.fresh));
        // Threads finish in any order; the record of a generation does not.
        fresh.sort_by(|a, b| a.loss.total_cmp(&b.loss).then_with(|| bits(&a.values).cmp(&bits(&b.values))));
        Ok(fresh)
    }
}

impl ParallelObjectiveFunction for &Objective<'_> {
    fn evaluate_parallel(&self, x: &DVector<f64>) -> f64 {
        let inside: Vec<f64> = x.iter().map(|x| x.clamp(0.0, 1.0)).collect();
        let beyond: f64 = x.iter().zip(&inside).map(|(x, i)| (x - i).powi(2)).sum();
        self.at(&inside).map_or(f64::MAX, |found| found.loss + BEYOND * beyond)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Standard deviations of what is left between a fit and the record: of arcsin of the root of shares, and of the
/// logarithms of counts. The rows' own errors are taken off. Only rows that served to fit count.
#[must_use]
pub fn discrepancies(rows: &[Observation], shown: &[Showing]) -> (Option<f64>, Option<f64>) {
    let (mut shares, mut counts) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.fitted) {
        let values: Vec<f64> = shown.iter().map(|s| s.values[index]).collect();
        let Some(middle) = quantile(&values, 0.5) else { continue };
        if row.unit == "pct" {
            let own = angle_error(row.sd, middle, 0.01);
            shares.push((angle(middle) - angle(row.observed)).powi(2) - own * own);
        } else {
            counts.push((middle.max(1.0) / row.observed).ln().powi(2) - (row.sd / row.observed).powi(2));
        }
    }
    let sd = |squares: &[f64]| {
        let n = squares.len() as f64;
        (squares.len() > 2).then(|| (squares.iter().sum::<f64>() / n).max(0.0).sqrt())
    };
    (sd(&shares), sd(&counts))
}

/// Shows every replicate of a scenario, side by side.
#[must_use]
pub fn show(
    scenario: &Scenario,
    rows: &[Observation],
    seed: u64,
    replicates: u64,
    threads: usize,
) -> Vec<Showing> {
    side_by_side(replicates as usize, threads, |r| watch_replicate(scenario, seed, r as u64, rows))
}
