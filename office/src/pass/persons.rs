//! Tells persons apart by the exact rules of `deminimis-person`.

use crate::read::Reject;
use deminimis_clearance::cases::PersonRules;
use deminimis_clearance::day::party_of;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::Party;
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_law::names::PersonBasis;
use deminimis_law::time::Day;
use deminimis_person::matching::{self, Anchors, Row, link_day};
use deminimis_person::{Key, Normalised, PartyText, Scratch};

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

    /// The party that was asked for last, as it was compared.
    #[must_use]
    pub fn compared(&self) -> Normalised<'_> {
        self.scratch.last()
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

/// How the cases of the law tell persons apart and link them: by the same rules.
pub const PERSON_RULES_OF_CASES: PersonRules = PersonRules { mark, links };

fn mark(texts: &Texts, party: Party) -> u128 {
    let key = Persons::default().key(&texts.party(party));
    key.map_or(0, |key| u128::from_le_bytes(key.0))
}

/// The readings of each party that may be another of them.
fn links(parties: &[(&Texts, Party)]) -> Vec<Vec<u32>> {
    let mut persons = Persons::default();
    let given: Vec<_> = parties
        .iter()
        .map(|(texts, party)| {
            let given = texts.party(*party);
            let key = persons.key(&given)?;
            Some(comparable(key, &given, &persons.compared()))
        })
        .collect();
    let known: Vec<matching::Party<'_>> = given.iter().copied().flatten().collect();
    // A case has few parcels: more than can be compared it cannot have.
    let linked = link_day(&known).unwrap_or_default();
    let readings = |one: &matching::Party<'_>| {
        let linked = linked.iter().find(|linked| linked.key == one.key);
        linked.map(|linked| linked.readings.clone())
    };
    given
        .iter()
        .map(|one| one.as_ref().and_then(readings).unwrap_or_default())
        .collect()
}

/// A party as it is compared with others of its day.
pub fn comparable<'t>(
    key: Key,
    given: &PartyRef<'t>,
    compared: &Normalised<'_>,
) -> matching::Party<'t> {
    let text = |part: Option<&'t str>| part.unwrap_or_default();
    let (email, phone) = (text(given.email), text(given.phone));
    matching::Party {
        key,
        anchors: Anchors::of(compared, email, phone),
        row: Row {
            id: "",
            name: text(given.name),
            street: text(given.street),
            city: text(given.city),
            state: text(given.state),
            postal_code: text(given.postal_code),
            country: text(given.country),
            email,
            phone,
        },
    }
}
