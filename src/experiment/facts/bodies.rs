//! Facts about committees, soviets, congresses and conferences.

use std::collections::BTreeMap;

use super::{Course, Evidence, Finding, Majority, NEVER, OPEN, Reading, Voice, at, first_day, mean};

fn each(runs: &[Reading], value: impl Fn(&Reading) -> f64) -> Vec<f64> {
    runs.iter().map(value).collect()
}

/// Soviets whose majorities are counted: those the scenario names, by the name of their family.
fn is_counted(e: &Evidence<'_>, body: &str) -> bool {
    e.roles.bodies.iter().any(|family| body == family || body.starts_with(&format!("{family}: ")))
}

/// Cumulative number of counted soviets with a majority of the bloc, by day.
fn majorities_by_day(e: &Evidence<'_>, run: &Reading, bloc: &str) -> Course {
    let mut course = vec![0.0; run.days];
    for m in run.majorities.iter().filter(|m| m.of == bloc && is_counted(e, &m.body)) {
        if let Some(first) = m.first {
            for value in course.iter_mut().skip(first.max(0) as usize) {
                *value += 1.0;
            }
        }
    }
    course
}

/// F11. The capital carries soviet power within a week of four days after the coup, the cities that follow within three
/// weeks of it; the count of soviets with a majority is steepest in the two months after the coup's; without news a
/// majority comes later by at least a day on average.
pub(super) fn capital_leads(e: &Evidence<'_>) -> Option<Finding> {
    let (resolution, bloc) = (e.roles.power_resolution.as_deref()?, e.roles.bloc.as_deref()?);
    let capital = e.roles.capital_body.as_deref()?;
    if e.roles.city_bodies.is_empty() {
        return None;
    }
    let day = |run: &Reading, body: &str| {
        run.first_carried(body, resolution, e.repression).map_or(NEVER, |d| d as f64)
    };
    let followers: Vec<&str> =
        e.roles.city_bodies.iter().chain(e.roles.forerunner_body.as_ref()).map(String::as_str).collect();
    let steepest = |run: &Reading| {
        let course = majorities_by_day(e, run, bloc);
        let gain = |d: i64| at(&course, d + 7) - at(&course, d);
        let best = (0..run.days as i64 - 7).max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a)));
        best.map_or(f64::NAN, |d| (d + 3) as f64)
    };
    // The area between the two counts, per majority won: how many days later a majority comes on average.
    let later = e
        .pairs("no-news")
        .map(|(with, without)| {
            let (with, without) = (majorities_by_day(e, with, bloc), majorities_by_day(e, without, bloc));
            let won = with.last().copied().unwrap_or(0.0);
            with.iter().zip(&without).map(|(a, b)| a - b).sum::<f64>() / won
        })
        .collect();
    let (_, first) = e.days_of_month(e.coup, 0)?;
    let (_, last) = e.days_of_month(e.coup, 2)?;
    let runs = e.base();
    let mut finding = Finding::default().median_in(
        "day of the vote less day of the coup",
        "capital",
        each(runs, |run| day(run, capital) - e.coup as f64),
        -3.0,
        11.0,
    );
    for body in followers {
        finding = finding.median_in(
            "days after the capital's vote",
            body,
            each(runs, |run| day(run, body) - day(run, capital)),
            OPEN,
            21.0,
        );
    }
    Some(
        finding
            // The week after the coup begins in its month; its middle is what counts.
            .median_in(
                "middle of the steepest week, day of the run",
                "soviets",
                each(runs, steepest),
                first as f64 - 1.0,
                last as f64,
            )
            .median_in(
                "days by which a majority comes later without news (mean)",
                "soviets",
                later,
                1.0,
                OPEN,
            )
            .line(
                "Soviets with a majority of the bloc",
                "as it was",
                runs.iter().map(|r| majorities_by_day(e, r, bloc)).collect(),
            )
            .line(
                "Soviets with a majority of the bloc",
                "without news",
                e.runs("no-news").iter().map(|r| majorities_by_day(e, r, bloc)).collect(),
            ),
    )
}

/// F12. In the month after the coup, the party's share of a soviet's seats goes with the logarithm of its size.
pub(super) fn bigger_are_stronger(e: &Evidence<'_>) -> Option<Finding> {
    let scope = format!("party:{}", e.roles.party.as_deref()?);
    let (from, to) = e.days_of_month(e.coup, 1)?;
    let value = |run: &Reading| mean(&run.measure("size_correlation", &scope), from, to);
    Some(Finding::default().median_in(
        "correlation of log size and share",
        "soviets",
        each(e.base(), value),
        1e-9,
        OPEN,
    ))
}

