//! ISO dates as days since 1 January 1970, which is how Parquet counts them, and back.

/// Days since 1 January 1970 of a date written `YYYY-MM-DD`; `None` if the Gregorian calendar has no such day, or if
/// writing it back would give another text.
pub(super) fn to_day(text: &str) -> Option<i32> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i32 = year.parse().ok()?;
    let (month, day): (i32, i32) = (month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=9999).contains(&year) {
        return None;
    }
    // Days before 1 March, of years that begin in March: leap days come last. After Richards, Explanatory Supplement
    // to the Astronomical Almanac, 3rd ed., section 15.11.
    let shifted = year - i32::from(month <= 2);
    let months = (month + 9) % 12;
    let number = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * months + 2) / 5 + day
        - 1
        - EPOCH;
    (to_text(number).as_deref() == Some(text)).then_some(number)
}

/// Day 0 counted from 1 March of year 0.
const EPOCH: i32 = 719_468;

/// The date of a day, `YYYY-MM-DD`; `None` beyond the years 1 to 9999.
pub(super) fn to_text(number: i32) -> Option<String> {
    let from_march = number.checked_add(EPOCH)?;
    let (era, within) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
    let year = (within - within / 1_460 + within / 36_524 - within / 146_096) / 365;
    let rest = within - (365 * year + year / 4 - year / 100);
    let months = (5 * rest + 2) / 153;
    let day = rest - (153 * months + 2) / 5 + 1;
    let month = if months < 10 { months + 3 } else { months - 9 };
    let year = year + era * 400 + i32::from(month <= 2);
    (1..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(to_day("1970-01-01"), Some(0));
        assert_eq!(to_day("2000-03-01"), Some(11_017));
        assert_eq!(to_day("1917-11-07"), Some(-19_048));
        assert_eq!(to_day("1917-10-25"), Some(-19_061));
    }

    #[test]
    fn every_day_comes_back_as_it_was() {
        let mut last = to_text(-719_162 + 306).expect("a day of the first year");
        for number in (-600_000..600_000).step_by(7).chain(-30_000..-10_000) {
            let text = to_text(number).expect("between the years 1 and 9999");
            assert_eq!(to_day(&text), Some(number), "{text}");
            assert_ne!(text, last);
            last = text;
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["1900-02-29", "1917-02-30", "1917-13-01", "1917-1-05", "17-01-05", "", "1917-10", "no-da-te"]
        {
            assert_eq!(to_day(text), None, "{text}");
        }
        assert!(to_day("1904-02-29").is_some());
    }
}
