//! A scenario as written, typed: what serde reads once the schema check has passed and defaults are filled in.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::date::Calendar;
use crate::model::params::{
    ActionParams, AttitudeParams, ChoiceParams, CredibilityParams, PowerParams, VoiceParams,
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
    pub(super) power: PowerParams,
    #[serde(default)]
    pub(super) series: Vec<RawSeries>,
    #[serde(default)]
    pub(super) event: Vec<RawEvent>,
    #[serde(default)]
    pub(super) resolution: Vec<RawResolution>,
    #[serde(default)]
    pub(super) body: Vec<RawBody>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawMeta {
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) description: String,
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
}

impl Default for RawRun {
    fn default() -> Self {
        Self { seed: 1917, replicates: 1 }
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
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawActs {
    Strike,
    Refuse,
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
    pub(super) people: Map<f64>,
    #[serde(default)]
    pub(super) traits: Map<f32>,
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
    pub(super) weight: f32,
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
}

impl Default for RawContacts {
    fn default() -> Self {
        Self { voices: 8 }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RawSeries {
    pub(super) name: String,
    pub(super) issue: String,
    #[serde(default)]
    pub(super) places: Vec<String>,
    #[serde(default)]
    pub(super) classes: Vec<String>,
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
    pub(super) section: Vec<RawSection>,
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
}
