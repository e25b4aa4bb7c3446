//! Private and public support by place and class.

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::groups::Counts;
use crate::model::rules::Stratum;

/// The table `support`, empty.
pub(super) fn table() -> Table {
    Table::new(
        "support",
        "agents by what they would choose and what they say, by day, place and class",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("date_ns", Kind::Text, "", "date, new style"),
            ("place", Kind::Text, "", "place"),
            ("class", Kind::Text, "", "class"),
            ("party", Kind::Text, "", "party, `none` (private only) or `silent` (public only)"),
            ("private", Kind::Int, "agents", "would choose it if nobody saw"),
            ("public", Kind::Int, "agents", "speak for it at a meeting"),
        ],
    )
}

/// Adds the rows of one day.
pub(super) fn record(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    let rules = world.rules();
    let (os, ns) = names.dates(day);
    // Communities of one place and class stand side by side.
    let same =
        |a: &(&Stratum, &Counts), b: &(&Stratum, &Counts)| (a.0.place, a.0.class) == (b.0.place, b.0.class);
    let strata: Vec<(&Stratum, &Counts)> = rules.strata.iter().zip(&world.state().strata).collect();
    for group in strata.chunk_by(same) {
        let stratum = group[0].0;
        let mut counts = *group[0].1;
        group[1..].iter().for_each(|(_, more)| counts.add(more));
        let same = [
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(os),
            Cell::Text(ns),
            Cell::Text(&names.places[stratum.place]),
            Cell::Text(&names.classes[stratum.class]),
        ];
        let rows = names.options[..rules.parties.len() + 2].iter().zip(counts.private).zip(counts.public);
        table.push_alike(
            &same,
            rows.map(|((option, private), public)| {
                [Cell::Text(option), Cell::Int(i64::from(private)), Cell::Int(i64::from(public))]
            }),
        );
    }
}
