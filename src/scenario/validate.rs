//! Raw to valid: references become indices, dates become days, and what only shows across fields is reported.
//!
//! The schema check has gone before: types, ranges and references are in order. What is left is gathered here, all of
//! it, before giving up.

use std::sync::Arc;

use super::date::Date;
use super::raw::{RawActs, RawChannels, RawClass, RawScenario, RawSpread};
use super::record::Record;
use super::valid::{Counterfactual, Scenario};
use crate::model::agents::{MAX_PARTIES, OPTIONS};
use crate::model::groups::MAX_TOPICS;
use crate::model::params::Params;
use crate::model::rules::{Acts, Bloc, Class, Link, Party, Place, Region, Rules, Spread, Stratum};
use crate::observers::{Legend, LegendEntry, Names};
use crate::population::{ClassSizes, NamedEnterprise, PopulationSpec};

/// The longest run, in days.
const MAX_DAYS: i64 = 3660;

/// A step on the way to a value in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A key of a table.
    Key(&'static str),
    /// An item of an array.
    Item(usize),
}

/// Something wrong that only shows across fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// Where.
    pub(super) path: Vec<Step>,
    /// What.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<String>,
}

/// Steps to a value in the file.
macro_rules! steps {
    ($($step:expr),*) => { vec![$(crate::scenario::validate::Step::from($step)),*] };
}

pub(super) use steps;

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// Makes the scenario, or says everything that stands in the way. `resolved` is the text it was read from, in full.
pub(super) fn assemble(raw: &RawScenario, resolved: String) -> Result<Scenario, Vec<Problem>> {
    let mut assembly = Assembly::new(raw);
    let scenario = assembly.scenario(resolved);
    match scenario {
        Some(scenario) if assembly.problems.is_empty() => Ok(scenario),
        _ => Err(assembly.problems),
    }
}

/// A scenario being put together, and what stands in its way.
pub(super) struct Assembly<'a> {
    pub(super) raw: &'a RawScenario,
    pub(super) parties: Vec<&'a str>,
    pub(super) issues: Vec<&'a str>,
    pub(super) topics: Vec<&'a str>,
    communities: Vec<&'a str>,
    pub(super) classes: Vec<&'a str>,
    pub(super) places: Vec<&'a str>,
    pub(super) bodies: Vec<&'a str>,
    pub(super) events: Vec<&'a str>,
    pub(super) resolutions: Vec<&'a str>,
    /// Region of each place by index.
    pub(super) regions: Vec<usize>,
    start: Option<Date>,
    problems: Vec<Problem>,
}

