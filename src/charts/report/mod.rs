//! A run as one page: charts one can hover, dates, scorecard, provenance; it needs nothing but a browser.
//!
//! The charts are drawn in the browser by uPlot (MIT, in `uplot/` with its licence); everything else is in the page as
//! text and tables, so that it can be read without scripts, aloud, and in print.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::chart::{Caption, ChartError};
use super::columns::{numbers, texts};
use super::counts::{Voice, filled};
use super::figure::provenance;
use super::gather::Gathering;
use super::indices::POLARIZATION;
use super::legend::PartyKind;
use super::lettering::thousands;
use super::plot::Format;
use super::quantiles::{Band, quantile, sorted};
use super::run::Run;
use super::theme::{Colour, OKABE_ITO};
use crate::observers::table::{Table, TableSet};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const LIBRARY: &str = include_str!("uplot/uPlot.iife.min.js");
const LIBRARY_STYLE: &str = include_str!("uplot/uPlot.min.css");
const LICENCE: &str = include_str!("uplot/LICENSE");

/// Most bodies that can be chosen from.
const MOST_BODIES: usize = 24;
/// Lines that never reach this share are left out.
const LEAST: f64 = 0.002;

/// What a page says besides what the tables hold.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What the scenario is about.
    pub description: String,
    /// The model in words: the ODD protocol.
    pub odd: String,
    /// What was run: names and values.
    pub manifest: Vec<(String, String)>,
    /// Works that the scenario cites.
    pub bibliography: Vec<String>,
    /// Shares of seats that were observed.
    pub observed: Vec<ObservedSeats>,
    /// Majorities that were observed.
    pub recorded: Vec<RecordedDate>,
}

/// Seats of a party in a body on a day of the record.
#[derive(Clone, Debug)]
pub struct ObservedSeats {
    /// Name of the body in the tables.
    pub body: String,
    /// Parties that were counted together.
    pub parties: Vec<String>,
    /// Day of the run.
    pub day: i64,
    /// Share of the seats, 0..=1.
    pub share: f64,
    /// Two standard deviations of its own error, as a share.
    pub error: f64,
}

/// The day of a majority in the record.
#[derive(Clone, Debug)]
pub struct RecordedDate {
    /// Name of the body in the tables.
    pub body: String,
    /// Party or bloc.
    pub who: String,
    /// Its date.
    pub date: String,
}

/// The page of a run folder: whatever its tables hold.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column.
///
/// ```
/// use october::charts::{About, Caption, draw_report};
/// use october::observers::table::TableSet;
///
/// let page = draw_report(&TableSet::default(), &Caption::default(), &About::default()).expect("nothing to fail");
/// assert!(page.starts_with("<!doctype html>"));
/// ```
pub fn draw_report(tables: &TableSet, caption: &Caption, about: &About) -> Result<String, ChartError> {
    page(Gathering::of(tables)?.into_run(caption).1.as_ref(), tables, caption, about)
}

/// The page of what was read of a run, and of the other tables there are.
pub(super) fn page(
    run: Option<&Run<'_>>,
    tables: &TableSet,
    caption: &Caption,
    about: &About,
) -> Result<String, ChartError> {
    let mut page = Page::default();
    if let Some(run) = run {
        page.support(run);
        page.bodies(run, about);
        page.majorities(run, about);
        page.measures(run);
        page.events(run);
    }
    page.outcome(tables)?;
    page.scorecard(tables)?;
    page.facts(tables)?;
    page.about(about);
    run.map_or(Ok(()), |run| run.shelf.check())?;
    Ok(page.finish(run, caption, about))
}

/// Sections in the making, and the data of their charts.
#[derive(Default)]
struct Page {
    sections: String,
    links: Vec<(&'static str, &'static str)>,
    charts: Vec<Value>,
}

impl Page {
    fn open(&mut self, id: &'static str, title: &'static str, note: &str, chart: bool) {
        self.links.push((id, title));
        let data = if chart { format!(" data-chart=\"{id}\"") } else { String::new() };
        let _ = write!(
            self.sections,
            "<section id=\"{id}\"{data} aria-labelledby=\"h-{id}\">\n<h2 id=\"h-{id}\">{title}</h2>\n"
        );
        if !note.is_empty() {
            let _ = writeln!(self.sections, "<p class=\"muted\">{}</p>", escape(note));
        }
    }

    fn close(&mut self) {
        self.sections.push_str("</section>\n");
    }

