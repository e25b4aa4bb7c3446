//! Collectives, enterprises and what is counted in them; members contiguous.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::agents::{AgentsMut, OPTIONS, mark};
use super::fixed::{BINS, POSITION_UNITS, SHARE_UNITS, bin};

/// The most topics that can be warned of.
pub const MAX_TOPICS: usize = 4;

/// What is counted in a group of agents; the same for a collective, an enterprise and a stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Agents counted.
    pub size: u32,
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
    /// On strike.
    pub strikers: u32,
    /// On strike for the first time in their lives.
    pub fresh_strikers: u32,
    /// Would obey an order of the government.
    pub obeying: u32,
    /// Would follow the elected bodies against the government.
    pub following: u32,
    /// Armed in a workers' guard.
    pub guards: u32,
}

impl Counts {
    /// Adds another group.
    pub fn add(&mut self, other: &Self) {
        self.size += other.size;
        for (mine, theirs) in [
            (&mut self.public, &other.public),
            (&mut self.private, &other.private),
            (&mut self.members, &other.members),
            (&mut self.positions, &other.positions),
        ] {
            for (m, t) in mine.iter_mut().zip(theirs) {
                *m += t;
            }
        }
        self.position_sum += other.position_sum;
        self.position_squares += other.position_squares;
        self.trust_sum += other.trust_sum;
        self.conviction_sum += other.conviction_sum;
        self.strikers += other.strikers;
        self.fresh_strikers += other.fresh_strikers;
        self.obeying += other.obeying;
        self.following += other.following;
        self.guards += other.guards;
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
        if self.size == 0 { 0.0 } else { part as f32 / self.size as f32 }
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

/// The face-to-face group an agent debates in: shop, company, mess, street.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collective {
    /// Its members.
    pub agents: Range<u32>,
    /// As of yesterday evening.
    pub counts: Counts,
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
    /// Accumulated weariness of striking, in days.
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
