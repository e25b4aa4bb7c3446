//! Progress to stderr, silent when it is not a terminal.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt;
use crate::experiment::{Progress, Wish};

/// A bar with the day, its date, the rate and the time left.
pub(super) struct Bar {
    bar: ProgressBar,
    dates: Vec<String>,
    agent_days: AtomicU64,
}

impl Bar {
    /// For `replicates` runs over these dates; silent if `quiet` or if nobody watches.
    #[must_use]
    pub(super) fn new(dates: &[String], replicates: u64, quiet: bool) -> Self {
        let bar = ProgressBar::new(dates.len() as u64 * replicates);
        if quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            let style = ProgressStyle::with_template("{msg:34} {wide_bar} {percent:>3} %  {eta} left");
            if let Ok(style) = style {
                bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
            }
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, dates: dates.to_vec(), agent_days: AtomicU64::new(0) }
    }

    /// That there are so many days to run, replicates included.
    pub(super) fn expect(&self, days: u64) {
        self.bar.set_length(days);
    }

    /// Days that need not be run again.
    pub(super) fn skip(&self, days: u64) {
        self.bar.inc(days);
        self.bar.reset_eta();
    }

    /// Hears of a day, and wishes to stop once somebody has asked to.
    pub(super) fn listen_or_stop(&self, progress: Progress) -> Wish {
        self.listen(progress);
        if interrupt::requested() { Wish::Stop } else { Wish::Continue }
    }

    /// Hears of a day.
    pub(super) fn listen(&self, progress: Progress) {
        let Some(day) = progress.day else {
            self.bar.set_message(format!("{} people are being born", progress.agents));
            return;
        };
        let total = self.agent_days.fetch_add(progress.agents, Ordering::Relaxed) + progress.agents;
        self.bar.inc(1);
        let seconds = self.bar.elapsed().as_secs_f64().max(1e-3);
        let date = self.dates.get(day as usize).map_or("", String::as_str);
        self.bar
            .set_message(format!("day {day}  {date}  {:.0} M agent-days/s", total as f64 / seconds / 1e6));
    }

    /// Takes the bar off the screen.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
