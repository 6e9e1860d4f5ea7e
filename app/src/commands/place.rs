//! Options that name the ledger.

use crate::commands::CommandError;
use crate::home;
use crate::ledger::{Place, has_password};
use clap::Args;
use std::path::PathBuf;

/// Which ledger.
#[derive(Args, Clone, Debug)]
pub struct WholeOptions {
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
}

/// Which ledger, and whose part of it.
#[derive(Args, Clone, Debug)]
pub struct PlaceOptions {
    /// Which ledger
    #[command(flatten)]
    pub whole: WholeOptions,
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

/// A tenant's name.
pub fn tenant(text: &str) -> Result<String, String> {
    let sound = (1..=200).contains(&text.len()) && !text.chars().any(char::is_control);
    if !sound || text.starts_with('.') {
        let right = "must have 1 to 200 bytes, no control character, and not begin with a point";
        return Err(right.to_owned());
    }
    Ok(text.to_owned())
}

impl WholeOptions {
    /// The place that is named, or the one of the installation.
    ///
    /// # Errors
    /// A URL with a password or of another kind of database, or no data folder.
    pub fn place(&self) -> Result<Place, CommandError> {
        let wrong = |from: &str, why| CommandError::Usage(format!("{from} {why}"));
        if let Some(given) = self.ledger.as_deref().filter(|given| !given.is_empty()) {
            let place = Place::of(given).map_err(|why| wrong("--ledger", why))?;
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
            return Place::of(&url).map_err(|why| wrong("DATABASE_URL", why));
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
