//! What a run is told once and never changes: parties, issues, classes, places, links, bodies, calendar.
//!
//! All references are indices, resolved and checked when the scenario was read. Masks over places and classes hold
//! one truth for each, in scenario order.

use super::agents::OPTIONS;
use super::events::{EventSpec, SeriesSpec};
use super::groups::MAX_TOPICS;
use super::institutions::{BallotSpec, BodySpec, ResolutionSpec};
use super::mechanisms::Mechanisms;
use super::params::Params;
use super::power::{LeadershipSpec, MarchSpec};

/// A party.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Name in files.
    pub name: String,
    /// Programme position x in [-1, 1].
    pub position: f32,
    /// Factor on the weight of distance for this party.
    pub distance_weight: f32,
    /// Attitude to each issue in [-1, 1].
    pub programme: Vec<f32>,
    /// Share of responsibility for the government at the start, 0..=1.
    pub responsibility: f32,
    /// Base credibility.
    pub credibility: f32,
    /// Share of what is read, 0..=1.
    pub press: f32,
    /// Agitators, relative to a party present everywhere (1).
    pub organisation: f32,
    /// Share of its supporters who are members at the start, where it is fully organised.
    pub member_share: f32,
    /// People within this distance of its programme are called by its name; 0 where nobody is.
    pub label_distance: f32,
    /// The community whose list it is: nobody else can choose it.
    pub community: Option<usize>,
}

/// Parties whose joint majorities are dated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bloc {
    /// Name in files.
    pub name: String,
    /// Parties by index.
    pub parties: Vec<usize>,
}

/// Mean and standard deviation of a trait at birth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f32,
    /// Standard deviation.
    pub sd: f32,
}

/// What the class does when it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// Strikes.
    Strike,
    /// Refuses orders.
    Refuse,
    /// Seizes land.
    Seize,
    /// Neither.
    Neither,
}

/// A class: its interests and its ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Name in files.
    pub name: String,
    /// Position at birth.
    pub position: Spread,
    /// Trust at birth.
    pub trust: Spread,
    /// Conviction at birth.
    pub conviction: Spread,
    /// Threshold at birth.
    pub threshold: Spread,
    /// Experience at birth.
    pub experience: Spread,
    /// Weight of each issue, 0..=1.
    pub salience: Vec<f32>,
    /// Direction in which each issue's grievance pulls, -1..=1.
    pub pull: Vec<f32>,
    /// Standing preference for each option (parties, then none).
    pub base: [f32; OPTIONS],
    /// Chance of reconsidering on a day.
    pub attention: f32,
    /// Weight of voices from the own collective.
    pub collective_weight: f32,
    /// Weight of voices from the own enterprise.
    pub enterprise_weight: f32,
    /// Weight of voices from streets and meetings of the place.
    pub place_weight: f32,
    /// Weight of what is read.
    pub press_weight: f32,
    /// Weight of agitators.
    pub agitator_weight: f32,
    /// Weight of each class in streets and meetings.
    pub mixing: Vec<f32>,
    /// What it does when it acts.
    pub acts: Acts,
    /// Issues whose grievances drive it to act; all of them if empty.
    pub acts_over: Vec<usize>,
    /// Drive of the class to act, on top of what its conditions give.
    pub act_bias: f32,
    /// The issue that seizures and occupations satisfy.
    pub acts_on: Option<usize>,
    /// The issue that seizures, occupations and disorder in its place raise.
    pub alarmed_on: Option<usize>,
    /// Chance to leave, relative to `desert_rate`, where the place's traits add nothing.
    pub desertion: f32,
    /// Share that votes in ballots at its ordinary attention.
    pub turnout: f32,
    /// Mean size of its collectives, in persons.
    pub collective_people: f64,
    /// Whether its enterprises bear arms.
    pub armed: bool,
    /// Whether its enterprises keep the country running.
    pub productive: bool,
    /// Share with ties to the land.
    pub land_tie: f32,
    /// Share that reads.
    pub literate: f32,
    /// Share of believers pulled two ways.
    pub believer: f32,
}

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Name in files.
    pub name: String,
    /// Its region by index: places in which power is held together.
    pub region: usize,
    /// What each party's own people in the place add to its organisation in the country, -4..=4.
    pub organisation: Vec<f32>,
}

/// Places in which power is held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Name in files.
    pub name: String,
    /// Its places by index.
    pub places: Vec<usize>,
}