    /// A chart of which one choice at a time is shown, with its values as a table below.
    fn chart(&mut self, id: &'static str, format: &str, choices: Vec<Choice>, run: &Run<'_>) {
        if choices.len() > 1 {
            let _ = write!(self.sections, "<div class=\"controls\"><label>Show <select>");
            for choice in &choices {
                let _ = write!(self.sections, "<option>{}</option>", escape(&choice.label));
            }
            self.sections.push_str("</select></label></div>\n");
        }
        let _ = write!(
            self.sections,
            "<figure><div class=\"plot\" tabindex=\"0\" role=\"application\" aria-label=\"Chart: arrows move through the days, \
             plus and minus zoom\"></div>\n<div class=\"readout\"></div><ul class=\"legend\"></ul>\
             <p class=\"say\" aria-live=\"polite\" style=\"position:absolute;left:-99rem\"></p></figure>\n"
        );
        self.values(format, &choices[0], run);
        self.charts.push(json!({
            "id": id, "format": format, "every": 1,
            "choices": choices.iter().map(|c| c.to_json(run)).collect::<Vec<_>>(),
        }));
    }

    /// The first choice by month, for those who do not see the chart.
    fn values(&mut self, format: &str, choice: &Choice, run: &Run<'_>) {
        let _ = write!(
            self.sections,
            "<details><summary>Values of \u{201c}{}\u{201d} on the first of each month</summary><div class=\"scroll\"><table>\
             <caption>Medians over replicates</caption><thead><tr><th scope=\"col\">Date</th>",
            escape(&choice.label)
        );
        for line in &choice.lines {
            let _ = write!(self.sections, "<th scope=\"col\" class=\"n\">{}</th>", escape(&line.label));
        }
        self.sections.push_str("</tr></thead><tbody>\n");
        for day in run.timeline.first as i64..=run.timeline.last as i64 {
            let date = date_text(run, day);
            if !date.ends_with("-01") && day != run.timeline.last as i64 {
                continue;
            }
            let _ = write!(self.sections, "<tr><th scope=\"row\">{date}</th>");
            for line in &choice.lines {
                let value = line.bands.iter().find(|b| b.day as i64 == day).map(|b| b.q[2]);
                let text = value.map_or_else(String::new, |v| match format {
                    "percent" => Format::Percent.write(v, 0.001),
                    _ => Format::Plain.write(v, 0.001),
                });
                let _ = write!(self.sections, "<td class=\"n\">{text}</td>");
            }
            self.sections.push_str("</tr>\n");
        }
        self.sections.push_str("</tbody></table></div></details>\n");
    }

    fn support(&mut self, run: &Run<'_>) {
        let Some(support) = &run.by_class else { return };
        let parties = run.legend.leftmost_first(support.parties.iter());
        let mut choices = Vec::new();
        let classes = run.legend.in_order("class", &support.groups);
        let groups = std::iter::once(None).chain(classes.into_iter().map(Some));
        for group in groups {
            let who = group
                .map_or_else(|| "Everybody".to_owned(), |g| run.legend.label("class", &support.groups[g]));
            for (voice, word) in [(Voice::Public, "in public"), (Voice::Private, "in private")] {
                let lines = parties
                    .iter()
                    .filter_map(|party| {
                        let bands = support.bands(voice, group, support.party(&party.name)?);
                        Line::new(&party.label, party.colour, bands)
                    })
                    .collect();
                choices.push(Choice { label: format!("{who}, {word}"), lines, points: Vec::new() });
            }
        }
        choices.retain(|c| !c.lines.is_empty());
        if choices.is_empty() {
            return;
        }
        let note = format!("Share of people who stand for a party, by class.{}", run.bands_in_words());
        self.open("support", "Support", &note, true);
        self.chart("support", "percent", choices, run);
        self.close();
    }

