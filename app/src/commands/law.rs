//! Options that choose the law, and the `law` commands.

use crate::commands::{CommandError, Ended};
use crate::law_cmd::{self, LawArgs};
use crate::out::style::Style;
use crate::pass::PERSON_RULES_OF_CASES;
use crate::setup::{LawChoice, Setup, SetupError, known_at};
use clap::Args;
use deminimis_law::rulebook::EASTERN;
use deminimis_law::time::{Moment, Zone};
use deminimis_office::law::{LawContext, LawError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Which law to read, and as known when.
#[derive(Clone, Debug, Default, Args)]
pub struct LawOptions {
    /// Read the law as it was known then: a date, or a timestamp with offset [default: all law in hand]
    #[arg(long, global = true, value_name = "WHEN", help_heading = "Law")]
    known_at: Option<String>,
    /// Add an instrument, such as a proposal or a house rule; may be repeated
    #[arg(long, global = true, value_name = "FILE", help_heading = "Law")]
    overlay: Vec<PathBuf>,
    /// Replace the embedded law by a folder of law files
    #[arg(long = "law", global = true, value_name = "DIR", help_heading = "Law")]
    folder: Option<PathBuf>,
}

impl LawOptions {
    /// The single files that are read for the law.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.overlay.iter().map(PathBuf::as_path)
    }

    /// Whether a moment of knowledge is chosen.
    pub fn has_known_at(&self) -> bool {
        self.known_at.is_some()
    }

    /// The law these options choose, as known at another moment; none is all law in hand.
    pub fn setup_at(&self, known_at: Option<Moment>) -> Result<Setup, SetupError> {
        Setup::new(&LawChoice {
            folder: self.folder.clone(),
            overlays: self.overlay.clone(),
            known_at,
        })
    }

    /// The law these options choose.
    pub fn setup(&self) -> Result<Setup, CommandError> {
        let zone = Zone::named(EASTERN).unwrap_or_default();
        let known = self
            .known_at
            .as_deref()
            .map(|text| known_at(text, &zone))
            .transpose();
        let known = known.map_err(|error| CommandError::Usage(format!("--known-at {error}")))?;
        Ok(self.setup_at(known)?)
    }
}

/// Runs a `law` command.
pub fn run(options: &LawOptions, args: &LawArgs) -> Result<Ended, CommandError> {
    let setup = options.setup()?;
    let cases = setup.cases()?;
    let context = LawContext {
        book: &setup.book,
        cases: &cases,
        law: &setup.law,
        standing: setup.standing.as_ref(),
        tariff: &setup.tariff,
        persons: PERSON_RULES_OF_CASES,
    };
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let status = law_cmd::run(args, &context, &mut out, style.width, style.colour);
    out.flush()?;
    match status {
        Ok(law_cmd::Status::Fine) => {
            if let Some(picture) = args.picture() {
                eprintln!("wrote {}", picture.display());
            }
            Ok(Ended::Well)
        }
        Ok(law_cmd::Status::Unmet) => Ok(Ended::Unmet),
        Err(LawError::Out(error)) => Err(CommandError::Io(error)),
        Err(error) if error.is_usage() => Err(CommandError::Usage(error.to_string())),
        Err(error) => Err(CommandError::Io(io::Error::other(error))),
    }
}
