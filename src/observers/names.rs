//! What things are called in tables.

/// Names by index, in scenario order, and the dates of the days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Places.
    pub places: Vec<String>,
    /// Classes.
    pub classes: Vec<String>,
    /// Parties, then `none`, then `silent`.
    pub options: Vec<String>,
    /// Blocs.
    pub blocs: Vec<String>,
    /// Bodies by specification.
    pub bodies: Vec<String>,
    /// Named enterprises.
    pub enterprises: Vec<String>,
    /// Resolutions.
    pub resolutions: Vec<String>,
    /// Issues.
    pub issues: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Ballots.
    pub ballots: Vec<String>,
    /// Marches.
    pub marches: Vec<String>,
    /// Leading committees.
    pub leaderships: Vec<String>,
    /// Date of each day, old style (or as the scenario counts), ISO.
    pub dates_os: Vec<String>,
    /// Date of each day, new style, ISO.
    pub dates_ns: Vec<String>,
}

impl Names {
    /// Both dates of a day.
    ///
    /// # Panics
    /// If the day is beyond the horizon the names were made for.
    #[must_use]
    pub fn dates(&self, day: u32) -> (&str, &str) {
        (&self.dates_os[day as usize], &self.dates_ns[day as usize])
    }
}
