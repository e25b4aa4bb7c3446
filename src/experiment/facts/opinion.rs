//! Facts about what people think, say and do.

use super::{Course, Evidence, Finding, NEVER, OPEN, Reading, Voice, at, first_day, mean};

/// Classes by name.
fn of(classes: &[&String]) -> Vec<String> {
    classes.iter().map(|c| (*c).clone()).collect()
}

/// One value a replicate.
fn each(runs: &[Reading], value: impl Fn(&Reading) -> f64) -> Vec<f64> {
    runs.iter().map(value).collect()
}

/// One course a replicate.
fn courses(runs: &[Reading], course: impl Fn(&Reading) -> Course) -> Vec<Course> {
    runs.iter().map(course).collect()
}

/// F01. After the repression public support among workers and soldiers of the capital falls further than private
/// support; the gap peaks within 21 days and halves by a week before the coup.
pub(super) fn silences_more_than_it_converts(e: &Evidence<'_>) -> Option<Finding> {
    let (party, r) = (e.roles.party.as_deref()?, e.repression);
    let classes = of(&[e.roles.workers.as_ref()?, e.roles.soldiers.as_ref()?]);
    let share = |run: &Reading, voice| run.share(voice, &e.roles.capital, &classes, &[party]);
    let gap = |run: &Reading| -> Course {
        share(run, Voice::Private).iter().zip(share(run, Voice::Public)).map(|(a, b)| a - b).collect()
    };
    let peak = |run: &Reading| {
        let gap = gap(run);
        (r..e.coup).max_by(|&a, &b| at(&gap, a).total_cmp(&at(&gap, b))).unwrap_or(r)
    };
    let fall = |run: &Reading, voice| {
        let course = share(run, voice);
        at(&course, r - 1) - (r..r + 22).map(|d| at(&course, d)).fold(f64::INFINITY, f64::min)
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "fall of public less fall of private support",
                "capital",
                each(runs, |run| fall(run, Voice::Public) - fall(run, Voice::Private)),
                1e-9,
                OPEN,
            )
            .median_in(
                "days to the widest gap",
                "capital",
                each(runs, |run| (peak(run) - r) as f64),
                0.0,
                21.0,
            )
            .median_in(
                "gap a week before the coup, of the widest",
                "capital",
                each(runs, |run| at(&gap(run), e.coup - 7) / at(&gap(run), peak(run))),
                OPEN,
                0.5,
            )
            .line(
                "Support among workers and soldiers of the capital",
                "public",
                courses(runs, |run| share(run, Voice::Public)),
            )
            .line(
                "Support among workers and soldiers of the capital",
                "private",
                courses(runs, |run| share(run, Voice::Private)),
            ),
    )
}

/// F02. On the eve of the coup public support is above its trough, and in the workers' districts no lower than four days
/// before the repression; garrison, fleet and workers' districts turn before the provinces.
pub(super) fn recovers_before_the_coup(e: &Evidence<'_>) -> Option<Finding> {
    let (party, before, eve) = (e.roles.party.as_deref()?, e.repression - 4, e.coup - 1);
    let workers = of(&[e.roles.workers.as_ref()?]);
    let public = |run: &Reading, places: &[String], classes: &[String]| {
        run.share(Voice::Public, places, classes, &[party])
    };
    let trough = |course: &[f64]| (e.repression..e.coup).map(|d| at(course, d)).fold(f64::INFINITY, f64::min);
    let ally = e.roles.ally.as_deref()?;
    // A place turns when most of those who speak at all speak for the party or its ally.
    let turns = |run: &Reading, places: &[String]| {
        let days: Vec<f64> = places
            .iter()
            .map(|place| {
                let course =
                    run.share_of_speaking(std::slice::from_ref(place), &e.roles.masses, &[party, ally]);
                let day = first_day(&course, 0, |v| v > 0.5);
                if day.is_nan() { NEVER } else { day }
            })
            .collect();
        super::median(&days).unwrap_or(NEVER)
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "public support on the eve of the coup less its trough",
                "capital",
                each(runs, |run| {
                    let course = public(run, &e.roles.capital, &e.roles.masses);
                    at(&course, eve) - trough(&course)
                }),
                1e-9,
                OPEN,
            )
            .median_in(
                "the same less its level before the repression",
                "workers' districts",
                each(runs, |run| {
                    let course = public(run, &e.roles.workers_districts, &workers);
                    at(&course, eve) - at(&course, before)
                }),
                0.0,
                OPEN,
            )
            .median_in(
                "days by which provinces turn later",
                "early places",
                each(runs, |run| turns(run, &e.roles.provinces) - turns(run, &e.roles.early)),
                1.0,
                OPEN,
            )
            .line(
                "Public support",
                "capital",
                courses(runs, |run| public(run, &e.roles.capital, &e.roles.masses)),
            )
            .line(
                "Public support",
                "provinces",
                courses(runs, |run| public(run, &e.roles.provinces, &e.roles.masses)),
            ),
    )
}

