//! What registers are asked for beyond plain loops, and how it is done without any.

/// Numbers of 32 bits in the widest registers in use.
pub const LANES: usize = 16;
/// Bytes in them.
pub const CHUNK: usize = 64;
/// Entries beyond the last one that [`Simd::find_below`] may write.
pub const SPARE: usize = LANES;

/// A kind of registers. Every method gives the same on each.
///
/// A value of a kind stands for the knowledge that the processor has it.
pub trait Simd: Copy {
    /// `out[i] = table[which[i] >> SHIFT]`, of what is left the lowest four bits; slices of one length.
    #[inline(always)]
    fn look_up<const SHIFT: u32>(self, table: &[f32; 16], which: &[u8], out: &mut [f32]) {
        for (out, &which) in out.iter_mut().zip(which) {
            *out = table[usize::from(which >> SHIFT) % 16];
        }
    }

    /// `out[i] = table[which[i]]`, of which the lowest four bits; slices of one length.
    #[inline(always)]
    fn look_up_bytes(self, table: &[u8; 16], which: &[u8], out: &mut [u8]) {
        for (out, &which) in out.iter_mut().zip(which) {
            *out = table[usize::from(which) % 16];
        }
    }

    /// Writes the numbers of all words whose upper half is below `below`, counted from `first`, into `found` from
    /// `at` on, and hands on where the next one goes. It may write up to [`SPARE`] entries more.
    #[inline(always)]
    fn find_below(self, words: &[u32], below: u32, first: u16, found: &mut [u16], at: usize) -> usize {
        let (mut first, mut at) = (first, at);
        for words in words.chunks(32) {
            let mut bits = 0_u32;
            for (i, word) in words.iter().enumerate() {
                bits |= u32::from((word >> 16) < below) << i;
            }
            while bits != 0 {
                found[at] = first + bits.trailing_zeros() as u16;
                at += 1;
                bits &= bits - 1;
            }
            first += words.len() as u16;
        }
        at
    }

    /// Products of the lower halves of `a` with `by`.
    #[inline(always)]
    fn multiply(self, a: &[u64; LANES], by: u32) -> [u64; LANES] {
        std::array::from_fn(|i| (a[i] & 0xffff_ffff) * u64::from(by))
    }

