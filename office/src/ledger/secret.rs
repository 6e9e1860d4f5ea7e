//! The installation's secret: a file of 32 bytes, made with the first ledger.

use crate::home;
use crate::ledger::LedgerError;
use deminimis_store::Installation;
use deminimis_store::intake::Secret;
use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The variable that names the file of the secret.
pub const KEY_FILE: &str = "DEMINIMIS_LEDGER_KEY_FILE";

/// What an installation's secret gives.
#[derive(Clone)]
pub struct Keys {
    /// The keys of hashes.
    pub secret: Secret,
    /// The keys that seal and sign.
    pub installation: Installation,
}

impl Keys {
    /// Reads the secret. In the data folder it is made if there is none and `make` says so; a file
    /// that the user names must be there.
    ///
    /// # Errors
    /// The secret cannot be used.
    pub fn read(make: bool) -> Result<Keys, LedgerError> {
        if let Some(path) = env::var_os(KEY_FILE).filter(|path| !path.is_empty()) {
            return load(Path::new(&path));
        }
        let Some(home) = home::data_folder() else {
            return Err(LedgerError::Secret {
                path: PathBuf::from("ledger.key"),
                why: "no data folder is known to keep it in; set DEMINIMIS_HOME",
            });
        };
        let path = home.join("ledger.key");
        if make && !path.exists() {
            create(&home, &path).map_err(|error| LedgerError::File {
                path: path.clone(),
                error,
            })?;
        }
        load(&path)
    }

    /// The keys, where there is a secret.
    ///
    /// # Errors
    /// The secret cannot be used.
    pub fn in_hand() -> Result<Option<Keys>, LedgerError> {
        let named = env::var_os(KEY_FILE).is_some_and(|path| !path.is_empty());
        if named || secret_file().is_some_and(|path| path.exists()) {
            Keys::read(false).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// Where the secret is or would be made, if that is known.
#[must_use]
pub fn secret_file() -> Option<PathBuf> {
    let named = env::var_os(KEY_FILE).filter(|path| !path.is_empty());
    let made = || home::data_folder().map(|home| home.join("ledger.key"));
    named.map(PathBuf::from).or_else(made)
}

fn load(path: &Path) -> Result<Keys, LedgerError> {
    // One byte more than it has is enough to see that a file is not it, however long.
    let read = |file: fs::File| {
        let mut bytes = Vec::new();
        file.take(33).read_to_end(&mut bytes).map(|_| bytes)
    };
    let bytes = fs::File::open(path).and_then(read);
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LedgerError::Secret {
            path: path.to_owned(),
            why: "is not there; a ledger needs the key that it was made with",
        },
        _ => LedgerError::File {
            path: path.to_owned(),
            error,
        },
    })?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| LedgerError::Secret {
        path: path.to_owned(),
        why: "is not 32 bytes long",
    })?;
    Ok(Keys {
        secret: Secret::new(&bytes),
        installation: Installation::from_secret(&bytes),
    })
}

/// Written whole under another name first, so that neither a crash nor a second program that does
/// the same leaves or reads half a secret. Who comes second uses the secret of the first.
fn create(home: &Path, path: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    fs::create_dir_all(home)?;
    // A temporary file is made for its owner alone: mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(home)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => fs::File::open(home)?.sync_all(),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}
