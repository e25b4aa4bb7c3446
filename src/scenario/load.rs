//! Opens scenario files; everything else in this ring is a function of text.
#![expect(clippy::disallowed_methods, reason = "the one file of this ring that opens files")]

use std::path::{Path, PathBuf};

use super::check::{check, fill_defaults};
use super::date::{Calendar, Date};
use super::diagnostic::{Code, Diagnostic, Location, Sources, nearest};
use super::document::{Entry, Node, Value, parse};
use super::grid::{GridCell, read_grid};
use super::layers::{merge, set};
use super::print::to_toml;
use super::raw::RawScenario;
use super::schema::{Kind, sections};
use super::select::expand_places;
use super::turns::turn;
use super::valid::{Counterfactual, Scenario};
use super::validate::{Problem, Step, assemble};

/// Scenario files are texts for people; larger ones are a mistake.
const MAX_BYTES: u64 = 16 << 20;

/// The scenario that is run if none is named.
pub const DEFAULT: &str = "petrograd-1917";

/// Scenarios that ship inside the program: file name and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("petrograd-1917.toml", include_str!("../../scenarios/petrograd-1917.toml")),
    ("capitals-1917.toml", include_str!("../../scenarios/capitals-1917.toml")),
    ("russia-1917-unfitted.toml", include_str!("../../scenarios/russia-1917-unfitted.toml")),
    ("russia-1917.toml", include_str!("../../scenarios/russia-1917.toml")),
    ("no-kornilov.toml", include_str!("../../scenarios/no-kornilov.toml")),
    ("no-july-repression.toml", include_str!("../../scenarios/no-july-repression.toml")),
    ("no-lockouts.toml", include_str!("../../scenarios/no-lockouts.toml")),
    ("no-leadership.toml", include_str!("../../scenarios/no-leadership.toml")),
    ("hesitation.toml", include_str!("../../scenarios/hesitation.toml")),
    ("kornilov-succeeds.toml", include_str!("../../scenarios/kornilov-succeeds.toml")),
    ("early-peace.toml", include_str!("../../scenarios/early-peace.toml")),
    ("land-decree-in-may.toml", include_str!("../../scenarios/land-decree-in-may.toml")),
    ("isolated-villages.toml", include_str!("../../scenarios/isolated-villages.toml")),
    ("finland-1917.toml", include_str!("../../scenarios/finland-1917.toml")),
    ("flame-1918.toml", include_str!("../../scenarios/flame-1918.toml")),
];

/// Tables that scenarios which ship refer to.
const SHIPPED_TABLES: &[(&str, &str)] = &[
    ("russia-1917/places.csv", include_str!("../../scenarios/russia-1917/places.csv")),
    ("russia-1917/recorded_bodies.csv", include_str!("../../scenarios/russia-1917/recorded_bodies.csv")),
    (
        "russia-1917/recorded_majorities.csv",
        include_str!("../../scenarios/russia-1917/recorded_majorities.csv"),
    ),
    ("russia-1917/recorded_parties.csv", include_str!("../../scenarios/russia-1917/recorded_parties.csv")),
    ("russia-1917/set_aside.csv", include_str!("../../scenarios/russia-1917/set_aside.csv")),
    ("russia-1917/fitted.csv", include_str!("../../scenarios/russia-1917/fitted.csv")),
    ("russia-1917/inputs.csv", include_str!("../../scenarios/russia-1917/inputs.csv")),
    ("russia-1917/recorded_places.csv", include_str!("../../scenarios/russia-1917/recorded_places.csv")),
    ("russia-1917/recorded_series.csv", include_str!("../../scenarios/russia-1917/recorded_series.csv")),
    ("russia-1917/recorded_votes.csv", include_str!("../../scenarios/russia-1917/recorded_votes.csv")),
];

/// Files of evidence that ship inside the program: name and text.
pub const SHIPPED_EVIDENCE: &[(&str, &str)] = &[
    ("evidence/constituent_assembly.csv", include_str!("../../scenarios/evidence/constituent_assembly.csv")),
    ("evidence/more_districts.csv", include_str!("../../scenarios/evidence/more_districts.csv")),
    ("evidence/city_votes.csv", include_str!("../../scenarios/evidence/city_votes.csv")),
    ("evidence/soviet_votes.csv", include_str!("../../scenarios/evidence/soviet_votes.csv")),
    ("evidence/party_membership.csv", include_str!("../../scenarios/evidence/party_membership.csv")),
    ("evidence/series.csv", include_str!("../../scenarios/evidence/series.csv")),
];

