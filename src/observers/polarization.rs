//! Measures of how divided people are, each with its source.
//!
//! All take a histogram of positions over equal bins from -1 to 1 (counts, any total) and return 0 of nobody.

use std::sync::LazyLock;

use crate::model::Crew;
use crate::model::fixed::{BINS, bin_middle};

/// Sensitivity of [`esteban_ray`] to the size of groups; Esteban and Ray admit 1 to 1.6.
const IDENTIFICATION: f64 = 1.3;

/// Counts by position.
pub type Histogram = [u32; BINS];

fn shares(counts: &Histogram) -> [f64; BINS] {
    let total: f64 = counts.iter().map(|&c| f64::from(c)).sum();
    counts.map(|c| if total > 0.0 { f64::from(c) / total } else { 0.0 })
}

/// Polarization after Esteban and Ray, scaled so that two equal camps at the ends give 1.
///
/// `K Σᵢ Σⱼ πᵢ^(1+α) πⱼ |yᵢ - yⱼ|` with α = 1.3. In 0..=1. Source: Esteban and Ray 1994, doi:10.2307/2951734.
#[must_use]
pub fn esteban_ray(counts: &Histogram) -> f64 {
    let shares = shares(counts);
    let ends = f64::from(bin_middle(BINS - 1) - bin_middle(0));
    let scale = 1.0 / (2.0 * 0.5_f64.powf(2.0 + IDENTIFICATION) * ends);
    let mut sum = 0.0;
    for (i, a) in shares.iter().enumerate() {
        let identified = a.powf(1.0 + IDENTIFICATION);
        for (j, b) in shares.iter().enumerate() {
            sum += identified * b * f64::from((bin_middle(i) - bin_middle(j)).abs());
        }
    }
    scale * sum
}

/// Agreement A: 1 if all are in one bin, 0 if they are spread evenly, -1 if half are at either end.
///
/// The histogram is peeled into layers of equal height; each layer's pattern is scored by its unimodal and
/// bimodal triples. Source: van der Eijk 2001, doi:10.1023/A:1010374114305.
#[must_use]
pub fn agreement(counts: &Histogram) -> f64 {
    let mut left = shares(counts);
    let mut agreement = 0.0;
    loop {
        let layer = left.iter().copied().filter(|&s| s > 1e-12).fold(f64::INFINITY, f64::min);
        if !layer.is_finite() {
            return agreement;
        }
        let pattern = left.map(|s| s > 1e-12);
        let filled = pattern.iter().filter(|&&p| p).count();
        agreement += layer * filled as f64 * layer_agreement(&pattern, filled);
        for (share, filled) in left.iter_mut().zip(pattern) {
            if filled {
                *share -= layer;
            }
        }
    }
}

fn layer_agreement(pattern: &[bool; BINS], filled: usize) -> f64 {
    if filled == 1 {
        return 1.0;
    }
    let bins = BINS as f64;
    // Triples by the bin in their middle: how many are filled and empty on either side of it.
    let (mut unimodal, mut bimodal, mut left) = (0, 0, 0);
    for (middle, &is_filled) in pattern.iter().enumerate() {
        let right = filled - left - usize::from(is_filled);
        if is_filled {
            unimodal += left * (BINS - 1 - middle - right) + (middle - left) * right;
            left += 1;
        } else {
            bimodal += left * right;
        }
    }
    let (unimodal, bimodal) = (unimodal as f64, bimodal as f64);
    if unimodal + bimodal == 0.0 {
        return 0.0;
    }
    let unimodality =
        ((bins - 2.0) * unimodal - (bins - 1.0) * bimodal) / ((bins - 2.0) * (unimodal + bimodal));
    unimodality * (1.0 - (filled as f64 - 1.0) / (bins - 1.0))
}

/// Bimodality coefficient `(skewness² + 1) / kurtosis`: 5/9 for a uniform distribution, 1 for two points.
///
/// Source: Pfister et al. 2013, doi:10.3389/fpsyg.2013.00700 (large-sample form).
#[must_use]
pub fn bimodality(counts: &Histogram) -> f64 {
    let shares = shares(counts);
    let moment = |power: i32, mean: f64| -> f64 {
        shares.iter().enumerate().map(|(i, s)| s * (f64::from(bin_middle(i)) - mean).powi(power)).sum()
    };
    let mean = moment(1, 0.0);
    let variance = moment(2, mean);
    if variance <= 0.0 {
        return 0.0;
    }
    let skewness = moment(3, mean) / variance.powf(1.5);
    (skewness * skewness + 1.0) / (moment(4, mean) / (variance * variance))
}

