//! Dates, old style and new style.

use std::fmt;

/// How the dates of a file are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// Old style: a leap year every four years.
    Julian,
    /// New style.
    #[default]
    Gregorian,
}

/// A day, whatever it is called: its number in the Julian day count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    number: i64,
}

/// A date as text in one calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` if it is not of that form or there is no such day in the calendar.
    ///
    /// ```
    /// use october::scenario::{Calendar, Date};
    /// let coup = Date::parse("1917-10-25", Calendar::Julian).expect("a real day");
    /// assert_eq!(coup.in_calendar(Calendar::Gregorian).to_string(), "1917-11-07");
    /// assert!(Date::parse("1917-02-30", Calendar::Julian).is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str, calendar: Calendar) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some()
            || (year.len(), month.len(), day.len()) != (4, 2, 2)
            || ![year, month, day].into_iter().all(digits)
        {
            return None;
        }
        let written =
            Written { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        if written.year == 0 || !(1..=12).contains(&written.month) || written.day == 0 {
            return None;
        }
        let date = Self::from_written(written, calendar);
        // A day that does not exist comes back under another name.
        (date.in_calendar(calendar) == written).then_some(date)
    }

    /// Source: Richards, Explanatory Supplement to the Astronomical Almanac, 3rd ed., section 15.11.
    fn from_written(w: Written, calendar: Calendar) -> Self {
        let a = (14 - w.month) / 12;
        let y = w.year + 4800 - a;
        let m = w.month + 12 * a - 3;
        let common = w.day + (153 * m + 2) / 5 + 365 * y + y / 4;
        let number = match calendar {
            Calendar::Gregorian => common - y / 100 + y / 400 - 32045,
            Calendar::Julian => common - 32083,
        };
        Self { number }
    }

    /// What the day is called in a calendar.
    #[must_use]
    pub fn in_calendar(self, calendar: Calendar) -> Written {
        let (b, c) = match calendar {
            Calendar::Gregorian => {
                let a = self.number + 32044;
                let b = (4 * a + 3) / 146_097;
                (b, a - 146_097 * b / 4)
            }
            Calendar::Julian => (0, self.number + 32082),
        };
        let d = (4 * c + 3) / 1461;
        let e = c - 1461 * d / 4;
        let m = (5 * e + 2) / 153;
        Written {
            day: e - (153 * m + 2) / 5 + 1,
            month: m + 3 - 12 * (m / 10),
            year: 100 * b + d - 4800 + m / 10,
        }
    }

    /// Days from `earlier` to this day; negative if this day is before.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.number - earlier.number
    }

    /// The day that begins `days` days after 1 January 1970, new style.
    #[must_use]
    pub fn of_unix_day(days: i64) -> Self {
        Self { number: days + 2_440_588 }
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self { number: self.number + days }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, from: Calendar, expected: &str, to: Calendar) {
        let date = Date::parse(text, from).expect("a real day");
        assert_eq!(date.in_calendar(to).to_string(), expected);
    }

    #[test]
    fn styles_differ_by_thirteen_days_in_this_century_and_twelve_before() {
        check("1917-02-23", Calendar::Julian, "1917-03-08", Calendar::Gregorian);
        check("1917-11-12", Calendar::Julian, "1917-11-25", Calendar::Gregorian);
        check("1917-12-25", Calendar::Gregorian, "1917-12-12", Calendar::Julian);
        check("1900-02-28", Calendar::Julian, "1900-03-12", Calendar::Gregorian);
        check("1900-02-29", Calendar::Julian, "1900-03-13", Calendar::Gregorian);
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "1917-02-29",
            "1917-13-01",
            "1917-00-01",
            "1917-04-31",
            "1917-1-1",
            "17-01-01",
            "x",
            "",
            "1900-02-29",
        ] {
            assert_eq!(Date::parse(text, Calendar::Gregorian), None, "{text}");
        }
    }

    #[test]
    fn the_unix_epoch_is_a_thursday_in_1970() {
        assert_eq!(Date::of_unix_day(0).in_calendar(Calendar::Gregorian).to_string(), "1970-01-01");
    }

    #[test]
    fn days_are_counted_across_months() {
        let day = |t| Date::parse(t, Calendar::Julian).expect("a real day");
        assert_eq!(day("1917-11-12").days_since(day("1917-03-01")), 256);
        assert_eq!(day("1917-02-28").plus_days(1), day("1917-03-01"));
    }
}
