//! Parcels through the ledger get the answers of a pass over their file, to the byte, and what a
//! ledger cannot know is flagged.

mod common;
#[path = "common/parcels.rs"]
mod parcels;

use common::{Store, model, postgres, sqlite};
use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Builder, FieldId};
use deminimis_store::intake::{
    Intake, Lost, Parcel, Recalled, Said, Secret, foresee, is_personal, recall, survey,
};
use deminimis_store::{Content, Ledger, Model, PersonsEvent, Receipt, Refused, State, StoreError};
use parcels::{
    Fields, JsonClerk, books, fields, file_pass, intake, outcome, person, read, speaks, take,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

const OUT_OF_ORDER: &str = "s321.out-of-order";

/// Few persons and days, so that nearly every parcel shares its day; choice 0 is the plainest.
fn random_file(row: &[u16], count: usize) -> Vec<Fields> {
    let mut row = row.iter();
    let mut pick = |all: &[&'static str]| {
        let choice = row.next().copied().unwrap_or(0);
        all[usize::from(choice) % all.len()]
    };
    let one = |at: usize| {
        let day = pick(&["2024-05-10", "2024-05-11", "2015-06-18"]);
        let hour = pick(&["", "T08:00:00-04:00", "T09:00:00-04:00", "T10:00:00-04:00"]);
        let value = pick(&["300.00", "150.25", "499.75", "80.00", "800.00", "801.00"]);
        let who = pick(&["Ana Lopez", "Bo Chen", "Ana Lopez", "..."]);
        let mut all = fields(&format!("P-{at:02}"), who, &format!("{day}{hour}"), value);
        if who == "..." {
            all.retain(|(name, _)| !name.starts_with("consignee_") || *name == "consignee_name");
        }
        let mut set = |name: &'static str, value: &'static str| {
            if !value.is_empty() {
                all.retain(|(known, _)| *known != name);
                all.push((name, value.to_owned()));
            }
        };
        set(
            "filed_at",
            pick(&[
                "",
                "",
                "2015-01-01T08:00:00-05:00",
                "2015-01-02T08:00:00-05:00",
            ]),
        );
        set("order_id", pick(&["", "SO-1", "SO-2"]));
        set("master_bill", pick(&["", "", "160-1", "160-2"]));
        set("mode", pick(&["", "truck", "express", "mail"]));
        set("purpose", pick(&["", "", "", "gift"]));
        set("country_of_origin", pick(&["", "", "CN"]));
        // Without a value in dollars a person must decide.
        set("currency", pick(&["", "", "", "", "", "EUR"]));
        set(
            "htsus_number",
            pick(&["", "", "2402.10.0000", "4901.99.0093"]),
        );
        all
    };
    (0..count).map(one).collect()
}

/// The parcels of a file, each told of the others, in the order of the day.
fn in_order(intake: &Intake, file: &[Fields]) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = file.iter().map(|one| take(intake, one)).collect();
    foresee(&mut parcels, &HashMap::new());
    parcels.sort_by(|a, b| a.order_key().cmp(&b.order_key()));
    parcels
}

fn claim_all(ledger: &dyn Ledger, intake: &Intake, parcels: &[Parcel]) -> Vec<Receipt> {
    let pending: Vec<_> = parcels
        .iter()
        .map(|parcel| ledger.submit(intake.claim(parcel)))
        .collect();
    let wait = |one: deminimis_store::Pending<Receipt>| one.wait().expect("a receipt");
    pending.into_iter().map(wait).collect()
}

fn by_id(parcels: &[Parcel], receipts: &[Receipt]) -> BTreeMap<String, Vec<u8>> {
    let ids = parcels.iter().map(|parcel| parcel.shipment.id.clone());
    let answers = receipts.iter().map(|receipt| receipt.answer.clone());
    ids.zip(answers).collect()
}

fn equal(name: &str, told: &BTreeMap<String, Vec<u8>>, file: &BTreeMap<String, Vec<u8>>) {
    for (id, answer) in file {
        let text = String::from_utf8_lossy;
        assert_eq!(text(&told[id]), text(answer), "{id} on {name}");
    }
    assert_eq!(told.len(), file.len());
}

