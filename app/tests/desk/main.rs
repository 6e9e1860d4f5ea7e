//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod batches;
mod parcels;
mod server;
