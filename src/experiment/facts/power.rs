//! Facts about arms, obedience, decisions and fights.

use std::collections::BTreeMap;

use super::{Course, Evidence, Finding, NEVER, OPEN, Power, Reading, Voice, at, first_day, mean};

fn each(runs: &[Reading], value: impl Fn(&Reading) -> f64) -> Vec<f64> {
    runs.iter().map(value).collect()
}

/// One or nought.
fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Power in every place beyond the capital's region.
fn elsewhere<'r>(e: &Evidence<'_>, run: &'r Reading) -> Vec<(&'r String, &'r Power)> {
    let capital = e.region_of(&e.roles.capital);
    let outside = |name: &String| e.regions.get(name).is_some_and(|region| Some(region.as_str()) != capital);
    run.powers().filter(|(name, _)| outside(name)).collect()
}

/// Whether there are places beside the capital to speak of, three at least.
fn has_other_regions(e: &Evidence<'_>) -> bool {
    e.base().iter().any(|run| elsewhere(e, run).len() > 2)
}

fn took_power(run: &Reading) -> bool {
    run.outcome.0 == "transfer"
}

/// F07. In at least nine of ten replicates fewer than a quarter obey when the march arrives; without agitators and
/// railwaymen it succeeds far more often: in at least half of the replicates more.
pub(super) fn coup_dissolves(e: &Evidence<'_>) -> Option<Finding> {
    let march = e.roles.coup_march.as_deref()?;
    let of = |run: &Reading| run.marches.iter().find(|m| m.name == march).cloned();
    let obedience = |run: &Reading| of(run).map_or(f64::NAN, |m| m.obedience);
    let success = |run: &Reading| of(run).map_or(0.0, |m| truth(m.succeeded));
    let share = |runs: &[Reading]| each(runs, success).iter().sum::<f64>() / runs.len().max(1) as f64;
    let more = share(e.runs("open-road")) - share(e.base());
    Some(
        Finding::default()
            .share_in("obedience on arrival", "as it was", each(e.base(), obedience), OPEN, 0.25, 0.9)
            .shown(
                "obedience on arrival",
                "without agitators and railwaymen",
                each(e.runs("open-road"), obedience),
            )
            .median_in(
                "success without agitators and railwaymen less success with them",
                "share of replicates",
                vec![more],
                0.5,
                OPEN,
            ),
    )
}

/// F21. The government's authority in the capital falls after the coup and does not recover; on the eve of the rising
/// fewer than a tenth obey.
pub(super) fn orders_are_ignored(e: &Evidence<'_>) -> Option<Finding> {
    let authority = |run: &Reading| -> Course {
        e.region_of(&e.roles.capital)
            .and_then(|r| run.power(r).map(|p| p.government.clone()))
            .unwrap_or_default()
    };
    let week = |course: &[f64], day: i64| mean(course, day - 3, day + 4);
    let recovery = |run: &Reading| {
        let course = authority(run);
        let lowest = |to: i64| (e.coup + 4..to).map(|d| week(&course, d)).fold(f64::INFINITY, f64::min);
        (e.coup + 11..e.rising - 3).map(|d| week(&course, d) - lowest(d)).fold(0.0, f64::max)
    };
    let fall = |run: &Reading| at(&authority(run), e.coup - 1) - week(&authority(run), e.coup + 14);
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "authority on the eve of the rising",
                "capital",
                each(runs, |run| at(&authority(run), e.rising - 1)),
                OPEN,
                0.1,
            )
            .median_in("fall of authority after the coup", "capital", each(runs, fall), 1e-9, OPEN)
            // A recovery is lasting if a week's mean stands a tenth above what had been reached.
            .median_in("largest recovery of a week's mean", "capital", each(runs, recovery), OPEN, 0.1)
            .line("Authority in the capital", "government", runs.iter().map(authority).collect()),
    )
}

