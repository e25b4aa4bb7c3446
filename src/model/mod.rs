//! The model: who people are, what moves them, and the bodies they elect.
//!
//! It knows no files, terminal, clock or threads, and it cannot fail: rules return values. Every draw is handed its
//! address. Nothing here names a party, a class, a place or a date; those are scenario data.
#![doc = include_str!("ODD.md")]
#![forbid(unsafe_code)]

pub mod agents;
mod assemblies;
pub mod behaviour;
pub mod climate;
mod course;
mod crew;
pub mod day;
pub mod events;
mod felt;
pub mod fixed;
pub mod groups;
pub mod institutions;
pub mod mechanisms;
pub mod network;
pub mod params;
pub mod pass;
pub mod power;
pub mod rules;
mod world;

pub use crew::{Alone, Crew};
pub use world::{Poll, State, World, piece_bounds};
