//! The tree of bodies: committees, soviets and executives are its levels.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::election::{Rule, Tallies};
use crate::model::agents::OPTIONS;
use crate::model::groups::{Collective, Enterprise};
use crate::model::rules::Rules;
use crate::random::name_address;

/// How many bodies a specification stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One.
    Single,
    /// One in each place.
    Place,
    /// One in each enterprise.
    Enterprise,
}

/// Who elects: what a constituency is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Each collective.
    Collective,
    /// Each enterprise; those too small for a seat of their own together, by place.
    Enterprise,
    /// All people of the classes in a place.
    Place,
    /// The seats of the body with this index in the specifications.
    Body(usize),
}

/// How many seats a constituency has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Apportionment {
    /// One for so many persons, at least one.
    PerPeople(f64),
    /// So many for each unit.
    PerUnit(u32),
    /// So many in all, for the section as one constituency.
    Fixed(u32),
}

/// A part of a body with its own electors.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionSpec {
    /// Name in files.
    pub name: String,
    /// Whose votes count, by class.
    pub classes: Vec<bool>,
    /// Who elects.
    pub unit: Unit,
    /// How many seats.
    pub apportionment: Apportionment,
    /// How they are filled.
    pub rule: Rule,
    /// Mean days between elections.
    pub term_days: f32,
    /// Chance of recall per day where delegates and voters share nothing, 0..=1.
    pub recall_per_day: f32,
    /// Seats as they are handed out from above, where nobody elects.
    pub appointed: Option<Tallies>,
}

/// Bodies that come into being during a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Founding {
    /// Share of them that is there at the start, 0..=1.
    pub share: f32,
    /// Chance per day that one is founded where interest is at its fullest.
    pub per_day: f32,
}

/// A body that meets when it is called, and is elected anew for each session.
#[derive(Clone, Debug, PartialEq)]
pub struct Sessions {
    /// Days from which each session is due, rising.
    pub due: Vec<u32>,
    /// The body that has to call it, by specification; without one it meets when it is due.
    pub caller: Option<usize>,
    /// The resolution by which bodies demand it.
    pub demand: Option<usize>,
    /// Share of the bodies that vote on the demand that must stand by it to force the caller, 0..=1.
    pub pressure: f32,
    /// Days between the call and the session.
    pub notice_days: u32,
}

/// A body, or a family of bodies of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct BodySpec {
    /// Name in files.
    pub name: String,
    /// Level in files: committee, district, city…
    pub level: String,
    /// One, or one in each place or enterprise.
    pub scope: Scope,
    /// Where, by place.
    pub places: Vec<bool>,
    /// People an enterprise must have for a body of its own.
    pub smallest_people: f64,
    /// Its parts.
    pub sections: Vec<SectionSpec>,
    /// Attendance below which it lapses; 0 for one that never does.
    pub quorum: f32,
    /// How it comes into being; `None` if it is there from the start.
    pub founding: Option<Founding>,
    /// When it meets; `None` if it sits all the time.
    pub sessions: Option<Sessions>,
    /// How far its votes are heard elsewhere, 0..=1.
    pub lead: f32,
    /// Whether it can hold power in its places.
    pub governs: bool,
}

impl BodySpec {
    /// Whether such bodies come and go.
    #[must_use]
    pub fn can_lapse_or_be_founded(&self) -> bool {
        self.quorum > 0.0 || self.founding.is_some()
    }
}

/// Those who elect together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constituency {
    /// Indices of collectives, enterprises, strata or bodies, after the section's unit.
    pub units: Vec<u32>,
    /// Seats to fill.
    pub seats: u32,
    /// Seats by party as last filled.
    pub filled: Tallies,
}

/// The state of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// In order of their units.
    pub constituencies: Vec<Constituency>,
    /// Seats by party over all constituencies.
    pub seats: Tallies,
}

/// A body as it sits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Its specification.
    pub spec: usize,
    /// The one place it belongs to, if it does.
    pub place: Option<usize>,
    /// The enterprise it belongs to, if it does.
    pub enterprise: Option<u32>,
    /// Its parts, in the order of the specification.
    pub sections: Vec<Section>,
    /// Seats by party over all sections.
    pub seats: Tallies,
    /// Address of its first constituency in draws about recall.
    pub address: u64,
    /// How well it is attended, 0..=1.
    pub attendance: f32,
    /// Attendance below which it lapses; its own.
    pub quorum: f32,
    /// Whether it exists.
    pub founded: bool,
    /// Whether it has lapsed.
    pub lapsed: bool,
    /// Day of its last session, where it is called.
    pub met: Option<u32>,
    /// Day for which its next session has been called.
    pub called: Option<u32>,
    /// Sessions held.
    pub sessions: u32,
}

