//! Tells the program which revision it is built from, where git knows.

use std::process::Command;

fn main() {
    // A change of branch or commit is a change of revision.
    for watched in [".git/HEAD", ".git/refs/heads", ".git/packed-refs"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rerun-if-env-changed=OCTOBER_GIT_REVISION");
    if std::env::var_os("OCTOBER_GIT_REVISION").is_some() {
        return;
    }
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if let Some(revision) = git(&["rev-parse", "--short=12", "HEAD"]).filter(|r| !r.is_empty()) {
        let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|s| !s.is_empty());
        println!("cargo:rustc-env=OCTOBER_GIT_REVISION={revision}{}", if changed { "+changed" } else { "" });
    }
}
