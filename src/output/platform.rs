//! The machine a run was made on, as far as it can be told without asking anybody.
//!
//! Linux says it in `/proc`; elsewhere the unknown stays `None`.
#![expect(clippy::disallowed_methods, reason = "what the machine is can only be read from its files")]

use std::fs;

use serde::{Deserialize, Serialize};

/// The machine, for the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// Operating system (`linux`).
    pub os: String,
    /// Instruction set (`x86_64`).
    pub arch: String,
    /// The processor as it calls itself.
    pub cpu_model: Option<String>,
    /// Cores this process may use; 0 where that is unknown.
    pub cores: usize,
}

impl Platform {
    /// This machine.
    ///
    /// ```
    /// let here = october::output::Platform::probe();
    /// assert!(!here.os.is_empty());
    /// ```
    #[must_use]
    pub fn probe() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cpu_model: value_of(&cpuinfo, "model name").map(str::to_owned),
            cores: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        }
    }
}

/// The most memory this process has held so far, in megabytes of 10⁶ bytes; `None` where the system does not say.
#[must_use]
pub fn peak_rss_mb() -> Option<f64> {
    peak_in(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The peak in the text of `/proc/self/status`, whose `kB` are 1024 bytes.
fn peak_in(status: &str) -> Option<f64> {
    let kibibytes: f64 = value_of(status, "VmHWM")?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// What stands behind the first `key:` of a text in the manner of `/proc`.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.trim() == key)
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_the_first_one_named() {
        let text = "processor\t: 0\nmodel name\t: Abacus 9000: turbo\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(value_of(text, "model name"), Some("Abacus 9000: turbo"));
        assert_eq!(value_of("Features : fp asimd\n", "model name"), None);
    }

    #[test]
    fn peak_memory_is_in_megabytes() {
        assert_eq!(peak_in("VmPeak:\t  9 kB\nVmHWM:\t    2000 kB\n"), Some(2.048));
        assert_eq!(peak_in("VmPeak:\t  9 kB\n"), None);
    }
}
