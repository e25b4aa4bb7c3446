//! Days of a run as dates: month ticks and short dates on a time axis.

/// A date as written, year month day; which calendar it is in, the [`Timeline`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The days a figure spans, and the date of its first day where the tables give one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Timeline {
    /// First and last day shown; never equal.
    pub(super) first: f64,
    pub(super) last: f64,
    /// The date of day 0, if dates could be read.
    pub(super) origin: Option<Date>,
    /// Whether the dates are old style, that is, differ from the Gregorian ones beside them.
    pub(super) old_style: bool,
}

/// A labelled place on the time axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) day: f64,
    pub(super) label: String,
}

impl Date {
    /// Reads `1913-08-27`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        (1..=12).contains(&month).then_some(())?;
        (1..=31).contains(&day).then_some(Self { year, month, day })
    }

    /// `27 Aug`
    pub(super) fn short(self) -> String {
        format!("{} {}", self.day, MONTHS[self.month as usize - 1])
    }
}

impl Timeline {
    /// The date `day` days after day 0, if dates are known.
    pub(super) fn date(&self, day: f64) -> Option<Date> {
        let origin = self.origin?;
        Some(date_of(number_of(origin, self.old_style) + day.round() as i64, self.old_style))
    }

    /// `27 Aug`, or `day 12` where no dates are known.
    pub(super) fn short(&self, day: f64) -> String {
        self.date(day).map_or_else(|| format!("day {}", day.round()), Date::short)
    }

    /// Ticks for an axis on which about `most` labels have room.
    ///
    /// Month starts where at least two months begin in the span, else single days; every k-th only, if there are more
    /// than `most`. The first label of each year carries the year.
    pub(super) fn ticks(&self, most: usize) -> Vec<Tick> {
        let most = most.max(2);
        let Some(first) = self.date(self.first) else {
            return self.plain_ticks(most);
        };
        let origin = number_of(Date { day: 1, ..first }, self.old_style);
        let zero = self.origin.map_or(0, |date| number_of(date, self.old_style));
        let mut starts = Vec::new();
        let mut date = date_of(origin, self.old_style);
        loop {
            let day = (number_of(date, self.old_style) - zero) as f64;
            if day > self.last {
                break;
            }
            if day >= self.first {
                starts.push((day, date));
            }
            date = if date.month == 12 {
                Date { year: date.year + 1, month: 1, day: 1 }
            } else {
                Date { month: date.month + 1, ..date }
            };
        }
        if starts.len() < 2 || self.last - self.first < 45.0 {
            return self.day_ticks(most);
        }
        let step =
            [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|step| starts.len().div_ceil(*step) <= most);
        let step = step.unwrap_or(240);
        let kept = starts
            .iter()
            .enumerate()
            .filter(|(i, (_, date))| match step {
                1 => true,
                2 => i % 2 == 0,
                3 | 6 | 12 => (date.month as usize - 1).is_multiple_of(step),
                _ => date.month == 1 && date.year.rem_euclid((step / 12) as i32) == 0,
            })
            .map(|(_, start)| *start);
        let mut year = None;
        kept.map(|(day, date)| {
            let month = MONTHS[date.month as usize - 1];
            let label = if step >= 12 {
                date.year.to_string()
            } else if year.replace(date.year) == Some(date.year) {
                month.to_owned()
            } else {
                format!("{month} {}", date.year)
            };
            Tick { day, label }
        })
        .collect()
    }

    fn day_ticks(&self, most: usize) -> Vec<Tick> {
        let step = self.step(most);
        let count = ((self.last - self.first) / step).floor() as usize;
        let mut month = None;
        (0..=count)
            .map(|i| {
                let day = self.first + i as f64 * step;
                let date = self.date(day);
                let label = date.map_or_else(String::new, |date| match month.replace(date.month) {
                    None => format!("{} {}", date.short(), date.year),
                    _ => date.short(),
                });
                Tick { day, label }
            })
            .collect()
    }

    fn plain_ticks(&self, most: usize) -> Vec<Tick> {
        let step = self.step(most);
        let count = ((self.last - self.first) / step).floor() as usize;
        (0..=count)
            .map(|i| {
                let day = self.first + i as f64 * step;
                Tick { day, label: format!("day {day}") }
            })
            .collect()
    }

