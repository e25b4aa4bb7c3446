//! From the root seed to the key of a replicate.

use super::{Process, Schedule, ars4x32};

/// The key under which all draws of one replicate stand.
///
/// Derived by hashing, never by adding: seed 1 replicate 2 and seed 2 replicate 1 have nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicateKey {
    schedule: Schedule,
}

impl ReplicateKey {
    /// The key of replicate number `replicate` (from 0) under root seed `seed`.
    #[must_use]
    pub fn new(seed: u64, replicate: u64) -> Self {
        let counter =
            [replicate as u32, (replicate >> 32) as u32, u32::from(Process::Key as u8) << 16, 0x6f63_746f];
        let of_seed = Schedule::new([seed as u32, (seed >> 32) as u32, 0, 0]);
        Self { schedule: Schedule::new(ars4x32(counter, &of_seed)) }
    }

    /// The words of the key.
    #[must_use]
    pub fn words(self) -> [u32; 4] {
        self.schedule.keys()[0]
    }

    /// The keys of all rounds, made once and for all draws.
    #[inline(always)]
    pub(super) fn schedule(&self) -> &Schedule {
        &self.schedule
    }
}

/// The address of something that has a name: below 2^40, and the same whatever else is there.
///
/// FNV-1a, folded. Numbering things by their place in a list would give all that follow an added one other draws.
/// Source: Fowler, Noll and Vo, draft-eastlake-fnv.
///
/// ```
/// use october::random::name_address;
/// assert_eq!(name_address("storm"), name_address("storm"));
/// assert_ne!(name_address("storm"), name_address("calm"));
/// ```
#[must_use]
pub fn name_address(name: &str) -> u64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 40) ^ (hash & ((1 << 40) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_names_fit_and_differ() {
        let mut addresses: Vec<u64> = (0..10_000).map(|i| name_address(&format!("event {i}"))).collect();
        assert!(addresses.iter().all(|&a| a < 1 << 40));
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), 10_000);
    }

    #[test]
    fn neighbouring_seeds_and_replicates_do_not_collide() {
        let mut keys: Vec<_> =
            (0..100).flat_map(|s| (0..100).map(move |r| ReplicateKey::new(s, r).words())).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 10_000);
    }
}
