//! The ledger: what each person's day holds, counted once under load and crashes.
//!
//! The store knows no law. Which parcels count, on which basis and how much, is said by the
//! assessment that the caller hands in; the store tells it what the person's day holds without the
//! parcel, and keeps what it said, in one transaction. Persons are keyed hashes; a name or address
//! comes in only as a personal field of a record, and is sealed and erasable. This crate is the only
//! place of SQL.

mod alike;
mod codec;
pub mod desk;
mod engine;
mod error;
pub mod intake;
mod ledger;
mod migrate;
mod model;
mod pending;
mod persons;
mod portable;
mod postgres;
mod records;
mod recount;
mod rows;
mod sqlite;
mod touched;
mod types;

pub use alike::{Alike, Together};
pub use error::{Refused, StoreError};
pub use ledger::{Act, Assess, Ledger, Request};
pub use model::Model;
pub use pending::Pending;
pub use postgres::Postgres;
pub use records::head::TreeHead;
pub use records::keys::{BlockingKey, Installation, log_id};
pub use records::merkle;
pub use records::proof::{Proof, ProvenField, ProvenHead, ProvenRecord, SignedTree};
pub use records::types::{
    Affected, Audit, Content, Erased, Expired, Field, Finding, KeptField, KeptRecord, Record,
};
pub use sqlite::Sqlite;
pub use types::{
    Apart, Arrival, Claim, DayHolds, DayView, Entry, Event, Kept, Kind, Mismatch, Open, PersonKey,
    PersonsAct, PersonsEvent, Posting, Receipt, SLOTS, Same, Slot, Slots, Standing, State, Sum,
    Undecided, Verdict,
};
