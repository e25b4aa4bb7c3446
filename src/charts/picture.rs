//! What is on a sheet, once it is drawn: written as SVG and painted as an image, it is the same drawing.
//!
//! plotters draws on a [`Picture`] as on any other backend. Its units are a tenth of a logical pixel, since it counts in
//! whole numbers; and what it cannot say of a stroke (dashes, joins, whole pixels) is said once for a layer of shapes.

use super::lettering::Letters;
use super::theme::{Colour, Dash, WIDTH};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};
use std::convert::Infallible;

/// Units of a shape per logical pixel.
pub(super) const FINENESS: f64 = 10.0;
/// Tall enough for any figure, in units; the true height is known only at the end.
pub(super) const TALLEST: u32 = 60_000;
/// Width of the white line about letters with a halo, in logical pixels; half of it lies under them.
pub(super) const HALO: f64 = 3.0;

/// All that is on a sheet; texts lie over everything else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Picture {
    /// In logical pixels.
    pub(super) height: f64,
    pub(super) layers: Vec<Layer>,
    pub(super) texts: Vec<Text>,
}

/// Shapes that are drawn in one way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layer {
    pub(super) manner: Manner,
    pub(super) shapes: Vec<Shape>,
}

/// How shapes of a layer are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Manner {
    /// Lines of some dashes, lengths in logical pixels; without any they are whole and have round ends.
    Lines(Dash),
    /// Areas.
    Areas,
    /// Areas whose edges stand on whole pixels: hairlines would show between neighbours.
    Tiles,
}

/// A shape and its place in units from the upper left corner of the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Line { points: Vec<BackendCoord>, width: u32, paint: Paint },
    Polygon { points: Vec<BackendCoord>, paint: Paint },
    Rectangle { upper_left: BackendCoord, lower_right: BackendCoord, paint: Paint },
    Disc { centre: BackendCoord, radius: u32, paint: Paint },
}

/// A colour and how opaque it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint(pub(super) Colour, pub(super) f64);

/// A text that stands on the sheet, position in logical pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) x: f64,
    /// Where its baseline is.
    pub(super) y: f64,
    pub(super) words: String,
    pub(super) letters: Letters,
}

impl From<BackendColor> for Paint {
    fn from(colour: BackendColor) -> Self {
        let (red, green, blue) = colour.rgb;
        Self(Colour(red, green, blue), colour.alpha)
    }
}

impl Layer {
    pub(super) fn new(manner: Manner) -> Self {
        Self { manner, shapes: Vec::new() }
    }

    fn add(&mut self, shape: Shape) -> Result<(), DrawingErrorKind<Infallible>> {
        self.shapes.push(shape);
        Ok(())
    }
}

/// plotters draws on a layer: lines without fill, and filled shapes without outline, which is all that sheets ask for.
impl DrawingBackend for &mut Layer {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        ((WIDTH * FINENESS) as u32, TALLEST)
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn draw_pixel(
        &mut self,
        (x, y): BackendCoord,
        colour: BackendColor,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.add(Shape::Rectangle { upper_left: (x, y), lower_right: (x + 1, y + 1), paint: colour.into() })
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let (points, width) = (path.into_iter().collect(), style.stroke_width());
        self.add(Shape::Line { points, width, paint: style.color().into() })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.add(Shape::Polygon { points: corners.into_iter().collect(), paint: style.color().into() })
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        lower_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.add(Shape::Rectangle { upper_left, lower_right, paint: style.color().into() })
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.add(Shape::Disc { centre, radius, paint: style.color().into() })
    }
}
