//! From the root seed to the key of a replicate.

use super::{Process, philox4x32};

/// The key under which all draws of one replicate stand.
///
/// Derived by hashing, never by adding: seed 1 replicate 2 and seed 2 replicate 1 have nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicateKey {
    words: [u32; 2],
}

impl ReplicateKey {
    /// The key of replicate number `replicate` (from 0) under root seed `seed`.
    #[must_use]
    pub fn new(seed: u64, replicate: u64) -> Self {
        let counter =
            [replicate as u32, (replicate >> 32) as u32, u32::from(Process::Key as u8) << 16, 0x6f63_746f];
        let [a, b, _, _] = philox4x32(counter, [seed as u32, (seed >> 32) as u32]);
        Self { words: [a, b] }
    }

    /// The two words of the key.
    #[must_use]
    pub fn words(self) -> [u32; 2] {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_seeds_and_replicates_do_not_collide() {
        let mut keys: Vec<_> =
            (0..100).flat_map(|s| (0..100).map(move |r| ReplicateKey::new(s, r).words())).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 10_000);
    }
}
