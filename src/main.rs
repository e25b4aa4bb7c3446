//! The command line of `october`.

use std::process::ExitCode;

fn main() -> ExitCode {
    october::cli::dispatch(std::env::args_os()).into()
}
