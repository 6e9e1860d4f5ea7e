//! The law as dated, cited data: read, checked, and compiled into tables.
//!
//! This crate is pure. It reads no clock, disk, network or environment; files come in as text and
//! tables go out. It decides nothing about a parcel: that is the assessment's.

#![forbid(unsafe_code)]

pub mod bands;
pub mod case;
mod check;
pub mod claim;
pub mod codes;
pub mod compile;
pub mod condition;
mod condition_text;
pub mod duties;
pub mod error;
mod fact_text;
pub mod facts;
mod inherit;
pub mod instrument;
pub mod kind;
pub mod lists;
pub mod money;
pub mod names;
pub mod number_classes;
pub mod rate;
pub mod rulebook;
pub mod sets;
mod table;
pub mod time;
pub mod truth;

pub use compile::{Law, RuleRef, Stretch};
pub use error::{LawError, SourceFile};
pub use rulebook::{CaseBook, Rulebook};
pub use table::Written;
