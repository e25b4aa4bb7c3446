//! What a day holds for each stratum: everything its agents share, made ready before anybody moves.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::agents::OPTIONS;
use super::behaviour::action::experience_weight;
use super::behaviour::attitude::{self, Drift, Kernel, add_positions};
use super::behaviour::choice::Offer;
use super::behaviour::contacts::{Mixture, add_voices};
use super::behaviour::credibility::credited;
use super::crew::{Alone, Crew};
use super::events::{Calendar, level_at};
use super::felt::{Felt, Gathering, InForce, Warning};
use super::fixed::{BINS, POSITION_UNITS, SHARE_UNITS, bin};
use super::groups::{Counts, Deeds, Enterprise, MAX_TOPICS};
use super::power::{Holder, RegionState};
use super::rules::{Acts, Link, Rules, Stratum};
use crate::simd::Portable;

/// Strata that are worth a thread of their own.
const RENEWED_TOGETHER: usize = 16;

/// What is heard of deeds and votes elsewhere, as it stands in a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Echo {
    /// Leading votes still heard, fully heard ones counting 1.
    pub strength: f32,
    /// Of these, those for each party's stance (against it below 0).
    pub stance: [f32; OPTIONS],
}

impl Echo {
    /// How much of it is heard, 0..1, and for which stances: `s / (1 + s)` of all that is in the air, since nobody can
    /// listen to everything. ODD 7.9.
    #[must_use]
    pub fn heard(&self) -> (f32, [f32; OPTIONS]) {
        let scale = 1.0 / (1.0 + self.strength);
        (self.strength * scale, self.stance.map(|s| s * scale))
    }
}

/// What has been taken in a place, as shares of what could be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// Land, over the people of enterprises that seize it.
    pub land: f32,
    /// Enterprises occupied, over the people of striking classes.
    pub enterprises: f32,
}

impl Taken {
    /// Of a place with these enterprises.
    pub(super) fn of(rules: &Rules, enterprises: &[Enterprise]) -> Self {
        let (mut taken, mut people) = (Self::default(), Self::default());
        for enterprise in enterprises {
            let size = enterprise.counts.size as f32;
            match rules.classes[rules.strata[enterprise.stratum as usize].class].acts {
                Acts::Seize => {
                    taken.land += size * enterprise.taken;
                    people.land += size;
                }
                Acts::Strike => {
                    taken.enterprises += if enterprise.occupied { size } else { 0.0 };
                    people.enterprises += size;
                }
                Acts::Refuse | Acts::Neither => {}
            }
        }
        taken.land /= people.land.max(1.0);
        taken.enterprises /= people.enterprises.max(1.0);
        taken
    }
}

