//! Rows that a batch changed, each table with one statement over columns.

use crate::codec;
use crate::engine::Work;
use crate::error::StoreError;
use crate::postgres::together::Ask;
use crate::rows::ShipmentKey;
use crate::types::{Arrival, Kept, PersonKey, Posting};
use deadpool_postgres::GenericClient;
use tokio_postgres::types::ToSql;

/// The statements that write all rows of a batch; none rests on another.
pub(super) fn asks(work: &Work) -> Vec<Ask<'_>> {
    let all = [
        entries(work),
        new_shipments(work),
        changed_shipments(work),
        events(work),
        days(work),
        marks(work),
        blocking(work),
    ];
    all.into_iter().flatten().collect()
}

pub(super) async fn run(
    client: &impl GenericClient,
    sql: &str,
    with: &[&(dyn ToSql + Sync)],
) -> Result<(), StoreError> {
    let statement = client.prepare_cached(sql).await?;
    client.execute(&statement, with).await?;
    Ok(())
}

/// What postings and shipments have in common, as columns.
#[derive(Default)]
struct Parcels<'a> {
    tenants: Vec<&'a str>,
    shipments: Vec<&'a str>,
    persons: Vec<&'a [u8]>,
    days: Vec<i32>,
    arrives: Vec<i64>,
    filed: Vec<Option<i64>>,
    orders: Vec<Option<i64>>,
    bills: Vec<Option<i64>>,
    values: Vec<i64>,
    counted: Vec<Option<i16>>,
    could: Vec<Option<i16>>,
    crossed: Vec<i16>,
    undecided: Vec<Option<i16>>,
}

impl<'a> Parcels<'a> {
    fn key(&mut self, tenant: &'a str, shipment_id: &'a str, person: &'a PersonKey) {
        self.tenants.push(tenant);
        self.shipments.push(shipment_id);
        self.persons.push(&person.0);
    }

    fn facts(&mut self, arrival: &Arrival, marks: [Option<u64>; 2], posting: &Posting) {
        let [order, bill] = marks;
        self.days.push(arrival.day);
        self.arrives.push(arrival.arrives_at);
        self.filed.push(arrival.filed_at);
        self.orders.push(order.map(codec::mark_number));
        self.bills.push(bill.map(codec::mark_number));
        self.values.push(posting.value_cents);
        self.counted.push(codec::slot_number(posting.counted));
        self.could.push(codec::slot_number(posting.could_count));
        self.crossed.push(posting.crossed.0.into());
        self.undecided.push(codec::open_number(posting.undecided));
    }

    fn ask(self, sql: &'static str) -> Ask<'a> {
        let ask = Ask::new(sql).with(self.tenants).with(self.shipments);
        let ask = ask.with(self.persons).with(self.days);
        let ask = ask.with(self.arrives).with(self.filed);
        let ask = ask.with(self.orders).with(self.bills).with(self.values);
        let ask = ask.with(self.counted).with(self.could);
        ask.with(self.crossed).with(self.undecided)
    }
}

fn entries(work: &Work) -> Option<Ask<'_>> {
    if work.entries.is_empty() {
        return None;
    }
    let mut parcels = Parcels::default();
    for one in &work.entries {
        parcels.key(&one.tenant, &one.shipment_id, &one.person);
        parcels.facts(&one.arrival, [one.order, one.bill], &one.posting);
    }
    let positions: Vec<i64> = work.entries.iter().map(|one| one.position).collect();
    let kinds = work.entries.iter().map(|one| codec::kind_number(one.kind));
    let kinds: Vec<i16> = kinds.collect();
    let signs = work
        .entries
        .iter()
        .map(|one| i16::try_from(one.sign).unwrap_or(0));
    let signs: Vec<i16> = signs.collect();
    let sql = "INSERT INTO posting (tenant, shipment_id, person, day, arrives_at, filed_at,
            order_mark, bill_mark, value_cents, counted, could_count, crossed, undecided, position,
            kind, sign)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::int[], $5::bigint[],
            $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::smallint[],
            $11::smallint[], $12::smallint[], $13::smallint[], $14::bigint[], $15::smallint[],
            $16::smallint[])";
    Some(parcels.ask(sql).with(positions).with(kinds).with(signs))
}

type Rows<'a> = Vec<(&'a ShipmentKey, &'a Kept)>;

fn rows<'a>(work: &'a Work, keys: impl Iterator<Item = &'a ShipmentKey>) -> Rows<'a> {
    keys.filter_map(|key| work.shipments.get_key_value(key))
        .collect()
}

fn parcels<'a>(rows: &Rows<'a>) -> Parcels<'a> {
    let mut parcels = Parcels::default();
    for (key, kept) in rows {
        parcels.key(&key.tenant, &key.shipment_id, &kept.person);
        parcels.facts(&kept.arrival, [kept.order, kept.bill], &kept.posting);
    }
    parcels
}

/// A parcel that is there already is never written over: the statement fails, and all with it.
fn new_shipments(work: &Work) -> Option<Ask<'_>> {
    let rows = rows(work, work.new_shipments.iter());
    if rows.is_empty() {
        return None;
    }
    let states = rows.iter().map(|(_, kept)| codec::state_number(kept.state));
    let states: Vec<i16> = states.collect();
    let hashes = rows.iter().map(|(_, kept)| kept.body_hash.as_slice());
    let hashes: Vec<&[u8]> = hashes.collect();
    let answers = rows.iter().map(|(_, kept)| kept.answer.as_slice());
    let answers: Vec<&[u8]> = answers.collect();
    let positions: Vec<i64> = rows.iter().map(|(_, kept)| kept.position).collect();
    let sql = "INSERT INTO shipment (tenant, shipment_id, person, day, arrives_at, filed_at,
            order_mark, bill_mark, value_cents, counted, could_count, crossed, undecided, state,
            body_hash, answer, position)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::int[], $5::bigint[],
            $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::smallint[],
            $11::smallint[], $12::smallint[], $13::smallint[], $14::smallint[], $15::bytea[],
            $16::bytea[], $17::bigint[])";
    let ask = parcels(&rows).ask(sql).with(states).with(hashes);
    Some(ask.with(answers).with(positions))
}

