//! A disk that fails on demand and tells what was asked of it: a file layer between SQLite and
//! the system's own, for the files of chosen folders.
//!
//! It is SQLite's default layer in a test program that installs it. Files elsewhere go through as
//! they are. In a chosen folder every change is written down in order, nothing is made durable in
//! earnest (an [`image`] says what would be), and writes and syncs fail when told to.

#![allow(
    dead_code,
    reason = "each test program is compiled with all of it and uses a part"
)]

pub mod image;
mod layer;

use rusqlite::ffi;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One change to a file of the folder, by its name; or a mark of the test between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Create(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    /// All changes before it are durable.
    Sync(String),
    /// It failed: what was not durable before is lost, also for later syncs, as on a system that
    /// drops pages which it could not write.
    SyncFailed(String),
    /// The file is gone; `true` if durably.
    Delete(String, bool),
    /// So many steps of the script were acknowledged by now.
    Told(usize),
}

/// What fails from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// After so many writes there is no room for another, until it is cleared.
    FullAfter(usize),
    /// After so many syncs one fails.
    SyncFailsAfter(usize),
}

/// A chosen folder.
#[derive(Debug, Default)]
pub struct Disk {
    ops: Mutex<Vec<Op>>,
    fault: Mutex<Fault>,
    recorded: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

static DISKS: Mutex<BTreeMap<PathBuf, Arc<Disk>>> = Mutex::new(BTreeMap::new());

impl Disk {
    /// Watches a folder, and writes its changes down if they are to be recorded.
    pub fn watch(folder: &Path, recorded: bool) -> Watched {
        layer::install();
        let folder = folder.canonicalize().expect("a folder");
        let disk = Arc::new(Disk {
            recorded,
            ..Disk::default()
        });
        lock(&DISKS).insert(folder.clone(), Arc::clone(&disk));
        Watched { folder, disk }
    }

    /// The disk that holds a file, and the file's name on it.
    fn of(path: &Path) -> Option<(Arc<Disk>, String)> {
        let disk = lock(&DISKS).get(path.parent()?).cloned()?;
        Some((disk, path.file_name()?.to_str()?.to_owned()))
    }

    fn note(&self, op: impl FnOnce() -> Op) {
        if self.recorded {
            lock(&self.ops).push(op());
        }
    }

    /// Marks that so many steps were acknowledged.
    pub fn told(&self, steps: usize) {
        self.note(|| Op::Told(steps));
    }

    /// What was asked of the disk so far.
    pub fn ops(&self) -> Vec<Op> {
        lock(&self.ops).clone()
    }

    pub fn set(&self, fault: Fault) {
        *lock(&self.fault) = fault;
    }

    /// Whether the fault that was set has not struck yet.
    pub fn waits(&self) -> bool {
        !matches!(*lock(&self.fault), Fault::None | Fault::FullAfter(0))
    }

    /// How much of a write of so many bytes there is room for. What is not whole is half.
    fn room(&self, length: usize) -> usize {
        match &mut *lock(&self.fault) {
            Fault::FullAfter(0) => length / 2,
            Fault::FullAfter(left) => {
                *left -= 1;
                length
            }
            Fault::None | Fault::SyncFailsAfter(_) => length,
        }
    }

    fn sync(&self, name: &str) -> i32 {
        let mut fault = lock(&self.fault);
        match &mut *fault {
            Fault::SyncFailsAfter(0) => {
                *fault = Fault::None;
                self.note(|| Op::SyncFailed(name.to_owned()));
                return ffi::SQLITE_IOERR_FSYNC;
            }
            Fault::SyncFailsAfter(left) => *left -= 1,
            Fault::None | Fault::FullAfter(_) => {}
        }
        self.note(|| Op::Sync(name.to_owned()));
        ffi::SQLITE_OK
    }
}

/// A folder that is watched as long as this lives.
#[derive(Debug)]
pub struct Watched {
    folder: PathBuf,
    pub disk: Arc<Disk>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(&DISKS).remove(&self.folder);
    }
}
