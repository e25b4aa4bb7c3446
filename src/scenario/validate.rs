//! Raw to valid: references become indices, dates become days, and what only shows across fields is reported.
//!
//! The schema check has gone before: types, ranges and references are in order. What is left is gathered here, all of
//! it, before giving up.

use std::sync::Arc;

use super::date::Date;
use super::raw::{
    RawActs, RawChannels, RawClass, RawCondition, RawEffect, RawEvent, RawRule, RawScenario, RawScope,
    RawSection, RawSpread, RawUnit,
};
use super::valid::Scenario;
use crate::model::agents::{MAX_PARTIES, OPTIONS};
use crate::model::events::{Condition, EffectKind, EffectSpec, EventSpec, SeriesSpec, Trigger};
use crate::model::groups::MAX_TOPICS;
use crate::model::institutions::{Apportionment, BodySpec, ResolutionSpec, Rule, Scope, SectionSpec, Unit};
use crate::model::params::Params;
use crate::model::rules::{Acts, Bloc, Class, Link, Party, Place, Rules, Spread, Stratum};
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

macro_rules! path {
    ($($step:expr),*) => { vec![$(Step::from($step)),*] };
}

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

struct Assembly<'a> {
    raw: &'a RawScenario,
    parties: Vec<&'a str>,
    issues: Vec<&'a str>,
    topics: Vec<&'a str>,
    classes: Vec<&'a str>,
    places: Vec<&'a str>,
    bodies: Vec<&'a str>,
    events: Vec<&'a str>,
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
            classes: raw.class.iter().map(|c| c.name.as_str()).collect(),
            places: raw.place.iter().map(|p| p.name.as_str()).collect(),
            bodies: raw.body.iter().map(|b| b.name.as_str()).collect(),
            events: raw.event.iter().map(|e| e.name.as_str()).collect(),
            start: Date::parse(&raw.time.start, raw.time.calendar),
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, path: Vec<Step>, message: String, help: Option<String>) {
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
        let blocs = self.blocs();
        let links = self.links();
        let classes: Vec<Class> = raw.class.iter().map(|class| self.class(class)).collect();
        for (index, class) in raw.class.iter().enumerate() {
            let RawChannels { collective, enterprise, place, press, agitators } = class.contacts;
            if collective + enterprise + place + press + agitators <= 0.0 {
                self.problem(
                    path!["class", index, "contacts"],
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
                })
                .collect(),
            blocs,
            issues: raw.issue.len(),
            classes,
            places: raw.place.iter().map(|p| Place { name: p.name.clone() }).collect(),
            strata,
            links,
            topics: raw.topic.len(),
            voices_heard: raw.contacts.voices,
            series,
            events,
            bodies,
            resolutions,
            people_per_agent: population.people_per_agent(),
            params: Params {
                attitude: raw.attitude,
                choice: raw.choice,
                credibility: raw.credibility,
                voice: raw.voice,
                action: raw.action,
                power: raw.power,
            },
        };
        Some(Scenario {
            name: raw.meta.name.clone(),
            title: raw.meta.title.clone(),
            description: raw.meta.description.trim().to_owned(),
            seed: raw.run.seed,
            replicates: raw.run.replicates,
            calendar: raw.time.calendar,
            start,
            days,
            rules: Arc::new(rules),
            population,
            names: Arc::new(self.names(start, days)),
            legend: self.legend(),
            resolved,
        })
    }

    fn limits(&mut self) {
        if self.parties.len() > MAX_PARTIES {
            let message = format!("{} parties, at most {MAX_PARTIES} are possible", self.parties.len());
            self.problem(path!["party", MAX_PARTIES], message, None);
        }
        if self.topics.len() > MAX_TOPICS {
            let message = format!("{} topics, at most {MAX_TOPICS} are possible", self.topics.len());
            self.problem(path!["topic", MAX_TOPICS], message, None);
        }
        if self.raw.class.iter().any(|c| c.mixing.is_empty()) {
            for (index, class) in self.raw.class.iter().enumerate() {
                if class.mixing.is_empty() && class.contacts.place > 0.0 {
                    self.problem(
                        path!["class", index],
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
                path!["time", "end"],
                format!("the run ends on {} before it starts on {}", self.raw.time.end, self.raw.time.start),
                Some("`end` is the last day of the run".to_owned()),
            );
            None
        } else if days > MAX_DAYS {
            self.problem(
                path!["time", "end"],
                format!("the run would take {days} days, at most {MAX_DAYS} are possible"),
                None,
            );
            None
        } else {
            Some(days as u32)
        }
    }

    /// Day of the run on which a date falls; may be negative.
    fn day(&self, text: &str) -> Option<i64> {
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
                strata.push(Stratum {
                    place,
                    class,
                    position_shift: effect(|e| e.position),
                    trust_shift: effect(|e| e.trust),
                    attention_shift: effect(|e| e.attention),
                });
                people.push(count);
            }
        }
        if strata.is_empty() {
            self.problem(path!["place"], "nobody lives anywhere: all `people` are 0".to_owned(), None);
        }
        (strata, people)
    }

    fn agents(&mut self, people: &[f64]) -> Option<u64> {
        let total: f64 = people.iter().sum();
        let agents = self.raw.population.agents.unwrap_or(total.round() as u64);
        if agents == 0 {
            self.problem(
                path!["population", "agents"],
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
            let Some(stratum) = strata.iter().position(|s| s.place == place && s.class == class) else {
                self.problem(
                    path!["enterprise", index, "class"],
                    format!(
                        "`{}` has people of `{}`, but nobody of that class lives there",
                        spec.name, spec.class
                    ),
                    Some(format!("give `{}` a number in `people` of the place `{}`", spec.class, spec.place)),
                );
                continue;
            };
            used[stratum] += spec.people;
            if used[stratum] > people[stratum] * (1.0 + 1e-9) {
                self.problem(
                    path!["enterprise", index, "people"],
                    format!(
                        "with `{}` the enterprises of `{}` in `{}` have {} people, but only {} live there",
                        spec.name, spec.class, spec.place, used[stratum], people[stratum]
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
                RawActs::None => Acts::Neither,
            },
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
                to_places: mask(&self.places, &link.to_places),
                to_classes: mask(&self.classes, &link.to_classes),
                weight: link.weight,
            })
            .collect()
    }

    fn blocs(&self) -> Vec<Bloc> {
        self.raw
            .bloc
            .iter()
            .map(|bloc| Bloc { name: bloc.name.clone(), parties: self.party_list(&bloc.parties) })
            .collect()
    }

    fn party_list(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|n| position(&self.parties, n)).collect()
    }

    fn series(&mut self) -> Vec<SeriesSpec> {
        let raw = self.raw;
        let mut all = Vec::new();
        for (index, series) in raw.series.iter().enumerate() {
            let mut points: Vec<(i32, f32)> = Vec::new();
            for (p, (date, level)) in series.points.iter().enumerate() {
                let Some(day) = self.day(date) else { continue };
                if points.last().is_some_and(|&(before, _)| i64::from(before) >= day) {
                    self.problem(
                        path!["series", index, "points", p],
                        format!(
                            "the points of `{}` do not rise: {date} follows a later or equal date",
                            series.name
                        ),
                        None,
                    );
                }
                points.push((day as i32, *level));
            }
            if points.is_empty() {
                self.problem(
                    path!["series", index, "points"],
                    format!("`{}` has no points", series.name),
                    None,
                );
            }
            all.push(SeriesSpec {
                name: series.name.clone(),
                issue: position(&self.issues, &series.issue).unwrap_or(0),
                places: mask(&self.places, &series.places),
                classes: mask(&self.classes, &series.classes),
                points,
            });
        }
        all
    }

    fn events(&mut self) -> Vec<EventSpec> {
        let raw = self.raw;
        raw.event.iter().enumerate().map(|(index, event)| self.event(index, event)).collect()
    }

    fn event(&mut self, index: usize, event: &RawEvent) -> EventSpec {
        let trigger = match &event.date {
            _ if !event.enabled => Trigger::Dated(u32::MAX),
            Some(date) => {
                if !event.when.is_empty() {
                    self.problem(
                        path!["event", index, "when"],
                        format!("`{}` has both a date and conditions", event.name),
                        Some(
                            "keep one of `date` and `when`; a condition can be `{ after = \"…\" }`"
                                .to_owned(),
                        ),
                    );
                }
                // What happened before the run began is not repeated: series and start values hold its traces.
                let day = self.day(date).filter(|d| *d >= 0).map_or(u32::MAX, |d| d as u32);
                Trigger::Dated(day)
            }
            None => {
                if event.when.is_empty() && event.chance >= 1.0 {
                    self.problem(
                        path!["event", index],
                        format!("`{}` has neither a date nor conditions nor a chance", event.name),
                        Some("add `date = \"…\"` or `when = [ … ]`".to_owned()),
                    );
                }
                let conditions = event
                    .when
                    .iter()
                    .enumerate()
                    .filter_map(|(w, condition)| self.condition(index, w, condition))
                    .collect();
                Trigger::When { conditions, chance: event.chance }
            }
        };
        let effects =
            event.effect.iter().enumerate().filter_map(|(e, effect)| self.effect(index, e, effect)).collect();
        EventSpec {
            name: event.name.clone(),
            kind: event.kind.clone(),
            label: if event.mark { event.label.clone() } else { String::new() },
            trigger,
            places: mask(&self.places, &event.places),
            classes: mask(&self.classes, &event.classes),
            effects,
        }
    }

    fn condition(&mut self, event: usize, index: usize, raw: &RawCondition) -> Option<Condition> {
        let parties = || -> Vec<usize> {
            match (&raw.party, &raw.bloc) {
                (Some(party), _) => position(&self.parties, party).into_iter().collect(),
                (None, Some(bloc)) => {
                    let bloc = self.raw.bloc.iter().find(|b| &b.name == bloc);
                    bloc.map_or(vec![], |b| self.party_list(&b.parties))
                }
                (None, None) => vec![],
            }
        };
        let level = match (raw.share_above, raw.share_below) {
            (Some(level), None) => Some((true, level)),
            (None, Some(level)) => Some((false, level)),
            _ => None,
        };
        let day = |date: &Option<String>| {
            date.as_deref().and_then(|d| self.day(d)).map(|d| d.clamp(0, i64::from(u32::MAX)) as u32)
        };
        let condition = if let Some(day) = day(&raw.after) {
            Some(Condition::From(day))
        } else if let Some(day) = day(&raw.before) {
            Some(Condition::Before(day))
        } else if let Some(name) = &raw.event {
            position(&self.events, name).map(|e| Condition::Since(e, raw.days_since.unwrap_or(0)))
        } else if let (Some(body), Some((above, level))) = (&raw.body, level) {
            position(&self.bodies, body).map(|b| Condition::Seats(b, parties(), above, level))
        } else if let (Some(class), Some((above, level))) = (&raw.class, level) {
            position(&self.classes, class).map(|c| Condition::Support(c, parties(), above, level))
        } else {
            None
        };
        let complete = level.is_some() && (raw.body.is_some() || raw.class.is_some())
            || [&raw.after, &raw.before, &raw.event].iter().any(|v| v.is_some());
        if condition.is_none() && !complete {
            self.problem(
                path!["event", event, "when", index],
                "this condition is not complete".to_owned(),
                Some(
                    "use one of { after }, { before }, { event, days_since }, { body, party or bloc, share_above or \
                     share_below }, { class, party or bloc, share_above or share_below }"
                        .to_owned(),
                ),
            );
        }
        condition
    }

    fn effect(&mut self, event: usize, index: usize, raw: &RawEffect) -> Option<EffectSpec> {
        let party = raw.party.as_deref().and_then(|n| position(&self.parties, n));
        let issue = raw.issue.as_deref().and_then(|n| position(&self.issues, n));
        let topic = raw.topic.as_deref().and_then(|n| position(&self.topics, n));
        let (kind, needs) = match raw.on.as_str() {
            "grievance" => (issue.map(EffectKind::Grievance), "issue"),
            "fear" => (party.map(EffectKind::Fear), "party"),
            "press" => (party.map(EffectKind::Press), "party"),
            "agitators" => (party.map(EffectKind::Agitators), "party"),
            "slander" => (party.map(EffectKind::Slander), "party"),
            "responsibility" => (party.map(EffectKind::Responsibility), "party"),
            "warning" => (topic.zip(party).map(|(t, p)| EffectKind::Warning(t, p)), "topic` and `party"),
            "scoff" => (topic.zip(party).map(|(t, p)| EffectKind::Scoff(t, p)), "topic` and `party"),
            "realise" => (topic.map(EffectKind::Realise), "topic"),
            "attention" => (Some(EffectKind::Attention), ""),
            "trust" => (Some(EffectKind::Trust), ""),
            "position" => (Some(EffectKind::Position), ""),
            "lockout" => (Some(EffectKind::Lockout), ""),
            "order" => (Some(EffectKind::Order), ""),
            "call" => (Some(EffectKind::Call), ""),
            _ => (None, ""),
        };
        let Some(kind) = kind else {
            let given = [("issue", &raw.issue), ("party", &raw.party), ("topic", &raw.topic)];
            let absent = given.iter().any(|(word, value)| needs.contains(word) && value.is_none());
            if absent {
                self.problem(
                    path!["event", event, "effect", index],
                    format!("an effect on `{}` needs `{needs}`", raw.on),
                    None,
                );
            }
            return None;
        };
        let act = matches!(kind, EffectKind::Order | EffectKind::Lockout);
        let once = act && raw.half_life_days.is_none() && raw.duration_days.is_none();
        Some(EffectSpec {
            kind,
            amount: raw.amount,
            half_life_days: raw.half_life_days,
            duration_days: if once { Some(1) } else { raw.duration_days },
        })
    }

    fn bodies(&mut self) -> Vec<BodySpec> {
        let raw = self.raw;
        let mut bodies = Vec::new();
        for (index, body) in raw.body.iter().enumerate() {
            if body.section.is_empty() {
                self.problem(
                    path!["body", index],
                    format!("`{}` has no sections, so nobody elects it", body.name),
                    Some("add a [[body.section]]".to_owned()),
                );
            }
            let sections = body
                .section
                .iter()
                .enumerate()
                .filter_map(|(s, section)| self.section(index, s, section))
                .collect();
            bodies.push(BodySpec {
                name: body.name.clone(),
                level: body.level.clone(),
                scope: match body.scope {
                    RawScope::Single => Scope::Single,
                    RawScope::Place => Scope::Place,
                    RawScope::Enterprise => Scope::Enterprise,
                },
                places: mask(&self.places, &body.places),
                sections,
            });
        }
        bodies
    }

    fn section(&mut self, body: usize, index: usize, raw: &RawSection) -> Option<SectionSpec> {
        let here = || path!["body", body, "section", index];
        let unit = match raw.constituency {
            RawUnit::Collective => Unit::Collective,
            RawUnit::Enterprise => Unit::Enterprise,
            RawUnit::Place => Unit::Place,
            RawUnit::Body => {
                let Some(of_body) = raw.of_body.as_deref().and_then(|n| position(&self.bodies, n)) else {
                    if raw.of_body.is_some() {
                        // A name that does not exist has been reported as such.
                        return None;
                    }
                    self.problem(
                        here(),
                        format!(
                            "section `{}` is elected by a body, but `of_body` does not name one",
                            raw.name
                        ),
                        Some("add `of_body = \"…\"`".to_owned()),
                    );
                    return None;
                };
                if of_body >= body {
                    self.problem(
                        path!["body", body, "section", index, "of_body"],
                        format!(
                            "`{}` is elected by `{}`, which comes after it",
                            self.bodies[body], self.bodies[of_body]
                        ),
                        Some("write lower bodies before those they elect".to_owned()),
                    );
                }
                Unit::Body(of_body)
            }
        };
        let apportionment = match (raw.per_people, raw.per_unit, raw.seats) {
            (Some(people), None, None) => Apportionment::PerPeople(people),
            (None, Some(seats), None) => Apportionment::PerUnit(seats),
            (None, None, Some(seats)) => Apportionment::Fixed(seats),
            _ => {
                self.problem(
                    here(),
                    format!(
                        "section `{}` needs exactly one of `per_people`, `per_unit` and `seats`",
                        raw.name
                    ),
                    None,
                );
                return None;
            }
        };
        if matches!(unit, Unit::Body(_)) && !matches!(apportionment, Apportionment::Fixed(_)) {
            self.problem(here(), "a section elected by a body needs `seats`".to_owned(), None);
        }
        Some(SectionSpec {
            name: raw.name.clone(),
            classes: mask(&self.classes, &raw.classes),
            unit,
            apportionment,
            rule: match raw.rule {
                RawRule::Plurality => Rule::Plurality,
                RawRule::MajorityList => Rule::MajorityList,
                RawRule::LargestRemainder => Rule::LargestRemainder,
                RawRule::Dhondt => Rule::DHondt,
            },
            term_days: raw.term_days,
            recall_per_day: raw.recall_per_day,
        })
    }

    fn resolutions(&self) -> Vec<ResolutionSpec> {
        self.raw
            .resolution
            .iter()
            .map(|r| ResolutionSpec {
                name: r.name.clone(),
                stances: by_name(&self.parties, &r.stances),
                sway: r.sway,
                bodies: mask(&self.bodies, &r.bodies),
                every_days: r.every_days.max(1),
                from_day: r.from.as_deref().and_then(|d| self.day(d)).unwrap_or(0).max(0) as u32,
            })
            .collect()
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

fn position(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|n| *n == name)
}

/// Values by index; 0 where the file is silent.
fn by_name(names: &[&str], values: &std::collections::BTreeMap<String, f32>) -> Vec<f32> {
    names.iter().map(|n| values.get(*n).copied().unwrap_or(0.0)).collect()
}

/// One truth a name; all of them where the selector is empty or has a `*`.
fn mask(names: &[&str], selector: &[String]) -> Vec<bool> {
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
