//! `entry`: every parcel of a file assessed as `assess` does, and its entry written; what cannot be
//! written is refused alone, field by field.

mod tell;

use crate::commands::files::{self, OutFile};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::rejects::Rejects;
use crate::commands::{CommandError, Ended};
use crate::pass::second::{Told, decide_with_texts};
use crate::pass::{Inputs, Wishes, learn};
use crate::read::{Reject, RejectReason};
use clap::{Args, ValueEnum};
use deminimis_filing::messages::catair::edition;
use deminimis_filing::messages::catair::entry::{Built, Form, Numbers, Problem, own_number};
use deminimis_law::time::{Day, Zone, parse_when};
use deminimis_office::entries::{self, CONFIG, Filing, FilingError, Maker, Ready, no_number};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tell::Totals;

/// As which message entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// Entry summary that also asks for release.
    Ae,
    /// Cargo release alone.
    Se,
}

/// Writes entries.
#[derive(Debug, Args)]
pub struct EntryArgs {
    /// Files of parcels (CSV, JSON, NDJSON, also gzip); `-` is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// As which message
    #[arg(long = "as", value_enum, default_value = "ae")]
    form: As,
    /// Write the message to this file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Where refused parcels go, a row for each field [default: NAME.rejects.csv here, if any]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Write which parcel got which entry number, with its amounts, as CSV
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Who files [default: deminimis.toml here]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The day of transmission [default: today, Eastern time]
    #[arg(long, value_name = "DATE")]
    sent_on: Option<String>,
    /// The first number to be allotted, within [filing] entry_numbers
    #[arg(long, value_name = "SERIAL")]
    first_number: Option<u32>,
    /// Assess as if every entry were made then: a date, or a timestamp with offset
    #[arg(long, value_name = "WHEN", help_heading = "Law")]
    entered_at: Option<String>,
    #[command(flatten)]
    input: InputOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: EntryArgs) -> Result<Ended, CommandError> {
    let filing = entries::read(args.config.as_deref())?;
    let mut rejects = Rejects::new(args.rejects.as_ref(), args.files.first());
    check_files(law, &args, &filing, &rejects)?;
    let setup = law.setup()?;
    let zone = setup.law.zone();
    let sent_on = sent_on(args.sent_on.as_deref(), zone)?;
    let input = args.input.clone().with_defaults(filing.defaults.clone());
    let catalog = input.read_catalog(&setup)?;
    let opening = input.opening(&setup, catalog.as_ref())?;
    let wishes = wishes(&args, zone)?;
    let message = OutFile::open(&args.output)?;
    rejects.open_named()?;
    let mut list = args.list.as_deref().map(tell::List::open).transpose()?;
    let inputs = Inputs::new(&args.files)?;
    let refuse = |reject: &Reject| rejects.write(reject);
    let mut learned = learn(&setup, &inputs, &opening, &wishes, refuse, |_| Ok(()))?;
    // The parcels are read again, with their texts.
    learned.held = None;
    let numbers = Numbers::new(&filing.filer, args.first_number)
        .map_err(|error| CommandError::Usage(format!("--first-number: {error}")))?;
    let form = match args.form {
        As::Ae => Form::Summary,
        As::Se => Form::Release,
    };
    let mut desk = Desk {
        numbers,
        maker: Maker::new(&filing, form, sent_on),
        totals: Totals::default(),
        refused: 0,
    };
    decide_with_texts(
        &setup,
        &inputs,
        &opening,
        &wishes,
        &mut learned,
        |told, _| match desk.take(told) {
            Ok(built) => match &mut list {
                Some(list) => list.row(&built),
                None => Ok(()),
            },
            Err(problems) => {
                for problem in problems {
                    rejects.write(&reject(told, problem))?;
                }
                Ok(())
            }
        },
    )?;
    let next = desk.numbers.next();
    let refused = desk.refused + learned.counts.shipments_rejected;
    let (maker, totals) = (desk.maker, desk.totals);
    if maker.is_empty() {
        eprintln!(
            "deminimis: no entry was written: {} is not made",
            args.output.display()
        );
    } else {
        let bytes = maker.message()?;
        let mut out = message.writer()?;
        out.write_all(&bytes)?;
        out.flush()?;
        drop(out);
        message.finish()?;
    }
    if let Some(list) = list {
        list.finish()?;
    }
    let rejected = rejects.finish()?;
    let mut out = io::stdout().lock();
    totals.write(&mut out)?;
    let rejected = rejected
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    writeln!(
        out,
        " {} entries in {} \u{b7} {refused} parcels refused{rejected}",
        totals.entries(),
        args.output.display(),
    )?;
    let next = next.map_or("none is left".to_owned(), |next| format!("next is {next}"));
    writeln!(
        out,
        " sent on {sent_on} \u{b7} entry numbers: {next} \u{b7} layouts {}",
        edition()
    )?;
    Ok(match refused {
        0 => Ended::Well,
        _ => Ended::Refused,
    })
}

