//! Reading many rows: the ledger's lines, and the whole of it to check its sums.

use crate::codec;
use crate::error::StoreError;
use crate::postgres::load::{day, mark, parcel, query};
use crate::postgres::log::snapshot;
use crate::recount::Recount;
use crate::rows::{standings, standings_of};
use crate::types::{Entry, Mismatch, PersonKey, Standing};
use deadpool_postgres::{Client, GenericClient, Transaction};
use tokio_postgres::Row;

/// How many rows are in memory at a time while the whole ledger is read.
const PAGE: i32 = 10_000;

pub(super) async fn parcels(
    client: &impl GenericClient,
    tenant: &str,
    person: PersonKey,
    day: Option<i32>,
) -> Result<Vec<Standing>, StoreError> {
    let (sql, key) = (standings_of(day.is_some()), &person.0[..]);
    let rows = match &day {
        Some(day) => query(client, &sql, &[&tenant, &key, day]).await?,
        None => query(client, &sql, &[&tenant, &key]).await?,
    };
    let found: Result<Vec<Standing>, StoreError> = rows.iter().map(standing).collect();
    let mut found = found?;
    found.sort_unstable_by_key(Standing::order);
    Ok(found)
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    let parcel = parcel(row)?;
    Ok(Standing {
        shipment_id: row.try_get(12)?,
        state: codec::state(row.try_get(11)?)?,
        person: parcel.person,
        arrival: parcel.arrival,
        posting: parcel.posting,
        position: row.try_get(13)?,
    })
}

pub(super) async fn entries(
    client: &impl GenericClient,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {ENTRY} FROM posting WHERE position > $1 ORDER BY position LIMIT $2");
    let rows = query(client, &sql, &[&after, &i64::from(limit)]).await?;
    rows.iter().map(entry).collect()
}

/// The columns of a line of the ledger.
const ENTRY: &str =
    "person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
    could_count, crossed, undecided, position, tenant, shipment_id, kind, sign";

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
    let transaction = snapshot(client).await?;
    verify_in(&transaction).await
}

/// Tells each row of a whole table, a page at a time.
pub(super) async fn each_row(
    transaction: &Transaction<'_>,
    sql: &str,
    mut tell: impl FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let portal = transaction.bind(sql, &[]).await?;
    loop {
        let page = transaction.query_portal(&portal, PAGE).await?;
        if page.is_empty() {
            return Ok(());
        }
        page.iter().try_for_each(&mut tell)?;
    }
}

/// As [`verify`], within the caller's transaction.
pub(super) async fn verify_in(transaction: &Transaction<'_>) -> Result<Vec<Mismatch>, StoreError> {
    let mut recount = Recount::default();
    let sql = format!("SELECT {ENTRY} FROM posting ORDER BY position");
    each_row(transaction, &sql, |row| {
        recount.add(&entry(row)?);
        Ok(())
    })
    .await?;
    let sql = "SELECT tenant, person, day, holds FROM person_day";
    each_row(transaction, sql, |row| {
        let (key, kept) = day(row)?;
        recount.day(&key, &kept);
        Ok(())
    })
    .await?;
    let sql = "SELECT tenant, person, kind, mark, day, shipments, total_cents FROM person_mark";
    each_row(transaction, sql, |row| {
        let (key, day, kept) = mark(row)?;
        recount.mark(key, day, kept);
        Ok(())
    })
    .await?;
    each_row(transaction, &standings(""), |row| {
        recount.shipment(row.try_get(14)?, &standing(row)?);
        Ok(())
    })
    .await?;
    Ok(recount.finish())
}
