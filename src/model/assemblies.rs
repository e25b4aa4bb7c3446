//! Bodies through a day: they live, are called, elect, vote and are heard; ballots are held.

use std::array;
use std::sync::Arc;

use super::crew::Crew;
use super::events::{EffectKind, Happening, HappeningKind};
use super::institutions::{
    Body, Interest, Occasion, Turn, Vote, call_session, hold_ballot, interest, live, poll, renew_bodies,
    turnout,
};
use super::rules::Rules;
use super::world::{Poll, World, electorate};
use crate::model::State;
use crate::model::institutions::Electorate;

/// Bodies whose day is worth a thread of its own.
const LIVING_TOGETHER: usize = 1_024;
/// Bodies whose vote is.
const VOTING_TOGETHER: usize = 64;

impl World {
    /// Lets bodies live, meet, elect and vote, and holds the day's ballots.
    pub(super) fn hold_assemblies(&mut self, day: u32, crew: &impl Crew) {
        let rules = Arc::clone(&self.around.rules);
        self.let_bodies_live(&rules, day, crew);
        self.call_sessions(&rules, day);
        self.renew(Occasion::Day(day), crew);
        self.vote(&rules, day, crew);
        self.returns.clear();
        if rules.mechanisms.ballots {
            let today = rules.ballots.iter().enumerate().filter(|(_, b)| b.day == day);
            for (index, ballot) in today {
                let turnouts = self.turnouts(&rules);
                self.returns.extend(hold_ballot(index, ballot, &rules, &self.state.strata, &turnouts));
            }
        }
    }

    pub(super) fn renew(&mut self, occasion: Occasion, crew: &impl Crew) {
        let State { bodies, enterprises, collectives, strata, .. } = &mut self.state;
        let people = Electorate { enterprises, collectives, strata };
        renew_bodies(&self.around.rules, bodies, &people, occasion, self.around.key, crew);
    }

    /// Share that would vote in a ballot today, by stratum.
    #[must_use]
    pub fn turnouts(&self, rules: &Rules) -> Vec<f32> {
        rules
            .strata
            .iter()
            .zip(&self.around.climates)
            .map(|(stratum, climate)| {
                let ordinary = rules.classes[stratum.class].turnout;
                let disillusion = self.state.regions[rules.places[stratum.place].region].disillusion;
                turnout(ordinary, climate.attention_ratio, disillusion, rules.params.hope.turnout_loss)
            })
            .collect()
    }

    fn let_bodies_live(&mut self, rules: &Rules, day: u32, crew: &impl Crew) {
        let interests = self.interests(rules);
        let key = self.around.key;
        for index in (0..rules.bodies.len()).filter(|&spec| rules.bodies[spec].can_lapse_or_be_founded()) {
            let let_live = |_, bodies: &mut [Body]| {
                let mut turns = [0; 3];
                // Bodies of one kind in one place share their people's interest; they stand in the order of places.
                let mut here = None;
                for body in bodies {
                    let today = match here {
                        Some((place, today)) if place == body.place => today,
                        _ => interest_of(rules, &interests, index, body.place),
                    };
                    here = Some((body.place, today));
                    match live(rules, body, today, day, key) {
                        Turn::None => {}
                        Turn::Founded => turns[0] += 1,
                        Turn::Lapsed => turns[1] += 1,
                        Turn::Revived => turns[2] += 1,
                    }
                }
                turns
            };
            let family = self.family(index);
            let [founded, lapsed, revived] =
                crew.sum_up(0, &mut self.state.bodies[family], LIVING_TOGETHER, &let_live, &|a, b| {
                    array::from_fn(|i| a[i] + b[i])
                });
            if founded + lapsed + revived > 0 {
                let kind = HappeningKind::Bodies { founded, lapsed, revived };
                self.happenings.push(Happening { event: index, place: None, kind });
            }
        }
    }

    /// The interest of each stratum and the weight of its people.
    fn interests(&self, rules: &Rules) -> Vec<(Interest, f32)> {
        let silent = rules.silent();
        rules
            .strata
            .iter()
            .enumerate()
            .map(|(s, stratum)| {
                let counts = &self.state.strata[s];
                let region = &self.state.regions[rules.places[stratum.place].region];
                let disillusion = if rules.mechanisms.disillusion { region.disillusion } else { 0.0 };
                let today = interest(
                    1.0 - counts.share(counts.public[silent]),
                    self.around.climates[s].attention_ratio,
                    disillusion,
                    self.state.echoes[stratum.place].heard().0,
                    counts.share(counts.strikers),
                    &rules.params.bodies,
                );
                (today, counts.size as f32)
            })
            .collect()
    }

    fn call_sessions(&mut self, rules: &Rules, day: u32) {
        for (spec, family) in rules.bodies.iter().zip(&self.families) {
            let Some(sessions) = &spec.sessions else { continue };
            let callers = sessions.caller.map_or(0..0, |caller| self.families[caller].clone());
            let (mut wants, mut pressure) = (false, 0.0);
            if let Some(demand) = sessions.demand {
                let stands = |body: usize| self.stand(rules, body, demand);
                wants = callers.clone().any(|body| stands(body) == Some(true));
                let (mut all, mut carrying) = (0, 0);
                for (body, voting) in self.state.bodies.iter().enumerate() {
                    if let Some(carries) = stands(body)
                        && !callers.contains(&body)
                        && voting.is_active()
                    {
                        all += 1;
                        carrying += u32::from(carries);
                    }
                }
                pressure = if all > 0 { carrying as f32 / all as f32 } else { 0.0 };
            }
            // A caller that has never been elected cannot stand in the way.
            let caller_sits = self.state.bodies[callers].iter().any(|b| b.size() > 0);
            for body in &mut self.state.bodies[family.clone()] {
                call_session(rules, body, wants || !caller_sits, pressure, day);
            }
        }
    }

