//! A file that comes in: unpacked and written as it comes, within bounds, and queued when it is
//! whole. One that breaks off leaves nothing.

use super::room::{Full, Share, Taken};
use super::{INPUT, private_file, private_folder, remove};
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::places::Place;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Batch, BatchCounts, BatchKind, BatchState, TooMuch, Waiting};
use flate2::write::MultiGzDecoder;
use hyper::body::Bytes;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Parts that wait to be written.
const AHEAD: usize = 4;

/// What is to be done with a file.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What its sender calls it; messages and refusals name it so.
    pub name: String,
    /// What is done with it.
    pub kind: BatchKind,
    /// `csv`, `json` or `ndjson`; empty if the name and the first bytes are to tell.
    pub format: &'static str,
    /// The system whose export it is, or empty.
    pub preset: String,
    /// Whether columns that are not fields are passed over.
    pub ignore_unknown: bool,
}

/// A file that comes in. Dropped before its end, it leaves nothing.
pub struct Upload {
    desk: Arc<Desk>,
    batch_id: String,
    folder: Option<PathBuf>,
    parts: mpsc::Sender<Bytes>,
    written: JoinHandle<Result<(u64, Share), Problem>>,
    _place: Place,
}

impl Upload {
    /// Begins to take a file in.
    ///
    /// # Errors
    /// No place for it, or the data folder cannot be written.
    pub async fn begin(desk: &Arc<Desk>, tenant: &str) -> Result<Upload, Problem> {
        let place = desk.batches.uploads.enter(tenant)?;
        let share = room(desk, tenant).await?;
        let batch_id = secret()?[..24].to_owned();
        let folder = desk.batches.folder(&batch_id);
        let limits = desk.config.limits;
        let at = folder.clone();
        let make = move || -> io::Result<Taking> {
            private_folder(&at)?;
            let most = (limits.batch_bytes, limits.batch_unpacked);
            Taking::new(&at.join(INPUT), most, share)
        };
        let made = spawn_blocking(make).await.map_err(|error| failed(&error))?;
        let mut taking = made.map_err(|error| unwritten(&error))?;
        let (parts, mut coming) = mpsc::channel::<Bytes>(AHEAD);
        let write = move || {
            while let Some(part) = coming.blocking_recv() {
                taking.take(&part)?;
            }
            taking.end()
        };
        Ok(Upload {
            desk: Arc::clone(desk),
            batch_id,
            folder: Some(folder),
            parts,
            written: spawn_blocking(write),
            _place: place,
        })
    }

    /// Takes a part; whether more is wanted. Where it is not, the end tells why.
    pub async fn part(&self, part: Bytes) -> bool {
        self.parts.send(part).await.is_ok()
    }

    /// Queues the file, all of which is there.
    ///
    /// # Errors
    /// It is too large, damaged or empty; too many batches of the tenant wait; the store or the disk
    /// failed.
    pub async fn end(mut self, caller: &Caller, wanted: Wanted) -> Result<Batch, Problem> {
        let (closed, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.parts, closed));
        let written = (&mut self.written).await.map_err(|error| failed(&error))?;
        let (bytes, share) = written?;
        let batch = Batch {
            seq: 0,
            batch_id: self.batch_id.clone(),
            tenant: caller.tenant.clone(),
            name: wanted.name,
            kind: wanted.kind,
            format: wanted.format.to_owned(),
            preset: wanted.preset,
            ignore_unknown: wanted.ignore_unknown,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            state: BatchState::Queued,
            created_at: now(),
            started_at: None,
            ended_at: None,
            failure: String::new(),
            counts: BatchCounts::default(),
        };
        let desk = &self.desk;
        let line = desk.line(caller, "batch.send", &batch.batch_id);
        desk.store.audit(line).await?;
        let limits = &desk.config.limits;
        let bytes = |most: u64| i64::try_from(most).unwrap_or(i64::MAX);
        let most = Waiting {
            batches_of_tenant: limits.batches_waiting,
            bytes_of_tenant: bytes(limits.waiting_bytes_of_tenant),
            bytes: bytes(limits.waiting_bytes),
        };
        match desk.store.add_batch(&batch, most).await? {
            None => drop(share),
            Some(TooMuch::Batches) => {
                let most = limits.batches_waiting;
                let said = format!("{most} batches of this tenant wait already; send it later");
                return Err(Problem::new(Code::TooMany, said).after(60));
            }
            Some(TooMuch::BytesOfTenant) => return Err(desk.batches.files.full(true).into()),
            Some(TooMuch::Bytes) => return Err(desk.batches.files.full(false).into()),
        }
        self.folder = None;
        desk.batches.queued.notify_one();
        let kept = desk.store.batch(&caller.tenant, &batch.batch_id).await?;
        Ok(kept.unwrap_or(batch))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            remove(&folder);
        }
    }
}

