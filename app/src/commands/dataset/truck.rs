//! `truck-manifest`: the parcels of a truck as an `ACE_TRIP` of BorderConnect.

use super::parcels::{ParcelOptions, each};
use super::write_out;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use clap::Args;
use deminimis_filing::messages::parcel::Taken;
use deminimis_filing::messages::truck::{AceTrip, Trip, shipment};
use std::fs;
use std::path::PathBuf;

/// The largest file of a trip, in bytes.
const MAX_TRIP: u64 = 1 << 20;

/// Writes the manifest of a truck.
#[derive(Debug, Args)]
pub struct TruckArgs {
    /// The trip as JSON: truck, trailers, drivers, port and time of arrival
    #[arg(long, value_name = "FILE")]
    trip: PathBuf,
    #[command(flatten)]
    parcels: ParcelOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: &TruckArgs) -> Result<Ended, CommandError> {
    let trip = trip(args)?;
    let (mut shipments, mut numbers, mut others) = (Vec::new(), Taken::default(), 0_u64);
    let gone = each(law, &args.parcels, &[&args.trip], |parcel| {
        match shipment(parcel, &trip) {
            Some(Ok(made)) => {
                let (number, id) = (&made.shipment_control_number, &parcel.shipment.id);
                match numbers.give("house_bill", number, id) {
                    Ok(()) => {
                        shipments.push(made);
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
        }
    })?;
    let manifest = AceTrip::new(&trip, &shipments);
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    write_out(args.parcels.output.as_deref(), &bytes)?;
    eprintln!(
        "{} shipments of {} parcels{}",
        shipments.len(),
        gone.read,
        gone.words()
    );
    if others > 0 {
        eprintln!("{others} not on the manifest: they do not come by truck");
    }
    Ok(if gone.refused > 0 {
        Ended::Refused
    } else {
        Ended::Well
    })
}

fn trip(args: &TruckArgs) -> Result<Trip, CommandError> {
    let name = args.trip.display();
    let usage = |why: String| CommandError::Usage(format!("{name}: {why}"));
    let size = fs::metadata(&args.trip)
        .map_err(|error| usage(error.to_string()))?
        .len();
    if size > MAX_TRIP {
        return Err(usage("is larger than 1 MiB: a trip is not".to_owned()));
    }
    let text = fs::read_to_string(&args.trip).map_err(|error| usage(error.to_string()))?;
    let trip: Trip = serde_json::from_str(&text).map_err(|error| {
        // What stands there may be of a person, or the key: the place alone is told.
        usage(format!(
            "line {} column {} is not as the manual writes a trip: no JSON, a value of another type, \
             or a key that is missing or unknown",
            error.line(),
            error.column()
        ))
    })?;
    let wrong: Vec<String> = trip.check().iter().map(ToString::to_string).collect();
    match wrong.is_empty() {
        true => Ok(trip),
        false => Err(CommandError::Refused(format!(
            "{name}: {}",
            wrong.join("\n  ")
        ))),
    }
}
