//! The desk of a team: an HTTP API, pages and webhooks, on the same path as the command line.
//!
//! It holds no law and no SQL: parcels go to `deminimis_office` and the ledger, what it keeps itself
//! to `deminimis_store::desk`. Who asks, for which tenant and with which role is settled in
//! [`guard`] before any handler runs, by what the route's own description asks for.

#![forbid(unsafe_code)]

pub mod api;
pub mod auth;
pub mod batches;
pub mod config;
pub mod guard;
pub mod index;
pub mod observe;
pub mod openapi;
pub mod pages;
pub mod patient;
pub mod peer;
pub mod places;
pub mod problem;
pub mod router;
pub mod server;
pub mod state;
pub mod stream;
pub mod tracking;
pub mod webhooks;

pub use config::Config;
pub use server::{ServeError, serve};
pub use state::Desk;
