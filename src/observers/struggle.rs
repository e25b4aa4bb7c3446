//! What came of decisions, fights, marches and ballots: one row each.

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::power::Winner;

const REPLICATE: (&str, Kind, &str, &str) = ("replicate", Kind::Int, "", "number of the replicate, from 0");

/// The table `contests`, empty.
pub(super) fn contests_table() -> Table {
    Table::new(
        "contests",
        "fights for power by region: the last one of each",
        &[
            REPLICATE,
            ("place", Kind::Text, "", "region"),
            ("began_day", Kind::Int, "day", "day on which it began"),
            ("decided_day", Kind::OptInt, "day", "day on which it was decided; empty if it was not"),
            ("date_os", Kind::Text, "", "date on which it began, in the calendar of the scenario"),
            ("winner", Kind::Text, "", "elected, government, or empty"),
            ("elected", Kind::Int, "persons", "who turned out for the elected bodies"),
            ("government", Kind::Int, "persons", "who turned out for the government"),
            ("losses", Kind::Int, "persons", "killed"),
        ],
    )
}

/// The table `marches`, empty.
pub(super) fn marches_table() -> Table {
    Table::new(
        "marches",
        "units that marched, and what was left of them on arrival",
        &[
            REPLICATE,
            ("march", Kind::Text, "", "march"),
            ("began_day", Kind::Int, "day", "day on which it set off"),
            ("arrived_day", Kind::OptInt, "day", "day of arrival; empty if it has not arrived"),
            ("obedience", Kind::Real, "share 0..1", "mean obedience on arrival, or at the end of the run"),
            ("men", Kind::Int, "persons", "men who still obeyed"),
            ("defenders", Kind::Int, "persons", "defenders who turned out"),
            ("succeeded", Kind::Flag, "", "whether it took the place"),
        ],
    )
}

/// The table `leaderships`, empty.
pub(super) fn leaderships_table() -> Table {
    Table::new(
        "leaderships",
        "what leading committees decided",
        &[
            REPLICATE,
            ("leadership", Kind::Text, "", "leading committee"),
            ("decided_day", Kind::OptInt, "day", "day on which it first decided to act"),
            ("disclosed_day", Kind::OptInt, "day", "day on which those outvoted broke ranks in public"),
            ("acted_day", Kind::OptInt, "day", "day on which it acted"),
            ("in_favour", Kind::Real, "share 0..1", "members in favour at the last vote"),
        ],
    )
}

/// The table `ballots`, empty.
pub(super) fn ballots_table() -> Table {
    Table::new(
        "ballots",
        "secret ballots by place and party",
        &[
            REPLICATE,
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("ballot", Kind::Text, "", "ballot"),
            ("place", Kind::Text, "", "place"),
            ("party", Kind::Text, "", "party"),
            ("votes", Kind::Real, "agents", "votes"),
            ("share", Kind::Real, "share 0..1", "share of the votes cast in the place"),
            ("turnout", Kind::Real, "share 0..1", "votes cast of those who might have voted"),
        ],
    )
}

/// Adds the ballots of one day.
pub(super) fn record_ballots(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    for returns in world.returns() {
        let cast: f64 = returns.votes.iter().sum();
        for (party, &votes) in names.options[..world.rules().parties.len()].iter().zip(&returns.votes) {
            table.push(&[
                Cell::Int(replicate),
                Cell::Int(i64::from(day)),
                Cell::Text(names.dates(day).0),
                Cell::Text(&names.ballots[returns.ballot]),
                Cell::Text(&names.places[returns.place]),
                Cell::Text(party),
                Cell::Real(votes),
                Cell::Real(if cast > 0.0 { votes / cast } else { 0.0 }),
                Cell::Real(cast / returns.eligible),
            ]);
        }
    }
}

/// Adds the fights of a replicate.
pub(super) fn record_contests(table: &mut Table, replicate: i64, world: &World, names: &Names) {
    for (region, state) in world.state().regions.iter().enumerate() {
        let Some(contest) = state.contest else { continue };
        let winner = match contest.decided {
            Some((_, Winner::Elected)) => "elected",
            Some((_, Winner::Government)) => "government",
            None => "",
        };
        table.push(&[
            Cell::Int(replicate),
            Cell::Text(&names.regions[region]),
            Cell::Int(i64::from(contest.began)),
            Cell::OptInt(contest.decided.map(|(day, _)| i64::from(day))),
            Cell::Text(names.dates(contest.began).0),
            Cell::Text(winner),
            Cell::Int(contest.turned_out.elected.round() as i64),
            Cell::Int(contest.turned_out.government.round() as i64),
            Cell::Int(contest.losses.round() as i64),
        ]);
    }
}

/// Adds the marches of a replicate.
pub(super) fn record_marches(table: &mut Table, replicate: i64, world: &World, names: &Names) {
    for march in &world.state().marches {
        let obedience = march.arrival.map_or(march.mean_obedience(), |a| a.obedience);
        table.push(&[
            Cell::Int(replicate),
            Cell::Text(&names.marches[march.spec]),
            Cell::Int(i64::from(march.began)),
            Cell::OptInt(march.arrival.map(|a| i64::from(a.day))),
            Cell::Real(f64::from(obedience)),
            Cell::Int(march.arrival.map_or(0.0, |a| a.men).round() as i64),
            Cell::Int(march.arrival.map_or(0.0, |a| a.defenders).round() as i64),
            Cell::Flag(march.arrival.is_some_and(|a| a.succeeded)),
        ]);
    }
}

/// Adds the leading committees of a replicate.
pub(super) fn record_leaderships(table: &mut Table, replicate: i64, world: &World, names: &Names) {
    for (index, committee) in world.state().leaderships.iter().enumerate() {
        let day = |d: Option<u32>| Cell::OptInt(d.map(i64::from));
        table.push(&[
            Cell::Int(replicate),
            Cell::Text(&names.leaderships[index]),
            day(committee.first_decided),
            day(committee.disclosed),
            day(committee.acted),
            Cell::Real(f64::from(committee.in_favour)),
        ]);
    }
}
