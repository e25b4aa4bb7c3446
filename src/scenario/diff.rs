//! What differs between two scenarios, key by key.

use super::document::{Node, Value};

/// One difference between two resolved scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Dotted key; items of named lists by name.
    pub key: String,
    /// Value on the left; `None` if absent.
    pub left: Option<String>,
    /// Value on the right; `None` if absent.
    pub right: Option<String>,
}

/// All differences, in the order of the left scenario. What only names a scenario (`meta`) is left out.
#[must_use]
pub fn diff(left: &Node, right: &Node) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(left, right, String::new(), &mut found);
    found.retain(|d| !d.key.starts_with("meta."));
    found
}

fn compare(left: &Node, right: &Node, key: String, found: &mut Vec<Difference>) {
    match (&left.value, &right.value) {
        (Value::Table(a), Value::Table(b)) => {
            for entry in a {
                let key = join(&key, &entry.key);
                match right.get(&entry.key) {
                    Some(other) => compare(&entry.node, other, key, found),
                    None => found.push(Difference { key, left: Some(shown(&entry.node)), right: None }),
                }
            }
            for entry in b.iter().filter(|e| left.get(&e.key).is_none()) {
                let key = join(&key, &entry.key);
                found.push(Difference { key, left: None, right: Some(shown(&entry.node)) });
            }
        }
        (Value::List(a), Value::List(b)) if named(a) && named(b) => {
            for item in a {
                let key = join(&key, item.name().unwrap_or_default());
                match b.iter().find(|i| i.name() == item.name()) {
                    Some(other) => compare(item, other, key, found),
                    None => found.push(Difference { key, left: Some("present".to_owned()), right: None }),
                }
            }
            for item in b.iter().filter(|i| !a.iter().any(|o| o.name() == i.name())) {
                let key = join(&key, item.name().unwrap_or_default());
                found.push(Difference { key, left: None, right: Some("present".to_owned()) });
            }
        }
        _ => {
            let (a, b) = (shown(left), shown(right));
            if a != b {
                found.push(Difference { key, left: Some(a), right: Some(b) });
            }
        }
    }
}

fn named(items: &[Node]) -> bool {
    items.iter().all(|i| i.name().is_some())
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn shown(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => format!("{text:?}"),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Table(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|e| format!("{} = {}", e.key, shown(&e.node))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}
