//! `deminimis rates`: exchange rates that an installation holds, and how they come in.

use crate::commands::{CommandError, Ended};
use crate::home;
use crate::law_cmd::FormatArg;
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::Style;
use crate::setup::SetupError;
use clap::{Args, Subcommand};
use deminimis_clearance::rates::Certified;
use deminimis_law::time::Day;
use deminimis_office::rates::table::{Row, Table};
use deminimis_office::rates::{path_in, save, stored};
use deminimis_office::tariff::store::sha256;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The largest table that is read, in bytes.
const MOST_BYTES: u64 = 64 << 20;

const COLUMNS: &str = "\
A table of rates is CSV with these columns:
  currency      ISO 4217, such as GBP
  kind          quarterly, or daily
  from          first day: of a quarterly rate the first of its quarter
  until         first day on which it no longer holds; empty: the end of the quarter, or the next day
  usd_per_unit  dollars for one unit, at most six decimals
  cite          where it was published

Used is the rate of the date of exportation: the quarterly one, unless the rate certified for that
day differs from it by 5 % or more (31 USC 5151; 19 CFR 159.34, 159.35). On weekends and holidays
the last certified day before counts.

Examples:
  deminimis rates import rates.csv
  deminimis rates status
";

/// Looks at exchange rates and takes them in.
#[derive(Args, Clone, Debug)]
#[command(after_help = COLUMNS)]
pub struct RatesArgs {
    #[command(subcommand)]
    command: RatesCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum RatesCommand {
    /// Takes in a table of certified rates (CSV); rows of the same currency, kind and day are replaced
    #[command(after_help = COLUMNS)]
    Import {
        /// The table
        file: PathBuf,
    },
    /// What is in hand: currencies, their days, and the hash that decisions name
    Status {
        #[command(flatten)]
        format: FormatArg,
    },
}

/// Runs a `rates` command.
pub fn run(args: &RatesArgs) -> Result<Ended, CommandError> {
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let page = &mut Page::new(&mut out, style.width, style.colour);
    match &args.command {
        RatesCommand::Import { file } => import(file, page)?,
        RatesCommand::Status { format } => status(format.format, page)?,
    }
    out.flush()?;
    Ok(Ended::Well)
}

fn named(path: &Path, error: &io::Error) -> CommandError {
    CommandError::Io(io::Error::new(
        error.kind(),
        format!("{}: {error}", path.display()),
    ))
}

fn import(file: &Path, page: &mut Page<'_>) -> Result<(), CommandError> {
    let Some(home) = home::data_folder() else {
        let said = format!("no data folder is known; set {}", home::HOME);
        return Err(CommandError::Usage(said));
    };
    let name = file.display();
    let opened = std::fs::File::open(file).map_err(|error| named(file, &error))?;
    let mut bytes = Vec::new();
    let mut bounded = opened.take(MOST_BYTES + 1);
    bounded
        .read_to_end(&mut bytes)
        .map_err(|error| named(file, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(CommandError::Refused(format!(
            "{name}: larger than any table of rates"
        )));
    }
    let refused = |why| CommandError::Refused(format!("{name}: {why}"));
    let new = Table::read(&bytes).map_err(refused)?;
    let (rows, known) = (
        new.rows().len(),
        stored()
            .map_err(SetupError::Tariff)?
            .map(|stored| stored.table),
    );
    let table = known.unwrap_or_default().with(new).map_err(refused)?;
    let text = table.text();
    let path = path_in(&home);
    save(&path, text.as_bytes()).map_err(|error| named(&path, &error))?;
    let said = format!(
        "{rows} rates taken in, {} in hand, kept in {}",
        table.rows().len(),
        path.display()
    );
    page.say(0, Ink::Plain, &said)?;
    page.field(2, "sha256", &sha256(text.as_bytes()))?;
    Ok(())
}

/// What is in hand of one currency.
#[derive(Default)]
struct Held {
    quarters: usize,
    days: usize,
    span: Option<(Day, Day)>,
}

fn held(rows: &[Row]) -> BTreeMap<&str, Held> {
    let mut all: BTreeMap<&str, Held> = BTreeMap::new();
    for row in rows {
        let one = all.entry(row.currency()).or_default();
        match row.kind {
            Certified::Quarterly => one.quarters += 1,
            Certified::Daily => one.days += 1,
        }
        let (from, until) = (row.rate.from, row.rate.until);
        one.span = Some(match one.span {
            Some((first, last)) => (first.min(from), last.max(until)),
            None => (from, until),
        });
    }
    all
}

fn status(format: Format, page: &mut Page<'_>) -> Result<(), CommandError> {
    let stored = stored().map_err(SetupError::Tariff)?;
    let rows = stored
        .as_ref()
        .map_or(&[][..], |stored| stored.table.rows());
    let held = held(rows);
    if format == Format::Json {
        let currencies: Vec<Value> = held
            .iter()
            .map(|(currency, one)| {
                json!({"currency": currency, "quarterly": one.quarters, "daily": one.days,
                       "from": one.span.map(|span| span.0.to_string()),
                       "until": one.span.map(|span| span.1.to_string())})
            })
            .collect();
        let said = json!({
            "rates_hash": stored.as_ref().map(|stored| stored.hash.as_str()),
            "file": stored.as_ref().map(|stored| stored.path.display().to_string()),
            "rates": rows.len(),
            "currencies": currencies,
        });
        return Ok(page.json(&said)?);
    }
    let Some(stored) = &stored else {
        let said = "no exchange rates are in hand: amounts in other currencies are asked about. \
                    See `deminimis rates import --help`.";
        return Ok(page.say(0, Ink::Plain, said)?);
    };
    let head = ["currency", "quarterly", "daily", "from", "until"].map(str::to_owned);
    let mut cells = vec![head.to_vec()];
    for (currency, one) in &held {
        let day = |pick: fn((Day, Day)) -> Day| {
            one.span
                .map_or_else(String::new, |span| pick(span).to_string())
        };
        cells.push(vec![
            (*currency).to_owned(),
            one.quarters.to_string(),
            one.days.to_string(),
            day(|span| span.0),
            day(|span| span.1),
        ]);
    }
    page.table(
        0,
        &[Ink::Id, Ink::Plain, Ink::Plain, Ink::Plain, Ink::Plain],
        &cells,
    )?;
    page.gap()?;
    page.field(0, "sha256", &stored.hash)?;
    page.field(0, "file", &stored.path.display().to_string())?;
    Ok(())
}
