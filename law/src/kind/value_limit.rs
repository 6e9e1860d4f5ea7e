//! `value-limit`: a basis on which goods may enter free, and its limit.

use crate::error::LawError;
use crate::money::Cents;
use crate::names::Basis;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A basis and its limit for one person on one day. Equality qualifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueLimit {
    /// The basis.
    pub basis: Basis,
    /// The limit.
    pub limit: Cents,
    /// What is said when the day is above it.
    pub reason_over: String,
}

impl ValueLimit {
    pub(crate) fn read(table: &Table<'_>) -> Result<ValueLimit, LawError> {
        Ok(ValueLimit {
            basis: table.need_name("basis")?,
            limit: table.need_usd("limit_usd")?,
            reason_over: table.need_text("reason_over")?,
        })
    }
}
