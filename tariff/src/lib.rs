//! The tariff schedule of the United States: numbers, the prefixes that lists are written in, and
//! which numbers the schedule printed on a day.
//!
//! Read [`Number::parse`] first, then [`Schedule::knows`]. The data is `us/numbers.csv`; its
//! provenance is in `us/README.md`.
//!
//! This crate is pure. It must not read a clock, a disk, the network or the environment while it
//! runs, start a thread, keep mutable global state, or compute with floats. It knows nothing of
//! duty: rates and measures are law, and law is data elsewhere.

#![forbid(unsafe_code)]

mod candidates;
mod error;
mod number;
mod parse;
mod schedule;

pub use error::{LostZeros, NumberError};
pub use number::{Number, Prefix};
pub use schedule::{Known, Schedule};