/// F03. Slander lowers support among those right of the middle and raises it among the aggrieved left; its effect over
/// all workers changes sign between the repression's month and the month after the coup.
pub(super) fn slander_backfires(e: &Evidence<'_>) -> Option<Finding> {
    let party = e.roles.party.as_deref()?;
    let workers = e.roles.workers.as_ref()?;
    let scope = format!("class:{workers}");
    let (july, september) = (e.repression + 14, e.coup + 19);
    let effect = |name: &str, scope: &str| -> Vec<f64> {
        let of = |run: &Reading| mean(&run.measure(&format!("{name}:{party}"), scope), e.repression, e.coup);
        e.pairs("no-slander").map(|(with, without)| of(with) - of(without)).collect()
    };
    let over_all = |day: i64| -> Vec<f64> {
        let of =
            |run: &Reading| at(&run.share(Voice::Private, &[], std::slice::from_ref(workers), &[party]), day);
        e.pairs("no-slander").map(|(with, without)| of(with) - of(without)).collect()
    };
    let difference = |(with, without): (&Reading, &Reading)| -> Course {
        let of = |run: &Reading| run.share(Voice::Private, &[], std::slice::from_ref(workers), &[party]);
        of(with).iter().zip(of(without)).map(|(a, b)| a - b).collect()
    };
    Some(
        Finding::default()
            .median_in("effect on support", "left of one half", effect("choice_left", &scope), 1e-9, OPEN)
            .median_in("effect on support", "right of the middle", effect("choice_right", "all"), OPEN, -1e-9)
            .median_in(
                "effect over all workers",
                "two weeks after the repression",
                over_all(july),
                OPEN,
                -1e-9,
            )
            .median_in(
                "effect over all workers",
                "three weeks after the coup",
                over_all(september),
                1e-9,
                OPEN,
            )
            .line(
                "Effect of slander on private support, all workers",
                "with less without",
                e.pairs("no-slander").map(difference).collect(),
            ),
    )
}

/// F04. Lockouts bring more people out, and the share of first-time strikers is higher in the months of the coup and
/// after than in the month before the repression.
pub(super) fn lockouts_bring_out_fresh_layers(e: &Evidence<'_>) -> Option<Finding> {
    let sum = |run: &Reading, name: &str, from: i64, to: i64| {
        let course = run.measure(name, "all");
        (from..to).map(|d| at(&course, d)).filter(|v| !v.is_nan()).sum::<f64>()
    };
    let (june, june_end) = e.days_of_month(e.repression, -1)?;
    let (august, _) = e.days_of_month(e.coup, 0)?;
    let (_, september_end) = e.days_of_month(e.coup, 1)?;
    let more: Vec<f64> = e
        .pairs("no-lockouts")
        .map(|(with, without)| {
            let of = |run: &Reading| sum(run, "strikers", august, e.rising);
            of(with) / of(without).max(1.0) - 1.0
        })
        .collect();
    let fresh = |run: &Reading, from, to| {
        sum(run, "first_time_strikers", from, to) / sum(run, "strikers", from, to).max(1.0)
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in("striker-days more with lockouts than without", "autumn", more, 1e-9, OPEN)
            .median_in(
                "share of first-time strikers, autumn less June",
                "workers",
                each(runs, |run| fresh(run, august, september_end) - fresh(run, june, june_end)),
                1e-9,
                OPEN,
            )
            .line("On strike", "with lockouts", courses(runs, |run| run.measure("strikers", "all")))
            .line(
                "On strike",
                "without",
                courses(e.runs("no-lockouts"), |run| run.measure("strikers", "all")),
            ),
    )
}

