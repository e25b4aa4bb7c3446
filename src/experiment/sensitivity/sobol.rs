//! Sobol's indices: shares of the variance of an outcome that parameters account for, alone and with others.
//!
//! Sources: Sobol 2001, doi:10.1016/S0378-4754(00)00270-6; estimators and design of Saltelli et al. 2010,
//! doi:10.1016/j.cpc.2009.09.018, the total index by Jansen 1999, doi:10.1016/S0010-4655(98)00154-4.

use super::Estimate;
use crate::experiment::design::sobol_units;
use crate::experiment::summary::quantile;
use crate::random::{Process, ReplicateKey, Stream};

/// Samples of the bootstrap.
const SAMPLES: u32 = 1_000;

/// A design of two independent samples, A and B, and of A with one column of B at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Saltelli {
    parameters: usize,
    count: usize,
    seed: u64,
}

/// What share of the variance of an outcome a parameter accounts for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// By itself: what the variance would lose on average if the parameter were known.
    pub first: Estimate,
    /// With everything it takes part in: what would be left if all others were known.
    pub total: Estimate,
}

impl Saltelli {
    /// A design on `count` points of a scrambled Sobol sequence; a power of two fills the cube best.
    #[must_use]
    pub fn new(parameters: usize, count: usize, seed: u64) -> Self {
        Self { parameters, count, seed }
    }

    /// The points: for each of the sequence that of A, that of B, then A with each column of B.
    #[must_use]
    pub fn points(&self) -> Vec<Vec<f64>> {
        let k = self.parameters;
        let mut points = Vec::with_capacity(self.count * (k + 2));
        for row in sobol_units(2 * k, self.count, self.seed) {
            let (a, b) = row.split_at(k);
            points.push(a.to_vec());
            points.push(b.to_vec());
            points.extend((0..k).map(|i| {
                let mut mixed = a.to_vec();
                mixed[i] = b[i];
                mixed
            }));
        }
        points
    }

    /// The indices of each parameter, from the outcome at every point; NaN where the outcome never changes.
    ///
    /// Intervals are percentiles of a bootstrap over the points of the sequence.
    ///
    /// # Panics
    /// If there is not one outcome a point: a bug in the caller.
    #[must_use]
    pub fn indices(&self, outcomes: &[f64]) -> Vec<Indices> {
        let k = self.parameters;
        assert_eq!(outcomes.len(), self.count * (k + 2), "one outcome a point");
        let rows: Vec<&[f64]> = outcomes.chunks(k + 2).collect();
        let whole: Vec<usize> = (0..rows.len()).collect();
        let key = ReplicateKey::new(self.seed, 0);
        let samples: Vec<Vec<Pair>> = (0..SAMPLES)
            .map(|sample| {
                let mut stream = Stream::new(key, Process::Bootstrap, 0, u64::from(sample));
                let drawn: Vec<usize> = (0..rows.len())
                    .map(|_| ((u64::from(stream.word()) * rows.len() as u64) >> 32) as usize)
                    .collect();
                estimates(&rows, &drawn, k)
            })
            .collect();
        let interval = |value: f64, of: fn(&Pair) -> f64, parameter: usize| {
            let all = samples.iter().map(|sample| of(&sample[parameter])).filter(|v| v.is_finite());
            let all: Vec<f64> = all.collect();
            let end = |q| quantile(&all, q).unwrap_or(f64::NAN);
            Estimate { value, low: end(0.025), high: end(0.975) }
        };
        let best = estimates(&rows, &whole, k);
        (0..k)
            .map(|i| Indices {
                first: interval(best[i].0, |pair| pair.0, i),
                total: interval(best[i].1, |pair| pair.1, i),
            })
            .collect()
    }
}

/// A first-order and a total index.
type Pair = (f64, f64);

/// First-order and total index of each parameter, from some of the rows.
///
/// With f centred, S = E[f(B) (f(A_B) − f(A))] / V and T = E[(f(A) − f(A_B))²] / 2V.
fn estimates(rows: &[&[f64]], chosen: &[usize], parameters: usize) -> Vec<Pair> {
    let n = chosen.len() as f64;
    let both = || chosen.iter().flat_map(|&j| [rows[j][0], rows[j][1]]);
    let mean = both().sum::<f64>() / (2.0 * n);
    let variance = both().map(|f| (f - mean).powi(2)).sum::<f64>() / (2.0 * n);
    (0..parameters)
        .map(|i| {
            let (mut first, mut total) = (0.0, 0.0);
            for &j in chosen {
                let (a, b, mixed) = (rows[j][0] - mean, rows[j][1] - mean, rows[j][2 + i] - mean);
                first += b * (mixed - a);
                total += (a - mixed).powi(2) / 2.0;
            }
            (first / n / variance, total / n / variance)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::known::{ISHIGAMI, g, g_indices, ishigami};
    use super::*;

    fn check(of: impl Fn(&[f64]) -> f64, known: &[[f64; 2]]) {
        let design = Saltelli::new(known.len(), 4096, 7);
        let outcomes: Vec<f64> = design.points().iter().map(|p| of(p)).collect();
        for (found, known) in design.indices(&outcomes).iter().zip(known) {
            for (estimate, truth) in [(found.first, known[0]), (found.total, known[1])] {
                assert!((estimate.value - truth).abs() < 0.015, "{estimate:?} for {truth}");
                assert!(
                    estimate.low <= truth + 0.01 && truth - 0.01 <= estimate.high,
                    "{estimate:?} for {truth}"
                );
                assert!(estimate.high - estimate.low < 0.12, "{estimate:?}");
            }
        }
    }

    #[test]
    fn ishigami_has_the_indices_of_its_integrals() {
        check(ishigami, &ISHIGAMI);
    }

    #[test]
    fn sobols_g_has_the_indices_of_its_integrals() {
        check(g, &g_indices());
    }

    #[test]
    fn intervals_are_narrower_with_more_points() {
        let width = |count| {
            let design = Saltelli::new(3, count, 7);
            let outcomes: Vec<f64> = design.points().iter().map(|p| ishigami(p)).collect();
            let first = design.indices(&outcomes)[0].first;
            first.high - first.low
        };
        assert!(width(2048) < 0.6 * width(256));
    }

    #[test]
    fn what_never_changes_has_no_indices() {
        let design = Saltelli::new(2, 16, 1);
        let found = design.indices(&vec![3.0; design.points().len()]);
        assert!(found.iter().all(|i| i.first.value.is_nan() && i.total.value.is_nan()));
    }
}