impl<'a> Assembly<'a> {
    fn new(raw: &'a RawScenario) -> Self {
        Self {
            raw,
            parties: raw.party.iter().map(|p| p.name.as_str()).collect(),
            issues: raw.issue.iter().map(|i| i.name.as_str()).collect(),
            topics: raw.topic.iter().map(|t| t.name.as_str()).collect(),
            communities: raw.community.iter().map(|c| c.name.as_str()).collect(),
            classes: raw.class.iter().map(|c| c.name.as_str()).collect(),
            places: raw.place.iter().map(|p| p.name.as_str()).collect(),
            bodies: raw.body.iter().map(|b| b.name.as_str()).collect(),
            events: raw.event.iter().map(|e| e.name.as_str()).collect(),
            resolutions: raw.resolution.iter().map(|r| r.name.as_str()).collect(),
            regions: regions(raw).1,
            start: Date::parse(&raw.time.start, raw.time.calendar),
            problems: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, path: Vec<Step>, message: String, help: Option<String>) {
        self.problems.push(Problem { path, message, help });
    }

    fn scenario(&mut self, resolved: String) -> Option<Scenario> {
        let raw = self.raw;
        self.limits();
        let days = self.days();
        let (strata, people) = self.strata();
        let agents = self.agents(&people);
        let enterprises = self.enterprises(&strata, &people);
        let series = self.series();
        let events = self.events();
        let bodies = self.bodies();
        let resolutions = self.resolutions();
        let ballots = self.ballots();
        let marches = self.marches();
        let leaderships = self.leaderships();
        let blocs = self.blocs();
        let links = self.links();
        let classes: Vec<Class> = raw.class.iter().map(|class| self.class(class)).collect();
        for (index, class) in raw.class.iter().enumerate() {
            let RawChannels { collective, enterprise, place, press, agitators } = class.contacts;
            if collective + enterprise + place + press + agitators <= 0.0 {
                self.problem(
                    steps!["class", index, "contacts"],
                    format!("the `{}` class hears nobody: all weights are 0", class.name),
                    Some("give at least one channel a weight above 0".to_owned()),
                );
            }
        }

        if !self.problems.is_empty() {
            return None;
        }
        let (start, days, agents) = (self.start?, days?, agents?);
        let population = PopulationSpec {
            agents,
            min_enterprise_agents: raw.population.min_enterprise_agents,
            people,
            sizes: raw.class.iter().map(class_sizes).collect(),
            enterprises,
            network: self.network(),
        };
        let rules = Rules {
            parties: raw
                .party
                .iter()
                .map(|p| Party {
                    name: p.name.clone(),
                    position: p.position,
                    distance_weight: p.distance_weight,
                    programme: by_name(&self.issues, &p.programme),
                    responsibility: p.responsibility,
                    credibility: p.credibility,
                    press: p.press,
                    organisation: p.organisation,
                    member_share: p.member_share,
                    label_distance: p.label_distance,
                    community: p.community.as_deref().and_then(|c| position(&self.communities, c)),
                })
                .collect(),
            blocs,
            issues: raw.issue.len(),
            classes,
            places: raw
                .place
                .iter()
                .zip(&self.regions)
                .map(|(p, &region)| Place {
                    name: p.name.clone(),
                    region,
                    organisation: by_name(&self.parties, &p.organisation),
                })
                .collect(),
            regions: regions(raw).0,
            strata,
            links,
            news: self.news(),
            topics: raw.topic.len(),
            voices_heard: raw.contacts.voices,
            series,
            events,
            bodies,
            resolutions,
            ballots,
            marches,
            leaderships,
            people_per_agent: population.people_per_agent(),
            params: Params {
                attitude: raw.attitude,
                choice: raw.choice,
                credibility: raw.credibility,
                voice: raw.voice,
                action: raw.action,
                hope: raw.hope,
                bodies: raw.bodies,
                power: raw.power,
            },
            mechanisms: raw.mechanisms,
        };
        Some(Scenario {
            name: raw.meta.name.clone(),
            title: raw.meta.title.clone(),
            description: raw.meta.description.trim().to_owned(),
            bibliography: raw.meta.sources.clone(),
            seed: raw.run.seed,
            replicates: raw.run.replicates,
            sample_agents: raw.run.sample_agents,
            calendar: raw.time.calendar,
            start,
            days,
            rules: Arc::new(rules),
            population,
            names: Arc::new(self.names(start, days)),
            legend: self.legend(),
            resolved,
            roles: raw.facts.clone(),
            record: {
                let named: Vec<(String, Vec<usize>)> =
                    regions(raw).0.into_iter().map(|r| (r.name, r.places)).collect();
                Record::new(raw, &named, |date| self.day(date))
            },
            counterfactuals: raw
                .counterfactual
                .iter()
                .map(|c| Counterfactual {
                    name: c.name.clone(),
                    label: if c.label.is_empty() { c.name.clone() } else { c.label.clone() },
                    set: c.set.clone(),
                })
                .collect(),
            turns: Vec::new(),
            forks: Vec::new(),
        })
    }

    fn limits(&mut self) {
        if self.parties.len() > MAX_PARTIES {
            let message = format!("{} parties, at most {MAX_PARTIES} are possible", self.parties.len());
            self.problem(steps!["party", MAX_PARTIES], message, None);
        }
        if self.topics.len() > MAX_TOPICS {
            let message = format!("{} topics, at most {MAX_TOPICS} are possible", self.topics.len());
            self.problem(steps!["topic", MAX_TOPICS], message, None);
        }
        if self.raw.class.iter().any(|c| c.mixing.is_empty()) {
            for (index, class) in self.raw.class.iter().enumerate() {
                if class.mixing.is_empty() && class.contacts.place > 0.0 {
                    self.problem(
                        steps!["class", index],
                        format!(
                            "`{}` hears voices in the streets, but `mixing` does not say whose",
                            class.name
                        ),
                        Some(format!(
                            "add `mixing = {{ {} = 1.0 }}`, with a weight for each class heard",
                            class.name
                        )),
                    );
                }
            }
        }
    }

    fn days(&mut self) -> Option<u32> {
        let end = Date::parse(&self.raw.time.end, self.raw.time.calendar);
        let (start, end) = (self.start?, end?);
        let days = end.days_since(start) + 1;
        if days < 1 {
            self.problem(
                steps!["time", "end"],
                format!("the run ends on {} before it starts on {}", self.raw.time.end, self.raw.time.start),
                Some("`end` is the last day of the run".to_owned()),
            );
            None
        } else if days > MAX_DAYS {
            self.problem(
                steps!["time", "end"],
                format!("the run would take {days} days, at most {MAX_DAYS} are possible"),
                None,
            );
            None
        } else {
            Some(days as u32)
        }
    }

    /// Day of the run on which a date falls; may be negative.
    pub(super) fn day(&self, text: &str) -> Option<i64> {
        Some(Date::parse(text, self.raw.time.calendar)?.days_since(self.start?))
    }

    fn strata(&mut self) -> (Vec<Stratum>, Vec<f64>) {
        let mut strata = Vec::new();
        let mut people = Vec::new();
        for (place, spec) in self.raw.place.iter().enumerate() {
            for (class, name) in self.classes.iter().enumerate() {
                let Some(&count) = spec.people.get(*name) else { continue };
                if count <= 0.0 {
                    continue;
                }
                let effect = |of: fn(&super::raw::RawTraitEffect) -> f32| -> f32 {
                    self.raw.class[class]
                        .trait_effects
                        .iter()
                        .map(|(t, e)| of(e) * spec.traits.get(t).copied().unwrap_or(0.0))
                        .sum()
                };
                let stratum = Stratum {
                    place,
                    class,
                    community: None,
                    position_shift: effect(|e| e.position),
                    trust_shift: effect(|e| e.trust),
                    attention_shift: effect(|e| e.attention),
                    desertion_shift: effect(|e| e.desertion),
                };
                for (community, share) in self.shares_of(place) {
                    if share > 0.0 {
                        strata.push(Stratum { community, ..stratum });
                        people.push(count * share);
                    }
                }
            }
        }
        for (index, place) in self.raw.place.iter().enumerate() {
            let total: f64 = place.communities.values().sum();
            if total > 1.0 + 1e-9 {
                self.problem(
                    steps!["place", index, "communities"],
                    format!("the communities of `{}` have {total} of its people", place.name),
                    Some("shares of one place add up to at most 1".to_owned()),
                );
            }
        }
        if strata.is_empty() {
            self.problem(steps!["place"], "nobody lives anywhere: all `people` are 0".to_owned(), None);
        }
        (strata, people)
    }

    /// Shares of a place's people outside of all communities, and in each of them.
    fn shares_of(&self, place: usize) -> Vec<(Option<usize>, f64)> {
        let given = &self.raw.place[place].communities;
        let share = |name: &&str| given.get(*name).copied().unwrap_or(0.0);
        let mut shares = vec![(None, (1.0 - given.values().sum::<f64>()).max(0.0))];
        shares.extend(self.communities.iter().map(share).enumerate().map(|(c, s)| (Some(c), s)));
        shares
    }

    /// How much of something scaled `by` a trait each place has: nothing where `places` does not name it.
    pub(super) fn scaled(&self, places: &[String], by: Option<&str>) -> Vec<f32> {
        let factor = |place: usize| match by {
            Some(of) => self.raw.place[place].traits.get(of).copied().unwrap_or(0.0),
            None => 1.0,
        };
        let named = mask(&self.places, places);
        named.iter().enumerate().map(|(p, &named)| if named { factor(p) } else { 0.0 }).collect()
    }

    fn agents(&mut self, people: &[f64]) -> Option<u64> {
        let total: f64 = people.iter().sum();
        let agents = self.raw.population.agents.unwrap_or(total.round() as u64);
        if agents == 0 {
            self.problem(
                steps!["population", "agents"],
                "there are 0 agents".to_owned(),
                Some("leave `agents` out for one agent a person".to_owned()),
            );
            return None;
        }
        Some(agents)
    }

    fn enterprises(&mut self, strata: &[Stratum], people: &[f64]) -> Vec<NamedEnterprise> {
        let raw = self.raw;
        let mut used = vec![0.0; strata.len()];
        let mut enterprises = Vec::new();
        for (index, spec) in raw.enterprise.iter().enumerate() {
            let (Some(place), Some(class)) =
                (position(&self.places, &spec.place), position(&self.classes, &spec.class))
            else {
                continue;
            };
            // A named enterprise is of one community: the one that has most room left for it.
            let here = |s: &usize| strata[*s].place == place && strata[*s].class == class;
            let room = |s: usize| people[s] - used[s];
            let strata_here = || (0..strata.len()).filter(here);
            let Some(stratum) = strata_here().max_by(|&a, &b| room(a).total_cmp(&room(b)).then(b.cmp(&a)))
            else {
                self.problem(
                    steps!["enterprise", index, "class"],
                    format!(
                        "`{}` has people of `{}`, but nobody of that class lives there",
                        spec.name, spec.class
                    ),
                    Some(format!("give `{}` a number in `people` of the place `{}`", spec.class, spec.place)),
                );
                continue;
            };
            used[stratum] += spec.people;
            let (taken, there): (f64, f64) =
                strata_here().fold((0.0, 0.0), |(t, p), s| (t + used[s], p + people[s]));
            if taken > there * (1.0 + 1e-9) {
                self.problem(
                    steps!["enterprise", index, "people"],
                    format!(
                        "with `{}` the enterprises of `{}` in `{}` have {taken} people, but only {there} live there",
                        spec.name, spec.class, spec.place
                    ),
                    None,
                );
            }
            let traits = &raw.place[place].traits;
            let position_shift = raw.class[class]
                .trait_effects
                .iter()
                .map(|(t, e)| {
                    e.position * spec.traits.get(t).or_else(|| traits.get(t)).copied().unwrap_or(0.0)
                })
                .sum();
            enterprises.push(NamedEnterprise {
                name: spec.name.clone(),
                stratum,
                people: spec.people,
                position_shift,
            });
        }
        enterprises
    }

    fn class(&self, raw: &RawClass) -> Class {
        let mut base = [0.0; OPTIONS];
        for (option, slot) in self.parties.iter().copied().chain(["none"]).zip(&mut base) {
            *slot = raw.base.get(option).copied().unwrap_or(0.0);
        }
        Class {
            name: raw.name.clone(),
            position: spread(raw.position),
            trust: spread(raw.trust),
            conviction: spread(raw.conviction),
            threshold: spread(raw.threshold),
            experience: spread(raw.experience),
            salience: by_name(&self.issues, &raw.salience),
            pull: by_name(&self.issues, &raw.pull),
            base,
            attention: raw.attention,
            collective_weight: raw.contacts.collective,
            enterprise_weight: raw.contacts.enterprise,
            place_weight: raw.contacts.place,
            press_weight: raw.contacts.press,
            agitator_weight: raw.contacts.agitators,
            mixing: by_name(&self.classes, &raw.mixing),
            acts: match raw.acts {
                RawActs::Strike => Acts::Strike,
                RawActs::Refuse => Acts::Refuse,
                RawActs::Seize => Acts::Seize,
                RawActs::None => Acts::Neither,
            },
            acts_over: raw.acts_over.iter().filter_map(|n| position(&self.issues, n)).collect(),
            act_bias: raw.act_bias,
            acts_on: raw.acts_on.as_deref().and_then(|n| position(&self.issues, n)),
            alarmed_on: raw.alarmed_on.as_deref().and_then(|n| position(&self.issues, n)),
            desertion: raw.desertion,
            turnout: raw.turnout,
            collective_people: raw.collective_people.mean,
            armed: raw.armed,
            productive: raw.productive,
            land_tie: raw.land_tie,
            literate: raw.literate,
            believer: raw.believer,
        }
    }

    fn links(&self) -> Vec<Link> {
        self.raw
            .link
            .iter()
            .map(|link| Link {
                from_places: mask(&self.places, &link.from_places),
                from_classes: mask(&self.classes, &link.from_classes),
                to_places: self.scaled(&link.to_places, link.by.as_deref()),
                to_classes: mask(&self.classes, &link.to_classes),
                within_region: link.within_region,
                weight: link.weight,
                deserters: link.deserters,
                issue: link.issue.as_deref().and_then(|n| position(&self.issues, n)),
                stir: link.stir,
            })
            .collect()
    }

    /// How well news carries between places: the best of all that carry it.
    fn news(&self) -> Vec<f32> {
        let places = self.places.len();
        let mut weights = vec![0.0_f32; places * places];
        for news in &self.raw.news {
            let from = mask(&self.places, &news.from_places);
            let to = self.scaled(&news.to_places, news.by.as_deref());
            for a in (0..places).filter(|&a| from[a]) {
                for (b, scale) in to.iter().enumerate() {
                    if !news.within_region || self.regions[a] == self.regions[b] {
                        let best = &mut weights[a * places + b];
                        *best = best.max(news.weight * scale);
                    }
                }
            }
        }
        weights
    }

    fn blocs(&self) -> Vec<Bloc> {
        self.raw
            .bloc
            .iter()
            .map(|bloc| Bloc { name: bloc.name.clone(), parties: self.party_list(&bloc.parties) })
            .collect()
    }

    pub(super) fn party_list(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|n| position(&self.parties, n)).collect()
    }

