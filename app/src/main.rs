//! The one binary.

#![forbid(unsafe_code)]

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    deminimis::commands::run(deminimis::commands::Cli::parse())
}
