//! One scenario on top of another: `extends` and `--set`.
//!
//! Tables merge key by key. Arrays of tables that have names (`[[event]]`, `[[place]]`, …) merge item by item by
//! name: an item of the upper layer changes the lower one's item of that name, is added if there is none, and takes
//! it away with `remove = true`. Everything else is replaced. Each value remembers which text it came from.

use super::diagnostic::{Code, Diagnostic, Sources, nearest};
use super::document::{Entry, Node, Value, parse};

/// Lays `over` on top of `base`.
pub(super) fn merge(base: &mut Node, over: Node, diagnostics: &mut Vec<Diagnostic>) {
    let Node { value, at } = over;
    match (&mut base.value, value) {
        (Value::Table(below), Value::Table(above)) => {
            for entry in above {
                match below.iter_mut().find(|e| e.key == entry.key) {
                    Some(found) => {
                        found.key_at = entry.key_at;
                        merge(&mut found.node, entry.node, diagnostics);
                    }
                    None => below.push(drop_removals(entry, diagnostics)),
                }
            }
        }
        (Value::List(below), Value::List(above)) if are_named(below) && are_named(&above) => {
            for item in above {
                merge_item(below, item, diagnostics);
            }
        }
        (_, value) => *base = Node { value, at },
    }
}

fn are_named(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| item.name().is_some())
}

fn is_removal(item: &Node) -> bool {
    matches!(item.get("remove").map(|n| &n.value), Some(Value::Bool(true)))
}

fn merge_item(below: &mut Vec<Node>, mut item: Node, diagnostics: &mut Vec<Diagnostic>) {
    let name = item.name().unwrap_or_default().to_owned();
    let found = below.iter().position(|b| b.name() == Some(&name));
    let removal = is_removal(&item);
    if let Value::Table(entries) = &mut item.value {
        entries.retain(|e| e.key != "remove" || !matches!(e.node.value, Value::Bool(_)));
    }
    match (found, removal) {
        (Some(index), true) => {
            below.remove(index);
        }
        (Some(index), false) => merge(&mut below[index], item, diagnostics),
        (None, false) => below.push(item),
        (None, true) => {
            let message = format!("there is no `{name}` to remove");
            let mut diagnostic = Diagnostic::new(Code::UnknownName, message, Some(item.at));
            if let Some(near) = nearest(&name, below.iter().filter_map(Node::name)) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            diagnostics.push(diagnostic);
        }
    }
}

/// A whole array that the base does not have can still hold removals, of nothing.
fn drop_removals(mut entry: Entry, diagnostics: &mut Vec<Diagnostic>) -> Entry {
    if let Value::List(items) = &mut entry.node.value
        && items.iter().any(is_removal)
    {
        let mut kept = Vec::new();
        for item in std::mem::take(items) {
            merge_item(&mut kept, item, diagnostics);
        }
        *items = kept;
    }
    entry
}

/// Lays one `KEY=VALUE` on top of `tree`.
///
/// The key is dotted; items of named arrays are addressed by name, `event.coup.enabled=false`; names with dots or
/// spaces stand in quotes. The value is TOML; what is not is taken as a text.
pub(super) fn set(tree: &mut Node, typed: &str, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) {
    let source = sources.add("--set", typed);
    let whole = || Some(super::diagnostic::Location { source, span: 0..typed.len() });
    let Some(split) = find_equals(typed) else {
        let message = format!("`{typed}` is not of the form KEY=VALUE");
        diagnostics
            .push(Diagnostic::new(Code::Syntax, message, whole()).help("as in --set attitude.rate=0.01"));
        return;
    };
    let (key, value) = (typed[..split].trim(), typed[split + 1..].trim());
    let Some(steps) = split_key(key) else {
        diagnostics.push(Diagnostic::new(Code::Syntax, format!("`{key}` is not a dotted key"), whole()));
        return;
    };
    let (parsed, errors) = parse(&format!("value = {value}"), source);
    let mut node = match parsed.get("value") {
        Some(node) if errors.is_empty() => node.clone(),
        _ => Node { value: Value::Text(value.to_owned()), at: parsed.at.clone() },
    };
    let place = super::diagnostic::Location { source, span: 0..typed.len() };
    relocate(&mut node, &place);

    let mut here = tree;
    for (depth, step) in steps.iter().enumerate() {
        let last = depth + 1 == steps.len();
        if matches!(here.value, Value::List(_)) {
            let names: Vec<String> = here.items().iter().filter_map(Node::name).map(str::to_owned).collect();
            let Value::List(items) = &mut here.value else { return };
            let found = items
                .iter()
                .position(|i| i.name() == Some(step))
                .or_else(|| step.parse::<usize>().ok().filter(|&i| i < items.len()));
            let Some(index) = found else {
                let mut diagnostic = Diagnostic::new(
                    Code::UnknownName,
                    format!("`{}` has no item `{step}`", steps[..depth].join(".")),
                    Some(place),
                );
                diagnostic = match nearest(step, names.iter().map(String::as_str)) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("there are: {}", names.join(", "))),
                };
                diagnostics.push(diagnostic);
                return;
            };
            if last {
                items[index] = node;
                return;
            }
            here = &mut items[index];
        } else {
            if !matches!(here.value, Value::Table(_)) {
                let message = format!("`{}` is {}, not a table", steps[..depth].join("."), here.kind());
                diagnostics.push(Diagnostic::new(Code::Type, message, Some(place)));
                return;
            }
            if last {
                here.put(step, node);
                return;
            }
            if here.get(step).is_none() {
                here.put(step, Node { value: Value::Table(Vec::new()), at: place.clone() });
            }
            let Some(next) = here.get_mut(step) else { return };
            here = next;
        }
    }
}

