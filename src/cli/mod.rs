//! The command line: the only ring that names everything, and that nothing names.

mod ablate;
mod args;
mod backend;
mod bench;
mod calibrate;
mod compare;
mod diagnostics;
mod digest;
mod evidence;
mod exit;
mod failure;
mod figures;
mod fork;
mod interrupt;
mod memory;
mod packaging;
mod progress;
mod report;
mod run;
mod scenario;
mod sensitivity;
mod sweep;
mod text_table;
mod trials;
mod validate;
mod verify;

use std::ffi::OsString;

use clap::Parser;

pub use args::Cli;
pub use exit::Exit;

/// Does what was typed and says how it ended.
pub fn dispatch(typed: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(typed) {
        Ok(cli) => cli,
        Err(error) => {
            // A reader that closed the pipe has seen enough.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let result = match cli.command {
        args::Command::Run(args) => run::run(&args),
        args::Command::Compare(args) => compare::compare(&args),
        args::Command::Validate(args) => validate::validate_facts(&args),
        args::Command::Verify(args) => verify::verify(&args),
        args::Command::Report(args) => report::report(&args),
        args::Command::Calibrate(args) => calibrate::calibrate_scenario(&args),
        args::Command::Sweep(args) => sweep::sweep(&args),
        args::Command::Sensitivity(args) => sensitivity::sensitivity(&args),
        args::Command::Ablate(args) => ablate::ablate(&args),
        args::Command::Bench(args) => bench::bench(&args),
        args::Command::Scenario(command) => scenario::inspect(&command),
        args::Command::Completions { shell } => packaging::completions(shell),
        args::Command::Man => packaging::man(),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}
