//! The generator for many addresses at once: the same words as one by one, in an order that fits vector registers.

use super::philox::{MULTIPLIER, ROUNDS, WEYL};
use super::{Process, ReplicateKey, Stream};

/// Blocks made together: sixteen words fill the widest registers in use.
pub const LANES: usize = 16;

/// Four words for each of [`LANES`] counters under one key: `words[w][lane]`.
///
/// Lane for lane what [`super::philox4x32`] gives.
#[inline(always)]
#[must_use]
fn philox_lanes(counter: [[u32; LANES]; 4], key: [u32; 2]) -> [[u32; LANES]; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let mut next = [[0; LANES]; 4];
        for i in 0..LANES {
            let p0 = u64::from(MULTIPLIER[0]) * u64::from(c0[i]);
            let p1 = u64::from(MULTIPLIER[1]) * u64::from(c2[i]);
            next[0][i] = (p1 >> 32) as u32 ^ c1[i] ^ k0;
            next[1][i] = p1 as u32;
            next[2][i] = (p0 >> 32) as u32 ^ c3[i] ^ k1;
            next[3][i] = p0 as u32;
        }
        [c0, c1, c2, c3] = next;
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [c0, c1, c2, c3]
}

/// Block `index` of the streams of `who`, lane by lane: `words[w][lane]`; see [`Stream::block_at`].
#[inline(always)]
#[must_use]
pub fn blocks_of(
    key: ReplicateKey,
    process: Process,
    day: u32,
    who: &[u64; LANES],
    index: u32,
) -> [[u32; LANES]; 4] {
    let [_, high, later, _] = Stream::new(key, process, day, 0).counter();
    let mut counter = [[0; LANES]; 4];
    for i in 0..LANES {
        counter[0][i] = who[i] as u32;
        counter[1][i] = high | ((who[i] >> 32) as u32 & 0xff);
        counter[2][i] = later;
        counter[3][i] = index;
    }
    philox_lanes(counter, key.words())
}

/// The first blocks of [`LANES`] streams that follow each other from `first`, as words in order of the streams.
#[inline(always)]
pub fn consecutive_blocks(
    key: ReplicateKey,
    process: Process,
    day: u32,
    first: u64,
    words: &mut [u32; 4 * LANES],
) {
    let mut who = [0; LANES];
    for (i, who) in who.iter_mut().enumerate() {
        *who = first + i as u64;
    }
    let blocks = blocks_of(key, process, day, &who, 0);
    for i in 0..LANES {
        for w in 0..4 {
            words[4 * i + w] = blocks[w][i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_streams() {
        let key = ReplicateKey::new(1917, 3);
        let who: [u64; LANES] = std::array::from_fn(|i| (i as u64 * 0x1_2345_6789) % (1 << 40));
        let words = blocks_of(key, Process::Choice, 70_001, &who, 5);
        for (lane, &who) in who.iter().enumerate() {
            let alone = Stream::new(key, Process::Choice, 70_001, who).block_at(5);
            assert_eq!(alone, std::array::from_fn(|w| words[w][lane]));
        }
    }

    #[test]
    fn consecutive_blocks_cross_the_32nd_bit() {
        let key = ReplicateKey::new(7, 0);
        let mut words = [0; 4 * LANES];
        let first = (1 << 32) - 3;
        consecutive_blocks(key, Process::Day, 9, first, &mut words);
        for lane in 0..LANES {
            let alone = Stream::new(key, Process::Day, 9, first + lane as u64).block_at(0);
            assert_eq!(alone[..], words[4 * lane..4 * lane + 4]);
        }
    }
}
