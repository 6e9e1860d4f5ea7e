//! `deminimis serve`: the desk of a team.

pub mod settings;

use crate::commands::law::LawOptions;
use crate::commands::place::WholeOptions;
use crate::commands::{CommandError, Ended};
use crate::home;
use clap::Args;
use deminimis_desk::{Desk, ServeError, observe, serve};
use settings::ServeOptions;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Serves the HTTP API and the pages.
#[derive(Args, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    options: ServeOptions,
    #[command(flatten)]
    place: WholeOptions,
}

/// Runs the command until it is told to end (SIGINT, SIGTERM).
pub fn run(law: &LawOptions, args: &ServeArgs) -> Result<Ended, CommandError> {
    let place = args.place.place()?;
    let (config, _) = settings::config(&args.options, data_folder()?)?;
    let setup = Arc::new(law.setup()?);
    let scheme = if config.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let metrics = observe::begin();
    let desk = Desk::open(setup, &place, config, metrics).map_err(ServeError::from)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
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

/// The data folder, which a desk needs.
pub fn data_folder() -> Result<PathBuf, CommandError> {
    let none = || CommandError::Usage(format!("no data folder is known; set {}", home::HOME));
    home::data_folder().ok_or_else(none)
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
