//! Every mechanism of the model, switched off on common random numbers: what it does, and that it does no more.
//!
//! Each case runs a small scenario twice on the same seeds, as it is and with one switch off (or one thing taken
//! away), and holds the difference of one figure against the sign it must have.
#![allow(missing_docs, reason = "tests")]

use october::experiment::facts::{Reading, Voice, at, mean};
use october::experiment::{Ended, Plan, Replicate, Wish, run_ensemble};
use october::model::World;
use october::model::mechanisms::MECHANISMS;
use october::scenario::{Change, Scenario, from_text};

/// A country with everything in it, over four months: see the file.
const COUNTRY: &str = include_str!("common/upheaval.toml");

fn country(set: &[&str]) -> Scenario {
    let changes: Vec<Change> = set.iter().map(|s| Change::Set((*s).to_owned())).collect();
    from_text("upheaval.toml", COUNTRY, &changes).unwrap_or_else(|r| panic!("{:#?}", r.diagnostics))
}

fn read(set: &[&str]) -> Reading {
    let scenario = country(set);
    let plan = Plan { seed: scenario.seed(), replicates: 1, threads: 1 };
    let (ended, _) = run_ensemble(&scenario, plan, None, &|_| Wish::Continue);
    let Ended::Complete(tables) = ended else { panic!("nobody asked to stop") };
    Reading::new(&tables, 0)
}

/// What is compared, with what is on in both runs beside it.
struct Case {
    switch: &'static str,
    with: &'static [&'static str],
    figure: fn(&Reading) -> f64,
    /// Whether the mechanism raises the figure.
    raises: bool,
}

fn left(run: &Reading) -> f64 {
    at(&run.share(Voice::Private, &[], &["hands".to_owned(), "guards".to_owned()], &["left"]), 45)
}

fn spoken_left(run: &Reading) -> f64 {
    mean(&run.share(Voice::Public, &[], &[], &["left"]), 31, 45)
}

fn measured(run: &Reading, name: &str) -> f64 {
    run.measure(name, "all").into_iter().filter(|v| !v.is_nan()).sum()
}

fn position(run: &Reading) -> f64 {
    at(&run.measure("position_mean", "all"), 119)
}

fn spread(run: &Reading) -> f64 {
    at(&run.measure("position_sd", "all"), 119)
}

fn held(run: &Reading) -> f64 {
    run.powers().map(|(_, p)| p.held.iter().filter(|&&v| v > 0.5).count() as f64).sum()
}

fn guards(run: &Reading) -> f64 {
    run.powers().map(|(_, p)| at(&p.guards, 119)).sum()
}

fn over(run: &Reading) -> f64 {
    run.powers().map(|(_, p)| at(&p.units_over, 119)).sum()
}

fn obedience(run: &Reading) -> f64 {
    run.marches.iter().map(|m| m.obedience).sum()
}

fn acted(run: &Reading) -> f64 {
    run.leaderships.iter().map(|(_, _, acted)| acted.map_or(1e3, |d| d as f64)).sum()
}