/// The number at a dotted key, as `--set` would find it.
#[must_use]
pub fn number_at(tree: &Node, key: &str) -> Option<f64> {
    node_at(tree, key)?.number()
}

/// What stands at a dotted key, as `--set` would find it.
#[must_use]
pub fn node_at<'t>(tree: &'t Node, key: &str) -> Option<&'t Node> {
    let mut here = tree;
    for step in &split_key(key.trim())? {
        here = match &here.value {
            Value::List(items) => items.iter().find(|i| i.name() == Some(step))?,
            _ => here.get(step)?,
        };
    }
    Some(here)
}

fn relocate(node: &mut Node, at: &super::diagnostic::Location) {
    node.at = at.clone();
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|i| relocate(i, at)),
        Value::Table(entries) => entries.iter_mut().for_each(|e| {
            e.key_at = at.clone();
            relocate(&mut e.node, at);
        }),
        _ => {}
    }
}

/// The first `=` outside of quotes.
fn find_equals(typed: &str) -> Option<usize> {
    let mut quoted = false;
    for (i, c) in typed.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '=' if !quoted => return Some(i),
            _ => {}
        }
    }
    None
}

fn split_key(key: &str) -> Option<Vec<String>> {
    let mut steps = vec![String::new()];
    let mut quoted = false;
    for c in key.chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => steps.push(String::new()),
            c => steps.last_mut()?.push(c),
        }
    }
    (!quoted && steps.iter().all(|s| !s.is_empty())).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, over: &str, path: &[&str], expected: &Value) {
        let mut tree = parse(base, 0).0;
        let mut diagnostics = Vec::new();
        merge(&mut tree, parse(over, 1).0, &mut diagnostics);
        assert_eq!(diagnostics, []);
        let mut here = &tree;
        for step in path {
            here = match here.value {
                Value::List(_) => here.items().iter().find(|i| i.name() == Some(step)).expect("item"),
                _ => here.get(step).expect("key"),
            };
        }
        assert_eq!(&here.value, expected);
    }

    #[test]
    fn layers_merge_by_key_and_by_name() {
        let base = "[a]\nx = 1\ny = 2\n[[event]]\nname = \"north\"\nsize = 3\n[[event]]\nname = \"south\"\nsize = 4\n";
        check(base, "[a]\nx = 5\n", &["a", "x"], &Value::Int(5));
        check(base, "[a]\nx = 5\n", &["a", "y"], &Value::Int(2));
        check(base, "[[event]]\nname = \"south\"\nsize = 9\n", &["event", "south", "size"], &Value::Int(9));
        check(base, "[[event]]\nname = \"south\"\nsize = 9\n", &["event", "north", "size"], &Value::Int(3));
        check(base, "[[event]]\nname = \"west\"\nsize = 9\n", &["event", "west", "size"], &Value::Int(9));
    }

    #[test]
    fn items_can_be_removed_and_only_those_that_are_there() {
        let mut tree = parse("[[event]]\nname = \"north\"\n", 0).0;
        let mut diagnostics = Vec::new();
        merge(&mut tree, parse("[[event]]\nname = \"nort\"\nremove = true\n", 1).0, &mut diagnostics);
        assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `north`?"));
        merge(&mut tree, parse("[[event]]\nname = \"north\"\nremove = true\n", 1).0, &mut diagnostics);
        assert_eq!(tree.get("event").expect("still there").items().len(), 0);
    }

    #[test]
    fn single_values_are_set_by_dotted_keys() {
        let mut tree = parse("[a]\nx = 1\n[[event]]\nname = \"far north\"\nsize = 3\n", 0).0;
        let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
        for typed in ["a.x=2.5", "a.word=plain text", "event.\"far north\".size = 8"] {
            set(&mut tree, typed, &mut sources, &mut diagnostics);
        }
        assert_eq!(diagnostics, []);
        assert_eq!(tree.get("a").and_then(|a| a.get("x")).map(|n| &n.value), Some(&Value::Real(2.5)));
        assert_eq!(tree.get("a").and_then(|a| a.get("word")).and_then(Node::text), Some("plain text"));
        assert_eq!(
            tree.get("event").map(|e| &e.items()[0].get("size").expect("size").value),
            Some(&Value::Int(8))
        );
        for wrong in ["a.x", "=3", "a..x=1", "event.nowhere.size=1", "a.x.y=1"] {
            let before = diagnostics.len();
            set(&mut tree, wrong, &mut sources, &mut diagnostics);
            assert_eq!(diagnostics.len(), before + 1, "{wrong}");
        }
    }
}
