//! Ctrl-C and termination: a wish to stop after the day under way.

use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// Listens for SIGINT and SIGTERM from now on. Only the first call matters.
pub(super) fn listen() {
    // A second handler cannot be set; the first one does the same.
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst));
}

/// Whether somebody asked to stop.
#[must_use]
pub(super) fn requested() -> bool {
    STOP.load(Ordering::SeqCst)
}
