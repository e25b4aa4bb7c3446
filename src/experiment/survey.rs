//! Many variants of a scenario, a few replicates of each, and the outcomes they end in: what sweeps, sensitivity
//! analyses and ablations are made of.
//!
//! A trial is one replicate of one variant. Trials come out in order whatever the threads do, and those that are known
//! from an interrupted survey are not run again, so that a survey that is gone on with ends in the same numbers.

use std::sync::atomic::{AtomicBool, Ordering};

use super::ensemble::{Progress, Wish, share_out};
use super::outcome::Outcome;
use super::run::Replicate;
use super::summary::{mean_and_error, quantile};
use crate::observers::table::TableSet;
use crate::scenario::{Change, Rejection, Scenario, from_text};

/// What is run.
#[derive(Debug)]
pub struct Survey<'a> {
    /// The scenario that all variants change.
    pub scenario: &'a Scenario,
    /// What each variant sets, as after `--set`.
    pub variants: &'a [Vec<String>],
    /// What is measured.
    pub outcomes: &'a [Outcome],
    /// Root seed of every variant: common random numbers.
    pub seed: u64,
    /// Replicates of each variant.
    pub replicates: u64,
    /// Threads; 0 for as many as the machine has.
    pub threads: usize,
}

/// One replicate of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Number of the variant.
    pub variant: usize,
    /// Number of the replicate.
    pub replicate: u64,
    /// The outcomes, in their order; `None` where it never came.
    pub values: Vec<Option<f64>>,
}

impl<'a> Survey<'a> {
    /// Of variants of `scenario`, with its seed and its replicates.
    #[must_use]
    pub fn new(
        scenario: &'a Scenario,
        variants: &'a [Vec<String>],
        outcomes: &'a [Outcome],
        threads: usize,
    ) -> Self {
        let (seed, replicates) = (scenario.seed(), scenario.replicates());
        Self { scenario, variants, outcomes, seed, replicates, threads }
    }

    /// Trials of the whole survey.
    #[must_use]
    pub fn trials(&self) -> usize {
        self.variants.len() * self.replicates as usize
    }

    /// The scenario of a variant.
    ///
    /// # Errors
    /// If what it sets is not valid.
    pub fn variant(&self, number: usize) -> Result<Scenario, Box<Rejection>> {
        let changes: Vec<Change> = self.variants[number].iter().cloned().map(Change::Set).collect();
        from_text(self.scenario.name(), self.scenario.resolved(), &changes)
    }

    /// Tries every variant, rather than failing an hour later.
    ///
    /// # Errors
    /// What is wrong with the first that is not valid.
    pub fn check(&self) -> Result<(), Box<Rejection>> {
        (0..self.variants.len()).try_for_each(|number| self.variant(number).map(|_| ()))
    }

    /// Runs what is not in `known`, the first trials in order, and hands each trial to `take`. False if `listen` stopped
    /// it: what has been handed on is then complete up to some trial.
    ///
    /// # Errors
    /// The first that `take` gives, or what is wrong with a variant.
    pub fn run<E: From<Box<Rejection>> + Send>(
        &self,
        known: usize,
        listen: &(dyn Fn(Progress) -> Wish + Sync),
        take: &mut (dyn FnMut(Trial) -> Result<(), E> + Send),
    ) -> Result<bool, E> {
        let stopped = AtomicBool::new(false);
        let count = self.trials().saturating_sub(known);
        let work = |index: usize| -> Result<Option<Trial>, Box<Rejection>> {
            let (variant, replicate) = self.at(known + index);
            if stopped.load(Ordering::SeqCst) {
                return Ok(None);
            }
            let scenario = self.variant(variant)?;
            let heard = |progress: Progress| {
                if stopped.load(Ordering::SeqCst) || listen(progress) == Wish::Stop {
                    stopped.store(true, Ordering::SeqCst);
                }
                stopped.load(Ordering::SeqCst)
            };
            let Some(tables) = run_whole(&scenario, self.seed, replicate, &heard) else { return Ok(None) };
            let values = self.outcomes.iter().map(|outcome| outcome.of(&tables, replicate)).collect();
            Ok(Some(Trial { variant, replicate, values }))
        };
        let mut failure = None;
        let mut complete = true;
        let mut hand_on = |result: Result<Option<Trial>, Box<Rejection>>| {
            let handed = match result {
                // Behind a gap nothing counts: the journal must have no hole.
                Ok(Some(trial)) if complete && failure.is_none() => take(trial),
                Ok(_) => {
                    complete = false;
                    return;
                }
                Err(rejection) => Err(E::from(rejection)),
            };
            if let Err(error) = handed {
                failure.get_or_insert(error);
                stopped.store(true, Ordering::SeqCst);
            }
        };
        share_out(self.scenario, count, self.threads, work, |_, result| hand_on(result));
        failure.map_or(Ok(complete), Err)
    }

    /// Variant and replicate of a trial: all replicates of a variant follow each other.
    fn at(&self, trial: usize) -> (usize, u64) {
        let replicates = self.replicates as usize;
        (trial / replicates, (trial % replicates) as u64)
    }
}

