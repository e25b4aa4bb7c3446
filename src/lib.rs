//! october
#[cfg(feature = "charts")]
pub mod charts;
pub mod observers;
