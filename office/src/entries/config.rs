//! Who files: the tables of the configuration, and the password beside them.

use deminimis_filing::messages::catair::entry::Filer;
use deminimis_filing::messages::catair::record::FieldError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

/// The file that is read if none is named.
pub const CONFIG: &str = "deminimis.toml";

/// The variable that holds the communication password of the A record, for `[filing]`.
pub const PASSWORD: &str = "DEMINIMIS_ABI_PASSWORD";

/// The tenant whose filer `[filing]` is.
pub const DEFAULT: &str = "default";

/// Who files, and the fields that every parcel without them gets.
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

impl fmt::Debug for Filing {
    /// The password is told to nobody.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Filing({})", self.filer.filer_code)
    }
}

/// A configuration that cannot be used, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilingError(String);

impl FilingError {
    /// A value that does not fit the records around a message.
    pub(super) fn envelope(error: &FieldError) -> FilingError {
        FilingError(format!("the envelope: {error}"))
    }
}

/// What the file holds besides other tables.
#[derive(Deserialize)]
struct Tables {
    filing: Option<toml::Table>,
    #[serde(default)]
    tenants: BTreeMap<String, Tenant>,
}

#[derive(Deserialize)]
struct Tenant {
    filing: Option<toml::Table>,
}

/// Reads `[filing]`.
///
/// # Errors
/// The file or its table cannot be used, or there is no password.
pub fn read(path: Option<&Path>) -> Result<Filing, FilingError> {
    let path = path.unwrap_or(Path::new(CONFIG));
    let usage = |error: String| FilingError(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| {
        let about = "it says who files, in a table [filing]: see docs/entries.md";
        usage(format!("{error}; {about}"))
    })?;
    let tables: Tables = toml::from_str(&text).map_err(|error| usage(error.to_string()))?;
    let Some(table) = tables.filing else {
        return Err(usage(
            "has no table [filing]: see docs/entries.md".to_owned(),
        ));
    };
    filing(path, DEFAULT, table)
}

/// Who files for which tenant: `[filing]` for `default`, `[tenants.NAME.filing]` for the others. One
/// that cannot be used is told to whom it concerns, and does not keep the others from filing.
///
/// # Errors
/// There is a file and it cannot be read.
pub fn of_tenants(
    path: &Path,
) -> Result<BTreeMap<String, Result<Filing, FilingError>>, FilingError> {
    let usage = |error: String| FilingError(format!("{}: {error}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(usage(error.to_string())),
    };
    let tables: Tables = toml::from_str(&text).map_err(|error| usage(error.to_string()))?;
    let own = tables.filing.map(|table| (DEFAULT.to_owned(), table));
    let others = tables.tenants.into_iter();
    let others = others.filter_map(|(name, tenant)| Some((name, tenant.filing?)));
    let read = |(name, table): (String, toml::Table)| {
        let read = filing(path, &name, table);
        (name, read)
    };
    Ok(others.chain(own).map(read).collect())
}

fn filing(path: &Path, tenant: &str, mut table: toml::Table) -> Result<Filing, FilingError> {
    let place = match tenant {
        DEFAULT => "filing".to_owned(),
        other => format!("tenants.{other}.filing"),
    };
    let usage = |error: String| FilingError(format!("{}: {error}", path.display()));
    let defaults = match table.remove("defaults") {
        None => BTreeMap::new(),
        Some(value) => value
            .try_into::<BTreeMap<String, String>>()
            .map_err(|error| usage(format!("[{place}.defaults] {error}")))?,
    };
    let filer: Filer = table
        .try_into()
        .map_err(|error| usage(format!("[{place}] {error}")))?;
    filer.check().map_err(|error| usage(error.to_string()))?;
    let (password, password_file) = password(path, tenant, filer.password_file.as_deref())?;
    Ok(Filing {
        filer,
        password_file,
        defaults: defaults.into_iter().collect(),
        password,
    })
}

/// The password from the environment, which is that of `[filing]`, else from the file that the
/// configuration names, which is looked for beside the configuration.
fn password(
    config: &Path,
    tenant: &str,
    file: Option<&str>,
) -> Result<(String, Option<PathBuf>), FilingError> {
    let told = env::var(PASSWORD).ok().filter(|told| !told.is_empty());
    if let Some(told) = told.filter(|_| tenant == DEFAULT) {
        return Ok((sound(told, PASSWORD)?, None));
    }
    let Some(file) = file else {
        let said = match tenant {
            DEFAULT => format!(
                "no communication password: set {PASSWORD}, or name a file with [filing] \
                 password_file"
            ),
            other => format!(
                "no communication password: name a file with [tenants.{other}.filing] password_file"
            ),
        };
        return Err(FilingError(said));
    };
    let beside = config.parent().map(PathBuf::from).unwrap_or_default();
    let path = beside.join(file);
    let text = fs::read_to_string(&path)
        .map_err(|error| FilingError(format!("{}: {error}", path.display())))?;
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    Ok((sound(text, "password_file")?, Some(path)))
}

/// Judged before a parcel is read, and never repeated.
fn sound(password: String, from: &str) -> Result<String, FilingError> {
    let is_of_class = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    match password.len() == 6 && password.bytes().all(is_of_class) {
        true => Ok(password),
        false => Err(FilingError(format!(
            "{from}: six capital letters or digits are meant"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tenant_has_its_own_filer_and_one_that_is_wrong_concerns_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("acme.pass"), "SECRET\n").unwrap();
        let config = folder.path().join(CONFIG);
        assert!(of_tenants(&config).unwrap().is_empty());
        let text = "[tenants.acme.filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\n\
            password_file = \"acme.pass\"\n[tenants.acme.filing.defaults]\npayment_type = \"1\"\n\
            [tenants.other.filing]\nfiler_code = \"XYZ\"\nsite_code = \"2704\"\n\
            [tenants.third]\nlisten = \"no\"\n[serve]\nat_once = 3\n";
        fs::write(&config, text).unwrap();
        let read = of_tenants(&config).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["acme", "other"]);
        let acme = read["acme"].as_ref().unwrap();
        assert_eq!((acme.password.as_str(), acme.defaults.len()), ("SECRET", 1));
        assert!(!format!("{acme:?}").contains("SECRET"));
        let said = read["other"].as_ref().unwrap_err().to_string();
        assert!(
            said.contains("[tenants.other.filing] password_file"),
            "{said}"
        );
        fs::write(&config, "[filing").unwrap();
        assert!(of_tenants(&config).is_err());
    }
}
