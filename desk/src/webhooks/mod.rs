//! Webhooks: who wants to know is told of what happened, signed, again and again until it is taken.
//!
//! What is to be told is written in the transaction of what it tells of (the store's outbox), or
//! follows the ledger line by line; what is told is ids and states, no personal data. A webhook's
//! address is chosen by a user and reached from our network, so the place on the network is looked
//! at when its name is resolved, and the connection goes to that very place.

pub mod address;
pub mod send;
pub mod sign;
mod work;

pub use work::begin;

use crate::problem::{Problem, failed};
use crate::state::Desk;
use deminimis_office::ledger::now;
use deminimis_store::StoreError;
use deminimis_store::desk::Event;
use serde_json::{Value, json};

/// A batch has ended, well or not.
pub const BATCH_FINISHED: &str = "batch.finished";
/// A parcel has its place in the ledger.
pub const SHIPMENT_ENTERED: &str = "shipment.entered";
/// All events.
pub const EVENTS: [&str; 2] = [BATCH_FINISHED, SHIPMENT_ENTERED];

/// The most webhooks of a tenant.
pub const MOST: u32 = 20;

/// The waits between tries, in seconds: the tenth try comes about a day after the first.
const WAITS: [i64; 9] = [10, 60, 300, 900, 3_600, 7_200, 14_400, 21_600, 36_000];

/// An event of now. `event_id` is the same whenever the same thing is told; `data` is ids and states,
/// no personal data. To be handed to the store with what it tells of.
#[must_use]
pub fn event(event_id: String, name: &str, data: &Value) -> Event {
    let at = now();
    let body = json!({"type": name, "timestamp": at, "data": data}).to_string();
    Event {
        event_id,
        name: name.to_owned(),
        body,
        at,
    }
}

/// How many seconds to wait after a try that failed; nothing after the last. `chance` is any number:
/// a fifth is added or taken by it, so that not all come back at once.
#[must_use]
pub fn wait(tries: i64, chance: u32) -> Option<i64> {
    let at = usize::try_from(tries.checked_sub(1)?).ok()?;
    let wait = WAITS.get(at)?;
    let spread = wait * 2 / 5;
    Some(wait - spread / 2 + i64::from(chance) * spread / i64::from(u32::MAX))
}

/// Seals a webhook's secret under the installation's keys.
///
/// # Errors
/// No random bytes.
pub fn sealed(desk: &Desk, webhook_id: &str, secret: &[u8]) -> Result<Vec<u8>, Problem> {
    let ledger = desk.ledger("default");
    let sealed = ledger.keys.installation.seal_for_desk(webhook_id, secret);
    sealed.map_err(|error| failed(&error))
}

/// Opens it.
fn opened(desk: &Desk, webhook_id: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let ledger = desk.ledger("default");
    ledger.keys.installation.open_for_desk(webhook_id, sealed)
}

/// The last line of the ledger, found by asking what comes after a place.
///
/// # Errors
/// The ledger cannot be read.
pub async fn last_line(desk: &Desk) -> Result<i64, StoreError> {
    let ledger = desk.ledger("default");
    let any_after = async |place: i64| {
        let next = ledger.ledger.entries(place, 1).await?;
        Ok::<_, StoreError>(next.first().map(|entry| entry.position))
    };
    // Something comes after `from`; nothing after `to`.
    let (mut from, mut step) = (0, 1);
    while let Some(next) = any_after(from).await? {
        from = next.saturating_add(step);
        step = step.saturating_mul(2);
    }
    let (mut low, mut high) = (0, from);
    while low < high {
        let middle = low + (high - low) / 2;
        match any_after(middle).await? {
            Some(next) => low = next,
            None => high = middle,
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_take_about_a_day() {
        let longest: i64 = (1..10).map(|tries| wait(tries, u32::MAX).unwrap()).sum();
        let shortest: i64 = (1..10).map(|tries| wait(tries, 0).unwrap()).sum();
        assert!((17 * 3600..20 * 3600).contains(&shortest), "{shortest}");
        assert!((26 * 3600..30 * 3600).contains(&longest), "{longest}");
        assert_eq!((wait(10, 0), wait(0, 0), wait(-1, 0)), (None, None, None));
        for tries in 1..9 {
            assert!(wait(tries, u32::MAX) < wait(tries + 1, 0).map(|next| next * 2));
        }
    }
}
