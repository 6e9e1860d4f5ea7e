//! `deminimis ledger`: persons' days that outlive a file.
//!
//! Every change goes through the same requests as `assess --ledger`, so that each has one effect
//! however often it is sent.

mod again;
mod alike;
mod change;
mod copy;
mod look;
mod persons;
mod records;
mod verify;
mod who;

use crate::commands::assess::{self, AssessArgs};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::place::{PlaceOptions, WholeOptions};
use crate::commands::{CommandError, Ended};
use crate::law_cmd::FormatArg;
use crate::ledger::OpenLedger;
use crate::setup::Setup;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::sync::Arc;
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
    Status(Whole),
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
    /// Two keys are one person's: the parcels of the first go to the days of the second
    Merge(Merge),
    /// Parcels are another person's, and go to his days
    Split(Split),
    /// Two keys are two persons, however alike they look, until they are merged
    Apart(Apart),
    /// Destroy what is kept of a person; totals, records and proofs stay
    Erase(Erase),
    /// Add all lines up again, check the record log whole, and name everything that differs
    Verify(Whole),
    /// Sign the record log as it stands
    Head(Whole),
    /// Prove that the records of a parcel are in the signed log
    Prove(Prove),
    /// The records that are kept, and how long
    Records(RecordsArgs),
    /// Assess kept parcels again, under the law known today, an overlay, or the law then known
    Replay(Replay),
    /// Persons of a day who may be one, with what they count together and the evidence
    Alike(Alike),
    /// What CBP's own aggregation would answer to a file, before anything is filed
    Foresee(Foresee),
    /// Write a tenant's ledger and records as lines of JSON
    Export(Copy),
    /// Take an export into an empty ledger, if all of it verifies
    Import(CopyWhole),
    /// Copy the whole ledger, in use or not, into a new file
    Backup(CopyWhole),
    /// Make a ledger from a backup, if all of it verifies
    Restore(CopyWhole),
}

/// Which ledger and whose part of it, and how it is shown.
#[derive(Args, Debug)]
struct Look {
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    format: FormatArg,
}

impl Look {
    /// The ledger, which has to be there.
    fn desk(&self, setup: &Arc<Setup>) -> Result<OpenLedger, CommandError> {
        let place = self.place.whole.place()?;
        Ok(OpenLedger::open(&place, &self.place.tenant, setup, false)?)
    }
}

/// Which ledger, all tenants' parts of it, and how it is shown.
#[derive(Args, Debug)]
struct Whole {
    #[command(flatten)]
    place: WholeOptions,
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
    /// A file that has the parcel [default: the parcel as the ledger has kept it]
    #[arg(long = "in", value_name = "FILE")]
    file: Option<PathBuf>,
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

/// Two keys of one person.
#[derive(Args, Debug)]
struct Merge {
    /// Whose parcels move: a key as decisions show it under person.key
    #[arg(value_name = "FROM")]
    from: String,
    /// Where they go
    #[arg(value_name = "INTO")]
    into: String,
    /// Your own id of this act: the same id merges once
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// Parcels of another person.
#[derive(Args, Debug)]
struct Split {
    /// The parcels' ids
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Whose they are: a key as decisions show it under person.key
    #[arg(long, value_name = "KEY")]
    to: String,
    /// Your own id of this act: the same id splits once
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// Two keys of two persons.
#[derive(Args, Debug)]
struct Apart {
    /// The one: a key as decisions show it under person.key
    #[arg(value_name = "KEY")]
    one: String,
    /// The other
    #[arg(value_name = "KEY")]
    other: String,
    /// Your own id of this act
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// A person to be erased.
#[derive(Args, Debug)]
struct Erase {
    #[command(flatten)]
    who: Who,
    /// Do it: it cannot be undone
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    look: Look,
}

/// A parcel to be proven.
#[derive(Args, Debug)]
struct Prove {
    /// The parcel's id
    #[arg(value_name = "ID")]
    id: String,
    /// Write the proof to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    look: Look,
}

/// The records that are kept.
#[derive(Args, Debug)]
struct RecordsArgs {
    #[command(subcommand)]
    command: RecordsCommand,
}

#[derive(Debug, Subcommand)]
enum RecordsCommand {
    /// Records, until when they are kept, and what is left of them
    List(List),
    /// Delete the values of records whose time has passed, all tenants'; what commits to them stays
    Expire(Expire),
}

/// A tenant's records.
#[derive(Args, Debug)]
struct List {
    /// The parcels' ids [default: all parcels; the whole record log is read and checked]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    look: Look,
}

/// Records whose time has passed.
#[derive(Args, Debug)]
struct Expire {
    /// Only name them
    #[arg(long)]
    dry_run: bool,
    /// Those that had to be kept until a day before this one; a later day than today can only be
    /// asked about [default: today]
    #[arg(long, value_name = "DAY")]
    before: Option<String>,
    #[command(flatten)]
    whole: Whole,
}

/// Kept parcels assessed again.
#[derive(Args, Debug)]
struct Replay {
    /// Each under the law that was known when it was assessed: there must be no difference
    #[arg(long)]
    as_known: bool,
    #[command(flatten)]
    look: Look,
}

/// Persons who may be one.
#[derive(Args, Debug)]
struct Alike {
    /// This day alone, such as 2025-04-01 [default: all days]
    #[arg(long, value_name = "DAY")]
    day: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// A file of parcels that nothing is done with.
#[derive(Args, Debug)]
struct Foresee {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    look: Look,
}

/// A ledger and a file.
#[derive(Args, Debug)]
struct CopyWhole {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    whole: Whole,
}

/// A tenant's part of a ledger and a file.
#[derive(Args, Debug)]
struct Copy {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    look: Look,
}

/// Runs a `ledger` command.
pub fn run(law: &LawOptions, args: LedgerArgs) -> Result<Ended, CommandError> {
    match args.command {
        LedgerCommand::Status(whole) => look::status(&whole),
        LedgerCommand::Person { who, look } => look::person(law, &who, &look),
        LedgerCommand::Day { day, who, look } => look::day(law, &day, &who, &look),
        LedgerCommand::Reserve(args) => assess::run(law, args.in_ledger()),
        LedgerCommand::Post(ids) => change::state(law, &ids, true),
        LedgerCommand::Void(ids) => change::state(law, &ids, false),
        LedgerCommand::Move(args) => change::move_to(law, &args),
        LedgerCommand::Amend(args) => change::amend(law, &args),
        LedgerCommand::Merge(args) => persons::merge(law, &args),
        LedgerCommand::Split(args) => persons::split(law, &args),
        LedgerCommand::Apart(args) => persons::apart(law, &args),
        LedgerCommand::Erase(args) => persons::erase(law, &args),
        LedgerCommand::Verify(whole) => verify::verify(&whole),
        LedgerCommand::Head(whole) => verify::head(&whole),
        LedgerCommand::Prove(args) => verify::prove(law, &args),
        LedgerCommand::Records(args) => records::records(law, &args),
        LedgerCommand::Replay(args) => again::replay_kept(law, &args),
        LedgerCommand::Alike(args) => alike::tell(law, &args),
        LedgerCommand::Foresee(args) => again::foresee(law, &args),
        LedgerCommand::Export(args) => copy::export(&args),
        LedgerCommand::Import(args) => copy::import(&args),
        LedgerCommand::Backup(args) => copy::backup(&args),
        LedgerCommand::Restore(args) => copy::restore(&args),
    }
}
