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
    /// A measure of power, in a region or in the worst of them, is above (`true`) or below a level.
    Measure(Measure, Option<usize>, bool, f32),
    /// A body has met at least so many days ago: (body, days).
    Session(usize, u32),
    /// A body has carried a resolution: (body, resolution).
    Carried(usize, usize),
}

/// What conditions can ask of power; all are shares, or 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Authority of the government.
    GovernmentAuthority,
    /// Authority of the elected bodies.
    ElectedAuthority,
    /// Disillusion.
    Disillusion,
    /// Disorder.
    Disorder,
    /// The elected bodies hold power: 1, else 0.
    PowerTaken,
    /// The right holds power: 1, else 0.
    RightInPower,
    /// Power is being fought over: 1, else 0.
    Fighting,
    /// Units are on the march: 1, else 0.
    Marching,
    /// A leading committee has decided to act: 1, else 0.
    Decided,
    /// The plan has been disclosed: 1, else 0.
    Disclosed,
    /// Share of all agents who act.
    Acting,
}

/// What conditions can ask.
pub trait Facts {
    /// Day on which `event` happened.
    fn happened(&self, event: usize) -> Option<u32>;
    /// Share of the seats of `body` held by `party`, 0..=1; 0 of an empty body.
    fn seat_share(&self, body: usize, party: usize) -> f32;
    /// Share of `class` that speaks for `party`, 0..=1.
    fn support(&self, class: usize, party: usize) -> f32;
    /// A measure of power in `region`, or the highest of all regions.
    fn measure(&self, measure: Measure, region: Option<usize>) -> f32;
    /// Day on which `body` last met.
    fn met(&self, body: usize) -> Option<u32>;
    /// Whether `body` has ever carried `resolution`.
    fn carried(&self, body: usize, resolution: usize) -> bool;
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
            Self::Measure(measure, region, above, level) => {
                (facts.measure(*measure, *region) > *level) == *above
            }
            Self::Session(body, days) => facts.met(*body).is_some_and(|d| day >= d + days),
            Self::Carried(body, resolution) => facts.carried(*body, *resolution),
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
        fn measure(&self, measure: Measure, region: Option<usize>) -> f32 {
            if measure == Measure::Disillusion && region.is_none() { 0.4 } else { 0.0 }
        }
        fn met(&self, body: usize) -> Option<u32> {
            (body == 1).then_some(20)
        }
        fn carried(&self, body: usize, resolution: usize) -> bool {
            body == 1 && resolution == 0
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
        check(&Condition::Measure(Measure::Disillusion, None, true, 0.3), 1, true);
        check(&Condition::Measure(Measure::Disillusion, Some(0), true, 0.3), 1, false);
        check(&Condition::Session(1, 2), 21, false);
        check(&Condition::Session(1, 2), 22, true);
        check(&Condition::Carried(1, 0), 1, true);
        check(&Condition::Carried(0, 0), 1, false);
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
