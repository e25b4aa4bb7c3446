//! Authority, arms and outcome; events as they happened.

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::events::HappeningKind;
use crate::model::power::authority::Authority;
use crate::model::power::{Holder, Winner};

/// The table `power`, empty.
pub(super) fn power_table() -> Table {
    Table::new(
        "power",
        "whom armed and productive enterprises obey, by day and place",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("place", Kind::Text, "", "place, region of several places, or `*` for all of them"),
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
            ("units", Kind::Int, "enterprises", "units under arms"),
            ("units_over", Kind::Int, "enterprises", "units that have gone over to the elected bodies"),
            ("holder", Kind::Text, "", "who holds power: government, elected or right; empty for `*`"),
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
            ("obeyed", Kind::OptInt, "enterprises", "enterprises that obeyed an order"),
            ("asked", Kind::OptInt, "enterprises", "enterprises that were given it"),
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

/// Adds authority and arms of one day, by place, region and in all; returns the authority in all.
pub(super) fn record_power(
    table: &mut Table,
    replicate: i64,
    day: u32,
    world: &World,
    names: &Names,
) -> Authority {
    let rules = world.rules();
    let state = world.state();
    let mut push = |place: &str, a: &Authority, holder: &str| {
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
            Cell::Int(i64::from(a.units)),
            Cell::Int(i64::from(a.units_over)),
            Cell::Text(holder),
        ]);
    };
    let holder = |region: usize| match state.regions[region].holder {
        Holder::Government => "government",
        Holder::Elected => "elected",
        Holder::Right => "right",
    };
    for (place, authority) in state.authorities.iter().enumerate() {
        push(&names.places[place], authority, holder(rules.places[place].region));
    }
    for (region, spec) in rules.regions.iter().enumerate() {
        // A region of one place of the same name has its row already.
        if !names.places.contains(&spec.name) {
            push(&names.regions[region], &world.authority_in(region), holder(region));
        }
    }
    let all = Authority::of_all(&state.authorities);
    push("*", &all, "");
    all
}

/// Adds the events of one day.
pub(super) fn record_events(table: &mut Table, replicate: i64, day: u32, world: &World, names: &Names) {
    let rules = world.rules();
    for happening in world.happenings() {
        let spec = rules.events.get(happening.event);
        let (name, kind, trigger) =
            spec.map_or(("", "", ""), |s| (s.name.as_str(), s.kind.as_str(), s.trigger.word()));
        let body = || rules.bodies.get(happening.event).map_or("", |b| b.name.as_str());
        let mut order = (None, None);
        let (name, kind, trigger, effect, label) = match happening.kind {
            HappeningKind::Fired => {
                let label = spec.map_or("", |s| s.label.as_str());
                (name, kind, trigger, "fired".to_owned(), label)
            }
            HappeningKind::Lockout { enterprises, agents } => {
                (name, kind, trigger, format!("closed {enterprises} enterprises with {agents} agents"), "")
            }
            HappeningKind::Order { obeyed, asked } => {
                order = (Some(i64::from(obeyed)), Some(i64::from(asked)));
                (name, kind, trigger, format!("{obeyed} of {asked} enterprises obeyed"), "")
            }
            HappeningKind::Occupied(enterprises) => {
                ("", "occupation", "condition", format!("{enterprises} closed enterprises occupied"), "")
            }
            HappeningKind::WentOver(units) => {
                ("", "transfer", "chance", format!("{units} units went over to the elected bodies"), "")
            }
            HappeningKind::Bodies { founded, lapsed, revived } => {
                let what = format!("{founded} founded, {lapsed} lapsed, {revived} revived");
                (body(), "bodies", "condition", what, "")
            }
        };
        table.push(&[
            Cell::Int(replicate),
            Cell::Int(i64::from(day)),
            Cell::Text(names.dates(day).0),
            Cell::Text(name),
            Cell::Text(kind),
            Cell::Text(happening.place.map_or("*", |p| names.places[p].as_str())),
            Cell::Text(trigger),
            Cell::Text(&effect),
            Cell::Text(label),
            Cell::OptInt(order.0),
            Cell::OptInt(order.1),
        ]);
    }
}

/// How the question of power was answered, read off the world as it stands at the end.
///
/// `transfer`: the elected bodies took power where their leadership acts first, and hold it; `defeat`: the right holds
/// power there, a rising was put down, or power that was taken has been lost; `stalemate`: none of these. A scenario
/// without a leadership is read off authority alone: a transfer once the government's is below `power.collapse_share`
/// and the elected bodies' above `power.transfer_share`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outcome {
    by_authority: Option<u32>,
}

impl Outcome {
    /// Looks at the authority of one day.
    pub(super) fn note(&mut self, day: u32, world: &World, authority: &Authority) {
        let p = &world.rules().params.power;
        let (collapse, transfer) = (f64::from(p.collapse_share), f64::from(p.transfer_share));
        if self.by_authority.is_none() && authority.government < collapse && authority.elected > transfer {
            self.by_authority = Some(day);
        }
    }

    /// Adds the row of a replicate.
    pub(super) fn record(self, table: &mut Table, replicate: i64, world: &World, names: &Names) {
        let state = world.state();
        let first: Vec<usize> = world.rules().leaderships.iter().map(|l| l.region).collect();
        let losses: f64 = state.regions.iter().filter_map(|r| r.contest.map(|c| c.losses)).sum();
        let put_down = |r: &usize| {
            state.regions[*r].contest.and_then(|c| c.decided).filter(|(_, w)| *w == Winner::Government)
        };
        let right = |r: &usize| state.regions[*r].since.filter(|_| state.regions[*r].holder == Holder::Right);
        let taken =
            |r: &usize| state.regions[*r].since.filter(|_| state.regions[*r].holder == Holder::Elected);
        let (word, day) = if let Some(day) = first.iter().find_map(taken) {
            ("transfer", Some(day))
        } else if let Some(day) = first.iter().find_map(right) {
            ("defeat", Some(day))
        } else if let Some((day, _)) = first.iter().find_map(put_down) {
            ("defeat", Some(day))
        } else if first.is_empty() && self.by_authority.is_some() {
            ("transfer", self.by_authority)
        } else if let Some(day) =
            (0..state.regions.len()).collect::<Vec<_>>().iter().filter(|_| first.is_empty()).find_map(right)
        {
            ("defeat", Some(day))
        } else {
            ("stalemate", None)
        };
        table.push(&[
            Cell::Int(replicate),
            Cell::Text(word),
            Cell::OptInt(day.map(i64::from)),
            Cell::Text(day.map_or("", |d| names.dates(d).0)),
            Cell::Int(losses.round() as i64),
        ]);
    }
}
