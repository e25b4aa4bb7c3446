//! Fixed-point state: positions as signed bytes, shares as bytes.

use crate::simd::{NO_FRACTION, nearest};

/// Largest magnitude of a stored position.
pub const POSITION_UNITS: f32 = 127.0;
/// Largest stored share.
pub const SHARE_UNITS: f32 = 255.0;
/// Bins of a position histogram: [-1, 1] cut in sixteenths of its width.
pub const BINS: usize = 16;

/// The part of an agent's word of the day that dithers what it stores, from 0 in steps of 1/256 to below 1.
#[inline(always)]
#[must_use]
pub fn dither(word: u32) -> f32 {
    ((word >> 8) & 0xff) as f32 * (1.0 / 256.0)
}

/// Added to [`dither`], gives it the mean 0.
pub const DITHER_OFFSET: f32 = 0.5 / 256.0 - 0.5;

/// A stored position as a real number in [-1, 1].
#[inline(always)]
#[must_use]
pub fn position(stored: i8) -> f32 {
    f32::from(stored) * (1.0 / POSITION_UNITS)
}

/// A stored share as a real number in [0, 1].
#[inline(always)]
#[must_use]
pub fn share(stored: u8) -> f32 {
    f32::from(stored) * (1.0 / SHARE_UNITS)
}

/// A position to be stored; `dither` in (-0.5, 0.5), uniform, makes the rounding right on average, and 0 makes it to the
/// nearest.
///
/// Values outside [-1, 1] are stored as the nearest end.
#[inline(always)]
#[must_use]
pub fn store_position(value: f32, dither: f32) -> i8 {
    store_units(value * POSITION_UNITS + dither)
}

/// A position in units to be stored, with what dithers it.
#[inline(always)]
#[must_use]
pub fn store_units(units: f32) -> i8 {
    nearest(units.clamp(-POSITION_UNITS, POSITION_UNITS)) as i8
}

/// A share to be stored, dithered like a position.
#[inline(always)]
#[must_use]
pub fn store_share(value: f32, dither: f32) -> u8 {
    nearest(value.mul_add(SHARE_UNITS, dither).clamp(0.0, SHARE_UNITS)) as u8
}

/// `e` to the power of `x`, for `x` at most 0; 0 below -80.
///
/// Relative error below 1e-5 (tested): `2^n` by its exponent bits times a polynomial of degree four in what is left, within
/// half a `ln 2` of 0. Source: coefficients of least relative error by the algorithm of Remez 1934, 1 at 0 being exact.
#[inline(always)]
#[must_use]
pub fn exp_below_zero(x: f32) -> f32 {
    let bounded = if x > -80.0 { x } else { -80.0 };
    let shifted = bounded.mul_add(std::f32::consts::LOG2_E, NO_FRACTION);
    let r = (NO_FRACTION - shifted).mul_add(std::f32::consts::LN_2, bounded);
    let p = r.mul_add(0.042_380_68, 0.168_086_6);
    let p = r.mul_add(r.mul_add(r.mul_add(p, 0.499_959_6), 0.999_951_54), 1.0);
    // What NO_FRACTION adds to the bits is beyond the exponent.
    let power = p * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x > -80.0 { power } else { 0.0 }
}

/// The histogram bin of a stored position, `0..BINS` from left end -1 to right end 1.
#[inline(always)]
#[must_use]
pub fn bin(stored: i8) -> usize {
    ((i16::from(stored) + 128) as usize) >> 4
}

/// The position at the middle of a bin.
#[must_use]
pub fn bin_middle(bin: usize) -> f32 {
    ((bin as f32 + 0.5) * 16.0 - 128.0) / POSITION_UNITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storing_and_reading_is_exact_on_the_grid() {
        for stored in -127..=127_i8 {
            assert_eq!(store_position(position(stored), 0.0), stored);
        }
        for stored in 0..=255_u8 {
            assert_eq!(store_share(share(stored), 0.0), stored);
        }
    }

    #[test]
    fn the_nearest_integer_is_that_of_the_library() {
        for i in -400_000..400_000 {
            let value = i as f32 * 0.001;
            assert_eq!(nearest(value), value.round_ties_even() as i32);
        }
        assert_eq!((store_position(1e9, 0.0), store_position(-1e9, 0.4)), (127, -127));
        assert_eq!((store_share(-1e9, 0.0), store_share(1.0, 0.4)), (0, 255));
    }

    #[test]
    fn powers_of_e_are_close() {
        assert_eq!(exp_below_zero(0.0), 1.0);
        assert_eq!(exp_below_zero(f32::NEG_INFINITY), 0.0);
        for i in 0..800_000 {
            let x = i as f32 * -1e-4;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp_below_zero(x)) / exact - 1.0).abs() < 1e-5, "at {x}");
        }
    }

    #[test]
    fn dithered_rounding_keeps_the_mean() {
        let value = 0.3003;
        let n = 1000;
        let sum: f32 =
            (0..n).map(|i| position(store_position(value, (i as f32 + 0.5) / n as f32 - 0.5))).sum();
        assert!((sum / n as f32 - value).abs() < 1e-4);
    }

    #[test]
    fn bins_cover_the_axis_symmetrically() {
        assert_eq!((bin(-127), bin(-1), bin(0), bin(127)), (0, 7, 8, 15));
        assert_eq!(bin(64), 12, "half way to the right begins bin 12");
    }
}
