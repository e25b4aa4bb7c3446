//! The generator for many addresses at once: the same words as one by one, in an order that fits vector registers.

use super::{Process, ReplicateKey, Stream};
use crate::simd::{Instructions, Job, LANES, Simd};

/// Block `index` of the streams of `first` and so many more, lane by lane: `words[w][lane]`; see [`Stream::block_at`].
#[inline(always)]
#[must_use]
pub fn blocks_of(
    simd: impl Simd,
    key: &ReplicateKey,
    process: Process,
    day: u32,
    first: u64,
    more: &[u32; LANES],
    index: u32,
) -> [[u32; LANES]; 4] {
    let [low, high, later, _] = Stream::counter(process, day, first);
    let (mut lower, mut upper) = ([0; LANES], [0; LANES]);
    for lane in 0..LANES {
        lower[lane] = low.wrapping_add(more[lane]);
        // Of what is above the 32nd bit, the address has eight.
        upper[lane] = high & !0xff | (high + u32::from(lower[lane] < low)) & 0xff;
    }
    simd.encrypted_lanes(&lower, &upper, [later, index], key.schedule().keys())
}

/// The first word of the streams of `first` and those that follow, with the best instructions there are.
#[must_use]
pub fn first_words(key: ReplicateKey, process: Process, day: u32, first: u64) -> [u32; LANES] {
    struct FirstWords<'a>(ReplicateKey, Process, u32, u64, &'a mut [u32; LANES]);
    impl Job for FirstWords<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let Self(key, process, day, first, words) = self;
            let more = std::array::from_fn(|i| i as u32);
            [*words, ..] = blocks_of(simd, &key, process, day, first, &more, 0);
        }
    }
    let mut words = [0; LANES];
    Instructions::best().run(FirstWords(key, process, day, first, &mut words));
    words
}

/// Words that [`batch`] makes: one for each of as many neighbours.
pub const BATCH: usize = 4 * LANES;

/// One word for each of the neighbours from `BATCH batch` on.
///
/// Daily draws need 32 bits an agent, and a block has four times as many: number `i` is word `i % 4` of the first block of the
/// stream of `i / 4`.
#[inline(always)]
pub fn batch(
    simd: impl Simd,
    key: &ReplicateKey,
    process: Process,
    day: u32,
    batch: u64,
    words: &mut [u32; BATCH],
) {
    // A batch begins at a multiple of its streams, so that only the lowest word differs within it.
    *words = simd.encrypted_row(Stream::counter(process, day, batch * LANES as u64), key.schedule().keys());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn lanes_are_streams() {
        let key = ReplicateKey::new(1917, 3);
        let more: [u32; LANES] = std::array::from_fn(|i| i as u32 * 0x0123_4567);
        for first in [0, 0xffff_ff00, 0x12_3456_7890] {
            let words = blocks_of(Portable, &key, Process::Choice, 70_001, first, &more, 5);
            for (lane, &more) in more.iter().enumerate() {
                let alone = Stream::new(key, Process::Choice, 70_001, first + u64::from(more)).block_at(5);
                assert_eq!(alone, std::array::from_fn(|w| words[w][lane]));
            }
            let mut next = Stream::new(key, Process::Choice, 70_001, first + 9);
            assert_eq!(first_words(key, Process::Choice, 70_001, first)[9], next.word());
        }
    }

    #[test]
    fn batches_cross_the_32nd_bit() {
        let key = ReplicateKey::new(7, 0);
        for number in [0, (1 << 28) - 1, 1 << 28] {
            let mut words = [0; BATCH];
            batch(Portable, &key, Process::Day, 9, number, &mut words);
            for (lane, words) in words.as_chunks::<4>().0.iter().enumerate() {
                let who = number * LANES as u64 + lane as u64;
                assert_eq!(*words, Stream::new(key, Process::Day, 9, who).block_at(0));
            }
        }
    }
}
