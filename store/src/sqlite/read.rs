//! Reading many rows: the ledger's lines, and the whole of it to check its sums.

use crate::codec;
use crate::error::StoreError;
use crate::recount::Recount;
use crate::rows::{DayKey, MarkKey, standings, standings_of};
use crate::sqlite::load::parcel;
use crate::types::{Entry, Mismatch, PersonKey, Standing, Sum};
use rusqlite::{Connection, Row};

pub(super) fn parcels(
    connection: &Connection,
    tenant: &str,
    person: PersonKey,
    day: Option<i32>,
) -> Result<Vec<Standing>, StoreError> {
    let mut statement = connection.prepare_cached(&standings_of(day.is_some()))?;
    let mut rows = match day {
        Some(day) => statement.query((tenant, person.0, day))?,
        None => statement.query((tenant, person.0))?,
    };
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(standing(row)?);
    }
    found.sort_unstable_by_key(Standing::order);
    Ok(found)
}

fn standing(row: &Row<'_>) -> Result<Standing, StoreError> {
    let parcel = parcel(row, 0)?;
    Ok(Standing {
        shipment_id: row.get(12)?,
        state: codec::state(row.get(11)?)?,
        person: parcel.person,
        arrival: parcel.arrival,
        posting: parcel.posting,
        position: row.get(13)?,
    })
}

pub(super) fn entries(
    connection: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    each_entry(connection, after, limit, |entry| found.push(entry))?;
    Ok(found)
}

fn each_entry(
    connection: &Connection,
    after: i64,
    limit: u32,
    mut tell: impl FnMut(Entry),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
            could_count, crossed, undecided, position, tenant, shipment_id, kind, sign
        FROM posting WHERE position > ?1 ORDER BY position LIMIT ?2",
    )?;
    let mut rows = statement.query((after, limit))?;
    while let Some(row) = rows.next()? {
        let parcel = parcel(row, 0)?;
        tell(Entry {
            position: row.get(11)?,
            tenant: row.get(12)?,
            shipment_id: row.get(13)?,
            kind: codec::kind(row.get(14)?)?,
            sign: row.get(15)?,
            person: parcel.person,
            arrival: parcel.arrival,
            order: parcel.order,
            bill: parcel.bill,
            posting: parcel.posting,
        });
    }
    Ok(())
}

pub(super) fn verify(connection: &Connection) -> Result<Vec<Mismatch>, StoreError> {
    // One transaction, so that all of it is read as of one commit.
    let transaction = connection.unchecked_transaction()?;
    verify_in(&transaction)
}

/// As [`verify`], within the caller's transaction.
pub(super) fn verify_in(transaction: &Connection) -> Result<Vec<Mismatch>, StoreError> {
    let mut recount = Recount::default();
    let mut after = 0;
    loop {
        let mut last = after;
        each_entry(transaction, after, 10_000, |entry| {
            last = entry.position;
            recount.add(&entry);
        })?;
        if last == after {
            break;
        }
        after = last;
    }
    let mut statement = transaction.prepare("SELECT tenant, person, day, holds FROM person_day")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key = day_key(row)?;
        let packed = row.get_ref(3)?.as_blob().unwrap_or_default();
        recount.day(&key, &codec::unpack(packed)?);
    }
    let mut statement = transaction.prepare(
        "SELECT tenant, person, day, kind, mark, shipments, total_cents FROM person_mark",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let DayKey {
            tenant,
            person,
            day,
        } = day_key(row)?;
        let mark = codec::mark(row.get(3)?, row.get(4)?);
        let sum = Sum {
            shipments: row.get(5)?,
            total_cents: row.get(6)?,
        };
        let key = MarkKey {
            tenant,
            person,
            mark,
        };
        recount.mark(key, day, sum);
    }
    let mut statement = transaction.prepare(&standings(""))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let tenant: String = row.get(14)?;
        recount.shipment(&tenant, &standing(row)?);
    }
    Ok(recount.finish())
}

fn day_key(row: &Row<'_>) -> Result<DayKey, StoreError> {
    Ok(DayKey {
        tenant: row.get(0)?,
        person: codec::person(row.get_ref(1)?.as_blob().unwrap_or_default())?,
        day: row.get(2)?,
    })
}
