//! A scenario as written, typed: what serde reads once the schema check has passed and defaults are filled in.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::date::Calendar;
use crate::model::mechanisms::Mechanisms;
use crate::model::params::{
    ActionParams, AttitudeParams, BodyParams, ChoiceParams, CredibilityParams, HopeParams, PowerParams,
    VoiceParams,
};

type Map<T> = BTreeMap<String, T>;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawScenario {
    pub(super) meta: RawMeta,
    pub(super) time: RawTime,
    #[serde(default)]
    pub(super) run: RawRun,
    pub(super) party: Vec<RawParty>,
    #[serde(default)]
    pub(super) bloc: Vec<RawBloc>,
    #[serde(default)]
    pub(super) issue: Vec<RawLabelled>,
    #[serde(default)]
    pub(super) topic: Vec<RawLabelled>,
    #[serde(default)]
    pub(super) community: Vec<RawLabelled>,
    pub(super) class: Vec<RawClass>,
    pub(super) place: Vec<RawPlace>,
    #[serde(default)]
    pub(super) enterprise: Vec<RawEnterprise>,
    #[serde(default)]
    pub(super) link: Vec<RawLink>,
    #[serde(default)]
    pub(super) population: RawPopulation,
    #[serde(default)]
    pub(super) contacts: RawContacts,
    #[serde(default)]
    pub(super) attitude: AttitudeParams,
    #[serde(default)]
    pub(super) choice: ChoiceParams,
    #[serde(default)]
    pub(super) credibility: CredibilityParams,
    #[serde(default)]
    pub(super) voice: VoiceParams,
    #[serde(default)]
    pub(super) action: ActionParams,
    #[serde(default)]
    pub(super) hope: HopeParams,
    #[serde(default)]
    pub(super) bodies: BodyParams,
    #[serde(default)]
    pub(super) power: PowerParams,
    #[serde(default)]
    pub(super) mechanisms: Mechanisms,
    #[serde(default)]
    pub(super) news: Vec<RawNews>,
    #[serde(default)]
    pub(super) ballot: Vec<RawBallot>,
    #[serde(default)]
    pub(super) march: Vec<RawMarch>,
    #[serde(default)]
    pub(super) leadership: Vec<RawLeadership>,
    #[serde(default)]
    pub(super) counterfactual: Vec<RawCounterfactual>,
    #[serde(default)]
    pub(super) change: Vec<RawChange>,
    #[serde(default)]
    pub(super) fork: Vec<RawFork>,
    #[serde(default)]
    pub(super) facts: Roles,
    #[serde(default)]
    pub(super) series: Vec<RawSeries>,
    #[serde(default)]
    pub(super) event: Vec<RawEvent>,
    #[serde(default)]
    pub(super) resolution: Vec<RawResolution>,
    #[serde(default)]
    pub(super) body: Vec<RawBody>,
    pub(super) evidence: RawEvidence,
    #[serde(default)]
    pub(super) recorded_place: Vec<RawRecordedPlace>,
    #[serde(default)]
    pub(super) recorded_party: Vec<RawRecordedParty>,
    #[serde(default)]
    pub(super) recorded_body: Vec<RawRecordedBody>,
    #[serde(default)]
    pub(super) recorded_vote: Vec<RawRecordedVote>,
    #[serde(default)]
    pub(super) recorded_series: Vec<RawRecordedSeries>,
    #[serde(default)]
    pub(super) recorded_majority: Vec<RawRecordedMajority>,
    #[serde(default)]
    pub(super) fitted: Vec<RawLabelled>,
    #[serde(default)]
    pub(super) set_aside: Vec<RawSetAside>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawEvidence {
    #[serde(default)]
    pub(super) files: Vec<String>,
    pub(super) share_discrepancy: f64,
    pub(super) count_discrepancy: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedPlace {
    pub(super) name: String,
    pub(super) places: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedParty {
    pub(super) name: String,
    pub(super) parties: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedBody {
    pub(super) name: String,
    pub(super) body: String,
    pub(super) place: Option<String>,
    pub(super) section: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedVote {
    pub(super) name: String,
    pub(super) resolution: String,
    pub(super) reversed: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawCounts {
    Acting,
    ShareActing,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedSeries {
    pub(super) name: String,
    pub(super) counts: RawCounts,
    pub(super) classes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawRecordedMajority {
    pub(super) name: String,
    pub(super) body: String,
    pub(super) bloc: String,
    pub(super) date: String,
    pub(super) days: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawMeta {
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) sources: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawTime {
    #[serde(default)]
    pub(super) calendar: Calendar,
    pub(super) start: String,
    pub(super) end: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct RawRun {
    pub(super) seed: u64,
    pub(super) replicates: u64,
    pub(super) sample_agents: u64,
}

impl Default for RawRun {
    fn default() -> Self {
        Self { seed: 1917, replicates: 1, sample_agents: 0 }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawParty {
    pub(super) name: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) short: String,
    pub(super) color: String,
    pub(super) position: f32,
    #[serde(default = "one")]
    pub(super) distance_weight: f32,
    #[serde(default)]
    pub(super) programme: Map<f32>,
    #[serde(default)]
    pub(super) responsibility: f32,
    #[serde(default)]
    pub(super) credibility: f32,
    #[serde(default)]
    pub(super) press: f32,
    #[serde(default)]
    pub(super) organisation: f32,
    #[serde(default)]
    pub(super) member_share: f32,
    #[serde(default)]
    pub(super) label_distance: f32,
    #[serde(default)]
    pub(super) community: Option<String>,
}

fn most() -> f32 {
    0.6
}

fn one() -> f32 {
    1.0
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawBloc {
    pub(super) name: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) short: String,
    pub(super) parties: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawLabelled {
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct RawSpread {
    pub(super) mean: f32,
    pub(super) sd: f32,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawChannels {
    pub(super) collective: f32,
    pub(super) enterprise: f32,
    pub(super) place: f32,
    pub(super) press: f32,
    pub(super) agitators: f32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct RawCollectiveSize {
    pub(super) mean: f64,
    #[serde(default)]
    pub(super) sd: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct RawEnterpriseSize {
    pub(super) median: f64,
    #[serde(default)]
    pub(super) sigma: f64,
    pub(super) max: f64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawBetween {
    pub(super) enterprises: f32,
    pub(super) collectives: f32,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTraitEffect {
    pub(super) position: f32,
    pub(super) trust: f32,
    pub(super) attention: f32,
    pub(super) desertion: f32,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawActs {
    Strike,
    Refuse,
    Seize,
    #[default]
    None,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawClass {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) position: RawSpread,
    pub(super) trust: RawSpread,
    pub(super) conviction: RawSpread,
    pub(super) threshold: RawSpread,
    #[serde(default)]
    pub(super) experience: RawSpread,
    #[serde(default)]
    pub(super) salience: Map<f32>,
    #[serde(default)]
    pub(super) pull: Map<f32>,
    #[serde(default)]
    pub(super) base: Map<f32>,
    pub(super) attention: f32,
    #[serde(default)]
    pub(super) contacts: RawChannels,
    #[serde(default)]
    pub(super) mixing: Map<f32>,
    #[serde(default)]
    pub(super) acts: RawActs,
    #[serde(default)]
    pub(super) act_bias: f32,
    #[serde(default)]
    pub(super) acts_over: Vec<String>,
    #[serde(default)]
    pub(super) acts_on: Option<String>,
    #[serde(default)]
    pub(super) alarmed_on: Option<String>,
    #[serde(default)]
    pub(super) desertion: f32,
    #[serde(default = "most")]
    pub(super) turnout: f32,
    #[serde(default)]
    pub(super) armed: bool,
    #[serde(default)]
    pub(super) productive: bool,
    #[serde(default)]
    pub(super) land_tie: f32,
    #[serde(default)]
    pub(super) literate: f32,
    #[serde(default)]
    pub(super) believer: f32,
    pub(super) collective_people: RawCollectiveSize,
    pub(super) enterprise_people: RawEnterpriseSize,
    #[serde(default)]
    pub(super) between: RawBetween,
    #[serde(default)]
    pub(super) trait_effects: Map<RawTraitEffect>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawPlace {
    pub(super) name: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) region: String,
    #[serde(default)]
    pub(super) longitude: Option<f64>,
    #[serde(default)]
    pub(super) latitude: Option<f64>,
    pub(super) people: Map<f64>,
    #[serde(default)]
    pub(super) traits: Map<f32>,
    #[serde(default)]
    pub(super) communities: Map<f64>,
    #[serde(default)]
    pub(super) organisation: Map<f32>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawSetAside {
    pub(super) name: String,
    pub(super) reason: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawEnterprise {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) class: String,
    pub(super) people: f64,
    #[serde(default)]
    pub(super) traits: Map<f32>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawLink {
    #[serde(default)]
    pub(super) from_places: Vec<String>,
    #[serde(default)]
    pub(super) from_classes: Vec<String>,
    #[serde(default)]
    pub(super) to_places: Vec<String>,
    #[serde(default)]
    pub(super) to_classes: Vec<String>,
    #[serde(default)]
    pub(super) by: Option<String>,
    #[serde(default)]
    pub(super) within_region: bool,
    pub(super) weight: f32,
    #[serde(default)]
    pub(super) deserters: f32,
    #[serde(default)]
    pub(super) issue: Option<String>,
    #[serde(default)]
    pub(super) stir: f32,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawNews {
    #[serde(default)]
    pub(super) from_places: Vec<String>,
    #[serde(default)]
    pub(super) to_places: Vec<String>,
    #[serde(default)]
    pub(super) by: Option<String>,
    #[serde(default)]
    pub(super) within_region: bool,
    pub(super) weight: f32,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawBallot {
    pub(super) name: String,
    pub(super) date: String,
    #[serde(default)]
    pub(super) places: Vec<String>,
    #[serde(default)]
    pub(super) classes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawMarch {
    pub(super) name: String,
    pub(super) event: String,
    pub(super) men: f64,
    pub(super) units: u32,
    pub(super) days: f32,
    pub(super) places: Vec<String>,
    pub(super) obedience: RawSpread,
    pub(super) contact: f32,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawLeadership {
    pub(super) name: String,
    pub(super) party: String,
    #[serde(default)]
    pub(super) government: Vec<String>,
    pub(super) place: String,
    #[serde(default)]
    pub(super) reach: Vec<String>,
    pub(super) members: u32,
    pub(super) resolve: RawSpread,
    pub(super) waverers: u32,
    pub(super) wavering: f32,
    pub(super) from: String,
    pub(super) preparation_days: u32,
    #[serde(default)]
    pub(super) unconditional: bool,
    #[serde(default)]
    pub(super) discloses: bool,
    #[serde(default)]
    pub(super) congress: Option<String>,
    #[serde(default)]
    pub(super) resolution: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawCounterfactual {
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: String,
    pub(super) set: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawChange {
    pub(super) date: String,
    pub(super) set: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawFork {
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: String,
    pub(super) date: String,
    pub(super) set: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct RawPopulation {
    pub(super) agents: Option<u64>,
    pub(super) min_enterprise_agents: u32,
}

impl Default for RawPopulation {
    fn default() -> Self {
        Self { agents: None, min_enterprise_agents: 8 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct RawContacts {
    pub(super) voices: u32,
    pub(super) network: RawNetwork,
    pub(super) degree: u32,
    pub(super) rewiring: f32,
    pub(super) within: f32,
    pub(super) edges: Vec<(u32, u32)>,
}

impl Default for RawContacts {
    fn default() -> Self {
        Self {
            voices: 8,
            network: RawNetwork::Drawn,
            degree: 10,
            rewiring: 0.1,
            within: 0.8,
            edges: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawNetwork {
    #[default]
    Drawn,
    SmallWorld,
    Preferential,
    Blocks,
    Edges,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawSeries {
    pub(super) name: String,
    pub(super) issue: String,
    #[serde(default)]
    pub(super) places: Vec<String>,
    #[serde(default)]
    pub(super) classes: Vec<String>,
    #[serde(default)]
    pub(super) by: Option<String>,
    pub(super) points: Vec<(String, f32)>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawEvent {
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: String,
    pub(super) kind: String,
    #[serde(default)]
    pub(super) date: Option<String>,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    #[serde(default = "one")]
    pub(super) chance: f32,
    #[serde(default)]
    pub(super) places: Vec<String>,
    #[serde(default)]
    pub(super) classes: Vec<String>,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    #[serde(default)]
    pub(super) mark: bool,
    #[serde(default)]
    pub(super) effect: Vec<RawEffect>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawCondition {
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    pub(super) event: Option<String>,
    pub(super) days_since: Option<u32>,
    pub(super) body: Option<String>,
    pub(super) class: Option<String>,
    pub(super) party: Option<String>,
    pub(super) bloc: Option<String>,
    pub(super) share_above: Option<f32>,
    pub(super) share_below: Option<f32>,
    pub(super) measure: Option<String>,
    pub(super) place: Option<String>,
    pub(super) met: Option<String>,
    pub(super) resolution: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawEffect {
    pub(super) on: String,
    #[serde(default)]
    pub(super) party: Option<String>,
    #[serde(default)]
    pub(super) issue: Option<String>,
    #[serde(default)]
    pub(super) topic: Option<String>,
    #[serde(default)]
    pub(super) resolution: Option<String>,
    #[serde(default = "one")]
    pub(super) amount: f32,
    #[serde(default)]
    pub(super) half_life_days: Option<f32>,
    #[serde(default)]
    pub(super) duration_days: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawResolution {
    pub(super) name: String,
    pub(super) stances: Map<f32>,
    #[serde(default)]
    pub(super) sway: f32,
    #[serde(default)]
    pub(super) bodies: Vec<String>,
    #[serde(default = "week")]
    pub(super) every_days: u32,
    #[serde(default)]
    pub(super) from: Option<String>,
}

fn week() -> u32 {
    7
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawScope {
    #[default]
    Single,
    Place,
    Enterprise,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawBody {
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: String,
    pub(super) level: String,
    #[serde(default)]
    pub(super) scope: RawScope,
    #[serde(default)]
    pub(super) places: Vec<String>,
    #[serde(default)]
    pub(super) smallest_people: f64,
    #[serde(default)]
    pub(super) section: Vec<RawSection>,
    #[serde(default)]
    pub(super) governs: bool,
    #[serde(default)]
    pub(super) lead: f32,
    #[serde(default)]
    pub(super) quorum: f32,
    #[serde(default)]
    pub(super) founded_share: Option<f32>,
    #[serde(default)]
    pub(super) founding_per_day: f32,
    #[serde(default)]
    pub(super) sessions: Vec<String>,
    #[serde(default)]
    pub(super) called_by: Option<String>,
    #[serde(default)]
    pub(super) demand: Option<String>,
    #[serde(default)]
    pub(super) pressure: f32,
    #[serde(default)]
    pub(super) notice_days: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawUnit {
    Collective,
    Enterprise,
    Place,
    Body,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawRule {
    Plurality,
    MajorityList,
    #[default]
    LargestRemainder,
    Dhondt,
    Appointed,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawSection {
    pub(super) name: String,
    #[serde(default)]
    pub(super) classes: Vec<String>,
    pub(super) constituency: RawUnit,
    #[serde(default)]
    pub(super) of_body: Option<String>,
    #[serde(default)]
    pub(super) per_people: Option<f64>,
    #[serde(default)]
    pub(super) per_unit: Option<u32>,
    #[serde(default)]
    pub(super) seats: Option<u32>,
    #[serde(default)]
    pub(super) rule: RawRule,
    pub(super) term_days: f32,
    #[serde(default)]
    pub(super) recall_per_day: f32,
    #[serde(default)]
    pub(super) appointed: Map<f64>,
}

/// What stands for what in the stylised facts; names as in the scenario, checked when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is described in the schema, where users read it")]
pub struct Roles {
    pub party: Option<String>,
    pub ally: Option<String>,
    pub parent: Option<String>,
    pub moderate: Option<String>,
    pub right: Option<String>,
    pub bloc: Option<String>,
    pub masses: Vec<String>,
    pub workers: Option<String>,
    pub soldiers: Option<String>,
    pub peasants: Option<String>,
    pub capital: Vec<String>,
    pub workers_districts: Vec<String>,
    pub second_city: Vec<String>,
    pub forerunner: Vec<String>,
    pub early: Vec<String>,
    pub followers: Vec<String>,
    pub cities: Vec<String>,
    pub provinces: Vec<String>,
    pub rural: Vec<String>,
    pub fronts: Vec<String>,
    pub strongholds: Vec<String>,
    pub countries_with_leadership: Vec<String>,
    pub capital_body: Option<String>,
    pub city_bodies: Vec<String>,
    pub forerunner_body: Option<String>,
    pub executive_body: Option<String>,
    pub congress_body: Option<String>,
    pub conference_body: Option<String>,
    pub levels: Vec<String>,
    pub power_resolution: Option<String>,
    pub shop_resolution: Option<String>,
    pub repression: Option<String>,
    pub coup: Option<String>,
    pub coup_march: Option<String>,
    pub withdrawal: Option<String>,
    pub insurrection: Option<String>,
    pub congress: Option<String>,
    pub leadership: Option<String>,
    pub city_ballot: Option<String>,
    pub assembly_ballot: Option<String>,
    pub earlier_ballot: Option<String>,
    pub later_ballot: Option<String>,
    pub procession: Option<String>,
    pub disorder: Option<String>,
    pub hunger: Option<String>,
    pub land_decree: Option<String>,
    pub church_decree: Option<String>,
    pub second_coup: Option<String>,
    pub industrial: Vec<String>,
    pub bodies: Vec<String>,
    pub companions: Vec<String>,
}
