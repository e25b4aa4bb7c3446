//! What registers are asked for beyond plain loops, and how it is done without any.

use super::aes::{KEYS, encrypted_by_tables};

/// Numbers of 32 bits in the widest registers in use.
pub const LANES: usize = 16;
/// Bytes in them.
pub const CHUNK: usize = 64;

/// A kind of registers. Every method gives the same on each.
///
/// A value of a kind stands for the knowledge that the processor has it.
pub trait Simd: Copy {
    /// `out[i] = table[which[i] >> SHIFT]`, of what is left the lowest four bits, for `i` in `from..to`; it may write the
    /// next [`CHUNK`] entries, too.
    #[inline(always)]
    fn look_up<const SHIFT: u32>(
        self,
        table: &[f32; 16],
        which: &[u8],
        from: usize,
        to: usize,
        out: &mut [f32],
    ) {
        for (out, &which) in out[from..to].iter_mut().zip(&which[from..to]) {
            *out = table[usize::from(which >> SHIFT) % 16];
        }
    }

    /// `out[i] = table[which[i]]`, of which the lowest four bits, for `i` in `from..to`; it may write the next [`CHUNK`]
    /// entries, too.
    #[inline(always)]
    fn look_up_bytes(self, table: &[u8; 16], which: &[u8], from: usize, to: usize, out: &mut [u8]) {
        for (out, &which) in out[from..to].iter_mut().zip(&which[from..to]) {
            *out = table[usize::from(which) % 16];
        }
    }

    /// Which words are `most` or less: bit `i` for word `i`.
    #[inline(always)]
    fn at_most(self, words: &[u32; CHUNK], most: u32) -> u64 {
        let mut bits = 0;
        for (i, &word) in words.iter().enumerate() {
            bits |= u64::from(word <= most) << i;
        }
        bits
    }

    /// See [`super::encrypted`], block by block.
    #[inline(always)]
    fn encrypted(self, blocks: &[[u32; 4]; LANES], keys: &[[u32; 4]; KEYS]) -> [[u32; 4]; LANES] {
        blocks.map(|block| encrypted_by_tables(block, keys))
    }

    /// `first` and the blocks that follow it, encrypted, one after another; only the lowest word is higher from block to block,
    /// by one.
    #[inline(always)]
    fn encrypted_row(self, first: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; CHUNK] {
        let [low, rest @ ..] = first;
        let blocks = std::array::from_fn(|i| [low.wrapping_add(i as u32), rest[0], rest[1], rest[2]]);
        let mut words = [0; CHUNK];
        words.copy_from_slice(self.encrypted(&blocks, keys).as_flattened());
        words
    }

    /// The blocks of a word of each of two rows and of two words that all have, encrypted: word `w` of block `l` in
    /// row `w`, lane `l`.
    #[inline(always)]
    fn encrypted_lanes(
        self,
        first: &[u32; LANES],
        second: &[u32; LANES],
        rest: [u32; 2],
        keys: &[[u32; 4]; KEYS],
    ) -> [[u32; LANES]; 4] {
        let blocks = std::array::from_fn(|l| [first[l], second[l], rest[0], rest[1]]);
        let blocks = self.encrypted(&blocks, keys);
        std::array::from_fn(|w| blocks.map(|block| block[w]))
    }

    /// `sums[i] + counts[i] * scale`.
    #[inline(always)]
    fn add_counts(self, sums: &[f32; LANES], counts: &[u32; LANES], scale: f32) -> [f32; LANES] {
        std::array::from_fn(|i| sums[i] + counts[i] as f32 * scale)
    }

    /// `sums[i] + of[i] * scale`, rounded after the product and after the sum.
    #[inline(always)]
    fn add_scaled(self, sums: &[f32; LANES], of: &[f32; LANES], scale: f32) -> [f32; LANES] {
        std::array::from_fn(|i| sums[i] + of[i] * scale)
    }

    /// The larger of `a[i]` and `b[i]`, which are numbers.
    #[inline(always)]
    fn highest(self, a: &[f32; LANES], b: &[f32; LANES]) -> [f32; LANES] {
        std::array::from_fn(|i| if a[i] > b[i] { a[i] } else { b[i] })
    }

