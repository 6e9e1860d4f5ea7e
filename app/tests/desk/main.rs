//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod batches;
mod entries;
mod hostile;
mod ledger;
mod operations;
mod pages;
mod papers;
mod parcels;
mod persons;
mod reads;
mod records;
mod server;
mod tracking;
#[path = "../../../store/examples/verify_record.rs"]
#[allow(dead_code, reason = "its program is run by hand")]
mod verify_record;
mod webhooks;
