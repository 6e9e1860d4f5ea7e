//! Every case that stands with the embedded law is met.

use deminimis_clearance::cases::{self, PersonRules};
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::Party;
use deminimis_law::Law;
use deminimis_person::matching::{self, Anchors, Row, link_day};
use deminimis_person::{Key, PartyText, Scratch};
use deminimis_tariff::Schedule;
use std::collections::HashMap;
use std::sync::Arc;

/// Cases tell persons apart by the exact rules, and link them as a file's are linked.
const RULES: PersonRules = PersonRules { mark, links };

fn key(texts: &Texts, party: Party, scratch: &mut Scratch) -> Option<Key> {
    let party = texts.party(party);
    let party = PartyText {
        name: party.name,
        street: party.street,
        city: party.city,
        state: party.state,
        postal_code: party.postal_code,
        country: party.country,
    };
    Key::of(&party, "party", None, scratch).ok()
}

fn mark(texts: &Texts, party: Party) -> u128 {
    let key = key(texts, party, &mut Scratch::default());
    key.map_or(0, |key| u128::from_le_bytes(key.0))
}

fn links(parties: &[(&Texts, Party)]) -> Vec<Vec<u32>> {
    let mut scratch = Scratch::default();
    let mut rows = Vec::new();
    let mut keys = Vec::new();
    for (texts, party) in parties {
        let key = key(texts, *party, &mut scratch);
        keys.push(key);
        let given = texts.party(*party);
        rows.extend(key.map(|key| matching::Party {
            key,
            anchors: Anchors::of(&scratch.last(), "", ""),
            row: Row {
                name: given.name.unwrap_or_default(),
                street: given.street.unwrap_or_default(),
                city: given.city.unwrap_or_default(),
                state: given.state.unwrap_or_default(),
                postal_code: given.postal_code.unwrap_or_default(),
                country: given.country.unwrap_or_default(),
                ..Row::default()
            },
        }));
    }
    let linked = link_day(&rows).unwrap();
    let linked_one = |key: Key| linked.iter().find(|one| one.key == key);
    let found = keys.iter().map(|key| key.and_then(linked_one));
    found
        .map(|one| one.map(|one| one.readings.clone()).unwrap_or_default())
        .collect()
}

#[test]
fn every_case_of_the_law_is_met() {
    let book = Arc::new(deminimis_law_us::rulebook().unwrap());
    let cases = deminimis_law_us::cases().unwrap();
    let tariff = Schedule::embedded();
    let mut laws = HashMap::new();
    let mut unmet = Vec::new();
    for case in &cases.cases {
        let known_at = case.known_at.map(|known| known.end());
        let law = laws
            .entry(known_at)
            .or_insert_with(|| Law::compile_hashed(&book, known_at, deminimis_law_us::HASH.into()));
        if let Err(error) = cases::run(law, tariff, case, &cases.models, RULES) {
            unmet.push(error.to_string());
        }
    }
    assert!(
        unmet.is_empty(),
        "{} of {} unmet:\n{}",
        unmet.len(),
        cases.cases.len(),
        unmet.join("\n")
    );
}
