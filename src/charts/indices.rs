//! Measures over time: polarization, dual power, action.

use super::figure::{Figure, KeyShown, Row};
use super::plot::{Dot, Fill, Format, Plot, Series, curve, top_of};
use super::quantiles::{Band, crossing};
use super::run::Run;
use super::series::columns_for;
use super::theme::{DASHED, OKABE_ITO, SOLID, TEXT};

/// The whole population.
pub(super) const ALL: &str = "all";

/// A measure as figures show it: name in the tables, title, what it means, format.
pub(super) type Shown = (&'static str, &'static str, &'static str, Format);

/// The measures of polarization, in the order of their panels.
pub(super) const POLARIZATION: [Shown; 5] = [
    ("share_two_camps", "In the two camps", "Share of agents with a position beyond ±0.5", Format::Percent),
    (
        "esteban_ray",
        "Esteban–Ray polarization",
        "Large when people gather in few groups far apart",
        Format::Plain,
    ),
    ("agreement", "Agreement", "Van der Eijk: 1 all alike, 0 evenly spread, −1 two ends", Format::Plain),
    ("bimodality", "Bimodality", "Sarle’s coefficient: above 0.56 hints at two humps", Format::Plain),
    ("effective_parties", "Effective number of parties", "Laakso–Taagepera", Format::Plain),
];

/// Small multiples of the polarization measures and of the distribution of positions.
pub(super) fn polarization(run: &Run<'_>) -> Option<Figure> {
    let mut plots: Vec<Plot> = POLARIZATION
        .into_iter()
        .filter_map(|shown| {
            let bands = run.measures.bands(shown.0)?;
            let series = vec![Series::new("", OKABE_ITO[0], SOLID, bands)];
            Some(measure_plot(shown, series))
        })
        .collect();
    plots.extend(positions(run));
    let columns = columns_for(plots.len());
    let mut figure = Figure::grid("polarization", "Polarization", columns, 190.0, plots);
    figure.subtitle = format!("How far apart the population stands, by measure.{}", run.bands_in_words());
    (!figure.rows.is_empty()).then_some(figure)
}

/// A panel of one measure with an axis that suits all of `series`.
pub(super) fn measure_plot((_, title, note, format): Shown, series: Vec<Series>) -> Plot {
    let mut plot = Plot::new(title, format, top_of(series.iter(), 1e-6));
    let lowest = series.iter().flat_map(|s| &s.bands).map(|b| b.q[0]).fold(0.0, f64::min);
    if lowest < 0.0 {
        // Both ends of the axis stand on ticks of one step.
        let highest = top_of(series.iter(), 0.0);
        plot.step = Plot::new("", format, highest - lowest).step;
        plot.y = ((lowest / plot.step).floor() * plot.step, (highest / plot.step).ceil() * plot.step);
    }
    Plot { note: note.to_owned(), series, ..plot }
}

/// Mean position with one standard deviation to either side.
fn positions(run: &Run<'_>) -> Option<Plot> {
    let mean = run.measures.bands("position_mean")?;
    let sd = run.measures.bands("position_sd")?;
    let offset = |sign: f64| -> Vec<(f64, f64)> {
        mean.iter().zip(&sd).map(|(m, s)| (m.day, (m.q[2] + sign * s.q[2]).clamp(-1.0, 1.0))).collect()
    };
    let fill = Fill {
        lower: offset(-1.0),
        upper: offset(1.0),
        colour: OKABE_ITO[0],
        alpha: 0.2,
        edge: false,
        name: String::new(),
    };
    Some(Plot {
        note: "Mean, and one standard deviation to either side; −1 to 1".to_owned(),
        y: (-1.0, 1.0),
        step: 0.5,
        fills: vec![fill],
        series: vec![Series::new("", OKABE_ITO[0], SOLID, mean)],
        ..Plot::new("Positions", Format::Plain, 1.0)
    })
}

/// The government's authority against the soviets', shaded where the soviets' is greater.
pub(super) fn authority(run: &Run<'_>) -> Option<Figure> {
    let government = run.measures.bands("government_authority")?;
    let soviets = run.measures.bands("soviet_authority")?;
    let name = |measure: &str, fallback: &str| {
        let label = run.legend.label("measure", measure);
        // Unlabelled, the name of a measure is no word for readers.
        if label.contains('_') { fallback.to_owned() } else { label }
    };
    let mut plot = Plot::new("", Format::Percent, 1.0);
    plot.fills = ahead(&soviets, &government);
    if let Some(day) = crossing(&soviets, &government) {
        let value = soviets.iter().find(|b| (b.day - day).abs() < 0.5).map_or(0.5, |b| b.q[2]);
        let text = format!("Soviets ahead: {}", run.timeline.short(day));
        plot.dots.push(Dot { day, range: None, value, colour: TEXT, text });
    }
    plot.series = vec![
        Series {
            short: "Soviets".to_owned(),
            width: 2.4,
            ..Series::new(&name("soviet_authority", "Soviets"), OKABE_ITO[1], SOLID, soviets)
        },
        Series {
            short: "Government".to_owned(),
            width: 2.4,
            ..Series::new(&name("government_authority", "Government"), OKABE_ITO[0], DASHED, government)
        },
    ];
    Some(Figure {
        name: "authority".to_owned(),
        title: "Dual power".to_owned(),
        subtitle: format!(
            "Share that would follow the government, and share that would follow the soviets; shaded where the soviets \
             are ahead.{}",
            run.bands_in_words()
        ),
        rows: vec![Row { height: 400.0, plots: vec![plot] }],
        key: Vec::new(),
        key_shown: KeyShown::ForShortNames,
    })
}

/// The areas between the medians on the stretches of days where `upper` is greater.
fn ahead(upper: &[Band], lower: &[Band]) -> Vec<Fill> {
    let (high, low) = (curve(upper, 2), curve(lower, 2));
    let mut fills: Vec<Fill> = Vec::new();
    let mut open = false;
    for (h, l) in high.iter().zip(&low) {
        if h.1 <= l.1 {
            open = false;
            continue;
        }
        if !open {
            let (lower, upper) = (Vec::new(), Vec::new());
            fills.push(Fill {
                lower,
                upper,
                colour: OKABE_ITO[1],
                alpha: 0.13,
                edge: false,
                name: String::new(),
            });
            open = true;
        }
        if let Some(fill) = fills.last_mut() {
            fill.lower.push(*l);
            fill.upper.push(*h);
        }
    }
    fills
}

/// Strikers and locked-out workers.
pub(super) fn action(run: &Run<'_>) -> Option<Figure> {
    let shown: [Shown; 2] = [
        ("strikers", "On strike", "Agents, day by day", Format::Count),
        ("lockouts", "Locked out", "Agents, day by day", Format::Count),
    ];
    let plots: Vec<Plot> = shown
        .into_iter()
        .zip([OKABE_ITO[1], OKABE_ITO[0]])
        .filter_map(|(shown, colour)| {
            let bands = run.measures.bands(shown.0)?;
            let fill = Fill {
                lower: bands.iter().map(|b| (b.day, 0.0)).collect(),
                upper: curve(&bands, 2),
                colour,
                alpha: 0.25,
                edge: false,
                name: String::new(),
            };
            let mut plot = measure_plot(shown, vec![Series::new("", colour, SOLID, bands)]);
            plot.fills.push(fill);
            Some(plot)
        })
        .collect();
    let mut figure = Figure::grid("action", "Strikes and lockouts", 1, 230.0, plots);
    figure.subtitle =
        format!("Agents on strike, and agents whose works have shut them out.{}", run.bands_in_words());
    (!figure.rows.is_empty()).then_some(figure)
}
