//! Names and colours as the tables give them: one colour per party in every figure.

use super::columns::{numbers, texts};
use super::theme::{Colour, FAINT, OKABE_ITO};
use crate::observers::table::TableSet;

/// One entry of the `parties` table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) kind: PartyKind,
    pub(super) label: String,
    pub(super) short: String,
    pub(super) colour: Colour,
    pub(super) position: f64,
    pub(super) order: f64,
    /// The parties of a bloc, if the table says.
    pub(super) members: Vec<String>,
}

/// What an entry of the `parties` table stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartyKind {
    Party,
    Bloc,
    /// No party, privately.
    None,
    /// Nothing said in public.
    Silent,
}

/// The `parties` and `names` tables; whatever they lack gets its raw name and a colour of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Legend {
    parties: Vec<Party>,
    names: Vec<(String, String, String)>,
}

impl Legend {
    /// Reads what there is; a table or column that is missing leaves the fallbacks.
    pub(super) fn read(tables: &TableSet) -> Self {
        Self {
            parties: read_parties(tables).unwrap_or_default(),
            names: read_names(tables).unwrap_or_default(),
        }
    }

    /// The label of `name`, an entry of kind `kind` (`place`, `class`, `body`, `level`, `measure`); without one, the
    /// name itself with a capital.
    pub(super) fn label(&self, kind: &str, name: &str) -> String {
        let found = self.names.iter().find(|(k, n, label)| k == kind && n == name && !label.is_empty());
        match (found, name.split_once(": ")) {
            (Some((_, _, label)), _) => label.clone(),
            // A body that is one of several of a kind is called by its kind and its place.
            (None, Some((base, place))) if kind == "body" => {
                format!("{}: {}", self.label(kind, base), self.label("place", place))
            }
            (None, _) => capitalised(name),
        }
    }

    /// The indices of `names` in the order in which the legend lists that kind; those it does not list come last.
    pub(super) fn in_order(&self, kind: &str, names: &[String]) -> Vec<usize> {
        let rank = |name: &String| {
            self.names.iter().position(|(k, n, _)| k == kind && n == name).unwrap_or(self.names.len())
        };
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by_key(|&i| rank(&names[i]));
        order
    }

    /// The entry of the party or bloc `name`.
    pub(super) fn party(&self, name: &str) -> Party {
        self.parties.iter().find(|p| p.name == name).cloned().unwrap_or_else(|| {
            let kind = match name {
                "none" => PartyKind::None,
                "silent" => PartyKind::Silent,
                _ => PartyKind::Party,
            };
            // The same unlisted name gets the same colour in every figure.
            let number = name.bytes().fold(0_usize, |sum, byte| sum + usize::from(byte));
            let colour = if kind == PartyKind::Party { OKABE_ITO[number % OKABE_ITO.len()] } else { FAINT };
            Party {
                name: name.to_owned(),
                kind,
                label: name.to_owned(),
                short: name.to_owned(),
                colour,
                position: 0.0,
                order: f64::MAX,
                members: Vec::new(),
            }
        })
    }

    /// The entries of `names`, leftmost (largest position) first; silence and no party last.
    pub(super) fn leftmost_first<'n>(&self, names: impl Iterator<Item = &'n String>) -> Vec<Party> {
        let mut found: Vec<Party> = names.map(|name| self.party(name)).collect();
        let rank = |p: &Party| match p.kind {
            PartyKind::Party | PartyKind::Bloc => 0,
            PartyKind::None => 1,
            PartyKind::Silent => 2,
        };
        found.sort_by(|a, b| {
            rank(a)
                .cmp(&rank(b))
                .then(b.position.total_cmp(&a.position))
                .then(a.order.total_cmp(&b.order))
                .then(a.name.cmp(&b.name))
        });
        found
    }
}

fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn read_parties(tables: &TableSet) -> Option<Vec<Party>> {
    let table = tables.get("parties")?;
    let party = texts(table, "party").ok()?;
    let column = |name: &str| texts(table, name).ok();
    let (kind, label, short, color) = (column("kind"), column("label"), column("short"), column("color"));
    let members = column("members");
    let (position, order) = (numbers(table, "position").ok(), numbers(table, "order").ok());
    let found = (0..table.rows()).map(|row| {
        let name = party.get(row).to_owned();
        let word = |cells: Option<&crate::observers::table::TextCells>, fallback: &str| {
            let text = cells.map_or("", |c| c.get(row));
            if text.is_empty() { fallback.to_owned() } else { text.to_owned() }
        };
        let label = word(label, &name);
        let number = |cells: Option<super::columns::Numbers<'_>>, fallback: f64| {
            cells.map(|c| c.at(row)).filter(|v| v.is_finite()).unwrap_or(fallback)
        };
        Party {
            kind: match (word(kind, "party").as_str(), name.as_str()) {
                ("bloc", _) => PartyKind::Bloc,
                ("none", _) | (_, "none") => PartyKind::None,
                ("silent", _) | (_, "silent") => PartyKind::Silent,
                _ => PartyKind::Party,
            },
            short: word(short, &label),
            colour: Colour::parse(&word(color, "")).unwrap_or(OKABE_ITO[row % OKABE_ITO.len()]),
            position: number(position, 0.0),
            order: number(order, row as f64),
            members: word(members, "")
                .split([' ', ',', ';', '|', '+'])
                .filter(|member| !member.is_empty())
                .map(str::to_owned)
                .collect(),
            label,
            name,
        }
    });
    Some(found.collect())
}

fn read_names(tables: &TableSet) -> Option<Vec<(String, String, String)>> {
    let table = tables.get("names")?;
    let (kind, name, label) =
        (texts(table, "kind").ok()?, texts(table, "name").ok()?, texts(table, "label").ok()?);
    let entry = |row| (kind.get(row).to_owned(), name.get(row).to_owned(), label.get(row).to_owned());
    Some((0..table.rows()).map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_legend_stand_for_themselves() {
        let legend = Legend::default();
        assert_eq!(legend.label("place", "north side"), "North side");
        assert_eq!(legend.label("body", "soviets: north side"), "Soviets: North side");
        assert_eq!(legend.party("a"), legend.party("a"));
        assert_eq!(legend.party("silent").kind, PartyKind::Silent);
    }

    #[test]
    fn silence_comes_after_the_parties() {
        let names = ["silent".to_owned(), "b".to_owned(), "none".to_owned(), "a".to_owned()];
        let order: Vec<_> =
            Legend::default().leftmost_first(names.iter()).into_iter().map(|p| p.name).collect();
        assert_eq!(order, ["a", "b", "none", "silent"]);
    }
}
