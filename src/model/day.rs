//! What happens in a day, in order, as data that can be printed.

/// Whom a phase visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visits {
    /// Each place and class.
    Strata,
    /// Each agent; all such phases are one pass over memory.
    Agents,
    /// Each body.
    Bodies,
    /// The world as a whole.
    World,
}

/// A phase of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Name in the documentation.
    pub name: &'static str,
    /// Whom it visits.
    pub visits: Visits,
    /// What it does.
    pub does: &'static str,
}

const fn phase(name: &'static str, visits: Visits, does: &'static str) -> Phase {
    Phase { name, visits, does }
}

/// The day. All phases read yesterday's world; those that visit agents are fused into one pass.
pub const PHASES: &[Phase] = &[
    phase(
        "calendar",
        Visits::World,
        "dated, conditional and chance events fire; orders are obeyed or refused",
    ),
    phase("conditions", Visits::Strata, "grievances follow their series, effects and the news of lockouts"),
    phase("credibility", Visits::Strata, "parties gain and lose credit; warnings spread"),
    phase("contacts", Visits::Agents, "voices of the collective, enterprise, place, links, press, agitators"),
    phase("attitude", Visits::Agents, "positions move by grievance, attraction, recoil, fatigue"),
    phase("choice", Visits::Agents, "those whose attention is caught choose a party anew"),
    phase("voice", Visits::Agents, "the private choice is spoken where enough stand with it already"),
    phase("action", Visits::Agents, "strikes spread by thresholds"),
    phase("transfer", Visits::World, "units go over to the elected bodies, one by one"),
    phase(
        "assemblies",
        Visits::Bodies,
        "bodies are attended, lapse, are founded and called; terms end, delegates are recalled, resolutions are voted \
         on and heard; ballots are held",
    ),
    phase("marches", Visits::World, "units march, dissolve on the way, arrive"),
    phase("councils", Visits::World, "leading committees weigh the balance and decide"),
    phase("contests", Visits::World, "power is fought out region by region"),
    phase("spread", Visits::World, "power taken in one region is taken up in others"),
    phase("hope", Visits::World, "hope that is not acted on decays; disorder spreads or ends"),
    phase("observe", Visits::World, "counts of the same pass become tables"),
];
