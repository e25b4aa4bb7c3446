//! A picture as an SVG document.

use super::lettering::{Anchor, Weight};
use super::picture::{FINENESS, HALO, Layer, Manner, Paint, Picture, Shape, Text};
use super::theme::{FAMILY, WHITE, WIDTH};
use plotters_backend::BackendCoord;
use std::fmt::Write as _;

/// The document, `title` for screen readers.
pub(super) fn write_svg(picture: &Picture, title: &str) -> String {
    let (height, title) = (picture.height, escape(title));
    let mut svg = String::with_capacity(1 << 16);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} \
         {height}\" role=\"img\" font-family=\"{FAMILY}\">\n<title>{title}</title>\n<rect width=\"{WIDTH}\" \
         height=\"{height}\" fill=\"#ffffff\"/>"
    );
    picture.layers.iter().for_each(|layer| push_layer(&mut svg, layer));
    picture.texts.iter().for_each(|text| push_text(&mut svg, text));
    svg.push_str("</svg>\n");
    svg
}

fn push_layer(svg: &mut String, layer: &Layer) {
    let _ = write!(svg, "<g transform=\"scale({})\"", 1.0 / FINENESS);
    match layer.manner {
        Manner::Lines(&[]) => svg.push_str(" stroke-linejoin=\"round\" stroke-linecap=\"round\""),
        Manner::Lines(dash) => {
            let lengths: Vec<String> = dash.iter().map(|length| format!("{}", length * FINENESS)).collect();
            let _ = write!(svg, " stroke-linejoin=\"round\" stroke-dasharray=\"{}\"", lengths.join(" "));
        }
        Manner::Areas => {}
        Manner::Tiles => svg.push_str(" shape-rendering=\"crispEdges\""),
    }
    svg.push_str(">\n");
    layer.shapes.iter().for_each(|shape| push_shape(svg, shape));
    svg.push_str("</g>\n");
}

fn push_shape(svg: &mut String, shape: &Shape) {
    match shape {
        Shape::Line { points, width, paint } => {
            svg.push_str("<polyline fill=\"none\"");
            push_paint(svg, "stroke", *paint);
            let _ = write!(svg, " stroke-width=\"{width}\"");
            push_points(svg, points);
        }
        Shape::Polygon { points, paint } => {
            svg.push_str("<polygon");
            push_paint(svg, "fill", *paint);
            push_points(svg, points);
        }
        Shape::Rectangle { upper_left: (left, top), lower_right: (right, bottom), paint } => {
            let (width, height) = (right - left, bottom - top);
            let _ = write!(svg, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"");
            push_paint(svg, "fill", *paint);
        }
        Shape::Disc { centre: (x, y), radius, paint } => {
            let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
            push_paint(svg, "fill", *paint);
        }
    }
    svg.push_str("/>\n");
}

/// The opacity is that of the paint, not of the shape: most viewers paint such a shape on an image of the whole sheet first.
fn push_paint(svg: &mut String, what: &str, Paint(colour, alpha): Paint) {
    let _ = write!(svg, " {what}=\"{}\"", colour.hex());
    if alpha < 1.0 {
        let _ = write!(svg, " {what}-opacity=\"{alpha}\"");
    }
}

fn push_points(svg: &mut String, points: &[BackendCoord]) {
    svg.push_str(" points=\"");
    for (x, y) in points {
        let _ = write!(svg, "{x},{y} ");
    }
    svg.push('"');
}

fn push_text(svg: &mut String, Text { x, y, words, letters }: &Text) {
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{}\"", letters.size);
    push_paint(svg, "fill", Paint(letters.colour, 1.0));
    match letters.anchor {
        Anchor::Start => {}
        Anchor::Middle => svg.push_str(" text-anchor=\"middle\""),
        Anchor::End => svg.push_str(" text-anchor=\"end\""),
    }
    if letters.weight == Weight::SemiBold {
        svg.push_str(" font-weight=\"600\"");
    }
    if letters.halo {
        svg.push_str(" paint-order=\"stroke\"");
        push_paint(svg, "stroke", Paint(WHITE, 1.0));
        let _ = write!(svg, " stroke-width=\"{HALO}\" stroke-linejoin=\"round\"");
    }
    let _ = writeln!(svg, ">{}</text>", escape(words));
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_left_out() {
        assert_eq!(escape("<a & \"b\">\u{7}"), "&lt;a &amp; &quot;b&quot;&gt;");
    }

    #[test]
    fn opacity_goes_to_the_paint() {
        let mut svg = String::new();
        push_paint(&mut svg, "fill", Paint(WHITE, 1.0));
        push_paint(&mut svg, "stroke", Paint(WHITE, 0.7));
        assert_eq!(svg, " fill=\"#ffffff\" stroke=\"#ffffff\" stroke-opacity=\"0.7\"");
    }
}
