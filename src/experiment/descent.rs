//! Gauss-Newton steps towards the mode of the posterior: what each parameter does to each row is found by moving it
//! alone, and the step is the one that would be best if rows answered in proportion.
//!
//! A step teaches how rows answer along it, which costs no run (Broyden 1965, doi:10.1090/S0025-5718-1965-0198670-6);
//! every parameter is moved anew only when steps gain no more.
//!
//! Rows are weighted anew in each generation by how far they are off (iteratively reweighted least squares for the
//! pseudo-Huber distance), parameters are held by their normal prior, and of several dampings of the step the best is
//! taken. Source: Björck 1996, Numerical Methods for Least Squares Problems, doi:10.1137/1.9781611971484, chapters 4 and
//! 9; damping: Marquardt 1963, doi:10.1137/0111030; the normal approximation at the mode: Gelman et al. 2013, Bayesian
//! Data Analysis, chapter 4.

use super::calibrate::{BEND, Evaluation, Fitted, MODEL_VARIANCE, Objective, PRIOR, Search, gap};
use super::score::solved;
use crate::engine::side_by_side;
use crate::scenario::Rejection;
use crate::scenario::evidence::Observation;

/// How far a parameter is moved to see what it does, as a share of its range.
const PROBE: f64 = 0.1;
/// Dampings of the step that are tried: what is added to each diagonal, as a share of it. Much damping shortens the step, and
/// most where rows say least.
const DAMPINGS: [f64; 6] = [0.0, 0.3, 1.0, 3.0, 10.0, 30.0];
/// Least gain of a generation, as a share of the distance, for which another is worth its runs.
const LEAST_GAIN: f64 = 0.002;

/// Precision that holds a parameter which no row answers to, where there is no prior.
const LEAST_PRIOR: f64 = 1e-6;

/// Steps until nothing is gained, or for as many generations as are wanted.
pub(super) fn descend(
    objective: &Objective<'_>,
    listen: &mut dyn FnMut(usize, &[Evaluation]) -> bool,
) -> Result<Fitted, Box<Rejection>> {
    let search = objective.search;
    let mut at: Vec<f64> =
        search.free.iter().map(|f| ((f.start - f.low) / (f.high - f.low)).clamp(0.0, 1.0)).collect();
    let start = at.clone();
    let mut best = match objective.at(&at) {
        Some(first) => first,
        None => return Err(objective.take_fresh().expect_err("it has just been refused")),
    };
    let mut spread = vec![f64::NAN; search.free.len()];
    let mut answers: Option<Answers> = None;
    let mut generation = 0;
    let mut stopped = false;
    while generation < search.generations {
        let fresh_answers = answers.is_none();
        let mut known = match answers.take() {
            Some(known) => known,
            None => match Answers::probe(objective, &at, &best) {
                Some(found) => found,
                None => return Err(objective.take_fresh().expect_err("one has just been refused")),
            },
        };
        let equations = Equations::new(search, &best, &known);
        spread = equations.deviations();
        let way: Vec<f64> = at.iter().zip(&start).map(|(x, s)| x - s).collect();
        let tried = side_by_side(DAMPINGS.len(), search.threads, |d| {
            let step = equations.step(&way, DAMPINGS[d]);
            let there: Vec<f64> = at.iter().zip(&step).map(|(x, d)| (x + d).clamp(0.0, 1.0)).collect();
            objective.at(&there).map(|found| (found, there))
        });
        let fresh = objective.take_fresh()?;
        let (before, from) = (best.clone(), at.clone());
        for (found, there) in tried.into_iter().flatten() {
            if found.loss < best.loss {
                (best, at) = (found, there);
            }
        }
        generation += 1;
        if !listen(generation, &fresh) {
            stopped = true;
            break;
        }
        if best.loss <= before.loss * (1.0 - LEAST_GAIN) {
            let moved: Vec<f64> = at.iter().zip(&from).map(|(x, f)| x - f).collect();
            known.learn(search, &before, &best, &moved);
            answers = Some(known);
        } else if fresh_answers {
            break;
        }
    }
    let spread = spread.iter().zip(search.free).map(|(sd, f)| sd * (f.high - f.low)).collect();
    Ok(Fitted { best, spread, generations: generation, stopped })
}

