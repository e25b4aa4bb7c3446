//! The state variables of an agent, as columns of bytes.
//!
//! Nine bytes an agent. Positions are in units of 1/127, shares in units of 1/255; both are rounded stochastically
//! when they move, so that changes far below one unit a day are kept on average.

use serde::{Deserialize, Serialize};

/// How many choices and voices there can be: parties, then `none`, then `silent`.
pub const OPTIONS: usize = 16;
/// The most parties a scenario may have.
pub const MAX_PARTIES: usize = OPTIONS - 2;

/// Bits of the `marks` column.
pub mod mark {
    /// Member of the party it supports; speaks for it whatever the fear.
    pub const MEMBER: u8 = 1;
    /// Acts today: strikes, refuses orders or seizes land.
    pub const STRIKER: u8 = 1 << 1;
    /// Has acted before today.
    pub const STRUCK_BEFORE: u8 = 1 << 2;
    /// Armed in a workers' guard.
    pub const GUARD: u8 = 1 << 3;
    /// Ties to the land: born in a village.
    pub const LAND_TIE: u8 = 1 << 4;
    /// Speaks for its party to others, whatever the fear.
    pub const AGITATOR: u8 = 1 << 5;
    /// Believer, pulled two ways.
    pub const BELIEVER: u8 = 1 << 6;
    /// Has left its post.
    pub const ABSENT: u8 = 1 << 7;
}

/// All agents, one entry a column, ordered by place, class, enterprise and collective.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agents {
    /// The option it would choose if nobody saw: a party or `none`.
    pub private: Vec<u8>,
    /// What it says at a meeting: a party or `silent`.
    pub public: Vec<u8>,
    /// From -127 (order and dictatorship) to 127 (all power to the elected bodies, now).
    pub position: Vec<i8>,
    /// Attachment to the private choice, 0..=255.
    pub conviction: Vec<u8>,
    /// Trust in the government, 0..=255.
    pub trust: Vec<u8>,
    /// Share of its collective that must stand up first, 0..=255; fixed at birth.
    pub threshold: Vec<u8>,
    /// How easily grievances move it, 0..=255; fixed at birth.
    pub susceptibility: Vec<u8>,
    /// Strikes and defeats lived through, 0..=255.
    pub experience: Vec<u8>,
    /// Bits of [`mark`].
    pub marks: Vec<u8>,
}

/// A mutable run of agents.
#[derive(Debug, Default)]
pub struct AgentsMut<'a> {
    /// See [`Agents::private`].
    pub private: &'a mut [u8],
    /// See [`Agents::public`].
    pub public: &'a mut [u8],
    /// See [`Agents::position`].
    pub position: &'a mut [i8],
    /// See [`Agents::conviction`].
    pub conviction: &'a mut [u8],
    /// See [`Agents::trust`].
    pub trust: &'a mut [u8],
    /// See [`Agents::threshold`].
    pub threshold: &'a mut [u8],
    /// See [`Agents::susceptibility`].
    pub susceptibility: &'a mut [u8],
    /// See [`Agents::experience`].
    pub experience: &'a mut [u8],
    /// See [`Agents::marks`].
    pub marks: &'a mut [u8],
}

impl Agents {
    /// Bytes that one agent takes in these columns.
    pub const BYTES_EACH: usize = 9;

    /// `count` blank agents.
    #[must_use]
    pub fn blank(count: usize) -> Self {
        Self {
            private: vec![0; count],
            public: vec![0; count],
            position: vec![0; count],
            conviction: vec![0; count],
            trust: vec![0; count],
            threshold: vec![0; count],
            susceptibility: vec![0; count],
            experience: vec![0; count],
            marks: vec![0; count],
        }
    }

    /// Number of agents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.private.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.private.is_empty()
    }

    /// All agents, mutable.
    pub fn as_mut(&mut self) -> AgentsMut<'_> {
        AgentsMut {
            private: &mut self.private,
            public: &mut self.public,
            position: &mut self.position,
            conviction: &mut self.conviction,
            trust: &mut self.trust,
            threshold: &mut self.threshold,
            susceptibility: &mut self.susceptibility,
            experience: &mut self.experience,
            marks: &mut self.marks,
        }
    }
}

impl<'a> AgentsMut<'a> {
    /// Number of agents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.private.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.private.is_empty()
    }

    /// The first `count` agents, and the rest.
    #[must_use]
    pub fn cut(self, count: usize) -> (Self, Self) {
        let (private, private_rest) = self.private.split_at_mut(count);
        let (public, public_rest) = self.public.split_at_mut(count);
        let (position, position_rest) = self.position.split_at_mut(count);
        let (conviction, conviction_rest) = self.conviction.split_at_mut(count);
        let (trust, trust_rest) = self.trust.split_at_mut(count);
        let (threshold, threshold_rest) = self.threshold.split_at_mut(count);
        let (susceptibility, susceptibility_rest) = self.susceptibility.split_at_mut(count);
        let (experience, experience_rest) = self.experience.split_at_mut(count);
        let (marks, marks_rest) = self.marks.split_at_mut(count);
        (
            Self {
                private,
                public,
                position,
                conviction,
                trust,
                threshold,
                susceptibility,
                experience,
                marks,
            },
            Self {
                private: private_rest,
                public: public_rest,
                position: position_rest,
                conviction: conviction_rest,
                trust: trust_rest,
                threshold: threshold_rest,
                susceptibility: susceptibility_rest,
                experience: experience_rest,
                marks: marks_rest,
            },
        )
    }

    /// Takes the first `count` agents off.
    pub fn take(&mut self, count: usize) -> AgentsMut<'a> {
        let (head, tail) = std::mem::take(self).cut(count);
        *self = tail;
        head
    }
}
