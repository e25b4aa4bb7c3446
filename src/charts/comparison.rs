//! Runs laid over each other: the same measures, one line style a run.

use super::calendar::Timeline;
use super::chart::{Caption, Chart, ChartError};
use super::columns::{numbers, texts};
use super::counts::Voice;
use super::dates;
use super::events::Mark;
use super::figure::{Figure, Setting};
use super::gather::Gathering;
use super::indices::{POLARIZATION, Shown, measure_plot};
use super::plot::{Format, Plot, Series, top_of};
use super::quantiles::{Band, median};
use super::run::bands_in_words;
use super::series::columns_for;
use super::side::{Side, key, provenances};
use super::theme::OKABE_ITO;
use crate::observers::table::Table;
use std::collections::BTreeMap;

/// One of the runs that are compared.
pub struct LabelledRun {
    /// What the run is called in the figures.
    pub label: String,
    /// Its replicates.
    pub gathering: Gathering,
    /// Its provenance.
    pub caption: Caption,
}

/// Draws two to six runs over each other; further runs are left out, and so are runs without any daily table.
///
/// The names of the charts are `compare_bodies`, `compare_support`, `compare_polarization`, `compare_authority`,
/// `compare_differences` (from the table `differences`, if it has rows) and `compare_majorities`. The leading party is that of the first run. Names and colours of parties come from the first
/// run's tables; runs are told apart by colour, line style and label.
///
/// # Errors
/// [`ChartError::Column`] if a table that is there lacks a column; a missing table only leaves out figures.
///
/// ```
/// use october::charts::draw_comparison;
/// use october::observers::table::Table;
///
/// let nothing = Table::new("differences", "each run less the first", &[]);
/// assert!(draw_comparison(Vec::new(), &nothing).expect("nothing to read, nothing to fail").is_empty());
/// ```
pub fn draw_comparison(runs: Vec<LabelledRun>, changes: &Table) -> Result<Vec<Chart>, ChartError> {
    let runs = runs.into_iter().take(OKABE_ITO.len()).map(|r| (r.caption, (r.label, r.gathering)));
    let (captions, gathered): (Vec<_>, Vec<_>) = runs.unzip();
    let mut sides = Vec::new();
    for (place, ((label, gathering), caption)) in gathered.into_iter().zip(&captions).enumerate() {
        if let (_, Some(run)) = gathering.into_run(caption) {
            let letter = char::from(b'A' + place as u8).to_string();
            sides.push(Side { label, letter, colour: OKABE_ITO[place], place, run });
        }
    }
    let Some(first) = sides.first() else { return Ok(Vec::new()) };
    let timeline = shared_timeline(&sides, &first.run.timeline);
    let marks = shared_marks(&sides, &timeline);
    // One caption cannot speak for several runs: the provenance of each stands in the scenario's place.
    let caption = Caption::default();
    let setting = Setting { timeline: &timeline, marks: &marks, caption: &caption };
    let figures = [
        bodies(&sides),
        support(&sides),
        polarization(&sides),
        authority(&sides),
        differences(&sides, changes)?,
    ];
    let mut charts = Vec::new();
    for figure in figures.into_iter().flatten() {
        charts.push(figure.draw_with_foot(setting, &provenances(&sides)));
    }
    charts.extend(dates::majorities(&sides, setting));
    sides.iter().try_for_each(|side| side.run.shelf.check())?;
    Ok(charts)
}

