//! The world: people, bodies, calendar. It reads yesterday and writes today.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agents::{Agents, OPTIONS};
use super::behaviour::credibility;
use super::climate::{Climate, Ingredients};
use super::events::{Calendar, EffectKind, Facts, Happening, HappeningKind};
use super::groups::{Collective, Counts, Enterprise};
use super::institutions::{Body, Electorate, Occasion, Vote, found_bodies, poll, renew_bodies};
use super::pass::{Cells, Surroundings};
use super::power::authority;
use super::rules::{Acts, Rules};
use crate::random::{Process, ReplicateKey, Stream};

/// Everything that changes; what a checkpoint holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// People, by place, class, enterprise and collective.
    pub agents: Agents,
    /// Face-to-face groups, in the same order.
    pub collectives: Vec<Collective>,
    /// Enterprises, in the same order.
    pub enterprises: Vec<Enterprise>,
    /// Counts by stratum, as of yesterday evening.
    pub strata: Vec<Counts>,
    /// Credibility by stratum and party.
    pub credibility: Vec<[f32; OPTIONS]>,
    /// Bodies as they sit.
    pub bodies: Vec<Body>,
    /// What has happened.
    pub calendar: Calendar,
}

/// A vote taken today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poll {
    /// Body by index.
    pub body: usize,
    /// Resolution by index.
    pub resolution: usize,
    /// The count.
    pub vote: Vote,
}

/// A world under way.
#[derive(Debug)]
pub struct World {
    around: Surroundings,
    state: State,
    bounds: Vec<usize>,
    happenings: Vec<Happening>,
    polls: Vec<Poll>,
}

/// Agents in a piece of work: large enough to be worth handing to a thread, small enough to share out.
const PIECE_AGENTS: usize = 16_384;

impl World {
    /// A world whose people have been born and whose first bodies are elected.
    ///
    /// `people` are enterprises, collectives and agents in the order of the strata of `rules`.
    #[must_use]
    pub fn new(
        rules: Arc<Rules>,
        key: ReplicateKey,
        agents: Agents,
        collectives: Vec<Collective>,
        enterprises: Vec<Enterprise>,
    ) -> Self {
        rules.assert_sound();
        let bodies = found_bodies(&rules, &enterprises, &collectives);
        let state = State {
            strata: vec![Counts::default(); rules.strata.len()],
            credibility: rules.strata.iter().map(|_| rules.base_credibility()).collect(),
            calendar: Calendar::new(rules.events.len()),
            agents,
            collectives,
            enterprises,
            bodies,
        };
        let mut world = Self::resumed(rules, key, state);
        world.count_strata();
        world.renew(Occasion::Founding);
        world
    }

    /// A world that goes on from a checkpoint.
    #[must_use]
    pub fn resumed(rules: Arc<Rules>, key: ReplicateKey, state: State) -> Self {
        let bounds = piece_bounds(&state.enterprises);
        Self {
            around: Surroundings::new(rules, key),
            state,
            bounds,
            happenings: Vec::new(),
            polls: Vec::new(),
        }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.around.rules
    }

    /// The state as it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The address of all draws.
    #[must_use]
    pub fn key(&self) -> ReplicateKey {
        self.around.key
    }

    /// What today holds for each stratum; empty before the first day.
    #[must_use]
    pub fn climates(&self) -> &[Climate] {
        &self.around.climates
    }

    /// What happened today.
    #[must_use]
    pub fn happenings(&self) -> &[Happening] {
        &self.happenings
    }

    /// Votes taken today.
    #[must_use]
    pub fn polls(&self) -> &[Poll] {
        &self.polls
    }

