//! Bodies and what they vote on: electors become constituencies, names become indices.

use super::raw::{RawRule, RawScope, RawSection, RawUnit};
use super::validate::{Assembly, by_name, mask, position, steps};
use crate::model::institutions::{Apportionment, BodySpec, ResolutionSpec, Rule, Scope, SectionSpec, Unit};

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
                sections,
            });
        }
        bodies
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
