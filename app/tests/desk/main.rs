//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod batches;
mod hostile;
mod operations;
mod pages;
mod parcels;
mod reads;
mod server;
mod tracking;
mod webhooks;
