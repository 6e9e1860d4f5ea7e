//! The ledger in PostgreSQL: several writers, each committing a group with set-based statements.
//!
//! What keeps concurrent writers from losing an update is locks, not retries. A group takes the
//! locks of its parcels, then those of its persons, each in one order, so that no two groups wait
//! for each other; the rows are read after that, by statements that see all that was committed by
//! whoever held a lock before.

mod load;
mod read;
mod save;

use crate::engine::{Receipts, Work, asked_for};
use crate::error::StoreError;
use crate::ledger::{Ledger, Request};
use crate::migrate::{APPLIED, APPLY, Migration, TABLE, missing};
use crate::pending::{Answer, Pending};
use crate::rows::{DayKey, ShipmentKey};
use crate::types::{DayHolds, Entry, Kept, Mismatch, PersonKey, Receipt};
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Transaction};
use sha2::{Digest, Sha256};
use std::future::Future;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, mpsc};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls};

const MIGRATIONS: [Migration; 1] = [Migration {
    number: 1,
    sql: include_str!("../../migrations/postgres/0001-ledger.sql"),
}];

/// How many requests may wait; more are refused at once.
const WAITING: usize = 8192;
/// How many requests share a commit at most. A group holds two locks for each, and a server as it
/// comes has room for some 6,400.
const GROUP: usize = 256;
/// How many groups are on their way at the same time.
const WRITERS: usize = 4;
/// Connections for those who only read.
const READERS: usize = 4;
/// The lock of whoever changes the schema; no parcel and no person has it but by chance.
const SCHEMA_LOCK: i64 = 0x6465_6d69_6e69_6d69;

type Job = (Request, Answer<Receipt>);

/// A ledger in a PostgreSQL database.
pub struct Postgres {
    jobs: mpsc::Sender<Job>,
    pool: Pool,
    runtime: Option<Runtime>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Postgres").finish_non_exhaustive()
    }
}

pub(crate) fn failure(error: impl std::error::Error) -> StoreError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    StoreError::Failure(text)
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        failure(error)
    }
}

impl Postgres {
    /// Connects, and brings the schema of the database up to date. `config` is what
    /// `tokio_postgres` takes: `host=/run/postgresql user=ledger dbname=ledger`.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] and [`StoreError::OtherMigration`] for a ledger of another
    /// program, [`StoreError::Failure`] if the server cannot be used.
    pub fn open(config: &str) -> Result<Self, StoreError> {
        Self::open_with(config, WRITERS, GROUP)
    }

    /// As [`Postgres::open`], with so many writers and at most `group` requests sharing a commit.
    /// One writer keeps the order in which requests come.
    ///
    /// # Errors
    /// As for [`Postgres::open`].
    pub fn open_with(config: &str, writers: usize, group: usize) -> Result<Self, StoreError> {
        let (writers, group) = (writers.max(1), group.clamp(1, GROUP));
        let mut config: Config = config.parse()?;
        // A server may be set to answer before it is durable; a ledger may not.
        let options = config.get_options().unwrap_or_default();
        let options =
            format!("{options} -c synchronous_commit=on -c plan_cache_mode=force_generic_plan");
        config.options(options.trim());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("ledger-postgres")
            .enable_all()
            .build()
            .map_err(failure)?;
        let recycle = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycle))
            .max_size(writers + READERS)
            .build()
            .map_err(failure)?;
        runtime.block_on(migrate(&pool))?;
        let (jobs, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..writers {
            runtime.spawn(write(pool.clone(), Arc::clone(&waiting), group));
        }
        Ok(Self {
            jobs,
            pool,
            runtime: Some(runtime),
        })
    }

    /// Reads on the store's own runtime, so that both threads and tasks can wait for it.
    fn read<T, F>(&self, read: impl FnOnce(Client) -> F + Send + 'static) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        let (answer, pending) = Pending::new();
        let pool = self.pool.clone();
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                let result = match pool.get().await {
                    Ok(client) => read(client).await,
                    Err(error) => Err(failure(error)),
                };
                // Who asked may have gone.
                let _ = answer.send(result);
            });
        }
        pending
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime may not wait for its threads within another. What was on its way has no
            // answer; whether it had its effect shows when it is sent again.
            runtime.shutdown_background();
        }
    }
}

impl Ledger for Postgres {
    fn submit(&self, request: Request) -> Pending<Receipt> {
        if let Err(refused) = request.check() {
            return Pending::ready(Err(refused));
        }
        let (answer, pending) = Pending::new();
        match self.jobs.try_reserve() {
            Ok(place) => place.send((request, answer)),
            Err(mpsc::error::TrySendError::Full(())) => {
                return Pending::ready(Err(StoreError::Busy));
            }
            // The writers are gone: the answer is dropped here and the waiter is told.
            Err(mpsc::error::TrySendError::Closed(())) => {}
        }
        pending
    }

