//! Every parcel of files with its text and its rendered decision, one after the other.

use crate::commands::CommandError;
use crate::commands::files::{self, Named};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::rejects::Rejects;
use crate::out::json::rendered;
use crate::pass::second::{Told, decide_with_texts};
use crate::pass::{Inputs, Wishes, learn};
use crate::read::{Reject, RejectReason};
use clap::Args;
use deminimis_filing::messages::parcel::{Parcel, Refusal};
use std::path::{Path, PathBuf};

/// What the data set commands share.
#[derive(Debug, Args)]
pub struct ParcelOptions {
    /// Files of parcels (CSV, JSON, NDJSON, also gzip); `-` is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Where refused parcels go [default: NAME.rejects.csv here, if there are any]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    input: InputOptions,
}

/// What came of a run.
pub struct Gone {
    /// Parcels read.
    pub read: u64,
    /// Parcels refused when they were read, or kept out of the data set.
    pub refused: u64,
    /// The file of refused parcels, if there are any.
    pub rejects: Option<String>,
}

impl Gone {
    /// What is told of refusals; nothing where there are none.
    pub fn words(&self) -> String {
        match &self.rejects {
            Some(file) => format!(" \u{b7} {} refused ({file})", self.refused),
            None => String::new(),
        }
    }
}

/// Decides every parcel and hands it on; what `take` refuses goes to the rejects. `also_read` names
/// further files that must not be written over.
pub fn each(
    law: &LawOptions,
    options: &ParcelOptions,
    also_read: &[&Path],
    mut take: impl FnMut(Parcel<'_>) -> Vec<Refusal>,
) -> Result<Gone, CommandError> {
    let mut rejects = Rejects::new(options.rejects.as_ref(), options.files.first());
    check_files(law, options, also_read, &rejects)?;
    let setup = law.setup()?;
    let catalog = options.input.read_catalog(&setup)?;
    let opening = options.input.opening(&setup, catalog.as_ref())?;
    rejects.open_named()?;
    let inputs = Inputs::new(&options.files)?;
    let wishes = Wishes::default();
    let refuse = |reject: &Reject| rejects.write(reject);
    let mut learned = learn(&setup, &inputs, &opening, &wishes, refuse, |_| Ok(()))?;
    // The parcels are read again, with their texts.
    learned.held = None;
    let mut refused = learned.counts.shipments_rejected;
    decide_with_texts(
        &setup,
        &inputs,
        &opening,
        &wishes,
        &mut learned,
        |told, spare| -> Result<(), CommandError> {
            let decision = rendered(&told.decided, spare);
            let refusals = take(Parcel {
                shipment: told.decided.shipment,
                texts: told.texts,
                decision: &decision,
            });
            refused += u64::from(!refusals.is_empty());
            for refusal in refusals {
                rejects.write(&reject(refusal, told))?;
            }
            Ok(())
        },
    )?;
    Ok(Gone {
        read: learned.counts.shipments_read,
        refused,
        rejects: rejects.finish()?,
    })
}

fn reject(refusal: Refusal, told: &Told<'_>) -> Reject {
    Reject {
        file: told.file.to_owned(),
        row: told.row,
        rows: told.rows,
        shipment_id: Some(refusal.shipment_id),
        field: match refusal.line {
            Some(line) => format!("lines[{line}].{}", refusal.field),
            None => refusal.field,
        },
        line: refusal.line.map(u32::from),
        value: refusal.value,
        reason: RejectReason::Rule(refusal.reason),
        consignee: None,
    }
}

/// What is written must not be what is read, nor both outputs one file.
fn check_files(
    law: &LawOptions,
    options: &ParcelOptions,
    also_read: &[&Path],
    rejects: &Rejects,
) -> Result<(), CommandError> {
    let parcels = options.files.iter().map(PathBuf::as_path);
    let read: Vec<&Path> = parcels
        .chain(options.input.files())
        .chain(law.files())
        .chain(also_read.iter().copied())
        .collect();
    let output = options.output.as_deref().map(|path| Named {
        option: "--output",
        path,
        named: true,
    });
    let written: Vec<_> = output.into_iter().chain([rejects.output()]).collect();
    files::check(&read, &written)
}
