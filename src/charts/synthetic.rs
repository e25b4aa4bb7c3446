//! Invented runs for the tests: a party that rises, others that fall, bodies that lag.

use std::sync::{Arc, LazyLock};

use super::chart::Caption;
use super::theme::{REGULAR, SEMIBOLD};
use crate::observers::table::{Cell, Kind, Table, TableSet};
use resvg::usvg::{self, Group, Node, Rect};

/// Extremes that figures must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One replicate over a long run.
    Single,
    /// Twenty replicates.
    Ensemble,
    /// Ten days, two parties, one place, one class.
    Short,
    /// Nine parties, twelve places, many events.
    Wide,
}

struct Size {
    replicates: i64,
    days: i64,
    parties: usize,
    places: usize,
    classes: usize,
    events: usize,
}

const PARTIES: [(&str, &str, &str, &str, f64); 9] = [
    ("rising", "Rising Party", "R", "#b2182b", 0.9),
    ("moderate", "Moderates", "M", "#e08214", 0.05),
    ("rural", "Agrarian-Commoners", "AC", "#4d9221", 0.15),
    ("order", "Party of Order", "O", "#2166ac", -0.6),
    ("split", "Left Agrarians", "LA", "#c51b7d", 0.65),
    ("black", "Blacks", "B", "#1f1f1f", 0.97),
    ("popular", "Popular Party", "PP", "#35978f", -0.1),
    ("old", "Old Believers", "OB", "#8c6d31", -0.7),
    ("crown", "Crown Party", "Cr", "#6a51a3", -0.95),
];
const CLASSES: [&str; 6] = ["weaver", "guard", "boatman", "farmer", "clerk", "owner"];
const EVENTS: [(i64, &str); 20] = [
    (33, "The theses"),
    (49, "April crisis"),
    (95, "First congress"),
    (110, "Summer offensive"),
    (125, "Demonstration"),
    (127, "Slander campaign"),
    (180, "March on the capital"),
    (182, "Arming of the quarters"),
    (235, "Committee formed"),
    (237, "Rising"),
    (20, "First ministry"),
    (60, "Coalition"),
    (140, "Closures begin"),
    (150, "State conference"),
    (165, "Fall of the port"),
    (190, "Directory"),
    (200, "Appointed conference"),
    (215, "Orders to withdraw"),
    (228, "Plan disclosed"),
    (245, "Land decree"),
];

impl Shape {
    pub(super) const ALL: [Self; 4] = [Self::Single, Self::Ensemble, Self::Short, Self::Wide];

    fn size(self) -> Size {
        match self {
            Self::Single => Size { replicates: 1, days: 257, parties: 5, places: 6, classes: 6, events: 7 },
            Self::Ensemble => {
                Size { replicates: 20, days: 257, parties: 5, places: 4, classes: 4, events: 7 }
            }
            Self::Short => Size { replicates: 1, days: 10, parties: 2, places: 1, classes: 1, events: 0 },
            Self::Wide => Size { replicates: 3, days: 257, parties: 9, places: 12, classes: 5, events: 20 },
        }
    }

    pub(super) fn caption(self) -> Caption {
        Caption {
            title: "An invented autumn".to_owned(),
            scenario: "invented".to_owned(),
            seed: 42,
            agents: 2_500_000,
            replicates: self.size().replicates as u64,
            version: "0.1.0".to_owned(),
        }
    }
}

