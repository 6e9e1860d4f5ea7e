//! What a human says of persons: two keys are one, or parcels are another's.

use crate::ledger::told::{holds_json, person_word};
use crate::ledger::{LedgerError, OpenLedger, Over, RunError, find_again, over_limit};
use crate::setup::Setup;
use deminimis_law::time::Day;
use deminimis_store::{Affected, Pending, PersonKey, PersonsEvent, Receipt, Refused, StoreError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What came of an act on persons.
pub struct Changed {
    /// Whether it was done now.
    pub fresh: bool,
    /// Its place in the ledger.
    pub position: i64,
    /// The days that changed.
    pub affected: Vec<Affected>,
    /// Those over a limit now, and not before.
    pub over: Vec<Over>,
    /// Who has the parcels now.
    pub to: PersonKey,
    /// Keys of which the ledger has no parcel: mistyped, or meant for later parcels.
    pub unknown: Vec<String>,
}

impl OpenLedger {
    /// The event of an act on persons, told from another by its id; `said` is what the act says.
    #[must_use]
    pub fn persons_event(&self, event_id: String, said: &[&str]) -> PersonsEvent {
        let mut hash = Sha256::new();
        for part in said {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        PersonsEvent {
            tenant: self.intake.tenant().to_owned(),
            event_id,
            body_hash: hash.finalize().into(),
        }
    }

    /// The keys of which the ledger has no parcel. Such a key may be meant for later parcels; more
    /// often it is mistyped, and the ledger cannot tell.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn unknown_keys(&self, keys: &[(&str, PersonKey)]) -> Result<Vec<String>, LedgerError> {
        let mut unknown = Vec::new();
        for (text, key) in keys {
            if self.person_of(*key)? == *key && self.parcels(*key, None)?.is_empty() {
                unknown.push((*text).to_owned());
            }
        }
        Ok(unknown)
    }

    /// What came of an act by which `to` has parcels, or why the ledger refuses it.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn changed(
        &self,
        setup: &Setup,
        (to, unknown): (PersonKey, Vec<String>),
        pending: Pending<Receipt>,
    ) -> Result<Result<Changed, Refused>, LedgerError> {
        let receipt = match pending.wait() {
            Ok(receipt) => receipt,
            Err(StoreError::Refused(reason)) => return Ok(Err(reason)),
            Err(error) => return Err(self.failed(error)),
        };
        let affected = receipt.affected().map_err(|error| self.failed(error))?;
        Ok(Ok(Changed {
            fresh: receipt.fresh,
            position: receipt.position,
            over: over_limit(self, setup, &affected)?,
            affected,
            to: self.person_of(to)?,
            unknown,
        }))
    }
}

impl OpenLedger {
    /// Gives parcels to another person, and keeps anew by what those who had and have them are found.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn split_parcels(
        &self,
        setup: &Setup,
        event: PersonsEvent,
        ids: &[String],
        (to, unknown): (PersonKey, Vec<String>),
    ) -> Result<Result<Changed, Refused>, RunError> {
        // A voided parcel changes no day, and its person is left as well.
        let mut left = BTreeSet::from([to]);
        for id in ids {
            left.extend(self.shipment(id)?.map(|kept| kept.person));
        }
        let split = self.ledger.split(event, ids.to_vec(), to);
        let changed = self.changed(setup, (to, unknown), split)?;
        if changed.is_ok() {
            for person in left {
                find_again(self, setup, person)?;
            }
        }
        Ok(changed)
    }
}

impl Changed {
    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let day = |one: &Affected| {
            json!({ "ledger_person": person_word(one.person), "day": Day(one.day).to_string(),
                "before": holds_json(&one.before), "after": holds_json(&one.after) })
        };
        let over = |one: &Over| {
            json!({ "day": one.day.to_string(), "basis": one.basis.as_str(),
                "total_usd": one.total.to_string(), "limit_usd": one.limit.to_string(),
                "shipment_ids": one.shipment_ids })
        };
        json!({ "fresh": self.fresh, "position": self.position,
            "ledger_person": person_word(self.to),
            "days": self.affected.iter().map(day).collect::<Vec<_>>(),
            "unknown_keys": self.unknown,
            "over_limit": self.over.iter().map(over).collect::<Vec<_>>() })
    }
}
