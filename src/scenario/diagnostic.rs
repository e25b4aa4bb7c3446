//! What is wrong with a scenario, as data; only the command line turns it into words on a screen.

use std::ops::Range;

/// Texts that diagnostics point into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    texts: Vec<(String, String)>,
}

/// A stretch of one of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Index of the text.
    pub source: usize,
    /// Bytes of the text.
    pub span: Range<usize>,
}

/// Kinds of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The file cannot be read.
    File,
    /// Not TOML.
    Syntax,
    /// A key that no scenario has.
    UnknownKey,
    /// A name that is not defined.
    UnknownName,
    /// A value of the wrong type.
    Type,
    /// A value outside its range.
    Range,
    /// A required key is missing.
    Missing,
    /// A name that is defined twice.
    Duplicate,
    /// A date that does not exist.
    Date,
    /// Files that extend each other in a circle.
    Cycle,
    /// Values that do not go together.
    Conflict,
}

/// Something wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kind of mistake.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Where; `None` if there is no text to point into.
    pub at: Option<Location>,
    /// Another place that has to do with it, and how.
    pub related: Option<(Location, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Code {
    /// The word in brackets: `unknown-key`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Syntax => "syntax",
            Self::UnknownKey => "unknown-key",
            Self::UnknownName => "unknown-name",
            Self::Type => "type",
            Self::Range => "range",
            Self::Missing => "missing",
            Self::Duplicate => "duplicate",
            Self::Date => "date",
            Self::Cycle => "cycle",
            Self::Conflict => "conflict",
        }
    }
}

impl Diagnostic {
    /// A diagnostic at a place.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>, at: Option<Location>) -> Self {
        Self { code, message: message.into(), at, related: None, help: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With another place that has to do with it.
    #[must_use]
    pub fn related(mut self, at: Location, what: impl Into<String>) -> Self {
        self.related = Some((at, what.into()));
        self
    }
}

impl Sources {
    /// Adds a text under the name it is shown by; returns its index.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.texts.push((name.into(), text.into()));
        self.texts.len() - 1
    }

    /// Name of a text.
    ///
    /// # Panics
    /// If there is no such text.
    #[must_use]
    pub fn name(&self, source: usize) -> &str {
        &self.texts[source].0
    }

    /// A text.
    ///
    /// # Panics
    /// If there is no such text.
    #[must_use]
    pub fn text(&self, source: usize) -> &str {
        &self.texts[source].1
    }

    /// Line and column of a place, both from 1; columns count characters.
    #[must_use]
    pub fn line_and_column(&self, at: &Location) -> (usize, usize) {
        let text = self.text(at.source);
        let mut start = at.span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// The name of `names` nearest to `wrong`, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let mut sources = Sources::default();
        let source = sources.add("a.toml", "x = 1\nд = 2\n");
        let at = |span| Location { source, span };
        assert_eq!(sources.line_and_column(&at(0..1)), (1, 1));
        assert_eq!(sources.line_and_column(&at(11..12)), (2, 5));
        assert_eq!(sources.line_and_column(&at(99..100)), (3, 1), "past the end is the end");
    }

    #[test]
    fn the_nearest_name_is_suggested_and_strangers_are_not() {
        let names = ["confidence", "relaxation", "noise"];
        assert_eq!(nearest("confidnce", names.into_iter()), Some("confidence"));
        assert_eq!(nearest("Noise", names.into_iter()), Some("noise"));
        assert_eq!(nearest("zebra", names.into_iter()), None);
    }
}
