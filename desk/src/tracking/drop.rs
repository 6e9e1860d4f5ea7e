//! Events as CSV: from a request, and from files that other systems drop into a folder.
//!
//! A file `HOME/drop/TENANT/NAME.csv` is taken when it has not grown for a while. It goes to
//! `done/`, and beside it what was refused of it as `NAME.rejects.csv`.

use super::event::{EventSent, TOGETHER, note_all};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use deminimis_office::ledger::now;
use deminimis_store::desk::TrackEvent;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The most bytes and rows of one file.
pub const MOST_BYTES: u64 = 32 << 20;
const MOST_ROWS: u64 = 200_000;
/// The most rows of one request, which has its time.
pub const MOST_ROWS_SENT: u64 = 5_000;
/// How often the folder is looked into.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a file must not have changed before it is taken.
const SETTLED: Duration = Duration::from_secs(2);

const COLUMNS: [&str; 10] = [
    "shipment_id",
    "kind",
    "at",
    "event_id",
    "place",
    "warehouse",
    "crossing",
    "hold",
    "meets",
    "note",
];

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its row, the header being row 1.
    pub row: u64,
    /// Whose it was to be.
    pub shipment_id: String,
    /// The field.
    pub field: String,
    /// Why, and what would be right.
    pub reason: String,
}

/// What came of a table of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Events that are new.
    pub fresh: u64,
    /// Events that were told before.
    pub again: u64,
    /// Rows that were refused.
    pub refused: Vec<Refused>,
}

/// Takes a table of events, each row by itself.
///
/// # Errors
/// The table has not the columns of events, or is too long; the store fails.
pub async fn take(
    desk: &Desk,
    (tenant, source): (&str, &str),
    bytes: &[u8],
    most: u64,
) -> Result<Taken, Problem> {
    let wrong = |said: String| Problem::new(Code::BadShipment, said);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader
        .byte_headers()
        .map_err(|error| wrong(error.to_string()))?
        .clone();
    let mut places = Vec::new();
    for name in &header {
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        let known = COLUMNS.iter().position(|column| *column == name);
        let said = || format!("the columns are {}; `{name}` is none", COLUMNS.join(", "));
        places.push(known.ok_or_else(|| wrong(said()))?);
    }
    let twice = |at: usize| places[..at].contains(&places[at]);
    if (0..places.len()).any(twice) || !(0..3).all(|needed| places.contains(&needed)) {
        return Err(wrong(
            "shipment_id, kind and at are needed, each column once".to_owned(),
        ));
    }
    let (mut taken, mut waiting) = (Taken::default(), Vec::new());
    for (row, record) in (2..).zip(reader.byte_records()) {
        if row > most + 1 {
            return Err(wrong(format!("a table of events has {most} rows at most")));
        }
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let mut cells: [Option<String>; COLUMNS.len()] = Default::default();
        let mut refuse = |shipment_id: &str, field: &str, reason: String| {
            taken.refused.push(Refused {
                row,
                shipment_id: shipment_id.chars().take(200).collect(),
                field: field.to_owned(),
                reason,
            });
        };
        if record.len() != places.len() {
            let (found, expected) = (record.len(), places.len());
            refuse(
                "",
                "",
                format!("has {found} fields where the header has {expected}"),
            );
            continue;
        }
        let mut utf8 = true;
        for (cell, place) in record.iter().zip(&places) {
            utf8 &= str::from_utf8(cell).is_ok();
            let text = String::from_utf8_lossy(cell).trim().to_owned();
            cells[*place] = (!text.is_empty()).then_some(text);
        }
        let [
            id,
            kind,
            at,
            event_id,
            place,
            warehouse,
            crossing,
            hold,
            meets,
            words,
        ] = cells;
        let id = id.unwrap_or_default();
        if !utf8 {
            refuse(&id, "", "is not UTF-8; save the file as UTF-8".to_owned());
            continue;
        }
        let sent = EventSent {
            event_id,
            kind: kind.unwrap_or_default(),
            at: at.unwrap_or_default(),
            place,
            warehouse,
            crossing,
            hold,
            meets,
            note: words,
        };
        let event = match sent.read(source) {
            Ok(event) => event,
            Err(wrong) => {
                refuse(&id, wrong.field, wrong.why);
                continue;
            }
        };
        waiting.push((row, id, event));
        if waiting.len() == TOGETHER {
            settle(desk, tenant, std::mem::take(&mut waiting), &mut taken).await?;
        }
    }
    settle(desk, tenant, waiting, &mut taken).await?;
    taken.refused.sort_by_key(|refused| refused.row);
    Ok(taken)
}

