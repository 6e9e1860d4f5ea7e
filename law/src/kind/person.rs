//! `person`: which party is the one person of the day.

use crate::error::LawError;
use crate::names::PersonBasis;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// Which party is the person; the rule of the lowest order that holds decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRule {
    /// The party.
    pub person: PersonBasis,
    /// Place in the order of asking.
    pub order: u32,
}

impl PersonRule {
    pub(crate) fn read(table: &Table<'_>) -> Result<PersonRule, LawError> {
        let order = table
            .integer("order")?
            .and_then(|order| u32::try_from(order).ok());
        Ok(PersonRule {
            person: table.need_name("person")?,
            order: order.ok_or_else(|| table.error("order", "must be a whole number"))?,
        })
    }
}