    fn names(&self, start: Date, days: u32) -> Names {
        let own = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let mut options = own(&self.parties);
        options.extend(["none".to_owned(), "silent".to_owned()]);
        let dates = |calendar| {
            (0..i64::from(days)).map(|d| start.plus_days(d).in_calendar(calendar).to_string()).collect()
        };
        Names {
            places: own(&self.places),
            classes: own(&self.classes),
            options,
            blocs: self.raw.bloc.iter().map(|b| b.name.clone()).collect(),
            bodies: own(&self.bodies),
            enterprises: self.raw.enterprise.iter().map(|e| e.name.clone()).collect(),
            resolutions: self.raw.resolution.iter().map(|r| r.name.clone()).collect(),
            issues: own(&self.issues),
            regions: regions(self.raw).0.into_iter().map(|r| r.name).collect(),
            ballots: self.raw.ballot.iter().map(|b| b.name.clone()).collect(),
            marches: self.raw.march.iter().map(|m| m.name.clone()).collect(),
            leaderships: self.raw.leadership.iter().map(|l| l.name.clone()).collect(),
            dates_os: dates(self.raw.time.calendar),
            dates_ns: dates(super::date::Calendar::Gregorian),
        }
    }

    fn legend(&self) -> Legend {
        let raw = self.raw;
        let mut parties: Vec<LegendEntry> = raw
            .party
            .iter()
            .map(|p| LegendEntry {
                name: p.name.clone(),
                kind: "party",
                label: p.label.clone(),
                short: if p.short.is_empty() { p.label.clone() } else { p.short.clone() },
                color: p.color.clone(),
                position: f64::from(p.position),
                members: Vec::new(),
            })
            .collect();
        for bloc in &raw.bloc {
            let members = self.party_list(&bloc.parties);
            let mean = members.iter().map(|&p| f64::from(raw.party[p].position)).sum::<f64>()
                / members.len().max(1) as f64;
            parties.push(LegendEntry {
                name: bloc.name.clone(),
                kind: "bloc",
                label: bloc.label.clone(),
                short: if bloc.short.is_empty() { bloc.label.clone() } else { bloc.short.clone() },
                color: members.first().map_or_else(|| "#555555".to_owned(), |&p| raw.party[p].color.clone()),
                position: mean,
                members: bloc.parties.clone(),
            });
        }
        for (kind, label, color) in [("none", "No party", "#8c8c8c"), ("silent", "Silent", "#c8c8c8")] {
            parties.push(LegendEntry {
                name: kind.to_owned(),
                kind,
                label: label.to_owned(),
                short: label.to_owned(),
                color: color.to_owned(),
                position: 0.0,
                members: Vec::new(),
            });
        }
        let mut names = Vec::new();
        names.extend(raw.place.iter().map(|p| ("place", p.name.clone(), p.label.clone())));
        names.extend(raw.class.iter().map(|c| ("class", c.name.clone(), c.label.clone())));
        names.extend(raw.body.iter().map(|b| {
            ("body", b.name.clone(), if b.label.is_empty() { b.name.clone() } else { b.label.clone() })
        }));
        Legend { parties, names }
    }
}

