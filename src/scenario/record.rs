//! What the record calls things: its names of places, parties, bodies, votes and series, resolved to the scenario's.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::Target;
use super::raw::{RawCounts, RawScenario};
use super::validate::{mask, position};

/// A name of the record and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alias<T> {
    /// The name, in lower case.
    pub(super) name: String,
    /// What it stands for.
    pub(super) means: T,
}

/// A body as the record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordedBody {
    /// Body by index.
    pub(super) body: usize,
    /// Its place, where there is one in each place.
    pub(super) place: Option<usize>,
    /// The part that is meant, whatever the record says of it.
    pub(super) section: Option<String>,
}

/// Who is counted in a series, and whether a month is counted as a part of all months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordedSeries {
    /// By class.
    pub(super) classes: Vec<bool>,
    /// Whether the figure is a part of all months, in percent.
    pub(super) as_share: bool,
}

/// A majority whose date the record has.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedMajority {
    /// What readers call it.
    pub name: String,
    /// Body by index.
    pub body: usize,
    /// Bloc by index.
    pub bloc: usize,
    /// Day of the run.
    pub day: i64,
    /// Date in the calendar of the scenario.
    pub date: String,
    /// How far from it the model may be, in days.
    pub days: f64,
}

/// All that the record calls by names of its own, and what is known of the model's distance from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub(super) places: Vec<Alias<Vec<bool>>>,
    /// Districts: regions by name.
    pub(super) regions: Vec<Alias<Vec<bool>>>,
    pub(super) parties: Vec<Alias<Vec<usize>>>,
    pub(super) bodies: Vec<Alias<RecordedBody>>,
    /// Words in the description of a vote; the resolution by index, and whether yes is its no.
    pub(super) votes: Vec<Alias<(usize, bool)>>,
    pub(super) series: Vec<Alias<RecordedSeries>>,
    /// Day of the ballot of the whole country.
    pub(super) assembly: Option<u32>,
    pub(super) armed: Vec<bool>,
    /// Longitude and latitude of each place in degrees, where the scenario gives them.
    pub(super) locations: Vec<Option<(f64, f64)>>,
    /// Majorities with their dates.
    pub majorities: Vec<RecordedMajority>,
    /// Keys of rows that served to fit parameters.
    pub fitted: BTreeSet<String>,
    /// Keys of rows that are not used, with the reason.
    pub set_aside: BTreeMap<String, String>,
    /// Files of evidence that the scenario is held against, where none are named.
    pub files: Vec<String>,
    /// Standard deviation of the model's own error, in arcsin of the root of a share.
    pub share_discrepancy: f64,
    /// Standard deviation of the model's own error, in the logarithm of a count.
    pub count_discrepancy: f64,
}

impl Record {
    /// Mean longitude and latitude of the places of a ballot, in degrees; `None` if they are not known.
    #[must_use]
    pub fn location(&self, target: &Target) -> Option<(f64, f64)> {
        let Target::Votes { places, .. } = target else { return None };
        let known: Vec<(f64, f64)> =
            places.iter().zip(&self.locations).filter(|(is, _)| **is).filter_map(|(_, at)| *at).collect();
        let mean = |part: fn(&(f64, f64)) -> f64| known.iter().map(part).sum::<f64>() / known.len() as f64;
        (!known.is_empty()).then(|| (mean(|at| at.0), mean(|at| at.1)))
    }

    /// Resolves what the file says; `day` gives the day of a date, `regions` the region of each place.
    pub(super) fn new(
        raw: &RawScenario,
        regions: &[(String, Vec<usize>)],
        day: impl Fn(&str) -> Option<i64>,
    ) -> Self {
        let names = |of: Vec<&str>| of.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let places = names(raw.place.iter().map(|p| p.name.as_str()).collect());
        let place_names: Vec<&str> = places.iter().map(String::as_str).collect();
        let classes: Vec<&str> = raw.class.iter().map(|c| c.name.as_str()).collect();
        let bodies: Vec<&str> = raw.body.iter().map(|b| b.name.as_str()).collect();
        let mut known: Vec<Alias<Vec<bool>>> = raw
            .recorded_place
            .iter()
            .map(|p| Alias { name: p.name.to_lowercase(), means: mask(&place_names, &p.places) })
            .collect();
        // Towns and the like go by their own names; a region of the same name is a district.
        let labels = raw.place.iter().map(|p| &p.label).enumerate();
        for (index, name) in labels.chain(raw.place.iter().map(|p| &p.name).enumerate()) {
            let name = name.to_lowercase();
            if !known.iter().any(|k| k.name == name) {
                let means = (0..raw.place.len()).map(|p| p == index).collect();
                known.push(Alias { name, means });
            }
        }
        let mut parties: Vec<Alias<Vec<usize>>> = raw
            .recorded_party
            .iter()
            .map(|p| Alias {
                name: p.name.to_lowercase(),
                means: p
                    .parties
                    .iter()
                    .filter_map(|n| raw.party.iter().position(|party| &party.name == n))
                    .collect(),
            })
            .collect();
        for (index, party) in raw.party.iter().enumerate() {
            if !parties.iter().any(|k| k.name == party.name) {
                parties.push(Alias { name: party.name.clone(), means: vec![index] });
            }
        }
        let assembly = raw.facts.assembly_ballot.as_deref();
        let assembly = raw.ballot.iter().find(|b| Some(b.name.as_str()) == assembly);
        Self {
            places: known,
            regions: regions
                .iter()
                .map(|(name, of)| Alias {
                    name: name.to_lowercase(),
                    means: (0..places.len()).map(|p| of.contains(&p)).collect(),
                })
                .collect(),
            parties,
            bodies: raw
                .recorded_body
                .iter()
                .filter_map(|b| {
                    let body = position(&bodies, &b.body)?;
                    let place = b.place.as_deref().and_then(|p| position(&place_names, p));
                    let means = RecordedBody { body, place, section: b.section.clone() };
                    Some(Alias { name: b.name.to_lowercase(), means })
                })
                .collect(),
            votes: raw
                .recorded_vote
                .iter()
                .filter_map(|v| {
                    let means = raw.resolution.iter().position(|r| r.name == v.resolution)?;
                    Some(Alias { name: v.name.to_lowercase(), means: (means, v.reversed) })
                })
                .collect(),
            series: raw
                .recorded_series
                .iter()
                .map(|s| Alias {
                    name: s.name.to_lowercase(),
                    means: RecordedSeries {
                        classes: mask(&classes, &s.classes),
                        as_share: matches!(s.counts, RawCounts::ShareActing),
                    },
                })
                .collect(),
            assembly: assembly.and_then(|b| day(&b.date)).and_then(|d| u32::try_from(d).ok()),
            armed: raw.class.iter().map(|c| c.armed).collect(),
            locations: raw.place.iter().map(|p| p.longitude.zip(p.latitude)).collect(),
            majorities: raw
                .recorded_majority
                .iter()
                .filter_map(|m| {
                    Some(RecordedMajority {
                        name: m.name.clone(),
                        body: position(&bodies, &m.body)?,
                        bloc: raw.bloc.iter().position(|b| b.name == m.bloc)?,
                        day: day(&m.date)?,
                        date: m.date.clone(),
                        days: m.days,
                    })
                })
                .collect(),
            fitted: raw.fitted.iter().map(|f| f.name.clone()).collect(),
            set_aside: raw.set_aside.iter().map(|s| (s.name.clone(), s.reason.clone())).collect(),
            files: raw.evidence.files.clone(),
            share_discrepancy: raw.evidence.share_discrepancy,
            count_discrepancy: raw.evidence.count_discrepancy,
        }
    }
}