    /// Both halves of each word of `counts`, and one more for each of `words` whose half is that of `least` or more.
    #[inline(always)]
    fn count_halves(
        self,
        counts: &[u32; LANES],
        words: &[[u32; LANES]; 4],
        least: &[u32; LANES],
    ) -> [u32; LANES] {
        let mut after = *counts;
        for words in words {
            for i in 0..LANES {
                let low = u32::from(words[i] & 0xffff >= least[i] & 0xffff);
                let high = u32::from(words[i] >> 16 >= least[i] >> 16);
                after[i] += high << 16 | low;
            }
        }
        after
    }

    /// Both halves of each word together, `most` at most; of numbers below 2^15.
    #[inline(always)]
    fn both_halves(self, words: &[u32; LANES], most: u32) -> [u32; LANES] {
        words.map(|word| ((word & 0xffff) + (word >> 16)).min(most))
    }

    /// Both halves of each word, `most` at most.
    #[inline(always)]
    fn bound_halves(self, words: &[u32; LANES], most: u16) -> [u32; LANES] {
        let most = u32::from(most);
        words.map(|word| (word >> 16).min(most) << 16 | (word & 0xffff).min(most))
    }

    /// Entry `i` is the sum of the entries up to and with `i`, added up in steps of 1, 2, 4 and 8 entries.
    #[inline(always)]
    fn running_sums(self, of: &[f32; LANES]) -> [f32; LANES] {
        let mut sums = *of;
        for step in [1, 2, 4, 8] {
            let before = sums;
            for i in step..LANES {
                sums[i] = before[i] + before[i - step];
            }
        }
        sums
    }

    /// Entry `i` is the largest of the entries up to and with `i`.
    #[inline(always)]
    fn running_most(self, of: &[u32; LANES]) -> [u32; LANES] {
        let mut most = 0;
        of.map(|x| {
            most = x.max(most);
            most
        })
    }

    /// The integers nearest to `of[i] * scale`, for products from 0 to below 2^22; ties go to the even one.
    #[inline(always)]
    fn nearest(self, of: &[f32; LANES], scale: f32) -> [u32; LANES] {
        of.map(|x| nearest(x * scale) as u32)
    }

    /// The lower half of each word in both its halves; the upper half is 0 before.
    #[inline(always)]
    fn doubled(self, words: &[u32; LANES]) -> [u32; LANES] {
        words.map(|word| word << 16 | word)
    }

    /// `255 part[i] / of[i]`, rounded towards 0; 255 where `part[i]` is `of[i]` or more. Nothing below 0.
    #[inline(always)]
    fn shares(self, part: &[f32; LANES], of: &[f32; LANES]) -> [u8; LANES] {
        std::array::from_fn(|i| if part[i] >= of[i] { 255 } else { (255.0 * part[i] / of[i]) as u8 })
    }

    /// `columns[i][j] = row(j)[i]`.
    #[inline(always)]
    fn transpose<'a, T: Word + 'a>(
        self,
        row: impl Fn(usize) -> &'a [T; LANES],
        columns: &mut [[T; LANES]; LANES],
    ) {
        for j in 0..LANES {
            for (column, &word) in columns.iter_mut().zip(row(j)) {
                column[j] = word;
            }
        }
    }

    /// The first bytes of `bytes`, zeros where there are fewer.
    #[inline(always)]
    fn chunk(self, bytes: &[u8]) -> [u8; CHUNK] {
        if let Some(chunk) = bytes.first_chunk() {
            return *chunk;
        }
        let mut chunk = [0; CHUNK];
        chunk[..bytes.len()].copy_from_slice(bytes);
        chunk
    }

    /// Which bytes are `value`: bit `i` for byte `i`.
    #[inline(always)]
    fn equal(self, bytes: &[u8; CHUNK], value: u8) -> u64 {
        bits_where(bytes, |byte| byte == value)
    }

    /// Which bytes have one of `bits`.
    #[inline(always)]
    fn with_bits(self, bytes: &[u8; CHUNK], bits: u8) -> u64 {
        bits_where(bytes, |byte| byte & bits != 0)
    }

