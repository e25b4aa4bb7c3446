//! The calendar: what happens on which day, and what it does to conditions.
//!
//! Events set conditions and say things. None of their effects can set a vote, a seat or a share of support.

mod calendar;
mod conditions;
mod event;
mod trigger;

pub use calendar::{Calendar, Happening, HappeningKind};
pub use conditions::{Levels, SeriesSpec, level_at};
pub use event::{EffectKind, EffectSpec, EventSpec};
pub use trigger::{Condition, Facts, Measure, Trigger};
