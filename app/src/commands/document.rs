//! `document`: papers of one parcel, and the statement of a month, as PDF.
//!
//! Read and assessed as by `explain`. Nothing is dated by the clock: without `--date` a document has
//! the parcel's day of entry, and a statement the last day of its month.

use crate::commands::explain;
use crate::commands::files::{self, OutFile};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::month::Month;
use crate::commands::{CommandError, Ended};
use crate::out::json::rendered;
use crate::pass::second::decide_with_texts;
use crate::pass::{Inputs, Wishes, learn};
use crate::setup::Setup;
use clap::{Args, Subcommand};
use deminimis_clearance::explain::named;
use deminimis_filing::documents::{self, DocumentError, Entry, Fonts, Issue, Made, Statement};
use deminimis_law::time::Day;
use deminimis_office::papers::{One, Paper};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Prints papers.
#[derive(Debug, Args)]
pub struct DocumentArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Commercial invoice: what 19 CFR 141.86 asks for, and a list of what is not given
    Invoice {
        #[command(flatten)]
        one: OneArgs,
        /// The exporter's responsible employee, whom an invoice must name
        #[arg(long, value_name = "NAME")]
        responsible: Option<String>,
        /// Make no invoice that lacks anything
        #[arg(long)]
        complete: bool,
    },
    /// Packing list
    PackingList(OneArgs),
    /// Customs declaration CN22, the label for small items
    Cn22(OneArgs),
    /// Customs declaration CN23, the sheet for larger items
    Cn23(OneArgs),
    /// Worksheet in the block order of CBP Form 7501
    EntrySummary(OneArgs),
    /// Label with a PAPS number and its barcode
    PapsLabel {
        #[command(flatten)]
        one: OneArgs,
        /// The PAPS number: the carrier's SCAC and its number of the shipment
        #[arg(long, value_name = "NUMBER")]
        number: String,
    },
    /// Letter to the receiver: the decision, why, and what would change it
    Letter {
        #[command(flatten)]
        one: OneArgs,
        /// Who writes the letter
        #[arg(long, value_name = "NAME")]
        issuer: Option<String>,
    },
    /// Every parcel entered in a month with what it owes, and sums
    Statement(StatementArgs),
}

/// Which parcel, and where its paper goes.
#[derive(Debug, Args)]
struct OneArgs {
    /// Files of parcels; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The parcel's id; not needed if the files hold one parcel
    #[arg(long, value_name = "ID")]
    shipment: Option<String>,
    #[command(flatten)]
    paper: PaperArgs,
    #[command(flatten)]
    input: InputOptions,
}

/// Which month, and where its statement goes.
#[derive(Debug, Args)]
struct StatementArgs {
    /// Files of parcels; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The month of entry
    #[arg(long, value_name = "YYYY-MM", value_parser = Month::parse)]
    month: Month,
    /// Who files
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    #[command(flatten)]
    paper: PaperArgs,
    #[command(flatten)]
    input: InputOptions,
}