fn as_the_file_pass(store: &Store, file: &[Fields], first: usize) {
    let ledger = &*store.ledger;
    let intake = intake();
    let parcels = in_order(&intake, file);
    // As if the first run had ended in the middle.
    let begun = claim_all(ledger, &intake, &parcels[..first.min(parcels.len())]);
    let receipts = claim_all(ledger, &intake, &parcels);
    for (before, again) in begun.iter().zip(&receipts) {
        assert!(before.fresh && !again.fresh);
        assert_eq!(
            (before.position, &before.answer),
            (again.position, &again.answer)
        );
    }
    equal(store.name, &by_id(&parcels, &receipts), &file_pass(file));
    let again = claim_all(ledger, &intake, &parcels);
    assert!(again.iter().all(|receipt| !receipt.fresh));
    assert_eq!(by_id(&parcels, &again), by_id(&parcels, &receipts));
    let lines = ledger.entries(0, 10_000).wait().expect("the lines");
    assert_eq!(lines.len(), parcels.len(), "one line for each parcel");
    assert_eq!(ledger.verify().wait().expect("sums"), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_file_through_the_ledger_is_answered_as_by_a_pass(
        row in prop::collection::vec(any::<u16>(), 0..260),
        count in 1_usize..24,
        first in 0_usize..24,
    ) {
        let file = random_file(&row, count);
        for store in [model(), sqlite()] {
            as_the_file_pass(&store, &file, first);
        }
    }

    #[test]
    fn a_later_parcel_that_was_answered_first_is_flagged(
        row in prop::collection::vec(any::<u16>(), 0..260),
        count in 2_usize..16,
        seed in any::<u32>(),
    ) {
        let file = random_file(&row, count);
        let intake = intake();
        let mut parcels = in_order(&intake, &file);
        parcels.sort_by_key(|parcel| {
            let bytes = parcel.shipment.id.bytes().map(u32::from);
            bytes.fold(seed, |mixed, byte| mixed.rotate_left(5).wrapping_mul(0x9e37_79b9) ^ byte)
        });
        for store in [model(), sqlite()] {
            let receipts = claim_all(&*store.ledger, &intake, &parcels);
            let mut latest = HashMap::new();
            for (parcel, receipt) in parcels.iter().zip(&receipts) {
                let arrival = parcel.arrival();
                let key = (parcel.ledger_person, arrival.day);
                let late = latest.get(&key).is_some_and(|latest| *latest > arrival.order());
                let flagged = speaks(&receipt.answer, OUT_OF_ORDER);
                prop_assert_eq!(flagged, late, "{} on {}", parcel.shipment.id, store.name);
                let seen = latest.entry(key).or_insert(arrival.order());
                *seen = arrival.order().max(*seen);
            }
            prop_assert_eq!(store.ledger.verify().wait().expect("sums"), []);
        }
    }
}

#[test]
fn a_file_through_postgresql_is_answered_as_by_a_pass() {
    let Some(store) = postgres() else { return };
    let row: Vec<u16> = (0..260_u32).map(|at| ((at * 40_503) >> 3) as u16).collect();
    as_the_file_pass(&store, &random_file(&row, 24), 9);
}

#[test]
fn a_second_file_of_the_day_finds_what_the_first_counted() {
    let at = |hour: u32| format!("2024-05-10T{hour:02}:00:00-04:00");
    let ana = |id: &str, hour, value: &str| fields(id, "Ana Lopez", &at(hour), value);
    let (first, second) = (
        [ana("A", 8, "500.00")],
        [
            ana("B", 9, "300.00"),
            ana("C", 10, "0.01"),
            ana("D", 11, "900.00"),
        ],
    );
    let both: Vec<Fields> = first.iter().chain(&second).cloned().collect();
    let whole = file_pass(&both);
    for store in [model(), sqlite()] {
        let intake = intake();
        let mut told = BTreeMap::new();
        for file in [&first[..], &second] {
            let parcels = in_order(&intake, file);
            let receipts = claim_all(&*store.ledger, &intake, &parcels);
            told.extend(by_id(&parcels, &receipts));
        }
        assert_eq!(
            ["A", "B", "C"].map(|id| outcome(&told[id])),
            ["free", "free", "entry_required"]
        );
        // The first file did not know that its day would be crossed; nothing else differs.
        assert!(speaks(&whole["A"], "s321.later-over-limit"));
        assert!(!speaks(&told["A"], "s321.later-over-limit"));
        for id in ["B", "C", "D"] {
            assert_eq!(told[id], whole[id], "{id} on {}", store.name);
        }
    }
}

#[test]
fn another_body_under_an_id_is_refused_and_the_same_in_another_order_is_not() {
    let ledger = sqlite();
    let intake = intake();
    let plain = fields("A", "Ana Lopez", "2024-05-10", "500.00");
    let claim = |fields: &Fields| {
        ledger
            .ledger
            .submit(intake.claim(&take(&intake, fields)))
            .wait()
    };
    let given = claim(&plain).expect("a receipt");
    let mut turned = plain.clone();
    turned.swap(0, 5);
    assert_eq!(claim(&turned).expect("a receipt").answer, given.answer);
    for (place, value) in [(4, "Anna Lopez"), (10, "wool socks"), (13, "500.01")] {
        let mut other = plain.clone();
        other[place].1 = value.to_owned();
        assert_eq!(claim(&other), Err(Refused::OtherBody.into()), "{value}");
    }
    let (shipment, texts) = read(&plain);
    let entered = Said {
        entered_at: Some("2024-05-11".to_owned()),
        ..Said::default()
    };
    let said = intake.take(&shipment, &texts, &entered, |basis| person(&texts, basis));
    let refused = ledger.ledger.submit(intake.claim(&said)).wait();
    assert_eq!(refused, Err(StoreError::Refused(Refused::OtherBody)));
}

#[test]
fn persons_of_two_installations_have_nothing_in_common() {
    let plain = fields("A", "Ana Lopez", "2024-05-10", "500.00");
    let (one, other) = (
        intake(),
        Intake::new(Arc::new(JsonClerk), Secret::new(&[8; 32]), "acme"),
    );
    let (here, there) = (take(&one, &plain), take(&other, &plain));
    assert_eq!(here.person, there.person);
    let key = here.person.expect("she is known");
    assert_eq!(here.ledger_person, one.ledger_person(key));
    assert_ne!(here.ledger_person, there.ledger_person);
    assert_ne!(here.ledger_person.0, key.0);
    assert_ne!(here.body_hash, there.body_hash);
    let answer = sqlite()
        .ledger
        .submit(one.claim(&here))
        .wait()
        .expect("a receipt")
        .answer;
    let shown = String::from_utf8_lossy(&answer).into_owned();
    assert!(
        !shown.contains(&key.to_string()),
        "the answer kept tells the person"
    );
}

#[test]
fn what_happened_to_parcels_is_found_in_the_lines() {
    let stores = [Some(model()), Some(sqlite()), postgres()];
    for store in stores.into_iter().flatten() {
        let (ledger, intake) = (&*store.ledger, intake());
        let file: Vec<Fields> = ["A", "B", "C", "D"]
            .map(|id| fields(id, "Ana Lopez", "2024-05-10", "300.00"))
            .to_vec();
        let parcels = in_order(&intake, &file);
        let receipts = claim_all(ledger, &intake, &parcels);
        let free: Vec<String> = receipts.iter().map(|one| outcome(&one.answer)).collect();
        assert_eq!(free, ["free", "free", "entry_required", "entry_required"]);
        let done = |request| ledger.submit(request).wait();
        done(intake.post("A")).expect("it is reserved");
        done(intake.void("B")).expect("it is reserved");
        let moved = take(&intake, &fields("C", "Ana Lopez", "2024-05-12", "300.00"));
        let moved = done(intake.move_to(&moved, "m", None)).expect("it is reserved");
        assert_eq!(outcome(&moved.answer), "free", "the other day is empty");
        let amended = take(&intake, &fields("D", "Ana Lopez", "2024-05-10", "90.00"));
        let amended = done(intake.amend(&amended, "a", None)).expect("it is reserved");
        assert_eq!(
            outcome(&amended.answer),
            "free",
            "none that crossed is left"
        );
        assert!(!done(intake.post("A")).expect("again").fresh);
        let refused = done(intake.void("A"));
        assert_eq!(refused, Err(Refused::WrongState(State::Posted).into()));

        let ana = parcels[0].ledger_person;
        let found = ledger.parcels("acme", ana, None).wait().expect("the lines");
        let shown = found
            .iter()
            .map(|one| (one.shipment_id.as_str(), one.state, one.posting.value_cents));
        let expected = [
            ("A", State::Posted, 30_000),
            ("B", State::Voided, 30_000),
            ("D", State::Reserved, 9_000),
            ("C", State::Reserved, 30_000),
        ];
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|one| (one.0 == "C", one.0));
        assert_eq!(shown, expected);
        assert_eq!(found.iter().map(|one| one.arrival.day).max(), Some(19_855));
        let counted = survey(ledger).expect("the lines");
        let tally = counted.tenants["acme"];
        assert_eq!((tally.reserved, tally.posted, tally.voided), (2, 1, 1));
        assert_eq!((tally.persons, tally.days, tally.open_days), (1, 2, 2));
        assert_eq!(
            tally.lines, 10,
            "four claims, a post, a void, and two with two lines each"
        );
        assert_eq!(ledger.verify().wait().expect("sums"), []);
    }
}

