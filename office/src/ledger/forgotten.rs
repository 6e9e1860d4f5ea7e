//! Which records were erased, in a file of the data folder: an export or a backup from before an
//! erasure must not bring a person back. Leaves of records are hashes of salted hashes and tell
//! nothing of anybody.

use crate::home;
use crate::ledger::LedgerError;
use crate::ledger::secret::secret_file;
use deminimis_store::merkle::Hash;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file: in the data folder, else beside the secret.
#[must_use]
pub fn file() -> Option<PathBuf> {
    let made = home::data_folder().map(|home| home.join("ledger.erased"));
    made.or_else(|| secret_file().map(|path| path.with_extension("erased")))
}

/// The leaves of all records that this installation has erased.
///
/// # Errors
/// The file cannot be read, or has a line that is no leaf.
pub fn forgotten() -> Result<Vec<Hash>, LedgerError> {
    let Some(path) = file() else {
        return Ok(Vec::new());
    };
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(&path, error)),
        Ok(text) => Ok(leaves(&path, whole(&text))?.into_iter().collect()),
    }
}

/// The file, held by one program while it erases.
pub struct List {
    path: PathBuf,
    file: File,
    known: BTreeSet<Hash>,
    /// Where its last whole line ends.
    end: u64,
}

impl List {
    /// Opens the file and makes it if it is not there: what cannot be listed is not to be erased.
    ///
    /// # Errors
    /// It cannot be written, or has a line that is no leaf.
    pub fn open() -> Result<Option<List>, LedgerError> {
        file().map(List::at).transpose()
    }

    fn at(path: PathBuf) -> Result<List, LedgerError> {
        let opened = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut options = OpenOptions::new();
            let mut file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            file.lock()?;
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok((file, text))
        };
        let (file, text) = opened().map_err(|error| failed(&path, error))?;
        let text = whole(&text);
        Ok(List {
            known: leaves(&path, text)?,
            end: text.len() as u64,
            file,
            path,
        })
    }

    /// Adds leaves, durably.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(mut self, leaves: &[Hash]) -> Result<(), LedgerError> {
        let mut lines = String::new();
        for leaf in leaves.iter().filter(|leaf| !self.known.contains(*leaf)) {
            leaf.iter()
                .for_each(|byte| lines.push_str(&format!("{byte:02x}")));
            lines.push('\n');
        }
        let written = self.write(lines.as_bytes());
        written.map_err(|error| failed(&self.path, error))
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        // What a crash has left of a line goes.
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(lines)?;
        self.file.sync_all()?;
        match self.path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}

fn failed(path: &Path, error: io::Error) -> LedgerError {
    LedgerError::File {
        path: path.to_owned(),
        error,
    }
}

/// The text up to the end of its last whole line.
fn whole(text: &str) -> &str {
    &text[..text.rfind('\n').map_or(0, |end| end + 1)]
}

fn leaves(path: &Path, text: &str) -> Result<BTreeSet<Hash>, LedgerError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_added_once_and_a_damaged_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/ledger.erased");
        let add = |leaves: &[Hash]| List::at(path.clone()).and_then(|list| list.add(leaves));
        add(&[[1; 32], [0xab; 32]]).unwrap();
        add(&[[0xab; 32], [7; 32]]).unwrap();
        let text = || fs::read_to_string(&path).unwrap();
        let all: Vec<_> = leaves(&path, &text()).unwrap().into_iter().collect();
        assert_eq!(all, [[1; 32], [7; 32], [0xab; 32]]);
        assert_eq!(text().lines().count(), 3);
        // A part of a line, as a crash leaves it, goes with the next.
        fs::write(&path, text() + "0102").unwrap();
        assert_eq!(whole(&text()).lines().count(), 3);
        add(&[[9; 32]]).unwrap();
        assert_eq!(leaves(&path, &text()).unwrap().len(), 4);
        fs::write(&path, "0102\n").unwrap();
        let why = add(&[[1; 32]]).unwrap_err().to_string();
        assert!(why.contains("line 1"), "{why}");
        assert_eq!(text(), "0102\n");
    }
}
