//! What a run leaves on disk.
//!
//! This ring sees the world through [`crate::observers::table`] alone and knows nothing of how the tables came about.

mod error;

pub mod csv;
pub mod manifest;
pub mod platform;

pub use error::OutputError;
pub use manifest::{Manifest, Status};
pub use platform::Platform;