/// Facts that held in a scenario that ships when its baseline was last written.
#[must_use]
pub fn baseline_of(name: &str) -> Option<&'static str> {
    BASELINES.iter().find(|(of, _)| *of == name).map(|(_, text)| *text)
}

/// Name of a scenario and its baseline.
const BASELINES: &[(&str, &str)] = &[
    ("capitals-1917", include_str!("../../scenarios/baselines/capitals-1917.txt")),
    ("flame-1918", include_str!("../../scenarios/baselines/flame-1918.txt")),
    ("russia-1917", include_str!("../../scenarios/baselines/russia-1917.txt")),
];

/// A change on top of the files.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `KEY=VALUE`, as typed.
    Set(String),
    /// Agents to make.
    Agents(u64),
    /// Root seed.
    Seed(u64),
    /// Replicates.
    Replicates(u64),
    /// Days to run.
    Days(u32),
}

/// Why there is no scenario: everything that is wrong, and the texts it is wrong in.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// What is wrong, in the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

/// Where a scenario is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    Shipped(usize),
}

/// The default scenario with some changes.
///
/// # Errors
/// If the changes are not valid.
pub fn default_scenario(changes: &[Change]) -> Result<Scenario, Box<Rejection>> {
    load(Path::new(DEFAULT), changes)
}

/// Reads the scenario at `path` (a file, or the name of one that ships), with what it extends and with `changes`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path, changes: &[Change]) -> Result<Scenario, Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.resolve(path, None, changes);
    reading.finish(tree)
}

/// Reads the scenario that another names: `path` beside the file `beside`, or one that ships, as `extends` is looked for.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_beside(path: &Path, beside: Option<&Path>) -> Result<Scenario, Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.resolve(path, beside, &[]);
    reading.finish(tree)
}

/// The tree of a scenario as its layers wrote it, without defaults, and the texts it points into.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub(super) fn layers_of(path: &Path, changes: &[Change]) -> Result<(Node, Sources), Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.resolve(path, None, changes);
    let tree = reading.checked(tree)?;
    Ok((tree, reading.sources))
}

/// The tree of a scenario with inheritance resolved and defaults filled in, checked against the schema alone.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_tree(path: &Path, changes: &[Change]) -> Result<Node, Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.resolve(path, None, changes);
    let mut tree = reading.checked(tree)?;
    fill_defaults(&mut tree);
    Ok(tree)
}

/// Reads a scenario from a text that extends nothing but what ships. `name` is what diagnostics call it.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn from_text(name: &str, text: &str, changes: &[Change]) -> Result<Scenario, Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.layered(name, text.to_owned(), None, &mut Vec::new());
    let tree = tree.map(|tree| reading.changed(tree, changes));
    reading.finish(tree)
}

impl Counterfactual {
    /// The scenario with what this history changes.
    ///
    /// # Errors
    /// If the changes are not valid.
    pub fn of(&self, scenario: &Scenario) -> Result<Scenario, Box<Rejection>> {
        let changes: Vec<Change> = self.set.iter().cloned().map(Change::Set).collect();
        from_text(scenario.name(), scenario.resolved(), &changes)
    }
}

/// The tree of a scenario text that extends nothing but what ships, as [`load_tree`] gives it.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn tree_from_text(name: &str, text: &str) -> Result<Node, Box<Rejection>> {
    let mut reading = Reading::default();
    let tree = reading.layered(name, text.to_owned(), None, &mut Vec::new());
    let tree = tree.map(|tree| reading.changed(tree, &[]));
    let mut tree = reading.checked(tree)?;
    fill_defaults(&mut tree);
    Ok(tree)
}

/// The works that `meta.sources` names.
fn works_of(tree: &Node) -> Vec<Node> {
    tree.get("meta").and_then(|m| m.get("sources")).map_or(Vec::new(), |s| s.items().to_vec())
}

