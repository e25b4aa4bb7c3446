//! How well a forecast fits what was observed: predictive samples, bands, ranks, continuous ranked probability score.

use super::summary::quantile;

/// What is known of the error of a forecast, beside what differs between replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Error {
    /// Of a share in percent: standard deviations of the model's own error, in arcsin of the root of the share, and of
    /// the observation, in percentage points.
    Share {
        /// Of the model.
        model: f64,
        /// Of the observation.
        observed: f64,
    },
    /// Of a count: standard deviations of the logarithm.
    Count {
        /// Of the model.
        model: f64,
        /// Of the observation.
        observed: f64,
    },
}

/// A share in percent as the angle on which errors of small and large shares are alike: arcsin of its root.
#[must_use]
pub(super) fn angle(percent: f64) -> f64 {
    (percent / 100.0).clamp(0.0, 1.0).sqrt().asin()
}

/// What an error of `sd` percentage points is as an angle, at the share `at` (in percent, kept `margin` off both ends).
#[must_use]
pub(super) fn angle_error(sd: f64, at: f64, margin: f64) -> f64 {
    let share = (at / 100.0).clamp(margin, 1.0 - margin);
    sd / 100.0 / (2.0 * (share * (1.0 - share)).sqrt())
}

/// Normal quantiles at the middles of equal slices of probability: the error's own sample.
const SLICES: usize = 41;

/// The predictive sample, sorted: every replicate's value with the errors of model and observation laid around it.
///
/// Shares are spread on the scale of arcsin of the root, counts on that of the logarithm, on which errors of small and
/// large values are alike. The model's error is its discrepancy in the sense of Kennedy and O'Hagan: what is left
/// between the best fit and the record. Source: Kennedy and O'Hagan 2001, doi:10.1111/1467-9868.00294; arcsin:
/// Anscombe 1948, doi:10.2307/2332343.
#[must_use]
pub(super) fn predictive(values: &[f64], error: Error) -> Vec<f64> {
    let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let mut sample = Vec::with_capacity(known.len() * SLICES);
    let middle = quantile(&known, 0.5).unwrap_or(f64::NAN);
    let sd = match error {
        Error::Share { model, observed } => model.hypot(angle_error(observed, middle, 0.01)),
        Error::Count { model, observed } => model.hypot(observed),
    };
    for slice in 0..SLICES {
        let off = sd * normal_quantile((slice as f64 + 0.5) / SLICES as f64);
        sample.extend(known.iter().map(|value| match error {
            Error::Share { .. } => {
                100.0 * (angle(*value) + off).clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2)
            }
            Error::Count { .. } => value.max(1.0) * off.exp(),
        }));
    }
    sample.sort_by(f64::total_cmp);
    sample
}

/// Share of a sorted sample below `observed`, half of what equals it: uniform where forecasts are calibrated.
///
/// Source: Gneiting, Balabdaoui and Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x.
#[must_use]
pub(super) fn rank(sample: &[f64], observed: f64) -> f64 {
    let below = sample.partition_point(|v| *v < observed);
    let up_to = sample.partition_point(|v| *v <= observed);
    (below + up_to) as f64 / 2.0 / sample.len() as f64
}

/// Continuous ranked probability score of a sorted sample, in the unit of the values: the mean distance to what was
/// observed less half the mean distance between two draws.
///
/// Source: Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
#[must_use]
pub(super) fn crps(sample: &[f64], observed: f64) -> f64 {
    let n = sample.len() as f64;
    let distance: f64 = sample.iter().map(|v| (v - observed).abs()).sum::<f64>() / n;
    // Of a sorted sample the sum over pairs is a weighted sum.
    let pairs: f64 =
        sample.iter().enumerate().map(|(i, v)| (2.0 * i as f64 + 1.0 - n) * v).sum::<f64>() / (n * n);
    distance - pairs
}

/// Quantile of the standard normal distribution, within 1.2e-9.
///
/// Source: Acklam's rational approximation (2003) in its central region and tails.
#[must_use]
pub(super) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |p: f64| {
        let q = (-2.0 * p.ln()).sqrt();
        polynomial(&C, q) / (polynomial(&D, q) * q + 1.0)
    };
    if p < 0.024_25 {
        tail(p)
    } else if p > 1.0 - 0.024_25 {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        polynomial(&A, r) * q / (polynomial(&B, r) * r + 1.0)
    }
}

