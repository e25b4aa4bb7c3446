//! The place of a run folder: what stands in it, what a crash left beside it, and how folders move.
//!
//! For the run folder `run` three names beside it are ours: `.run.lock` says that somebody is writing, `.run.partial`
//! is the draft, and `.run.old` holds the folder to be replaced for the moment between two renames. A crash leaves
//! either the old folder or the new one, in its place or under one of these names; the next draft for the same place
//! sets that right before it begins. Nothing is ever removed that is not known to be a run folder of ours.
#![expect(clippy::disallowed_methods, reason = "this ring reads and writes files")]

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::draft::Overwrite;
use super::error::OutputError;
use super::run_folder::{MANIFEST, read_manifest};

/// Marks a folder as a draft of ours as long as it has no manifest.
pub(super) const MARKER: &str = ".october-draft";

/// What stands where a run folder should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    EmptyFolder,
    /// A run folder, whole or interrupted.
    Run,
    /// Anything else, with the reason why it is none.
    Foreign(String),
}

impl Standing {
    /// Looks at `path`, following symbolic links.
    pub(super) fn at(path: &Path) -> Result<Self, OutputError> {
        let failed = |e| OutputError::from_io("look at", path, e);
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => return Ok(Self::Foreign("it is a file".to_owned())),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let is_link = fs::symlink_metadata(path).is_ok();
                let reason = || "it is a symbolic link to nothing".to_owned();
                return Ok(if is_link { Self::Foreign(reason()) } else { Self::Nothing });
            }
            Err(e) => return Err(failed(e)),
        }
        if fs::read_dir(path).map_err(failed)?.next().is_none() {
            return Ok(Self::EmptyFolder);
        }
        Ok(match read_manifest(path) {
            Ok(_) => Self::Run,
            Err(OutputError::Manifest { reason, .. }) => {
                Self::Foreign(format!("it has a {MANIFEST}, but {reason}"))
            }
            Err(_) => Self::Foreign(format!("it has no {MANIFEST}, so it may not be a run folder")),
        })
    }

    /// Whether a run folder may go here.
    pub(super) fn check(&self, target: &Path, overwrite: Overwrite) -> Result<(), OutputError> {
        let path = target.to_path_buf();
        match (self, overwrite) {
            (Self::Nothing | Self::EmptyFolder, _) | (Self::Run, Overwrite::Replace) => Ok(()),
            (Self::Run, Overwrite::Refuse) => {
                let remedy = "add --overwrite to replace it, or name another folder with --out".to_owned();
                Err(OutputError::Occupied { path, remedy })
            }
            (Self::Foreign(reason), _) => {
                let remedy = "name another folder with --out, or move this one away".to_owned();
                Err(OutputError::NotOurs { path, reason: reason.clone(), remedy })
            }
        }
    }
}

/// `target` without symbolic links; its parent is made.
pub(super) fn resolve(target: &Path) -> Result<PathBuf, OutputError> {
    if target.exists() {
        return fs::canonicalize(target).map_err(|e| OutputError::from_io("look at", target, e));
    }
    let unnamed = || OutputError::NotOurs {
        path: target.to_path_buf(),
        reason: "it does not end in the name of a folder".to_owned(),
        remedy: "name the run folder with --out".to_owned(),
    };
    let name = target.file_name().ok_or_else(unnamed)?;
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| OutputError::from_io("create", parent, e))?;
    let parent = fs::canonicalize(parent).map_err(|e| OutputError::from_io("look at", parent, e))?;
    Ok(parent.join(name))
}

/// The name beside `place` that is ours for one `purpose`.
pub(super) fn neighbour(place: &Path, purpose: &str) -> Result<PathBuf, OutputError> {
    let name = place.file_name().ok_or_else(|| OutputError::NotOurs {
        path: place.to_path_buf(),
        reason: "it is the root of a file system".to_owned(),
        remedy: "name a folder inside it with --out".to_owned(),
    })?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden.push(purpose);
    Ok(place.with_file_name(hidden))
}

/// Completes or undoes a move that a crash cut short.
pub(super) fn set_right_after_crash(place: &Path, folder: &Path, aside: &Path) -> Result<(), OutputError> {
    let standing = Standing::at(place)?;
    // A whole draft lacked only the move; without one, the old folder comes back.
    let waiting = [folder, aside].into_iter().find(|path| is_run(path));
    if let (Some(waiting), Standing::Nothing | Standing::EmptyFolder) = (waiting, &standing) {
        if standing == Standing::EmptyFolder {
            fs::remove_dir(place).map_err(|e| OutputError::from_io("replace", place, e))?;
        }
        remove_marker(waiting)?;
        rename(waiting, place)?;
    }
    match fs::symlink_metadata(aside) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => remove_run(aside),
    }
}

/// Whether `path` is a folder of ours that is whole; a symbolic link is not.
fn is_run(path: &Path) -> bool {
    is_folder(path) && read_manifest(path).is_ok()
}

/// Whether `path` is itself a folder, and not a link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

pub(super) fn remove_stale_draft(folder: &Path) -> Result<(), OutputError> {
    match fs::symlink_metadata(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        _ => {}
    }
    let is_ours = is_run(folder) || is_folder(folder) && (folder.join(MARKER).exists() || is_empty(folder));
    if !is_ours {
        return Err(in_the_way(folder));
    }
    remove_folder(folder)
}

/// Removes a run folder or an empty one.
pub(super) fn remove_run(path: &Path) -> Result<(), OutputError> {
    let is_ours = is_run(path) || is_folder(path) && is_empty(path);
    if !is_ours {
        return Err(in_the_way(path));
    }
    remove_folder(path)
}

/// Removes a folder that is known to be ours; what it is known by goes last, lest being cut short make it a stranger.
pub(super) fn remove_folder(path: &Path) -> Result<(), OutputError> {
    let failed = |e| OutputError::from_io("remove", path, e);
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            fs::remove_dir_all(entry.path()).map_err(failed)?;
        } else if entry.file_name() != MANIFEST && entry.file_name() != MARKER {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    fs::remove_dir_all(path).map_err(failed)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn in_the_way(path: &Path) -> OutputError {
    OutputError::NotOurs {
        path: path.to_path_buf(),
        reason: "the name is needed for writing, and what stands there is no run folder".to_owned(),
        remedy: "move it away".to_owned(),
    }
}

pub(super) fn remove_marker(folder: &Path) -> Result<(), OutputError> {
    let path = folder.join(MARKER);
    match fs::remove_file(&path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(OutputError::from_io("remove", &path, e)),
        _ => Ok(()),
    }
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), OutputError> {
    fs::rename(from, to).map_err(|e| OutputError::from_io("move", from, e))
}

/// Sees to it that the names in `folder` are on the disk, on systems that have a way to ask for it.
pub(super) fn sync_folder(folder: &Path) -> Result<(), OutputError> {
    let Ok(open) = File::open(folder) else { return Ok(()) };
    match open.sync_all() {
        Err(e) if matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
            Err(OutputError::from_io("write", folder, e))
        }
        // Several network file systems and Windows do not know the request.
        _ => Ok(()),
    }
}

pub(super) fn sync_parent(path: &Path) -> Result<(), OutputError> {
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_a_file_system_is_refused() {
        assert!(matches!(neighbour(Path::new("/"), "partial"), Err(OutputError::NotOurs { .. })));
    }
}