/// F05. Before the coup the experienced strike less readily than the fresh at equal position; on the decisive days of
/// the rising it is the other way round.
pub(super) fn experienced_hold_back(e: &Evidence<'_>) -> Option<Finding> {
    let (august, _) = e.days_of_month(e.coup, 0)?;
    let difference = |run: &Reading, from, to| {
        let of = |name: &str| mean(&run.measure(name, "all"), from, to);
        of("experienced_propensity") - of("fresh_propensity")
    };
    // The rising is where it came in each history, if it came.
    let rising = |run: &Reading| run.outcome.1.filter(|_| run.outcome.0 == "transfer").unwrap_or(e.rising);
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "propensity to strike, experienced less fresh",
                "month of the coup, before it",
                each(runs, |run| difference(run, august, e.coup)),
                OPEN,
                -1e-9,
            )
            .median_in(
                "propensity to strike, experienced less fresh",
                "decisive days",
                each(runs, |run| difference(run, rising(run) + 1, rising(run) + 3)),
                1e-9,
                OPEN,
            )
            .line(
                "Propensity to strike",
                "fresh",
                courses(runs, |run| run.measure("fresh_propensity", "all")),
            )
            .line(
                "Propensity to strike",
                "experienced",
                courses(runs, |run| run.measure("experienced_propensity", "all")),
            ),
    )
}

/// F06. Support rises at least three times as fast in the 21 days after the coup as in the 28 days before; without the
/// coup the capital's first majority comes at least 14 days later.
pub(super) fn coup_moves_to_the_left(e: &Evidence<'_>) -> Option<Finding> {
    let (party, bloc) = (e.roles.party.as_deref()?, e.roles.bloc.as_deref()?);
    let body = e.roles.capital_body.as_deref()?;
    let public = |run: &Reading| run.share(Voice::Public, &e.roles.capital, &e.roles.masses, &[party]);
    let ratio = |run: &Reading| {
        let course = public(run);
        let after = (at(&course, e.coup + 21) - at(&course, e.coup)) / 21.0;
        let before = (at(&course, e.coup) - at(&course, e.coup - 28)) / 28.0;
        if before <= 0.0 { NEVER } else { after / before }
    };
    let day = |run: &Reading| run.first_majority(body, bloc).map_or(NEVER, |d| d as f64);
    let later = e.pairs("no-coup").map(|(with, without)| day(without) - day(with)).collect();
    let runs = e.base();
    Some(
        Finding::default()
            .median_in("slope after the coup over slope before", "capital", each(runs, ratio), 3.0, OPEN)
            .median_in("days by which the majority comes later without it", "capital", later, 14.0, OPEN)
            .line("Public support in the capital", "as it was", courses(runs, public))
            .line("Public support in the capital", "without the coup", courses(e.runs("no-coup"), public)),
    )
}

/// F08. Over collectives, the party that warned gains more where its warning had been heard more widely.
pub(super) fn warnings_are_remembered(e: &Evidence<'_>) -> Option<Finding> {
    let slope = |run: &Reading, name: &str| {
        run.measure(name, "all").into_iter().find(|v| !v.is_nan()).unwrap_or(f64::NAN)
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "gain per share that had heard",
                "collectives",
                each(runs, |run| slope(run, "warning_slope")),
                1e-9,
                OPEN,
            )
            .median_in(
                "the same in standard errors",
                "collectives",
                each(runs, |run| slope(run, "warning_slope") / slope(run, "warning_slope_error")),
                2.0,
                OPEN,
            ),
    )
}

/// F09. From the coup to the rising the parent party loses at least half of its soldiers; the moderates stand below six
/// percent among workers of the cities and in city ballots by November.
pub(super) fn compromisers_lose_their_own(e: &Evidence<'_>) -> Option<Finding> {
    let (parent, moderate) = (e.roles.parent.as_deref()?, e.roles.moderate.as_deref()?);
    let (soldiers, workers) = (of(&[e.roles.soldiers.as_ref()?]), of(&[e.roles.workers.as_ref()?]));
    let ballot = e.roles.city_ballot.as_deref()?;
    let among = |run: &Reading| run.share(Voice::Public, &[], &soldiers, &[parent]);
    let kept = |run: &Reading| at(&among(run), e.rising) / at(&among(run), e.coup);
    let in_workers =
        |run: &Reading| at(&run.share(Voice::Public, &e.roles.cities, &workers, &[moderate]), e.rising + 7);
    let in_ballot = |run: &Reading| ballot_share(run, ballot, &e.roles.cities, &[moderate]);
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "soldiers that the parent party keeps",
                "from coup to rising",
                each(runs, kept),
                OPEN,
                0.5,
            )
            .median_in("moderates' share", "workers of the cities", each(runs, in_workers), OPEN, 0.06)
            .median_in("moderates' share", "city ballots", each(runs, in_ballot), OPEN, 0.06)
            .line("Parent party among soldiers", "public", courses(runs, among)),
    )
}