/// F25. In the capital the soviets' authority passes the government's between the month after the coup's first day and
/// a fortnight before the rising; elsewhere later.
pub(super) fn dual_power_turns_over(e: &Evidence<'_>) -> Option<Finding> {
    let (september, _) = e.days_of_month(e.coup, 1)?;
    if !has_other_regions(e) {
        return None;
    }
    let turn = |run: &Reading, power: &Power| {
        // It has turned when a week's mean has.
        let smooth: Course = (0..run.days as i64)
            .map(|d| mean(&power.elected, d - 3, d + 4) - mean(&power.government, d - 3, d + 4))
            .collect();
        let day = first_day(&smooth, 0, |v| v > 0.0);
        if day.is_nan() { NEVER } else { day }
    };
    let capital = |run: &Reading| {
        let held = e.region_of(&e.roles.capital).and_then(|region| run.power(region));
        held.map_or(f64::NAN, |power| turn(run, power))
    };
    let others = |run: &Reading| {
        let days: Vec<f64> = elsewhere(e, run).into_iter().map(|(_, power)| turn(run, power)).collect();
        super::median(&days).unwrap_or(f64::NAN)
    };
    let runs = e.base();
    let of = |run: &Reading, elected: bool| -> Course {
        let Some(power) = e.region_of(&e.roles.capital).and_then(|r| run.power(r).cloned()) else {
            return vec![];
        };
        if elected { power.elected } else { power.government }
    };
    Some(
        Finding::default()
            .median_in(
                "day on which authority turns over, day of the run",
                "capital",
                each(runs, capital),
                september as f64,
                (e.rising - 15) as f64,
            )
            .median_in(
                "days later elsewhere",
                "median of the other regions",
                each(runs, |run| others(run) - capital(run)),
                1e-9,
                OPEN,
            )
            .line("Authority in the capital", "government", runs.iter().map(|r| of(r, false)).collect())
            .line("Authority in the capital", "elected bodies", runs.iter().map(|r| of(r, true)).collect()),
    )
}

/// F27. Two days before the rising nine of ten units of the capital have gone over; about 200 000 soldiers and 20 000 to
/// 40 000 workers' guards stand by.
pub(super) fn garrison_transfers(e: &Evidence<'_>) -> Option<Finding> {
    let day = e.rising - 2;
    let of = |run: &Reading| e.region_of(&e.roles.capital).and_then(|r| run.power(r).cloned());
    let junior = |run: &Reading| {
        // Units of those who elect the bodies: officer cadets are not among them.
        of(run).map_or(f64::NAN, |p| at(&p.units_over, day) / at(&p.units, day))
    };
    let soldiers =
        |run: &Reading| of(run).map_or(f64::NAN, |p| at(&p.armed_for, day) * e.people_per_agent / 1000.0);
    let guards =
        |run: &Reading| of(run).map_or(f64::NAN, |p| at(&p.guards, day) * e.people_per_agent / 1000.0);
    let runs = e.base();
    Some(
        Finding::default()
            .median_in("share of units that have gone over", "capital", each(runs, junior), 0.9, OPEN)
            .median_in("thousand soldiers and sailors", "capital", each(runs, soldiers), 140.0, 260.0)
            .median_in("thousand workers' guards", "capital", each(runs, guards), 20.0, 40.0),
    )
}

/// F28. Fewer than a quarter of the second city's dead fall in the capital; it is decided in at most two days, the second
/// city in four to ten.
pub(super) fn bloodless_in_the_capital(e: &Evidence<'_>) -> Option<Finding> {
    let second = e.region_of(&e.roles.second_city)?;
    let fight = |run: &Reading, region: &str| run.fights.iter().find(|f| f.place == region).cloned();
    let capital = |run: &Reading| fight(run, e.region_of(&e.roles.capital)?);
    let city = |run: &Reading| fight(run, second);
    let days = |f: &super::reading::Fight| f.decided.map_or(NEVER, |d| (d - f.began + 1) as f64);
    let runs = e.base();
    let losses = |run: &Reading| Some(capital(run)?.losses / city(run)?.losses.max(1.0));
    Some(
        Finding::default()
            .median_in(
                "dead in the capital over dead in the second city",
                "persons",
                each(runs, |run| losses(run).unwrap_or(f64::NAN)),
                OPEN,
                0.25,
            )
            .median_in(
                "days of fighting",
                "capital",
                each(runs, |run| capital(run).map_or(f64::NAN, |f| days(&f))),
                OPEN,
                2.0,
            )
            .median_in(
                "days of fighting",
                "second city",
                each(runs, |run| city(run).map_or(f64::NAN, |f| days(&f))),
                4.0,
                10.0,
            )
            .shown("dead", "capital", each(runs, |run| capital(run).map_or(f64::NAN, |f| f.losses)))
            .shown("dead", "second city", each(runs, |run| city(run).map_or(f64::NAN, |f| f.losses))),
    )
}

