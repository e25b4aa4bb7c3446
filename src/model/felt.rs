//! The effects of events as one place and class feels them on one day.

use super::agents::OPTIONS;
use super::events::EffectKind;
use super::groups::MAX_TOPICS;
use super::rules::Rules;

/// A warning in the air: topic, the party that warns, intensity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Warning {
    /// Topic by index.
    pub topic: usize,
    /// Party by index.
    pub party: usize,
    /// 0..=1.
    pub intensity: f32,
}

/// A gathering that people are called to today.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gathering {
    /// Share that comes.
    pub strength: f32,
    /// Whether believers alone are called.
    pub faithful: bool,
}

/// An effect in force: event by index, what it moves, value today.
pub(super) type InForce = (usize, EffectKind, f32);

/// All effects felt in one place by one class on one day, added up.
pub(super) struct Felt {
    pub(super) grievance: Vec<f32>,
    pub(super) fear: [f32; OPTIONS],
    pub(super) press: [f32; OPTIONS],
    pub(super) agitators: [f32; OPTIONS],
    pub(super) slander: [f32; OPTIONS],
    pub(super) responsibility: [f32; OPTIONS],
    pub(super) attention: f32,
    pub(super) trust: f32,
    pub(super) position: f32,
    pub(super) call: f32,
    pub(super) warned: [[f32; OPTIONS]; MAX_TOPICS],
    pub(super) scoffed: [[f32; OPTIONS]; MAX_TOPICS],
    pub(super) realised: [f32; MAX_TOPICS],
    pub(super) commissars: f32,
    pub(super) arming: f32,
    pub(super) faith: [f32; OPTIONS],
    pub(super) procession: f32,
    pub(super) disorderly: bool,
}

impl Felt {
    /// What a class feels in `place` of the effects in force there.
    pub(super) fn gather(rules: &Rules, in_force: &[InForce], place: usize, class: usize) -> Self {
        let mut felt = Self {
            grievance: vec![0.0; rules.issues],
            fear: [0.0; OPTIONS],
            press: [1.0; OPTIONS],
            agitators: [1.0; OPTIONS],
            slander: [0.0; OPTIONS],
            responsibility: [0.0; OPTIONS],
            attention: 0.0,
            trust: 0.0,
            position: 0.0,
            call: 0.0,
            warned: [[0.0; OPTIONS]; MAX_TOPICS],
            scoffed: [[0.0; OPTIONS]; MAX_TOPICS],
            realised: [0.0; MAX_TOPICS],
            commissars: 0.0,
            arming: 0.0,
            faith: [0.0; OPTIONS],
            procession: 0.0,
            disorderly: false,
        };
        let here = |event: usize| rules.events[event].places[place] && rules.events[event].classes[class];
        for &(_, kind, value) in in_force.iter().filter(|(event, _, _)| here(*event)) {
            match kind {
                EffectKind::Grievance(issue) => felt.grievance[issue] += value,
                EffectKind::Fear(party) => felt.fear[party] += value,
                EffectKind::Press(party) => felt.press[party] = (felt.press[party] * (1.0 + value)).max(0.0),
                EffectKind::Agitators(party) => {
                    felt.agitators[party] = (felt.agitators[party] * (1.0 + value)).max(0.0);
                }
                EffectKind::Slander(party) => felt.slander[party] += value,
                EffectKind::Responsibility(party) => felt.responsibility[party] += value,
                EffectKind::Attention => felt.attention += value,
                EffectKind::Trust => felt.trust += value,
                EffectKind::Position => felt.position += value,
                EffectKind::Call => felt.call += value,
                // Gates are closed one by one, when the day opens.
                EffectKind::Lockout => {}
                EffectKind::Warning(topic, party) => {
                    felt.warned[topic][party] = (felt.warned[topic][party] + value).min(1.0);
                }
                EffectKind::Scoff(topic, party) => {
                    felt.scoffed[topic][party] = (felt.scoffed[topic][party] + value).min(1.0);
                }
                EffectKind::Realise(topic) => felt.realised[topic] = (felt.realised[topic] + value).min(1.0),
                EffectKind::Deliver(issue, _) if rules.mechanisms.delivery => felt.grievance[issue] -= value,
                EffectKind::Commissars => felt.commissars += value,
                EffectKind::Arming => felt.arming += value,
                EffectKind::Faith(party) => felt.faith[party] += value,
                EffectKind::Procession => felt.procession += value,
                EffectKind::Disorder => felt.disorderly = true,
                // Stances, disorder and its end are settled for the world as a whole, orders on the day they are given.
                EffectKind::Order
                | EffectKind::Stance(..)
                | EffectKind::Suppress
                | EffectKind::Deliver(..) => {}
            }
        }
        felt
    }

    pub(super) fn add_warnings(&self, rules: &Rules, warnings: &mut Vec<Warning>) {
        for topic in 0..rules.topics {
            // What has come true is no longer warned of.
            if self.realised[topic] > 0.0 {
                continue;
            }
            for party in 0..rules.parties.len() {
                if self.warned[topic][party] > 0.0 {
                    warnings.push(Warning { topic, party, intensity: self.warned[topic][party] });
                }
            }
        }
    }

    /// What people are called to, or drawn into, today.
    pub(super) fn gathering(&self, disorder: f32, held: bool) -> Option<Gathering> {
        if held && self.procession > 0.0 {
            Some(Gathering { strength: self.procession.min(1.0), faithful: true })
        } else if held && self.disorderly && disorder > 0.0 {
            Some(Gathering { strength: disorder, faithful: false })
        } else {
            None
        }
    }
}