/// Tables of a replicate; `None` if `stop` said so after some day.
fn run_whole(
    scenario: &Scenario,
    seed: u64,
    number: u64,
    stop: &dyn Fn(Progress) -> bool,
) -> Option<TableSet> {
    let agents = scenario.population().agents;
    let mut replicate = Replicate::new(scenario, seed, number);
    while !replicate.is_over() {
        replicate.step();
        if stop(Progress { replicate: number, day: Some(replicate.next_day() - 1), agents }) {
            return None;
        }
    }
    Some(replicate.finish())
}

/// Values of one outcome by variant and replicate; `None` where it never came.
#[must_use]
pub fn by_variant(trials: &[Trial], variants: usize, outcome: usize) -> Vec<Vec<Option<f64>>> {
    let mut values = vec![Vec::new(); variants];
    for trial in trials {
        values[trial.variant].push(trial.values[outcome]);
    }
    values
}

/// How one outcome came out over the replicates of a variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Replicates.
    pub replicates: usize,
    /// Replicates in which it never came.
    pub never: usize,
    /// Mean over those in which it came; NaN if there is none.
    pub mean: f64,
    /// Standard error of the mean; NaN of fewer than two.
    pub error: f64,
    /// Quantiles of 5, 25, 50, 75 and 95 %, by order statistics; NaN where that is never, which is later than everything.
    pub quantiles: [f64; 5],
}

impl Spread {
    /// Of the values of replicates, `None` where it never came.
    #[must_use]
    pub fn of(values: &[Option<f64>]) -> Self {
        let mut came: Vec<f64> = values.iter().flatten().copied().collect();
        came.sort_by(f64::total_cmp);
        let (mean, error) = mean_and_error(&came).unwrap_or((f64::NAN, None));
        let never = values.len() - came.len();
        let at = |q: f64| {
            if never == 0 {
                return quantile(&came, q).unwrap_or(f64::NAN);
            }
            // Nothing can be interpolated towards never.
            let rank = (q * (values.len() - 1) as f64).round() as usize;
            came.get(rank).copied().unwrap_or(f64::NAN)
        };
        let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(at);
        Self { replicates: values.len(), never, mean, error: error.unwrap_or(f64::NAN), quantiles }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::default_scenario;

    fn survey(threads: usize, known: usize, stop_after: usize) -> (bool, Vec<Trial>) {
        let changes = [Change::Agents(2_000), Change::Days(12)];
        let scenario = default_scenario(&changes).expect("it ships valid");
        let outcomes =
            [Outcome::parse("measure:esteban_ray", &scenario), Outcome::parse("transfer-day", &scenario)]
                .map(|o| o.expect("both are measured"));
        let variants: Vec<Vec<String>> =
            ["0.5", "1.0", "1.5"].iter().map(|v| vec![format!("choice.conformity={v}")]).collect();
        let survey = Survey {
            scenario: &scenario,
            variants: &variants,
            outcomes: &outcomes,
            seed: 3,
            replicates: 2,
            threads,
        };
        let mut trials = Vec::new();
        let days = std::sync::atomic::AtomicUsize::new(0);
        let listen = |_: Progress| {
            if days.fetch_add(1, Ordering::SeqCst) < stop_after { Wish::Continue } else { Wish::Stop }
        };
        let complete = survey.run(known, &listen, &mut |trial| {
            trials.push(trial);
            Ok::<(), Box<Rejection>>(())
        });
        (complete.expect("valid"), trials)
    }

    #[test]
    fn trials_do_not_depend_on_threads_and_those_that_are_known_are_left_out() {
        let (complete, all) = survey(1, 0, usize::MAX);
        assert!(complete && all.len() == 6);
        assert_eq!(survey(3, 0, usize::MAX), (true, all.clone()));
        assert_eq!(survey(2, 4, usize::MAX), (true, all[4..].to_vec()));
        let (complete, some) = survey(2, 0, 40);
        assert!(!complete && some == all[..some.len()]);
        // Not yet decided after twelve days; how divided people are is known, and depends on the setting.
        assert!(all.iter().all(|t| t.values[1].is_none()));
        let first = by_variant(&all, 3, 0);
        assert_ne!(first[0], first[2]);
    }

    #[test]
    fn what_never_comes_is_later_than_everything() {
        let spread = Spread::of(&[Some(3.0), None, Some(1.0), None, Some(2.0)]);
        assert_eq!((spread.replicates, spread.never, spread.mean), (5, 2, 2.0));
        assert_eq!(spread.quantiles[..3], [1.0, 2.0, 3.0]);
        assert!(spread.quantiles[3].is_nan() && spread.quantiles[4].is_nan());
        assert!(Spread::of(&[None, None]).mean.is_nan());
    }

    #[test]
    fn a_variant_that_is_not_valid_is_found_before_anything_is_run() {
        let scenario = default_scenario(&[]).expect("it ships valid");
        let variants = [vec!["choice.conformity=1".to_owned()], vec!["choice.conformity=-7".to_owned()]];
        let survey = Survey {
            scenario: &scenario,
            variants: &variants,
            outcomes: &[],
            seed: 1,
            replicates: 1,
            threads: 1,
        };
        assert!(survey.check().is_err());
    }
}
