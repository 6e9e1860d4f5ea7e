//! `deminimis ledger`: persons' days that outlive a file.
//!
//! Every change goes through the same requests as `assess --ledger`, so that each has one effect
//! however often it is sent.

mod change;
mod look;
mod who;

use crate::commands::assess::{self, AssessArgs};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::FormatArg;
use crate::ledger::PlaceOptions;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use who::Who;

/// The ledger of persons' days.
#[derive(Args, Debug)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// What the ledger holds, in numbers: parcels by state, persons, days, lines
    Status(Look),
    /// A person's days, with the parcels on each
    Person {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        look: Look,
    },
    /// What one day of a person holds, and the parcels on it
    Day {
        /// The day, such as 2025-04-01
        day: String,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        look: Look,
    },
    /// Enter the parcels of a file: the same as assess --ledger
    Reserve(Box<AssessArgs>),
    /// Parcels arrived and are released: they keep their place
    Post(Ids),
    /// Parcels do not come (refused, cancelled, expired): their place is free again
    Void(Ids),
    /// A parcel arrives on another day or at another time, and is assessed there
    Move(Move),
    /// Parcels changed, as a file has them now: they are assessed again
    Amend(Amend),
    /// Add all lines up again and name every total that differs
    Verify(Look),
}

/// Which ledger, and how it is shown.
#[derive(Args, Debug)]
struct Look {
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    format: FormatArg,
}

/// Parcels by their ids.
#[derive(Args, Debug)]
struct Ids {
    /// The parcels' ids
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    look: Look,
}

/// A parcel and when it arrives now.
#[derive(Args, Debug)]
struct Move {
    /// The parcel's id
    #[arg(value_name = "ID")]
    id: String,
    /// When it arrives now: a date, or a timestamp with offset
    #[arg(long, value_name = "WHEN")]
    arrives_at: String,
    /// A file that has the parcel: the ledger keeps no goods, and its assessment needs them
    #[arg(long = "in", value_name = "FILE")]
    file: PathBuf,
    /// Your own id of this move: the same id moves once
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    look: Look,
}

/// A file of parcels as they are now.
#[derive(Args, Debug)]
struct Amend {
    /// The file; of a parcel that is not in the ledger nothing is entered
    file: PathBuf,
    /// Your own id of this amendment [default: made of what the file says of the parcel]
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    look: Look,
}

/// Runs a `ledger` command.
pub fn run(law: &LawOptions, args: LedgerArgs) -> Result<Ended, CommandError> {
    match args.command {
        LedgerCommand::Status(look) => look::status(&look),
        LedgerCommand::Person { who, look } => look::person(law, &who, &look),
        LedgerCommand::Day { day, who, look } => look::day(law, &day, &who, &look),
        LedgerCommand::Reserve(args) => assess::run(law, args.in_ledger()),
        LedgerCommand::Post(ids) => change::state(law, &ids, true),
        LedgerCommand::Void(ids) => change::state(law, &ids, false),
        LedgerCommand::Move(args) => change::move_to(law, &args),
        LedgerCommand::Amend(args) => change::amend(law, &args),
        LedgerCommand::Verify(look) => look::verify(&look),
    }
}
