//! Places named by what they are: `"kind:town"`, `"region:North"`, `"!harbour"` become the names they stand for.

use super::diagnostic::{Code, Diagnostic, nearest};
use super::document::{Node, Value};
use super::schema::{Field, Kind, sections};

/// Replaces selectors in every list of places by names, in the order of the places. Selectors that fit nobody are
/// reported; names are left to the check of references.
pub(super) fn expand_places(tree: &mut Node, diagnostics: &mut Vec<Diagnostic>) {
    let text = |item: &Node, key: &str| item.get(key).and_then(Node::text).unwrap_or_default().to_owned();
    let places: Vec<Known> = tree
        .get("place")
        .map_or(&[][..], Node::items)
        .iter()
        .map(|item| Known {
            name: text(item, "name"),
            kind: text(item, "kind"),
            region: text(item, "region"),
        })
        .collect();
    expand_table(tree, &sections(), &places, diagnostics);
}

/// What a place can be selected by.
struct Known {
    name: String,
    kind: String,
    region: String,
}

fn expand_table(table: &mut Node, fields: &[Field], places: &[Known], diagnostics: &mut Vec<Diagnostic>) {
    for field in fields {
        let Some(node) = table.get_mut(field.key) else { continue };
        match field.kind {
            Kind::Refs("place") => expand_list(node, places, diagnostics),
            Kind::Table(inner) => expand_table(node, inner, places, diagnostics),
            Kind::Tables(inner) => {
                if let Value::List(items) = &mut node.value {
                    items.iter_mut().for_each(|item| expand_table(item, inner, places, diagnostics));
                }
            }
            _ => {}
        }
    }
}

fn expand_list(list: &mut Node, places: &[Known], diagnostics: &mut Vec<Diagnostic>) {
    let Value::List(items) = &mut list.value else { return };
    let selects = |item: &Node| item.text().is_some_and(|t| t.contains(':') || t.starts_with('!'));
    if !items.iter().any(selects) {
        return;
    }
    // A list that only takes away takes away from all.
    let mut chosen = vec![items.iter().all(|i| i.text().is_some_and(|t| t.starts_with('!'))); places.len()];
    let mut others = Vec::new();
    for item in std::mem::take(items) {
        let Some(text) = item.text().map(str::to_owned) else {
            others.push(item);
            continue;
        };
        let (keep, selector) = match text.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, text.as_str()),
        };
        let fits = |place: &Known| match selector.split_once(':') {
            Some(("kind", kind)) => place.kind == kind.trim(),
            Some(("region", region)) => place.region == region.trim(),
            Some(_) => false,
            None => place.name == selector || selector == "*",
        };
        let mut found = false;
        for (chosen, _) in chosen.iter_mut().zip(places).filter(|(_, place)| fits(place)) {
            *chosen = keep;
            found = true;
        }
        if found {
            continue;
        }
        if keep && !selector.contains(':') {
            others.push(item);
            continue;
        }
        let known = places.iter().flat_map(|p| [format!("kind:{}", p.kind), format!("region:{}", p.region)]);
        let known: Vec<String> = known.chain(places.iter().map(|p| p.name.clone())).collect();
        let mut diagnostic =
            Diagnostic::new(Code::UnknownName, format!("no place is selected by `{text}`"), Some(item.at));
        diagnostic = match nearest(selector, known.iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("as in \"kind:town\", \"region:north\" or \"!harbour\"".to_owned()),
        };
        diagnostics.push(diagnostic);
    }
    let at = &list.at;
    let named = places.iter().zip(chosen).filter(|(_, chosen)| *chosen);
    others.extend(named.map(|(p, _)| Node { value: Value::Text(p.name.clone()), at: at.clone() }));
    list.value = Value::List(others);
}

#[cfg(test)]
mod tests {
    use super::super::document::parse;
    use super::*;

    fn selected(list: &str) -> (Vec<String>, usize) {
        let text = format!(
            "[[place]]\nname = \"a\"\nkind = \"town\"\nregion = \"x\"\n[[place]]\nname = \"b\"\nkind = \"village\"\nregion = \"x\"\n[[place]]\nname = \"c\"\nkind = \"town\"\nregion = \"y\"\n[[event]]\nplaces = {list}\n"
        );
        let mut tree = parse(&text, 0).0;
        let mut diagnostics = Vec::new();
        expand_places(&mut tree, &mut diagnostics);
        let event = &tree.get("event").expect("it is there").items()[0];
        let names = event.get("places").expect("it has some").items().iter().filter_map(Node::text);
        (names.map(str::to_owned).collect(), diagnostics.len())
    }

    #[test]
    fn places_are_selected_by_kind_region_and_exclusion() {
        let of = |list| selected(list).0.join("");
        assert_eq!(of("[\"kind:town\"]"), "ac");
        assert_eq!(of("[\"region:x\", \"c\"]"), "abc");
        assert_eq!(of("[\"!c\"]"), "ab");
        assert_eq!(of("[\"kind:town\", \"!a\"]"), "c");
        assert_eq!(of("[\"b\"]"), "b");
        assert_eq!(of("[\"stranger\"]"), "stranger", "left to the check of references");
        assert_eq!(selected("[\"kind:twon\"]").1, 1);
    }
}