/// Share of the votes of a ballot in some places together.
pub(super) fn ballot_share(run: &Reading, ballot: &str, places: &[String], parties: &[&str]) -> f64 {
    let Some(all) = run.ballots.get(ballot) else { return f64::NAN };
    let here: Vec<_> = all.iter().filter(|b| places.is_empty() || places.contains(&b.place)).collect();
    let votes = |party: &str| here.iter().filter_map(|b| b.votes.get(party)).sum::<f64>();
    let cast: f64 = here.iter().flat_map(|b| b.votes.values()).sum();
    if cast > 0.0 { parties.iter().map(|p| votes(p)).sum::<f64>() / cast } else { f64::NAN }
}

/// F10. Members grow ten- to twentyfold from the start to the rising, most of it after the coup.
pub(super) fn party_swells(e: &Evidence<'_>) -> Option<Finding> {
    let scope = format!("party:{}", e.roles.party.as_deref()?);
    let members = |run: &Reading| run.measure("members", &scope);
    let growth = |run: &Reading| at(&members(run), e.rising - 1) / at(&members(run), 0);
    let after = |run: &Reading| {
        let m = members(run);
        (at(&m, e.rising - 1) - at(&m, e.coup)) / (at(&m, e.rising - 1) - at(&m, 0))
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in("members, times those at the start", "at the rising", each(runs, growth), 10.0, 20.0)
            .median_in("share of the growth", "after the coup", each(runs, after), 0.5, OPEN)
            .line("Members", "agents", courses(runs, members)),
    )
}

/// F17. The ally's share of the family rises month by month from the month before the repression, fastest among
/// soldiers and peasants.
pub(super) fn parent_splits(e: &Evidence<'_>) -> Option<Finding> {
    let (ally, parent) = (e.roles.ally.as_deref()?, e.roles.parent.as_deref()?);
    let (soldiers, workers) = (e.roles.soldiers.as_ref()?, e.roles.workers.as_ref()?);
    let share = |run: &Reading, classes: &[String]| -> Course {
        let of = |parties: &[&str]| run.share(Voice::Public, &[], classes, parties);
        of(&[ally])
            .iter()
            .zip(of(&[ally, parent]))
            .map(|(a, b)| if b > 0.0 { a / b } else { f64::NAN })
            .collect()
    };
    let months: Vec<(i64, i64)> = (-1..4).filter_map(|after| e.days_of_month(e.repression, after)).collect();
    let monthly = |run: &Reading, classes: &[String]| -> Vec<f64> {
        months.iter().map(|&(from, to)| mean(&share(run, classes), from, to)).collect()
    };
    let smallest = |run: &Reading| {
        monthly(run, &[]).windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min)
    };
    let rise = |run: &Reading, class: &String| {
        let all = monthly(run, std::slice::from_ref(class));
        all.last().copied().unwrap_or(f64::NAN) - all.first().copied().unwrap_or(f64::NAN)
    };
    let runs = e.base();
    let mut finding = Finding::default()
        .median_in("smallest monthly rise of the ally's share", "all", each(runs, smallest), 1e-9, OPEN)
        .median_in(
            "rise among soldiers less rise among workers",
            "June to October",
            each(runs, |run| rise(run, soldiers) - rise(run, workers)),
            1e-9,
            OPEN,
        )
        .line(
            "Ally's share of the family",
            "soldiers",
            courses(runs, |run| share(run, std::slice::from_ref(soldiers))),
        )
        .line(
            "Ally's share of the family",
            "workers",
            courses(runs, |run| share(run, std::slice::from_ref(workers))),
        );
    if let Some(peasants) = e.roles.peasants.as_ref() {
        finding = finding
            .median_in(
                "rise among peasants less rise among workers",
                "June to October",
                each(runs, |run| rise(run, peasants) - rise(run, workers)),
                1e-9,
                OPEN,
            )
            .line(
                "Ally's share of the family",
                "peasants",
                courses(runs, |run| share(run, std::slice::from_ref(peasants))),
            );
    }
    Some(finding)
}

