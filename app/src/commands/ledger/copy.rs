//! `ledger export`, `import`, `backup`, `restore`: the ledger elsewhere.

use super::look::{failed, open, show};
use super::{Copy, CopyWhole};
use crate::commands::files::{OutFile, keep};
use crate::commands::{CommandError, Ended};
use crate::law_cmd::page::Style as Ink;
use crate::law_cmd::{Format, FormatArg};
use crate::ledger::{Keys, LedgerError, Place, forgotten};
use deminimis_store::{Refused, Sqlite, StoreError};
use serde_json::json;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What the store refuses is the sender's to change.
fn refused(place: &Place, path: &Path, error: StoreError) -> CommandError {
    match error {
        StoreError::Refused(reason) => {
            CommandError::Refused(format!("{}: {reason}", path.display()))
        }
        other => failed(place)(other).into(),
    }
}

fn tell(
    format: &FormatArg,
    verb: &str,
    path: &Path,
    rows: Option<u64>,
) -> Result<Ended, CommandError> {
    let file = path.display().to_string();
    if format.format == Format::Json {
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
    let (ledger, place) = open(&args.look.place.whole)?;
    keep(&place.files(), &args.file)?;
    let file = OutFile::open(&args.file)?;
    let tenant = &args.look.place.tenant;
    let rows = ledger.export(tenant, Box::new(file.writer()?)).wait();
    let rows = rows.map_err(|error| refused(&place, &args.file, error))?;
    file.finish()?;
    tell(&args.look.format, "exported", &args.file, Some(rows))
}

/// Takes an export into an empty ledger.
pub fn import(args: &CopyWhole) -> Result<Ended, CommandError> {
    let from = File::open(&args.file).map_err(|error| LedgerError::File {
        path: args.file.clone(),
        error,
    })?;
    let place = args.whole.place.place()?;
    // What is sealed can be checked with the key it was sealed with alone.
    let keys = Keys::read(false)?;
    let erased = forgotten()?;
    let is_new = place.find().is_err();
    let ledger = place.open(true, Some(&keys))?;
    let from = Box::new(BufReader::new(from));
    let rows = ledger.import_without(from, erased).wait();
    if is_new && matches!(rows, Err(StoreError::Refused(_))) {
        drop(ledger);
        // What was made for nothing goes; what cannot be removed is an empty ledger.
        for path in place
            .beside()
            .iter()
            .map(PathBuf::as_path)
            .chain(place.file())
        {
            let _removed = std::fs::remove_file(path);
        }
    }
    let rows = rows.map_err(|error| refused(&place, &args.file, error))?;
    tell(&args.whole.format, "imported", &args.file, Some(rows))
}

/// Copies the whole ledger into a new file.
pub fn backup(args: &CopyWhole) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&args.whole.place)?;
    let done = ledger.backup(&args.file).wait();
    done.map_err(|error| refused(&place, &args.file, error))?;
    tell(&args.whole.format, "backed up", &args.file, None)
}

/// Makes a ledger from a backup.
pub fn restore(args: &CopyWhole) -> Result<Ended, CommandError> {
    let place = args.whole.place.place()?;
    let Place::Sqlite(to) = &place else {
        return Err(CommandError::Usage(
            "a PostgreSQL ledger is restored with pg_restore".to_owned(),
        ));
    };
    if !args.file.is_file() {
        let said = format!("{}: no backup is there", args.file.display());
        return Err(CommandError::Usage(said));
    }
    // SQLite would take what a ledger that was there has left beside it for this one's.
    if let Some(left) = place.beside().iter().find(|path| path.exists()) {
        let said = format!(
            "{}: is of a ledger that was there before; take it away, or restore to another name",
            left.display()
        );
        return Err(CommandError::Refused(said));
    }
    let keys = Keys::in_hand()?;
    let keys = keys.as_ref().map(|keys| &keys.installation);
    let done = Sqlite::restore_without(&args.file, to, keys, &forgotten()?);
    done.map_err(|error| match error {
        StoreError::Refused(Refused::Exists) => refused(&place, to, error),
        error => refused(&Place::Sqlite(args.file.clone()), &args.file, error),
    })?;
    tell(&args.whole.format, "restored", to, None)
}
