//! The stepping kernel: days, chunks and threads, and nothing about what the days are for.
//!
//! A model hands over what everybody may read (yesterday's world) and what is written (a view of its cells that can
//! be cut in two). The engine cuts at fixed places, visits the pieces on as many threads as there are, and joins
//! their tallies in a fixed tree, so the numbers do not depend on the threads.

pub mod observer;
mod parallel;
mod scheduler;
mod simulation;

pub use crate::simd::Instructions;
pub use observer::Observer;
pub use parallel::{Workers, available_threads, in_order, run_with_threads, side_by_side};
pub use scheduler::{Threads, for_each_piece, step_with};
pub use simulation::{Cut, Model, Parts, Simulation, Tally};
