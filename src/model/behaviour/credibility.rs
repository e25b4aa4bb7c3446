//! How warnings and deeds move a party's credit.

use crate::model::params::CredibilityParams;

/// Share of a deviation of credit that is left after a day: one half after the half-life.
#[must_use]
pub fn kept(p: &CredibilityParams) -> f32 {
    (-1.0 / p.half_life_days).exp2()
}

/// A party's credibility after a day.
///
/// Returns to `base` with the half-life (`kept` is [`kept`], the same for all) and loses `failure_cost * responsibility * unmet`.
/// Shares in [0, 1]. Source: model notes 2.5. ODD 7.5.
#[inline]
#[must_use]
pub fn relax(
    credibility: f32,
    base: f32,
    responsibility: f32,
    unmet: f32,
    kept: f32,
    p: &CredibilityParams,
) -> f32 {
    base + (credibility - base) * kept - p.failure_cost * responsibility * unmet
}

/// How widely a warning has been heard after a day on which `share` of the voices were the warner's.
///
/// `heard + rate * intensity * share * (1 - heard)`, all in [0, 1]. ODD 7.5.
#[inline]
#[must_use]
pub fn spread_warning(heard: f32, intensity: f32, share: f32, p: &CredibilityParams) -> f32 {
    (heard + p.warning_rate * intensity * share * (1.0 - heard)).clamp(0.0, 1.0)
}

/// How far people whose mean position is `mean` count the truth of a warning to the credit of a party at `party`.
///
/// `1 - doubt |mean - party|`, at least 0: what speaks for the far side is discounted. Positions -1..=1. Source: biased
/// assimilation, Lord, Ross and Lepper 1979, doi:10.1037/0022-3514.37.11.2098; linear form assumed. ODD 7.5.
#[inline]
#[must_use]
pub fn credited(mean: f32, party: f32, p: &CredibilityParams) -> f32 {
    (1.0 - p.doubt * (mean - party).abs()).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_halves_towards_its_base() {
        let p =
            CredibilityParams { half_life_days: 10.0, failure_cost: 0.01, ..CredibilityParams::default() };
        let after = (0..10).fold(2.0, |c, _| relax(c, 1.0, 0.0, 1.0, kept(&p), &p));
        assert!((after - 1.5).abs() < 1e-4);
        assert!((relax(0.0, 0.0, 0.5, 0.4, kept(&p), &p) + 0.002).abs() < 1e-7);
    }

    #[test]
    fn warnings_spread_with_the_voices_of_those_who_warn() {
        let p = CredibilityParams { warning_rate: 0.5, ..CredibilityParams::default() };
        assert!((spread_warning(0.0, 1.0, 0.4, &p) - 0.2).abs() < 1e-6);
        assert_eq!(spread_warning(1.0, 1.0, 0.4, &p), 1.0);
        assert_eq!(spread_warning(0.3, 0.0, 0.4, &p), 0.3);
    }

    #[test]
    fn what_speaks_for_the_far_side_is_discounted() {
        let p = CredibilityParams { doubt: 0.5, ..CredibilityParams::default() };
        assert_eq!(credited(0.8, 0.8, &p), 1.0);
        assert_eq!(credited(-0.2, 0.8, &p), 0.5);
        assert_eq!(credited(-0.2, 0.8, &p), credited(1.0, 0.0, &p), "either side alike");
        assert_eq!(
            credited(-1.0, 1.0, &CredibilityParams { doubt: 0.8, ..p }),
            0.0,
            "never turns against it"
        );
        assert_eq!(credited(-1.0, 1.0, &CredibilityParams { doubt: 0.0, ..p }), 1.0);
    }
}
