//! The course of power through a day: units go over, march, and fight; committees decide; hope decays; power spreads.

use std::sync::Arc;

use super::events::{EffectKind, Happening, HappeningKind};
use super::fixed::BINS;
use super::institutions::Body;
use super::power::authority::{Authority, transfer_chance};
use super::power::{Arms, Arrival, Contest, Forces, Holder, Leadership, March, Road, Situation, Winner};
use super::rules::{Acts, Rules};
use super::world::World;
use crate::random::{Process, Stream, name_address};

/// Days after a lost fight before a region rises again: assumed.
const BREATH_DAYS: u32 = 10;
/// Disillusion that a lost fight leaves: assumed.
const LOST: f32 = 0.4;

impl World {
    /// Share of the seats of each region's governing bodies held by those who want their power.
    pub(super) fn leads(&self) -> Vec<f32> {
        let rules = &self.around.rules;
        let contenders = rules.contenders();
        let mut sums = vec![(0, 0); rules.regions.len()];
        for (index, body) in self.governing().filter(|(_, body)| body.is_active()) {
            let Some(region) = self.body_regions[index] else { continue };
            sums[region].0 += contenders.iter().map(|&p| body.seats[p]).sum::<u32>();
            sums[region].1 += body.size();
        }
        sums.into_iter().map(|(held, size)| if size > 0 { held as f32 / size as f32 } else { 0.0 }).collect()
    }

    /// Bodies that can hold power in their places, and their numbers among all.
    fn governing(&self) -> impl Iterator<Item = (usize, &Body)> {
        self.bodies_where(|spec| spec.governs)
    }

    /// Authority in a region.
    #[must_use]
    pub fn authority_in(&self, region: usize) -> Authority {
        let places = &self.around.rules.regions[region].places;
        Authority::of_all(&places.iter().map(|&p| self.state.authorities[p]).collect::<Vec<_>>())
    }

    /// Units decide, one by one, whether to go over to the elected bodies.
    pub(super) fn go_over(&mut self, day: u32) {
        let rules = Arc::clone(&self.around.rules);
        // Where there are no commissars nobody goes over.
        if !rules.mechanisms.transfer || self.around.climates.iter().all(|c| c.commissars <= 0.0) {
            return;
        }
        let mut over = vec![0; rules.places.len()];
        for (index, enterprise) in self.state.enterprises.iter_mut().enumerate() {
            let stratum = &rules.strata[enterprise.stratum as usize];
            let commissars = self.around.climates[enterprise.stratum as usize].commissars;
            let class = &rules.classes[stratum.class];
            if !class.armed || class.acts == Acts::Neither || enterprise.transferred || commissars <= 0.0 {
                continue;
            }
            let following = enterprise.counts.share(enterprise.counts.following);
            let chance = transfer_chance(following, commissars, &rules.params.power);
            if Stream::new(self.around.key, Process::Transfer, day, index as u64).uniform() < chance {
                enterprise.transferred = true;
                over[stratum.place] += 1;
            }
        }
        for (place, units) in over.into_iter().enumerate().filter(|(_, units)| *units > 0) {
            self.happenings.push(Happening {
                event: 0,
                place: Some(place),
                kind: HappeningKind::WentOver(units),
            });
        }
    }

    /// Units set off where `event` sends them.
    pub(super) fn set_off(&mut self, event: usize, day: u32) {
        for (index, spec) in self.around.rules.marches.iter().enumerate() {
            if spec.event == event {
                self.state.marches.push(March::set_off(index, spec, day, self.around.key));
            }
        }
    }

    /// Marches, decisions, fights, and what they leave behind.
    pub(super) fn contend(&mut self, day: u32) {
        let rules = Arc::clone(&self.around.rules);
        self.advance_marches(&rules, day);
        self.hold_councils(&rules, day);
        self.fight(&rules, day);
        if rules.mechanisms.spread {
            self.spread(&rules, day);
        }
        self.settle_regions(&rules, day);
    }

    fn persons(&self, agents: u64) -> f64 {
        agents as f64 * self.around.rules.people_per_agent
    }

    /// Those who would turn out in a region; `alert` raises the government's number.
    fn forces(&self, region: usize, alert: f32) -> Forces {
        let a = self.authority_in(region);
        let arms = Arms {
            units_for: self.persons(a.armed_for),
            guards: self.persons(a.guards),
            units_against: self.persons(a.armed_against - a.picked),
            picked: self.persons(a.picked) + self.state.regions[region].occupiers,
        };
        let rules = &self.around.rules;
        let mut forces = Forces::muster(&arms, f64::from(alert), &rules.params.power);
        // Those whose hope has been disappointed stay at home.
        let disillusion =
            if rules.mechanisms.disillusion { self.state.regions[region].disillusion } else { 0.0 };
        forces.elected *= f64::from(1.0 - rules.params.hope.turnout_loss * disillusion);
        if self.state.regions[region].holder == Holder::Right {
            forces.elected *= f64::from(1.0 - rules.params.power.disarming);
        }
        forces
    }

