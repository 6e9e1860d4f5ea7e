//! Where the ledger is: an SQLite file, or a PostgreSQL database.

use crate::ledger::forgotten;
use crate::ledger::secret::secret_file;
use crate::ledger::{Keys, LedgerError};
use deminimis_store::{Ledger, Postgres, Sqlite};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// How many requests share a commit on PostgreSQL at most.
const GROUP: usize = 256;

/// The words that a connection of PostgreSQL is written with, in its other form.
const WORDS: [&str; 8] = [
    "host", "hostaddr", "port", "user", "password", "dbname", "options", "sslmode",
];

/// A ledger's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// A database, as `tokio_postgres` reads it.
    Postgres(String),
}

/// Whether a URL names a password, in either form. The client reads all before the first `@` as user
/// and password, whatever else stands in it.
#[must_use]
pub fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let names = |(user, _): (&str, &str)| user.contains(':');
    rest.split_once('@').is_some_and(names) || url.contains("password=")
}

impl Place {
    /// Reads a path or a URL. What looks like another connection is no path: it can hold a password,
    /// and a file of that name would be made.
    ///
    /// # Errors
    /// What would be right.
    pub fn of(text: &str) -> Result<Place, &'static str> {
        let (scheme, _) = text.split_once("://").unwrap_or_default();
        let is = |known: &str| scheme.eq_ignore_ascii_case(known);
        if is("postgres") || is("postgresql") {
            // The client knows the schemes in small letters alone.
            let rest = &text[scheme.len()..];
            return Ok(Place::Postgres(format!("postgres{rest}")));
        }
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        if !scheme.is_empty() && scheme.chars().all(is_letter) {
            return Err("names another kind of database: give a file, or a postgres:// URL");
        }
        let (first, _) = text.trim_start().split_once('=').unwrap_or_default();
        let is_word = |part: &str| {
            part.split_once('=')
                .is_some_and(|(word, _)| WORDS.contains(&word))
        };
        if WORDS.contains(&first.trim_end()) || text.split_whitespace().any(is_word) {
            return Err("must be a file, or a connection written as a postgres:// URL");
        }
        Ok(Place::Sqlite(PathBuf::from(text)))
    }

    /// The files that hold the ledger, its key and what was erased: nothing else may be written in
    /// their place.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = secret_file().into_iter().collect();
        files.extend(forgotten::file());
        files.extend(self.file().map(Path::to_owned));
        files.extend(self.beside());
        files
    }

    /// The files that SQLite keeps beside the ledger's.
    #[must_use]
    pub fn beside(&self) -> Vec<PathBuf> {
        let ends = ["-wal", "-shm", "-journal"];
        let beside = |path: &Path, end: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let all = self
            .file()
            .map(|path| ends.map(|end| beside(path, end)).to_vec());
        all.unwrap_or_default()
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

    /// Whether a file is there that looks like a ledger. What a database holds is not known before it
    /// is opened.
    #[must_use]
    pub fn holds_ledger(&self) -> bool {
        const BEGIN: &[u8; 16] = b"SQLite format 3\0";
        let mut begin = [0; BEGIN.len()];
        let file = self.file().map(File::open);
        let read = file.is_some_and(|file| {
            file.and_then(|mut file| file.read_exact(&mut begin))
                .is_ok()
        });
        read && begin == *BEGIN
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
        let found = std::fs::metadata(path).map_err(failed)?;
        // Whoever only looks must not make a ledger of an empty file.
        return match found.is_file() && found.len() == 0 {
            true => Err(LedgerError::Missing(path.to_owned())),
            false => Ok(()),
        };
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
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                // A question mark before the last @ may be of a password or of what follows it.
                if rest.find('?') < rest.rfind('@') && rest.contains('?') {
                    return write!(out, "postgres://\u{2026}");
                }
                let place = place.split('?').next().unwrap_or_default();
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
            ("postgres:///x?host=/run/a:b@c", true, "postgres://\u{2026}"),
            ("postgres://ann:secr?et@db/x", true, "postgres://\u{2026}"),
            ("postgres://ann:pw/x@db/d", true, "postgres://db/d"),
            ("postgres:///x?host=/run/a", false, "postgres:///x"),
        ] {
            assert_eq!(has_password(url), password, "{url}");
            assert_eq!(Place::of(url).unwrap().to_string(), shown);
        }
        let capitals = Place::of("PostgreSQL://db/x").unwrap();
        assert_eq!(capitals, Place::Postgres("postgres://db/x".to_owned()));
    }

    #[test]
    fn another_connection_is_not_a_file() {
        for text in [
            "mysql://ann:pw@db/x",
            "sqlite:///tmp/x",
            "host=/run user=ann password=pw",
            " dbname = x",
            "application_name=x host=db password=pw",
        ] {
            let why = Place::of(text).unwrap_err();
            assert!(why.contains("postgres://") && !why.contains("pw"), "{text}");
        }
        for text in [
            "a/b.sqlite",
            "days=2026/b.sqlite",
            "./host=x",
            "C:\\a.sqlite",
        ] {
            assert_eq!(Place::of(text), Ok(Place::Sqlite(PathBuf::from(text))));
        }
    }
}