    fn bodies(&mut self, run: &Run<'_>, about: &About) {
        let Some(seats) = &run.seats else { return };
        let parties = run.legend.leftmost_first(seats.parties.iter());
        let mut choices = Vec::new();
        let is_recorded = |body: &usize| about.recorded.iter().any(|r| r.body == seats.bodies[*body].name);
        let (mut shown, others): (Vec<usize>, Vec<usize>) =
            seats.singles().into_iter().partition(is_recorded);
        shown.extend(others);
        for body in shown.into_iter().take(MOST_BODIES) {
            let name = &seats.bodies[body].name;
            let lines: Vec<Line> = parties
                .iter()
                .filter(|party| party.kind != PartyKind::Bloc)
                .filter_map(|party| {
                    let index = seats.parties.iter().position(|p| *p == party.name)?;
                    Line::new(&party.label, party.colour, seats.bands(&[body], index))
                })
                .collect();
            let points = about
                .observed
                .iter()
                .filter(|o| o.body == *name && o.parties.len() == 1)
                .map(|o| (run.legend.party(&o.parties[0]), o.clone()))
                .collect();
            if !lines.is_empty() {
                choices.push(Choice { label: run.legend.label("body", name), lines, points });
            }
        }
        if choices.is_empty() {
            return;
        }
        let record = if choices.iter().any(|c| !c.points.is_empty()) {
            " Points with bars: the record, with two standard deviations of its own error."
        } else {
            ""
        };
        let note = format!("Share of the seats of each body.{}{record}", run.bands_in_words());
        self.open("bodies", "Seats", &note, true);
        self.chart("bodies", "percent", choices, run);
        self.close();
    }

    fn majorities(&mut self, run: &Run<'_>, about: &About) {
        let singles: Vec<&str> = run.seats.as_ref().map_or_else(Vec::new, |seats| {
            seats.singles().into_iter().map(|b| seats.bodies[b].name.as_str()).collect()
        });
        // By body and claim, in order of appearance: a first day a replicate.
        let claims = run.majorities.singles().iter().filter(|m| singles.contains(&m.body.as_str()));
        let mut rows: Vec<(&str, &str, Vec<f64>)> =
            claims.map(|m| (m.body.as_str(), m.who.as_str(), m.days())).collect();
        rows.retain(|(_, _, days)| days.iter().any(|d| d.is_finite() && *d > 0.0));
        rows.sort_by_key(|r| singles.iter().position(|s| *s == r.0));
        if rows.is_empty() {
            return;
        }
        let note = "First day on which a party or bloc held more than half of the seats.";
        self.open("majorities", "First majorities", note, false);
        let columns = ["Body", "Of", "Median", "5 to 95 %", "Never", "Record"];
        let shown = if about.recorded.is_empty() { 5 } else { 6 };
        let mut table = Html::new(&columns[..shown]);
        for (body, who, days) in rows {
            let came = sorted(days.iter().copied());
            let never = days.len() - came.len();
            let at = |q: f64| run.timeline.short(quantile(&came, q));
            let median = if came.len() * 2 > days.len() { at(0.5) } else { "never".to_owned() };
            let record = about.recorded.iter().find(|r| r.body == body && r.who == who);
            table.row(&[
                &run.legend.label("body", body),
                &run.legend.party(who).label,
                &median,
                &format!("{} to {}", at(0.05), at(0.95)),
                &format!("{never} of {}", days.len()),
                record.map_or("", |r| r.date.as_str()),
            ]);
        }
        self.sections.push_str(&table.finish());
        self.close();
    }

    fn measures(&mut self, run: &Run<'_>) {
        let single = |name: &str, colour: Colour, label: &str| {
            run.measures.bands(name).and_then(|bands| Line::new(label, colour, bands))
        };
        let choices: Vec<Choice> = POLARIZATION
            .iter()
            .filter_map(|(name, title, note, _)| {
                let line = single(name, OKABE_ITO[0], title)?;
                Some(Choice { label: format!("{title} ({note})"), lines: vec![line], points: Vec::new() })
            })
            .collect();
        if !choices.is_empty() {
            self.open(
                "polarization",
                "Polarization",
                &format!("How far apart people stand.{}", run.bands_in_words()),
                true,
            );
            self.chart("polarization", "plain", choices, run);
            self.close();
        }
        let both = [
            single("government_authority", OKABE_ITO[1], "The government"),
            single("soviet_authority", OKABE_ITO[0], "The elected bodies"),
        ];
        let lines: Vec<Line> = both.into_iter().flatten().collect();
        if !lines.is_empty() {
            let note = format!("Whom people would follow.{}", run.bands_in_words());
            self.open("power", "Dual power", &note, true);
            let label = "Whom people would follow".to_owned();
            self.chart("power", "percent", vec![Choice { label, lines, points: Vec::new() }], run);
            self.close();
        }
    }

    fn events(&mut self, run: &Run<'_>) {
        if run.marks.is_empty() {
            return;
        }
        self.open("events", "Events", "The numbers above the charts; medians over replicates.", false);
        self.sections.push_str("<ol class=\"events\">\n");
        for mark in &run.marks {
            let _ =
                writeln!(self.sections, "<li>{}, {}</li>", escape(&mark.label), run.timeline.short(mark.day));
        }
        self.sections.push_str("</ol>\n");
        self.close();
    }

