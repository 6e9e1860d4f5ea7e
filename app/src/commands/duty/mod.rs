//! `deminimis duty`: what one article owes, charge by charge; by origin, and over time.
//!
//! The answer is `deminimis_office::duty`'s. Nothing is reckoned here.

use crate::commands::files::{self, Named, OutFile};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::FormatArg;
use crate::out::page::Format;
use crate::out::page::Page;
use crate::out::style::Style;
use clap::Args;
use deminimis_clearance::shipment::FieldId;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::codes::Country;
use deminimis_law::names::Mode;
use deminimis_law::time::{Moment, parse_when};
use deminimis_office::duty::{Article, Reckoner, columns, json, over, picture, table, told};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const EXAMPLES: &str = "\
Examples:
  deminimis duty 6109.10.0012 --origin CN --value 40.00 --entered-at 2026-11-20
  deminimis duty 6109.10.0012 --origin MX --value 900 --claim S
  deminimis duty 7323.93.0080 --origin CN --value 500 --fact steel_value_usd=200.00
  deminimis duty 6109.10.0012 --value 900 --compare CN,MX,VN
  deminimis duty 6109.10.0012 --origin CN --value 900 --over 2018-07..2026-12 --svg history.svg

A bare date is read at noon Eastern. An amount that hangs on what is not known is a range, and each
open question is shown with the total under its answers.
";

/// What one article owes, charge by charge.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DutyArgs {
    /// HTSUS number of 8 or 10 digits, dots allowed
    number: String,
    /// Country of origin, two letters
    #[arg(long, value_name = "CC", value_parser = country, required_unless_present = "compare")]
    origin: Option<Country>,
    /// Value of the article
    #[arg(long, value_name = "AMOUNT")]
    value: String,
    /// Currency of the value
    #[arg(long, value_name = "CUR", default_value = "USD")]
    currency: String,
    /// How it crosses the border
    #[arg(long, default_value = "air", value_parser = mode)]
    mode: Mode,
    /// When it is entered [default: today]
    #[arg(long, value_name = "WHEN")]
    entered_at: Option<String>,
    /// When it was loaded on the conveyance that arrived
    #[arg(long, value_name = "WHEN")]
    loaded_at: Option<String>,
    /// The day of exportation, which fixes the rate of exchange [default: the day of entry]
    #[arg(long, value_name = "DATE")]
    exported_on: Option<String>,
    /// From where it is shipped [default: the country of origin]
    #[arg(long, value_name = "CC", value_parser = country)]
    shipped_from: Option<Country>,
    /// A program symbol or heading of chapter 98 or 99 that is claimed; may be repeated
    #[arg(long, value_name = "S")]
    claim: Vec<String>,
    /// A fact that a duty asks for, such as steel_value_usd=12.00; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = fact)]
    fact: Vec<(String, String)>,
    /// A quantity, for rates by quantity; up to three, each with its --unit
    #[arg(long, value_name = "N")]
    quantity: Vec<String>,
    /// The unit of a quantity, such as kg or doz.
    #[arg(long, value_name = "U", requires = "quantity")]
    unit: Vec<String>,
    /// The path by which the sender means to enter it
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// One column for each of these origins
    #[arg(long, value_name = "CC,CC", value_delimiter = ',', value_parser = country)]
    compare: Vec<Country>,
    /// The history of the total between two months or days, such as 2018-07..2026-12
    #[arg(long, value_name = "FROM..TO", conflicts_with_all = ["compare", "entered_at"], requires = "origin")]
    over: Option<String>,
    /// Draws the history into this file
    #[arg(long, value_name = "FILE", requires = "over")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArg,
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text)
        .ok_or_else(|| "is not a country's two capital letters, such as CN".to_owned())
}

fn mode(text: &str) -> Result<Mode, String> {
    let all: Vec<&str> = Mode::ALL.iter().map(|mode| mode.as_str()).collect();
    Mode::parse(text).ok_or_else(|| format!("write one of {}", all.join(", ")))
}

