//! Series and events: dates become days of the run, names become indices.

use super::raw::{RawCondition, RawEffect, RawEvent};
use super::validate::{Assembly, mask, position, steps};
use crate::model::events::{Condition, EffectKind, EffectSpec, EventSpec, Measure, SeriesSpec, Trigger};

impl Assembly<'_> {
    pub(super) fn series(&mut self) -> Vec<SeriesSpec> {
        let raw = self.raw;
        let mut all = Vec::new();
        for (index, series) in raw.series.iter().enumerate() {
            let mut points: Vec<(i32, f32)> = Vec::new();
            for (p, (date, level)) in series.points.iter().enumerate() {
                let Some(day) = self.day(date) else { continue };
                if points.last().is_some_and(|&(before, _)| i64::from(before) >= day) {
                    self.problem(
                        steps!["series", index, "points", p],
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
                    steps!["series", index, "points"],
                    format!("`{}` has no points", series.name),
                    None,
                );
            }
            all.push(SeriesSpec {
                name: series.name.clone(),
                issue: position(&self.issues, &series.issue).unwrap_or(0),
                places: self.scaled(&series.places, series.by.as_deref()),
                classes: mask(&self.classes, &series.classes),
                points,
            });
        }
        all
    }

    pub(super) fn events(&mut self) -> Vec<EventSpec> {
        let raw = self.raw;
        raw.event.iter().enumerate().map(|(index, event)| self.event(index, event)).collect()
    }

    fn event(&mut self, index: usize, event: &RawEvent) -> EventSpec {
        let trigger = match &event.date {
            _ if !event.enabled => Trigger::Dated(u32::MAX),
            Some(date) => {
                if !event.when.is_empty() {
                    self.problem(
                        steps!["event", index, "when"],
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
                        steps!["event", index],
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
        let measured = raw.measure.as_deref().and_then(measure_of).zip(level);
        let region = raw.place.as_deref().and_then(|n| position(&self.places, n)).map(|p| self.regions[p]);
        let carried = raw.body.as_deref().zip(raw.resolution.as_deref());
        let condition = if let Some((measure, (above, level))) = measured {
            Some(Condition::Measure(measure, region, above, level))
        } else if let Some(body) = &raw.met {
            position(&self.bodies, body).map(|b| Condition::Session(b, raw.days_since.unwrap_or(0)))
        } else if let Some((body, resolution)) = carried {
            position(&self.bodies, body)
                .zip(position(&self.resolutions, resolution))
                .map(|(b, r)| Condition::Carried(b, r))
        } else if let Some(day) = day(&raw.after) {
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
            || [&raw.after, &raw.before, &raw.event, &raw.met].iter().any(|v| v.is_some())
            || raw.measure.is_some() && level.is_some()
            || raw.body.is_some() && raw.resolution.is_some();
        if condition.is_none() && !complete {
            self.problem(
                steps!["event", event, "when", index],
                "this condition is not complete".to_owned(),
                Some(
                    "use one of { after }, { before }, { event, days_since }, { body, party or bloc, share_above or \
                     share_below }, { class, party or bloc, share_above or share_below }, { measure, share_above or \
                     share_below }, { met, days_since }, { body, resolution }"
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
        let resolution = raw.resolution.as_deref().and_then(|n| position(&self.resolutions, n));
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
            "deliver" => (issue.zip(party).map(|(i, p)| EffectKind::Deliver(i, p)), "issue` and `party"),
            "stance" => {
                (resolution.zip(party).map(|(r, p)| EffectKind::Stance(r, p)), "resolution` and `party")
            }
            "commissars" => (Some(EffectKind::Commissars), ""),
            "arming" => (Some(EffectKind::Arming), ""),
            "faith" => (party.map(EffectKind::Faith), "party"),
            "procession" => (Some(EffectKind::Procession), ""),
            "disorder" => (Some(EffectKind::Disorder), ""),
            "suppress" => (Some(EffectKind::Suppress), ""),
            "call" => (Some(EffectKind::Call), ""),
            _ => (None, ""),
        };
        let Some(kind) = kind else {
            let given = [
                ("issue", &raw.issue),
                ("party", &raw.party),
                ("topic", &raw.topic),
                ("resolution", &raw.resolution),
            ];
            let absent = given.iter().any(|(word, value)| needs.contains(word) && value.is_none());
            if absent {
                self.problem(
                    steps!["event", event, "effect", index],
                    format!("an effect on `{}` needs `{needs}`", raw.on),
                    None,
                );
            }
            return None;
        };
        let act = matches!(kind, EffectKind::Order | EffectKind::Lockout | EffectKind::Procession);
        let once = act && raw.half_life_days.is_none() && raw.duration_days.is_none();
        Some(EffectSpec {
            kind,
            amount: raw.amount,
            half_life_days: raw.half_life_days,
            duration_days: if once { Some(1) } else { raw.duration_days },
        })
    }
}

/// The measure of that name.
fn measure_of(name: &str) -> Option<Measure> {
    Some(match name {
        "government_authority" => Measure::GovernmentAuthority,
        "elected_authority" => Measure::ElectedAuthority,
        "disillusion" => Measure::Disillusion,
        "disorder" => Measure::Disorder,
        "power_taken" => Measure::PowerTaken,
        "right_in_power" => Measure::RightInPower,
        "fighting" => Measure::Fighting,
        "marching" => Measure::Marching,
        "decided" => Measure::Decided,
        "disclosed" => Measure::Disclosed,
        "acting" => Measure::Acting,
        _ => return None,
    })
}
