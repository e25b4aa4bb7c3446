//! Support over time: by class, and what is said against what is thought.

use super::counts::{Support, Voice};
use super::figure::Figure;
use super::legend::{Legend, Party, PartyKind};
use super::plot::{Fill, Format, Plot, Series, curve, top_of};
use super::quantiles::median;
use super::run::Run;
use super::theme::{Colour, DASHED, DASHES, SOLID};

/// Parties that never get this share anywhere are left out of the figures.
const NOTICEABLE: f64 = 0.03;

/// One panel a class: public support by party, as a share of the class.
pub(super) fn support_by_class(run: &Run<'_>) -> Option<Figure> {
    let support = run.by_class.as_ref()?;
    let parties = noticeable(support, &run.legend);
    let lead = run.leading_party();
    let panels: Vec<(usize, Vec<Series>)> = run
        .legend
        .in_order("class", &support.groups)
        .into_iter()
        .map(|class| {
            let lines = parties.iter().enumerate().filter_map(|(i, party)| {
                let bands = support.bands(Voice::Public, Some(class), support.party(&party.name)?);
                let is_lead = lead.as_ref() == Some(&party.name);
                (!bands.is_empty()).then(|| party_series(party, if is_lead { 0 } else { i + 1 }, bands))
            });
            (class, lines.collect::<Vec<_>>())
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let top = top_of(panels.iter().flat_map(|(_, lines)| lines), 0.1);
    let plots = panels.into_iter().map(|(class, series)| {
        let name = run.legend.label("class", &support.groups[class]);
        Plot { series, ..Plot::new(&name, Format::Percent, top) }
    });
    let plots: Vec<Plot> = plots.collect();
    let columns = columns_for(plots.len());
    // Many parties need taller panels, or their labels would stray from their lines.
    let height = if columns == 3 { 210.0 } else { 260.0 } + 12.0 * parties.len().saturating_sub(5) as f64;
    let mut figure = Figure::grid("support_by_class", "Public support by class", columns, height, plots);
    figure.subtitle =
        format!("Share of each class that speaks for a party, day by day.{}", run.bands_in_words());
    figure.key = key_of(&parties);
    (!figure.rows.is_empty()).then_some(figure)
}

/// One panel a party: public against private support over all classes, and the share that keeps silent.
pub(super) fn private_and_public(run: &Run<'_>) -> Option<Figure> {
    let support = run.by_class.as_ref()?;
    let mut parties: Vec<(Party, Vec<Series>, f64)> = noticeable(support, &run.legend)
        .into_iter()
        .filter(|party| party.kind == PartyKind::Party)
        .filter_map(|party| {
            let index = support.party(&party.name)?;
            let series = |label: &str, voice, dash, width| Series {
                width,
                ..Series::new(label, party.colour, dash, support.bands(voice, None, index))
            };
            let lines = vec![
                series("public", Voice::Public, SOLID, 2.2),
                series("private", Voice::Private, DASHED, 1.8),
            ];
            let peak = top_of(lines.iter(), 0.0);
            Some((party, lines, peak))
        })
        .collect();
    // The weakest parties make room, so that the panels stay large enough to read.
    while parties.len() > 8 {
        let weakest = (0..parties.len()).min_by(|&a, &b| parties[a].2.total_cmp(&parties[b].2))?;
        parties.remove(weakest);
    }
    let top = parties.iter().map(|(_, _, peak)| *peak).fold(0.1, f64::max);
    let mut plots: Vec<Plot> = parties
        .into_iter()
        .map(|(party, series, _)| Plot {
            note: gap_in_words(run, &series),
            fills: vec![Fill {
                lower: curve(&series[1].bands, 2),
                upper: curve(&series[0].bands, 2),
                colour: party.colour,
                alpha: 0.18,
                edge: false,
                name: String::new(),
            }],
            series,
            ..Plot::new(&party.label, Format::Percent, top)
        })
        .collect();
    let silent =
        support.parties.iter().position(|name| run.legend.party(name).kind == PartyKind::Silent).map(
            |index| (run.legend.party(&support.parties[index]), support.bands(Voice::Public, None, index)),
        );
    if let Some((party, bands)) = silent.filter(|(_, bands)| !bands.is_empty()) {
        let series = vec![Series::new("", party.colour.ink(), SOLID, bands)];
        let top = top_of(series.iter(), 0.1);
        let note = "Share of all agents that say nothing in public".to_owned();
        plots.push(Plot { note, series, ..Plot::new(&party.label, Format::Percent, top) });
    }
    let columns = columns_for(plots.len());
    let height = if columns == 3 { 190.0 } else { 240.0 };
    let title = "What is said and what is thought";
    let mut figure = Figure::grid("private_and_public", title, columns, height, plots);
    figure.subtitle = format!(
        "Share of all agents that speak for a party (solid) and that would choose it unseen (dashed); shaded, the gap \
         between them.{}",
        run.bands_in_words()
    );
    (!figure.rows.is_empty()).then_some(figure)
}

/// When private support was furthest ahead of public support, as a sentence without an end.
fn gap_in_words(run: &Run<'_>, series: &[Series]) -> String {
    let gaps = series[0].bands.iter().zip(&series[1].bands).map(|(p, q)| (p.day, q.q[2] - p.q[2]));
    let widest = gaps.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    widest.map_or_else(String::new, |(day, gap)| {
        let side = if gap >= 0.0 { "more private than public" } else { "more public than private" };
        let date = run.timeline.short(day);
        match (gap.abs() * 100.0).round() as i64 {
            0 => "No gap to speak of".to_owned(),
            1 => format!("Widest gap {date}: 1 point {side}"),
            points => format!("Widest gap {date}: {points} points {side}"),
        }
    })
}

/// The parties that get a noticeable public or private share of any class, leftmost first.
pub(super) fn noticeable(support: &Support, legend: &Legend) -> Vec<Party> {
    let mut found = legend.leftmost_first(support.parties.iter());
    found.retain(|party| {
        let Some(index) = support.party(&party.name).filter(|_| party.kind == PartyKind::Party) else {
            return false;
        };
        (0..support.groups.len()).any(|group| {
            support.bands(Voice::Public, Some(group), index).iter().any(|b| b.q[2] >= NOTICEABLE)
        }) || support.bands(Voice::Private, None, index).iter().any(|b| b.q[2] >= NOTICEABLE)
    });
    found
}

/// The line of a party: its colour everywhere; the line style by `place`, of which 0 is the leader's bold line.
pub(super) fn party_series(party: &Party, place: usize, bands: Vec<super::quantiles::Band>) -> Series {
    let (dash, width) = if place == 0 { (SOLID, 2.8) } else { (DASHES[place % DASHES.len()], 1.8) };
    Series { short: party.short.clone(), width, ..Series::new(&party.label, party.colour, dash, bands) }
}

/// Short names, names and colours of `parties`.
pub(super) fn key_of(parties: &[Party]) -> Vec<(String, String, Colour)> {
    parties.iter().map(|p| (p.short.clone(), p.label.clone(), p.colour)).collect()
}

/// How many panels stand side by side when there are `count`.
pub(super) fn columns_for(count: usize) -> usize {
    match count {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}

/// The median of finite days, with the 5 % and 95 % quantiles if there are several.
pub(super) fn dated(days: &[f64]) -> Option<(f64, Option<(f64, f64)>)> {
    let sorted = super::quantiles::sorted(days.iter().copied());
    let middle = median(&sorted)?.round();
    let range = (sorted.len() > 1)
        .then(|| (super::quantiles::quantile(&sorted, 0.05), super::quantiles::quantile(&sorted, 0.95)));
    Some((middle, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_a_median_and_a_range() {
        assert_eq!(dated(&[5.0]), Some((5.0, None)));
        assert_eq!(dated(&[f64::NAN]), None);
        let (middle, range) = dated(&[10.0, 20.0, f64::NAN, 30.0]).expect("three days");
        assert_eq!((middle, range), (20.0, Some((11.0, 29.0))));
    }
}
