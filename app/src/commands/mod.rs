//! The command line: what can be asked, and with which exit status it is answered.

mod access;
mod answer;
mod assess;
mod compare;
mod dataset;
mod doctor;
mod document;
mod duty;
mod entry;
mod explain;
mod files;
mod format;
mod help;
mod id;
mod input;
mod law;
mod ledger;
mod lint;
mod message;
mod month;
mod person;
mod place;
mod rates;
mod rejects;
mod schema;
mod serve;
mod shell;
pub mod tariff;

use crate::ledger::{LedgerError, RunError};
use crate::pass::PassError;
use crate::read::ReadError;
use crate::setup::SetupError;
use clap::{Parser, Subcommand};
use deminimis_clearance::shipment::BadField;
use deminimis_desk::ServeError;
use deminimis_desk::state::OpenError;
use deminimis_office::tariff::LookError;
use std::io;
use std::process::ExitCode;

/// May this parcel enter the United States free under Section 321, by which path, and why: under
/// the law of its own day, with every reason's citation.
#[derive(Debug, Parser)]
#[command(name = "deminimis", version, max_term_width = 100, after_help = help::TOP)]
pub struct Cli {
    #[command(flatten)]
    law: law::LawOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Decide every parcel of a file.
    #[command(after_help = help::ASSESS)]
    Assess(Box<assess::AssessArgs>),
    /// Say why one parcel is decided as it is, and what would change it.
    Explain(explain::ExplainArgs),
    /// Look at the law: what it says, when it changed, and whether its cases are met.
    Law(crate::law_cmd::LawArgs),
    /// Print a parcel's papers, or a month's statement, as PDF.
    #[command(after_help = help::DOCUMENT)]
    Document(Box<document::DocumentArgs>),
    /// Report descriptions, names, addresses and values that CBP or a carrier would question.
    Lint(lint::LintArgs),
    /// Look at the tariff schedule and keep it up to date.
    Tariff(tariff::TariffArgs),
    /// Say what one article owes, charge by charge, by origin and over time.
    Duty(duty::DutyArgs),
    /// Compare ways of shipping the same parcels: duty, fees, freight and days.
    Compare(Box<compare::CompareArgs>),
    /// Look at exchange rates and take in certified ones.
    Rates(rates::RatesArgs),
    /// Say which rows of a file are one person, and which parcels look split, with the evidence.
    Person(person::PersonArgs),
    /// Write the entries of a file of parcels as one message to CBP.
    #[command(after_help = help::ENTRY)]
    Entry(Box<entry::EntryArgs>),
    /// Read, write, judge and explain CBP's fixed-column messages (CATAIR).
    Message(message::MessageArgs),
    /// Keep persons' days: enter parcels, say what became of them, and look at what a day holds.
    #[command(after_help = help::LEDGER)]
    Ledger(Box<ledger::LedgerArgs>),
    /// Serve the HTTP API and the pages of a team's desk.
    #[command(after_help = help::SERVE)]
    Serve(Box<serve::ServeArgs>),
    /// Say what is in force, from where, and whether all of it can be used.
    Doctor(Box<doctor::DoctorArgs>),
    /// Give access to the desk: tenants, API keys, invitations.
    Access(Box<access::AccessArgs>),
    /// Check and build identifiers: entry numbers, MIDs, S10, waybills, containers and more.
    Id(id::IdArgs),
    /// Write the mail duty worksheet of a month (CSV or XLSX).
    Worksheet(Box<dataset::WorksheetArgs>),
    /// Write the elements of informal mail entries, type 13, as JSON.
    Entry13(Box<dataset::Entry13Args>),
    /// Write a truck's manifest as BorderConnect takes it (JSON).
    TruckManifest(Box<dataset::TruckArgs>),
    /// Print the JSON Schema of what goes in or comes out.
    Schema(schema::SchemaArgs),
    /// Print completions for a shell.
    Completions(shell::CompletionArgs),
    /// Print the manual page.
    Man,
}

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All was done.
    Well,
    /// Something did not pass its checks.
    Unmet,
    /// Some input was refused; the rest was done.
    Refused,
}

