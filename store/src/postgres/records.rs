//! Records of a batch, written with its postings and linked into the log.
//!
//! Writers commit side by side, and only who holds the log's lock knows a record's place in it. A
//! group that gets the lock writes the lines of its records with them, after those of all that wait.
//! One that does not get it lets its records wait: whoever holds the lock next appends them, and run
//! twice, or by two programs, that appends each once.

use crate::codec::{self, hash};
use crate::error::StoreError;
use crate::postgres::load::query;
use crate::postgres::locks::LOG;
use crate::postgres::save::run;
use crate::postgres::together::Ask;
pub(super) use crate::records::keep::rows;
use crate::records::keep::{Secrets, Whose};
use crate::records::keys::Installation;
use crate::records::rows::{LogRow, RecordRow, SealedRow, Tail};
use crate::rows::ShipmentKey;
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

/// How many records are put into the log in one transaction.
const BATCH: i64 = 2_000;

/// Reads a record and what is sealed of it, in the columns of
/// [`RECORD`](crate::records::sql::RECORD).
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

/// The same columns without values: what a leaf is made of.
const LEAF: &str = "r.position, r.tenant, r.shipment_id, r.event_id, r.kept_until, r.lost,
    r.commitments, NULL::bytea, NULL::bytea, NULL::bytea";

/// Asks for the last two lines of the log and the record of the last.
pub(super) fn ask_tail() -> Ask<'static> {
    Ask::new(format!(
        "SELECT {LEAF}, l.seq, l.position, l.leaf, l.chain FROM record_log l
        LEFT JOIN record r ON r.position = l.position
        ORDER BY l.seq DESC LIMIT 2"
    ))
}

/// Where the log ends, checked: a line that is damaged is not built upon.
pub(super) fn read_tail(rows: &[Row]) -> Result<Tail, StoreError> {
    let Some(last) = rows.first() else {
        return Ok(Tail::START);
    };
    let before = rows.get(1).map(|row| line(row, 10)).transpose()?;
    let position: Option<i64> = last.try_get(0)?;
    let record = position.map(|_| record(last)).transpose()?;
    Tail::of(before.as_ref(), &line(last, 10)?, record.as_ref())
}

pub(super) async fn tail(client: &impl GenericClient) -> Result<Tail, StoreError> {
    read_tail(&ask_tail().send(client).await?)
}

/// The statements that write records in the order of their postings, and the keys that were made
/// for them. With the end of the log they get their lines; without it they wait for them.
pub(super) fn asks<'a>(
    rows: &'a [RecordRow],
    secrets: &'a Secrets,
    tail: Option<Tail>,
) -> Vec<Ask<'a>> {
    if rows.is_empty() {
        return Vec::new();
    }
    let lines = tail.map(|mut tail| rows.iter().map(|row| tail.append(row)).collect());
    let all = [
        ask_save_secrets(secrets),
        Some(insert(rows, lines.is_none())),
        insert_sealed(rows),
        lines.map(|lines| insert_lines(lines, false)),
    ];
    all.into_iter().flatten().collect()
}

fn insert(rows: &[RecordRow], wait: bool) -> Ask<'_> {
    let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
    let tenants: Vec<&str> = rows.iter().map(|row| &*row.shipment.tenant).collect();
    let shipments: Vec<&str> = rows.iter().map(|row| &*row.shipment.shipment_id).collect();
    let events: Vec<Option<&str>> = rows.iter().map(|row| row.event_id.as_deref()).collect();
    let kept: Vec<i32> = rows.iter().map(|row| row.kept_until).collect();
    let lost: Vec<i16> = rows.iter().map(|row| row.lost).collect();
    let commitments: Vec<&[u8]> = rows.iter().map(|row| &*row.commitments).collect();
    let public: Vec<Option<&[u8]>> = rows.iter().map(|row| row.public.as_deref()).collect();
    let records = "INSERT INTO record (position, tenant, shipment_id, event_id, kept_until, lost,
            commitments, public)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[],
            $6::smallint[], $7::bytea[], $8::bytea[])";
    let ask = if wait {
        Ask::new(format!(
            "WITH waiting AS (INSERT INTO record_waiting (position)
                SELECT * FROM unnest($1::bigint[]))
            {records}"
        ))
    } else {
        Ask::new(records)
    };
    let ask = ask.with(positions).with(tenants).with(shipments);
    let ask = ask.with(events).with(kept).with(lost);
    ask.with(commitments).with(public)
}