/// The day of a stratum.
#[derive(Clone, Debug, Default)]
pub struct Climate {
    /// What its agents choose among.
    pub offer: Offer,
    /// Level of each issue's grievance, 0..=1.
    pub grievances: Vec<f32>,
    /// Fear of speaking, by party.
    pub fear: [f32; OPTIONS],
    /// Pull of all grievances, position per day.
    pub pull: f32,
    /// Shock to positions, per day.
    pub shock: f32,
    /// Change of trust while effects last.
    pub trust_shift: f32,
    /// Trust that the government's deeds would earn.
    pub trust_target: f32,
    /// Chance of reconsidering, in units of 1/65536.
    pub attention: u32,
    /// Voices from beyond the enterprise, weighted; their weights are those left by the two below.
    pub heard: Mixture,
    /// Drift by voices from beyond the enterprise, weighted.
    pub drift: Drift,
    /// Weight of voices of the own collective.
    pub collective_weight: f32,
    /// Weight of voices of the own enterprise.
    pub enterprise_weight: f32,
    /// How the silent's demands are heard, by party: sums to one where there are any, beside a -1 for the silent.
    pub demand: Mixture,
    /// Whether there are any.
    pub any_demand: bool,
    /// Warnings in the air.
    pub warnings: Vec<Warning>,
    /// Credit that a topic come true gives or takes, by topic and party, where all had heard the warning.
    pub proven: [[f32; OPTIONS]; MAX_TOPICS],
    /// Whether any topic has come true.
    pub anything_proven: bool,
    /// Strength of a call to strike.
    pub call: f32,
    /// Weight of experience in the drive to strike.
    pub experience_weight: f32,
    /// Drive of those without experience where enterprises of the class are closed.
    pub fresh_answer: f32,
    /// Share of the class in the place on strike yesterday.
    pub strikers: f32,
    /// Grievance that drives the class to act, 0..=1.
    pub act_grievance: f32,
    /// Whether the class acts at all.
    pub acts: bool,
    /// Chance, per unit of position and conviction, that somebody takes up arms.
    pub arming: f32,
    /// Chance that somebody without trust leaves.
    pub leaving: f32,
    /// Chance to join a party, per conviction and organisation.
    pub joining: f32,
    /// Fatigue of positions, a day.
    pub relaxation: f32,
    /// Conviction lost at a reconsideration, as a share.
    pub disheartening: f32,
    /// Whether the government is that of the elected bodies, so that trust has changed sides.
    pub power_taken: bool,
    /// What the people of a place where all land is taken are spared, as grievance.
    pub relief: f32,
    /// Stored position beyond which people are called by the name of the denounced party, and its sign.
    pub label: Option<Label>,
    /// A gathering, where there is one.
    pub gathering: Option<Gathering>,
    /// Weight of all voices that are people's, beside papers and agitators.
    pub social_weight: f32,
    /// Attention today relative to the ordinary.
    pub attention_ratio: f32,
    /// Commissars with the units, 0..=1.
    pub commissars: f32,
    /// How far a party's deeds offend believers, as utility.
    pub faith: [f32; OPTIONS],
    /// Organisation of each party today, 0..=1.
    pub organisation: [f32; OPTIONS],
    /// Responsibility of each party for what is done today, 0..=1.
    pub responsibility: [f32; OPTIONS],
    /// How far speaking for each party is speaking for the old government, 0..=1.
    pub old_order: [f32; OPTIONS],
}

/// Who is called by the name of a party.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The party by index.
    pub party: u8,
    /// Stored position from which on (towards the party) it is given.
    pub from: i8,
    /// Whether the party stands to the left.
    pub left: bool,
}

impl Label {
    /// Whether somebody with this voice and stored position is called so.
    #[inline]
    #[must_use]
    pub fn fits(&self, public: u8, stored: i8) -> bool {
        public == self.party || if self.left { stored >= self.from } else { stored <= self.from }
    }
}

/// What the climate is made from.
pub(super) struct Ingredients<'a> {
    pub(super) rules: &'a Rules,
    /// Effect of voices on positions, by voice.
    pub(super) effects: &'a Kernel,
    pub(super) calendar: &'a Calendar,
    pub(super) strata: &'a [Counts],
    /// By stratum.
    pub(super) credibility: &'a [[f32; OPTIONS]],
    /// Share of each stratum's agents in closed enterprises.
    pub(super) locked: &'a [f32],
    /// By stratum.
    pub(super) deeds: &'a [Deeds],
    /// By region.
    pub(super) regions: &'a [RegionState],
    /// Share of the seats of each region's governing body held by those who want its power.
    pub(super) leads: &'a [f32],
    /// By place.
    pub(super) echoes: &'a [Echo],
    /// By place.
    pub(super) taken: &'a [Taken],
    /// Parties in office since power was taken; `None` before.
    pub(super) in_office: Option<&'a [usize]>,
    /// Whether people hear fixed contacts, so that nobody is heard in passing.
    pub(super) fixed_contacts: bool,
}

