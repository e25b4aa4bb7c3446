//! What a run leaves on disk: tables as CSV or Parquet, a manifest, and a folder that is either whole or not there.
//!
//! A run is written as a [`Draft`] beside its place and moved into it when it is complete, so that a reader never
//! meets half a table; [`RunFolder`] opens it again. This ring sees the world through
//! [`crate::observers::table`] alone and knows nothing of how the tables came about.

mod draft;
mod error;
mod format;
mod lock;
mod place;
mod replay;

pub mod csv;
pub mod manifest;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "without_parquet.rs"]
pub mod parquet;
pub mod platform;
pub mod run_folder;

pub use draft::{Append, Draft, Overwrite, scratch_in};
pub use error::OutputError;
pub use format::Format;
pub use manifest::{Manifest, Status};
pub use platform::Platform;
pub use replay::{Pieces, Replay};
pub use run_folder::RunFolder;