    /// Which bytes of `a` are those of `b` or more.
    #[inline(always)]
    fn reaches(self, a: &[u8; CHUNK], b: &[u8; CHUNK]) -> u64 {
        let reached: [u8; CHUNK] = std::array::from_fn(|i| u8::from(a[i] >= b[i]));
        bits_where(&reached, |byte| byte == 1)
    }

    /// The bytes of `a` that `mask` has, and those of `b`.
    #[inline(always)]
    fn select(self, mask: u64, a: &[u8; CHUNK], b: &[u8; CHUNK]) -> [u8; CHUNK] {
        std::array::from_fn(|i| if mask >> i & 1 == 1 { a[i] } else { b[i] })
    }

    /// The bytes of `bytes` that `mask` has, side by side, and zeros.
    #[inline(always)]
    fn pack(self, bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK] {
        let (mut packed, mut left) = ([0; CHUNK], mask);
        for packed in packed.iter_mut().take(mask.count_ones() as usize) {
            *packed = bytes[left.trailing_zeros() as usize % CHUNK];
            left &= left - 1;
        }
        packed
    }

    /// `bytes`, in which those that `mask` has are the first of `packed`, in order: undoes [`Simd::pack`].
    #[inline(always)]
    fn unpack(self, bytes: &[u8; CHUNK], mask: u64, packed: &[u8; CHUNK]) -> [u8; CHUNK] {
        let (mut unpacked, mut left) = (*bytes, mask);
        for &byte in packed.iter().take(mask.count_ones() as usize) {
            unpacked[left.trailing_zeros() as usize % CHUNK] = byte;
            left &= left - 1;
        }
        unpacked
    }

    /// Writes the first bytes of `chunk` to `out`, all if it takes them.
    #[inline(always)]
    fn put(self, chunk: &[u8; CHUNK], out: &mut [u8]) {
        let count = out.len().min(CHUNK);
        out[..count].copy_from_slice(&chunk[..count]);
    }

    /// How many bits of `among[_][k]` have the number `n`, of which `planes[_]` holds the binary digits, the lowest in place
    /// `LOWEST`: entry `n` of row `k`. Slices of one length.
    #[inline(always)]
    fn count_by<const LOWEST: usize, const K: usize>(
        self,
        planes: &[[u64; 8]],
        among: &[[u64; K]],
    ) -> [[u32; LANES]; K] {
        let mut counts = [[0; LANES]; K];
        for (planes, among) in planes.iter().zip(among) {
            for n in 0..LANES {
                let mut having = u64::MAX;
                for (place, digit) in planes[LOWEST..LOWEST + 4].iter().enumerate() {
                    having &= if n >> place & 1 == 1 { *digit } else { !digit };
                }
                for (counts, among) in counts.iter_mut().zip(among) {
                    counts[n] += (having & among).count_ones();
                }
            }
        }
        counts
    }

    /// Sums of the words of `a` and `b`.
    #[inline(always)]
    fn add_words(self, a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES] {
        std::array::from_fn(|i| a[i] + b[i])
    }

    /// `words`, with `count` more in entry `at`, of which the lowest four bits.
    #[inline(always)]
    fn add_at(self, words: &[u32; LANES], at: usize, count: u32) -> [u32; LANES] {
        let mut words = *words;
        words[at % LANES] += count;
        words
    }

