//! The desk's tables in a schema of a PostgreSQL database.
//!
//! Tasks are synchronous and few: each runs on a thread of its own in a serializable transaction,
//! which is repeated if another one came in between.

use super::MIGRATIONS;
use super::sql::{Job, Lane, Row, Sql, Value};
use crate::error::StoreError;
use crate::migrate::{APPLIED, APPLY, TABLE, missing};
use crate::postgres::failure;
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Transaction};
use std::sync::Arc;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, IsolationLevel, NoTls};

/// Connections, besides those for what every request needs.
const CONNECTIONS: usize = 8;
/// Connections for what every request needs.
const LOOKS: usize = 2;
/// How many tasks may wait in a lane; more are refused at once.
const WAITING: usize = 8192;
/// How often a transaction is tried that another one came between.
const TRIES: u32 = 20;
/// Held while the schema is brought up to date.
const SCHEMA_LOCK: i64 = 0x6465_736b;

pub(super) struct Store {
    all: Threads,
    looks: Threads,
}

/// Threads with connections of their own.
struct Threads {
    pool: Pool,
    runtime: Option<Runtime>,
    places: Arc<Semaphore>,
}

impl Store {
    pub fn open(config: &str) -> Result<Store, StoreError> {
        let mut config: Config = config.parse()?;
        let own = "-c search_path=desk -c synchronous_commit=on";
        let options = config.get_options().map(|given| format!("{given} {own}"));
        config.options(options.unwrap_or_else(|| own.to_owned()));
        let all = Threads::new(&config, CONNECTIONS)?;
        let looks = Threads::new(&config, LOOKS)?;
        if let Some(runtime) = &all.runtime {
            runtime.block_on(migrate(&all.pool))?;
        }
        Ok(Store { all, looks })
    }

    pub fn run(&self, lane: Lane, job: Box<dyn Job>) {
        match lane {
            Lane::Write => self.all.spawn(job, false),
            Lane::Read => self.all.spawn(job, true),
            Lane::Look => self.looks.spawn(job, true),
        }
    }
}

impl Threads {
    fn new(config: &Config, connections: usize) -> Result<Threads, StoreError> {
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(config.clone(), NoTls, recycling);
        let pool = Pool::builder(manager).max_size(connections).build();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(connections * 2)
            .thread_name("desk-postgres")
            .enable_all()
            .build()
            .map_err(failure)?;
        Ok(Threads {
            pool: pool.map_err(failure)?,
            runtime: Some(runtime),
            places: Arc::new(Semaphore::new(WAITING)),
        })
    }

    fn spawn(&self, mut job: Box<dyn Job>, read_only: bool) {
        let Some(runtime) = &self.runtime else {
            return;
        };
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return job.answer(Err(StoreError::Busy));
        };
        let (pool, handle) = (self.pool.clone(), runtime.handle().clone());
        runtime.spawn_blocking(move || {
            let _place = place;
            // Who asked has gone: the next one need not wait for an answer to nobody. What changes
            // something is done all the same.
            if read_only && !job.is_wanted() {
                return;
            }
            let ended = run(&handle, &pool, job.as_mut(), read_only);
            job.answer(ended);
        });
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Waiting for it here is not possible from within another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn migrate(pool: &Pool) -> Result<(), StoreError> {
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute(lock, &[&SCHEMA_LOCK]).await?;
    let made = "CREATE SCHEMA IF NOT EXISTS desk";
    transaction.batch_execute(made).await?;
    transaction.batch_execute(TABLE).await?;
    let applied = transaction.query(APPLIED, &[]).await?;
    let applied: Vec<(i64, String)> = applied.iter().map(|row| (row.get(0), row.get(1))).collect();
    for migration in missing(&MIGRATIONS, &applied)? {
        transaction.batch_execute(migration.sql).await?;
        let checksum = migration.checksum();
        let applied: [&(dyn ToSql + Sync); 2] = [&migration.number, &checksum];
        transaction.execute(APPLY, &applied).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// An error, and whether the transaction can be tried again.
struct Ended {
    error: StoreError,
    again: bool,
}

impl From<tokio_postgres::Error> for Ended {
    fn from(error: tokio_postgres::Error) -> Ended {
        let again = error.code().is_some_and(is_conflict);
        Ended {
            error: error.into(),
            again,
        }
    }
}

fn is_conflict(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

fn run(handle: &Handle, pool: &Pool, job: &mut dyn Job, read_only: bool) -> Result<(), StoreError> {
    let mut client = handle.block_on(pool.get()).map_err(failure)?;
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(handle, &mut client, job, read_only) {
            Err(ended) if ended.again && tries < TRIES => {}
            Err(ended) if ended.again => return Err(StoreError::Busy),
            Err(ended) => return Err(ended.error),
            Ok(()) => return Ok(()),
        }
    }
}

fn attempt(
    handle: &Handle,
    client: &mut Client,
    job: &mut dyn Job,
    read_only: bool,
) -> Result<(), Ended> {
    let level = match read_only {
        true => IsolationLevel::RepeatableRead,
        false => IsolationLevel::Serializable,
    };
    let begun = client
        .build_transaction()
        .isolation_level(level)
        .read_only(read_only);
    let transaction = handle.block_on(begun.start())?;
    let mut open = Open {
        handle,
        transaction,
        again: false,
    };
    if let Err(error) = job.run(&mut open) {
        let again = open.again;
        // The error of the task counts; a connection that is broken is not taken back.
        let _ = handle.block_on(open.transaction.rollback());
        return Err(Ended { error, again });
    }
    Ok(handle.block_on(open.transaction.commit())?)
}

struct Open<'h, 'c> {
    handle: &'h Handle,
    transaction: Transaction<'c>,
    /// Whether a statement failed because another transaction came between.
    again: bool,
}

impl Open<'_, '_> {
    fn failed(&mut self, error: tokio_postgres::Error) -> StoreError {
        let Ended { error, again } = Ended::from(error);
        self.again |= again;
        error
    }
}

fn given(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

impl Sql for Open<'_, '_> {
    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        let run = async {
            let statement = self.transaction.prepare_cached(sql).await?;
            self.transaction.execute(&statement, &given(values)).await
        };
        let touched = self.handle.block_on(run);
        touched.map_err(|error| self.failed(error))
    }

    fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let run = async {
            let statement = self.transaction.prepare_cached(sql).await?;
            self.transaction.query(&statement, &given(values)).await
        };
        let rows = self.handle.block_on(run);
        let rows = rows.map_err(|error| self.failed(error))?;
        rows.iter().map(row_of).collect()
    }
}

fn row_of(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Value::Int),
            Type::TEXT => row.try_get::<_, Option<String>>(at)?.map(Value::Text),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map(Value::Bytes),
            ref other => {
                let why = format!("a column of type {other} where the desk keeps none");
                return Err(StoreError::Failure(why));
            }
        };
        values.push(value.unwrap_or(Value::Null));
    }
    Ok(Row(values))
}
