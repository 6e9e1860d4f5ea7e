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
    /// The parcel was moved or amended after what this change rests on was read. Who reads it again
    /// can say whether the change is still meant.
    #[error("the shipment was moved or amended by another request in between")]
    Changed,
    /// More persons who may be one, or more keys to find one by, than a request can name.
    #[error("a request names at most 16 keys and 1,024 persons who may be one")]
    TooManyAlike,
    /// An id that is empty, longer than 200 bytes, or has a zero byte.
    #[error("{0} must have 1 to 200 bytes and no zero byte")]
    BadId(&'static str),
    /// A value below zero or above what a ledger can add up.
    #[error("the value is outside what can be counted")]
    BadValue,
    /// A field's path that is empty, too long or given twice, or more than can be kept.
    #[error(
        "a record has 10,000 fields at most, each path once and of 1 to 200 bytes, 16 MiB in all; \
         an answer has 16 MiB at most"
    )]
    BadRecord,
    /// Personal fields, and the ledger was opened without the keys to seal them; or a signature.
    #[error("the ledger was opened without the installation's keys")]
    NoKeys,
    /// The two keys are already one person's.
    #[error("the two are already one person")]
    AlreadyOne,
    /// No signed head covers a record of the parcel.
    #[error("no signed head covers a record of this shipment; sign one")]
    NotUnderHead,
    /// Only a ledger without a single line can take in another.
    #[error("only an empty ledger can take in another")]
    NotEmpty,
    /// A line of an export that cannot be read.
    #[error("line {0} of the export cannot be read")]
    BadLine(u64),
    /// What is taken in does not verify.
    #[error("the export does not verify")]
    BadExport,
    /// More events of a parcel than are kept.
    #[error("a parcel has 1,000 events at most")]
    TooManyEvents,
    /// What another program does for this kind of ledger, or none.
    #[error("{0}")]
    Elsewhere(&'static str),
    /// A file that exists is not written over.
    #[error("there is a file of that name already")]
    Exists,
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
    /// This line of the record log is not as it was written. Nothing is built upon it: who runs the
    /// installation restores a backup.
    #[error("line {0} of the record log is damaged")]
    Damaged(i64),
    /// Our surroundings failed. Whether the request had its effect is not known; the same request
    /// can be sent again and has its effect once.
    #[error("the store failed: {0}")]
    Failure(String),
}
