//! october
pub mod engine;
pub mod model;
pub mod observers;
pub mod population;
pub mod experiment;
pub mod random;
pub mod scenario;
