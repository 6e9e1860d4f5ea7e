//! `deminimis serve`: the desk of a team.

use crate::commands::law::LawOptions;
use crate::commands::place::WholeOptions;
use crate::commands::{CommandError, Ended};
use crate::home;
use clap::Args;
use deminimis_desk::config::Limits;
use deminimis_desk::{Config, Desk, ServeError, serve};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Serves the HTTP API and the pages.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Where to listen. Addresses that others reach need TLS
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "DEMINIMIS_LISTEN",
        default_value = "127.0.0.1:8321"
    )]
    listen: SocketAddr,
    /// The certificate chain (PEM)
    #[arg(
        long,
        value_name = "FILE",
        env = "DEMINIMIS_TLS_CERT",
        requires = "tls_key"
    )]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate (PEM)
    #[arg(
        long,
        value_name = "FILE",
        env = "DEMINIMIS_TLS_KEY",
        requires = "tls_cert"
    )]
    tls_key: Option<PathBuf>,
    /// For how many days an ended batch is kept with its files; a tenant's own setting comes first
    #[arg(
        long,
        value_name = "DAYS",
        env = "DEMINIMIS_KEEP_BATCHES",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=36_500)
    )]
    keep_batches: u32,
    #[command(flatten)]
    place: WholeOptions,
}

/// Runs the command until it is told to end (SIGINT, SIGTERM).
pub fn run(law: &LawOptions, args: &ServeArgs) -> Result<Ended, CommandError> {
    let place = args.place.place()?;
    let Some(home) = home::data_folder() else {
        let said = format!("no data folder is known; set {}", home::HOME);
        return Err(CommandError::Usage(said));
    };
    let setup = Arc::new(law.setup()?);
    let config = Config {
        listen: args.listen,
        tls: args.tls_cert.clone().zip(args.tls_key.clone()),
        home,
        limits: Limits {
            batch_days: args.keep_batches,
            ..Limits::default()
        },
    };
    let scheme = if config.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let desk = Desk::open(setup, &place, config).map_err(ServeError::from)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        let (mut interrupt, mut terminate) = (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        );
        let end = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        let ready = |at: SocketAddr, first: Option<String>| tell(scheme, at, first.as_deref());
        Ok::<_, io::Error>(serve(Arc::new(desk), end, ready).await)
    })?;
    served?;
    Ok(Ended::Well)
}

/// Says where the desk is. What cannot be told to anybody is no reason to end.
fn tell(scheme: &str, at: SocketAddr, first: Option<&str>) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "deminimis desk at {scheme}://{at}");
    if at.ip().is_loopback() {
        let _ = writeln!(out, "it is reached from this machine alone");
    }
    if let Some(path) = first {
        let _ = writeln!(
            out,
            "first admin, once, within 7 days: {scheme}://{at}{path}"
        );
    }
    let _ = writeln!(out, "ready");
    let _ = out.flush();
}
