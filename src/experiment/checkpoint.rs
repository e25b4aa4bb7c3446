//! An ensemble between two days: to bytes and back.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::run::Frozen;
use crate::observers::table::TableSet;

/// Format of the bytes; raised whenever the state changes shape.
const FORMAT: u32 = 6;

/// Everything an interrupted ensemble needs to go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    format: u32,
    /// Resolved scenario, in full: it must be the same to go on.
    pub scenario: String,
    /// Root seed.
    pub seed: u64,
    /// Replicates `0..finished` have been handed on in order: whoever took their tables has kept them.
    pub finished: u64,
    /// Tables of replicates that are done and have not been handed on, by number.
    pub done: Vec<(u64, TableSet)>,
    /// Replicates under way.
    pub under_way: Vec<Frozen>,
}

/// Why a checkpoint cannot be used; reads after "could not resume: ".
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The bytes are not a checkpoint.
    #[error("the checkpoint is damaged ({0})")]
    Damaged(String),
    /// Written by another version.
    #[error("the checkpoint has format {found}, this version reads format {FORMAT}")]
    Format {
        /// Format in the file.
        found: u32,
    },
}

impl Checkpoint {
    /// A checkpoint of this ensemble.
    #[must_use]
    pub fn new(
        scenario: String,
        seed: u64,
        finished: u64,
        done: Vec<(u64, TableSet)>,
        under_way: Vec<Frozen>,
    ) -> Self {
        Self { format: FORMAT, scenario, seed, finished, done, under_way }
    }

    /// Days that need not be run again, of runs of `days` days.
    #[must_use]
    pub fn days_done(&self, days: u32) -> u64 {
        let halfway: u64 = self.under_way.iter().map(|f| u64::from(f.next_day())).sum();
        (self.finished + self.done.len() as u64) * u64::from(days) + halfway
    }

    /// To bytes.
    ///
    /// # Errors
    /// Never for a state that fits in memory twice.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        postcard::to_allocvec(self).map_err(|e| CheckpointError::Damaged(e.to_string()))
    }

    /// From bytes.
    ///
    /// # Errors
    /// If they are not a checkpoint, or one of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let (format, _) =
            postcard::take_from_bytes::<u32>(bytes).map_err(|e| CheckpointError::Damaged(e.to_string()))?;
        if format != FORMAT {
            return Err(CheckpointError::Format { found: format });
        }
        postcard::from_bytes(bytes).map_err(|e| CheckpointError::Damaged(e.to_string()))
    }
}
