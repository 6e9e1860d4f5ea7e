//! Parcels as requests: each with an id and an idempotency key of its own, of persons who recur.

use deminimis_bench::parcels::{COLUMNS, Maker, Parcel, Span};
use deminimis_law::time::Day;
use serde_json::{Map, Value};
use std::io::Write;

/// October 2026: every parcel owes duty, which is the dearest to answer.
pub const DUTIABLE: Span = Span {
    from: Day(20_727),
    days: 31,
};
/// Parcels among whose persons they are divided.
const PARCELS: u64 = 1_000_000;
/// The columns of the parcel; those after them are the line's.
const OWN: usize = 20;
/// The parties of which columns are fields of an object.
const PARTIES: [&str; 2] = ["consignee", "shipper"];

/// Makes requests.
pub struct Source {
    /// What the ids of its parcels begin with.
    name: &'static str,
    parcels: Maker,
    made: u64,
}

impl Source {
    /// The same requests each time, of parcels that arrive in a span; their ids begin with a name.
    pub fn new(name: &'static str, span: Span) -> Source {
        Source {
            name,
            parcels: Maker::new(span, PARCELS),
            made: 0,
        }
    }

    /// Writes the next request over what was there.
    pub fn write(&mut self, path: &str, key: &str, to: &mut Vec<u8>) {
        self.made += 1;
        let id = format!("{}-{}", self.name, self.made);
        let mut body = self
            .parcels
            .next()
            .map(|parcel| body(&parcel))
            .unwrap_or_default();
        body["shipment_id"] = id.as_str().into();
        let body = body.to_string();
        to.clear();
        // Writing to memory cannot fail.
        let _ = write!(
            to,
            "POST {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\nidempotency-key: {id}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
    }
}

/// A parcel as the contract has it.
fn body(parcel: &Parcel) -> Value {
    let mut shipment = Map::new();
    let mut lines = Vec::new();
    for row in parcel.rows() {
        let mut line = Map::new();
        for (at, (name, value)) in COLUMNS.into_iter().zip(row).enumerate() {
            if value.is_empty() || (at < OWN && !lines.is_empty()) {
                continue;
            }
            let value = Value::from(value);
            let of = PARTIES.iter().find_map(|party| {
                let rest = name.strip_prefix(party)?.strip_prefix('_')?;
                Some((*party, rest))
            });
            match of {
                Some((party, field)) => {
                    let party = shipment.entry(party).or_insert_with(|| Map::new().into());
                    party[field] = value;
                }
                None if at < OWN => drop(shipment.insert(name.to_owned(), value)),
                None => drop(line.insert(name.to_owned(), value)),
            }
        }
        lines.push(Value::from(line));
    }
    shipment.insert("lines".to_owned(), lines.into());
    shipment.into()
}
