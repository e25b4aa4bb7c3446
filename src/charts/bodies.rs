//! Soviets and the bodies above and below them: composition, majorities, and who turned first.

use super::counts::Seats;
use super::figure::{Figure, KeyShown, Row};
use super::legend::{Party, PartyKind};
use super::plot::{Dot, Fill, Format, Label, Plot, Series, top_of};
use super::quantiles::{Band, bands, means};
use super::run::Run;
use super::series::{columns_for, dated, key_of};
use super::theme::{DASHED, DASHES, SOLID, TEXT, viridis};
use std::collections::BTreeMap;

/// The largest single bodies: seat shares stacked from left to right of the spectrum.
pub(super) fn composition(run: &Run<'_>) -> Option<Figure> {
    let seats = run.seats.as_ref()?;
    let bodies: Vec<usize> = seats.singles().into_iter().take(3).collect();
    let mut plots = bodies.iter().map(|&body| composition_of(run, seats, body));
    let first = plots.next()?;
    let rest: Vec<Plot> = plots.collect();
    let mut rows = vec![Row { height: 360.0, plots: vec![first] }];
    if !rest.is_empty() {
        rows.push(Row { height: 210.0, plots: rest });
    }
    let how = if seats.replicates() > 1 {
        format!(
            " Means of {} replicates; dots are median dates of a first majority (in brackets, if it does not always come, \
             how often), bars their 5–95\u{a0}% range.",
            seats.replicates()
        )
    } else {
        " Dots mark the first day of a majority.".to_owned()
    };
    let has_seats = |party: usize| {
        bodies.iter().any(|&body| seats.bands(&[body], party).iter().any(|band| band.q[4] > 0.0))
    };
    let seated =
        (0..seats.parties.len()).filter(|&party| has_seats(party)).map(|party| &seats.parties[party]);
    let shown = seated.filter(|name| run.legend.party(name).kind == PartyKind::Party);
    Some(Figure {
        name: "soviet_composition".to_owned(),
        title: "Seats by party in the largest bodies".to_owned(),
        subtitle: format!(
            "Share of seats by party, from the left (bottom) to the right; dashed, half of the seats.{how}"
        ),
        key: key_of(&run.legend.leftmost_first(shown)),
        key_shown: KeyShown::Always,
        rows,
    })
}

fn composition_of(run: &Run<'_>, seats: &Seats, body: usize) -> Plot {
    let name = &seats.bodies[body].name;
    let mut plot = Plot::new(&run.legend.label("body", name), Format::Percent, 1.0);
    plot.rules.push(0.5);
    let parties = run.legend.leftmost_first(seats.parties.iter());
    let mut floor: BTreeMap<i64, f64> = BTreeMap::new();
    for party in parties.iter().filter(|p| p.kind != PartyKind::Bloc) {
        let Some(index) = seats.parties.iter().position(|p| *p == party.name) else { continue };
        let courses = seats.shares(&[body], &[index]);
        let shares = means(seats.days(), courses.len(), |r, d| courses[r][d]);
        if shares.iter().all(|b| b.q[2] <= 0.0) {
            continue;
        }
        let mut lower = Vec::with_capacity(shares.len());
        let mut upper = Vec::with_capacity(shares.len());
        for share in &shares {
            let base = floor.entry(share.day as i64).or_insert(0.0);
            lower.push((share.day, base.min(1.0)));
            *base += share.q[2];
            upper.push((share.day, base.min(1.0)));
        }
        let label = end_label(party, &shares, &lower);
        let name = if label.is_some() { String::new() } else { party.label.clone() };
        plot.labels.extend(label);
        plot.fills.push(Fill { lower, upper, colour: party.colour, alpha: 0.82, edge: true, name });
    }
    let mut whos: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for claim in run.majorities.of_body(name) {
        whos.entry(&claim.who).or_default().extend(claim.days());
    }
    for (who, days) in whos {
        let party = run.legend.party(who);
        let Some((day, range)) = dated(&days).filter(|(day, _)| *day > run.timeline.first) else { continue };
        let count = days.iter().filter(|day| day.is_finite()).count();
        let how_often = match count * 100 / seats.replicates().max(1) {
            100.. => String::new(),
            share => format!(" ({share}\u{a0}%)"),
        };
        let text = format!("{} {}{how_often}", party.label, run.timeline.short(day));
        plot.dots.push(Dot { day, range, value: 0.5, colour: TEXT, text });
    }
    plot
}

