//! `entry-path`: a way to enter, for whom it is lawful, and what it needs.

use crate::error::LawError;
use crate::names::{Basis, EntryPath, Set};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A way to enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// The path.
    pub path: EntryPath,
    /// The bases that enter free by it; none for a path on which duty is reckoned.
    pub free_for: Set<Basis>,
    /// How many filings it takes; the fewest is the best of equals.
    pub filings: u32,
    /// Who files.
    pub filer: String,
    /// What bond it needs.
    pub bond: String,
    /// What else it needs.
    pub needs: Vec<String>,
    /// How long it takes.
    pub time: String,
    /// What is said when the sender asked for it and it is not lawful.
    pub reason_closed: String,
}

impl Path {
    pub(crate) fn read(table: &Table<'_>) -> Result<Path, LawError> {
        let filings = table
            .integer("filings")?
            .and_then(|count| u32::try_from(count).ok());
        let text = |field| {
            table
                .text(field)
                .map(|text| text.unwrap_or_default().to_owned())
        };
        Ok(Path {
            path: table.need_name("path")?,
            free_for: table.set("free_for")?,
            filings: filings.ok_or_else(|| table.error("filings", "must be a count of filings"))?,
            filer: table.need_text("filer")?,
            bond: text("bond")?,
            needs: table
                .texts("needs")?
                .into_iter()
                .map(str::to_owned)
                .collect(),
            time: text("time")?,
            reason_closed: table.need_text("reason_closed")?,
        })
    }
}