    /// Whether the last vote of a body on a resolution carried it; `None` before the first.
    pub(super) fn stand(&self, rules: &Rules, body: usize, resolution: usize) -> Option<bool> {
        self.state.stand(rules, body, resolution).map(|(last, _)| last)
    }

    /// Moves the day's resolutions, and lets leading votes be heard.
    fn vote(&mut self, rules: &Rules, day: u32, crew: &impl Crew) {
        self.polls.clear();
        let fade = (-1.0 / rules.params.bodies.echo_half_life_days).exp2();
        for echo in &mut self.state.echoes {
            echo.strength *= fade;
            echo.stance.iter_mut().for_each(|s| *s *= fade);
        }
        let kinds = rules.resolutions.len();
        let mut leading = Vec::new();
        let people = electorate(&self.state);
        let bodies = &self.state.bodies[..];
        let mut votes = Vec::new();
        for (index, resolution) in rules.resolutions.iter().enumerate() {
            let shifts = self.stance_shifts(rules, index, day);
            let moved = day >= resolution.from_day
                && (day - resolution.from_day).is_multiple_of(resolution.every_days);
            for kind in (0..rules.bodies.len()).filter(|&kind| resolution.bodies[kind]) {
                let (spec, family) = (&rules.bodies[kind], self.family(kind));
                let meets = |body: &Body| body.met == Some(day);
                let any_sits = match spec.sessions {
                    Some(_) => bodies[family.clone()].iter().any(meets),
                    None => moved,
                };
                if !any_sits {
                    continue;
                }
                votes.clear();
                votes.resize(family.len(), None);
                let cast = |first: usize, votes: &mut [Option<Vote>]| {
                    for (vote, seated) in votes.iter_mut().zip(&bodies[first..]) {
                        if (spec.sessions.is_none() || meets(seated))
                            && seated.is_active()
                            && seated.size() > 0
                        {
                            *vote = Some(poll(resolution, &shifts, seated, rules, &people));
                        }
                    }
                };
                crew.share_out(family.start, &mut votes, VOTING_TOGETHER, &cast);
                for (body, &vote) in family.zip(&votes) {
                    let Some(vote) = vote else { continue };
                    self.polls.push(Poll { body, resolution: index, vote });
                    let ever = self.state.stand(rules, body, index).is_some_and(|(_, ever)| ever);
                    if vote.passed() && !ever && spec.lead > 0.0 {
                        let stances =
                            resolution.stances.iter().zip(&shifts).map(|(s, x)| s + x).collect::<Vec<f32>>();
                        leading.push((body, spec.lead, stances));
                    }
                }
            }
        }
        for poll in &self.polls {
            let slot = &mut self.state.standing[poll.body * kinds + poll.resolution];
            let ever = slot.is_some_and(|(_, ever)| ever);
            *slot = Some((poll.vote.passed(), ever || poll.vote.passed()));
        }
        for (body, lead, stances) in leading {
            let places = self.places_of_body(rules, body);
            self.let_hear(rules, &places, lead, &stances);
        }
    }

    /// What events have added to each party's stance on a resolution.
    fn stance_shifts(&self, rules: &Rules, resolution: usize, day: u32) -> Vec<f32> {
        let mut shifts = vec![0.0; rules.parties.len()];
        for (_, kind, value) in self.state.calendar.in_force(&rules.events, day) {
            if let EffectKind::Stance(of, party) = kind
                && of == resolution
            {
                shifts[party] += value;
            }
        }
        shifts
    }

    fn places_of_body(&self, rules: &Rules, body: usize) -> Vec<usize> {
        let seated = &self.state.bodies[body];
        match seated.place {
            Some(place) => vec![place],
            None => (0..rules.places.len()).filter(|&p| rules.bodies[seated.spec].places[p]).collect(),
        }
    }

    /// Lets news of `weight` leading votes with these stances be heard wherever news of the places goes.
    pub(super) fn let_hear(&mut self, rules: &Rules, places: &[usize], weight: f32, stances: &[f32]) {
        for (to, echo) in self.state.echoes.iter_mut().enumerate() {
            let heard = places.iter().map(|&from| rules.news_weight(from, to)).fold(0.0, f32::max);
            echo.strength += weight * heard;
            for (sum, stance) in echo.stance.iter_mut().zip(stances) {
                *sum += weight * heard * stance;
            }
        }
    }
}

/// The interest of a body's people: the mean over its strata, by weight.
fn interest_of(rules: &Rules, interests: &[(Interest, f32)], spec: usize, place: Option<usize>) -> Interest {
    let body = &rules.bodies[spec];
    let (mut sum, mut weight) = (Interest::default(), 0.0);
    // Strata stand in the order of places.
    let from = place.map_or(0, |own| rules.strata.partition_point(|s| s.place < own));
    let to = place.map_or(rules.strata.len(), |own| rules.strata.partition_point(|s| s.place <= own));
    for (stratum, (interest, people)) in rules.strata[from..to].iter().zip(&interests[from..to]) {
        let here = place.map_or(body.places[stratum.place], |p| p == stratum.place);
        if here && body.sections.iter().any(|s| s.classes[stratum.class]) {
            sum.attendance += interest.attendance * people;
            sum.stir += interest.stir * people;
            weight += people;
        }
    }
    if weight > 0.0 {
        sum.attendance /= weight;
        sum.stir /= weight;
    }
    sum
}
