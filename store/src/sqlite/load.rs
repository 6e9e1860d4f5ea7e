//! Rows that a batch can touch, read by key.

use crate::codec;
use crate::engine::Work;
use crate::error::StoreError;
use crate::ledger::Request;
use crate::rows::{DayRow, Done, EventKey, MarkKey, ShipmentKey};
use crate::sqlite::persons;
use crate::touched::asked_for;
use crate::types::{Arrival, Kept, PersonKey, Posting, Sum};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;

pub(super) fn load(
    connection: &Connection,
    requests: &[Request],
    has_keys: bool,
) -> Result<Work, StoreError> {
    let mut work = Work {
        has_keys,
        ..Work::default()
    };
    let (mut shipments, events) = asked_for(requests);
    persons::load(connection, requests, &mut work, &mut shipments)?;
    for key in shipments {
        let ShipmentKey {
            tenant,
            shipment_id,
        } = &key;
        if let Some(kept) = shipment(connection, tenant, shipment_id)? {
            work.shipments.insert(key, kept);
        }
    }
    for key in events {
        if let Some(done) = event(connection, &key)? {
            work.events.insert(key, done);
        }
    }
    let touched = work.touched(requests);
    for key in touched.days {
        if let Some(row) = day(connection, &key.tenant, key.person, key.day)? {
            work.days.insert(key, row);
        }
    }
    for key in touched.marks {
        let days = mark(connection, &key)?;
        work.marks.insert(key, days);
    }
    Ok(work)
}

pub(super) fn shipment(
    connection: &Connection,
    tenant: &str,
    shipment_id: &str,
) -> Result<Option<Kept>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
            could_count, crossed, undecided, state, body_hash, answer, position,
            max(position, coalesce((SELECT max(e.position)
                FROM event e JOIN record r ON r.position = e.position
                WHERE e.tenant = ?1 AND e.shipment_id = ?2), 0))
        FROM shipment WHERE tenant = ?1 AND shipment_id = ?2",
    )?;
    let mut rows = statement.query((tenant, shipment_id))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let parcel = parcel(row, 0)?;
    Ok(Some(Kept {
        state: codec::state(row.get(11)?)?,
        person: parcel.person,
        arrival: parcel.arrival,
        order: parcel.order,
        bill: parcel.bill,
        posting: parcel.posting,
        body_hash: codec::hash(row.get_ref(12)?.as_blob().unwrap_or_default())?,
        answer: row.get(13)?,
        position: row.get(14)?,
        decided: row.get(15)?,
    }))
}

/// What a posting and a shipment have in common.
pub(super) struct Parcel {
    pub person: PersonKey,
    pub arrival: Arrival,
    pub order: Option<u64>,
    pub bill: Option<u64>,
    pub posting: Posting,
}

/// Reads eleven columns from `at` on: person to undecided, in the order of the tables.
pub(super) fn parcel(row: &Row<'_>, at: usize) -> Result<Parcel, StoreError> {
    let mark = |place: usize| -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = row.get(at + place)?;
        Ok(number.map(i64::cast_unsigned))
    };
    Ok(Parcel {
        person: codec::person(row.get_ref(at)?.as_blob().unwrap_or_default())?,
        arrival: Arrival {
            day: row.get(at + 1)?,
            arrives_at: row.get(at + 2)?,
            filed_at: row.get(at + 3)?,
        },
        order: mark(4)?,
        bill: mark(5)?,
        posting: Posting {
            value_cents: row.get(at + 6)?,
            counted: codec::slot(row.get(at + 7)?)?,
            could_count: codec::slot(row.get(at + 8)?)?,
            crossed: codec::slots(row.get(at + 9)?)?,
            undecided: codec::open(row.get(at + 10)?)?,
        },
    })
}

fn event(connection: &Connection, key: &EventKey) -> Result<Option<Done>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT body_hash, position, answer FROM event
        WHERE tenant = ?1 AND shipment_id = ?2 AND event_id = ?3",
    )?;
    let of = (
        &key.shipment.tenant,
        &key.shipment.shipment_id,
        &key.event_id,
    );
    let mut rows = statement.query(of)?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Done {
        body_hash: codec::hash(row.get_ref(0)?.as_blob().unwrap_or_default())?,
        position: row.get(1)?,
        answer: row.get(2)?,
    }))
}

pub(super) fn day(
    connection: &Connection,
    tenant: &str,
    person: PersonKey,
    day: i32,
) -> Result<Option<DayRow>, StoreError> {
    let packed: Option<Vec<u8>> = connection
        .prepare_cached(
            "SELECT holds FROM person_day WHERE tenant = ?1 AND person = ?2 AND day = ?3",
        )?
        .query_row((tenant, person.0, day), |row| row.get(0))
        .optional()?;
    packed.map(|packed| codec::unpack(&packed)).transpose()
}

fn mark(connection: &Connection, key: &MarkKey) -> Result<BTreeMap<i32, Sum>, StoreError> {
    let (kind, mark) = codec::mark_parts(key.mark);
    let mut statement = connection.prepare_cached(
        "SELECT day, shipments, total_cents FROM person_mark
        WHERE tenant = ?1 AND person = ?2 AND kind = ?3 AND mark = ?4",
    )?;
    let read = |row: &Row<'_>| {
        let sum = Sum {
            shipments: row.get(1)?,
            total_cents: row.get(2)?,
        };
        Ok((row.get(0)?, sum))
    };
    let days = statement.query_map((&key.tenant, key.person.0, kind, mark), read)?;
    Ok(days.collect::<Result<_, _>>()?)
}
