//! Registers of x86-64: AVX2 and AVX-512.

use std::arch::x86_64::*;

use super::aes::KEYS;
use super::ops::{CHUNK, LANES, Simd, Word};

/// Registers of 32 bytes (AVX2, AES, FMA). There is none but where the instructions were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide(());

/// Registers of 64 bytes (AVX-512 F, BW, DQ, VL, VBMI, VBMI2, VPOPCNTDQ, GFNI, VAES). There is none but where the instructions were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Widest(());

impl Wide {
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    pub(super) fn found() -> Self {
        Self(())
    }
}

impl Widest {
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn found() -> Self {
        Self(())
    }
}

/// Asks for what lies at `there` to be near when it is needed; no more than a wish.
#[inline(always)]
pub(super) fn fetch<T>(there: &T) {
    let lines = std::ptr::from_ref(there).cast::<i8>();
    let last = size_of::<T>().saturating_sub(1);
    for at in (0..last).step_by(64).chain([last]) {
        // SAFETY: every processor of the architecture can, fetching touches nothing, and the line is one of the value.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(lines.add(at)) };
    }
}

/// See [`super::encrypted`]; the processor must have been found to have AES.
#[inline]
pub(super) fn encrypted(block: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; 4] {
    #[inline]
    #[target_feature(enable = "aes")]
    fn by_instructions(block: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; 4] {
        let [block] = rounds([block], keys);
        block
    }
    debug_assert!(std::arch::is_x86_feature_detected!("aes"));
    // SAFETY: the caller has found the instructions.
    unsafe { by_instructions(block, keys) }
}

/// All rounds of some blocks, round by round.
#[inline]
#[target_feature(enable = "aes")]
fn rounds<const N: usize>(blocks: [[u32; 4]; N], keys: &[[u32; 4]; KEYS]) -> [[u32; 4]; N] {
    let [first, middle @ .., last] = keys.map(|key| block_of(&key));
    let mut states = blocks.map(|block| _mm_xor_si128(block_of(&block), first));
    for key in middle {
        states = states.map(|state| _mm_aesenc_si128(state, key));
    }
    states.map(|state| four_of(_mm_aesenclast_si128(state, last)))
}

#[inline(always)]
fn block_of(words: &[u32; 4]) -> __m128i {
    // SAFETY: sixteen bytes are read from an array of sixteen, with instructions that every processor of the architecture has.
    unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
}

#[inline(always)]
fn four_of(register: __m128i) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: sixteen bytes are written to an array of sixteen, as above.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), register) };
    words
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
        fn encrypted(blocks: &[[u32; 4]; LANES], keys: &[[u32; 4]; KEYS]) -> [[u32; 4]; LANES];
        fn look_up_bytes(table: &[u8; 16], which: &[u8], from: usize, to: usize, out: &mut [u8]);
        fn equal(bytes: &[u8; CHUNK], value: u8) -> u64;
        fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64;
        fn reaches(a: &[u8; CHUNK], b: &[u8; CHUNK]) -> u64;
    }
}

