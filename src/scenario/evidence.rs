//! Rows of the historical record: what was counted where and when, by whom it is told, and what in the model it is to be
//! held against.
//!
//! A mistake in a file is refused with its place. A row that is sound but cannot be used (a place or a list that the
//! scenario does not have, a total of several districts, another version of a row already there) is kept aside with
//! the reason.

use super::date::Date;
use super::diagnostic::{Code, Diagnostic, Location, Sources, nearest};
use super::grid::{Grid, read_grid};
use super::load::Rejection;
use super::record::{Alias, Record, RecordedBody};
use super::valid::Scenario;
use crate::model::institutions::{Scope, SectionSpec};
use crate::observers::table::{Cell, Kind as Cells, Table};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The ballot of the whole country, by district.
    Assembly,
    /// A ballot in a town or a garrison.
    Ballot,
    /// Seats of a body.
    Seats,
    /// A vote of a body.
    Vote,
    /// Members of a party.
    Members,
    /// People who acted in a month.
    Series,
}

impl Kind {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Assembly => "assembly",
            Self::Ballot => "ballot",
            Self::Seats => "seats",
            Self::Vote => "vote",
            Self::Members => "members",
            Self::Series => "series",
        }
    }

    /// Whether values are shares in percent.
    #[must_use]
    pub fn is_share(self) -> bool {
        !matches!(self, Self::Members | Self::Series)
    }
}

/// What in the model a row is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Share of the votes, in percent.
    Votes {
        /// Day of the run.
        day: u32,
        /// Where, by place.
        places: Vec<bool>,
        /// Who votes, by class.
        classes: Vec<bool>,
        /// Parties that are counted.
        parties: Vec<usize>,
        /// Parties among which shares are taken; all if empty.
        among: Vec<usize>,
    },
    /// Share of the seats of a body, in percent.
    Seats {
        /// Day of the run.
        day: u32,
        /// Body by index.
        body: usize,
        /// Its place, where there is one in each place.
        place: Option<usize>,
        /// The part that is meant, by index; all of it if absent.
        section: Option<usize>,
        /// Parties that are counted.
        parties: Vec<usize>,
    },
    /// Share of those voting that votes yes, in percent, at the last vote up to a day.
    Yes {
        /// Day of the run.
        day: u32,
        /// Body by index.
        body: usize,
        /// Its place, where there is one in each place.
        place: Option<usize>,
        /// Resolution by index.
        resolution: usize,
    },
    /// Members of a party, in persons.
    Members {
        /// Day of the run.
        day: u32,
        /// Where, by place.
        places: Vec<bool>,
        /// Party by index.
        party: usize,
    },
    /// People who acted in a month, in persons, or as a part of those of all `months`, in percent.
    Acting {
        /// The month: year times twelve plus month from 0.
        month: i32,
        /// Months that it is a part of; empty for a count of persons.
        months: Vec<i32>,
        /// Where, by place.
        places: Vec<bool>,
        /// Who, by class.
        classes: Vec<bool>,
    },
}

/// A row, or several of one source added up, that can be held against the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Key: what it is about, the same whichever file it came from.
    pub key: String,
    /// Name of the file.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// What it is about.
    pub kind: Kind,
    /// Place or district.
    pub place: String,
    /// Body, ballot or series.
    pub body: String,
    /// Who voted; a section of a body.
    pub electorate: String,
    /// Date in the calendar of the scenario.
    pub date: String,
    /// Day of the run on which it is held against the model.
    pub day: i64,
    /// Party, as the scenario calls it.
    pub party: String,
    /// Unit: `pct` or `persons`.
    pub unit: &'static str,
    /// Value in the unit.
    pub observed: f64,
    /// Standard deviation of its own error, in the unit.
    pub sd: f64,
    /// Who tells it.
    pub source: String,
    /// What it is held against.
    pub target: Target,
    /// Whether it served to fit parameters of the scenario.
    pub fitted: bool,
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Name of the file.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What the row is about.
    pub what: String,
    /// Why it cannot be used.
    pub reason: String,
}

/// All rows of some files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Rows that can be used, in the order of the files.
    pub observations: Vec<Observation>,
    /// How many of them, from the first, are held against the model; the rest serves plain forecasts alone.
    pub asked: usize,
    /// Rows that cannot.
    pub unusable: Vec<Unusable>,
}

/// What a row that is kept aside is told in.
#[must_use]
pub fn unusable_table(rows: &[Unusable]) -> Table {
    let mut table = Table::new(
        "unusable",
        "rows of evidence that cannot be held against the model",
        &[
            ("file", Cells::Text, "", "file"),
            ("line", Cells::Int, "", "line in it, from 1"),
            ("column", Cells::Int, "", "column in characters, from 1"),
            ("row", Cells::Text, "", "what the row is about"),
            ("reason", Cells::Text, "", "why it cannot be used"),
        ],
    );
    for row in rows {
        table.push(&[
            Cell::Text(&row.file),
            Cell::Int(row.line as i64),
            Cell::Int(row.column as i64),
            Cell::Text(&row.what),
            Cell::Text(&row.reason),
        ]);
    }
    table
}

