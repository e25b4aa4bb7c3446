//! Terms, recall and by-elections.

use super::body::{Body, BodySpec, Constituency, SectionSpec, Unit};
use super::election::{Tallies, elect};
use crate::model::agents::OPTIONS;
use crate::model::groups::{Collective, Counts, Enterprise};
use crate::model::rules::Rules;
use crate::random::{Process, ReplicateKey, Stream};

/// Chance of an election today: `1 / term + recall * distance`, at most 1.
///
/// `distance` is the share of seats that would change hands if the constituency voted now (total variation, 0..=1).
/// Source: councils kept the right of recall: Anweiler 1974; the form is assumed. ODD 7.9.
#[must_use]
pub fn recall_hazard(term_days: f32, recall_per_day: f32, distance: f32) -> f32 {
    (1.0 / term_days + recall_per_day * distance).min(1.0)
}

/// The people whose voices bodies count.
pub struct Electorate<'a> {
    /// All enterprises.
    pub enterprises: &'a [Enterprise],
    /// All collectives.
    pub collectives: &'a [Collective],
    /// All strata.
    pub strata: &'a [Counts],
}

/// Whether seats are filled for the first time or by hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Every constituency elects.
    Founding,
    /// Constituencies elect as terms end and delegates are recalled.
    Day(u32),
}

/// Lets every constituency decide whether to elect today, lower bodies before higher ones.
///
/// A constituency where nobody speaks keeps its delegates.
pub fn renew_bodies(
    rules: &Rules,
    bodies: &mut [Body],
    electorate: &Electorate<'_>,
    occasion: Occasion,
    key: ReplicateKey,
) {
    for index in 0..bodies.len() {
        let (lower, rest) = bodies.split_at_mut(index);
        let body = &mut rest[0];
        let spec = &rules.bodies[body.spec];
        if !body.is_active() {
            continue;
        }
        let mut who = body.address;
        let mut changed = false;
        for (section, section_spec) in body.sections.iter_mut().zip(&spec.sections) {
            let bound = bound_to_session(
                spec,
                body.met,
                section_spec,
                rules,
                lower,
                &section.constituencies,
                occasion,
            );
            for constituency in &mut section.constituencies {
                let address = who;
                who = (who + 1) % (1 << 40);
                if bound == Some(false) {
                    continue;
                }
                let wanted = match &section_spec.appointed {
                    Some(seats) => *seats,
                    None => {
                        let votes = votes_of(&constituency.units, section_spec, rules, electorate, lower);
                        elect(section_spec.rule, &votes, constituency.seats)
                    }
                };
                let held = match occasion {
                    _ if bound == Some(true) => true,
                    Occasion::Founding => true,
                    Occasion::Day(_) if constituency.filled.iter().all(|&s| s == 0) => true,
                    Occasion::Day(day) => {
                        let distance = distance(&constituency.filled, &wanted);
                        let recall = if rules.mechanisms.recall { section_spec.recall_per_day } else { 0.0 };
                        let hazard = recall_hazard(section_spec.term_days, recall, distance);
                        distance > 0.0 && Stream::new(key, Process::Recall, day, address).uniform() < hazard
                    }
                };
                if held && wanted.iter().any(|&s| s > 0) {
                    constituency.filled = wanted;
                    changed = true;
                }
            }
        }
        if changed {
            body.count_seats();
        }
    }
}

/// Where elections wait for a session: `Some(true)` if it is today, `Some(false)` if it is not, `None` where nothing is
/// waited for.
fn bound_to_session(
    spec: &BodySpec,
    met: Option<u32>,
    section: &SectionSpec,
    rules: &Rules,
    lower: &[Body],
    constituencies: &[Constituency],
    occasion: Occasion,
) -> Option<bool> {
    let is_today = |met: Option<u32>| matches!(occasion, Occasion::Day(day) if met == Some(day));
    if spec.sessions.is_some() {
        return Some(is_today(met));
    }
    let Unit::Body(of) = section.unit else { return None };
    rules.bodies[of].sessions.as_ref()?;
    let sat = constituencies.iter().flat_map(|c| &c.units).any(|&u| is_today(lower[u as usize].met));
    Some(sat)
}

/// What a constituency would vote now: public voices, or the seats of the bodies that elect it.
fn votes_of(
    units: &[u32],
    section: &SectionSpec,
    rules: &Rules,
    electorate: &Electorate<'_>,
    lower: &[Body],
) -> Tallies {
    let mut votes = [0; OPTIONS];
    for &unit in units {
        let unit = unit as usize;
        let from = match section.unit {
            Unit::Collective => &electorate.collectives[unit].counts.public,
            Unit::Enterprise => &electorate.enterprises[unit].counts.public,
            Unit::Place => &electorate.strata[unit].public,
            Unit::Body(_) => &lower[unit].seats,
        };
        for party in 0..rules.parties.len() {
            votes[party] += from[party];
        }
    }
    votes
}

/// Share of the seats that differ, 0..=1; 1 if none was filled.
fn distance(filled: &Tallies, wanted: &Tallies) -> f32 {
    let seats: u32 = wanted.iter().sum();
    if seats == 0 {
        return 0.0;
    }
    let moved: u32 = wanted.iter().zip(filled).map(|(w, f)| w.saturating_sub(*f)).sum();
    moved as f32 / seats as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recall_grows_with_the_distance() {
        assert!((recall_hazard(100.0, 0.2, 0.0) - 0.01).abs() < 1e-7);
        assert!((recall_hazard(100.0, 0.2, 0.5) - 0.11).abs() < 1e-7);
        assert_eq!(recall_hazard(1.0, 1.0, 1.0), 1.0);
    }

    #[test]
    fn distance_is_the_share_of_seats_that_would_change_hands() {
        let mut filled = [0; OPTIONS];
        let mut wanted = [0; OPTIONS];
        assert_eq!(distance(&filled, &wanted), 0.0);
        wanted[0] = 3;
        wanted[1] = 1;
        assert_eq!(distance(&filled, &wanted), 1.0);
        filled[0] = 2;
        filled[1] = 2;
        assert_eq!(distance(&filled, &wanted), 0.25);
    }
}
