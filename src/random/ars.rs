//! The counter-based generator beneath every draw.

use crate::simd::{KEYS, encrypted};

/// Added to the lower and upper half of the key from round to round: the golden ratio, and the root of 3 less 1.
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];

/// Keys of all rounds; two more than the fewest with which the authors found no failure in all of BigCrush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule([[u32; 4]; KEYS]);

impl Schedule {
    /// The keys that follow from `key`.
    #[inline]
    #[must_use]
    pub fn new(key: [u32; 4]) -> Self {
        let [a, b, c, d] = key.map(u64::from);
        let (mut low, mut high) = (b << 32 | a, d << 32 | c);
        Self(std::array::from_fn(|_| {
            let words = [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32];
            (low, high) = (low.wrapping_add(WEYL[0]), high.wrapping_add(WEYL[1]));
            words
        }))
    }

    /// Round by round, the first before all rounds.
    #[inline(always)]
    pub(super) fn keys(&self) -> &[[u32; 4]; KEYS] {
        &self.0
    }
}

/// ARS-7: four random words from a counter and a key, both of any value.
///
/// Rounds of the Advanced Encryption Standard, which processors have as instructions, under keys that are added to instead of
/// derived. A bijection of the counter for each key, so different addresses never share a block. No cipher: whoever knows a
/// few draws may find the key.
/// Source: Salmon et al. 2011, doi:10.1145/2063384.2063405; checked against the authors' published vectors.
#[inline]
#[must_use]
pub fn ars4x32(counter: [u32; 4], schedule: &Schedule) -> [u32; 4] {
    encrypted(counter, schedule.keys())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (`ut_ars.c`).
    #[test]
    fn published_vectors_are_met() {
        // The authors print bytes, from the first.
        let words = |high: u64, low: u64| {
            let word = |half: u64, which: u32| ((half >> (32 - 32 * which)) as u32).swap_bytes();
            [word(high, 0), word(high, 1), word(low, 0), word(low, 1)]
        };
        let schedule = Schedule::new([1, 0, 0, 0]);
        let first = words(0x2b16_2335_0cd2_14dc, 0x7740_1879_9341_1872);
        assert_eq!(ars4x32([1, 0, 0, 0], &schedule), first);
        let second = words(0x2de6_b66f_a461_b668, 0xf380_126f_32b9_cd22);
        assert_eq!(ars4x32([0x100, 0, 0, 0], &schedule), second);
    }
}
