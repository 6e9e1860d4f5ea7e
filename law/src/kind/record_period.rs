//! `record-period`: how long records must be kept.

use crate::error::LawError;
use crate::names::Clock;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// How long records are kept; the rule of the lowest order that holds decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPeriod {
    /// Place in the order of asking.
    pub order: u32,
    /// How long.
    pub period: Period,
    /// From which date.
    pub from: Clock,
    /// Which records.
    pub what: String,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Period {
    /// Calendar years.
    Years(i32),
    /// Calendar days.
    Days(i32),
}

impl RecordPeriod {
    pub(crate) fn read(table: &Table<'_>) -> Result<RecordPeriod, LawError> {
        let count = |field| -> Result<Option<i32>, LawError> {
            let count = table.integer(field)?.map(i32::try_from).transpose();
            let sane = |count: &i32| (1..=36_500).contains(count);
            match count {
                Ok(None) => Ok(None),
                Ok(Some(count)) if sane(&count) => Ok(Some(count)),
                _ => Err(table.error(field, "must be a whole number from 1 to 36500")),
            }
        };
        let period = match (count("years")?, count("days")?) {
            (Some(years), None) => Period::Years(years),
            (None, Some(days)) => Period::Days(days),
            _ => return Err(table.error("years", "give either years or days")),
        };
        let order = table
            .integer("order")?
            .and_then(|order| u32::try_from(order).ok());
        Ok(RecordPeriod {
            order: order.ok_or_else(|| table.error("order", "must be a whole number"))?,
            period,
            from: table.name("from")?.unwrap_or(Clock::EnteredAt),
            what: table.need_text("what")?,
        })
    }
}
