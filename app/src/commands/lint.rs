//! `lint`: what in a file CBP or a carrier would question, before anything is sent.

use crate::commands::format::Format;
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::lint::{LintError, LintOptions, NoteFormat, NoteWriter, lint};
use crate::out::style::Style;
use crate::pass::Inputs;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// Findings a table shows; machines get all.
const MOST: u64 = 200;

/// Judges the words and values of files.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Files of parcels; `-` is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Repeat names, addresses and other values about persons in findings
    #[arg(long)]
    show_values: bool,
    #[command(flatten)]
    input: InputOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: LintArgs) -> Result<Ended, CommandError> {
    let setup = law.setup()?;
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let inputs = Inputs::new(&args.files)?;
    let options = LintOptions {
        show_values: args.show_values,
        ..LintOptions::new(&setup.tariff, &setup.book.words)
    };
    let format = match args.format {
        Format::Table => NoteFormat::Table {
            most: MOST,
            width: Style::of_stdout().width,
        },
        Format::Json => NoteFormat::Json,
        Format::Ndjson => NoteFormat::NdJson,
        Format::Csv => NoteFormat::Csv,
    };
    let mut writer = NoteWriter::new(io::BufWriter::new(io::stdout().lock()), format);
    let (mut notes, mut refused) = (0, 0);
    for input in inputs.iter() {
        let mut source = inputs.open(input, &opening)?;
        let report = lint(&mut *source, &input.name(), &options, &mut |found| {
            writer.found(&found)
        });
        let report = report.map_err(|error| match error {
            LintError::Read(error) => CommandError::from(error),
            LintError::Write(error) => CommandError::Io(error),
        })?;
        notes += report.notes();
        refused += report.counts.shipments_rejected;
        writer.file(&report)?;
    }
    writer.finish()?.flush()?;
    Ok(match (refused, notes) {
        (0, 0) => Ended::Well,
        (0, _) => Ended::Unmet,
        _ => Ended::Refused,
    })
}
