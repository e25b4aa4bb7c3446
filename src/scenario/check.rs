//! A tree against the schema: every mistake of every key, before anything is built.

use super::date::{Calendar, Date};
use super::diagnostic::{Code, Diagnostic, nearest};
use super::document::{Entry, Node, Value, parse};
use super::schema::{BOUNDLESS, Field, Kind, Need, number, sections};

/// Gathers everything wrong with `tree`.
#[must_use]
pub(super) fn check(tree: &Node) -> Vec<Diagnostic> {
    let calendar = match tree.get("time").and_then(|t| t.get("calendar")).and_then(Node::text) {
        Some("julian") => Calendar::Julian,
        _ => Calendar::Gregorian,
    };
    let mut checker = Checker { tree, calendar, found: Vec::new() };
    checker.table(tree, &sections(), "");
    checker.found
}

/// Puts in the defaults of everything that is absent.
pub(super) fn fill_defaults(tree: &mut Node) {
    fill_table(tree, &sections());
}

fn fill_table(table: &mut Node, fields: &[Field]) {
    for field in fields {
        if table.get(field.key).is_none()
            && let Need::Default(text) = field.need
        {
            let (parsed, _) = parse(&format!("value = {text}"), 0);
            if let Some(node) = parsed.get("value") {
                let node = Node { at: table.at.clone(), ..node.clone() };
                table.put(field.key, node);
            }
        }
        let Some(node) = table.get_mut(field.key) else { continue };
        match field.kind {
            Kind::Table(inner) => fill_table(node, inner),
            Kind::Tables(inner) => {
                if let Value::List(items) = &mut node.value {
                    items.iter_mut().for_each(|item| fill_table(item, inner));
                }
            }
            Kind::WordTables(inner) => {
                if let Value::Table(entries) = &mut node.value {
                    entries.iter_mut().for_each(|e| fill_table(&mut e.node, inner));
                }
            }
            Kind::Params(specs) => {
                for spec in specs {
                    if node.get(spec.key).is_none() {
                        let value = Node { value: Value::Real(spec.default), at: node.at.clone() };
                        node.put(spec.key, value);
                    }
                }
            }
            Kind::Switches(specs) => {
                for spec in specs {
                    if node.get(spec.key).is_none() {
                        node.put(spec.key, Node { value: Value::Bool(true), at: node.at.clone() });
                    }
                }
            }
            _ => {}
        }
    }
}

