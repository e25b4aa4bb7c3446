//! The one place that knows what the machine offers and what was built in.
#![expect(clippy::disallowed_methods, reason = "memory and the clock of the machine are read here")]

use std::time::{SystemTime, UNIX_EPOCH};

/// Memory that could be taken now, in bytes, where the system tells.
#[must_use]
pub(super) fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The time now, ISO 8601 in UTC.
#[must_use]
pub(super) fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
    let date = crate::scenario::Date::of_unix_day(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    let written = date.in_calendar(crate::scenario::Calendar::Gregorian);
    format!("{written}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Git revision this program was built from, where the build knew one.
#[must_use]
pub(super) fn git_revision() -> Option<String> {
    option_env!("OCTOBER_GIT_REVISION").map(str::to_owned)
}

/// The command as typed.
#[must_use]
pub(super) fn command_line() -> Vec<String> {
    std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect()
}
