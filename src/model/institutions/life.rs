//! How bodies are attended, lapse, revive, are founded and are called.

use super::body::Body;
use crate::model::params::BodyParams;
use crate::model::rules::Rules;
use crate::random::{Process, ReplicateKey, Stream};

/// How much the people of a body care for it today.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interest {
    /// Attendance it would settle at, 0..=1.
    pub attendance: f32,
    /// What moves people to found a body, 0..: echoes and deeds.
    pub stir: f32,
}

/// The interest of a stratum: `attendance = speaking share * sqrt(attention / ordinary attention) * (1 - disillusion)`, at
/// most 1, and `stir = founding_interest * echo + share that acts`.
///
/// Source: assumed; attendance fell after July and rose after August: model notes 3. ODD 7.9.
#[must_use]
pub fn interest(
    speaking: f32,
    attention_ratio: f32,
    disillusion: f32,
    echo: f32,
    acting: f32,
    p: &BodyParams,
) -> Interest {
    let attendance = (speaking * attention_ratio.max(0.0).sqrt() * (1.0 - disillusion)).clamp(0.0, 1.0);
    Interest { attendance, stir: p.founding_interest * echo + acting }
}

/// Draws which bodies are there at the start, and how zealous each is.
pub fn begin_life(rules: &Rules, bodies: &mut [Body], key: ReplicateKey) {
    for body in bodies {
        let spec = &rules.bodies[body.spec];
        if !spec.can_lapse_or_be_founded() {
            continue;
        }
        let mut stream = Stream::new(key, Process::Founding, 0, body.address);
        let zeal = 2.0 * stream.uniform() - 1.0;
        body.quorum = spec.quorum * (1.0 + rules.params.bodies.quorum_spread * zeal);
        if let Some(founding) = spec.founding {
            body.founded = !rules.mechanisms.founding || stream.uniform() < founding.share;
        }
    }
}

/// What became of a body today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    None,
    /// It was founded.
    Founded,
    /// It lapsed.
    Lapsed,
    /// It revived.
    Revived,
}

/// Lets a body live a day: attendance follows interest, it lapses below its quorum and revives above it, and where
/// there is none one is founded with chance `per_day * stir`.
pub fn live(rules: &Rules, body: &mut Body, today: Interest, day: u32, key: ReplicateKey) -> Turn {
    let spec = &rules.bodies[body.spec];
    let p = &rules.params.bodies;
    if !body.founded {
        let Some(founding) = spec.founding.filter(|_| rules.mechanisms.founding) else { return Turn::None };
        let chance = founding.per_day * today.stir;
        body.founded = Stream::new(key, Process::Founding, day + 1, body.address).uniform() < chance;
        body.attendance = 1.0;
        return if body.founded { Turn::Founded } else { Turn::None };
    }
    body.attendance += p.attendance_rate * (today.attendance - body.attendance);
    let lapsed = rules.mechanisms.lapse && body.attendance < body.quorum;
    let turn = match (body.lapsed, lapsed) {
        (false, true) => Turn::Lapsed,
        (true, false) => Turn::Revived,
        _ => Turn::None,
    };
    body.lapsed = lapsed;
    turn
}

/// Calls a body to its next session, or lets it meet if the day has come; `true` if it meets today.
///
/// Once it is due it meets at once if its caller wants it (or there is none), and when the notice is up if `pressure`
/// forces the caller: the share of the bodies voting on the demand that stand by it, 0..=1. ODD 7.9.
pub fn call_session(rules: &Rules, body: &mut Body, caller_wants: bool, pressure: f32, day: u32) -> bool {
    let Some(sessions) = &rules.bodies[body.spec].sessions else { return false };
    let Some(&due) = sessions.due.get(body.sessions as usize) else { return false };
    if body.called.is_none() && day >= due {
        let forced = !rules.mechanisms.pressure || pressure >= sessions.pressure;
        if caller_wants {
            body.called = Some(day);
        } else if forced {
            body.called = Some(day + sessions.notice_days);
        }
    }
    if body.called == Some(day) {
        body.called = None;
        body.met = Some(day);
        body.sessions += 1;
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interest_falls_with_silence_and_disillusion() {
        let p = BodyParams { founding_interest: 0.5, ..BodyParams::default() };
        let loud = interest(0.8, 1.0, 0.0, 0.4, 0.1, &p);
        assert!((loud.attendance - 0.8).abs() < 1e-6 && (loud.stir - 0.3).abs() < 1e-6);
        assert!(interest(0.5, 1.0, 0.0, 0.0, 0.0, &p).attendance < loud.attendance);
        assert!(interest(0.8, 1.0, 0.5, 0.0, 0.0, &p).attendance < loud.attendance);
        assert_eq!(interest(0.8, 9.0, 0.0, 0.0, 0.0, &p).attendance, 1.0);
    }
}
