//! What the ledger holds, as it is told to programs: parcels as they stand, and what days hold.

use crate::ledger::over::{OfParcel, limits};
use crate::ledger::{LedgerError, OpenLedger};
use crate::setup::Setup;
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_store::{DayHolds, PersonKey, Standing, State, Sum};
use serde_json::{Value, json};

/// The name of a state, as events call it.
#[must_use]
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Reserved => "reserved",
        State::Posted => "posted",
        State::Voided => "voided",
    }
}

/// Bytes as digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A person as the ledger knows him, in digits.
#[must_use]
pub fn person_word(key: PersonKey) -> String {
    hex(&key.0)
}

/// The basis whose total a slot holds.
#[must_use]
pub fn basis_word(slot: usize) -> Option<&'static str> {
    Basis::ALL.get(slot).map(|basis| basis.as_str())
}

/// A parcel as it stands.
#[must_use]
pub fn parcel_json(one: &Standing) -> Value {
    json!({
        "shipment_id": one.shipment_id,
        "state": state_word(one.state),
        "day": Day(one.arrival.day).to_string(),
        "value_usd": Cents(one.posting.value_cents).to_string(),
        "counted": one.posting.counted.and_then(|slot| basis_word(slot.place())),
        "needs_person": one.posting.undecided.is_some(),
        "position": one.position,
    })
}

/// A day's totals: of each basis, of all, and of what is not decided.
#[must_use]
pub fn holds_json(holds: &DayHolds) -> Value {
    let counted = |(slot, sum): (usize, &Sum)| {
        let basis = basis_word(slot).filter(|_| sum.shipments > 0)?;
        let total = Cents(sum.total_cents).to_string();
        Some(
            json!({ "basis": basis, "shipments": sum.shipments, "total_usd": total,
            "crossed": holds.crossed[slot] > 0 }),
        )
    };
    let counted = holds.counted.iter().enumerate().filter_map(counted);
    json!({
        "shipments": holds.all.shipments,
        "all_usd": Cents(holds.all.total_cents).to_string(),
        "counted": counted.collect::<Vec<_>>(),
        "crossed": (0..Basis::ALL.len()).filter(|slot| holds.crossed[*slot] > 0)
            .filter_map(basis_word).collect::<Vec<_>>(),
        "needs_person": holds.undecided.shipments,
    })
}

/// A person as the ledger has him.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who has the parcels.
    pub person: PersonKey,
    /// Whether the key that was asked for was merged into another.
    pub merged: bool,
}

/// Which of a person's days are told, and how much of each.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// The first.
    pub from: Option<Day>,
    /// The last.
    pub until: Option<Day>,
    /// With the parcels, and the limits of the law of the day.
    pub parcels: bool,
    /// No further day is begun once so many parcels are told; a day is told whole.
    pub most: usize,
}

impl OpenLedger {
    /// The person whose parcels those of a key are.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn found(&self, key: Key) -> Result<Found, LedgerError> {
        let key = self.intake.ledger_person(key);
        let person = self.person_of(key)?;
        Ok(Found {
            person,
            merged: person != key,
        })
    }

    /// What a day of a person holds.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn holds(&self, person: PersonKey, day: i32) -> Result<DayHolds, LedgerError> {
        let holds = self.ledger.day(self.intake.tenant(), person, day).wait();
        holds.map_err(|error| self.failed(error))
    }

    /// A person's parcels by day, each day with what it holds.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn days(&self, person: PersonKey) -> Result<Vec<(DayHolds, Vec<Standing>)>, LedgerError> {
        let parcels = self.parcels(person, None)?;
        let days = parcels.chunk_by(|a, b| a.arrival.day == b.arrival.day);
        days.map(|day| Ok((self.holds(person, day[0].arrival.day)?, day.to_vec())))
            .collect()
    }

    /// A person's days from first to last; where they are too many, `next_from` is the day with
    /// which to go on.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn days_json(
        &self,
        setup: &Setup,
        found: Found,
        asked: Days,
    ) -> Result<Value, LedgerError> {
        let mut parcels = self.parcels(found.person, None)?;
        parcels.retain(|one| {
            let day = Day(one.arrival.day);
            asked.from.is_none_or(|from| from <= day)
                && asked.until.is_none_or(|until| day <= until)
        });
        let (mut days, mut told, mut next_from) = (Vec::new(), 0, None);
        for of_day in parcels.chunk_by(|a, b| a.arrival.day == b.arrival.day) {
            let day = of_day[0].arrival.day;
            if told >= asked.most {
                next_from = Some(Day(day).to_string());
                break;
            }
            told += of_day.len();
            let mut one = holds_json(&self.holds(found.person, day)?);
            one["day"] = Day(day).to_string().into();
            if asked.parcels {
                one["limits"] = self.limits_json(setup, of_day)?;
                one["parcels"] = of_day.iter().map(parcel_json).collect();
            }
            days.push(one);
        }
        Ok(json!({ "merged": found.merged, "days": days, "next_from": next_from }))
    }

    /// The least limit of each basis among the standing parcels of a day, under the law in hand.
    fn limits_json(&self, setup: &Setup, of_day: &[Standing]) -> Result<Value, LedgerError> {
        let standing = of_day.iter().filter(|one| one.state != State::Voided);
        let limits = limits(self, setup, standing.map(|one| &one.shipment_id))?;
        let least = Basis::ALL.iter().enumerate().filter_map(|(slot, basis)| {
            let of_basis = |of: &Vec<OfParcel>| of.get(slot)?.limit;
            let least = limits.values().filter_map(of_basis).min()?;
            Some(json!({ "basis": basis.as_str(), "limit_usd": least.to_string() }))
        });
        Ok(least.collect())
    }
}
