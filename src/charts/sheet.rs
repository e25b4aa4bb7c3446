//! The sheet a figure is drawn on: lines and areas by plotters, letters placed by measurement.
//!
//! plotters' SVG backend works in whole pixels and has no dashes or joins. So each layer is drawn at
//! ten times its size, wrapped in a group that scales it back and says how strokes look.

use super::chart::ChartError;
use super::lettering::Weight;
use super::theme::{Colour, Dash, FAMILY, WHITE, WIDTH};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use std::fmt::Write as _;

/// plotters units per logical pixel.
const FINENESS: f64 = 10.0;
/// Tall enough for any figure; the true height is known only at the end.
const TALLEST: u32 = 60_000;

type Area<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

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

/// Where a text's given point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks; `halo` keeps it readable over lines and areas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
    pub(super) anchor: Anchor,
    pub(super) halo: bool,
}

/// A figure in the making.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    body: String,
    letters: String,
    failure: Option<ChartError>,
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

impl Letters {
    pub(super) fn new(size: f64, colour: Colour) -> Self {
        Self { size, weight: Weight::Regular, colour, anchor: Anchor::Start, halo: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { weight: Weight::SemiBold, ..self }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn with_halo(self) -> Self {
        Self { halo: true, ..self }
    }
}

impl Sheet {
    /// A line through `points` given in the frame's values; points that are not finite break it.
    pub(super) fn line(&mut self, frame: &Frame, points: &[(f64, f64)], stroke: &Stroke) {
        let pattern: Vec<String> = stroke.dash.iter().map(|d| format!("{}", d * FINENESS)).collect();
        let mut attributes = String::from("stroke-linejoin=\"round\"");
        if pattern.is_empty() {
            attributes.push_str(" stroke-linecap=\"round\"");
        } else {
            let _ = write!(attributes, " stroke-dasharray=\"{}\"", pattern.join(" "));
        }
        let pieces = points.split(|(x, y)| !x.is_finite() || !y.is_finite()).filter(|piece| piece.len() > 1);
        let pieces: Vec<Vec<(f64, f64)>> = pieces.map(<[_]>::to_vec).collect();
        self.layer(frame, &attributes, |area| {
            pieces.into_iter().try_for_each(|piece| area.draw(&PathElement::new(piece, stroke.style())))
        });
    }

    /// A filled polygon; fewer than three finite points draw nothing.
    pub(super) fn polygon(&mut self, frame: &Frame, points: Vec<(f64, f64)>, colour: Colour, alpha: f64) {
        let points: Vec<_> = points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        if points.len() > 2 {
            let fill = RGBAColor(colour.0, colour.1, colour.2, alpha).filled();
            self.layer(frame, "", |area| area.draw(&Polygon::new(points, fill)));
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
        // Neighbouring tiles meet on whole pixels, or hairlines would show between them.
        self.layer(frame, "shape-rendering=\"crispEdges\"", |area| {
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
        self.layer(frame, "", |area| {
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
        if text.is_empty() || !x.is_finite() || !y.is_finite() {
            return;
        }
        let _ = write!(self.letters, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{}\"", letters.size);
        let _ = write!(self.letters, " fill=\"{}\"", letters.colour.hex());
        match letters.anchor {
            Anchor::Start => {}
            Anchor::Middle => self.letters.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.letters.push_str(" text-anchor=\"end\""),
        }
        if letters.weight == Weight::SemiBold {
            self.letters.push_str(" font-weight=\"600\"");
        }
        if letters.halo {
            self.letters.push_str(
                " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\"",
            );
        }
        let _ = writeln!(self.letters, ">{}</text>", escape(text));
    }

    /// The finished SVG, `title` for screen readers.
    ///
    /// # Errors
    /// If any layer could not be drawn.
    pub(super) fn finish(self, height: f64, title: &str) -> Result<String, ChartError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let height = height.ceil();
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} \
             {height}\" role=\"img\" font-family=\"{FAMILY}\">\n<title>{}</title>\n<rect width=\"{WIDTH}\" \
             height=\"{height}\" fill=\"#ffffff\"/>\n{}{}</svg>\n",
            escape(title),
            self.body,
            self.letters
        ))
    }

    fn layer(&mut self, frame: &Frame, attributes: &str, draw: impl FnOnce(&Area<'_>) -> Drawn) {
        match plot_layer(frame, draw) {
            Ok(marks) if marks.is_empty() => {}
            Ok(marks) => {
                let scale = 1.0 / FINENESS;
                let _ = write!(self.body, "<g transform=\"scale({scale})\" {attributes}>\n{marks}</g>\n");
            }
            Err(error) => self.failure = Some(ChartError::Drawing { message: error.to_string() }),
        }
    }
}

/// What plotters draws in `frame`, without the enclosing `svg` element.
fn plot_layer(
    frame: &Frame,
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<String, DrawingAreaErrorKind<std::io::Error>> {
    let unit = |v: f64| (v * FINENESS).round() as i32;
    let mut buffer = String::new();
    {
        let size = ((WIDTH * FINENESS) as u32, TALLEST);
        let root: DrawingArea<_, Shift> = SVGBackend::with_string(&mut buffer, size).into_drawing_area();
        let area = root.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            frame.x.0..frame.x.1,
            frame.y.0..frame.y.1,
            (unit(frame.left)..unit(frame.right), unit(frame.bottom)..unit(frame.top)),
        ));
        draw(&area)?;
        area.present()?;
    }
    let inner = buffer.split_once(">\n").map_or("", |(_, rest)| rest);
    Ok(paint_by_itself(inner.trim_end().trim_end_matches("</svg>")))
}

/// The same shapes with the opacity of their paint in place of their own.
///
/// Each has a fill or a line, not both, so it looks the same; but a shape with an opacity of its own is painted on an
/// image of the whole sheet first.
fn paint_by_itself(shapes: &str) -> String {
    const OWN: &str = " opacity=\"";
    let mut pieces = shapes.split(OWN);
    let mut painted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (value, rest) = piece.split_once('"').unwrap_or((piece, ""));
        if value != "1" {
            let _ = write!(painted, " fill-opacity=\"{value}\" stroke-opacity=\"{value}\"");
        }
        painted.push_str(rest);
    }
    painted
}

fn escape(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect()
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
    fn opacity_goes_to_the_paint() {
        let shapes = "<line opacity=\"1\" stroke=\"#000\"/><rect opacity=\"0.7\" fill=\"#fff\"/>";
        let painted =
            "<line stroke=\"#000\"/><rect fill-opacity=\"0.7\" stroke-opacity=\"0.7\" fill=\"#fff\"/>";
        assert_eq!(paint_by_itself(shapes), painted);
    }

    #[test]
    fn names_from_tables_cannot_break_the_markup() {
        let mut sheet = Sheet::default();
        sheet.text(10.0, 20.0, "a < b & \"c\"", &Letters::new(12.0, WHITE));
        let svg = sheet.finish(40.0, "<t>").expect("nothing was drawn that could fail");
        assert!(svg.contains("a &lt; b &amp; &quot;c&quot;") && svg.contains("<title>&lt;t&gt;</title>"));
    }
}
