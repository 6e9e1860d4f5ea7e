//! `entry13`: the elements of informal mail entries, type 13, as JSON.

use super::parcels::{ParcelOptions, each};
use super::write_out;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use clap::Args;
use deminimis_filing::messages::parcel::Taken;
use deminimis_filing::messages::type13::{PATH, type13};

/// Writes the elements of informal mail entries, type 13.
#[derive(Debug, Args)]
pub struct Entry13Args {
    #[command(flatten)]
    parcels: ParcelOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &Entry13Args) -> Result<Ended, CommandError> {
    let (mut entries, mut numbers, mut others) = (Vec::new(), Taken::default(), 0_u64);
    let gone = each(law, &args.parcels, &[], |parcel| match type13(parcel) {
        Some(Ok(entry)) => {
            match numbers.give("s10_number", &entry.s10_number, &entry.shipment_id) {
                Ok(()) => {
                    entries.push(entry);
                    Vec::new()
                }
                Err(twice) => vec![twice],
            }
        }
        Some(Err(refusals)) => refusals,
        None => {
            others += 1;
            Vec::new()
        }
    })?;
    let mut bytes = serde_json::to_vec_pretty(&entries).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    write_out(args.parcels.output.as_deref(), &bytes)?;
    eprintln!(
        "{} entries of type 13 of {} parcels{}",
        entries.len(),
        gone.read,
        gone.words()
    );
    if others > 0 {
        eprintln!("{others} not of type 13: their path is not {PATH}");
    }
    Ok(if gone.refused > 0 {
        Ended::Refused
    } else {
        Ended::Well
    })
}
