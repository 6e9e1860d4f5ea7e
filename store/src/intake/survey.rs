//! The ledger looked through from its first line: how many parcels stand where, by tenant.
//!
//! Only what the ledger's lines say is used, so it is the same on every store, and it costs a
//! reading of all of them.

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::types::{Entry, Kind, PersonKey, State};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many lines are asked for at once.
const PAGE: u32 = 10_000;

/// What a tenant's ledger holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Parcels that have their place.
    pub reserved: u64,
    /// Parcels released.
    pub posted: u64,
    /// Parcels that gave up their place.
    pub voided: u64,
    /// Persons with a parcel that is not voided.
    pub persons: u64,
    /// Persons' days with a parcel that is not voided.
    pub days: u64,
    /// Of those, the days with a parcel that is only reserved.
    pub open_days: u64,
    /// Lines of the ledger.
    pub lines: u64,
}

/// What a ledger holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// By tenant.
    pub tenants: BTreeMap<String, Tally>,
    /// The position of the last line, 0 if there is none.
    pub last_position: i64,
}

fn each(ledger: &dyn Ledger, mut tell: impl FnMut(Entry)) -> Result<i64, StoreError> {
    let mut last = 0;
    loop {
        let page = ledger.entries(last, PAGE).wait()?;
        let Some(end) = page.last() else {
            return Ok(last);
        };
        last = end.position;
        page.into_iter().for_each(&mut tell);
    }
}

/// Counts what a ledger holds.
///
/// # Errors
/// [`StoreError::Failure`] if it cannot be read.
pub fn survey(ledger: &dyn Ledger) -> Result<Survey, StoreError> {
    type Parcels = HashMap<String, (PersonKey, i32, State)>;
    let mut tenants: BTreeMap<String, (Parcels, u64)> = BTreeMap::new();
    let last_position = each(ledger, |entry| {
        let (parcels, lines) = tenants.entry(entry.tenant).or_default();
        *lines += 1;
        let before = parcels.get(&entry.shipment_id).map(|before| before.2);
        let state = match (entry.kind, before) {
            (Kind::Post, _) => State::Posted,
            (Kind::Void, _) => State::Voided,
            (_, before) => before.unwrap_or(State::Reserved),
        };
        // Of the two lines of a move the one that puts comes last.
        let stands = (entry.person, entry.arrival.day, state);
        parcels.insert(entry.shipment_id, stands);
    })?;
    let count = |(tenant, (parcels, lines)): (String, (Parcels, u64))| {
        let mut tally = Tally {
            lines,
            ..Tally::default()
        };
        let (mut persons, mut days, mut open) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (person, day, state) in parcels.into_values() {
            match state {
                State::Reserved => tally.reserved += 1,
                State::Posted => tally.posted += 1,
                State::Voided => tally.voided += 1,
            }
            if state != State::Voided {
                persons.insert(person);
                days.insert((person, day));
            }
            if state == State::Reserved {
                open.insert((person, day));
            }
        }
        tally.persons = persons.len() as u64;
        tally.days = days.len() as u64;
        tally.open_days = open.len() as u64;
        (tenant, tally)
    };
    Ok(Survey {
        tenants: tenants.into_iter().map(count).collect(),
        last_position,
    })
}
