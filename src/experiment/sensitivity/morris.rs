//! Elementary effects: what one step of one parameter does, from many starting points.
//!
//! Sources: Morris 1991, doi:10.1080/00401706.1991.10484804; μ* of Campolongo, Cariboni and Saltelli 2007,
//! doi:10.1016/j.envsoft.2006.10.004.

use super::Estimate;
use crate::experiment::summary::{mean_and_error, student_95};
use crate::random::{Process, ReplicateKey, Stream};

/// Levels of each parameter; steps go over half of them, as Morris advises.
const LEVELS: usize = 4;
const STEP: f64 = LEVELS as f64 / (2.0 * (LEVELS as f64 - 1.0));

/// Paths through the unit cube that change one parameter at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectories {
    parameters: usize,
    points: Vec<Vec<f64>>,
    /// By step: the parameter that is changed and the way it goes.
    steps: Vec<(usize, f64)>,
}

/// What a parameter does to an outcome over its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// Mean effect: change of the outcome if the parameter went through its whole range.
    pub mean: f64,
    /// Mean of its size, μ*: how much the parameter matters.
    pub size: Estimate,
    /// Standard deviation: effects that differ from place to place come of interactions or of curvature.
    pub spread: f64,
}

impl Trajectories {
    /// `count` paths for so many parameters.
    #[must_use]
    pub fn new(parameters: usize, count: usize, seed: u64) -> Self {
        let key = ReplicateKey::new(seed, 0);
        let mut all = Self { parameters, points: Vec::new(), steps: Vec::new() };
        for path in 0..count {
            let mut stream = Stream::new(key, Process::Design, 1, path as u64);
            let below =
                |stream: &mut Stream, n: usize| ((u64::from(stream.word()) * n as u64) >> 32) as usize;
            // Half of the levels leave room for a step up, the others for one down.
            let mut here: Vec<f64> =
                (0..parameters).map(|_| below(&mut stream, LEVELS) as f64 / (LEVELS - 1) as f64).collect();
            let mut order: Vec<usize> = (0..parameters).collect();
            for last in (1..parameters).rev() {
                order.swap(last, below(&mut stream, last + 1));
            }
            all.points.push(here.clone());
            for parameter in order {
                let way = if here[parameter] < 0.5 { STEP } else { -STEP };
                here[parameter] += way;
                all.points.push(here.clone());
                all.steps.push((parameter, way));
            }
        }
        all
    }

    /// The points, one path after another.
    #[must_use]
    pub fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    /// The effects of each parameter, from the outcome at every point.
    ///
    /// # Panics
    /// If there is not one outcome a point: a bug in the caller.
    #[must_use]
    pub fn effects(&self, outcomes: &[f64]) -> Vec<ElementaryEffects> {
        assert_eq!(outcomes.len(), self.points.len(), "one outcome a point");
        let mut effects: Vec<Vec<f64>> = vec![Vec::new(); self.parameters];
        for (index, (parameter, way)) in self.steps.iter().enumerate() {
            let from = index / self.parameters * (self.parameters + 1) + index % self.parameters;
            effects[*parameter].push((outcomes[from + 1] - outcomes[from]) / way);
        }
        effects.iter().map(|list| summarised(list)).collect()
    }
}

fn summarised(effects: &[f64]) -> ElementaryEffects {
    let sizes: Vec<f64> = effects.iter().map(|e| e.abs()).collect();
    let (mean, error) = mean_and_error(effects).unwrap_or((f64::NAN, None));
    let (size, size_error) = mean_and_error(&sizes).unwrap_or((f64::NAN, None));
    let half = size_error.map_or(f64::NAN, |e| e * student_95(sizes.len()));
    ElementaryEffects {
        mean,
        size: Estimate { value: size, low: (size - half).max(0.0), high: size + half },
        spread: error.map_or(f64::NAN, |e| e * (effects.len() as f64).sqrt()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::{G, g};
    use super::*;

    fn effects(parameters: usize, count: usize, of: impl Fn(&[f64]) -> f64) -> Vec<ElementaryEffects> {
        let paths = Trajectories::new(parameters, count, 11);
        let outcomes: Vec<f64> = paths.points().iter().map(|p| of(p)).collect();
        paths.effects(&outcomes)
    }

    #[test]
    fn of_a_sum_effects_are_its_weights_everywhere() {
        let found = effects(3, 6, |x| 2.0 * x[0] - 5.0 * x[1] + 0.0 * x[2]);
        for (effect, weight) in found.iter().zip([2.0, -5.0, 0.0]) {
            assert!((effect.mean - weight).abs() < 1e-9 && effect.spread < 1e-9, "{effect:?}");
            assert!((effect.size.value - f64::abs(weight)).abs() < 1e-9);
        }
    }

    #[test]
    fn paths_stay_in_the_cube_and_change_one_parameter_at_a_time() {
        let paths = Trajectories::new(5, 9, 2);
        assert_eq!(paths.points().len(), 9 * 6);
        assert!(paths.points().iter().flatten().all(|x| (-1e-9..=1.0 + 1e-9).contains(x)));
        for path in paths.points().chunks(6) {
            for pair in path.windows(2) {
                assert_eq!(pair[0].iter().zip(&pair[1]).filter(|(a, b)| a != b).count(), 1);
            }
        }
    }

    #[test]
    fn what_interacts_spreads_and_what_matters_more_comes_first() {
        let found = effects(G.len(), 200, g);
        for pair in found.windows(2) {
            assert!(pair[0].size.value > pair[1].size.value, "{found:?}");
        }
        assert!(found[0].spread > 0.5 * found[0].size.value);
        let only_one = effects(2, 40, |x| x[0] * x[1]);
        assert!((only_one[0].size.value - 0.5).abs() < 0.12 && only_one[0].spread > 0.2, "{only_one:?}");
    }
}
