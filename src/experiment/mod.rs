//! Running scenarios: one replicate, many, against each other. Formats and the terminal are unknown here.

mod checkpoint;
mod compare;
mod ensemble;
pub mod facts;
mod run;
pub mod summary;
mod validate;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use compare::{Contender, differences, first_majorities};
pub use ensemble::{Cost, Ended, LARGE, Plan, Progress, Wish, run_ensemble};
pub use run::{Frozen, Replicate, build_world};
pub use validate::{Baseline, Scorecard, Study, validate, validate_run};
