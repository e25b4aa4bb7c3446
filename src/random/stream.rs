//! A stream of draws at one address.

use std::convert::Infallible;

use rand::TryRng;

use super::{Process, ReplicateKey, ars4x32};

/// The draws addressed by (seed, replicate, process, day, who), in order.
///
/// `who` is an agent, a collective, an event or a constituency: whatever the process is about; fewer than 2^40 of
/// each. A stream is a counter, so it can also be read at any [`Stream::block_at`]. Implements the generator traits of
/// `rand`, for the distributions of `rand_distr`.
#[derive(Clone, Debug)]
pub struct Stream {
    key: ReplicateKey,
    counter: [u32; 4],
    buffer: [u32; 4],
    used: usize,
}

impl Stream {
    /// The stream at this address, before its first draw.
    #[inline]
    #[must_use]
    pub fn new(key: ReplicateKey, process: Process, day: u32, who: u64) -> Self {
        let counter = Self::counter(process, day, who);
        Self { key, counter, buffer: [0; 4], used: 4 }
    }

    /// The counter of the first block at an address.
    #[inline]
    pub(super) fn counter(process: Process, day: u32, who: u64) -> [u32; 4] {
        debug_assert!(who < 1 << 40, "who must fit the address");
        [
            who as u32,
            ((who >> 32) as u32 & 0xff) | (u32::from(process as u8) << 8) | ((day & 0xffff) << 16),
            day >> 16,
            0,
        ]
    }

    /// The next four words of the stream.
    #[inline]
    pub fn block(&mut self) -> [u32; 4] {
        let words = ars4x32(self.counter, self.key.schedule());
        self.counter[3] = self.counter[3].wrapping_add(1);
        words
    }

    /// Block number `index` of the stream, without moving it.
    #[inline]
    #[must_use]
    pub fn block_at(&self, index: u32) -> [u32; 4] {
        ars4x32([self.counter[0], self.counter[1], self.counter[2], index], self.key.schedule())
    }

    /// The next draw, uniform in [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f32 {
        unit(self.word())
    }

    /// The next word.
    #[inline]
    pub fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.buffer = self.block();
            self.used = 0;
        }
        self.used += 1;
        self.buffer[self.used - 1]
    }
}

/// A word as a real number in [0, 1), with 24 bits.
#[inline]
#[must_use]
pub fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16_777_216.0)
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.word());
        Ok(low | u64::from(self.word()) << 32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for piece in bytes.chunks_mut(4) {
            piece.copy_from_slice(&self.word().to_le_bytes()[..piece.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_address_matters() {
        let key = ReplicateKey::new(7, 0);
        let base = Stream::new(key, Process::Day, 3, 11).block_at(0);
        for other in [
            Stream::new(ReplicateKey::new(8, 0), Process::Day, 3, 11),
            Stream::new(ReplicateKey::new(7, 1), Process::Day, 3, 11),
            Stream::new(key, Process::Choice, 3, 11),
            Stream::new(key, Process::Day, 4, 11),
            Stream::new(key, Process::Day, 3, 12),
            Stream::new(key, Process::Day, 3, 11 + (1 << 32)),
        ] {
            assert_ne!(base, other.block_at(0));
        }
    }

    #[test]
    fn reading_ahead_moves_nothing() {
        let mut stream = Stream::new(ReplicateKey::new(7, 0), Process::Day, 3, 11);
        let second = stream.block_at(1);
        stream.block();
        assert_eq!(stream.block(), second);
    }

    #[test]
    fn units_fill_the_interval_evenly() {
        let mut stream = Stream::new(ReplicateKey::new(1, 1), Process::Example, 0, 0);
        let mean = (0..100_000).map(|_| f64::from(stream.uniform())).sum::<f64>() / 100_000.0;
        // The standard error is 0.29 / sqrt(1e5) = 0.0009; five of them.
        assert!((mean - 0.5).abs() < 0.0046, "{mean}");
    }
}
