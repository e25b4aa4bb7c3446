//! Grievances by place and class: dated series, effects of events, feedback.

/// A dated series of a grievance for the strata it covers. Series of one issue add up.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSpec {
    /// Name in files.
    pub name: String,
    /// Issue by index.
    pub issue: usize,
    /// How much of it each place has, 0..=1; 0 where it does not hold.
    pub places: Vec<f32>,
    /// For whom, by class.
    pub classes: Vec<bool>,
    /// (day, level), days strictly rising; straight lines between, ends held. Days may lie outside the run.
    pub points: Vec<(i32, f32)>,
}

/// Levels of the issues, each in 0..=1.
pub type Levels = Vec<f32>;

/// The level of a series on `day`. 0 where there is no point.
#[must_use]
pub fn level_at(points: &[(i32, f32)], day: u32) -> f32 {
    let day = day as f32;
    let Some(&(first, level)) = points.first() else { return 0.0 };
    if day <= first as f32 {
        return level;
    }
    for pair in points.windows(2) {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        if day <= to as f32 {
            return low + (high - low) * (day - from as f32) / (to - from) as f32;
        }
    }
    points[points.len() - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_straight_between_points_and_held_at_the_ends() {
        let points = [(-2, 0.2), (10, 0.5), (20, 0.3)];
        assert_eq!(level_at(&[], 3), 0.0);
        assert!((level_at(&points, 4) - 0.35).abs() < 1e-6);
        assert!((level_at(&points, 15) - 0.4).abs() < 1e-6);
        assert_eq!(level_at(&points, 99), 0.3);
        assert_eq!(level_at(&[(5, 0.7)], 0), 0.7);
    }
}