/// A number in 0..1 that depends on everything it is given and on nothing else.
fn noise(a: i64, b: i64, c: i64) -> f64 {
    let mut x = (a as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (b as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
        ^ (c as u64).wrapping_mul(0x1656_67b1_9e37_79f9);
    x ^= x >> 29;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 32;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

/// Shares of the parties on a day; the first rises around `turn`, the others share the rest.
fn shares(parties: usize, day: f64, turn: f64, ceiling: f64) -> Vec<f64> {
    let rise = 0.05 + (ceiling - 0.05) / (1.0 + (-(day - turn) / 14.0).exp());
    let weights: Vec<f64> =
        (1..parties).map(|p| 1.0 / (p as f64 + 0.4) * (1.0 + 0.3 * (day / 60.0 + p as f64).sin())).collect();
    let all: f64 = weights.iter().sum::<f64>().max(1e-9);
    let mut found = vec![rise];
    found.extend(weights.iter().map(|w| (1.0 - rise) * w / all));
    found
}

fn date(day: i64, shift: i64) -> String {
    // From 23 February 1913, plain month lengths: enough for an year like any other.
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut rest = 31 + 22 + day + shift;
    let mut month = 0;
    while month < 11 && rest >= lengths[month] {
        rest -= lengths[month];
        month += 1;
    }
    format!("1913-{:02}-{:02}", month + 1, rest + 1)
}

fn int(x: f64) -> Cell<'static> {
    Cell::Int(x.round() as i64)
}

/// A complete set of tables; a later `shift` (days) makes everything turn later.
pub(super) fn tables(shape: Shape, shift: f64) -> TableSet {
    let size = shape.size();
    let turn = if size.days > 50 { 185.0 + shift } else { 5.0 + shift / 20.0 };
    let tables = vec![
        support(&size, turn),
        bodies(&size, turn),
        majorities(&size, turn),
        measures(&size, turn),
        events(&size, shift),
        parties(&size),
        names(&size),
    ];
    TableSet { tables }
}

fn support(size: &Size, turn: f64) -> Table {
    let columns = [
        ("replicate", Kind::Int, "", ""),
        ("day", Kind::Int, "day", ""),
        ("date_os", Kind::Text, "", ""),
        ("date_ns", Kind::Text, "", ""),
        ("place", Kind::Text, "", ""),
        ("class", Kind::Text, "", ""),
        ("party", Kind::Text, "", ""),
        ("private", Kind::Int, "persons", ""),
        ("public", Kind::Int, "persons", ""),
    ];
    let mut table = Table::new("support", "persons", &columns);
    for r in 0..size.replicates {
        for day in 0..size.days {
            let (old, new) = (date(day, 0), date(day, 13));
            for place in 0..size.places {
                for (c, class) in CLASSES[..size.classes].iter().enumerate() {
                    let late = turn + 14.0 * noise(r, 1, 1) + 9.0 * c as f64 + 4.0 * place as f64;
                    let ceiling = 0.75 - 0.12 * c as f64;
                    let said = shares(size.parties, day as f64, late, ceiling);
                    let thought = shares(size.parties, day as f64 + 12.0, late, ceiling);
                    let place_name = format!("place {}", place + 1);
                    let silent = 0.2 - 0.1 / (1.0 + (-(day as f64 - late) / 20.0).exp());
                    let mut push = |party: &str, private: f64, public: f64| {
                        table.push(&[
                            Cell::Int(r),
                            Cell::Int(day),
                            Cell::Text(&old),
                            Cell::Text(&new),
                            Cell::Text(&place_name),
                            Cell::Text(class),
                            Cell::Text(party),
                            int(private * 10_000.0),
                            int(public * 10_000.0),
                        ]);
                    };
                    for (p, party) in PARTIES[..size.parties].iter().enumerate() {
                        push(party.0, thought[p] * 0.85, said[p] * (1.0 - silent));
                    }
                    push("none", 0.15, 0.0);
                    push("silent", 0.0, silent);
                }
            }
        }
    }
    table
}

/// Bodies (name, level, seats, days of lag); a family first.
fn kinds(size: &Size) -> Vec<(String, &'static str, i64, f64)> {
    let mut found = vec![("committees".to_owned(), "committee", 4_000, -20.0)];
    for place in 0..size.places.min(3) {
        found.push((format!("district soviet {}", place + 1), "district", 90, -6.0 + 5.0 * place as f64));
    }
    found.push(("city soviet".to_owned(), "city", 1_000, 4.0));
    found.push(("executive".to_owned(), "executive", 250, 38.0));
    found
}

fn bodies(size: &Size, turn: f64) -> Table {
    let columns = [
        ("replicate", Kind::Int, "", ""),
        ("day", Kind::Int, "day", ""),
        ("date_os", Kind::Text, "", ""),
        ("body", Kind::Text, "", ""),
        ("level", Kind::Text, "", ""),
        ("place", Kind::Text, "", ""),
        ("section", Kind::Text, "", ""),
        ("party", Kind::Text, "", ""),
        ("seats", Kind::Int, "seats", ""),
        ("size", Kind::Int, "seats", ""),
    ];
    let mut table = Table::new("bodies", "seats", &columns);
    for r in 0..size.replicates {
        for day in 0..size.days {
            let old = date(day, 0);
            for (name, level, seats, lag) in kinds(size) {
                let late = turn + lag + 12.0 * noise(r, 2, seats);
                let held = shares(size.parties, day as f64, late, 0.7);
                let place = if level == "committee" { "*" } else { "place 1" };
                for (p, party) in PARTIES[..size.parties].iter().enumerate() {
                    table.push(&[
                        Cell::Int(r),
                        Cell::Int(day),
                        Cell::Text(&old),
                        Cell::Text(&name),
                        Cell::Text(level),
                        Cell::Text(place),
                        Cell::Text("all"),
                        Cell::Text(party.0),
                        int(held[p] * seats as f64),
                        Cell::Int(seats),
                    ]);
                }
            }
        }
    }
    table
}

fn majorities(size: &Size, turn: f64) -> Table {
    let columns = [
        ("replicate", Kind::Int, "", ""),
        ("body", Kind::Text, "", ""),
        ("level", Kind::Text, "", ""),
        ("place", Kind::Text, "", ""),
        ("party_or_bloc", Kind::Text, "", ""),
        ("first_day", Kind::OptInt, "day", ""),
        ("date_os", Kind::Text, "", ""),
        ("lost_day", Kind::OptInt, "day", ""),
    ];
    let mut table = Table::new("majorities", "first majorities", &columns);
    for r in 0..size.replicates {
        for (name, level, seats, lag) in kinds(size) {
            let members = if level == "committee" { 60 } else { 1 };
            for member in 0..members {
                let body = if members > 1 { format!("{name} {member}") } else { name.clone() };
                let spread = if members > 1 { 80.0 * noise(r, 3, member) - 40.0 } else { 0.0 };
                let first = turn + lag + 12.0 * noise(r, 2, seats) + 8.0 + spread;
                let mut push = |who: &str, first: f64, lost: Option<i64>| {
                    let first = Some(first.round().max(0.0) as i64).filter(|day| *day < size.days);
                    let text = first.map_or_else(String::new, |day| date(day, 0));
                    table.push(&[
                        Cell::Int(r),
                        Cell::Text(&body),
                        Cell::Text(level),
                        Cell::Text("place 1"),
                        Cell::Text(who),
                        Cell::OptInt(first),
                        Cell::Text(&text),
                        Cell::OptInt(lost),
                    ]);
                };
                push("rising", first, None);
                push("new_bloc", first - 11.0, None);
                push("coalition", 0.0, Some((first - 11.0) as i64));
            }
        }
    }
    table
}

fn measures(size: &Size, turn: f64) -> Table {
    let columns = [
        ("replicate", Kind::Int, "", ""),
        ("day", Kind::Int, "day", ""),
        ("date_os", Kind::Text, "", ""),
        ("measure", Kind::Text, "", ""),
        ("scope", Kind::Text, "", ""),
        ("value", Kind::Real, "", ""),
    ];
    let mut table = Table::new("measures", "measures", &columns);
    for r in 0..size.replicates {
        for day in 0..size.days {
            let old = date(day, 0);
            let rise = 1.0 / (1.0 + (-(day as f64 - turn - 10.0 * noise(r, 4, 0)) / 18.0).exp());
            let jitter = 0.02 * (noise(r, day / 3, 5) - 0.5);
            let values = [
                ("position_mean", 0.1 + 0.2 * rise + jitter),
                ("position_sd", 0.35 + 0.2 * rise),
                ("esteban_ray", 0.08 + 0.09 * rise + jitter / 4.0),
                ("agreement", 0.5 - 0.8 * rise + jitter),
                ("bimodality", 0.35 + 0.3 * rise + jitter),
                ("share_two_camps", 0.15 + 0.35 * rise + jitter),
                ("effective_parties", 4.0 - 1.5 * rise + jitter),
                ("silent_share", 0.2 - 0.1 * rise),
                ("strikers", 40_000.0 + 250_000.0 * rise * (1.0 + 0.4 * (day as f64 / 9.0).sin())),
                ("lockouts", 2_000.0 + 10_000.0 * rise),
                ("soviet_authority", 0.3 + 0.5 * rise + jitter),
                ("government_authority", 0.65 - 0.55 * rise + jitter),
            ];
            for (measure, value) in values {
                table.push(&[
                    Cell::Int(r),
                    Cell::Int(day),
                    Cell::Text(&old),
                    Cell::Text(measure),
                    Cell::Text("all"),
                    Cell::Real(value),
                ]);
            }
        }
    }
    table
}

fn events(size: &Size, shift: f64) -> Table {
    let names = ["date_os", "event", "kind", "place", "trigger", "effect", "label"];
    let mut columns = vec![("replicate", Kind::Int, "", ""), ("day", Kind::Int, "day", "")];
    columns.extend(names.map(|name| (name, Kind::Text, "", "")));
    let mut table = Table::new("events", "events", &columns);
    for r in 0..size.replicates {
        for (i, (day, label)) in EVENTS[..size.events].iter().enumerate() {
            if shift > 0.0 && i == 4 {
                continue;
            }
            let mut row = vec![Cell::Int(r), Cell::Int(*day)];
            row.extend(["", "event", "dated", "*", "dated", "", label].map(Cell::Text));
            table.push(&row);
        }
    }
    table
}

fn parties(size: &Size) -> Table {
    let columns = [
        ("party", Kind::Text, "", ""),
        ("kind", Kind::Text, "", ""),
        ("label", Kind::Text, "", ""),
        ("short", Kind::Text, "", ""),
        ("color", Kind::Text, "", ""),
        ("position", Kind::Real, "", ""),
        ("order", Kind::Int, "", ""),
        ("members", Kind::Text, "", ""),
    ];
    let mut table = Table::new("parties", "parties", &columns);
    let mut rows: Vec<(&str, &str, &str, &str, &str, f64)> =
        PARTIES[..size.parties].iter().map(|p| (p.0, "party", p.1, p.2, p.3, p.4)).collect();
    rows.push(("new_bloc", "bloc", "Bloc of the left", "R+LA", "#67001f", 0.8));
    rows.push(("coalition", "bloc", "Coalition", "AC+M", "#7f6000", 0.1));
    rows.push(("none", "none", "No party", "none", "#bdbdbd", 0.0));
    rows.push(("silent", "silent", "Silent", "silent", "#969696", 0.0));
    for (i, (party, kind, label, short, color, position)) in rows.into_iter().enumerate() {
        table.push(&[
            Cell::Text(party),
            Cell::Text(kind),
            Cell::Text(label),
            Cell::Text(short),
            Cell::Text(color),
            Cell::Real(position),
            Cell::Int(i as i64),
            Cell::Text(if party == "new_bloc" { "rising split" } else { "" }),
        ]);
    }
    table
}

fn names(size: &Size) -> Table {
    let columns = [("kind", Kind::Text, "", ""), ("name", Kind::Text, "", ""), ("label", Kind::Text, "", "")];
    let mut table = Table::new("names", "names", &columns);
    let mut push = |kind: &str, name: &str, label: &str| {
        table.push(&[Cell::Text(kind), Cell::Text(name), Cell::Text(label)]);
    };
    for class in CLASSES {
        push("class", class, &format!("{}{}s", class[..1].to_uppercase(), &class[1..]));
    }
    push("level", "committee", "Mill and guard-house committees");
    push("level", "district", "District soviets");
    push("level", "city", "City soviet");
    push("level", "executive", "Central Executive of the Provinces");
    push("body", "city soviet", "Soviet of the Deputies of the Capital");
    push("body", "executive", "Central Executive of the Provinces");
    for place in 0..size.places {
        push("place", &format!("place {}", place + 1), &format!("District No. {}", place + 1));
    }
    table
}

/// The document as a viewer would read it, with its letters shaped in the embedded font.
pub(super) fn read_svg(svg: &str) -> Result<usvg::Tree, usvg::Error> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    let options = usvg::Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options)
}