fn fact(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, such as steel_value_usd=12.00".to_owned()),
    }
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &DutyArgs) -> Result<Ended, CommandError> {
    let setup = law.setup()?;
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let page = &mut Page::new(&mut out, style.width, style.colour);
    let mut reckoner = Reckoner::new(&setup);
    if let Some(span) = &args.over {
        history(law, args, span, &mut reckoner, page)?;
    } else if args.compare.is_empty() {
        let told = told(&mut reckoner, &args.article(args.origin, today())?)?;
        match args.format.format {
            Format::Table => table::write(&setup, &told, page)?,
            Format::Json => page.json(&json::told(&mut reckoner, &told))?,
        }
    } else {
        let mut columns = Vec::new();
        let mut seen = Vec::new();
        for origin in args.origin.iter().chain(&args.compare) {
            // An origin that is named twice is one column.
            if seen.contains(origin) {
                continue;
            }
            seen.push(*origin);
            let article = args.article(Some(*origin), today())?;
            columns.push((*origin, told(&mut reckoner, &article)?));
        }
        match args.format.format {
            Format::Table => columns::write(&setup, &columns, page)?,
            Format::Json => {
                let all: Vec<_> = columns
                    .iter()
                    .map(|(_, told)| json::told(&mut reckoner, told))
                    .collect();
                page.json(&serde_json::Value::Array(all))?;
            }
        }
    }
    out.flush()?;
    Ok(Ended::Well)
}

fn history(
    law: &LawOptions,
    args: &DutyArgs,
    span: &str,
    reckoner: &mut Reckoner<'_>,
    page: &mut Page<'_>,
) -> Result<(), CommandError> {
    if args.currency != "USD" {
        return Err(CommandError::Usage(format!("--over: {}", over::USD_ALONE)));
    }
    let span = over::Span::parse(span, reckoner.setup.law.zone())
        .map_err(|why| CommandError::Usage(format!("--over `{span}` {why}")))?;
    let article = args.article(args.origin, span.from)?;
    // A parcel loaded as it is entered: relief for goods in transit is another question.
    let given = over::Given {
        loaded: args.loaded_at.is_some(),
        exported: args.exported_on.is_some(),
    };
    let steps = over::steps(reckoner, &article, span, given)?;
    if let Some(path) = &args.svg {
        let read: Vec<&Path> = law.files().collect();
        let named = Named {
            option: "--svg",
            path,
            named: true,
        };
        files::check(&read, &[named])?;
        let picture = picture::picture(&reckoner.setup.law, &args.title(), span, &steps);
        write_file(path, &picture)?;
    }
    match args.format.format {
        Format::Table => over::write(&reckoner.setup.law, &args.title(), &steps, page)?,
        Format::Json => page.json(&over::json(&reckoner.setup.law, &args.title(), &steps))?,
    }
    Ok(())
}

/// Writes a picture, whole or not at all.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), CommandError> {
    let file = OutFile::open(path)?;
    let mut writer = file.writer()?;
    writer.write_all(text.as_bytes())?;
    writer.flush()?;
    drop(writer);
    file.finish()?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

impl DutyArgs {
    /// The article, entered at `at` if the options do not say when.
    fn article(&self, origin: Option<Country>, at: Moment) -> Result<Article, CommandError> {
        let zone =
            deminimis_law::time::Zone::named(deminimis_law::rulebook::EASTERN).unwrap_or_default();
        if let Some(text) = &self.entered_at {
            let wrong = |error| CommandError::Usage(format!("--entered-at `{text}` {error}"));
            parse_when(text, &zone).map_err(wrong)?;
        }
        let mut article = Article::new().entered(self.entered_at.as_deref(), at, &zone);
        if let Some(origin) = origin {
            let from = self.shipped_from.as_ref().map(Country::as_str);
            article = article.of_origin(origin.as_str(), from);
        }
        let mut set = |field: FieldId, text: &str| article = article.with(field, text);
        set(id::HTSUS_NUMBER, &self.number);
        set(id::LINE_VALUE, &self.value);
        set(id::CURRENCY, &self.currency);
        set(id::MODE, self.mode.as_str());
        for (field, text) in [
            (id::LOADED_AT, &self.loaded_at),
            (id::EXPORTED_ON, &self.exported_on),
            (id::ENTRY_PATH, &self.path),
        ] {
            if let Some(text) = text {
                set(field, text);
            }
        }
        if !self.claim.is_empty() {
            set(id::CLAIMS, &self.claim.join(";"));
        }
        if self.quantity.len() > id::QUANTITIES.len() || self.unit.len() > self.quantity.len() {
            let said = "give at most three of --quantity, each with one --unit behind it";
            return Err(CommandError::Usage(said.to_owned()));
        }
        for (field, text) in id::QUANTITIES.into_iter().zip(&self.quantity) {
            set(field, text);
        }
        for (field, text) in id::UNITS.into_iter().zip(&self.unit) {
            set(field, text);
        }
        for (name, text) in &self.fact {
            article = article.with_fact(name, text);
        }
        Ok(article)
    }

    /// What is reckoned, in a line.
    fn title(&self) -> String {
        let origin = self.origin.as_ref().map(Country::as_str);
        over::title(&self.number, origin, &self.value, self.mode.as_str())
    }
}

/// The moment of the call.
fn today() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Moment(since.map_or(0, |since| since.as_secs() as i64))
}
