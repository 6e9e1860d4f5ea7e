//! Adds the whole ledger up again from its postings, and compares what the store keeps as sums.

use crate::rows::{DayKey, DayRow, Mark, MarkKey, ShipmentKey};
use crate::types::{Arrival, Entry, Kind, Mismatch, PersonKey, Posting, Standing, State, Sum};
use std::collections::BTreeMap;

/// What the postings come to. All of it is in memory: it grows with parcels and days.
#[derive(Default)]
pub(crate) struct Recount {
    days: BTreeMap<DayKey, DayRow>,
    marks: BTreeMap<(MarkKey, i32), Sum>,
    shipments: BTreeMap<ShipmentKey, (PersonKey, State, Arrival, Posting)>,
    found: Vec<Mismatch>,
}

impl Recount {
    /// Adds the next line. The lines come in the order of the ledger.
    pub(crate) fn add(&mut self, entry: &Entry) {
        let day = day_of(entry);
        if entry.sign != 0 {
            let row = self.days.entry(day.clone()).or_default();
            row.holds.apply(entry.sign, &entry.posting);
            if entry.sign > 0 {
                row.latest = row.latest.max(Some(entry.arrival.order()));
            }
        }
        let order = entry.order.map(Mark::Order);
        let bill = entry.bill.map(Mark::Bill);
        for mark in order.into_iter().chain(bill) {
            let key = MarkKey {
                tenant: entry.tenant.clone(),
                person: entry.person,
                mark,
            };
            if entry.sign != 0 {
                let sum = self.marks.entry((key, entry.arrival.day)).or_default();
                sum.add(entry.sign, entry.posting.value_cents);
            }
        }
        let key = ShipmentKey {
            tenant: entry.tenant.clone(),
            shipment_id: entry.shipment_id.clone(),
        };
        let before = self.shipments.get(&key).map(|(_, state, ..)| *state);
        let state = match (entry.kind, before) {
            (Kind::Reserve, None) => State::Reserved,
            (Kind::Reserve, Some(_)) => return self.found.push(mismatch(&day, "claimed twice")),
            (Kind::Post, _) => State::Posted,
            (Kind::Void, _) => State::Voided,
            (Kind::Move | Kind::Amend | Kind::Merge | Kind::Split, Some(state)) => state,
            (Kind::Move | Kind::Amend | Kind::Merge | Kind::Split, None) => {
                return self
                    .found
                    .push(mismatch(&day, "changed before it was claimed"));
            }
        };
        let stands = (entry.person, state, entry.arrival, entry.posting);
        self.shipments.insert(key, stands);
    }

    pub(crate) fn day(&mut self, key: &DayKey, kept: &DayRow) {
        if self.days.remove(key).as_ref() != Some(kept) {
            self.found.push(mismatch(key, "what the day holds"));
        }
    }

    pub(crate) fn mark(&mut self, key: MarkKey, day: i32, kept: Sum) {
        let of = DayKey {
            tenant: key.tenant.clone(),
            person: key.person,
            day,
        };
        if self.marks.remove(&(key, day)) != Some(kept) {
            self.found.push(mismatch(&of, "an order or bill"));
        }
    }

    pub(crate) fn shipment(&mut self, tenant: &str, kept: &Standing) {
        let stands = (kept.person, kept.state, kept.arrival, kept.posting);
        let key = ShipmentKey::new(tenant, &kept.shipment_id);
        if self.shipments.remove(&key) != Some(stands) {
            let of = DayKey {
                tenant: key.tenant,
                person: kept.person,
                day: kept.arrival.day,
            };
            self.found.push(mismatch(&of, "a shipment"));
        }
    }

    /// What differs; what the store does not have at all comes last.
    pub(crate) fn finish(mut self) -> Vec<Mismatch> {
        let days = self.days.keys().map(|key| mismatch(key, "a missing day"));
        self.found.extend(days);
        for (key, day) in self.marks.keys() {
            self.found.push(Mismatch {
                tenant: key.tenant.clone(),
                person: key.person,
                day: *day,
                what: "a missing order or bill",
            });
        }
        for (key, (person, _, arrival, _)) in self.shipments {
            self.found.push(Mismatch {
                tenant: key.tenant,
                person,
                day: arrival.day,
                what: "a missing shipment",
            });
        }
        self.found
    }
}

fn day_of(entry: &Entry) -> DayKey {
    DayKey {
        tenant: entry.tenant.clone(),
        person: entry.person,
        day: entry.arrival.day,
    }
}

fn mismatch(day: &DayKey, what: &'static str) -> Mismatch {
    Mismatch {
        tenant: day.tenant.clone(),
        person: day.person,
        day: day.day,
        what,
    }
}