/// Asserts that a figure is valid, has no missing numbers, keeps its texts on the sheet and apart from each other.
pub(super) fn check_sheet(name: &str, svg: &str) {
    assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}: a number is missing");
    let tree = read_svg(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut texts = Vec::new();
    collect_texts(tree.root(), &mut texts);
    assert!(texts.len() > 3, "{name}: hardly any text");
    for (text, at) in &texts {
        let inside = at.left() >= 0.0
            && at.top() >= 0.0
            && at.right() <= tree.size().width()
            && at.bottom() <= tree.size().height();
        assert!(inside, "{name}: `{text}` leaves the sheet: {at:?}");
    }
    for (i, (a, box_a)) in texts.iter().enumerate() {
        for (b, box_b) in &texts[..i] {
            // Boxes include room above and below the letters, a quarter of the line on each side.
            let room = (box_a.height().min(box_b.height())) * 0.25;
            let apart = box_a.left() + 0.5 >= box_b.right()
                || box_b.left() + 0.5 >= box_a.right()
                || box_a.top() + room >= box_b.bottom() - room
                || box_b.top() + room >= box_a.bottom() - room;
            assert!(apart, "{name}: `{a}` and `{b}` overlap: {box_a:?} {box_b:?}");
        }
    }
}

fn collect_texts(group: &Group, texts: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(inner) => collect_texts(inner, texts),
            Node::Text(text) => {
                let words = text.chunks().iter().map(|chunk| chunk.text()).collect();
                texts.push((words, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
}
