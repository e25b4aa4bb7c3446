//! Running scenarios: one replicate, many, against each other.

mod checkpoint;
mod ensemble;
mod run;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use ensemble::{Cost, Ended, Plan, Progress, Wish, run_ensemble};
pub use run::{Frozen, Replicate, build_world};