/// A file of evidence: the name it is shown by, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceText {
    /// Name.
    pub name: String,
    /// Text.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Assembly,
    City,
    Soviet,
    Membership,
    Series,
}

/// Each form with what it is called and the columns it must have; the first is one that no other form has.
const FORMS: &[(Form, &str, &[&str])] = &[
    (Form::Assembly, "votes by district", &["party_bloc", "district", "votes", "share_pct", "source"]),
    (
        Form::City,
        "ballots by town",
        &["electorate", "date_os", "place", "party", "votes", "share_pct", "source"],
    ),
    (
        Form::Soviet,
        "seats and votes of bodies",
        &["item", "date_os", "place", "body", "section", "other", "yes", "no", "abstain", "unit", "source"],
    ),
    (Form::Membership, "party membership", &["members", "date_os", "place", "party", "source"]),
    (Form::Series, "series", &["month_or_date_os", "series", "place", "value", "unit", "source"]),
];

/// Reads files of evidence for a scenario. Rows of `known` files serve plain forecasts and are not held against the
/// model themselves.
///
/// # Errors
/// Everything that is wrong with the files, at once, with line and column.
pub fn read_evidence(
    asked: &[EvidenceText],
    known: &[EvidenceText],
    scenario: &Scenario,
) -> Result<Evidence, Box<Rejection>> {
    let mut reading = Reading {
        scenario,
        record: scenario.record(),
        sources: Sources::default(),
        diagnostics: Vec::new(),
        evidence: Evidence::default(),
    };
    for text in asked {
        reading.file(text);
    }
    let unusable = reading.evidence.unusable.len();
    reading.evidence.asked = reading.evidence.observations.len();
    for text in known {
        reading.file(text);
    }
    reading.evidence.unusable.truncate(unusable);
    if reading.diagnostics.is_empty() {
        Ok(reading.evidence)
    } else {
        Err(Box::new(Rejection { diagnostics: reading.diagnostics, sources: reading.sources }))
    }
}

struct Reading<'a> {
    scenario: &'a Scenario,
    record: &'a Record,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    evidence: Evidence,
}

/// A file under way.
struct File {
    name: String,
    source: usize,
    grid: Grid,
}

impl File {
    fn text(&self, row: usize, column: &str) -> &str {
        self.grid.column(column).map_or("", |c| &self.grid.rows[row][c].text)
    }

    fn at(&self, row: usize, column: &str) -> Location {
        let cells = &self.grid.rows[row];
        let cell = &cells[self.grid.column(column).unwrap_or(0)];
        Location { source: self.source, span: cell.span.clone() }
    }
}

/// One figure of a ballot before rows of one list are added up.
struct Figure {
    row: usize,
    group: String,
    parties: Vec<usize>,
    votes: Option<f64>,
    share: Option<f64>,
    source: String,
    /// Votes of the whole ballot, where the row says so.
    total: Option<f64>,
    is_total: bool,
}

