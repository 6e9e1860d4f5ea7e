//! Records of a batch, written with its postings; and the sequencer that links committed records
//! into the log.
//!
//! Writers commit side by side, so that a record cannot know its place in the log when it is
//! written. Whoever holds the log's lock appends what waits, in a transaction of its own; run twice,
//! or by two programs, it appends each record once.

use crate::codec::{self, hash};
use crate::error::StoreError;
use crate::postgres::LOG_LOCK;
use crate::postgres::load::query;
use crate::postgres::save::run;
use crate::records::keep::{NewRecord, Secrets, Whose, rows};
use crate::records::keys::Installation;
use crate::records::rows::{LogRow, RecordRow, SealedRow, Tail};
use crate::records::sql::{self, RECORD};
use crate::rows::ShipmentKey;
use deadpool_postgres::{Client, GenericClient, Transaction};
use tokio_postgres::Row;

/// How many records are put into the log in one transaction.
const BATCH: i64 = 2_000;

/// Reads a record and what is sealed of it, in the columns of [`RECORD`].
pub(super) fn record(row: &Row) -> Result<RecordRow, StoreError> {
    let person: Option<&[u8]> = row.try_get(8)?;
    let sealed = match person {
        None => None,
        Some(person) => Some(SealedRow {
            person: codec::person(person)?,
            sealed: row.try_get(9)?,
        }),
    };
    Ok(RecordRow {
        position: row.try_get(0)?,
        shipment: ShipmentKey {
            tenant: row.try_get(1)?,
            shipment_id: row.try_get(2)?,
        },
        event_id: row.try_get(3)?,
        kept_until: row.try_get(4)?,
        lost: row.try_get(5)?,
        commitments: row.try_get(6)?,
        public: row.try_get(7)?,
        sealed,
    })
}

/// Reads a line of the log from column `at` on: seq, position, leaf, chain.
pub(super) fn line(row: &Row, at: usize) -> Result<LogRow, StoreError> {
    Ok(LogRow {
        seq: row.try_get(at)?,
        position: row.try_get(at + 1)?,
        leaf: hash(row.try_get(at + 2)?)?,
        chain: hash(row.try_get(at + 3)?)?,
    })
}

/// Where the log ends, checked: a line that is damaged is not built upon.
pub(super) async fn tail(client: &impl GenericClient) -> Result<Tail, StoreError> {
    let sql = sql::lines("ORDER BY l.seq DESC LIMIT 2");
    let rows = query(client, &sql, &[]).await?;
    let Some(last) = rows.first() else {
        return Ok(Tail::START);
    };
    let before = rows.get(1).map(|row| line(row, 10)).transpose()?;
    let position: Option<i64> = last.try_get(0)?;
    let record = position.map(|_| record(last)).transpose()?;
    Tail::of(before.as_ref(), &line(last, 10)?, record.as_ref())
}

/// Writes records in the order of their postings; they wait to be put into the log. `secrets` are
/// the keys of the persons of the batch, of those that had one.
pub(super) async fn save(
    transaction: &Transaction<'_>,
    installation: Option<&Installation>,
    secrets: &mut Secrets,
    records: &[NewRecord],
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let rows = rows(installation, secrets, records)?;
    tokio::try_join!(
        save_secrets(transaction, secrets),
        insert(transaction, &rows),
        insert_sealed(transaction, &rows),
    )?;
    Ok(())
}

async fn insert(transaction: &Transaction<'_>, rows: &[RecordRow]) -> Result<(), StoreError> {
    let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
    let tenants: Vec<&str> = rows.iter().map(|row| &*row.shipment.tenant).collect();
    let shipments: Vec<&str> = rows.iter().map(|row| &*row.shipment.shipment_id).collect();
    let events: Vec<Option<&str>> = rows.iter().map(|row| row.event_id.as_deref()).collect();
    let kept: Vec<i32> = rows.iter().map(|row| row.kept_until).collect();
    let lost: Vec<i16> = rows.iter().map(|row| row.lost).collect();
    let commitments: Vec<&[u8]> = rows.iter().map(|row| &*row.commitments).collect();
    let public: Vec<Option<&[u8]>> = rows.iter().map(|row| row.public.as_deref()).collect();
    // A statement that writes several tables is one round trip instead of two.
    let sql = "WITH waiting AS (INSERT INTO record_waiting (position)
            SELECT * FROM unnest($1::bigint[]))
        INSERT INTO record (position, tenant, shipment_id, event_id, kept_until, lost,
            commitments, public)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[],
            $6::smallint[], $7::bytea[], $8::bytea[])";
    run(
        transaction,
        sql,
        &[
            &positions,
            &tenants,
            &shipments,
            &events,
            &kept,
            &lost,
            &commitments,
            &public,
        ],
    )
    .await
}

