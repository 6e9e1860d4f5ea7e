//! The law of the United States as compact bytes, checked and compiled when this crate was built.
//!
//! Kept apart from `deminimis-law` so that editing law rebuilds only what embeds it.

#![forbid(unsafe_code)]

pub mod folder;

use deminimis_law::rulebook::Damaged;
use deminimis_law::{CaseBook, Rulebook};

static RULEBOOK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rulebook.bin"));
static CASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cases.bin"));

/// SHA-256 of the rulebook, reckoned when it was built.
pub const HASH: &str = include_str!(concat!(env!("OUT_DIR"), "/hash.txt"));

/// The embedded rulebook.
pub fn rulebook() -> Result<Rulebook, Damaged> {
    Rulebook::from_bytes(RULEBOOK)
}

/// The embedded cases.
pub fn cases() -> Result<CaseBook, Damaged> {
    CaseBook::from_bytes(CASES)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_embedded_law_reads_back_with_its_hash() {
        let book = super::rulebook().unwrap();
        assert_eq!(book.hash(), super::HASH);
        assert!(!super::cases().unwrap().cases.is_empty());
    }
}