    /// Adds up bytes eight by eight: sum `i` has in its four quarters, from the lowest, those of bytes `8 i..8 i + 8` of each.
    ///
    /// A quarter takes 32 chunks.
    #[inline(always)]
    fn add_sums(self, sums: &mut [u64; 8], of: [&[u8; CHUNK]; 4]) {
        for (quarter, bytes) in of.into_iter().enumerate() {
            for (sum, eight) in sums.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *sum += eight.iter().map(|&byte| u64::from(byte)).sum::<u64>() << (16 * quarter);
            }
        }
    }

    /// The sum of each that [`Simd::add_sums`] has added up.
    #[inline(always)]
    fn sums_of(self, sums: &[u64; 8]) -> [u32; 4] {
        [0, 16, 32, 48].map(|shift| sums.iter().map(|sum| (sum >> shift & 0xffff) as u32).sum())
    }

    /// The sum of all.
    #[inline(always)]
    fn sum(self, of: &[u32; LANES]) -> u32 {
        of.iter().sum()
    }

    /// Adds up squares of signed bytes, four by four.
    #[inline(always)]
    fn add_squares(self, sums: &mut [u32; LANES], bytes: &[u8; CHUNK]) {
        let square = |i: usize| i32::from(bytes[i] as i8) * i32::from(bytes[i] as i8);
        for (i, sum) in sums.iter_mut().enumerate() {
            let (low, high) = (2 * i, CHUNK / 2 + 2 * i);
            *sum += (square(low) + square(low + 1) + square(high) + square(high + 1)) as u32;
        }
    }

    /// Adds to each count how many bits its word has.
    #[inline(always)]
    fn add_bits(self, counts: &mut [u64; 8], words: &[u64; 8]) {
        for (count, word) in counts.iter_mut().zip(words) {
            *count += u64::from(word.count_ones());
        }
    }

    /// The bits of all bytes by place, from the lowest: bit `i` of each word is of byte `i`.
    #[inline(always)]
    fn planes(self, bytes: &[u8; CHUNK]) -> [u64; 8] {
        std::array::from_fn(|place| self.with_bits(bytes, 1 << place))
    }
}

/// Added to a real number below 2^22, leaves no room for its fraction: the low bits are the nearest integer.
pub const NO_FRACTION: f32 = 12_582_912.0;

/// The integer nearest to `value`, which is below 2^22 in size; halves go to the even one.
///
/// Additions alone, which every processor does in vectors; `f32::round` is a call where the oldest are allowed for.
#[inline(always)]
#[must_use]
pub fn nearest(value: f32) -> i32 {
    (value + NO_FRACTION).to_bits() as i32 - NO_FRACTION.to_bits() as i32
}

/// What a lane can hold: 32 bits without padding.
pub trait Word: Copy {}

impl Word for u32 {}
impl Word for f32 {}

/// Plain loops, on whatever the compiler makes of them.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Simd for Portable {}

/// The bytes of signed bytes.
#[inline(always)]
#[must_use]
pub fn as_bytes(signed: &[i8]) -> &[u8] {
    // SAFETY: both are bytes, of which any is a value, without padding and aligned anywhere.
    unsafe { std::slice::from_raw_parts(signed.as_ptr().cast(), signed.len()) }
}

