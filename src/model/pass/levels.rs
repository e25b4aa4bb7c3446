//! What neighbours read beside their own state: one level for all of them, or each its own.

use super::lanes::RUN_AGENTS;

/// Written at once by [`fill`]: it may write so many beyond the end.
const STRIDE: usize = 16;
/// Length of a row of levels, with room for [`fill`].
pub(super) const PADDED: usize = RUN_AGENTS + STRIDE;

/// The level that agent `i` of a run reads.
pub(super) trait Level<T>: Copy {
    fn at(self, i: usize) -> T;
}

/// One for all.
#[derive(Clone, Copy)]
pub(super) struct One<T>(pub(super) T);

/// Each its own.
#[derive(Clone, Copy)]
pub(super) struct Each<'a, T>(pub(super) &'a [T]);

impl<T: Copy> Level<T> for One<T> {
    #[inline(always)]
    fn at(self, _: usize) -> T {
        self.0
    }
}

impl<T: Copy> Level<T> for Each<'_, T> {
    #[inline(always)]
    fn at(self, i: usize) -> T {
        self.0[i]
    }
}

/// Sets `row[from..to]`, and perhaps some beyond: rows are filled from front to back, in whole strides.
#[inline(always)]
pub(super) fn fill<T: Copy>(row: &mut [T; PADDED], from: usize, to: usize, value: T) {
    let mut at = from;
    while at < to {
        row[at..at + STRIDE].copy_from_slice(&[value; STRIDE]);
        at += STRIDE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_filled_from_front_to_back() {
        let mut row = [0; PADDED];
        for (from, to, value) in [(0, 3, 1), (3, 4, 2), (4, 40, 3), (40, RUN_AGENTS, 4)] {
            fill(&mut row, from, to, value);
        }
        assert!(row[..3].iter().all(|&x| x == 1) && row[3] == 2);
        assert!(row[4..40].iter().all(|&x| x == 3) && row[40..RUN_AGENTS].iter().all(|&x| x == 4));
        assert_eq!((One(5).at(7), Each(&row[..4]).at(3)), (5, 2));
    }
}
