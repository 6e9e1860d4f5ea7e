//! What the tests of the ledger share: parcels, a toy assessment, and stores to run on.

#![allow(
    dead_code,
    reason = "each test program is compiled with all of it and uses a part"
)]

pub mod records;
pub mod server;

use deminimis_store::{
    Act, Alike, Arrival, Assess, Claim, DayView, Event, Field, Installation, Ledger, Model, Open,
    PersonKey, PersonsEvent, Postgres, Posting, Receipt, Record, Slot, Slots, Sqlite, StoreError,
    Verdict,
};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The limit of the toy assessment, of one person on one day.
pub const LIMIT_CENTS: i64 = 80_000;

pub fn slot(number: usize) -> Slot {
    Slot::new(number).expect("a slot of the tests")
}

pub fn person(number: u8) -> PersonKey {
    PersonKey([number; 16])
}

pub fn hash(text: &str) -> [u8; 32] {
    let mut hash = [0_u8; 32];
    for (at, byte) in text.bytes().enumerate() {
        let place = &mut hash[at % 32];
        *place = place.wrapping_mul(31).wrapping_add(byte);
    }
    hash
}

pub fn arrival(day: i32) -> Arrival {
    Arrival {
        day,
        arrives_at: i64::from(day) * 86_400 + 3_600,
        filed_at: None,
    }
}

pub fn claim(id: &str, who: u8, day: i32) -> Claim {
    Claim {
        tenant: "acme".into(),
        shipment_id: id.into(),
        body_hash: hash(id),
        person: person(who),
        arrival: arrival(day),
        order: None,
        bill: None,
        alike: Alike::default(),
    }
}

pub fn event(id: &str, event_id: &str) -> Event {
    Event {
        tenant: "acme".into(),
        shipment_id: id.into(),
        event_id: event_id.into(),
        body_hash: hash(event_id),
    }
}

/// The parcel comes at another time, whatever was decided of it last.
pub fn moved(to: Arrival, assess: Assess) -> Act {
    Act::Move {
        to,
        rests_on: None,
        alike: Alike::default(),
        assess,
    }
}

/// The parcel is worth something else, whatever was decided of it last.
pub fn amended(assess: Assess) -> Act {
    Act::Amend {
        rests_on: None,
        alike: Alike::default(),
        assess,
    }
}

/// A human says something of persons.
pub fn said(event_id: &str) -> PersonsEvent {
    PersonsEvent {
        tenant: "acme".into(),
        event_id: event_id.into(),
        body_hash: hash(event_id),
    }
}

/// The keys of the installation of all tests.
pub fn installation() -> Installation {
    Installation::from_secret(&[7; 32])
}

/// The day until which the toy assessment wants a parcel of so many cents kept.
pub fn kept_until(value_cents: i64) -> i32 {
    i32::try_from(value_cents % 100).expect("a small number")
}

/// What is kept of a toy assessment: the decision, the value, and who it was.
fn record(value_cents: i64, free: bool) -> Record {
    let field = |path: &str, value: String, personal| Field {
        path: path.into(),
        value: value.into_bytes(),
        personal,
    };
    Record {
        fields: vec![
            field("free", free.to_string(), false),
            field("consignee.name", format!("Anna {value_cents}"), true),
            field("line_value", value_cents.to_string(), false),
            field("consignee.street", "12 Elm Street".into(), true),
        ],
        kept_until: kept_until(value_cents.max(0)),
    }
}

/// Counts a parcel if the day has room for it, as 321(a)(2)(C) is read: not the one that crosses
/// and none after it. The answer holds all that the assessment was told, so that equal answers
/// mean equal days.
pub fn assess(value_cents: i64) -> Assess {
    assess_in(slot(2), value_cents, None)
}

pub fn assess_in(slot: Slot, value_cents: i64, undecided: Option<Open>) -> Assess {
    Box::new(move |day: &DayView| {
        let counted = day.holds.counted[slot.place()].total_cents;
        let closed = day.holds.crossed[slot.place()] > 0;
        let fits = undecided.is_none() && !closed && counted + value_cents <= LIMIT_CENTS;
        let crosses = undecided.is_none() && !fits && value_cents <= LIMIT_CENTS;
        let crossed = Slots::default();
        Verdict {
            posting: Posting {
                value_cents,
                counted: fits.then_some(slot),
                could_count: undecided.is_none().then_some(slot),
                crossed: if crosses { crossed.with(slot) } else { crossed },
                undecided,
            },
            answer: format!("{fits} {day:?}").into_bytes(),
            record: record(value_cents, fits),
        }
    })
}

pub fn is_free(receipt: &Receipt) -> bool {
    receipt.answer.starts_with(b"true")
}

/// Submits again while the store says that it is busy, as a sender would.
pub fn claim_until_taken(
    ledger: &dyn Ledger,
    claim: &Claim,
    value_cents: i64,
) -> Result<Receipt, StoreError> {
    loop {
        match ledger.claim(claim.clone(), assess(value_cents)).wait() {
            Err(StoreError::Busy) => std::thread::sleep(Duration::from_millis(1)),
            done => return done,
        }
    }
}

/// A store under test, with what has to live as long as it.
pub struct Store {
    pub name: &'static str,
    pub ledger: Box<dyn Ledger>,
    pub keep: Box<dyn std::any::Any>,
}

pub fn model() -> Store {
    Store {
        name: "model",
        ledger: Box::new(Model::keyed(installation())),
        keep: Box::new(()),
    }
}

/// The ledger in this file, with the keys.
pub fn open_sqlite(path: &Path) -> Sqlite {
    Sqlite::open_keyed(path, installation()).expect("a ledger")
}

pub fn sqlite() -> Store {
    let folder = tempfile::tempdir().expect("a folder for the ledger");
    let ledger = open_sqlite(&folder.path().join("ledger.db"));
    Store {
        name: "sqlite",
        ledger: Box::new(ledger),
        keep: Box::new(folder),
    }
}

/// With one writer, so that requests are done in the order in which they are submitted.
pub fn postgres() -> Option<Store> {
    let config = server::database()?;
    let ledger = Postgres::open_with(&config, 1, 64, Some(installation()));
    let ledger = ledger.expect("a new ledger");
    Some(Store {
        name: "postgres",
        ledger: Box::new(ledger),
        keep: Box::new(()),
    })
}

/// Every store that can be had here, the model first.
pub fn stores() -> Vec<Store> {
    let mut stores = vec![model(), sqlite()];
    stores.extend(postgres());
    stores
}

/// What an export was written to; copies share it.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("a list").clone()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a list").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
