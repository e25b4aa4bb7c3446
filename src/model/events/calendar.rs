//! Which events have happened, and what of them is still felt.

use serde::{Deserialize, Serialize};

use super::event::{EffectKind, EventSpec};
use super::trigger::Facts;
use crate::random::ReplicateKey;

/// What is written into the table of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HappeningKind {
    /// An event fired.
    Fired,
    /// Enterprises were closed by their owners: how many, with how many agents.
    Lockout {
        /// Enterprises closed today.
        enterprises: u32,
        /// Agents in them.
        agents: u32,
    },
    /// An order was given: how many of the scope's enterprises obeyed, of how many.
    Order {
        /// Enterprises that obeyed.
        obeyed: u32,
        /// Enterprises that were asked.
        asked: u32,
    },
    /// Closed enterprises were opened by their people: how many.
    Occupied(u32),
    /// Units went over to the elected bodies: how many.
    WentOver(u32),
    /// Bodies were founded, revived or lapsed: by specification.
    Bodies {
        /// Founded today.
        founded: u32,
        /// Lapsed today.
        lapsed: u32,
        /// Revived today.
        revived: u32,
    },
}

/// Something that happened today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happening {
    /// Event by index.
    pub event: usize,
    /// Place by index; `None` is everywhere in the event's scope.
    pub place: Option<usize>,
    /// What happened.
    pub kind: HappeningKind,
}

/// The events that have fired.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    fired: Vec<Option<u32>>,
}

impl Calendar {
    /// A calendar on which nothing has happened.
    #[must_use]
    pub fn new(events: usize) -> Self {
        Self { fired: vec![None; events] }
    }

    /// The day on which `event` happened.
    #[must_use]
    pub fn happened(&self, event: usize) -> Option<u32> {
        self.fired.get(event).copied().flatten()
    }

    /// Lets the events of `day` happen; returns them in scenario order.
    pub fn turn(
        &mut self,
        events: &[EventSpec],
        day: u32,
        key: ReplicateKey,
        facts: &impl Facts,
    ) -> Vec<usize> {
        let due: Vec<usize> = (0..events.len())
            .filter(|&e| self.fired[e].is_none() && events[e].trigger.fires(day, &events[e].name, key, facts))
            .collect();
        for &event in &due {
            self.fired[event] = Some(day);
        }
        due
    }

    /// Every effect in force on `day`, wherever: event, what it moves, value today.
    pub fn in_force<'a>(
        &'a self,
        events: &'a [EventSpec],
        day: u32,
    ) -> impl Iterator<Item = (usize, EffectKind, f32)> + 'a {
        self.fired.iter().enumerate().filter_map(|(e, fired)| fired.map(|d| (e, d))).flat_map(
            move |(e, fired)| {
                events[e].effects.iter().filter_map(move |effect| {
                    let value = effect.value(day - fired);
                    (value != 0.0).then_some((e, effect.kind, value))
                })
            },
        )
    }
}
