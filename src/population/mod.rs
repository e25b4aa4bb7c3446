//! Making people: enterprises and collectives of given sizes, and agents with traits drawn once, at birth.
#![forbid(unsafe_code)]

mod birth;
mod layout;
mod networks;
mod spec;

pub use birth::{Nursery, count_members};
pub use layout::{Layout, lay_out};
pub use networks::{NetworkSpec, build_network};
pub use spec::{ClassSizes, NamedEnterprise, PopulationSpec};
