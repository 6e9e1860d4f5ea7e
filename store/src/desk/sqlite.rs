//! The desk's tables in one SQLite file: one writer thread that commits in groups, readers apart.

use super::MIGRATIONS;
use super::sql::{Job, Lane, Row, Sql, Value};
use crate::error::{Refused, StoreError};
use crate::migrate::{APPLIED, APPLY, TABLE, missing};
use crate::pending::Pending;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, TransactionBehavior, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc;

/// How many tasks may wait; more are refused at once.
const WAITING: usize = 8192;
/// How many tasks share a commit at most.
const GROUP: usize = 512;
/// Threads that read, besides the one for what every request needs.
pub(super) const READERS: usize = 2;
/// How long another program may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the writer keeps of the file in memory, as SQLite counts: kibibytes, negative.
const CACHE: i64 = -16_384;

type Tasks = mpsc::Sender<Box<dyn Job>>;

pub(super) struct Store {
    path: PathBuf,
    writes: Option<Tasks>,
    reads: Option<Tasks>,
    looks: Option<Tasks>,
    threads: Vec<JoinHandle<()>>,
}

impl Store {
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|error| StoreError::Failure(error.to_string()))?;
        }
        let connection = writer(path)?;
        let (writes, waiting) = mpsc::channel(WAITING);
        let mut threads = vec![thread("desk-writer", move || write(connection, waiting))?];
        let reads = readers(path, READERS, &mut threads)?;
        let looks = readers(path, 1, &mut threads)?;
        Ok(Store {
            path: path.to_owned(),
            writes: Some(writes),
            reads: Some(reads),
            looks: Some(looks),
            threads,
        })
    }

    pub fn run(&self, lane: Lane, job: Box<dyn Job>) {
        let to = match lane {
            Lane::Write => &self.writes,
            Lane::Read => &self.reads,
            Lane::Look => &self.looks,
        };
        send(to.as_ref(), job);
    }

    pub fn backup(&self, to: &Path) -> Pending<()> {
        if to.exists() {
            return Pending::ready(Err(Refused::Exists.into()));
        }
        let copy = || -> Result<(), StoreError> {
            let from = reader(&self.path)?;
            let place = to.to_string_lossy();
            from.execute("VACUUM INTO ?1", [place])?;
            Ok(())
        };
        Pending::ready(copy())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.reads.take());
        drop(self.looks.take());
        drop(self.writes.take());
        // The writer last: who closes last takes the -wal into the file.
        for thread in self.threads.drain(..).rev() {
            // One that panicked has answered nobody; there is nothing left to do for it.
            let _ = thread.join();
        }
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    spawned.map_err(|error| StoreError::Failure(error.to_string()))
}

/// Threads that read what is sent to them, in turn.
fn readers(
    path: &Path,
    many: usize,
    threads: &mut Vec<JoinHandle<()>>,
) -> Result<Tasks, StoreError> {
    let (tasks, asked) = mpsc::channel(WAITING);
    let asked = Arc::new(Mutex::new(asked));
    for _ in 0..many {
        let (asked, connection) = (Arc::clone(&asked), reader(path)?);
        threads.push(thread("desk-reader", move || read(&connection, &asked))?);
    }
    Ok(tasks)
}

fn send(to: Option<&Tasks>, job: Box<dyn Job>) {
    match to.map(mpsc::Sender::try_reserve) {
        Some(Ok(place)) => place.send(job),
        Some(Err(mpsc::error::TrySendError::Full(()))) => job.answer(Err(StoreError::Busy)),
        // The thread is gone: the answer is dropped here and the waiter is told.
        Some(Err(mpsc::error::TrySendError::Closed(()))) | None => {}
    }
}

fn writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    ready(&connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(TABLE, [])?;
    let applied: Vec<(i64, String)> = transaction
        .prepare(APPLIED)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for migration in missing(&MIGRATIONS, &applied)? {
        transaction.execute_batch(&dialect(migration.sql))?;
        transaction.execute(APPLY, (migration.number, migration.checksum()))?;
    }
    transaction.commit()?;
    Ok(connection)
}

/// Statements are made once and used again, whatever values they are given: without this some would
/// be made anew for each value, since the values might suggest another plan.
fn ready(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The two words that SQLite has another name for.
fn dialect(sql: &str) -> String {
    let counted = "INTEGER PRIMARY KEY AUTOINCREMENT";
    sql.replace("BIGSERIAL PRIMARY KEY", counted)
        .replace("BYTEA", "BLOB")
}

fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    ready(&connection)?;
    Ok(connection)
}

/// The writer: takes what waits, commits it, and only then answers.
fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    let mut jobs: Vec<Box<dyn Job>> = Vec::with_capacity(GROUP);
    while waiting.blocking_recv_many(&mut jobs, GROUP) > 0 {
        let mut ended = Vec::with_capacity(jobs.len());
        let committed = commit(&mut connection, &mut jobs, &mut ended);
        for (at, job) in jobs.drain(..).enumerate() {
            let own = ended.get(at).cloned().unwrap_or(Ok(()));
            job.answer(committed.clone().and(own));
        }
    }
}

fn commit(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    ended: &mut Vec<Result<(), StoreError>>,
) -> Result<(), StoreError> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in jobs {
        // What one task did is undone alone where it fails.
        let savepoint = transaction.savepoint()?;
        let result = job.run(&mut Open(&savepoint));
        if result.is_ok() {
            savepoint.commit()?;
        } else {
            savepoint.finish()?;
        }
        ended.push(result);
    }
    transaction.commit()?;
    Ok(())
}

fn read(connection: &Connection, asked: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
    loop {
        let next = asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv();
        let Some(mut job) = next else {
            return;
        };
        // Who asked has gone: the next one need not wait for an answer to nobody.
        if !job.is_wanted() {
            continue;
        }
        let mut run = || -> Result<(), StoreError> {
            let transaction = connection.unchecked_transaction()?;
            job.run(&mut Open(&transaction))?;
            transaction.finish()?;
            Ok(())
        };
        let ended = run();
        job.answer(ended);
    }
}

/// Whether the places of a text come in the order of their first use: SQLite numbers them by it,
/// whatever they are called, and would bind the values wrongly.
fn in_order(sql: &str) -> bool {
    let mut most = 0;
    sql.split('$').skip(1).all(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let place: usize = rest[..digits].parse().unwrap_or(usize::MAX);
        let fine = place <= most + 1;
        most = most.max(place);
        fine
    })
}

struct Open<'c>(&'c Connection);

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Sql for Open<'_> {
    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        debug_assert!(in_order(sql), "{sql}");
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        debug_assert!(in_order(sql), "{sql}");
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns);
            for at in 0..columns {
                values.push(match row.get_ref(at)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                    ValueRef::Real(_) => {
                        let why = "a real number where the desk keeps none".to_owned();
                        return Err(StoreError::Failure(why));
                    }
                });
            }
            all.push(Row(values));
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_in_the_order_of_their_first_use() {
        assert!(in_order("SELECT $1, $2 WHERE $1 > $3"));
        assert!(in_order("SELECT 1"));
        assert!(!in_order("SELECT $2, $1"));
        assert!(!in_order("SELECT $1, $3"));
    }
}
