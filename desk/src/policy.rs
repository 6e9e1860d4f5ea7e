//! The house's own rules for parcels that are entered over the desk, such as at most one parcel of a
//! person on one day. They are no law: a decision stands as it is, what was broken is told beside it,
//! and the parcel is held on the board until a person lets it go.
//!
//! A day is counted as the ledger counted it when the parcel was entered, which is kept with the
//! answer: the same request is judged alike whenever it comes again, and holds once.

use crate::api::work::waiting;
use crate::problem::{Problem, failed};
use crate::settings::OfTenant;
use crate::state::Desk;
use crate::tracking::reckon;
use deminimis_law::money::Cents;
use deminimis_office::ledger::{Answer, now};
use deminimis_store::desk::TrackEvent;
use deminimis_store::intake::{Parcel, filled};
use deminimis_store::{Content, KeptRecord, Receipt};
use serde::Serialize;

/// The hold's name on the board.
pub const HOLD: &str = "house-policy";
/// Who holds.
pub const SOURCE: &str = "house";
/// The one event of a parcel; no sender's own begins so.
pub const EVENT: &str = "house policy";

/// Rules of a house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The most parcels of one person on one day.
    pub shipments_a_day: Option<u32>,
    /// The most that one person imports on one day.
    pub value_a_day: Option<Cents>,
    /// When one of them was set last: what was entered before is not judged by it.
    pub since: i64,
}

/// A rule of the house that a parcel broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The setting: `shipments_a_day` or `value_a_day_usd`.
    pub rule: &'static str,
    /// What the house allows.
    pub limit: String,
    /// What the day has with this parcel.
    pub found: String,
}

impl Policy {
    /// Whether the house has no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shipments_a_day.is_none() && self.value_a_day.is_none()
    }

    /// What a parcel breaks whose person has so many parcels of such a value on its day, itself
    /// included.
    #[must_use]
    pub fn judge(&self, shipments: Option<u32>, value: Option<Cents>) -> Vec<Broken> {
        let mut broken = Vec::new();
        if let (Some(limit), Some(found)) = (self.shipments_a_day, shipments)
            && found > limit
        {
            broken.push(Broken {
                rule: "shipments_a_day",
                limit: limit.to_string(),
                found: found.to_string(),
            });
        }
        if let (Some(limit), Some(found)) = (self.value_a_day, value)
            && found > limit
        {
            broken.push(Broken {
                rule: "value_a_day_usd",
                limit: limit.to_string(),
                found: found.to_string(),
            });
        }
        broken
    }
}

/// What was broken, in the words of the board.
fn words(broken: &[Broken]) -> String {
    let one = |one: &Broken| match one.rule {
        "shipments_a_day" => format!(
            "{} parcels of this person on this day, the house allows {}",
            one.found, one.limit
        ),
        _ => format!(
            "${} of this person on this day, the house allows ${}",
            one.found, one.limit
        ),
    };
    broken.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What stands beside the answer of a parcel that was entered: the fields that were filled in, and
/// the rules of the house that it broke, for which it is held from now on. JSON without braces.
///
/// # Errors
/// The store or the ledger cannot be used.
pub async fn beside(
    desk: &Desk,
    (house, tenant): (&OfTenant, &str),
    parcel: &Parcel,
    receipt: &Receipt,
    judged: Vec<Broken>,
) -> Result<String, Problem> {
    let id = &parcel.shipment.id;
    // What is answered again was filled in and judged then.
    let (filled, decided_at) = match receipt.fresh {
        true => (parcel.filled(), Some(now())),
        false => first_record(desk, tenant, id).await?,
    };
    let mut parts = Vec::new();
    if !filled.is_empty() {
        let names = serde_json::to_string(&filled).map_err(|error| failed(&error))?;
        parts.push(format!("\"filled\":{names}"));
    }
    let known = match receipt.fresh {
        true => None,
        false => desk.store.broken_policy(tenant, id).await?,
    };
    let applies = || decided_at.is_some_and(|at| receipt.fresh || house.policy.since <= at);
    let broken = match known {
        Some(known) => known,
        None if judged.is_empty() || !applies() => String::new(),
        None => hold(desk, (tenant, id), &judged, decided_at).await?,
    };
    if !broken.is_empty() {
        parts.push(format!("\"house_policy\":{broken}"));
    }
    Ok(parts.join(","))
}

/// What the house's rules say of an answer of the ledger.
#[must_use]
pub fn judged(policy: &Policy, answer: &Answer<'_>) -> Vec<Broken> {
    match policy.is_empty() {
        true => Vec::new(),
        false => policy.judge(answer.shipments_that_day(), answer.value_that_day()),
    }
}

/// Holds a parcel from when it was decided on: who released it later has released it.
async fn hold(
    desk: &Desk,
    (tenant, id): (&str, &str),
    judged: &[Broken],
    decided_at: Option<i64>,
) -> Result<String, Problem> {
    let broken = serde_json::to_string(judged).map_err(|error| failed(&error))?;
    let event = TrackEvent {
        event_id: EVENT.to_owned(),
        kind: "hold".to_owned(),
        at: decided_at.unwrap_or_else(now),
        received_at: now(),
        source: SOURCE.to_owned(),
        place: None,
        warehouse: None,
        crossing: None,
        hold: Some(HOLD.to_owned()),
        meets: None,
        note: Some(words(judged)),
    };
    let held = desk
        .store
        .hold_by_policy(tenant, id, &broken, event, reckon);
    Ok(held.await?)
}

/// What the parcel's claim has kept: the fields that were filled in, and when it was decided.
async fn first_record(
    desk: &Desk,
    tenant: &str,
    id: &str,
) -> Result<(Vec<String>, Option<i64>), Problem> {
    let (ledger, id) = (desk.ledger(tenant), id.to_owned());
    let records = waiting(move || Ok(ledger.records_of(&id)?)).await?;
    let first = records.first();
    Ok((
        first.map(filled).unwrap_or_default(),
        first.and_then(decided_at),
    ))
}

fn decided_at(record: &KeptRecord) -> Option<i64> {
    let field = record
        .fields
        .iter()
        .find(|field| field.path == "decided_at")?;
    match &field.content {
        Content::Value(value) => str::from_utf8(value).ok()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_a_limit_is_broken_and_what_reaches_it_is_not() {
        let policy = Policy {
            shipments_a_day: Some(1),
            value_a_day: Some(Cents(80_000)),
            since: 0,
        };
        assert_eq!(policy.judge(Some(1), Some(Cents(80_000))), []);
        // What is not known breaks nothing.
        assert_eq!(policy.judge(None, None), []);
        let broken = policy.judge(Some(2), Some(Cents(80_001)));
        assert_eq!(broken.len(), 2);
        assert_eq!(
            words(&broken),
            "2 parcels of this person on this day, the house allows 1; $800.01 of this person on this \
             day, the house allows $800.00"
        );
        assert!(Policy::default().is_empty());
    }
}