impl Body {
    /// Seats filled.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.seats.iter().sum()
    }

    /// Share of the filled seats held by `party`; 0 of an empty body.
    #[must_use]
    pub fn share(&self, party: usize) -> f32 {
        let size = self.size();
        if size == 0 { 0.0 } else { self.seats[party] as f32 / size as f32 }
    }

    /// Whether it exists and has not lapsed.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.founded && !self.lapsed
    }

    /// Adds the constituencies up.
    pub fn count_seats(&mut self) {
        self.seats = [0; OPTIONS];
        for section in &mut self.sections {
            section.seats = [0; OPTIONS];
            for constituency in &section.constituencies {
                for (sum, seats) in section.seats.iter_mut().zip(&constituency.filled) {
                    *sum += seats;
                }
            }
            for (sum, seats) in self.seats.iter_mut().zip(&section.seats) {
                *sum += seats;
            }
        }
    }
}

/// Lays out all bodies over the population, with every seat still empty.
///
/// A constituency of persons has seats in proportion to the persons its agents stand for, so a soviet of a scaled
/// population is as large as the real one.
#[must_use]
pub fn found_bodies(rules: &Rules, enterprises: &[Enterprise], collectives: &[Collective]) -> Vec<Body> {
    let mut bodies = Vec::new();
    let mut members_of_spec: Vec<Vec<u32>> = vec![Vec::new(); rules.bodies.len()];
    for (index, spec) in rules.bodies.iter().enumerate() {
        // By name, so that a body added to a scenario leaves the draws of the others alone.
        let mut address = name_address(&spec.name);
        for (place, enterprise) in seats_of(rules, spec, enterprises) {
            let sections: Vec<Section> = spec
                .sections
                .iter()
                .map(|section| {
                    let domain =
                        Domain { rules, enterprises, collectives, bodies: &bodies, spec, place, enterprise };
                    let constituencies = domain.constituencies(section, &members_of_spec);
                    Section { constituencies, seats: [0; OPTIONS] }
                })
                .collect();
            let count: usize = sections.iter().map(|s| s.constituencies.len()).sum();
            if count == 0 {
                continue;
            }
            members_of_spec[index].push(bodies.len() as u32);
            bodies.push(Body {
                spec: index,
                place,
                enterprise,
                sections,
                seats: [0; OPTIONS],
                address,
                attendance: 1.0,
                quorum: spec.quorum,
                founded: true,
                lapsed: false,
                met: None,
                called: None,
                sessions: 0,
            });
            address = (address + count as u64) % (1 << 40);
        }
    }
    bodies
}

/// Where the bodies of each specification stand among all, which are in the order of specifications: a range for each, empty
/// where there is none.
#[must_use]
pub fn families(rules: &Rules, bodies: &[Body]) -> Vec<Range<usize>> {
    let before = |spec: usize| bodies.partition_point(|b| b.spec < spec);
    (0..rules.bodies.len()).map(|spec| before(spec)..before(spec + 1)).collect()
}

fn seats_of(rules: &Rules, spec: &BodySpec, enterprises: &[Enterprise]) -> Vec<(Option<usize>, Option<u32>)> {
    let places = || (0..rules.places.len()).filter(|&p| spec.places[p]);
    match spec.scope {
        Scope::Single => {
            let mut all = places();
            let only = if let (Some(place), None) = (all.next(), all.next()) { Some(place) } else { None };
            vec![(only, None)]
        }
        Scope::Place => places().map(|p| (Some(p), None)).collect(),
        Scope::Enterprise => enterprises
            .iter()
            .enumerate()
            .filter(|(_, e)| spec.places[rules.strata[e.stratum as usize].place])
            .filter(|(_, e)| e.agents.len() as f64 * rules.people_per_agent >= spec.smallest_people)
            .map(|(i, e)| (Some(rules.strata[e.stratum as usize].place), Some(i as u32)))
            .collect(),
    }
}

/// Where the constituencies of one body are looked for.
struct Domain<'a> {
    rules: &'a Rules,
    enterprises: &'a [Enterprise],
    collectives: &'a [Collective],
    /// Those founded before.
    bodies: &'a [Body],
    spec: &'a BodySpec,
    place: Option<usize>,
    enterprise: Option<u32>,
}

