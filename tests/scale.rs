//! Scale does not change the answer: other numbers of agents agree within their errors, and luck fades as one over the
//! square root of their number.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{country, run};
use october::engine::{Simulation, run_with_threads};
use october::experiment::Contagion;

/// Samples of some quantities at each of several sizes.
struct Samples {
    agents: u64,
    /// By quantity, then replicate.
    values: Vec<Vec<f64>>,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// The power of the number of agents with which standard deviations go, over all quantities and from the first size to
/// the last.
fn exponent(samples: &[Samples]) -> f64 {
    let (first, last) = (&samples[0], &samples[samples.len() - 1]);
    let logs = first.values.iter().zip(&last.values).map(|(a, b)| (sd(b) / sd(a)).ln());
    logs.sum::<f64>() / first.values.len() as f64 / (last.agents as f64 / first.agents as f64).ln()
}

/// The largest difference of means between neighbouring sizes, in its own standard errors.
fn largest_difference(samples: &[Samples]) -> f64 {
    let of = |a: &[f64], b: &[f64]| {
        let error = (sd(a).powi(2) / a.len() as f64 + sd(b).powi(2) / b.len() as f64).sqrt();
        (mean(a) - mean(b)).abs() / error
    };
    let neighbours = samples.windows(2).flat_map(|pair| pair[0].values.iter().zip(&pair[1].values));
    neighbours.map(|(a, b)| of(a, b)).fold(0.0, f64::max)
}

#[test]
fn the_standard_task_ends_alike_at_any_size() {
    let at = |agents: usize| {
        let shares = |replicate: u64| {
            let mut simulation = Simulation::new(Contagion::new(agents, 11, replicate), 100);
            run_with_threads(2, || {
                (0..100).for_each(|_| {
                    simulation.step();
                })
            });
            simulation.model().shares()
        };
        let all: Vec<[f64; 3]> = (0..40).map(shares).collect();
        let values = (0..3).map(|state| all.iter().map(|s| s[state]).collect()).collect();
        Samples { agents: agents as u64, values }
    };
    let samples = [at(5_000), at(20_000), at(80_000)];
    let exponent = exponent(&samples);
    assert!((exponent + 0.5).abs() < 0.12, "{exponent}");
    let difference = largest_difference(&samples);
    assert!(difference < 3.5, "{difference} standard errors");
}

#[test]
fn a_country_of_more_agents_is_the_same_country() {
    let at = |agents: u64| {
        let (size, count) = (format!("population.agents={agents}"), "run.replicates=32");
        let scenario = country(&[&size, count]);
        let tables = run(&scenario, 2);
        let table = tables.get("support").expect("recorded");
        let ints = |name: &str| table.ints(name).expect("a column");
        let (days, replicates, public) = (ints("day"), ints("replicate"), ints("public"));
        let parties = table.texts("party").expect("a column");
        let series = |party: &str| {
            let (mut own, mut all) = (vec![0.0; 32], vec![0.0; 32]);
            for row in (0..table.rows()).filter(|&row| days[row] == 40) {
                let (replicate, people) = (replicates[row] as usize, public[row] as f64);
                all[replicate] += people;
                own[replicate] += if parties.get(row) == party { people } else { 0.0 };
            }
            own.iter().zip(&all).map(|(own, all)| own / all).collect()
        };
        Samples { agents, values: ["left", "silent"].map(series).to_vec() }
    };
    let samples = [at(2_000), at(8_000), at(32_000)];
    let exponent = exponent(&samples);
    assert!((exponent + 0.5).abs() < 0.12, "{exponent}");
    let difference = largest_difference(&samples);
    assert!(difference < 3.5, "{difference} standard errors");
}
