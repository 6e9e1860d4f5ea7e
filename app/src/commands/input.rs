//! Options that say how files of parcels are read; shared by all commands that read them.

use crate::commands::CommandError;
use crate::pass::Opening;
use crate::read::presets;
use crate::read::{Catalog, Format, Ids, Import, Map};
use crate::setup::Setup;
use clap::{Args, ValueEnum};
use deminimis_filing::imports::{self, Per, System};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How a file of parcels is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InputFormat {
    /// One row an article.
    Csv,
    /// One object, or an array.
    Json,
    /// One object a line.
    Ndjson,
}

/// How files of parcels are read.
#[derive(Clone, Debug, Default, Args)]
pub struct InputOptions {
    /// How the input is written [default: by its name, then by its first bytes]
    #[arg(long, value_enum, help_heading = "Input")]
    input_format: Option<InputFormat>,
    /// Fill absent line fields from a list of articles by sku
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
    /// Read columns by a map of your own names
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Input",
        conflicts_with = "from"
    )]
    map: Option<PathBuf>,
    /// Read an export of a shop or carrier service: its CSV, or the JSON of its interface
    #[arg(long, value_name = "SYSTEM", value_parser = systems(), help_heading = "Input")]
    from: Option<String>,
    /// In JSON of --from, values are those of the whole line or of one piece [default: as the
    /// system is known to write them]
    #[arg(
        long,
        value_enum,
        value_name = "OF",
        requires = "from",
        help_heading = "Input"
    )]
    values_are: Option<PerArg>,
    /// The same for weights
    #[arg(
        long,
        value_enum,
        value_name = "OF",
        requires = "from",
        help_heading = "Input"
    )]
    weights_are: Option<PerArg>,
    /// Set a field that the file lacks, such as mode=express; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair, help_heading = "Input")]
    set: Vec<(String, String)>,
    /// Pass over columns and keys that are not fields
    #[arg(long, help_heading = "Input")]
    ignore_unknown: bool,
}

/// What a value or weight is of.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PerArg {
    /// The whole line.
    Line,
    /// One piece: the quantity multiplies it.
    Piece,
}

impl From<PerArg> for Per {
    fn from(per: PerArg) -> Per {
        match per {
            PerArg::Line => Per::Line,
            PerArg::Piece => Per::Piece,
        }
    }
}

/// The systems whose files are read, in the order they are listed to a user.
fn systems() -> [&'static str; System::ALL.len()] {
    System::ALL.map(System::name)
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok((field.to_owned(), value.to_owned())),
        _ => Err("write FIELD=VALUE, such as mode=express".to_owned()),
    }
}

impl InputOptions {
    /// The files that are read beside those of parcels.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.catalog, &self.map]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }

    /// The map of columns: the user's file, or a preset.
    fn column_map(&self) -> Result<Option<Map>, CommandError> {
        if let Some(preset) = &self.from {
            // A system without a preset is read as JSON only.
            let known = presets::names().contains(&preset.as_str());
            let map = known.then(|| presets::preset(preset)).transpose();
            return map.map_err(CommandError::Usage);
        }
        let Some(path) = &self.map else {
            return Ok(None);
        };
        let text = fs::read_to_string(path)
            .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
        let wrong = |error| CommandError::Usage(format!("{}: {error}", path.display()));
        Map::parse(&text).map(Some).map_err(wrong)
    }

    /// The system whose JSON is read.
    fn import(&self) -> Option<Import> {
        let system = System::named(self.from.as_deref()?)?;
        Some(Import {
            system,
            options: imports::Options {
                values: self.values_are.map(Per::from),
                weights: self.weights_are.map(Per::from),
                purpose_is_given: self.set.iter().any(|(field, _)| field == "purpose"),
            },
        })
    }

    /// Reads the catalog, if one is named.
    pub fn read_catalog(&self, setup: &Setup) -> Result<Option<Catalog>, CommandError> {
        let Some(path) = &self.catalog else {
            return Ok(None);
        };
        let file = File::open(path)
            .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
        let name = path.display().to_string();
        Ok(Some(Catalog::read(
            file,
            &name,
            &setup.book.facts,
            setup.law.zone(),
        )?))
    }

    /// How inputs are to be opened.
    pub fn opening<'a>(
        &self,
        setup: &'a Setup,
        catalog: Option<&'a Catalog>,
    ) -> Result<Opening<'a>, CommandError> {
        Ok(Opening {
            setup,
            format: self.input_format.map(|format| match format {
                InputFormat::Csv => Format::Csv,
                InputFormat::Json => Format::Json,
                InputFormat::Ndjson => Format::NdJson,
            }),
            map: self.column_map()?,
            import: self.import(),
            catalog,
            ignore_unknown: self.ignore_unknown,
            set: self.set.clone(),
            defaults: None,
            ids: Ids::default(),
        })
    }
}