impl Ingredients<'_> {
    /// Makes `climates` those of every stratum on `day`, in the room of yesterday's.
    pub(super) fn renew(&self, climates: &mut Vec<Climate>, day: u32, crew: &impl Crew) {
        let carried = self.carried(day);
        climates.resize_with(self.rules.strata.len(), Climate::default);
        let renew = |first: usize, climates: &mut [Climate]| self.renew_from(first, climates, &carried);
        crew.share_out(0, climates, RENEWED_TOGETHER, &renew);
    }

    /// Makes `climates` those of the strata from number `first` on.
    fn renew_from(&self, first: usize, climates: &mut [Climate], carried: &Carried) {
        // Communities of one place and class stand side by side: what they share is made ready once.
        let mut shared: Option<(usize, usize, Shared)> = None;
        let mut here = (usize::MAX, Vec::new());
        for (s, climate) in (first..).zip(climates) {
            let Stratum { place, class, .. } = self.rules.strata[s];
            if here.0 != place {
                here.0 = place;
                here.1.clear();
                let is_here = |(event, ..): &&InForce| self.rules.events[*event].places[place];
                here.1.extend(carried.in_force.iter().filter(is_here).copied());
            }
            let same = shared.take().filter(|(p, c, _)| (*p, *c) == (place, class));
            let (_, _, shared) = shared
                .insert(same.unwrap_or_else(|| (place, class, self.shared(place, class, &here.1, carried))));
            self.renew_one(s, carried, shared, climate);
        }
    }

    /// What all people of a class feel and hear in a place, whatever their community.
    fn shared(&self, place: usize, class: usize, in_force: &[InForce], carried: &Carried) -> Shared {
        let felt = Felt::gather(self.rules, in_force, place, class);
        let mut grievances = vec![0.0; self.rules.issues];
        for (series, level) in self.rules.series.iter().zip(&carried.series) {
            if series.places[place] > 0.0 && series.classes[class] {
                grievances[series.issue] += series.places[place] * level;
            }
        }
        for (level, effect) in grievances.iter_mut().zip(&felt.grievance) {
            *level += effect;
        }
        Shared { felt, grievances, streets: self.streets(place, class, carried) }
    }

    /// What links and news carry today, gathered once for all who hear it.
    fn carried(&self, day: u32) -> Carried {
        let rules = self.rules;
        let regions = rules.regions.len();
        let links = rules.links.iter().map(|link| {
            let groups = if link.within_region { regions } else { 1 };
            let mut voices = vec![Voices::default(); groups];
            for (s, stratum) in rules.strata.iter().enumerate() {
                if link.from_places[stratum.place] && link.from_classes[stratum.class] {
                    let group = if link.within_region { rules.region_of(s) } else { 0 };
                    voices[group].add(&self.strata[s], &self.deeds[s]);
                }
            }
            voices
        });
        let links = if rules.mechanisms.links { links.collect() } else { Vec::new() };
        let places = rules.places.len();
        // The largest share of a class that acts in a place, then how well each place hears of it.
        let mut acts = vec![0.0_f32; rules.classes.len() * places];
        for (stratum, counts) in rules.strata.iter().zip(self.strata) {
            let best = &mut acts[stratum.class * places + stratum.place];
            *best = best.max(counts.share(counts.strikers));
        }
        let mut acting = vec![0.0_f32; rules.classes.len() * places];
        for (index, &share) in acts.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let (class, from) = (index / places, index % places);
            let heard = &mut acting[class * places..][..places];
            for (to, best) in heard.iter_mut().enumerate().filter(|(to, _)| *to != from) {
                *best = best.max(share * rules.news_weight(from, to));
            }
        }
        let mut people = vec![0; places * rules.classes.len()];
        let mut strata_of = vec![0..0; places];
        for (s, (stratum, counts)) in rules.strata.iter().zip(self.strata).enumerate() {
            people[stratum.place * rules.classes.len() + stratum.class] += counts.size;
            let range: &mut Range<usize> = &mut strata_of[stratum.place];
            *range = if range.start == range.end { s..s + 1 } else { range.start..s + 1 };
        }
        let in_force = self.calendar.in_force(&rules.events, day).collect();
        let series = rules.series.iter().map(|series| level_at(&series.points, day)).collect();
        let by_party = |k: usize| {
            let mut row = [0.0; OPTIONS];
            row.iter_mut().zip(&rules.parties).for_each(|(row, party)| *row = party.programme[k]);
            row
        };
        let programmes = (0..rules.issues).map(by_party).collect();
        Carried { links, acting, people, strata_of, in_force, series, programmes }
    }

    /// Makes `climate` that of a stratum today; nothing of yesterday's is read.
    fn renew_one(&self, index: usize, carried: &Carried, shared: &Shared, climate: &mut Climate) {
        let rules = self.rules;
        let felt = &shared.felt;
        let mut grievances = std::mem::take(&mut climate.grievances);
        let on = &rules.mechanisms;
        let Stratum {
            place,
            class,
            community,
            position_shift,
            trust_shift,
            attention_shift,
            desertion_shift,
        } = rules.strata[index];
        let kind = &rules.classes[class];
        let p = &rules.params;
        let region = &self.regions[rules.places[place].region];
        let echo = &self.echoes[place];
        let counts = &self.strata[index];
        self.find_grievances(index, shared, carried, &mut grievances);
        climate.warnings.clear();
        if on.warnings {
            felt.add_warnings(rules, &mut climate.warnings);
        }
        let weight: f32 = kind.salience.iter().sum();
        let weighted = |k: usize| kind.salience[k] * grievances[k];
        let issues = 0..rules.issues;
        let total: f32 = issues.clone().map(weighted).sum();
        let unmet = if weight > 0.0 { total / weight } else { 0.0 };
        let direction: f32 = issues.clone().map(|k| weighted(k) * kind.pull[k]).sum();
        let pull = if on.grievances { p.attitude.rate * direction } else { 0.0 };
        let relief = kind.acts_on.map_or(0.0, |k| if weight > 0.0 { weighted(k) / weight } else { 0.0 });
        let over = |k: &usize| kind.acts_over.is_empty() || kind.acts_over.contains(k);
        let stakes: f32 = issues.clone().filter(over).map(|k| kind.salience[k]).sum();
        let act_grievance =
            if stakes > 0.0 { issues.clone().filter(over).map(weighted).sum::<f32>() / stakes } else { 0.0 };
        let disillusion = if on.disillusion { region.disillusion } else { 0.0 };
        let ordinary = kind.attention + attention_shift;
        let (echoed, stance) = echo.heard();
        let attention = (ordinary + felt.attention + p.bodies.echo_attention * echoed)
            * (1.0 - p.hope.attention_loss * disillusion);
        let heard = carried.acting[class * rules.places.len() + place];

        climate.pull = pull;
        climate.shock = felt.position - p.hope.right_gain * disillusion;
        climate.trust_shift = felt.trust;
        climate.trust_target =
            ((1.0 - p.attitude.trust_failure * unmet).clamp(0.0, kind.trust.mean.max(0.0)) + trust_shift)
                .clamp(0.0, 1.0);
        climate.attention = (attention.clamp(0.0, 1.0) * 65536.0) as u32;
        climate.attention_ratio = if ordinary > 0.0 { attention.max(0.0) / ordinary } else { 1.0 };
        climate.call = felt.call + kind.act_bias;
        climate.experience_weight = if on.experience && kind.acts == Acts::Strike {
            experience_weight(felt.call, &p.action)
        } else {
            0.0
        };
        climate.act_grievance = act_grievance;
        climate.fresh_answer =
            if on.feedback && on.experience { p.action.fresh_answer * self.locked[index] } else { 0.0 };
        climate.strikers = counts.share(counts.strikers).max(heard);
        climate.acts = match kind.acts {
            Acts::Strike => on.strikes,
            Acts::Refuse => on.refusals,
            Acts::Seize => on.seizures,
            Acts::Neither => false,
        };
        climate.arming = if on.guards && kind.acts == Acts::Strike {
            let lead = p.action.guard_lead * self.leads[rules.places[place].region];
            p.action.guard_rate * (felt.arming.max(0.0) + lead).min(1.0)
        } else {
            0.0
        };
        climate.leaving = if on.desertion {
            p.action.desert_rate * (kind.desertion + desertion_shift).max(0.0) * unmet
        } else {
            0.0
        };
        climate.joining = if on.membership { p.choice.join_rate } else { 0.0 };
        climate.relaxation =
            if on.fatigue { p.attitude.relaxation + p.hope.fatigue_gain * disillusion } else { 0.0 };
        climate.shock += climate.relaxation * p.attitude.anchoring * position_shift;
        climate.disheartening = p.hope.conviction_loss * disillusion;
        climate.power_taken = self.in_office.is_some();
        climate.relief = relief;
        climate.gathering = felt.gathering(region.disorder, on.gatherings);
        climate.commissars = felt.commissars.clamp(0.0, 1.0);
        climate.faith = felt.faith;
        climate.offer.options = rules.parties.len() + 1;
        climate.offer.unmet = unmet;
        climate.offer.faith = felt.faith;
        let arms = if kind.armed && on.arms { p.voice.arms_relief } else { 0.0 };
        let mean_position = counts.mean_position() as f32;
        // Party by party in lanes, issue after issue: the same sums as one party after another.
        let (mut programmes, mut demands) = ([-0.0_f32; OPTIONS], [-0.0_f32; OPTIONS]);
        for (k, row) in carried.programmes.iter().enumerate() {
            let weighted = weighted(k);
            for ((programme, demand), own) in programmes.iter_mut().zip(&mut demands).zip(row) {
                *programme += weighted * own;
                *demand += weighted * own.max(0.0);
            }
        }
        for (i, party) in rules.parties.iter().enumerate() {
            let offered = rules.is_offered(i, community);
            let present = f32::from(u8::from(offered));
            let press = party.press * felt.press[i] * present;
            let own = p.choice.local_organisation * rules.places[place].organisation[i];
            let organisation = (party.organisation + own) * felt.agitators[i] * present;
            let old_order = (party.responsibility + felt.responsibility[i]).clamp(0.0, 1.0);
            let responsibility = match self.in_office {
                Some(parties) => f32::from(u8::from(parties.contains(&i))),
                None => old_order,
            };
            let (programme, demand) = (programmes[i], demands[i]);
            let credit =
                if on.credibility { p.choice.credibility_weight * self.credibility[index][i] } else { 0.0 };
            climate.offer.appeal[i] = p.choice.issue_weight * programme
                + credit
                + p.choice.reach_weight * (press * kind.literate + organisation)
                + p.bodies.echo_credit * stance[i]
                + kind.base[i];
            if !offered {
                climate.offer.appeal[i] = f32::NEG_INFINITY;
            }
            climate.offer.positions[i] = party.position;
            climate.offer.distance_weights[i] = p.choice.position_weight * party.distance_weight;
            climate.offer.slander[i] = if on.slander { felt.slander[i].max(0.0) } else { 0.0 };
            climate.offer.blame[i] = p.choice.blame * responsibility * unmet;
            let terror =
                if region.holder == Holder::Right && party.position > 0.0 { p.power.terror } else { 0.0 };
            climate.fear[i] = if on.fear { (felt.fear[i] + terror).max(0.0) * (1.0 - arms) } else { 0.0 };
            climate.demand[i] = demand * present;
            climate.organisation[i] = organisation.clamp(0.0, 1.0);
            climate.responsibility[i] = responsibility;
            climate.old_order[i] = old_order;
            if on.warnings {
                let credited = credited(mean_position, party.position, &p.credibility);
                for topic in 0..rules.topics {
                    let gain = p.credibility.realised_gain * credited * felt.warned[topic][i]
                        - p.credibility.scoff_loss * felt.scoffed[topic][i];
                    climate.proven[topic][i] = p.choice.credibility_weight * felt.realised[topic] * gain;
                }
            }
        }
        climate.anything_proven = on.warnings && felt.realised.iter().any(|&r| r > 0.0);
        climate.label = self.label(climate);
        climate.grievances = grievances;
        let none = rules.none();
        climate.offer.appeal[none] = kind.base[none] + p.choice.disillusion_weight * disillusion;
        climate.offer.distance_weights[none] = p.choice.position_weight * p.choice.none_distance_weight;
        let of_parties = &mut climate.demand[..rules.parties.len()];
        let demands: f32 = of_parties.iter().sum();
        climate.any_demand = demands > 0.0;
        if climate.any_demand {
            of_parties.iter_mut().for_each(|d| *d /= demands);
            climate.demand[rules.silent()] = -1.0;
        }
        self.voices_from_beyond(index, shared, climate);
    }

    /// The party with the widest label, and who is called by it today: slander widens the circle.
    fn label(&self, climate: &Climate) -> Option<Label> {
        let rules = self.rules;
        let wide = |i: &usize| rules.parties[*i].label_distance;
        let party = (0..rules.parties.len())
            .filter(|i| wide(i) > 0.0)
            .max_by(|a, b| wide(a).total_cmp(&wide(b)))
            .filter(|_| rules.mechanisms.labels)?;
        let spec = &rules.parties[party];
        let reach =
            spec.label_distance * (1.0 + rules.params.voice.label_slander * climate.offer.slander[party]);
        let left = spec.position >= 0.0;
        let edge = if left { spec.position - reach } else { spec.position + reach };
        // Indifference is nobody's demand.
        let edge = if left { edge.max(0.05) } else { edge.min(-0.05) };
        Some(Label { party: party as u8, from: (edge * POSITION_UNITS) as i8, left })
    }

    /// Grievance of each issue: series, effects, and what deeds do to conditions.
    fn find_grievances(&self, index: usize, shared: &Shared, carried: &Carried, levels: &mut Vec<f32>) {
        let rules = self.rules;
        let Stratum { place, class, .. } = rules.strata[index];
        let kind = &rules.classes[class];
        let action = &rules.params.action;
        levels.clone_from(&shared.grievances);
        if rules.mechanisms.feedback {
            let lockouts = action.lockout_news * self.locked[index];
            for (level, salience) in levels.iter_mut().zip(&kind.salience) {
                *level += lockouts * salience;
            }
            if let Some(issue) = kind.alarmed_on {
                let taken = &self.taken[place];
                let disorder = self.regions[rules.places[place].region].disorder;
                levels[issue] += action.alarm * (taken.land + taken.enterprises + disorder);
            }
            let taken = self.taken[place];
            if let Some(issue) = kind.acts_on.filter(|_| kind.acts == Acts::Seize) {
                levels[issue] -= SETTLED * action.seize_relief * taken.land;
            }
        }
        for (link, voices) in rules.links.iter().zip(&carried.links) {
            let Some(issue) = link.issue.filter(|_| link.to_classes[class]) else { continue };
            let voices = &voices[if link.within_region { rules.places[place].region } else { 0 }];
            if voices.people > 0 {
                levels[issue] +=
                    link.to_places[place] * link.stir * voices.acting as f32 / voices.people as f32;
            }
        }
        levels.iter_mut().for_each(|level| *level = level.clamp(0.0, 1.0));
    }

    /// Streets, meetings and links, as a class hears them in a place.
    fn streets(&self, place: usize, class: usize, carried: &Carried) -> Streets {
        let rules = self.rules;
        let kind = &rules.classes[class];
        let links: Vec<(&Voices, f32)> = rules
            .links
            .iter()
            .zip(&carried.links)
            .filter(|(link, _)| link.to_places[place] > 0.0 && link.to_classes[class])
            .map(|(link, voices)| {
                let voices = &voices[if link.within_region { rules.places[place].region } else { 0 }];
                (voices, link.to_places[place] * voices.weight(link))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let weights = kind.collective_weight
            + kind.enterprise_weight
            + kind.place_weight
            + kind.press_weight
            + kind.agitator_weight
            + links.iter().map(|(_, weight)| weight).sum::<f32>();
        let scale = if weights > 0.0 { 1.0 / weights } else { 0.0 };
        let mut streets = Streets { scale, heard: [0.0; OPTIONS], positions: [0.0; BINS] };
        if self.fixed_contacts {
            return streets;
        }
        let classes = &carried.people[place * rules.classes.len()..][..rules.classes.len()];
        let mixed: f32 =
            classes.iter().zip(&kind.mixing).filter(|(people, _)| **people > 0).map(|(_, m)| m).sum();
        for s in carried.strata_of[place].clone() {
            let (counts, of) = (&self.strata[s], rules.strata[s].class);
            if mixed > 0.0 && counts.size > 0 {
                let share = counts.size as f32 / classes[of] as f32;
                let weight = kind.place_weight * scale * kind.mixing[of] / mixed * share;
                add_voices(Portable, &mut streets.heard, &counts.public, counts.size, weight);
                add_positions(Portable, &mut streets.positions, &counts.positions, counts.size, weight);
            }
        }
        for (voices, weight) in links {
            add_voices(Portable, &mut streets.heard, &voices.public, voices.people, weight * scale);
            add_positions(Portable, &mut streets.positions, &voices.positions, voices.people, weight * scale);
        }
        streets
    }

    /// Streets and meetings, links, press and agitators: what is heard from beyond the enterprise.
    fn voices_from_beyond(&self, index: usize, shared: &Shared, climate: &mut Climate) {
        let rules = self.rules;
        let Stratum { class, community, .. } = rules.strata[index];
        let kind = &rules.classes[class];
        let felt = &shared.felt;
        // Positions heard, weighted: the kernel is applied once to all of them.
        let Streets { scale, heard, mut positions } = shared.streets;
        climate.heard = heard;
        climate.collective_weight = kind.collective_weight * scale;
        climate.enterprise_weight = kind.enterprise_weight * scale;
        climate.social_weight = 1.0 - (kind.press_weight + kind.agitator_weight) * scale;

        // Papers and agitators speak with the position of their party's programme.
        let counts = &self.strata[index];
        let mut spoken = [0.0; OPTIONS];
        let members: u32 = counts.members.iter().sum();
        let zeal = if members > 0 && rules.mechanisms.agitators {
            rules.params.voice.agitation * self.deeds[index].agitators as f32 / members as f32
        } else {
            0.0
        };
        let (mut press, mut agitators) = ([0.0; OPTIONS], [0.0; OPTIONS]);
        for (i, party) in rules.parties.iter().enumerate() {
            let offered = rules.is_offered(i, community);
            press[i] = if offered { party.press * felt.press[i].max(0.0) } else { 0.0 };
            agitators[i] = climate.organisation[i] + zeal * counts.share(counts.members[i]);
        }
        for (reach, weight) in
            [(&press, kind.press_weight * kind.literate), (&agitators, kind.agitator_weight)]
        {
            let reach = &reach[..rules.parties.len()];
            let total: f32 = reach.iter().sum();
            if total > 0.0 {
                for (sum, &share) in spoken.iter_mut().zip(reach) {
                    *sum += weight * scale * share / total;
                }
            }
        }
        for (i, party) in rules.parties.iter().enumerate() {
            climate.heard[i] += spoken[i];
            positions[bin((party.position * POSITION_UNITS) as i8)] += spoken[i];
        }
        climate.drift = [0.0; BINS];
        attitude::add_drift(Portable, &mut climate.drift, self.effects, &positions);
    }
}

/// What is carried between places on one day.
struct Carried {
    /// Voices by link, then by region where a link stays within regions; empty where no link is at work.
    links: Vec<Vec<Voices>>,
    /// Largest share that acts elsewhere, by class and then by place where it is heard, times how well.
    acting: Vec<f32>,
    /// People by place and then class.
    people: Vec<u32>,
    /// The strata of each place.
    strata_of: Vec<Range<usize>>,
    /// Effects in force.
    in_force: Vec<InForce>,
    /// Level of each dated series today.
    series: Vec<f32>,
    /// Attitude of each party to each issue, by issue.
    programmes: Vec<[f32; OPTIONS]>,
}

/// What all communities of one place and class share on one day.
struct Shared {
    felt: Felt,
    /// Grievances before what deeds do to conditions, not yet bounded.
    grievances: Vec<f32>,
    streets: Streets,
}

/// What is heard on streets, in meetings and through links.
#[derive(Clone, Copy)]
struct Streets {
    /// One over the weights of all channels.
    scale: f32,
    /// Voices, weighted.
    heard: Mixture,
    /// Positions of the voices, weighted.
    positions: [f32; BINS],
}

/// All whom a link carries the voices of.
#[derive(Clone, Copy, Default)]
struct Voices {
    people: u32,
    public: [u32; OPTIONS],
    positions: [u32; BINS],
    acting: u32,
    absent: u32,
}

impl Voices {
    fn add(&mut self, counts: &Counts, deeds: &Deeds) {
        self.people += counts.size;
        self.acting += counts.strikers;
        self.absent += deeds.absent;
        self.public.iter_mut().zip(&counts.public).for_each(|(sum, n)| *sum += n);
        self.positions.iter_mut().zip(&counts.positions).for_each(|(sum, n)| *sum += n);
    }

    /// The weight of the link today: its own, and what those add who have left their posts.
    fn weight(&self, link: &Link) -> f32 {
        if link.deserters <= 0.0 || self.people == 0 {
            return link.weight;
        }
        link.weight + link.deserters * self.absent as f32 / self.people as f32
    }
}

/// Share of the grievance over land that those who have not yet taken any lose with what others of the place have
/// taken: assumed.
const SETTLED: f32 = 0.5;

/// Trust as the agents of a stratum feel it today: their own, shifted, within [0, 1].
#[inline(always)]
#[must_use]
pub fn felt_trust(stored: u8, shift: f32) -> f32 {
    f32::from(stored).mul_add(1.0 / SHARE_UNITS, shift).clamp(0.0, 1.0)
}

impl Climate {
    /// How the silent's demands are heard, where there are any.
    #[inline(always)]
    #[must_use]
    pub fn raised(&self) -> Option<&Mixture> {
        self.any_demand.then_some(&self.demand)
    }
}

/// Trust in whoever governs now: once the elected bodies do, those who distrusted the old government trust the new.
#[inline(always)]
#[must_use]
pub fn trust_in_office(trust: f32, power_taken: bool) -> f32 {
    if power_taken { 1.0 - trust } else { trust }
}

/// What people are born into: conditions of the first day, before any event and without anybody's voice.
#[must_use]
pub fn climates_at_birth(rules: &Rules) -> Vec<Climate> {
    let strata = vec![Counts::default(); rules.strata.len()];
    let deeds = vec![Deeds::default(); rules.strata.len()];
    let credibility = vec![rules.base_credibility(); rules.strata.len()];
    let mut climates = Vec::new();
    Ingredients {
        rules,
        effects: &attitude::by_voice(&attitude::kernel(&rules.params.attitude)),
        calendar: &Calendar::new(rules.events.len()),
        strata: &strata,
        credibility: &credibility,
        locked: &vec![0.0; rules.strata.len()],
        deeds: &deeds,
        regions: &vec![RegionState::default(); rules.regions.len()],
        leads: &vec![0.0; rules.regions.len()],
        echoes: &vec![Echo::default(); rules.places.len()],
        taken: &vec![Taken::default(); rules.places.len()],
        in_office: None,
        fixed_contacts: false,
    }
    .renew(&mut climates, 0, &Alone);
    climates
}
