//! Committees, soviets, executives: bodies elected from below, with recall.
//!
//! A body knows only what its constituents say; lag is a result of the tree, not a parameter of a level.

mod ballot;
mod body;
pub mod election;
mod life;
mod recall;
mod resolution;

pub use ballot::{BallotSpec, Returns, hold_ballot, turnout};
pub use body::{
    Apportionment, Body, BodySpec, Constituency, Founding, Scope, Section, SectionSpec, Sessions, Unit,
    families, found_bodies,
};
pub use election::Rule;
pub use life::{Interest, Turn, begin_life, call_session, interest, live};
pub use recall::{Electorate, Occasion, recall_hazard, renew_bodies};
pub use resolution::{ResolutionSpec, Vote, poll};
