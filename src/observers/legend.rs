//! How things are called and coloured, as tables: so that a chart can be drawn from a run folder alone.

use super::table::{Cell, Kind, Table};

/// A party or bloc on charts.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    /// Name in tables.
    pub name: String,
    /// `party`, `bloc`, `none` or `silent`.
    pub kind: &'static str,
    /// Name for readers.
    pub label: String,
    /// Short name for narrow places.
    pub short: String,
    /// `#rrggbb`.
    pub color: String,
    /// Programme position, -1..=1.
    pub position: f64,
    /// Parties of a bloc.
    pub members: Vec<String>,
}

/// Everything that tables name and readers want called otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// Parties, blocs, none, silent.
    pub parties: Vec<LegendEntry>,
    /// Kind, name, label of places, classes, bodies.
    pub names: Vec<(&'static str, String, String)>,
}

impl Legend {
    /// The tables `parties` and `names`.
    #[must_use]
    pub fn tables(&self) -> [Table; 2] {
        let mut parties = Table::new(
            "parties",
            "parties and blocs as they are called and coloured on charts",
            &[
                ("party", Kind::Text, "", "name in the tables"),
                ("kind", Kind::Text, "", "party, bloc, none or silent"),
                ("label", Kind::Text, "", "name for readers"),
                ("short", Kind::Text, "", "short name"),
                ("color", Kind::Text, "", "#rrggbb"),
                ("position", Kind::Real, "-1..1", "position of the programme"),
                ("order", Kind::Int, "", "order in the scenario"),
                ("members", Kind::Text, "", "parties of a bloc, with spaces between"),
            ],
        );
        for (order, entry) in self.parties.iter().enumerate() {
            parties.push(&[
                Cell::Text(&entry.name),
                Cell::Text(entry.kind),
                Cell::Text(&entry.label),
                Cell::Text(&entry.short),
                Cell::Text(&entry.color),
                Cell::Real(entry.position),
                Cell::Int(order as i64),
                Cell::Text(&entry.members.join(" ")),
            ]);
        }
        let mut names = Table::new(
            "names",
            "names for readers",
            &[
                ("kind", Kind::Text, "", "place, class or body"),
                ("name", Kind::Text, "", "name in the tables"),
                ("label", Kind::Text, "", "name for readers"),
            ],
        );
        for (kind, name, label) in &self.names {
            names.push(&[Cell::Text(kind), Cell::Text(name), Cell::Text(label)]);
        }
        [parties, names]
    }
}