    /// What marching units meet on the way: those of the places they march to who stand left of the middle, of whatever
    /// party.
    fn road(&self, rules: &Rules, places: &[bool]) -> Road {
        let (mut left, mut people, mut workers, mut working) = (0, 0, 0, 0);
        for (stratum, counts) in rules.strata.iter().zip(&self.state.strata) {
            let class = &rules.classes[stratum.class];
            if places[stratum.place] && (class.armed || class.productive) {
                let own: u32 = counts.positions[BINS / 2..].iter().sum();
                left += own;
                people += counts.size;
                if class.productive {
                    workers += own;
                    working += counts.size;
                }
            }
        }
        let share = |part: u32, all: u32| if all > 0 { part as f32 / all as f32 } else { 0.0 };
        Road {
            agitation: if rules.mechanisms.dissolution { share(left, people) } else { 0.0 },
            obstruction: if rules.mechanisms.railways { share(workers, working) } else { 0.0 },
        }
    }

    fn advance_marches(&mut self, rules: &Rules, day: u32) {
        for index in 0..self.state.marches.len() {
            if self.state.marches[index].arrival.is_some() {
                continue;
            }
            let spec = &rules.marches[self.state.marches[index].spec];
            let road = self.road(rules, &spec.places);
            if !self.state.marches[index].advance(spec, road, &rules.params.power) {
                continue;
            }
            let mut regions: Vec<usize> =
                (0..rules.places.len()).filter(|&p| spec.places[p]).map(|p| rules.places[p].region).collect();
            regions.sort_unstable();
            regions.dedup();
            let defenders: f64 = regions.iter().map(|&r| self.forces(r, 0.0).elected).sum();
            let march = &mut self.state.marches[index];
            let men = march.men_who_fight(spec);
            let succeeded = men > defenders;
            march.arrival =
                Some(Arrival { day, obedience: march.mean_obedience(), men, defenders, succeeded });
            if succeeded {
                let each = men / regions.len() as f64;
                for region in regions {
                    self.change_hands(region, Holder::Right, day);
                    self.state.regions[region].occupiers = each;
                }
            }
        }
    }

    fn change_hands(&mut self, region: usize, holder: Holder, day: u32) {
        let state = &mut self.state.regions[region];
        state.holder = holder;
        state.since = Some(day);
    }

    /// Leading committees meet and, perhaps, act.
    fn hold_councils(&mut self, rules: &Rules, day: u32) {
        if !rules.mechanisms.leadership {
            return;
        }
        for index in 0..rules.leaderships.len() {
            let spec = &rules.leaderships[index];
            let region = spec.region;
            let authority = self.authority_in(region);
            let margin = f64::from(rules.params.hope.ripe_margin);
            let seen = Situation {
                balance: self.forces(region, 0.0).balance() as f32,
                pressure: self.pressure(rules, spec.resolution),
                ripe: authority.elected > authority.government + margin
                    && self.state.regions[region].holder == Holder::Government,
                days_to_congress: spec.congress.and_then(|c| self.days_to_session(c, day)),
            };
            let waverers = if rules.mechanisms.waverers { spec.waverers } else { 0 };
            let mut committee: Leadership = self.state.leaderships[index];
            let acts = committee.acted.is_none()
                && committee.meet(spec, &seen, waverers, day, self.around.key, &rules.params.power);
            self.state.leaderships[index] = committee;
            if acts && rules.mechanisms.insurrection {
                let alert =
                    if committee.disclosed.is_some() { rules.params.power.disclosure_alert } else { 0.0 };
                self.begin_contest(rules, region, day, alert);
            }
        }
    }

    /// Share of the governing bodies that stand by a resolution.
    fn pressure(&self, rules: &Rules, resolution: Option<usize>) -> f32 {
        let Some(resolution) = resolution else { return 0.0 };
        let (mut all, mut standing) = (0, 0);
        for (index, _) in self.governing().filter(|(_, body)| body.is_active()) {
            if let Some(stands) = self.stand(rules, index, resolution) {
                all += 1;
                standing += u32::from(stands);
            }
        }
        if all > 0 { standing as f32 / all as f32 } else { 0.0 }
    }

    fn days_to_session(&self, spec: usize, day: u32) -> Option<u32> {
        let called = |b: &Body| b.called.filter(|&c| c >= day).map(|c| c - day);
        self.state.bodies[self.family(spec)].iter().find_map(called)
    }

    fn begin_contest(&mut self, rules: &Rules, region: usize, day: u32, alert: f32) {
        let forces = self.forces(region, alert);
        let contest =
            Contest::begin(&rules.regions[region].name, day, forces, self.around.key, &rules.params.power);
        self.state.regions[region].contest = Some(contest);
    }

    fn fight(&mut self, rules: &Rules, day: u32) {
        for region in 0..rules.regions.len() {
            let Some(mut contest) = self.state.regions[region].contest else { continue };
            if contest.decided.is_some() {
                continue;
            }
            contest.fight(day, &rules.params.power);
            self.state.regions[region].contest = Some(contest);
            match contest.decided {
                Some((_, Winner::Elected)) => self.take_power(rules, region, day),
                Some((_, Winner::Government)) => {
                    let hope = &mut self.state.regions[region].disillusion;
                    *hope += LOST * (1.0 - *hope);
                }
                None => {}
            }
        }
    }

