//! Medians and bands over replicates, day by day.

/// Quantiles over replicates on one day: 5, 25, 50, 75 and 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Band {
    pub(super) day: f64,
    pub(super) q: [f64; 5],
}

/// The quantile `share` of `sorted`, linear between order statistics (type 7 of Hyndman and Fan 1996).
///
/// `sorted` is ascending and not empty.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

/// The median, if there is any finite value.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values.iter().copied());
    (!sorted.is_empty()).then(|| quantile(&sorted, 0.5))
}

/// The finite values in ascending order.
pub(super) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut kept: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    kept.sort_by(f64::total_cmp);
    kept
}

/// Bands over `replicates` values a day; `value(replicate, day index)`. Days without a finite value are left out.
pub(super) fn bands(days: &[i64], replicates: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Band> {
    let mut found = Vec::with_capacity(days.len());
    for (d, &day) in days.iter().enumerate() {
        let values = sorted((0..replicates).map(|r| value(r, d)));
        if !values.is_empty() {
            let q = [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| quantile(&values, share));
            found.push(Band { day: day as f64, q });
        }
    }
    found
}

/// Bands that are the mean over replicates in every quantile: for shares that must add up.
pub(super) fn means(days: &[i64], replicates: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Band> {
    let mut found = Vec::with_capacity(days.len());
    for (d, &day) in days.iter().enumerate() {
        let values = sorted((0..replicates).map(|r| value(r, d)));
        if !values.is_empty() {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            found.push(Band { day: day as f64, q: [mean; 5] });
        }
    }
    found
}

/// The first day on which the median of `upper` exceeds that of `lower` after a day on which it did not.
pub(super) fn crossing(upper: &[Band], lower: &[Band]) -> Option<f64> {
    let above: Vec<(f64, bool)> = upper.iter().zip(lower).map(|(u, l)| (u.day, u.q[2] > l.q[2])).collect();
    above.windows(2).find(|pair| !pair[0].1 && pair[1].1).map(|pair| pair[1].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_order_statistics() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert!((quantile(&sorted, 0.5) - 2.5).abs() < 1e-12);
        assert!((quantile(&sorted, 0.25) - 1.75).abs() < 1e-12);
        assert!((quantile(&sorted, 1.0) - 4.0).abs() < 1e-12);
        assert!((quantile(&[7.0], 0.95) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn missing_values_are_left_out() {
        assert_eq!(median(&[f64::NAN, 3.0, 1.0]), Some(2.0));
        assert_eq!(median(&[f64::NAN]), None);
        let found = bands(&[0, 1], 2, |r, d| if d == 0 { f64::NAN } else { r as f64 });
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].day, found[0].q[2]), (1.0, 0.5));
    }

    #[test]
    fn a_crossing_is_the_first_day_above() {
        let line = |values: &[f64]| -> Vec<Band> {
            values.iter().enumerate().map(|(d, &v)| Band { day: d as f64, q: [v; 5] }).collect()
        };
        assert_eq!(crossing(&line(&[0.1, 0.4, 0.6, 0.7]), &line(&[0.5; 4])), Some(2.0));
        assert_eq!(crossing(&line(&[0.6, 0.7]), &line(&[0.5; 2])), None);
    }
}