/// F29. Without leadership power has not passed 36 days after the rising's date in at least 19 of 20 replicates, and
/// attention, conviction and turnout have fallen.
pub(super) fn no_transfer_without_leadership(e: &Evidence<'_>) -> Option<Finding> {
    let end = e.rising + 36;
    let runs = e.runs("no-leadership");
    let passed = |run: &Reading| truth(took_power(run) && run.outcome.1.is_some_and(|d| d <= end));
    let change = |run: &Reading, name: &str| {
        let course = run.measure(name, "all");
        mean(&course, end - 7, end) - mean(&course, e.rising - 7, e.rising)
    };
    Some(
        Finding::default()
            .share_in("power has passed", "without leadership", each(runs, passed), OPEN, 0.0, 0.95)
            .median_in(
                "change of attention",
                "without leadership",
                each(runs, |run| change(run, "attention")),
                OPEN,
                -1e-9,
            )
            .median_in(
                "change of conviction",
                "without leadership",
                each(runs, |run| change(run, "conviction_mean")),
                OPEN,
                -1e-9,
            )
            .median_in(
                "change of turnout",
                "without leadership",
                each(runs, |run| change(run, "turnout")),
                OPEN,
                -1e-9,
            )
            .line(
                "Turnout if a ballot were held",
                "without leadership",
                runs.iter().map(|r| r.measure("turnout", "all")).collect(),
            )
            .line(
                "Turnout if a ballot were held",
                "as it was",
                e.base().iter().map(|r| r.measure("turnout", "all")).collect(),
            ),
    )
}

/// F30. Over the day of decision the chance of a transfer rises, peaks in a window and falls; late decisions end more
/// often in a second coup.
pub(super) fn timing_is_critical(e: &Evidence<'_>) -> Option<Finding> {
    let mut points: Vec<(i64, f64, f64)> = Vec::new();
    let leadership = e.roles.leadership.as_deref()?;
    for history in e.counterfactuals.iter().filter(|c| c.name.starts_with("decide-")) {
        let runs = e.runs(&history.name);
        let decided = runs.iter().flat_map(|r| &r.leaderships).find(|(name, ..)| name == leadership);
        let Some(day) = decided.and_then(|(_, decided, _)| *decided) else { continue };
        let share =
            |of: &dyn Fn(&Reading) -> bool| runs.iter().filter(|r| of(r)).count() as f64 / runs.len() as f64;
        let coup = share(&|run| {
            e.roles.second_coup.as_ref().is_some_and(|event| run.happened(event).is_some())
                && !took_power(run)
        });
        points.push((day, share(&took_power), coup));
    }
    points.sort_by_key(|p| p.0);
    let peak = points.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (first, last) = (points.first()?, points.last()?);
    let mut finding = Finding::default()
        .median_in(
            "chance of a transfer, best day less first",
            "share of replicates",
            vec![peak.1 - first.1],
            0.3,
            OPEN,
        )
        .median_in(
            "chance of a transfer, best day less last",
            "share of replicates",
            vec![peak.1 - last.1],
            0.2,
            OPEN,
        )
        .median_in(
            "chance of a second coup, last day less best",
            "share of replicates",
            vec![last.2 - peak.2],
            0.05,
            OPEN,
        );
    for (day, transfer, coup) in &points {
        finding = finding
            .shown("chance of a transfer by day of decision", &format!("day {day}"), vec![*transfer])
            .shown("chance of a second coup by day of decision", &format!("day {day}"), vec![*coup]);
    }
    Some(finding)
}

