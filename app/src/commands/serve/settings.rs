//! How the desk is run: flags, then the environment, then `[serve]` of `deminimis.toml`, then
//! defaults; and from where each came.

use crate::commands::CommandError;
use clap::Args;
use deminimis_desk::Config;
use deminimis_desk::config::Limits;
use deminimis_office::entries::of_tenants;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, io};

/// The file that is read where the program is started.
pub const CONFIG: &str = "deminimis.toml";

/// Where the desk listens if nothing says otherwise.
const LISTEN: &str = "127.0.0.1:8321";

/// What flags and the environment say.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeOptions {
    /// Where to listen; addresses that others reach need TLS [default: 127.0.0.1:8321]
    #[arg(long, value_name = "ADDRESS", env = "DEMINIMIS_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The certificate chain (PEM)
    #[arg(long, value_name = "FILE", env = "DEMINIMIS_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// The key of the certificate (PEM)
    #[arg(long, value_name = "FILE", env = "DEMINIMIS_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// A server with TLS on this machine is before the desk: what it says in X-Forwarded-For and
    /// X-Forwarded-Proto counts
    #[arg(long, env = "DEMINIMIS_BEHIND_PROXY",
        num_args = 0..=1, default_missing_value = "true")]
    pub behind_proxy: Option<bool>,
    /// Let webhooks be told at private addresses, and without TLS
    #[arg(long, env = "DEMINIMIS_ALLOW_PRIVATE_WEBHOOKS",
        num_args = 0..=1, default_missing_value = "true")]
    pub allow_private_webhooks: Option<bool>,
}

/// What the file says: the same, and the limits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InFile {
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: Option<bool>,
    allow_private_webhooks: Option<bool>,
    request_seconds: Option<u64>,
    head_seconds: Option<u64>,
    connections: Option<usize>,
    at_once: Option<usize>,
    at_once_of_tenant: Option<usize>,
    body_bytes: Option<usize>,
    many_bytes: Option<usize>,
    head_bytes: Option<usize>,
    keep_batches_days: Option<u32>,
    waiting_bytes: Option<u64>,
    waiting_bytes_of_tenant: Option<u64>,
    result_bytes: Option<u64>,
    result_bytes_of_tenant: Option<u64>,
}

#[derive(Deserialize)]
struct Tables {
    serve: Option<InFile>,
}

/// One setting as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// `flag`, `environment`, `deminimis.toml` or `default`.
    pub from: &'static str,
}

/// The configuration in force, and from where each part of it came.
///
/// # Errors
/// The file cannot be read, or one of certificate and key is missing.
pub fn config(
    options: &ServeOptions,
    home: PathBuf,
) -> Result<(Config, Vec<InForce>), CommandError> {
    let file = in_file(Path::new(CONFIG))?;
    let mut told = Vec::new();
    let listen = pick(
        &mut told,
        "listen",
        "DEMINIMIS_LISTEN",
        options.listen,
        file.listen,
    );
    let default = || {
        LISTEN
            .parse()
            .map_err(|_| CommandError::Usage(LISTEN.to_owned()))
    };
    let listen = listen.map_or_else(default, Ok)?;
    let path = |path: &Option<PathBuf>| path.clone().map(Shown);
    let certificate = pick(
        &mut told,
        "tls_cert",
        "DEMINIMIS_TLS_CERT",
        path(&options.tls_cert),
        path(&file.tls_cert),
    );
    let key = pick(
        &mut told,
        "tls_key",
        "DEMINIMIS_TLS_KEY",
        path(&options.tls_key),
        path(&file.tls_key),
    );
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate.0, key.0)),
        (None, None) => None,
        _ => {
            let said = "TLS needs both the certificate (tls_cert) and its key (tls_key)";
            return Err(CommandError::Usage(said.to_owned()));
        }
    };
    let behind_proxy = pick(
        &mut told,
        "behind_proxy",
        "DEMINIMIS_BEHIND_PROXY",
        options.behind_proxy,
        file.behind_proxy,
    );
    let private = pick(
        &mut told,
        "allow_private_webhooks",
        "DEMINIMIS_ALLOW_PRIVATE_WEBHOOKS",
        options.allow_private_webhooks,
        file.allow_private_webhooks,
    );
    let limits = limits(&file, &mut told);
    told.iter_mut()
        .filter(|one| one.value.is_empty())
        .for_each(|one| match one.name {
            "listen" => one.value = LISTEN.to_owned(),
            "allow_private_webhooks" | "behind_proxy" => one.value = false.to_string(),
            _ => one.value = "none".to_owned(),
        });
    let config = Config {
        listen,
        tls,
        behind_proxy: behind_proxy.unwrap_or(false),
        home,
        allow_private_webhooks: private.unwrap_or(false),
        filing: Arc::new(of_tenants(Path::new(CONFIG))?),
        limits,
    };
    Ok((config, told))
}

