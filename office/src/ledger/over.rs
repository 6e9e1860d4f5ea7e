//! Days that hold more than a limit since persons were merged or split.
//!
//! Each answer on such a day was lawful when it was given and stands; a human must know of the day.
//! The limits are those of the law at hand for the parcels on the day, read again from their
//! records.

use crate::ledger::{LedgerError, OpenLedger, builder};
use crate::setup::Setup;
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_store::intake::recall;
use deminimis_store::{Affected, PersonKey, State};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A day over a limit.
pub struct Over {
    /// The day.
    pub day: Day,
    /// Whose total it is.
    pub basis: Basis,
    /// What the day holds.
    pub total: Cents,
    /// The limit.
    pub limit: Cents,
    /// The parcels on the day.
    pub shipment_ids: Vec<String>,
}

/// The days of these whose totals are over a limit now and were not before.
///
/// # Errors
/// The ledger cannot be read.
pub fn over_limit(
    desk: &OpenLedger,
    setup: &Setup,
    affected: &[Affected],
) -> Result<Vec<Over>, LedgerError> {
    let mut days: BTreeMap<(PersonKey, i32), Vec<String>> = BTreeMap::new();
    for one in affected {
        let parcels = desk.parcels(one.person, Some(one.day))?;
        let standing = parcels.into_iter().filter(|one| one.state != State::Voided);
        let ids = standing.map(|one| one.shipment_id).collect();
        days.insert((one.person, one.day), ids);
    }
    let limits = limits(desk, setup, days.values().flatten())?;
    let mut over = Vec::new();
    for one in affected {
        let Some(ids) = days.get(&(one.person, one.day)) else {
            continue;
        };
        for (place, basis) in Basis::ALL.iter().enumerate() {
            let of_basis = |id: &String| limits.get(id)?.get(place)?.limit;
            let Some(limit) = ids.iter().filter_map(of_basis).min() else {
                continue;
            };
            let total = |holds: &deminimis_store::DayHolds| Cents(holds.counted[place].total_cents);
            if total(&one.after) > limit && total(&one.before) <= limit {
                over.push(Over {
                    day: Day(one.day),
                    basis: *basis,
                    total: total(&one.after),
                    limit,
                    shipment_ids: ids.clone(),
                });
            }
        }
    }
    Ok(over)
}

/// What one basis is to a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfParcel {
    /// The limit of the day, where a rule in force says one.
    pub limit: Option<Cents>,
    /// Whether the parcel can use the basis at all, whatever the day holds.
    pub open: bool,
}

/// What each basis is to each parcel, of those whose record can be read.
pub(super) fn limits<'a>(
    desk: &OpenLedger,
    setup: &Setup,
    ids: impl Iterator<Item = &'a String>,
) -> Result<HashMap<String, Vec<OfParcel>>, LedgerError> {
    let ids: BTreeSet<&String> = ids.collect();
    let mut limits = HashMap::new();
    for id in ids {
        let Some(record) = desk.records_of(id)?.pop() else {
            continue;
        };
        let recalled = recall(&record, &mut builder(setup));
        let parcel = recalled.and_then(|one| desk.intake.take_kept(&one, |_| None));
        // Of an erased parcel nothing is known; another one of the day tells the limit.
        if let Ok(parcel) = parcel {
            let of_parcel = Basis::ALL.iter().map(|basis| OfParcel {
                limit: parcel.limit(*basis),
                open: parcel.is_open(*basis),
            });
            limits.insert(id.clone(), of_parcel.collect());
        }
    }
    Ok(limits)
}
