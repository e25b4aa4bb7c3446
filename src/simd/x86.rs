//! Registers of x86-64: AVX2 and AVX-512.

use std::arch::x86_64::*;

use super::ops::{CHUNK, LANES, SPARE, Simd, Word};

/// Registers of 32 bytes (AVX2). There is none but where the instructions were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide(());

/// Registers of 64 bytes (AVX-512 F, BW, DQ, VL). There is none but where the instructions were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Widest(());

impl Wide {
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn found() -> Self {
        Self(())
    }
}

impl Widest {
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn found() -> Self {
        Self(())
    }
}

/// Methods that call the function of their name in a module below.
macro_rules! found_in {
    ($module:ident: $(fn $name:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)?;)*) => {$(
        #[inline(always)]
        fn $name(self, $($argument: $kind),*) $(-> $result)? {
            // SAFETY: `self` was made where these instructions had been found.
            unsafe { $module::$name($($argument),*) }
        }
    )*};
}

impl Simd for Wide {
    found_in! { wide:
        fn look_up_bytes(table: &[u8; 16], which: &[u8], out: &mut [u8]);
        fn equal(bytes: &[u8; CHUNK], value: u8) -> u64;
        fn at_least(bytes: &[u8; CHUNK], least: u8) -> u64;
        fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64;
    }
}

impl Simd for Widest {
    found_in! { widest:
        fn look_up_bytes(table: &[u8; 16], which: &[u8], out: &mut [u8]);
        fn find_below(words: &[u32], below: u32, first: u16, found: &mut [u16], at: usize) -> usize;
        fn multiply(a: &[u64; LANES], by: u32) -> [u64; LANES];
        fn mix(a: &[u64; LANES], b: &[u64; LANES], c: u32) -> [u64; LANES];
        fn add_counts(sums: &[f32; LANES], counts: &[u32; LANES], scale: f32) -> [f32; LANES];
        fn add_scaled(sums: &[f32; LANES], of: &[f32; LANES], scale: f32) -> [f32; LANES];
        fn count_at_least(counts: &[u32; LANES], a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES];
        fn interleave(rows: &[[u32; LANES]; 4], out: &mut [u32; 4 * LANES]);
        fn chunk(bytes: &[u8]) -> [u8; CHUNK];
        fn equal(bytes: &[u8; CHUNK], value: u8) -> u64;
        fn at_least(bytes: &[u8; CHUNK], least: u8) -> u64;
        fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64;
        fn keep(bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK];
        fn sums(of: [&[u8; CHUNK]; 4]) -> [u32; 4];
        fn sum_of_squares(bytes: &[u8; CHUNK]) -> u32;
    }

    #[inline(always)]
    fn look_up<const SHIFT: u32>(self, table: &[f32; 16], which: &[u8], out: &mut [f32]) {
        // SAFETY: as for the methods above.
        unsafe { widest::look_up::<SHIFT>(table, which, out) }
    }

    #[inline(always)]
    fn transpose<'a, T: Word + 'a>(
        self,
        row: impl Fn(usize) -> &'a [T; LANES],
        columns: &mut [[T; LANES]; LANES],
    ) {
        let rows: [&[T; LANES]; LANES] = std::array::from_fn(row);
        // SAFETY: as for the methods above.
        unsafe { widest::transpose(&rows, columns) }
    }

    #[inline(always)]
    fn fetch<T>(self, there: &T) {
        let lines = std::ptr::from_ref(there).cast::<i8>();
        for at in (0..size_of::<T>()).step_by(64) {
            // SAFETY: fetching touches nothing, and the line is one of the value.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(lines.add(at)) };
        }
    }
}

