//! Dated, conditional and chance events: what fires on which day.

use crate::random::{Process, ReplicateKey, Stream, name_address};

/// When an event happens; at most once in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// On this day of the run, before anybody moves.
    Dated(u32),
    /// On the first day on which all conditions hold and chance (per day, 0..=1) agrees.
    When {
        /// All must hold.
        conditions: Vec<Condition>,
        /// Chance per day once they do.
        chance: f32,
    },
}

/// Something that holds or not, as of yesterday.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The day is this one or later.
    From(u32),
    /// The day is before this one.
    Before(u32),
    /// An event happened at least so many days ago: (event, days).
    Since(usize, u32),
    /// Share of a body's seats held by the parties is above (`true`) or below a level: (body, parties, above, level).
    Seats(usize, Vec<usize>, bool, f32),
    /// Share of a class that speaks for the parties is above (`true`) or below a level: (class, parties, above, level).
    Support(usize, Vec<usize>, bool, f32),
}

/// What conditions can ask.
pub trait Facts {
    /// Day on which `event` happened.
    fn happened(&self, event: usize) -> Option<u32>;
    /// Share of the seats of `body` held by `party`, 0..=1; 0 of an empty body.
    fn seat_share(&self, body: usize, party: usize) -> f32;
    /// Share of `class` that speaks for `party`, 0..=1.
    fn support(&self, class: usize, party: usize) -> f32;
}

impl Condition {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds(&self, day: u32, facts: &impl Facts) -> bool {
        match self {
            Self::From(from) => day >= *from,
            Self::Before(before) => day < *before,
            Self::Since(event, days) => facts.happened(*event).is_some_and(|d| day >= d + days),
            Self::Seats(body, parties, above, level) => {
                let share: f32 = parties.iter().map(|&p| facts.seat_share(*body, p)).sum();
                (share > *level) == *above
            }
            Self::Support(class, parties, above, level) => {
                let share: f32 = parties.iter().map(|&p| facts.support(*class, p)).sum();
                (share > *level) == *above
            }
        }
    }
}

impl Trigger {
    /// Whether the event called `name` fires on `day`, given that it has not fired before; the name addresses the draw.
    #[must_use]
    pub fn fires(&self, day: u32, name: &str, key: ReplicateKey, facts: &impl Facts) -> bool {
        match self {
            Self::Dated(date) => day == *date,
            Self::When { conditions, chance } => {
                conditions.iter().all(|c| c.holds(day, facts))
                    && (*chance >= 1.0
                        || Stream::new(key, Process::Event, day, name_address(name)).uniform() < *chance)
            }
        }
    }

    /// `dated`, `condition` or `chance`: the word in the table of events.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Dated(_) => "dated",
            Self::When { chance, .. } if *chance < 1.0 => "chance",
            Self::When { .. } => "condition",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Yesterday;

    impl Facts for Yesterday {
        fn happened(&self, event: usize) -> Option<u32> {
            (event == 0).then_some(10)
        }
        fn seat_share(&self, _: usize, party: usize) -> f32 {
            [0.4, 0.2][party]
        }
        fn support(&self, _: usize, _: usize) -> f32 {
            0.0
        }
    }

    fn check(condition: &Condition, day: u32, expected: bool) {
        assert_eq!(condition.holds(day, &Yesterday), expected, "{condition:?} on day {day}");
    }

    #[test]
    fn conditions_hold_as_they_say() {
        check(&Condition::From(5), 4, false);
        check(&Condition::From(5), 5, true);
        check(&Condition::Before(5), 5, false);
        check(&Condition::Since(0, 3), 12, false);
        check(&Condition::Since(0, 3), 13, true);
        check(&Condition::Since(1, 0), 13, false);
        check(&Condition::Seats(0, vec![0], true, 0.5), 1, false);
        check(&Condition::Seats(0, vec![0, 1], true, 0.5), 1, true);
        check(&Condition::Support(0, vec![0], false, 0.5), 1, true);
    }

    #[test]
    fn chance_is_met_in_its_proportion() {
        let trigger = Trigger::When { conditions: vec![], chance: 0.25 };
        let fired =
            (0..4000).filter(|&r| trigger.fires(3, "storm", ReplicateKey::new(1, r), &Yesterday)).count();
        // Four standard errors of a proportion of 0.25 over 4000.
        assert!((fired as f64 / 4000.0 - 0.25).abs() < 0.028, "{fired}");
    }
}
