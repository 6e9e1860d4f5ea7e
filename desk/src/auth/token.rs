//! Secrets that are shown once and kept as hashes.

use crate::problem::{Problem, failed};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// 32 random bytes in hexadecimal digits.
///
/// # Errors
/// The system gives no random bytes.
pub fn secret() -> Result<String, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| failed(&error))?;
    Ok(hex(&bytes))
}

/// What is kept of a secret. It is random and long, so a plain hash is enough.
#[must_use]
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// The hash of some bytes after each other.
#[must_use]
pub fn digest_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether two texts are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    // The hashes differ in the first bytes or not at all, whoever chose the texts.
    Sha256::digest(one) == Sha256::digest(other)
}
