//! What neighbours read beside their own state: rows with an entry for each.

use super::lanes::RUN_AGENTS;

/// Written at once by [`fill`]: it may write so many beyond the end.
const STRIDE: usize = 64;
/// Length of a row, with room for [`fill`].
pub(super) const PADDED: usize = RUN_AGENTS + STRIDE;

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
    }
}