/// Writes lines of the log; of records that waited until now, if they did.
fn insert_lines(lines: Vec<LogRow>, waited: bool) -> Ask<'static> {
    let seqs: Vec<i64> = lines.iter().map(|line| line.seq).collect();
    let positions: Vec<Option<i64>> = lines.iter().map(|line| line.position).collect();
    let leaves: Vec<Vec<u8>> = lines.iter().map(|line| line.leaf.to_vec()).collect();
    let chains: Vec<Vec<u8>> = lines.iter().map(|line| line.chain.to_vec()).collect();
    let insert = "INSERT INTO record_log (seq, position, leaf, chain)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])";
    let ask = if waited {
        Ask::new(format!(
            "WITH done AS (DELETE FROM record_waiting WHERE position = ANY ($2::bigint[])) {insert}"
        ))
    } else {
        Ask::new(insert)
    };
    let ask = ask.with(seqs).with(positions);
    ask.with(leaves).with(chains)
}

fn insert_sealed(rows: &[RecordRow]) -> Option<Ask<'_>> {
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
        return None;
    }
    let sql = "INSERT INTO record_sealed (position, tenant, person, sealed)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])";
    let ask = Ask::new(sql).with(positions).with(tenants);
    Some(ask.with(persons).with(bytes))
}

/// Asks for the keys of these persons, of those that have one.
pub(super) fn ask_secrets<'a>(whose: &[Whose]) -> Ask<'a> {
    let tenants: Vec<String> = whose.iter().map(|(tenant, _)| tenant.clone()).collect();
    let persons: Vec<Vec<u8>> = whose.iter().map(|(_, person)| person.0.to_vec()).collect();
    let sql = "SELECT s.tenant, s.person, s.sealed
        FROM unnest($1::text[], $2::bytea[]) AS k (tenant, person)
        JOIN person_secret s ON s.tenant = k.tenant AND s.person = k.person";
    Ask::new(sql).with(tenants).with(persons)
}

/// Reads keys as the ledger has them.
pub(super) fn read_secrets(rows: &[Row]) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
    let read = |row: &Row| {
        let whose = (row.try_get(0)?, codec::person(row.try_get(1)?)?);
        Ok((whose, row.try_get(2)?))
    };
    rows.iter().map(read).collect()
}

pub(super) async fn secrets(
    client: &impl GenericClient,
    whose: &[Whose],
) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
    if whose.is_empty() {
        return Ok(Vec::new());
    }
    read_secrets(&ask_secrets(whose).send(client).await?)
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
pub(super) fn ask_save_secrets(secrets: &Secrets) -> Option<Ask<'_>> {
    if secrets.new.is_empty() {
        return None;
    }
    let (mut tenants, mut persons, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    for ((tenant, person), bytes) in &secrets.new {
        tenants.push(tenant.as_str());
        persons.push(&person.0[..]);
        sealed.push(&bytes[..]);
    }
    let sql = "INSERT INTO person_secret (tenant, person, sealed)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])";
    Some(Ask::new(sql).with(tenants).with(persons).with(sealed))
}

/// Gives lines to records that wait, as many as there are or as fit one transaction, and tells where
/// the log ends then. The caller has the log's lock.
async fn append(client: &impl GenericClient, mut tail: Tail) -> Result<(Tail, usize), StoreError> {
    let sql = format!(
        "SELECT {LEAF} FROM
            (SELECT position FROM record_waiting ORDER BY position LIMIT $1) w
        JOIN record r ON r.position = w.position
        ORDER BY r.position"
    );
    let waiting = Ask::new(sql).with(BATCH).send(client).await?;
    if waiting.is_empty() {
        return Ok((tail, 0));
    }
    let mut lines: Vec<LogRow> = Vec::with_capacity(waiting.len());
    for row in &waiting {
        lines.push(tail.append(&record(row)?));
    }
    insert_lines(lines, true).send(client).await?;
    Ok((tail, waiting.len()))
}

/// Gives their lines to records that wait before those of a group that adds to the log itself;
/// nothing if there are more than fit.
pub(super) async fn catch_up(
    client: &impl GenericClient,
    tail: Tail,
) -> Result<Option<Tail>, StoreError> {
    let (tail, count) = append(client, tail).await?;
    Ok((i64::try_from(count).unwrap_or(BATCH) < BATCH).then_some(tail))
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
        run(&transaction, lock, &[&LOG]).await?;
        let none = "SELECT NOT EXISTS (SELECT 1 FROM record_waiting)";
        let none = query(&transaction, none, &[]).await?;
        if none.first().map_or(Ok(false), |row| row.try_get(0))? {
            return Ok(());
        }
        let end = tail(&transaction).await?;
        append(&transaction, end).await?;
        transaction.commit().await?;
    }
}
