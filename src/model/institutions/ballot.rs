//! Secret ballots: the private choice counts, with turnout by class and attention.

use crate::model::agents::OPTIONS;
use crate::model::groups::Counts;
use crate::model::rules::Rules;

/// A secret ballot.
#[derive(Clone, Debug, PartialEq)]
pub struct BallotSpec {
    /// Name in files.
    pub name: String,
    /// Day on which it is held.
    pub day: u32,
    /// Where, by place.
    pub places: Vec<bool>,
    /// Who may vote, by class.
    pub classes: Vec<bool>,
}

/// What a ballot returned in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Returns {
    /// Ballot by index.
    pub ballot: usize,
    /// Place by index.
    pub place: usize,
    /// Agents who might have voted.
    pub eligible: f64,
    /// Votes by party, in agents (not whole numbers: turnout is a share).
    pub votes: [f64; OPTIONS],
}

/// Share that votes: `ordinary * sqrt(attention / ordinary attention) * (1 - turnout_loss * disillusion)`, at most 1.
///
/// Source: interest and turnout, Blais 2006, doi:10.1146/annurev.polisci.9.070204.105121; form assumed. ODD 7.9.
#[must_use]
pub fn turnout(ordinary: f32, attention_ratio: f32, disillusion: f32, turnout_loss: f32) -> f32 {
    (ordinary * attention_ratio.max(0.0).sqrt() * (1.0 - turnout_loss * disillusion)).clamp(0.0, 1.0)
}

/// Counts the private choices of a ballot; `turnouts` by stratum. Those who would choose no party stay away.
#[must_use]
pub fn hold_ballot(
    index: usize,
    ballot: &BallotSpec,
    rules: &Rules,
    strata: &[Counts],
    turnouts: &[f32],
) -> Vec<Returns> {
    let mut all = Vec::new();
    for place in (0..rules.places.len()).filter(|&p| ballot.places[p]) {
        let mut returns = Returns { ballot: index, place, eligible: 0.0, votes: [0.0; OPTIONS] };
        for ((stratum, counts), turnout) in rules.strata.iter().zip(strata).zip(turnouts) {
            if stratum.place != place || !ballot.classes[stratum.class] {
                continue;
            }
            returns.eligible += f64::from(counts.size);
            for party in 0..rules.parties.len() {
                returns.votes[party] += f64::from(counts.private[party]) * f64::from(*turnout);
            }
        }
        if returns.eligible > 0.0 {
            all.push(returns);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turnout_follows_attention_and_falls_with_disillusion() {
        assert!((turnout(0.6, 1.0, 0.0, 0.5) - 0.6).abs() < 1e-6);
        assert!((turnout(0.6, 2.25, 0.0, 0.5) - 0.9).abs() < 1e-6);
        assert!((turnout(0.6, 1.0, 1.0, 0.5) - 0.3).abs() < 1e-6);
        assert_eq!(turnout(0.9, 4.0, 0.0, 0.5), 1.0);
    }
}
