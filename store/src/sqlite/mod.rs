//! The ledger in one SQLite file: one writer thread that commits in groups, readers apart.
//!
//! While the writer waits for the disk, requests gather; then they share the next commit. Other
//! programs may have the same file open: what a batch reads, it reads within its transaction.

mod load;
mod log;
mod open;
mod persons;
mod portable;
mod read;
mod records;
mod save;
mod writer;

use crate::error::StoreError;
use crate::ledger::{Ledger, Request};
use crate::pending::Pending;
use crate::records::head::TreeHead;
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::Hash;
use crate::records::proof::{Proof, SignedTree};
use crate::records::types::{Audit, Erased, Expired, KeptRecord};
use crate::sqlite::writer::{Job, write};
use crate::types::{Apart, DayHolds, Entry, Kept, Mismatch, PersonKey, Receipt, Standing};
use rusqlite::Connection;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// How many requests may wait; more are refused at once.
const WAITING: usize = 8192;
/// How many requests share a commit at most.
const GROUP: usize = 1024;
/// A ledger in an SQLite file.
pub struct Sqlite {
    path: PathBuf,
    installation: Option<Installation>,
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
        Self::open_with(path, GROUP, None)
    }

    /// As [`Sqlite::open`], with the keys to seal personal fields and to sign.
    ///
    /// # Errors
    /// As for [`Sqlite::open`].
    pub fn open_keyed(path: &Path, installation: Installation) -> Result<Self, StoreError> {
        Self::open_with(path, GROUP, Some(installation))
    }

    /// As [`Sqlite::open`], with at most `group` requests sharing a commit.
    ///
    /// # Errors
    /// As for [`Sqlite::open`].
    pub fn open_with(
        path: &Path,
        group: usize,
        installation: Option<Installation>,
    ) -> Result<Self, StoreError> {
        let connection = open::writer(path)?;
        let keys = installation.clone();
        let (jobs, waiting) = mpsc::channel(WAITING);
        let writer = std::thread::Builder::new()
            .name("ledger-writer".into())
            .spawn(move || write(connection, waiting, group.max(1), keys.as_ref()))
            .map_err(|error| StoreError::Failure(error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            installation,
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
        let connection = kept.map_or_else(|| open::reader(&self.path), Ok);
        Pending::ready(connection.and_then(|connection| {
            let result = read(&connection);
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            readers.push(connection);
            result
        }))
    }

    /// Does something that writes, on the writer's connection and in its turn.
    fn alone<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Connection, Option<&Installation>) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> Pending<T> {
        let (answer, pending) = Pending::new();
        let job = Job::Alone(Box::new(move |connection, installation| {
            // Who asked may have gone.
            let _ = answer.send(act(connection, installation));
        }));
        match self.send(job) {
            Ok(()) => pending,
            Err(busy) => Pending::ready(Err(busy)),
        }
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        match self.jobs.as_ref().map(mpsc::Sender::try_reserve) {
            Some(Ok(place)) => place.send(job),
            Some(Err(mpsc::error::TrySendError::Full(()))) => return Err(StoreError::Busy),
            // The writer is gone: the answer is dropped here and the waiter is told.
            Some(Err(mpsc::error::TrySendError::Closed(()))) | None => {}
        }
        Ok(())
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // Who closes last takes the -wal into the file and removes it, and a reader cannot.
        let readers = self.readers.get_mut();
        readers.unwrap_or_else(PoisonError::into_inner).clear();
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
        match self.send(Job::Request(Box::new(request), answer)) {
            Ok(()) => pending,
            Err(busy) => Pending::ready(Err(busy)),
        }
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

    fn parcels(&self, tenant: &str, person: PersonKey, day: Option<i32>) -> Pending<Vec<Standing>> {
        self.read(|connection| read::parcels(connection, tenant, person, day))
    }

    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>> {
        self.read(|connection| read::entries(connection, after, limit))
    }

    fn verify(&self) -> Pending<Vec<Mismatch>> {
        self.read(read::verify)
    }

    fn person(&self, tenant: &str, person: PersonKey) -> Pending<PersonKey> {
        self.read(|connection| persons::person(connection, tenant, person))
    }

    fn apart(&self, tenant: &str) -> Pending<Vec<Apart>> {
        self.read(|connection| persons::apart(connection, tenant))
    }

    fn records(&self, tenant: &str, after: i64, limit: u32) -> Pending<Vec<KeptRecord>> {
        let keys = self.installation.as_ref();
        self.read(|connection| log::records(connection, keys, tenant, after, limit))
    }

    fn records_of(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<KeptRecord>> {
        let keys = self.installation.as_ref();
        self.read(|connection| log::records_of(connection, keys, tenant, shipment_id))
    }

    fn sign_head(&self, signed_at: i64) -> Pending<TreeHead> {
        self.alone(move |connection, keys| log::sign_head(connection, keys, signed_at))
    }

    fn heads(&self) -> Pending<Vec<TreeHead>> {
        self.read(log::heads)
    }

    fn consistency(&self, old: u64, new: u64) -> Pending<Option<Vec<Hash>>> {
        self.read(|connection| log::consistent(connection, old, new))
    }

    fn prove(&self, tenant: &str, shipment_id: &str) -> Pending<Proof> {
        self.read(|connection| log::proof(connection, tenant, shipment_id))
    }

    fn signed_tree(&self) -> Pending<Arc<SignedTree>> {
        self.read(|connection| log::signed_tree(connection).map(Arc::new))
    }

    fn prove_under(
        &self,
        tree: &Arc<SignedTree>,
        tenant: &str,
        shipment_id: &str,
    ) -> Pending<Proof> {
        self.read(|connection| log::proof_under(connection, tree, tenant, shipment_id))
    }

    fn verify_records(&self) -> Pending<Audit> {
        self.read(|connection| log::verify(connection, self.installation.as_ref()))
    }

    fn erase(&self, tenant: &str, person: PersonKey) -> Pending<Erased> {
        let tenant = tenant.to_owned();
        self.alone(move |connection, _| persons::erase(connection, &tenant, person))
    }

    fn erased(&self, tenant: &str) -> Pending<Vec<Hash>> {
        self.read(|connection| persons::erased(connection, tenant))
    }

    fn block(&self, tenant: &str, person: PersonKey, keys: Vec<BlockingKey>) -> Pending<()> {
        let tenant = tenant.to_owned();
        self.alone(move |connection, _| persons::block(connection, &tenant, person, &keys))
    }

    fn blocked(&self, tenant: &str, key: BlockingKey) -> Pending<Vec<PersonKey>> {
        self.read(|connection| persons::blocked(connection, tenant, key))
    }

    fn alike_on(
        &self,
        tenant: &str,
        day: i32,
        keys: Vec<BlockingKey>,
        most: u32,
    ) -> Pending<Vec<(BlockingKey, PersonKey)>> {
        self.read(|connection| persons::alike_on(connection, tenant, day, &keys, most))
    }

    fn expire(&self, before_day: i32, dry_run: bool) -> Pending<Vec<Expired>> {
        self.alone(move |connection, _| log::expire(connection, before_day, dry_run))
    }

    fn export(&self, tenant: &str, mut to: Box<dyn Write + Send>) -> Pending<u64> {
        self.read(|connection| portable::export(connection, tenant, &mut *to))
    }

    fn import_without(&self, mut from: Box<dyn BufRead + Send>, erased: Vec<Hash>) -> Pending<u64> {
        self.alone(move |connection, keys| portable::import(connection, keys, &mut *from, &erased))
    }

    fn backup(&self, to: &Path) -> Pending<()> {
        self.read(|connection| portable::backup(connection, to))
    }
}
