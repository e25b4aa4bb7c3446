//! Fixed-point state: positions as signed bytes, shares as bytes.

/// Largest magnitude of a stored position.
pub const POSITION_UNITS: f32 = 127.0;
/// Largest stored share.
pub const SHARE_UNITS: f32 = 255.0;
/// Bins of a position histogram: [-1, 1] cut in sixteenths of its width.
pub const BINS: usize = 16;

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

/// A position to be stored; `dither` in [0, 1), uniform, makes the rounding right on average.
///
/// Values outside [-1, 1] are stored as the nearest end.
#[inline(always)]
#[must_use]
pub fn store_position(value: f32, dither: f32) -> i8 {
    nearest(floor(value * POSITION_UNITS + dither).clamp(-POSITION_UNITS, POSITION_UNITS)) as i8
}

/// A share to be stored, dithered like a position.
#[inline(always)]
#[must_use]
pub fn store_share(value: f32, dither: f32) -> u8 {
    nearest(floor(value * SHARE_UNITS + dither).clamp(0.0, SHARE_UNITS)) as u8
}

/// Added to a real number below 2^22, leaves no room for its fraction: the low bits are the nearest integer.
const NO_FRACTION: f32 = 12_582_912.0;

/// The largest integer not above `value`, exact below 2^22; beyond, something as far out.
///
/// Additions alone, which every processor does in vectors; `f32::floor` is a call where the oldest are allowed for.
#[inline(always)]
fn floor(value: f32) -> f32 {
    let nearest = (value + NO_FRACTION) - NO_FRACTION;
    if nearest > value { nearest - 1.0 } else { nearest }
}

/// The integer nearest to `value`, which is below 2^22 in size.
#[inline(always)]
#[must_use]
pub fn nearest(value: f32) -> i32 {
    (value + NO_FRACTION).to_bits() as i32 - NO_FRACTION.to_bits() as i32
}

/// `ln 2` in two parts, the first with so few bits that whole multiples of it are exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `e` to the power of `x`, for `x` at most 0; 0 below -80.
///
/// Relative error below 3e-7 (tested): `2^n` by its exponent bits times a polynomial of degree six in what is left, within
/// half a `ln 2` of 0. Source: Cody and Waite 1980 for the reduction in two steps; Taylor coefficients.
#[inline(always)]
#[must_use]
pub fn exp_below_zero(x: f32) -> f32 {
    let bounded = if x > -80.0 { x } else { -80.0 };
    let n = (bounded * std::f32::consts::LOG2_E + NO_FRACTION) - NO_FRACTION;
    let r = (bounded - n * LN_2_HIGH) - n * LN_2_LOW;
    let p = 1.0
        + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0))))));
    let scale = f32::from_bits(((nearest(n) + 127) << 23) as u32);
    if x > -80.0 { p * scale } else { 0.0 }
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
            assert_eq!(store_position(position(stored), 0.5), stored);
        }
        for stored in 0..=255_u8 {
            assert_eq!(store_share(share(stored), 0.5), stored);
        }
    }

    #[test]
    fn floor_is_that_of_the_library() {
        for i in -400_000..400_000 {
            let value = i as f32 * 0.001;
            assert_eq!(floor(value), value.floor());
            assert_eq!(nearest(floor(value)), value.floor() as i32);
        }
        assert_eq!(store_position(1e9, 0.5), 127);
        assert_eq!(store_share(-1e9, 0.5), 0);
    }

    #[test]
    fn powers_of_e_are_close() {
        assert_eq!(exp_below_zero(0.0), 1.0);
        assert_eq!(exp_below_zero(f32::NEG_INFINITY), 0.0);
        for i in 0..800_000 {
            let x = i as f32 * -1e-4;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp_below_zero(x)) / exact - 1.0).abs() < 3e-7, "at {x}");
        }
    }

    #[test]
    fn dithered_rounding_keeps_the_mean() {
        let value = 0.3003;
        let n = 1000;
        let sum: f32 = (0..n).map(|i| position(store_position(value, (i as f32 + 0.5) / n as f32))).sum();
        assert!((sum / n as f32 - value).abs() < 1e-4);
    }

    #[test]
    fn bins_cover_the_axis_symmetrically() {
        assert_eq!((bin(-127), bin(-1), bin(0), bin(127)), (0, 7, 8, 15));
        assert_eq!(bin(64), 12, "half way to the right begins bin 12");
    }
}
