//! What is measured, and the tables it is written into.

pub mod table;
