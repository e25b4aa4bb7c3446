//! Rounds of the Advanced Encryption Standard on blocks of four words: an instruction where the processor has it, a look-up
//! in tables where it has not, and the same bits.
//!
//! Source: FIPS 197. Tables merge SubBytes, ShiftRows and MixColumns: Daemen and Rijmen, The Design of Rijndael, 4.2.

/// Keys of a block: one before the first round, and one for each.
pub const KEYS: usize = 8;

/// What a byte becomes (FIPS 197, 5.1.1): its inverse in GF(2^8), turned. Found by walking through all powers of 3 and of its
/// inverse.
const SUBSTITUTES: [u8; 256] = {
    let mut substitutes = [0x63; 256];
    let (mut power, mut inverse) = (1_u8, 1_u8);
    loop {
        power ^= doubled(power);
        inverse ^= inverse << 1;
        inverse ^= inverse << 2;
        inverse ^= inverse << 4;
        if inverse & 0x80 != 0 {
            inverse ^= 0x09;
        }
        let turned =
            inverse.rotate_left(1) ^ inverse.rotate_left(2) ^ inverse.rotate_left(3) ^ inverse.rotate_left(4);
        substitutes[power as usize] = inverse ^ turned ^ 0x63;
        if power == 1 {
            break;
        }
    }
    substitutes
};

/// What a byte of the first row adds to its column; for those below, the bytes move up.
const COLUMNS: [u32; 256] = {
    let mut columns = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let one = SUBSTITUTES[byte];
        let two = doubled(one);
        columns[byte] = u32::from_le_bytes([two, one, one, two ^ one]);
        byte += 1;
    }
    columns
};

/// Twice `byte` in GF(2^8).
const fn doubled(byte: u8) -> u8 {
    byte << 1 ^ if byte & 0x80 != 0 { 0x1b } else { 0 }
}

/// A block after all rounds but the last, and after the last, which mixes no columns. Words are columns, the first row lowest.
///
/// For one block at a time; [`super::Simd`] has it for many.
#[inline]
#[must_use]
pub fn encrypted(block: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; 4] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("aes") {
        return super::x86::encrypted(block, keys);
    }
    encrypted_by_tables(block, keys)
}

/// The same by tables.
#[inline]
pub(super) fn encrypted_by_tables(block: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; 4] {
    let [first, rounds @ .., last] = keys;
    let add = |block: [u32; 4], key: &[u32; 4]| -> [u32; 4] { std::array::from_fn(|c| block[c] ^ key[c]) };
    let mut state = add(block, first);
    for key in rounds {
        state = add(std::array::from_fn(|c| mixed(&state, c)), key);
    }
    add(std::array::from_fn(|c| substituted(&state, c)), last)
}

/// Byte of row `row` that the shift of rows brings to column `c`.
#[inline]
fn shifted(state: &[u32; 4], c: usize, row: usize) -> usize {
    usize::from(state[(c + row) % 4].to_le_bytes()[row])
}

#[inline]
fn mixed(state: &[u32; 4], c: usize) -> u32 {
    (0..4).fold(0, |sum, row| sum ^ COLUMNS[shifted(state, c, row)].rotate_left(8 * row as u32))
}

#[inline]
fn substituted(state: &[u32; 4], c: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|row| SUBSTITUTES[shifted(state, c, row)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of the state in FIPS 197, appendix B: input of the first round, and of the second.
    #[test]
    fn a_published_round_is_met() {
        let word = |bytes: [u8; 4]| u32::from_le_bytes(bytes);
        let before = [
            word([0x19, 0x3d, 0xe3, 0xbe]),
            word([0xa0, 0xf4, 0xe2, 0x2b]),
            word([0x9a, 0xc6, 0x8d, 0x2a]),
            word([0xe9, 0xf8, 0x48, 0x08]),
        ];
        let mixed_columns = [
            word([0x04, 0x66, 0x81, 0xe5]),
            word([0xe0, 0xcb, 0x19, 0x9a]),
            word([0x48, 0xf8, 0xd3, 0x7a]),
            word([0x28, 0x06, 0x26, 0x4c]),
        ];
        assert_eq!(std::array::from_fn(|c| mixed(&before, c)), mixed_columns);
        assert_eq!((SUBSTITUTES[0], SUBSTITUTES[0x53], SUBSTITUTES[0xff]), (0x63, 0xed, 0x16));
    }

    #[test]
    fn tables_and_instructions_agree() {
        let mut block = [0x0123_4567, 0x89ab_cdef, 0, u32::MAX];
        for i in 0..1000_u32 {
            let keys = std::array::from_fn(|k| block.map(|word| word.wrapping_mul(k as u32 + 3) ^ i));
            let by_tables = encrypted_by_tables(block, &keys);
            assert_eq!(encrypted(block, &keys), by_tables);
            block = by_tables;
        }
    }
}
