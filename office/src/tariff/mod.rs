//! Releases of the tariff schedule that an installation holds: official exports read, made into
//! figures, and kept in the data folder.

pub mod export;
pub mod release;
pub mod store;
#[cfg(test)]
mod tests;

pub use release::Identity;
pub use store::{StoreError, Stored, load, schedule};