/// F13. Nineteen days after the coup the party is stronger among the masses than in their soviets, in at least four of
/// five places.
pub(super) fn masses_are_ahead(e: &Evidence<'_>) -> Option<Finding> {
    let (party, day) = (e.roles.party.as_deref()?, e.coup + 19);
    let ahead = |run: &Reading| {
        let (mut ahead, mut all) = (0.0, 0.0);
        for (body, place) in &run.body_places {
            let seats = at(&run.seats(body, party), day);
            if !is_counted(e, body) || seats.is_nan() {
                continue;
            }
            let places = if place == "*" { e.roles.capital.clone() } else { vec![place.clone()] };
            let masses = at(&run.share_of_speaking(&places, &e.roles.masses, &[party]), day);
            all += 1.0;
            ahead += f64::from(u8::from(masses > seats));
        }
        if all > 0.0 { ahead / all } else { f64::NAN }
    };
    Some(Finding::default().median_in(
        "share of places where the masses are ahead",
        "soviets",
        each(e.base(), ahead),
        0.8,
        OPEN,
    ))
}

/// F14. The median day of the first majority rises from level to level: nearest the floor, sooner.
///
/// Levels are compared within the regions that have both, and the median region counts: where one level is found in the
/// capital alone and another everywhere, their plain medians would tell places apart and not levels. A level that no region
/// shares (an executive of the whole country) is compared over all.
pub(super) fn floor_turns_sooner(e: &Evidence<'_>) -> Option<Finding> {
    let bloc = e.roles.bloc.as_deref()?;
    let levels = &e.roles.levels;
    if levels.len() < 2 {
        return None;
    }
    let region = |m: &Majority| {
        let is_capital = m.place == "*" && e.roles.capital_body.as_deref() == Some(m.body.as_str());
        let places = if is_capital { e.roles.capital.as_slice() } else { std::slice::from_ref(&m.place) };
        e.region_of(places).unwrap_or_default().to_owned()
    };
    let turned = |run: &Reading, level: &str| -> BTreeMap<String, Vec<f64>> {
        let mut by_region: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        // Bodies that began with a majority have not turned.
        let ours = |m: &&Majority| m.of == bloc && m.level == level && m.first != Some(0);
        for majority in run.majorities.iter().filter(ours) {
            let day = majority.first.map_or(NEVER, |d| d as f64);
            by_region.entry(region(majority)).or_default().push(day);
        }
        by_region
    };
    let middle = |by_region: &BTreeMap<String, Vec<f64>>| {
        super::median(&by_region.values().flatten().copied().collect::<Vec<f64>>()).unwrap_or(f64::NAN)
    };
    let later = |run: &Reading, lower: &str, upper: &str| {
        let (lower, upper) = (turned(run, lower), turned(run, upper));
        let within: Vec<f64> = upper
            .iter()
            .filter_map(|(region, days)| Some(super::median(days)? - super::median(lower.get(region)?)?))
            .collect();
        super::median(&within).unwrap_or_else(|| middle(&upper) - middle(&lower))
    };
    let runs = e.base();
    let mut finding = Finding::default();
    for pair in levels.windows(2) {
        let label = format!("{} before {}", pair[0], pair[1]);
        let days = each(runs, |run| later(run, &pair[0], &pair[1]));
        finding = finding.median_in("days between median first majorities", &label, days, 1e-9, OPEN);
    }
    for level in levels {
        let days = each(runs, |run| middle(&turned(run, level)));
        finding = finding.shown("median day of the first majority", level, days);
    }
    Some(finding)
}