/// F19. The share beyond one half and Esteban–Ray polarization rise from the month of the coup to that of the rising;
/// the centre parties' share in the cities falls by half; the right gains between two ballots of the second city.
pub(super) fn two_camps(e: &Evidence<'_>) -> Option<Finding> {
    let (parent, moderate, right) =
        (e.roles.parent.as_deref()?, e.roles.moderate.as_deref()?, e.roles.right.as_deref()?);
    let (earlier, later) = (e.roles.earlier_ballot.as_deref()?, e.roles.later_ballot.as_deref()?);
    let (august, august_end) = e.days_of_month(e.coup, 0)?;
    let (october, october_end) = e.days_of_month(e.rising, 0)?;
    let rise = |run: &Reading, name: &str| {
        let course = run.measure(name, "all");
        mean(&course, october, october_end) - mean(&course, august, august_end.min(e.coup))
    };
    let centre = |run: &Reading| run.share(Voice::Public, &e.roles.cities, &[], &[parent, moderate]);
    let kept = |run: &Reading| at(&centre(run), e.rising) / at(&centre(run), august);
    let gain = |run: &Reading| {
        ballot_share(run, later, &e.roles.second_city, &[right])
            - ballot_share(run, earlier, &e.roles.second_city, &[right])
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "rise of the share in two camps",
                "August to October",
                each(runs, |run| rise(run, "share_two_camps")),
                1e-9,
                OPEN,
            )
            .median_in(
                "rise of Esteban–Ray polarization",
                "August to October",
                each(runs, |run| rise(run, "esteban_ray")),
                1e-9,
                OPEN,
            )
            .median_in("centre parties' share that is left", "cities", each(runs, kept), OPEN, 0.5)
            .median_in("gain of the right", "ballots of the second city", each(runs, gain), 1e-9, OPEN)
            .line("Share in two camps", "all", courses(runs, |run| run.measure("share_two_camps", "all")))
            .line("Centre parties in the cities", "public", courses(runs, centre)),
    )
}

/// F22. Week by week and place by place, strikes go with hunger and closed enterprises up to two weeks before.
pub(super) fn hunger_drives_strikes(e: &Evidence<'_>) -> Option<Finding> {
    let bread = format!("grievance:{}", e.roles.hunger.as_deref()?);
    let correlation = |run: &Reading| {
        let best = |lag: i64| {
            let mut pairs = Vec::new();
            for scope in run.scopes("striking_share", "place:") {
                let (strikes, hunger, locked) = (
                    run.measure("striking_share", &scope),
                    run.measure(&bread, &scope),
                    run.measure("locked_share", &scope),
                );
                for week in 2..run.days as i64 / 7 {
                    let (from, to) = (7 * week, 7 * week + 7);
                    let cause = mean(&hunger, from - lag, to - lag) + mean(&locked, from - lag, to - lag);
                    let effect = mean(&strikes, from, to);
                    if !(cause.is_nan() || effect.is_nan()) {
                        // Ranks would do as well; the square root tames the few general strikes.
                        pairs.push((cause, effect.sqrt()));
                    }
                }
            }
            crate::observers::polarization::correlation(&pairs).unwrap_or(f64::NAN)
        };
        [0, 7, 14].map(best).into_iter().fold(f64::NAN, f64::max)
    };
    Some(Finding::default().median_in(
        "correlation of strikes with bread and closures, best lag of 0 to 14 days",
        "weeks and places",
        each(e.base(), correlation),
        0.2,
        OPEN,
    ))
}

/// F23. Seizures peak in the two months after the coup's; without furlough and letters soldiers of peasant origin shift
/// later.
pub(super) fn seizures_move_the_army(e: &Evidence<'_>) -> Option<Finding> {
    e.roles.peasants.as_ref()?;
    let peak = |run: &Reading| {
        let course = run.measure("seizures", "all");
        let weekly = |week: i64| mean(&course, 7 * week, 7 * week + 7);
        let best = (0..run.days as i64 / 7).max_by(|&a, &b| weekly(a).total_cmp(&weekly(b))).unwrap_or(0);
        if weekly(best) > 0.0 { (7 * best + 3) as f64 } else { f64::NAN }
    };
    let (first, _) = e.days_of_month(e.coup, 1)?;
    let (_, last) = e.days_of_month(e.coup, 2)?;
    let shift = |run: &Reading| -> f64 {
        let days: Vec<f64> = e
            .roles
            .fronts
            .iter()
            .map(|front| {
                let course = run.measure("tied_contending", &format!("place:{front}"));
                let day = first_day(&course, 0, |v| v >= 0.4);
                if day.is_nan() { run.days as f64 } else { day }
            })
            .collect();
        days.iter().sum::<f64>() / days.len().max(1) as f64
    };
    let later = e.pairs("no-furlough").map(|(with, without)| shift(without) - shift(with)).collect();
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "week of most seizures, day of the run",
                "volosts",
                each(runs, peak),
                first as f64,
                last as f64,
            )
            .median_in(
                "days by which the shift comes later without furlough and letters",
                "soldiers of peasant origin",
                later,
                1.0,
                OPEN,
            )
            .line("Volosts that seize land", "a day", courses(runs, |run| run.measure("seizures", "all"))),
    )
}

