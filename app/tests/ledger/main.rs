//! The ledger as a user runs it: over the built program, with real stores, killed and run again, two
//! at a time.

mod again;
mod alike;
mod carry;
mod change;
mod enter;
mod erase;
mod foresee;
#[path = "../ledgers/mod.rs"]
mod ledgers;
mod look;
mod persons;
mod records;
mod usage;
#[path = "../../../store/examples/verify_record.rs"]
#[allow(dead_code, reason = "its program is run by hand")]
mod verify_record;
