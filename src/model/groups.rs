//! Collectives, enterprises and what is counted in them; members contiguous.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::agents::{AgentsMut, OPTIONS, mark};
use super::fixed::{BINS, POSITION_UNITS, SHARE_UNITS, bin};

/// The most topics that can be warned of.
pub const MAX_TOPICS: usize = 4;

/// What is counted in a group of agents; the same for an enterprise and a stratum, and in part for a collective.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Counts {
    /// By what they say: parties and `silent`.
    pub public: [u32; OPTIONS],
    /// By what they would choose if nobody saw: parties and `none`.
    pub private: [u32; OPTIONS],
    /// Party members by private choice.
    pub members: [u32; OPTIONS],
    /// By position.
    pub positions: [u32; BINS],
    /// Sum of stored positions.
    pub position_sum: i64,
    /// Sum of squared stored positions.
    pub position_squares: u64,
    /// Sum of stored trust.
    pub trust_sum: u64,
    /// Sum of stored conviction.
    pub conviction_sum: u64,
    /// Acting: on strike, refusing orders or seizing land, after their class.
    pub strikers: u32,
    /// Acting for the first time since the run began.
    pub fresh_strikers: u32,
    /// Would obey an order of the government.
    pub obeying: u32,
    /// Would follow the elected bodies against the government.
    pub following: u32,
    /// Armed in a workers' guard.
    pub guards: u32,
    /// Agents counted.
    pub size: u32,
}

/// What others hear and see of a face-to-face group, and what observers ask of each.
///
/// Only this is kept of it over night: groups are many, and each is read and written every day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Composition {
    /// See [`Counts::public`].
    pub public: [u32; OPTIONS],
    /// See [`Counts::private`].
    pub private: [u32; OPTIONS],
    /// See [`Counts::positions`].
    pub positions: [u32; BINS],
    /// See [`Counts::position_sum`].
    pub position_sum: i64,
    /// See [`Counts::size`].
    pub size: u32,
}

impl Composition {
    /// `part` of this group as a share; 0 of nobody.
    #[must_use]
    pub fn share(&self, part: u32) -> f32 {
        share_of(part, self.size)
    }
}

/// `part` of `size` as a share; 0 of nobody.
fn share_of(part: u32, size: u32) -> f32 {
    if size == 0 { 0.0 } else { part as f32 / size as f32 }
}

#[inline(always)]
fn sums<const N: usize>(a: &[u32; N], b: &[u32; N]) -> [u32; N] {
    std::array::from_fn(|i| a[i] + b[i])
}

impl Counts {
    /// Adds another group.
    #[inline(always)]
    pub fn add(&mut self, other: &Self) {
        self.add_composition(&other.composition());
        self.members = sums(&self.members, &other.members);
        self.position_squares += other.position_squares;
        self.trust_sum += other.trust_sum;
        self.conviction_sum += other.conviction_sum;
        self.strikers += other.strikers;
        self.fresh_strikers += other.fresh_strikers;
        self.obeying += other.obeying;
        self.following += other.following;
        self.guards += other.guards;
    }

    /// Adds what others hear and see of a group.
    #[inline(always)]
    pub fn add_composition(&mut self, other: &Composition) {
        self.size += other.size;
        self.public = sums(&self.public, &other.public);
        self.private = sums(&self.private, &other.private);
        self.positions = sums(&self.positions, &other.positions);
        self.position_sum += other.position_sum;
    }

    /// What others hear and see of this group.
    #[inline(always)]
    #[must_use]
    pub fn composition(&self) -> Composition {
        let Self { size, public, private, positions, position_sum, .. } = *self;
        Composition { size, public, private, positions, position_sum }
    }

    /// Counts what agent `i` is: choice, voice, position, trust, conviction, membership, arms. Not its size, nor what
    /// it would do.
    #[inline]
    pub fn count(&mut self, agents: &AgentsMut<'_>, i: usize) {
        let stored = agents.position[i];
        let private = agents.private[i] as usize;
        self.public[agents.public[i] as usize] += 1;
        self.private[private] += 1;
        self.members[private] += u32::from(agents.marks[i] & mark::MEMBER);
        self.guards += u32::from(agents.marks[i] & mark::GUARD != 0);
        self.positions[bin(stored)] += 1;
        self.position_sum += i64::from(stored);
        self.position_squares += (i32::from(stored) * i32::from(stored)) as u64;
        self.trust_sum += u64::from(agents.trust[i]);
        self.conviction_sum += u64::from(agents.conviction[i]);
    }

    /// `part` of this group as a share; 0 of nobody.
    #[must_use]
    pub fn share(&self, part: u32) -> f32 {
        share_of(part, self.size)
    }

    /// Mean position in [-1, 1]; 0 of nobody.
    #[must_use]
    pub fn mean_position(&self) -> f64 {
        if self.size == 0 {
            return 0.0;
        }
        self.position_sum as f64 / f64::from(self.size) / f64::from(POSITION_UNITS)
    }

