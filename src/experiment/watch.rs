//! Looks, in a running world, at what rows of the record are held against.

use crate::engine::Observer;
use crate::model::World;
use crate::model::agents::OPTIONS;
use crate::model::rules::Rules;
use crate::scenario::evidence::{Observation, Target};
use crate::scenario::{RecordedMajority, Scenario};

/// What one replicate showed of the rows of some evidence, in their order, in their units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Showing {
    /// Values of the observations; NaN where nothing was there to look at.
    pub values: Vec<f64>,
    /// First days of the majorities of the record; `None` where they never came.
    pub majorities: Vec<Option<i64>>,
}

/// Watches a world for rows of the record.
#[derive(Debug)]
pub struct Watch<'a> {
    observations: &'a [Observation],
    majorities: &'a [RecordedMajority],
    /// Month of each day of the run: year times twelve plus month.
    months: Vec<i32>,
    /// Most who acted on one day of the month under way, by enterprise.
    peaks: Vec<u32>,
    /// By observation: agents who acted, by month.
    acted: Vec<Vec<(i32, f64)>>,
    showing: Showing,
}

impl<'a> Watch<'a> {
    /// Watches for these rows, and for the majorities that the scenario's record dates.
    #[must_use]
    pub fn new(scenario: &'a Scenario, observations: &'a [Observation]) -> Self {
        let majorities = &scenario.record().majorities;
        Self {
            observations,
            majorities,
            months: scenario.names().dates_os.iter().map(|date| month(date)).collect(),
            peaks: Vec::new(),
            acted: vec![Vec::new(); observations.len()],
            showing: Showing {
                values: vec![f64::NAN; observations.len()],
                majorities: vec![None; majorities.len()],
            },
        }
    }

    /// What was seen, once the run is over.
    #[must_use]
    pub fn finish(mut self, people_per_agent: f64) -> Showing {
        for (index, observation) in self.observations.iter().enumerate() {
            if let Target::Acting { month, months, .. } = &observation.target {
                let of = |m: i32| self.acted[index].iter().find(|(at, _)| *at == m).map_or(0.0, |(_, n)| *n);
                self.showing.values[index] = if months.is_empty() {
                    of(*month) * people_per_agent
                } else {
                    100.0 * of(*month) / months.iter().map(|&m| of(m)).sum::<f64>()
                };
            }
        }
        self.showing
    }

    fn look(&mut self, day: u32, world: &World) {
        let rules = world.rules();
        let mut turnouts: Option<Vec<f32>> = None;
        for (index, observation) in self.observations.iter().enumerate() {
            let value = match &observation.target {
                Target::Votes { day: on, places, classes, parties, among } if *on == day => {
                    let turnouts = turnouts.get_or_insert_with(|| world.turnouts(rules));
                    let mut votes = [0.0; OPTIONS];
                    for ((stratum, counts), turnout) in
                        rules.strata.iter().zip(&world.state().strata).zip(turnouts.iter())
                    {
                        if places[stratum.place] && classes[stratum.class] {
                            for (sum, n) in votes.iter_mut().zip(&counts.private) {
                                *sum += f64::from(*n) * f64::from(*turnout);
                            }
                        }
                    }
                    let counted = |p: &usize| among.is_empty() || among.contains(p);
                    let all: f64 = (0..rules.parties.len()).filter(counted).map(|p| votes[p]).sum();
                    100.0 * parties.iter().map(|&p| votes[p]).sum::<f64>() / all
                }
                Target::Seats { day: on, body, place, section, parties } if *on == day => {
                    let seats = seats(world, *body, *place, *section);
                    let all: u32 = seats[..rules.parties.len()].iter().sum();
                    100.0 * f64::from(parties.iter().map(|&p| seats[p]).sum::<u32>()) / f64::from(all)
                }
                Target::Members { day: on, places, party } if *on == day => {
                    let strata = rules.strata.iter().zip(&world.state().strata);
                    let here = strata.filter(|(s, _)| places[s.place]);
                    here.map(|(_, c)| f64::from(c.members[*party])).sum::<f64>() * rules.people_per_agent
                }
                Target::Yes { day: until, body, place, resolution } if day <= *until => {
                    let bodies = &world.state().bodies;
                    let family = world.family(*body);
                    let meant = |b: usize| {
                        family.contains(&b) && place.is_none_or(|own| bodies[b].place == Some(own))
                    };
                    let polls = world.polls().iter();
                    let taken: Vec<_> =
                        polls.filter(|p| p.resolution == *resolution && meant(p.body)).collect();
                    if taken.is_empty() {
                        continue;
                    }
                    let yes: u32 = taken.iter().map(|p| p.vote.yes).sum();
                    let all: u32 = taken.iter().map(|p| p.vote.yes + p.vote.no + p.vote.abstain).sum();
                    100.0 * f64::from(yes) / f64::from(all)
                }
                _ => continue,
            };
            self.showing.values[index] = value;
        }
    }

