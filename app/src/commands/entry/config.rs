//! The `[filing]` table of the configuration, and the password beside it.

use crate::commands::CommandError;
use deminimis_filing::messages::catair::entry::Filer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The file that is read if none is named.
pub const CONFIG: &str = "deminimis.toml";

/// The variable that holds the communication password of the A record.
pub const PASSWORD: &str = "DEMINIMIS_ABI_PASSWORD";

/// Who files, and the fields that every parcel without them gets.
#[derive(Debug)]
pub struct Filing {
    /// The filer.
    pub filer: Filer,
    /// `[filing.defaults]`: fields of the contract, as with `--set`.
    pub defaults: Vec<(String, String)>,
    /// The password.
    pub password: String,
    /// The file of the password, if it came from one.
    pub password_file: Option<PathBuf>,
}

/// What the file holds besides other tables.
#[derive(Deserialize)]
struct Tables {
    filing: Option<toml::Table>,
}

/// Reads the configuration.
pub fn read(path: Option<&Path>) -> Result<Filing, CommandError> {
    let path = path.unwrap_or(Path::new(CONFIG));
    let usage = |error: String| CommandError::Usage(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| {
        let about = "it says who files, in a table [filing]: see docs/entries.md";
        usage(format!("{error}; {about}"))
    })?;
    let tables: Tables = toml::from_str(&text).map_err(|error| usage(error.to_string()))?;
    let Some(mut table) = tables.filing else {
        return Err(usage(
            "has no table [filing]: see docs/entries.md".to_owned(),
        ));
    };
    let defaults = match table.remove("defaults") {
        None => BTreeMap::new(),
        Some(value) => value
            .try_into::<BTreeMap<String, String>>()
            .map_err(|error| usage(format!("[filing.defaults] {error}")))?,
    };
    let filer: Filer = table
        .try_into()
        .map_err(|error| usage(format!("[filing] {error}")))?;
    filer.check().map_err(|error| usage(error.to_string()))?;
    let (password, password_file) = password(path, filer.password_file.as_deref())?;
    Ok(Filing {
        filer,
        password_file,
        defaults: defaults.into_iter().collect(),
        password,
    })
}

/// The password from the environment, else from the file that the configuration names, which is
/// looked for beside the configuration.
fn password(config: &Path, file: Option<&str>) -> Result<(String, Option<PathBuf>), CommandError> {
    let told = env::var(PASSWORD).ok().filter(|told| !told.is_empty());
    if let Some(told) = told {
        return Ok((sound(told, PASSWORD)?, None));
    }
    let Some(file) = file else {
        let message = format!(
            "no communication password: set {PASSWORD}, or name a file with [filing] password_file"
        );
        return Err(CommandError::Usage(message));
    };
    let beside = config.parent().map(PathBuf::from).unwrap_or_default();
    let path = beside.join(file);
    let text = fs::read_to_string(&path)
        .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    Ok((sound(text, "[filing] password_file")?, Some(path)))
}

/// Judged before a parcel is read, and never repeated.
fn sound(password: String, from: &str) -> Result<String, CommandError> {
    let is_of_class = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    match password.len() == 6 && password.bytes().all(is_of_class) {
        true => Ok(password),
        false => Err(CommandError::Usage(format!(
            "{from}: six capital letters or digits are meant"
        ))),
    }
}
