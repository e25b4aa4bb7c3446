//! One writer per run folder: a locked file beside it, holding the number of the process.
//!
//! The operating system gives up a file lock when its process ends, however it ends, so a lock is never stale. The
//! process number is for the message; it would be no proof by itself, since numbers are used again, in containers
//! almost at once. Only where a file system knows no locks does the number decide.
#![expect(clippy::disallowed_methods, reason = "this ring reads and writes files")]

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::OutputError;

/// Exclusive use of one run folder, given up when dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    path: PathBuf,
    /// Open as long as the lock is held.
    _file: File,
}

impl FolderLock {
    /// Locks the file at `path`, made where it is missing, for the run folder `target`, which is only named in errors.
    pub(super) fn take(path: PathBuf, target: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::from_io("lock", &path, source);
        loop {
            let mut file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(target, pid_in(&mut file))),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    if let Some(pid) = pid_in(&mut file).filter(|&pid| is_alive(pid)) {
                        return Err(busy(target, Some(pid)));
                    }
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            let token = next_token();
            write_anew(&mut file, &token).map_err(failed)?;
            // Between our opening and our locking, its last holder may have removed the file: then we hold a lock on
            // nothing, and the next one could lock a new file of that name.
            match fs::read_to_string(&path) {
                Ok(found) if found != token => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // Some systems let nobody else read a locked file; they let nobody remove an open one either.
                _ => return Ok(Self { path, _file: file }),
            }
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Removed while it is still locked. If that fails, an unlocked file stays behind, which stops nobody.
        let _ = fs::remove_file(&self.path);
    }
}

fn busy(target: &Path, pid: Option<u32>) -> OutputError {
    let remedy = "wait until it has ended, or name another folder with --out".to_owned();
    OutputError::Busy { path: target.to_path_buf(), pid, remedy }
}

fn write_anew(file: &mut File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

fn pid_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.lines().next()?.parse().ok()
}

/// Whether the process lives, where `/proc` can tell.
fn is_alive(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// The process number, then what tells this lock from the process's others.
fn next_token() -> String {
    static TAKEN: AtomicU64 = AtomicU64::new(0);
    format!("{}\n{}\n", std::process::id(), TAKEN.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".run.lock");
        let held = FolderLock::take(path.clone(), Path::new("run")).expect("nobody holds it");
        let error = FolderLock::take(path.clone(), Path::new("run")).expect_err("we hold it");
        assert!(matches!(error, OutputError::Busy { pid: Some(pid), .. } if pid == std::process::id()));
        drop(held);
        assert!(!path.exists());
        FolderLock::take(path, Path::new("run")).expect("nobody holds it any more");
    }

    #[test]
    fn a_file_left_by_a_crash_stops_nobody() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".run.lock");
        // A process that surely lives: number and life alone must not decide.
        fs::write(&path, "1\n0\n").expect("a temporary file");
        FolderLock::take(path, Path::new("run")).expect("the file is not locked");
    }

    #[test]
    fn many_takers_hold_it_one_at_a_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".run.lock");
        let inside = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Ok(held) = FolderLock::take(path.clone(), Path::new("run")) {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
                            drop(held);
                        }
                    }
                });
            }
        });
    }
}
