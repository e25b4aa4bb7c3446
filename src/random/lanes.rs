//! The generator for many addresses at once: the same words as one by one, in an order that fits vector registers.

use super::philox::{MULTIPLIER, ROUNDS, WEYL};
use super::{Process, ReplicateKey, Stream};
use crate::simd::{Instructions, Job, LANES, Simd};

/// Four words for each of [`LANES`] counters under one key: `words[w][lane]`.
///
/// Lane for lane what [`super::philox4x32`] gives. Each word has the room of two, of which only the lower half is looked
/// at: so the halves of a product need not be put together from registers of their own.
#[inline(always)]
#[must_use]
fn philox_lanes(simd: impl Simd, counter: [[u64; LANES]; 4], key: [u32; 2]) -> [[u32; LANES]; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let p0 = simd.multiply(&c0, MULTIPLIER[0]);
        let p1 = simd.multiply(&c2, MULTIPLIER[1]);
        (c0, c1) = (simd.mix(&p1, &c1, k0), p1);
        (c2, c3) = (simd.mix(&p0, &c3, k1), p0);
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [simd.lower_halves(&c0), simd.lower_halves(&c1), simd.lower_halves(&c2), simd.lower_halves(&c3)]
}

/// Block `index` of the streams of `who`, lane by lane: `words[w][lane]`; see [`Stream::block_at`].
#[inline(always)]
#[must_use]
pub fn blocks_of(
    simd: impl Simd,
    key: ReplicateKey,
    process: Process,
    day: u32,
    who: &[u64; LANES],
    index: u32,
) -> [[u32; LANES]; 4] {
    let [_, high, later, _] = Stream::new(key, process, day, 0).counter();
    let upper = who.map(|who| who >> 32 & 0xff | u64::from(high));
    let counter = [*who, upper, [u64::from(later); LANES], [u64::from(index); LANES]];
    philox_lanes(simd, counter, key.words())
}

/// The first word of the stream of each of `who`, with the best instructions there are.
#[must_use]
pub fn first_words(key: ReplicateKey, process: Process, day: u32, who: [u64; LANES]) -> [u32; LANES] {
    struct FirstWords<'a>(ReplicateKey, Process, u32, [u64; LANES], &'a mut [u32; LANES]);
    impl Job for FirstWords<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let Self(key, process, day, who, words) = self;
            [*words, ..] = blocks_of(simd, key, process, day, &who, 0);
        }
    }
    let mut words = [0; LANES];
    Instructions::best().run(FirstWords(key, process, day, who, &mut words));
    words
}

/// Words that [`batch`] makes: one for each of as many neighbours.
pub const BATCH: usize = 4 * LANES;

/// One word for each of the neighbours from `BATCH batch` on.
///
/// Daily draws need 32 bits an agent, and a block has four times as many: number `16 w + i` is word `w` of the first block
/// of the stream of `16 batch + i`.
#[inline(always)]
pub fn batch(
    simd: impl Simd,
    key: ReplicateKey,
    process: Process,
    day: u32,
    batch: u64,
    words: &mut [u32; BATCH],
) {
    let mut who = [0; LANES];
    for (i, who) in who.iter_mut().enumerate() {
        *who = batch * LANES as u64 + i as u64;
    }
    let blocks = blocks_of(simd, key, process, day, &who, 0);
    for (words, block) in words.as_chunks_mut().0.iter_mut().zip(blocks) {
        *words = block;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn lanes_are_streams() {
        let key = ReplicateKey::new(1917, 3);
        let who: [u64; LANES] = std::array::from_fn(|i| (i as u64 * 0x1_2345_6789) % (1 << 40));
        let words = blocks_of(Portable, key, Process::Choice, 70_001, &who, 5);
        for (lane, &this) in who.iter().enumerate() {
            let alone = Stream::new(key, Process::Choice, 70_001, this).block_at(5);
            assert_eq!(alone, std::array::from_fn(|w| words[w][lane]));
            assert_eq!(
                first_words(key, Process::Choice, 70_001, who)[lane],
                Stream::new(key, Process::Choice, 70_001, who[lane]).word()
            );
        }
    }

    #[test]
    fn batches_cross_the_32nd_bit() {
        let key = ReplicateKey::new(7, 0);
        for number in [0, (1 << 28) - 1, 1 << 28] {
            let mut words = [0; BATCH];
            batch(Portable, key, Process::Day, 9, number, &mut words);
            for lane in 0..LANES {
                let alone =
                    Stream::new(key, Process::Day, 9, number * LANES as u64 + lane as u64).block_at(0);
                assert_eq!(alone, [0, 1, 2, 3].map(|w| words[LANES * w + lane]));
            }
        }
    }
}