/// F31. Waverers who break ranks delay a rising by at most days where support is overwhelming, and undo or delay it by
/// more than a fortnight where it is marginal.
pub(super) fn waverers_and_the_tide(e: &Evidence<'_>) -> Option<Finding> {
    let leadership = e.roles.leadership.as_deref()?;
    let acted = |run: &Reading| {
        let found = run.leaderships.iter().find(|(name, ..)| name == leadership);
        found.and_then(|(_, _, acted)| *acted).map_or(NEVER, |d| d as f64)
    };
    let strong = e.pairs("no-waverers").map(|(with, without)| acted(with) - acted(without)).collect();
    let marginal: Vec<f64> = e
        .runs("marginal")
        .iter()
        .zip(e.runs("marginal-no-waverers"))
        .map(|(with, without)| acted(with) - acted(without))
        .collect();
    let undone = |history: &str| {
        let runs = e.runs(history);
        runs.iter().filter(|r| took_power(r)).count() as f64 / runs.len().max(1) as f64
    };
    Some(
        Finding::default()
            .median_in("days of delay", "strong tide", strong, OPEN, 5.0)
            .median_in("days of delay", "even balance", marginal, 14.0, OPEN)
            .shown("chance of a transfer", "even balance, waverers", vec![undone("marginal")])
            .shown("chance of a transfer", "even balance, no waverers", vec![undone("marginal-no-waverers")]),
    )
}

/// F32. Half of the places elsewhere are under the elected bodies' power within three weeks of the transfer in the
/// capital, cities and industrial places before the others.
pub(super) fn power_spreads(e: &Evidence<'_>) -> Option<Finding> {
    if e.roles.capital.is_empty() || !has_other_regions(e) {
        return None;
    }
    let taken = |run: &Reading| -> BTreeMap<String, f64> {
        elsewhere(e, run)
            .into_iter()
            .map(|(name, power)| {
                let day = first_day(&power.held, 0, |v| v > 0.5);
                (name.clone(), if day.is_nan() { NEVER } else { day })
            })
            .collect()
    };
    let half = |run: &Reading| {
        let days: Vec<f64> = taken(run).into_values().collect();
        let start = run.outcome.1.filter(|_| took_power(run));
        start.map_or(NEVER, |s| super::median(&days).unwrap_or(NEVER) - s as f64)
    };
    let first = |run: &Reading| {
        let days = taken(run);
        let middle = |industrial: bool| {
            let own: Vec<f64> = days
                .iter()
                .filter(|(name, _)| e.roles.industrial.contains(name) == industrial)
                .map(|(_, d)| *d)
                .collect();
            super::median(&own).unwrap_or(f64::NAN)
        };
        middle(false) - middle(true)
    };
    let runs = e.base();
    let count = |run: &Reading| -> Course {
        let mut course = vec![0.0; run.days];
        for (name, power) in run.powers() {
            if e.regions.contains_key(name) {
                for (sum, held) in course.iter_mut().zip(&power.held) {
                    *sum += if *held > 0.5 { 1.0 } else { 0.0 };
                }
            }
        }
        course
    };
    Some(
        Finding::default()
            .median_in("days until half of the places", "after the capital", each(runs, half), 1.0, 21.0)
            .median_in(
                "days by which others are later than industrial places",
                "medians",
                each(runs, first),
                1e-9,
                OPEN,
            )
            .line("Places under the elected bodies", "count", runs.iter().map(count).collect()),
    )
}

