//! What warnings that came true earned, against how widely they had been heard: a regression over collectives.

use serde::{Deserialize, Serialize};

use crate::model::World;
use crate::model::events::{EffectKind, HappeningKind};

/// Days after which the gain is measured.
const AFTER_DAYS: u32 = 21;
/// Collectives with fewer members say little.
const SMALLEST: u32 = 10;

/// Collectives as they stood when a warning came true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    eve: Option<Eve>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Eve {
    day: u32,
    topic: usize,
    party: usize,
    /// By collective: share that chose the party.
    shares: Vec<f32>,
}

/// Slope of the gain on how widely the warning had been heard, and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slope {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Memory {
    /// Looks at one day; gives the slope on the day on which the gain is measured.
    pub(super) fn note(&mut self, day: u32, world: &World) -> Option<Slope> {
        let rules = world.rules();
        for happening in world.happenings().iter().filter(|h| h.kind == HappeningKind::Fired) {
            let effects = &rules.events[happening.event].effects;
            let topic = effects.iter().find_map(|e| match e.kind {
                EffectKind::Realise(topic) => Some(topic),
                _ => None,
            });
            let Some(topic) = topic.filter(|_| self.eve.is_none()) else { continue };
            // The party that warns first, in the order of the scenario.
            let warner = rules.events.iter().flat_map(|e| &e.effects).find_map(|e| match e.kind {
                EffectKind::Warning(of, party) if of == topic => Some(party),
                _ => None,
            });
            let Some(party) = warner else { continue };
            self.eve = Some(Eve { day, topic, party, shares: shares_of(world, party) });
        }
        let eve = self.eve.as_ref().filter(|e| day == e.day + AFTER_DAYS)?;
        let now = shares_of(world, eve.party);
        let points = world.state().collectives.iter().zip(&eve.shares).zip(&now);
        let points = points.filter(|((c, _), _)| c.counts.size >= SMALLEST).map(|((c, before), after)| {
            (f64::from(c.heard[eve.topic]) / 65_535.0, f64::from(after - before), f64::from(c.counts.size))
        });
        let slope = regress(points);
        self.eve.as_mut().expect("it was there").shares = Vec::new();
        slope
    }
}

fn shares_of(world: &World, party: usize) -> Vec<f32> {
    world.state().collectives.iter().map(|c| c.counts.share(c.counts.private[party])).collect()
}

/// Weighted least squares of y on x over (x, y, weight); `None` where x does not vary.
fn regress(points: impl Iterator<Item = (f64, f64, f64)> + Clone) -> Option<Slope> {
    let (mut n, mut w, mut wx, mut wy) = (0.0, 0.0, 0.0, 0.0);
    for (x, y, weight) in points.clone() {
        n += 1.0;
        w += weight;
        wx += weight * x;
        wy += weight * y;
    }
    let (mx, my) = (wx / w, wy / w);
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (x, y, weight) in points.clone() {
        sxx += weight * (x - mx) * (x - mx);
        sxy += weight * (x - mx) * (y - my);
    }
    if n < 3.0 || sxx < 1e-9 {
        return None;
    }
    let value = sxy / sxx;
    let residuals: f64 = points.map(|(x, y, weight)| weight * (y - my - value * (x - mx)).powi(2)).sum();
    Some(Slope { value, error: (residuals / (n - 2.0) / sxx).sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_found() {
        let slope =
            regress([(0.0, 1.0, 1.0), (1.0, 3.0, 2.0), (2.0, 5.0, 1.0)].into_iter()).expect("x varies");
        assert!((slope.value - 2.0).abs() < 1e-12 && slope.error < 1e-9);
        assert_eq!(regress([(1.0, 1.0, 1.0), (1.0, 3.0, 2.0), (1.0, 5.0, 1.0)].into_iter()), None);
    }
}
