//! The tariff schedule of the United States: numbers, the prefixes that lists are written in,
//! which numbers the schedule printed on a day, and the rates it printed beside them.
//!
//! Read [`Number::parse`] first, then [`Schedule::knows`] and [`Schedule::article`], then
//! [`rate::Rate::amount`]. The data is `us/figures.tsv`; its provenance is in `us/README.md`.
//!
//! This crate is pure. It must not read a clock, a disk, the network or the environment while it
//! runs, start a thread, or compute with floats. It knows the columns of the schedule and what a
//! rate comes to, but not which column or measure applies: that is law, and law is data elsewhere.

#![forbid(unsafe_code)]

mod candidates;
mod error;
mod figures;
mod number;
mod parse;
pub mod rate;
mod schedule;

pub use error::{LostZeros, NumberError};
pub use figures::{COLUMNS, day};
pub use number::{Number, Prefix};
pub use schedule::{
    Article, Known, RateRef, Release, ReleaseError, Schedule, Special, SpecialRate, Units,
};
