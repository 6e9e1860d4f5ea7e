//! Every case that stands with the embedded law is met.

use deminimis_clearance::cases;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::Party;
use deminimis_law::Law;
use deminimis_person::{Key, PartyText, Scratch};
use deminimis_tariff::Schedule;
use std::collections::HashMap;
use std::sync::Arc;

/// Cases tell persons apart by the exact rules.
fn mark(texts: &Texts, party: Party) -> u128 {
    let party = texts.party(party);
    let party = PartyText {
        name: party.name,
        street: party.street,
        city: party.city,
        state: party.state,
        postal_code: party.postal_code,
        country: party.country,
    };
    let key = Key::of(&party, "party", None, &mut Scratch::default());
    key.map_or(0, |key| u128::from_le_bytes(key.0))
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
        if let Err(error) = cases::run(law, tariff, case, &cases.models, mark) {
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
