//! Export, import, backup and restore of a ledger in an SQLite file.

use crate::error::{Refused, StoreError};
use crate::portable::{Column, Reader, TABLES, Table, Writer};
use crate::records::keys::Installation;
use crate::records::merkle::Hash;
use crate::sqlite::open::{self, PATIENCE, beside, is_ledger, reader};
use crate::sqlite::{Sqlite, log, persons, read};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::Value;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) fn export(
    connection: &Connection,
    tenant: &str,
    to: &mut (dyn Write + Send),
) -> Result<u64, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let mut writer = Writer::new(to, tenant)?;
    for table in &TABLES {
        let columns: Vec<String> = table.columns.iter().map(|one| json(table, *one)).collect();
        let sql = format!(
            "SELECT json_array({}) FROM {} WHERE {} ORDER BY {}",
            columns.join(", "),
            table.name,
            table.condition(),
            table.order
        );
        let mut statement = transaction.prepare(&sql)?;
        let mut rows = statement.query([tenant])?;
        while let Some(row) = rows.next()? {
            let json: String = row.get(0)?;
            writer.row(table, &json)?;
        }
    }
    writer.end()
}

fn json(table: &Table, column: Column) -> String {
    let source = table.source(column);
    match column {
        // The hexadecimal digits of NULL would be an empty text.
        Column::Bytes(_) => format!("iif({source} IS NULL, NULL, lower(hex({source})))"),
        Column::Number(_) | Column::Text(_) => source,
    }
}

pub(super) fn import(
    connection: &mut Connection,
    installation: Option<&Installation>,
    from: &mut (dyn BufRead + Send),
    erased: &[Hash],
) -> Result<u64, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM posting) OR EXISTS (SELECT 1 FROM record_log)
        OR EXISTS (SELECT 1 FROM person_event) OR EXISTS (SELECT 1 FROM person_blocking)";
    if transaction.query_row(sql, [], |row| row.get(0))? {
        return Err(Refused::NotEmpty.into());
    }
    transaction.execute("DELETE FROM record_start", [])?;
    let mut reader = Reader::new(from)?;
    while let Some((table, row)) = reader.row()? {
        let places: Vec<String> = (1..=row.len()).map(|at| format!("?{at}")).collect();
        let (names, places) = (table.names(), places.join(", "));
        let sql = format!("INSERT INTO {} ({names}) VALUES ({places})", table.name);
        let values = table.columns.iter().zip(row).map(value);
        let done = transaction
            .prepare_cached(&sql)?
            .execute(rusqlite::params_from_iter(values));
        // What a table refuses is not as a ledger wrote it.
        done.map_err(|_| Refused::BadLine(reader.rows() + 1))?;
    }
    persons::erase_again(&transaction, erased)?;
    let sums = read::verify_in(&transaction)?;
    let audit = log::verify_in(&transaction, installation)?;
    if !sums.is_empty() || !audit.found.is_empty() {
        return Err(Refused::BadExport.into());
    }
    transaction.commit()?;
    if !erased.is_empty() {
        // What was read and deleted again is not to lie in the -wal either.
        persons::forget(connection)?;
    }
    Ok(reader.rows())
}

fn value((column, value): (&Column, Value)) -> rusqlite::types::Value {
    use rusqlite::types::Value as Cell;
    match (column, value) {
        (Column::Number(_), value) => value.as_i64().map_or(Cell::Null, Cell::Integer),
        (Column::Text(_), Value::String(text)) => Cell::Text(text),
        (Column::Bytes(_), Value::String(text)) => Cell::Blob(bytes(&text)),
        _ => Cell::Null,
    }
}

/// The bytes of hexadecimal digits, which the reader has checked to be such.
fn bytes(digits: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    let pair = |[high, low]: &[u8; 2]| u8::try_from(digit(*high) * 16 + digit(*low));
    pairs.iter().filter_map(|one| pair(one).ok()).collect()
}

