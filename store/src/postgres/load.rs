//! Rows that a batch can touch, each table with one statement.

use crate::codec;
use crate::error::StoreError;
use crate::postgres::together::Ask;
use crate::rows::{DayKey, DayRow, Done, EventKey, MarkKey, ShipmentKey};
use crate::types::{Arrival, Kept, PersonKey, Posting, Sum};
use deadpool_postgres::GenericClient;
use std::collections::{BTreeMap, HashMap};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// Queries with a statement that the connection keeps prepared.
pub(super) async fn query(
    client: &impl GenericClient,
    sql: &str,
    with: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, with).await?)
}

pub(super) async fn shipments(
    client: &impl GenericClient,
    keys: &[ShipmentKey],
) -> Result<HashMap<ShipmentKey, Kept>, StoreError> {
    let rows = ask_shipments(keys).send(client).await?;
    rows.iter().map(shipment).collect()
}

pub(super) fn ask_shipments(keys: &[ShipmentKey]) -> Ask<'_> {
    let tenants: Vec<&str> = keys.iter().map(|key| key.tenant.as_str()).collect();
    let ids: Vec<&str> = keys.iter().map(|key| key.shipment_id.as_str()).collect();
    let sql = "SELECT s.person, s.day, s.arrives_at, s.filed_at, s.order_mark, s.bill_mark,
            s.value_cents, s.counted, s.could_count, s.crossed, s.undecided, s.state, s.body_hash,
            s.answer, s.position, s.tenant, s.shipment_id,
            greatest(s.position, (SELECT max(e.position)
                FROM event e JOIN record r ON r.position = e.position
                WHERE e.tenant = k.tenant AND e.shipment_id = k.shipment_id))
        FROM unnest($1::text[], $2::text[]) AS k (tenant, shipment_id)
        JOIN shipment s ON s.tenant = k.tenant AND s.shipment_id = k.shipment_id";
    Ask::new(sql).with(tenants).with(ids)
}

/// Reads a shipment with its key, the columns in the order of the statement above.
pub(super) fn shipment(row: &Row) -> Result<(ShipmentKey, Kept), StoreError> {
    let parcel = parcel(row)?;
    let kept = Kept {
        state: codec::state(row.try_get(11)?)?,
        person: parcel.person,
        arrival: parcel.arrival,
        order: parcel.order,
        bill: parcel.bill,
        posting: parcel.posting,
        body_hash: codec::hash(row.try_get(12)?)?,
        answer: row.try_get(13)?,
        position: row.try_get(14)?,
        decided: row.try_get(17)?,
    };
    let key = ShipmentKey {
        tenant: row.try_get(15)?,
        shipment_id: row.try_get(16)?,
    };
    Ok((key, kept))
}

/// What a posting and a shipment have in common.
pub(super) struct Parcel {
    pub person: PersonKey,
    pub arrival: Arrival,
    pub order: Option<u64>,
    pub bill: Option<u64>,
    pub posting: Posting,
}

/// Reads the first eleven columns: person to undecided, in the order of the tables.
pub(super) fn parcel(row: &Row) -> Result<Parcel, StoreError> {
    let mark = |place: usize| -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = row.try_get(place)?;
        Ok(number.map(i64::cast_unsigned))
    };
    Ok(Parcel {
        person: codec::person(row.try_get(0)?)?,
        arrival: Arrival {
            day: row.try_get(1)?,
            arrives_at: row.try_get(2)?,
            filed_at: row.try_get(3)?,
        },
        order: mark(4)?,
        bill: mark(5)?,
        posting: Posting {
            value_cents: row.try_get(6)?,
            counted: codec::slot(row.try_get(7)?)?,
            could_count: codec::slot(row.try_get(8)?)?,
            crossed: codec::slots(row.try_get(9)?)?,
            undecided: codec::open(row.try_get(10)?)?,
        },
    })
}

