//! `deminimis tariff`: what schedule is in hand, what it prints for a number, and how a new release
//! comes in.

mod status;
pub(crate) mod texts;
mod update;

use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::home;
use crate::law_cmd::FormatArg;
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::Style;
use clap::{Args, Subcommand};
use deminimis_law::codes::Country;
use deminimis_law::rulebook::EASTERN;
use deminimis_law::time::{Day, Moment, When, Zone, parse_when};
use deminimis_office::tariff::export::{self, Export, ExportError};
use deminimis_office::tariff::{Identity, Stored, load, release, schedule, search, show, store};
use deminimis_tariff::rate::plain;
use deminimis_tariff::{Release, Schedule};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Looks at the tariff schedule and keeps it up to date.
#[derive(Args, Clone, Debug)]
pub struct TariffArgs {
    #[command(subcommand)]
    command: TariffCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum TariffCommand {
    /// What the schedule prints for a number on a day
    Show {
        /// 4, 6, 8 or 10 digits, with or without dots
        number: String,
        /// A date or a timestamp with offset [default: today]
        #[arg(long, value_name = "WHEN")]
        at: Option<String>,
        /// Only measures on goods of this country of origin
        #[arg(long, value_name = "CC")]
        origin: Option<String>,
        #[command(flatten)]
        format: FormatArg,
    },
    /// Finds numbers by the words of their descriptions, in an imported release
    Search {
        /// Words, in any order
        #[arg(required = true)]
        words: Vec<String>,
        /// A date or a timestamp with offset [default: today]
        #[arg(long, value_name = "WHEN")]
        at: Option<String>,
        #[command(flatten)]
        format: FormatArg,
    },
    /// Takes in an official export of the schedule: JSON or CSV, plain or packed with gzip
    Import {
        /// The export
        file: PathBuf,
        #[command(flatten)]
        which: WhichArgs,
    },
    /// Fetches the current release from the USITC and takes it in if it is whole
    Update {
        /// Where the export is
        #[arg(long, value_name = "URL", default_value = update::USITC)]
        from: String,
        #[command(flatten)]
        which: WhichArgs,
    },
    /// What is in hand: releases, their days and hashes
    Status {
        #[command(flatten)]
        format: FormatArg,
    },
    /// Counts the texts of rates by what is read from them, and names those that need a person
    #[command(hide = true)]
    Texts {
        /// Exports; without any, the figures that the program carries
        files: Vec<PathBuf>,
        #[command(flatten)]
        format: FormatArg,
    },
}

/// Which release an export is.
#[derive(Args, Clone, Debug)]
struct WhichArgs {
    /// The name of the release, such as "2026 Revision 12" [default: from the file's name]
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
    /// The day of the release [default: from the file's name; of an update, today]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

/// Runs a `tariff` command.
pub fn run(options: &LawOptions, args: &TariffArgs) -> Result<Ended, CommandError> {
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut page = Page::new(&mut out, style.width, style.colour);
    let page = &mut page;
    match &args.command {
        TariffCommand::Show {
            number,
            at,
            origin,
            format,
        } => {
            let (stored, schedule) = in_hand()?;
            let asked = show::Asked {
                number,
                at: when_of(at.as_deref())?,
                origin: origin.as_deref().map(country).transpose()?,
            };
            let law = options.setup()?.law;
            let books = show::Books {
                stored: &stored,
                schedule: &schedule,
                law: &law,
            };
            show::run(&books, &asked, format.format, page)?;
        }
        TariffCommand::Search { words, at, format } => {
            let (stored, _) = in_hand()?;
            let at = day_of(at.as_deref())?;
            search::run(&stored, &words.join(" "), at, format.format, page)?;
        }
        TariffCommand::Import { file, which } => import(file, which, page)?,
        TariffCommand::Update { from, which } => {
            let bytes = update::fetch(from).map_err(CommandError::Io)?;
            let identity = Identity {
                source: plain(from),
                ..which.identity(None, Some(today()), &bytes)?
            };
            let (stored, schedule) = in_hand()?;
            let export = read(&bytes, from)?;
            let checked = update::check(&export, &stored, &schedule);
            checked.map_err(|error| refused(from, &error))?;
            if let Some(one) = stored
                .iter()
                .find(|one| one.identity.sha256 == identity.sha256)
            {
                let said = format!("{} is in hand already", one.identity.name);
                page.say(0, Ink::Plain, &said)?;
            } else {
                take_in(&export, &identity, page)?;
            }
        }
        TariffCommand::Status { format } => {
            let (stored, schedule) = in_hand()?;
            status::run(&stored, &schedule, today(), format.format, page)?;
        }
        TariffCommand::Texts { files, format } => texts::run(files, format.format, page)?,
    }
    out.flush()?;
    Ok(Ended::Well)
}

fn in_hand() -> Result<(Vec<Stored>, Schedule), CommandError> {
    let stored = match home::data_folder() {
        Some(home) => load(&home).map_err(crate::setup::SetupError::Tariff)?,
        None => Vec::new(),
    };
    let schedule = schedule(&stored);
    Ok((stored, schedule))
}

fn import(file: &Path, which: &WhichArgs, page: &mut Page<'_>) -> Result<(), CommandError> {
    let name = file.display().to_string();
    let bytes = file_bytes(file)?;
    let identity = which.identity(
        file.file_name().and_then(|name| name.to_str()),
        None,
        &bytes,
    )?;
    let export = read(&bytes, &name)?;
    export
        .check_whole()
        .map_err(|error| refused(&name, &error))?;
    take_in(&export, &identity, page)
}

/// Keeps an export that passed its checks.
fn take_in(export: &Export, identity: &Identity, page: &mut Page<'_>) -> Result<(), CommandError> {
    let Some(home) = home::data_folder() else {
        let said = format!("no data folder is known; set {}", home::HOME);
        return Err(CommandError::Usage(said));
    };
    let figures = release::figures(export, identity, Schedule::embedded());
    // What could not be read back would stop every later run.
    Release::read(&figures, &identity.sha256)
        .map_err(|error| CommandError::Refused(format!("{}: {error}", identity.name)))?;
    let lines = release::lines_text(export);
    let path = store::save(&home, identity, &figures, &lines)?;
    let said = format!(
        "{} of {}: {} rows, {} numbers of ten digits, kept in {}",
        identity.name,
        identity.day,
        export.rows.len(),
        export.lines(),
        path.display()
    );
    page.say(0, Ink::Plain, &said)?;
    if !export.has_footnotes {
        let said = "this form has no footnotes: marks of excise tax and headings of chapter 99 are \
                    those of the schedule in hand";
        page.say(0, Ink::Dim, said)?;
    }
    Ok(())
}

fn file_bytes(file: &Path) -> Result<Vec<u8>, CommandError> {
    let failed = |error: io::Error| {
        CommandError::Io(io::Error::new(
            error.kind(),
            format!("{}: {error}", file.display()),
        ))
    };
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).map_err(failed)?;
    let mut opened = opened.take(export::MOST_BYTES + 1);
    opened.read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > export::MOST_BYTES {
        return Err(refused(&file.display().to_string(), &ExportError::TooLarge));
    }
    Ok(bytes)
}

fn read(bytes: &[u8], name: &str) -> Result<Export, CommandError> {
    let read = export::unpacked(bytes.to_vec()).and_then(|bytes| export::read(&bytes));
    read.map_err(|error| refused(name, &error))
}

fn refused(name: &str, error: &ExportError) -> CommandError {
    CommandError::Refused(format!("{name}: {error}"))
}

impl WhichArgs {
    /// What the options say, then what the file's name says, then `day`.
    fn identity(
        &self,
        file: Option<&str>,
        day: Option<Day>,
        bytes: &[u8],
    ) -> Result<Identity, CommandError> {
        let (named, dated) = file.map_or((None, None), release::from_file_name);
        let given = self.date.as_deref().map(|text| {
            let said =
                || CommandError::Usage(format!("--date {text} is no date such as 2026-08-01"));
            Day::parse(text).ok_or_else(said)
        });
        let day = given.transpose()?.or(dated).or(day).ok_or_else(|| {
            let said = "the day of the release is not in the file's name: give it with --date";
            CommandError::Usage(said.to_owned())
        })?;
        let name = self
            .release
            .as_deref()
            .map(plain)
            .filter(|name| !name.is_empty());
        Ok(Identity {
            name: name
                .or(named)
                .unwrap_or_else(|| format!("release of {day}")),
            day,
            sha256: store::sha256(bytes),
            source: file.map(plain).unwrap_or_default(),
        })
    }
}

/// Reads `WHEN` as a day in Eastern time; none is today.
fn day_of(text: Option<&str>) -> Result<Day, CommandError> {
    Ok(when_of(text)?.day)
}

/// Reads `WHEN` in Eastern time: a bare date is its noon; none is today.
fn when_of(text: Option<&str>) -> Result<When, CommandError> {
    let today = today().to_string();
    let text = text.unwrap_or(&today);
    let zone = Zone::named(EASTERN).unwrap_or_default();
    parse_when(text, &zone).map_err(|error| CommandError::Usage(format!("--at `{text}` {error}")))
}

fn country(text: &str) -> Result<Country, CommandError> {
    let said = || {
        CommandError::Usage(format!(
            "--origin `{text}` is no two-letter code such as VN"
        ))
    };
    Country::parse(&text.to_ascii_uppercase()).ok_or_else(said)
}

/// Today, in Eastern time.
fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs() as i64);
    let zone = Zone::named(EASTERN).unwrap_or_default();
    zone.day(Moment(seconds))
}

/// Whether the answer is for a program.
fn is_json(format: Format) -> bool {
    format == Format::Json
}
