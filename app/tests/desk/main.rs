//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod hostile;
mod parcels;
mod server;
mod tracking;