/// F24. With villages cut off, the bloc is clearly weaker among peasants in November: by at least three points.
pub(super) fn visits_carry_voices(e: &Evidence<'_>) -> Option<Finding> {
    let (party, ally) = (e.roles.party.as_deref()?, e.roles.ally.as_deref()?);
    let peasants = of(&[e.roles.peasants.as_ref()?]);
    let share = |run: &Reading| run.share(Voice::Private, &[], &peasants, &[party, ally]);
    let lower = e
        .pairs("isolated-villages")
        .map(|(with, without)| at(&share(with), e.rising + 18) - at(&share(without), e.rising + 18))
        .collect();
    Some(
        Finding::default()
            .median_in("support of the bloc that visits add", "peasants in November", lower, 0.03, OPEN)
            .line("Bloc among peasants", "as it was", courses(e.base(), share))
            .line("Bloc among peasants", "isolated villages", courses(e.runs("isolated-villages"), share)),
    )
}

/// F33. In the ballot of the whole country the parent party and its ally lead in rural regions, the party in the
/// capital, the second city, the front nearest to it and the fleet.
pub(super) fn villages_vote_their_own_way(e: &Evidence<'_>) -> Option<Finding> {
    let (party, ally, parent) =
        (e.roles.party.as_deref()?, e.roles.ally.as_deref()?, e.roles.parent.as_deref()?);
    let ballot = e.roles.assembly_ballot.as_deref()?;
    let lists: Vec<Vec<&str>> = [party, e.roles.moderate.as_deref()?, e.roles.right.as_deref()?]
        .map(|p| vec![p])
        .into_iter()
        .chain([vec![ally, parent]])
        .collect();
    // Lead of one list over the best of the others; joint lists hid the split of the family.
    let lead = |run: &Reading, places: &[String], list: usize| {
        let shares: Vec<f64> = lists.iter().map(|l| ballot_share(run, ballot, places, l)).collect();
        let others = shares.iter().enumerate().filter(|(i, _)| *i != list).map(|(_, s)| *s);
        shares[list] - others.fold(f64::NEG_INFINITY, f64::max)
    };
    let runs = e.base();
    let mut finding = Finding::default();
    for place in &e.roles.rural {
        let places = std::slice::from_ref(place);
        finding = finding.median_in(
            "lead of the family",
            place,
            each(runs, |run| lead(run, places, 3)),
            1e-9,
            OPEN,
        );
    }
    finding = finding.median_in(
        "lead of the party",
        "capital",
        each(runs, |run| lead(run, &e.roles.capital, 0)),
        1e-9,
        OPEN,
    );
    for place in e.roles.strongholds.iter().filter(|p| !e.roles.capital.contains(p)) {
        let places = std::slice::from_ref(place);
        finding =
            finding.median_in("lead of the party", place, each(runs, |run| lead(run, places, 0)), 1e-9, OPEN);
    }
    Some(finding)
}

/// F34. Between repression and coup more people are called by the party's name than support it, and more support it
/// than are members.
pub(super) fn labels_outrun_members(e: &Evidence<'_>) -> Option<Finding> {
    let party = e.roles.party.as_deref()?;
    let all = |run: &Reading| run.people(&[], &[]);
    let called = |run: &Reading| {
        mean(&run.measure(&format!("called:{party}"), "all"), e.repression, e.coup) / all(run)
    };
    let support = |run: &Reading| mean(&run.share(Voice::Private, &[], &[], &[party]), e.repression, e.coup);
    let members = |run: &Reading| {
        mean(&run.measure("members", &format!("party:{party}")), e.repression, e.coup) / all(run)
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "called so less those who support it",
                "all",
                each(runs, |run| called(run) - support(run)),
                1e-9,
                OPEN,
            )
            .median_in(
                "supporters less members",
                "all",
                each(runs, |run| support(run) - members(run)),
                1e-9,
                OPEN,
            )
            .shown("share", "called", each(runs, called))
            .shown("share", "support", each(runs, support))
            .shown("share", "members", each(runs, members)),
    )
}