impl Simd for Widest {
    found_in! { widest:
        fn look_up_bytes(table: &[u8; 16], which: &[u8], from: usize, to: usize, out: &mut [u8]);
        fn at_most(words: &[u32; CHUNK], most: u32) -> u64;
        fn encrypted_row(first: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; CHUNK];
        fn encrypted_lanes(
            first: &[u32; LANES],
            second: &[u32; LANES],
            rest: [u32; 2],
            keys: &[[u32; 4]; KEYS]
        ) -> [[u32; LANES]; 4];
        fn add_counts(sums: &[f32; LANES], counts: &[u32; LANES], scale: f32) -> [f32; LANES];
        fn add_scaled(sums: &[f32; LANES], of: &[f32; LANES], scale: f32) -> [f32; LANES];
        fn highest(a: &[f32; LANES], b: &[f32; LANES]) -> [f32; LANES];
        fn count_halves(
            counts: &[u32; LANES],
            words: &[[u32; LANES]; 4],
            least: &[u32; LANES]
        ) -> [u32; LANES];
        fn both_halves(words: &[u32; LANES], most: u32) -> [u32; LANES];
        fn bound_halves(words: &[u32; LANES], most: u16) -> [u32; LANES];
        fn running_sums(of: &[f32; LANES]) -> [f32; LANES];
        fn running_most(of: &[u32; LANES]) -> [u32; LANES];
        fn nearest(of: &[f32; LANES], scale: f32) -> [u32; LANES];
        fn doubled(words: &[u32; LANES]) -> [u32; LANES];
        fn shares(part: &[f32; LANES], of: &[f32; LANES]) -> [u8; LANES];
        fn chunk(bytes: &[u8]) -> [u8; CHUNK];
        fn equal(bytes: &[u8; CHUNK], value: u8) -> u64;
        fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64;
        fn reaches(a: &[u8; CHUNK], b: &[u8; CHUNK]) -> u64;
        fn select(mask: u64, a: &[u8; CHUNK], b: &[u8; CHUNK]) -> [u8; CHUNK];
        fn pack(bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK];
        fn unpack(bytes: &[u8; CHUNK], mask: u64, packed: &[u8; CHUNK]) -> [u8; CHUNK];
        fn put(chunk: &[u8; CHUNK], out: &mut [u8]);
        fn add_sums(sums: &mut [u64; 8], of: [&[u8; CHUNK]; 4]);
        fn sums_of(sums: &[u64; 8]) -> [u32; 4];
        fn sum(of: &[u32; LANES]) -> u32;
        fn add_words(a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES];
        fn add_at(words: &[u32; LANES], at: usize, count: u32) -> [u32; LANES];
        fn add_squares(sums: &mut [u32; LANES], bytes: &[u8; CHUNK]);
        fn add_bits(counts: &mut [u64; 8], words: &[u64; 8]);
        fn planes(bytes: &[u8; CHUNK]) -> [u64; 8];
    }

    #[inline(always)]
    fn look_up<const SHIFT: u32>(
        self,
        table: &[f32; 16],
        which: &[u8],
        from: usize,
        to: usize,
        out: &mut [f32],
    ) {
        // SAFETY: as for the methods above.
        unsafe { widest::look_up::<SHIFT>(table, which, from, to, out) }
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
    fn count_by<const LOWEST: usize, const K: usize>(
        self,
        planes: &[[u64; 8]],
        among: &[[u64; K]],
    ) -> [[u32; LANES]; K] {
        // SAFETY: as for the methods above.
        unsafe { widest::count_by::<LOWEST, K>(planes, among) }
    }
}

/// See [`Simd`] for what each does.
mod wide {
    use super::*;

    /// Eight blocks at a time, since a round of one waits for the one before.
    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    pub(super) fn encrypted(blocks: &[[u32; 4]; LANES], keys: &[[u32; 4]; KEYS]) -> [[u32; 4]; LANES] {
        let mut done = *blocks;
        for eight in done.as_chunks_mut::<8>().0 {
            *eight = rounds(*eight, keys);
        }
        done
    }

    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    pub(super) fn look_up_bytes(table: &[u8; 16], which: &[u8], from: usize, to: usize, out: &mut [u8]) {
        let (which, out) = (&which[from..to], &mut out[from..to]);
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
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    fn bytes_of(register: __m128i) -> [u8; 16] {
        let mut bytes = [0; 16];
        // SAFETY: sixteen bytes are written to an array of sixteen.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), register) };
        bytes
    }

    /// Both halves of a chunk.
    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    fn halves(bytes: &[u8; CHUNK]) -> [__m256i; 2] {
        // SAFETY: twice 32 bytes are read from an array of 64.
        unsafe {
            [_mm256_loadu_si256(bytes.as_ptr().cast()), _mm256_loadu_si256(bytes.as_ptr().add(32).cast())]
        }
    }

    /// The highest bits of the bytes of both.
    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    fn bits(a: __m256i, b: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(a) as u32) | u64::from(_mm256_movemask_epi8(b) as u32) << 32
    }

    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    pub(super) fn equal(bytes: &[u8; CHUNK], value: u8) -> u64 {
        let ([a, b], value) = (halves(bytes), _mm256_set1_epi8(value as i8));
        bits(_mm256_cmpeq_epi8(a, value), _mm256_cmpeq_epi8(b, value))
    }

    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
    pub(super) fn reaches(a: &[u8; CHUNK], b: &[u8; CHUNK]) -> u64 {
        let ([a, a_high], [b, b_high]) = (halves(a), halves(b));
        let low = _mm256_cmpeq_epi8(_mm256_max_epu8(a, b), a);
        bits(low, _mm256_cmpeq_epi8(_mm256_max_epu8(a_high, b_high), a_high))
    }

