//! The ledger in PostgreSQL: a writer, or several, each committing a group with set-based statements.
//!
//! What keeps concurrent writers from losing an update is locks, not retries. A group takes the
//! locks of its parcels, then those of its persons, each in one order, so that no two groups wait
//! for each other; the rows are read after that, by statements that see all that was committed by
//! whoever held a lock before.

mod load;
mod locks;
mod log;
mod persons;
mod portable;
mod positions;
mod read;
mod records;
mod save;
mod together;
mod writer;

use crate::error::{Refused, StoreError};
use crate::ledger::{Ledger, Request};
use crate::migrate::{APPLIED, APPLY, Migration, TABLE, missing};
use crate::pending::{Answer, Pending};
use crate::postgres::locks::ask_persons_alone;
use crate::postgres::writer::{sequencer, write};
use crate::records::head::TreeHead;
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::Hash;
use crate::records::proof::{Proof, SignedTree};
use crate::records::types::{Audit, Erased, Expired, KeptRecord};
use crate::rows::{DayKey, ShipmentKey};
use crate::types::{Apart, DayHolds, Entry, Kept, Mismatch, PersonKey, Receipt, Standing};
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use std::future::Future;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, Notify, mpsc};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls};

const MIGRATIONS: [Migration; 4] = [
    Migration {
        number: 1,
        sql: include_str!("../../migrations/postgres/0001-ledger.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("../../migrations/postgres/0002-records.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("../../migrations/postgres/0003-persons.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("../../migrations/postgres/0004-apart.sql"),
    },
];

/// A plan is made once, perhaps for empty tables, and then serves full ones. Statements name the
/// rows that they want, so the way there is the index however few rows there are at first.
const PLANS: &str = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off \
    -c enable_hashjoin=off -c enable_mergejoin=off";

/// How many requests may wait; more are refused at once.
const WAITING: usize = 8192;
/// How many requests share a commit at most. A group holds two locks for each, and a server as it
/// comes has room for some 6,400.
const GROUP: usize = 256;
/// How many groups are on their way at the same time. One gathers all who wait into one commit;
/// of several, each has a part of them, and parcels of one person wait in the one for the other.
const WRITERS: usize = 1;
/// Connections for those who read a few rows, and for those who read a whole log.
const READERS: usize = 4;

type Job = (Request, Answer<Receipt>);

/// A ledger in a PostgreSQL database.
pub struct Postgres {
    jobs: mpsc::Sender<Job>,
    quick: Pool,
    long: Pool,
    installation: Option<Installation>,
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
        Self::open_with(config, WRITERS, GROUP, None)
    }

    /// As [`Postgres::open`], with the keys to seal personal fields and to sign.
    ///
    /// # Errors
    /// As for [`Postgres::open`].
    pub fn open_keyed(config: &str, installation: Installation) -> Result<Self, StoreError> {
        Self::open_with(config, WRITERS, GROUP, Some(installation))
    }

    /// As [`Postgres::open`], with so many writers and at most `group` requests sharing a commit.
    /// One writer keeps the order in which requests come.
    ///
    /// # Errors
    /// As for [`Postgres::open`].
    pub fn open_with(
        config: &str,
        writers: usize,
        group: usize,
        installation: Option<Installation>,
    ) -> Result<Self, StoreError> {
        let (writers, group) = (writers.max(1), group.clamp(1, GROUP));
        let mut config: Config = config.parse()?;
        // A server may be set to answer before it is durable; a ledger may not.
        let options = config.get_options().unwrap_or_default();
        let options = format!("{options} -c synchronous_commit=on {PLANS}");
        config.options(options.trim());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("ledger-postgres")
            .enable_all()
            .build()
            .map_err(failure)?;
        // Each has connections of its own: who reads long keeps neither a writer nor a short
        // question waiting.
        let writing = connections(&config, writers + 1)?;
        let (quick, long) = (
            connections(&config, READERS)?,
            connections(&config, READERS)?,
        );
        runtime.block_on(migrate(&writing))?;
        let (jobs, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let committed = Arc::new(Notify::new());
        for _ in 0..writers {
            runtime.spawn(write(
                writing.clone(),
                Arc::clone(&waiting),
                group,
                installation.clone(),
                Arc::clone(&committed),
            ));
        }
        runtime.spawn(sequencer(writing, committed));
        Ok(Self {
            jobs,
            quick,
            long,
            installation,
            runtime: Some(runtime),
        })
    }

    /// Does something long on a thread of its own, which may wait for a file or reckon for a while.
    fn alone<T, F>(&self, act: impl FnOnce(Client) -> F + Send + 'static) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>>,
    {
        let (answer, pending) = Pending::new();
        let pool = self.long.clone();
        if let Some(runtime) = &self.runtime {
            let handle = runtime.handle().clone();
            runtime.spawn_blocking(move || {
                let result = handle.block_on(async {
                    match pool.get().await {
                        Ok(client) => act(client).await,
                        Err(error) => Err(failure(error)),
                    }
                });
                // Who asked may have gone.
                let _ = answer.send(result);
            });
        }
        pending
    }

    /// Reads on the store's own runtime, so that both threads and tasks can wait for it.
    fn read<T, F>(&self, read: impl FnOnce(Client) -> F + Send + 'static) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        let (answer, pending) = Pending::new();
        let pool = self.quick.clone();
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

    fn parcels(&self, tenant: &str, person: PersonKey, day: Option<i32>) -> Pending<Vec<Standing>> {
        let tenant = tenant.to_owned();
        self.read(move |client| async move { read::parcels(&client, &tenant, person, day).await })
    }

    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>> {
        self.read(move |client| async move { read::entries(&client, after, limit).await })
    }

    fn verify(&self) -> Pending<Vec<Mismatch>> {
        self.alone(|mut client| async move { read::verify(&mut client).await })
    }

    fn person(&self, tenant: &str, person: PersonKey) -> Pending<PersonKey> {
        let key = (tenant.to_owned(), person);
        self.read(move |client| async move {
            let steps = persons::aliases(&client, std::slice::from_ref(&key)).await?;
            Ok(steps.of(&key.0, person))
        })
    }

    fn apart(&self, tenant: &str) -> Pending<Vec<Apart>> {
        let tenant = tenant.to_owned();
        self.read(move |client| async move { persons::apart(&client, &tenant).await })
    }

    fn records(&self, tenant: &str, after: i64, limit: u32) -> Pending<Vec<KeptRecord>> {
        let (tenant, keys) = (tenant.to_owned(), self.installation.clone());
        self.alone(move |mut client| async move {
            log::records(&mut client, keys.as_ref(), &tenant, after, limit).await
        })
    }

    fn records_of(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<KeptRecord>> {
        let (key, keys) = (
            ShipmentKey::new(tenant, shipment_id),
            self.installation.clone(),
        );
        self.alone(move |mut client| async move {
            log::records_of(&mut client, keys.as_ref(), &key).await
        })
    }

    fn sign_head(&self, signed_at: i64) -> Pending<TreeHead> {
        let keys = self.installation.clone();
        self.alone(move |mut client| async move {
            log::sign_head(&mut client, keys.as_ref(), signed_at).await
        })
    }

    fn heads(&self) -> Pending<Vec<TreeHead>> {
        self.read(|client| async move { log::heads(&client).await })
    }

    fn consistency(&self, old: u64, new: u64) -> Pending<Option<Vec<Hash>>> {
        self.alone(move |client| async move { log::consistent(&client, old, new).await })
    }

    fn prove(&self, tenant: &str, shipment_id: &str) -> Pending<Proof> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.alone(move |mut client| async move { log::proof(&mut client, &tenant, &id).await })
    }

    fn signed_tree(&self) -> Pending<Arc<SignedTree>> {
        self.alone(|mut client| async move {
            let tree = log::signed_tree(&mut client).await;
            tree.map(Arc::new)
        })
    }

    fn prove_under(
        &self,
        tree: &Arc<SignedTree>,
        tenant: &str,
        shipment_id: &str,
    ) -> Pending<Proof> {
        let (tree, tenant, id) = (Arc::clone(tree), tenant.to_owned(), shipment_id.to_owned());
        self.alone(move |mut client| async move {
            log::proof_under(&mut client, &tree, &tenant, &id).await
        })
    }

    fn verify_records(&self) -> Pending<Audit> {
        let keys = self.installation.clone();
        self.alone(move |mut client| async move { log::verify(&mut client, keys.as_ref()).await })
    }

    fn erase(&self, tenant: &str, person: PersonKey) -> Pending<Erased> {
        let tenant = tenant.to_owned();
        self.alone(move |mut client| async move {
            let transaction = client.transaction().await?;
            ask_persons_alone().send(&transaction).await?;
            let erased = persons::erase(&transaction, &tenant, person).await?;
            transaction.commit().await?;
            Ok(erased)
        })
    }

    fn erased(&self, tenant: &str) -> Pending<Vec<Hash>> {
        let tenant = tenant.to_owned();
        self.alone(move |mut client| async move {
            records::sequence(&mut client).await?;
            persons::erased(&client, &tenant).await
        })
    }

    fn block(&self, tenant: &str, person: PersonKey, keys: Vec<BlockingKey>) -> Pending<()> {
        let tenant = tenant.to_owned();
        self.read(
            move |client| async move { persons::block(&client, &tenant, person, &keys).await },
        )
    }

    fn blocked(&self, tenant: &str, key: BlockingKey) -> Pending<Vec<PersonKey>> {
        let tenant = tenant.to_owned();
        self.read(move |client| async move { persons::blocked(&client, &tenant, key).await })
    }

    fn alike_on(
        &self,
        tenant: &str,
        day: i32,
        keys: Vec<BlockingKey>,
        most: u32,
    ) -> Pending<Vec<(BlockingKey, PersonKey)>> {
        let tenant = tenant.to_owned();
        self.read(move |client| async move {
            persons::alike_on(&client, (&tenant, day), &keys, most).await
        })
    }

    fn expire(&self, before_day: i32, dry_run: bool) -> Pending<Vec<Expired>> {
        self.alone(
            move |mut client| async move { log::expire(&mut client, before_day, dry_run).await },
        )
    }

    fn export(&self, tenant: &str, mut to: Box<dyn Write + Send>) -> Pending<u64> {
        let tenant = tenant.to_owned();
        self.alone(move |client| async move { portable::export(client, &tenant, &mut *to).await })
    }

    fn import_without(&self, mut from: Box<dyn BufRead + Send>, erased: Vec<Hash>) -> Pending<u64> {
        let keys = self.installation.clone();
        self.alone(move |mut client| async move {
            portable::import(&mut client, keys.as_ref(), &mut *from, &erased).await
        })
    }

    fn backup(&self, _: &Path) -> Pending<()> {
        let how = "a ledger in PostgreSQL is copied with pg_dump and made again with pg_restore";
        Pending::ready(Err(Refused::Elsewhere(how).into()))
    }
}

fn connections(config: &Config, most: usize) -> Result<Pool, StoreError> {
    let recycle = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(config.clone(), NoTls, recycle);
    let pool = Pool::builder(manager).max_size(most).build();
    pool.map_err(failure)
}

async fn migrate(pool: &Pool) -> Result<(), StoreError> {
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute(lock, &[&locks::SCHEMA]).await?;
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
