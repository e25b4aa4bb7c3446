//! Units that march against a place, and what is left of their obedience on arrival.

use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use crate::model::params::PowerParams;
use crate::model::rules::Spread;
use crate::random::{Process, ReplicateKey, Stream, name_address};

/// Units that march when their event happens.
#[derive(Clone, Debug, PartialEq)]
pub struct MarchSpec {
    /// Name in files; addresses the draws.
    pub name: String,
    /// The event that sets them off, by index.
    pub event: usize,
    /// Men in all, in persons.
    pub men: f64,
    /// Number of units.
    pub units: u32,
    /// Days on an open road.
    pub days: f32,
    /// Where they march to, by place.
    pub places: Vec<bool>,
    /// Obedience of the units when they set off.
    pub obedience: Spread,
    /// How many they meet on the way, 0..=1.
    pub contact: f32,
}

/// What units meet on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Road {
    /// Share of those they meet who agitate against the march, 0..=1.
    pub agitation: f32,
    /// Share of the workers on the way who hold trains up, 0..=1.
    pub obstruction: f32,
}

/// What came of a march.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// Day of arrival.
    pub day: u32,
    /// Mean obedience of the units on arrival, 0..=1.
    pub obedience: f32,
    /// Men who still obey.
    pub men: f64,
    /// Defenders who turned out.
    pub defenders: f64,
    /// Whether it took the place.
    pub succeeded: bool,
}

/// A march under way or over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct March {
    /// Its specification by index.
    pub spec: usize,
    /// Day on which it set off.
    pub began: u32,
    /// Obedience of each unit, 0..=1.
    pub obedience: Vec<f32>,
    /// Share of the way behind it.
    pub progress: f32,
    /// What came of it.
    pub arrival: Option<Arrival>,
}

impl March {
    /// A march that sets off on `day`.
    #[must_use]
    pub fn set_off(index: usize, spec: &MarchSpec, day: u32, key: ReplicateKey) -> Self {
        let law = Normal::new(spec.obedience.mean, spec.obedience.sd)
            .expect("the validation admits only finite deviations");
        let address = name_address(&spec.name);
        let obedience = (0..u64::from(spec.units))
            .map(|unit| {
                let who = (address + unit) % (1 << 40);
                law.sample(&mut Stream::new(key, Process::March, 0, who)).clamp(0.0, 1.0)
            })
            .collect();
        Self { spec: index, began: day, obedience, progress: 0.0, arrival: None }
    }

    /// One day on the road; `true` if it has arrived.
    ///
    /// Obedience o falls by `dissolve_rate * contact * agitation * o`, and the way takes `days / (1 - rail_delay *
    /// obstruction)`. Shares in [0, 1]. Source: model notes 4; that trains were stopped and troops talked to on
    /// the way is on record: Rabinowitch 1976. ODD 7.12.
    pub fn advance(&mut self, spec: &MarchSpec, road: Road, p: &PowerParams) -> bool {
        let loss = (p.dissolve_rate * spec.contact * road.agitation).min(1.0);
        for obedience in &mut self.obedience {
            *obedience *= 1.0 - loss;
        }
        self.progress += (1.0 - p.rail_delay * road.obstruction) / spec.days.max(1.0);
        self.progress >= 1.0 - 1e-4
    }

    /// Mean obedience of the units.
    #[must_use]
    pub fn mean_obedience(&self) -> f32 {
        self.obedience.iter().sum::<f32>() / self.obedience.len().max(1) as f32
    }

    /// Men who would fight: those of units of which at least the share `FIRM` obey.
    #[must_use]
    pub fn men_who_fight(&self, spec: &MarchSpec) -> f64 {
        let each = spec.men / self.obedience.len().max(1) as f64;
        self.obedience.iter().filter(|&&o| o >= FIRM).map(|&o| each * f64::from(o)).sum()
    }
}

/// Obedience below which a unit does not fight at all: assumed.
const FIRM: f32 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> MarchSpec {
        MarchSpec {
            name: "column".to_owned(),
            event: 0,
            men: 1000.0,
            units: 4,
            days: 4.0,
            places: vec![true],
            obedience: Spread { mean: 0.8, sd: 0.0 },
            contact: 1.0,
        }
    }

    #[test]
    fn agitators_dissolve_obedience_and_railwaymen_slow_the_march() {
        let (spec, key) = (spec(), ReplicateKey::new(1, 0));
        let p = PowerParams { dissolve_rate: 0.5, rail_delay: 0.5, ..PowerParams::default() };
        let mut open = March::set_off(0, &spec, 3, key);
        let arrived = (0..4).map(|_| open.advance(&spec, Road::default(), &p)).collect::<Vec<_>>();
        assert_eq!(arrived, [false, false, false, true]);
        assert!((open.mean_obedience() - 0.8).abs() < 1e-6);
        assert!((open.men_who_fight(&spec) - 800.0).abs() < 1e-3);
        let mut met = March::set_off(0, &spec, 3, key);
        let road = Road { agitation: 1.0, obstruction: 1.0 };
        let days = (1..20).find(|_| met.advance(&spec, road, &p)).expect("it arrives");
        assert_eq!(days, 8);
        assert!((met.mean_obedience() - 0.8 * 0.5_f32.powi(8)).abs() < 1e-6);
        assert_eq!(met.men_who_fight(&spec), 0.0);
    }
}
