//! `worksheet`: the mail duty worksheet of a month.

use super::parcels::{Gone, ParcelOptions, each};
use super::write_out;
use crate::commands::law::LawOptions;
use crate::commands::month::Month;
use crate::commands::{CommandError, Ended};
use clap::{Args, ValueEnum};
use deminimis_filing::messages::mail::{Header, Placed, Worksheet, write_csv, write_xlsx};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How a worksheet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SheetFormat {
    /// Comma-separated text.
    Csv,
    /// A spreadsheet.
    Xlsx,
}

/// Writes the mail duty worksheet of a month.
#[derive(Debug, Args)]
pub struct WorksheetArgs {
    /// The month of arrival
    #[arg(long, value_name = "YYYY-MM", value_parser = Month::parse)]
    month: Month,
    /// How it is written [default: by the output's name, else csv]
    #[arg(long, value_enum)]
    format: Option<SheetFormat>,
    /// A CSV file whose first row names the 14 columns
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,
    #[command(flatten)]
    parcels: ParcelOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &WorksheetArgs) -> Result<Ended, CommandError> {
    let header = header(args.header.as_deref())?;
    let format = format(args)?;
    let mut sheet = Worksheet::new(args.month.first, args.month.last);
    let mut elsewhere = Elsewhere::default();
    let also: Vec<&Path> = args.header.as_deref().into_iter().collect();
    let gone = each(law, &args.parcels, &also, |parcel| {
        match sheet.add(parcel) {
            Placed::Refused(refusals) => return refusals,
            Placed::Written => {}
            Placed::OtherMonth => elsewhere.month += 1,
            Placed::OtherPath(path) => *elsewhere.paths.entry(path).or_default() += 1,
        }
        Vec::new()
    })?;
    let mut bytes = Vec::new();
    match format {
        SheetFormat::Csv => write_csv(&sheet, &header, &mut bytes)?,
        SheetFormat::Xlsx => {
            bytes = write_xlsx(&sheet, &header)
                .map_err(|error| CommandError::Refused(error.to_string()))?;
        }
    }
    write_out(args.parcels.output.as_deref(), &bytes)?;
    eprint!("{}", summary(&sheet, &elsewhere, &gone));
    Ok(if gone.refused > 0 {
        Ended::Refused
    } else {
        Ended::Well
    })
}

/// Parcels that were read and do not stand on this worksheet.
#[derive(Default)]
struct Elsewhere {
    month: u64,
    paths: BTreeMap<&'static str, u64>,
}

fn format(args: &WorksheetArgs) -> Result<SheetFormat, CommandError> {
    let output = args.parcels.output.as_deref();
    let named = output
        .and_then(Path::extension)
        .is_some_and(|last| last.eq_ignore_ascii_case("xlsx"));
    let format = args.format.unwrap_or(if named {
        SheetFormat::Xlsx
    } else {
        SheetFormat::Csv
    });
    if format == SheetFormat::Xlsx && output.is_none() {
        let message = "a spreadsheet goes to a file: name one with -o FILE.xlsx";
        return Err(CommandError::Usage(message.to_owned()));
    }
    Ok(format)
}

fn header(path: Option<&Path>) -> Result<Header, CommandError> {
    let Some(path) = path else {
        return Ok(Header::default());
    };
    let usage = |why: String| CommandError::Usage(format!("{}: {why}", path.display()));
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(|error| usage(error.to_string()))?;
    let mut first = csv::StringRecord::new();
    if !rows
        .read_record(&mut first)
        .map_err(|error| usage(error.to_string()))?
    {
        return Err(usage(
            "is empty: one row with the names of the columns is meant".to_owned(),
        ));
    }
    Header::new(first.iter().map(str::to_owned).collect()).map_err(usage)
}

fn summary(sheet: &Worksheet, elsewhere: &Elsewhere, gone: &Gone) -> String {
    let mut text = format!(
        "{} parcels on the worksheet ({} gifts), {} rows \u{b7} value ${} \u{b7} duty ${}{}\n",
        sheet.parcels,
        sheet.gifts,
        sheet.rows.len(),
        sheet.value,
        sheet.duty,
        gone.words(),
    );
    if sheet.fees.0 > 0 {
        text.push_str(&format!(
            "fees of ${} are owed besides, which no column holds\n",
            sheet.fees
        ));
    }
    for ((what, due, or_due), parcels) in &sheet.due {
        let day = due.as_deref().unwrap_or("a day that is not known");
        let or = or_due
            .as_ref()
            .map_or(String::new(), |or| format!(" or {or}"));
        text.push_str(&format!("due {day}{or}: {what} ({parcels} parcels)\n"));
    }
    if elsewhere.month > 0 {
        text.push_str(&format!("{} arrived in another month\n", elsewhere.month));
    }
    for (path, parcels) in &elsewhere.paths {
        text.push_str(&format!("{parcels} not of the worksheet: path {path}\n"));
    }
    text
}