/// F15. Active soviets and their attendance fall after the repression and rise after the coup; in the provinces most are
/// founded in the two months after the coup's.
pub(super) fn fade_and_revive(e: &Evidence<'_>) -> Option<Finding> {
    let change = |run: &Reading, name: &str, from: i64, to: i64| {
        let course = run.measure(name, "all");
        mean(&course, to, to + 7) - mean(&course, from - 7, from)
    };
    // What is founded meanwhile is not counted as revival.
    let active = |run: &Reading, from: i64, to: i64| {
        let share = |day: i64| {
            mean(&run.measure("active_bodies", "all"), day, day + 7)
                / mean(&run.measure("founded_bodies", "all"), day, day + 7)
        };
        share(to) - share(from - 7)
    };
    let (september, _) = e.days_of_month(e.coup, 1)?;
    let (_, october_end) = e.days_of_month(e.coup, 2)?;
    let founded = |run: &Reading| {
        let (mut then, mut all) = (0.0, 0.0);
        for scope in run.scopes("founded_bodies", "region:") {
            let course = run.measure("founded_bodies", &scope);
            then += at(&course, october_end) - at(&course, september - 1);
            all += at(&course, october_end) - at(&course, 0);
        }
        then / all
    };
    let runs = e.base();
    if e.roles.provinces.is_empty() {
        return None;
    }
    Some(
        Finding::default()
            .median_in(
                "change of attendance",
                "after the repression",
                each(runs, |run| change(run, "attendance", e.repression, e.repression + 28)),
                OPEN,
                -1e-9,
            )
            .median_in(
                "change of attendance",
                "after the coup",
                each(runs, |run| change(run, "attendance", e.coup, e.coup + 14)),
                1e-9,
                OPEN,
            )
            .median_in(
                "change of the share that is active",
                "after the repression",
                each(runs, |run| active(run, e.repression, e.repression + 28)),
                OPEN,
                -1e-9,
            )
            .median_in(
                "change of the share that is active",
                "after the coup",
                each(runs, |run| active(run, e.coup, e.coup + 14)),
                1e-9,
                OPEN,
            )
            .median_in(
                "share of foundings that fall",
                "in the two months after",
                each(runs, founded),
                0.5,
                OPEN,
            )
            .line("Attendance", "mean", runs.iter().map(|r| r.measure("attendance", "all")).collect())
            .line("Soviets", "active", runs.iter().map(|r| r.measure("active_bodies", "all")).collect())
            .line("Soviets", "founded", runs.iter().map(|r| r.measure("founded_bodies", "all")).collect()),
    )
}

/// F16. The forerunner's majority comes at least three weeks before the congress; most of its units refuse to be
/// withdrawn.
pub(super) fn forerunner_is_first(e: &Evidence<'_>) -> Option<Finding> {
    let (body, bloc) = (e.roles.forerunner_body.as_deref()?, e.roles.bloc.as_deref()?);
    let order = e.roles.withdrawal.as_deref()?;
    let weeks = |run: &Reading| e.rising as f64 - run.first_majority(body, bloc).map_or(NEVER, |d| d as f64);
    let obeyed = |run: &Reading| {
        let of_order =
            run.events.iter().filter(|(_, name, _)| name == order).filter_map(|(_, _, order)| *order);
        let (obeyed, asked) = of_order.fold((0, 0), |sum, (o, a)| (sum.0 + o, sum.1 + a));
        if asked > 0 { obeyed as f64 / asked as f64 } else { f64::NAN }
    };
    let runs = e.base();
    Some(
        Finding::default()
            .median_in("days from the majority to the congress", body, each(runs, weeks), 21.0, OPEN)
            .median_in(
                "share of units that obey the withdrawal",
                "forerunner",
                each(runs, obeyed),
                OPEN,
                0.5,
            ),
    )
}

/// F18. Fewer resolutions for power are carried in the two months from the repression's than in the month before; they
/// rise in the two months after the coup's.
pub(super) fn slogan_dropped_and_raised(e: &Evidence<'_>) -> Option<Finding> {
    let of_soviets = e.roles.power_resolution.as_deref()?;
    if e.repression < 0 || e.coup < 0 {
        return None;
    }
    let is_for_power = |r: &str| r == of_soviets || e.roles.shop_resolution.as_deref() == Some(r);
    let carried = |run: &Reading, after: i64| {
        let (from, to) = e.days_of_month(e.repression, after).unwrap_or((0, 0));
        // The month of the coup counts until the coup.
        let end = if after == 1 { e.coup } else { to };
        let of = |(day, _, r): &&(i64, String, String)| (from..end).contains(day) && is_for_power(r);
        run.carried.iter().filter(of).count() as f64 * (to - from) as f64 / (end - from).max(1) as f64
    };
    let summer = |run: &Reading| 0.5 * (carried(run, 0) + carried(run, 1));
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "carried in a month of summer less June",
                "soviets and factories",
                each(runs, |run| summer(run) - carried(run, -1)),
                OPEN,
                -1e-9,
            )
            .median_in(
                "carried in September less a month of summer",
                "soviets and factories",
                each(runs, |run| carried(run, 2) - summer(run)),
                1e-9,
                OPEN,
            )
            .median_in(
                "carried in October less September",
                "soviets and factories",
                each(runs, |run| carried(run, 3) - carried(run, 2)),
                0.0,
                OPEN,
            )
            .shown("carried in a month", "June", each(runs, |run| carried(run, -1)))
            .shown("carried in a month", "September", each(runs, |run| carried(run, 2))),
    )
}

