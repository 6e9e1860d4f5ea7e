//! Real parcels for tests of the intake: read from fields as files are, assessed by the embedded
//! law, and answered as one line of JSON.

#![allow(
    dead_code,
    reason = "each test program is compiled with all of it and uses a part"
)]

use deminimis_clearance::basis::Limits;
use deminimis_clearance::day::{DayRecord, day_record, party_of, walk};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::render::{Known, render};
use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Builder, FieldId, Shipment, Texts};
use deminimis_clearance::{Books, DayContext, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_law::names::PersonBasis;
use deminimis_person::{Key, PartyText};
use deminimis_store::intake::{Assessed, Clerk, Intake, Parcel, Said, Secret};
use deminimis_tariff::Schedule;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let book = Arc::new(deminimis_law_us::rulebook().expect("the embedded law reads"));
    Law::compile_hashed(&book, None, deminimis_law_us::HASH.into())
});
static RATES: LazyLock<Rates> = LazyLock::new(Rates::default);

pub fn books() -> Books<'static> {
    Books {
        law: &LAW,
        tariff: Schedule::embedded(),
        rates: &RATES,
    }
}

/// Answers with the contract's decision as JSON.
pub struct JsonClerk;

impl Clerk for JsonClerk {
    fn books(&self) -> Books<'_> {
        books()
    }

    fn answer(&self, assessed: &Assessed<'_>, spare: &mut Scratch, out: &mut Vec<u8>) {
        let known = Known {
            person_rules: "exact-1",
            engine: "test",
            ..Known::default()
        };
        let Assessed {
            books,
            shipment,
            day,
            decision,
        } = assessed;
        let rendered = render(*books, shipment, day, decision, known, spare);
        serde_json::to_writer(out, &rendered).expect("memory takes it");
    }
}

/// The field values of one parcel, those of the line last.
pub type Fields = Vec<(&'static str, String)>;

/// Reads a parcel as the readers of files do.
pub fn read(fields: &Fields) -> (Shipment, Texts) {
    let ports = PortZones::default();
    let facts = &LAW.book().facts;
    let mut builder = Builder::new(facts, LAW.zone(), &ports);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut filling = builder.begin(&mut shipment, &mut texts);
    for (name, value) in fields {
        let field = FieldId::named(name).expect("a field of the contract");
        let read = filling.set(field, 0, value);
        read.unwrap_or_else(|bad| panic!("{bad}"));
    }
    filling.finish().unwrap_or_else(|bad| panic!("{bad}"));
    (shipment, texts)
}

/// A parcel to one person, plain in all else.
pub fn fields(id: &str, person: &str, arrives_at: &str, value: &str) -> Fields {
    vec![
        ("shipment_id", id.to_owned()),
        ("mode", "air".to_owned()),
        ("arrives_at", arrives_at.to_owned()),
        ("country_of_shipment", "VN".to_owned()),
        ("consignee_name", person.to_owned()),
        ("consignee_street", "1 Oak St".to_owned()),
        ("consignee_city", "Austin".to_owned()),
        ("consignee_state", "TX".to_owned()),
        ("consignee_postal_code", "78701".to_owned()),
        ("consignee_country", "US".to_owned()),
        ("description", "cotton T-shirts, knitted".to_owned()),
        ("htsus_number", "6109.10.0012".to_owned()),
        ("country_of_origin", "VN".to_owned()),
        ("line_value", value.to_owned()),
    ]
}

pub fn person(texts: &Texts, basis: PersonBasis) -> Option<Key> {
    let party = texts.party(party_of(basis));
    let party = PartyText {
        name: party.name,
        street: party.street,
        city: party.city,
        state: party.state,
        postal_code: party.postal_code,
        country: party.country,
    };
    let mut scratch = deminimis_person::Scratch::new();
    Key::of(&party, "party", None, &mut scratch).ok()
}

pub fn intake() -> Intake {
    Intake::new(Arc::new(JsonClerk), Secret::new(&[7; 32]), "acme")
}

pub fn take(intake: &Intake, fields: &Fields) -> Parcel {
    let (shipment, texts) = read(fields);
    intake.take(&shipment, &texts, &Said::default(), |basis| {
        person(&texts, basis)
    })
}

/// The answers of the file pass, by id: every person's parcels in the order of the day, walked.
pub fn file_pass(files: &[Fields]) -> BTreeMap<String, Vec<u8>> {
    let mut scratch = (Scratch::default(), Scratch::default());
    let mut limits: Vec<Limits> = Vec::new();
    let mut persons: HashMap<Key, Vec<DayRecord>> = HashMap::new();
    let parcels: Vec<(Shipment, Texts)> = files.iter().map(read).collect();
    let mut contexts = vec![DayContext::default(); parcels.len()];
    for (at, (shipment, texts)) in parcels.iter().enumerate() {
        let decision = assess_into(books(), shipment, &DayContext::default(), &mut scratch.0);
        let mut record = day_record(shipment, texts, decision, &LAW);
        (record.limits, record.index) = (at as u32, at as u32);
        limits.push(decision.limits);
        if let Some(person) = person(texts, decision.person) {
            persons.entry(person).or_default().push(record);
        }
    }
    for records in persons.values_mut() {
        records.sort_by(|a, b| a.order_key().cmp(&b.order_key()));
        walk(records, &limits, &HashMap::new(), |record, day| {
            contexts[record.index as usize] = day;
        });
    }
    let mut answers = BTreeMap::new();
    for ((shipment, _), day) in parcels.iter().zip(&contexts) {
        let decision = assess_into(books(), shipment, day, &mut scratch.0);
        let assessed = Assessed {
            books: books(),
            shipment,
            day,
            decision,
        };
        let mut answer = Vec::new();
        JsonClerk.answer(&assessed, &mut scratch.1, &mut answer);
        answers.insert(shipment.id.clone(), answer);
    }
    answers
}

/// Whether a rule spoke in an answer.
pub fn speaks(answer: &[u8], rule: &str) -> bool {
    let answer: serde_json::Value = serde_json::from_slice(answer).expect("JSON");
    let findings = answer["findings"].as_array().expect("findings");
    findings.iter().any(|finding| finding["rule"] == rule)
}

pub fn outcome(answer: &[u8]) -> String {
    let answer: serde_json::Value = serde_json::from_slice(answer).expect("JSON");
    answer["outcome"].as_str().expect("an outcome").to_owned()
}
