//! What the desk keeps besides the ledger: who may come in, what was asked and done, and settings.
//!
//! One text of SQL serves SQLite and PostgreSQL; moments are seconds of UTC since 1970. On SQLite it
//! is a file of its own, so that nobody who looks something up waits for the ledger's writer; on
//! PostgreSQL a schema of its own (`desk`) in the ledger's database.

mod accounts;
mod batches;
mod entries;
mod parcels;
mod postgres;
mod settings;
mod sql;
mod sqlite;
mod tracking;
mod trail;
mod types;
mod webhooks;

pub use accounts::Login;
pub use batches::{Batch, BatchCounts, BatchKind, BatchState, TooMuch, Waiting};
pub use entries::{Allotted, NumberWanted};
pub use parcels::{Listed, Wanted};
pub use settings::Setting;
pub use tracking::{Board, DayCount, Due, Noted, Reckon, StateCount, Track, TrackEvent};
pub use types::{ApiKey, AuditLine, Invitation, Invited, Role, Seen, Session, User};
pub use webhooks::{Delivery, DeliveryState, Event, Webhook};

use crate::error::StoreError;
use crate::migrate::Migration;
use crate::pending::Pending;
use sql::{Lane, Sql, Task};
use std::fmt;
use std::path::Path;

const MIGRATIONS: [Migration; 8] = [
    Migration {
        number: 1,
        sql: include_str!("../../migrations/desk/0001-accounts.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("../../migrations/desk/0002-tracking.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("../../migrations/desk/0003-batches.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("../../migrations/desk/0004-parcels.sql"),
    },
    Migration {
        number: 5,
        sql: include_str!("../../migrations/desk/0005-webhooks.sql"),
    },
    Migration {
        number: 6,
        sql: include_str!("../../migrations/desk/0006-settings.sql"),
    },
    Migration {
        number: 7,
        sql: include_str!("../../migrations/desk/0007-entry-numbers.sql"),
    },
    Migration {
        number: 8,
        sql: include_str!("../../migrations/desk/0008-lists.sql"),
    },
];

/// What the desk keeps.
pub struct DeskStore(Backend);

enum Backend {
    Sqlite(sqlite::Store),
    Postgres(postgres::Store),
}

impl fmt::Debug for DeskStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.0 {
            Backend::Sqlite(_) => "DeskStore(SQLite)",
            Backend::Postgres(_) => "DeskStore(PostgreSQL)",
        })
    }
}

impl DeskStore {
    /// Opens a file, makes it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] and [`StoreError::OtherMigration`] for the file of another
    /// program, [`StoreError::Failure`] if it cannot be used.
    pub fn open_sqlite(path: &Path) -> Result<DeskStore, StoreError> {
        sqlite::Store::open(path).map(|store| DeskStore(Backend::Sqlite(store)))
    }

    /// Connects to a database and brings its schema `desk` up to date.
    ///
    /// # Errors
    /// As for [`DeskStore::open_sqlite`].
    pub fn open_postgres(config: &str) -> Result<DeskStore, StoreError> {
        postgres::Store::open(config).map(|store| DeskStore(Backend::Postgres(store)))
    }

    /// Copies all into a new file while others use it. PostgreSQL has its own programs for that.
    ///
    /// # Errors
    /// [`StoreError::Refused`] on PostgreSQL or where there is such a file.
    pub fn backup(&self, to: &Path) -> Pending<()> {
        match &self.0 {
            Backend::Sqlite(store) => store.backup(to),
            Backend::Postgres(_) => Pending::ready(Err(crate::Refused::Elsewhere(
                "a PostgreSQL database is backed up by pg_dump",
            )
            .into())),
        }
    }

    /// Changes something: `act` runs in a transaction, again if that must be repeated. The answer is
    /// there when the change is durable.
    fn write<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        self.run(Lane::Write, act)
    }

    /// Reads something, all of it as of one moment.
    fn read<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        self.run(Lane::Read, act)
    }

    /// Reads what every request needs first, which waits for no list and no search.
    fn look<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        self.run(Lane::Look, act)
    }

    fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        act: impl FnMut(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        let (answer, pending) = Pending::new();
        let task = Box::new(Task::new(act, answer));
        match &self.0 {
            Backend::Sqlite(store) => store.run(lane, task),
            Backend::Postgres(store) => store.run(lane, task),
        }
        pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Barrier, mpsc};
    use std::time::Duration;

    /// A store whose readers are all at work, until the barrier is passed.
    fn busy(folder: &Path) -> (DeskStore, Arc<Barrier>, Vec<Pending<()>>) {
        let store = DeskStore::open_sqlite(&folder.join("desk.sqlite")).unwrap();
        let barrier = Arc::new(Barrier::new(sqlite::READERS + 1));
        let works = (0..sqlite::READERS).map(|_| {
            let barrier = Arc::clone(&barrier);
            store.read(move |_| {
                barrier.wait();
                Ok(())
            })
        });
        let works = works.collect();
        (store, barrier, works)
    }

    #[test]
    fn keys_and_sessions_do_not_wait_for_lists() {
        let folder = tempfile::tempdir().unwrap();
        let (store, barrier, works) = busy(folder.path());
        let (tell, told) = mpsc::channel();
        let store = Arc::new(store);
        let asking = Arc::clone(&store);
        std::thread::spawn(move || {
            let found = asking.key(&[1; 32]).wait().unwrap();
            let session = asking.session(&[1; 32], 0).wait().unwrap();
            tell.send((found, session)).unwrap();
        });
        let answered = told.recv_timeout(Duration::from_secs(20));
        barrier.wait();
        assert_eq!(answered.unwrap(), (None, None));
        works.into_iter().for_each(|work| work.wait().unwrap());
    }

    #[test]
    fn what_nobody_waits_for_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (store, barrier, works) = busy(folder.path());
        let read = Arc::new(AtomicU32::new(0));
        let one = || {
            let read = Arc::clone(&read);
            store.read(move |_| Ok(read.fetch_add(1, Ordering::Relaxed)))
        };
        (0..50).for_each(|_| drop(one()));
        let last = one();
        barrier.wait();
        assert_eq!(last.wait().unwrap(), 0);
        works.into_iter().for_each(|work| work.wait().unwrap());
        // What changes something is done all the same: it may have been told of already.
        drop(store.add_tenant("a", 1));
        assert!(!store.add_tenant("a", 1).wait().unwrap());
    }
}
