//! `assess`: every parcel of a file, decided.

use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::out::style::Style;
use crate::out::table::{Table, summary};
use crate::out::{Format, csv, json};
use crate::pass::{Inputs, Learned, PassError, Wishes, learn, second};
use crate::read::Reject;
use crate::read::rejects::RejectWriter;
use crate::setup::Setup;
use clap::Args;
use deminimis_law::time::parse_when;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

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
}

/// Runs the command.
pub fn run(law: &LawOptions, args: AssessArgs) -> Result<Ended, CommandError> {
    let started = Instant::now();
    let setup = law.setup()?;
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let inputs = Inputs::new(&args.files)?;
    let wishes = wishes(&setup, &args)?;
    let mut rejects = Rejects::new(&args);
    let bar = progress();
    let learned = learn(
        &setup,
        &inputs,
        &opening,
        &wishes,
        |reject| rejects.write(reject),
        |read| {
            bar.set_position(read);
        },
    )?;
    bar.finish_and_clear();
    let counts = learned.counts;
    let rejected = rejects.finish()?;
    let mut out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let tally = write(&setup, &inputs, &opening, &wishes, learned, &args, &mut out)?;
    let text = summary(
        &setup,
        &tally,
        &counts,
        rejected.as_deref(),
        started.elapsed(),
    );
    if args.format == Format::Table && args.output.is_none() {
        write!(out, "\n{text}")?;
    } else {
        eprint!("{text}");
    }
    out.flush()?;
    Ok(if counts.shipments_rejected > 0 {
        Ended::Refused
    } else {
        Ended::Well
    })
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
    opening: &crate::pass::Opening<'_>,
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
            let style = if args.output.is_some() {
                Style {
                    colour: false,
                    ..Style::of_stdout()
                }
            } else {
                Style::of_stdout()
            };
            let table = Table::new(style, longest_id(&learned));
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

fn longest_id(learned: &Learned) -> usize {
    let held = learned.held.iter().flatten();
    held.map(|held| held.shipment.id.chars().count())
        .max()
        .unwrap_or(16)
}

/// Progress for a person: only on a terminal, on standard error, and only if it takes a while.
fn progress() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} parcels read, {per_sec}") {
        bar.set_style(style);
    }
    bar
}

/// The file of refused rows, which is made with the first of them.
struct Rejects {
    path: PathBuf,
    writer: Option<RejectWriter<BufWriter<File>>>,
}

impl Rejects {
    fn new(args: &AssessArgs) -> Rejects {
        let path = args
            .rejects
            .clone()
            .unwrap_or_else(|| default_path(args.files.first()));
        Rejects { path, writer: None }
    }

    fn write(&mut self, reject: &Reject) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Some(RejectWriter::new(BufWriter::new(File::create(&self.path)?)));
        }
        match &mut self.writer {
            Some(writer) => writer.write(reject),
            None => Ok(()),
        }
    }

    /// The file's name, if there is one.
    fn finish(self) -> io::Result<Option<String>> {
        let Some(mut writer) = self.writer else {
            return Ok(None);
        };
        writer.flush()?;
        Ok(Some(self.path.display().to_string()))
    }
}

fn default_path(first: Option<&PathBuf>) -> PathBuf {
    let name = first
        .filter(|path| path.as_os_str() != "-")
        .and_then(|path| path.file_name());
    let name = name.map_or("stdin".into(), |name| name.to_string_lossy().into_owned());
    let stem = name
        .split('.')
        .next()
        .filter(|stem| !stem.is_empty())
        .unwrap_or("parcels");
    Path::new(&format!("{stem}.rejects.csv")).to_path_buf()
}
