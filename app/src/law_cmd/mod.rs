//! `deminimis law`: what the law is, was and will be, as the rulebook has it.
//!
//! Everything shown here is read from the compiled law or found by asking the assessment. No date,
//! limit or rule of law is written in this module.

mod check;
mod completeness;
mod coverage;
mod pinned;

pub use completeness::{Incomplete, UnknownNumbers, incomplete, unknown_numbers};
pub use pinned::{Unpinned, unpinned};

use crate::out::page::{Format, Page};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use deminimis_law::kind::Kind;
use deminimis_office::law::{LawContext, LawError, at, diff, list, moment, show, timeline};
use std::io;
use std::path::{Path, PathBuf};

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
    #[arg(long, value_parser = format_parser(), default_value = "table")]
    pub format: Format,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let table = PossibleValue::new("table").help("For people");
    let json = PossibleValue::new("json").help("For programs");
    PossibleValuesParser::new([table, json]).map(|text| match text.as_str() {
        "json" => Format::Json,
        _ => Format::Table,
    })
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As it should.
    Fine,
    /// `check` found something that is not as it should be.
    Unmet,
}

/// Answers one command. Tables fit `width` columns; `colour` allows escape sequences.
pub fn run(
    args: &LawArgs,
    context: &LawContext<'_>,
    out: &mut dyn io::Write,
    width: usize,
    colour: bool,
) -> Result<Status, LawError> {
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

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str()))
        .try_map(|text| Kind::parse(&text).ok_or("is not a kind of instrument"))
}