pub(super) fn ask_events(keys: &[EventKey]) -> Ask<'_> {
    let tenants: Vec<&str> = keys
        .iter()
        .map(|key| key.shipment.tenant.as_str())
        .collect();
    let shipments = keys.iter().map(|key| key.shipment.shipment_id.as_str());
    let shipments: Vec<&str> = shipments.collect();
    let events: Vec<&str> = keys.iter().map(|key| key.event_id.as_str()).collect();
    let sql = "SELECT e.tenant, e.shipment_id, e.event_id, e.body_hash, e.position, e.answer
        FROM unnest($1::text[], $2::text[], $3::text[]) AS k (tenant, shipment_id, event_id)
        JOIN event e ON e.tenant = k.tenant AND e.shipment_id = k.shipment_id
            AND e.event_id = k.event_id";
    Ask::new(sql).with(tenants).with(shipments).with(events)
}

pub(super) fn event(row: &Row) -> Result<(EventKey, Done), StoreError> {
    let shipment = ShipmentKey {
        tenant: row.try_get(0)?,
        shipment_id: row.try_get(1)?,
    };
    let key = EventKey {
        shipment,
        event_id: row.try_get(2)?,
    };
    let done = Done {
        body_hash: codec::hash(row.try_get(3)?)?,
        position: row.try_get(4)?,
        answer: row.try_get(5)?,
    };
    Ok((key, done))
}

pub(super) async fn days(
    client: &impl GenericClient,
    keys: &[DayKey],
) -> Result<HashMap<DayKey, DayRow>, StoreError> {
    let rows = ask_days(keys).send(client).await?;
    rows.iter().map(day).collect()
}

pub(super) fn ask_days(keys: &[DayKey]) -> Ask<'_> {
    let tenants: Vec<&str> = keys.iter().map(|key| key.tenant.as_str()).collect();
    let persons: Vec<&[u8]> = keys.iter().map(|key| key.person.0.as_slice()).collect();
    let days: Vec<i32> = keys.iter().map(|key| key.day).collect();
    let sql = "SELECT d.tenant, d.person, d.day, d.holds
        FROM unnest($1::text[], $2::bytea[], $3::int[]) AS k (tenant, person, day)
        JOIN person_day d ON d.tenant = k.tenant AND d.person = k.person AND d.day = k.day";
    Ask::new(sql).with(tenants).with(persons).with(days)
}

pub(super) fn day(row: &Row) -> Result<(DayKey, DayRow), StoreError> {
    let key = DayKey {
        tenant: row.try_get(0)?,
        person: codec::person(row.try_get(1)?)?,
        day: row.try_get(2)?,
    };
    Ok((key, codec::unpack(row.try_get(3)?)?))
}

pub(super) fn ask_marks(keys: &[MarkKey]) -> Ask<'_> {
    let tenants: Vec<&str> = keys.iter().map(|key| key.tenant.as_str()).collect();
    let persons: Vec<&[u8]> = keys.iter().map(|key| key.person.0.as_slice()).collect();
    let parts = keys.iter().map(|key| codec::mark_parts(key.mark));
    let (kinds, numbers): (Vec<i16>, Vec<i64>) = parts.unzip();
    let sql = "SELECT m.tenant, m.person, m.kind, m.mark, m.day, m.shipments, m.total_cents
        FROM unnest($1::text[], $2::bytea[], $3::smallint[], $4::bigint[])
            AS k (tenant, person, kind, mark)
        JOIN person_mark m ON m.tenant = k.tenant AND m.person = k.person AND m.kind = k.kind
            AND m.mark = k.mark";
    let ask = Ask::new(sql).with(tenants).with(persons);
    ask.with(kinds).with(numbers)
}

pub(super) fn marks(rows: &[Row]) -> Result<HashMap<MarkKey, BTreeMap<i32, Sum>>, StoreError> {
    let mut found: HashMap<MarkKey, BTreeMap<i32, Sum>> = HashMap::new();
    for row in rows {
        let (key, day, sum) = mark(row)?;
        found.entry(key).or_default().insert(day, sum);
    }
    Ok(found)
}

pub(super) fn mark(row: &Row) -> Result<(MarkKey, i32, Sum), StoreError> {
    let (kind, mark): (i16, i64) = (row.try_get(2)?, row.try_get(3)?);
    let key = MarkKey {
        tenant: row.try_get(0)?,
        person: codec::person(row.try_get(1)?)?,
        mark: codec::mark(kind, mark),
    };
    let sum = Sum {
        shipments: row.try_get(5)?,
        total_cents: row.try_get(6)?,
    };
    Ok((key, row.try_get(4)?, sum))
}
