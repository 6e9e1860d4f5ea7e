//! `day-count`: what counts toward a person's day, and what a crossing does.

use crate::error::LawError;
use crate::names::{Basis, Counts, Crossing};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// How a person's day counts for one basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// The basis whose limit is counted.
    pub basis: Basis,
    /// What counts.
    pub counts: Counts,
    /// What a crossing does.
    pub crossing: Crossing,
    /// At most this many parcels a person a day, where a rule says so.
    pub max_shipments: Option<u32>,
}

impl DayCount {
    pub(crate) fn read(table: &Table<'_>) -> Result<DayCount, LawError> {
        let max = table
            .integer("max_shipments")?
            .map(u32::try_from)
            .transpose();
        Ok(DayCount {
            basis: table.need_name("basis")?,
            counts: table.need_name("counts")?,
            crossing: table.need_name("crossing")?,
            max_shipments: max.map_err(|_| table.error("max_shipments", "must be a count"))?,
        })
    }
}
