//! `schema`: the JSON Schema of a shipment or of a decision, made from the program's own types.

use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use clap::{Args, ValueEnum};
use deminimis_clearance::render::decision_schema;
use deminimis_clearance::shipment::schema::shipment_schema;
use std::io::Write;

/// Which schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// What goes in.
    Shipment,
    /// What comes out.
    Decision,
}

/// Prints a schema.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which
    #[arg(value_enum)]
    what: What,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &SchemaArgs) -> Result<Ended, CommandError> {
    let schema = match args.what {
        What::Shipment => shipment_schema(&law.setup()?.book.facts),
        What::Decision => decision_schema(),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(Ended::Well)
}
