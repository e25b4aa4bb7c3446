//! PNG images from the same SVG that is written: one drawing, two formats.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use super::chart::ChartError;
use super::theme::{REGULAR, SEMIBOLD};
use resvg::{tiny_skia, usvg};

/// The PNG bytes of `svg`, `scale` image pixels per logical pixel.
///
/// Letters are set in the embedded font alone, so the image is the same on every machine. What the document leaves clear is
/// white.
///
/// # Errors
/// [`ChartError::Raster`] if `svg` is not an SVG document or the image would be empty or too large.
pub fn rasterise(svg: &str, scale: f32) -> Result<Vec<u8>, ChartError> {
    let tree = read_svg(svg)?;
    let size = tree.size();
    let pixels = |length: f32| (length * scale).round() as u32;
    let refuse = |message: String| ChartError::Raster { message };
    CANVAS.with_borrow_mut(|canvas| {
        let (width, height) = (pixels(size.width()), pixels(size.height()));
        // White, and opaque, so that nothing need be divided by its alpha.
        canvas.clear();
        canvas.resize(4 * width as usize * height as usize, u8::MAX);
        let mut image = tiny_skia::PixmapMut::from_bytes(canvas, width, height)
            .ok_or_else(|| refuse("the image has no size that can be made".to_owned()))?;
        resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut image);
        encode(canvas, width, height).map_err(|error| refuse(error.to_string()))
    })
}

thread_local! {
    /// The pixels of the last image of a thread: large, and as large as those of the next.
    static CANVAS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A PNG file of an image. Flat colours compress well enough at the highest speed.
fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

/// The document with its letters shaped in the embedded font.
pub(super) fn read_svg(svg: &str) -> Result<usvg::Tree, ChartError> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    let options = usvg::Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options).map_err(|error| ChartError::Raster { message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_the_scaled_size() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"6\"><text x=\"1\" y=\"5\">a</text></svg>";
        let png = rasterise(svg, 2.0).expect("a valid document");
        assert_eq!(&png[..4], b"\x89PNG");
        assert_eq!(&png[16..24], [0, 0, 0, 20, 0, 0, 0, 12]);
    }

    #[test]
    fn what_is_clear_is_white() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"3\"><rect width=\"5\" height=\"1\" fill=\"#123456\" opacity=\"0.3\"/></svg>";
        let png = rasterise(svg, 1.5).expect("a valid document");
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("an image");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a small image")];
        reader.next_frame(&mut pixels).expect("an image");
        assert!(pixels.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX), "all is opaque");
        assert_eq!(pixels[pixels.len() - 4..], [u8::MAX; 4]);
    }

    #[test]
    fn what_is_not_svg_is_an_error_and_no_panic() {
        assert!(matches!(rasterise("no picture", 1.0), Err(ChartError::Raster { .. })));
    }
}
