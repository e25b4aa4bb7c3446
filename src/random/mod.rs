//! Random numbers by address: what is drawn depends on who draws it, for what and on which day, and on nothing else.
//!
//! There is no generator to advance. A draw is a pure function of (seed, replicate, process, day, who), so adding an
//! event, an observer or a thread changes nobody else's luck, and two scenarios can share their random numbers
//! agent by agent (common random numbers).
//!
//! ```
//! use october::random::{Process, ReplicateKey, Stream};
//! let key = ReplicateKey::new(1917, 0);
//! let once = Stream::new(key, Process::Choice, 12, 42).block();
//! let again = Stream::new(key, Process::Choice, 12, 42).block();
//! assert_eq!(once, again);
//! ```
#![forbid(unsafe_code)]

mod ars;
mod lanes;
mod process;
mod seed;
mod stream;

pub use ars::{Schedule, ars4x32};
pub use lanes::{BATCH, batch, blocks_of, first_words};
pub use process::Process;
pub use seed::{ReplicateKey, name_address};
pub use stream::{Stream, unit};
