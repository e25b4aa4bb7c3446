//! A TOML text as a tree in which every value knows where it stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Location};

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands; for a `[table]`, its header.
    pub at: Location,
}

/// A TOML value. Dates without quotes are texts here: the schema says where a date is meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string, or a date.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A real number.
    Real(f64),
    /// A truth.
    Bool(bool),
    /// An array.
    List(Vec<Node>),
    /// A table, in the order it was written.
    Table(Vec<Entry>),
}

/// A key of a table with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_at: Location,
    /// The value.
    pub node: Node,
}

/// Reads a text; all syntax errors that can be told apart are returned beside what could be read.
#[must_use]
pub(super) fn parse(text: &str, source: usize) -> (Node, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let diagnostics = errors
        .iter()
        .map(|error| {
            let at = error.span().map(|span| Location { source, span });
            Diagnostic::new(Code::Syntax, error.message().trim().replace('\n', "; "), at)
        })
        .collect();
    let span = table.span();
    let value = table_value(table.get_ref(), source);
    (Node { value, at: Location { source, span } }, diagnostics)
}

fn table_value(table: &DeTable<'_>, source: usize) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_at: Location { source, span: key.span() },
            node: node(value, source),
        })
        .collect();
    entries.sort_by_key(|e| e.key_at.span.start);
    Value::Table(entries)
}

fn node(value: &Spanned<DeValue<'_>>, source: usize) -> Node {
    let converted = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
            Ok(whole) => Value::Int(whole),
            // Larger than any whole number we use; the range check refuses it with its place.
            Err(_) => Value::Real(digits.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(digits) => Value::Real(digits.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, source)).collect()),
        DeValue::Table(table) => table_value(table, source),
    };
    Node { value: converted, at: Location { source, span: value.span() } }
}

impl Node {
    /// The value under `key`, if this is a table that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|e| e.key == key).map(|e| &e.node)
    }

    /// The value under `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Table(entries) => entries.iter_mut().find(|e| e.key == key).map(|e| &mut e.node),
            _ => None,
        }
    }

    /// The entries of a table; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The items of an array; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, whole or not, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Value::Int(whole) => Some(whole as f64),
            Value::Real(real) => Some(real),
            _ => None,
        }
    }

    /// The `name` of a table.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.get("name")?.text()
    }

    /// Puts `node` under `key`, in place of what was there.
    pub fn put(&mut self, key: &str, node: Self) {
        if let Value::Table(entries) = &mut self.value {
            match entries.iter_mut().find(|e| e.key == key) {
                Some(entry) => entry.node = node,
                None => entries.push(Entry { key: key.to_owned(), key_at: node.at.clone(), node }),
            }
        }
    }

    /// What kind of value it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Int(_) => "a whole number",
            Value::Real(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}
