//! Answers of CBP: events, what they point at, and a state that does not depend on their order.

use deminimis_filing::messages::answers::{
    Answers, EntryKey, Event, Release, Source, Standing, State, SummaryStanding, What, apply, read,
};
use deminimis_filing::messages::catair::{Message, Record, decode, encode, layout};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;

/// A record of a section with its fields.
fn record(section: &str, name: &str, fields: &[(&str, &str)]) -> Record {
    let layout = layout(section, name).unwrap_or_else(|| panic!("{section} {name}"));
    let mut record = Record::new(layout);
    for (field, value) in fields {
        record
            .set(field, value)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    record
}

/// A message of CBP around records, through bytes and back.
fn answers(application: &str, sent_on: &str, records: Vec<Record>) -> Answers {
    let who = [
        ("sender_receiver_site_code", "2704"),
        ("sender_receiver_id_code", "ABC"),
    ];
    let block = [
        ("processing_district_port_code", "2704"),
        ("processing_filer_code", "ABC"),
        ("application_identifier_code", application),
    ];
    let mut message = Message::default();
    let mut header = record("OUT", "A", &who);
    header.set("transmission_date", sent_on).expect("a date");
    header
        .set("application_identifier_code", application)
        .expect("a code");
    message.push(header);
    message.push(record("OUT", "B", &block));
    records.into_iter().for_each(|record| message.push(record));
    message.push(record("OUT", "Y", &block));
    message.push(record("OUT", "Z", &who));
    let bytes = encode(&message);
    read(&decode(&bytes))
}

fn key() -> EntryKey {
    EntryKey {
        filer: "ABC".to_owned(),
        number: "12345678".to_owned(),
    }
}

fn state(events: impl IntoIterator<Item = (EntryKey, Event)>) -> BTreeMap<EntryKey, State> {
    let mut states: BTreeMap<EntryKey, State> = BTreeMap::new();
    for (entry, event) in events {
        let state = states.remove(&entry).unwrap_or_default();
        states.insert(entry, apply(state, event));
    }
    states
}

/// How the only entry of some answers stands.
fn standing(all: &[Answers]) -> Standing {
    let events = all.iter().flat_map(|answers| answers.events.clone());
    let states = state(events);
    assert_eq!(states.keys().collect::<Vec<_>>(), [&key()]);
    states[&key()].standing()
}

/// E0: what the next conditions are about.
fn about(reference: &str, occurrence: &str, text: &str) -> Record {
    let fields = [
        ("reference_data_type_code", reference),
        ("occurrence_position", occurrence),
        ("reference_id_constant", "REF ID:"),
        ("reference_data_text", text),
    ];
    record("AX", "E0", &fields)
}

/// E1: a condition, or with a disposition what became of the entry.
fn condition(disposition: &str, severity: &str, code: &str, text: &str) -> Record {
    let mut fields = vec![
        ("disposition_type_code", disposition),
        ("severity_code", severity),
        ("condition_code", code),
        ("narrative_text", text),
    ];
    if !disposition.is_empty() {
        fields.push(("entry_filer_code", "ABC"));
        fields.push(("entry_number", "12345678"));
    }
    record("AX", "E1", &fields)
}

fn rejected() -> Answers {
    answers(
        "AX",
        "112026",
        vec![
            about("SUMMRY", "1", "ABC 12345678"),
            condition("", "F", "263", "PAYMENT TYPE CODE MISSING"),
            about("LINITM", "2", "002"),
            about("TARIFF", "3", "6109100012"),
            condition("", "F", "439", "QUANTITY UOM MISSING"),
            condition("", "W", "27P", "A WARNING OF THE CENSUS"),
            condition("R", "F", "S98", "TRANSACTION DATA REJECTED"),
        ],
    )
}

fn accepted(sent_on: &str) -> Answers {
    answers(
        "AX",
        sent_on,
        vec![
            about("SUMMRY", "1", "ABC 12345678"),
            condition("A", "", "", "SUMMARY HAS BEEN ADDED"),
        ],
    )
}

#[test]
fn a_rejected_summary_points_at_record_and_field() {
    let answers = rejected();
    assert!(answers.troubles.is_empty(), "{:?}", answers.troubles);
    let [(entry, event)] = answers.events.as_slice() else {
        panic!("one event: {:?}", answers.events);
    };
    assert_eq!((entry, event.source), (&key(), Source::Ax));
    assert_eq!(event.at.to_string(), "2026-11-20");
    let What::Summary {
        accepted,
        conditions,
        ..
    } = &event.what
    else {
        panic!("an answer to a summary: {event:?}");
    };
    assert!(!accepted);
    let told: Vec<_> = conditions
        .iter()
        .map(|one| {
            let points: Vec<_> = one.points.iter().map(ToString::to_string).collect();
            (one.code.as_str(), one.severity.as_str(), points)
        })
        .collect();
    let line = "record 40 no. 2 line_item_identifier \"002\"".to_owned();
    let tariff = "record 50 no. 3 hts_number \"6109100012\"".to_owned();
    assert_eq!(
        told,
        [
            ("263", "F", vec![]),
            ("439", "F", vec![line.clone(), tariff.clone()]),
            ("27P", "W", vec![line, tariff]),
        ]
    );
    let standing = standing(&[answers]);
    assert_eq!(standing.summary, SummaryStanding::Rejected);
    assert!(standing.todo[0].contains("send the summary again"));
    assert!(!standing.single_source);
}

#[test]
fn what_is_sent_again_and_accepted_stands() {
    for sent_on in ["112026", "112126"] {
        let standing = standing(&[rejected(), accepted(sent_on)]);
        assert_eq!(standing.summary, SummaryStanding::Accepted, "{sent_on}");
        assert!(standing.conditions.is_empty(), "those of the latest answer");
    }
    let standing = standing(&[accepted("111926"), rejected()]);
    assert_eq!(
        standing.summary,
        SummaryStanding::Rejected,
        "refused the day after"
    );
}

#[test]
fn a_deleted_summary_is_gone() {
    let deleted = answers(
        "AX",
        "112226",
        vec![
            about("SUMMRY", "1", "ABC 12345678"),
            condition("A", "", "", "ENTRY SUMMARY DELETED"),
        ],
    );
    let standing = standing(&[accepted("112026"), deleted]);
    assert_eq!(standing.summary, SummaryStanding::Deleted);
}

#[test]
fn a_batch_that_is_refused_names_no_entry() {
    let mut refused = condition("", "F", "999", "BATCH REJECTED");
    refused.set("disposition_type_code", "R").expect("a code");
    let answers = answers("AX", "112026", vec![refused]);
    assert!(answers.events.is_empty());
    assert_eq!(answers.troubles.len(), 1);
    assert!(answers.troubles[0].reason.contains("BATCH REJECTED"));
    assert_eq!(answers.troubles[0].line, 3);
}

fn release_header() -> Record {
    let fields = [
        ("action_code", "A"),
        ("entry_filer_code", "ABC"),
        ("entry_number", "12345678"),
        ("entry_type_code", "11"),
    ];
    record("SE", "SE10", &fields)
}

fn answered(kind: &str, code: &str, text: &str) -> Record {
    let fields = [
        ("message_type_code", kind),
        ("message_identifier_code", code),
        ("narrative_message_text", text),
    ];
    record("SE", "SE90", &fields)
}

fn bill() -> Record {
    let fields = [
        ("bill_type_indicator", "M"),
        ("bill_of_lading_number", "01612345675"),
        ("non_ams_indicator", "N"),
    ];
    record("SE", "SE15", &fields)
}

#[test]
fn a_release_in_error_points_at_the_record_before() {
    let rejected = answers(
        "SX",
        "112026",
        vec![
            release_header(),
            bill(),
            answered("11", "335", "HTS PROHIBITED FOR COUNTRY"),
            answered("01", "", "MESSAGE REJECTED"),
        ],
    );
    assert!(rejected.troubles.is_empty(), "{:?}", rejected.troubles);
    let standing = standing(&[rejected]);
    assert_eq!(standing.release, Release::Rejected);
    let condition = &standing.conditions[0];
    assert_eq!(
        (condition.code.as_str(), condition.severity.as_str()),
        ("335", "F")
    );
    assert!(
        condition.points[0]
            .to_string()
            .starts_with("record SE15 no. 1")
    );
    let none = answers("SX", "112026", vec![release_header(), bill()]);
    assert_eq!(none.troubles.len(), 1, "no SE90 closes it");
}

/// A status notification of one entry.
fn notified(records: Vec<Record>) -> Answers {
    let fields = [("entry_filer_code", "ABC"), ("entry_number", "12345678")];
    let mut all = vec![record("SO", "SO10", &fields)];
    all.extend(records);
    answers("SO", "", all)
}

fn status(name: &str, code: &str, day: &str, time: &str) -> Record {
    let fields = [
        ("status_date", day),
        ("status_time", time),
        ("status_code", code),
        ("status_text", "IN THE MESSAGE'S OWN WORDS"),
    ];
    record("SO", name, &fields)
}

#[test]
fn a_hold_that_ends_and_a_release() {
    let so = |records| notified(records);
    let held = so(vec![status("SO50", "53", "112026", "0900")]);
    let one = standing(std::slice::from_ref(&held));
    assert_eq!(one.holds.len(), 1);
    assert_eq!(one.holds[0].since.to_string(), "2026-11-20 09:00");
    assert!(one.single_source);
    let ended = so(vec![
        status("SO50", "56", "112026", "1130"),
        status("SO60", "98", "112026", "1131"),
    ]);
    let two = standing(&[ended, held]);
    assert!(two.holds.is_empty());
    assert_eq!(two.release, Release::Released);
    assert!(two.todo.is_empty(), "{:?}", two.todo);
}

#[test]
fn a_release_withheld_for_de_minimis_says_what_to_do() {
    let standing = standing(&[notified(vec![status("SO60", "34", "112026", "1000")])]);
    assert_eq!(standing.release, Release::WithheldDeMinimis);
    assert!(standing.todo[0].contains("de minimis"));
}

#[test]
fn answers_in_any_order_and_any_number_give_one_state() {
    let given = std::env::var("ANSWER_SEED").ok();
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.expect("a clock after 1970").as_nanos().to_string()
    });
    eprintln!("ANSWER_SEED={seed}");
    let accepted_release = answers(
        "SX",
        "112026",
        vec![release_header(), answered("02", "", "MESSAGE ACCEPTED")],
    );
    let codes = ["91", "93", "51", "54", "53", "56"].map(|code| ("SO50", code));
    let codes = codes
        .into_iter()
        .chain(["03", "96", "34", "97", "98", "99", "23"].map(|code| ("SO60", code)));
    let statuses = codes.enumerate().map(|(at, (name, code))| {
        let time = format!("{:02}15", at % 5 + 8);
        notified(vec![status(name, code, "112126", &time)])
    });
    let all: Vec<(EntryKey, Event)> = [rejected(), accepted("112026"), accepted_release]
        .into_iter()
        .chain(statuses)
        .flat_map(|answers| answers.events)
        .collect();
    assert_eq!(all.len(), 16);
    let expected = state(all.clone());
    let mut bytes = [0; 32];
    let end = seed.len().min(32);
    bytes[..end].copy_from_slice(&seed.as_bytes()[..end]);
    let config = Config {
        cases: 256,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    // Every event once in some order, and some of them again in between.
    let order = (
        Just((0..all.len()).collect::<Vec<_>>()).prop_shuffle(),
        proptest::collection::vec(0..all.len(), 0..20),
    );
    let checked = runner.run(&order, |(order, again)| {
        let places = again.into_iter().chain(order);
        let some = places.map(|place| all[place].clone());
        let states = state(some);
        prop_assert_eq!(&states, &expected);
        prop_assert_eq!(states[&key()].standing(), expected[&key()].standing());
        Ok(())
    });
    if let Err(error) = checked {
        panic!("ANSWER_SEED={seed}: {error}");
    }
}

