//! PNG images of the same drawing that is written as SVG.

use std::cell::RefCell;
use std::collections::HashMap;

use super::chart::{Chart, ChartError};
use super::lettering::{Anchor, Outline, Weight, outline_of};
use super::picture::{FINENESS, HALO, Layer, Manner, Paint, Picture, Shape, Text};
use super::theme::{Colour, WHITE, WIDTH};
use plotters_backend::BackendCoord;
use vello_cpu::color::{AlphaColor, Srgb};
use vello_cpu::kurbo::{Affine, BezPath, Cap, Circle, Join, Rect, Shape as _, Stroke};
use vello_cpu::{PixmapMut, RasterizerSettings, RenderContext, Resources, TargetInit};

/// The PNG bytes of `chart`, `scale` image pixels per logical pixel.
///
/// Letters are set in the embedded font alone, so the image looks the same on every machine. What nothing is drawn on is
/// white.
///
/// # Errors
/// [`ChartError::Raster`] if the image would be empty or more than 65535 pixels wide or high.
pub fn rasterise(chart: &Chart, scale: f32) -> Result<Vec<u8>, ChartError> {
    let scale = f64::from(scale);
    let (width, height) = (pixels(WIDTH * scale)?, pixels(chart.picture.height * scale)?);
    CANVAS.with_borrow_mut(|canvas| {
        paint(&chart.picture, (width, height), scale, canvas);
        encode(canvas, width, height).map_err(|error| ChartError::Raster { message: error.to_string() })
    })
}

thread_local! {
    /// The pixels of the last image of a thread: large, and as large as those of the next.
    static CANVAS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn pixels(length: f64) -> Result<u16, ChartError> {
    let length = length.round();
    if (1.0..=f64::from(u16::MAX)).contains(&length) {
        return Ok(length as u16);
    }
    Err(ChartError::Raster { message: format!("an image cannot be {length} pixels wide or high") })
}

/// A PNG file of an image. Flat colours compress well enough at the highest speed.
fn encode(pixels: &[u8], width: u16, height: u16) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = png::Encoder::new(&mut bytes, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

/// Paints a picture, `scale` pixels per logical pixel; `canvas` becomes four bytes a pixel, all of them opaque.
fn paint(picture: &Picture, (width, height): (u16, u16), scale: f64, canvas: &mut Vec<u8>) {
    let mut page = Page { context: RenderContext::new(width, height), scale };
    picture.layers.iter().for_each(|layer| page.layer(layer));
    let mut outlines = HashMap::new();
    picture.texts.iter().for_each(|text| page.text(text, &mut outlines));
    page.context.flush();
    canvas.resize(4 * usize::from(width) * usize::from(height), 0);
    let image = PixmapMut::new(width, height, canvas).expect("the canvas is as large as the image");
    let on_white =
        RasterizerSettings { target_init: TargetInit::Clear(AlphaColor::WHITE), ..Default::default() };
    page.context.render_with(image, &mut Resources::new(), on_white);
    // On opaque ground nothing is clear but for rounding.
    canvas.chunks_exact_mut(4).for_each(|pixel| pixel[3] = u8::MAX);
}

/// Texts that were set already: the same ones stand beside many panels.
type Outlines<'p> = HashMap<(&'p str, Weight, u64), Outline>;

/// The image in the making; `scale` pixels per logical pixel.
struct Page {
    context: RenderContext,
    scale: f64,
}

impl Page {
    fn layer(&mut self, layer: &Layer) {
        let unit = self.scale / FINENESS;
        let (caps, dash) = match layer.manner {
            Manner::Lines(dash @ [_, ..]) => (Cap::Butt, dash),
            _ => (Cap::Round, &[][..]),
        };
        self.context.set_transform(Affine::scale(unit));
        for shape in &layer.shapes {
            match shape {
                Shape::Line { points, width, paint } => {
                    let line = Stroke::new(f64::from(*width)).with_join(Join::Round).with_caps(caps);
                    let lengths = dash.iter().map(|length| length * FINENESS);
                    self.context.set_stroke(line.with_dashes(0.0, lengths));
                    self.context.set_paint(paint_of(*paint));
                    self.context.stroke_path(&path_of(points));
                }
                Shape::Polygon { points, paint } => {
                    self.context.set_paint(paint_of(*paint));
                    let mut path = path_of(points);
                    path.close_path();
                    self.context.fill_path(&path);
                }
                Shape::Rectangle { upper_left: (left, top), lower_right: (right, bottom), paint } => {
                    // Edges of tiles stand where the nearest pixels meet.
                    let snap = |at: i32| match layer.manner {
                        Manner::Tiles => (f64::from(at) * unit).round() / unit,
                        _ => f64::from(at),
                    };
                    self.context.set_paint(paint_of(*paint));
                    self.context.fill_rect(&Rect::new(snap(*left), snap(*top), snap(*right), snap(*bottom)));
                }
                Shape::Disc { centre, radius, paint } => {
                    self.context.set_paint(paint_of(*paint));
                    let disc = Circle::new(place(*centre), f64::from(*radius));
                    self.context.fill_path(&disc.to_path(0.1));
                }
            }
        }
    }

    fn text<'p>(&mut self, text: &'p Text, outlines: &mut Outlines<'p>) {
        let letters = &text.letters;
        let key = (text.words.as_str(), letters.weight, letters.size.to_bits());
        let set =
            outlines.entry(key).or_insert_with(|| outline_of(&text.words, letters.size, letters.weight));
        let before = match letters.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => set.width / 2.0,
            Anchor::End => set.width,
        };
        let to = Affine::translate((text.x - before, text.y)).then_scale(self.scale);
        self.context.set_transform(to);
        if letters.halo {
            self.context.set_stroke(Stroke::new(HALO).with_join(Join::Round).with_caps(Cap::Butt));
            self.context.set_paint(paint_of(Paint(WHITE, 1.0)));
            self.context.stroke_path(&set.path);
        }
        self.context.set_paint(paint_of(Paint(letters.colour, 1.0)));
        self.context.fill_path(&set.path);
    }
}