const CASES: &[Case] = &[
    Case { switch: "grievances", with: &[], figure: position, raises: true },
    Case {
        switch: "feedback",
        with: &[],
        figure: |r| mean(&r.measure("grievance:bread", "place:north"), 20, 110),
        raises: true,
    },
    Case { switch: "assimilation", with: &["attitude.assimilation=0.1"], figure: spread, raises: false },
    Case { switch: "repulsion", with: &["attitude.repulsion=0.02"], figure: spread, raises: true },
    Case { switch: "fatigue", with: &["attitude.relaxation=0.03"], figure: spread, raises: false },
    Case { switch: "credibility", with: &["credibility.failure_cost=0.05"], figure: left, raises: true },
    Case {
        switch: "warnings",
        with: &[],
        figure: |r| mean(&r.share(Voice::Private, &[], &[], &["left"]), 62, 80),
        raises: true,
    },
    Case {
        switch: "slander",
        with: &["choice.slander_backfire=0.0"],
        figure: |r| mean(&r.share(Voice::Private, &[], &[], &["left"]), 31, 50),
        raises: false,
    },
    Case { switch: "labels", with: &[], figure: |r| measured(r, "called:left"), raises: true },
    Case { switch: "fear", with: &[], figure: spoken_left, raises: false },
    Case {
        switch: "arms",
        with: &[],
        figure: |r| mean(&r.share(Voice::Public, &[], &["guards".to_owned()], &["left"]), 31, 45),
        raises: true,
    },
    Case {
        switch: "membership",
        with: &[],
        figure: |r| at(&r.measure("members", "party:left"), 119),
        raises: true,
    },
    Case {
        switch: "agitators",
        with: &["choice.join_rate=0.2", "choice.agitator_share=0.5", "choice.conformity=3.0"],
        figure: |r| at(&r.share(Voice::Private, &[], &["hands".to_owned()], &["centre"]), 45),
        raises: true,
    },
    Case { switch: "strikes", with: &[], figure: |r| measured(r, "strikers"), raises: true },
    Case {
        switch: "experience",
        with: &["action.holding_back=1.5"],
        figure: |r| measured(r, "experienced_propensity") - measured(r, "fresh_propensity"),
        raises: false,
    },
    Case { switch: "lockouts", with: &[], figure: |r| measured(r, "lockouts"), raises: true },
    Case {
        switch: "occupations",
        with: &["action.occupy_position=-1.0", "action.occupy_quorum=0.1"],
        figure: |r| measured(r, "occupations"),
        raises: true,
    },
    Case { switch: "seizures", with: &[], figure: |r| measured(r, "seizures"), raises: true },
    Case { switch: "refusals", with: &[], figure: |r| measured(r, "refusers"), raises: true },
    Case { switch: "desertion", with: &[], figure: |r| measured(r, "absent"), raises: true },
    Case {
        switch: "links",
        with: &[],
        figure: |r| at(&r.share(Voice::Private, &[], &["farmers".to_owned()], &["left"]), 119),
        raises: true,
    },
    Case {
        switch: "news",
        with: &[],
        figure: |r| mean(&r.measure("attention", "place:south"), 60, 119),
        raises: true,
    },
    Case {
        switch: "recall",
        with: &[],
        figure: |r| at(&r.seats("Council: north", "left"), 119),
        raises: true,
    },
    Case { switch: "lapse", with: &[], figure: |r| measured(r, "active_bodies"), raises: false },
    Case {
        switch: "founding",
        with: &[],
        figure: |r| mean(&r.measure("founded_bodies", "all"), 0, 5),
        raises: false,
    },
    Case {
        switch: "pressure",
        with: &["body.Congress.pressure=1.0"],
        figure: |r| r.seats("Congress", "left").iter().filter(|v| !v.is_nan()).count() as f64,
        raises: false,
    },
    Case {
        switch: "orders",
        with: &[],
        figure: |r| r.events.iter().filter(|(_, _, order)| order.is_some()).count() as f64,
        raises: true,
    },
    Case { switch: "guards", with: &[], figure: guards, raises: true },
    Case { switch: "transfer", with: &[], figure: over, raises: true },
    Case { switch: "marches", with: &[], figure: |r| r.marches.len() as f64, raises: true },
    Case { switch: "dissolution", with: &[], figure: obedience, raises: false },
    Case {
        switch: "railways",
        with: &["mechanisms.dissolution=false"],
        figure: |r| r.marches.iter().filter(|m| m.arrived).count() as f64,
        raises: false,
    },
    Case { switch: "leadership", with: &[], figure: held, raises: true },
    Case {
        switch: "waverers",
        with: &["leadership.committee.resolve={ mean = 0.5, sd = 0.02 }", "leadership.committee.waverers=6"],
        figure: acted,
        raises: true,
    },
    Case { switch: "insurrection", with: &[], figure: held, raises: true },
    Case {
        switch: "spread",
        with: &[],
        figure: |r| r.power("south").map_or(0.0, |p| p.held.iter().sum()),
        raises: true,
    },
    Case {
        switch: "delivery",
        with: &["event.gift.enabled=true"],
        figure: |r| mean(&r.share(Voice::Private, &[], &[], &["right"]), 20, 40),
        raises: true,
    },
    Case {
        switch: "disillusion",
        with: &["mechanisms.leadership=false"],
        figure: |r| at(&r.measure("turnout", "all"), 119),
        raises: false,
    },
    Case { switch: "gatherings", with: &[], figure: |r| measured(r, "gathered"), raises: true },
    Case { switch: "ballots", with: &[], figure: |r| r.ballots.len() as f64, raises: true },
];

#[test]
fn every_mechanism_has_a_case() {
    for mechanism in MECHANISMS {
        assert!(CASES.iter().any(|c| c.switch == mechanism.key), "{} has no case", mechanism.key);
    }
}

