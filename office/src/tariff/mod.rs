//! The tariff schedule that an installation holds: official exports read, made into figures, and
//! kept in the data folder; what it prints for a number, and which measures of the law touch it.

pub mod export;
mod measures;
pub mod release;
mod residue;
pub mod search;
pub mod show;
pub mod store;
#[cfg(test)]
mod tests;

pub use release::Identity;
pub use store::{StoreError, Stored, load, schedule};

use std::io;

/// Why the schedule has no answer.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// What was asked about is no number.
    #[error("`{text}`: {reason}")]
    Number {
        /// What was written.
        text: String,
        /// What is wrong with it, and the nearest numbers.
        reason: String,
    },
    /// The number is not in the schedule of the day.
    #[error("{0}")]
    NotThere(String),
    /// Words are looked for, and no release in hand has any.
    #[error(
        "descriptions come with an imported release: take one in with `deminimis tariff import FILE` \
         or `deminimis tariff update`"
    )]
    NothingImported,
    /// A stored release cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The answer cannot be written.
    #[error(transparent)]
    Out(#[from] io::Error),
}
