//! Reading many rows: the ledger's lines, and the whole of it to check its sums.

use crate::codec;
use crate::error::StoreError;
use crate::postgres::load::{day, mark, parcel, query, shipment};
use crate::recount::Recount;
use crate::rows::standings;
use crate::types::{Entry, Mismatch, PersonKey, Standing};
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::{IsolationLevel, Row};

/// How many lines are in memory at a time while the whole ledger is read.
const PAGE: u32 = 10_000;

pub(super) async fn parcels(
    client: &impl GenericClient,
    tenant: &str,
    person: PersonKey,
    day: Option<i32>,
) -> Result<Vec<Standing>, StoreError> {
    let (sql, key) = (standings(day.is_some()), &person.0[..]);
    let rows = match &day {
        Some(day) => query(client, &sql, &[&tenant, &key, day]).await?,
        None => query(client, &sql, &[&tenant, &key]).await?,
    };
    let standing = |row: &Row| {
        let parcel = parcel(row)?;
        Ok(Standing {
            shipment_id: row.try_get(12)?,
            state: codec::state(row.try_get(11)?)?,
            person: parcel.person,
            arrival: parcel.arrival,
            posting: parcel.posting,
            position: row.try_get(13)?,
        })
    };
    let found: Result<Vec<Standing>, StoreError> = rows.iter().map(standing).collect();
    let mut found = found?;
    found.sort_unstable_by_key(Standing::order);
    Ok(found)
}

pub(super) async fn entries(
    client: &impl GenericClient,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let sql =
        "SELECT person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
            could_count, crossed, undecided, position, tenant, shipment_id, kind, sign
        FROM posting WHERE position > $1 ORDER BY position LIMIT $2";
    let rows = query(client, sql, &[&after, &i64::from(limit)]).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    let parcel = parcel(row)?;
    let sign: i16 = row.try_get(15)?;
    Ok(Entry {
        position: row.try_get(11)?,
        tenant: row.try_get(12)?,
        shipment_id: row.try_get(13)?,
        kind: codec::kind(row.try_get(14)?)?,
        sign: sign.into(),
        person: parcel.person,
        arrival: parcel.arrival,
        order: parcel.order,
        bill: parcel.bill,
        posting: parcel.posting,
    })
}

pub(super) async fn verify(client: &mut Client) -> Result<Vec<Mismatch>, StoreError> {
    // Repeatable read, so that all of it is read as of one moment.
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    verify_in(&transaction).await
}

/// As [`verify`], within the caller's transaction.
pub(super) async fn verify_in(
    transaction: &impl GenericClient,
) -> Result<Vec<Mismatch>, StoreError> {
    let mut recount = Recount::default();
    let mut after = 0;
    loop {
        let page = entries(transaction, after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.position;
        page.iter().for_each(|entry| recount.add(entry));
    }
    let sql = "SELECT tenant, person, day, holds FROM person_day";
    for row in query(transaction, sql, &[]).await? {
        let (key, kept) = day(&row)?;
        recount.day(&key, &kept);
    }
    let sql = "SELECT tenant, person, kind, mark, day, shipments, total_cents FROM person_mark";
    for row in query(transaction, sql, &[]).await? {
        let (key, day, kept) = mark(&row)?;
        recount.mark(key, day, kept);
    }
    let sql =
        "SELECT person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
            could_count, crossed, undecided, state, body_hash, answer, position, tenant, shipment_id
        FROM shipment";
    for row in query(transaction, sql, &[]).await? {
        let (key, kept) = shipment(&row)?;
        recount.shipment(&key, &kept);
    }
    Ok(recount.finish())
}
