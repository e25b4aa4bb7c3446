//! Running scenarios: one replicate, many, against each other. Formats and the terminal are unknown here.

pub mod ablation;
mod calibrate;
mod checkpoint;
mod compare;
pub mod contagion;
mod descent;
pub mod design;
mod ensemble;
pub mod facts;
mod forks;
mod outcome;
mod run;
mod score;
mod scorecard;
pub mod sensitivity;
pub mod summary;
mod survey;
mod validate;
mod watch;

pub use calibrate::{
    Evaluation, Fitted, Free, Method, Search, calibrate, discrepancies, distance, evaluate, rows_of_the_fit,
    show, with_values,
};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use compare::{Firsts, History, differences, first_majorities, not_compared, pairing};
pub use contagion::Contagion;
pub use ensemble::{Cost, Ended, LARGE, Plan, Progress, Streamed, Wish, run_ensemble, stream_ensemble};
pub use forks::{Branch, run_forks};
pub use outcome::{Outcome, OutcomeError};
pub use run::{Frozen, Replicate, build_world, watch_replicate};
pub use scorecard::{BASELINES, RecordCard, Scored, Skill, hold_against};
pub use survey::{Spread, Survey, Trial, by_variant};
pub use validate::{Baseline, Scorecard, Study, validate, validate_run};
pub use watch::{Showing, Watch};
