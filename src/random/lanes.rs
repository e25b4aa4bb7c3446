//! The generator for many addresses at once: the same words as one by one, in an order that fits vector registers.

use super::ars::Schedule;
use super::{Process, ReplicateKey, Stream};
use crate::simd::{Instructions, Job, LANES, Simd};

/// Block `index` of the streams of `who`, lane by lane: `words[w][lane]`; see [`Stream::block_at`].
#[inline(always)]
#[must_use]
pub fn blocks_of(
    simd: impl Simd,
    schedule: &Schedule,
    process: Process,
    day: u32,
    who: &[u64; LANES],
    index: u32,
) -> [[u32; LANES]; 4] {
    let [_, high, later, _] = Stream::counter(process, day, 0);
    let (lower, upper) = (who.map(|who| who as u32), who.map(|who| (who >> 32) as u32 & 0xff | high));
    simd.encrypted_lanes(&lower, &upper, [later, index], schedule.keys())
}

/// The first word of the stream of each of `who`, with the best instructions there are.
#[must_use]
pub fn first_words(key: ReplicateKey, process: Process, day: u32, who: [u64; LANES]) -> [u32; LANES] {
    struct FirstWords<'a>(ReplicateKey, Process, u32, [u64; LANES], &'a mut [u32; LANES]);
    impl Job for FirstWords<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let Self(key, process, day, who, words) = self;
            [*words, ..] = blocks_of(simd, &key.schedule(), process, day, &who, 0);
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
/// Daily draws need 32 bits an agent, and a block has four times as many: number `i` is word `i % 4` of the first block of the
/// stream of `i / 4`.
#[inline(always)]
pub fn batch(
    simd: impl Simd,
    schedule: &Schedule,
    process: Process,
    day: u32,
    batch: u64,
    words: &mut [u32; BATCH],
) {
    let first = Stream::counter(process, day, batch * LANES as u64);
    // A batch begins at a multiple of its streams, so that only the lowest word differs within it.
    let counters = std::array::from_fn(|i| [first[0] + i as u32, first[1], first[2], first[3]]);
    let blocks = simd.encrypted(&counters, schedule.keys());
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
        let words = blocks_of(Portable, &key.schedule(), Process::Choice, 70_001, &who, 5);
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
            batch(Portable, &key.schedule(), Process::Day, 9, number, &mut words);
            for (lane, words) in words.as_chunks::<4>().0.iter().enumerate() {
                let who = number * LANES as u64 + lane as u64;
                assert_eq!(*words, Stream::new(key, Process::Day, 9, who).block_at(0));
            }
        }
    }
}
