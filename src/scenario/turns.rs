//! Scenarios in which other values hold from a date on, and futures that fork off on a date.
//!
//! A fork is a name for one such change: its branch is the scenario with that change, a scenario like any other. What a
//! change may touch is what happens; who lives where, and which bodies there are, is settled at birth.

use std::sync::Arc;

use super::diagnostic::{Code, Diagnostic, Location};
use super::diff::diff;
use super::document::{Entry, Node, Value};
use super::load::{Change, Rejection, from_text, tree_from_text};
use super::print::to_toml;
use super::raw::RawScenario;
use super::valid::Scenario;
use crate::model::rules::Rules;

/// From a day on, other rules hold.
#[derive(Clone, Debug)]
pub struct Turn {
    /// First day on which they hold, from 1.
    pub day: u32,
    /// The rules.
    pub rules: Arc<Rules>,
}

/// A future that begins in the middle of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Name in files.
    pub name: String,
    /// Name for readers.
    pub label: String,
    /// First day on which it differs.
    pub day: u32,
    /// Its date.
    pub date: String,
    /// What is changed, as `KEY=VALUE`.
    pub set: Vec<String>,
}

/// Sections that are settled when people are born.
const SETTLED: &[&str] = &[
    "time",
    "run",
    "party",
    "bloc",
    "issue",
    "topic",
    "community",
    "place",
    "enterprise",
    "link",
    "population",
    "contacts",
    "resolution",
    "body",
    "change",
    "fork",
];

/// Adds the turns and forks of `raw` to a scenario; what is wrong with them.
pub(super) fn turn(scenario: &mut Scenario, raw: &RawScenario, tree: &Node) -> Vec<Diagnostic> {
    if raw.change.is_empty() && raw.fork.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let place = |section: &str, index: usize| -> Option<Location> {
        tree.get(section).and_then(|list| list.items().get(index)).map(|item| item.at.clone())
    };
    let bare = to_toml(&without_turns(tree));
    let day_of = |date: &str| {
        let day = scenario.day_of(date)?;
        u32::try_from(day).ok().filter(|day| *day > 0 && *day < scenario.days())
    };
    let range = format!(
        "a date from {} to {}",
        scenario.date_of(1),
        scenario.date_of(i64::from(scenario.days()) - 1)
    );
    let wrong_day = |date: &str, at| {
        let message = format!("`{date}` is no day on which something can change");
        Diagnostic::new(Code::Conflict, message, at).help(range.clone())
    };
    // In the order of dates, each on top of those before.
    let mut changes: Vec<(u32, usize)> = Vec::new();
    for (index, change) in raw.change.iter().enumerate() {
        match day_of(&change.date) {
            Some(day) => changes.push((day, index)),
            None => problems.push(wrong_day(&change.date, place("change", index))),
        }
    }
    changes.sort_unstable();
    let mut set: Vec<String> = Vec::new();
    let mut turns = Vec::new();
    for (day, index) in changes {
        set.extend(raw.change[index].set.iter().cloned());
        match rules_with(scenario, &bare, &set) {
            Ok(rules) => turns.push(Turn { day, rules }),
            Err(message) => problems.push(Diagnostic::new(Code::Conflict, message, place("change", index))),
        }
    }
    let mut forks = Vec::new();
    for (index, fork) in raw.fork.iter().enumerate() {
        let at = place("fork", index);
        let Some(day) = day_of(&fork.date) else {
            problems.push(wrong_day(&fork.date, at));
            continue;
        };
        let mut with: Vec<String> = set.clone();
        with.extend(fork.set.iter().cloned());
        if let Err(message) = rules_with(scenario, &bare, &with) {
            problems.push(Diagnostic::new(Code::Conflict, message, at));
            continue;
        }
        forks.push(Fork {
            name: fork.name.clone(),
            label: if fork.label.is_empty() { fork.name.clone() } else { fork.label.clone() },
            day,
            date: fork.date.clone(),
            set: fork.set.clone(),
        });
    }
    scenario.turns = turns;
    scenario.forks = forks;
    problems
}

impl Scenario {
    /// This scenario without its forks: the history that they leave.
    ///
    /// # Errors
    /// Never of a scenario that was read.
    pub fn trunk(&self) -> Result<Self, Box<Rejection>> {
        let mut tree = tree_from_text(self.name(), self.resolved())?;
        remove(&mut tree, "fork");
        from_text(self.name(), &to_toml(&tree), &[])
    }

    /// This scenario with more forks: the name, the date and the settings of each.
    ///
    /// # Errors
    /// If one of them is not valid.
    pub fn with_forks(&self, more: &[(String, String, Vec<String>)]) -> Result<Self, Box<Rejection>> {
        let mut tree = tree_from_text(self.name(), self.resolved())?;
        let at = tree.at.clone();
        let mut forks = tree.get("fork").map_or(Vec::new(), |list| list.items().to_vec());
        for (name, date, set) in more {
            let item = [("name", text(name, &at)), ("date", text(date, &at)), ("set", texts(set, &at))];
            forks.push(table(item, &at));
        }
        tree.put("fork", Node { value: Value::List(forks), at });
        from_text(self.name(), &to_toml(&tree), &[])
    }

