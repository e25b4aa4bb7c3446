//! Figures drawn from the tables of a run, as SVG and PNG.
//!
//! The ring knows tables and nothing of the world that made them, so a figure can be redrawn from a run folder years
//! later. [`draw_run`] makes every figure of one run, [`draw_comparison`] lays two to six runs over each other,
//! [`draw_facts`] draws a figure for each stylised fact, [`draw_scorecard`] the historical record over the bands of a
//! model, [`rasterise`] makes a PNG of a figure. Names and colours come from the tables `parties` and `names`.
//!
//! Inward from the entry points: `gallery`, `comparison`, `facts` and `record` choose the figures; `series`, `bodies`,
//! `indices`, `grid` and `dates` say what is in them; `run` and `side` hold what was read; `figure` lays out panels,
//! `plot` draws one; `sheet` is the paper, `picture` what is on it, `svg` and `raster` its two formats; `counts`,
//! `majorities`, `columns`, `events` and `legend` read tables, `shelf` keeps the courses; `quantiles`, `calendar`,
//! `lettering`, `placement` and `theme` stand alone; `maps` lays out districts.

mod bars;
mod bodies;
mod calendar;
mod chart;
mod columns;
mod comparison;
mod counts;
mod dates;
mod events;
mod facts;
mod figure;
mod gallery;
mod gather;
mod grid;
mod indices;
mod legend;
mod lettering;
mod majorities;
mod maps;
mod picture;
mod placement;
mod plot;
mod quantiles;
mod raster;
mod record;
mod report;
mod run;
mod series;
mod sheet;
mod shelf;
mod side;
mod svg;
mod sweep;
#[cfg(test)]
mod synthetic;
mod theme;

pub use bars::draw_estimates;
pub use chart::{Caption, Chart, ChartError};
pub use comparison::{LabelledRun, draw_comparison};
pub use facts::draw_facts;
pub use gallery::draw_run;
pub use gather::{Drawing, Gathering};
pub use raster::rasterise;
pub use record::draw_scorecard;
pub use report::{About, ObservedSeats, RecordedDate, draw_report};
pub use shelf::Medium;
pub use sweep::draw_sweep;
