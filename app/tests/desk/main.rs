//! The desk over HTTP: the real program, real requests, a real database.

mod access;
mod pages;
mod parcels;
mod server;
