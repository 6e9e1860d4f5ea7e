//! Bytes that are printed, filed and sent, and that come back: identifiers, messages, documents.
//!
//! A record's columns, a form's blocks and an identifier's check digit are known here and nowhere
//! else. What is owed and by which path a parcel enters is read from a decision: no law is known
//! here, and no amount is worked out again. The crate has no clock, disk or network: dates, fonts
//! and numbers to be used are arguments.

#![forbid(unsafe_code)]

pub mod documents;
pub mod guard;
pub mod identifiers;
pub mod imports;
pub mod messages;
mod parcel;
