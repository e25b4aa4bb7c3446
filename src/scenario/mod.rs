//! scenario
mod date;
mod raw;
mod valid;
mod validate;
pub use date::{Calendar, Date};
pub use valid::Scenario;
