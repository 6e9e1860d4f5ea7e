//! Completions and the manual page, made from the command line's own definition.

use crate::commands::{Cli, CommandError, Ended};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io;

/// Prints completions.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// The shell
    shell: Shell,
}

/// Prints completions for a shell.
pub fn completions(args: &CompletionArgs) -> Result<Ended, CommandError> {
    clap_complete::generate(
        args.shell,
        &mut Cli::command(),
        "deminimis",
        &mut io::stdout(),
    );
    Ok(Ended::Well)
}

/// Prints the manual page.
pub fn man() -> Result<Ended, CommandError> {
    clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?;
    Ok(Ended::Well)
}