/// The bytes that a file may have beside those that wait; nothing where there is no room for results
/// either, which would only be found out when it is worked off.
async fn room(desk: &Arc<Desk>, tenant: &str) -> Result<Share, Problem> {
    let ended = desk.store.ended_batches().await?;
    let (of, whose) = (Arc::clone(desk), tenant.to_owned());
    let counted = spawn_blocking(move || of.batches.result_bytes(&ended, &whose)).await;
    let kept = counted.map_err(|error| failed(&error))?;
    desk.batches.results.enter(tenant, kept)?;
    let (own, all) = desk.store.waiting_bytes(tenant).await?;
    let (own, all) = (own.unsigned_abs(), all.unsigned_abs());
    Ok(desk.batches.files.enter(tenant, Taken { own, all })?)
}

/// What is told of a disk that does not take a file.
fn unwritten(error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::StorageFull {
        tracing::error!(%error, "no room for batches");
        let said = "there is no room for the file on the desk's disk; who runs it must make some";
        return Problem::new(Code::Busy, said).after(60);
    }
    failed(error)
}

/// Where the bytes go.
enum To {
    /// Nothing came yet, or too little to tell.
    Open(Bounded),
    Plain(Bounded),
    Packed(Box<MultiGzDecoder<Bounded>>),
}

/// Takes bytes, unpacks them if they are gzip, and writes them.
struct Taking {
    to: Option<To>,
    /// Bytes that came before it could be told what they are.
    head: Vec<u8>,
    sent: u64,
    most: u64,
}

/// A file that takes so many bytes and no more.
struct Bounded {
    file: BufWriter<File>,
    written: u64,
    most: u64,
    share: Share,
}

/// The file is larger than is taken, unpacked.
#[derive(Debug, thiserror::Error)]
#[error("unpacked, the file is larger than {0} bytes")]
struct Bomb(u64);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written + bytes.len() as u64 > self.most {
            return Err(io::Error::other(Bomb(self.most)));
        }
        self.share
            .take(bytes.len() as u64)
            .map_err(io::Error::other)?;
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Taking {
    fn new(
        path: &std::path::Path,
        (most, unpacked): (u64, u64),
        share: Share,
    ) -> io::Result<Taking> {
        let file = BufWriter::with_capacity(256 << 10, private_file(path)?);
        let bounded = Bounded {
            file,
            written: 0,
            most: unpacked,
            share,
        };
        Ok(Taking {
            to: Some(To::Open(bounded)),
            head: Vec::new(),
            sent: 0,
            most,
        })
    }

    fn take(&mut self, part: &[u8]) -> Result<(), Problem> {
        self.sent += part.len() as u64;
        if self.sent > self.most {
            return Err(too_large(self.most));
        }
        if let Some(To::Open(_)) = &self.to {
            self.head.extend_from_slice(part);
            if self.head.len() < 2 {
                return Ok(());
            }
            return self.decide();
        }
        self.write(part)
    }

    /// Tells by the first bytes what the file is.
    fn decide(&mut self) -> Result<(), Problem> {
        self.to = match self.to.take() {
            Some(To::Open(file)) if self.head.starts_with(&[0x1f, 0x8b]) => {
                Some(To::Packed(Box::new(MultiGzDecoder::new(file))))
            }
            Some(To::Open(file)) => Some(To::Plain(file)),
            known => known,
        };
        let head = std::mem::take(&mut self.head);
        self.write(&head)
    }

    fn write(&mut self, part: &[u8]) -> Result<(), Problem> {
        let written = match &mut self.to {
            Some(To::Open(file) | To::Plain(file)) => file.write_all(part),
            Some(To::Packed(file)) => file.write_all(part),
            None => Ok(()),
        };
        written.map_err(|error| refused(&error))
    }

    /// Ends the file; how many bytes it has, unpacked, and its share of the room, which it keeps until
    /// the store knows of it.
    fn end(mut self) -> Result<(u64, Share), Problem> {
        self.decide()?;
        let empty = || Problem::new(Code::BadShipment, "the file is empty");
        let ended = match self.to.take() {
            Some(To::Packed(file)) => file.finish().map_err(|error| refused(&error))?,
            Some(To::Open(file) | To::Plain(file)) => file,
            None => return Err(empty()),
        };
        if ended.written == 0 {
            return Err(empty());
        }
        let unbuffered = ended.file.into_inner();
        let file = unbuffered.map_err(|error| unwritten(error.error()))?;
        // It is acknowledged when it is queued, and must be there after a crash.
        file.sync_all().map_err(|error| unwritten(&error))?;
        Ok((ended.written, ended.share))
    }
}