struct Checker<'a> {
    tree: &'a Node,
    calendar: Calendar,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn say(&mut self, code: Code, node: &Node, message: String) -> &mut Diagnostic {
        self.found.push(Diagnostic::new(code, message, Some(node.at.clone())));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn wrong_type(&mut self, node: &Node, path: &str, expected: &str) {
        self.say(Code::Type, node, format!("`{path}` is {}, expected {expected}", node.kind()));
    }

    fn table(&mut self, node: &Node, fields: &[Field], path: &str) {
        let Value::Table(entries) = &node.value else {
            self.wrong_type(node, path, "a table");
            return;
        };
        for entry in entries {
            let path = join(path, &entry.key);
            match fields.iter().find(|f| f.key == entry.key) {
                Some(field) => self.value(&entry.node, field.kind, field.unit, &path),
                None => self.unknown_key(entry, &path, fields.iter().map(|f| f.key)),
            }
        }
        for field in fields {
            if matches!(field.need, Need::Required(_)) && node.get(field.key).is_none() {
                let whole = join(path, field.key);
                let message = format!("`{whole}` is missing: {}", field.doc);
                let what = match field.kind {
                    Kind::Table(_) => format!("add a [{whole}] section"),
                    Kind::Tables(_) => format!("add at least one [[{whole}]]"),
                    _ => match field.need {
                        Need::Required(example) => format!("for example `{} = {example}`", field.key),
                        _ => String::new(),
                    },
                };
                self.say(Code::Missing, node, message).help = Some(what);
            }
        }
    }

    fn unknown_key<'k>(&mut self, entry: &Entry, path: &str, keys: impl Iterator<Item = &'k str> + Clone) {
        let mut diagnostic = Diagnostic::new(
            Code::UnknownKey,
            format!("`{path}` is not a key of a scenario"),
            Some(entry.key_at.clone()),
        );
        diagnostic = match nearest(&entry.key, keys.clone()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("possible keys: {}", keys.collect::<Vec<_>>().join(", "))),
        };
        self.found.push(diagnostic);
    }

    fn value(&mut self, node: &Node, kind: Kind, unit: &str, path: &str) {
        match kind {
            Kind::Text
            | Kind::Name
            | Kind::Slug
            | Kind::Color
            | Kind::Date
            | Kind::Ref(_)
            | Kind::OneOf(_) => match node.text() {
                Some(text) => self.text(node, text, kind, path),
                None => self.wrong_type(node, path, text_kind(kind)),
            },
            Kind::Bool => {
                if !matches!(node.value, Value::Bool(_)) {
                    self.wrong_type(node, path, "true or false");
                }
            }
            Kind::Int(min, max) => self.int(node, min, max, unit, path),
            Kind::Real(min, max) => self.real(node, min, max, unit, path),
            Kind::Texts => self.each(node, path, "a list of texts", |this, item, path| {
                if item.text().is_none() {
                    this.wrong_type(item, path, "a text");
                }
            }),
            Kind::Refs(section) => {
                self.each(node, path, "a list of names", |this, item, path| match item.text() {
                    Some("*") => {}
                    Some(name) => this.reference(item, name, section, path),
                    None => this.wrong_type(item, path, "a name"),
                });
            }
            Kind::Map(section, extra, min, max) => {
                if !matches!(node.value, Value::Table(_)) {
                    self.wrong_type(node, path, "a table of numbers");
                }
                for entry in node.entries() {
                    let path = join(path, &entry.key);
                    if !extra.contains(&entry.key.as_str()) {
                        let key = Node { value: Value::Bool(true), at: entry.key_at.clone() };
                        self.reference(&key, &entry.key, section, &path);
                    }
                    self.real(&entry.node, min, max, unit, &path);
                }
            }
            Kind::Words(min, max) => {
                if !matches!(node.value, Value::Table(_)) {
                    self.wrong_type(node, path, "a table of numbers");
                }
                for entry in node.entries() {
                    self.real(&entry.node, min, max, unit, &join(path, &entry.key));
                }
            }
            Kind::WordTables(fields) => {
                if !matches!(node.value, Value::Table(_)) {
                    self.wrong_type(node, path, "a table of tables");
                }
                for entry in node.entries() {
                    self.table(&entry.node, fields, &join(path, &entry.key));
                }
            }
            Kind::Points => self.points(node, path),
            Kind::Dates => self.each(node, path, "a list of dates", |this, item, path| match item.text() {
                Some(text) => this.date(item, text, path),
                None => this.wrong_type(item, path, "a date"),
            }),
            Kind::Pairs => self.each(node, path, "a list of pairs", |this, item, path| match item.items() {
                [a, b] => {
                    this.int(a, 0, i64::from(u32::MAX), unit, path);
                    this.int(b, 0, i64::from(u32::MAX), unit, path);
                }
                _ => this.wrong_type(item, path, "a pair of whole numbers"),
            }),
            Kind::Switches(specs) => {
                if !matches!(node.value, Value::Table(_)) {
                    self.wrong_type(node, path, "a table of true and false");
                }
                for entry in node.entries() {
                    let path = join(path, &entry.key);
                    if specs.iter().any(|s| s.key == entry.key) {
                        self.value(&entry.node, Kind::Bool, "", &path);
                    } else {
                        self.unknown_key(entry, &path, specs.iter().map(|s| s.key));
                    }
                }
            }
            Kind::Table(fields) => self.table(node, fields, path),
            Kind::Tables(fields) => {
                self.each(node, path, "a list of tables", |this, item, path| this.table(item, fields, path));
                self.duplicates(node, path);
            }
            Kind::Params(specs) => {
                if !matches!(node.value, Value::Table(_)) {
                    self.wrong_type(node, path, "a table");
                }
                for entry in node.entries() {
                    let path = join(path, &entry.key);
                    match specs.iter().find(|s| s.key == entry.key) {
                        Some(spec) => {
                            let before = self.found.len();
                            self.real(&entry.node, spec.min, spec.max, spec.unit, &path);
                            if let Some(d) = self.found.get_mut(before) {
                                d.help.get_or_insert_with(|| {
                                    format!("the default is {}: {}", number(spec.default), spec.doc)
                                });
                            }
                        }
                        None => self.unknown_key(entry, &path, specs.iter().map(|s| s.key)),
                    }
                }
            }
        }
    }

    fn each(
        &mut self,
        node: &Node,
        path: &str,
        expected: &str,
        mut visit: impl FnMut(&mut Self, &Node, &str),
    ) {
        let Value::List(items) = &node.value else {
            self.wrong_type(node, path, expected);
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let path = match item.name() {
                Some(name) => format!("{path}.{name}"),
                None => format!("{path}[{index}]"),
            };
            visit(self, item, &path);
        }
    }

    fn text(&mut self, node: &Node, text: &str, kind: Kind, path: &str) {
        match kind {
            Kind::Slug => {
                let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
                if text.is_empty() || !text.chars().all(fits) {
                    self.say(Code::Type, node, format!("`{path}` is `{text}`, expected a name in files"))
                        .help = Some("lower-case letters, digits, hyphens and underscores".to_owned());
                }
            }
            Kind::Name if (text.trim().is_empty() || text.chars().any(char::is_control)) => {
                self.say(Code::Type, node, format!("`{path}` is empty or has control characters"));
            }
            Kind::Color => {
                let digits = text.strip_prefix('#').unwrap_or("");
                if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    self.say(Code::Type, node, format!("`{path}` is `{text}`, expected a colour")).help =
                        Some("as in \"#b2182b\"".to_owned());
                }
            }
            Kind::Date => self.date(node, text, path),
            Kind::Ref(section) => self.reference(node, text, section, path),
            Kind::OneOf(words) if !words.iter().any(|(w, _)| *w == text) => {
                let help = match nearest(text, words.iter().map(|(w, _)| *w)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        format!("one of {}", words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(", "))
                    }
                };
                self.say(Code::UnknownName, node, format!("`{path}` cannot be `{text}`")).help = Some(help);
            }
            _ => {}
        }
    }

    fn date(&mut self, node: &Node, text: &str, path: &str) {
        if Date::parse(text, self.calendar).is_none() {
            let style = match self.calendar {
                Calendar::Julian => "old style (julian)",
                Calendar::Gregorian => "new style (gregorian)",
            };
            self.say(Code::Date, node, format!("`{path}` is `{text}`, which is not a date, {style}")).help =
                Some("dates are written \"YYYY-MM-DD\"".to_owned());
        }
    }

    fn reference(&mut self, node: &Node, name: &str, section: &str, path: &str) {
        let names = self.tree.get(section).map_or(&[][..], Node::items).iter().filter_map(Node::name);
        if names.clone().any(|n| n == name) {
            return;
        }
        let known: Vec<&str> = names.collect();
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("add a [[{section}]] of that name"),
            None if known.len() <= 12 => format!("there are: {}", known.join(", ")),
            None => format!("add a [[{section}]] of that name"),
        };
        self.say(
            Code::UnknownName,
            node,
            format!("`{path}` names the {section} `{name}`, which does not exist"),
        )
        .help = Some(help);
    }

    fn int(&mut self, node: &Node, min: i64, max: i64, unit: &str, path: &str) {
        match node.value {
            Value::Int(value) if (min..=max).contains(&value) => {}
            Value::Int(_) | Value::Real(_) => {
                let shown = show(node);
                let range = match (min, max) {
                    (min, i64::MAX) => format!("a whole number of at least {min}"),
                    (min, max) => format!("a whole number from {min} to {max}"),
                };
                self.say(Code::Range, node, format!("`{path}` is {shown}, expected {range}{}", units(unit)));
            }
            _ => self.wrong_type(node, path, "a whole number"),
        }
    }

    fn real(&mut self, node: &Node, min: f64, max: f64, unit: &str, path: &str) {
        let value = match node.value {
            Value::Int(value) => value as f64,
            Value::Real(value) => value,
            _ => {
                self.wrong_type(node, path, "a number");
                return;
            }
        };
        if !(min..=max).contains(&value) {
            let shown = show(node);
            let range = if max >= BOUNDLESS {
                format!("a finite number of at least {min}")
            } else {
                format!("a number from {min} to {max}")
            };
            self.say(Code::Range, node, format!("`{path}` is {shown}, expected {range}{}", units(unit)));
        }
    }

    fn points(&mut self, node: &Node, path: &str) {
        self.each(node, path, "a list of [date, level]", |this, item, path| match item.items() {
            [date, level] => {
                match date.text() {
                    Some(text) => this.date(date, text, path),
                    None => this.wrong_type(date, path, "a date"),
                }
                this.real(level, 0.0, 1.0, "level 0..1", path);
            }
            _ => this.wrong_type(item, path, "a pair [date, level]"),
        });
    }

    fn duplicates(&mut self, node: &Node, path: &str) {
        let items = node.items();
        for (index, item) in items.iter().enumerate() {
            let Some(name) = item.name() else { continue };
            if let Some(first) = items[..index].iter().find(|i| i.name() == Some(name)) {
                let at = item.get("name").map_or(&item.at, |n| &n.at).clone();
                let first_at = first.get("name").map_or(&first.at, |n| &n.at).clone();
                self.found.push(
                    Diagnostic::new(
                        Code::Duplicate,
                        format!("there are two of `{path}` named `{name}`"),
                        Some(at),
                    )
                    .related(first_at, "the first is here"),
                );
            }
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn units(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" ({unit})") }
}

fn show(node: &Node) -> String {
    match node.value {
        Value::Int(value) => value.to_string(),
        Value::Real(value) if value.is_nan() => "not a number".to_owned(),
        Value::Real(value) => value.to_string(),
        _ => String::new(),
    }
}

fn text_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "a date in quotes",
        Kind::Color => "a colour in quotes",
        Kind::OneOf(_) | Kind::Ref(_) | Kind::Slug | Kind::Name => "a name in quotes",
        _ => "a text in quotes",
    }
}
