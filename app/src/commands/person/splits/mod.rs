//! `deminimis person splits`: parcels that look like one lot sent in several to stay within a limit.
//! What is found is for someone to look at. It decides nothing.

mod parcels;
mod write;

use crate::commands::files;
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::rejects::Rejects;
use crate::commands::{CommandError, Ended};
use crate::pass::Inputs;
use clap::{Args, ValueEnum};
use deminimis_person::splitting::find_splits;
use parcels::Gathered;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use write::Found;

/// Below the help of `person splits`.
pub const SPLITS: &str = "\
Each finding names its parcels, what speaks for a split lot and what against it, and the law that
speaks of it. A finding is never a denial: the law asks for the purpose of a split, which no file
shows. How often findings are right and wrong was measured on made-up parcels: see docs/persons.md.

Examples:
  deminimis person splits parcels.csv
  deminimis person splits orders.csv --from shopify --set mode=express --format json

Exit status:
  0  all parcels were looked at, whatever was found
  1  failure
  2  wrong usage
  3  some input refused; the rest is done
";

/// How parcels are read and findings written.
#[derive(Args, Clone, Debug)]
pub struct SplitsArgs {
    /// Files of parcels, as assess reads them; - is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
    /// Where refused rows go [default: NAME.rejects.csv here, if there are any]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    input: InputOptions,
}

/// The ways in which findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Table,
    /// For programs
    Json,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &SplitsArgs) -> Result<Ended, CommandError> {
    let mut rejects = Rejects::new(args.rejects.as_ref(), args.files.first());
    let parcels = args.files.iter().map(PathBuf::as_path);
    let read: Vec<&Path> = parcels
        .chain(args.input.files())
        .chain(law.files())
        .collect();
    files::check(&read, &[rejects.output()])?;
    let setup = law.setup()?;
    rejects.open_named()?;
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let inputs = Inputs::new(&args.files)?;
    let gathered = Gathered::read(&setup, &inputs, &opening, |reject| rejects.write(reject))?;
    let findings = find_splits(&gathered.parcels());
    let found = Found {
        law: &setup.law,
        gathered: &gathered,
        findings,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Form::Table => found.table(&mut out)?,
        Form::Json => found.json(&mut out)?,
    }
    out.flush()?;
    found.say(rejects.finish()?.as_deref());
    Ok(match gathered.counts.shipments_rejected {
        0 => Ended::Well,
        _ => Ended::Refused,
    })
}