fn recalled(ledger: &dyn Ledger) -> Vec<(i64, Result<Recalled, Lost>)> {
    let (facts, zone) = (&books().law.book().facts, books().law.zone());
    let ports = PortZones::default();
    let mut builder = Builder::new(facts, zone, &ports);
    let records = ledger.records("acme", 0, 10_000).wait().expect("records");
    records
        .iter()
        .map(|record| (record.position, recall(record, &mut builder)))
        .collect()
}

/// A parcel, its decision as it is kept, and its decision made again.
type Pair = (String, Vec<u8>, Vec<u8>);

/// Every line of a ledger made again in another one, as its records say.
fn made_again(ledger: &dyn Ledger) -> (Model, Vec<Pair>) {
    let mut kept: BTreeMap<i64, Result<Recalled, Lost>> = recalled(ledger).into_iter().collect();
    let (shadow, intake) = (Model::default(), intake().without_records());
    let mut answers = Vec::new();
    for line in ledger.entries(0, 10_000).wait().expect("lines") {
        match kept.remove(&line.position) {
            Some(Ok(recalled)) => {
                let person = |basis| person(&recalled.texts, basis);
                let mut parcel = intake.take_again(&recalled, person).expect("a parcel");
                let request = intake.repeat(&mut parcel, &recalled, &line);
                let receipt = shadow.submit(request.expect("a request")).wait();
                let answer = receipt.expect("a receipt").answer;
                answers.push((line.shipment_id, recalled.decision, answer));
            }
            _ => {
                if let Some(request) = intake.as_it_was(&line) {
                    shadow.submit(request).wait().expect("a receipt");
                }
            }
        }
    }
    (shadow, answers)
}

