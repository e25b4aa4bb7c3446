//! Seats, majorities and their dates, resolutions.

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::agents::OPTIONS;
use crate::model::institutions::{Body, Scope};

/// The table `bodies`, empty.
pub(super) fn seats_table() -> Table {
    Table::new(
        "bodies",
        "seats by day, body, section and party; committees of one kind are summed by place",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("body", Kind::Text, "", "body"),
            ("level", Kind::Text, "", "level: committee, district, city…"),
            ("place", Kind::Text, "", "place, or `*` where the body spans several"),
            ("section", Kind::Text, "", "part of the body, or `all`"),
            ("party", Kind::Text, "", "party"),
            ("seats", Kind::Int, "seats", "seats the party holds"),
            ("size", Kind::Int, "seats", "seats filled"),
        ],
    )
}

/// The table `majorities`, empty.
pub(super) fn majorities_table() -> Table {
    Table::new(
        "majorities",
        "first day on which a party or bloc held more than half of the seats of a body",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("body", Kind::Text, "", "body"),
            ("level", Kind::Text, "", "level: committee, district, city…"),
            ("place", Kind::Text, "", "place, or `*` where the body spans several"),
            ("party_or_bloc", Kind::Text, "", "party or bloc"),
            ("first_day", Kind::OptInt, "day", "first day of the majority; empty if it never came"),
            ("date_os", Kind::Text, "", "its date in the calendar of the scenario"),
            (
                "lost_day",
                Kind::OptInt,
                "day",
                "first day after it without the majority; empty if it was kept",
            ),
        ],
    )
}

/// The table `resolutions`, empty.
pub(super) fn resolutions_table() -> Table {
    Table::new(
        "resolutions",
        "votes taken",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("body", Kind::Text, "", "body"),
            ("resolution", Kind::Text, "", "resolution"),
            ("yes", Kind::Int, "seats", "for"),
            ("no", Kind::Int, "seats", "against"),
            ("abstain", Kind::Int, "seats", "neither"),
            ("passed", Kind::Flag, "", "more for than against"),
        ],
    )
}

/// What a body is called in tables.
fn name_of(index: usize, body: &Body, world: &World, names: &Names) -> String {
    let spec = &world.rules().bodies[body.spec];
    let base = &names.bodies[body.spec];
    match (spec.scope, body.enterprise, body.place) {
        (Scope::Single, _, _) => base.clone(),
        (Scope::Enterprise, Some(enterprise), place) => {
            let place = place.map_or("", |p| names.places[p].as_str());
            match world.state().enterprises[enterprise as usize].name {
                Some(name) => format!("{base}: {}", names.enterprises[name as usize]),
                None => format!("{base}: {place} {index}"),
            }
        }
        (_, _, Some(place)) => format!("{base}: {}", names.places[place]),
        _ => base.clone(),
    }
}

fn place_of<'a>(body: &Body, names: &'a Names) -> &'a str {
    body.place.map_or("*", |p| names.places[p].as_str())
}

/// Adds the seats of one day. Bodies of a family with one in each enterprise are summed by place.
pub(super) fn record_seats(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    let rules = world.rules();
    let bodies = &world.state().bodies;
    let mut sums: Vec<[u32; OPTIONS]> = Vec::new();
    for (kind, spec) in rules.bodies.iter().enumerate() {
        let family = world.family(kind);
        if spec.scope == Scope::Enterprise {
            sums.clear();
            sums.resize(rules.places.len(), [0; OPTIONS]);
            for body in &bodies[family] {
                if let Some(place) = body.place {
                    for (sum, seats) in sums[place].iter_mut().zip(&body.seats) {
                        *sum += seats;
                    }
                }
            }
            for (place, seats) in sums.iter().enumerate() {
                if seats.iter().any(|&s| s > 0) {
                    let row = Row { body: &names.bodies[kind], place: &names.places[place], section: "all" };
                    push_seats(table, replicate, day, names, &spec.level, &row, seats, rules.parties.len());
                }
            }
        } else {
            for index in family {
                let body = &bodies[index];
                let name = name_of(index, body, world, names);
                let row = Row { body: &name, place: place_of(body, names), section: "all" };
                push_seats(table, replicate, day, names, &spec.level, &row, &body.seats, rules.parties.len());
                if spec.sections.len() > 1 {
                    for (section, seated) in spec.sections.iter().zip(&body.sections) {
                        let row = Row { section: &section.name, ..row };
                        push_seats(
                            table,
                            replicate,
                            day,
                            names,
                            &spec.level,
                            &row,
                            &seated.seats,
                            rules.parties.len(),
                        );
                    }
                }
            }
        }
    }
}

