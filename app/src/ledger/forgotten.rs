//! Which records were erased, in a file beside the installation's secret: an export or a backup from
//! before an erasure must not bring a person back. Leaves of records are hashes of salted hashes and
//! tell nothing of anybody.

use crate::ledger::LedgerError;
use crate::ledger::secret::secret_file;
use deminimis_store::merkle::Hash;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file, where the secret's is known.
fn file() -> Option<PathBuf> {
    secret_file().map(|path| path.with_extension("erased"))
}

/// The leaves of all records that this installation has erased.
///
/// # Errors
/// The file cannot be read, or has a line that is no leaf.
pub fn forgotten() -> Result<Vec<Hash>, LedgerError> {
    match file() {
        Some(path) => Ok(read(&path)?.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

/// Adds leaves to the file, durably.
///
/// # Errors
/// The file cannot be read or written.
pub fn forget(leaves: &[Hash]) -> Result<(), LedgerError> {
    match file() {
        Some(path) => add(&path, leaves),
        None => Ok(()),
    }
}

fn failed(path: &Path, error: io::Error) -> LedgerError {
    LedgerError::File {
        path: path.to_owned(),
        error,
    }
}

fn read(path: &Path) -> Result<BTreeSet<Hash>, LedgerError> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        text => text.map_err(|error| failed(path, error))?,
    };
    let leaf = |(row, line): (usize, &str)| {
        leaf(line).ok_or_else(|| {
            let why = format!("line {} is not 64 hexadecimal digits", row + 1);
            failed(path, io::Error::new(io::ErrorKind::InvalidData, why))
        })
    };
    text.lines().enumerate().map(leaf).collect()
}

fn leaf(line: &str) -> Option<Hash> {
    let mut leaf = [0; 32];
    let is_hex = line.len() == 64 && line.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (byte, at) in leaf.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(line.get(at..at + 2).filter(|_| is_hex)?, 16).ok()?;
    }
    Some(leaf)
}

/// What another program adds at the same time is added to, and not written over.
fn add(path: &Path, leaves: &[Hash]) -> Result<(), LedgerError> {
    let known = read(path)?;
    let mut lines = String::new();
    for leaf in leaves.iter().filter(|leaf| !known.contains(*leaf)) {
        leaf.iter()
            .for_each(|byte| lines.push_str(&format!("{byte:02x}")));
        lines.push('\n');
    }
    if lines.is_empty() {
        return Ok(());
    }
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| failed(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_added_once_and_a_damaged_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.erased");
        assert!(read(&path).unwrap().is_empty());
        add(&path, &[[1; 32], [0xab; 32]]).unwrap();
        add(&path, &[[0xab; 32], [7; 32]]).unwrap();
        let all: Vec<_> = read(&path).unwrap().into_iter().collect();
        assert_eq!(all, [[1; 32], [7; 32], [0xab; 32]]);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
        fs::write(&path, "0102\n").unwrap();
        let why = read(&path).unwrap_err().to_string();
        assert!(why.contains("line 1"), "{why}");
        assert!(add(&path, &[[1; 32]]).is_err());
    }
}
