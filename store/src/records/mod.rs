//! The record log: what every decision in the ledger rested on, so that nobody can change it
//! afterwards without being seen, and so that what it says of a person can still be destroyed.
//!
//! A record is written in the transaction of its posting. Its leaf commits to salted hashes of its
//! fields; values of persons lie apart, sealed under a key of their person. The leaves are chained
//! and are the leaves of an RFC 9162 tree, whose heads the installation signs. What is deliberately
//! absent: any way to change a record, and any knowledge of what a field means.

pub(crate) mod audit;
pub(crate) mod head;
pub(crate) mod hex;
pub(crate) mod keep;
pub(crate) mod keys;
pub(crate) mod leaf;
pub mod merkle;
pub(crate) mod proof;
pub(crate) mod read;
pub(crate) mod rows;
pub(crate) mod sql;
pub(crate) mod types;