/// What is written must not be what is read, nor two outputs one file.
fn check_files(
    law: &LawOptions,
    args: &EntryArgs,
    filing: &Filing,
    rejects: &Rejects,
) -> Result<(), CommandError> {
    let config = args.config.as_deref().unwrap_or(Path::new(CONFIG));
    let parcels = args.files.iter().map(PathBuf::as_path);
    let read: Vec<&Path> = parcels
        .chain(args.input.files())
        .chain(law.files())
        .chain([config])
        .chain(filing.password_file.as_deref())
        .collect();
    let named = |option, path| files::Named {
        option,
        path,
        named: true,
    };
    let list = args.list.as_deref().map(|path| named("--list", path));
    let written: Vec<_> = [named("--output", args.output.as_path()), rejects.output()]
        .into_iter()
        .chain(list)
        .collect();
    files::check(&read, &written)
}

fn sent_on(text: Option<&str>, zone: &Zone) -> Result<Day, CommandError> {
    let Some(text) = text else {
        let now = deminimis_law::time::Moment(crate::ledger::now());
        return Ok(zone.day(now));
    };
    let wrong = || CommandError::Usage(format!("--sent-on `{text}` is not a date YYYY-MM-DD"));
    Day::parse(text).ok_or_else(wrong)
}

fn wishes(args: &EntryArgs, zone: &Zone) -> Result<Wishes, CommandError> {
    let entered_at = args.entered_at.as_deref().map(|text| {
        parse_when(text, zone)
            .map_err(|error| CommandError::Usage(format!("--entered-at `{text}` {error}")))
    });
    Ok(Wishes {
        entered_at: entered_at.transpose()?,
        ..Wishes::default()
    })
}

/// Where entries are made one after the other.
struct Desk<'a> {
    numbers: Numbers<'a>,
    maker: Maker<'a>,
    totals: Totals,
    refused: u64,
}

impl Desk<'_> {
    /// Makes the entry of a parcel and puts it into the message, or tells every reason why not.
    fn take(&mut self, told: &Told<'_>) -> Result<Built, Vec<Problem>> {
        let built = self.make(told);
        match &built {
            Ok(built) => self.totals.count(built),
            Err(_) => self.refused += 1,
        }
        built
    }

    fn make(&mut self, told: &Told<'_>) -> Result<Built, Vec<Problem>> {
        let decided = &told.decided;
        let built = self.maker.build(Ready {
            books: decided.books,
            shipment: decided.shipment,
            texts: told.texts,
            decision: decided.decision,
        })?;
        let own = own_number(told.texts);
        let allotted = self.numbers.of(own);
        let allotted = allotted.map_err(|error| vec![no_number(&error, own)])?;
        let built = self.maker.add(built, &allotted)?;
        self.numbers.take(&allotted);
        Ok(built)
    }
}

/// A row of the rejects for one problem of a parcel.
fn reject(told: &Told<'_>, problem: Problem) -> Reject {
    let reason = entries::reason(&problem);
    Reject {
        file: told.file.to_owned(),
        // A file with a row an article has the line's own row.
        row: match problem.line {
            Some(line) if told.rows > 1 => told.row + u64::from(line.saturating_sub(1)),
            _ => told.row,
        },
        rows: told.rows,
        shipment_id: Some(told.decided.shipment.id.clone()),
        field: problem.from,
        line: problem.line,
        value: problem.value,
        reason: RejectReason::Rule(reason),
        consignee: None,
    }
}

impl From<FilingError> for CommandError {
    fn from(error: FilingError) -> CommandError {
        CommandError::Usage(error.to_string())
    }
}