    #[inline]
    #[target_feature(enable = "avx2,aes,fma,popcnt")]
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
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn load<T, const N: usize>(from: &[T; N]) -> __m512i {
        const { assert!(size_of::<[T; N]>() == 64) };
        // SAFETY: 64 bytes are read from an array of 64.
        unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn words_of(register: __m512i) -> [u32; LANES] {
        let mut words = [0; LANES];
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), register) };
        words
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn bytes_of(register: __m512i) -> [u8; CHUNK] {
        let mut bytes = [0; CHUNK];
        // SAFETY: as above.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), register) };
        bytes
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn look_up<const SHIFT: u32>(
        table: &[f32; 16],
        which: &[u8],
        from: usize,
        to: usize,
        out: &mut [f32],
    ) {
        let table = _mm512_castsi512_ps(load(table));
        let count = which.len().min(out.len());
        assert!(to <= count, "as many as there are");
        let mut at = from;
        while at < to {
            if at + CHUNK <= count {
                for at in [at, at + LANES, at + 2 * LANES, at + 3 * LANES] {
                    // SAFETY: of both slices entries before `count` are touched.
                    unsafe {
                        let which = _mm_loadu_si128(which.as_ptr().add(at).cast());
                        let which = _mm512_srli_epi32::<SHIFT>(_mm512_cvtepu8_epi32(which));
                        _mm512_storeu_ps(out.as_mut_ptr().add(at), _mm512_permutexvar_ps(which, table));
                    }
                }
                at += CHUNK;
            } else {
                let lanes = (u32::from(u16::MAX) >> LANES.saturating_sub(count - at)) as u16;
                // SAFETY: of both slices only those entries are touched that `lanes` has, all before `count`.
                unsafe {
                    let which = _mm_maskz_loadu_epi8(lanes, which.as_ptr().add(at).cast());
                    let which = _mm512_srli_epi32::<SHIFT>(_mm512_cvtepu8_epi32(which));
                    let found = _mm512_permutexvar_ps(which, table);
                    _mm512_mask_storeu_ps(out.as_mut_ptr().add(at), lanes, found);
                }
                at += LANES;
            }
        }
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn look_up_bytes(table: &[u8; 16], which: &[u8], from: usize, to: usize, out: &mut [u8]) {
        // SAFETY: sixteen bytes are read from an array of sixteen.
        let table = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) });
        let count = which.len().min(out.len());
        assert!(to <= count, "as many as there are");
        let mut at = from;
        while at < to {
            let lanes = u64::MAX >> CHUNK.saturating_sub(count - at);
            // SAFETY: of both slices only those entries are touched that `lanes` has, all before `count`.
            unsafe {
                let which = _mm512_maskz_loadu_epi8(lanes, which.as_ptr().add(at).cast());
                let which = _mm512_and_si512(which, _mm512_set1_epi8(15));
                let found = _mm512_shuffle_epi8(table, which);
                _mm512_mask_storeu_epi8(out.as_mut_ptr().add(at).cast(), lanes, found);
            }
            at += CHUNK;
        }
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn below(words: &[u32; LANES], most: __m512i) -> u16 {
        _mm512_cmple_epu32_mask(load(words), most)
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn at_most(words: &[u32; CHUNK], most: u32) -> u64 {
        let most = _mm512_set1_epi32(most as i32);
        let (quarters, _) = words.as_chunks::<LANES>();
        let (a, b) = (below(&quarters[0], most), below(&quarters[1], most));
        let (c, d) = (below(&quarters[2], most), below(&quarters[3], most));
        let (low, high) = (_mm512_kunpackw(b.into(), a.into()), _mm512_kunpackw(d.into(), c.into()));
        _mm512_kunpackd(high.into(), low.into())
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn rounds(blocks: [__m512i; 4], keys: &[[u32; 4]; KEYS]) -> [__m512i; 4] {
        let [first, middle @ .., last] = keys.map(|key| _mm512_broadcast_i32x4(block_of(&key)));
        let mut states = blocks.map(|blocks| _mm512_xor_si512(blocks, first));
        for key in middle {
            states = states.map(|state| _mm512_aesenc_epi128(state, key));
        }
        states.map(|state| _mm512_aesenclast_epi128(state, last))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn encrypted_row(first: [u32; 4], keys: &[[u32; 4]; KEYS]) -> [u32; CHUNK] {
        let [a, b, c, d] = first.map(|word| word as i32);
        let first = _mm512_set4_epi32(d, c, b, a);
        let next = |more: i32| {
            _mm512_setr_epi32(more, 0, 0, 0, more + 1, 0, 0, 0, more + 2, 0, 0, 0, more + 3, 0, 0, 0)
        };
        let blocks = [0, 4, 8, 12].map(|more| _mm512_add_epi32(first, next(more)));
        let mut words = [0; CHUNK];
        for (quarter, done) in words.as_chunks_mut::<LANES>().0.iter_mut().zip(rounds(blocks, keys)) {
            *quarter = words_of(done);
        }
        words
    }

    /// Quarter `q` of register `n` is the block of lane `4 q + n`, so that words come out lane by lane.
    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn encrypted_lanes(
        first: &[u32; LANES],
        second: &[u32; LANES],
        rest: [u32; 2],
        keys: &[[u32; 4]; KEYS],
    ) -> [[u32; LANES]; 4] {
        let (first, second) = (load(first), load(second));
        let rest = _mm512_broadcast_i32x4(block_of(&[0, 0, rest[0], rest[1]]));
        let blocks = [
            _mm512_mask_shuffle_epi32::<0x00>(rest, 0x1111, first),
            _mm512_mask_shuffle_epi32::<0x55>(rest, 0x1111, first),
            _mm512_mask_shuffle_epi32::<0xaa>(rest, 0x1111, first),
            _mm512_mask_shuffle_epi32::<0xff>(rest, 0x1111, first),
        ];
        let blocks = [
            _mm512_mask_shuffle_epi32::<0x00>(blocks[0], 0x2222, second),
            _mm512_mask_shuffle_epi32::<0x55>(blocks[1], 0x2222, second),
            _mm512_mask_shuffle_epi32::<0xaa>(blocks[2], 0x2222, second),
            _mm512_mask_shuffle_epi32::<0xff>(blocks[3], 0x2222, second),
        ];
        columns_of(rounds(blocks, keys)).map(|column| words_of(column))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn highest(a: &[f32; LANES], b: &[f32; LANES]) -> [f32; LANES] {
        numbers_of(_mm512_max_ps(_mm512_castsi512_ps(load(a)), _mm512_castsi512_ps(load(b))))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn count_halves(
        counts: &[u32; LANES],
        words: &[[u32; LANES]; 4],
        least: &[u32; LANES],
    ) -> [u32; LANES] {
        let (mut counts, least, one) = (load(counts), load(least), _mm512_set1_epi16(1));
        for words in words {
            let reaches = _mm512_cmpge_epu16_mask(load(words), least);
            counts = _mm512_mask_add_epi16(counts, reaches, counts, one);
        }
        words_of(counts)
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn both_halves(words: &[u32; LANES], most: u32) -> [u32; LANES] {
        let both = _mm512_madd_epi16(load(words), _mm512_set1_epi16(1));
        words_of(_mm512_min_epu32(both, _mm512_set1_epi32(most as i32)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn bound_halves(words: &[u32; LANES], most: u16) -> [u32; LANES] {
        words_of(_mm512_min_epu16(load(words), _mm512_set1_epi16(most as i16)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn running_sums(of: &[f32; LANES]) -> [f32; LANES] {
        let zero = _mm512_setzero_si512();
        let sums = load(of);
        let sums = sum_of(sums, _mm512_alignr_epi32::<15>(sums, zero));
        let sums = sum_of(sums, _mm512_alignr_epi32::<14>(sums, zero));
        let sums = sum_of(sums, _mm512_alignr_epi32::<12>(sums, zero));
        numbers_of(_mm512_castsi512_ps(sum_of(sums, _mm512_alignr_epi32::<8>(sums, zero))))
    }

    /// As real numbers.
    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn sum_of(a: __m512i, b: __m512i) -> __m512i {
        _mm512_castps_si512(_mm512_add_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn running_most(of: &[u32; LANES]) -> [u32; LANES] {
        let (most, zero) = (load(of), _mm512_setzero_si512());
        let most = _mm512_max_epu32(most, _mm512_alignr_epi32::<15>(most, zero));
        let most = _mm512_max_epu32(most, _mm512_alignr_epi32::<14>(most, zero));
        let most = _mm512_max_epu32(most, _mm512_alignr_epi32::<12>(most, zero));
        words_of(_mm512_max_epu32(most, _mm512_alignr_epi32::<8>(most, zero)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn nearest(of: &[f32; LANES], scale: f32) -> [u32; LANES] {
        let products = _mm512_mul_ps(_mm512_castsi512_ps(load(of)), _mm512_set1_ps(scale));
        words_of(_mm512_cvt_roundps_epi32::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(products))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn doubled(words: &[u32; LANES]) -> [u32; LANES] {
        let words = load(words);
        words_of(_mm512_or_si512(words, _mm512_slli_epi32::<16>(words)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn shares(part: &[f32; LANES], of: &[f32; LANES]) -> [u8; LANES] {
        let (part, of) = (_mm512_castsi512_ps(load(part)), _mm512_castsi512_ps(load(of)));
        let whole = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(part, of);
        let quotients = _mm512_div_ps(_mm512_mul_ps(part, _mm512_set1_ps(255.0)), of);
        let all = _mm512_set1_epi32(255);
        let shares = _mm512_mask_mov_epi32(_mm512_cvttps_epi32(quotients), whole, all);
        let mut bytes = [0; LANES];
        // SAFETY: sixteen bytes are written to an array of sixteen.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(shares)) };
        bytes
    }

    /// Four columns of four rows at a time: quarter `q` of number `j` holds column `4 q + j` of all rows.
    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
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
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
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
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
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
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn numbers_of(register: __m512) -> [f32; LANES] {
        let mut numbers = [0.0; LANES];
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_ps(numbers.as_mut_ptr(), register) };
        numbers
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_counts(sums: &[f32; LANES], counts: &[u32; LANES], scale: f32) -> [f32; LANES] {
        let products = _mm512_mul_ps(_mm512_cvtepu32_ps(load(counts)), _mm512_set1_ps(scale));
        numbers_of(_mm512_add_ps(_mm512_castsi512_ps(load(sums)), products))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_scaled(sums: &[f32; LANES], of: &[f32; LANES], scale: f32) -> [f32; LANES] {
        let products = _mm512_mul_ps(_mm512_castsi512_ps(load(of)), _mm512_set1_ps(scale));
        numbers_of(_mm512_add_ps(_mm512_castsi512_ps(load(sums)), products))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn chunk(bytes: &[u8]) -> [u8; CHUNK] {
        // No branch on whether there are enough: lengths of parts follow no pattern.
        let lanes = u64::MAX.checked_shr(CHUNK.saturating_sub(bytes.len()) as u32).unwrap_or(0);
        // SAFETY: only those bytes are read that `lanes` has, and there are as many.
        bytes_of(unsafe { _mm512_maskz_loadu_epi8(lanes, bytes.as_ptr().cast()) })
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn equal(bytes: &[u8; CHUNK], value: u8) -> u64 {
        _mm512_cmpeq_epi8_mask(load(bytes), _mm512_set1_epi8(value as i8))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn with_bits(bytes: &[u8; CHUNK], bits: u8) -> u64 {
        _mm512_test_epi8_mask(load(bytes), _mm512_set1_epi8(bits as i8))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn reaches(a: &[u8; CHUNK], b: &[u8; CHUNK]) -> u64 {
        _mm512_cmpge_epu8_mask(load(a), load(b))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn select(mask: u64, a: &[u8; CHUNK], b: &[u8; CHUNK]) -> [u8; CHUNK] {
        bytes_of(_mm512_mask_mov_epi8(load(b), mask, load(a)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn pack(bytes: &[u8; CHUNK], mask: u64) -> [u8; CHUNK] {
        bytes_of(_mm512_maskz_compress_epi8(mask, load(bytes)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn unpack(bytes: &[u8; CHUNK], mask: u64, packed: &[u8; CHUNK]) -> [u8; CHUNK] {
        bytes_of(_mm512_mask_expand_epi8(load(bytes), mask, load(packed)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn put(chunk: &[u8; CHUNK], out: &mut [u8]) {
        if let Some(out) = out.first_chunk_mut() {
            *out = *chunk;
            return;
        }
        let lanes = u64::MAX.checked_shr((CHUNK - out.len()) as u32).unwrap_or(0);
        // SAFETY: only those bytes are written that `lanes` has, and there are as many.
        unsafe { _mm512_mask_storeu_epi8(out.as_mut_ptr().cast(), lanes, load(chunk)) };
    }

    /// Numbers in lanes, eight and eight: a lane keeps the bits of those that have its number.
    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn count_by<const LOWEST: usize, const K: usize>(
        planes: &[[u64; 8]],
        among: &[[u64; K]],
    ) -> [[u32; LANES]; K] {
        let unless = |place: u32| {
            let lane = |n: i64| if n >> place & 1 == 1 { 0 } else { -1 };
            _mm512_setr_epi64(lane(0), lane(1), lane(2), lane(3), lane(4), lane(5), lane(6), lane(7))
        };
        let (first, second, third) = (unless(0), unless(1), unless(2));
        let all = |bits: u64| _mm512_set1_epi64(bits as i64);
        let mut sums = [[_mm512_setzero_si512(); 2]; K];
        for (planes, among) in planes.iter().zip(among) {
            // Of a, b and c: a and (b or c, not both).
            let having = _mm512_xor_si512(all(planes[LOWEST]), first);
            let having = _mm512_ternarylogic_epi64::<0x60>(having, all(planes[LOWEST + 1]), second);
            let having = _mm512_ternarylogic_epi64::<0x60>(having, all(planes[LOWEST + 2]), third);
            let above = all(planes[LOWEST + 3]);
            let (low, high) = (_mm512_andnot_si512(above, having), _mm512_and_si512(above, having));
            for (sums, &among) in sums.iter_mut().zip(among) {
                let among = all(among);
                let in_low = _mm512_popcnt_epi64(_mm512_and_si512(low, among));
                let in_high = _mm512_popcnt_epi64(_mm512_and_si512(high, among));
                *sums = [_mm512_add_epi64(sums[0], in_low), _mm512_add_epi64(sums[1], in_high)];
            }
        }
        let mut counts = [[0; LANES]; K];
        for (counts, [low, high]) in counts.iter_mut().zip(sums) {
            let low = _mm512_castsi256_si512(_mm512_cvtepi64_epi32(low));
            *counts = words_of(_mm512_inserti64x4::<1>(low, _mm512_cvtepi64_epi32(high)));
        }
        counts
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_words(a: &[u32; LANES], b: &[u32; LANES]) -> [u32; LANES] {
        words_of(_mm512_add_epi32(load(a), load(b)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_at(words: &[u32; LANES], at: usize, count: u32) -> [u32; LANES] {
        let words = load(words);
        words_of(_mm512_mask_add_epi32(words, 1 << (at % LANES), words, _mm512_set1_epi32(count as i32)))
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_sums(sums: &mut [u64; 8], of: [&[u8; CHUNK]; 4]) {
        let zero = _mm512_setzero_si512();
        let (a, b) = (_mm512_sad_epu8(load(of[0]), zero), _mm512_sad_epu8(load(of[1]), zero));
        let (c, d) = (_mm512_sad_epu8(load(of[2]), zero), _mm512_sad_epu8(load(of[3]), zero));
        let ab = _mm512_or_si512(a, _mm512_slli_epi64::<16>(b));
        let cd = _mm512_or_si512(_mm512_slli_epi64::<32>(c), _mm512_slli_epi64::<48>(d));
        let after = _mm512_add_epi64(load(sums), _mm512_or_si512(ab, cd));
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), after) };
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn sums_of(sums: &[u64; 8]) -> [u32; 4] {
        // Two sums beside each other have the room of a word each.
        let (sums, two) = (load(sums), _mm512_set1_epi64(0x0000_ffff_0000_ffff));
        let even = _mm512_reduce_add_epi64(_mm512_and_si512(sums, two)) as u64;
        let odd = _mm512_reduce_add_epi64(_mm512_and_si512(_mm512_srli_epi64::<16>(sums), two)) as u64;
        [even as u32, odd as u32, (even >> 32) as u32, (odd >> 32) as u32]
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn sum(of: &[u32; LANES]) -> u32 {
        _mm512_reduce_add_epi32(load(of)) as u32
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_squares(sums: &mut [u32; LANES], bytes: &[u8; CHUNK]) {
        let bytes = load(bytes);
        let low = _mm512_cvtepi8_epi16(_mm512_castsi512_si256(bytes));
        let high = _mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64::<1>(bytes));
        let squares = _mm512_add_epi32(_mm512_madd_epi16(low, low), _mm512_madd_epi16(high, high));
        *sums = words_of(_mm512_add_epi32(load(sums), squares));
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    fn eight_of(register: __m512i) -> [u64; 8] {
        let mut words = [0; 8];
        // SAFETY: 64 bytes are written to an array of 64.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), register) };
        words
    }

    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn add_bits(counts: &mut [u64; 8], words: &[u64; 8]) {
        *counts = eight_of(_mm512_add_epi64(load(counts), _mm512_popcnt_epi64(load(words))));
    }

    /// The bits of eight bytes are a matrix: it is turned by multiplying it with the identity, byte by byte of which the
    /// instruction counts the rows from the last; then the bytes of one place go side by side.
    #[inline]
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
    )]
    pub(super) fn planes(bytes: &[u8; CHUNK]) -> [u64; 8] {
        let from_last = _mm512_set4_epi32(0x0809_0a0b, 0x0c0d_0e0f, 0x0001_0203, 0x0405_0607);
        let identity = _mm512_set1_epi64(0x8040_2010_0804_0201_u64 as i64);
        let rows = _mm512_shuffle_epi8(load(bytes), from_last);
        let turned = _mm512_gf2p8affine_epi64_epi8::<0>(identity, rows);
        let by_place = {
            let first = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
            let step = _mm512_set1_epi64(0x3830_2820_1810_0800);
            // Byte `j` of word `b` is byte `b` of word `j`.
            _mm512_add_epi8(step, _mm512_mullo_epi64(first, _mm512_set1_epi64(0x0101_0101_0101_0101)))
        };
        eight_of(_mm512_permutexvar_epi8(by_place, turned))
    }
}