/// A path that is shown as it is.
#[derive(Clone)]
struct Shown(PathBuf);

impl std::fmt::Display for Shown {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.display().fmt(out)
    }
}

/// The value that counts. Clap reads flag and environment into one; which of the two it was does
/// the variable tell.
fn pick<T: std::fmt::Display + Clone>(
    told: &mut Vec<InForce>,
    name: &'static str,
    variable: &str,
    given: Option<T>,
    file: Option<T>,
) -> Option<T> {
    let same = |value: &T| env::var(variable).is_ok_and(|text| text == value.to_string());
    let from = match (&given, &file) {
        (Some(value), _) if same(value) => "environment",
        (Some(_), _) => "flag",
        (None, Some(_)) => CONFIG,
        (None, None) => "default",
    };
    let value = given.or(file);
    told.push(InForce {
        name,
        value: value.as_ref().map_or_else(String::new, T::to_string),
        from,
    });
    value
}

fn limits(file: &InFile, told: &mut Vec<InForce>) -> Limits {
    let mut limits = Limits::default();
    let mut set = |name, place: &mut usize, given: Option<usize>| {
        *place = given.unwrap_or(*place);
        let from = if given.is_some() { CONFIG } else { "default" };
        let value = place.to_string();
        told.push(InForce { name, value, from });
    };
    set("connections", &mut limits.connections, file.connections);
    set("at_once", &mut limits.at_once, file.at_once);
    let of_tenant = file.at_once_of_tenant;
    set(
        "at_once_of_tenant",
        &mut limits.at_once_of_tenant,
        of_tenant,
    );
    set("body_bytes", &mut limits.body_bytes, file.body_bytes);
    set("many_bytes", &mut limits.many_bytes, file.many_bytes);
    set("head_bytes", &mut limits.head_bytes, file.head_bytes);
    let days = file.keep_batches_days;
    limits.batch_days = days.unwrap_or(limits.batch_days);
    told.push(InForce {
        name: "keep_batches_days",
        value: limits.batch_days.to_string(),
        from: if days.is_some() { CONFIG } else { "default" },
    });
    for (name, place, given) in [
        (
            "waiting_bytes",
            &mut limits.waiting_bytes,
            file.waiting_bytes,
        ),
        (
            "waiting_bytes_of_tenant",
            &mut limits.waiting_bytes_of_tenant,
            file.waiting_bytes_of_tenant,
        ),
        ("result_bytes", &mut limits.result_bytes, file.result_bytes),
        (
            "result_bytes_of_tenant",
            &mut limits.result_bytes_of_tenant,
            file.result_bytes_of_tenant,
        ),
    ] {
        *place = given.unwrap_or(*place);
        told.push(InForce {
            name,
            value: place.to_string(),
            from: if given.is_some() { CONFIG } else { "default" },
        });
    }
    // The HTTP library takes no buffer below this.
    limits.head_bytes = limits.head_bytes.max(8192);
    let mut seconds = |name, place: &mut Duration, given: Option<u64>| {
        *place = given.map_or(*place, Duration::from_secs);
        let from = if given.is_some() { CONFIG } else { "default" };
        let value = place.as_secs().to_string();
        told.push(InForce { name, value, from });
    };
    seconds("request_seconds", &mut limits.time, file.request_seconds);
    seconds("head_seconds", &mut limits.head_time, file.head_seconds);
    limits
}

fn in_file(path: &Path) -> Result<InFile, CommandError> {
    let usage = |error: String| CommandError::Usage(format!("{}: {error}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(InFile::default()),
        Err(error) => return Err(usage(error.to_string())),
    };
    let tables: Tables = toml::from_str(&text).map_err(|error| usage(error.to_string()))?;
    Ok(tables.serve.unwrap_or_default())
}