/// Place, class and community: the finest level at which conditions differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratum {
    /// Index of the place.
    pub place: usize,
    /// Index of the class.
    pub class: usize,
    /// Index of the community that has a list of its own, if its people belong to one.
    pub community: Option<usize>,
    /// Shift of mean position that the place's traits give this class.
    pub position_shift: f32,
    /// Shift of mean trust.
    pub trust_shift: f32,
    /// Shift of attention.
    pub attention_shift: f32,
    /// Shift of the chance to leave.
    pub desertion_shift: f32,
}

/// Voices carried between strata.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where the voices come from, by place.
    pub from_places: Vec<bool>,
    /// Where the voices come from, by class.
    pub from_classes: Vec<bool>,
    /// How well they are heard in each place, 0..=1; 0 where they are not. A factor on both weights.
    pub to_places: Vec<f32>,
    /// Where they are heard, by class.
    pub to_classes: Vec<bool>,
    /// Whether they are heard only in the region they come from.
    pub within_region: bool,
    /// Weight beside the class's own channels.
    pub weight: f32,
    /// Weight added where all who speak have left their posts.
    pub deserters: f32,
    /// Issue whose grievance deeds of the senders stir in the hearers.
    pub issue: Option<usize>,
    /// Grievance stirred where all senders act.
    pub stir: f32,
}

/// Everything that stays as it is for a whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Parties; option `p` is party `p`.
    pub parties: Vec<Party>,
    /// Blocs.
    pub blocs: Vec<Bloc>,
    /// Number of issues.
    pub issues: usize,
    /// Classes.
    pub classes: Vec<Class>,
    /// Places.
    pub places: Vec<Place>,
    /// Strata that have people, by place, then class, then community.
    pub strata: Vec<Stratum>,
    /// Regions, each with at least one place.
    pub regions: Vec<Region>,
    /// Links.
    pub links: Vec<Link>,
    /// How well news of deeds and votes carries, 0..=1: a row of all places for each place it comes from.
    pub news: Vec<f32>,
    /// Number of topics that can be warned of, at most [`MAX_TOPICS`].
    pub topics: usize,
    /// Voices an agent hears when it reconsiders.
    pub voices_heard: u32,
    /// Dated series of grievances.
    pub series: Vec<SeriesSpec>,
    /// Events.
    pub events: Vec<EventSpec>,
    /// Bodies.
    pub bodies: Vec<BodySpec>,
    /// Resolutions.
    pub resolutions: Vec<ResolutionSpec>,
    /// Secret ballots.
    pub ballots: Vec<BallotSpec>,
    /// Units that march when their event happens.
    pub marches: Vec<MarchSpec>,
    /// Leading committees.
    pub leaderships: Vec<LeadershipSpec>,
    /// Persons that one agent stands for.
    pub people_per_agent: f64,
    /// Numeric parameters.
    pub params: Params,
    /// What is at work.
    pub mechanisms: Mechanisms,
}

impl Rules {
    /// The option that is no party.
    #[inline]
    #[must_use]
    pub fn none(&self) -> usize {
        self.parties.len()
    }

    /// The voice that says nothing.
    #[inline]
    #[must_use]
    pub fn silent(&self) -> usize {
        self.parties.len() + 1
    }

    /// The region of a stratum.
    #[must_use]
    pub fn region_of(&self, stratum: usize) -> usize {
        self.places[self.strata[stratum].place].region
    }

    /// How well news of `from` is heard in `to`, 0..=1; a place hears itself fully.
    #[must_use]
    pub fn news_weight(&self, from: usize, to: usize) -> f32 {
        if from == to {
            return 1.0;
        }
        if self.mechanisms.news { self.news[from * self.places.len() + to] } else { 0.0 }
    }

    /// Whether a party has a list that the people of this community can choose.
    #[must_use]
    pub fn is_offered(&self, party: usize, community: Option<usize>) -> bool {
        self.parties[party].community.is_none_or(|own| community == Some(own))
    }

    /// Parties that stand for the power of the elected bodies: those of every leadership's government.
    #[must_use]
    pub fn contenders(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.leaderships.iter().flat_map(|l| l.government.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Credibility of every party where nothing has happened.
    #[must_use]
    pub fn base_credibility(&self) -> [f32; OPTIONS] {
        let mut base = [0.0; OPTIONS];
        for (credit, party) in base.iter_mut().zip(&self.parties) {
            *credit = party.credibility;
        }
        base
    }

    /// Asserts what the scenario has checked already.
    ///
    /// # Panics
    /// If there are more parties or topics than the state has room for: a bug in the validation.
    pub fn assert_sound(&self) {
        assert!(self.parties.len() <= OPTIONS - 2, "the validation admits no more parties");
        assert!(self.topics <= MAX_TOPICS, "the validation admits no more topics");
    }
}