    /// The history that follows a fork: this scenario, in which what the fork names changes on its date.
    ///
    /// # Errors
    /// If what the fork names cannot be changed.
    pub fn branch(&self, fork: &Fork) -> Result<Self, Box<Rejection>> {
        let mut tree = tree_from_text(self.name(), self.resolved())?;
        remove(&mut tree, "fork");
        let at = tree.at.clone();
        let item = table([("date", text(&fork.date, &at)), ("set", texts(&fork.set, &at))], &at);
        let mut changes = tree.get("change").map_or(Vec::new(), |list| list.items().to_vec());
        changes.push(item);
        tree.put("change", Node { value: Value::List(changes), at: at.clone() });
        if let Some(meta) = tree.get_mut("meta") {
            meta.put("name", text(&format!("{}-{}", self.name(), fork.name), &meta.at.clone()));
            meta.put(
                "title",
                text(&format!("{}: {} from {}", self.title(), fork.label, fork.date), &meta.at.clone()),
            );
        }
        from_text(self.name(), &to_toml(&tree), &[])
    }
}

fn text(text: &str, at: &Location) -> Node {
    Node { value: Value::Text(text.to_owned()), at: at.clone() }
}

fn texts(all: &[String], at: &Location) -> Node {
    Node { value: Value::List(all.iter().map(|t| text(t, at)).collect()), at: at.clone() }
}

fn table<const N: usize>(entries: [(&str, Node); N], at: &Location) -> Node {
    let entry = |(key, node): (&str, Node)| Entry { key: key.to_owned(), key_at: at.clone(), node };
    Node { value: Value::Table(entries.into_iter().map(entry).collect()), at: at.clone() }
}

fn without_turns(tree: &Node) -> Node {
    let mut tree = tree.clone();
    remove(&mut tree, "change");
    remove(&mut tree, "fork");
    tree
}

fn remove(tree: &mut Node, key: &str) {
    if let Value::Table(entries) = &mut tree.value {
        entries.retain(|entry| entry.key != key);
    }
}

/// The rules of the scenario with what is set; why they cannot hold for people who live already.
fn rules_with(scenario: &Scenario, bare: &str, set: &[String]) -> Result<Arc<Rules>, String> {
    let changes: Vec<Change> = set.iter().cloned().map(Change::Set).collect();
    let of = |rejection: Box<Rejection>| {
        rejection.diagnostics.first().map_or_else(String::new, |d| match &d.help {
            Some(help) => format!("{} ({help})", d.message),
            None => d.message.clone(),
        })
    };
    let changed = from_text(scenario.name(), bare, &changes).map_err(of)?;
    let before = tree_from_text(scenario.name(), bare).map_err(of)?;
    let after = tree_from_text(scenario.name(), changed.resolved()).map_err(of)?;
    for difference in diff(&before, &after) {
        let section = difference.key.split('.').next().unwrap_or_default();
        let appears =
            difference.left.as_deref() == Some("present") || difference.right.as_deref() == Some("present");
        if SETTLED.contains(&section) || appears {
            return Err(format!(
                "`{}` cannot change in the middle of a run: who lives where, which bodies there are and what things are \
                 called is settled on the first day",
                difference.key
            ));
        }
    }
    Ok(Arc::clone(changed.rules()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::default_scenario;

    fn with(text: &str) -> Result<Scenario, Box<Rejection>> {
        let base = default_scenario(&[Change::Agents(2_000)]).expect("it ships valid");
        from_text("test.toml", &format!("{}\n{text}", without(base.resolved())), &[])
    }

    /// The text without the empty lists of changes and forks, which may not be written twice.
    fn without(text: &str) -> String {
        text.lines().filter(|l| *l != "change = []" && *l != "fork = []").collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn branches_are_scenarios_that_change_on_a_date() {
        let text =
            "[[fork]]\nname = \"calm\"\ndate = \"1917-08-26\"\nset = [\"event.kornilov.enabled=false\"]\n";
        let scenario = with(text).expect("valid");
        let fork = &scenario.forks()[0];
        assert_eq!(
            (fork.label.as_str(), scenario.date_of(i64::from(fork.day)).as_str()),
            ("calm", "1917-08-26")
        );
        let branch = scenario.branch(fork).expect("valid");
        assert_eq!((branch.turns().len(), branch.turns()[0].day, branch.forks().len()), (1, fork.day, 0));
        assert_eq!(branch.name(), "petrograd-1917-calm");
        // Read again from its own text, it is the same.
        let again = from_text("again", branch.resolved(), &[]).expect("valid");
        assert_eq!(again.resolved(), branch.resolved());
        assert!(scenario.trunk().expect("valid").turns().is_empty());
    }

    #[test]
    fn what_is_settled_at_birth_cannot_change() {
        for (date, set, part) in [
            ("1917-08-26", "population.agents=3000", "cannot change in the middle"),
            ("1917-08-26", "time.end=1917-09-01", "cannot change in the middle"),
            ("1917-08-26", "choice.conformity=-4", "expected a number"),
            ("1918-08-26", "choice.conformity=1", "is no day on which"),
        ] {
            let text = format!("[[change]]\ndate = \"{date}\"\nset = [\"{set}\"]\n");
            let rejection = with(&text).expect_err(set);
            let said: Vec<&str> = rejection.diagnostics.iter().map(|d| d.message.as_str()).collect();
            assert!(said.iter().any(|m| m.contains(part)), "{set}: {said:?}");
        }
    }
}