/// See [`Simd`] for what each does.
mod wide {
    use super::*;

    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn look_up_bytes(table: &[u8; 16], which: &[u8], out: &mut [u8]) {
        // SAFETY: sixteen bytes are read from an array of sixteen.
        let table = unsafe { _mm_loadu_si128(table.as_ptr().cast()) };
        let (wholes, rest) = which.as_chunks::<16>();
        let (out_wholes, out_rest) = out.as_chunks_mut::<16>();
        for (which, out) in wholes.iter().zip(out_wholes) {
            // SAFETY: as above, for reading and for writing.
            unsafe {
                let which = _mm_and_si128(_mm_loadu_si128(which.as_ptr().cast()), _mm_set1_epi8(15));
                _mm_storeu_si128(out.as_mut_ptr().cast(), _mm_shuffle_epi8(table, which));
            }
        }
        let table: [u8; 16] = bytes_of(table);
        for (which, out) in rest.iter().zip(out_rest) {
            *out = table[usize::from(*which) % 16];
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    fn bytes_of(register: __m128i) -> [u8; 16] {
        let mut bytes = [0; 16];
        // SAFETY: sixteen bytes are written to an array of sixteen.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), register) };
        bytes
    }

    /// Both halves of a chunk.
    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    fn halves(bytes: &[u8; CHUNK]) -> [__m256i; 2] {
        // SAFETY: twice 32 bytes are read from an array of 64.
        unsafe {
            [_mm256_loadu_si256(bytes.as_ptr().cast()), _mm256_loadu_si256(bytes.as_ptr().add(32).cast())]
        }
    }

    /// The highest bits of the bytes of both.
    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    fn bits(a: __m256i, b: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(a) as u32) | u64::from(_mm256_movemask_epi8(b) as u32) << 32
    }

    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn equal(bytes: &[u8; CHUNK], value: u8) -> u64 {
        let ([a, b], value) = (halves(bytes), _mm256_set1_epi8(value as i8));
        bits(_mm256_cmpeq_epi8(a, value), _mm256_cmpeq_epi8(b, value))
    }

    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn at_least(bytes: &[u8; CHUNK], least: u8) -> u64 {
        let ([a, b], least) = (halves(bytes), _mm256_set1_epi8(least as i8));
        bits(_mm256_cmpeq_epi8(_mm256_max_epu8(a, least), a), _mm256_cmpeq_epi8(_mm256_max_epu8(b, least), b))
    }

    #[inline]
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn with_bits(bytes: &[u8; CHUNK], mask: u8) -> u64 {
        let ([a, b], mask) = (halves(bytes), _mm256_set1_epi8(mask as i8));
        let none = _mm256_setzero_si256();
        !bits(
            _mm256_cmpeq_epi8(_mm256_and_si256(a, mask), none),
            _mm256_cmpeq_epi8(_mm256_and_si256(b, mask), none),
        )
    }
}

/// See [`Simd`] for what each does.
mod widest {
    use super::*;

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn load<T, const N: usize>(from: &[T; N]) -> __m512i {
        const { assert!(size_of::<[T; N]>() == 64) };
        // SAFETY: 64 bytes are read from an array of 64.
        unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn words_of(register: __m512i) -> [u32; LANES] {
        let mut words = [0; LANES];
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), register) };
        words
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn bytes_of(register: __m512i) -> [u8; CHUNK] {
        let mut bytes = [0; CHUNK];
        // SAFETY: as above.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), register) };
        bytes
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn look_up<const SHIFT: u32>(table: &[f32; 16], which: &[u8], out: &mut [f32]) {
        let table = _mm512_castsi512_ps(load(table));
        let count = which.len().min(out.len());
        let mut at = 0;
        while at < count {
            let left = (count - at).min(LANES);
            let lanes = (u32::from(u16::MAX) >> (LANES - left)) as u16;
            // SAFETY: of both slices only those entries are touched that `lanes` has, all before `count`.
            unsafe {
                let which = _mm_maskz_loadu_epi8(lanes, which.as_ptr().add(at).cast());
                let which = _mm512_srli_epi32::<SHIFT>(_mm512_cvtepu8_epi32(which));
                let found = _mm512_permutexvar_ps(which, table);
                if left == LANES {
                    _mm512_storeu_ps(out.as_mut_ptr().add(at), found);
                } else {
                    _mm512_mask_storeu_ps(out.as_mut_ptr().add(at), lanes, found);
                }
            }
            at += left;
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn look_up_bytes(table: &[u8; 16], which: &[u8], out: &mut [u8]) {
        // SAFETY: sixteen bytes are read from an array of sixteen.
        let table = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) });
        let count = which.len().min(out.len());
        let mut at = 0;
        while at < count {
            let left = (count - at).min(CHUNK);
            let lanes = u64::MAX >> (CHUNK - left);
            // SAFETY: of both slices only those entries are touched that `lanes` has, all before `count`.
            unsafe {
                let which = _mm512_maskz_loadu_epi8(lanes, which.as_ptr().add(at).cast());
                let which = _mm512_and_si512(which, _mm512_set1_epi8(15));
                let found = _mm512_shuffle_epi8(table, which);
                _mm512_mask_storeu_epi8(out.as_mut_ptr().add(at).cast(), lanes, found);
            }
            at += left;
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn find_below(words: &[u32], below: u32, first: u16, found: &mut [u16], at: usize) -> usize {
        assert!(found.len() >= at + words.len() + SPARE, "room for all of them");
        let below = _mm512_set1_epi32(below as i32);
        let mut numbers = _mm512_add_epi32(
            _mm512_set1_epi32(i32::from(first)),
            _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        );
        let mut at = at;
        for words in words.chunks(LANES) {
            let lanes = (u32::from(u16::MAX) >> (LANES - words.len())) as u16;
            // SAFETY: only those words are read that `lanes` has.
            let words = unsafe { _mm512_maskz_loadu_epi32(lanes, words.as_ptr().cast()) };
            let hits = _mm512_mask_cmplt_epu32_mask(lanes, _mm512_srli_epi32::<16>(words), below);
            let packed = _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(hits, numbers));
            // SAFETY: as many are found at most as there are words, and the room for `SPARE` more was checked.
            unsafe { _mm256_storeu_si256(found.as_mut_ptr().add(at).cast(), packed) };
            at += hits.count_ones() as usize;
            numbers = _mm512_add_epi32(numbers, _mm512_set1_epi32(LANES as i32));
        }
        at
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn halves(a: &[u64; LANES]) -> [__m512i; 2] {
        let (halves, _) = a.as_chunks::<8>();
        [load(&halves[0]), load(&halves[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn both([low, high]: [__m512i; 2]) -> [u64; LANES] {
        let mut words = [0; LANES];
        // SAFETY: twice 64 bytes are written to an array of 128.
        unsafe {
            _mm512_storeu_si512(words.as_mut_ptr().cast(), low);
            _mm512_storeu_si512(words.as_mut_ptr().add(8).cast(), high);
        }
        words
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn multiply(a: &[u64; LANES], by: u32) -> [u64; LANES] {
        let by = _mm512_set1_epi64(i64::from(by));
        let [low, high] = halves(a);
        both([_mm512_mul_epu32(low, by), _mm512_mul_epu32(high, by)])
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn mix(a: &[u64; LANES], b: &[u64; LANES], c: u32) -> [u64; LANES] {
        let c = _mm512_set1_epi64(i64::from(c));
        let ([a, a_high], [b, b_high]) = (halves(a), halves(b));
        let (a, a_high) = (_mm512_srli_epi64::<32>(a), _mm512_srli_epi64::<32>(a_high));
        both([
            _mm512_ternarylogic_epi64::<0x96>(a, b, c),
            _mm512_ternarylogic_epi64::<0x96>(a_high, b_high, c),
        ])
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn count_at_least(counts: &[u32; LANES], a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES] {
        let reaches = _mm512_cmpge_epu32_mask(load(a), load(b));
        let counts = load(counts);
        words_of(_mm512_mask_add_epi32(counts, reaches, counts, _mm512_set1_epi32(1)))
    }

    /// Four columns of four rows at a time: quarter `q` of number `j` holds column `4 q + j` of all rows.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn columns_of([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        let (ab, ab_high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
        let (cd, cd_high) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
        [
            _mm512_unpacklo_epi64(ab, cd),
            _mm512_unpackhi_epi64(ab, cd),
            _mm512_unpacklo_epi64(ab_high, cd_high),
            _mm512_unpackhi_epi64(ab_high, cd_high),
        ]
    }

    /// Quarter `j` of number `q` is quarter `q` of number `j`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn quarters_of([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        let (ab, ab_high) = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xee>(a, b));
        let (cd, cd_high) = (_mm512_shuffle_i32x4::<0x44>(c, d), _mm512_shuffle_i32x4::<0xee>(c, d));
        [
            _mm512_shuffle_i32x4::<0x88>(ab, cd),
            _mm512_shuffle_i32x4::<0xdd>(ab, cd),
            _mm512_shuffle_i32x4::<0x88>(ab_high, cd_high),
            _mm512_shuffle_i32x4::<0xdd>(ab_high, cd_high),
        ]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn transpose<T: Word>(rows: &[&[T; LANES]; LANES], columns: &mut [[T; LANES]; LANES]) {
        let mut fours = [[_mm512_setzero_si512(); 4]; 4];
        for (four, rows) in fours.iter_mut().zip(rows.as_chunks::<4>().0) {
            *four = columns_of([load(rows[0]), load(rows[1]), load(rows[2]), load(rows[3])]);
        }
        for j in 0..4 {
            let quarters = quarters_of([fours[0][j], fours[1][j], fours[2][j], fours[3][j]]);
            for (q, quarter) in quarters.into_iter().enumerate() {
                const { assert!(size_of::<[T; LANES]>() == 64) };
                // SAFETY: 64 bytes are written to an array of 64, and each word is one that was read.
                unsafe { _mm512_storeu_si512(columns[4 * q + j].as_mut_ptr().cast(), quarter) };
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    fn numbers_of(register: __m512) -> [f32; LANES] {
        let mut numbers = [0.0; LANES];
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_ps(numbers.as_mut_ptr(), register) };
        numbers
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn add_counts(sums: &[f32; LANES], counts: &[u32; LANES], scale: f32) -> [f32; LANES] {
        let products = _mm512_mul_ps(_mm512_cvtepu32_ps(load(counts)), _mm512_set1_ps(scale));
        numbers_of(_mm512_add_ps(_mm512_castsi512_ps(load(sums)), products))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn add_scaled(sums: &[f32; LANES], of: &[f32; LANES], scale: f32) -> [f32; LANES] {
        let products = _mm512_mul_ps(_mm512_castsi512_ps(load(of)), _mm512_set1_ps(scale));
        numbers_of(_mm512_add_ps(_mm512_castsi512_ps(load(sums)), products))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn interleave(rows: &[[u32; LANES]; 4], out: &mut [u32; 4 * LANES]) {
        let quarters =
            quarters_of(columns_of([load(&rows[0]), load(&rows[1]), load(&rows[2]), load(&rows[3])]));
        for (out, quarter) in out.as_chunks_mut::<LANES>().0.iter_mut().zip(quarters) {
            *out = words_of(quarter);
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn chunk(bytes: &[u8]) -> [u8; CHUNK] {
        let lanes = u64::MAX.checked_shr((CHUNK - bytes.len().min(CHUNK)) as u32).unwrap_or(0);
        // SAFETY: only those bytes are read that `lanes` has, and there are as many.
        bytes_of(unsafe { _mm512_maskz_loadu_epi8(lanes, bytes.as_ptr().cast()) })
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn equal(bytes: &[u8; CHUNK], value: u8) -> u64 {
        _mm512_cmpeq_epi8_mask(load(bytes), _mm512_set1_epi8(value as i8))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn at_least(bytes: &[u8; CHUNK], least: u8) -> u64 {
        _mm512_cmpge_epu8_mask(load(bytes), _mm512_set1_epi8(least as i8))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64 {
        _mm512_test_epi8_mask(load(bytes), _mm512_set1_epi8(bits as i8))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn keep(bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK] {
        bytes_of(_mm512_maskz_mov_epi8(mask, load(bytes)))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn sums(of: [&[u8; CHUNK]; 4]) -> [u32; 4] {
        // Sums of eight bytes have 11 bits, those of all 14: four of them fit beside each other.
        let zero = _mm512_setzero_si512();
        let [a, b, c, d] = of.map(|bytes| _mm512_sad_epu8(load(bytes), zero));
        let ab = _mm512_or_si512(a, _mm512_slli_epi64::<16>(b));
        let cd = _mm512_or_si512(_mm512_slli_epi64::<32>(c), _mm512_slli_epi64::<48>(d));
        let all = _mm512_reduce_add_epi64(_mm512_or_si512(ab, cd)) as u64;
        [all & 0xffff, all >> 16 & 0xffff, all >> 32 & 0xffff, all >> 48].map(|sum| sum as u32)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt")]
    pub(super) fn sum_of_squares(bytes: &[u8; CHUNK]) -> u32 {
        let bytes = load(bytes);
        let low = _mm512_cvtepi8_epi16(_mm512_castsi512_si256(bytes));
        let high = _mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64::<1>(bytes));
        let squares = _mm512_add_epi32(_mm512_madd_epi16(low, low), _mm512_madd_epi16(high, high));
        _mm512_reduce_add_epi32(squares) as u32
    }
}
