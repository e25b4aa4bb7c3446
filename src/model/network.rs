//! A fixed network of contacts, where a scenario asks for one in place of drawn contacts.

use super::behaviour::attitude::Kernel;
use super::fixed::bin;

/// Whom each agent hears: neighbours of agent `i` are `targets[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    offsets: Vec<u32>,
    targets: Vec<u32>,
}

impl Network {
    /// A network of `agents` agents from undirected edges; edges to oneself and repeated ones are dropped.
    ///
    /// # Panics
    /// If an edge names an agent that is not there: the caller has checked.
    #[must_use]
    pub fn from_edges(agents: usize, edges: &[(u32, u32)]) -> Self {
        let mut both: Vec<(u32, u32)> =
            edges.iter().filter(|(a, b)| a != b).flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        both.sort_unstable();
        both.dedup();
        let mut offsets = vec![0_u32; agents + 1];
        for &(a, _) in &both {
            offsets[a as usize + 1] += 1;
        }
        for i in 0..agents {
            offsets[i + 1] += offsets[i];
        }
        Self { offsets, targets: both.into_iter().map(|(_, b)| b).collect() }
    }

    /// The neighbours of an agent.
    #[inline]
    #[must_use]
    pub fn neighbours(&self, agent: u64) -> &[u32] {
        let i = agent as usize;
        &self.targets[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }

    /// Agents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Edges, each counted once.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.targets.len() / 2
    }
}

/// A network and what its agents said and thought yesterday.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// Who hears whom.
    pub network: Network,
    /// Yesterday's voices, one an agent.
    pub public: Vec<u8>,
    /// Yesterday's positions, one an agent.
    pub position: Vec<i8>,
}

impl Contacts {
    /// Contacts of a population that has yet to be looked at.
    #[must_use]
    pub fn new(network: Network) -> Self {
        Self { network, public: Vec::new(), position: Vec::new() }
    }

    /// Takes yesterday's voices and positions; allocates on the first day alone.
    pub fn look(&mut self, public: &[u8], position: &[i8]) {
        self.public.clear();
        self.public.extend_from_slice(public);
        self.position.clear();
        self.position.extend_from_slice(position);
    }

    /// The voice of the neighbour that 16 random bits pick; `None` of a hermit.
    #[inline]
    #[must_use]
    pub fn hear(&self, agent: u64, bits: u32) -> Option<usize> {
        let neighbours = self.network.neighbours(agent);
        let pick = (bits as usize * neighbours.len()) >> 16;
        neighbours.get(pick).map(|&n| self.public[n as usize] as usize)
    }

    /// Share of the neighbours who speak for `option`; 0 of a hermit.
    #[must_use]
    pub fn share(&self, agent: u64, option: usize) -> f32 {
        let neighbours = self.network.neighbours(agent);
        let same = neighbours.iter().filter(|&&n| self.public[n as usize] as usize == option).count();
        if neighbours.is_empty() { 0.0 } else { same as f32 / neighbours.len() as f32 }
    }

    /// Mean effect of one neighbour's position on a listener in bin `own`.
    #[must_use]
    pub fn drift(&self, agent: u64, own: usize, kernel: &Kernel) -> f32 {
        let neighbours = self.network.neighbours(agent);
        let sum: f32 = neighbours.iter().map(|&n| kernel[own][bin(self.position[n as usize])]).sum();
        if neighbours.is_empty() { 0.0 } else { sum / neighbours.len() as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::behaviour::attitude::kernel;
    use crate::model::params::AttitudeParams;

    #[test]
    fn a_path_of_three_hears_its_neighbours() {
        let network = Network::from_edges(4, &[(0, 1), (1, 2), (2, 1), (3, 3)]);
        assert_eq!((network.len(), network.edges()), (4, 2));
        assert_eq!(network.neighbours(1), [0, 2]);
        assert!(network.neighbours(3).is_empty());
        let mut contacts = Contacts::new(network);
        contacts.look(&[5, 6, 7, 0], &[127, 0, -127, 0]);
        assert_eq!(contacts.hear(0, 65_535), Some(6));
        assert_eq!((contacts.hear(1, 0), contacts.hear(1, 40_000)), (Some(5), Some(7)));
        assert_eq!(contacts.hear(3, 9), None);
        assert!((contacts.share(1, 7) - 0.5).abs() < 1e-6);
        let kernel = kernel(&AttitudeParams::default());
        let expected = 0.5 * (kernel[8][15] + kernel[8][0]);
        assert!((contacts.drift(1, 8, &kernel) - expected).abs() < 1e-7);
    }
}
