//! The tables of one run, read once for all its figures.

use super::calendar::Timeline;
use super::chart::Caption;
use super::counts::{Measures, Seats, Support, Voice};
use super::events::Mark;
use super::figure::Setting;
use super::legend::{Legend, PartyKind};
use super::majorities::Majorities;
use super::shelf::Shelf;
use std::sync::{Arc, OnceLock};

/// The tables of a run, read once for all figures.
pub(super) struct Run<'a> {
    pub(super) caption: &'a Caption,
    pub(super) legend: Legend,
    pub(super) timeline: Timeline,
    pub(super) marks: Vec<Mark>,
    pub(super) by_class: Option<Support>,
    pub(super) by_place: Option<Support>,
    pub(super) seats: Option<Seats>,
    pub(super) majorities: Majorities,
    pub(super) measures: Measures,
    /// Where the courses lie: to be checked once the figures are drawn.
    pub(super) shelf: Arc<Shelf>,
    /// What [`Run::leading_in_bodies`] found, once it was asked: most figures ask it.
    pub(super) leading_in_bodies: OnceLock<Option<String>>,
}

impl Run<'_> {
    pub(super) fn setting(&self) -> Setting<'_> {
        Setting { timeline: &self.timeline, marks: &self.marks, caption: self.caption }
    }

    /// The largest number of replicates that any table has.
    pub(super) fn replicates(&self) -> usize {
        let support = self.by_class.as_ref().map_or(1, |s| s.replicates());
        let seats = self.seats.as_ref().map_or(1, |s| s.replicates());
        support.max(seats).max(self.measures.replicates())
    }

    /// How uncertainty is drawn, in words; nothing for a single replicate.
    pub(super) fn bands_in_words(&self) -> String {
        bands_in_words(self.replicates())
    }

    /// The party that leads in the bodies at the end or, where there are none, that most people speak for.
    pub(super) fn leading_party(&self) -> Option<String> {
        let in_bodies = self.leading_in_bodies();
        if let Some(lead) = in_bodies.filter(|name| self.legend.party(name).kind == PartyKind::Party) {
            return Some(lead);
        }
        let support = self.by_class.as_ref()?;
        let last = |p: usize| support.bands(Voice::Public, None, p).last().map_or(f64::NAN, |b| b.q[2]);
        let parties = (0..support.parties.len())
            .filter(|&p| self.legend.party(&support.parties[p]).kind == PartyKind::Party);
        let best = parties.max_by(|&a, &b| last(a).total_cmp(&last(b)))?;
        Some(support.parties[best].clone())
    }

    /// The party or bloc that holds most seats at the end, each level of bodies counting the same.
    pub(super) fn leading_in_bodies(&self) -> Option<String> {
        self.leading_in_bodies.get_or_init(|| self.find_leading_in_bodies()).clone()
    }

    fn find_leading_in_bodies(&self) -> Option<String> {
        let seats = self.seats.as_ref()?;
        let ends: Vec<Vec<Option<f64>>> =
            seats.levels.iter().map(|level| seats.last_shares(&seats.of_level(level))).collect();
        let last = |p: usize| -> f64 { ends.iter().filter_map(|shares| shares[p]).sum() };
        let parties = (0..seats.parties.len()).filter(|&p| {
            matches!(self.legend.party(&seats.parties[p]).kind, PartyKind::Party | PartyKind::Bloc)
        });
        let best = parties.max_by(|&a, &b| last(a).total_cmp(&last(b)))?;
        Some(seats.parties[best].clone())
    }
}

/// How uncertainty over `replicates` is drawn, in words that end a subtitle.
pub(super) fn bands_in_words(replicates: usize) -> String {
    if replicates > 1 {
        format!(" Lines are medians of {replicates} replicates, bands hold 50\u{a0}% and 90\u{a0}% of them.")
    } else {
        String::new()
    }
}