/// Puts the works of the lower layer before those of the upper one: whoever builds on figures cites them.
fn add_works(tree: &mut Node, mut works: Vec<Node>) {
    let above = works_of(tree);
    if works.is_empty() {
        return;
    }
    for work in above {
        if !works.iter().any(|w| w.text() == work.text()) {
            works.push(work);
        }
    }
    if let Some(meta) = tree.get_mut("meta") {
        let at = meta.at.clone();
        meta.put("sources", Node { value: Value::List(works), at });
    }
}

#[derive(Default)]
struct Reading {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    fn finish(mut self, tree: Option<Node>) -> Result<Scenario, Box<Rejection>> {
        let readable = self.check(tree.as_ref());
        let Some(mut tree) = tree.filter(|_| readable) else { return Err(self.reject()) };
        fill_defaults(&mut tree);
        let resolved = to_toml(&tree);
        let raw: RawScenario = match toml::from_str(&resolved) {
            Ok(raw) => raw,
            Err(error) => {
                // The schema check has said why, unless it has a gap.
                if self.diagnostics.is_empty() {
                    let message = format!("the scenario cannot be understood: {}", error.message());
                    self.diagnostics.push(Diagnostic::new(Code::Type, message, Some(tree.at.clone())));
                }
                return Err(self.reject());
            }
        };
        // Mistakes that only show across fields are looked for even if there are others: all are said at once.
        match assemble(&raw, resolved) {
            Ok(mut scenario) if self.diagnostics.is_empty() => {
                self.diagnostics = turn(&mut scenario, &raw, &tree);
                if self.diagnostics.is_empty() {
                    return Ok(scenario);
                }
            }
            Ok(_) => {}
            Err(problems) => {
                for Problem { path, message, help } in problems {
                    let at = Some(locate(&tree, &path));
                    if !self.diagnostics.iter().any(|d| d.at == at) {
                        self.diagnostics
                            .push(Diagnostic { help, ..Diagnostic::new(Code::Conflict, message, at) });
                    }
                }
            }
        }
        Err(self.reject())
    }

    /// Holds a tree against the schema; `false` if there is nothing in it to go on with.
    fn check(&mut self, tree: Option<&Node>) -> bool {
        // A file that could not be read in full would be blamed for what it says further down.
        let broken = self.diagnostics.iter().any(|d| d.code == Code::Syntax || d.code == Code::File);
        if let (Some(tree), false) = (tree, broken) {
            self.diagnostics.extend(check(tree));
            return true;
        }
        false
    }

    fn checked(&mut self, tree: Option<Node>) -> Result<Node, Box<Rejection>> {
        self.check(tree.as_ref());
        match tree {
            Some(tree) if self.diagnostics.is_empty() => Ok(tree),
            _ => Err(self.reject()),
        }
    }

    fn reject(&mut self) -> Box<Rejection> {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.sort_by_key(|d| d.at.as_ref().map_or((usize::MAX, 0), |at| (at.source, at.span.start)));
        Box::new(Rejection { diagnostics, sources: std::mem::take(&mut self.sources) })
    }

    fn resolve(&mut self, path: &Path, beside: Option<&Path>, changes: &[Change]) -> Option<Node> {
        let origin = self.find(path, beside, None)?;
        let tree = self.open(&origin, &mut Vec::new(), None)?;
        Some(self.changed(tree, changes))
    }

    fn changed(&mut self, mut tree: Node, changes: &[Change]) -> Node {
        for change in changes {
            let typed = match change {
                Change::Set(typed) => typed.clone(),
                Change::Agents(agents) => format!("population.agents={agents}"),
                Change::Seed(seed) => format!("run.seed={seed}"),
                Change::Replicates(replicates) => format!("run.replicates={replicates}"),
                Change::Days(days) => match last_day(&tree, *days) {
                    Some(end) => format!("time.end=\"{end}\""),
                    None => continue,
                },
            };
            set(&mut tree, &typed, &mut self.sources, &mut self.diagnostics);
        }
        expand_places(&mut tree, &mut self.diagnostics);
        tree
    }

