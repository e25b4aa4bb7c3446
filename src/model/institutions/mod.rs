//! Committees, soviets, executives: bodies elected from below, with recall.
//!
//! A body knows only what its constituents say; lag is a result of the tree, not a parameter of a level.

mod body;
pub mod election;
mod recall;
mod resolution;

pub use body::{
    Apportionment, Body, BodySpec, Constituency, Scope, Section, SectionSpec, Unit, found_bodies,
};
pub use election::Rule;
pub use recall::{Electorate, Occasion, recall_hazard, renew_bodies};
pub use resolution::{ResolutionSpec, Vote, poll};