/// Share of people with |position| of at least one half. In 0..=1.
#[must_use]
pub fn share_in_two_camps(counts: &Histogram) -> f64 {
    let shares = shares(counts);
    let quarter = BINS / 4;
    shares[..quarter].iter().sum::<f64>() + shares[BINS - quarter..].iter().sum::<f64>()
}

/// Effective number of parties, `1 / Σ share²`. At least 1, 0 without votes.
///
/// Source: Laakso and Taagepera 1979, doi:10.1177/001041407901200101.
#[must_use]
pub fn effective_parties(votes: &[u32]) -> f64 {
    let total: f64 = votes.iter().map(|&v| f64::from(v)).sum();
    if total == 0.0 {
        return 0.0;
    }
    1.0 / votes.iter().map(|&v| (f64::from(v) / total).powi(2)).sum::<f64>()
}

/// Net change of votes between two counts, half the sum of absolute changes of shares. In 0..=1.
///
/// Source: Pedersen 1979, doi:10.1111/j.1475-6765.1979.tb01267.x.
#[must_use]
pub fn volatility(before: &[f64], after: &[f64]) -> f64 {
    0.5 * before.iter().zip(after).map(|(a, b)| (a - b).abs()).sum::<f64>()
}

/// Mutual information between group and choice in bits: 0 if every group chooses alike.
///
/// `counts[group][choice]`. Source: Shannon 1948; as class-party sorting in the model notes, section 5.
#[must_use]
pub fn mutual_information(counts: &[Vec<u64>]) -> f64 {
    let total: u64 = counts.iter().flatten().sum();
    if total == 0 {
        return 0.0;
    }
    let total = total as f64;
    let choices = counts.iter().map(Vec::len).max().unwrap_or(0);
    let by_choice: Vec<f64> = (0..choices)
        .map(|c| counts.iter().map(|g| g.get(c).copied().unwrap_or(0) as f64).sum::<f64>())
        .collect();
    let mut bits = 0.0;
    for group in counts {
        let size: f64 = group.iter().map(|&n| n as f64).sum();
        for (c, &n) in group.iter().enumerate() {
            if n > 0 {
                let n = n as f64;
                bits += n / total * (n * total / (size * by_choice[c])).log2();
            }
        }
    }
    bits
}

/// Entropy of a composition in nats; 0 of nobody.
#[must_use]
pub fn entropy(counts: &[u32]) -> f64 {
    let total: u32 = counts.iter().sum();
    let filled = counts.iter().filter(|&&c| c > 0);
    match SURPRISES.get(total as usize) {
        Some(of_total) => filled.map(|&c| of_total[c as usize]).sum(),
        None => filled.map(|&c| surprise(c, total)).sum(),
    }
}

/// What a choice that `count` of `total` make adds to the entropy.
fn surprise(count: u32, total: u32) -> f64 {
    let share = f64::from(count) / f64::from(total);
    -share * share.ln()
}

/// [`surprise`] for groups of up to so many: there are as many small groups as collectives, every day.
static SURPRISES: LazyLock<Vec<Vec<f64>>> = LazyLock::new(|| {
    const LARGEST: u32 = 128;
    (0..=LARGEST).map(|total| (0..=total).map(|count| surprise(count, total)).collect()).collect()
});

/// Segregation of choices between groups: Theil's information index, 0 (all groups alike) to 1.
///
/// `Σ nᵍ (E - Eᵍ) / (N E)`. Source: Theil and Finizza 1971, doi:10.1080/0022250X.1971.9989795.
///
/// `choices` of a group are counts by choice. The sum is that of the groups in their order, whoever of the `crew` has
/// looked at them.
#[must_use]
pub fn segregation<G: Sync>(
    groups: &[G],
    choices: impl Fn(&G) -> &[u32] + Sync,
    whole: &[u32],
    crew: &impl Crew,
) -> f64 {
    // Groups that are looked at before any is added, and by one pair of hands.
    const BLOCK: usize = 1 << 14;
    const TOGETHER: usize = 1 << 10;
    let overall = entropy(whole);
    let people: f64 = whole.iter().map(|&c| f64::from(c)).sum();
    if overall <= 0.0 || people == 0.0 {
        return 0.0;
    }
    let mut within = 0.0;
    let mut parts = vec![0.0; groups.len().min(BLOCK)];
    for block in groups.chunks(BLOCK) {
        let parts = &mut parts[..block.len()];
        crew.share_out(0, parts, TOGETHER, &|first, parts: &mut [f64]| {
            for (part, group) in parts.iter_mut().zip(&block[first..]) {
                let counts = choices(group);
                *part = counts.iter().map(|&c| f64::from(c)).sum::<f64>() / people * entropy(counts);
            }
        });
        parts.iter().for_each(|part| within += part);
    }
    1.0 - within / overall
}

