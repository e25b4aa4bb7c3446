//! The draws of a run of neighbours, made together.

use super::lanes::RUN_AGENTS;
use crate::random::{Process, ReplicateKey, consecutive_blocks};
use crate::simd::{LANES, Simd};

/// Words that one call of the generator gives.
const BATCH: usize = 4 * LANES;
/// Room for the words of a run that begins and ends within blocks.
const WORDS: usize = RUN_AGENTS + 2 * BATCH;
/// Room for the words that hold one byte an agent, likewise.
const TRAIT_WORDS: usize = RUN_AGENTS / 4 + 2 * BATCH;

/// One word and one lasting byte for each agent of a run.
#[derive(Debug)]
pub(super) struct Draws {
    words: [u32; WORDS],
    bytes: [u8; 4 * TRAIT_WORDS],
    first_word: usize,
    first_byte: usize,
    count: usize,
}

impl Draws {
    pub(super) fn new() -> Self {
        Self { words: [0; WORDS], bytes: [0; 4 * TRAIT_WORDS], first_word: 0, first_byte: 0, count: 0 }
    }

    /// Draws for `count` agents from number `first` on.
    #[inline(always)]
    pub(super) fn fill(&mut self, simd: impl Simd, key: ReplicateKey, day: u32, first: u64, count: usize) {
        debug_assert!(count <= RUN_AGENTS);
        self.count = count;
        self.first_word = (first % 4) as usize;
        let mut block = first / 4;
        for words in self.words.as_chunks_mut().0.iter_mut().take((self.first_word + count).div_ceil(BATCH)) {
            consecutive_blocks(simd, key, Process::Day, day, block, words);
            block += LANES as u64;
        }
        self.first_byte = (first % 16) as usize;
        let mut block = first / 16;
        let mut words = [0; BATCH];
        let batches = self.bytes.as_chunks_mut::<{ 4 * BATCH }>().0;
        for bytes in batches.iter_mut().take((self.first_byte + count).div_ceil(4 * BATCH)) {
            consecutive_blocks(simd, key, Process::Susceptibility, 0, block, &mut words);
            for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
                *bytes = word.to_le_bytes();
            }
            block += LANES as u64;
        }
    }

    /// The word of the day of each agent.
    #[inline(always)]
    pub(super) fn words(&self) -> &[u32] {
        &self.words[self.first_word..self.first_word + self.count]
    }

    /// The lasting byte of each agent.
    #[inline(always)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.first_byte..self.first_byte + self.count]
    }
}