struct Row<'a> {
    body: &'a str,
    place: &'a str,
    section: &'a str,
}

#[expect(clippy::too_many_arguments, reason = "one argument a column")]
fn push_seats(
    table: &mut Table,
    replicate: i64,
    day: u32,
    names: &Names,
    level: &str,
    row: &Row<'_>,
    seats: &[u32; OPTIONS],
    parties: usize,
) {
    let size: u32 = seats.iter().sum();
    let same = [
        Cell::Int(replicate),
        Cell::Int(i64::from(day)),
        Cell::Text(names.dates(day).0),
        Cell::Text(row.body),
        Cell::Text(level),
        Cell::Text(row.place),
        Cell::Text(row.section),
    ];
    let rows = names.options[..parties].iter().zip(seats);
    table.push_alike(
        &same,
        rows.map(|(party, held)| {
            [Cell::Text(party), Cell::Int(i64::from(*held)), Cell::Int(i64::from(size))]
        }),
    );
}

/// Adds the votes of one day.
pub(super) fn record_polls(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    for poll in world.polls() {
        let body = &world.state().bodies[poll.body];
        table.push(&[
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(names.dates(day).0),
            Cell::Text(&name_of(poll.body, body, world, names)),
            Cell::Text(&names.resolutions[poll.resolution]),
            Cell::Int(i64::from(poll.vote.yes)),
            Cell::Int(i64::from(poll.vote.no)),
            Cell::Int(i64::from(poll.vote.abstain)),
            Cell::Flag(poll.vote.passed()),
        ]);
    }
}

/// When each body first had a majority of each party and bloc, and when it was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Majorities {
    /// By body, then parties, then blocs: first day, and first day after it without.
    days: Vec<(Option<u32>, Option<u32>)>,
}

impl Majorities {
    /// Notes the majorities of one day.
    pub(super) fn note(&mut self, day: u32, world: &World) {
        let rules = world.rules();
        let claims = rules.parties.len() + rules.blocs.len();
        let bodies = &world.state().bodies;
        self.days.resize(bodies.len() * claims, (None, None));
        for (body, days) in bodies.iter().zip(self.days.chunks_exact_mut(claims)) {
            let size = body.size();
            let parties = (0..rules.parties.len()).map(|p| body.seats[p]);
            let blocs = rules.blocs.iter().map(|b| b.parties.iter().map(|&p| body.seats[p]).sum());
            for (seats, (first, lost)) in parties.chain(blocs).zip(days) {
                let has: bool = 2 * seats > size;
                if has && first.is_none() {
                    *first = Some(day);
                } else if !has && first.is_some() && lost.is_none() {
                    *lost = Some(day);
                }
            }
        }
    }

    /// The rows of a replicate: all parties and blocs for single bodies, those that came for committees.
    pub(super) fn record(&self, table: &mut Table, replicate: i64, world: &World, names: &Names) {
        let rules = world.rules();
        let claims = rules.parties.len() + rules.blocs.len();
        for (index, body) in world.state().bodies.iter().enumerate() {
            let spec = &rules.bodies[body.spec];
            let name = name_of(index, body, world, names);
            for claim in 0..claims {
                let (first, lost) = self.days.get(index * claims + claim).copied().unwrap_or_default();
                // Of the many committees those that never came are listed for blocs alone, so that medians can count them.
                let is_bloc = claim >= rules.parties.len();
                if first.is_none() && spec.scope == Scope::Enterprise && !(is_bloc && body.founded) {
                    continue;
                }
                let who = if claim < rules.parties.len() {
                    &names.options[claim]
                } else {
                    &names.blocs[claim - rules.parties.len()]
                };
                table.push(&[
                    Cell::Int(replicate),
                    Cell::Text(&name),
                    Cell::Text(&spec.level),
                    Cell::Text(place_of(body, names)),
                    Cell::Text(who),
                    Cell::OptInt(first.map(i64::from)),
                    Cell::Text(first.map_or("", |d| names.dates(d).0)),
                    Cell::OptInt(lost.map(i64::from)),
                ]);
            }
        }
    }
}
