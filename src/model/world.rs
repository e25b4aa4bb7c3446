//! The world: people, bodies, calendar. It reads yesterday and writes today.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agents::{Agents, OPTIONS};
use super::behaviour::credibility;
use super::climate::{Climate, Echo, Ingredients, Taken};
use super::crew::{Alone, Crew};
use super::events::{Calendar, EffectKind, Facts, Happening, HappeningKind, Measure};
use super::groups::{Collective, Counts, Deeds, Enterprise};
use super::institutions::{
    Body, BodySpec, Electorate, Occasion, Returns, Vote, begin_life, families, found_bodies,
};
use super::network::{Contacts, Network};
use super::pass::{Cells, Surroundings};
use super::power::authority::{self, Authority};
use super::power::{Holder, Leadership, March, RegionState};
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
    /// Deeds by stratum, as of yesterday evening.
    pub deeds: Vec<Deeds>,
    /// Authority by place, as of yesterday evening.
    pub authorities: Vec<Authority>,
    /// How power stands, by region.
    pub regions: Vec<RegionState>,
    /// What is heard of deeds and votes elsewhere, by place.
    pub echoes: Vec<Echo>,
    /// By body and resolution: whether its last vote carried it, and whether any did; `None` before the first vote.
    pub standing: Vec<Option<(bool, bool)>>,
    /// Marches, in the order in which they set off.
    pub marches: Vec<March>,
    /// Leading committees.
    pub leaderships: Vec<Leadership>,
    /// Day on which power was first taken, and by which leadership.
    pub power_taken: Option<(u32, usize)>,
}

impl State {
    /// How a body stands by a resolution: see [`State::standing`].
    pub(super) fn stand(&self, rules: &Rules, body: usize, resolution: usize) -> Option<(bool, bool)> {
        self.standing[body * rules.resolutions.len() + resolution]
    }
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
    pub(super) around: Surroundings,
    pub(super) state: State,
    bounds: Vec<usize>,
    pub(super) happenings: Vec<Happening>,
    pub(super) polls: Vec<Poll>,
    pub(super) returns: Vec<Returns>,
    /// Where the bodies of each specification stand.
    pub(super) families: Vec<Range<usize>>,
    /// The one region of each body, where it has one.
    pub(super) body_regions: Vec<Option<usize>>,
}

/// Pieces of work in a day, small enough to share out.
const PIECES: usize = 128;
/// Agents in a piece at least, so that it is worth handing to a thread.
const SMALLEST_PIECE: usize = 8_192;
/// Agents in a piece at most, so that progress can be told and threads wait for each other only shortly.
const LARGEST_PIECE: usize = 32_768;
/// Enterprises that are worth counting beside others.
const COUNTED_TOGETHER: usize = 2_048;

/// Does `work` for each of `places`, places beside each other: with what belongs to the place, the first of its strata and its
/// enterprises. The first of `places` has number `first`.
///
/// Strata stand in the order of places and enterprises in that of strata, so each place has a run of either.
fn in_places<T: Send>(
    rules: &Rules,
    first: usize,
    places: &mut [T],
    enterprises: &[Enterprise],
    crew: &impl Crew,
    work: &(impl Fn(&mut T, usize, &[Enterprise]) + Sync),
) {
    let first_stratum = |place: usize| rules.strata.partition_point(|s| s.place < place);
    let before = |place: usize| {
        let stratum = first_stratum(place);
        enterprises.partition_point(|e| (e.stratum as usize) < stratum)
    };
    if places.len() > 1 && enterprises.len() > COUNTED_TOGETHER {
        let in_the_middle = enterprises[enterprises.len() / 2].stratum as usize;
        let next = rules.strata[in_the_middle].place.clamp(first + 1, first + places.len() - 1);
        let (here, there) = enterprises.split_at(before(next));
        let (places, later) = places.split_at_mut(next - first);
        crew.join(
            || in_places(rules, first, places, here, crew, work),
            || in_places(rules, next, later, there, crew, work),
        );
        return;
    }
    for (index, place) in places.iter_mut().enumerate() {
        let own = before(first + index)..before(first + index + 1);
        work(place, first_stratum(first + index), &enterprises[own]);
    }
}

