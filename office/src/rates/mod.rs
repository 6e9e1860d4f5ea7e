//! Exchange rates that an installation holds, in the data folder.

pub mod table;

use crate::home;
use crate::tariff::StoreError;
use crate::tariff::store::sha256;
use deminimis_clearance::rates::{Certified, Rates};
use deminimis_law::Law;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use table::Table;

/// The rates that the data folder holds, as the law of exchange reads them.
pub fn in_hand(law: &Law) -> Result<Rates, StoreError> {
    let Some(stored) = stored()? else {
        return Ok(Rates::default());
    };
    let of = |kind| {
        let rows = stored
            .table
            .rows()
            .iter()
            .filter(move |row| row.kind == kind);
        rows.map(|row| row.rate).collect()
    };
    let closed = law.book().holidays.iter().map(|holiday| holiday.observed);
    Ok(Rates::certified(
        of(Certified::Quarterly),
        of(Certified::Daily),
        closed.collect(),
        Some(Arc::from(stored.hash)),
    ))
}

/// The table in the data folder.
pub struct Stored {
    /// Where it is.
    pub path: PathBuf,
    /// Its rows.
    pub table: Table,
    /// SHA-256 of its bytes, which decisions name.
    pub hash: String,
}

/// Where the table is in a data folder.
#[must_use]
pub fn path_in(home: &Path) -> PathBuf {
    home.join("rates").join("rates.csv")
}

/// The table in the data folder; none if there is no such folder or no table.
///
/// # Errors
/// It cannot be read, or is damaged.
pub fn stored() -> Result<Option<Stored>, StoreError> {
    let Some(path) = home::data_folder().map(|home| path_in(&home)) else {
        return Ok(None);
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let why = error.to_string();
            return Err(StoreError { path, why });
        }
    };
    let table = Table::read(&bytes).map_err(|why| StoreError {
        path: path.clone(),
        why: format!("{why}; import the rates again"),
    })?;
    Ok(Some(Stored {
        hash: sha256(&bytes),
        path,
        table,
    }))
}

/// Written whole beside its place and renamed, so that a run that is cut off leaves the table good.
///
/// # Errors
/// The folder cannot be written.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
