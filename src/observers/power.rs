//! Authority, arms and outcome; events as they happened.

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::events::HappeningKind;
use crate::model::power::authority::{Authority, authority};

/// The table `power`, empty.
pub(super) fn power_table() -> Table {
    Table::new(
        "power",
        "whom armed and productive enterprises obey, by day and place",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("place", Kind::Text, "", "place, or `*` for all of them"),
            ("authority", Kind::Real, "share 0..1", "people in enterprises that would obey the government"),
            (
                "elected",
                Kind::Real,
                "share 0..1",
                "people in enterprises that would follow the elected bodies",
            ),
            ("obeying", Kind::Int, "enterprises", "enterprises that would obey the government"),
            ("armed_for", Kind::Int, "agents", "under arms and following the elected bodies"),
            ("armed_against", Kind::Int, "agents", "under arms and obeying the government"),
            ("red_guards", Kind::Int, "agents", "armed in workers' guards"),
        ],
    )
}

/// The table `events`, empty.
pub(super) fn events_table() -> Table {
    Table::new(
        "events",
        "what happened, and how orders and lockouts went",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("event", Kind::Text, "", "event"),
            ("kind", Kind::Text, "", "kind of the event"),
            ("place", Kind::Text, "", "place, or `*` for the whole scope of the event"),
            ("trigger", Kind::Text, "", "dated, condition or chance"),
            ("effect", Kind::Text, "", "what came of it"),
            ("label", Kind::Text, "", "text on the charts; empty where it is not marked"),
        ],
    )
}

/// The table `outcome`, empty.
pub(super) fn outcome_table() -> Table {
    Table::new(
        "outcome",
        "how each replicate ended",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("outcome", Kind::Text, "", "transfer, defeat or stalemate"),
            ("day", Kind::OptInt, "day", "day on which it was decided; empty for a stalemate"),
            ("date_os", Kind::Text, "", "its date in the calendar of the scenario"),
            ("losses", Kind::Int, "persons", "killed in the fighting"),
        ],
    )
}

/// Adds authority and arms of one day, by place and in all; returns the authority in all.
pub(super) fn record_power(
    table: &mut Table,
    replicate: i64,
    day: u32,
    world: &World,
    names: &Names,
) -> Authority {
    let rules = world.rules();
    let enterprises = &world.state().enterprises;
    let mut push = |place: &str, a: &Authority| {
        table.push(&[
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(names.dates(day).0),
            Cell::Text(place),
            Cell::Real(a.government),
            Cell::Real(a.elected),
            Cell::Int(i64::from(a.obeying)),
            Cell::Int(a.armed_for as i64),
            Cell::Int(a.armed_against as i64),
            Cell::Int(a.guards as i64),
        ]);
    };
    for place in 0..rules.places.len() {
        push(&names.places[place], &authority(rules, enterprises, Some(place)));
    }
    let all = authority(rules, enterprises, None);
    push("*", &all);
    all
}

/// Adds the events of one day.
pub(super) fn record_events(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    for happening in world.happenings() {
        let spec = &world.rules().events[happening.event];
        let (effect, label) = match happening.kind {
            HappeningKind::Fired => ("fired".to_owned(), spec.label.as_str()),
            HappeningKind::Lockout { enterprises, agents } => {
                (format!("closed {enterprises} enterprises with {agents} agents"), "")
            }
            HappeningKind::Order { obeyed, asked } => (format!("{obeyed} of {asked} enterprises obeyed"), ""),
        };
        table.push(&[
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(names.dates(day).0),
            Cell::Text(&spec.name),
            Cell::Text(&spec.kind),
            Cell::Text(happening.place.map_or("*", |p| names.places[p].as_str())),
            Cell::Text(spec.trigger.word()),
            Cell::Text(&effect),
            Cell::Text(label),
        ]);
    }
}

/// How the question of power stands.
///
/// A first, bloodless reading: power has passed on the first day on which the government's authority is below
/// `power.collapse_share` while that of the elected bodies is above `power.transfer_share`; it is a defeat if the
/// opposite holds at the end, and a stalemate otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outcome {
    transferred: Option<u32>,
    defeated: bool,
}

impl Outcome {
    /// Looks at the authority of one day.
    pub(super) fn note(&mut self, day: u32, world: &World, authority: &Authority) {
        let p = &world.rules().params.power;
        let (collapse, transfer) = (f64::from(p.collapse_share), f64::from(p.transfer_share));
        if self.transferred.is_none() && authority.government < collapse && authority.elected > transfer {
            self.transferred = Some(day);
        }
        self.defeated = authority.elected < collapse && authority.government > transfer;
    }

    /// Adds the row of a replicate.
    pub(super) fn record(self, table: &mut Table, replicate: i64, names: &Names) {
        let word = match (self.transferred, self.defeated) {
            (Some(_), _) => "transfer",
            (None, true) => "defeat",
            (None, false) => "stalemate",
        };
        table.push(&[
            Cell::Int(replicate),
            Cell::Text(word),
            Cell::OptInt(self.transferred.map(i64::from)),
            Cell::Text(self.transferred.map_or("", |d| names.dates(d).0)),
            Cell::Int(0),
        ]);
    }
}