/// Least squares with a little ridge; the coefficients of `rows` (features, value).
///
/// Solves the normal equations; `ridge` keeps them solvable where features are few.
#[must_use]
pub(super) fn least_squares(rows: &[(Vec<f64>, f64)], ridge: f64) -> Option<Vec<f64>> {
    let k = rows.first()?.0.len();
    let mut matrix = vec![vec![0.0; k + 1]; k];
    for (features, value) in rows {
        for i in 0..k {
            for j in 0..k {
                matrix[i][j] += features[i] * features[j];
            }
            matrix[i][k] += features[i] * value;
        }
    }
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] += ridge;
    }
    Some(solved(matrix)?.into_iter().map(|row| row[0]).collect())
}

/// Solves `A X = B`, given as the rows of `A` with those of `B` behind them, by elimination with pivots: the rows of `X`;
/// `None` where `A` has no inverse.
#[must_use]
pub(super) fn solved(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let k = matrix.len();
    for i in 0..k {
        let pivot = (i..k).max_by(|&a, &b| matrix[a][i].abs().total_cmp(&matrix[b][i].abs()))?;
        matrix.swap(i, pivot);
        if matrix[i][i].abs() < 1e-12 {
            return None;
        }
        let lead = matrix[i].clone();
        for (j, row) in matrix.iter_mut().enumerate() {
            if j != i {
                let factor = row[i] / lead[i];
                for (cell, own) in row.iter_mut().zip(&lead) {
                    *cell -= factor * own;
                }
            }
        }
    }
    Some(matrix.iter().enumerate().map(|(i, row)| row[k..].iter().map(|b| b / row[i]).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959_963_985), (0.01, -2.326_347_874), (0.999, 3.090_232_306)] {
            assert!((normal_quantile(p) - z).abs() < 1e-8, "{p}");
        }
    }

    #[test]
    fn the_score_of_a_normal_sample_is_the_known_one() {
        // Of a standard normal forecast at its mean: 2 φ(0) − 1/√π.
        let sample: Vec<f64> = (0..4001).map(|i| normal_quantile((f64::from(i) + 0.5) / 4001.0)).collect();
        let known = 2.0 / (2.0 * std::f64::consts::PI).sqrt() - 1.0 / std::f64::consts::PI.sqrt();
        assert!((crps(&sample, 0.0) - known).abs() < 1e-3);
        assert!((rank(&sample, 1.0) - 0.8413).abs() < 1e-3);
        assert!((crps(&[3.0], 5.0) - 2.0).abs() < 1e-12, "of a point it is the distance");
    }

    #[test]
    fn errors_widen_a_forecast_within_its_bounds() {
        let sharp = predictive(&[50.0], Error::Share { model: 0.0, observed: 0.0 });
        assert!(sharp.iter().all(|v| (v - 50.0).abs() < 1e-9));
        let wide = predictive(&[5.0, 6.0], Error::Share { model: 0.2, observed: 1.0 });
        assert!(wide[0] >= 0.0 && wide[0] < 1.0 && wide[wide.len() - 1] > 15.0);
        // 90 % of the slices lie within 1.645 standard deviations.
        let count = predictive(&[1000.0], Error::Count { model: 0.3, observed: 0.4 });
        let hi = quantile(&count, 0.95).expect("there are some");
        assert!((hi / 1000.0).ln() > 0.75 && (hi / 1000.0).ln() < 0.9);
    }

    #[test]
    fn least_squares_finds_the_plane() {
        let rows: Vec<(Vec<f64>, f64)> = (0..20)
            .map(|i| {
                let (x, y) = (f64::from(i), f64::from(i * i % 7));
                (vec![1.0, x, y], 2.0 + 3.0 * x - y)
            })
            .collect();
        let found = least_squares(&rows, 0.0).expect("it can be solved");
        for (found, meant) in found.iter().zip([2.0, 3.0, -1.0]) {
            assert!((found - meant).abs() < 1e-9);
        }
    }
}