/// How the difference of each row answers to each parameter, in shares of the ranges: one list a row.
struct Answers(Vec<Vec<f64>>);

impl Answers {
    /// Moves every parameter alone; `None` if a candidate was refused.
    fn probe(objective: &Objective<'_>, at: &[f64], here: &Evaluation) -> Option<Self> {
        let search = objective.search;
        let probes: Vec<f64> = at.iter().map(|&x| if x + PROBE <= 1.0 { PROBE } else { -PROBE }).collect();
        let moved = side_by_side(at.len(), search.threads, |k| {
            let mut beside = at.to_vec();
            beside[k] += probes[k];
            objective.at(&beside)
        });
        let moved = moved.into_iter().collect::<Option<Vec<Evaluation>>>()?;
        let of_row = |(index, row): (usize, &Observation)| {
            let difference = gap(row, here.shown[index]).0;
            moved
                .iter()
                .zip(&probes)
                .map(|(m, probe)| (gap(row, m.shown[index]).0 - difference) / probe)
                .collect()
        };
        Some(Self(search.rows.iter().enumerate().map(of_row).collect()))
    }

    /// Makes the answers agree with what a step has shown, and changes nothing across it.
    fn learn(&mut self, search: &Search<'_>, before: &Evaluation, after: &Evaluation, step: &[f64]) {
        let length: f64 = step.iter().map(|s| s * s).sum();
        if length <= 0.0 {
            return;
        }
        for (index, (row, answers)) in search.rows.iter().zip(&mut self.0).enumerate() {
            let expected: f64 = answers.iter().zip(step).map(|(a, s)| a * s).sum();
            let shown = gap(row, after.shown[index]).0 - gap(row, before.shown[index]).0;
            for (answer, s) in answers.iter_mut().zip(step) {
                *answer += (shown - expected) * s / length;
            }
        }
    }
}

/// The normal equations of one generation, parameters in shares of their ranges.
struct Equations {
    /// `JᵀWJ` and the prior's precision on the diagonal.
    matrix: Vec<Vec<f64>>,
    /// `JᵀWd`.
    slope: Vec<f64>,
    /// Precision of the prior.
    prior: f64,
}

impl Equations {
    fn new(search: &Search<'_>, here: &Evaluation, answers: &Answers) -> Self {
        let n = search.free.len();
        let prior = (search.prior * MODEL_VARIANCE / (PRIOR * PRIOR)).max(LEAST_PRIOR);
        let (mut matrix, mut slope) = (vec![vec![0.0; n]; n], vec![0.0; n]);
        for (index, (row, answers)) in search.rows.iter().zip(&answers.0).enumerate() {
            let (difference, weight) = gap(row, here.shown[index]);
            // The pseudo-Huber distance is a parabola of this weight where it touches.
            let weight = weight / (1.0 + (difference / BEND).powi(2)).sqrt();
            for i in 0..n {
                for j in 0..n {
                    matrix[i][j] += weight * answers[i] * answers[j];
                }
                slope[i] += weight * answers[i] * difference;
            }
        }
        for (i, row) in matrix.iter_mut().enumerate() {
            row[i] += prior;
        }
        Self { matrix, slope, prior }
    }

    /// The damped step from where one has come `way` from the start.
    fn step(&self, way: &[f64], damping: f64) -> Vec<f64> {
        let rows = self.matrix.iter().enumerate().map(|(i, row)| {
            let mut row = row.clone();
            row[i] *= 1.0 + damping;
            row.push(-self.slope[i] - self.prior * way[i]);
            row
        });
        solved(rows.collect()).map_or_else(|| vec![0.0; way.len()], |x| x.iter().map(|row| row[0]).collect())
    }

    /// Standard deviations of the normal approximation, in shares of the ranges.
    fn deviations(&self) -> Vec<f64> {
        let n = self.matrix.len();
        let rows = self.matrix.iter().enumerate().map(|(i, row)| {
            let mut row = row.clone();
            row.extend((0..n).map(|j| if i == j { 1.0 } else { 0.0 }));
            row
        });
        solved(rows.collect()).map_or_else(
            || vec![f64::NAN; n],
            |inverse| (0..n).map(|i| (MODEL_VARIANCE * inverse[i][i].max(0.0)).sqrt()).collect(),
        )
    }
}