impl Reading<'_> {
    fn file(&mut self, text: &EvidenceText) {
        let source = self.sources.add(&text.name, &text.text);
        let grid = match read_grid(&text.text) {
            Ok(grid) => grid,
            Err(error) => {
                let at = Location { source, span: error.span };
                self.diagnostics.push(Diagnostic::new(Code::Syntax, error.message, Some(at)));
                return;
            }
        };
        let has = |columns: &[&str]| columns.iter().filter(|c| grid.column(c).is_some()).count();
        let form = FORMS.iter().find(|(_, _, columns)| grid.column(columns[0]).is_some());
        let likeliest = FORMS.iter().max_by_key(|(_, _, c)| has(c) * 100 / c.len());
        let Some((form, called, columns)) = form.or(likeliest) else { return };
        let missing: Vec<&str> = columns.iter().copied().filter(|c| grid.column(c).is_none()).collect();
        if !missing.is_empty() {
            let last = grid.heading.last().map_or(0..0, |h| h.span.clone());
            let at = Location { source, span: grid.heading.first().map_or(0..0, |h| h.span.start..last.end) };
            let word = if missing.len() == 1 { "column" } else { "columns" };
            let message = format!("the {word} {} missing in a file of {called}", listed(&missing));
            let help = format!("a file of {called} has the columns {}", columns.join(", "));
            self.diagnostics.push(Diagnostic::new(Code::Missing, message, Some(at)).help(help));
            return;
        }
        let file = File { name: text.name.clone(), source, grid };
        match form {
            Form::Assembly | Form::City => self.ballots(&file, *form),
            Form::Soviet => self.bodies(&file),
            Form::Membership => self.members(&file),
            Form::Series => self.series(&file),
        }
    }

    fn wrong(&mut self, file: &File, row: usize, column: &str, code: Code, message: String, help: &str) {
        let diagnostic = Diagnostic::new(code, message, Some(file.at(row, column))).help(help.to_owned());
        self.diagnostics.push(diagnostic);
    }

    fn unusable(&mut self, file: &File, row: usize, column: &str, what: String, reason: impl Into<String>) {
        let (line, column) = self.sources.line_and_column(&file.at(row, column));
        let name = file.name.clone();
        self.evidence.unusable.push(Unusable { file: name, line, column, what, reason: reason.into() });
    }

    fn line(&self, file: &File, row: usize) -> usize {
        let cell = &file.grid.rows[row][0];
        self.sources.line_and_column(&Location { source: file.source, span: cell.span.clone() }).0
    }

    /// A number of at least 0 and at most `max`; `None` for an empty cell or after a mistake was reported.
    fn number(&mut self, file: &File, row: usize, column: &str, max: f64) -> Option<f64> {
        let text = file.text(row, column).to_owned();
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(value) if (0.0..=max).contains(&value) => Some(value),
            Ok(value) if value > max => {
                let message = format!("`{column}` is {text}, more than {max}");
                self.wrong(file, row, column, Code::Range, message, "shares are in percent, 0 to 100");
                None
            }
            _ => {
                let message = format!("`{column}` is `{text}`, expected a number of at least 0");
                self.wrong(file, row, column, Code::Type, message, "digits with a point, or an empty cell");
                None
            }
        }
    }

    /// The day of a date, `None` after a mistake was reported. A month alone is its middle.
    fn date(&mut self, file: &File, row: usize, column: &str) -> Option<(i64, String)> {
        let text = file.text(row, column).to_owned();
        let full = if text.len() == 7 { format!("{text}-15") } else { text.clone() };
        if let Some(day) = self.scenario.day_of(&full) {
            return Some((day, text));
        }
        let message = format!("`{column}` is `{text}`, which is not a date");
        self.wrong(file, row, column, Code::Date, message, "dates are written YYYY-MM-DD or YYYY-MM");
        None
    }

    /// The day if it lies within the run.
    fn within(&self, day: i64) -> Option<u32> {
        u32::try_from(day).ok().filter(|d| *d < self.scenario.days())
    }

    fn ballots(&mut self, file: &File, form: Form) {
        let mut figures: Vec<Figure> = Vec::new();
        for row in 0..file.grid.rows.len() {
            if let Some(figure) = self.figure(file, row, form) {
                figures.push(figure);
            }
        }
        let mut groups: Vec<String> = Vec::new();
        for figure in &figures {
            if !groups.contains(&figure.group) {
                groups.push(figure.group.clone());
            }
        }
        for group in groups {
            let of_group: Vec<&Figure> = figures.iter().filter(|f| f.group == group).collect();
            // What is seen in a text goes before what is recalled.
            let mut sources: Vec<&str> = Vec::new();
            for figure in &of_group {
                if !sources.contains(&figure.source.as_str()) {
                    sources.push(&figure.source);
                }
            }
            sources.sort_by_key(|s| is_recalled(s));
            for source in sources {
                let told: Vec<&Figure> = of_group.iter().copied().filter(|f| f.source == source).collect();
                self.told(file, form, &told);
            }
        }
    }

    /// One row of a ballot, or nothing after it was put aside.
    fn figure(&mut self, file: &File, row: usize, form: Form) -> Option<Figure> {
        let before = self.diagnostics.len();
        let (place_column, party_column) = match form {
            Form::Assembly => ("district", "party_bloc"),
            _ => ("place", "party"),
        };
        let place = file.text(row, place_column).to_owned();
        let party = file.text(row, party_column).to_owned();
        let votes = self.number(file, row, "votes", 1e9);
        let share = self.number(file, row, "share_pct", 100.0);
        let seats =
            if file.grid.column("seats").is_some() { self.number(file, row, "seats", 1e6) } else { None };
        let (group, what) = if form == Form::City {
            let date = self.date(file, row, "date_os");
            if !file.text(row, "date_ns").is_empty() {
                self.new_style(file, row);
            }
            let (_, date) = date?;
            let electorate = file.text(row, "electorate").to_owned();
            (format!("{date}/{place}/{electorate}"), format!("{place}, {date}, {electorate}: {party}"))
        } else {
            (place.clone(), format!("{place}: {party}"))
        };
        if self.diagnostics.len() > before {
            return None;
        }
        let places = if form == Form::City { &self.record.places } else { &self.record.regions };
        if !places.iter().any(|k| k.name == place.to_lowercase()) {
            let reason = unknown("place", &place, places);
            self.unusable(file, row, place_column, what, reason);
            return None;
        }
        let is_total = party == "total";
        let parties = match self.record.parties.iter().find(|k| k.name == party.to_lowercase()) {
            _ if is_total => Vec::new(),
            Some(alias) => alias.means.clone(),
            None => {
                let reason = unknown("party", &party, &self.record.parties);
                self.unusable(file, row, party_column, what, reason);
                return None;
            }
        };
        if parties.is_empty() && !is_total {
            let reason = format!("no party of the scenario stands for `{party}`");
            self.unusable(file, row, party_column, what, reason);
            return None;
        }
        Some(Figure {
            row,
            group,
            parties,
            votes: votes.or(seats),
            share,
            source: file.text(row, "source").to_owned(),
            total: total_in(file.text(row, "note")),
            is_total,
        })
    }

    /// The new-style date of a row has to exist and to be the same day.
    fn new_style(&mut self, file: &File, row: usize) {
        use super::date::Calendar;
        let text = file.text(row, "date_ns").to_owned();
        match Date::parse(&text, Calendar::Gregorian) {
            None => {
                let message = format!("`date_ns` is `{text}`, which is not a date");
                self.wrong(file, row, "date_ns", Code::Date, message, "dates are written YYYY-MM-DD");
            }
            Some(new) => {
                let old = Date::parse(file.text(row, "date_os"), Calendar::Julian);
                if old.is_some_and(|old| old.days_since(new) != 0) {
                    let message = format!("`date_ns` {text} is not the same day as `date_os`");
                    let help = "new style is thirteen days ahead of old style in this century";
                    self.wrong(file, row, "date_ns", Code::Date, message, help);
                }
            }
        }
    }

    /// What one source tells of one ballot: rows of one list are added up.
    fn told(&mut self, file: &File, form: Form, told: &[&Figure]) {
        let first = told[0].row;
        let total_row = told.iter().find(|f| f.is_total).and_then(|f| f.votes);
        let total = total_row.or_else(|| told.iter().find_map(|f| f.total));
        let listed: f64 = told.iter().filter(|f| !f.is_total).filter_map(|f| f.votes).sum();
        let mut lists: Vec<Vec<usize>> = Vec::new();
        for figure in told.iter().filter(|f| !f.is_total) {
            if !lists.contains(&figure.parties) {
                lists.push(figure.parties.clone());
            }
        }
        let among: Vec<usize> = {
            let mut all: Vec<usize> = lists.iter().flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        for parties in &lists {
            let rows: Vec<&&Figure> = told.iter().filter(|f| &f.parties == parties && !f.is_total).collect();
            let votes: Option<f64> = rows.iter().map(|f| f.votes).sum();
            let shares: Option<f64> = rows.iter().map(|f| f.share).sum();
            let row = rows[0].row;
            let what = self.what(file, row, form, parties);
            let (observed, among) = match (shares, votes, total) {
                (Some(share), _, _) => (share, Vec::new()),
                (None, Some(votes), Some(total)) if total >= votes && total > 0.0 => {
                    (100.0 * votes / total, Vec::new())
                }
                // Where only some lists are known, their shares among each other are.
                (None, Some(votes), _) if lists.len() > 1 && listed > 0.0 => {
                    let all = told.iter().filter(|f| !f.is_total).all(|f| f.votes.is_some());
                    if !all {
                        self.unusable(file, row, "votes", what, "votes without a total");
                        continue;
                    }
                    (100.0 * votes / listed, among.clone())
                }
                _ => {
                    self.unusable(file, row, "votes", what, "votes without a total");
                    continue;
                }
            };
            if observed > 100.0 {
                let message = format!("the lists of one party have {observed:.1} % together");
                let help = "shares of one ballot add up to at most 100";
                self.wrong(file, row, "share_pct", Code::Range, message, help);
                continue;
            }
            let column = if form == Form::City { "electorate" } else { "party_bloc" };
            let text = file.text(first, column).to_owned();
            let loose = is_recalled(file.text(row, "source"))
                || ["incomplete", "missing", "approximate", "unverified"]
                    .iter()
                    .any(|w| format!("{} {}", file.text(row, "note"), file.text(row, "body")).contains(w));
            let sd = if loose {
                3.0
            } else if among.is_empty() {
                0.7
            } else {
                1.5
            };
            match self.ballot(file, row, form, &text, parties, among) {
                Ok(mut observation) => {
                    observation.observed = observed;
                    observation.sd = sd;
                    self.keep(file, row, observation);
                }
                Err((column, reason)) => self.unusable(file, row, column, what, reason),
            }
        }
    }

    fn what(&self, file: &File, row: usize, form: Form, parties: &[usize]) -> String {
        let party = self.party_name(parties);
        match form {
            Form::City => {
                let text = |column| file.text(row, column);
                format!("{}, {}, {}: {party}", text("place"), text("date_os"), text("electorate"))
            }
            _ => format!("{}: {party}", file.text(row, "district")),
        }
    }

    fn party_name(&self, parties: &[usize]) -> String {
        let names: Vec<&str> =
            parties.iter().map(|&p| self.scenario.rules().parties[p].name.as_str()).collect();
        names.join("+")
    }

    /// The class that a word of the record begins with: `clerks` of a town are the class `clerk`.
    fn class_called(&self, words: &str) -> Option<usize> {
        self.scenario.rules().classes.iter().position(|class| words.starts_with(&class.name.to_lowercase()))
    }

    /// What a ballot's row is held against.
    fn ballot(
        &self,
        file: &File,
        row: usize,
        form: Form,
        electorate: &str,
        parties: &[usize],
        among: Vec<usize>,
    ) -> Result<Observation, (&'static str, String)> {
        let record = self.record;
        let rules = self.scenario.rules();
        let party = self.party_name(parties);
        let everybody = vec![true; rules.classes.len()];
        let (kind, place, date, day, classes, electorate, places) = if form == Form::City {
            let place = file.text(row, "place").to_owned();
            let date = file.text(row, "date_os").to_owned();
            let day = self.scenario.day_of(&date).unwrap_or(-1);
            let words = electorate.to_lowercase();
            let classes = if words.starts_with("all")
                || words.starts_with("civil") && words.contains("garrison")
            {
                everybody
            } else if words.starts_with("garrison") || words.starts_with("military") {
                record.armed.clone()
            } else if words.starts_with("civil") || words.starts_with("town") {
                record.armed.iter().map(|armed| !armed).collect()
            } else if let Some(class) = self.class_called(&words) {
                (0..rules.classes.len()).map(|c| c == class).collect()
            } else {
                return Err(("electorate", format!("no class of the scenario stands for `{electorate}`")));
            };
            let places = find(&record.places, &place);
            (Kind::Ballot, place, date, day, classes, electorate.to_owned(), places)
        } else {
            let place = file.text(row, "district").to_owned();
            let day = record.assembly.map_or(-1, i64::from);
            let date = self.scenario.date_of(day);
            let places = find(&record.regions, &place);
            (Kind::Assembly, place, date, day, everybody, "all voters".to_owned(), places)
        };
        let Some(places) = places else { return Err(("place", "unknown place".to_owned())) };
        let Some(on) = self.within(day) else { return Err(("date_os", "outside of the run".to_owned())) };
        let lives = |s: &&crate::model::rules::Stratum| places[s.place] && classes[s.class];
        if !rules.strata.iter().any(|s| lives(&s)) {
            return Err((
                if form == Form::City { "electorate" } else { "district" },
                format!("nobody of `{electorate}` lives in `{place}` in the scenario"),
            ));
        }
        let key = match kind {
            Kind::Assembly => format!("assembly/{place}/{party}"),
            _ => format!("ballot/{date}/{place}/{electorate}/{party}"),
        };
        let target = Target::Votes { day: on, places, classes, parties: parties.to_vec(), among };
        Ok(Observation {
            place,
            body: if form == Form::City { file.text(row, "body").to_owned() } else { String::new() },
            electorate,
            party,
            ..self.begun(file, row, kind, key, (day, date), target)
        })
    }

    /// An observation of this row as far as all kinds have it alike: a share, of 0 %, of nobody in particular.
    fn begun(
        &self,
        file: &File,
        row: usize,
        kind: Kind,
        key: String,
        (day, date): (i64, String),
        target: Target,
    ) -> Observation {
        Observation {
            fitted: self.record.fitted.contains(&key),
            key,
            file: file.name.clone(),
            line: self.line(file, row),
            kind,
            place: file.text(row, "place").to_owned(),
            body: String::new(),
            electorate: String::new(),
            date,
            day,
            party: String::new(),
            unit: "pct",
            observed: 0.0,
            sd: 0.0,
            source: file.text(row, "source").to_owned(),
            target,
        }
    }

    /// Keeps an observation, unless another version of it is there.
    fn keep(&mut self, file: &File, row: usize, observation: Observation) {
        if let Some(reason) = self.record.set_aside.get(&observation.key) {
            let reason = format!("set aside by the scenario: {reason}");
            return self.unusable(file, row, "source", observation.key, reason);
        }
        match self.evidence.observations.iter().find(|o| o.key == observation.key) {
            Some(first) => {
                let reason = format!("another version of line {} of {}", first.line, first.file);
                self.unusable(file, row, "source", observation.key, reason);
            }
            None => self.evidence.observations.push(observation),
        }
    }

    fn bodies(&mut self, file: &File) {
        let parties = party_columns(&file.grid);
        if parties.is_empty() {
            let at =
                file.grid.heading.first().map(|h| Location { source: file.source, span: h.span.clone() });
            let message = "no column of a party between `item` and `other`";
            self.diagnostics.push(Diagnostic::new(Code::Missing, message, at));
            return;
        }
        for row in 0..file.grid.rows.len() {
            let before = self.diagnostics.len();
            let date = self.date(file, row, "date_os");
            if !file.text(row, "date_ns").is_empty() {
                self.new_style(file, row);
            }
            let unit = file.text(row, "unit").to_owned();
            let max = if unit == "pct" { 100.0 } else { 1e6 };
            let seats: Vec<Option<f64>> =
                parties.iter().map(|column| self.number(file, row, column, max)).collect();
            let others = self.number(file, row, "other", max);
            let [yes, no, abstain] = ["yes", "no", "abstain"].map(|c| self.number(file, row, c, 1e6));
            let Some((day, date)) = date else { continue };
            if self.diagnostics.len() > before {
                continue;
            }
            let (body, item) = (file.text(row, "body").to_owned(), file.text(row, "item").to_owned());
            let what = format!("{body}, {date}: {item}");
            let Some(meant) = self.body(&body) else {
                let known = self.record.bodies.iter().map(|b| b.name.as_str());
                let near = nearest(&body, known).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                let reason = format!("no body of the scenario stands for `{body}`{near}");
                self.unusable(file, row, "body", what, reason);
                continue;
            };
            if unit == "count" || (others.is_none() && seats.iter().all(Option::is_none) && yes.is_none()) {
                self.unusable(file, row, "unit", what, "neither seats nor votes");
                continue;
            }
            if let (Some(yes), Some(no)) = (yes, no) {
                self.vote(file, row, &meant, (day, &date), (yes, no, abstain.unwrap_or(0.0)), &item);
                continue;
            }
            if unit == "votes" {
                self.unusable(file, row, "unit", what, "votes for persons, not seats");
                continue;
            }
            if yes.is_some() {
                self.unusable(file, row, "no", what, "votes on one side alone");
                continue;
            }
            let counted: Vec<(&str, f64)> = parties
                .iter()
                .zip(&seats)
                .filter_map(|(column, seats)| Some((column.as_str(), (*seats)?)))
                .collect();
            self.seats(file, row, &meant, (day, &date), (&counted, others), &unit);
        }
    }

    /// The body that a name of the record stands for: by its alias, by its own name, or the one of its place.
    fn body(&self, name: &str) -> Option<RecordedBody> {
        let lower = name.to_lowercase();
        if let Some(alias) = self.record.bodies.iter().find(|b| b.name == lower) {
            return Some(alias.means.clone());
        }
        let rules = self.scenario.rules();
        let single = |body: usize| RecordedBody { body, place: None, section: None };
        if let Some(body) = rules.bodies.iter().position(|b| b.name.to_lowercase() == lower) {
            return Some(single(body));
        }
        let town = lower.strip_suffix(" soviet").or_else(|| lower.strip_suffix(" soviets"))?;
        let places = find(&self.record.places, town)?;
        let place = places.iter().position(|p| *p)?;
        let body =
            rules.bodies.iter().position(|b| b.scope == Scope::Place && b.governs && b.places[place])?;
        Some(RecordedBody { body, place: Some(place), section: None })
    }

    /// The section that is meant: the alias's, else the record's word if the body has such a part.
    fn section(&self, meant: &RecordedBody, word: &str) -> Result<Option<usize>, String> {
        let sections: &[SectionSpec] = &self.scenario.rules().bodies[meant.body].sections;
        let at = |name: &str| sections.iter().position(|s| s.name == name);
        if let Some(own) = &meant.section {
            return at(own).map(Some).ok_or_else(|| format!("the body has no section `{own}`"));
        }
        match word {
            "all" | "" => Ok(None),
            _ if sections.len() < 2 => Ok(None),
            // A class without a section of its own sits where it votes.
            _ => at(word)
                .or_else(|| {
                    let class = self.class_called(word)?;
                    sections.iter().position(|s| s.classes[class])
                })
                .map(Some)
                .ok_or_else(|| format!("the body has no section `{word}`")),
        }
    }

    /// The day on which a body is looked at: those that meet in session a week later, when they have met.
    fn sitting(&self, body: usize, day: i64) -> Option<u32> {
        let late = if self.scenario.rules().bodies[body].sessions.is_some() { SITTING_DAYS } else { 0 };
        if day >= i64::from(self.scenario.days()) {
            return None;
        }
        self.within((day + late).min(i64::from(self.scenario.days()) - 1))
    }

    fn seats(
        &mut self,
        file: &File,
        row: usize,
        meant: &RecordedBody,
        (day, date): (i64, &str),
        (seats, others): (&[(&str, f64)], Option<f64>),
        unit: &str,
    ) {
        let (body, item) = (file.text(row, "body").to_owned(), file.text(row, "item").to_owned());
        let what = format!("{body}, {date}: {item}");
        let (Some(on), section) = (self.sitting(meant.body, day), file.text(row, "section").to_owned())
        else {
            self.unusable(file, row, "date_os", what, "outside of the run");
            return;
        };
        let part = match self.section(meant, &section) {
            Ok(part) => part,
            Err(reason) => return self.unusable(file, row, "section", what, reason),
        };
        let named: f64 = seats.iter().map(|(_, held)| held).chain(&others).sum();
        // Where the others are counted, those who did not say count for nobody; else the text may tell the total.
        let total = match (unit, others) {
            ("pct", _) => 100.0,
            (_, Some(_)) => named,
            (_, None) => said_in(&item).unwrap_or(0.0).max(named),
        };
        let known = seats.len() + usize::from(others.is_some());
        if unit != "pct" && (known < 2 && said_in(&item).is_none() || total <= 0.0) {
            self.unusable(file, row, "unit", what, "seats without a total");
            return;
        }
        for &(column, held) in seats {
            let Some(mut parties) = find(&self.record.parties, column) else {
                self.unusable(file, row, column, what.clone(), format!("no party stands for `{column}`"));
                continue;
            };
            // Where a wing of a party is counted apart, the party's own column is the rest.
            let apart = |party: &usize| {
                seats.iter().filter(|(other, _)| *other != column).any(|(other, _)| {
                    find(&self.record.parties, other)
                        .is_some_and(|of| of.len() < parties.len() && of.contains(party))
                })
            };
            let kept: Vec<usize> = parties.iter().copied().filter(|p| !apart(p)).collect();
            parties = kept;
            let share = held / total;
            let party = self.party_name(&parties);
            let sampling = if unit == "pct" { 3.0 } else { 100.0 * (share * (1.0 - share) / total).sqrt() };
            let loose = is_recalled(file.text(row, "source")) || item.contains("approximate");
            let key = format!("seats/{date}/{body}/{section}/{party}");
            let target =
                Target::Seats { day: on, body: meant.body, place: meant.place, section: part, parties };
            let observation = Observation {
                body: body.clone(),
                electorate: section.clone(),
                party,
                observed: 100.0 * share,
                sd: (sampling.powi(2) + if loose { 9.0 } else { 1.0 }).sqrt(),
                ..self.begun(file, row, Kind::Seats, key, (day, date.to_owned()), target)
            };
            self.keep(file, row, observation);
        }
    }

    fn vote(
        &mut self,
        file: &File,
        row: usize,
        meant: &RecordedBody,
        (day, date): (i64, &str),
        (yes, no, abstain): (f64, f64, f64),
        item: &str,
    ) {
        let body = file.text(row, "body").to_owned();
        let what = format!("{body}, {date}: {item}");
        let lower = item.to_lowercase();
        let Some(vote) = self.record.votes.iter().find(|v| lower.contains(&v.name)) else {
            self.unusable(file, row, "item", what, "no resolution of the scenario stands for this vote");
            return;
        };
        let (resolution, reversed) = vote.means;
        let (yes, no) = if reversed { (no, yes) } else { (yes, no) };
        let Some(on) = self.sitting(meant.body, day) else {
            self.unusable(file, row, "date_os", what, "outside of the run");
            return;
        };
        if meant.section.is_some() {
            self.unusable(file, row, "body", what, "the scenario's bodies vote as a whole");
            return;
        }
        let total = yes + no + abstain;
        if total <= 0.0 {
            self.unusable(file, row, "yes", what, "nobody voted");
            return;
        }
        let share = yes / total;
        let name = self.scenario.rules().resolutions[resolution].name.clone();
        let key = format!("vote/{date}/{body}/{name}");
        let target = Target::Yes { day: on, body: meant.body, place: meant.place, resolution };
        let observation = Observation {
            body,
            electorate: file.text(row, "section").to_owned(),
            party: name,
            observed: 100.0 * share,
            // Those present were a part of the body, and not any part.
            sd: (1e4 * share * (1.0 - share) / total + 25.0).sqrt(),
            ..self.begun(file, row, Kind::Vote, key, (day, date.to_owned()), target)
        };
        self.keep(file, row, observation);
    }

    fn members(&mut self, file: &File) {
        for row in 0..file.grid.rows.len() {
            let before = self.diagnostics.len();
            let members = self.number(file, row, "members", 1e9);
            let date = self.date(file, row, "date_os");
            if self.diagnostics.len() > before {
                continue;
            }
            let (Some((day, date)), (place, party)) =
                (date, (file.text(row, "place").to_owned(), file.text(row, "party").to_owned()))
            else {
                continue;
            };
            let what = format!("{party}, {place}, {date}");
            let Some(places) = self.places(&place) else {
                let reason = unknown("place", &place, &self.record.places);
                self.unusable(file, row, "place", what, reason);
                continue;
            };
            let parties = find(&self.record.parties, &party).unwrap_or_default();
            let Some(&one) = parties.first() else {
                let reason = unknown("party", &party, &self.record.parties);
                self.unusable(file, row, "party", what, reason);
                continue;
            };
            let (Some(on), Some(members)) = (self.within(day), members.filter(|m| *m > 0.0)) else {
                self.unusable(file, row, "date_os", what, "outside of the run, or without a figure");
                continue;
            };
            let name = self.scenario.rules().parties[one].name.clone();
            let key = format!("members/{date}/{place}/{name}");
            let loose = is_recalled(file.text(row, "source"));
            let target = Target::Members { day: on, places, party: one };
            let observation = Observation {
                party: name,
                unit: "persons",
                observed: members,
                sd: members * if loose { 0.3 } else { 0.2 },
                ..self.begun(file, row, Kind::Members, key, (day, date), target)
            };
            self.keep(file, row, observation);
        }
    }

    fn series(&mut self, file: &File) {
        let mut found: Vec<(usize, Observation)> = Vec::new();
        for row in 0..file.grid.rows.len() {
            let (name, place) = (file.text(row, "series").to_owned(), file.text(row, "place").to_owned());
            let date = file.text(row, "month_or_date_os").to_owned();
            let before = self.diagnostics.len();
            let is_number = file.text(row, "value").parse::<f64>().is_ok_and(f64::is_finite);
            if !is_number {
                self.number(file, row, "value", f64::MAX);
            }
            // Spans of time and years are not months.
            if matches!(date.len(), 7 | 10) && !date.contains('/') {
                self.date(file, row, "month_or_date_os");
            }
            if self.diagnostics.len() > before {
                continue;
            }
            let what = format!("{name}, {place}, {date}");
            let Some(series) = self.record.series.iter().find(|s| s.name == name.to_lowercase()) else {
                self.unusable(file, row, "series", what, format!("the scenario does not measure `{name}`"));
                continue;
            };
            let series = series.means.clone();
            let Some(places) = self.places(&place) else {
                let reason = unknown("place", &place, &self.record.places);
                self.unusable(file, row, "place", what, reason);
                continue;
            };
            let Some(month) = month_of(&date) else {
                self.unusable(file, row, "month_or_date_os", what, "not a month");
                continue;
            };
            let day = self.scenario.day_of(&format!("{date}-15")).unwrap_or(-1);
            if self.within(day).is_none() {
                self.unusable(file, row, "month_or_date_os", what, "outside of the run");
                continue;
            }
            let value: f64 = file.text(row, "value").parse().unwrap_or(0.0);
            let key = format!("series/{name}/{date}/{place}");
            let loose = is_recalled(file.text(row, "source"));
            let target = Target::Acting { month, months: Vec::new(), places, classes: series.classes };
            let observation = Observation {
                body: name.clone(),
                unit: if series.as_share { "pct" } else { "persons" },
                observed: value,
                sd: if series.as_share { 2.0 } else { value * if loose { 0.3 } else { 0.15 } },
                ..self.begun(file, row, Kind::Series, key, (day, date), target)
            };
            found.push((row, observation));
        }
        let months = |of: &Observation| -> Vec<i32> {
            found
                .iter()
                .filter(|(_, o)| o.body == of.body && o.place == of.place)
                .filter_map(|(_, o)| month_of(&o.date))
                .collect()
        };
        let all: Vec<Vec<i32>> = found.iter().map(|(_, o)| months(o)).collect();
        for ((row, mut observation), all) in found.into_iter().zip(all) {
            if let (Target::Acting { months, .. }, "pct") = (&mut observation.target, observation.unit) {
                *months = all;
            }
            self.keep(file, row, observation);
        }
    }

    /// The places of a name, of several joined by `+`, or of a district.
    fn places(&self, name: &str) -> Option<Vec<bool>> {
        let one = |name: &str| {
            let name = name.trim();
            find(&self.record.places, name).or_else(|| find(&self.record.regions, name))
        };
        if let Some(places) = one(name) {
            return Some(places);
        }
        let parts: Option<Vec<Vec<bool>>> = name
            .split('+')
            .map(|part| find(&self.record.regions, part.trim()).or_else(|| one(part)))
            .collect();
        let parts = parts.filter(|p| p.len() > 1)?;
        Some((0..parts[0].len()).map(|p| parts.iter().any(|part| part[p])).collect())
    }
}

