//! The tasks behind batches: they take what is queued, tenants by turns, tell how far it is, and
//! remove what is old.
//!
//! One desk alone works over a data folder: who comes second takes batches in and leaves them to the
//! first, until that one has ended.

use super::run::{Stop, run};
use super::{INPUT, KEEP_DAYS, Watch, private_folder, remove};
use crate::state::Desk;
use crate::webhooks::{BATCH_FINISHED, event};
use deminimis_office::ledger::now;
use deminimis_store::desk::{Batch, BatchCounts, BatchState, Event};
use deminimis_store::{Pending, StoreError};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval, sleep, timeout};

/// How often a running batch tells how far it is.
const TELL: Duration = Duration::from_millis(500);
/// How long a worker waits where nobody tells it of a batch: another desk may have taken it in.
const LOOK: Duration = Duration::from_secs(10);
/// How often what is old is removed.
const SWEEP: Duration = Duration::from_secs(60 * 60);
/// How often a state is written before it is given up.
const TRIES: u32 = 30;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The tasks, to be waited for at the end.
pub struct Works(JoinSet<()>);

impl Works {
    /// Tasks that end with the desk.
    #[must_use]
    pub fn of(tasks: JoinSet<()>) -> Works {
        Works(tasks)
    }

    /// Waits until all have ended, so long at most.
    pub async fn end(mut self, patience: Duration) {
        let all = async { while self.0.join_next().await.is_some() {} };
        // Who is cut off is taken up again at the next begin, as after a crash.
        let _ = timeout(patience, all).await;
    }
}

/// Begins to work batches off, until the desk ends.
#[must_use]
pub fn begin(desk: &Arc<Desk>) -> Works {
    let mut works = JoinSet::new();
    let desk = Arc::clone(desk);
    works.spawn(async move {
        let Some(_lock) = alone(&desk).await else {
            return;
        };
        kept(&desk, "batches", || desk.store.requeue_batches(None)).await;
        let mut tasks = JoinSet::new();
        for _ in 0..desk.config.limits.batches_at_once {
            tasks.spawn(work(Arc::clone(&desk)));
        }
        tasks.spawn(sweep(Arc::clone(&desk)));
        while tasks.join_next().await.is_some() {}
    });
    Works(works)
}

/// Waits until this desk is the one that works over the data folder; nothing if it ends before.
async fn alone(desk: &Arc<Desk>) -> Option<File> {
    loop {
        let folder = desk.batches.folder.clone();
        let lock = move || -> io::Result<Option<File>> {
            private_folder(&folder)?;
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            let file = options.open(folder.join("lock"))?;
            Ok(file.try_lock().is_ok().then_some(file))
        };
        match spawn_blocking(lock).await {
            Ok(Ok(Some(lock))) => return Some(lock),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "batches are not worked off"),
            Err(error) => tracing::warn!(%error, "batches are not worked off"),
        }
        if desk.ends_within(LOOK).await {
            return None;
        }
    }
}

async fn work(desk: Arc<Desk>) {
    while !desk.is_ending() {
        match desk.store.take_batch(now()).await {
            Ok(Some(batch)) => one(&desk, batch).await,
            Ok(None) => {
                let told = timeout(LOOK, desk.batches.queued.notified());
                tokio::select! {
                    _ = told => {}
                    () = desk.ended() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "batches are not worked off");
                desk.ends_within(LOOK).await;
            }
        }
    }
}

/// Works one batch off and keeps what came of it.
async fn one(desk: &Arc<Desk>, batch: Batch) {
    let watch = desk.batches.watch(&batch.batch_id);
    let id = batch.batch_id.clone();
    let worker = {
        let (desk, watch) = (Arc::clone(desk), Arc::clone(&watch));
        let batch = batch.clone();
        spawn_blocking(move || run(&desk, &batch, &watch))
    };
    let done = watched(desk, &batch, &watch, worker).await;
    let panicked = |error: tokio::task::JoinError| {
        tracing::error!(batch = id, %error, "a batch failed");
        let said = "the desk could not do it; who runs it finds the reason in its log";
        Err(Stop::Failed(said.to_owned()))
    };
    let known = match done.unwrap_or_else(panicked) {
        Ok(counts) => {
            let told = finished(&id, BatchState::Finished, counts);
            let end = || desk.store.end_batch(&id, counts, None, &told);
            kept(desk, &id, end).await
        }
        Err(Stop::Failed(words)) => {
            let counts = so_far(&watch);
            let told = finished(&id, BatchState::Failed, counts);
            let end = || desk.store.end_batch(&id, counts, Some(&words), &told);
            kept(desk, &id, end).await
        }
        Err(Stop::Told) => {
            let again = kept(desk, &id, || desk.store.requeue_batches(Some(&id))).await;
            again.map(|batches| batches > 0)
        }
    };
    desk.batches.unwatch(&id);
    let ended = match desk.store.batch(&batch.tenant, &id).await {
        Ok(Some(batch)) if batch.state.is_ended() => Some(batch.state),
        _ => None,
    };
    let folder = desk.batches.folder(&id);
    let tidy = move || match (known, ended) {
        // It was deleted while it ran.
        (Some(false), _) => remove(&folder),
        // Of a batch that failed nothing is given out.
        (Some(true), Some(BatchState::Failed)) => remove(&folder),
        // What is done needs its file no more.
        (Some(true), Some(_)) => drop(std::fs::remove_file(folder.join(INPUT))),
        _ => {}
    };
    // A panic there leaves files to the sweep.
    let _ = spawn_blocking(tidy).await;
}

