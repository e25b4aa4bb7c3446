//! october
pub mod observers;