    /// Standard deviation of position; 0 of nobody.
    #[must_use]
    pub fn position_sd(&self) -> f64 {
        if self.size == 0 {
            return 0.0;
        }
        let squares = self.position_squares as f64 / f64::from(self.size) / f64::from(POSITION_UNITS).powi(2);
        (squares - self.mean_position().powi(2)).max(0.0).sqrt()
    }

    /// Mean trust in [0, 1]; 0 of nobody.
    #[must_use]
    pub fn mean_trust(&self) -> f64 {
        if self.size == 0 {
            0.0
        } else {
            self.trust_sum as f64 / f64::from(self.size) / f64::from(SHARE_UNITS)
        }
    }
}

/// Levels of position by which deeds of the experienced and of the fresh are told apart.
pub const LEVELS: usize = 4;
/// Stored positions of a level.
pub const LEVEL_WIDTH: usize = 32;

/// What the members of an enterprise did today, as far as no rule but only observers and conditions ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deeds {
    /// Called by the name of the party with the widest label.
    pub called: u32,
    /// Have left their posts.
    pub absent: u32,
    /// Agitators.
    pub agitators: u32,
    /// Of peasant origin.
    pub tied: u32,
    /// Sum of stored positions of those of peasant origin.
    pub tied_positions: i64,
    /// Of peasant origin and speaking for a contender.
    pub tied_contending: u32,
    /// By level of position: fresh agents, fresh ones who act, experienced agents, experienced ones who act.
    pub acting: [[u32; 4]; LEVELS],
    /// Right of the middle; of these, who choose the party with the widest label.
    pub right: [u32; 2],
    /// Left of one half; of these, who choose that party.
    pub left: [u32; 2],
    /// Who took part in a gathering.
    pub gathered: u32,
    /// Of these, believers who lean to the left: pulled two ways.
    pub torn: u32,
    /// Enterprises that took land today, 0 or 1 for one of them.
    pub seizures: u32,
    /// Enterprises run by their people after an occupation, 0 or 1 for one of them.
    pub occupied: u32,
}

impl Deeds {
    /// Adds another group.
    #[inline(always)]
    pub fn add(&mut self, other: &Self) {
        self.called += other.called;
        self.absent += other.absent;
        self.agitators += other.agitators;
        self.tied += other.tied;
        self.tied_positions += other.tied_positions;
        self.tied_contending += other.tied_contending;
        for (mine, theirs) in self.acting.iter_mut().zip(&other.acting) {
            for (m, t) in mine.iter_mut().zip(theirs) {
                *m += t;
            }
        }
        for side in 0..2 {
            self.right[side] += other.right[side];
            self.left[side] += other.left[side];
        }
        self.gathered += other.gathered;
        self.torn += other.torn;
        self.seizures += other.seizures;
        self.occupied += other.occupied;
    }
}

/// The level of a stored position, from 0 (left of the middle by less than a quarter, or right of it) to 3.
#[inline]
#[must_use]
pub fn level_of(stored: i8) -> usize {
    stored.max(0) as usize / LEVEL_WIDTH
}

/// The face-to-face group an agent debates in: shop, company, mess, street.
///
/// Begins where a line of memory does, as do the rows of its composition: what is counted day by day is read and written
/// in whole registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct Collective {
    /// As of yesterday evening.
    pub counts: Composition,
    /// Its members.
    pub agents: Range<u32>,
    /// How widely each topic's warning has been heard here, in units of 1/65535.
    pub heard: [u16; MAX_TOPICS],
}

/// The collectives under one roof: plant, regiment, ship, block of streets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enterprise {
    /// Its stratum: place and class.
    pub stratum: u32,
    /// Its collectives.
    pub collectives: Range<u32>,
    /// Its members.
    pub agents: Range<u32>,
    /// As of yesterday evening.
    pub counts: Counts,
    /// Closed by its owners up to and without this day.
    pub locked_until: u32,
    /// What its members did today.
    pub deeds: Deeds,
    /// Share of the land within its reach that it has taken, 0..=1.
    pub taken: f32,
    /// Run by its people since an occupation.
    pub occupied: bool,
    /// Has gone over to the elected bodies as a unit.
    pub transferred: bool,
    /// Accumulated weariness of acting, in days.
    pub strike_days: f32,
    /// Share of its members above which it obeys as a whole.
    pub quorum: f32,
    /// Index into the names of the enterprises that have one.
    pub name: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_a_hand_counted_group() {
        let counts = Counts {
            size: 2,
            position_sum: 127,
            position_squares: 127 * 127,
            trust_sum: 255,
            ..Counts::default()
        };
        assert!((counts.mean_position() - 0.5).abs() < 1e-9);
        assert!((counts.position_sd() - 0.5).abs() < 1e-9);
        assert!((counts.mean_trust() - 0.5).abs() < 1e-9);
        assert_eq!(Counts::default().mean_position(), 0.0);
    }
}
