//! The draws of a run of neighbours, made together.

use super::lanes::RUN_AGENTS;
use crate::random::{BATCH, Process, ReplicateKey, batch};
use crate::simd::{Aligned, CHUNK, Simd};

/// Room for the words of a run that begins and ends within batches.
const WORDS: usize = RUN_AGENTS + 2 * BATCH;

/// One word for each agent of a run.
#[derive(Debug)]
pub(super) struct Draws {
    words: Aligned<[u32; WORDS]>,
    first_word: usize,
    count: usize,
}

impl Draws {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { words: Aligned([0; WORDS]), first_word: 0, count: 0 }
    }

    /// Draws of the day for `count` agents from number `first` on.
    #[inline(always)]
    pub(super) fn fill(&mut self, simd: impl Simd, key: &ReplicateKey, day: u32, first: u64, count: usize) {
        debug_assert!(count <= RUN_AGENTS);
        self.count = count;
        self.first_word = (first % BATCH as u64) as usize;
        let batches = (self.first_word + count).div_ceil(BATCH);
        for (number, words) in self.words.as_chunks_mut().0.iter_mut().take(batches).enumerate() {
            batch(simd, key, Process::Day, day, first / BATCH as u64 + number as u64, words);
        }
    }

    /// The word of the day of each agent.
    #[inline(always)]
    pub(super) fn words(&self) -> &[u32] {
        &self.words[self.first_word..self.first_word + self.count]
    }

    /// The words of a chunk of agents from `from` on, whether or not all of them are there.
    #[inline(always)]
    pub(super) fn chunk(&self, from: usize) -> &[u32; CHUNK] {
        let from = self.first_word + from;
        self.words[from..].first_chunk().expect("there is room for batches beyond the last")
    }
}
