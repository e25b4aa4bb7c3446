//! What goes into a figure besides tables, and what comes out.

use super::picture::Picture;

/// The provenance printed under every figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// Title of the scenario in words.
    pub title: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Root seed.
    pub seed: u64,
    /// Number of agents.
    pub agents: u64,
    /// Number of replicates.
    pub replicates: u64,
    /// Version of the program that made the tables.
    pub version: String,
}

/// A finished figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// File stem: `polarization` becomes `polarization.svg`.
    pub name: String,
    /// A complete SVG document, 1200 logical pixels wide.
    pub svg: String,
    /// What the document shows, as it was drawn.
    pub(super) picture: Picture,
}

/// Why a figure could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A table that is there lacks a column that it must have.
    #[error("read column `{column}` of table `{table}`")]
    Column {
        /// Name of the table.
        table: String,
        /// Name of the column.
        column: String,
    },
    /// The courses of the replicates could not be kept or read back.
    #[error("keep what the figures need: {source}")]
    Shelf {
        /// What the disk said.
        source: std::io::Error,
    },
    /// The figure cannot be turned into an image.
    #[error("turn the figure into an image: {message}")]
    Raster {
        /// What stands against it.
        message: String,
    },
}