    /// `a[i] >> 32 ^ b[i] ^ c`.
    #[inline(always)]
    fn mix(self, a: &[u64; LANES], b: &[u64; LANES], c: u32) -> [u64; LANES] {
        std::array::from_fn(|i| a[i] >> 32 ^ b[i] ^ u64::from(c))
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

    /// Asks for what lies at `there` to be near when it is needed; no more than a wish.
    #[inline(always)]
    fn fetch<T>(self, there: &T) {
        let _ = there;
    }

    /// `counts[i]`, and one more where `a[i]` is `b[i]` or more.
    #[inline(always)]
    fn count_at_least(self, counts: &[u32; LANES], a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES] {
        std::array::from_fn(|i| counts[i] + u32::from(a[i] >= b[i]))
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

    /// `out[4 i + w] = rows[w][i]`.
    #[inline(always)]
    fn interleave(self, rows: &[[u32; LANES]; 4], out: &mut [u32; 4 * LANES]) {
        for i in 0..LANES {
            for (w, row) in rows.iter().enumerate() {
                out[4 * i + w] = row[i];
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

    /// Which bytes are `least` or more.
    #[inline(always)]
    fn at_least(self, bytes: &[u8; CHUNK], least: u8) -> u64 {
        bits_where(bytes, |byte| byte >= least)
    }

    /// Which bytes have one of `bits`.
    #[inline(always)]
    fn with_bits(self, bytes: &[u8; CHUNK], bits: u8) -> u64 {
        bits_where(bytes, |byte| byte & bits != 0)
    }

    /// The bytes of `bytes` that `mask` has, and zeros.
    #[inline(always)]
    fn keep(self, bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK] {
        let mut kept = *bytes;
        for (i, byte) in kept.iter_mut().enumerate() {
            *byte = if mask >> i & 1 == 1 { *byte } else { 0 };
        }
        kept
    }

    /// The sum of each.
    #[inline(always)]
    fn sums(self, of: [&[u8; CHUNK]; 4]) -> [u32; 4] {
        of.map(|bytes| bytes.iter().map(|&byte| u32::from(byte)).sum())
    }

    /// The sum of the squares of signed bytes.
    #[inline(always)]
    fn sum_of_squares(self, bytes: &[u8; CHUNK]) -> u32 {
        bytes.iter().map(|&byte| i32::from(byte as i8)).map(|x| (x * x) as u32).sum()
    }
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
                simd.look_up::<4>(&table, &bytes, &mut numbers);
                all.extend(numbers.iter().map(|x| u64::from(x.to_bits())));
                simd.look_up::<0>(&table, &bytes, &mut numbers);
                all.extend(numbers.iter().map(|x| u64::from(x.to_bits())));
                simd.look_up_bytes(&small, &bytes, &mut looked_up);
                all.extend(looked_up.iter().map(|&x| u64::from(x)));
                for below in [0, 9_000, 0x8000, 0x1_0000] {
                    let mut found = vec![0; 3 + len + SPARE];
                    let end = simd.find_below(&words, below, 5, &mut found, 3);
                    all.extend(found[3..end].iter().map(|&x| u64::from(x)));
                }
                let chunk = simd.chunk(&bytes);
                all.extend(chunk.map(u64::from));
                let value = next() as u8;
                all.push(simd.equal(&chunk, chunk[9]));
                all.push(simd.at_least(&chunk, value));
                all.push(simd.with_bits(&chunk, value & 0x24));
                let mask = u64::from(next()) << 32 | u64::from(next());
                let kept = simd.keep(&chunk, mask);
                all.extend(simd.sums([&chunk, &kept, &chunk, &kept]).map(u64::from));
                all.push(u64::from(simd.sum_of_squares(&chunk)));
                let rows: [[u32; LANES]; 4] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
                let [upper, lower, third] = [rows[0], rows[1], rows[2]];
                let products = simd.multiply(&upper.map(|x| u64::from(x) << 5), next());
                all.extend(products);
                all.extend(simd.mix(&products, &lower.map(|x| u64::from(x) << 9), next()));
                let scale = next() as f32 * 1e-9;
                let sums = simd.add_counts(&table, &upper, scale);
                all.extend(simd.add_scaled(&sums, &table, scale).map(|x| u64::from(x.to_bits())));
                simd.fetch(&sums);
                all.extend(simd.count_at_least(&upper, &lower, &third).map(u64::from));
                let matrix: [[u32; LANES]; LANES] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
                let mut columns = [[0; LANES]; LANES];
                simd.transpose(|j| &matrix[j], &mut columns);
                all.extend(columns.as_flattened().iter().map(|&x| u64::from(x)));
                let numbers = matrix.map(|row| row.map(|x| x as f32));
                let mut columns = [[0.0; LANES]; LANES];
                simd.transpose(|j| &numbers[j], &mut columns);
                all.extend(columns.as_flattened().iter().map(|x| u64::from(x.to_bits())));
                let mut out = [0; 4 * LANES];
                simd.interleave(&rows, &mut out);
                all.extend(out.map(u64::from));
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
            assert_eq!(Portable.at_least(&bytes, 200), 1 << i);
            assert_eq!(Portable.with_bits(&bytes, 8), 1 << i);
            assert_eq!(Portable.keep(&[1; CHUNK], 1 << i)[i], 1);
            bytes[i] = 0;
        }
        assert_eq!(Portable.sum_of_squares(&[0x80; CHUNK]), 64 * 128 * 128);
        assert_eq!(Portable.sums([&[255; CHUNK]; 4]), [64 * 255; 4]);
        assert_eq!(as_bytes(&[-1, 1]), [255, 1]);
        let rows: [[u32; LANES]; LANES] =
            std::array::from_fn(|j| std::array::from_fn(|i| (16 * j + i) as u32));
        let mut columns = [[0; LANES]; LANES];
        Portable.transpose(|j| &rows[j], &mut columns);
        assert_eq!((columns[3][5], columns[15][0]), (16 * 5 + 3, 15));
    }
}
