//! Fixed contact networks: small world, preferential attachment, block model, or a list of edges.

use crate::model::groups::Collective;
use crate::model::network::Network;
use crate::random::{Process, ReplicateKey, Stream};

/// Which network a scenario asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum NetworkSpec {
    /// A ring in which agent `i` knows the `degree` nearest, each edge rewired with a chance.
    ///
    /// Agents of a collective stand beside each other, so the ring knows the shop floor.
    /// Source: Watts and Strogatz 1998, doi:10.1038/30918.
    SmallWorld {
        /// Mean number of neighbours.
        degree: u32,
        /// Chance that an edge goes anywhere.
        rewiring: f32,
    },
    /// Newcomers attach to `degree / 2` agents in proportion to their degree.
    ///
    /// Source: Barabási and Albert 1999, doi:10.1126/science.286.5439.509.
    Preferential {
        /// Mean number of neighbours.
        degree: u32,
    },
    /// Agents draw contacts within their collective with a chance, else anywhere.
    ///
    /// Source: stochastic block model, Holland et al. 1983, doi:10.1016/0378-8733(83)90021-7.
    Blocks {
        /// Mean number of neighbours.
        degree: u32,
        /// Chance that a contact is of the own collective.
        within: f32,
    },
    /// Edges between agents by number, from 0; those that name nobody are left out.
    Edges(Vec<(u32, u32)>),
}

impl NetworkSpec {
    /// Mean number of neighbours in a population of `agents`.
    #[must_use]
    pub fn mean_degree(&self, agents: u64) -> f64 {
        match self {
            Self::SmallWorld { degree, .. } | Self::Preferential { degree } | Self::Blocks { degree, .. } => {
                f64::from(*degree)
            }
            Self::Edges(list) => 2.0 * list.len() as f64 / agents.max(1) as f64,
        }
    }
}

/// Builds the network of a population whose agents stand in the order of their collectives.
#[must_use]
pub fn build_network(
    spec: &NetworkSpec,
    agents: usize,
    collectives: &[Collective],
    key: ReplicateKey,
) -> Network {
    let n = agents as u64;
    let draws = |i: u64| Stream::new(key, Process::Network, 0, i);
    let pick = |stream: &mut Stream, size: u64| {
        ((f64::from(stream.uniform()) * size as f64) as u64).min(size.saturating_sub(1))
    };
    let mut edges: Vec<(u32, u32)> = Vec::new();
    match spec {
        _ if agents < 2 => {}
        NetworkSpec::SmallWorld { degree, rewiring } => {
            for i in 0..n {
                let mut stream = draws(i);
                for step in 1..=u64::from((degree / 2).max(1)) {
                    let rewired = stream.uniform() < *rewiring;
                    let other = if rewired { pick(&mut stream, n) } else { (i + step) % n };
                    edges.push((i as u32, other as u32));
                }
            }
        }
        NetworkSpec::Preferential { degree } => {
            // Ends of edges, each agent as often as it has neighbours: a draw from it is a draw by degree.
            let mut ends: Vec<u32> = vec![0, 1];
            edges.push((0, 1));
            for i in 2..n {
                let mut stream = draws(i);
                for _ in 0..u64::from((degree / 2).max(1)).min(i) {
                    let other = ends[pick(&mut stream, ends.len() as u64) as usize];
                    edges.push((i as u32, other));
                    ends.extend([i as u32, other]);
                }
            }
        }
        NetworkSpec::Blocks { degree, within } => {
            for collective in collectives {
                let members = u64::from(collective.agents.end - collective.agents.start);
                for i in collective.agents.clone() {
                    let mut stream = draws(u64::from(i));
                    for _ in 0..(degree / 2).max(1) {
                        let inside = stream.uniform() < *within;
                        let other = if inside {
                            u64::from(collective.agents.start) + pick(&mut stream, members)
                        } else {
                            pick(&mut stream, n)
                        };
                        edges.push((i, other as u32));
                    }
                }
            }
        }
        NetworkSpec::Edges(list) => {
            edges.extend(
                list.iter().copied().filter(|(a, b)| (*a as usize) < agents && (*b as usize) < agents),
            );
        }
    }
    Network::from_edges(agents, &edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::groups::{Composition, MAX_TOPICS};

    fn collectives(agents: u32, each: u32) -> Vec<Collective> {
        (0..agents / each)
            .map(|c| Collective {
                agents: c * each..(c + 1) * each,
                counts: Composition::default(),
                heard: [0; MAX_TOPICS],
            })
            .collect()
    }

    fn build(spec: &NetworkSpec) -> Network {
        build_network(spec, 2_000, &collectives(2_000, 50), ReplicateKey::new(3, 0))
    }

    #[test]
    fn an_unwired_ring_knows_its_nearest() {
        let ring = build(&NetworkSpec::SmallWorld { degree: 4, rewiring: 0.0 });
        assert_eq!(ring.neighbours(10), [8, 9, 11, 12]);
        assert_eq!(ring.neighbours(0), [1, 2, 1998, 1999]);
        let wired = build(&NetworkSpec::SmallWorld { degree: 4, rewiring: 0.3 });
        let far = (0..2_000_u64)
            .flat_map(|i| wired.neighbours(i).iter().map(move |&j| (i as i64 - i64::from(j)).unsigned_abs()))
            .filter(|&d| d > 2 && d < 1_998)
            .count();
        let share = far as f64 / (2.0 * wired.edges() as f64);
        // Three standard errors of a share of 0.3 over 4000 edges.
        assert!((share - 0.3).abs() < 0.03, "{share}");
    }

    #[test]
    fn preferential_attachment_makes_hubs() {
        let network = build(&NetworkSpec::Preferential { degree: 6 });
        let largest = (0..2_000).map(|i| network.neighbours(i).len()).max().unwrap_or(0);
        assert!(largest > 60, "{largest}: a random graph of mean degree 6 has nobody with more than 20");
        assert!((network.edges() as f64 / 2_000.0 - 3.0).abs() < 0.1);
    }

    #[test]
    fn blocks_keep_to_themselves() {
        let network = build(&NetworkSpec::Blocks { degree: 8, within: 0.9 });
        let inside: usize = (0..2_000_u64)
            .map(|i| network.neighbours(i).iter().filter(|&&j| u64::from(j) / 50 == i / 50).count())
            .sum();
        let share = inside as f64 / (2.0 * network.edges() as f64);
        assert!(share > 0.87 && share < 0.93, "{share}");
    }

    #[test]
    fn a_list_is_taken_as_it_is() {
        let network = build(&NetworkSpec::Edges(vec![(0, 1999), (5, 6), (7, 5000)]));
        assert_eq!(network.edges(), 2);
        assert_eq!(network.neighbours(0), [1999]);
    }
}
