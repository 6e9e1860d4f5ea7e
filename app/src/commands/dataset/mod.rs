//! Data sets made of decided parcels: the mail duty worksheet, type 13, the truck's manifest.
//!
//! Each reads files as `assess` does, decides every parcel with its person's day, and hands parcel,
//! text and decision to `filing`. What cannot be written goes to the rejects with its reasons.

mod entry13;
mod parcels;
mod truck;
mod worksheet;

pub use entry13::Entry13Args;
pub use truck::TruckArgs;
pub use worksheet::WorksheetArgs;

pub use entry13::run as entry13;
pub use truck::run as truck;
pub use worksheet::run as worksheet;

use crate::commands::CommandError;
use crate::commands::files::OutFile;
use std::io::{self, Write};
use std::path::Path;

/// Writes a whole data set to a file, in place when it is whole, or to standard output.
fn write_out(output: Option<&Path>, bytes: &[u8]) -> Result<(), CommandError> {
    match output {
        Some(path) => {
            let file = OutFile::open(path)?;
            let mut writer = file.writer()?;
            writer.write_all(bytes)?;
            writer.flush()?;
            drop(writer);
            file.finish()?;
        }
        None => io::stdout().lock().write_all(bytes)?,
    }
    Ok(())
}
