//! The list of parcels, kept up with the ledger.
//!
//! It is read off the ledger when somebody looks for a parcel, and not written when one is entered:
//! so it has what the command line and batches entered too, and an entry costs nothing for it.

use crate::api::shipments::kept_decision;
use crate::problem::Problem;
use crate::state::Desk;
use deminimis_law::money::Cents;
use deminimis_office::ledger::{OWN_TENANT, state_word};
use deminimis_store::Kept;
use deminimis_store::desk::Listed;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lines of the ledger that are read at once.
const PAGE: u32 = 1000;
/// Lines before the last one that are read again: where several programs write, a line can become
/// visible after one with a higher place.
const AGAIN: i64 = 2048;
/// Parcels that are asked for at once.
const AT_ONCE: usize = 64;
/// How long one look may take the list further.
const TIME: Duration = Duration::from_secs(3);

/// The places of lines that are in the list already, among those that are read again.
#[derive(Default)]
pub struct Index(Mutex<BTreeSet<i64>>);

/// What the list has of a decision.
#[derive(Deserialize)]
struct Decided {
    outcome: String,
    entry_path: String,
    owed: Option<Owed>,
}

#[derive(Deserialize)]
struct Owed {
    total_usd: Option<String>,
}

impl Desk {
    /// Takes what the ledger has since into the list; whether all of it is in the list now. Waits
    /// for databases.
    ///
    /// # Errors
    /// The ledger or the store cannot be used.
    pub fn take_in(&self) -> Result<bool, Problem> {
        let begun = Instant::now();
        let ledger = &self.ledger("default").ledger;
        let mut taken = self.index.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sure = self.store.parcels_read().wait()?;
        let mut after = sure;
        loop {
            let lines = ledger.entries(after, PAGE).wait()?;
            let Some(last) = lines.last().map(|line| line.position) else {
                return Ok(true);
            };
            let new = lines.iter().filter(|line| line.tenant != OWN_TENANT);
            let new = new.filter(|line| !taken.contains(&line.position));
            let new: BTreeSet<_> = new
                .map(|line| (&*line.tenant, &*line.shipment_id))
                .collect();
            let mut parcels = Vec::with_capacity(new.len());
            for some in new.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
                let asked = some.iter().map(|(tenant, id)| ledger.shipment(tenant, id));
                let asked: Vec<_> = asked.collect();
                for ((tenant, id), asked) in some.iter().zip(asked) {
                    parcels.extend(asked.wait()?.map(|kept| listed(tenant, id, &kept)));
                }
            }
            let to = sure.max(last.saturating_sub(AGAIN));
            if !parcels.is_empty() || to > sure {
                self.store.list_parcels(parcels, to).wait()?;
            }
            taken.extend(lines.iter().map(|line| line.position));
            *taken = taken.split_off(&to);
            (sure, after) = (to, last);
            if lines.len() < PAGE as usize {
                return Ok(true);
            }
            if begun.elapsed() > TIME {
                return Ok(false);
            }
        }
    }
}

/// A parcel as the list has it. One whose answer does not read is there all the same.
fn listed(tenant: &str, id: &str, kept: &Kept) -> Listed {
    let decided = kept_decision(&kept.answer).and_then(|text| {
        let read: Option<Decided> = serde_json::from_slice(&text).ok();
        read
    });
    let owed = decided.as_ref().and_then(|decided| decided.owed.as_ref());
    let owed = owed.and_then(|owed| Cents::parse(owed.total_usd.as_deref()?).ok());
    let (outcome, entry_path) = match decided {
        Some(decided) => (decided.outcome, decided.entry_path),
        None => ("unreadable".to_owned(), String::new()),
    };
    Listed {
        tenant: tenant.to_owned(),
        shipment_id: id.to_owned(),
        position: kept.position,
        day: kept.arrival.day,
        state: state_word(kept.state).to_owned(),
        outcome,
        entry_path,
        owed_cents: owed.map(|cents| cents.0),
    }
}
