//! `assess`: every parcel of a file, decided.

use crate::commands::files::{self, OutFile};
use crate::commands::format::Format;
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::place::PlaceOptions;
use crate::commands::rejects::Rejects;
use crate::commands::{CommandError, Ended};
use crate::ledger::{FileParcels, Form, OpenLedger, Place, nothing};
use crate::out::style::{Style, grouped};
use crate::out::table::{Table, summary};
use crate::out::{csv, json};
use crate::pass::{Inputs, Learned, Opening, PassError, Wishes, learn_and_draft, second};
use crate::read::Reject;
use crate::setup::Setup;
use clap::Args;
use deminimis_law::time::parse_when;
use deminimis_store::intake::Said;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Decides parcels.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// Files of parcels (CSV, JSON, NDJSON, also gzip); `-` is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// How decisions are written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Write decisions to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where refused rows go [default: NAME.rejects.csv here, if there are any]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Assess as if every entry were made then: a date, or a timestamp with offset
    #[arg(long, value_name = "WHEN", help_heading = "Law")]
    entered_at: Option<String>,
    /// Threads [default: one for each core]; the answer is the same for any number
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    threads: usize,
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    place: PlaceOptions,
}

impl AssessArgs {
    /// The same, with the ledger whether or not it was asked for.
    pub fn in_ledger(mut self) -> AssessArgs {
        self.place.whole.ledger.get_or_insert_default();
        self
    }
}

/// What was read: parcels to be decided, or parcels that the ledger answers.
enum Taken {
    File(Box<Learned>),
    Ledger(Box<(OpenLedger, FileParcels)>),
}