fn paint_of(Paint(Colour(red, green, blue), alpha): Paint) -> AlphaColor<Srgb> {
    AlphaColor::from_rgba8(red, green, blue, (alpha * 255.0).round() as u8)
}

fn place((x, y): BackendCoord) -> (f64, f64) {
    (f64::from(x), f64::from(y))
}

fn path_of(points: &[BackendCoord]) -> BezPath {
    let mut path = BezPath::with_capacity(points.len() + 1);
    for (number, point) in points.iter().enumerate() {
        match number {
            0 => path.move_to(place(*point)),
            _ => path.line_to(place(*point)),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Sheet, Stroke};
    use super::super::synthetic::{Shape, read_svg, tables};
    use super::super::{Caption, draw_run};
    use super::*;

    #[test]
    fn an_image_has_the_scaled_size() {
        let png = rasterise(&Sheet::default().finish("empty", 5.5, "empty"), 2.0).expect("a small image");
        assert_eq!(&png[..4], b"\x89PNG");
        assert_eq!(&png[16..24], [0, 0, 2400_u16.to_be_bytes()[0], 2400_u16.to_be_bytes()[1], 0, 0, 0, 12]);
    }

    #[test]
    fn what_is_clear_is_white() {
        let mut sheet = Sheet::default();
        let faint = Stroke { alpha: 0.3, ..Stroke::solid(Colour(0x12, 0x34, 0x56), 1.0) };
        sheet.stroke(&[(0.0, 0.5), (WIDTH, 0.5)], &faint);
        let png = rasterise(&sheet.finish("faint", 3.0, "faint"), 1.5).expect("a small image");
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("an image");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a small image")];
        reader.next_frame(&mut pixels).expect("an image");
        assert!(pixels.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX), "all is opaque");
        assert_eq!(pixels[pixels.len() - 4..], [u8::MAX; 4]);
        assert_ne!(pixels[..4], [u8::MAX; 4], "the line is there");
    }

    #[test]
    fn an_image_too_high_or_empty_is_an_error_and_no_panic() {
        for height in [0.0, 70_000.0, f64::NAN, f64::INFINITY] {
            let chart = Sheet::default().finish("odd", height, "odd");
            assert!(matches!(rasterise(&chart, 1.0), Err(ChartError::Raster { .. })), "{height}");
        }
    }

    /// One drawing, two formats: a square of the image is as bright as where a viewer shows the SVG.
    #[test]
    fn an_image_shows_what_its_svg_shows() {
        use resvg::tiny_skia;
        const SIDE: usize = 8;
        for shape in [Shape::Ensemble, Shape::Short] {
            for chart in draw_run(&tables(shape, 0.0), &Caption::default()).expect("all tables are there") {
                let (width, height) =
                    (pixels(WIDTH).expect("small"), pixels(chart.picture.height).expect("small"));
                let mut painted = Vec::new();
                paint(&chart.picture, (width, height), 1.0, &mut painted);
                let tree = read_svg(&chart.svg).expect("a valid document");
                let mut shown = tiny_skia::Pixmap::new(width.into(), height.into()).expect("small");
                resvg::render(&tree, tiny_skia::Transform::identity(), &mut shown.as_mut());
                let across = usize::from(width) / SIDE;
                let mut squares = vec![0; across * (usize::from(height) / SIDE + 1)];
                for (number, (a, b)) in painted.iter().zip(shown.data()).enumerate() {
                    let (x, y) = (number / 4 % usize::from(width), number / 4 / usize::from(width));
                    squares[y / SIDE * across + x / SIDE] += i32::from(*a) - i32::from(*b);
                }
                let worst =
                    squares.iter().map(|sum| sum.abs()).max().unwrap_or(0) as usize / (4 * SIDE * SIDE);
                assert!(worst < 12, "{shape:?} {}: {worst}", chart.name);
            }
        }
    }
}