    /// Bytes of all state, allocated.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let state = &self.state;
        let constituencies: usize = state
            .bodies
            .iter()
            .flat_map(|b| &b.sections)
            .flat_map(|s| &s.constituencies)
            .map(|c| size_of_val(c) + 4 * c.units.len())
            .sum();
        state.agents.len() * Agents::BYTES_EACH
            + size_of_val(&state.collectives[..])
            + size_of_val(&state.enterprises[..])
            + size_of_val(&state.strata[..])
            + size_of_val(&state.bodies[..])
            + constituencies
    }

    /// The cells of the day, what they read, and where they are cut.
    pub fn parts(&mut self) -> (&Surroundings, Cells<'_>, &[usize]) {
        let cells = Cells {
            enterprises: &mut self.state.enterprises,
            collectives: &mut self.state.collectives,
            agents: self.state.agents.as_mut(),
        };
        (&self.around, cells, &self.bounds)
    }

    /// Calendar, orders, lockouts, credibility, conditions: everything before anybody moves.
    pub fn open_day(&mut self, day: u32) {
        self.happenings.clear();
        let view = Yesterday { rules: &self.around.rules, state: &self.state };
        let mut calendar = self.state.calendar.clone();
        let fired = calendar.turn(&self.around.rules.events, day, self.around.key, &view);
        self.state.calendar = calendar;
        for event in fired {
            self.happenings.push(Happening { event, place: None, kind: HappeningKind::Fired });
            self.give_orders(event);
        }
        self.close_gates(day);
        let locked = self.locked_shares(day);
        let ingredients = Ingredients {
            rules: &self.around.rules,
            kernel: &self.around.kernel,
            calendar: &self.state.calendar,
            strata: &self.state.strata,
            credibility: &self.state.credibility,
            locked: &locked,
        };
        self.around.climates = ingredients.climates(day);
        self.settle_credibility();
    }

    /// Counts, bodies and votes: everything after all have moved.
    pub fn close_day(&mut self, day: u32) {
        self.count_strata();
        self.renew(Occasion::Day(day));
        self.polls.clear();
        let people = electorate(&self.state);
        for (index, resolution) in self.around.rules.resolutions.iter().enumerate() {
            let moved = day >= resolution.from_day
                && (day - resolution.from_day).is_multiple_of(resolution.every_days);
            if !moved {
                continue;
            }
            for (body, seated) in self.state.bodies.iter().enumerate() {
                if resolution.bodies[seated.spec] {
                    let vote = poll(resolution, seated, &self.around.rules, &people);
                    self.polls.push(Poll { body, resolution: index, vote });
                }
            }
        }
    }

    fn renew(&mut self, occasion: Occasion) {
        let State { bodies, enterprises, collectives, strata, .. } = &mut self.state;
        let people = Electorate { enterprises, collectives, strata };
        renew_bodies(&self.around.rules, bodies, &people, occasion, self.around.key);
    }

    fn count_strata(&mut self) {
        let State { strata, enterprises, .. } = &mut self.state;
        strata.fill(Counts::default());
        for enterprise in enterprises {
            strata[enterprise.stratum as usize].add(&enterprise.counts);
        }
    }

    /// Every enterprise in the scope of an order obeys or refuses, by what its members thought yesterday.
    fn give_orders(&mut self, event: usize) {
        let spec = &self.around.rules.events[event];
        if !spec.effects.iter().any(|e| e.kind == EffectKind::Order) {
            return;
        }
        for place in (0..self.around.rules.places.len()).filter(|&p| spec.places[p]) {
            let (mut obeyed, mut asked) = (0, 0);
            for enterprise in &self.state.enterprises {
                let stratum = &self.around.rules.strata[enterprise.stratum as usize];
                if stratum.place == place && spec.classes[stratum.class] {
                    asked += 1;
                    obeyed += u32::from(authority::obeys(enterprise));
                }
            }
            if asked > 0 {
                let kind = HappeningKind::Order { obeyed, asked };
                self.happenings.push(Happening { event, place: Some(place), kind });
            }
        }
    }

    /// Owners close the gates of some enterprises; those closed already stay as they are.
    fn close_gates(&mut self, day: u32) {
        let rules = Arc::clone(&self.around.rules);
        let days = rules.params.action.lockout_days.round() as u32;
        let closing: Vec<(usize, f32)> = self
            .state
            .calendar
            .in_force(&rules.events, day)
            .filter(|(_, kind, value)| *kind == EffectKind::Lockout && *value > 0.0)
            .map(|(event, _, value)| (event, value))
            .collect();
        for (event, chance) in closing {
            let spec = &rules.events[event];
            let mut closed = vec![(0, 0); rules.places.len()];
            for (index, enterprise) in self.state.enterprises.iter_mut().enumerate() {
                let stratum = &rules.strata[enterprise.stratum as usize];
                if rules.classes[stratum.class].acts != Acts::Strike
                    || !spec.places[stratum.place]
                    || !spec.classes[stratum.class]
                    || day < enterprise.locked_until
                {
                    continue;
                }
                if Stream::new(self.around.key, Process::Lockout, day, index as u64).uniform() < chance {
                    enterprise.locked_until = day + days;
                    closed[stratum.place].0 += 1;
                    closed[stratum.place].1 += enterprise.counts.size;
                }
            }
            for (place, (enterprises, agents)) in closed.into_iter().enumerate() {
                if enterprises > 0 {
                    let kind = HappeningKind::Lockout { enterprises, agents };
                    self.happenings.push(Happening { event, place: Some(place), kind });
                }
            }
        }
    }

    /// Share of each stratum's agents behind closed gates.
    fn locked_shares(&self, day: u32) -> Vec<f32> {
        let mut locked = vec![0; self.around.rules.strata.len()];
        for enterprise in &self.state.enterprises {
            if day < enterprise.locked_until {
                locked[enterprise.stratum as usize] += enterprise.counts.size;
            }
        }
        locked.iter().zip(&self.state.strata).map(|(&l, counts)| counts.share(l)).collect()
    }

    fn settle_credibility(&mut self) {
        let p = &self.around.rules.params.credibility;
        for (credit, climate) in self.state.credibility.iter_mut().zip(&self.around.climates) {
            for (i, party) in self.around.rules.parties.iter().enumerate() {
                credit[i] = credibility::relax(
                    credit[i],
                    party.credibility,
                    climate.responsibility[i],
                    climate.offer.unmet,
                    p,
                );
            }
        }
    }
}

