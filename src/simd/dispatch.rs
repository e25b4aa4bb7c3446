//! The best instructions chosen when the program runs.
//!
//! A job whose code is inlined into one of the functions below is compiled with the instructions that function may use.
//! No result depends on the choice: the compiler fuses no multiplication with an addition that is not written so
//! (`mul_add`, which is exact everywhere) and changes no order, so wider registers do the same operations on more numbers at
//! a time (tested).

use super::ops::{Portable, Simd};
#[cfg(target_arch = "x86_64")]
use super::x86::{Wide, Widest};

/// Work that is compiled once for each generation; mark the implementation `#[inline(always)]`.
pub(crate) trait Job {
    /// Does the work with the registers of `simd`.
    fn run<S: Simd>(self, simd: S);
}

/// Sets of instructions that there is code for, from the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instructions {
    /// What every processor of the architecture has.
    Portable,
    /// Eight numbers at a time (AVX2, AES, FMA).
    Wide,
    /// Sixteen numbers at a time (AVX-512 F, BW, DQ, VL, VBMI, VBMI2, VPOPCNTDQ, GFNI, VAES).
    Widest,
}

impl Instructions {
    /// The best that this processor has.
    #[must_use]
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let wide = std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("aes")
                && std::arch::is_x86_feature_detected!("fma")
                && std::arch::is_x86_feature_detected!("popcnt");
            if std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl")
                && std::arch::is_x86_feature_detected!("avx512vbmi")
                && std::arch::is_x86_feature_detected!("avx512vbmi2")
                && std::arch::is_x86_feature_detected!("avx512vpopcntdq")
                && std::arch::is_x86_feature_detected!("gfni")
                && std::arch::is_x86_feature_detected!("vaes")
                && wide
            {
                return Self::Widest;
            }
            if wide {
                return Self::Wide;
            }
        }
        Self::Portable
    }

    /// Does the work with these instructions, or with the best there are if this processor lacks them.
    pub(crate) fn run(self, job: impl Job) {
        match self.min(Self::best()) {
            Self::Portable => job.run(Portable),
            // SAFETY: `best` has found these instructions on this processor.
            #[cfg(target_arch = "x86_64")]
            Self::Wide => unsafe { wide(job) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Widest => unsafe { widest(job) },
            #[cfg(not(target_arch = "x86_64"))]
            Self::Wide | Self::Widest => job.run(Portable),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,aes,fma,popcnt")]
fn wide(job: impl Job) {
    job.run(Wide::found());
}

#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,vaes,aes,fma,avx2,popcnt"
)]
fn widest(job: impl Job) {
    job.run(Widest::found());
}
