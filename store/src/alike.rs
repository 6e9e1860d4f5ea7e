//! Persons who may be one although their keys differ: by what each is looked for, and what those of a
//! reading have on a day together. It is told beside the day and decides nothing.

use crate::engine::Work;
use crate::error::{Refused, StoreError};
use crate::records::keys::BlockingKey;
use crate::rows::DayKey;
use crate::types::{DayHolds, PersonKey, SLOTS};

/// The most keys, and the most persons in all readings, that one request names: each of the persons
/// is locked and loaded with its day.
const MOST_KEYS: usize = 16;
pub(crate) const MOST_PERSONS: usize = 1_024;

/// Whom the person of a request may be. Who they are is for the caller to find, with
/// [`Ledger::alike_on`](crate::Ledger::alike_on); what they have is read with the request's own day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// Keyed hashes by which the person is found from now on. They are kept in the commit of the
    /// request.
    pub keys: Vec<BlockingKey>,
    /// Readings of the day: in each those who may be one with the person of the request. None if
    /// nobody is alike, or nobody was compared.
    pub readings: Vec<Vec<PersonKey>>,
}

/// What others have on a day who may be the person of the request: the most over the readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// What entered each total, in cents.
    pub counted_cents: [i64; SLOTS],
    /// All parcels, in cents.
    pub all_cents: i64,
}

impl Together {
    fn add(&mut self, holds: &DayHolds) {
        for (sum, held) in self.counted_cents.iter_mut().zip(&holds.counted) {
            *sum = sum.saturating_add(held.total_cents);
        }
        self.all_cents = self.all_cents.saturating_add(holds.all.total_cents);
    }

    fn most(&mut self, other: &Together) {
        for (sum, held) in self.counted_cents.iter_mut().zip(&other.counted_cents) {
            *sum = (*sum).max(*held);
        }
        self.all_cents = self.all_cents.max(other.all_cents);
    }
}

impl Alike {
    /// All whom the readings name.
    pub(crate) fn persons(&self) -> impl Iterator<Item = PersonKey> {
        self.readings.iter().flatten().copied()
    }

    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let persons: usize = self.readings.iter().map(Vec::len).sum();
        match self.keys.len() <= MOST_KEYS && persons <= MOST_PERSONS {
            true => Ok(()),
            false => Err(Refused::TooManyAlike.into()),
        }
    }

    /// What the others have, given who is whose by now and what each holds. Nothing where all of them
    /// are the person itself.
    pub(crate) fn together(
        &self,
        own: PersonKey,
        whose: impl Fn(PersonKey) -> PersonKey,
        holds: impl Fn(PersonKey) -> DayHolds,
    ) -> Option<Together> {
        let mut most: Option<Together> = None;
        for reading in &self.readings {
            let others = reading.iter().map(|person| whose(*person));
            let mut others: Vec<PersonKey> = others.filter(|person| *person != own).collect();
            others.sort_unstable();
            others.dedup();
            if others.is_empty() {
                continue;
            }
            let mut sum = Together::default();
            for other in others {
                sum.add(&holds(other));
            }
            most.get_or_insert_default().most(&sum);
        }
        most
    }
}

impl Work {
    /// What those who may be a parcel's person have on its day.
    pub(crate) fn together(&self, of: &DayKey, alike: &Alike) -> Option<Together> {
        let whose = |person| self.aliases.of(&of.tenant, person);
        let holds = |person| {
            let row = self.days.get(&DayKey {
                person,
                ..of.clone()
            });
            row.copied().unwrap_or_default().holds
        };
        alike.together(of.person, whose, holds)
    }
}
