//! A tree as text again: the resolved scenario, the commented template, the JSON Schema.

use std::fmt::Write as _;

use serde_json::{Map as Json, Value as JsonValue, json};

use super::document::{Node, Value};
use super::schema::{Field, Kind, Need, number, sections};

/// The tree as TOML, in the order of the schema. Reading it gives the same values.
#[must_use]
pub fn to_toml(tree: &Node) -> String {
    let mut text = String::new();
    for section in sections() {
        let Some(node) = tree.get(section.key) else { continue };
        match section.kind {
            Kind::Tables(fields) => {
                for item in node.items() {
                    print_table(&mut text, item, fields, section.key, true);
                }
            }
            Kind::Table(fields) => print_table(&mut text, node, fields, section.key, false),
            _ => {
                let _ = writeln!(text, "[{}]", section.key);
                for entry in node.entries() {
                    let _ = writeln!(text, "{} = {}", entry.key, inline(&entry.node));
                }
                text.push('\n');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn print_table(text: &mut String, node: &Node, fields: &[Field], path: &str, listed: bool) {
    let _ = if listed { writeln!(text, "[[{path}]]") } else { writeln!(text, "[{path}]") };
    let nested = |field: &Field| matches!(field.kind, Kind::Tables(_)) && field.key != "when";
    for field in fields.iter().filter(|f| !nested(f)) {
        if let Some(value) = node.get(field.key) {
            let _ = writeln!(text, "{} = {}", field.key, inline(value));
        }
    }
    text.push('\n');
    for field in fields.iter().filter(|f| nested(f)) {
        if let (Some(value), Kind::Tables(inner)) = (node.get(field.key), field.kind) {
            for item in value.items() {
                print_table(text, item, inner, &format!("{path}.{}", field.key), true);
            }
        }
    }
}

fn inline(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quote(text),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => number(*value),
        Value::Bool(value) => value.to_string(),
        Value::List(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Table(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|e| format!("{} = {}", bare_or_quoted(&e.key), inline(&e.node))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn bare_or_quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { quote(key) }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A small valid scenario in which every key is explained.
#[must_use]
pub fn template() -> String {
    let mut text = String::from(
        "# A scenario of october. Keys that are commented out show their defaults.\n\
         # `extends = \"base.toml\"` as the first line lays this file on top of another one.\n\n",
    );
    for section in sections() {
        let _ =
            writeln!(text, "# {}{}", capital(section.doc), if section.doc.ends_with('.') { "" } else { "." });
        let required = matches!(section.need, Need::Required(_));
        match section.kind {
            Kind::Tables(fields) => template_table(&mut text, fields, section.key, true, required),
            Kind::Table(fields) => template_table(&mut text, fields, section.key, false, required),
            Kind::Params(specs) => {
                let _ = writeln!(text, "[{}]", section.key);
                for spec in specs {
                    let _ = writeln!(
                        text,
                        "# {} [{} to {}, {}]\n# {} = {}",
                        spec.doc,
                        spec.min,
                        spec.max,
                        spec.unit,
                        spec.key,
                        number(spec.default)
                    );
                }
                text.push('\n');
            }
            Kind::Switches(specs) => {
                let _ = writeln!(text, "[{}]", section.key);
                for spec in specs {
                    let _ = writeln!(text, "# {}\n# {} = true", spec.doc, spec.key);
                }
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

fn template_table(text: &mut String, fields: &[Field], path: &str, listed: bool, live: bool) {
    let off = if live { "" } else { "# " };
    let _ = if listed { writeln!(text, "{off}[[{path}]]") } else { writeln!(text, "{off}[{path}]") };
    let mut nested = Vec::new();
    for field in fields {
        if let (Kind::Tables(inner), true) = (field.kind, field.key != "when") {
            nested.push((field, inner));
            continue;
        }
        let _ = writeln!(text, "# {}{}", field.doc, bounds(field));
        let _ = match field.need {
            Need::Required(example) => writeln!(text, "{off}{} = {example}", field.key),
            Need::Default(default) => writeln!(text, "# {} = {default}", field.key),
            Need::Optional => writeln!(text, "# {} = …", field.key),
        };
    }
    text.push('\n');
    for (field, inner) in nested {
        let _ = writeln!(text, "# {}", field.doc);
        template_table(text, inner, &format!("{path}.{}", field.key), true, false);
    }
}

fn bounds(field: &Field) -> String {
    let range = match field.kind {
        Kind::Int(min, i64::MAX) => format!("at least {min}"),
        Kind::Int(min, max) => format!("{min} to {max}"),
        Kind::Real(min, max) | Kind::Map(_, _, min, max) | Kind::Words(min, max) => {
            format!("{} to {}", short(min), short(max))
        }
        Kind::OneOf(words) => words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    match (range.is_empty(), field.unit.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!(" [{range}]"),
        (true, false) => format!(" [{}]", field.unit),
        (false, false) => format!(" [{range}, {}]", field.unit),
    }
}

fn short(value: f64) -> String {
    if value.abs() >= 1e6 { format!("{value:e}") } else { value.to_string() }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The JSON Schema (draft 2020-12) of scenario files, for editors.
#[must_use]
pub fn json_schema() -> JsonValue {
    let mut properties = Json::new();
    properties.insert(
        "extends".to_owned(),
        json!({ "type": "string", "description": "file this one is laid on top of" }),
    );
    for section in sections() {
        properties.insert(section.key.to_owned(), field_schema(&section));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of october",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn field_schema(field: &Field) -> JsonValue {
    let mut schema = match field.kind {
        Kind::Text | Kind::Name | Kind::Ref(_) => json!({ "type": "string" }),
        Kind::Slug => json!({ "type": "string", "pattern": "^[a-z0-9_-]+$" }),
        Kind::Color => json!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" }),
        Kind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Real(min, max) => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::OneOf(words) => {
            json!({ "type": "string", "enum": words.iter().map(|(w, _)| *w).collect::<Vec<_>>() })
        }
        Kind::Texts | Kind::Refs(_) => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Map(_, _, min, max) | Kind::Words(min, max) => json!({
            "type": "object",
            "additionalProperties": { "type": "number", "minimum": min, "maximum": max },
        }),
        Kind::WordTables(fields) => {
            json!({ "type": "object", "additionalProperties": table_schema(fields, false) })
        }
        Kind::Points => json!({
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [{ "type": "string" }, { "type": "number", "minimum": 0, "maximum": 1 }],
                "minItems": 2, "maxItems": 2,
            },
        }),
        Kind::Table(fields) => table_schema(fields, false),
        Kind::Tables(fields) => json!({ "type": "array", "items": table_schema(fields, true) }),
        Kind::Dates => json!({
            "type": "array",
            "items": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
        }),
        Kind::Pairs => json!({
            "type": "array",
            "items": { "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2, "maxItems": 2 },
        }),
        Kind::Switches(specs) => {
            let mut properties = Json::new();
            for spec in specs {
                properties.insert(
                    spec.key.to_owned(),
                    json!({ "type": "boolean", "default": true, "description": spec.doc }),
                );
            }
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
        Kind::Params(specs) => {
            let mut properties = Json::new();
            for spec in specs {
                properties.insert(
                    spec.key.to_owned(),
                    json!({
                        "type": "number", "minimum": spec.min, "maximum": spec.max, "default": spec.default,
                        "description": format!("{} [{}; {}]", spec.doc, spec.unit, spec.source),
                    }),
                );
            }
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    };
    if let Some(object) = schema.as_object_mut() {
        let unit = if field.unit.is_empty() { String::new() } else { format!(" [{}]", field.unit) };
        object.insert("description".to_owned(), json!(format!("{}{unit}", field.doc)));
    }
    schema
}

/// Nothing is required here: a file that extends another may hold any part of it.
fn table_schema(fields: &[Field], listed: bool) -> JsonValue {
    let mut properties = Json::new();
    if listed && fields.iter().any(|f| f.key == "name") {
        properties.insert(
            "remove".to_owned(),
            json!({ "type": "boolean", "description": "take away the item of this name that the extended file has" }),
        );
    }
    for field in fields {
        properties.insert(field.key.to_owned(), field_schema(field));
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
