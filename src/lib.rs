//! A parallel agent-based simulation engine for political polarization; Russia in 1917 is the case it ships.
//!
//! # Code map
//!
//! Rings, from the inside out; each names only those before it, and `tests/architecture.rs` keeps it so.
//!
//! | module | what it is |
//! |---|---|
//! | [`simd`] | the same code for several generations of processors; all unsafe code there is |
//! | [`random`] | draws by address: (seed, replicate, process, day, who) |
//! | [`model`] | agents, groups, parties, bodies, the calendar, and the rules of a day; pure and infallible |
//! | [`population`] | people cut into groups and born with their traits |
//! | [`engine`] | days, chunks, threads: steps any [`engine::Model`] |
//! | [`observers`] | measures and the tables they are written into |
//! | [`scenario`] | files to valid scenarios, with every mistake reported at once |
//! | [`experiment`] | replicates, ensembles, comparisons, validation against facts and the record, calibration |
//! | [`output`] | run folders: CSV, manifest; sees tables alone |
//! | `charts` | figures; sees tables alone |
//! | `cli` | the command line; names everything, and nothing names it |
//!
//! Where to start reading: `main` → `cli::run::run` → [`experiment::run_ensemble`] → [`engine::Simulation::step`] →
//! [`model::behaviour`]. The model is described in full in `src/model/ODD.md`, shown at [`model`].
//!
//! Four things differ from the sketch this layout began as. The daily rules share one folder, `model/pass`, that
//! fuses them into a single pass over memory, one agent after another in `reference`, many at once in `lanes`; the rules
//! themselves are pure functions in `model/behaviour`. The climate of a day (everything a place and class share) is made ready in `model/climate.rs` from what events say
//! (`model/felt.rs`); after the pass come what bodies do (`model/assemblies.rs`) and the course of power
//! (`model/course.rs`). `population` is laid out serially and born in parallel, through [`engine::for_each_piece`].
//! And what registers do that compilers do not find lies in [`simd`], beneath everything.
//!
//! What the output must show is decided in [`experiment::facts`], a short function a fact; what has been checked and
//! what failed is in `src/model/TRACE.md`.
//!
//! # Invariants
//!
//! The same scenario, seed and version give the same bytes in every table, on any number of threads, with or without
//! an interruption. Nothing in `src/` names a party, a class, a place or a date.
//!
//! # Example
//!
//! ```
//! use october::experiment::{Ended, Plan, Wish, run_ensemble};
//! use october::scenario::{Change, default_scenario};
//!
//! let scenario = default_scenario(&[Change::Agents(5_000), Change::Days(3)]).expect("it ships valid");
//! let plan = Plan { seed: 1, replicates: 1, threads: 1 };
//! let (ended, _) = run_ensemble(&scenario, plan, None, &|_| Wish::Continue);
//! let Ended::Complete(tables) = ended else { unreachable!("nobody asked to stop") };
//! assert!(tables.get("support").expect("it is always recorded").rows() > 0);
//! ```

#[cfg(feature = "charts")]
pub mod charts;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod observers;
pub mod output;
pub mod population;
pub mod random;
pub mod scenario;
pub mod simd;
