//! Opening a ledger's file: what is a ledger, and what is empty and can become one. Nothing else is
//! written to.

use crate::error::StoreError;
use crate::migrate::{APPLIED, APPLY, Migration, TABLE, missing};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

const MIGRATIONS: [Migration; 4] = [
    Migration {
        number: 1,
        sql: include_str!("../../migrations/sqlite/0001-ledger.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("../../migrations/sqlite/0002-records.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("../../migrations/sqlite/0003-persons.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("../../migrations/sqlite/0004-apart.sql"),
    },
];

/// How long another program may hold the file before a commit fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What the writer keeps of the file in memory, as SQLite counts: kibibytes, negative.
const CACHE: i64 = -32_768;

/// The least that SQLite can have in a file: its header is in the first of such sectors.
const SECTOR: u64 = 512;

pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    refuse_stump(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    if !is_ledger(&connection)? && !is_empty(&connection)? {
        let why = format!("{} is another program's, and no ledger", path.display());
        return Err(StoreError::Failure(why));
    }
    write_ahead(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What moves to another page or is deleted leaves no copy behind: an erasure must reach all.
    connection.pragma_update(None, "secure_delete", "ON")?;
    // A group of claims changes more pages than SQLite keeps unasked; it would write those that do not
    // fit more than once.
    connection.pragma_update(None, "cache_size", CACHE)?;
    ready(&connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(TABLE, [])?;
    let applied: Vec<(i64, String)> = transaction
        .prepare(APPLIED)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for migration in missing(&MIGRATIONS, &applied)? {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(APPLY, (migration.number, migration.checksum()))?;
    }
    transaction.commit()?;
    Ok(connection)
}

pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    ready(&connection)?;
    Ok(connection)
}

/// Statements are made once and used again, whatever values they are given: without this some would
/// be made anew for each value, since the values might suggest another plan.
fn ready(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Whether it is a ledger of this or another version.
pub(super) fn is_ledger(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration')";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// A file beside the ledger's, as SQLite names it.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// SQLite takes a file without even its first sector for one that is being made, and deletes the
/// `-wal` beside it, which may hold all that was acknowledged. A ledger that is being made has no
/// `-wal` before its file is durable, and until then a `-journal`. An empty file alone tells
/// nothing: it is a new ledger.
fn refuse_stump(path: &Path) -> Result<(), StoreError> {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    // Beside the file itself, wherever a link to it is.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (own, place) = (length(&path), path.display());
    if own >= SECTOR {
        return Ok(());
    }
    if length(&beside(&path, "-wal")) > 0 {
        return Err(StoreError::Failure(format!(
            "{place}-wal has what the ledger had not yet taken in, and {place} itself is missing \
             or cut: put the ledger beside it, or take the -wal away to begin anew"
        )));
    }
    if own > 0 && !begins_as_database(&path) {
        let why = format!("{place} is not a database, and no ledger");
        return Err(StoreError::Failure(why));
    }
    if own > 0 && !beside(&path, "-journal").exists() {
        return Err(StoreError::Failure(format!(
            "{place} is cut to {own} bytes, fewer than any ledger has: restore a backup"
        )));
    }
    Ok(())
}

/// Whether what there is of a file is how SQLite begins one.
fn begins_as_database(path: &Path) -> bool {
    const BEGIN: &[u8] = b"SQLite format 3\0";
    std::fs::read(path).is_ok_and(|bytes| bytes.iter().zip(BEGIN).all(|(is, right)| is == right))
}

/// Sets the journal mode. Two programs that make one ledger at once both want the file for
/// themselves here, and SQLite refuses one of them at once instead of letting it wait.
fn write_ahead(connection: &Connection) -> Result<(), StoreError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        let mode: String = match mode {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < until =>
            {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            mode => mode?,
        };
        if mode != "wal" {
            return Err(StoreError::Failure(format!("journal mode {mode}, not wal")));
        }
        return Ok(());
    }
}