/// Notes events that wait, each with its row.
async fn settle(
    desk: &Desk,
    tenant: &str,
    waiting: Vec<(u64, String, TrackEvent)>,
    taken: &mut Taken,
) -> Result<(), Problem> {
    let mut rows = Vec::with_capacity(waiting.len());
    let mut events = Vec::with_capacity(waiting.len());
    for (row, id, event) in waiting {
        rows.push((row, id.clone()));
        events.push((id, event));
    }
    for ((row, id), noted) in rows.into_iter().zip(note_all(desk, tenant, events).await) {
        match noted {
            Ok((true, _)) => taken.fresh += 1,
            Ok((false, _)) => taken.again += 1,
            Err(problem) if problem.status().is_client_error() => taken.refused.push(Refused {
                row,
                shipment_id: id.chars().take(200).collect(),
                field: "shipment_id".to_owned(),
                reason: problem.detail().to_owned(),
            }),
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// Watches the folder for as long as the program runs.
pub async fn watch(desk: Arc<Desk>) {
    let folder = desk.config.home.join("drop");
    loop {
        for (tenant, path) in settled(&folder) {
            if let Err(error) = one(&desk, &tenant, &path).await {
                // The file's name can be anything; the log tells of its folder.
                tracing::warn!(tenant, error = %error, "a dropped file was not taken");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The files that wait, each with its tenant.
fn settled(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    for tenant in entries(folder) {
        // A link leads elsewhere.
        if !tenant.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(name) = tenant.file_name().into_string() else {
            continue;
        };
        for file in entries(&tenant.path()) {
            let path = file.path();
            let is_csv = path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("csv"));
            let still = file
                .metadata()
                .ok()
                .filter(|file| file.is_file())
                .and_then(|file| SystemTime::now().duration_since(file.modified().ok()?).ok());
            if is_csv && still.is_some_and(|still| still >= SETTLED) {
                found.push((name.clone(), path));
            }
        }
    }
    found.sort();
    found
}

async fn one(desk: &Desk, tenant: &str, path: &Path) -> io::Result<()> {
    let mut bytes = Vec::new();
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file of the folder"));
    }
    fs::File::open(path)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)?;
    let known = desk.store.tenants().await.map_err(io::Error::other)?;
    let taken = match known.iter().any(|name| name == tenant) {
        _ if bytes.len() as u64 > MOST_BYTES => Err(Problem::new(
            Code::TooLarge,
            "a dropped file has 32 MiB at most",
        )),
        true => take(desk, (tenant, "drop"), &bytes, MOST_ROWS).await,
        false => Err(Problem::new(
            Code::BadShipment,
            "the folder is named after no tenant",
        )),
    };
    let refused = match taken {
        Ok(taken) => taken.refused,
        // Our own failure: the file stays and is taken later.
        Err(problem) if problem.status().is_server_error() => {
            return Err(io::Error::other(problem.detail().to_owned()));
        }
        Err(problem) => vec![Refused {
            row: 0,
            shipment_id: String::new(),
            field: String::new(),
            reason: problem.detail().to_owned(),
        }],
    };
    // One that grew meanwhile is taken again when it is still: known rows change nothing.
    if fs::metadata(path)?.len() != bytes.len() as u64 {
        return Ok(());
    }
    let done = path.with_file_name("done");
    fs::create_dir_all(&done)?;
    // Whoever may drop files must not lead the desk elsewhere by a link.
    if !fs::symlink_metadata(&done)?.is_dir() {
        return Err(io::Error::other("done is no folder"));
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    let mut kept = name.clone();
    kept.push(".csv");
    if done.join(&kept).exists() {
        // An earlier file of the same name stays.
        name.push(format!(".{}", now()));
        kept.clone_from(&name);
        kept.push(".csv");
    }
    if !refused.is_empty() {
        let mut rejects = name.clone();
        rejects.push(".rejects.csv");
        let to = done.join(rejects);
        match fs::remove_file(&to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A new file follows no link.
        let mut file = fs::File::create_new(&to)?;
        file.write_all(&rejects_csv(&refused)?)?;
    }
    fs::rename(path, done.join(kept))
}

/// Refused rows as CSV, with cells that a spreadsheet would reckon out made harmless.
fn rejects_csv(refused: &[Refused]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "shipment_id", "field", "reason"])?;
    for one in refused {
        let row = one.row.to_string();
        let cells = [&row, &one.shipment_id, &one.field, &one.reason];
        writer.write_record(cells.map(|cell| guarded(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn guarded(cell: &str) -> String {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}