/// Days after which a body that meets in session is looked at.
const SITTING_DAYS: i64 = 7;

fn find<T: Clone>(known: &[Alias<T>], name: &str) -> Option<T> {
    let lower = name.to_lowercase();
    known.iter().find(|k| k.name == lower).map(|k| k.means.clone())
}

fn unknown<T>(what: &str, name: &str, known: &[Alias<T>]) -> String {
    match nearest(name, known.iter().map(|k| k.name.as_str())) {
        Some(near) => format!("the scenario has no {what} `{name}`; did you mean `{near}`?"),
        None => format!("the scenario has no {what} `{name}`"),
    }
}

/// Rows that are told from memory say so.
fn is_recalled(source: &str) -> bool {
    source.starts_with("unverified")
}

/// `district total 636247` in a note.
fn total_in(note: &str) -> Option<f64> {
    let rest = note.split("district total ").nth(1)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The columns of a file of bodies that stand for parties: those between `item` and `other`.
fn party_columns(grid: &Grid) -> Vec<String> {
    match (grid.column("item"), grid.column("other")) {
        (Some(item), Some(other)) if item < other => {
            grid.heading[item + 1..other].iter().map(|h| h.text.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// `1090 delegates` in the description of a body.
fn said_in(item: &str) -> Option<f64> {
    let words: Vec<&str> =
        item.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_empty()).collect();
    let counted = ["delegates", "deputies", "seats", "members"];
    let of = |i: usize| words[i].parse::<f64>().ok().filter(|n| *n >= 10.0);
    (0..words.len())
        .filter(|&i| {
            words.get(i + 1).is_some_and(|w| counted.contains(w))
                || words.get(i + 2).is_some_and(|w| counted.contains(w) && words[i + 1] == "voting")
                || i > 0 && words[i - 1] == "of" && words.get(i - 2).is_some_and(|w| w.ends_with("committee"))
        })
        .find_map(of)
}

fn month_of(date: &str) -> Option<i32> {
    let (year, month) = date.split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.get(..2)?.parse().ok()?);
    (date.len() == 7).then_some(year * 12 + month - 1)
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_found_where_the_record_says_them() {
        assert_eq!(total_in("joint list; district total 636247; excludes the city"), Some(636_247.0));
        assert_eq!(total_in("recalled"), None);
        assert_eq!(said_in("reliable estimate (about 650 delegates)"), Some(650.0));
        assert_eq!(said_in("100 members elected, of which 70"), Some(100.0));
        assert_eq!(said_in("declared; 1090 delegates, 822 voting"), Some(1090.0));
        assert_eq!(said_in("presidium election"), None);
        assert_eq!(month_of("1917-07"), Some(1917 * 12 + 6));
        assert_eq!(month_of("1917-07-04"), None);
    }
}
