//! Numbered migrations: which of them a ledger still lacks.

use crate::error::StoreError;
use sha2::{Digest, Sha256};

/// One step of the schema. A published one is never edited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Its number; they rise by one from one.
    pub number: i64,
    /// Its statements.
    pub sql: &'static str,
}

impl Migration {
    /// SHA-256 of the text, in hexadecimal digits.
    pub(crate) fn checksum(&self) -> String {
        let digest = Sha256::digest(self.sql.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The table that says which were applied; the same text for every store.
pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    number BIGINT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";
pub(crate) const APPLIED: &str = "SELECT number, checksum FROM schema_migration ORDER BY number";
pub(crate) const APPLY: &str = "INSERT INTO schema_migration (number, checksum) VALUES ($1, $2)";

/// The migrations still to be applied, given the numbers and checksums of those that were.
pub(crate) fn missing<'a>(
    known: &'a [Migration],
    applied: &[(i64, String)],
) -> Result<&'a [Migration], StoreError> {
    if let Some((found, _)) = applied.get(known.len()) {
        let known = known.last().map_or(0, |last| last.number);
        return Err(StoreError::NewerSchema {
            found: applied.last().map_or(*found, |(last, _)| *last),
            known,
        });
    }
    for (known, (number, checksum)) in known.iter().zip(applied) {
        if known.number != *number || known.checksum() != *checksum {
            return Err(StoreError::OtherMigration(*number));
        }
    }
    Ok(&known[applied.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Migration; 2] = [
        Migration {
            number: 1,
            sql: "CREATE TABLE a (b)",
        },
        Migration {
            number: 2,
            sql: "CREATE TABLE c (d)",
        },
    ];

    fn applied(count: usize) -> Vec<(i64, String)> {
        let all = KNOWN.iter().map(|one| (one.number, one.checksum()));
        all.take(count).collect()
    }

    #[test]
    fn a_ledger_gets_what_it_lacks() {
        let numbers = |count| -> Vec<i64> {
            let missing = missing(&KNOWN, &applied(count)).unwrap();
            missing.iter().map(|one| one.number).collect()
        };
        assert_eq!(numbers(0), [1, 2]);
        assert_eq!(numbers(1), [2]);
        assert_eq!(numbers(2), [0_i64; 0]);
    }

    #[test]
    fn a_newer_or_different_ledger_is_refused() {
        let mut newer = applied(2);
        newer.push((3, "x".into()));
        let refused = missing(&KNOWN, &newer).unwrap_err();
        assert_eq!(refused, StoreError::NewerSchema { found: 3, known: 2 });
        let mut other = applied(2);
        other[0].1 = "x".into();
        assert_eq!(
            missing(&KNOWN, &other).unwrap_err(),
            StoreError::OtherMigration(1)
        );
    }
}