    /// Remembers who acts; a month counts each enterprise by its fullest day.
    fn count_acting(&mut self, day: u32, world: &World) {
        if !self.observations.iter().any(|o| matches!(o.target, Target::Acting { .. })) {
            return;
        }
        let enterprises = &world.state().enterprises;
        self.peaks.resize(enterprises.len(), 0);
        for (peak, enterprise) in self.peaks.iter_mut().zip(enterprises) {
            *peak = (*peak).max(enterprise.counts.strikers);
        }
        let today = self.months[day as usize];
        if self.months.get(day as usize + 1) == Some(&today) {
            return;
        }
        let strata = &world.rules().strata;
        let mut by_stratum = vec![0.0; strata.len()];
        for (peak, enterprise) in self.peaks.iter().zip(enterprises) {
            by_stratum[enterprise.stratum as usize] += f64::from(*peak);
        }
        for (acted, observation) in self.acted.iter_mut().zip(self.observations) {
            if let Target::Acting { places, classes, .. } = &observation.target {
                let here = strata.iter().zip(&by_stratum);
                let sum = here.filter(|(s, _)| places[s.place] && classes[s.class]).map(|(_, n)| n).sum();
                acted.push((today, sum));
            }
        }
        self.peaks.fill(0);
    }

    fn date_majorities(&mut self, day: u32, world: &World) {
        for (majority, first) in self.majorities.iter().zip(&mut self.showing.majorities) {
            if first.is_some() {
                continue;
            }
            let rules: &Rules = world.rules();
            let seats = seats(world, majority.body, None, None);
            let all: u32 = seats[..rules.parties.len()].iter().sum();
            let held: u32 = rules.blocs[majority.bloc].parties.iter().map(|&p| seats[p]).sum();
            if 2 * held > all {
                *first = Some(i64::from(day));
            }
        }
    }
}

impl Observer<World> for Watch<'_> {
    fn observe(&mut self, day: u32, world: &World) {
        self.look(day, world);
        self.count_acting(day, world);
        self.date_majorities(day, world);
    }
}

/// Seats by party of all bodies of a kind, or of the one in a place, or of a part of it.
fn seats(world: &World, body: usize, place: Option<usize>, section: Option<usize>) -> [u32; OPTIONS] {
    let mut sum = [0; OPTIONS];
    let bodies = &world.state().bodies[world.family(body)];
    for body in bodies.iter().filter(|b| place.is_none_or(|own| b.place == Some(own))) {
        let seats = match section {
            Some(part) => body.sections.get(part).map_or(&[][..], |s| &s.seats[..]),
            None => &body.seats[..],
        };
        for (sum, seats) in sum.iter_mut().zip(seats) {
            *sum += seats;
        }
    }
    sum
}

fn month(date: &str) -> i32 {
    let mut parts = date.split('-').map(|part| part.parse::<i32>().unwrap_or(0));
    parts.next().unwrap_or(0) * 12 + parts.next().unwrap_or(1) - 1
}