fn made_again_as_it_was(store: &Store, file: &[Fields]) {
    let (ledger, intake) = (&*store.ledger, intake());
    let parcels = in_order(&intake, file);
    claim_all(ledger, &intake, &parcels);
    // What became of some, the persons joined and parted, and one of them erased.
    for (at, parcel) in parcels.iter().enumerate() {
        let id = &parcel.shipment.id;
        let request = match at % 5 {
            0 => intake.void(id),
            1 => intake.post(id),
            2 => intake.amend(parcel, "again", None),
            _ => continue,
        };
        ledger.submit(request).wait().expect("a receipt");
    }
    let persons: BTreeSet<_> = parcels.iter().map(|one| one.ledger_person).collect();
    let persons: Vec<_> = persons.into_iter().collect();
    if let [one, other, ..] = persons[..] {
        let event = |id: &str| PersonsEvent {
            tenant: "acme".to_owned(),
            event_id: id.to_owned(),
            body_hash: [0; 32],
        };
        ledger.merge(event("m"), one, other).wait().expect("merged");
        let last = parcels.last().filter(|_| parcels.len() % 5 != 1);
        let ids = last.map(|last| last.shipment.id.clone());
        let split = ledger.split(event("s"), ids.into_iter().collect(), one);
        split.wait().expect("parted");
        ledger.erase("acme", other).wait().expect("erased");
    }
    let (shadow, answers) = made_again(ledger);
    for (id, kept, again) in answers {
        let text = String::from_utf8_lossy;
        assert_eq!(text(&again), text(&kept), "{id} on {}", store.name);
    }
    let days: BTreeSet<_> = parcels.iter().map(|one| one.arrival().day).collect();
    for (person, day) in persons
        .iter()
        .flat_map(|one| days.iter().map(move |day| (one, day)))
    {
        let held = |ledger: &dyn Ledger| ledger.day("acme", *person, *day).wait().expect("a day");
        assert_eq!(held(&shadow), held(ledger), "on {}", store.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn from_its_records_a_ledger_is_made_again_with_the_same_answers(
        row in prop::collection::vec(0_u16..600, 200),
        count in 1_usize..16,
    ) {
        made_again_as_it_was(&sqlite(), &random_file(&row, count));
    }
}

#[test]
fn a_ledger_on_postgres_is_made_again_too() {
    if let Some(store) = postgres() {
        let row: Vec<u16> = (0..200).map(|at| at * 37 % 601).collect();
        made_again_as_it_was(&store, &random_file(&row, 14));
    }
}

#[test]
fn a_record_has_the_parcel_and_seals_what_leads_to_a_person() {
    let store = sqlite();
    let (ledger, intake) = (&*store.ledger, intake());
    let mut sent = fields("A", "Ana Lopez", "2024-05-10", "500.00");
    sent.push(("tracking_number", "1Z999".to_owned()));
    sent.push(("master_bill", "160-1".to_owned()));
    let parcel = take(&intake, &sent);
    let receipt = ledger
        .submit(intake.claim(&parcel))
        .wait()
        .expect("a receipt");
    let record = ledger
        .records("acme", 0, 9)
        .wait()
        .expect("records")
        .remove(0);
    let field = |path: &str| record.fields.iter().find(|field| field.path == path);
    for (name, value) in &sent {
        let known = FieldId::named(name).expect("a field");
        let path = match known.is_line() {
            true => format!("input.line.1.{name}"),
            false => format!("input.{name}"),
        };
        let kept = field(&path).expect("it is kept");
        assert_eq!(
            kept.content,
            Content::Value(value.clone().into_bytes()),
            "{path}"
        );
        assert_eq!(kept.personal, is_personal(known), "{path}");
    }
    let personal = [
        "consignee_name",
        "consignee_city",
        "consignee_postal_code",
        "tracking_number",
    ];
    assert!(
        personal
            .iter()
            .all(|name| field(&format!("input.{name}")).expect("kept").personal)
    );
    let open = ["master_bill", "consignee_country", "country_of_shipment"];
    assert!(
        open.iter()
            .all(|name| !field(&format!("input.{name}")).expect("kept").personal)
    );
    let decision = field("decision").expect("the decision");
    assert_eq!(decision.content, Content::Value(receipt.answer));
    // Five years, or two for one that entered free: the decision says which.
    assert!(record.kept_until > parcel.arrival().day && record.kept_until < i32::MAX);

    let (_, recalled) = recalled(ledger).remove(0);
    let recalled = recalled.expect("it reads");
    assert_eq!(recalled.shipment, parcel.shipment);
    let again = intake.take_again(&recalled, |_| None).expect("a parcel");
    assert_eq!(take(&intake, &sent).body_hash, again.body_hash);
    ledger
        .erase("acme", parcel.ledger_person)
        .wait()
        .expect("erased");
    let lost: Vec<_> = self::recalled(ledger)
        .into_iter()
        .map(|one| one.1.err())
        .collect();
    assert_eq!(lost, [Some(Lost::Erased)]);
}