/// F20. The appointed conference stands at least three times as far from the masses as the elected congress (total
/// variation between seats and what the masses who speak say).
pub(super) fn conference_out_of_touch(e: &Evidence<'_>) -> Option<Finding> {
    let (conference, congress) = (e.roles.conference_body.as_deref()?, e.roles.congress_body.as_deref()?);
    let parties: Vec<&str> =
        [&e.roles.party, &e.roles.ally, &e.roles.parent, &e.roles.moderate, &e.roles.right]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
    let distance = |run: &Reading, body: &str, from: i64| {
        let day = first_day(&run.seats(body, parties[0]), from, |_| true);
        if day.is_nan() {
            return f64::NAN;
        }
        let day = day as i64;
        0.5 * parties
            .iter()
            .map(|p| {
                let masses = at(&run.share_of_speaking(&[], &e.roles.masses, &[p]), day);
                (at(&run.seats(body, p), day) - masses).abs()
            })
            .sum::<f64>()
    };
    let second = |run: &Reading| session(run, congress, e.coup).unwrap_or(e.rising);
    let ratio = |run: &Reading| distance(run, conference, 0) / distance(run, congress, second(run));
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "distance of the conference over that of the congress",
                "total variation",
                each(runs, ratio),
                3.0,
                OPEN,
            )
            .shown("distance", "conference", each(runs, |run| distance(run, conference, 0)))
            .shown("distance", "congress", each(runs, |run| distance(run, congress, second(run)))),
    )
}

/// The first day after `after` on which the seats of a body change.
fn session(run: &Reading, body: &str, after: i64) -> Option<i64> {
    let parties: Vec<String> =
        run.majorities.iter().filter(|m| m.body == body).map(|m| m.of.clone()).collect();
    let courses: Vec<Course> = parties.iter().map(|p| run.seats(body, p)).collect();
    (after.max(1)..run.days as i64).find(|&d| {
        courses
            .iter()
            .any(|c| (at(c, d) - at(c, d - 1)).abs() > 1e-9 || (at(c, d - 1).is_nan() && !at(c, d).is_nan()))
    })
}

/// F26. The executive's seats do not change between the congresses; the second congress has a majority of the bloc.
pub(super) fn executive_is_last(e: &Evidence<'_>) -> Option<Finding> {
    let (executive, congress) = (e.roles.executive_body.as_deref()?, e.roles.congress_body.as_deref()?);
    let (party, ally) = (e.roles.party.as_deref()?, e.roles.ally.as_deref()?);
    let days = |run: &Reading| (session(run, congress, 0), session(run, congress, e.coup));
    let moved = |run: &Reading| {
        let (Some(first), Some(second)) = days(run) else { return f64::NAN };
        let course = run.seats(executive, party);
        (first + 1..second).map(|d| (at(&course, d) - at(&course, first)).abs()).fold(0.0, f64::max)
    };
    let held = |run: &Reading| {
        let Some(second) = days(run).1 else { return f64::NAN };
        at(&run.seats(congress, party), second) + at(&run.seats(congress, ally), second)
    };
    let late = |run: &Reading| days(run).1.map_or(NEVER, |d| (d - e.rising) as f64);
    let runs = e.base();
    Some(
        Finding::default()
            .median_in(
                "largest change of the executive's seats",
                "between the congresses",
                each(runs, moved),
                OPEN,
                1e-9,
            )
            .median_in("share of the bloc", "second congress", each(runs, held), 0.5, OPEN)
            .shown("days after its date", "second congress", each(runs, late))
            .line(
                "Bloc's share of seats",
                executive,
                runs.iter().map(|r| sum(&r.seats(executive, party), &r.seats(executive, ally))).collect(),
            )
            .line(
                "Bloc among the masses",
                "public",
                runs.iter().map(|r| r.share(Voice::Public, &[], &e.roles.masses, &[party, ally])).collect(),
            ),
    )
}

fn sum(a: &[f64], b: &[f64]) -> Course {
    a.iter().zip(b).map(|(x, y)| x + y).collect()
}
