//! How power is fought out in a region: forces, days, losses.

use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use crate::model::params::PowerParams;
use crate::random::{Process, ReplicateKey, Stream, name_address};

/// Persons who turn out to fight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forces {
    /// For the elected bodies.
    pub elected: f64,
    /// For the government.
    pub government: f64,
}

/// Who won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Winner {
    /// The elected bodies.
    Elected,
    /// The government.
    Government,
}

/// A fight for power in a region.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// Day on which it began.
    pub began: u32,
    /// Those who turned out.
    pub turned_out: Forces,
    /// Those who still fight.
    pub left: Forces,
    /// Dead so far, in persons.
    pub losses: f64,
    /// Day on which it was decided, and for whom.
    pub decided: Option<(u32, Winner)>,
}

/// Everybody under arms, in persons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Arms {
    /// In units that follow the elected bodies.
    pub units_for: f64,
    /// In workers' guards.
    pub guards: f64,
    /// In units that obey the government.
    pub units_against: f64,
    /// In units that obey it and were picked for their loyalty: they elect no bodies.
    pub picked: f64,
}

impl Forces {
    /// Those who turn out of everybody under arms, in persons.
    ///
    /// For the elected bodies `unit_share` of the units that follow them and `guard_share` of the guards; for the
    /// government `unit_share` of the units that obey it and `loyal_share` of those picked for their loyalty, times the
    /// square of twice their share of all who would fight, at most 1: nobody wants to die for a lost cause. `alert` adds
    /// to the government's number.
    /// Source: assumed; numbers in the evidence. ODD 7.11.
    #[must_use]
    pub fn muster(arms: &Arms, alert: f64, p: &PowerParams) -> Self {
        let unit_share = f64::from(p.unit_share);
        let elected = unit_share * arms.units_for + f64::from(p.guard_share) * arms.guards;
        let loyal =
            (unit_share * arms.units_against + f64::from(p.loyal_share) * arms.picked) * (1.0 + alert);
        let share = if elected + loyal > 0.0 { loyal / (elected + loyal) } else { 0.0 };
        Self { elected, government: loyal * (2.0 * share).min(1.0).powi(2) }
    }

    /// The elected bodies' share of all who fight; one half of nobody.
    #[must_use]
    pub fn balance(&self) -> f64 {
        let all = self.elected + self.government;
        if all > 0.0 { self.elected / all } else { 0.5 }
    }
}

impl Contest {
    /// A fight that begins on `day`; luck is drawn once, by the name of the region.
    #[must_use]
    pub fn begin(region: &str, day: u32, mustered: Forces, key: ReplicateKey, p: &PowerParams) -> Self {
        let law = Normal::new(0.0, f64::from(p.luck)).expect("the validation admits only finite deviations");
        let mut stream = Stream::new(key, Process::Contest, day, name_address(region));
        let turned_out = Forces {
            elected: mustered.elected * law.sample(&mut stream).exp(),
            government: mustered.government * law.sample(&mut stream).exp(),
        };
        Self { began: day, turned_out, left: turned_out, losses: 0.0, decided: None }
    }

    /// One day of fighting, in quarter days; decides it when a side is down to `rout_share` of its number.
    ///
    /// Lanchester's square law: each side loses `fight_rate` times the other's number a day. So a fight is short and
    /// cheap where numbers are uneven, long and costly where they are near even. Of those put out of action `lethality`
    /// times the weaker side's share of the stronger die; the others lay down their arms.
    /// Source: Lanchester 1916; ODD 7.11.
    pub fn fight(&mut self, day: u32, p: &PowerParams) {
        let rate = f64::from(p.fight_rate) / QUARTERS;
        let rout = f64::from(p.rout_share);
        for _ in 0..QUARTERS as u32 {
            let broken = |left: f64, out: f64| left <= rout * out;
            if broken(self.left.government, self.turned_out.government) {
                self.decided = Some((day, Winner::Elected));
                return;
            }
            if broken(self.left.elected, self.turned_out.elected) {
                self.decided = Some((day, Winner::Government));
                return;
            }
            let out = Forces {
                elected: (rate * self.left.government).min(self.left.elected),
                government: (rate * self.left.elected).min(self.left.government),
            };
            self.left.elected -= out.elected;
            self.left.government -= out.government;
            // In an uneven fight most of those put out of action lay down their arms.
            let even = self.left.elected.min(self.left.government)
                / self.left.elected.max(self.left.government).max(1e-9);
            self.losses += f64::from(p.lethality) * even * (out.elected + out.government);
        }
    }
}

/// Steps in a day of fighting.
const QUARTERS: f64 = 4.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn fought(elected: f64, government: f64) -> (u32, Winner, f64) {
        let p = PowerParams {
            luck: 0.0,
            fight_rate: 0.1,
            rout_share: 0.5,
            lethality: 0.1,
            ..PowerParams::default()
        };
        let forces = Forces { elected, government };
        let mut contest = Contest::begin("here", 0, forces, ReplicateKey::new(1, 0), &p);
        let mut day = 0;
        while contest.decided.is_none() {
            contest.fight(day, &p);
            day += 1;
        }
        let (day, winner) = contest.decided.expect("it was decided");
        (day, winner, contest.losses)
    }

    #[test]
    fn fights_are_long_and_costly_where_numbers_are_even() {
        let (short, first, few) = fought(20_000.0, 1_500.0);
        let (long, second, many) = fought(12_000.0, 9_500.0);
        assert_eq!((first, second), (Winner::Elected, Winner::Elected));
        assert!(short <= 1 && long >= 4, "{short} and {long} days");
        assert!(many > 5.0 * few, "{few} and {many} dead");
        assert_eq!(fought(1_000.0, 8_000.0).1, Winner::Government);
    }

    #[test]
    fn nobody_fights_for_a_lost_cause() {
        let p = PowerParams { unit_share: 0.1, guard_share: 0.5, loyal_share: 0.5, ..PowerParams::default() };
        let arms = Arms { units_for: 200_000.0, guards: 30_000.0, units_against: 0.0, picked: 8_000.0 };
        let lost = Forces::muster(&arms, 0.0, &p);
        assert!((lost.elected - 35_000.0).abs() < 0.1, "{lost:?}");
        assert!(lost.government < 1_000.0, "{lost:?}");
        let even =
            Forces::muster(&Arms { units_for: 50_000.0, picked: 10_000.0, ..Arms::default() }, 0.0, &p);
        assert!((even.government - 5_000.0).abs() < 1.0 && (even.balance() - 0.5).abs() < 1e-3, "{even:?}");
    }
}