/// Bits of the bytes for which something holds, eight by eight: a product gathers the lowest bits of eight bytes.
#[inline(always)]
fn bits_where(bytes: &[u8; CHUNK], holds: impl Fn(u8) -> bool) -> u64 {
    let mut bits = 0;
    for (i, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(eight.map(|byte| u8::from(holds(byte))));
        bits |= (word.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::super::{Instructions, Job};
    use super::*;

    /// Everything a kind of registers does, on bytes and words that know no pattern.
    struct All<'a>(&'a mut Vec<u64>);

    impl Job for All<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let mut state = 0x9E37_79B9_7F4A_7C15_u64;
            let mut next = || {
                state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
                (state >> 32) as u32
            };
            let all = self.0;
            for len in [0, 1, 7, 15, 16, 17, 31, 63, 64, 65, 127, 200] {
                let bytes: Vec<u8> = (0..len).map(|_| next() as u8).collect();
                let words: Vec<u32> = (0..len).map(|_| next()).collect();
                let table: [f32; 16] = std::array::from_fn(|_| next() as f32);
                let small: [u8; 16] = std::array::from_fn(|_| next() as u8);
                let (mut numbers, mut looked_up) = (vec![0.0; len], vec![0; len]);
                let (from, to) = (len / 5, len - len / 3);
                simd.look_up::<4>(&table, &bytes, from, to, &mut numbers);
                all.extend(numbers[from..to].iter().map(|x| u64::from(x.to_bits())));
                simd.look_up::<0>(&table, &bytes, 0, len, &mut numbers);
                all.extend(numbers.iter().map(|x| u64::from(x.to_bits())));
                simd.look_up_bytes(&small, &bytes, from, to, &mut looked_up);
                all.extend(looked_up[from..to].iter().map(|&x| u64::from(x)));
                simd.look_up_bytes(&small, &bytes, 0, len, &mut looked_up);
                all.extend(looked_up.iter().map(|&x| u64::from(x)));
                for most in [0, 0x7fff_ffff, u32::MAX] {
                    all.extend(words.first_chunk().map(|words| simd.at_most(words, most)));
                }
                let chunk = simd.chunk(&bytes);
                all.extend(chunk.map(u64::from));
                let value = next() as u8;
                all.push(simd.equal(&chunk, chunk[9]));
                all.push(simd.reaches(&chunk, &[value; CHUNK]));
                all.push(simd.with_bits(&chunk, value & 0x24));
                let mask = u64::from(next()) << 32 | u64::from(next());
                let kept = simd.select(mask, &chunk, &[0; CHUNK]);
                all.push(simd.reaches(&chunk, &kept));
                let other: [u8; CHUNK] = std::array::from_fn(|_| next() as u8);
                all.push(simd.reaches(&other, &chunk));
                let packed = simd.pack(&chunk, mask);
                all.extend(packed.map(u64::from));
                assert_eq!(simd.unpack(&kept, mask, &packed), kept);
                all.extend(simd.unpack(&other, mask, &packed).map(u64::from));
                simd.put(&other, &mut looked_up);
                all.extend(looked_up.iter().map(|&x| u64::from(x)));
                all.extend(simd.planes(&other));
                let digits: [[u64; 8]; 3] = std::array::from_fn(|_| {
                    std::array::from_fn(|_| u64::from(next()) << 32 | u64::from(next()))
                });
                let among = [[mask, u64::MAX], [!mask, 0], [mask << 9, mask]];
                let [some, others] = simd.count_by::<2, 2>(&digits, &among);
                all.extend(some.into_iter().chain(others).map(u64::from));
                all.extend(simd.add_words(&some, &others).map(u64::from));
                all.extend(simd.add_at(&some, usize::from(value), 7).map(u64::from));
                let (mut sums, mut squares, mut bits) = ([5; 8], [9; LANES], [3; 8]);
                simd.add_sums(&mut sums, [&chunk, &kept, &other, &kept]);
                simd.add_sums(&mut sums, [&kept, &chunk, &kept, &other]);
                all.extend(sums);
                all.extend(simd.sums_of(&sums).map(u64::from));
                simd.add_squares(&mut squares, &chunk);
                all.extend(squares.map(u64::from));
                all.push(u64::from(simd.sum(&squares)));
                simd.add_bits(
                    &mut bits,
                    &std::array::from_fn(|_| u64::from(next()) << 29 | u64::from(next())),
                );
                all.extend(bits);
                let rows: [[u32; LANES]; 4] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
                let [upper, lower, third] = [rows[0], rows[1], rows[2]];
                let keys: [[u32; 4]; KEYS] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
                let blocks: [[u32; 4]; LANES] =
                    std::array::from_fn(|l| [upper[l], lower[l], keys[0][2], keys[0][3]]);
                let lanes = simd.encrypted_lanes(&upper, &lower, [keys[0][2], keys[0][3]], &keys);
                let row = simd.encrypted_row(blocks[0], &keys);
                for (l, block) in row.as_chunks().0.iter().enumerate() {
                    let [low, rest @ ..] = blocks[0];
                    let next = [low.wrapping_add(l as u32), rest[0], rest[1], rest[2]];
                    assert_eq!(*block, super::super::encrypted(next, &keys));
                    assert_eq!(lanes.map(|words| words[l]), super::super::encrypted(blocks[l], &keys));
                }
                let scale = next() as f32 * 1e-9;
                let sums = simd.add_counts(&table, &upper, scale);
                all.extend(simd.add_scaled(&sums, &table, scale).map(|x| u64::from(x.to_bits())));
                all.extend(simd.highest(&sums, &table).map(|x| u64::from(x.to_bits())));
                let counts = third.map(|x| x & 0x00ff_00ff);
                all.extend(simd.count_halves(&counts, &rows, &upper).map(u64::from));
                all.extend(simd.both_halves(&counts, 0x123).map(u64::from));
                all.extend(simd.doubled(&counts.map(|x| x & 0xffff)).map(u64::from));
                all.extend(simd.bound_halves(&lower, 0x8123).map(u64::from));
                let shares = table.map(|x| x * 1e-9);
                all.extend(simd.running_sums(&shares).map(|x| u64::from(x.to_bits())));
                all.extend(simd.nearest(&shares, 1000.0).map(u64::from));
                all.extend(simd.running_most(&counts).map(u64::from));
                let of = upper.map(|x| if x % 3 == 0 { 0.0 } else { x as f32 * 2e-9 });
                all.extend(simd.shares(&shares, &of).map(u64::from));
                let matrix: [[u32; LANES]; LANES] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
                let mut columns = [[0; LANES]; LANES];
                simd.transpose(|j| &matrix[j], &mut columns);
                all.extend(columns.as_flattened().iter().map(|&x| u64::from(x)));
                let numbers = matrix.map(|row| row.map(|x| x as f32));
                let mut columns = [[0.0; LANES]; LANES];
                simd.transpose(|j| &numbers[j], &mut columns);
                all.extend(columns.as_flattened().iter().map(|x| u64::from(x.to_bits())));
            }
        }
    }

    #[test]
    fn all_kinds_of_registers_give_the_same() {
        let results = [Instructions::Portable, Instructions::Wide, Instructions::Widest].map(|kind| {
            let mut all = Vec::new();
            kind.run(All(&mut all));
            all
        });
        assert!(results[0].len() > 5_000);
        assert!(results[0] == results[1] && results[0] == results[2]);
    }

    #[test]
    fn bits_stand_where_their_bytes_do() {
        let mut bytes = [0; CHUNK];
        for i in 0..CHUNK {
            bytes[i] = 200;
            assert_eq!(Portable.equal(&bytes, 200), 1 << i);
            assert_eq!(Portable.reaches(&bytes, &[200; CHUNK]), 1 << i);
            assert_eq!(Portable.with_bits(&bytes, 8), 1 << i);
            assert_eq!(
                Portable.planes(&bytes),
                [3, 6, 7].iter().fold([0; 8], |mut all, &place| {
                    all[place] = 1 << i;
                    all
                })
            );
            assert_eq!(Portable.select(1 << i, &[1; CHUNK], &[0; CHUNK])[i], 1);
            assert_eq!(Portable.pack(&bytes, 1 << i), Portable.select(1, &[200; CHUNK], &[0; CHUNK]));
            assert_eq!(Portable.unpack(&[0; CHUNK], 1 << i, &[200; CHUNK]), bytes);
            bytes[i] = 0;
        }
        let (mut sums, mut squares) = ([0; 8], [0; LANES]);
        Portable.add_squares(&mut squares, &[0x80; CHUNK]);
        assert_eq!(squares, [4 * 128 * 128; LANES]);
        for chunks in 1..=32 {
            Portable.add_sums(&mut sums, [&[255; CHUNK], &[0; CHUNK], &[255; CHUNK], &[1; CHUNK]]);
            assert_eq!(Portable.sums_of(&sums), [255, 0, 255, 1].map(|byte| byte * 64 * chunks));
        }
        assert_eq!(as_bytes(&[-1, 1]), [255, 1]);
        let [counts] = Portable.count_by::<4, 1>(&[[0, 0, 0, 0, 0b01, 0b11, 0, 0b10]], &[[0b111]]);
        assert_eq!((counts[0], counts[3], counts[10], counts.iter().sum()), (1, 1, 1, 3_u32));
        assert_eq!(Portable.running_sums(&[1.0; LANES])[6], 7.0);
        assert_eq!(Portable.shares(&[0.2; LANES], &[0.8; LANES]), [63; LANES]);
        assert_eq!(Portable.shares(&[0.0; LANES], &[0.0; LANES]), [255; LANES]);
        let rows: [[u32; LANES]; LANES] =
            std::array::from_fn(|j| std::array::from_fn(|i| (16 * j + i) as u32));
        let mut columns = [[0; LANES]; LANES];
        Portable.transpose(|j| &rows[j], &mut columns);
        assert_eq!((columns[3][5], columns[15][0]), (16 * 5 + 3, 15));
    }
}
