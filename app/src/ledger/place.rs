//! Where the ledger is: an SQLite file, or a PostgreSQL database.

use crate::commands::CommandError;
use crate::home;
use crate::ledger::{Keys, LedgerError};
use clap::Args;
use deminimis_store::{Ledger, Postgres, Sqlite};
use std::fmt;
use std::path::{Path, PathBuf};

/// How many requests share a commit on PostgreSQL at most.
const GROUP: usize = 256;

/// Which ledger, and whose part of it.
#[derive(Args, Clone, Debug)]
pub struct PlaceOptions {
    /// The ledger: an SQLite file or a postgres:// URL [default: DATABASE_URL, else ledger.sqlite
    /// in the data folder]
    #[arg(
        long,
        value_name = "PATH|URL",
        num_args = 0..=1,
        default_missing_value = "",
        help_heading = "Ledger"
    )]
    pub ledger: Option<String>,
    /// Whose parcels they are: ids and days of two tenants have nothing to do with each other
    #[arg(
        long,
        value_name = "NAME",
        default_value = "default",
        value_parser = tenant,
        help_heading = "Ledger"
    )]
    pub tenant: String,
}

fn tenant(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > 200 || text.starts_with('.') || text.contains('\0') {
        return Err("must have 1 to 200 bytes and not begin with a point".to_owned());
    }
    Ok(text.to_owned())
}

/// A ledger's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// A database, as `tokio_postgres` reads it.
    Postgres(String),
}

impl PlaceOptions {
    /// The place that is named, or the one of the installation.
    ///
    /// # Errors
    /// A URL with a password, or no data folder.
    pub fn place(&self) -> Result<Place, CommandError> {
        if let Some(given) = self.ledger.as_deref().filter(|given| !given.is_empty()) {
            let place = Place::of(given);
            if matches!(&place, Place::Postgres(url) if has_password(url)) {
                return Err(CommandError::Usage(
                    "a password does not belong on the command line: put the URL in DATABASE_URL"
                        .to_owned(),
                ));
            }
            return Ok(place);
        }
        if let Some(url) = std::env::var("DATABASE_URL")
            .ok()
            .filter(|url| !url.is_empty())
        {
            return Ok(Place::of(&url));
        }
        let home = data_folder()?;
        Ok(Place::Sqlite(home.join("ledger.sqlite")))
    }
}

/// The data folder, which a ledger needs.
fn data_folder() -> Result<PathBuf, CommandError> {
    home::data_folder()
        .ok_or_else(|| CommandError::Usage(format!("no data folder is known; set {}", home::HOME)))
}

/// Whether a URL names a password, in either form.
fn has_password(url: &str) -> bool {
    let authority = url.split("://").nth(1).unwrap_or_default();
    let user = authority.split(['/', '?']).next().unwrap_or_default();
    let user = user.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || url.contains("password=")
}

impl Place {
    /// Reads a path or a URL.
    #[must_use]
    pub fn of(text: &str) -> Place {
        let url = ["postgres://", "postgresql://"];
        if url.iter().any(|scheme| text.starts_with(scheme)) {
            Place::Postgres(text.to_owned())
        } else {
            Place::Sqlite(PathBuf::from(text))
        }
    }

    /// The file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Place::Sqlite(path) => Some(path),
            Place::Postgres(_) => None,
        }
    }

    /// Says whether there is a ledger, where that can be known without opening it.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self) -> Result<(), LedgerError> {
        self.file().map_or(Ok(()), |path| prepare(path, false))
    }

    /// Opens the ledger, with keys to seal and to sign if they are given; a file is made only if
    /// `make` says so.
    ///
    /// # Errors
    /// It cannot be used, or is not there.
    pub fn open(&self, make: bool, keys: Option<&Keys>) -> Result<Box<dyn Ledger>, LedgerError> {
        let failed = |error| LedgerError::Store {
            place: self.to_string(),
            error,
        };
        let installation = keys.map(|keys| keys.installation.clone());
        match self {
            Place::Sqlite(path) => {
                prepare(path, make)?;
                let ledger = match installation {
                    Some(keys) => Sqlite::open_keyed(path, keys),
                    None => Sqlite::open(path),
                };
                Ok(Box::new(ledger.map_err(failed)?))
            }
            // One writer keeps the order in which parcels are claimed.
            Place::Postgres(url) => Ok(Box::new(
                Postgres::open_with(url, 1, GROUP, installation).map_err(failed)?,
            )),
        }
    }
}

fn prepare(path: &Path, make: bool) -> Result<(), LedgerError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound if !make => LedgerError::Missing(path.to_owned()),
        _ => LedgerError::File {
            path: path.to_owned(),
            error,
        },
    };
    if !make {
        return std::fs::metadata(path).map(|_| ()).map_err(failed);
    }
    match path.parent().filter(|folder| *folder != Path::new("")) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(failed),
        None => Ok(()),
    }
}

impl fmt::Display for Place {
    /// Without user and password.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(path) => write!(out, "{}", path.display()),
            Place::Postgres(url) => {
                let rest = url.split_once("://").map_or("", |(_, rest)| rest);
                let rest = rest.split('?').next().unwrap_or_default();
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                write!(out, "postgres://{place}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_seen_and_never_shown() {
        for (url, password, shown) in [
            ("postgres://ann:pw@db:5432/x", true, "postgres://db:5432/x"),
            ("postgres://ann@db/x?password=pw", true, "postgres://db/x"),
            ("postgres://ann@db/x", false, "postgres://db/x"),
            ("postgresql://db:5432/x", false, "postgres://db:5432/x"),
            ("postgres:///x?host=/run/a:b@c", false, "postgres:///x"),
        ] {
            assert_eq!(has_password(url), password, "{url}");
            assert_eq!(Place::of(url).to_string(), shown);
        }
        assert_eq!(Place::of("a/b.sqlite").to_string(), "a/b.sqlite");
    }
}
