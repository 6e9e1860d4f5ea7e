//! `exclusion`: goods or ways that a basis or a path does not serve.

use crate::error::LawError;
use crate::names::{Basis, Effect, EntryPath, Set};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// What is closed for the goods that meet the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// `denies`, or `flags` where the sources only warn.
    pub effect: Effect,
    /// Bases closed.
    pub bases: Set<Basis>,
    /// Paths closed.
    pub paths: Set<EntryPath>,
}

impl Exclusion {
    pub(crate) fn read(table: &Table<'_>) -> Result<Exclusion, LawError> {
        let read = Exclusion {
            effect: table.name("effect")?.unwrap_or(Effect::Denies),
            bases: table.set("bases")?,
            paths: table.set("paths")?,
        };
        match read.effect {
            Effect::Denies if read.bases.is_empty() && read.paths.is_empty() => {
                Err(table.error("bases", "a denial must name the bases or paths it closes"))
            }
            Effect::Denies | Effect::Flags => Ok(read),
            _ => Err(table.error("effect", "must be denies or flags")),
        }
    }
}
