//! Motions and votes.

use super::Unit;
use super::body::Body;
use super::recall::Electorate;
use crate::model::fixed::POSITION_UNITS;
use crate::model::rules::Rules;

/// Something bodies vote on.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolutionSpec {
    /// Name in files.
    pub name: String,
    /// Stance of each party, -1..=1.
    pub stances: Vec<f32>,
    /// How far a delegate bends to the mean position of those who sent it.
    pub sway: f32,
    /// Which bodies vote on it, by specification.
    pub bodies: Vec<bool>,
    /// Days on which it is moved: first day and interval.
    pub every_days: u32,
    /// First day it is moved.
    pub from_day: u32,
}

/// A vote in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vote {
    /// For.
    pub yes: u32,
    /// Against.
    pub no: u32,
    /// Neither.
    pub abstain: u32,
}

/// Leaning at which a delegate stops abstaining.
const DECIDED: f32 = 0.15;

impl Vote {
    /// Whether it is carried.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.yes > self.no
    }
}

/// The vote of `body` on `resolution` today.
///
/// `shifts` holds, by party, what events have added to the stances.
/// A delegate leans `stance(party) + shift(party) + sway * mean position of the constituency`; above 0.15 it votes for, below -0.15
/// against, between it abstains. Delegates sent by bodies lean by their party alone.
/// Source: assumed; that deputies of the ruling parties broke ranks under pressure from below is on record:
/// Rabinowitch 1976. ODD 7.9.
#[must_use]
pub fn poll(
    resolution: &ResolutionSpec,
    shifts: &[f32],
    body: &Body,
    rules: &Rules,
    people: &Electorate<'_>,
) -> Vote {
    let mut vote = Vote::default();
    for (section, spec) in body.sections.iter().zip(&rules.bodies[body.spec].sections) {
        for constituency in &section.constituencies {
            let mood = resolution.sway * mood_of(&constituency.units, spec.unit, people);
            for (party, &stance) in resolution.stances.iter().enumerate() {
                let lean = stance + shifts[party] + mood;
                let ballot = if lean > DECIDED {
                    &mut vote.yes
                } else if lean < -DECIDED {
                    &mut vote.no
                } else {
                    &mut vote.abstain
                };
                *ballot += constituency.filled[party];
            }
        }
    }
    vote
}

fn mood_of(units: &[u32], unit: Unit, people: &Electorate<'_>) -> f32 {
    let mut sum = 0.0;
    let mut size = 0.0;
    for &u in units {
        let counts = match unit {
            Unit::Collective => people.collectives[u as usize].counts,
            Unit::Enterprise => people.enterprises[u as usize].counts.composition(),
            Unit::Place => people.strata[u as usize].composition(),
            Unit::Body(_) => return 0.0,
        };
        sum += counts.position_sum as f64 / f64::from(POSITION_UNITS);
        size += f64::from(counts.size);
    }
    if size > 0.0 { (sum / size) as f32 } else { 0.0 }
}
