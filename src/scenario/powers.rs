//! Ballots, marches, leading committees and contacts: names become indices, dates become days.

use super::raw::{RawLeadership, RawNetwork};
use super::validate::{Assembly, mask, position, steps};
use crate::model::institutions::BallotSpec;
use crate::model::power::{LeadershipSpec, MarchSpec};
use crate::model::rules::Spread;
use crate::population::NetworkSpec;

impl Assembly<'_> {
    pub(super) fn ballots(&self) -> Vec<BallotSpec> {
        self.raw
            .ballot
            .iter()
            .map(|b| BallotSpec {
                name: b.name.clone(),
                // A ballot before the run is not held; one after its end never comes.
                day: self.day(&b.date).filter(|d| *d >= 0).map_or(u32::MAX, |d| d as u32),
                places: mask(&self.places, &b.places),
                classes: mask(&self.classes, &b.classes),
            })
            .collect()
    }

    pub(super) fn marches(&self) -> Vec<MarchSpec> {
        self.raw
            .march
            .iter()
            .filter_map(|m| {
                Some(MarchSpec {
                    name: m.name.clone(),
                    event: position(&self.events, &m.event)?,
                    men: m.men,
                    units: m.units,
                    days: m.days,
                    places: mask(&self.places, &m.places),
                    obedience: Spread { mean: m.obedience.mean, sd: m.obedience.sd },
                    contact: m.contact,
                })
            })
            .collect()
    }

    pub(super) fn leaderships(&mut self) -> Vec<LeadershipSpec> {
        let raw = self.raw;
        raw.leadership.iter().enumerate().filter_map(|(index, l)| self.leadership(index, l)).collect()
    }

    fn leadership(&mut self, index: usize, raw: &RawLeadership) -> Option<LeadershipSpec> {
        let party = position(&self.parties, &raw.party)?;
        let place = position(&self.places, &raw.place)?;
        if raw.waverers > raw.members {
            self.problem(
                steps!["leadership", index, "waverers"],
                format!("`{}` has {} waverers among {} members", raw.name, raw.waverers, raw.members),
                None,
            );
        }
        let mut government = self.party_list(&raw.government);
        if !government.contains(&party) {
            government.insert(0, party);
        }
        let reached = mask(&self.places, &raw.reach);
        let regions = self.regions.iter().max().map_or(0, |last| last + 1);
        let mut reach = vec![false; regions];
        for (here, &region) in reached.iter().zip(&self.regions) {
            reach[region] |= here;
        }
        reach[self.regions[place]] = true;
        Some(LeadershipSpec {
            name: raw.name.clone(),
            party,
            government,
            region: self.regions[place],
            reach,
            resolution: raw.resolution.as_deref().and_then(|n| position(&self.resolutions, n)),
            members: raw.members,
            resolve: Spread { mean: raw.resolve.mean, sd: raw.resolve.sd },
            waverers: raw.waverers,
            wavering: raw.wavering,
            from_day: self.day(&raw.from).map_or(u32::MAX, |d| d.max(0) as u32),
            preparation_days: raw.preparation_days,
            unconditional: raw.unconditional,
            discloses: raw.discloses,
            congress: raw.congress.as_deref().and_then(|n| position(&self.bodies, n)),
        })
    }

    pub(super) fn network(&self) -> Option<NetworkSpec> {
        let contacts = &self.raw.contacts;
        match contacts.network {
            RawNetwork::Drawn => None,
            RawNetwork::SmallWorld => {
                Some(NetworkSpec::SmallWorld { degree: contacts.degree, rewiring: contacts.rewiring })
            }
            RawNetwork::Preferential => Some(NetworkSpec::Preferential { degree: contacts.degree }),
            RawNetwork::Blocks => {
                Some(NetworkSpec::Blocks { degree: contacts.degree, within: contacts.within })
            }
            RawNetwork::Edges => Some(NetworkSpec::Edges(contacts.edges.clone())),
        }
    }
}