/// Runs the command.
pub fn run(law: &LawOptions, args: AssessArgs) -> Result<Ended, CommandError> {
    let started = Instant::now();
    let mut rejects = Rejects::new(args.rejects.as_ref(), args.files.first());
    let named = args.place.whole.ledger.is_some();
    let place = named.then(|| args.place.whole.place());
    let place = place.transpose()?;
    check_files(law, &args, place.as_ref(), &rejects)?;
    let setup = Arc::new(law.setup()?);
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let wishes = wishes(&setup, &args)?;
    let file = args.output.as_deref().map(OutFile::open).transpose()?;
    rejects.open_named()?;
    let open = |place| OpenLedger::open(&place, &args.place.tenant, &setup, true);
    let desk = place.map(open).transpose()?;
    let inputs = Inputs::new(&args.files)?;
    let taken = take(
        &setup,
        desk,
        &inputs,
        &opening,
        (&wishes, &args),
        &mut rejects,
    )?;
    let mut out: Box<dyn Write> = match &file {
        Some(file) => Box::new(file.writer()?),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let (tally, counts, more) = match taken {
        Taken::File(learned) => {
            let (counts, alike) = (learned.counts, learned.links.said());
            let tally = write(
                &setup, &inputs, &opening, &wishes, *learned, &args, &mut out,
            )?;
            (tally, counts, alike)
        }
        Taken::Ledger(both) => {
            let (desk, parcels) = *both;
            let form = form(&args, parcels.longest_id());
            let both = (&desk, &*setup);
            let entered = parcels.enter(
                both,
                &form,
                |reject| rejects.write(reject),
                (nothing, |_| Ok(())),
            )?;
            let (tally, counts) = (entered.tally, entered.counts);
            let (fresh, again) = (entered.fresh, entered.again);
            let erased = match entered.erased {
                0 => String::new(),
                some => {
                    format!(" \u{b7} of them {some} of erased persons, answered without a person")
                }
            };
            let alike = entered.alike.said();
            entered.write(&form, &mut out)?;
            let said = format!(
                " ledger {}: {fresh} entered \u{b7} {again} answered before{erased}\n{alike}",
                desk.place
            );
            (tally, counts, said)
        }
    };
    let rejected = rejects.finish()?;
    let took = started.elapsed();
    let text = summary(&setup, &tally, &counts, rejected.as_deref(), took) + &more;
    let below = args.format == Format::Table && file.is_none();
    if below {
        write!(out, "\n{text}")?;
    }
    out.flush()?;
    if let Some(file) = file {
        file.finish()?;
    }
    if !below {
        eprint!("{text}");
    }
    Ok(if counts.shipments_rejected > 0 {
        Ended::Refused
    } else {
        Ended::Well
    })
}

/// Reads the parcels; what each needs of the others is known then.
fn take(
    setup: &Setup,
    desk: Option<OpenLedger>,
    inputs: &Inputs,
    opening: &Opening<'_>,
    (wishes, args): (&Wishes, &AssessArgs),
    rejects: &mut Rejects,
) -> Result<Taken, CommandError> {
    let mut progress = Progress::new();
    let refuse = |reject: &Reject| rejects.write(reject);
    let taken = match desk {
        Some(desk) => {
            // An entry date for all is part of what the sender says of each parcel.
            let said = Said {
                entered_at: args.entered_at.clone(),
                ..Said::default()
            };
            let read = |read| {
                progress.read(read);
                Ok(())
            };
            let parcels = FileParcels::read(&desk, inputs, opening, (wishes, &said), refuse, read)?;
            Taken::Ledger(Box::new((desk, parcels)))
        }
        None => {
            // Text that is quickly made is made while the parcel is at hand.
            let sink = (args.format == Format::Csv).then_some(&csv::Csv as &dyn second::Sink);
            let read = |read| {
                progress.read(read);
                Ok(())
            };
            let learned = learn_and_draft(setup, inputs, opening, wishes, sink, refuse, read)?;
            Taken::File(Box::new(learned))
        }
    };
    progress.finish();
    Ok(taken)
}

/// What is written must not be what is read, nor both outputs one file.
fn check_files(
    law: &LawOptions,
    args: &AssessArgs,
    place: Option<&Place>,
    rejects: &Rejects,
) -> Result<(), CommandError> {
    let parcels = args.files.iter().map(PathBuf::as_path);
    let ledger = place.map(Place::files).unwrap_or_default();
    let read: Vec<&Path> = parcels
        .chain(args.input.files())
        .chain(law.files())
        .chain(ledger.iter().map(PathBuf::as_path))
        .collect();
    let output = args.output.as_deref().map(|path| files::Named {
        option: "--output",
        path,
        named: true,
    });
    let written: Vec<_> = output.into_iter().chain([rejects.output()]).collect();
    files::check(&read, &written)
}

fn wishes(setup: &Setup, args: &AssessArgs) -> Result<Wishes, CommandError> {
    let entered_at = args.entered_at.as_deref().map(|text| {
        parse_when(text, setup.law.zone())
            .map_err(|error| CommandError::Usage(format!("--entered-at `{text}` {error}")))
    });
    Ok(Wishes {
        entered_at: entered_at.transpose()?,
        threads: args.threads,
        ..Wishes::default()
    })
}

fn write(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    learned: Learned,
    args: &AssessArgs,
    out: &mut dyn Write,
) -> Result<second::Tally, PassError> {
    let decide = |sink: &dyn second::Sink, learned: Learned, out: &mut dyn Write| {
        second::decide(setup, inputs, opening, wishes, learned, sink, out)
    };
    match args.format {
        Format::Table => {
            let table = table(args, longest_id(&learned));
            out.write_all(table.header().as_bytes())?;
            decide(&table, learned, out)
        }
        Format::Json => {
            out.write_all(b"[\n")?;
            let tally = decide(&json::Json { array: true }, learned, out)?;
            out.write_all(b"\n]\n")?;
            Ok(tally)
        }
        Format::Ndjson => decide(&json::Json { array: false }, learned, out),
        Format::Csv => {
            out.write_all(csv::HEADER.as_bytes())?;
            decide(&csv::Csv, learned, out)
        }
    }
}

/// The table for where it goes.
fn table(args: &AssessArgs, longest: usize) -> Table {
    match args.output {
        Some(_) => Table::new(Style::PLAIN, longest, false),
        None => Table::new(Style::of_stdout(), longest, io::stdout().is_terminal()),
    }
}

/// How answers of the ledger are written.
fn form(args: &AssessArgs, longest: usize) -> Form {
    match args.format {
        Format::Table => Form::Table(table(args, longest)),
        Format::Json => Form::Json,
        Format::Ndjson => Form::Ndjson,
        Format::Csv => Form::Csv,
    }
}

fn longest_id(learned: &Learned) -> usize {
    let held = learned.held.iter().flatten();
    held.map(|held| held.shipment.id.chars().count())
        .max()
        .unwrap_or(16)
}

/// Progress for a person: only on a terminal, on standard error, and only if it takes a while.
struct Progress {
    started: Instant,
    wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A run shorter than this shows none.
    const PATIENCE: Duration = Duration::from_millis(500);
    /// Parcels between two looks at the clock.
    const EVERY: u64 = 256;

    fn new() -> Progress {
        Progress {
            started: Instant::now(),
            wanted: io::stderr().is_terminal(),
            bar: None,
        }
    }

    fn read(&mut self, count: u64) {
        if !self.wanted || !count.is_multiple_of(Progress::EVERY) {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() >= Progress::PATIENCE {
            self.bar = Some(bar(self.started));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(count);
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(started: Instant) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let template = "{spinner} {human_pos} parcels read, {per_sec} a second";
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let millis = started.elapsed().as_millis().max(1);
            let rate = u128::from(state.pos()) * 1000 / millis;
            let _written = out.write_str(&grouped(rounded(rate)));
        };
        bar.set_style(style.with_key("per_sec", rate));
    }
    bar
}

/// Two leading digits: more is not known of a rate.
fn rounded(rate: u128) -> u128 {
    let mut unit = 1;
    while rate / unit >= 100 {
        unit *= 10;
    }
    (rate + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn a_rate_is_told_by_two_digits() {
        for (rate, told) in [(0, 0), (99, 99), (104, 100), (106, 110), (163_871, 160_000)] {
            assert_eq!(rounded(rate), told);
        }
    }
}
