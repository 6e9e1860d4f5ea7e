//! `deminimis law`: what the law is, was and will be, as the rulebook has it.
//!
//! Everything shown here is read from the compiled law or found by asking the assessment. No date,
//! limit or rule of law is written in this module.

mod at;
mod check;
mod completeness;
mod condition_words;
mod coverage;
mod diff;
mod duty_words;
mod list;
mod on_path;
pub(crate) mod page;
mod pinned;
mod probe;
mod rule_words;
mod show;
mod svg;
mod timeline;

pub use at::at_json;
pub use completeness::{Incomplete, UnknownNumbers, incomplete, unknown_numbers};
pub use condition_words::condition;
pub(crate) use condition_words::or_list;
pub use pinned::{Unpinned, unpinned};
pub use probe::{History, Period, Possible, histories};
pub use svg::picture;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use deminimis_clearance::cases::PersonRules;
use deminimis_law::kind::Kind;
use deminimis_law::time::{When, WhenError, parse_when};
use deminimis_law::{CaseBook, Law, Rulebook};
use deminimis_tariff::Schedule;
use page::Page;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Shows the law and checks it.
#[derive(Args, Clone, Debug)]
pub struct LawArgs {
    /// What to show.
    #[command(subcommand)]
    pub command: LawCommand,
}

impl LawArgs {
    /// The file into which a picture is drawn.
    #[must_use]
    pub fn picture(&self) -> Option<&Path> {
        match &self.command {
            LawCommand::Timeline { svg, .. } => svg.as_deref(),
            _ => None,
        }
    }
}

/// What `law` can show.
#[derive(Clone, Debug, Subcommand)]
pub enum LawCommand {
    /// Every instrument of the rulebook
    List {
        /// Only instruments of this kind
        #[arg(long, value_parser = kind_parser())]
        kind: Option<Kind>,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
    /// One instrument: its versions, conditions, citations and cases
    Show {
        /// The instrument's id, such as s321.value-limit
        id: String,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
    /// What is in force at a moment
    At {
        /// A date (read at noon Eastern) or a timestamp with offset
        when: String,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
    /// What was possible when, for a plain $40 parcel
    Timeline {
        /// Also draws it into this file
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
    /// What changed between two moments
    Diff {
        /// The earlier moment: a date or a timestamp with offset
        before: String,
        /// The later moment
        after: String,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
    /// What the law and the schedule in hand cover and what they do not, as Markdown
    Coverage,
    /// Runs every case and looks for versions without one
    Check {
        /// Also names every number that no release in hand prints
        #[arg(long)]
        verbose: bool,
        /// Also changes each version a little and names those that no case of their file notices
        #[arg(long)]
        pinned: bool,
        /// How the answer is written
        #[command(flatten)]
        format: FormatArg,
    },
}

/// How the answer is written.
#[derive(Args, Clone, Copy, Debug)]
pub struct FormatArg {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// The ways in which an answer can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

/// The law that the commands read, all of it given by the caller.
#[derive(Clone, Copy)]
pub struct LawContext<'a> {
    /// The rulebook, all of it.
    pub book: &'a Arc<Rulebook>,
    /// The cases that stand with it.
    pub cases: &'a CaseBook,
    /// The rulebook compiled for the `known_at` that the user gave.
    pub law: &'a Law,
    /// The rulebook before overlays, whose own cases are not among `cases`.
    pub standing: Option<&'a Rulebook>,
    /// The schedule.
    pub tariff: &'a Schedule,
    /// How cases tell persons apart.
    pub persons: PersonRules,
}

impl LawContext<'_> {
    /// Whether a version (counted from 1) is what an overlay added, or stands where there is none.
    fn is_added(&self, instrument: &str, version: usize) -> bool {
        let known = self.standing.and_then(|book| book.instrument(instrument));
        known.is_none_or(|known| version > known.versions.len())
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As it should.
    Fine,
    /// `check` found something that is not as it should be.
    Unmet,
}

/// Why a command could not answer.
#[derive(Debug, thiserror::Error)]
pub enum LawCmdError {
    /// A moment that cannot be read.
    #[error("`{text}` {reason}")]
    When {
        /// What was written.
        text: String,
        /// What is wrong with it.
        reason: WhenError,
    },
    /// No instrument has this id.
    #[error("there is no instrument `{id}`{}", did_you_mean(nearest))]
    NoInstrument {
        /// What was written.
        id: String,
        /// The nearest ids, the nearest first.
        nearest: Vec<String>,
    },
    /// The picture cannot be written.
    #[error("{}: {error}", path.display())]
    Picture {
        /// Where it should have gone.
        path: PathBuf,
        /// What was in the way.
        error: io::Error,
    },
    /// The answer cannot be written.
    #[error(transparent)]
    Out(#[from] io::Error),
}

impl LawCmdError {
    /// Whether the user can mend it by writing the command another way (exit status 2).
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            LawCmdError::When { .. } | LawCmdError::NoInstrument { .. }
        )
    }
}

/// Answers one command. Tables fit `width` columns; `colour` allows escape sequences.
pub fn run(
    args: &LawArgs,
    context: &LawContext<'_>,
    out: &mut dyn io::Write,
    width: usize,
    colour: bool,
) -> Result<Status, LawCmdError> {
    let page = &mut Page::new(out, width, colour);
    match &args.command {
        LawCommand::List { kind, format } => list::run(context, *kind, format.format, page)?,
        LawCommand::Show { id, format } => show::run(context, id, format.format, page)?,
        LawCommand::At { when, format } => {
            at::run(context, moment(context.law, when)?, format.format, page)?;
        }
        LawCommand::Timeline { svg, format } => {
            timeline::run(context, svg.as_deref(), format.format, page)?;
        }
        LawCommand::Diff {
            before,
            after,
            format,
        } => {
            let span = (moment(context.law, before)?, moment(context.law, after)?);
            diff::run(context, span, format.format, page)?;
        }
        LawCommand::Coverage => coverage::run(context, page)?,
        LawCommand::Check {
            verbose,
            pinned,
            format,
        } => {
            let asked = check::Asked {
                verbose: *verbose,
                pinned: *pinned,
            };
            return Ok(check::run(context, asked, format.format, page)?);
        }
    }
    Ok(Status::Fine)
}

/// A bare date is noon Eastern, so that what starts at 00:01 of the day applies.
fn moment(law: &Law, text: &str) -> Result<When, LawCmdError> {
    parse_when(text, law.zone()).map_err(|reason| LawCmdError::When {
        text: text.to_owned(),
        reason,
    })
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str()))
        .try_map(|text| Kind::parse(&text).ok_or("is not a kind of instrument"))
}

fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return "; `deminimis law list` names them all".to_owned();
    }
    format!("; nearest: {}", nearest.join(", "))
}
