//! By what a person is known: the names and addresses under which parcels came, the keys that the exact
//! rules make of them, and which of these a human gave to the person.
//!
//! All of it is personal. It is read from the records of parcels, so that of erased ones nothing is
//! known.

use crate::ledger::{LedgerError, OpenLedger, builder, person_key};
use crate::pass::Persons;
use crate::setup::Setup;
use deminimis_clearance::day::party_of;
use deminimis_clearance::shipment::Texts;
use deminimis_law::names::PersonBasis;
use deminimis_person::{Key, PERSON_RULES};
use deminimis_store::intake::recall;
use deminimis_store::{PersonKey, Standing};
use serde_json::{Value, json};

/// As many parcels are looked at for the key of a person.
const MOST_FOR_A_KEY: usize = 16;

/// A field of a party by the contract's name, with its text.
type Part = (&'static str, String);

/// A name and address under which parcels came.
pub struct Spelling {
    /// Which party of the parcels it is.
    pub basis: String,
    /// The party as it was sent.
    pub given: Vec<Part>,
    /// What the exact rules compare of it.
    pub compared: Vec<Part>,
    /// How many parcels, of those that were looked at.
    pub parcels: usize,
    /// The last of them.
    pub shipment_id: String,
}

/// Why parcels of a key are the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It is the person's own key.
    Own,
    /// A human said that the key is this person's.
    Merged,
    /// A human gave these parcels to the person, and not the key.
    Given,
}

impl Because {
    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Because::Own => "own",
            Because::Merged => "merged",
            Because::Given => "given",
        }
    }
}

/// A key by the exact rules under which parcels came.
pub struct OfKey {
    /// The key.
    pub key: Key,
    /// Why they are the person's.
    pub because: Because,
    /// How many parcels, of those that were looked at.
    pub parcels: usize,
    /// Its names and addresses, those of most parcels first.
    pub spellings: Vec<Spelling>,
}

/// By what a person is known.
pub struct Identity {
    /// The keys, those of most parcels first.
    pub keys: Vec<OfKey>,
    /// How many parcels were looked at: the last ones.
    pub looked_at: usize,
    /// How many the person has.
    pub parcels: usize,
    /// How many of those looked at do not read any more: erased, expired or sealed.
    pub unread: usize,
}

impl OpenLedger {
    /// By what a person is known, from the last `most` parcels.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn identity(
        &self,
        setup: &Setup,
        person: PersonKey,
        most: usize,
    ) -> Result<Identity, LedgerError> {
        let parcels = self.parcels(person, None)?;
        let last = &parcels[parcels.len().saturating_sub(most)..];
        let mut identity = Identity {
            keys: Vec::new(),
            looked_at: last.len(),
            parcels: parcels.len(),
            unread: 0,
        };
        let mut persons = Persons::default();
        for one in last.iter().rev() {
            match self.spelling(setup, one, &mut persons)? {
                Some((key, spelling)) => identity.add(self, person, key, spelling)?,
                None => identity.unread += 1,
            }
        }
        identity
            .keys
            .sort_by_key(|one| (std::cmp::Reverse(one.parcels), one.key));
        for one in &mut identity.keys {
            one.spellings
                .sort_by_key(|one| std::cmp::Reverse(one.parcels));
        }
        Ok(identity)
    }

    fn spelling(
        &self,
        setup: &Setup,
        one: &Standing,
        persons: &mut Persons,
    ) -> Result<Option<(Key, Spelling)>, LedgerError> {
        let Some(record) = self.records_of(&one.shipment_id)?.pop() else {
            return Ok(None);
        };
        let key = person_key(&record).and_then(Key::parse);
        let recalled = recall(&record, &mut builder(setup)).ok();
        let read = key.zip(recalled).and_then(|(key, recalled)| {
            let basis = PersonBasis::parse(&recalled.basis)?;
            Some((key, recalled.texts, basis))
        });
        Ok(read.map(|(key, texts, basis)| {
            let (given, compared) = parts(&texts, basis, persons);
            let spelling = Spelling {
                basis: basis.as_str().to_owned(),
                given,
                compared,
                parcels: 1,
                shipment_id: one.shipment_id.clone(),
            };
            (key, spelling)
        }))
    }
}