    /// Looks for `path`: beside the file that extends it, as it stands, or among those that ship.
    fn find(&mut self, path: &Path, beside: Option<&Path>, at: Option<&Location>) -> Option<Origin> {
        let candidate = match beside.and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => path.to_path_buf(),
        };
        if candidate.exists() {
            return Some(Origin::File(candidate));
        }
        if let Some(index) = shipped(path) {
            return Some(Origin::Shipped(index));
        }
        let shown = candidate.display();
        let mut diagnostic = Diagnostic::new(Code::File, format!("there is no file `{shown}`"), at.cloned());
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let names = SHIPPED.iter().map(|(name, _)| name.trim_end_matches(".toml"));
        diagnostic = match nearest(&stem, names.clone()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`, which ships with the program?")),
            None => diagnostic.help(format!(
                "scenarios that ship with the program: {}",
                names.collect::<Vec<_>>().join(", ")
            )),
        };
        self.diagnostics.push(diagnostic);
        None
    }

    fn open(&mut self, origin: &Origin, chain: &mut Vec<Origin>, at: Option<&Location>) -> Option<Node> {
        let (name, text, file) = match origin {
            Origin::Shipped(index) => {
                let (name, text) = SHIPPED[*index];
                (format!("{name} (shipped)"), text.to_owned(), None)
            }
            Origin::File(path) => (path.display().to_string(), self.read(path, at)?, Some(path.clone())),
        };
        chain.push(origin.clone());
        let tree = self.layered(&name, text, file.as_deref(), chain);
        chain.pop();
        tree
    }

    /// Parses a text and lays it on top of what it extends.
    fn layered(
        &mut self,
        name: &str,
        text: String,
        file: Option<&Path>,
        chain: &mut Vec<Origin>,
    ) -> Option<Node> {
        let source = self.sources.add(name, text);
        let (mut tree, errors) = parse(self.sources.text(source), source);
        self.diagnostics.extend(errors);
        self.read_edges(&mut tree, file);
        self.read_tables(&mut tree, file);
        let Value::Table(entries) = &mut tree.value else { return None };
        let Some(index) = entries.iter().position(|e| e.key == "extends") else { return Some(tree) };
        let extends = entries.remove(index);
        let Some(base) = extends.node.text() else {
            let message = format!("`extends` is {}, expected a file name in quotes", extends.node.kind());
            self.diagnostics.push(Diagnostic::new(Code::Type, message, Some(extends.node.at)));
            return Some(tree);
        };
        let at = extends.node.at.clone();
        let origin = self.find(Path::new(base), file, Some(&at))?;
        if chain.iter().any(|o| same(o, &origin)) {
            let mut names: Vec<String> = chain.iter().map(shown).collect();
            names.push(shown(&origin));
            let message = format!("scenarios extend each other in a circle: {}", names.join(" → "));
            self.diagnostics.push(Diagnostic::new(Code::Cycle, message, Some(at)));
            return None;
        }
        let mut below = self.open(&origin, chain, Some(&at))?;
        let works = works_of(&below);
        merge(&mut below, tree, &mut self.diagnostics);
        add_works(&mut below, works);
        Some(below)
    }

    /// Puts the pairs of `contacts.edges_file`, a CSV file beside the scenario, in place of its name: what is run is
    /// whole in itself.
    fn read_edges(&mut self, tree: &mut Node, file: Option<&Path>) {
        let Some(named) = tree.get("contacts").and_then(|c| c.get("edges_file")).cloned() else { return };
        let Some(name) = named.text() else { return };
        let path = match file.and_then(Path::parent) {
            Some(folder) => folder.join(name),
            None => PathBuf::from(name),
        };
        let Some(text) = self.read(&path, Some(&named.at)) else { return };
        let mut pairs = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || (index == 0 && line.starts_with(|c: char| c.is_alphabetic())) {
                continue;
            }
            let mut cells = line.split(',').map(|cell| cell.trim().parse::<u32>());
            let (Some(Ok(from)), Some(Ok(to))) = (cells.next(), cells.next()) else {
                let message =
                    format!("`{}`, line {}: `{line}` is not two agents by number", path.display(), index + 1);
                let help = "a header `from,to`, then lines as `0,17`";
                self.diagnostics
                    .push(Diagnostic::new(Code::Type, message, Some(named.at.clone())).help(help.to_owned()));
                return;
            };
            let number = |n: u32| Node { value: Value::Int(i64::from(n)), at: named.at.clone() };
            pairs.push(Node { value: Value::List(vec![number(from), number(to)]), at: named.at.clone() });
        }
        if let Some(contacts) = tree.get_mut("contacts") {
            contacts.put("edges", Node { value: Value::List(pairs), at: named.at.clone() });
            if let Value::Table(entries) = &mut contacts.value {
                entries.retain(|e| e.key != "edges_file");
            }
        }
    }

    /// Puts the rows of every `[[table]]`, a CSV file beside the scenario, where the items of its section are: what is
    /// run is whole in itself.
    fn read_tables(&mut self, tree: &mut Node, file: Option<&Path>) {
        let Value::Table(entries) = &mut tree.value else { return };
        let Some(index) = entries.iter().position(|e| e.key == "table") else { return };
        let tables = entries.remove(index);
        for table in tables.node.items() {
            let Some((of, name)) = self.table_named(table) else { continue };
            let text = match SHIPPED_TABLES.iter().find(|(shipped, _)| file.is_none() && *shipped == name) {
                Some((_, text)) => Some((*text).to_owned()),
                None => {
                    let path =
                        file.and_then(Path::parent).map_or_else(|| PathBuf::from(&name), |f| f.join(&name));
                    self.read(&path, Some(&table.at))
                }
            };
            let Some(text) = text else { continue };
            let source = self.sources.add(&name, text);
            let grid = match read_grid(self.sources.text(source)) {
                Ok(grid) => grid,
                Err(error) => {
                    let at = Location { source, span: error.span };
                    self.diagnostics.push(Diagnostic::new(Code::Syntax, error.message, Some(at)));
                    continue;
                }
            };
            let items = grid.rows.iter().map(|row| item_of(&of, source, &grid.heading, row));
            let items: Vec<Node> = items.collect();
            if items.is_empty() {
                continue;
            }
            match tree.get_mut(&of) {
                Some(Node { value: Value::List(list), .. }) => list.extend(items),
                _ => tree.put(&of, Node { value: Value::List(items), at: table.at.clone() }),
            }
        }
    }

    /// Section and file of a `[[table]]`.
    fn table_named(&mut self, table: &Node) -> Option<(String, String)> {
        let text = |key: &str| table.get(key).and_then(Node::text).map(str::to_owned);
        let (Some(of), Some(file)) = (text("of"), text("file")) else {
            let message = "a table says `of` which section its rows are, and in which `file` they stand";
            let help = "of = \"place\"\nfile = \"places.csv\"";
            self.diagnostics
                .push(Diagnostic::new(Code::Missing, message, Some(table.at.clone())).help(help.to_owned()));
            return None;
        };
        let lists = sections().into_iter().filter(|f| matches!(f.kind, Kind::Tables(_))).map(|f| f.key);
        if !lists.clone().any(|key| key == of) {
            let mut diagnostic = Diagnostic::new(
                Code::UnknownName,
                format!("`{of}` is not a section that has many items"),
                Some(table.at.clone()),
            );
            if let Some(near) = nearest(&of, lists) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.diagnostics.push(diagnostic);
            return None;
        }
        Some((of, file))
    }

    fn read(&mut self, path: &Path, at: Option<&Location>) -> Option<String> {
        let shown = path.display();
        let problem = match std::fs::metadata(path) {
            Err(error) => format!("`{shown}` cannot be read: {error}"),
            Ok(meta) if meta.is_dir() => format!("`{shown}` is a folder, expected a scenario file"),
            Ok(meta) if meta.len() > MAX_BYTES => format!(
                "`{shown}` has {} MB, a scenario file has at most {} MB",
                meta.len() / 1_000_000,
                MAX_BYTES / 1_000_000
            ),
            Ok(_) => match std::fs::read(path) {
                Err(error) => format!("`{shown}` cannot be read: {error}"),
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) if !text.contains('\0') => return Some(text),
                    Ok(_) => format!("`{shown}` is a binary file, expected a scenario in TOML"),
                    Err(error) => format!(
                        "`{shown}` is not a text in UTF-8 (byte {}), expected a scenario in TOML",
                        error.utf8_error().valid_up_to()
                    ),
                },
            },
        };
        self.diagnostics.push(Diagnostic::new(Code::File, problem, at.cloned()));
        None
    }
}

/// A row as an item of section `of`: dotted columns are tables, empty cells are absent.
fn item_of(of: &str, source: usize, heading: &[GridCell], row: &[GridCell]) -> Node {
    let fields = match sections().into_iter().find(|f| f.key == of).map(|f| f.kind) {
        Some(Kind::Tables(fields)) => fields,
        _ => &[],
    };
    let at = |cell: &GridCell| Location { source, span: cell.span.clone() };
    let whole = Location { source, span: row[0].span.start..row[row.len() - 1].span.end };
    let mut item = Node { value: Value::Table(Vec::new()), at: whole.clone() };
    for (name, cell) in heading.iter().zip(row).filter(|(_, cell)| !cell.text.is_empty()) {
        let (key, inner) = match name.text.split_once('.') {
            Some((key, inner)) => (key, Some(inner)),
            None => (name.text.as_str(), None),
        };
        let kind = fields.iter().find(|f| f.key == key).map(|f| f.kind);
        let value = match kind {
            Some(Kind::Bool) if cell.text == "true" || cell.text == "false" => {
                Value::Bool(cell.text == "true")
            }
            Some(Kind::Int(..) | Kind::Real(..) | Kind::Map(..) | Kind::Words(..) | Kind::Table(_)) => {
                match (cell.text.parse::<i64>(), cell.text.parse::<f64>()) {
                    (Ok(whole), _) => Value::Int(whole),
                    (_, Ok(real)) => Value::Real(real),
                    _ => Value::Text(cell.text.clone()),
                }
            }
            Some(Kind::Refs(_) | Kind::Texts | Kind::Dates) => Value::List(
                cell.text
                    .split(';')
                    .map(|part| Node { value: Value::Text(part.trim().to_owned()), at: at(cell) })
                    .collect(),
            ),
            _ => Value::Text(cell.text.clone()),
        };
        let node = Node { value, at: at(cell) };
        match inner {
            None => item.put(key, node),
            Some(inner) => {
                if item.get(key).is_none() {
                    item.put(key, Node { value: Value::Table(Vec::new()), at: whole.clone() });
                }
                if let Some(Node { value: Value::Table(entries), .. }) = item.get_mut(key) {
                    entries.push(Entry { key: inner.to_owned(), key_at: at(name), node });
                }
            }
        }
    }
    item
}

fn shipped(path: &Path) -> Option<usize> {
    let text = path.to_str()?;
    SHIPPED.iter().position(|(name, _)| *name == text || name.trim_end_matches(".toml") == text)
}

fn same(a: &Origin, b: &Origin) -> bool {
    match (a, b) {
        (Origin::File(a), Origin::File(b)) => match (a.canonicalize(), b.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => a == b,
        },
        (a, b) => a == b,
    }
}

fn shown(origin: &Origin) -> String {
    match origin {
        Origin::File(path) => path.display().to_string(),
        Origin::Shipped(index) => SHIPPED[*index].0.to_owned(),
    }
}

/// The last of `days` days from the start that the tree gives.
fn last_day(tree: &Node, days: u32) -> Option<String> {
    let time = tree.get("time")?;
    let calendar = match time.get("calendar").and_then(Node::text) {
        Some("julian") => Calendar::Julian,
        _ => Calendar::Gregorian,
    };
    let start = Date::parse(time.get("start")?.text()?, calendar)?;
    Some(start.plus_days(i64::from(days) - 1).in_calendar(calendar).to_string())
}

/// The place of a value, or of the nearest thing above it that was written.
fn locate(tree: &Node, path: &[Step]) -> Location {
    let mut here = tree;
    for step in path {
        let next = match step {
            Step::Key(key) => here.get(key),
            Step::Item(index) => here.items().get(*index),
        };
        match next {
            Some(node) => here = node,
            None => break,
        }
    }
    here.at.clone()
}
