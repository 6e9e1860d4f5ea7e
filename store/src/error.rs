//! Errors by who must act.

use crate::types::State;

/// The request cannot be: the sender must change it. Nothing was changed in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The same id came before with another body.
    #[error("the id was used before with another body")]
    OtherBody,
    /// No parcel has this id.
    #[error("no shipment has this id")]
    UnknownShipment,
    /// What is asked is not possible where the parcel stands.
    #[error("not possible for a shipment that is {0:?}")]
    WrongState(State),
    /// An id that is empty, longer than 200 bytes, or has a zero byte.
    #[error("{0} must have 1 to 200 bytes and no zero byte")]
    BadId(&'static str),
    /// A value below zero or above what a ledger can add up.
    #[error("the value is outside what can be counted")]
    BadValue,
}

/// Why a request has no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The sender must act.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many requests wait. Nothing was changed; ask again later.
    #[error("too many requests wait")]
    Busy,
    /// The ledger was written by a later version of this program.
    #[error("the ledger has schema {found}, this program knows up to {known}")]
    NewerSchema {
        /// The ledger's.
        found: i64,
        /// The program's.
        known: i64,
    },
    /// A migration was applied with another text than the program has.
    #[error("migration {0} was applied with another text")]
    OtherMigration(i64),
    /// Our surroundings failed. Whether the request had its effect is not known; the same request
    /// can be sent again and has its effect once.
    #[error("the store failed: {0}")]
    Failure(String),
}
