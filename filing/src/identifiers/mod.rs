//! Numbers that name entries, parties, parcels and places: read, checked and built.
//!
//! An identifier is judged by its own form and check digit alone. Whether it was ever assigned, and
//! to whom, is not known here and is nowhere claimed.

pub mod air_waybill;
pub mod codes;
pub mod container;
pub mod control_number;
pub mod entry_number;
pub mod importer_number;
mod kind;
pub mod manufacturer_id;
pub mod s10;

pub use kind::{Kind, Sound, check};

/// Why an identifier is not one, and what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Wrong {
    /// What is wrong with it and what is meant, in a sentence without a full stop.
    pub reason: String,
    /// The same identifier put right, where only its check digit or its writing is wrong.
    pub right: Option<String>,
}

impl Wrong {
    /// A refusal with its reason.
    pub fn new(reason: impl Into<String>) -> Wrong {
        Wrong {
            reason: reason.into(),
            right: None,
        }
    }

    /// A check digit that is another than the right one, with the identifier put right.
    fn digit(given: char, right: u8, written: String) -> Wrong {
        Wrong::new(format!("the check digit is {given:?}: {right} is right")).with_right(written)
    }

    /// The same refusal, with what would be right.
    #[must_use]
    pub fn with_right(mut self, right: impl Into<String>) -> Wrong {
        self.right = Some(right.into());
        self
    }
}
