//! Gathers what is measured into tables, day by day.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::table::TableSet;
use super::{bodies, memory, power, sample, society, struggle, support};
use crate::engine::{Observer, Threads};
use crate::model::{Crew, World};

/// The tables of one replicate, as far as it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorder {
    replicate: i64,
    #[serde(skip)]
    names: Arc<Names>,
    tables: TableSet,
    /// Agents that are followed day by day.
    sample: u64,
    majorities: bodies::Majorities,
    society: society::Society,
    outcome: power::Outcome,
    memory: memory::Memory,
}

/// Positions of the tables in the set.
mod at {
    pub(super) const SUPPORT: usize = 0;
    pub(super) const BODIES: usize = 1;
    pub(super) const MAJORITIES: usize = 2;
    pub(super) const RESOLUTIONS: usize = 3;
    pub(super) const MEASURES: usize = 4;
    pub(super) const EVENTS: usize = 5;
    pub(super) const POWER: usize = 6;
    pub(super) const OUTCOME: usize = 7;
    pub(super) const CONTESTS: usize = 8;
    pub(super) const MARCHES: usize = 9;
    pub(super) const LEADERSHIPS: usize = 10;
    pub(super) const BALLOTS: usize = 11;
    pub(super) const SAMPLE: usize = 12;
}

impl Recorder {
    /// A recorder of replicate number `replicate` that has seen nothing and will follow `sample` agents.
    #[must_use]
    pub fn new(replicate: u64, names: Arc<Names>, sample: u64) -> Self {
        let mut tables = vec![
            support::table(),
            bodies::seats_table(),
            bodies::majorities_table(),
            bodies::resolutions_table(),
            society::table(),
            power::events_table(),
            power::power_table(),
            power::outcome_table(),
            struggle::contests_table(),
            struggle::marches_table(),
            struggle::leaderships_table(),
            struggle::ballots_table(),
        ];
        if sample > 0 {
            tables.push(sample::table());
        }
        Self {
            replicate: replicate as i64,
            names,
            tables: TableSet { tables },
            sample,
            majorities: bodies::Majorities::default(),
            society: society::Society::default(),
            outcome: power::Outcome::default(),
            memory: memory::Memory::default(),
        }
    }

    /// Gives a recorder that comes from a checkpoint its names back.
    #[must_use]
    pub fn with_names(mut self, names: Arc<Names>) -> Self {
        self.names = names;
        self
    }

    /// The daily tables as far as they have come, without what is only known at the end.
    #[must_use]
    pub fn so_far(&self) -> &TableSet {
        &self.tables
    }

    /// The tables, with the dates of majorities and the outcome as they stand now.
    #[must_use]
    pub fn finish(mut self, world: &World) -> TableSet {
        let names = Arc::clone(&self.names);
        self.majorities.record(&mut self.tables.tables[at::MAJORITIES], self.replicate, world, &names);
        let tables = &mut self.tables.tables;
        self.outcome.record(&mut tables[at::OUTCOME], self.replicate, world, &names);
        struggle::record_contests(&mut tables[at::CONTESTS], self.replicate, world, &names);
        struggle::record_marches(&mut tables[at::MARCHES], self.replicate, world, &names);
        struggle::record_leaderships(&mut tables[at::LEADERSHIPS], self.replicate, world, &names);
        self.tables
    }
}

impl Observer<World> for Recorder {
    fn observe(&mut self, day: u32, world: &World) {
        let Self { replicate, names, tables, sample, majorities, society, outcome, memory } = self;
        let (replicate, names) = (*replicate, &**names);
        let (daily, sampled) = tables.tables.split_at_mut(at::SAMPLE);
        let [support, seats, polls, measures, events, power, ballots] = daily
            .get_disjoint_mut([
                at::SUPPORT,
                at::BODIES,
                at::RESOLUTIONS,
                at::MEASURES,
                at::EVENTS,
                at::POWER,
                at::BALLOTS,
            ])
            .expect("each table is named once");
        // Both look at the same evening, and write tables of their own.
        let counted = || {
            support::record(support, replicate, day, world, names);
            bodies::record_seats(seats, replicate, day, world, names);
            bodies::record_polls(polls, replicate, day, world, names);
            majorities.note(day, world);
            struggle::record_ballots(ballots, replicate, day, world, names);
            for table in sampled {
                sample::record(table, replicate, day, world, names, *sample);
            }
        };
        let judged = || {
            power::record_events(events, replicate, day, world, names);
            let authority = power::record_power(power, replicate, day, world, names);
            outcome.note(day, world, &authority);
            let memory = memory.note(day, world);
            society.record(measures, replicate, day, world, names, &authority, memory);
        };
        Threads.join(counted, judged);
    }
}