/// The name and last share of an area, beside its end; nothing if it is hardly there any more.
fn end_label(party: &Party, shares: &[Band], lower: &[(f64, f64)]) -> Option<Label> {
    let (last, base) = (shares.last()?, lower.last()?);
    (last.q[2] >= 0.02).then(|| Label {
        value: base.1 + last.q[2] / 2.0,
        text: format!("{} {:.0}\u{a0}%", party.label, last.q[2] * 100.0),
        short: party.short.clone(),
        colour: party.colour,
    })
}

/// One panel a level: the share of its bodies that each party or bloc holds.
pub(super) fn majorities(run: &Run<'_>) -> Option<Figure> {
    let mut levels: Vec<&str> = Vec::new();
    for level in run.seats.iter().flat_map(|s| &s.levels).chain(&run.majorities.levels) {
        if !levels.contains(&level.as_str()) && run.majorities.levels.contains(level) {
            levels.push(level);
        }
    }
    let whos = run.legend.leftmost_first(run.majorities.whos().into_iter());
    let whos: Vec<String> = whos.into_iter().map(|p| p.name).collect();
    let plots: Vec<Plot> =
        levels.iter().take(9).filter_map(|level| majorities_of(run, level, &whos)).collect();
    let columns = columns_for(plots.len());
    let height = if columns == 1 { 380.0 } else { 230.0 };
    let mut figure = Figure::grid("majorities", "Majorities over time", columns, height, plots);
    figure.subtitle = format!(
        "Share of the bodies of each level in which a party or bloc holds more than half of the seats.{}",
        run.bands_in_words()
    );
    let is_drawn = |party: &Party| {
        figure.rows.iter().flat_map(|row| &row.plots).flat_map(|p| &p.series).any(|s| s.short == party.short)
    };
    let parties: Vec<Party> = whos.iter().map(|who| run.legend.party(who)).filter(is_drawn).collect();
    figure.key = key_of(&parties);
    (!figure.rows.is_empty()).then_some(figure)
}

fn majorities_of(run: &Run<'_>, level: &str, whos: &[String]) -> Option<Plot> {
    let singles: Vec<usize> = run.seats.as_ref().map_or_else(Vec::new, |seats| {
        seats.of_level(level).into_iter().filter(|&b| !seats.bodies[b].is_family).collect()
    });
    let count = if singles.is_empty() { run.majorities.members(level) } else { singles.len() };
    let mut plot = Plot::new(&run.legend.label("level", level), Format::Percent, 1.0);
    plot.note = match (singles.len(), run.replicates()) {
        (0, _) => format!("Share of {count} bodies that have had such a majority by then"),
        (1, 1) => "One body: held (100\u{a0}%) or not".to_owned(),
        (1, _) => "One body: share of replicates in which it is held".to_owned(),
        (2..5, 2..) => format!("Share of {count} bodies, mean of the replicates"),
        _ => format!("Share of {count} bodies"),
    };
    for (i, who) in whos.iter().enumerate() {
        let party = run.legend.party(who);
        let seats = run.seats.as_ref().filter(|_| !singles.is_empty());
        let held = seats.and_then(|seats| held_share(seats, &singles, &party));
        // Among lines that rise and fall, one that can only rise has to say so.
        if held.is_none() && seats.is_some() && !plot.note.ends_with(REACHED) {
            plot.note.push_str(REACHED);
        }
        let found = held.unwrap_or_else(|| reached_share(run, level, who, count));
        if found.iter().all(|b| b.q[4] < 0.01) {
            continue;
        }
        let dash = if party.kind == PartyKind::Bloc { DASHED } else { DASHES[(i % 3) * 2] };
        plot.series.push(Series {
            short: party.short.clone(),
            width: if party.kind == PartyKind::Bloc { 2.6 } else { 2.0 },
            ..Series::new(&party.label, party.colour, dash, found)
        });
    }
    (!plot.series.is_empty()).then_some(plot)
}