#[test]
fn every_mechanism_does_what_it_says() {
    let mut wrong = Vec::new();
    for case in CASES {
        let switch = format!("mechanisms.{}=false", case.switch);
        let with = (case.figure)(&read(case.with));
        let without = (case.figure)(&read(&[case.with, &[switch.as_str()]].concat()));
        let met = if case.raises { with > without } else { with < without };
        if !met || with.is_nan() || without.is_nan() {
            wrong.push(format!("{}: {with} with, {without} without", case.switch));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The state of one replicate after some days.
fn world_after(set: &[&str], days: u32) -> Replicate {
    let scenario = country(set);
    let mut replicate = Replicate::new(&scenario, scenario.seed(), 0);
    (0..days).for_each(|_| replicate.step());
    replicate
}

/// Everything of an agent that a day can change.
fn traits_of(world: &World, agent: usize) -> [i16; 6] {
    let all = &world.state().agents;
    let bytes = [
        all.private[agent],
        all.public[agent],
        all.conviction[agent],
        all.experience[agent],
        all.marks[agent],
    ];
    let [private, public, conviction, experience, marks] = bytes.map(i16::from);
    [private, public, conviction, experience, marks, i16::from(all.position[agent])]
}

#[test]
fn what_does_nothing_leaves_every_agent_as_it_was() {
    let plain = world_after(&[], 60);
    let agents = &plain.world().state().agents;
    for nothing in [
        // An event without an effect, a ballot, an event that never fires, a mechanism that has nothing to do yet.
        "event.rumour.enabled=true",
        "mechanisms.ballots=false",
        "event.gift.date=1931-01-01",
        "mechanisms.gatherings=false",
        "mechanisms.labels=false",
        "mechanisms.marches=false",
    ] {
        let other = world_after(&[nothing], 60);
        assert_eq!(&other.world().state().agents, agents, "{nothing} moved somebody");
    }
}

#[test]
fn what_happens_elsewhere_leaves_those_who_cannot_hear_of_it_as_they_were() {
    // Without links and news the places are islands: a storm in the south is no business of the north.
    let islands = ["mechanisms.links=false", "mechanisms.news=false"];
    let calm = world_after(&islands, 60);
    let storm = world_after(&[&islands[..], &["event.southern-storm.enabled=true"]].concat(), 60);
    let rules = calm.world().rules();
    let mut moved = 0;
    for enterprise in &calm.world().state().enterprises {
        let place = rules.strata[enterprise.stratum as usize].place;
        for agent in enterprise.agents.clone().map(|a| a as usize) {
            let same = traits_of(calm.world(), agent) == traits_of(storm.world(), agent);
            if rules.places[place].name == "south" {
                moved += u32::from(!same);
            } else {
                assert!(same, "agent {agent} of {} was moved", rules.places[place].name);
            }
        }
    }
    assert!(moved > 100, "the storm moved {moved} in the south");
}

#[test]
fn a_switch_leaves_the_draws_of_others_alone() {
    // Strikes draw nothing: with them off, everybody who hears of none chooses as before, on the first day all do.
    let [with, without] = [&[][..], &["mechanisms.strikes=false"]].map(|set| world_after(set, 1));
    let (a, b) = (&with.world().state().agents, &without.world().state().agents);
    assert_eq!(a.private, b.private);
    assert_eq!(a.position, b.position);
    assert_eq!(a.conviction, b.conviction);
}

#[test]
fn fixed_networks_are_an_alternative_to_drawn_contacts() {
    let on_day_29 = |run: &Reading| at(&run.share(Voice::Private, &[], &[], &["left"]), 29);
    let drawn = on_day_29(&read(&["time.end=1930-01-30"]));
    for network in ["small-world", "preferential", "blocks"] {
        let set = format!("contacts.network={network}");
        let run = read(&["time.end=1930-01-30", &set]);
        let fixed = on_day_29(&run);
        assert!(fixed > 0.0 && fixed < 1.0 && (fixed - drawn).abs() > 1e-9, "{network}: {fixed}");
    }
    // Hermits hear papers alone.
    let run = read(&["time.end=1930-01-30", "contacts.network=edges", "contacts.edges=[[0, 1], [1, 2]]"]);
    assert!(on_day_29(&run) > 0.0);
}

#[test]
fn a_coup_that_succeeds_disarms_those_who_might_rise_against_it() {
    let coup = [
        "event.coup.date=1930-02-20",
        "march.column.days=3",
        "march.column.obedience={ mean = 0.95, sd = 0.0 }",
        "mechanisms.dissolution=false",
        "mechanisms.railways=false",
        "leadership.committee.unconditional=true",
    ];
    let risen = |men: u32, disarming: f64| {
        let changes = [format!("march.column.men={men}"), format!("power.disarming={disarming}")];
        let run = read(&[&coup[..], &changes.each_ref().map(String::as_str)].concat());
        assert!(run.marches.iter().all(|m| m.succeeded), "the march was meant to take the place");
        run.power("north").is_some_and(|p| at(&p.held, 119) > 0.5)
    };
    assert!(risen(100, 0.0), "a hundred men do not hold a place against arms");
    assert!(!risen(100, 1.0), "nobody rises without arms");
    assert!(!risen(2000, 0.0), "those who came with the coup stay and fight for it");
}

#[test]
fn anchored_people_keep_what_tells_their_place_apart() {
    // What a trait of the place still adds to mean position after four months.
    let left_of_it = |anchoring: f64| {
        let anchored = format!("attitude.anchoring={anchoring}");
        let position = |soil: &str| {
            let effects = "class.farmers.trait_effects={ soil = { position = 0.3 } }";
            let run = read(&[&anchored, effects, soil, "attitude.relaxation=0.02"]);
            at(&run.measure("position_mean", "place:south"), 119)
        };
        position("place.south.traits={ soil = 1.0 }") - position("place.south.traits={ soil = 0.0 }")
    };
    let (forgotten, kept) = (left_of_it(0.0), left_of_it(1.0));
    assert!(kept > 0.05 && kept > 2.0 * forgotten.abs(), "{forgotten} without, {kept} with");
}