/// Regions in the order in which places name them, and the region of each place; a place that names none is its own.
fn regions(raw: &RawScenario) -> (Vec<Region>, Vec<usize>) {
    let mut regions: Vec<Region> = Vec::new();
    let mut of_place = Vec::new();
    for (index, place) in raw.place.iter().enumerate() {
        let name = if place.region.is_empty() { &place.name } else { &place.region };
        let region = regions.iter().position(|r| &r.name == name).unwrap_or_else(|| {
            regions.push(Region { name: name.clone(), places: Vec::new() });
            regions.len() - 1
        });
        regions[region].places.push(index);
        of_place.push(region);
    }
    (regions, of_place)
}

pub(super) fn position(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|n| *n == name)
}

/// Values by index; 0 where the file is silent.
pub(super) fn by_name(names: &[&str], values: &std::collections::BTreeMap<String, f32>) -> Vec<f32> {
    names.iter().map(|n| values.get(*n).copied().unwrap_or(0.0)).collect()
}

/// One truth a name; all of them where the selector is empty or has a `*`.
pub(super) fn mask(names: &[&str], selector: &[String]) -> Vec<bool> {
    let all = selector.is_empty() || selector.iter().any(|s| s == "*");
    names.iter().map(|n| all || selector.iter().any(|s| s == n)).collect()
}

fn spread(raw: RawSpread) -> Spread {
    Spread { mean: raw.mean, sd: raw.sd }
}

fn class_sizes(raw: &RawClass) -> ClassSizes {
    ClassSizes {
        collective_mean: raw.collective_people.mean,
        collective_sd: raw.collective_people.sd,
        enterprise_median: raw.enterprise_people.median,
        enterprise_sigma: raw.enterprise_people.sigma,
        enterprise_max: raw.enterprise_people.max,
        between_enterprises: raw.between.enterprises,
        between_collectives: raw.between.collectives,
    }
}
