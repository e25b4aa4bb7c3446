//! Scenario files: from text to a valid [`Scenario`], with everything that is wrong reported at once.
//!
//! Text becomes a tree in which every value knows where it stands (`document`); layers are merged (`layers`); the
//! tree is held against the schema (`check`); defaults are filled in and the whole is printed (`print`), read by
//! serde (`raw`) and resolved into rules (`validate`, with `calendar` and `bodies`). So the resolved text is exactly what is run.

mod bodies;
mod calendar;
mod check;
mod date;
pub mod diagnostic;
mod diff;
mod document;
pub mod evidence;
mod grid;
mod layers;
mod ledger;
mod load;
mod odd;
mod powers;
mod print;
mod raw;
mod record;
mod schema;
mod select;
mod turns;
mod valid;
mod validate;

pub use date::{Calendar, Date};
pub use diff::{Difference, diff};
pub use document::{Node, Value};
pub use layers::{node_at, number_at};
pub use ledger::{Cited, ledger, ledger_table};
pub use load::{
    Change, DEFAULT, Rejection, SHIPPED, SHIPPED_EVIDENCE, baseline_of, default_scenario, from_text, load,
    load_beside, load_tree, tree_from_text,
};
pub use odd::odd;
pub use print::{json_schema, template, to_toml};
pub use raw::Roles;
pub use record::{Record, RecordedMajority};
pub use turns::{Fork, Turn};
pub use valid::{Counterfactual, Scenario};
