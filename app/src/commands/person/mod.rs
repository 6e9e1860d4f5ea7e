//! `deminimis person`: which rows of a file are one person, and which parcels look like a lot that
//! was split, with the evidence.

mod columns;
mod rows;
mod splits;
mod write;

use crate::commands::files::{self, Named, OutFile};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::read::rejects::RejectWriter;
use clap::{Args, Subcommand, ValueEnum};
use deminimis_person::matching::{Row, match_people};
use rows::{People, read};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use write::Found;

const MATCH: &str = "\
Columns: id, and name, street, city, state, postal_code, country, email, phone as a party has them
(also with consignee_ before). A name may stand in given_name and surname or first_name and
last_name, a street in street_number, address_1 and address_2, a postal code in postcode or zip.
Other columns are passed over, and said. --map names them: OUR=THEIRS+THEIRS, or a file with
[columns], [join], [strip] and [constants] as assess takes it.

Written are the pairs that are one person: id_a,id_b,score,evidence. The score is the logarithm of
the odds that they are, base 2, in hundredths: 600 is 64 to 1. Pairs from -300 to 599 are uncertain;
they merge nobody, and are written apart with --uncertain.

Examples:
  deminimis person match people.csv
  deminimis person match people.csv --map name=First+Last --map postal_code=Zip --uncertain ask.csv
  deminimis person match people.csv --map ours.toml --format json

Exit status:
  0  all rows compared
  1  failure
  2  wrong usage
  3  some rows refused; the rest is done
";

/// Looks at who is one person.
#[derive(Args, Clone, Debug)]
pub struct PersonArgs {
    #[command(subcommand)]
    command: PersonCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum PersonCommand {
    /// Links the rows of a file of people that are one person, with score and evidence
    #[command(after_help = MATCH)]
    Match(MatchArgs),
    /// Finds parcels that look like one lot sent in several to stay within the limit
    #[command(after_help = splits::SPLITS)]
    Splits(splits::SplitsArgs),
}

/// How a file of people is read and the pairs are written.
#[derive(Args, Clone, Debug)]
struct MatchArgs {
    /// The people as CSV, plain or packed with gzip; - reads standard input
    file: PathBuf,
    /// Name columns: OUR=THEIRS, several of theirs joined by +; or a file. May be repeated
    #[arg(long, value_name = "OUR=THEIRS|FILE")]
    map: Vec<String>,
    /// How the pairs are written
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,
    /// Write here [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write uncertain pairs here, as CSV
    #[arg(long, value_name = "FILE")]
    uncertain: Option<PathBuf>,
    /// Write refused rows here [default: the input's name with .rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// The ways in which pairs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For spreadsheets: the pairs that are one person
    Csv,
    /// For people: uncertain pairs too
    Table,
    /// For programs: pairs, uncertain pairs and clusters
    Json,
}

/// Runs a `person` command.
pub fn run(law: &LawOptions, args: &PersonArgs) -> Result<Ended, CommandError> {
    match &args.command {
        PersonCommand::Match(args) => match_file(args),
        PersonCommand::Splits(args) => splits::run(law, args),
    }
}

fn match_file(args: &MatchArgs) -> Result<Ended, CommandError> {
    let default = files::default_rejects(Some(&args.file));
    let rejects = args.rejects.as_deref().unwrap_or(&default);
    let mut inputs = vec![args.file.as_path()];
    inputs.extend(columns::files(&args.map));
    let output = |option, path, named| Named {
        option,
        path,
        named,
    };
    let mut outputs = vec![output("--rejects", rejects, args.rejects.is_some())];
    let named = [("-o", &args.output), ("--uncertain", &args.uncertain)];
    let named = named
        .into_iter()
        .filter_map(|(option, path)| Some((option, path.as_deref()?)));
    outputs.extend(named.map(|(option, path)| output(option, path, true)));
    files::check(&inputs, &outputs)?;

    let people = read(&args.file, &args.map)?;
    write_rejects(&people, rejects)?;
    let rows: Vec<Row<'_>> = people.rows.iter().map(rows::Person::row).collect();
    let found = Found {
        people: &people,
        matches: match_people(&rows),
    };
    into(args.output.as_deref(), |out| match args.format {
        Form::Csv => found.csv(true, out),
        Form::Table => found.table(args.output.is_none(), out),
        Form::Json => found.json(out),
    })?;
    if let Some(path) = &args.uncertain {
        into(Some(path), |out| found.csv(false, out))?;
    }
    found.say(&people, args.uncertain.is_some(), rejects);
    Ok(match people.refused.is_empty() {
        true => Ended::Well,
        false => Ended::Refused,
    })
}

fn write_rejects(people: &People, path: &Path) -> Result<(), CommandError> {
    if people.refused.is_empty() {
        return Ok(());
    }
    into(Some(path), |out| {
        let mut writer = RejectWriter::new(out);
        for refused in &people.refused {
            writer.write(refused)?;
        }
        writer.flush()
    })
}

/// Writes a whole file, or to standard output.
fn into(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let Some(path) = path else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        return Ok(out.flush()?);
    };
    let file = OutFile::open(path)?;
    let mut out = file.writer()?;
    write(&mut out)?;
    out.flush()?;
    Ok(file.finish()?)
}
