//! What lint says of answers, of type 86, of weak layouts, and what it keeps to itself.

mod catair;

use deminimis_filing::messages::catair::explain::{explain, text};
use deminimis_filing::messages::catair::lint::{Severity, lint};
use deminimis_filing::messages::catair::{Message, Record, decode, edition, encode};

/// A release as bytes, with some fields of some records changed.
fn changed(changes: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut message = Message::default();
    for line in &catair::release().lines {
        let mut record: Record = line.to_record().expect("a record");
        for (tag, field, value) in changes.iter().filter(|it| line.is(it.0)) {
            record
                .set(field, value)
                .unwrap_or_else(|error| panic!("{tag}: {error}"));
        }
        message.push(record);
    }
    encode(&message)
}

#[test]
fn type_86_is_read_and_said_to_have_ended() {
    for (date, severity) in [
        ("082825", Severity::Warning),
        ("082925", Severity::Error),
        ("010126", Severity::Error),
        ("", Severity::Warning),
    ] {
        let bytes = changed(&[
            ("SE10", "entry_type_code", "86"),
            ("SE10", "estimated_entry_value", "700"),
            ("SE60", "line_item_value", "100"),
            ("A", "transmission_date", date),
            ("Z", "transmission_date", date),
        ]);
        let message = decode(&bytes);
        let report = lint(&message);
        let of_type: Vec<_> = report
            .findings
            .iter()
            .filter(|it| it.field == Some("entry_type_code"))
            .collect();
        assert_eq!(of_type.len(), 1, "{:#?}", report.findings);
        assert_eq!(of_type[0].severity, severity, "sent on {date:?}");
        assert!(
            of_type[0].reason.contains("2025-08-29"),
            "{}",
            of_type[0].reason
        );
        assert!(report.notes.iter().any(|it| it.contains("91 FR 37789")));
        assert!(text(&explain(&message)).contains("can be read but not filed"));
    }
}

#[test]
fn a_consignee_by_name_stays_below_the_limit() {
    let worth = |value: &str| {
        let bytes = changed(&[("SE60", "line_item_value", value)]);
        let report = lint(&decode(&bytes));
        report
            .findings
            .into_iter()
            .filter(|it| it.field == Some("entity_name"))
            .collect::<Vec<_>>()
    };
    // Three tariff numbers of the consignee that the header names.
    assert!(worth("833").is_empty(), "2,499 dollars");
    let over = worth("834");
    assert_eq!(over.len(), 1);
    assert!(over[0].reason.contains("2502") && over[0].right.contains("less than 2500"));
}

#[test]
fn weak_layouts_say_so() {
    let so = decode(b"SO10 4701N01  12345678 11\nSO60  112026103098RELEASED\n");
    let report = lint(&so);
    assert!(
        report.findings.iter().all(|it| it.single_source),
        "{:#?}",
        report.findings
    );
    assert!(
        report.notes[0].contains("single source"),
        "{:?}",
        report.notes
    );
    let mut message = Message::default();
    message.push(catair::record(
        "AE",
        "54",
        &[
            ("declaration_type_code", "08"),
            ("declaration_information", "CN"),
        ],
    ));
    let bytes = encode(&message);
    let read = deminimis_filing::messages::catair::decode_as("AE", &bytes);
    assert!(
        lint(&read).notes[0].contains("record 54"),
        "{:?}",
        lint(&read).notes
    );
    assert_eq!(lint(&read).edition, edition());
}

#[test]
fn the_password_is_not_repeated() {
    let message = catair::summaries();
    let mut bytes = encode(&message);
    bytes[10] = b'#';
    let broken = decode(&bytes);
    let report = lint(&broken);
    assert_eq!(
        (report.findings[0].start, report.findings[0].value.as_str()),
        (11, "(not shown)")
    );
    let said = text(&explain(&broken)) + &serde_json::to_string(&report).expect("JSON");
    assert!(
        !said.contains("PA#SED") && said.contains("(not shown)"),
        "{said}"
    );
}

#[test]
fn answers_are_judged_and_explained() {
    let record = |tag: &str, fields: &[(&str, &str)]| catair::record("AX", tag, fields);
    let about = [
        ("reference_data_type_code", "SUMMRY"),
        ("occurrence_position", "1"),
        ("reference_id_constant", "REF ID:"),
        ("reference_data_text", "N01 12345678"),
    ];
    let mut message = Message::default();
    let head = [
        ("application_identifier_code", "AX"),
        ("sender_receiver_site_code", "4701"),
    ];
    message.push(catair::record("OUT", "A", &head));
    message.push(catair::record(
        "OUT",
        "B",
        &[("application_identifier_code", "AX")],
    ));
    message.push(record("E0", &about));
    let tariff = [
        ("reference_data_type_code", "TARIFF"),
        about[1],
        about[2],
        about[3],
    ];
    message.push(record("E0", &tariff));
    let refused = [
        ("severity_code", "F"),
        ("condition_code", "432"),
        ("narrative_text", "HTS NBR MISSING"),
    ];
    message.push(record("E1", &refused));
    let last = [
        ("disposition_type_code", "R"),
        ("severity_code", "F"),
        ("condition_code", "999"),
    ];
    message.push(record("E1", &last));
    let foot = [
        ("application_identifier_code", "AX"),
        ("output_transaction_image_count", "4"),
    ];
    message.push(catair::record("OUT", "Y", &foot));
    message.push(catair::record(
        "OUT",
        "Z",
        &[("sender_receiver_site_code", "4701")],
    ));
    let bytes = encode(&message);
    let read = decode(&bytes);
    assert!(
        lint(&read).findings.is_empty(),
        "{:#?}",
        lint(&read).findings
    );
    let explained = explain(&read);
    let means = explained.records[4].means.join("\n");
    assert!(
        means.contains("points at record 50 columns 3-12: hts number"),
        "{means}"
    );
    assert!(
        means.contains("about a tariff number (record 50)"),
        "{means}"
    );
    // One record fewer than the Y record counts.
    let cut: Vec<u8> = bytes
        .split_inclusive(|it| *it == b'\n')
        .enumerate()
        .filter(|(place, _)| *place != 4)
        .flat_map(|(_, line)| line.to_vec())
        .collect();
    let report = lint(&decode(&cut));
    assert!(
        report
            .findings
            .iter()
            .any(|it| it.field == Some("output_transaction_image_count"))
    );
}

#[test]
fn the_example_of_the_documentation_is_clean() {
    let example = include_bytes!("../../examples/messages/entry-11.txt");
    let report = lint(&decode(example));
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(report.records, 14);
}
