//! Bodies and what they vote on: electors become constituencies, names become indices.

use super::raw::{RawBody, RawRule, RawScope, RawSection, RawUnit};
use super::validate::{Assembly, by_name, mask, position, steps};
use crate::model::agents::OPTIONS;
use crate::model::institutions::{
    Apportionment, BodySpec, Founding, ResolutionSpec, Rule, Scope, SectionSpec, Sessions, Unit,
};

impl Assembly<'_> {
    pub(super) fn bodies(&mut self) -> Vec<BodySpec> {
        let raw = self.raw;
        let mut bodies = Vec::new();
        for (index, body) in raw.body.iter().enumerate() {
            if body.section.is_empty() {
                self.problem(
                    steps!["body", index],
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
                smallest_people: body.smallest_people,
                sections,
                quorum: body.quorum,
                founding: body.founded_share.map(|share| Founding { share, per_day: body.founding_per_day }),
                sessions: self.sessions(index, body),
                lead: body.lead,
                governs: body.governs,
            });
        }
        bodies
    }

    fn sessions(&mut self, index: usize, body: &RawBody) -> Option<Sessions> {
        if body.sessions.is_empty() {
            return None;
        }
        let due: Vec<u32> = body
            .sessions
            .iter()
            .filter_map(|d| self.day(d))
            .map(|d| d.clamp(0, i64::from(u32::MAX)) as u32)
            .collect();
        if due.windows(2).any(|pair| pair[0] >= pair[1]) {
            self.problem(
                steps!["body", index, "sessions"],
                format!("the sessions of `{}` are not in the order of time", body.name),
                None,
            );
        }
        Some(Sessions {
            due,
            caller: body.called_by.as_deref().and_then(|n| position(&self.bodies, n)),
            demand: body.demand.as_deref().and_then(|n| position(&self.resolutions, n)),
            pressure: body.pressure,
            notice_days: body.notice_days,
        })
    }

    fn section(&mut self, body: usize, index: usize, raw: &RawSection) -> Option<SectionSpec> {
        let here = || steps!["body", body, "section", index];
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
                        steps!["body", body, "section", index, "of_body"],
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
        let appointed = matches!(raw.rule, RawRule::Appointed).then(|| {
            let mut seats = [0; OPTIONS];
            for (slot, party) in seats.iter_mut().zip(&self.parties) {
                *slot = raw.appointed.get(*party).map_or(0, |s| s.round() as u32);
            }
            seats
        });
        if appointed.is_some_and(|seats| seats.iter().all(|&s| s == 0)) {
            self.problem(
                here(),
                format!("section `{}` is appointed, but `appointed` gives no seats", raw.name),
                Some("add `appointed = { party = seats, … }`".to_owned()),
            );
        }
        let apportionment = match (raw.per_people, raw.per_unit, raw.seats) {
            (Some(people), None, None) => Apportionment::PerPeople(people),
            (None, Some(seats), None) => Apportionment::PerUnit(seats),
            (None, None, Some(seats)) => Apportionment::Fixed(seats),
            (None, None, None) if appointed.is_some() => Apportionment::Fixed(1),
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
        if matches!(unit, Unit::Body(_)) && matches!(apportionment, Apportionment::PerPeople(_)) {
            self.problem(here(), "a section elected by a body needs `seats` or `per_unit`".to_owned(), None);
        }
        Some(SectionSpec {
            name: raw.name.clone(),
            classes: mask(&self.classes, &raw.classes),
            unit,
            apportionment,
            rule: match raw.rule {
                RawRule::Plurality => Rule::Plurality,
                RawRule::MajorityList => Rule::MajorityList,
                RawRule::LargestRemainder | RawRule::Appointed => Rule::LargestRemainder,
                RawRule::Dhondt => Rule::DHondt,
            },
            term_days: raw.term_days,
            recall_per_day: raw.recall_per_day,
            appointed,
        })
    }

    pub(super) fn resolutions(&self) -> Vec<ResolutionSpec> {
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
}
