//! Agent-days per second of the whole daily step, at three sizes. Each run asserts that its people are all there, so
//! a faster loss of agents cannot pass.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

extern crate october;

mod plain;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use october::engine::Simulation;
use october::experiment::{Contagion, build_world};
use october::scenario::{Change, Scenario, default_scenario};

fn scenario(agents: u64) -> Scenario {
    default_scenario(&[Change::Agents(agents)]).expect("the default scenario is valid")
}

fn daily_step(c: &mut Criterion) {
    let mut group = c.benchmark_group("daily step");
    group.sample_size(10);
    for agents in [100_000, 1_000_000, 10_000_000] {
        let scenario = scenario(agents);
        let mut simulation = Simulation::new(build_world(&scenario, 1, 0), u32::MAX);
        // Past the first days, which are calmer than the rest.
        for _ in 0..3 {
            simulation.step();
        }
        group.throughput(Throughput::Elements(agents));
        group.bench_function(BenchmarkId::from_parameter(agents), |b| b.iter(|| simulation.step()));
        let people: u64 = simulation.model().state().strata.iter().map(|s| u64::from(s.size)).sum();
        assert_eq!(people, agents, "nobody vanishes");
    }
    group.finish();
}

fn plain_step(c: &mut Criterion) {
    let mut group = c.benchmark_group("plain step");
    group.sample_size(10);
    let agents = 100_000;
    let plain = plain::Plain::new(build_world(&scenario(agents), 1, 0));
    assert!(plain.bytes() as u64 > agents * plain::Plain::BYTES_EACH, "people are kept as structs");
    let mut simulation = Simulation::new(plain, u32::MAX);
    for _ in 0..3 {
        simulation.step();
    }
    group.throughput(Throughput::Elements(agents));
    group.bench_function(BenchmarkId::from_parameter(agents), |b| b.iter(|| simulation.step()));
    group.finish();
}

fn contagion_step(c: &mut Criterion) {
    let mut group = c.benchmark_group("contagion");
    group.sample_size(10);
    for agents in [100_000, 10_000_000] {
        let mut simulation = Simulation::new(Contagion::new(agents, 1, 0), u32::MAX);
        group.throughput(Throughput::Elements(agents as u64));
        group.bench_function(BenchmarkId::from_parameter(agents), |b| b.iter(|| simulation.step()));
        let all: f64 = simulation.model().shares().iter().sum();
        assert!((all - 1.0).abs() < 1e-9, "nobody vanishes");
    }
    group.finish();
}

criterion_group!(benches, daily_step, plain_step, contagion_step);
criterion_main!(benches);
