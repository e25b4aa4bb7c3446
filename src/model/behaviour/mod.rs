//! What one agent does in a day: pure functions of its own state, what it hears, and parameters.

pub mod action;
pub mod attitude;
pub mod choice;
pub mod contacts;
pub mod credibility;
pub mod voice;
