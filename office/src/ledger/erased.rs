//! Which persons were erased, and when: what the ledger has kept of their parcels is answered without
//! anything that tells of a person.
//!
//! An erasure leaves a line of the installation's own after it. Parcels that came before that line
//! are erased; parcels that come later of the same person are as any other.

use crate::ledger::forgotten::List;
use crate::ledger::{LedgerError, OWN_TENANT, OpenLedger, own_line};
use deminimis_store::{Erased, PersonKey};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The position up to which each erased person's parcels are erased.
pub type Erasures = HashMap<PersonKey, i64>;

/// The id of a tenant's erasure by its number. The tenant's own name could be too long for an id.
fn line(tenant: &str, number: u64) -> String {
    let tenant = Sha256::digest(tenant);
    let digits: String = tenant[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("erasure {digits} {number}")
}

impl OpenLedger {
    /// The tenant's erasures.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn erasures(&self) -> Result<Erasures, LedgerError> {
        let mut erasures = Erasures::new();
        for number in 1.. {
            let id = line(self.intake.tenant(), number);
            let kept = self.ledger.shipment(OWN_TENANT, &id).wait();
            let Some(kept) = kept.map_err(|error| self.failed(error))? else {
                break;
            };
            erasures.insert(kept.person, kept.position);
        }
        Ok(erasures)
    }

    /// Erases a person, also out of exports and backups that are taken in from now on.
    ///
    /// # Errors
    /// The ledger cannot be written, or the list of what was erased.
    pub fn erase(&self, person: PersonKey) -> Result<Erased, LedgerError> {
        let tenant = self.intake.tenant();
        let failed = |error| self.failed(error);
        let whose = self.person_of(person)?;
        // What cannot be listed is not destroyed: an older copy would bring it back.
        let list = List::open()?;
        let erased = self.ledger.erase(tenant, person).wait().map_err(failed)?;
        // Another program may erase at the same time and take the number: then the next is free.
        let first = 1 + self.erasures()?.len() as u64;
        for number in first.. {
            let request = own_line(&line(tenant, number), whose, [0; 32]);
            if self.ledger.submit(request).wait().map_err(failed)?.fresh {
                break;
            }
        }
        if let Some(list) = list {
            list.add(&self.ledger.erased(tenant).wait().map_err(failed)?)?;
        }
        Ok(erased)
    }

    /// Whether a parcel that the ledger has kept is of a person who was erased since.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn is_erased(
        &self,
        erasures: &Erasures,
        shipment_id: &str,
        position: i64,
    ) -> Result<bool, LedgerError> {
        if erasures.is_empty() {
            return Ok(false);
        }
        let kept = self.shipment(shipment_id)?;
        let until = kept.and_then(|kept| erasures.get(&kept.person).copied());
        Ok(until.is_some_and(|until| position < until))
    }
}