    /// The elected bodies take power in a region, and it is heard.
    fn take_power(&mut self, rules: &Rules, region: usize, day: u32) {
        self.change_hands(region, Holder::Elected, day);
        let leader = rules.leaderships.iter().position(|l| l.region == region);
        if let (Some(leader), None) = (leader, self.state.power_taken) {
            self.state.power_taken = Some((day, leader));
        }
        let of = leader.or(self.state.power_taken.map(|(_, l)| l));
        let Some(of) = of else { return };
        let mut stances = vec![0.0; rules.parties.len()];
        for &party in &rules.leaderships[of].government {
            stances[party] = 1.0;
        }
        let weight = rules.params.bodies.echo_power;
        self.let_hear(rules, &rules.regions[region].places, weight, &stances);
    }

    /// Power taken in one region is taken up in others within reach of the same party, where they are ready.
    fn spread(&mut self, rules: &Rules, day: u32) {
        let leads = self.leads();
        for (index, spec) in rules.leaderships.iter().enumerate() {
            if self.state.regions[spec.region].holder != Holder::Elected
                || self.state.leaderships[index].acted.is_none()
            {
                continue;
            }
            for region in (0..rules.regions.len()).filter(|&r| spec.reach[r]) {
                let state = &self.state.regions[region];
                let resting = state.contest.is_some_and(|c| match c.decided {
                    None => true,
                    Some((decided, _)) => day < decided + BREATH_DAYS,
                });
                if state.holder == Holder::Elected || resting {
                    continue;
                }
                let authority = self.authority_in(region);
                let ready = leads[region] > 0.5 || authority.elected > authority.government;
                let heard = self.heard_of_power(rules, region);
                let chance = if ready { rules.params.power.spread_rate * heard } else { 0.0 };
                let who = name_address(&rules.regions[region].name);
                if chance > 0.0 && Stream::new(self.around.key, Process::Spread, day, who).uniform() < chance
                {
                    self.begin_contest(rules, region, day, 0.0);
                }
            }
        }
    }

    /// How well a region hears of places where the elected bodies hold power.
    fn heard_of_power(&self, rules: &Rules, region: usize) -> f32 {
        let mut best = 0.0_f32;
        for (other, state) in self.state.regions.iter().enumerate() {
            if state.holder == Holder::Elected {
                for &from in &rules.regions[other].places {
                    for &to in &rules.regions[region].places {
                        best = best.max(rules.news_weight(from, to));
                    }
                }
            }
        }
        best
    }

    /// Hope and disorder of every region, and the credit that delay costs.
    fn settle_regions(&mut self, rules: &Rules, day: u32) {
        let effects: Vec<(usize, EffectKind, f32)> =
            self.state.calendar.in_force(&rules.events, day).collect();
        for region in 0..rules.regions.len() {
            let places = &rules.regions[region].places;
            let here = |event: usize| places.iter().any(|&p| rules.events[event].places[p]);
            let mut spark = 0.0_f32;
            let mut suppression = 0.0;
            for &(event, kind, value) in &effects {
                match kind {
                    EffectKind::Disorder if here(event) => spark = spark.max(value),
                    EffectKind::Suppress if here(event) => suppression += value,
                    _ => {}
                }
            }
            let authority = self.authority_in(region);
            let margin = f64::from(rules.params.hope.ripe_margin);
            let busy = rules
                .leaderships
                .iter()
                .zip(&self.state.leaderships)
                .any(|(spec, l)| spec.reach[region] && (l.decided.is_some() || l.acted.is_some()));
            let state = &mut self.state.regions[region];
            state.ripe = authority.weight > 0.0
                && authority.elected > authority.government + margin
                && state.holder == Holder::Government
                && !busy;
            if rules.mechanisms.disillusion {
                state.settle_hope(&rules.params.hope);
            }
            if rules.mechanisms.gatherings {
                state.settle_disorder(spark, suppression, &rules.params.power);
            }
            if state.ripe && rules.mechanisms.disillusion && rules.mechanisms.credibility {
                self.charge_delay(rules, region);
            }
        }
    }

    /// The party that leads the region's governing bodies pays for a moment that passes.
    fn charge_delay(&mut self, rules: &Rules, region: usize) {
        let mut seats = vec![0; rules.parties.len()];
        for (_, body) in self.governing().filter(|(index, _)| self.body_regions[*index] == Some(region)) {
            for (sum, held) in seats.iter_mut().zip(&body.seats) {
                *sum += held;
            }
        }
        let Some(leader) =
            (0..seats.len()).filter(|&p| seats[p] > 0).max_by_key(|&p| (seats[p], seats.len() - p))
        else {
            return;
        };
        for (stratum, credit) in rules.strata.iter().zip(&mut self.state.credibility) {
            if rules.places[stratum.place].region == region {
                credit[leader] -= rules.params.credibility.delay_cost;
            }
        }
    }
}