    fn outcome(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "outcome") else { return Ok(()) };
        let (outcome, date, losses) =
            (texts(table, "outcome")?, texts(table, "date_os")?, numbers(table, "losses")?);
        self.open("outcome", "How it ended", "", false);
        let mut rows = Html::new(&["Outcome", "Replicates", "Median date", "Median losses"]);
        for word in &outcome.words {
            let of: Vec<usize> = (0..table.rows()).filter(|&r| outcome.get(r) == word).collect();
            if of.is_empty() {
                continue;
            }
            let mut dates: Vec<&str> = of.iter().map(|&r| date.get(r)).filter(|d| !d.is_empty()).collect();
            dates.sort_unstable();
            let lost = sorted(of.iter().map(|&r| losses.at(r)));
            let middle = dates.get(dates.len().saturating_sub(1) / 2).copied().unwrap_or_default();
            rows.row(&[
                word,
                &format!("{} of {}", of.len(), table.rows()),
                middle,
                &if lost.is_empty() { String::new() } else { thousands(quantile(&lost, 0.5) as u64) },
            ]);
        }
        self.sections.push_str(&rows.finish());
        self.close();
        Ok(())
    }

    fn scorecard(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "scorecard") else { return Ok(()) };
        if let Some(skill) = filled(tables, "skill") {
            self.open(
                "skill",
                "Skill",
                "Errors of the model beside those of four baselines; smaller is better.",
                false,
            );
            self.plain_table(
                skill,
                &[
                    "subset",
                    "measure",
                    "rows",
                    "model",
                    "baseline_last",
                    "baseline_swing",
                    "baseline_logistic",
                    "baseline_regression",
                ],
            );
            self.close();
        }
        let note = "Each row of the record, what the model has, and whether it lies in the 90 % band. Rows that served to \
                    fit are no validation.";
        self.open("scorecard", "Scorecard", note, false);
        let wanted = [
            "place",
            "body",
            "date_os",
            "party",
            "unit",
            "observed",
            "simulated",
            "lo90",
            "hi90",
            "inside90",
            "used_for_parameters",
        ];
        self.plain_table(table, &wanted);
        self.close();
        Ok(())
    }

    fn facts(&mut self, tables: &TableSet) -> Result<(), ChartError> {
        let Some(table) = filled(tables, "facts") else { return Ok(()) };
        let [id, title, statistic, holds, note] =
            ["id", "title", "statistic", "holds", "note"].map(|name| texts(table, name));
        let (id, title, statistic, holds, note) = (id?, title?, statistic?, holds?, note?);
        let value = numbers(table, "value")?;
        self.open("facts", "Stylised facts", "What the output must show, each decided by a program.", false);
        let mut rows = Html::new(&["Fact", "", "Holds", "Statistic", "Value", "Note"]);
        for row in 0..table.rows() {
            let word = match holds.get(row) {
                "true" => "yes",
                "false" => "no",
                other => other,
            };
            let shown = Some(value.at(row)).filter(|v| v.is_finite()).map_or_else(String::new, short);
            rows.row(&[id.get(row), title.get(row), word, statistic.get(row), &shown, note.get(row)]);
        }
        self.sections.push_str(&rows.finish());
        self.close();
        Ok(())
    }

    /// Some columns of a table as they are, numbers in few digits.
    fn plain_table(&mut self, table: &Table, columns: &[&str]) {
        let known: Vec<&str> = columns.iter().copied().filter(|c| table.column(c).is_some()).collect();
        let mut rows = Html::new(
            &known
                .iter()
                .map(|c| c.replace('_', " "))
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        );
        for row in 0..table.rows() {
            let cells: Vec<String> = known
                .iter()
                .map(|name| match (table.texts(name), numbers(table, name)) {
                    (Some(words), _) => words.get(row).to_owned(),
                    (None, Ok(values)) => match (table.flags(name), values.at(row)) {
                        (Some(flags), _) => if flags[row] { "yes" } else { "no" }.to_owned(),
                        (None, v) if v.is_finite() => short(v),
                        _ => String::new(),
                    },
                    (None, Err(_)) => String::new(),
                })
                .collect();
            rows.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        self.sections.push_str(&rows.finish());
    }

    fn about(&mut self, about: &About) {
        if !about.odd.is_empty() {
            self.open(
                "odd",
                "The model",
                "Described by the ODD protocol, with the tables of this scenario.",
                false,
            );
            let _ = writeln!(
                self.sections,
                "<details><summary>Read it here</summary><pre style=\"white-space:pre-wrap;font-size:.85rem\">{}</pre></details>",
                escape(&about.odd)
            );
            self.close();
        }
        if !about.manifest.is_empty() {
            self.open("manifest", "What was run", "", false);
            self.sections.push_str("<dl>\n");
            for (name, value) in &about.manifest {
                let _ = writeln!(self.sections, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
            }
            self.sections.push_str("</dl>\n");
            self.close();
        }
        if !about.bibliography.is_empty() {
            self.open("bibliography", "Bibliography", "", false);
            self.sections.push_str("<ul class=\"works\">\n");
            for work in &about.bibliography {
                let _ = writeln!(self.sections, "<li>{}</li>", escape(work));
            }
            self.sections.push_str("</ul>\n");
            self.close();
        }
    }

    fn finish(self, run: Option<&Run<'_>>, caption: &Caption, about: &About) -> String {
        let title = if caption.title.is_empty() { &caption.scenario } else { &caption.title };
        let (first, dates) = run.map_or((0, Vec::new()), |run| {
            let (first, last) = (run.timeline.first as i64, run.timeline.last as i64);
            (first, (first..=last).map(|day| date_text(run, day)).collect())
        });
        let old_style = run.is_some_and(|run| run.timeline.old_style);
        let events: Vec<Value> = run
            .map_or(&[][..], |run| &run.marks)
            .iter()
            .map(|mark| json!({ "day": mark.day, "label": mark.label }))
            .collect();
        let data = json!({ "first": first, "dates": dates, "events": events, "charts": self.charts });
        // No `</script>` may end the data early, whatever a scenario calls things.
        let data = data.to_string().replace('<', "\\u003c");
        let links: String =
            self.links.iter().map(|(id, title)| format!("<li><a href=\"#{id}\">{title}</a></li>")).collect();
        let style = if old_style { " Dates are old style." } else { "" };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n\
             <style>\n{LIBRARY_STYLE}\n{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the charts</a>\n\
             <header>\n<h1>{title}</h1>\n<p>{description}</p>\n<p class=\"muted\">{provenance}.{style}</p>\n\
             <nav aria-label=\"Sections\"><ul>{links}</ul></nav>\n</header>\n<main id=\"content\">\n{sections}</main>\n\
             <footer class=\"muted\"><details><summary>Charts by uPlot</summary><pre>{licence}</pre></details></footer>\n\
             <script type=\"application/json\" id=\"data\">{data}</script>\n<script>\n{LIBRARY}\n</script>\n<script>\n{SCRIPT}</script>\n\
             </body>\n</html>\n",
            title = escape(title),
            description = escape(&about.description),
            provenance = escape(&provenance(caption)),
            sections = self.sections,
            licence = escape(LICENCE),
        )
    }
}

/// One way to fill a chart.
struct Choice {
    label: String,
    lines: Vec<Line>,
    points: Vec<(super::legend::Party, ObservedSeats)>,
}

impl Choice {
    fn to_json(&self, run: &Run<'_>) -> Value {
        let points: Vec<Value> = self
            .points
            .iter()
            .map(|(party, o)| {
                json!({
                    "day": o.day, "value": rounded(o.share), "low": rounded((o.share - o.error).max(0.0)),
                    "high": rounded((o.share + o.error).min(1.0)), "label": party.label, "series": party.label,
                    "colour": party.colour.hex(),
                })
            })
            .collect();
        json!({
            "label": self.label, "points": points,
            "series": self.lines.iter().map(|line| line.to_json(run)).collect::<Vec<_>>(),
        })
    }
}

/// A line with its bands.
struct Line {
    label: String,
    colour: Colour,
    bands: Vec<Band>,
}

impl Line {
    /// `None` of what is never there to see.
    fn new(label: &str, colour: Colour, bands: Vec<Band>) -> Option<Self> {
        let visible = bands.iter().any(|b| b.q[4].abs() >= LEAST);
        visible.then(|| Self { label: label.to_owned(), colour, bands })
    }

    /// Five quantiles a day, or the only value there is.
    fn to_json(&self, run: &Run<'_>) -> Value {
        let spread = self.bands.iter().any(|b| b.q[4] - b.q[0] > 1e-9);
        let quantiles: &[usize] = if spread { &[0, 1, 2, 3, 4] } else { &[2] };
        let days = run.timeline.first as i64..=run.timeline.last as i64;
        let of = |q: usize| {
            let mut at = 0;
            days.clone()
                .map(|day| {
                    while self.bands.get(at).is_some_and(|b| (b.day as i64) < day) {
                        at += 1;
                    }
                    self.bands
                        .get(at)
                        .filter(|b| b.day as i64 == day)
                        .map_or(Value::Null, |b| rounded(b.q[q]))
                })
                .collect::<Vec<_>>()
        };
        let q: Vec<Vec<Value>> = quantiles.iter().map(|&q| of(q)).collect();
        json!({ "label": self.label, "colour": self.colour.hex(), "q": q })
    }
}

/// A table in the making.
struct Html {
    text: String,
    columns: usize,
}

impl Html {
    fn new(columns: &[&str]) -> Self {
        let mut text = String::from("<div class=\"scroll\"><table><thead><tr>");
        for column in columns {
            let _ = write!(text, "<th scope=\"col\">{}</th>", escape(column));
        }
        text.push_str("</tr></thead><tbody>\n");
        Self { text, columns: columns.len() }
    }

    fn row(&mut self, cells: &[&str]) {
        self.text.push_str("<tr>");
        for cell in &cells[..self.columns] {
            let class = match *cell {
                "yes" => " class=\"yes\"",
                "no" => " class=\"no\"",
                text if !text.is_empty()
                    && text.chars().all(|c| c.is_ascii_digit() || ".\u{2212}\u{2009}".contains(c)) =>
                {
                    " class=\"n\""
                }
                _ => "",
            };
            let _ = write!(self.text, "<td{class}>{}</td>", escape(cell));
        }
        self.text.push_str("</tr>\n");
    }

    fn finish(mut self) -> String {
        self.text.push_str("</tbody></table></div>\n");
        self.text
    }
}

/// The date of a day, or its number where no dates are known.
fn date_text(run: &Run<'_>, day: i64) -> String {
    run.timeline
        .date(day as f64)
        .map_or_else(|| day.to_string(), |date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}

/// A number in four digits after the point, or four in all.
fn rounded(value: f64) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    let digits = if value.abs() < 10.0 { 1e4 } else { 10.0 };
    json!((value * digits).round() / digits)
}

fn short(value: f64) -> String {
    let text = match value.abs() {
        v if v >= 1e4 => thousands(value.abs().round() as u64),
        v if v >= 100.0 || value.fract() == 0.0 => format!("{:.0}", value.abs()),
        v if v >= 1.0 => format!("{:.1}", value.abs()),
        _ => format!("{:.3}", value.abs()),
    };
    if value < 0.0 { format!("\u{2212}{text}") } else { text }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::{Shape, tables};
    use super::*;

    #[test]
    fn every_shape_of_run_makes_a_page_of_its_own() {
        for shape in Shape::ALL {
            let about = About {
                description: "about <this> & that".to_owned(),
                odd: "# Purpose".to_owned(),
                manifest: vec![("seed".to_owned(), "7".to_owned())],
                bibliography: vec!["Somebody 1917".to_owned()],
                ..About::default()
            };
            let page = draw_report(&tables(shape, 0.0), &shape.caption(), &about).expect("all is there");
            for part in ["about &lt;this&gt; &amp; that", "id=\"odd\"", "Somebody 1917", "uPlot"] {
                assert!(page.contains(part), "{shape:?}: {part}");
            }
            // One file, and nobody is asked for anything.
            let own = page.replace(LIBRARY, "").replace(&escape(LICENCE), "");
            assert!(!own.contains("http:") && !own.contains("https:") && !own.contains("src="), "{shape:?}");
            let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next());
            let data: Value = serde_json::from_str(data.expect("there is data")).expect("it is JSON");
            let days = data["dates"].as_array().expect("a list").len();
            for chart in data["charts"].as_array().expect("a list") {
                for choice in chart["choices"].as_array().expect("a list") {
                    for line in choice["series"].as_array().expect("a list") {
                        let quantiles = line["q"].as_array().expect("a list");
                        assert!(quantiles.iter().all(|q| q.as_array().is_some_and(|q| q.len() == days)));
                    }
                }
            }
        }
    }

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let caption = Caption { title: "</script><b>".to_owned(), ..Caption::default() };
        let page = draw_report(&TableSet::default(), &caption, &About::default()).expect("nothing to fail");
        assert!(!page.contains("</script><b>") && page.contains("&lt;/script&gt;"));
    }
}
