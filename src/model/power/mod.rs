//! Who is obeyed, who has arms, who decides, and how it is fought out.
//!
//! Authority is read off what people would do; units go over one by one; units sent against a place dissolve on the
//! way or arrive; a leading committee weighs the balance and decides; and power is fought out region by region.

pub mod authority;
mod contest;
mod leadership;
mod march;
mod region;

pub use contest::{Arms, Contest, Forces, Winner};
pub use leadership::{Leadership, LeadershipSpec, Situation};
pub use march::{Arrival, March, MarchSpec, Road};
pub use region::{Holder, RegionState};
