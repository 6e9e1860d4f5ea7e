//! `fee`: what is collected for an entry, a bill or a postal item, besides duty.

use crate::condition::Cond;
use crate::condition_text::Names;
use crate::error::LawError;
use crate::money::Cents;
use crate::names::{EntryPath, FeePer, Set};
use crate::rate::Rate;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Its short name: `MPF`, `HMF`.
    pub fee: String,
    /// CBP's class code; empty where the sources give none.
    pub class_code: String,
    /// Who pays it.
    pub payer: String,
    /// For what it is collected.
    pub per: FeePer,
    /// The entry paths on which it is collected.
    pub paths: Set<EntryPath>,
    /// How much.
    pub amount: FeeAmount,
    /// Lines under a special program that is spared the merchandise processing fee do not count.
    pub spares_programs: bool,
    /// Collected only where some duty is owed.
    pub with_duty_only: bool,
    /// Lines that do not count.
    pub spares: Option<Cond>,
}

/// How a fee is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeeAmount {
    /// The same for all.
    Flat(Cents),
    /// A share of the value of the lines that count, within bounds.
    Share {
        /// The share.
        rate: Rate,
        /// At least.
        minimum: Cents,
        /// At most.
        maximum: Option<Cents>,
    },
}

impl Fee {
    pub(crate) fn read(table: &Table<'_>, names: &mut Names) -> Result<Fee, LawError> {
        let amount = match (table.usd("flat_usd")?, table.rate("rate")?) {
            (Some(flat), None) => FeeAmount::Flat(flat),
            (None, Some(rate)) => FeeAmount::Share {
                rate,
                minimum: table.usd("minimum_usd")?.unwrap_or_default(),
                maximum: table.usd("maximum_usd")?,
            },
            _ => return Err(table.error("rate", "give either flat_usd or rate")),
        };
        let paths = table.set("paths")?;
        if paths.is_empty() {
            return Err(table.missing("paths"));
        }
        Ok(Fee {
            fee: table.need_text("fee")?,
            class_code: table.text("class_code")?.unwrap_or_default().to_owned(),
            payer: table.need_text("payer")?,
            per: table.need_name("per")?,
            paths,
            amount,
            spares_programs: table.bool("spares_programs")?.unwrap_or(false),
            with_duty_only: table.bool("with_duty_only")?.unwrap_or(false),
            spares: table
                .table("spares")?
                .map(|spares| names.read(&spares))
                .transpose()?,
        })
    }
}
