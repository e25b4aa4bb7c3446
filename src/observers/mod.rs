//! What is measured, and the tables it is written into.
//!
//! Observers look at the world after each day and touch nothing, so switching one off changes no number.

mod bodies;
mod legend;
mod memory;
mod names;
pub mod polarization;
mod power;
mod recorder;
mod sample;
mod society;
mod struggle;
mod support;
pub mod table;

pub use legend::{Legend, LegendEntry};
pub use names::Names;
pub use recorder::Recorder;
