//! A server on a processor of its own, with a data folder that goes with it.

use crate::Done;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Ticks of a second in `/proc`, on every Linux that there is.
const TICKS: f64 = 100.0;

/// A server that runs.
pub struct Served {
    child: Child,
    _home: TempDir,
    /// Where it listens.
    pub address: SocketAddr,
    /// A key of the role operator.
    pub key: String,
}

impl Served {
    /// The program itself.
    pub fn real(program: &Path) -> Done<Served> {
        let home = tempfile::tempdir()?;
        let mut command = pinned(home.path());
        command
            .arg(program)
            .args(["serve", "--listen", "127.0.0.1:0"]);
        let (child, address, _) = started(&mut command, home.path())?;
        let made = Command::new(program)
            .env("DEMINIMIS_HOME", home.path())
            .current_dir(home.path())
            .args(["access", "key", "bench", "--role", "operator"])
            .output()?;
        let key = String::from_utf8(made.stdout)?.trim().to_owned();
        Ok(Served {
            child,
            _home: home,
            address,
            key,
        })
    }

    /// This program as a server that does less.
    pub fn baseline(own: &Path) -> Done<Served> {
        let home = tempfile::tempdir()?;
        let mut command = pinned(home.path());
        command.arg(own).arg("baseline").arg(home.path());
        let (child, address, key) = started(&mut command, home.path())?;
        Ok(Served {
            child,
            _home: home,
            address,
            key,
        })
    }

    /// Seconds of processor time that it has used, with all its threads.
    pub fn used(&self) -> Done<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name before can have blanks; the state is the first after it.
        let (_, rest) = text.rsplit_once(')').ok_or("no stat")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok());
        let (user, system) = ticks(11).zip(ticks(12)).ok_or("no stat")?;
        Ok((user + system) / TICKS)
    }

    /// The most memory that it has had, in kilobytes.
    pub fn memory(&self) -> Done<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let line = line.ok_or("no VmHWM")?.trim().trim_end_matches("kB").trim();
        Ok(line.parse()?)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command on the first processor.
fn pinned(home: &Path) -> Command {
    let mut command = Command::new("taskset");
    command
        .args(["-c", "0"])
        .env("DEMINIMIS_HOME", home)
        .current_dir(home);
    for name in [
        "DATABASE_URL",
        "DEMINIMIS_LEDGER_KEY_FILE",
        "DEMINIMIS_LISTEN",
    ] {
        command.env_remove(name);
    }
    command
}

/// Starts a server, and waits until it is ready; where it listens, and its key if it tells one.
fn started(command: &mut Command, home: &Path) -> Done<(Child, SocketAddr, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(File::create(home.join("log"))?)
        .spawn()?;
    let out = child.stdout.take().ok_or("no output")?;
    let (mut address, mut key) = (None, String::new());
    for line in BufReader::new(out).lines() {
        let line = line?;
        if let Some((_, at)) = line.split_once("desk at http://") {
            address = Some(at.parse()?);
        } else if let Some(told) = line.strip_prefix("key ") {
            told.clone_into(&mut key);
        } else if line == "ready" {
            break;
        }
    }
    let none = || std::fs::read_to_string(home.join("log")).unwrap_or_default();
    Ok((child, address.ok_or_else(none)?, key))
}
