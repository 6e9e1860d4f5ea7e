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
    /// Reckoned on that part of the value alone on which duty is assessed after a provision of
    /// Chapter 98; else on all of it.
    pub on_dutiable_value: bool,
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
    /// It is collected, and its figures are not in hand: they were not published, or not found.
    NotCovered,
}

impl Fee {
    pub(crate) fn read(table: &Table<'_>, names: &mut Names) -> Result<Fee, LawError> {
        let amount = FeeAmount::read(table)?;
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
            on_dutiable_value: table.bool("on_dutiable_value")?.unwrap_or(false),
            spares_programs: table.bool("spares_programs")?.unwrap_or(false),
            with_duty_only: table.bool("with_duty_only")?.unwrap_or(false),
            spares: table
                .table("spares")?
                .map(|spares| names.read(&spares))
                .transpose()?,
        })
    }
}

impl FeeAmount {
    fn read(table: &Table<'_>) -> Result<FeeAmount, LawError> {
        let not_covered = table.truth("not_covered")?.is_some();
        match (table.usd("flat_usd")?, table.rate("rate")?, not_covered) {
            (Some(flat), None, false) => Ok(FeeAmount::Flat(flat)),
            (None, Some(rate), false) => Ok(FeeAmount::Share {
                rate,
                minimum: table.usd("minimum_usd")?.unwrap_or_default(),
                maximum: table.usd("maximum_usd")?,
            }),
            (None, None, true) => Ok(FeeAmount::NotCovered),
            _ => Err(table.error("rate", "give exactly one of flat_usd, rate, not_covered")),
        }
    }
}
