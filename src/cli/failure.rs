//! What went wrong, in words, and the exit code that goes with it.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use super::diagnostics::{Ink, render};
use super::exit::Exit;
use crate::output::OutputError;
use crate::scenario::Rejection;

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// A scenario is not valid.
    Scenario(Box<Rejection>),
    /// A sentence, what to do, and the exit code.
    Said {
        /// What went wrong.
        what: String,
        /// What to do.
        help: Option<String>,
        /// How the program ends.
        exit: Exit,
    },
    /// Whoever read our output has closed the pipe: no failure of anybody.
    PipeClosed,
}

impl Failure {
    /// Wrong usage.
    pub(super) fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Said { what: what.into(), help: Some(help.into()), exit: Exit::Usage }
    }

    /// Not enough memory or disk.
    pub(super) fn resources(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Said { what: what.into(), help: Some(help.into()), exit: Exit::Resources }
    }

    /// Says it on stderr.
    pub(super) fn report(&self) -> Exit {
        match self {
            Self::Scenario(rejection) => {
                say_raw(&render(rejection, ink()));
                Exit::Usage
            }
            Self::Said { what, help, exit } => {
                say(&format!("error: {what}"));
                if let Some(help) = help {
                    say(&format!("  help: {help}"));
                }
                *exit
            }
            Self::PipeClosed => Exit::Done,
        }
    }
}

impl From<Box<Rejection>> for Failure {
    fn from(rejection: Box<Rejection>) -> Self {
        Self::Scenario(rejection)
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let mut what = format!("could not {error}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            what = format!("{what}: {cause}");
            source = cause.source();
        }
        let exit = if error.is_disk_full() { Exit::Resources } else { Exit::Usage };
        Self::Said { what, help: Some(error.remedy().to_owned()), exit }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::PipeClosed;
        }
        Self::Said { what: format!("could not write to stdout: {error}"), help: None, exit: Exit::Resources }
    }
}

/// Colours where stderr is a terminal and nobody asked for none.
fn ink() -> Ink {
    #[expect(clippy::disallowed_methods, reason = "NO_COLOR is an agreement between command lines")]
    let wanted = std::env::var("NO_COLOR").map_or(true, |v| v.is_empty());
    if wanted && std::io::stderr().is_terminal() { Ink::COLOR } else { Ink::PLAIN }
}

/// A line of talk on stderr; a closed stderr is nobody listening.
pub(super) fn say(line: &dyn Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Text on stderr as it is.
fn say_raw(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A result on stdout.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
