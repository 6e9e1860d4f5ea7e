//! The disk that batches take: bounded, over all and for each tenant, also while they are written.
//!
//! What is there already the store and the folders tell; what is being written is counted here, so
//! that several that grow at once do not together grow over the bound.

use crate::config::Limits;
use crate::problem::{Code, Problem};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of one kind.
pub struct Room {
    /// What is told of where there is none, and what helps.
    words: (&'static str, &'static str),
    /// The most of all tenants together.
    all: u64,
    /// The most of one tenant.
    of_tenant: u64,
    /// What each tenant is writing; who writes nothing is not here.
    written: Mutex<HashMap<String, u64>>,
}

/// The bytes of one who writes, given back when he ends: then the store or his folder tells them.
pub struct Share {
    room: Arc<Room>,
    tenant: String,
    /// What was there before: this tenant's, and everybody's.
    before: Taken,
    own: AtomicU64,
}

/// A file whose bytes are of a share.
pub struct Within<'a> {
    /// The file.
    pub file: File,
    /// The share.
    pub share: &'a Share,
}

impl Write for Within<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.share
            .take(bytes.len() as u64)
            .map_err(io::Error::other)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Bytes of a tenant, and of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Of the tenant.
    pub own: u64,
    /// Of all tenants.
    pub all: u64,
}

/// There is no room.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Full {
    is_own: bool,
    said: String,
}

impl From<Full> for Problem {
    fn from(full: Full) -> Problem {
        let code = if full.is_own {
            Code::TooMany
        } else {
            Code::Busy
        };
        Problem::new(code, full.said).after(60)
    }
}

impl Room {
    /// For files that wait for their turn or are worked on.
    #[must_use]
    pub fn for_files(limits: &Limits) -> Arc<Room> {
        let words = (
            "the files that wait",
            "wait until some are worked off, or delete batches",
        );
        Room::new(words, limits.waiting_bytes, limits.waiting_bytes_of_tenant)
    }

    /// For results.
    #[must_use]
    pub fn for_results(limits: &Limits) -> Arc<Room> {
        let words = (
            "the results that are kept",
            "take results and delete their batches",
        );
        Room::new(words, limits.result_bytes, limits.result_bytes_of_tenant)
    }

    fn new(words: (&'static str, &'static str), all: u64, of_tenant: u64) -> Arc<Room> {
        Arc::new(Room {
            words,
            all,
            of_tenant,
            written: Mutex::default(),
        })
    }

    /// Begins to write, beside what is there.
    ///
    /// # Errors
    /// There is no room already.
    pub fn enter(self: &Arc<Room>, tenant: &str, before: Taken) -> Result<Share, Full> {
        let share = Share {
            room: Arc::clone(self),
            tenant: tenant.to_owned(),
            before,
            own: AtomicU64::new(0),
        };
        share.take(0)?;
        Ok(share)
    }

    /// What is said where there is no room of the tenant's own, or of all.
    #[must_use]
    pub fn full(&self, is_own: bool) -> Full {
        let (what, helps) = self.words;
        let (whose, most) = match is_own {
            true => ("of this tenant", self.of_tenant),
            false => ("of all tenants", self.all),
        };
        let said = format!("{what} {whose} may have {most} bytes together; {helps}");
        Full { is_own, said }
    }
}

impl Share {
    /// Takes so many bytes more.
    ///
    /// # Errors
    /// There is no room for them.
    pub fn take(&self, bytes: u64) -> Result<(), Full> {
        let room = &self.room;
        let mut written = room.written.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u64 = written.values().sum();
        let own = written.get(&self.tenant).copied().unwrap_or_default();
        // Where the bound is reached nobody begins, though nothing would be the last drop.
        let more = bytes.max(1);
        if self.before.own.saturating_add(own).saturating_add(more) > room.of_tenant {
            return Err(room.full(true));
        }
        if self.before.all.saturating_add(all).saturating_add(more) > room.all {
            return Err(room.full(false));
        }
        if bytes > 0 {
            *written.entry(self.tenant.clone()).or_default() += bytes;
            self.own.fetch_add(bytes, Relaxed);
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let written = self.room.written.lock();
        let mut written = written.unwrap_or_else(PoisonError::into_inner);
        if let Some(all) = written.get_mut(&self.tenant) {
            *all -= self.own.load(Relaxed);
            if *all == 0 {
                written.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    fn status<T>(taken: Result<T, Full>) -> StatusCode {
        taken.map_or_else(|full| Problem::from(full).status(), |_| StatusCode::OK)
    }

    #[test]
    fn who_writes_counts_beside_what_is_there_and_gives_it_back() {
        let room = Room::new(("files", "wait"), 100, 60);
        let there = Taken { own: 20, all: 30 };
        let one = room.enter("a", there).unwrap();
        let two = room.enter("a", there).unwrap();
        one.take(25).unwrap();
        assert_eq!(status(two.take(16)), StatusCode::TOO_MANY_REQUESTS);
        two.take(15).unwrap();
        // Another tenant has room of its own, up to what all may have.
        let other = room.enter("b", Taken { own: 0, all: 30 }).unwrap();
        assert_eq!(status(other.take(31)), StatusCode::SERVICE_UNAVAILABLE);
        other.take(30).unwrap();
        assert_eq!(
            status(room.enter("c", Taken { own: 0, all: 30 })),
            StatusCode::SERVICE_UNAVAILABLE
        );
        drop((one, two));
        other.take(30).unwrap();
        drop(other);
        assert!(room.written.lock().unwrap().is_empty());
        let full = Taken { own: 60, all: 60 };
        assert_eq!(status(room.enter("a", full)), StatusCode::TOO_MANY_REQUESTS);
    }
}
