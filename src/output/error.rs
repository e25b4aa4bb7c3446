//! What can go wrong with files: which file, what about it, and what the user can do.

use std::io;
use std::path::{Path, PathBuf};

/// Why a run folder or a table could not be written or read.
///
/// The message is a fragment that reads after "could not"; [`OutputError::remedy`] is the sentence that follows it.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The place of the run folder is taken and replacing it was not asked for.
    #[error("write the run folder `{}`: it exists and is not empty", .path.display())]
    Occupied {
        /// The run folder asked for.
        path: PathBuf,
        /// What to do.
        remedy: String,
    },
    /// What stands in the way was not written by this program, so it is left alone.
    #[error("write over `{}`: {reason}", .path.display())]
    NotOurs {
        /// What stands there.
        path: PathBuf,
        /// How that is known.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// Another process is writing the same run folder now.
    #[error("write the run folder `{}`: {} is writing it", .path.display(), process(*.pid))]
    Busy {
        /// The run folder asked for.
        path: PathBuf,
        /// The other process, where its number could be read.
        pid: Option<u32>,
        /// What to do.
        remedy: String,
    },
    /// The disk, or the user's share of it, is full.
    #[error("{action} `{}`: the disk is full", .path.display())]
    DiskFull {
        /// What was being done.
        action: &'static str,
        /// The file that did not fit.
        path: PathBuf,
        /// What to do.
        remedy: String,
        /// As the operating system put it.
        #[source]
        source: io::Error,
    },
    /// The operating system refused something else.
    #[error("{action} `{}`", .path.display())]
    File {
        /// What was being done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What to do.
        remedy: String,
        /// As the operating system put it.
        #[source]
        source: io::Error,
    },
    /// A name that cannot stand inside a run folder.
    #[error("write `{}` into a run folder: {reason}", .path.display())]
    Name {
        /// The name, relative to the run folder.
        path: PathBuf,
        /// Why it cannot.
        reason: &'static str,
        /// What to do.
        remedy: String,
    },
    /// The finished run is whole but could not be moved into its place.
    #[error("move the finished run to `{}`; it stands whole in `{}`", .path.display(), .draft.display())]
    Stranded {
        /// Where the run folder should be.
        path: PathBuf,
        /// Where it is.
        draft: PathBuf,
        /// What to do.
        remedy: String,
        /// What stood in the way.
        #[source]
        source: Box<OutputError>,
    },
    /// A path that was given as a run folder is none.
    #[error("open `{}` as a run folder: {reason}", .path.display())]
    NotARunFolder {
        /// The path given.
        path: PathBuf,
        /// What it is instead.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// A manifest that cannot be understood.
    #[error("read the manifest `{}`: {reason}", .path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it, with line and column where that is known.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// A table file with something in it that is not what its column holds.
    #[error("read `{}`, line {line}: {problem}", .path.display())]
    Table {
        /// The table file.
        path: PathBuf,
        /// Counted from 1, the line of headings.
        line: u64,
        /// What stands there and what was expected.
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// A file of a run folder that is missing, cut short or changed since it was written.
    #[error("read `{}`: {problem}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        remedy: String,
    },
}

impl OutputError {
    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Occupied { path, .. }
            | Self::NotOurs { path, .. }
            | Self::Busy { path, .. }
            | Self::DiskFull { path, .. }
            | Self::File { path, .. }
            | Self::Name { path, .. }
            | Self::Stranded { path, .. }
            | Self::NotARunFolder { path, .. }
            | Self::Manifest { path, .. }
            | Self::Table { path, .. }
            | Self::Damaged { path, .. } => path,
        }
    }

    /// What the user can do about it: one sentence without a full stop.
    #[must_use]
    pub fn remedy(&self) -> &str {
        match self {
            Self::Occupied { remedy, .. }
            | Self::NotOurs { remedy, .. }
            | Self::Busy { remedy, .. }
            | Self::DiskFull { remedy, .. }
            | Self::File { remedy, .. }
            | Self::Name { remedy, .. }
            | Self::Stranded { remedy, .. }
            | Self::NotARunFolder { remedy, .. }
            | Self::Manifest { remedy, .. }
            | Self::Table { remedy, .. }
            | Self::Damaged { remedy, .. } => remedy,
        }
    }

    /// Whether it came about because the disk is full: a lack of resources, not a mistake of the user.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::DiskFull { .. } => true,
            Self::Stranded { source, .. } => source.is_disk_full(),
            _ => false,
        }
    }

    /// The error for what the operating system said while we did `action` (a verb phrase) to `path`.
    pub(super) fn from_io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        let remedy = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                let remedy = "make room, or name a folder on another disk with --out".to_owned();
                return Self::DiskFull { action, path, remedy, source };
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "change its permissions, or name another folder"
            }
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::NotADirectory => "a part of the path is a file; name another folder",
            io::ErrorKind::InvalidFilename => "name a folder with a shorter or plainer name",
            io::ErrorKind::CrossesDevices | io::ErrorKind::ResourceBusy => {
                "it is mounted or in use; name a folder inside it instead"
            }
            _ => "check the path and the disk, then try again",
        };
        Self::File { action, path, remedy: remedy.to_owned(), source }
    }

    /// The same so many lines further down, where what was read was not the beginning of the file.
    pub(super) fn further_down(mut self, lines: u64) -> Self {
        if let Self::Table { line, .. } = &mut self {
            *line += lines;
        }
        self
    }

    /// The same error of a table, with the place of its file.
    pub(super) fn in_file(mut self, file: &Path) -> Self {
        match &mut self {
            Self::Table { path, .. } | Self::File { path, .. } | Self::Damaged { path, .. } => {
                *path = file.to_path_buf();
            }
            _ => {}
        }
        self
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_its_own_variant() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            let error = OutputError::from_io("write", Path::new("a.csv"), kind.into());
            assert!(error.is_disk_full());
            assert_eq!(error.to_string(), "write `a.csv`: the disk is full");
        }
        let error = OutputError::from_io("write", Path::new("a.csv"), io::ErrorKind::PermissionDenied.into());
        assert!(!error.is_disk_full());
    }

    #[test]
    fn a_stranded_run_remembers_that_the_disk_was_full() {
        let source = OutputError::from_io("write", Path::new("a"), io::ErrorKind::StorageFull.into());
        let error = OutputError::Stranded {
            path: "run".into(),
            draft: ".run.partial".into(),
            remedy: String::new(),
            source: Box::new(source),
        };
        assert!(error.is_disk_full());
    }
}
