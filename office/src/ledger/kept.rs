//! What the ledger has kept of parcels, read again.

use crate::ledger::{LedgerError, OpenLedger};
use crate::setup::Setup;
use deminimis_clearance::shipment::Builder;
use deminimis_store::intake::{Lost, Recalled, recall};
use deminimis_store::{Content, KeptRecord, StoreError};

/// How many lines of the record log are asked for at once.
const PAGE: u32 = 1000;

/// The records of a tenant in the order of the log, a page at a time.
pub struct Records<'a> {
    desk: &'a OpenLedger,
    size: i64,
    next: i64,
}

impl<'a> Records<'a> {
    /// All of a tenant's records that are in the log now. The whole log is checked before.
    ///
    /// # Errors
    /// The ledger cannot be read, or its log is damaged.
    pub fn of(desk: &'a OpenLedger) -> Result<Records<'a>, LedgerError> {
        let audit = desk.ledger.verify_records().wait();
        let audit = audit.map_err(|error| desk.failed(error))?;
        // Nothing is built on a record that is not as it was written.
        if let Some(found) = audit.found.first() {
            return Err(desk.failed(StoreError::Damaged(found.seq)));
        }
        let size = i64::try_from(audit.lines).unwrap_or(i64::MAX);
        Ok(Records {
            desk,
            size,
            next: 0,
        })
    }

    /// The next page that has any; nothing after the last.
    ///
    /// # Errors
    /// The ledger cannot be read, or a line is not as it was written.
    pub fn page(&mut self) -> Result<Option<Vec<KeptRecord>>, LedgerError> {
        while self.next < self.size {
            let (tenant, after) = (self.desk.intake.tenant(), self.next);
            self.next += i64::from(PAGE);
            let page = self.desk.ledger.records(tenant, after, PAGE).wait();
            let page = page.map_err(|error| self.desk.failed(error))?;
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}

impl OpenLedger {
    /// The parcel as its latest record has it; nothing if there is no record of it.
    ///
    /// # Errors
    /// The ledger cannot be read, or a record of the parcel is not as it was written.
    pub fn latest(
        &self,
        setup: &Setup,
        shipment_id: &str,
    ) -> Result<Option<Result<Recalled, Lost>>, LedgerError> {
        let latest = self.records_of(shipment_id)?.pop();
        Ok(latest.map(|record| recall(&record, &mut builder(setup))))
    }
}

/// The person's key by the exact rules that a record has; nothing if it has none any more.
#[must_use]
pub fn person_key(record: &KeptRecord) -> Option<&str> {
    let field = record
        .fields
        .iter()
        .find(|field| field.path == "person.key")?;
    match &field.content {
        Content::Value(value) => str::from_utf8(value).ok(),
        _ => None,
    }
}

/// What reads fields of parcels under a law.
#[must_use]
pub fn builder(setup: &Setup) -> Builder<'_> {
    Builder::new(&setup.book.facts, setup.law.zone(), &setup.ports)
}

/// Why a parcel cannot be read again, in words.
#[must_use]
pub fn lost_words(lost: &Lost) -> String {
    match lost {
        Lost::Erased => "its person was erased".to_owned(),
        Lost::Expired => "it was kept as long as the law wants".to_owned(),
        Lost::Sealed => "it is sealed, and the key is not at hand".to_owned(),
        Lost::Unread(what) => format!("its record does not read: {what}"),
    }
}
