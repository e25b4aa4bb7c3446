//! What an event is: scope, effects, half-lives; no behaviour.

use super::trigger::Trigger;

/// What an effect moves. Party, issue and topic are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// Level of a grievance.
    Grievance(usize),
    /// Fear of speaking for a party.
    Fear(usize),
    /// Reach of a party's press, as a factor 1 + amount.
    Press(usize),
    /// Agitators of a party, as a factor 1 + amount.
    Agitators(usize),
    /// Slander of a party.
    Slander(usize),
    /// Chance of reconsidering.
    Attention,
    /// Trust in the government.
    Trust,
    /// Position, per day.
    Position,
    /// A party's responsibility for the government.
    Responsibility(usize),
    /// A party warns of a topic: (topic, party).
    Warning(usize, usize),
    /// A party scoffs at the warning: (topic, party).
    Scoff(usize, usize),
    /// What was warned of happens: topic.
    Realise(usize),
    /// Chance per day that an enterprise of a striking class is closed by its owners.
    Lockout,
    /// An order of the government, that each enterprise of the scope obeys or refuses.
    Order,
    /// A decisive call to strike: amount is its strength.
    Call,
    /// A party delivers on an issue: (issue, party). The grievance falls by the amount, the party earns credit.
    Deliver(usize, usize),
    /// A party changes its stance on a resolution: (resolution, party).
    Stance(usize, usize),
    /// Commissars of the elected bodies are with the units: 1 is everywhere.
    Commissars,
    /// Arms are handed out to workers' guards: 1 is as fast as it goes.
    Arming,
    /// What a party does offends believers: (party).
    Faith(usize),
    /// Believers are called to a procession: share that comes.
    Procession,
    /// Disorder breaks out: share of the place that begins it.
    Disorder,
    /// Decisive action against disorder.
    Suppress,
}

/// One effect of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSpec {
    /// What it moves.
    pub kind: EffectKind,
    /// By how much on the first day, in the unit of what it moves.
    pub amount: f32,
    /// Days in which it halves; `None` does not fade.
    pub half_life_days: Option<f32>,
    /// Days after which it is over; `None` is never, or one day for effects that are acts.
    pub duration_days: Option<u32>,
}

impl EffectSpec {
    /// The effect's value `age` days after it began; 0 when it is over or has faded away.
    ///
    /// `amount * 2^(-age / half_life)`.
    #[must_use]
    pub fn value(&self, age: u32) -> f32 {
        if self.duration_days.is_some_and(|d| age >= d) {
            return 0.0;
        }
        match self.half_life_days {
            Some(half_life) => {
                let value = self.amount * (-(age as f32) / half_life).exp2();
                if value.abs() < 1e-5 { 0.0 } else { value }
            }
            None => self.amount,
        }
    }
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSpec {
    /// Name in files.
    pub name: String,
    /// Free word: repression, strike, congress…
    pub kind: String,
    /// Text on the charts; empty where it is not marked.
    pub label: String,
    /// When it happens.
    pub trigger: Trigger,
    /// Where, by place.
    pub places: Vec<bool>,
    /// To whom, by class.
    pub classes: Vec<bool>,
    /// What it does.
    pub effects: Vec<EffectSpec>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_halve_and_end() {
        let fading = EffectSpec {
            kind: EffectKind::Attention,
            amount: 0.8,
            half_life_days: Some(10.0),
            duration_days: Some(21),
        };
        assert_eq!(fading.value(0), 0.8);
        assert!((fading.value(10) - 0.4).abs() < 1e-6);
        assert!((fading.value(20) - 0.2).abs() < 1e-6);
        assert_eq!(fading.value(21), 0.0);
    }
}
