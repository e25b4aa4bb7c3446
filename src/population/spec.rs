//! What a population is asked to look like: people by place and class, enterprises, sizes.

use super::networks::NetworkSpec;
use crate::model::agents::Agents;
use crate::model::groups::{Collective, Enterprise};

/// Sizes of the groups of a class, in persons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassSizes {
    /// Mean size of a collective.
    pub collective_mean: f64,
    /// Standard deviation of that size.
    pub collective_sd: f64,
    /// Median of the log-normal sizes of enterprises.
    pub enterprise_median: f64,
    /// Standard deviation of the logarithm of those sizes.
    pub enterprise_sigma: f64,
    /// Largest enterprise that is drawn; named ones may be larger.
    pub enterprise_max: f64,
    /// Standard deviation of the mean position of enterprises.
    pub between_enterprises: f32,
    /// Standard deviation of the mean position of collectives of one enterprise.
    pub between_collectives: f32,
}

/// An enterprise that the scenario names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedEnterprise {
    /// Name in files.
    pub name: String,
    /// Its stratum by index.
    pub stratum: usize,
    /// Its people.
    pub people: f64,
    /// Shift of its members' mean position, in place of the stratum's.
    pub position_shift: f32,
}

/// What a population is asked to look like.
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationSpec {
    /// Agents to make: each stands for `people / agents` persons.
    pub agents: u64,
    /// Enterprises with fewer agents are pooled.
    pub min_enterprise_agents: u32,
    /// People by stratum.
    pub people: Vec<f64>,
    /// Group sizes by class.
    pub sizes: Vec<ClassSizes>,
    /// Enterprises by name; those of a stratum hold no more people than it has.
    pub enterprises: Vec<NamedEnterprise>,
    /// Fixed contacts; `None` where voices are drawn anew each time.
    pub network: Option<NetworkSpec>,
}

impl PopulationSpec {
    /// All people.
    #[must_use]
    pub fn total_people(&self) -> f64 {
        self.people.iter().sum()
    }

    /// Persons that one agent stands for.
    #[must_use]
    pub fn people_per_agent(&self) -> f64 {
        self.total_people() / self.agents as f64
    }

    /// Bytes that a world of this population will take, estimated before anything is allocated.
    ///
    /// `classes` gives the class of each stratum.
    #[must_use]
    pub fn estimated_bytes(&self, classes: &[usize]) -> u64 {
        let scale = 1.0 / self.people_per_agent();
        let mut collectives = 0.0;
        let mut enterprises = self.enterprises.len() as f64;
        for (&people, &class) in self.people.iter().zip(classes) {
            let sizes = &self.sizes[class];
            collectives += people * scale / sizes.collective_mean + 1.0;
            let mean = sizes.enterprise_median * (sizes.enterprise_sigma.powi(2) / 2.0).exp();
            enterprises +=
                people / mean.min(sizes.enterprise_max).max(f64::from(self.min_enterprise_agents)) + 1.0;
        }
        let collectives = collectives + enterprises / 2.0;
        // Each neighbour twice, and yesterday's voice and position.
        let contacts = match &self.network {
            None => 0.0,
            Some(network) => 6.0 + 16.0 * network.mean_degree(self.agents),
        };
        // Delegates of committees and a tenth for the rest.
        let bytes = self.agents as f64 * (Agents::BYTES_EACH as f64 + contacts)
            + collectives * (size_of::<Collective>() as f64 + 96.0)
            + enterprises * size_of::<Enterprise>() as f64;
        (bytes * 1.1) as u64
    }
}