impl Domain<'_> {
    fn includes(&self, index: usize, section: &SectionSpec) -> bool {
        let stratum = &self.rules.strata[self.enterprises[index].stratum as usize];
        section.classes[stratum.class]
            && self.spec.places[stratum.place]
            && self.place.is_none_or(|p| p == stratum.place)
            && self.enterprise.is_none_or(|e| e as usize == index)
    }

    /// Enterprises among which its constituencies can lie; they stand in the order of places.
    fn within(&self) -> Range<usize> {
        let place = |e: &Enterprise| self.rules.strata[e.stratum as usize].place;
        match (self.enterprise, self.place) {
            (Some(e), _) => e as usize..e as usize + 1,
            (None, Some(p)) => {
                let from = self.enterprises.partition_point(|e| place(e) < p);
                from..self.enterprises.partition_point(|e| place(e) <= p)
            }
            (None, None) => 0..self.enterprises.len(),
        }
    }

    fn people(&self, agents: usize) -> f64 {
        agents as f64 * self.rules.people_per_agent
    }

    fn constituencies(&self, section: &SectionSpec, members_of_spec: &[Vec<u32>]) -> Vec<Constituency> {
        if let Some(seats) = &section.appointed {
            return vec![empty(vec![], seats.iter().sum())];
        }
        let mine = || self.within().filter(|&e| self.includes(e, section));
        let units: Vec<(Vec<u32>, f64)> = match section.unit {
            Unit::Collective => mine()
                .flat_map(|e| self.enterprises[e].collectives.clone())
                .map(|c| (vec![c], self.people(self.collectives[c as usize].agents.len())))
                .collect(),
            Unit::Enterprise => self.pooled(mine(), section.apportionment),
            Unit::Place => (0..self.rules.places.len())
                .filter(|&p| self.spec.places[p] && self.place.is_none_or(|own| own == p))
                .filter_map(|p| {
                    let strata: Vec<u32> = (0..self.rules.strata.len() as u32)
                        .filter(|&s| {
                            let stratum = &self.rules.strata[s as usize];
                            stratum.place == p && section.classes[stratum.class]
                        })
                        .collect();
                    let agents: usize = self
                        .enterprises
                        .iter()
                        .filter(|e| strata.contains(&e.stratum))
                        .map(|e| e.agents.len())
                        .sum();
                    (agents > 0).then(|| (strata, self.people(agents)))
                })
                .collect(),
            // Lower bodies stand before the higher ones they elect: the validation sees to it.
            Unit::Body(spec) => {
                // Bodies of a place elect where the higher body has that place; those of several places anywhere.
                let elects = |b: &&u32| {
                    let place = self.bodies[**b as usize].place;
                    place.is_none_or(|p| self.spec.places[p] && self.place.is_none_or(|own| own == p))
                };
                let electors: Vec<u32> = members_of_spec[spec].iter().filter(elects).copied().collect();
                match section.apportionment {
                    Apportionment::PerUnit(_) => electors.into_iter().map(|b| (vec![b], 0.0)).collect(),
                    _ => vec![(electors, 0.0)],
                }
            }
        };
        match section.apportionment {
            Apportionment::Fixed(seats) => {
                let all: Vec<u32> = units.into_iter().flat_map(|(u, _)| u).collect();
                if all.is_empty() { vec![] } else { vec![empty(all, seats)] }
            }
            Apportionment::PerUnit(seats) => units
                .into_iter()
                .map(|(u, persons)| {
                    let seats = seats * self.real_units(section.unit, &u, persons);
                    empty(u, seats)
                })
                .collect(),
            Apportionment::PerPeople(people) => units
                .into_iter()
                .map(|(u, persons)| empty(u, ((persons / people).round() as u32).max(1)))
                .collect(),
        }
    }

    /// Units of the real country that a simulated one stands for: a collective of a scaled population, for several.
    fn real_units(&self, unit: Unit, units: &[u32], persons: f64) -> u32 {
        if unit != Unit::Collective || self.rules.people_per_agent <= 1.0 {
            return 1;
        }
        let enterprise = self.enterprises.partition_point(|e| e.collectives.end <= units[0]);
        let class = self.rules.strata[self.enterprises[enterprise].stratum as usize].class;
        ((persons / self.rules.classes[class].collective_people).round() as u32).max(1)
    }

    /// Enterprises with at least half of a seat's people elect alone; the rest of a place elects together.
    fn pooled(&self, mine: impl Iterator<Item = usize>, by: Apportionment) -> Vec<(Vec<u32>, f64)> {
        let quota = match by {
            Apportionment::PerPeople(people) => people / 2.0,
            _ => 0.0,
        };
        let mut alone = Vec::new();
        let mut pools: Vec<(Vec<u32>, f64)> = vec![(Vec::new(), 0.0); self.rules.places.len()];
        for index in mine {
            let enterprise = &self.enterprises[index];
            let people = self.people(enterprise.agents.len());
            if people >= quota {
                alone.push((vec![index as u32], people));
            } else {
                let pool = &mut pools[self.rules.strata[enterprise.stratum as usize].place];
                pool.0.push(index as u32);
                pool.1 += people;
            }
        }
        alone.extend(pools.into_iter().filter(|(units, _)| !units.is_empty()));
        alone
    }
}

fn empty(units: Vec<u32>, seats: u32) -> Constituency {
    Constituency { units, seats, filled: [0; OPTIONS] }
}
