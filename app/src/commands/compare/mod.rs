//! `deminimis compare`: the same parcels under several ways of shipping.

mod models;
mod picture;
mod tell;
mod ways;

use crate::commands::duty::write_file;
use crate::commands::files::{self, Named};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::FormatArg;
use crate::out::page::Format;
use crate::out::page::Page;
use crate::out::style::Style;
use crate::pass::{Inputs, Opening, Wishes, learn};
use crate::read::Read;
use crate::setup::Setup;
use clap::Args;
use deminimis_clearance::shipment::{FieldId, Shipment, Texts};
use deminimis_law::money::parse_minor;
use deminimis_law::time::Day;
use deminimis_office::duty::Reckoner;
use models::Model;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tell::Told;
use ways::Way;

const EXAMPLES: &str = "\
A model changes how parcels come: mode, country of shipment, customs status, one entry for many. It
never changes origin, number, value or claims. Freight, storage, handling and days are yours: copy
examples/models/models.toml, change it, and give it with --with.

Examples:
  deminimis compare parcels.csv
  deminimis compare parcels.csv --models direct,bulk --per-year 120000 --svg models.svg
  deminimis compare parcels.csv --models direct,3pl --with my-models.toml --format json
";

/// Compares ways of shipping.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CompareArgs {
    /// The file of parcels (CSV, JSON, NDJSON, also gzip); `-` is standard input
    file: PathBuf,
    /// Which models, in this order [default: all of the file of models]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    models: Vec<String>,
    /// A file of models [default: direct, mx-border, ca-border, ftz and bulk, with sample figures]
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// Parcels a year [default: as many as the file's own span makes]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    per_year: Option<u64>,
    /// Also draws it into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArg,
    #[command(flatten)]
    input: InputOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &CompareArgs) -> Result<Ended, CommandError> {
    check_files(law, args)?;
    let setup = law.setup()?;
    let models = chosen(args)?;
    for id in models.iter().flat_map(|model| &model.law) {
        if setup.book.instrument(id).is_none() {
            let said =
                format!("a model names `{id}`, which is no instrument; see `deminimis law list`");
            return Err(CommandError::Usage(said));
        }
    }
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let told = ship(&setup, args, &opening, &models)?;
    if let Some(path) = &args.svg {
        write_file(path, &picture::picture(&told))?;
    }
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let page = &mut Page::new(&mut out, style.width, style.colour);
    match args.format.format {
        Format::Table => tell::write(&setup.law, &told, page)?,
        Format::Json => page.json(&tell::json(&setup.law, &told))?,
    }
    out.flush()?;
    Ok(match told.refused {
        0 => Ended::Well,
        _ => Ended::Refused,
    })
}

fn check_files(law: &LawOptions, args: &CompareArgs) -> Result<(), CommandError> {
    let with = args.with.iter().map(PathBuf::as_path);
    let read: Vec<&Path> = std::iter::once(args.file.as_path())
        .chain(args.input.files())
        .chain(law.files())
        .chain(with)
        .collect();
    let written = args.svg.as_deref().map(|path| Named {
        option: "--svg",
        path,
        named: true,
    });
    let written: Vec<Named<'_>> = written.into_iter().collect();
    files::check(&read, &written)
}

fn chosen(args: &CompareArgs) -> Result<Vec<Model>, CommandError> {
    let name = args
        .with
        .as_ref()
        .map_or_else(|| "models".to_owned(), |path| path.display().to_string());
    let wrong = |why: String| CommandError::Usage(format!("{name}: {why}"));
    let text = args.with.as_ref().map(std::fs::read_to_string).transpose();
    let text = text.map_err(|error| wrong(error.to_string()))?;
    let all = models::read(text.as_deref()).map_err(wrong)?;
    if args.models.is_empty() {
        return Ok(all);
    }
    let find = |wanted: &String| {
        let names: Vec<&str> = all.iter().map(|model| model.name.as_str()).collect();
        let said = || {
            CommandError::Usage(format!(
                "no model `{wanted}`; there are {}",
                names.join(", ")
            ))
        };
        all.iter()
            .find(|model| model.name == *wanted)
            .cloned()
            .ok_or_else(said)
    };
    args.models.iter().map(find).collect()
}

/// Ships every parcel of the file by every model.
fn ship(
    setup: &Setup,
    args: &CompareArgs,
    opening: &Opening<'_>,
    models: &[Model],
) -> Result<Told, CommandError> {
    let inputs = Inputs::new(std::slice::from_ref(&args.file))?;
    let wishes = Wishes::default();
    let mut learned = learn(setup, &inputs, opening, &wishes, |_| Ok(()), |_| Ok(()))?;
    let mut reckoner = Reckoner::new(setup);
    let mut ways: Vec<Way<'_>> = models.iter().map(Way::new).collect();
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let (mut index, mut span): (u32, Option<(Day, Day)>) = (0, None);
    let again = opening.again();
    for input in inputs.iter() {
        let mut source = inputs.open(input, &again)?;
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            let Read::Shipment { .. } = read else {
                continue;
            };
            let day = learned.days.of(index)?;
            index += 1;
            let arrives = shipment.arrives_at.day;
            span = Some(span.map_or((arrives, arrives), |(first, last)| {
                (first.min(arrives), last.max(arrives))
            }));
            for way in &mut ways {
                way.ship(&mut reckoner, &shipment, grams(&texts), &day);
            }
        }
    }
    let Some((first, last)) = span else {
        let said = format!("{}: no parcel of it can be read", args.file.display());
        return Err(CommandError::Refused(said));
    };
    let parcels = u64::from(index);
    let days = u64::try_from(last.0 - first.0 + 1).unwrap_or(1).max(1);
    Ok(Told {
        per_year: args.per_year.unwrap_or((parcels * 365 + days / 2) / days),
        per_year_given: args.per_year.is_some(),
        parcels,
        refused: learned.counts.shipments_rejected,
        span: (first, last),
        models: models
            .iter()
            .zip(ways)
            .map(|(model, way)| (model.clone(), way.finish(&mut reckoner)))
            .collect(),
    })
}

/// The gross weight of the parcel, in grams.
fn grams(texts: &Texts) -> Option<i64> {
    let field = FieldId::named("gross_weight_kg")?;
    // The builder read it already, so that what stands there is a weight.
    parse_minor(texts.get(field)?, 3).ok()
}
