//! A ledger that is thrown away, in which parcels are assessed again or tried out: what is asked of
//! it is asked of the same code as a ledger that stays.

use crate::ledger::{LedgerError, OpenLedger};
use deminimis_store::{Entry, Ledger, Pending, Receipt, Request, Sqlite, StoreError};
use std::collections::VecDeque;
use tempfile::TempDir;

/// How many requests are on their way at most: less than a store lets wait.
const WINDOW: usize = 2048;
/// How many lines of the ledger are asked for at once.
const PAGE: u32 = 10_000;
/// What messages call it.
const PLACE: &str = "the temporary ledger";

/// A ledger in a temporary folder, and the receipts that are awaited from it, each with what is to
/// be done with it.
pub struct Shadow<T> {
    /// The ledger; dropped before its folder.
    pub ledger: Sqlite,
    waiting: VecDeque<(Pending<Receipt>, T)>,
    _folder: TempDir,
}

impl<T> Shadow<T> {
    /// An empty one.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub fn new() -> Result<Shadow<T>, LedgerError> {
        let folder = tempfile::tempdir().map_err(|error| LedgerError::File {
            path: std::env::temp_dir(),
            error,
        })?;
        let ledger = Sqlite::open(&folder.path().join("ledger.sqlite")).map_err(failed)?;
        Ok(Shadow {
            ledger,
            waiting: VecDeque::new(),
            _folder: folder,
        })
    }

    /// Sends a request, and gives a receipt that has come meanwhile.
    pub fn send(
        &mut self,
        request: Request,
        about: T,
    ) -> Option<(Result<Receipt, LedgerError>, T)> {
        let due = (self.waiting.len() >= WINDOW).then(|| self.next());
        let pending = self.ledger.submit(request);
        self.waiting.push_back((pending, about));
        due.flatten()
    }

    /// The next receipt that is awaited.
    pub fn next(&mut self) -> Option<(Result<Receipt, LedgerError>, T)> {
        let (pending, about) = self.waiting.pop_front()?;
        Some((pending.wait().map_err(failed), about))
    }
}

fn failed(error: StoreError) -> LedgerError {
    LedgerError::Store {
        place: PLACE.to_owned(),
        error,
    }
}

/// The lines of the desk's tenant in their order.
///
/// # Errors
/// The ledger cannot be read, or `tell` says so.
pub fn each_line<E: From<LedgerError>>(
    desk: &OpenLedger,
    mut tell: impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut last = 0;
    loop {
        let page = desk.ledger.entries(last, PAGE).wait();
        let page = page.map_err(|error| desk.failed(error))?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        last = end.position;
        let ours = |line: &Entry| line.tenant == desk.intake.tenant();
        for line in page.into_iter().filter(ours) {
            tell(line)?;
        }
    }
}