impl OpenLedger {
    /// A key by the exact rules that leads to a person, as parcels of that person have it: the person's
    /// own, else one that was merged into it. The ledger keeps hashes alone.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn key_of(
        &self,
        person: PersonKey,
        parcels: &[Standing],
    ) -> Result<Option<Key>, LedgerError> {
        let mut merged = None;
        for one in parcels.iter().take(MOST_FOR_A_KEY) {
            let records = self.records_of(&one.shipment_id)?;
            let Some(key) = records.first().and_then(person_key).and_then(Key::parse) else {
                continue;
            };
            let own = self.intake.ledger_person(key);
            if own == person {
                return Ok(Some(key));
            }
            if merged.is_none() && self.person_of(own)? == person {
                merged = Some(key);
            }
        }
        Ok(merged)
    }

    /// The key by which the person of a parcel is found. It is that of the parcel's first record, unless
    /// a human gave the parcel to somebody else.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn key_of_parcel(
        &self,
        shipment_id: &str,
        person: PersonKey,
    ) -> Result<Option<Key>, LedgerError> {
        let records = self.records_of(shipment_id)?;
        if let Some(key) = records.first().and_then(person_key).and_then(Key::parse)
            && self.person_of(self.intake.ledger_person(key))? == person
        {
            return Ok(Some(key));
        }
        let parcels = self.parcels(person, None)?;
        self.key_of(person, &parcels)
    }
}

/// A party as it was sent, and what the exact rules compare of it.
fn parts(texts: &Texts, basis: PersonBasis, persons: &mut Persons) -> (Vec<Part>, Vec<Part>) {
    let given = texts.party(party_of(basis));
    persons.of(texts, basis);
    let compared = persons.compared();
    let given = [
        ("name", given.name),
        ("care_of", given.care_of),
        ("street", given.street),
        ("city", given.city),
        ("state", given.state),
        ("postal_code", given.postal_code),
        ("country", given.country),
        ("email", given.email),
        ("phone", given.phone),
    ];
    let compared = [
        ("name", compared.name),
        ("street", compared.street),
        ("city", compared.city),
        ("state", compared.state),
        ("postal_code", compared.postal_code),
        ("country", compared.country),
    ];
    let given = given.into_iter();
    let given = given.filter_map(|(name, text)| Some((name, text?.to_owned())));
    let compared = compared.into_iter().filter(|(_, text)| !text.is_empty());
    let compared = compared.map(|(name, text)| (name, text.to_owned()));
    (given.collect(), compared.collect())
}

impl Identity {
    fn add(
        &mut self,
        desk: &OpenLedger,
        person: PersonKey,
        key: Key,
        spelling: Spelling,
    ) -> Result<(), LedgerError> {
        let known = self.keys.iter_mut().find(|one| one.key == key);
        let Some(known) = known else {
            let own = desk.intake.ledger_person(key);
            let because = match own == person {
                true => Because::Own,
                false if desk.person_of(own)? == person => Because::Merged,
                false => Because::Given,
            };
            self.keys.push(OfKey {
                key,
                because,
                parcels: 1,
                spellings: vec![spelling],
            });
            return Ok(());
        };
        known.parcels += 1;
        let same = known
            .spellings
            .iter_mut()
            .find(|one| (&one.basis, &one.given) == (&spelling.basis, &spelling.given));
        match same {
            Some(same) => same.parcels += 1,
            None => known.spellings.push(spelling),
        }
        Ok(())
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let object = |parts: &[Part]| -> Value {
            let parts = parts.iter();
            parts
                .map(|(name, text)| ((*name).to_owned(), Value::from(text.as_str())))
                .collect()
        };
        let spelling = |one: &Spelling| {
            json!({ "basis": one.basis, "given": object(&one.given),
                "compared": object(&one.compared), "parcels": one.parcels,
                "last_shipment_id": one.shipment_id })
        };
        let key = |one: &OfKey| {
            json!({ "key": one.key.to_string(), "because": one.because.as_str(),
                "parcels": one.parcels,
                "spellings": one.spellings.iter().map(spelling).collect::<Vec<_>>() })
        };
        json!({ "person_rules": PERSON_RULES, "keys": self.keys.iter().map(key).collect::<Vec<_>>(),
            "looked_at": self.looked_at, "parcels": self.parcels, "unread": self.unread })
    }
}
