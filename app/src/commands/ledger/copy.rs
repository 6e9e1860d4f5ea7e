//! `ledger export`, `import`, `backup`, `restore`: the ledger elsewhere.

use super::look::{failed, open, show};
use super::{Copy, CopyWhole};
use crate::commands::files::{OutFile, keep};
use crate::commands::{CommandError, Ended};
use crate::law_cmd::FormatArg;
use crate::ledger::{Keys, LedgerError, Place, forgotten};
use crate::out::page::Format;
use crate::out::page::Style as Ink;
use deminimis_store::{Refused, Sqlite, StoreError};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

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
    let from = Box::new(BufReader::new(from));
    let rows = match place.file().filter(|path| !path.exists()) {
        Some(path) => import_new(path, &keys, from)?,
        None => {
            let ledger = place.open(true, Some(&keys))?;
            ledger.import_without(from, forgotten()?).wait()
        }
    };
    let rows = rows.map_err(|error| refused(&place, &args.file, error))?;
    tell(&args.whole.format, "imported", &args.file, Some(rows))
}

/// Takes an export into a file that is not there yet. It gets its name when it is whole: what is
/// refused leaves nothing, and a ledger that another program makes meanwhile is not touched.
fn import_new(
    path: &Path,
    keys: &Keys,
    from: Box<BufReader<File>>,
) -> Result<Result<u64, StoreError>, LedgerError> {
    let failed = |error| LedgerError::File {
        path: path.to_owned(),
        error,
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let apart = tempfile::tempdir_in(folder).map_err(failed)?;
    let made = apart.path().join("ledger");
    let ledger = Place::Sqlite(made.clone()).open(true, Some(keys))?;
    let rows = ledger.import_without(from, forgotten()?).wait();
    // Closing it leaves all of it in one file.
    drop(ledger);
    if rows.is_err() {
        return Ok(rows);
    }
    let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
    sync(&made).map_err(failed)?;
    match std::fs::hard_link(&made, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Ok(Err(Refused::NotEmpty.into()));
        }
        linked => linked.map_err(failed)?,
    }
    sync(folder).map_err(failed)?;
    Ok(rows)
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