/// Tells the store how far a run is, and the run that the desk ends.
async fn watched<T>(
    desk: &Arc<Desk>,
    batch: &Batch,
    watch: &Arc<Watch>,
    mut worker: tokio::task::JoinHandle<T>,
) -> Result<T, tokio::task::JoinError> {
    let mut clock = interval(TELL);
    let mut told = BatchCounts::default();
    loop {
        tokio::select! {
            done = &mut worker => return done,
            () = desk.ended(), if !watch.is_stopped() => watch.stop(),
            _ = clock.tick() => {
                let counts = so_far(watch);
                if counts != told {
                    told = counts;
                    // What is not noted now is noted half a second later.
                    let _ = desk.store.batch_progress(&batch.batch_id, counts).await;
                }
            }
        }
    }
}

/// What is told of the end of a batch.
fn finished(batch_id: &str, state: BatchState, counts: BatchCounts) -> Event {
    let data = json!({
        "batch_id": batch_id,
        "state": state.as_str(),
        "parcels_read": counts.parcels_read,
        "parcels_refused": counts.parcels_refused,
        "parcels_done": counts.parcels_done,
    });
    event(format!("batch-finished-{batch_id}"), BATCH_FINISHED, &data)
}

fn so_far(watch: &Watch) -> BatchCounts {
    let count = |of: &std::sync::atomic::AtomicU64| of.load(Relaxed) as i64;
    BatchCounts {
        parcels_read: count(&watch.read),
        parcels_refused: count(&watch.refused),
        parcels_done: count(&watch.done),
        ..BatchCounts::default()
    }
}

/// Asks the store until it answers, for a while.
async fn kept<T>(desk: &Desk, what: &str, ask: impl Fn() -> Pending<T>) -> Option<T> {
    for _ in 0..TRIES {
        match ask().await {
            Ok(answer) => return Some(answer),
            Err(StoreError::Busy) => {}
            Err(error) => tracing::error!(batch = what, %error, "the state of a batch is not kept"),
        }
        sleep(Duration::from_secs(u64::from(!desk.is_ending()))).await;
    }
    None
}

/// Removes what is old, and folders that belong to no batch.
async fn sweep(desk: Arc<Desk>) {
    loop {
        if let Err(error) = swept(&desk).await {
            tracing::warn!(%error, "batches are not worked off");
        }
        if desk.ends_within(SWEEP).await {
            return;
        }
    }
}

async fn swept(desk: &Arc<Desk>) -> Result<(), StoreError> {
    for tenant in desk.store.tenants().await? {
        let days = keep_days(desk, &tenant).await?;
        let before = now() - i64::from(days) * DAY;
        let gone = desk.store.expire_batches(&tenant, before).await?;
        let folders: Vec<PathBuf> = gone.iter().map(|id| desk.batches.folder(id)).collect();
        let removed = spawn_blocking(move || folders.iter().for_each(|folder| remove(folder)));
        // Folders that stay are found below, the next time.
        let _ = removed.await;
    }
    let (of, patience) = (desk.batches.folder.clone(), desk.config.limits.upload_time);
    let listed = spawn_blocking(move || older(&of, patience * 2)).await;
    let ids = listed.unwrap_or_else(|_| Ok(Vec::new()));
    let ids = ids.map_err(|error| StoreError::Failure(error.to_string()))?;
    for part in ids.chunks(500) {
        let known = desk.store.known_batches(part.to_vec()).await?;
        for id in part.iter().filter(|id| !known.contains(id)) {
            let folder = desk.batches.folder(id);
            let _ = spawn_blocking(move || remove(&folder)).await;
        }
    }
    Ok(())
}

/// The folders whose last change is so long ago that no upload can still write into them.
fn older(of: &PathBuf, than: Duration) -> io::Result<Vec<String>> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(of)? {
        let entry = entry?;
        let about = entry.metadata()?;
        let age = about.modified()?.elapsed().unwrap_or_default();
        if about.is_dir() && age > than {
            ids.extend(entry.file_name().into_string());
        }
    }
    Ok(ids)
}

/// For how many days the ended batches of a tenant are kept: its own setting, else the
/// installation's.
///
/// # Errors
/// The store cannot be read.
pub async fn keep_days(desk: &Desk, tenant: &str) -> Result<u32, StoreError> {
    let own = desk.store.setting(tenant, KEEP_DAYS).await?;
    let own = own.and_then(|text| text.parse().ok());
    Ok(own.unwrap_or(desk.config.limits.batch_days))
}