async fn insert_sealed(
    transaction: &Transaction<'_>,
    rows: &[RecordRow],
) -> Result<(), StoreError> {
    let sealed = rows
        .iter()
        .filter_map(|row| Some((row, row.sealed.as_ref()?)));
    let (mut positions, mut tenants) = (Vec::new(), Vec::new());
    let (mut persons, mut bytes): (Vec<&[u8]>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    for (row, sealed) in sealed {
        positions.push(row.position);
        tenants.push(&*row.shipment.tenant);
        persons.push(&sealed.person.0);
        bytes.push(&sealed.sealed);
    }
    if positions.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO record_sealed (position, tenant, person, sealed)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])";
    run(transaction, sql, &[&positions, &tenants, &persons, &bytes]).await
}

/// The keys of these persons as the ledger has them, of those that have one.
pub(super) async fn secrets(
    client: &impl GenericClient,
    whose: &[Whose],
) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
    if whose.is_empty() {
        return Ok(Vec::new());
    }
    let tenants: Vec<&str> = whose.iter().map(|(tenant, _)| tenant.as_str()).collect();
    let persons: Vec<&[u8]> = whose.iter().map(|(_, person)| &person.0[..]).collect();
    let sql = "SELECT s.tenant, s.person, s.sealed
        FROM unnest($1::text[], $2::bytea[]) AS k (tenant, person)
        JOIN person_secret s ON s.tenant = k.tenant AND s.person = k.person";
    let rows = query(client, sql, &[&tenants, &persons]).await?;
    let read = |row: &Row| {
        let whose = (row.try_get(0)?, codec::person(row.try_get(1)?)?);
        Ok((whose, row.try_get(2)?))
    };
    rows.iter().map(read).collect()
}

/// Takes the keys of these persons, of those that have one.
pub(super) async fn load_secrets(
    client: &impl GenericClient,
    installation: &Installation,
    loaded: &mut Secrets,
    whose: &[Whose],
) -> Result<(), StoreError> {
    for (whose, sealed) in secrets(client, whose).await? {
        loaded.add(installation, whose, &sealed)?;
    }
    Ok(())
}

/// Writes the keys that were made.
pub(super) async fn save_secrets(
    transaction: &Transaction<'_>,
    secrets: &Secrets,
) -> Result<(), StoreError> {
    if secrets.new.is_empty() {
        return Ok(());
    }
    let (mut tenants, mut persons, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    for ((tenant, person), bytes) in &secrets.new {
        tenants.push(tenant.as_str());
        persons.push(&person.0[..]);
        sealed.push(&bytes[..]);
    }
    let sql = "INSERT INTO person_secret (tenant, person, sealed)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])";
    run(transaction, sql, &[&tenants, &persons, &sealed]).await
}

/// Puts all committed records into the log.
pub(super) async fn sequence(client: &mut Client) -> Result<(), StoreError> {
    loop {
        let transaction = client.transaction().await?;
        // Records that wait are durable. If the server ends before these lines are, they wait
        // again; a head is signed over them by a commit that makes them durable with itself.
        transaction
            .batch_execute("SET LOCAL synchronous_commit = off")
            .await?;
        let lock = "SELECT pg_advisory_xact_lock($1)";
        let statement = transaction.prepare_cached(lock).await?;
        transaction.execute(&statement, &[&LOG_LOCK]).await?;
        let sql = format!(
            "SELECT {RECORD} FROM
                (SELECT position FROM record_waiting ORDER BY position LIMIT $1) w
            JOIN record r ON r.position = w.position
            LEFT JOIN record_sealed s ON s.position = r.position AND s.tenant = r.tenant
            ORDER BY r.position"
        );
        let waiting = query(&transaction, &sql, &[&BATCH]).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut tail = tail(&transaction).await?;
        let mut lines: Vec<LogRow> = Vec::with_capacity(waiting.len());
        for row in &waiting {
            lines.push(tail.append(&record(row)?));
        }
        let seqs: Vec<i64> = lines.iter().map(|line| line.seq).collect();
        let positions: Vec<i64> = lines.iter().filter_map(|line| line.position).collect();
        let leaves: Vec<&[u8]> = lines.iter().map(|line| &line.leaf[..]).collect();
        let chains: Vec<&[u8]> = lines.iter().map(|line| &line.chain[..]).collect();
        let sql = "WITH done AS (DELETE FROM record_waiting
                WHERE position = ANY ($2::bigint[]))
            INSERT INTO record_log (seq, position, leaf, chain)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])";
        run(&transaction, sql, &[&seqs, &positions, &leaves, &chains]).await?;
        transaction.commit().await?;
    }
}
