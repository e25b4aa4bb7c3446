//! Who belongs where: enterprises and collectives cut out of the people of each stratum.

use rand_distr::{Distribution, LogNormal, Normal};

use super::spec::{ClassSizes, PopulationSpec};
use crate::model::groups::{Collective, Composition, Counts, Deeds, Enterprise, MAX_TOPICS};
use crate::model::rules::Rules;
use crate::random::{Process, ReplicateKey, Stream};

/// Groups of a population, before anybody is born into them.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// By place, class, then named ones first.
    pub enterprises: Vec<Enterprise>,
    /// In the order of their enterprises.
    pub collectives: Vec<Collective>,
    /// Agents in all.
    pub agents: usize,
    /// Mean position at birth by collective, relative to the class.
    pub position_shifts: Vec<f32>,
}

/// Cuts the people of each stratum into enterprises and these into collectives.
///
/// Named enterprises come first; the rest have log-normal sizes in persons, drawn once for the stratum, so a
/// population of another number of agents has the same plants, smaller. Those too small for
/// `min_enterprise_agents` are pooled. Collectives keep their size in agents, since it is the number of faces that
/// matters in a debate; a smaller population has fewer of them.
#[must_use]
pub fn lay_out(rules: &Rules, spec: &PopulationSpec, key: ReplicateKey) -> Layout {
    let mut layout = Layout::default();
    let scale = spec.agents as f64 / spec.total_people();
    let mut people_before = 0.0;
    for (index, stratum) in rules.strata.iter().enumerate() {
        let sizes = &spec.sizes[stratum.class];
        for (name, people, shift) in enterprises_of(index, rules, spec, sizes, scale, key) {
            let first = (people_before * scale).round() as u32;
            people_before += people;
            let end = (people_before * scale).round() as u32;
            if first == end {
                continue;
            }
            let from = layout.collectives.len() as u32;
            let address = layout.enterprises.len() as u64;
            let mut stream = Stream::new(key, Process::Sizes, 1, address);
            cut_collectives(&mut layout.collectives, first..end, sizes, &mut stream);
            let shift = shift + normal(sizes.between_enterprises, &mut stream);
            for _ in from as usize..layout.collectives.len() {
                layout.position_shifts.push(shift + normal(sizes.between_collectives, &mut stream));
            }
            layout.enterprises.push(Enterprise {
                stratum: index as u32,
                collectives: from..layout.collectives.len() as u32,
                agents: first..end,
                counts: Counts::default(),
                locked_until: 0,
                deeds: Deeds::default(),
                taken: 0.0,
                occupied: false,
                transferred: false,
                strike_days: 0.0,
                quorum: 0.5 + rules.params.power.discipline_spread * (2.0 * stream.uniform() - 1.0),
                name,
            });
            layout.agents = end as usize;
        }
    }
    layout
}

/// Name, people and position shift of each enterprise of a stratum; the people sum to the stratum's.
fn enterprises_of(
    index: usize,
    rules: &Rules,
    spec: &PopulationSpec,
    sizes: &ClassSizes,
    scale: f64,
    key: ReplicateKey,
) -> Vec<(Option<u32>, f64, f32)> {
    let smallest = f64::from(spec.min_enterprise_agents) / scale;
    let mut made = Vec::new();
    let mut left = spec.people[index];
    for (name, enterprise) in spec.enterprises.iter().enumerate().filter(|(_, e)| e.stratum == index) {
        let people = enterprise.people.min(left);
        if people >= smallest {
            made.push((Some(name as u32), people, enterprise.position_shift));
            left -= people;
        }
    }
    let shift = rules.strata[index].position_shift;
    let mut stream = Stream::new(key, Process::Sizes, 0, index as u64);
    let size_law = LogNormal::new(sizes.enterprise_median.max(1.0).ln(), sizes.enterprise_sigma)
        .expect("the validation admits only finite, non-negative sigmas");
    let mut pooled = 0.0;
    while left > 0.0 {
        let drawn: f64 = size_law.sample(&mut stream);
        let size = drawn.clamp(1.0, sizes.enterprise_max).min(left);
        left -= size;
        pooled += size;
        if pooled >= smallest {
            made.push((None, pooled, shift));
            pooled = 0.0;
        }
    }
    if pooled > 0.0 {
        match made.last_mut() {
            Some((None, people, _)) => *people += pooled,
            _ => made.push((None, pooled, shift)),
        }
    }
    made
}

fn normal(sd: f32, stream: &mut Stream) -> f32 {
    Normal::new(0.0, sd).expect("the validation admits only finite, non-negative deviations").sample(stream)
}

fn cut_collectives(
    collectives: &mut Vec<Collective>,
    agents: std::ops::Range<u32>,
    sizes: &ClassSizes,
    stream: &mut Stream,
) {
    let count = (f64::from(agents.len() as u32) / sizes.collective_mean).round().max(1.0) as usize;
    let law = Normal::new(1.0, sizes.collective_sd / sizes.collective_mean)
        .expect("the validation admits only finite, non-negative deviations");
    let weights: Vec<f64> = (0..count).map(|_| law.sample(stream).clamp(0.4, 2.0)).collect();
    let total: f64 = weights.iter().sum();
    let size = f64::from(agents.len() as u32);
    let mut before = 0.0;
    for weight in weights {
        let first = agents.start + (before / total * size).round() as u32;
        before += weight;
        let end = agents.start + (before / total * size).round() as u32;
        if first < end {
            collectives.push(Collective {
                agents: first..end,
                counts: Composition::default(),
                heard: [0; MAX_TOPICS],
            });
        }
    }
}
