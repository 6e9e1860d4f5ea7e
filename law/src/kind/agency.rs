//! `agency`: what another agency needs of the goods.

use crate::claim::Claim;
use crate::error::LawError;
use crate::names::Effect;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// An agency's requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// The agency's letters, such as `FDA`.
    pub agency: Claim,
    /// `requires` or `flags`.
    pub effect: Effect,
    /// Its data is needed at release, which closes release from the manifest.
    pub data: bool,
}

impl Agency {
    pub(crate) fn read(table: &Table<'_>) -> Result<Agency, LawError> {
        let agency = table.need_text("agency")?;
        let effect = table.name("effect")?.unwrap_or(Effect::Flags);
        if !matches!(effect, Effect::Requires | Effect::Flags) {
            return Err(table.error("effect", "must be requires or flags"));
        }
        Ok(Agency {
            agency: Claim::parse(&agency)
                .ok_or_else(|| table.error("agency", "must be the agency's letters"))?,
            effect,
            data: table.bool("data")?.unwrap_or(false),
        })
    }
}
