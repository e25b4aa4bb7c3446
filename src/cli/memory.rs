//! Memory is estimated and refused before anything is allocated.

use super::backend;
use super::failure::Failure;
use super::text_table::thousands;
use crate::engine::available_threads;
use crate::experiment::LARGE;
use crate::scenario::Scenario;

/// The most agents a world can number.
const MAX_AGENTS: u64 = u32::MAX as u64;

/// Refuses a scenario the machine has no room for. `threads` as typed (0: all); `limit` in bytes, or what is free.
pub(super) fn check(scenario: &Scenario, threads: usize, limit: Option<u64>) -> Result<(), Failure> {
    let agents = scenario.population().agents;
    let classes: Vec<usize> = scenario.rules().strata.iter().map(|s| s.class).collect();
    let one = scenario.population().estimated_bytes(&classes);
    let threads = if threads == 0 { available_threads() } else { threads } as u64;
    let at_once = if agents >= LARGE { 1 } else { threads.min(scenario.replicates()) };
    let needed = one.saturating_mul(at_once);
    let limit = limit.or_else(backend::available_memory);
    if let Some(limit) = limit.filter(|&limit| needed > limit) {
        return Err(Failure::resources(
            format!(
                "{} agents need about {} of memory, {} are to be had",
                thousands(agents),
                in_words(needed),
                in_words(limit)
            ),
            "fewer agents with --agents, or another limit with --memory-limit",
        ));
    }
    if agents > MAX_AGENTS {
        return Err(Failure::resources(
            format!("{} agents, at most {} can be numbered", thousands(agents), thousands(MAX_AGENTS)),
            "fewer agents with --agents",
        ));
    }
    Ok(())
}

/// Bytes for readers.
fn in_words(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes >= 1e12 {
        format!("{:.1} TB", bytes / 1e12)
    } else if bytes >= 1e9 {
        format!("{:.1} GB", bytes / 1e9)
    } else {
        format!("{:.0} MB", bytes / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Change, default_scenario};

    #[test]
    fn too_many_agents_are_refused_and_some_are_not() {
        let scenario = |agents| default_scenario(&[Change::Agents(agents)]).expect("it ships valid");
        assert!(check(&scenario(10_000), 1, None).is_ok());
        assert!(check(&scenario(10_000_000_000_000), 1, None).is_err());
        assert!(check(&scenario(1_000_000), 1, Some(1 << 20)).is_err());
        assert!(check(&scenario(5_000_000_000), 1, Some(u64::MAX)).is_err());
    }

    #[test]
    fn bytes_read_well() {
        assert_eq!(in_words(2_500_000_000), "2.5 GB");
        assert_eq!(in_words(80_000_000_000_000), "80.0 TB");
        assert_eq!(in_words(12_000_000), "12 MB");
    }
}
