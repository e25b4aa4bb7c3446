//! The sheet a figure is drawn on: lines and areas by plotters in the values of a frame, letters placed by measurement.

use super::chart::Chart;
use super::lettering::Letters;
use super::picture::{FINENESS, Layer, Manner, Picture, TALLEST, Text};
use super::svg::write_svg;
use super::theme::{Colour, Dash, WHITE, WIDTH};
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use std::convert::Infallible;

type Values = Cartesian2d<RangedCoordf64, RangedCoordf64>;
type Area<'a> = DrawingArea<&'a mut Layer, Values>;
type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;

/// A rectangle on the sheet (logical pixels) and the values at its edges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    /// Values at the left and right edge.
    pub(super) x: (f64, f64),
    /// Values at the bottom and top edge.
    pub(super) y: (f64, f64),
}

/// How a line looks; widths in logical pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) colour: Colour,
    pub(super) alpha: f64,
    pub(super) width: f64,
    pub(super) dash: Dash,
}

/// A figure in the making.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    picture: Picture,
}

impl Frame {
    pub(super) fn px(&self, x: f64) -> f64 {
        self.left + (x - self.x.0) / (self.x.1 - self.x.0) * (self.right - self.left)
    }

    pub(super) fn py(&self, y: f64) -> f64 {
        self.bottom - (y - self.y.0) / (self.y.1 - self.y.0) * (self.bottom - self.top)
    }

    /// The frame in which values are logical pixels of the whole sheet.
    fn page() -> Self {
        let height = f64::from(TALLEST) / FINENESS;
        Self { left: 0.0, top: 0.0, right: WIDTH, bottom: height, x: (0.0, WIDTH), y: (height, 0.0) }
    }
}

impl Stroke {
    pub(super) fn solid(colour: Colour, width: f64) -> Self {
        Self { colour, alpha: 1.0, width, dash: &[] }
    }

    pub(super) fn dashed(colour: Colour, width: f64, dash: Dash) -> Self {
        Self { colour, alpha: 1.0, width, dash }
    }

    fn style(&self) -> ShapeStyle {
        RGBAColor(self.colour.0, self.colour.1, self.colour.2, self.alpha)
            .stroke_width((self.width * FINENESS).round() as u32)
    }
}

impl Sheet {
    /// A line through `points` given in the frame's values; points that are not finite break it.
    pub(super) fn line(&mut self, frame: &Frame, points: &[(f64, f64)], stroke: &Stroke) {
        let mut pieces =
            points.split(|(x, y)| !x.is_finite() || !y.is_finite()).filter(|piece| piece.len() > 1);
        self.layer(frame, Manner::Lines(stroke.dash), |area| {
            pieces.try_for_each(|piece| area.draw(&PathElement::new(piece, stroke.style())))
        });
    }

    /// A filled polygon; fewer than three finite points draw nothing.
    pub(super) fn polygon(&mut self, frame: &Frame, points: Vec<(f64, f64)>, colour: Colour, alpha: f64) {
        let points: Vec<_> = points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        if points.len() > 2 {
            let fill = RGBAColor(colour.0, colour.1, colour.2, alpha).filled();
            self.layer(frame, Manner::Areas, |area| area.draw(&Polygon::new(points, fill)));
        }
    }

    /// The area between two curves over the same days.
    pub(super) fn between(
        &mut self,
        frame: &Frame,
        lower: &[(f64, f64)],
        upper: &[(f64, f64)],
        fill: (Colour, f64),
    ) {
        let outline = lower.iter().chain(upper.iter().rev()).copied().collect();
        self.polygon(frame, outline, fill.0, fill.1);
    }

    /// Rectangles (x0, y0, x1, y1, colour) in the frame's values, in one layer.
    pub(super) fn tiles(&mut self, frame: &Frame, tiles: &[(f64, f64, f64, f64, Colour)]) {
        self.layer(frame, Manner::Tiles, |area| {
            tiles.iter().try_for_each(|&(x0, y0, x1, y1, c)| {
                let fill = RGBColor(c.0, c.1, c.2).filled();
                area.draw(&Rectangle::new([(x0, y0), (x1, y1)], fill))
            })
        });
    }

    /// A dot of a radius, with a white rim of a width, at a point of the frame.
    pub(super) fn dot(&mut self, frame: &Frame, at: (f64, f64), (radius, rim): (f64, f64), colour: Colour) {
        if !at.0.is_finite() || !at.1.is_finite() {
            return;
        }
        let fill = |c: Colour| RGBColor(c.0, c.1, c.2).filled();
        let size = |r: f64| (r * FINENESS).round() as i32;
        self.layer(frame, Manner::Areas, |area| {
            area.draw(&Circle::new(at, size(radius + rim), fill(WHITE)))?;
            area.draw(&Circle::new(at, size(radius), fill(colour)))
        });
    }

    /// A line between points of the sheet in logical pixels.
    pub(super) fn stroke(&mut self, points: &[(f64, f64)], stroke: &Stroke) {
        self.line(&Frame::page(), points, stroke);
    }

    /// A text whose baseline is at `y`, logical pixels.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, letters: &Letters) {
        if !text.is_empty() && x.is_finite() && y.is_finite() {
            // A name from a table may have what no letter stands for.
            let words = text.chars().filter(|c| !c.is_control()).collect();
            self.picture.texts.push(Text { x, y, words, letters: *letters });
        }
    }

    /// The finished chart of a name, `title` for screen readers.
    pub(super) fn finish(mut self, name: &str, height: f64, title: &str) -> Chart {
        self.picture.height = height.ceil();
        Chart { name: name.to_owned(), svg: write_svg(&self.picture, title), picture: self.picture }
    }

    fn layer(&mut self, frame: &Frame, manner: Manner, draw: impl FnOnce(&Area<'_>) -> Drawn) {
        let unit = |v: f64| (v * FINENESS).round() as i32;
        let mut layer = Layer::new(manner);
        let values = Values::new(
            frame.x.0..frame.x.1,
            frame.y.0..frame.y.1,
            (unit(frame.left)..unit(frame.right), unit(frame.bottom)..unit(frame.top)),
        );
        let area = (&mut layer).into_drawing_area().apply_coord_spec(values);
        draw(&area).expect("a layer takes every shape");
        drop(area);
        if !layer.shapes.is_empty() {
            self.picture.layers.push(layer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_map_linearly_onto_the_frame() {
        let frame =
            Frame { left: 100.0, top: 50.0, right: 300.0, bottom: 150.0, x: (0.0, 10.0), y: (0.0, 1.0) };
        assert!((frame.px(5.0) - 200.0).abs() < 1e-9);
        assert!((frame.py(0.25) - 125.0).abs() < 1e-9);
    }

    #[test]
    fn names_from_tables_cannot_break_the_markup() {
        let mut sheet = Sheet::default();
        sheet.text(10.0, 20.0, "a < b & \"c\"", &Letters::new(12.0, WHITE));
        let svg = sheet.finish("odd", 40.0, "<t>").svg;
        assert!(svg.contains("a &lt; b &amp; &quot;c&quot;") && svg.contains("<title>&lt;t&gt;</title>"));
    }
}
