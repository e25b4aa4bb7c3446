//! Life histories: a few agents followed day by day.

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::agents::mark;

/// The table `sample`, empty.
pub(super) fn table() -> Table {
    Table::new(
        "sample",
        "one agent on one day",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("agent", Kind::Int, "", "number of the agent, the same every day"),
            ("place", Kind::Text, "", "place"),
            ("class", Kind::Text, "", "class"),
            ("enterprise", Kind::Int, "", "number of the plant, regiment, ship or block of streets"),
            ("private", Kind::Text, "", "party it would choose if nobody saw, or `none`"),
            ("public", Kind::Text, "", "party it speaks for at a meeting, or `silent`"),
            ("position", Kind::Real, "position -1..1", "1: all power to the elected bodies"),
            ("conviction", Kind::Real, "share 0..1", "attachment to the private choice"),
            ("trust", Kind::Real, "index 0..1", "trust in the government"),
            ("experience", Kind::Int, "", "strikes and defeats lived through"),
            ("member", Kind::Flag, "", "member of the party"),
            ("acts", Kind::Flag, "", "strikes, refuses orders or seizes land today"),
            ("acted_before", Kind::Flag, "", "has acted before today"),
            ("guard", Kind::Flag, "", "armed in a guard"),
            ("absent", Kind::Flag, "", "has left its post"),
        ],
    )
}

/// Adds the rows of one day: `count` agents, or all if there are fewer.
///
/// A systematic sample, the middle one of every so many: places and classes are there in proportion, and within a
/// collective agents are exchangeable at birth. Observers draw nothing. Source: Madow and Madow 1944,
/// doi:10.1214/aoms/1177731312.
pub(super) fn record(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names, count: u64) {
    let (state, rules) = (world.state(), world.rules());
    let agents = &state.agents;
    let total = agents.len() as u64;
    let count = count.min(total);
    let (os, _) = names.dates(day);
    let mut enterprise = 0;
    for number in 0..count {
        let i = ((2 * number + 1) * total / (2 * count)) as usize;
        while state.enterprises[enterprise].agents.end as usize <= i {
            enterprise += 1;
        }
        let stratum = &rules.strata[state.enterprises[enterprise].stratum as usize];
        let has = |bit: u8| Cell::Flag(agents.marks[i] & bit != 0);
        table.push(&[
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(os),
            Cell::Int(i as i64),
            Cell::Text(&names.places[stratum.place]),
            Cell::Text(&names.classes[stratum.class]),
            Cell::Int(enterprise as i64),
            Cell::Text(&names.options[agents.private[i] as usize]),
            Cell::Text(&names.options[agents.public[i] as usize]),
            Cell::Real(f64::from(agents.position[i]) / 127.0),
            Cell::Real(f64::from(agents.conviction[i]) / 255.0),
            Cell::Real(f64::from(agents.trust[i]) / 255.0),
            Cell::Int(i64::from(agents.experience[i])),
            has(mark::MEMBER),
            has(mark::STRIKER),
            has(mark::STRUCK_BEFORE),
            has(mark::GUARD),
            has(mark::ABSENT),
        ]);
    }
}