/// From the earliest first day to the latest last day, dated as the first run is.
fn shared_timeline(sides: &[Side<'_>], first: &Timeline) -> Timeline {
    let mut timeline = first.clone();
    for side in sides {
        timeline.first = timeline.first.min(side.run.timeline.first);
        timeline.last = timeline.last.max(side.run.timeline.last);
    }
    timeline
}

/// The events of all runs; those that some runs lack say in which they happened.
fn shared_marks(sides: &[Side<'_>], timeline: &Timeline) -> Vec<Mark> {
    let mut by_label: BTreeMap<&str, Vec<(&Side<'_>, f64)>> = BTreeMap::new();
    for side in sides {
        for mark in &side.run.marks {
            by_label.entry(&mark.label).or_default().push((side, mark.day));
        }
    }
    let mut marks: Vec<Mark> = by_label
        .into_iter()
        .filter_map(|(label, found)| {
            let days: Vec<f64> = found.iter().map(|(_, day)| *day).collect();
            let letters: Vec<&str> = found.iter().map(|(side, _)| side.letter.as_str()).collect();
            let label = if found.len() == sides.len() {
                label.to_owned()
            } else {
                format!("{label} [{} only]", letters.join(", "))
            };
            Some(Mark { day: median(&days)?.round(), label, weight: found.len() as f64 })
        })
        .filter(|mark| (timeline.first..=timeline.last).contains(&mark.day))
        .collect();
    marks.sort_by(|a, b| a.day.total_cmp(&b.day));
    marks
}

fn words(sides: &[Side<'_>]) -> String {
    bands_in_words(sides.iter().map(|side| side.run.replicates()).max().unwrap_or(1))
        .replace("medians of ", "medians of up to ")
}

/// A figure of panels made per run, unless there are none.
fn overlaid(
    sides: &[Side<'_>],
    (name, title, subtitle): (&str, &str, String),
    plots: Vec<Plot>,
) -> Option<Figure> {
    let columns = columns_for(plots.len());
    let height = if columns == 1 { 380.0 } else { 215.0 };
    let mut figure = Figure::grid(name, title, columns, height, plots);
    figure.subtitle = format!("{subtitle}{}", words(sides));
    figure.key = key(sides);
    (!figure.rows.is_empty()).then_some(figure)
}

/// The leading party's seats in the largest single bodies.
fn bodies(sides: &[Side<'_>]) -> Option<Figure> {
    let first = &sides.first()?.run;
    let lead = first.leading_in_bodies()?;
    let seats = first.seats.as_ref()?;
    let plots: Vec<Plot> = seats
        .singles()
        .into_iter()
        .take(6)
        .filter_map(|body| {
            let name = &seats.bodies[body].name;
            let lines = sides.iter().filter_map(|side| {
                let seats = side.run.seats.as_ref()?;
                let body = seats.bodies.iter().position(|b| b.name == *name)?;
                let party = seats.parties.iter().position(|p| *p == lead)?;
                Some(side.series(seats.bands(&[body], party))).filter(|s| !s.bands.is_empty())
            });
            let series: Vec<Series> = lines.collect();
            let plot = Plot::new(&first.legend.label("body", name), Format::Percent, 1.0);
            (!series.is_empty()).then_some(Plot { series, rules: vec![0.5], ..plot })
        })
        .collect();
    let title = format!("{}: seats in the largest bodies", first.legend.party(&lead).label);
    let subtitle = "Share of seats in the largest bodies; dashed, half of the seats.".to_owned();
    overlaid(sides, ("compare_bodies", &title, subtitle), plots)
}

/// Public support of the leading party by class.
fn support(sides: &[Side<'_>]) -> Option<Figure> {
    let first = &sides.first()?.run;
    let lead = first.leading_party()?;
    let classes = &first.by_class.as_ref()?.groups;
    let panels: Vec<(&String, Vec<Series>)> = first
        .legend
        .in_order("class", classes)
        .into_iter()
        .map(|class| &classes[class])
        .map(|class| {
            let lines = sides.iter().filter_map(|side| {
                let support = side.run.by_class.as_ref()?;
                let group = support.groups.iter().position(|g| g == class)?;
                let bands = support.bands(Voice::Public, Some(group), support.party(&lead)?);
                (!bands.is_empty()).then(|| side.series(bands))
            });
            (class, lines.collect::<Vec<_>>())
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let top = top_of(panels.iter().flat_map(|(_, lines)| lines), 0.1);
    let plots = panels.into_iter().map(|(class, series)| Plot {
        series,
        ..Plot::new(&first.legend.label("class", class), Format::Percent, top)
    });
    let plots: Vec<Plot> = plots.collect();
    let title = format!("{}: public support by class", first.legend.party(&lead).label);
    overlaid(sides, ("compare_support", &title, "Share of each class.".to_owned()), plots)
}

fn of_measures(sides: &[Side<'_>], shown: &[Shown]) -> Vec<Plot> {
    shown
        .iter()
        .filter_map(|&shown| {
            let lines = sides.iter().filter_map(|side| Some(side.series(side.run.measures.bands(shown.0)?)));
            let series: Vec<Series> = lines.collect();
            (!series.is_empty()).then(|| measure_plot(shown, series))
        })
        .collect()
}

fn polarization(sides: &[Side<'_>]) -> Option<Figure> {
    let mut shown = POLARIZATION.to_vec();
    shown.push((
        "position_sd",
        "Spread of positions",
        "Standard deviation, positions from −1 to 1",
        Format::Plain,
    ));
    let plots = of_measures(sides, &shown);
    let subtitle = "How far apart the population stands, by measure.".to_owned();
    overlaid(sides, ("compare_polarization", "Polarization", subtitle), plots)
}

fn authority(sides: &[Side<'_>]) -> Option<Figure> {
    let shown = [
        ("government_authority", "The government", "Share that would follow it", Format::Percent),
        ("soviet_authority", "The soviets", "Share that would follow them", Format::Percent),
    ];
    let mut plots = of_measures(sides, &shown);
    plots.iter_mut().for_each(|plot| plot.y = (0.0, 1.0));
    overlaid(sides, ("compare_authority", "Dual power", "Whom people would follow.".to_owned()), plots)
}

/// Each run less the first one: public support of the leading party by class, with its 95 % interval.
fn differences(sides: &[Side<'_>], changes: &Table) -> Result<Option<Figure>, ChartError> {
    let Some(lead) = sides.first().and_then(|first| first.run.leading_party()) else { return Ok(None) };
    if changes.rows() == 0 {
        return Ok(None);
    }
    let text = |name| texts(changes, name);
    let (run, quantity, scope, name) = (text("run")?, text("quantity")?, text("scope")?, text("name")?);
    let [day, mean, low, high] = ["day", "difference", "low", "high"].map(|name| numbers(changes, name));
    let (day, mean, low, high) = (day?, mean?, low?, high?);
    let legend = &sides[0].run.legend;
    let classes: Vec<String> = scope.words.clone();
    let mut panels: Vec<(&String, Vec<Series>)> = Vec::new();
    for class in legend.in_order("class", &classes).into_iter().map(|at| &classes[at]) {
        let mut lines = Vec::new();
        for side in &sides[1..] {
            let wanted = |row: &usize| {
                quantity.get(*row) == "support"
                    && run.get(*row) == side.label
                    && scope.get(*row) == class
                    && name.get(*row) == lead
            };
            let bands: Vec<Band> = (0..changes.rows())
                .filter(wanted)
                .map(|row| {
                    let or_mean = |v: f64| if v.is_finite() { v } else { mean.at(row) };
                    let (low, high) = (or_mean(low.at(row)), or_mean(high.at(row)));
                    Band { day: day.at(row), q: [low, mean.at(row), mean.at(row), mean.at(row), high] }
                })
                .collect();
            if !bands.is_empty() {
                lines.push(side.series(bands));
            }
        }
        if !lines.is_empty() {
            panels.push((class, lines));
        }
    }
    let ends = panels.iter().flat_map(|(_, lines)| lines.iter().flat_map(|s| &s.bands));
    let reach = ends.flat_map(|b| [b.q[0].abs(), b.q[4].abs()]).fold(0.02, f64::max);
    let plots: Vec<Plot> = panels
        .into_iter()
        .map(|(class, series)| {
            let plot = Plot::new(&legend.label("class", class), Format::Percent, reach);
            let top = plot.y.1;
            Plot { series, y: (-top, top), step: plot.step, rules: vec![0.0], ..plot }
        })
        .collect();
    let title = format!("{}: what the histories differ by", legend.party(&lead).label);
    let columns = columns_for(plots.len());
    let height = if columns == 1 { 380.0 } else { 215.0 };
    let mut figure = Figure::grid("compare_differences", &title, columns, height, plots);
    figure.subtitle = format!(
        "Public support in each class, less that in {}: means of differences, replicate by replicate where draws are \
         shared, with 95\u{a0}% intervals.",
        sides[0].label
    );
    figure.key = key(sides);
    Ok((!figure.rows.is_empty()).then_some(figure))
}

#[cfg(test)]
mod tests {
    use super::super::synthetic::{Shape, check_sheet, tables};
    use super::*;
    use crate::observers::table::TableSet;
    use crate::observers::table::{Cell, Kind};

    /// Differences of every party and class that `tables` have, on two days.
    fn changes(tables: &TableSet, runs: &[&str]) -> Table {
        let kinds = [
            ("run", Kind::Text),
            ("quantity", Kind::Text),
            ("scope", Kind::Text),
            ("name", Kind::Text),
            ("day", Kind::OptInt),
            ("difference", Kind::Real),
            ("low", Kind::Real),
            ("high", Kind::Real),
        ];
        let columns = kinds.map(|(name, kind)| (name, kind, "", ""));
        let mut table = Table::new("differences", "", &columns);
        let support = tables.get("support").expect("every shape has support");
        let words = |column| support.texts(column).expect("it has names").words.clone();
        for run in runs {
            for (class, party) in
                words("class").iter().flat_map(|c| words("party").into_iter().map(move |p| (c.clone(), p)))
            {
                for (day, value) in [(0, 0.0), (14, -0.12)] {
                    table.push(&[
                        Cell::Text(run),
                        Cell::Text("support"),
                        Cell::Text(&class),
                        Cell::Text(&party),
                        Cell::OptInt(Some(day)),
                        Cell::Real(value),
                        Cell::Real(value - 0.03),
                        Cell::Real(value + 0.03),
                    ]);
                }
            }
        }
        table
    }

    #[test]
    fn every_comparison_is_drawn_whole_and_legible() {
        for shape in Shape::ALL {
            let sets: Vec<TableSet> = (0..3).map(|i| tables(shape, f64::from(i) * 21.0)).collect();
            let names = ["base", "no coup", "a rather long scenario name"];
            let runs: Vec<LabelledRun> = sets
                .iter()
                .zip(names)
                .map(|(tables, name)| LabelledRun {
                    label: name.to_owned(),
                    gathering: Gathering::of(tables).expect("all tables are there"),
                    caption: shape.caption(),
                })
                .collect();
            let charts =
                draw_comparison(runs, &changes(&sets[0], &names[1..])).expect("all tables are there");
            let names: Vec<_> = charts.iter().map(|chart| chart.name.as_str()).collect();
            assert_eq!(
                names,
                [
                    "compare_bodies",
                    "compare_support",
                    "compare_polarization",
                    "compare_authority",
                    "compare_differences",
                    "compare_majorities"
                ]
            );
            for chart in &charts {
                check_sheet(&format!("{shape:?} {}", chart.name), &chart.svg);
            }
        }
    }
}