#[test]
fn a_message_of_another_kind_is_told() {
    let answers = answers("AE", "112026", Vec::new());
    assert!(answers.events.is_empty());
    assert_eq!(answers.troubles.len(), 1);
}

#[test]
fn a_hold_of_one_bill_stands_when_that_of_another_ends() {
    let bill = |number| record("SO", "SO40", &[("bill_of_lading_number", number)]);
    let one = standing(&[notified(vec![
        bill("BILLA"),
        status("SO50", "52", "112026", "0859"),
        status("SO50", "51", "112026", "0900"),
        bill("BILLB"),
        status("SO50", "51", "112026", "0901"),
        bill("BILLA"),
        status("SO50", "54", "112026", "1000"),
    ])]);
    let held: Vec<(&str, String)> = one
        .holds
        .iter()
        .map(|hold| (hold.bill.as_str(), hold.since.to_string()))
        .collect();
    let expected = [
        ("BILLA", "2026-11-20 08:59".to_owned()),
        ("BILLB", "2026-11-20 09:01".to_owned()),
    ];
    assert_eq!(held.len(), 2, "{held:?}");
    for hold in expected {
        assert!(held.contains(&hold), "{held:?}");
    }
    // What each of them asks for is told.
    for bill in ["BILLA", "BILLB"] {
        let told = |todo: &&String| todo.starts_with(bill);
        assert_eq!(one.todo.iter().filter(told).count(), 1, "{:?}", one.todo);
    }
}

#[test]
fn a_cancellation_that_was_accepted_cancels_and_one_that_was_refused_does_not() {
    let cancellation = || {
        let fields = [
            ("action_code", "D"),
            ("entry_filer_code", "ABC"),
            ("entry_number", "12345678"),
            ("entry_type_code", "11"),
        ];
        record("SE", "SE10", &fields)
    };
    let told = |first: Record, kind: &str| {
        let closes = answered(kind, "", "IN THE MESSAGE'S OWN WORDS");
        answers("SX", "112026", vec![first, closes])
    };
    let accepted = told(release_header(), "02");
    let refused = standing(&[told(cancellation(), "01"), accepted.clone()]);
    assert_eq!(refused.release, Release::Accepted);
    let cancelled = standing(&[told(cancellation(), "02"), accepted]);
    assert_eq!(cancelled.release, Release::Cancelled);
    assert!(cancelled.todo.is_empty(), "{:?}", cancelled.todo);
}
