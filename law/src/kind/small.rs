//! `suspension`, `flag` and `question`: kinds of a field or two.

use crate::error::LawError;
use crate::names::{Basis, Set};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A basis closed for a time, or opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Bases closed.
    pub bases: Set<Basis>,
    /// The version ends the suspension; it says nothing of a parcel.
    pub lifted: bool,
}

impl Suspension {
    pub(crate) fn read(table: &Table<'_>) -> Result<Suspension, LawError> {
        let lifted = match table.text("state")? {
            None | Some("suspended") => false,
            Some("lifted") => true,
            Some(_) => return Err(table.error("state", "must be suspended or lifted")),
        };
        let bases = table.set("bases")?;
        if bases.is_empty() && !lifted {
            return Err(table.missing("bases"));
        }
        Ok(Suspension { bases, lifted })
    }
}

/// Worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// The disposition CBP's own aggregation would have shown.
    pub cbp_expected: Option<String>,
}

impl Flag {
    pub(crate) fn read(table: &Table<'_>) -> Result<Flag, LawError> {
        if table
            .text("effect")?
            .is_some_and(|effect| effect != "flags")
        {
            return Err(table.error("effect", "a flag only flags"));
        }
        Ok(Flag {
            cbp_expected: table.text("cbp_expected")?.map(str::to_owned),
        })
    }
}

/// Not settled or not known; the outcome stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The possible answers and what each would do.
    pub answers: Vec<String>,
}

impl Question {
    pub(crate) fn read(table: &Table<'_>) -> Result<Question, LawError> {
        let answers: Vec<_> = table
            .texts("answers")?
            .into_iter()
            .map(str::to_owned)
            .collect();
        if answers.len() < 2 {
            return Err(table.error("answers", "a question has at least two answers"));
        }
        Ok(Question { answers })
    }
}
