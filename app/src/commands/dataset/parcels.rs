//! Every parcel of files with its text and its rendered decision, one after the other.

use crate::commands::CommandError;
use crate::commands::files::{self, Named};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::rejects::Rejects;
use crate::out::ENGINE;
use crate::pass::{Inputs, Persons, Wishes, learn};
use crate::read::{Read, Reject, RejectReason};
use clap::Args;
use deminimis_clearance::render::{Known, render};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Scratch, assess_into};
use deminimis_filing::messages::parcel::{Parcel, Refusal};
use deminimis_person::PERSON_RULES;
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
    let learned = learn(
        &setup,
        &inputs,
        &opening,
        &wishes,
        |reject| rejects.write(reject),
        |_| {},
    );
    let mut learned = learned?;
    let mut refused = learned.counts.shipments_rejected;
    let (mut scratch, mut spare) = (Scratch::default(), Scratch::default());
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let (mut persons, opening, mut index) = (Persons::default(), opening.again(), 0_u32);
    for input in inputs.iter() {
        let mut source = match inputs.open(input, &opening) {
            Ok(source) => source,
            Err(crate::read::ReadError::Empty { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            let Read::Shipment { row, rows } = read else {
                continue;
            };
            let day = learned.days.of(index)?;
            index += 1;
            let decision = assess_into(setup.books(), &shipment, &day, &mut scratch);
            let key = persons
                .of(&texts, decision.person)
                .map(|key| key.to_string());
            let known = Known {
                person_key: key.as_deref(),
                person_rules: PERSON_RULES,
                engine: ENGINE,
                rates_hash: setup.rates.hash(),
            };
            let decision = render(setup.books(), &shipment, &day, decision, known, &mut spare);
            let refusals = take(Parcel {
                shipment: &shipment,
                texts: &texts,
                decision: &decision,
            });
            refused += u64::from(!refusals.is_empty());
            for refusal in refusals {
                rejects.write(&reject(refusal, input.name(), row, rows))?;
            }
        }
    }
    let read = learned.counts.shipments_read;
    Ok(Gone {
        read,
        refused,
        rejects: rejects.finish()?,
    })
}

fn reject(refusal: Refusal, file: String, row: u64, rows: u32) -> Reject {
    Reject {
        file,
        row,
        rows,
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
