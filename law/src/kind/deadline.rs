//! `deadline`: what must be filed or paid by when.

use crate::error::LawError;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What is due.
    pub what: String,
    /// When, reckoned from the parcel's own dates.
    pub due: Due,
}

/// How a due moment is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// Minutes before arrival.
    BeforeArrival(i64),
    /// Hours before lading.
    BeforeLoading(i64),
    /// On arrival.
    AtArrival,
    /// Before the entry is made.
    BeforeEntry,
    /// Calendar days after the day of arrival.
    AfterArrivalDays(i32),
    /// Business days after the day of entry.
    AfterEntryBusinessDays(u32),
    /// This day of the month after arrival.
    NextMonthDay(u32),
    /// This business day of the month after arrival.
    NextMonthBusinessDay(u32),
}

impl Deadline {
    pub(crate) fn read(table: &Table<'_>) -> Result<Deadline, LawError> {
        let what = table.need_text("what")?;
        let due = table.table("due")?.ok_or_else(|| table.missing("due"))?;
        let mut keys = due.keys();
        let (Some(key), None) = (keys.next(), keys.next()) else {
            return Err(table.error("due", "must say exactly one way to reckon"));
        };
        let read = match key {
            "at_arrival" | "before_entry" => {
                if due.bool(key)? != Some(true) {
                    return Err(due.error(key, "must be true"));
                }
                if key == "at_arrival" {
                    Due::AtArrival
                } else {
                    Due::BeforeEntry
                }
            }
            _ => counted(&due, key)?,
        };
        due.finish()?;
        Ok(Deadline { what, due: read })
    }
}

fn counted<'a>(due: &Table<'a>, key: &'a str) -> Result<Due, LawError> {
    let count = due
        .integer(key)?
        .filter(|count| (1..=100_000).contains(count));
    let count = count.ok_or_else(|| due.error(key, "must be a whole number of at least 1"))?;
    Ok(match key {
        "before_arrival_minutes" => Due::BeforeArrival(count),
        "before_loading_hours" => Due::BeforeLoading(count),
        "after_arrival_days" => Due::AfterArrivalDays(count as i32),
        "after_entry_business_days" => Due::AfterEntryBusinessDays(count as u32),
        "next_month_day" if count <= 28 => Due::NextMonthDay(count as u32),
        "next_month_business_day" if count <= 20 => Due::NextMonthBusinessDay(count as u32),
        _ => {
            return Err(due.error(
                key,
                "is not a way to reckon, or its number is too large for one",
            ));
        }
    })
}
