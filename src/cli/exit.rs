//! Exit codes.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Wrong usage, or an invalid scenario, evidence or run folder; nothing was written.
    Usage,
    /// A check did not hold.
    CheckFailed,
    /// Out of memory or disk.
    Resources,
    /// Interrupted; what there was is kept and can be resumed.
    Interrupted,
}

/// The codes as `--help` lists them.
pub(super) const HELP: &str = "\
Exit codes:
  0    done
  2    wrong usage, or an invalid scenario or run folder (nothing was written)
  3    a check did not hold
  4    out of memory or disk space
  130  interrupted; the run can be resumed";

impl Exit {
    /// The number the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage => 2,
            Self::CheckFailed => 3,
            Self::Resources => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
