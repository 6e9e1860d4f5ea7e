//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod ledger;
mod papers;
mod parcels;
mod reads;
mod server;
#[path = "../../../store/examples/verify_record.rs"]
#[allow(dead_code, reason = "its program is run by hand")]
mod verify_record;
