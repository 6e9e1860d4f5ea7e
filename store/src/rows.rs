//! The rows of the ledger's tables and the keys by which they are found, the same on every store.

use crate::types::{DayHolds, Event, Kept, PersonKey};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ShipmentKey {
    pub tenant: String,
    pub shipment_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EventKey {
    pub shipment: ShipmentKey,
    pub event_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DayKey {
    pub tenant: String,
    pub person: PersonKey,
    pub day: i32,
}

/// What parcels of a person can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mark {
    Order(u64),
    Bill(u64),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MarkKey {
    pub tenant: String,
    pub person: PersonKey,
    pub mark: Mark,
}

/// An event that had its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub body_hash: [u8; 32],
    pub position: i64,
    pub answer: Vec<u8>,
}

/// A person's day as a row: what it holds, and the latest place in its order that was ever given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DayRow {
    pub holds: DayHolds,
    pub latest: Option<(i64, i64)>,
}

impl ShipmentKey {
    pub(crate) fn new(tenant: &str, shipment_id: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            shipment_id: shipment_id.to_owned(),
        }
    }
}

pub(crate) fn event_key(event: &Event) -> EventKey {
    EventKey {
        shipment: ShipmentKey {
            tenant: event.tenant.clone(),
            shipment_id: event.shipment_id.clone(),
        },
        event_id: event.event_id.clone(),
    }
}

/// The text that reads parcels as they stand, which both stores take: all of them, or as it goes on.
pub(crate) fn standings(rest: &str) -> String {
    format!(
        "SELECT person, day, arrives_at, filed_at, order_mark, bill_mark, value_cents, counted,
            could_count, crossed, undecided, state, shipment_id, position, tenant
        FROM shipment {rest}"
    )
}

/// The same of a person: of the tenant `$1` and the person `$2`, and on the day `$3` if one is asked
/// for.
pub(crate) fn standings_of(on_a_day: bool) -> String {
    let day = if on_a_day { "AND day = $3" } else { "" };
    standings(&format!("WHERE tenant = $1 AND person = $2 {day}"))
}

/// What a parcel can share with others.
pub(crate) fn marks(order: Option<u64>, bill: Option<u64>) -> impl Iterator<Item = Mark> {
    let order = order.map(Mark::Order);
    order.into_iter().chain(bill.map(Mark::Bill))
}

pub(crate) fn day_key(key: &ShipmentKey, parcel: &Kept) -> DayKey {
    DayKey {
        tenant: key.tenant.clone(),
        person: parcel.person,
        day: parcel.arrival.day,
    }
}

pub(crate) fn mark_key(key: &ShipmentKey, person: PersonKey, mark: Mark) -> MarkKey {
    MarkKey {
        tenant: key.tenant.clone(),
        person,
        mark,
    }
}
