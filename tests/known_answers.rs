//! The engine against models whose answers are known.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, reason = "tests")]

#[path = "models/epidemic.rs"]
mod epidemic;
#[path = "models/voter.rs"]
mod voter;

/// On a complete graph opinion A wins with probability equal to its initial share.
#[test]
fn the_voter_model_exits_in_proportion_to_the_start() {
    for (for_a, expected) in [(15, 0.3), (25, 0.5), (40, 0.8)] {
        let n = 1000.0_f64;
        let share = voter::exit_probability(50, for_a, n as u64);
        let error = (expected * (1.0 - expected) / n).sqrt();
        assert!((share - expected).abs() < 4.0 * error, "{for_a} of 50 won in {share}, expected {expected}");
    }
}

/// The final size solves z = 1 - exp(-R0 (z + i0)) among those susceptible at the start.
#[test]
fn the_epidemic_ends_at_its_final_size() {
    for r0 in [1.5_f64, 2.0, 3.0] {
        let gamma = 0.02;
        let size = epidemic::final_size(60_000, (r0 * gamma) as f32, gamma as f32, 1200);
        let initial = 0.001;
        let mut z = 0.5;
        for _ in 0..200 {
            z = initial + (1.0 - initial) * (1.0 - (-r0 * z).exp());
        }
        // Daily steps of 2 % miss the differential equation by less than a percentage point; the rest is chance.
        assert!((size - z).abs() < 0.015, "R0 {r0}: {size}, expected {z}");
    }
}
