//! Small maps of tiles: each district a square, laid out so that west is left and north is up.

use super::legend::Party;
use super::lettering::{Anchor, Letters, Weight, fit};
use super::sheet::{Frame, Sheet};
use super::theme::{Colour, MARGIN, MUTED, OKABE_ITO, PANEL_TITLE_SIZE, TEXT, WHITE, WIDTH};

/// Error at which a tile has its full colour, in percentage points.
const FULL: f64 = 30.0;
const TILE_HEIGHT: f64 = 30.0;
const GAP: f64 = 34.0;
const NO_VALUE: Colour = Colour(0xf1, 0xf2, 0xf4);

/// A district of a map.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    /// What is written in it.
    pub(super) name: String,
    /// Its name in the layout.
    pub(super) place: String,
    /// Percentage points.
    pub(super) error: f64,
}

/// Column and row for each place, all different: by rank from west to east and from north to south, and from there
/// the nearest cell that is free.
fn layout(places: &[(String, (f64, f64))], columns: usize, rows: usize) -> Vec<(usize, usize)> {
    let n = places.len();
    let rank = |of: &dyn Fn((f64, f64)) -> f64| -> Vec<f64> {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| of(places[a].1).total_cmp(&of(places[b].1)).then(a.cmp(&b)));
        let mut ranks = vec![0.0; n];
        for (at, &place) in order.iter().enumerate() {
            ranks[place] = (at as f64 + 0.5) / n as f64;
        }
        ranks
    };
    let east = rank(&|at| at.0);
    let south = rank(&|at| -at.1);
    let mut free: Vec<(usize, usize)> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))).collect();
    // Places in the middle first: those at the edges have more room to give way.
    let mut order: Vec<usize> = (0..n).collect();
    let off_centre = |i: usize| (east[i] - 0.5).powi(2) + (south[i] - 0.5).powi(2);
    order.sort_by(|&a, &b| off_centre(a).total_cmp(&off_centre(b)));
    let mut cells = vec![(0, 0); n];
    for place in order {
        let wanted = (east[place] * columns as f64 - 0.5, south[place] * rows as f64 - 0.5);
        let distance =
            |cell: &(usize, usize)| (cell.0 as f64 - wanted.0).powi(2) + (cell.1 as f64 - wanted.1).powi(2);
        let nearest = (0..free.len()).min_by(|&a, &b| distance(&free[a]).total_cmp(&distance(&free[b])));
        if let Some(nearest) = nearest {
            cells[place] = free.swap_remove(nearest);
        }
    }
    cells
}

/// Draws a map for each party, two side by side; returns where the next thing may begin.
pub(super) fn draw_maps(
    sheet: &mut Sheet,
    places: &[(String, (f64, f64))],
    maps: &[(Party, Vec<Tile>)],
    y: f64,
) -> f64 {
    let columns = ((places.len() as f64 * 0.9).sqrt().ceil() as usize).clamp(1, 8);
    let rows = places.len().div_ceil(columns) + 1;
    let cells = layout(places, columns, rows);
    let width = (WIDTH - 2.0 * MARGIN - GAP) / 2.0;
    let height = TILE_HEIGHT * rows as f64;
    let mut bottom = y;
    for (number, (party, tiles)) in maps.iter().enumerate() {
        let left = MARGIN + (width + GAP) * (number % 2) as f64;
        let top = y + (height + 46.0) * (number / 2) as f64;
        sheet.text(
            left,
            top + 12.0,
            &party.label,
            &Letters::new(PANEL_TITLE_SIZE, party.colour.ink()).bold(),
        );
        let known: Vec<f64> = tiles.iter().map(|t| t.error.abs()).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let note = format!("mean absolute error {mean:.1} points in {} districts", known.len());
        let letters = Letters::new(12.0, MUTED).anchored(Anchor::End);
        sheet.text(left + width, top + 12.0, &note, &letters);
        let frame = Frame {
            left,
            right: left + width,
            top: top + 22.0,
            bottom: top + 22.0 + height,
            x: (0.0, columns as f64),
            y: (rows as f64, 0.0),
        };
        for ((place, _), &(column, row)) in places.iter().zip(&cells) {
            let tile = tiles.iter().find(|t| t.place == *place);
            let colour = tile.map_or(NO_VALUE, |t| colour_of(t.error));
            let (x, y) = (column as f64, row as f64);
            sheet.tiles(&frame, &[(x + 0.015, y + 0.04, x + 0.985, y + 0.96, colour)]);
            let ink = if colour.luminance() < 0.3 { WHITE } else { TEXT };
            let room = frame.px(1.0) - frame.px(0.0) - 36.0;
            let base = frame.py(y + 0.5) + 4.0;
            let Some(tile) = tile else {
                let name = fit(place, 10.5, Weight::Regular, room + 28.0);
                sheet.text(frame.px(x) + 5.0, base, &name, &Letters::new(10.5, MUTED));
                continue;
            };
            let name = fit(&tile.name, 10.5, Weight::Regular, room);
            sheet.text(frame.px(x) + 5.0, base, &name, &Letters::new(10.5, ink));
            let value = format!("{:+.0}", tile.error).replace('-', "\u{2212}");
            let letters = Letters::new(11.0, ink).bold().anchored(Anchor::End);
            sheet.text(frame.px(x + 1.0) - 5.0, base, &value, &letters);
        }
        bottom = bottom.max(frame.bottom);
    }
    bottom + 16.0
}

/// Orange where there is too much, blue where there is too little.
fn colour_of(error: f64) -> Colour {
    let end = if error > 0.0 { OKABE_ITO[1] } else { OKABE_ITO[0] };
    WHITE.towards(Colour(0xf4, 0xf4, 0xf2), 1.0).towards(end, (error.abs() / FULL).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_districts_share_a_cell_and_west_stays_left() {
        let at = |name: &str, east, north| (name.to_owned(), (east, north));
        let places = [
            at("a", 20.0, 60.0),
            at("b", 30.0, 60.0),
            at("c", 40.0, 60.0),
            at("d", 20.0, 50.0),
            at("e", 30.0, 50.0),
            at("f", 40.0, 50.0),
        ];
        let cells = layout(&places, 3, 3);
        let mut distinct = cells.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), places.len());
        assert!(cells[0].0 <= cells[2].0 && cells[3].0 < cells[5].0);
        assert!(cells[0].1 < cells[3].1, "north is up");
    }

    #[test]
    fn too_much_and_too_little_have_different_colours() {
        assert_ne!(colour_of(20.0), colour_of(-20.0));
        assert_eq!(colour_of(FULL), colour_of(2.0 * FULL));
    }
}