/// Copies the ledger as of one commit into a new file, while it is in use.
pub(super) fn backup(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(Refused::Exists.into());
    }
    copy(connection, to).inspect_err(|_| {
        // A part of a ledger is no backup; what cannot be removed is named by the failure's cause.
        for end in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(to, end));
        }
    })
}

fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut target = Connection::open(to)?;
    let backup = Backup::new(from, &mut target)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Somebody writes; it is soon over.
            _ if Instant::now() > until => {
                return Err(StoreError::Failure("the file is in use".into()));
            }
            _ => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

impl Sqlite {
    /// Makes a ledger at `to` from a backup, after it was checked whole: the file, the sums and the
    /// record log. Neither a file that exists nor the backup is written to.
    ///
    /// # Errors
    /// [`Refused::Exists`] if there is a file at `to`, [`Refused::BadExport`] if the backup does
    /// not verify, and as for [`Sqlite::open`].
    pub fn restore(
        from: &Path,
        to: &Path,
        installation: Option<&Installation>,
    ) -> Result<(), StoreError> {
        Self::restore_without(from, to, installation, &[])
    }

    /// As [`Sqlite::restore`], without what it has of records with these leaves: they were erased
    /// since ([`Ledger::erased`](crate::Ledger::erased)).
    ///
    /// # Errors
    /// As for [`Sqlite::restore`].
    pub fn restore_without(
        from: &Path,
        to: &Path,
        installation: Option<&Installation>,
        erased: &[Hash],
    ) -> Result<(), StoreError> {
        if to.exists() {
            return Err(Refused::Exists.into());
        }
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let folder = to.with_file_name(format!("{name}.restoring"));
        let failed = |error: std::io::Error| StoreError::Failure(error.to_string());
        std::fs::create_dir(&folder).map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    "an earlier restore was cut off: remove this folder, it holds a copy of the backup"
                        .to_owned()
                }
                _ => error.to_string(),
            };
            StoreError::Failure(format!("{}: {why}", folder.display()))
        })?;
        let copied = folder.join("ledger");
        let result = checked(from, &copied, installation, erased).and_then(|()| {
            // A link is refused where a file has come to be meanwhile; a renaming would replace it.
            std::fs::hard_link(&copied, to).map_err(failed)?;
            // The name is as durable as the file before anybody is told.
            let parent = folder.parent().filter(|parent| *parent != Path::new(""));
            let parent = std::fs::File::open(parent.unwrap_or(Path::new(".")));
            parent.and_then(|parent| parent.sync_all()).map_err(failed)
        });
        std::fs::remove_dir_all(&folder).map_err(failed)?;
        result
    }
}

/// Copies a backup and checks the copy, so that the backup itself stays as it is.
fn checked(
    from: &Path,
    to: &Path,
    keys: Option<&Installation>,
    erased: &[Hash],
) -> Result<(), StoreError> {
    let from = reader(from)?;
    // Of a file that is empty the next step would make a ledger.
    if !is_ledger(&from)? {
        return Err(Refused::BadExport.into());
    }
    copy(&from, to)?;
    // Brings the schema up to date.
    let mut connection = open::writer(to)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    persons::erase_again(&transaction, erased)?;
    transaction.commit()?;
    let sql = "PRAGMA integrity_check";
    let whole: String = connection.query_row(sql, [], |row| row.get(0))?;
    let sums = read::verify(&connection)?;
    let audit = log::verify(&connection, keys)?;
    if whole != "ok" || !sums.is_empty() || !audit.found.is_empty() {
        return Err(Refused::BadExport.into());
    }
    // All of it is in the one file that is given its name.
    persons::forget(&connection)?;
    drop(connection);
    let file = std::fs::File::open(to);
    let synced = file.and_then(|file| file.sync_all());
    synced.map_err(|error| StoreError::Failure(error.to_string()))
}
