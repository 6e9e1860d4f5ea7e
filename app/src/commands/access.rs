//! `deminimis access`: tenants, keys and invitations of the desk, for whoever has its data folder.

use crate::commands::place::WholeOptions;
use crate::commands::{CommandError, Ended};
use clap::{Args, Subcommand};
use deminimis_desk::auth::{INVITATION, kept_invitation, kept_key};
use deminimis_desk::state::{OpenError, open_store};
use deminimis_office::ledger::{Place, now};
use deminimis_store::StoreError;
use deminimis_store::desk::{DeskStore, Role};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Gives access to the desk.
#[derive(Args, Debug)]
pub struct AccessArgs {
    #[command(subcommand)]
    command: AccessCommand,
    #[command(flatten)]
    place: WholeOptions,
}

#[derive(Debug, Subcommand)]
enum AccessCommand {
    /// Make a tenant: its parcels, persons and keys have nothing to do with another's
    Tenant {
        /// Its name
        #[arg(value_name = "NAME", value_parser = crate::commands::place::tenant)]
        name: String,
    },
    /// All tenants
    Tenants,
    /// Make an API key; it is printed once
    Key {
        /// What its owner calls it
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        of: Of,
    },
    /// Copy what the desk keeps besides the ledger into a new file, while the desk runs
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Put a copy in the place of what the desk keeps, where there is nothing yet
    Restore {
        /// The copy
        file: PathBuf,
    },
    /// Make a link by which somebody chooses a login and a password; it is printed once
    Invite {
        #[command(flatten)]
        of: Of,
    },
}

/// For whom, and what he may do.
#[derive(Args, Debug)]
struct Of {
    /// viewer, operator, compliance or admin; each may do what those before it may
    #[arg(long, value_parser = role)]
    role: Role,
    /// Whose parcels are reached
    #[arg(long, value_name = "NAME", default_value = "default",
        value_parser = crate::commands::place::tenant)]
    tenant: String,
}

fn role(text: &str) -> Result<Role, String> {
    let wrong = || "must be viewer, operator, compliance or admin".to_owned();
    Role::parse(text).ok_or_else(wrong)
}

/// Runs the command.
pub fn run(args: &AccessArgs) -> Result<Ended, CommandError> {
    let place = args.place.place()?;
    if let AccessCommand::Restore { file } = &args.command {
        return restore(&place, file);
    }
    let store = open_store(&place)?;
    let failed = |error: StoreError| {
        let place = place.to_string();
        CommandError::from(OpenError::Store { place, error })
    };
    let mut out = io::stdout().lock();
    match &args.command {
        AccessCommand::Tenant { name } => {
            let fresh = store.add_tenant(name, now()).wait().map_err(failed)?;
            let said = if fresh { "made" } else { "is there already" };
            writeln!(out, "tenant {name} {said}")?;
        }
        AccessCommand::Tenants => {
            for name in store.tenants().wait().map_err(failed)? {
                writeln!(out, "{name}")?;
            }
        }
        AccessCommand::Key { name, of } => {
            known(&store, of).map_err(failed)??;
            let (kept, hash, key) = kept_key(&of.tenant, (name, of.role), None)
                .map_err(|problem| CommandError::Usage(problem.detail().to_owned()))?;
            store.add_key(&kept, &hash).wait().map_err(failed)?;
            eprintln!(
                "key {} of tenant {}, role {}:",
                kept.key_id, of.tenant, of.role
            );
            writeln!(out, "{key}")?;
        }
        AccessCommand::Backup { file } => {
            store.backup(file).wait().map_err(failed)?;
            writeln!(out, "backed up: {}", file.display())?;
        }
        // It has no store to be opened.
        AccessCommand::Restore { .. } => {}
        AccessCommand::Invite { of } => {
            known(&store, of).map_err(failed)??;
            let (invitation, hash, path) = kept_invitation(&of.tenant, of.role)
                .map_err(|problem| CommandError::Usage(problem.detail().to_owned()))?;
            let kept = store.invite(&hash, &invitation, now() + INVITATION);
            kept.wait().map_err(failed)?;
            eprintln!("open this path of the desk within 7 days, once:");
            writeln!(out, "{path}")?;
        }
    }
    Ok(Ended::Well)
}

/// Puts a copy where the desk looks for it. It is opened first, so that what is none is not taken.
fn restore(place: &Place, file: &Path) -> Result<Ended, CommandError> {
    let usage = |said: String| Err(CommandError::Usage(said));
    let Some(ledger) = place.file() else {
        return usage("a PostgreSQL database is restored with pg_restore".to_owned());
    };
    let to = ledger.with_file_name("desk.sqlite");
    if !file.is_file() || to.exists() {
        let (file, to) = (file.display(), to.display());
        return usage(format!("there must be a copy {file} and no {to}"));
    }
    let folder = to.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let apart = tempfile::tempdir_in(folder)?;
    let made = apart.path().join("desk.sqlite");
    fs::copy(file, &made)?;
    let opened = DeskStore::open_sqlite(&made);
    drop(opened.map_err(|error| CommandError::Refused(format!("{}: {error}", file.display())))?);
    fs::hard_link(&made, &to)?;
    println!("restored: {}", to.display());
    Ok(Ended::Well)
}

/// A key of a tenant that is not there would reach nothing.
fn known(store: &DeskStore, of: &Of) -> Result<Result<(), CommandError>, StoreError> {
    if of.tenant == "default" {
        store.add_tenant("default", now()).wait()?;
    }
    let tenants = store.tenants().wait()?;
    Ok(match tenants.contains(&of.tenant) {
        true => Ok(()),
        false => Err(CommandError::Usage(format!(
            "there is no tenant `{}`: make it first (deminimis access tenant {})",
            of.tenant, of.tenant
        ))),
    })
}
