//! Batches: files of parcels that are taken in as they come, worked off in the background by the
//! same functions as the command line's, and kept with their results for a while.
//!
//! States and counts are in the store, files in the data folder (`batches/ID/`), which are personal
//! data: they are for the desk's own user alone and go after their time.

mod room;
mod run;
mod upload;
mod work;

pub use run::system;
pub use upload::{Upload, Wanted};
pub use work::{Works, begin, keep_days};

use crate::config::Config;
use crate::places::Places;
use room::{Room, Taken};
use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// The setting of a tenant that says for how many days its ended batches are kept.
pub const KEEP_DAYS: &str = "batches.keep_days";

/// Decisions, one JSON object a line.
pub const RESULTS_NDJSON: &str = "results.ndjson";
/// Decisions as CSV.
pub const RESULTS_CSV: &str = "results.csv";
/// What was refused, as CSV.
pub const REJECTS: &str = "rejects.csv";
/// The file as it came, unpacked. It goes when the batch ends.
const INPUT: &str = "input";

/// What requests and workers share.
pub struct Batches {
    folder: PathBuf,
    /// Files that are on their way in.
    uploads: Arc<Places>,
    /// Who listens to events.
    pub listeners: Arc<Places>,
    /// Files that are on their way out.
    pub downloads: Arc<Places>,
    /// Bytes of files that wait.
    files: Arc<Room>,
    /// Bytes of results.
    results: Arc<Room>,
    /// Told when a batch was queued.
    queued: Notify,
    /// The batches that are worked on.
    running: Mutex<HashMap<String, Arc<Watch>>>,
}

/// What a worker tells of its batch, and what it is told.
#[derive(Default)]
struct Watch {
    stop: AtomicBool,
    read: AtomicU64,
    refused: AtomicU64,
    done: AtomicU64,
}

impl Watch {
    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Batches {
    /// The batches of a data folder.
    #[must_use]
    pub fn new(config: &Config) -> Batches {
        let limits = &config.limits;
        let (uploads, of_tenant) = (limits.uploads, limits.uploads_of_tenant);
        let (listeners, own) = (limits.listeners, limits.listeners_of_tenant);
        Batches {
            folder: config.home.join("batches"),
            uploads: Places::new("uploads are on their way", uploads, of_tenant),
            listeners: Places::new("listeners to events are there", listeners, own),
            downloads: Places::new("downloads are on their way", listeners, own),
            files: Room::for_files(limits),
            results: Room::for_results(limits),
            queued: Notify::new(),
            running: Mutex::default(),
        }
    }

    /// The folder of a batch. Its id is one of the store, never what was asked for.
    fn folder(&self, batch_id: &str) -> PathBuf {
        self.folder.join(batch_id)
    }

    /// A file of a batch that the store knows.
    #[must_use]
    pub fn file(&self, batch_id: &str, name: &str) -> PathBuf {
        self.folder(batch_id).join(name)
    }

    /// Stops the work on a batch that is gone, and removes its files: now, or when the work ends.
    pub fn forget(&self, batch_id: &str) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get(batch_id) {
            Some(watch) => watch.stop(),
            None => remove(&self.folder(batch_id)),
        }
    }

    /// Bytes of the results of batches that have ended, each given with its tenant: one tenant's, and
    /// everybody's.
    fn result_bytes(&self, ended: &[(String, String)], tenant: &str) -> Taken {
        let mut bytes = Taken::default();
        for (whose, batch_id) in ended {
            let sizes = [RESULTS_NDJSON, RESULTS_CSV, REJECTS].map(|name| {
                // Of a batch that failed there is no such file.
                let about = std::fs::metadata(self.file(batch_id, name));
                about.map_or(0, |about| about.len())
            });
            let sum: u64 = sizes.iter().sum();
            bytes.all += sum;
            bytes.own += if whose == tenant { sum } else { 0 };
        }
        bytes
    }

    fn watch(&self, batch_id: &str) -> Arc<Watch> {
        let watch = Arc::new(Watch::default());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(batch_id.to_owned(), Arc::clone(&watch));
        watch
    }

    fn unwatch(&self, batch_id: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(batch_id);
    }
}

/// Makes a folder that is for the desk's own user alone.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes a file anew that is for the desk's own user alone.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)
}

/// Removes a folder with what is in it.
fn remove(folder: &Path) {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // The next sweep tries again.
        Err(error) => tracing::warn!(folder = %folder.display(), %error, "files of a batch stay"),
    }
}
