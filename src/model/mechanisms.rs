//! Mechanisms that a scenario can switch off, one by one, to see what each of them does.

use serde::Deserialize;

/// What the schema and the documentation say of one switch.
#[derive(Clone, Copy, Debug)]
pub struct MechanismSpec {
    /// Key in `[mechanisms]`.
    pub key: &'static str,
    /// What it does while it is on.
    pub doc: &'static str,
}

macro_rules! mechanisms {
    ($( $key:ident: $doc:literal; )+) => {
        /// Which mechanisms are at work; all of them unless a scenario says otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Mechanisms {
            $(
                #[doc = concat!($doc, ".")]
                pub $key: bool,
            )+
        }

        impl Default for Mechanisms {
            fn default() -> Self {
                Self { $($key: true),+ }
            }
        }

        /// All switches, in the order they are shown.
        pub const MECHANISMS: &[MechanismSpec] = &[$(MechanismSpec { key: stringify!($key), doc: $doc }),+];
    };
}

mechanisms! {
    grievances: "grievances pull positions";
    feedback: "lockouts, seizures, occupations and disorder change grievances";
    assimilation: "voices within confidence attract";
    repulsion: "voices of the far camp repel";
    fatigue: "positions return towards the middle when nothing moves them";
    credibility: "parties gain and lose credit by deeds";
    warnings: "warnings are remembered and credited when they come true";
    slander: "slander works, and back-fires";
    labels: "people are called by the name of a party whose demands they share";
    fear: "fear silences";
    arms: "arms in the class's own hands lower fear";
    membership: "supporters join parties";
    agitators: "members agitate, and are heard beyond their number";
    strikes: "classes that strike do so";
    experience: "the experienced hold back from partial strikes and come out for decisive ones";
    lockouts: "owners close enterprises";
    occupations: "closed enterprises are occupied";
    seizures: "classes that seize land do so";
    refusals: "classes that refuse orders do so";
    desertion: "soldiers leave";
    links: "voices are carried between places and classes";
    news: "deeds and leading votes are heard elsewhere";
    recall: "delegates are recalled";
    lapse: "bodies fade with attendance and revive";
    founding: "bodies are founded where there was none";
    pressure: "congresses are called under pressure from below";
    orders: "the government's orders are obeyed or refused";
    guards: "convinced agents of striking classes take up arms";
    transfer: "units go over to the elected bodies where their commissars are";
    marches: "units march against a place";
    dissolution: "agitators dissolve marching units";
    railways: "workers on the way slow marching units";
    leadership: "leading committees decide to act";
    waverers: "waverers sit in leading committees and break ranks in public";
    insurrection: "decisions to act are fought out place by place";
    spread: "power taken in one place spreads to others";
    delivery: "decrees satisfy issues and earn credit";
    disillusion: "hope that is not acted on decays";
    gatherings: "processions and disorder draw people";
    ballots: "secret ballots are held";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_on_unless_it_is_switched_off() {
        let all = Mechanisms::default();
        assert!(all.grievances && all.ballots);
        assert!(MECHANISMS.iter().all(|m| !m.doc.is_empty()));
    }
}
