//! Terms, recall and by-elections.

use super::body::{Body, BodySpec, Constituency, SectionSpec, Unit};
use super::election::{Tallies, elect};
use crate::model::agents::OPTIONS;
use crate::model::crew::Crew;
use crate::model::groups::{Collective, Counts, Enterprise};
use crate::model::rules::Rules;
use crate::random::{Process, ReplicateKey, first_words, unit};
use crate::simd::{LANES, fetch};

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
    crew: &impl Crew,
) {
    let mut done = 0;
    while done < bodies.len() {
        let (lower, rest) = bodies.split_at_mut(done);
        // A level ends before the first specification that one of its own elects.
        let first = rest[0].spec;
        let is_elected_by_one_of_them = |spec: usize| {
            rules.bodies[spec].sections.iter().any(|s| matches!(s.unit, Unit::Body(of) if of >= first))
        };
        let next = (first + 1..rules.bodies.len()).find(|&spec| is_elected_by_one_of_them(spec));
        let level = next.map_or(rest.len(), |next| rest.partition_point(|body| body.spec < next));
        let renewal = Renewal { rules, electorate, lower, occasion, key };
        let renew = |_, bodies: &mut [Body]| {
            bodies.iter_mut().filter(|body| body.is_active()).for_each(|body| renewal.renew(body, crew));
        };
        crew.share_out(0, &mut rest[..level], RENEWED_TOGETHER, &renew);
        done += level;
    }
}

/// Bodies that are worth a thread of their own.
const RENEWED_TOGETHER: usize = 64;

/// What bodies that do not elect each other have in common on a day.
struct Renewal<'a> {
    rules: &'a Rules,
    electorate: &'a Electorate<'a>,
    lower: &'a [Body],
    occasion: Occasion,
    key: ReplicateKey,
}

impl Renewal<'_> {
    fn renew(&self, body: &mut Body, crew: &impl Crew) {
        let Self { rules, electorate, lower, occasion, key } = *self;
        let spec = &rules.bodies[body.spec];
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
            let count = section.constituencies.len() as u64;
            if bound != Some(false) {
                let polling = Polling { spec: section_spec, rules, electorate, lower, bound, occasion, key };
                changed |= polling.renew(&mut section.constituencies, who, crew);
            }
            who += count;
        }
        if changed {
            body.count_seats();
        }
    }
}

/// Constituencies that are worth a thread of their own.
const POLLED_TOGETHER: usize = 128 * LANES;

/// What all constituencies of a section are asked on a day.
struct Polling<'a> {
    spec: &'a SectionSpec,
    rules: &'a Rules,
    electorate: &'a Electorate<'a>,
    lower: &'a [Body],
    /// Whether they elect today, come what may.
    bound: Option<bool>,
    occasion: Occasion,
    key: ReplicateKey,
}

impl Polling<'_> {
    /// Lets constituencies decide, the first of which has the address `first`; whether any has elected.
    fn renew(&self, constituencies: &mut [Constituency], first: u64, crew: &impl Crew) -> bool {
        let renew = |ahead: usize, constituencies: &mut [Constituency]| {
            let mut changed = false;
            for (number, neighbours) in constituencies.chunks_mut(LANES).enumerate() {
                changed |= self.renew_neighbours(neighbours, first + (ahead + number * LANES) as u64);
            }
            changed
        };
        crew.sum_up(0, constituencies, POLLED_TOGETHER, &renew, &|a, b| a | b)
    }

    fn renew_neighbours(&self, neighbours: &mut [Constituency], first: u64) -> bool {
        let Self { spec, rules, electorate, .. } = *self;
        let recall = if rules.mechanisms.recall { spec.recall_per_day } else { 0.0 };
        let draws = match self.occasion {
            Occasion::Day(day) => {
                Some(first_words(self.key, Process::Recall, day, first % (1 << 40)).map(unit))
            }
            Occasion::Founding => None,
        };
        // Luck comes first: it spares most, whatever they would vote.
        let most = recall_hazard(spec.term_days, recall, 1.0);
        let is_new = |c: &Constituency| c.filled.iter().all(|&seats| seats == 0);
        let is_spared = |i: usize, c: &Constituency| {
            self.bound.is_none() && draws.is_some_and(|draws| draws[i] >= most) && !is_new(c)
        };
        // Votes lie far apart: all are asked for before the first is counted.
        for (i, constituency) in neighbours.iter().enumerate() {
            if !is_spared(i, constituency) {
                fetch_votes(&constituency.units, spec, electorate);
            }
        }
        let mut changed = false;
        for (i, constituency) in neighbours.iter_mut().enumerate() {
            if is_spared(i, constituency) {
                continue;
            }
            let wanted = match &spec.appointed {
                Some(seats) => *seats,
                None => {
                    let votes = votes_of(&constituency.units, spec, rules, electorate, self.lower);
                    elect(spec.rule, &votes, constituency.seats)
                }
            };
            let held = match draws {
                Some(draws) if self.bound.is_none() && !is_new(constituency) => {
                    let distance = distance(&constituency.filled, &wanted);
                    distance > 0.0 && draws[i] < recall_hazard(spec.term_days, recall, distance)
                }
                _ => true,
            };
            if held && wanted.iter().any(|&s| s > 0) {
                constituency.filled = wanted;
                changed = true;
            }
        }
        changed
    }
}

/// Asks for the voices that a constituency would count.
fn fetch_votes(units: &[u32], section: &SectionSpec, electorate: &Electorate<'_>) {
    for &unit in units {
        match section.unit {
            Unit::Collective => fetch(&electorate.collectives[unit as usize].counts.public),
            Unit::Enterprise => fetch(&electorate.enterprises[unit as usize].counts.public),
            Unit::Place | Unit::Body(_) => {}
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
