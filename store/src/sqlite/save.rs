//! Rows that a batch changed, written by key.

use crate::codec;
use crate::engine::Work;
use crate::error::StoreError;
use crate::rows::ShipmentKey;
use crate::sqlite::persons;
use crate::types::{Entry, Kept};
use rusqlite::Connection;

pub(super) fn save(connection: &Connection, work: &Work) -> Result<(), StoreError> {
    for entry in &work.entries {
        save_entry(connection, entry)?;
    }
    for key in &work.new_shipments {
        if let Some(kept) = work.shipments.get(key) {
            insert_shipment(connection, key, kept)?;
        }
    }
    for key in &work.changed_shipments {
        if let Some(kept) = work.shipments.get(key) {
            update_shipment(connection, key, kept)?;
        }
    }
    for key in &work.new_events {
        if let Some(done) = work.events.get(key) {
            let mut statement = connection.prepare_cached(
                "INSERT INTO event (tenant, shipment_id, event_id, body_hash, answer, position)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            statement.execute((
                &key.shipment.tenant,
                &key.shipment.shipment_id,
                &key.event_id,
                done.body_hash,
                &done.answer,
                done.position,
            ))?;
        }
    }
    for key in &work.changed_days {
        if let Some(row) = work.days.get(key) {
            let mut statement = connection.prepare_cached(
                "INSERT INTO person_day (tenant, person, day, holds) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET holds = excluded.holds",
            )?;
            statement.execute((&key.tenant, key.person.0, key.day, codec::pack(row)))?;
        }
    }
    save_marks(connection, work)?;
    for (tenant, key, person) in &work.new_blocking {
        persons::find_by(connection, tenant, *key, *person)?;
    }
    persons::save(connection, work)
}

fn save_marks(connection: &Connection, work: &Work) -> Result<(), StoreError> {
    for (key, day) in &work.changed_marks {
        let Some(sum) = work.marks.get(key).and_then(|days| days.get(day)) else {
            continue;
        };
        let (kind, mark) = codec::mark_parts(key.mark);
        let mut statement = connection.prepare_cached(
            "INSERT INTO person_mark (tenant, person, kind, mark, day, shipments, total_cents)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO UPDATE
            SET shipments = excluded.shipments, total_cents = excluded.total_cents",
        )?;
        statement.execute((
            &key.tenant,
            key.person.0,
            kind,
            mark,
            day,
            sum.shipments,
            sum.total_cents,
        ))?;
    }
    Ok(())
}

fn save_entry(connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO posting (position, tenant, shipment_id, kind, sign, person, day, arrives_at,
            filed_at, order_mark, bill_mark, value_cents, counted, could_count, crossed, undecided)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    statement.execute((
        entry.position,
        &entry.tenant,
        &entry.shipment_id,
        codec::kind_number(entry.kind),
        entry.sign,
        entry.person.0,
        entry.arrival.day,
        entry.arrival.arrives_at,
        entry.arrival.filed_at,
        entry.order.map(codec::mark_number),
        entry.bill.map(codec::mark_number),
        entry.posting.value_cents,
        codec::slot_number(entry.posting.counted),
        codec::slot_number(entry.posting.could_count),
        entry.posting.crossed.0,
        codec::open_number(entry.posting.undecided),
    ))?;
    Ok(())
}

fn insert_shipment(
    connection: &Connection,
    key: &ShipmentKey,
    kept: &Kept,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO shipment (tenant, shipment_id, state, person, day, arrives_at, filed_at,
            order_mark, bill_mark, value_cents, counted, could_count, crossed, undecided,
            body_hash, answer, position)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    statement.execute(rusqlite::params![
        key.tenant,
        key.shipment_id,
        codec::state_number(kept.state),
        kept.person.0,
        kept.arrival.day,
        kept.arrival.arrives_at,
        kept.arrival.filed_at,
        kept.order.map(codec::mark_number),
        kept.bill.map(codec::mark_number),
        kept.posting.value_cents,
        codec::slot_number(kept.posting.counted),
        codec::slot_number(kept.posting.could_count),
        kept.posting.crossed.0,
        codec::open_number(kept.posting.undecided),
        kept.body_hash,
        kept.answer,
        kept.position,
    ])?;
    Ok(())
}

/// What an event can change of a parcel: where it stands, whose it is, when it comes, what it puts.
fn update_shipment(
    connection: &Connection,
    key: &ShipmentKey,
    kept: &Kept,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "UPDATE shipment SET state = ?3, day = ?4, arrives_at = ?5, filed_at = ?6,
            value_cents = ?7, counted = ?8, could_count = ?9, crossed = ?10, undecided = ?11,
            person = ?12
        WHERE tenant = ?1 AND shipment_id = ?2",
    )?;
    statement.execute((
        &key.tenant,
        &key.shipment_id,
        codec::state_number(kept.state),
        kept.arrival.day,
        kept.arrival.arrives_at,
        kept.arrival.filed_at,
        kept.posting.value_cents,
        codec::slot_number(kept.posting.counted),
        codec::slot_number(kept.posting.could_count),
        kept.posting.crossed.0,
        codec::open_number(kept.posting.undecided),
        kept.person.0,
    ))?;
    Ok(())
}
