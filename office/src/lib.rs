//! What the command line and the desk share: the law and the tables in hand, files of parcels read
//! and decided, the ledger at work, and answers written.
//!
//! It knows no law: every answer is the assessment's, and what is said is the law's own words. It
//! knows neither options of a command line nor HTTP.

#![forbid(unsafe_code)]

pub mod chart;
pub mod duty;
pub mod entries;
pub mod home;
pub mod law;
pub mod ledger;
pub mod lint;
pub mod out;
pub mod papers;
pub mod pass;
pub mod rates;
pub mod read;
pub mod setup;
pub mod tariff;