#[derive(Debug, Args)]
struct PaperArgs {
    /// Write the PDF to this file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The date of the document [default: the day of entry, or the end of the month]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<Day>,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}

/// Runs the command.
pub fn run(law: &LawOptions, args: DocumentArgs) -> Result<Ended, CommandError> {
    match &args.kind {
        Kind::Invoice {
            one,
            responsible,
            complete,
        } => invoice(law, one, responsible.as_deref(), *complete),
        Kind::PackingList(one) => of_one(law, one, Paper::PackingList),
        Kind::Cn22(one) => of_one(law, one, Paper::Cn22),
        Kind::Cn23(one) => of_one(law, one, Paper::Cn23),
        Kind::EntrySummary(one) => of_one(law, one, Paper::EntrySummary),
        Kind::PapsLabel { one, number } => of_one(law, one, Paper::PapsLabel(number)),
        Kind::Letter { one, issuer } => letter(law, one, issuer.as_deref()),
        Kind::Statement(args) => statement(law, args),
    }
}

/// A paper of one parcel.
fn of_one(law: &LawOptions, args: &OneArgs, paper: Paper<'_>) -> Result<Ended, CommandError> {
    let (setup, one, out) = args.read(law)?;
    let made = one.paper(&setup, paper, args.issue(&one));
    args.paper.write(out, &made.map_err(refused)?)
}

fn invoice(
    law: &LawOptions,
    args: &OneArgs,
    responsible: Option<&str>,
    complete: bool,
) -> Result<Ended, CommandError> {
    let (setup, one, out) = args.read(law)?;
    let issue = Issue {
        responsible,
        ..args.issue(&one)
    };
    let made = one.paper(&setup, Paper::Invoice, issue).map_err(refused)?;
    let lacking: Vec<String> = made.missing.iter().map(lack).collect();
    let lacking = lacking.join("\n");
    if complete && !lacking.is_empty() {
        let said = format!("the invoice is not complete:\n{lacking}");
        return Err(refused(DocumentError::NotForThis(said)));
    }
    let ended = args.paper.write(out, &made)?;
    if !lacking.is_empty() {
        eprintln!("not stated in the invoice:\n{lacking}");
    }
    Ok(ended)
}

fn lack(missing: &documents::Missing) -> String {
    let lines = match missing.lines.as_slice() {
        [] => String::new(),
        lines => format!(", {}", named(lines)),
    };
    format!(
        "  19 CFR 141.86{}: {}{lines} ({})",
        missing.paragraph, missing.what, missing.fields
    )
}

fn letter(law: &LawOptions, args: &OneArgs, issuer: Option<&str>) -> Result<Ended, CommandError> {
    let (setup, one, out) = args.read(law)?;
    let issue = Issue {
        issuer,
        ..args.issue(&one)
    };
    let made = one.paper(&setup, Paper::Letter, issue).map_err(refused)?;
    args.paper.write(out, &made)
}

fn statement(law: &LawOptions, args: &StatementArgs) -> Result<Ended, CommandError> {
    let read = args.files.iter().map(PathBuf::as_path);
    let out = args.paper.open(law, read.chain(args.input.files()))?;
    let setup = law.setup()?;
    let (of_month, rejected) = read_month(&setup, args)?;
    let issue = Issue {
        date: args.paper.date.unwrap_or(args.month.last),
        issuer: args.issuer.as_deref(),
        responsible: None,
    };
    let fonts = Fonts::embedded().map_err(refused)?;
    let made = documents::monthly_statement(&fonts, of_month, &issue).map_err(refused)?;
    let ended = args.paper.write(out, &made)?;
    Ok(match rejected {
        0 => ended,
        _ => Ended::Refused,
    })
}

/// The parcels entered in the month, and how many shipments were refused.
fn read_month(setup: &Setup, args: &StatementArgs) -> Result<(Statement, u64), CommandError> {
    let catalog = args.input.read_catalog(setup)?;
    let opening = args.input.opening(setup, catalog.as_ref())?;
    let inputs = Inputs::new(&args.files)?;
    let refuse = |reject: &crate::read::Reject| {
        let id = reject.shipment_id.as_deref().unwrap_or("");
        eprintln!(
            "refused {id} row {}: {} {}",
            reject.row, reject.field, reject.reason
        );
        Ok(())
    };
    let wishes = Wishes::default();
    let mut learned = learn(setup, &inputs, &opening, &wishes, refuse, |_| Ok(()))?;
    // The parcels are read again: those of other months are not held.
    learned.held = None;
    let mut of_month = Statement::new(args.month.first);
    decide_with_texts(
        setup,
        &inputs,
        &opening,
        &wishes,
        &mut learned,
        |told, spare| -> Result<(), CommandError> {
            let entered = told.decided.shipment.entry_when().day;
            if of_month.holds(entered) {
                let decision = rendered(&told.decided, spare);
                let entry = Entry::of(entered, &decision).map_err(refused)?;
                of_month.add(entry).map_err(refused)?;
            }
            Ok(())
        },
    )?;
    Ok((of_month, learned.counts.shipments_rejected))
}

/// A document that is not made for what was given is refused; whatever else is a fault of ours.
fn refused(error: DocumentError) -> CommandError {
    match error {
        DocumentError::Refused(_) | DocumentError::NotForThis(_) => {
            CommandError::Refused(error.to_string())
        }
        DocumentError::Disagrees { .. } | DocumentError::Pdf(_) => {
            CommandError::Io(io::Error::other(error.to_string()))
        }
    }
}

impl OneArgs {
    /// The law, the parcel, and the file that its paper goes to.
    fn read(&self, law: &LawOptions) -> Result<(Setup, One, OutFile), CommandError> {
        let read = self.files.iter().map(PathBuf::as_path);
        let out = self.paper.open(law, read.chain(self.input.files()))?;
        let setup = law.setup()?;
        let one = explain::one(&setup, &self.input, &self.files, self.shipment.as_deref())?;
        Ok((setup, one, out))
    }

    fn issue(&self, one: &One) -> Issue<'static> {
        Issue {
            date: self.paper.date.unwrap_or(one.shipment.entry_when().day),
            issuer: None,
            responsible: None,
        }
    }
}

impl PaperArgs {
    fn open<'p>(
        &self,
        law: &'p LawOptions,
        read: impl Iterator<Item = &'p Path>,
    ) -> Result<OutFile, CommandError> {
        let read: Vec<&Path> = read.chain(law.files()).collect();
        let output = files::Named {
            option: "--output",
            path: &self.output,
            named: true,
        };
        files::check(&read, &[output])?;
        Ok(OutFile::open(&self.output)?)
    }

    fn write(&self, out: OutFile, made: &Made) -> Result<Ended, CommandError> {
        let mut writer = out.writer()?;
        writer.write_all(&made.pdf)?;
        writer.flush()?;
        out.finish()?;
        let pages = if made.pages == 1 { "page" } else { "pages" };
        eprintln!("{}: {} {pages}", self.output.display(), made.pages);
        for (character, times) in &made.unshown {
            eprintln!(
                "no face has U+{:04X}: shown as its number, {times} times",
                u32::from(*character)
            );
        }
        Ok(Ended::Well)
    }
}