/// Pearson's correlation of pairs; `None` of fewer than three, or where one side does not vary.
#[must_use]
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let (mut sxx, mut syy, mut sxy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        sxx += (x - mx).powi(2);
        syy += (y - my).powi(2);
        sxy += (x - mx) * (y - my);
    }
    (pairs.len() >= 3 && sxx > 1e-12 && syy > 1e-12).then(|| sxy / (sxx * syy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Alone;

    fn histogram(filled: &[(usize, u32)]) -> Histogram {
        let mut counts = [0; BINS];
        for &(bin, count) in filled {
            counts[bin] = count;
        }
        counts
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
    }

    #[test]
    fn two_equal_camps_at_the_ends_are_the_extreme() {
        let camps = histogram(&[(0, 50), (BINS - 1, 50)]);
        close(esteban_ray(&camps), 1.0);
        close(agreement(&camps), -1.0);
        close(bimodality(&camps), 1.0);
        close(share_in_two_camps(&camps), 1.0);
    }

    #[test]
    fn triples_are_counted_as_one_by_one() {
        for seed in 1_u32..2000 {
            let bits = seed.wrapping_mul(0x9E37_79B9) >> 16;
            let pattern: [bool; BINS] = std::array::from_fn(|i| bits >> i & 1 == 1);
            let filled = pattern.iter().filter(|&&p| p).count();
            if filled < 2 {
                continue;
            }
            let (mut unimodal, mut bimodal) = (0.0, 0.0);
            for i in 0..BINS {
                for j in i + 1..BINS {
                    for k in j + 1..BINS {
                        match (pattern[i], pattern[j], pattern[k]) {
                            (true, true, false) | (false, true, true) => unimodal += 1.0,
                            (true, false, true) => bimodal += 1.0,
                            _ => {}
                        }
                    }
                }
            }
            let bins = BINS as f64;
            let by_triples = if unimodal + bimodal == 0.0 {
                0.0
            } else {
                ((bins - 2.0) * unimodal - (bins - 1.0) * bimodal) / ((bins - 2.0) * (unimodal + bimodal))
                    * (1.0 - (filled as f64 - 1.0) / (bins - 1.0))
            };
            assert_eq!(layer_agreement(&pattern, filled).to_bits(), by_triples.to_bits());
        }
    }

    #[test]
    fn small_and_large_groups_have_one_entropy() {
        let by_hand = |counts: &[u32]| -> f64 {
            let total: u32 = counts.iter().sum();
            counts.iter().filter(|&&c| c > 0).map(|&c| surprise(c, total)).sum()
        };
        for counts in [&[3, 0, 5, 1][..], &[128], &[], &[0, 0], &[100, 29], &[700, 300, 1]] {
            assert_eq!(entropy(counts).to_bits(), by_hand(counts).to_bits());
        }
    }

    #[test]
    fn one_camp_is_no_polarization() {
        let one = histogram(&[(9, 80)]);
        close(esteban_ray(&one), 0.0);
        close(agreement(&one), 1.0);
        close(share_in_two_camps(&one), 0.0);
    }

    #[test]
    fn an_even_spread_agrees_with_nothing() {
        let even = [5; BINS];
        close(agreement(&even), 0.0);
        // 5/9 in the limit of many bins; 16 bins have a kurtosis of 1.7906.
        assert!((bimodality(&even) - 5.0 / 9.0).abs() < 0.005);
        close(share_in_two_camps(&even), 0.5);
    }

    #[test]
    fn counts_of_parties_and_their_changes() {
        close(effective_parties(&[50, 50]), 2.0);
        close(effective_parties(&[25, 25, 25, 25]), 4.0);
        close(effective_parties(&[]), 0.0);
        close(volatility(&[0.5, 0.5], &[0.2, 0.8]), 0.3);
    }

    #[test]
    fn sorting_is_one_bit_when_two_groups_choose_apart() {
        close(mutual_information(&[vec![10, 0], vec![0, 10]]), 1.0);
        close(mutual_information(&[vec![5, 5], vec![10, 10]]), 0.0);
    }

    #[test]
    fn segregation_runs_from_nothing_to_everything() {
        let whole = [10, 10];
        let apart: [&[u32]; 2] = [&[10, 0], &[0, 10]];
        let alike: [&[u32]; 2] = [&[5, 5], &[5, 5]];
        close(segregation(&apart, |group| group, &whole, &Alone), 1.0);
        close(segregation(&alike, |group| group, &whole, &Alone), 0.0);
    }

    #[test]
    fn nobody_has_no_measure() {
        let nobody = [0; BINS];
        close(esteban_ray(&nobody), 0.0);
        close(agreement(&nobody), 0.0);
        close(bimodality(&nobody), 0.0);
        close(mutual_information(&[]), 0.0);
    }
}