    fn step(&self, most: usize) -> f64 {
        let wanted = (self.last - self.first) / most as f64;
        let steps = [1.0, 2.0, 3.0, 5.0, 7.0, 14.0, 30.0, 60.0, 100.0, 200.0, 500.0, 1000.0];
        steps.into_iter().find(|step| *step >= wanted).unwrap_or(wanted.ceil())
    }
}

/// Days since a fixed day of the same calendar (Richards' algorithm, with or without the century rule).
pub(super) fn number_of(date: Date, julian: bool) -> i64 {
    let (y, m) = (i64::from(date.year), i64::from(date.month));
    let y = if m <= 2 { y - 1 } else { y };
    let from_march = (m + 9) % 12;
    let century = if julian { 0 } else { y.div_euclid(400) - y.div_euclid(100) };
    365 * y + y.div_euclid(4) + century + (153 * from_march + 2) / 5 + i64::from(date.day) - 1
}

/// The inverse of [`number_of`], by trying the only two years it can be.
fn date_of(number: i64, julian: bool) -> Date {
    let guess = (number as f64 / 365.25).floor() as i32 + 1;
    let march_first = |year: i32| number_of(Date { year, month: 3, day: 1 }, julian);
    let mut year = guess;
    while march_first(year) > number {
        year -= 1;
    }
    let rest = number - march_first(year);
    let from_march = (5 * rest + 2) / 153;
    let day = rest - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    Date { year: if month <= 2 { year + 1 } else { year }, month: month as u32, day: day as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(origin: &str, days: f64, old_style: bool) -> Timeline {
        Timeline { first: 0.0, last: days, origin: Date::parse(origin), old_style }
    }

    #[test]
    fn dates_go_forward_across_months_and_leap_days() {
        let date = |origin: &str, day: f64, old: bool| timeline(origin, 400.0, old).date(day);
        assert_eq!(date("1913-02-27", 2.0, true), Date::parse("1913-03-01"));
        assert_eq!(date("1913-12-31", 1.0, true), Date::parse("1914-01-01"));
        assert_eq!(date("1900-02-28", 1.0, true), Date::parse("1900-02-29"));
        assert_eq!(date("1900-02-28", 1.0, false), Date::parse("1900-03-01"));
        assert_eq!(date("1912-02-28", 1.0, false), Date::parse("1912-02-29"));
    }

    #[test]
    fn month_ticks_stand_at_month_starts() {
        let ticks = timeline("1913-02-23", 70.0, true).ticks(10);
        let found: Vec<_> = ticks.iter().map(|t| (t.day, t.label.as_str())).collect();
        assert_eq!(found, [(6.0, "Mar 1913"), (37.0, "Apr"), (67.0, "May")]);
    }

    #[test]
    fn a_new_year_is_named_where_it_begins() {
        let labels: Vec<_> =
            timeline("1913-11-15", 90.0, false).ticks(10).into_iter().map(|t| t.label).collect();
        assert_eq!(labels, ["Dec 1913", "Jan 1914", "Feb"]);
    }

    #[test]
    fn crowded_months_are_thinned() {
        assert_eq!(timeline("1913-03-01", 257.0, true).ticks(5).len(), 5);
        assert_eq!(timeline("1900-01-01", 3652.0, false).ticks(5).len(), 3);
    }

    #[test]
    fn short_runs_get_single_days() {
        let ticks = timeline("1913-08-27", 10.0, true).ticks(6);
        let labels: Vec<_> = ticks.iter().map(|t| t.label.as_str()).collect();
        assert_eq!(labels, ["27 Aug 1913", "29 Aug", "31 Aug", "2 Sep", "4 Sep", "6 Sep"]);
    }

    #[test]
    fn without_dates_days_are_counted() {
        let plain = Timeline { first: 0.0, last: 10.0, origin: None, old_style: false };
        assert_eq!(plain.short(3.0), "day 3");
        assert_eq!(plain.ticks(6)[1].label, "day 2");
    }
}
