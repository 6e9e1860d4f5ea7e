//! What happens as requests to a ledger, with an assessment by the limit of the day alone.

use crate::common::{self, amended, moved, slot};
use crate::plan::{Deed, RISE};
use deminimis_store::{
    Act, Alike, Arrival, Assess, Claim, DayView, Event, Field, PersonKey, PersonsAct, PersonsEvent,
    Posting, Record, Request, Slots, Verdict,
};
use std::collections::BTreeMap;

pub fn limit_cents(day: i32) -> i64 {
    if day < RISE { 20_000 } else { 80_000 }
}

pub fn key(person: usize) -> PersonKey {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&(person as u64 + 1).to_be_bytes());
    PersonKey(key)
}

fn body(text: &str) -> [u8; 32] {
    common::hash(text)
}

fn arrival(number: usize, day: i32) -> Arrival {
    let hour = i64::try_from(number % 24).expect("an hour");
    Arrival {
        day,
        arrives_at: i64::from(day) * 86_400 + hour * 3_600,
        filed_at: None,
    }
}

/// The limit of the day, as 321(a)(2)(C) is read: not the parcel that crosses it and none after.
fn assess(day: i32, value_cents: i64) -> Assess {
    Box::new(move |view: &DayView| {
        let (counted, crossed) = (view.holds.counted[2], view.holds.crossed[2]);
        let limit = limit_cents(day);
        let free = crossed == 0 && counted.total_cents + value_cents <= limit;
        let crosses = !free && value_cents <= limit;
        let field = |path: &str, value: String, personal| Field {
            path: path.into(),
            value: value.into_bytes(),
            personal,
        };
        let none = Slots::default();
        Verdict {
            posting: Posting {
                value_cents,
                counted: free.then_some(slot(2)),
                could_count: Some(slot(2)),
                crossed: if crosses { none.with(slot(2)) } else { none },
                undecided: None,
            },
            answer: vec![u8::from(free), u8::from(crosses)],
            record: Record {
                fields: vec![
                    field("free", free.to_string(), false),
                    field("line_value", value_cents.to_string(), false),
                    field("arrives_on", day.to_string(), false),
                    field("consignee.name", format!("Anna {day}"), true),
                ],
                kept_until: day + 1_826,
            },
        }
    })
}

/// What a deed needs to be asked: its place makes its event's id.
pub fn request(deed: &Deed, at: usize, facts: &mut BTreeMap<usize, (i32, i64)>) -> Request {
    let tenant = || "carrier".to_owned();
    let event = |number: &usize| Event {
        tenant: tenant(),
        shipment_id: format!("P-{number}"),
        event_id: format!("E-{at}"),
        body_hash: body(&at.to_string()),
    };
    let says = || PersonsEvent {
        tenant: tenant(),
        event_id: format!("E-{at}"),
        body_hash: body(&at.to_string()),
    };
    match deed {
        Deed::Claim(number, person, day, value_cents) => {
            facts.insert(*number, (*day, *value_cents));
            let claim = Claim {
                tenant: tenant(),
                shipment_id: format!("P-{number}"),
                body_hash: body(&number.to_string()),
                person: key(*person),
                arrival: arrival(*number, *day),
                order: (number % 3 == 0).then_some(*person as u64),
                bill: (number % 5 == 0).then_some(u64::from(day.unsigned_abs())),
                alike: Alike::default(),
            };
            Request::Claim(claim, assess(*day, *value_cents))
        }
        Deed::Post(number) => Request::Event(event(number), Act::Post),
        Deed::Void(number) => Request::Event(event(number), Act::Void),
        Deed::Move(number, day) => {
            let facts = facts.get_mut(number).expect("it was claimed");
            facts.0 = *day;
            let act = moved(arrival(*number, *day), assess(*day, facts.1));
            Request::Event(event(number), act)
        }
        Deed::Amend(number, value_cents) => {
            let facts = facts.get_mut(number).expect("it was claimed");
            facts.1 = *value_cents;
            Request::Event(event(number), amended(assess(facts.0, *value_cents)))
        }
        Deed::Merge(from, into) => {
            let (from, into) = (key(*from), key(*into));
            Request::Persons(says(), PersonsAct::Merge { from, into })
        }
        Deed::Split(parcels, to) => {
            let shipments = parcels.iter().map(|number| format!("P-{number}"));
            let (shipments, to) = (shipments.collect(), key(*to));
            Request::Persons(says(), PersonsAct::Split { shipments, to })
        }
    }
}
