//! `deminimis`: a file of parcels in, the law's answer for each parcel on its day out.
//!
//! This crate reads files, tells persons apart, and writes answers. It knows no law: every answer
//! is the assessment's, and what is said is the law's own words.

#![forbid(unsafe_code)]

pub mod chart;
pub mod commands;
pub mod home;
pub mod law_cmd;
pub mod ledger;
pub mod lint;
pub mod out;
pub mod pass;
pub mod read;
pub mod setup;
