//! Tells persons apart by the exact rules of `deminimis-person`.

use crate::read::Reject;
use deminimis_clearance::day::party_of;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::Party;
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_law::names::PersonBasis;
use deminimis_law::time::Day;
use deminimis_person::{Key, PartyText, Scratch};

/// One word for every party: a store and its consignee line are the same person.
pub const PARTY_KIND: &str = "party";

/// Keys of persons, with reusable buffers.
#[derive(Default)]
pub struct Persons {
    scratch: Scratch,
}

impl Persons {
    /// The person of a parcel; `None` where the bill does not say who it is.
    pub fn of(&mut self, texts: &Texts, person: PersonBasis) -> Option<Key> {
        self.key(&texts.party(party_of(person)))
    }

    /// The person a refused row was for, with the day.
    pub fn of_reject(&mut self, reject: &Reject) -> Option<(Key, Day)> {
        let consignee = reject.consignee.as_ref()?;
        let party = PartyText {
            name: consignee.name.as_deref(),
            street: consignee.street.as_deref(),
            city: consignee.city.as_deref(),
            state: consignee.state.as_deref(),
            postal_code: consignee.postal_code.as_deref(),
            country: consignee.country.as_deref(),
        };
        Key::of(&party, PARTY_KIND, None, &mut self.scratch)
            .ok()
            .zip(consignee.day)
    }

    fn key(&mut self, party: &PartyRef<'_>) -> Option<Key> {
        let party = PartyText {
            name: party.name,
            street: party.street,
            city: party.city,
            state: party.state,
            postal_code: party.postal_code,
            country: party.country,
        };
        Key::of(&party, PARTY_KIND, None, &mut self.scratch).ok()
    }
}

/// The mark by which the cases of the law tell persons apart: the same rules.
#[must_use]
pub fn mark(texts: &Texts, party: Party) -> u128 {
    let key = Persons::default().key(&texts.party(party));
    key.map_or(0, |key| u128::from_le_bytes(key.0))
}