/// What belongs to each place of `all`, of which each stratum has one.
fn by_place<'a, T>(rules: &Rules, mut all: &'a mut [T]) -> impl Iterator<Item = &'a mut [T]> {
    let mut strata = &rules.strata[..];
    (0..rules.places.len()).map(move |place| {
        let own = strata.partition_point(|s| s.place <= place);
        strata = &strata[own..];
        all.split_off_mut(..own).expect("no more than there are")
    })
}

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
        network: Option<Network>,
    ) -> Self {
        rules.assert_sound();
        let mut bodies = found_bodies(&rules, &enterprises, &collectives);
        begin_life(&rules, &mut bodies, key);
        let state = State {
            deeds: vec![Deeds::default(); rules.strata.len()],
            authorities: vec![Authority::default(); rules.places.len()],
            regions: vec![RegionState::default(); rules.regions.len()],
            echoes: vec![Echo::default(); rules.places.len()],
            standing: vec![None; bodies.len() * rules.resolutions.len()],
            marches: Vec::new(),
            leaderships: vec![Leadership::default(); rules.leaderships.len()],
            power_taken: None,
            strata: vec![Counts::default(); rules.strata.len()],
            credibility: rules.strata.iter().map(|_| rules.base_credibility()).collect(),
            calendar: Calendar::new(rules.events.len()),
            agents,
            collectives,
            enterprises,
            bodies,
        };
        let mut world = Self::resumed(rules, key, state, network);
        world.add_up(&Alone);
        // Nobody has been given an order yet.
        world.state.authorities.fill(Authority::default());
        world.renew(Occasion::Founding, &Alone);
        world
    }

    /// A world that goes on from a checkpoint.
    #[must_use]
    pub fn resumed(rules: Arc<Rules>, key: ReplicateKey, state: State, network: Option<Network>) -> Self {
        let bounds = piece_bounds(&state.enterprises);
        let families = families(&rules, &state.bodies);
        let body_regions = state.bodies.iter().map(|b| region_of_body(&rules, b)).collect();
        let mut around = Surroundings::new(rules, key);
        around.contacts = network.map(Contacts::new);
        Self {
            around,
            state,
            bounds,
            happenings: Vec::new(),
            polls: Vec::new(),
            returns: Vec::new(),
            families,
            body_regions,
        }
    }

    /// Goes on by other rules, for the same people in the same places and bodies, as if they had held from here on.
    ///
    /// # Panics
    /// If the rules know another number of kinds of bodies.
    pub fn turn(&mut self, rules: Arc<Rules>) {
        rules.assert_sound();
        assert_eq!(rules.bodies.len(), self.families.len(), "the bodies are those of the rules before");
        let mut around = Surroundings::new(rules, self.around.key);
        around.contacts = self.around.contacts.take();
        around.by_reference = self.around.by_reference;
        self.around = around;
    }

    /// Whether agents move one after another, by the rule as it is written down: slower, with the same bits.
    pub fn move_one_by_one(&mut self, on: bool) {
        self.around.by_reference = on;
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

    /// Ballots held today, by place.
    #[must_use]
    pub fn returns(&self) -> &[Returns] {
        &self.returns
    }

    /// Where the bodies of a specification stand among all.
    #[must_use]
    pub fn family(&self, spec: usize) -> Range<usize> {
        self.families[spec].clone()
    }

    /// Bodies of the specifications that are `wanted`, and their numbers among all.
    pub fn bodies_where<'a>(
        &'a self,
        wanted: impl Fn(&BodySpec) -> bool + 'a,
    ) -> impl Iterator<Item = (usize, &'a Body)> {
        let kinds = self.rules().bodies.iter().zip(&self.families).filter(move |(spec, _)| wanted(spec));
        kinds.flat_map(|(_, family)| family.clone()).map(|index| (index, &self.state.bodies[index]))
    }

    /// The region of a body, if all its places lie in one.
    #[must_use]
    pub fn region_of_body(&self, body: usize) -> Option<usize> {
        self.body_regions[body]
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
    pub fn open_day(&mut self, day: u32, crew: &impl Crew) {
        self.happenings.clear();
        let rules = Arc::clone(&self.around.rules);
        let view = Yesterday { rules: &rules, state: &self.state, families: &self.families };
        let mut calendar = self.state.calendar.clone();
        let fired = calendar.turn(&rules.events, day, self.around.key, &view);
        self.state.calendar = calendar;
        for event in fired {
            self.happenings.push(Happening { event, place: None, kind: HappeningKind::Fired });
            if rules.mechanisms.orders {
                self.give_orders(event);
            }
            if rules.mechanisms.marches {
                self.set_off(event, day);
            }
        }
        if rules.mechanisms.lockouts {
            self.close_gates(day);
        }
        let (taken, locked) = self.conditions(day, crew);
        let leads = self.leads();
        let in_office = self.state.power_taken.map(|(_, l)| &rules.leaderships[l].government[..]);
        let ingredients = Ingredients {
            rules: &rules,
            effects: &self.around.effects,
            calendar: &self.state.calendar,
            strata: &self.state.strata,
            credibility: &self.state.credibility,
            locked: &locked,
            deeds: &self.state.deeds,
            regions: &self.state.regions,
            leads: &leads,
            echoes: &self.state.echoes,
            taken: &taken,
            in_office,
            fixed_contacts: self.around.contacts.is_some(),
        };
        ingredients.renew(&mut self.around.climates, day, crew);
        self.settle_credibility();
        let fired: Vec<usize> =
            self.happenings.iter().filter(|h| h.kind == HappeningKind::Fired).map(|h| h.event).collect();
        if rules.mechanisms.delivery && rules.mechanisms.credibility {
            fired.into_iter().for_each(|event| self.credit_delivery(event));
        }
        if let Some(contacts) = &mut self.around.contacts {
            contacts.look(&self.state.agents.public, &self.state.agents.position);
        }
    }

    /// Counts, bodies, votes and power: everything after all have moved.
    pub fn close_day(&mut self, day: u32, crew: &impl Crew) {
        self.go_over(day);
        self.add_up(crew);
        self.hold_assemblies(day, crew);
        self.contend(day);
    }

    /// A party that delivers on an issue earns credit with those to whom it mattered, as much as it mattered.
    ///
    /// `delivered_gain * amount * salience * grievance` before the delivery. ODD 7.5.
    fn credit_delivery(&mut self, event: usize) {
        let rules = Arc::clone(&self.around.rules);
        let spec = &rules.events[event];
        for effect in &spec.effects {
            let EffectKind::Deliver(issue, party) = effect.kind else { continue };
            for (index, stratum) in rules.strata.iter().enumerate() {
                if spec.places[stratum.place] && spec.classes[stratum.class] {
                    let left = self.around.climates[index].grievances[issue];
                    let felt = (left + effect.amount).min(1.0) * rules.classes[stratum.class].salience[issue];
                    self.state.credibility[index][party] +=
                        rules.params.credibility.delivered_gain * effect.amount * felt;
                }
            }
        }
    }

    /// Adds up what was counted in enterprises, by stratum, and whom they obey, by place.
    fn add_up(&mut self, crew: &impl Crew) {
        let rules = &*self.around.rules;
        let State { strata, deeds, authorities, enterprises, .. } = &mut self.state;
        strata.fill(Counts::default());
        deeds.fill(Deeds::default());
        let of_strata = by_place(rules, strata).zip(by_place(rules, deeds));
        let mut places: Vec<_> = authorities.iter_mut().zip(of_strata).collect();
        let add_up = |place: &mut (&mut Authority, (&mut [Counts], &mut [Deeds])),
                      first: usize,
                      enterprises: &[Enterprise]| {
            let (authority, (strata, deeds)) = place;
            for enterprise in enterprises {
                let index = enterprise.stratum as usize - first;
                strata[index].add(&enterprise.counts);
                deeds[index].add(&enterprise.deeds);
            }
            **authority = authority::authority_of(rules, enterprises);
        };
        in_places(rules, 0, &mut places, enterprises, crew, &add_up);
    }

    /// What has been taken in each place, and the share of each stratum's agents behind closed gates.
    fn conditions(&self, day: u32, crew: &impl Crew) -> (Vec<Taken>, Vec<f32>) {
        let rules = &*self.around.rules;
        let mut taken = vec![Taken::default(); rules.places.len()];
        let mut locked = vec![0; rules.strata.len()];
        let mut places: Vec<_> = taken.iter_mut().zip(by_place(rules, &mut locked)).collect();
        let look = |place: &mut (&mut Taken, &mut [u32]), first: usize, enterprises: &[Enterprise]| {
            let (taken, locked) = place;
            **taken = Taken::of(rules, enterprises);
            for enterprise in enterprises.iter().filter(|e| day < e.locked_until) {
                locked[enterprise.stratum as usize - first] += enterprise.counts.size;
            }
        };
        in_places(rules, 0, &mut places, &self.state.enterprises, crew, &look);
        let locked = locked.iter().zip(&self.state.strata).map(|(&l, counts)| counts.share(l)).collect();
        (taken, locked)
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

    fn settle_credibility(&mut self) {
        let p = &self.around.rules.params.credibility;
        let kept = credibility::kept(p);
        for (credit, climate) in self.state.credibility.iter_mut().zip(&self.around.climates) {
            for (i, party) in self.around.rules.parties.iter().enumerate() {
                credit[i] = credibility::relax(
                    credit[i],
                    party.credibility,
                    climate.responsibility[i],
                    climate.offer.unmet,
                    kept,
                    p,
                );
            }
        }
    }
}

/// The one region of a body, if all its places lie in one.
fn region_of_body(rules: &Rules, body: &Body) -> Option<usize> {
    if let Some(place) = body.place {
        return Some(rules.places[place].region);
    }
    let places = &rules.bodies[body.spec].places;
    let mut regions = (0..places.len()).filter(|&p| places[p]).map(|p| rules.places[p].region);
    let first = regions.next()?;
    regions.all(|r| r == first).then_some(first)
}

pub(super) fn electorate(state: &State) -> Electorate<'_> {
    Electorate { enterprises: &state.enterprises, collectives: &state.collectives, strata: &state.strata }
}

