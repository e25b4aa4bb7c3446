//! october
pub mod observers;
pub mod output;
