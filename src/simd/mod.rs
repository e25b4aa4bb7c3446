//! The same code compiled for several generations of processors, and the few things that compilers do not find by themselves.
//!
//! Most of the kernel is plain loops that turn into vector instructions wherever they are compiled; [`Instructions`]
//! picks the best that the processor has when the program runs. What is left is in [`Simd`]: look-ups in a table that
//! fits a register, and comparisons that become bits to be counted. All unsafe code of the program is here. Each kind
//! of registers gives the same bits as the plain loop (tested).
#![expect(unsafe_code, reason = "instructions that were found on this processor, and the bytes of registers")]

use std::ops::{Deref, DerefMut};

mod aes;
mod dispatch;
mod ops;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use aes::{KEYS, encrypted};
pub use dispatch::Instructions;
pub(crate) use dispatch::Job;
pub use ops::{CHUNK, LANES, NO_FRACTION, Portable, Simd, Word, as_bytes, nearest};

/// Begins where a line of memory does, so that whole registers are read and written in one go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub struct Aligned<T>(pub T);

impl<T> Deref for Aligned<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aligned<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Asks for what lies at `there` to be near when it is needed; no more than a wish.
#[inline(always)]
pub fn fetch<T>(there: &T) {
    #[cfg(target_arch = "x86_64")]
    x86::fetch(there);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = there;
}