/// Cuts whole enterprises into pieces of work, whatever the number of threads.
#[must_use]
pub fn piece_bounds(enterprises: &[Enterprise]) -> Vec<usize> {
    let all: usize = enterprises.iter().map(|e| e.agents.len()).sum();
    let piece = (all / PIECES).clamp(SMALLEST_PIECE, LARGEST_PIECE);
    let mut bounds = vec![0];
    let mut agents = 0;
    for (index, enterprise) in enterprises.iter().enumerate() {
        agents += enterprise.agents.len();
        if agents >= piece {
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
    families: &'a [Range<usize>],
}

impl Yesterday<'_> {
    /// The bodies of a specification.
    fn bodies(&self, spec: usize) -> &[Body] {
        &self.state.bodies[self.families[spec].clone()]
    }
}

impl Facts for Yesterday<'_> {
    fn happened(&self, event: usize) -> Option<u32> {
        self.state.calendar.happened(event)
    }

    fn seat_share(&self, body: usize, party: usize) -> f32 {
        let (mut held, mut seats) = (0, 0);
        for seated in self.bodies(body) {
            held += seated.seats[party];
            seats += seated.size();
        }
        if seats == 0 { 0.0 } else { held as f32 / seats as f32 }
    }

    fn support(&self, class: usize, party: usize) -> f32 {
        let (mut speak, mut size) = (0, 0);
        for (stratum, counts) in self.rules.strata.iter().zip(&self.state.strata) {
            if stratum.class == class {
                speak += counts.public[party];
                size += counts.size;
            }
        }
        Counts { size, ..Counts::default() }.share(speak)
    }

    fn measure(&self, measure: Measure, region: Option<usize>) -> f32 {
        let state = self.state;
        let truth = |holds: bool| f32::from(u8::from(holds));
        let regions = || (0..state.regions.len()).filter(|r| region.is_none_or(|own| own == *r));
        let highest = |of: &dyn Fn(usize) -> f32| regions().map(of).fold(0.0, f32::max);
        let authority = |r: usize| {
            let places: Vec<Authority> =
                self.rules.regions[r].places.iter().map(|&p| state.authorities[p]).collect();
            Authority::of_all(&places)
        };
        match measure {
            Measure::GovernmentAuthority => highest(&|r| authority(r).government as f32),
            Measure::ElectedAuthority => highest(&|r| authority(r).elected as f32),
            Measure::Disillusion => highest(&|r| state.regions[r].disillusion),
            Measure::Disorder => highest(&|r| state.regions[r].disorder),
            Measure::PowerTaken => highest(&|r| truth(state.regions[r].holder == Holder::Elected)),
            Measure::RightInPower => highest(&|r| truth(state.regions[r].holder == Holder::Right)),
            Measure::Fighting => {
                highest(&|r| truth(state.regions[r].contest.is_some_and(|c| c.decided.is_none())))
            }
            Measure::Marching => truth(state.marches.iter().any(|m| m.arrival.is_none())),
            Measure::Decided => truth(state.leaderships.iter().any(|l| l.decided.is_some())),
            Measure::Disclosed => truth(state.leaderships.iter().any(|l| l.disclosed.is_some())),
            Measure::Acting => {
                let (mut strikers, mut size) = (0, 0);
                for (stratum, counts) in self.rules.strata.iter().zip(&state.strata) {
                    if region.is_none_or(|r| self.rules.places[stratum.place].region == r) {
                        strikers += counts.strikers;
                        size += counts.size;
                    }
                }
                Counts { size, ..Counts::default() }.share(strikers)
            }
        }
    }

    fn met(&self, body: usize) -> Option<u32> {
        self.bodies(body).iter().filter_map(|b| b.met).max()
    }

    fn carried(&self, body: usize, resolution: usize) -> bool {
        let stands =
            |index: usize| self.state.stand(self.rules, index, resolution).is_some_and(|(_, ever)| ever);
        self.families[body].clone().any(stands)
    }
}