/// Why a command failed. One table gives the exit status of each.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The call is wrong.
    #[error("{0}")]
    Usage(String),
    /// A file is refused as a whole.
    #[error("{0}")]
    Refused(String),
    /// The law cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The desk cannot begin.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The input cannot be read or the output not be written.
    #[error(transparent)]
    Pass(#[from] PassError),
    /// The same, outside a pass.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> CommandError {
        match error {
            RunError::Ledger(error) => CommandError::Ledger(error),
            RunError::Pass(error) => CommandError::Pass(error),
        }
    }
}

impl From<OpenError> for CommandError {
    fn from(error: OpenError) -> CommandError {
        CommandError::Serve(ServeError::Open(error))
    }
}

impl From<BadField> for CommandError {
    fn from(error: BadField) -> CommandError {
        CommandError::Usage(error.to_string())
    }
}

impl From<LookError> for CommandError {
    fn from(error: LookError) -> CommandError {
        match error {
            LookError::Store(error) => CommandError::Setup(SetupError::Tariff(error)),
            LookError::Out(error) => CommandError::Io(error),
            error => CommandError::Usage(error.to_string()),
        }
    }
}

impl From<ReadError> for CommandError {
    fn from(error: ReadError) -> CommandError {
        CommandError::Pass(PassError::Read(error))
    }
}

impl CommandError {
    /// 1 failure of the program or its surroundings, 2 wrong usage, 3 input refused.
    fn status(&self) -> u8 {
        match self {
            CommandError::Usage(_)
            | CommandError::Pass(PassError::Read(ReadError::Usage { .. })) => 2,
            CommandError::Refused(_)
            | CommandError::Pass(PassError::Read(ReadError::Empty { .. })) => 3,
            CommandError::Setup(SetupError::Law(_)) => 2,
            // What was asked of it is wrong, not what it met.
            CommandError::Serve(ServeError::Bare(_) | ServeError::Tls(..)) => 2,
            CommandError::Setup(_)
            | CommandError::Serve(_)
            | CommandError::Ledger(_)
            | CommandError::Pass(_)
            | CommandError::Io(_) => 1,
        }
    }

    fn is_closed_pipe(&self) -> bool {
        match self {
            CommandError::Io(error) | CommandError::Pass(PassError::Io(error)) => {
                crate::pass::second::is_closed(error)
            }
            _ => false,
        }
    }
}

/// Tells an error. What it repeats of the input cannot steer the terminal.
fn say_error(text: &str) {
    eprintln!("deminimis: {}", crate::out::page::harmless(text));
}

/// Runs the program.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let Cli { law, command } = cli;
    let ended = match command {
        Command::Assess(args) => assess::run(&law, *args),
        Command::Explain(args) => explain::run(&law, args),
        Command::Document(args) => document::run(&law, *args),
        Command::Law(args) => law::run(&law, &args),
        Command::Lint(args) => lint::run(&law, args),
        Command::Tariff(args) => tariff::run(&law, &args),
        Command::Duty(args) => duty::run(&law, &args),
        Command::Compare(args) => compare::run(&law, &args),
        Command::Rates(args) => rates::run(&args),
        Command::Person(args) => person::run(&law, &args),
        Command::Entry(args) => entry::run(&law, *args),
        Command::Message(args) => message::run(&args),
        Command::Ledger(args) => ledger::run(&law, *args),
        Command::Serve(args) => serve::run(&law, &args),
        Command::Doctor(args) => doctor::run(&law, &args),
        Command::Access(args) => access::run(&args),
        Command::Id(args) => id::run(&args),
        Command::Worksheet(args) => dataset::worksheet(&law, &args),
        Command::Entry13(args) => dataset::entry13(&law, &args),
        Command::TruckManifest(args) => dataset::truck(&law, &args),
        Command::Schema(args) => schema::run(&law, &args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man => shell::man(),
    };
    match ended {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Unmet) => ExitCode::from(1),
        Ok(Ended::Refused) => ExitCode::from(3),
        // A reader that closed the pipe (`| head`) has what it wanted.
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error.to_string());
            ExitCode::from(error.status())
        }
    }
}
