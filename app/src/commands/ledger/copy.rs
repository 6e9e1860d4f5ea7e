//! `ledger export`, `import`, `backup`, `restore`: the ledger elsewhere.

use super::look::{failed, open, show};
use super::{Copy, Look};
use crate::commands::files::OutFile;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::Format;
use crate::law_cmd::page::Style as Ink;
use crate::ledger::{Keys, LedgerError, Place};
use deminimis_store::{Sqlite, StoreError};
use serde_json::json;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// What the store refuses is the sender's to change.
fn refused(place: &str, path: &Path, error: StoreError) -> CommandError {
    match error {
        StoreError::Refused(reason) => {
            CommandError::Refused(format!("{}: {reason}", path.display()))
        }
        other => failed(place)(other).into(),
    }
}

fn tell(look: &Look, verb: &str, path: &Path, rows: Option<u64>) -> Result<Ended, CommandError> {
    let file = path.display().to_string();
    if look.format.format == Format::Json {
        let all = json!({ "done": verb, "file": file, "rows": rows });
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    let rows = rows.map_or_else(String::new, |rows| format!(", {rows} rows"));
    show(|page| page.say(0, Ink::Plain, &format!("{verb}: {file}{rows}")))?;
    Ok(Ended::Well)
}

/// Writes a tenant's ledger and records as lines of JSON.
pub fn export(args: &Copy) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&args.look)?;
    let file = OutFile::open(&args.file)?;
    let tenant = &args.look.place.tenant;
    let rows = ledger.export(tenant, Box::new(file.writer()?)).wait();
    let rows = rows.map_err(|error| refused(&place, &args.file, error))?;
    file.finish()?;
    tell(&args.look, "exported", &args.file, Some(rows))
}

/// Takes an export into an empty ledger.
pub fn import(args: &Copy) -> Result<Ended, CommandError> {
    let from = File::open(&args.file).map_err(|error| LedgerError::File {
        path: args.file.clone(),
        error,
    })?;
    let place = args.look.place.place()?;
    // What is sealed can be checked with the key it was sealed with alone.
    let keys = Keys::read(false)?;
    let ledger = place.open(true, Some(&keys))?;
    let rows = ledger.import(Box::new(BufReader::new(from))).wait();
    let rows = rows.map_err(|error| refused(&place.to_string(), &args.file, error))?;
    tell(&args.look, "imported", &args.file, Some(rows))
}

/// Copies the whole ledger into a new file.
pub fn backup(args: &Copy) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&args.look)?;
    let done = ledger.backup(&args.file).wait();
    done.map_err(|error| refused(&place, &args.file, error))?;
    tell(&args.look, "backed up", &args.file, None)
}

/// Makes a ledger from a backup.
pub fn restore(args: &Copy) -> Result<Ended, CommandError> {
    let place = args.look.place.place()?;
    let Place::Sqlite(to) = &place else {
        return Err(CommandError::Usage(
            "a PostgreSQL ledger is restored with pg_restore".to_owned(),
        ));
    };
    if !args.file.is_file() {
        let said = format!("{}: no backup is there", args.file.display());
        return Err(CommandError::Usage(said));
    }
    let keys = Keys::in_hand()?;
    let keys = keys.as_ref().map(|keys| &keys.installation);
    let done = Sqlite::restore(&args.file, to, keys);
    done.map_err(|error| refused(&place.to_string(), to, error))?;
    tell(&args.look, "restored", to, None)
}