fn electorate(state: &State) -> Electorate<'_> {
    Electorate { enterprises: &state.enterprises, collectives: &state.collectives, strata: &state.strata }
}

/// Cuts whole enterprises into pieces of about 16 384 agents, whatever the number of threads.
#[must_use]
pub fn piece_bounds(enterprises: &[Enterprise]) -> Vec<usize> {
    let mut bounds = vec![0];
    let mut agents = 0;
    for (index, enterprise) in enterprises.iter().enumerate() {
        agents += enterprise.agents.len();
        if agents >= PIECE_AGENTS {
            bounds.push(index + 1);
            agents = 0;
        }
    }
    if *bounds.last().expect("it begins with 0") < enterprises.len() {
        bounds.push(enterprises.len());
    }
    bounds
}

/// What conditional events can ask.
struct Yesterday<'a> {
    rules: &'a Rules,
    state: &'a State,
}

impl Facts for Yesterday<'_> {
    fn happened(&self, event: usize) -> Option<u32> {
        self.state.calendar.happened(event)
    }

    fn seat_share(&self, body: usize, party: usize) -> f32 {
        let (mut held, mut seats) = (0, 0);
        for seated in self.state.bodies.iter().filter(|b| b.spec == body) {
            held += seated.seats[party];
            seats += seated.size();
        }
        if seats == 0 { 0.0 } else { held as f32 / seats as f32 }
    }

    fn support(&self, class: usize, party: usize) -> f32 {
        let mut sum = Counts::default();
        for (stratum, counts) in self.rules.strata.iter().zip(&self.state.strata) {
            if stratum.class == class {
                sum.add(counts);
            }
        }
        sum.share(sum.public[party])
    }
}