/// F35. The church decree moves less than a tenth of what the land decree moves; believers pulled two ways appear at the
/// procession and in the disorder; the disorder is a short spike.
pub(super) fn church_and_cellars_move_little(e: &Evidence<'_>) -> Option<Finding> {
    let party = e.roles.party.as_deref()?;
    let (church, land) = (e.roles.church_decree.as_deref()?, e.roles.land_decree.as_deref()?);
    let support = |run: &Reading| run.share(Voice::Private, &[], &[], &[party]);
    let with = e.runs("winter");
    let effect = |history: &str, event: &str| -> Vec<f64> {
        with.iter()
            .zip(e.runs(history))
            .map(|(a, b)| {
                let Some(day) = a.happened(event) else { return f64::NAN };
                (mean(&support(a), day + 1, day + 15) - mean(&support(b), day + 1, day + 15)).abs()
            })
            .collect()
    };
    let (of_church, of_land) = (effect("winter-no-church", church), effect("winter-no-land", land));
    let ratio = of_church.iter().zip(&of_land).map(|(a, b)| a / b).collect();
    let torn_at = |run: &Reading, event: Option<&str>| {
        let Some(day) = event.and_then(|n| run.happened(n)) else { return 0.0 };
        let course = run.measure("gathered_torn", "all");
        (day..day + 20).map(|d| at(&course, d)).filter(|v| !v.is_nan()).sum()
    };
    let disorder = |run: &Reading| -> Course {
        let mut all: Course = vec![0.0; run.days];
        for scope in run.scopes("disorder", "region:") {
            for (sum, v) in all.iter_mut().zip(run.measure("disorder", &scope)) {
                *sum = sum.max(if v.is_nan() { 0.0 } else { v });
            }
        }
        all
    };
    let length = |run: &Reading| {
        let course = disorder(run);
        let peak = course.iter().copied().fold(0.0, f64::max);
        if peak <= 0.0 { f64::NAN } else { course.iter().filter(|&&v| v > 0.5 * peak).count() as f64 }
    };
    Some(
        Finding::default()
            .median_in(
                "effect of the church decree over that of the land decree",
                "support",
                ratio,
                OPEN,
                0.1,
            )
            .median_in(
                "believers of the left at the procession",
                "agents",
                each(with, |run| torn_at(run, e.roles.procession.as_deref())),
                1.0,
                OPEN,
            )
            .median_in(
                "believers of the left in the disorder",
                "agents",
                each(with, |run| torn_at(run, e.roles.disorder.as_deref())),
                1.0,
                OPEN,
            )
            .median_in("days above half its peak", "disorder", each(with, length), 1.0, 14.0)
            .line("Disorder", "share of those within reach", with.iter().map(disorder).collect()),
    )
}

/// F36. Unrest spreads with news; power passes only where leadership is above nought; units sent against it mutiny as
/// contact grows.
pub(super) fn wave_abroad(e: &Evidence<'_>) -> Option<Finding> {
    let led = &e.roles.countries_with_leadership;
    if led.is_empty() {
        return None;
    }
    let runs = e.base();
    let held = |run: &Reading, place: &str| run.power(place).is_some_and(|p| p.held.iter().any(|&v| v > 0.5));
    let others = |run: &Reading| {
        run.powers()
            .filter(|(name, _)| !led.contains(name) && name.as_str() != "*")
            .filter(|(name, _)| held(run, name))
            .count() as f64
    };
    let with = |run: &Reading| led.iter().filter(|place| held(run, place)).count() as f64 / led.len() as f64;
    let unrest = |run: &Reading| mean(&run.measure("strikers", "all"), 0, run.days as i64);
    let mut finding = Finding::default()
        .share_in(
            "countries without leadership where power passes",
            "count",
            each(runs, others),
            OPEN,
            0.0,
            0.95,
        )
        .median_in("share of countries with leadership where it passes", "share", each(runs, with), 0.5, OPEN)
        .line("On strike", "with news", runs.iter().map(|r| r.measure("strikers", "all")).collect());
    if !e.runs("no-news").is_empty() {
        let more =
            e.pairs("no-news").map(|(with, without)| unrest(with) / unrest(without).max(1.0) - 1.0).collect();
        finding = finding
            .median_in("strikers more with news than without", "all countries", more, 1e-9, OPEN)
            .line(
                "On strike",
                "without news",
                e.runs("no-news").iter().map(|r| r.measure("strikers", "all")).collect(),
            );
    }
    if !e.runs("close-contact").is_empty() {
        let obedience = |run: &Reading| {
            let all: Vec<f64> = run.marches.iter().map(|m| m.obedience).collect();
            all.iter().sum::<f64>() / all.len().max(1) as f64
        };
        let less = e
            .runs("close-contact")
            .iter()
            .zip(e.runs("no-contact"))
            .map(|(a, b)| obedience(b) - obedience(a));
        finding = finding.median_in("obedience lost to contact", "units sent", less.collect(), 1e-9, OPEN);
    }
    Some(finding)
}