/// Said of blocs whose members are not known.
const REACHED: &str = "; dashed, have had it by then";

/// The share of single `bodies` that `who` holds, counted from the seats of each day.
///
/// `None` for a bloc whose members the legend does not give.
fn held_share(seats: &Seats, bodies: &[usize], who: &Party) -> Option<Vec<Band>> {
    let names: &[String] =
        if who.kind == PartyKind::Bloc { &who.members } else { std::slice::from_ref(&who.name) };
    let members: Vec<usize> =
        names.iter().filter_map(|name| seats.parties.iter().position(|p| p == name)).collect();
    if members.is_empty() {
        return None;
    }
    let mut held = vec![vec![0.0; seats.days().len()]; seats.replicates()];
    for &body in bodies {
        let shares = seats.shares(&[body], &members);
        for (held, share) in held.iter_mut().flatten().zip(shares.iter().flatten()) {
            *held += f64::from(u8::from(*share > 0.5 + 1e-9)) / bodies.len() as f64;
        }
    }
    let value = |r: usize, d: usize| held[r][d];
    // The median of a few zeros and ones says nothing: then the mean does.
    Some(if bodies.len() < 5 {
        means(seats.days(), seats.replicates(), value)
    } else {
        bands(seats.days(), seats.replicates(), value)
    })
}

/// The share of `count` bodies in which `who` has reached a majority by each day.
///
/// Of the members of a family only first days are known for certain, since a majority lost may come back.
fn reached_share(run: &Run<'_>, level: &str, who: &str, count: usize) -> Vec<Band> {
    let days = run.majorities.days();
    let mut reached = run.majorities.reached(level, who);
    reached.resize(run.replicates(), vec![0.0; days.len()]);
    let value = |r: usize, d: usize| reached[r][d] / count.max(1) as f64;
    if count < 5 { means(days, reached.len(), value) } else { bands(days, reached.len(), value) }
}

/// One line a level: the seats of the party or bloc that leads at the end, with the date of its first majority.
pub(super) fn by_level(run: &Run<'_>) -> Option<Figure> {
    let seats = run.seats.as_ref()?;
    let lead = run.leading_in_bodies()?;
    let index = seats.parties.iter().position(|p| *p == lead)?;
    let party = run.legend.party(&lead);
    let mut plot = Plot::new("", Format::Percent, 1.0);
    let count = seats.levels.len();
    for (i, level) in seats.levels.iter().enumerate() {
        let bands = seats.bands(&seats.of_level(level), index);
        let Some(last) = bands.last().copied() else { continue };
        // Levels are in order from the floor up, and so are their colours.
        let colour = viridis(0.85 * i as f64 / (count - 1).max(1) as f64);
        let name = run.legend.label("level", level);
        let label = format!("{name} {:.0}\u{a0}%", last.q[2] * 100.0);
        if let Some(day) = run.majorities.dated(level, &lead) {
            let near = bands.iter().min_by(|a, b| (a.day - day).abs().total_cmp(&(b.day - day).abs()));
            if let Some(at) = near {
                let text = run.timeline.short(day);
                plot.dots.push(Dot { day, range: None, value: at.q[2], colour, text });
            }
        }
        let dash = if i % 2 == 0 { SOLID } else { DASHES[1 + (i / 2) % 5] };
        plot.series.push(Series { short: name, width: 2.2, ..Series::new(&label, colour, dash, bands) });
    }
    plot.y.1 = Plot::new("", Format::Percent, top_of(plot.series.iter(), 0.55)).y.1;
    plot.rules.push(0.5);
    (!plot.series.is_empty()).then(|| Figure {
        name: "bodies_by_level".to_owned(),
        title: format!("{}: seats from the floor to the top", party.label),
        subtitle: format!(
            "Share of the seats of each level of bodies; dashed, half of the seats. Dots and dates: median first \
             majority over the bodies of the level.{}",
            run.bands_in_words()
        ),
        rows: vec![Row { height: 420.0, plots: vec![plot] }],
        key: Vec::new(),
        key_shown: KeyShown::ForShortNames,
    })
}
