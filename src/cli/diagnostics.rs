//! Diagnostics on a screen: file:line:column, the line shown, a caret, what to do.

use std::fmt::Write as _;

use crate::scenario::Rejection;
use crate::scenario::diagnostic::{Diagnostic, Location, Sources};

/// More than this many are counted, not shown.
const MOST: usize = 40;
/// Longest stretch of a line that is shown, in characters.
const WIDEST: usize = 96;

/// Colours of a terminal, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    red: &'static str,
    blue: &'static str,
    bold: &'static str,
    off: &'static str,
}

impl Ink {
    /// Plain text.
    pub(super) const PLAIN: Self = Self { red: "", blue: "", bold: "", off: "" };
    /// ANSI colours.
    pub(super) const COLOR: Self =
        Self { red: "\u{1b}[1;31m", blue: "\u{1b}[1;34m", bold: "\u{1b}[1m", off: "\u{1b}[0m" };
}

/// All that is wrong with a scenario, as text.
#[must_use]
pub(super) fn render(rejection: &Rejection, ink: Ink) -> String {
    let mut text = String::new();
    for diagnostic in rejection.diagnostics.iter().take(MOST) {
        render_one(&mut text, diagnostic, &rejection.sources, ink);
        text.push('\n');
    }
    let count = rejection.diagnostics.len();
    if count > MOST {
        let _ = writeln!(text, "… and {} more", count - MOST);
    }
    let _ = writeln!(text, "{count} error{}", if count == 1 { "" } else { "s" });
    text
}

fn render_one(text: &mut String, diagnostic: &Diagnostic, sources: &Sources, ink: Ink) {
    let Ink { red, bold, off, .. } = ink;
    let word = diagnostic.code.word();
    let _ = writeln!(text, "{red}error[{word}]{off}{bold}: {}{off}", printable(&diagnostic.message));
    if let Some(at) = &diagnostic.at {
        render_place(text, at, None, diagnostic.help.as_deref(), sources, ink);
    } else if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "  help: {}", printable(help));
    }
    if let Some((at, what)) = &diagnostic.related {
        render_place(text, at, Some(what), None, sources, ink);
    }
}

fn render_place(
    text: &mut String,
    at: &Location,
    what: Option<&str>,
    help: Option<&str>,
    sources: &Sources,
    ink: Ink,
) {
    let Ink { red, blue, off, .. } = ink;
    let (line, column) = sources.line_and_column(at);
    let _ = writeln!(text, "  {blue}-->{off} {}:{line}:{column}", sources.name(at.source));
    let source = sources.text(at.source);
    let shown = source.lines().nth(line - 1).unwrap_or("");
    let width = marked_width(source, at, shown, column);
    let clipped = clip(shown, column, width);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(text, "{blue}{number} |{off} {}", clipped.line);
    let note = match (what, help) {
        (Some(what), _) => format!(" {what}"),
        (None, Some(help)) => format!(" help: {}", printable(help)),
        (None, None) => String::new(),
    };
    let _ = writeln!(
        text,
        "{blue}{margin} |{off} {}{red}{}{off}{note}",
        " ".repeat(clipped.before),
        "^".repeat(clipped.marked)
    );
}

/// Characters of the line that the location covers, at least one.
fn marked_width(source: &str, at: &Location, line: &str, column: usize) -> usize {
    let end = at.span.end.min(source.len());
    let start = at.span.start.min(end);
    let covered = source.get(start..end).unwrap_or("");
    let first_line = covered.lines().next().unwrap_or("").trim_end().chars().count();
    first_line.min((line.chars().count() + 1).saturating_sub(column)).max(1)
}

struct Clipped {
    line: String,
    before: usize,
    marked: usize,
}

/// A line cut to a window around what is marked.
fn clip(line: &str, column: usize, marked: usize) -> Clipped {
    let chars: Vec<char> = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if chars.len() <= WIDEST {
        return Clipped { line: chars.iter().collect(), before: column - 1, marked: marked.min(WIDEST) };
    }
    let from = (column - 1).saturating_sub(WIDEST / 3).min(chars.len());
    let to = (from + WIDEST).min(chars.len());
    let mut shown: String = chars[from..to].iter().collect();
    let mut before = column - 1 - from;
    if from > 0 {
        shown.insert(0, '…');
        before += 1;
    }
    if to < chars.len() {
        shown.push('…');
    }
    Clipped { line: shown, before, marked: marked.min(to.saturating_sub(column - 1)).max(1) }
}

/// Control characters of a user's file must not reach the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::diagnostic::Code;

    fn check(source: &str, span: std::ops::Range<usize>, help: &str, expected: &str) {
        let mut sources = Sources::default();
        let source = sources.add("north.toml", source);
        let at = Some(Location { source, span });
        let diagnostics = vec![Diagnostic::new(Code::Range, "too large", at).help(help)];
        assert_eq!(render(&Rejection { diagnostics, sources }, Ink::PLAIN), expected);
    }

    #[test]
    fn the_line_is_shown_with_a_caret() {
        check(
            "[a]\nconfidence = 2.4\n",
            17..20,
            "the default is 0.8",
            "error[range]: too large\n  --> north.toml:2:14\n2 | confidence = 2.4\n  |              ^^^ help: the default is 0.8\n\n1 error\n",
        );
    }

    #[test]
    fn long_lines_are_cut_around_what_is_marked() {
        let long = format!("x = \"{}\"", "a".repeat(5000));
        let mut sources = Sources::default();
        let source = sources.add("north.toml", long);
        let at = Some(Location { source, span: 2000..2003 });
        let diagnostics = vec![Diagnostic::new(Code::Type, "odd", at)];
        let text = render(&Rejection { diagnostics, sources }, Ink::PLAIN);
        assert!(text.lines().all(|l| l.chars().count() < 120), "{text}");
    }
}
