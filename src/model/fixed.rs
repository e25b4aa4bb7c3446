//! Fixed-point state: positions as signed bytes, shares as bytes.

/// Largest magnitude of a stored position.
pub const POSITION_UNITS: f32 = 127.0;
/// Largest stored share.
pub const SHARE_UNITS: f32 = 255.0;
/// Bins of a position histogram: [-1, 1] cut in sixteenths of its width.
pub const BINS: usize = 16;

/// A stored position as a real number in [-1, 1].
#[inline]
#[must_use]
pub fn position(stored: i8) -> f32 {
    f32::from(stored) * (1.0 / POSITION_UNITS)
}

/// A stored share as a real number in [0, 1].
#[inline]
#[must_use]
pub fn share(stored: u8) -> f32 {
    f32::from(stored) * (1.0 / SHARE_UNITS)
}

/// A position to be stored; `dither` in [0, 1), uniform, makes the rounding right on average.
///
/// Values outside [-1, 1] are stored as the nearest end.
#[inline]
#[must_use]
pub fn store_position(value: f32, dither: f32) -> i8 {
    (value * POSITION_UNITS + dither).floor().clamp(-POSITION_UNITS, POSITION_UNITS) as i8
}

/// A share to be stored, dithered like a position.
#[inline]
#[must_use]
pub fn store_share(value: f32, dither: f32) -> u8 {
    (value * SHARE_UNITS + dither).floor().clamp(0.0, SHARE_UNITS) as u8
}

/// The histogram bin of a stored position, `0..BINS` from left end -1 to right end 1.
#[inline]
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