    fn shipment(&self, tenant: &str, shipment_id: &str) -> Pending<Option<Kept>> {
        let key = ShipmentKey {
            tenant: tenant.to_owned(),
            shipment_id: shipment_id.to_owned(),
        };
        self.read(move |client| async move {
            let found = load::shipments(&client, std::slice::from_ref(&key)).await?;
            Ok(found.into_values().next())
        })
    }

    fn day(&self, tenant: &str, person: PersonKey, day: i32) -> Pending<DayHolds> {
        let tenant = tenant.to_owned();
        let key = DayKey {
            tenant,
            person,
            day,
        };
        self.read(move |client| async move {
            let found = load::days(&client, std::slice::from_ref(&key)).await?;
            Ok(found.into_values().next().unwrap_or_default().holds)
        })
    }

    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>> {
        self.read(move |client| async move { read::entries(&client, after, limit).await })
    }

    fn verify(&self) -> Pending<Vec<Mismatch>> {
        self.read(|mut client| async move { read::verify(&mut client).await })
    }
}

async fn migrate(pool: &Pool) -> Result<(), StoreError> {
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute(lock, &[&SCHEMA_LOCK]).await?;
    transaction.batch_execute(TABLE).await?;
    let rows = transaction.query(APPLIED, &[]).await?;
    let applied = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let applied: Vec<(i64, String)> = applied.collect::<Result<_, tokio_postgres::Error>>()?;
    for migration in missing(&MIGRATIONS, &applied)? {
        transaction.batch_execute(migration.sql).await?;
        let checksum = migration.checksum();
        let row: [&(dyn ToSql + Sync); 2] = [&migration.number, &checksum];
        transaction.execute(APPLY, &row).await?;
    }
    Ok(transaction.commit().await?)
}

/// A writer: takes what waits, commits it, and only then answers.
async fn write(pool: Pool, waiting: Arc<Mutex<mpsc::Receiver<Job>>>, group: usize) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    while waiting.lock().await.recv_many(&mut jobs, group).await > 0 {
        let (mut requests, answers): (Vec<_>, Vec<_>) = jobs.drain(..).unzip();
        let receipts = match commit(&pool, &mut requests).await {
            Ok(receipts) => receipts,
            Err(failure) => answers.iter().map(|_| Err(failure.clone())).collect(),
        };
        for (answer, receipt) in answers.into_iter().zip(receipts) {
            // Who asked may have gone; the commit stands and the same request finds it again.
            let _ = answer.send(receipt);
        }
    }
}

async fn commit(pool: &Pool, requests: &mut [Request]) -> Result<Receipts, StoreError> {
    let (shipments, events) = asked_for(requests);
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    lock(&transaction, shipments.iter().map(shipment_lock)).await?;
    let mut work = Work {
        shipments: load::shipments(&transaction, &shipments).await?,
        events: load::events(&transaction, &events).await?,
        ..Work::default()
    };
    let touched = work.touched(requests);
    lock(&transaction, touched.days.iter().map(person_lock)).await?;
    work.days = load::days(&transaction, &touched.days).await?;
    work.marks = load::marks(&transaction, &touched.marks).await?;
    let mut receipts = work.run(requests);
    if work.entries.is_empty() {
        // Nothing but repetitions and refusals. What they rest on was committed and durable
        // before its locks were free.
        return Ok(receipts);
    }
    let positions = save::positions(&transaction, work.entries.len()).await?;
    work.number(&positions, &mut receipts);
    save::save(&transaction, &work).await?;
    transaction.commit().await?;
    Ok(receipts)
}

/// Takes locks until the end of the transaction, each once and in rising order.
async fn lock(
    transaction: &Transaction<'_>,
    keys: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let sql = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS keys (key)";
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, &[&keys]).await?;
    Ok(())
}

/// Locks of parcels are below zero and those of persons are not, so that the two kinds never meet.
fn shipment_lock(key: &ShipmentKey) -> i64 {
    lock_number(&key.tenant, key.shipment_id.as_bytes()) | i64::MIN
}

/// One lock for all days of a person: an order can span several.
fn person_lock(key: &DayKey) -> i64 {
    lock_number(&key.tenant, &key.person.0) & i64::MAX
}

/// Two keys with one number wait for each other without need, and nothing else.
fn lock_number(tenant: &str, id: &[u8]) -> i64 {
    let mut hash = Sha256::new();
    // No id holds a zero byte where it would matter: the tenant ends at the first.
    hash.update(tenant.as_bytes());
    hash.update([0]);
    hash.update(id);
    let digest = hash.finalize();
    digest
        .first_chunk()
        .map_or(0, |first| i64::from_le_bytes(*first))
}
