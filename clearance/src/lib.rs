//! The main path: a shipment and the law in, a decision out.
//!
//! This crate is pure. It reads no clock, disk, network or environment, and it knows no law of its
//! own: what a rule says is data of `deminimis-law`.

#![forbid(unsafe_code)]

pub mod assess;
pub mod basis;
pub mod cases;
pub mod day;
pub mod decision;

pub mod explain;
mod fold;
pub mod owed;
pub mod rates;
pub mod render;
pub mod shipment;
pub mod words;

pub use assess::{Books, Scratch, assess_into};
pub use day::DayContext;
pub use decision::Decision;
pub use shipment::Shipment;
