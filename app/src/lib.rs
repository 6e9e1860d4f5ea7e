//! `deminimis`: a file of parcels in, the law's answer for each parcel on its day out.
//!
//! This crate is the command line. What it shares with the desk is in `deminimis_office`; it knows no
//! law.

#![forbid(unsafe_code)]

pub mod commands;
pub mod law_cmd;

pub(crate) use deminimis_office::{chart, home, ledger, lint, out, pass, read, setup};
