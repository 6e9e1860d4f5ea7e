//! What a batch can touch, so that a store can lock and load it before anything is done.

use crate::engine::Work;
use crate::ledger::{Act, Request};
use crate::rows::{DayKey, EventKey, Mark, MarkKey, ShipmentKey, event_key, marks};
use crate::types::{Claim, PersonKey};
use std::collections::HashMap;

/// The shipments and events that a batch asks for, each once.
pub(crate) fn asked_for(requests: &[Request]) -> (Vec<ShipmentKey>, Vec<EventKey>) {
    let keys = |request: &Request| -> Vec<ShipmentKey> {
        let ids = request.shipment_ids().iter();
        ids.map(|id| ShipmentKey::new(request.tenant(), id))
            .collect()
    };
    let mut shipments: Vec<ShipmentKey> = requests.iter().flat_map(keys).collect();
    shipments.sort_unstable();
    shipments.dedup();
    let events = requests.iter().filter_map(|request| match request {
        Request::Event(event, _) => Some(event_key(event)),
        Request::Claim(..) | Request::Persons(..) => None,
    });
    let mut events: Vec<EventKey> = events.collect();
    events.sort_unstable();
    events.dedup();
    (shipments, events)
}

/// The person-days and marks that a batch can touch, each once.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub days: Vec<DayKey>,
    pub marks: Vec<MarkKey>,
}

impl Touched {
    fn add(
        &mut self,
        tenant: &str,
        person: PersonKey,
        day: i32,
        marks: impl Iterator<Item = Mark>,
    ) {
        let tenant = tenant.to_owned();
        self.marks.extend(marks.map(|mark| MarkKey {
            tenant: tenant.clone(),
            person,
            mark,
        }));
        self.days.push(DayKey {
            tenant,
            person,
            day,
        });
    }
}

impl Work {
    /// What has to be loaded once the shipments are. A parcel that is claimed and moved within one
    /// batch has the person of its claim.
    pub(crate) fn touched(&self, requests: &[Request]) -> Touched {
        let mut touched = Touched::default();
        let mut claimed: HashMap<(&str, &str), Vec<&Claim>> = HashMap::new();
        for request in requests {
            if let Request::Claim(claim, _) = request {
                let key = (claim.tenant.as_str(), claim.shipment_id.as_str());
                claimed.entry(key).or_default().push(claim);
                let marks = marks(claim.order, claim.bill);
                let person = self.aliases.of(&claim.tenant, claim.person);
                touched.add(&claim.tenant, person, claim.arrival.day, marks);
                for other in claim.alike.persons() {
                    let other = self.aliases.of(&claim.tenant, other);
                    touched.add(&claim.tenant, other, claim.arrival.day, std::iter::empty());
                }
            }
        }
        for kept in &self.shipments {
            let (key, kept) = kept;
            let persons = [Some(kept.person), self.goes_to(requests)];
            for person in persons.into_iter().flatten() {
                let marks = marks(kept.order, kept.bill);
                touched.add(&key.tenant, person, kept.arrival.day, marks);
            }
        }
        let none = std::iter::empty::<Mark>;
        for request in requests {
            let Request::Event(event, act) = request else {
                continue;
            };
            let (to, alike) = match act {
                Act::Move { to, alike, .. } => (Some(to.day), alike),
                Act::Amend { alike, .. } => (None, alike),
                Act::Post | Act::Void => continue,
            };
            // Where it is now, or where it is claimed to be in this batch.
            let of = ShipmentKey::new(&event.tenant, &event.shipment_id);
            let kept = self
                .shipments
                .get(&of)
                .map(|kept| (kept.person, kept.arrival.day));
            let key = (event.tenant.as_str(), event.shipment_id.as_str());
            let claims = claimed.get(&key).into_iter().flatten();
            let claims = claims.map(|claim| {
                let person = self.aliases.of(&event.tenant, claim.person);
                (person, claim.arrival.day)
            });
            let days: Vec<(PersonKey, i32)> = kept.into_iter().chain(claims).collect();
            for (person, day) in &days {
                touched.add(&event.tenant, *person, to.unwrap_or(*day), none());
            }
            // A parcel that is moved in this batch may be amended on any day that it goes to.
            let moved = requests.iter().filter_map(|other| match other {
                Request::Event(other, Act::Move { to, .. })
                    if (&other.tenant, &other.shipment_id)
                        == (&event.tenant, &event.shipment_id) =>
                {
                    Some(to.day)
                }
                _ => None,
            });
            let days = days.iter().map(|(_, day)| to.unwrap_or(*day));
            let days: Vec<i32> = match alike.readings.is_empty() {
                true => Vec::new(),
                false => days.chain(moved).collect(),
            };
            for person in alike.persons() {
                let person = self.aliases.of(&event.tenant, person);
                for day in &days {
                    touched.add(&event.tenant, person, *day, none());
                }
            }
        }
        touched.days.sort_unstable();
        touched.days.dedup();
        touched.marks.sort_unstable();
        touched.marks.dedup();
        touched
    }
}