fn too_large(most: u64) -> Problem {
    let said = format!("the file may have {most} bytes as it is sent; send it in parts");
    Problem::new(Code::TooLarge, said)
}

fn refused(error: &io::Error) -> Problem {
    let inner = error.get_ref();
    if let Some(bomb) = inner.and_then(|inner| inner.downcast_ref::<Bomb>()) {
        return Problem::new(Code::TooLarge, format!("{bomb}; send it in parts"));
    }
    if let Some(full) = inner.and_then(|inner| inner.downcast_ref::<Full>()) {
        return full.clone().into();
    }
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            let said = "the file begins like gzip and does not unpack; pack it again";
            Problem::new(Code::BadShipment, said)
        }
        _ => unwritten(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batches::room::Room;
    use crate::config::Limits;
    use axum::http::StatusCode;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn share(limits: &Limits) -> Share {
        Room::for_files(limits)
            .enter("a", Taken::default())
            .unwrap()
    }

    /// What is written of a file, or the status of its refusal.
    fn taken(
        sent: &[u8],
        part: usize,
        (most, unpacked): (u64, u64),
    ) -> Result<Vec<u8>, StatusCode> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input");
        let share = share(&Limits::default());
        let mut taking = Taking::new(&path, (most, unpacked), share).unwrap();
        let mut parts = sent.chunks(part.max(1));
        let all = parts.try_for_each(|part| taking.take(part));
        all.and_then(|()| taking.end())
            .map_err(|problem| problem.status())?;
        Ok(std::fs::read(path).unwrap())
    }

    #[test]
    fn a_file_is_unpacked_by_its_first_bytes_however_it_is_cut() {
        let text = b"shipment_id,mode\nA,air\n".repeat(50);
        let twice = [packed(&text), packed(&text)].concat();
        for part in [1, 2, 3, 7, 4096] {
            assert_eq!(taken(&text, part, (1 << 20, 1 << 20)).unwrap(), text);
            let both = taken(&twice, part, (1 << 20, 1 << 20)).unwrap();
            assert_eq!(both, text.repeat(2), "in parts of {part}");
        }
        assert_eq!(taken(b"x", 1, (9, 9)).unwrap(), b"x");
    }

    #[test]
    fn a_bomb_ends_at_its_bound_and_not_on_the_disk() {
        let bomb = packed(&vec![b'a'; 8 << 20]);
        assert!(bomb.len() < 20_000);
        let refused = taken(&bomb, 4096, (1 << 20, 1 << 20)).unwrap_err();
        assert_eq!(refused, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(
            taken(&bomb, 4096, (1 << 20, 8 << 20)).unwrap().len(),
            8 << 20
        );
        let refused = taken(&[b'a'; 100], 10, (99, 1000)).unwrap_err();
        assert_eq!(refused, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(taken(&[b'a'; 100], 10, (100, 100)).unwrap().len(), 100);
    }

    #[test]
    fn a_file_stops_where_the_room_of_its_tenant_ends() {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits {
            waiting_bytes_of_tenant: 1 << 20,
            ..Limits::default()
        };
        let path = folder.path().join("input");
        let mut taking = Taking::new(&path, (9 << 20, 9 << 20), share(&limits)).unwrap();
        let bomb = packed(&vec![b'a'; 8 << 20]);
        let mut parts = bomb.chunks(512);
        let refused = parts.try_for_each(|part| taking.take(part)).unwrap_err();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(std::fs::metadata(path).unwrap().len() <= 1 << 20);
    }

    #[test]
    fn what_is_damaged_or_empty_is_refused() {
        let text = packed(b"shipment_id,mode\nA,air\n");
        for cut in 2..text.len() {
            let refused = taken(&text[..cut], 5, (999, 999));
            assert_eq!(
                refused,
                Err(StatusCode::UNPROCESSABLE_ENTITY),
                "cut at {cut}"
            );
        }
        let mut damaged = text.clone();
        damaged[15] ^= 0xff;
        assert_eq!(
            taken(&damaged, 5, (999, 999)),
            Err(StatusCode::UNPROCESSABLE_ENTITY)
        );
        for empty in [Vec::new(), packed(b"")] {
            assert!(taken(&empty, 5, (9, 9)).is_err());
        }
    }
}
