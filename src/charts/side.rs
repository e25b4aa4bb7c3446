//! One of several runs on the same figure: its letter, colour and line style.

use super::figure::provenance;
use super::plot::Series;
use super::quantiles::Band;
use super::run::Run;
use super::theme::{Colour, DASHES};

/// A run that was read, with its looks.
pub(super) struct Side<'a> {
    pub(super) label: String,
    /// Stands for the label where room is short.
    pub(super) letter: String,
    pub(super) colour: Colour,
    pub(super) place: usize,
    pub(super) run: Run<'a>,
}

impl Side<'_> {
    pub(super) fn series(&self, bands: Vec<Band>) -> Series {
        Series {
            short: self.letter.clone(),
            ..Series::new(&self.label, self.colour, DASHES[self.place % DASHES.len()], bands)
        }
    }
}

/// Letter, label and colour of each side.
pub(super) fn key(sides: &[Side<'_>]) -> Vec<(String, String, Colour)> {
    sides.iter().map(|side| (side.letter.clone(), side.label.clone(), side.colour)).collect()
}

/// What each side was made of, a line a side.
pub(super) fn provenances(sides: &[Side<'_>]) -> String {
    let of = |side: &Side<'_>| format!("{} {}: {}", side.letter, side.label, provenance(side.run.caption));
    sides.iter().map(of).collect::<Vec<_>>().join("\n")
}
