//! The ledger in one SQLite file: one writer thread that commits in groups, readers apart.
//!
//! While the writer waits for the disk, requests gather; then they share the next commit. Other
//! programs may have the same file open: what a batch reads, it reads within its transaction.

mod load;
mod read;
mod save;

use crate::engine::{Receipts, Work};
use crate::error::StoreError;
use crate::ledger::{Ledger, Request};
use crate::migrate::{APPLIED, APPLY, Migration, TABLE, missing};
use crate::pending::{Answer, Pending};
use crate::types::{DayHolds, Entry, Kept, Mismatch, PersonKey, Receipt};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc;

const MIGRATIONS: [Migration; 1] = [Migration {
    number: 1,
    sql: include_str!("../../migrations/sqlite/0001-ledger.sql"),
}];

/// How many requests may wait; more are refused at once.
const WAITING: usize = 8192;
/// How many requests share a commit at most.
const GROUP: usize = 1024;
/// How long another program may hold the file before a commit fails.
const PATIENCE: Duration = Duration::from_secs(10);

type Job = (Request, Answer<Receipt>);

/// A ledger in an SQLite file.
pub struct Sqlite {
    path: PathBuf,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Sqlite")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failure(error.to_string())
    }
}

impl Sqlite {
    /// Opens the ledger at `path`, makes it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] and [`StoreError::OtherMigration`] for a ledger of another
    /// program, [`StoreError::Failure`] if the file cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, GROUP)
    }

    /// As [`Sqlite::open`], with at most `group` requests sharing a commit.
    ///
    /// # Errors
    /// As for [`Sqlite::open`].
    pub fn open_with(path: &Path, group: usize) -> Result<Self, StoreError> {
        let connection = open_writer(path)?;
        let (jobs, waiting) = mpsc::channel(WAITING);
        let writer = std::thread::Builder::new()
            .name("ledger-writer".into())
            .spawn(move || write(connection, waiting, group.max(1)))
            .map_err(|error| StoreError::Failure(error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            jobs: Some(jobs),
            writer: Some(writer),
            readers: Mutex::default(),
        })
    }

    /// Reads with a connection of its own, which is kept for the next reader.
    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Pending<T> {
        let kept = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = kept.map_or_else(|| open_reader(&self.path), Ok);
        Pending::ready(connection.and_then(|connection| {
            let result = read(&connection);
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            readers.push(connection);
            result
        }))
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has answered nobody; there is nothing left to do for it.
            let _ = writer.join();
        }
    }
}

impl Ledger for Sqlite {
    fn submit(&self, request: Request) -> Pending<Receipt> {
        if let Err(refused) = request.check() {
            return Pending::ready(Err(refused));
        }
        let (answer, pending) = Pending::new();
        match self.jobs.as_ref().map(mpsc::Sender::try_reserve) {
            Some(Ok(place)) => place.send((request, answer)),
            Some(Err(mpsc::error::TrySendError::Full(()))) => {
                return Pending::ready(Err(StoreError::Busy));
            }
            // The writer is gone: the answer is dropped here and the waiter is told.
            Some(Err(mpsc::error::TrySendError::Closed(()))) | None => {}
        }
        pending
    }

    fn shipment(&self, tenant: &str, shipment_id: &str) -> Pending<Option<Kept>> {
        self.read(|connection| load::shipment(connection, tenant, shipment_id))
    }

    fn day(&self, tenant: &str, person: PersonKey, day: i32) -> Pending<DayHolds> {
        self.read(|connection| {
            let row = load::day(connection, tenant, person, day)?;
            Ok(row.unwrap_or_default().holds)
        })
    }

    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>> {
        self.read(|connection| read::entries(connection, after, limit))
    }

    fn verify(&self) -> Pending<Vec<Mismatch>> {
        self.read(read::verify)
    }
}

fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Failure(format!("journal mode {mode}, not wal")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.set_prepared_statement_cache_capacity(64);
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

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// The writer: takes what waits, commits it, and only then answers.
fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Job>, group: usize) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    while waiting.blocking_recv_many(&mut jobs, group) > 0 {
        let (mut requests, answers): (Vec<_>, Vec<_>) = jobs.drain(..).unzip();
        let receipts = commit(&mut connection, &mut requests)
            .unwrap_or_else(|failure| requests.iter().map(|_| Err(failure.clone())).collect());
        for (answer, receipt) in answers.into_iter().zip(receipts) {
            // Who asked may have gone; the commit stands and the same request finds it again.
            let _ = answer.send(receipt);
        }
    }
}

fn commit(connection: &mut Connection, requests: &mut [Request]) -> Result<Receipts, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut work = load::load(&transaction, requests)?;
    let mut receipts = work.run(requests);
    number(&transaction, &mut work, &mut receipts)?;
    save::save(&transaction, &work)?;
    transaction.commit()?;
    Ok(receipts)
}

/// Positions rise without a gap: only a committed batch uses them.
fn number(
    connection: &Connection,
    work: &mut Work,
    receipts: &mut Receipts,
) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(max(position), 0) FROM posting";
    let last: i64 = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    let positions: Vec<i64> = (last + 1..).take(work.entries.len()).collect();
    work.number(&positions, receipts);
    Ok(())
}