/// An event can change where a parcel stands, when it comes and what it puts, a merge and a split
/// whose it is; its claim and the answer to it stay.
fn changed_shipments(work: &Work) -> Option<Ask<'_>> {
    let rows = rows(work, work.changed_shipments.iter());
    if rows.is_empty() {
        return None;
    }
    let states = rows.iter().map(|(_, kept)| codec::state_number(kept.state));
    let states: Vec<i16> = states.collect();
    let sql = "UPDATE shipment s SET state = k.state, person = k.person, day = k.day,
            arrives_at = k.arrives_at, filed_at = k.filed_at, value_cents = k.value_cents,
            counted = k.counted, could_count = k.could_count, crossed = k.crossed,
            undecided = k.undecided
        FROM unnest($1::text[], $2::text[], $3::bytea[], $4::int[], $5::bigint[],
            $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::smallint[],
            $11::smallint[], $12::smallint[], $13::smallint[], $14::smallint[])
            AS k (tenant, shipment_id, person, day, arrives_at, filed_at, order_mark, bill_mark,
                value_cents, counted, could_count, crossed, undecided, state)
        WHERE s.tenant = k.tenant AND s.shipment_id = k.shipment_id";
    Some(parcels(&rows).ask(sql).with(states))
}

fn events(work: &Work) -> Option<Ask<'_>> {
    if work.new_events.is_empty() {
        return None;
    }
    let (mut tenants, mut shipments, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let (mut hashes, mut answers, mut positions) = (Vec::new(), Vec::new(), Vec::new());
    for key in &work.new_events {
        let Some(done) = work.events.get(key) else {
            continue;
        };
        tenants.push(key.shipment.tenant.as_str());
        shipments.push(key.shipment.shipment_id.as_str());
        events.push(key.event_id.as_str());
        hashes.push(done.body_hash.as_slice());
        answers.push(done.answer.as_slice());
        positions.push(done.position);
    }
    let sql = "INSERT INTO event (tenant, shipment_id, event_id, body_hash, answer, position)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[],
            $6::bigint[])";
    let ask = Ask::new(sql).with(tenants).with(shipments).with(events);
    Some(ask.with(hashes).with(answers).with(positions))
}

fn days(work: &Work) -> Option<Ask<'_>> {
    let (mut tenants, mut persons, mut days) = (Vec::new(), Vec::new(), Vec::new());
    let mut holds: Vec<Vec<u8>> = Vec::new();
    for key in &work.changed_days {
        if let Some(row) = work.days.get(key) {
            tenants.push(key.tenant.as_str());
            persons.push(key.person.0.as_slice());
            days.push(key.day);
            holds.push(codec::pack(row));
        }
    }
    if days.is_empty() {
        return None;
    }
    let sql = "INSERT INTO person_day (tenant, person, day, holds)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::int[], $4::bytea[])
        ON CONFLICT (tenant, person, day) DO UPDATE SET holds = excluded.holds";
    let ask = Ask::new(sql).with(tenants).with(persons);
    Some(ask.with(days).with(holds))
}

/// By what persons are found: the same key of one person is written by one transaction at a time, the
/// one that has the person's lock.
fn blocking(work: &Work) -> Option<Ask<'_>> {
    if work.new_blocking.is_empty() {
        return None;
    }
    let (mut tenants, mut keys, mut persons) = (Vec::new(), Vec::new(), Vec::new());
    for (tenant, key, person) in &work.new_blocking {
        tenants.push(tenant.as_str());
        keys.push(key.0.as_slice());
        persons.push(person.0.as_slice());
    }
    let sql = "INSERT INTO person_blocking (tenant, blocking, person)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[]) ON CONFLICT DO NOTHING";
    Some(Ask::new(sql).with(tenants).with(keys).with(persons))
}

fn marks(work: &Work) -> Option<Ask<'_>> {
    if work.changed_marks.is_empty() {
        return None;
    }
    let (mut tenants, mut persons, mut days) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kinds, mut marks) = (Vec::new(), Vec::new());
    let (mut shipments, mut totals) = (Vec::new(), Vec::new());
    for (key, day) in &work.changed_marks {
        let Some(sum) = work.marks.get(key).and_then(|days| days.get(day)) else {
            continue;
        };
        let (kind, mark) = codec::mark_parts(key.mark);
        tenants.push(key.tenant.as_str());
        persons.push(key.person.0.as_slice());
        kinds.push(kind);
        marks.push(mark);
        days.push(*day);
        shipments.push(sum.shipments);
        totals.push(sum.total_cents);
    }
    let sql = "INSERT INTO person_mark (tenant, person, kind, mark, day, shipments, total_cents)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::smallint[], $4::bigint[], $5::int[],
            $6::bigint[], $7::bigint[])
        ON CONFLICT (tenant, person, kind, mark, day) DO UPDATE
        SET shipments = excluded.shipments, total_cents = excluded.total_cents";
    let ask = Ask::new(sql).with(tenants).with(persons).with(kinds);
    let ask = ask.with(marks).with(days);
    Some(ask.with(shipments).with(totals))
}
