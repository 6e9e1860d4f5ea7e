//! The codec of CATAIR messages: every record of the table, any bytes, both ways.

use deminimis_filing::messages::catair::envelope::{batch_trailer, block_trailer};
use deminimis_filing::messages::catair::explain::{explain, meaning};
use deminimis_filing::messages::catair::json::{from_json, to_json};
use deminimis_filing::messages::catair::lint::lint;
use deminimis_filing::messages::catair::{
    Class, Confidence, FieldLayout, Message, Record, Status, applications, decode, decode_as,
    dictionary, edition, encode, layout, layouts, section,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A runner whose seed is printed, and can be given back in `CATAIR_SEED`.
fn runner(cases: u32) -> TestRunner {
    let seed = std::env::var("CATAIR_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |it| it.as_secs() ^ u64::from(it.subsec_nanos()))
    });
    println!("CATAIR_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(
        Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        },
        rng,
    )
}

/// A value that the field takes, and that comes back as it went in.
fn value(field: &FieldLayout) -> BoxedStrategy<String> {
    let length = field.len();
    let text = |sign: &str, first: &str| {
        let pattern = match length {
            1 => first.to_owned(),
            _ => format!("{first}({sign}{{0,{}}}{first})?", length - 2),
        };
        proptest::string::string_regex(&pattern)
            .expect("a pattern")
            .boxed()
    };
    let used = match field.class {
        Class::A => text("[A-Z]", "[A-Z]"),
        Class::AN => text("[A-Z0-9 ]", "[A-Z0-9]"),
        Class::X => text("[ -`{-~]", "[!-`{-~]"),
        Class::SN => text("[0-9]", "[0-9]"),
        // Shorter numbers come back with the zeros that pad them: a test of its own.
        Class::N => proptest::string::string_regex(&format!("[0-9]{{{length}}}"))
            .expect("a pattern")
            .boxed(),
        Class::D => (1..=12_u8, 1..=28_u8, 0..100_u8)
            .prop_map(|(month, day, year)| format!("{month:02}{day:02}{year:02}"))
            .boxed(),
        Class::S => unreachable!("fillers are not fields"),
    };
    if field.status == Status::Mandatory {
        used
    } else {
        prop_oneof![3 => used, 1 => Just(String::new())].boxed()
    }
}

#[test]
fn the_table_tiles_eighty_columns() {
    assert_eq!(layouts().len(), 138);
    let mut columns = 0;
    for layout in layouts() {
        let mut taken = [0_u8; 80];
        taken[..layout.record.len()].fill(1);
        for field in layout.fields.iter().chain(&layout.fillers) {
            taken[field.start - 1..field.end]
                .iter_mut()
                .for_each(|count| *count += 1);
            columns += 1;
        }
        assert!(
            taken.iter().all(|count| *count == 1),
            "{} {}",
            layout.section,
            layout.record
        );
        let edition = section(layout.section).expect("its section").edition;
        assert!(
            layout.source.starts_with(edition),
            "{} {}",
            layout.record,
            layout.source
        );
    }
    assert_eq!(
        columns,
        1015 - 138,
        "rows of the table but control identifiers"
    );
    assert_eq!(edition().sha256.len(), 64);
    for application in applications() {
        assert!(
            layout(
                application.application,
                application.begins.split(' ').next().expect("one")
            )
            .is_some()
        );
    }
    let weak = layouts()
        .iter()
        .filter(|it| it.confidence == Confidence::Single);
    assert!(weak.clone().count() == 10 && weak.into_iter().all(|it| it.section == "SO"));
}

#[test]
fn every_record_comes_back() {
    let mut runner = runner(48);
    for layout in layouts() {
        let values: Vec<_> = layout.fields.iter().map(value).collect();
        let outcome = runner.run(&values, |values| {
            let mut record = Record::new(layout);
            for (field, value) in layout.fields.iter().zip(&values) {
                record
                    .set(field.name, value)
                    .map_err(|it| TestCaseError::fail(it.to_string()))?;
            }
            prop_assert_eq!(record.missing().count(), 0);
            let mut message = Message::default();
            message.push(record);
            let bytes = encode(&message);
            prop_assert_eq!(bytes.len(), 81);
            let code = applications()
                .iter()
                .find(|it| it.sections.contains(&layout.section));
            let code = code.map_or("AE", |it| it.application);
            let read = decode_as(code, &bytes);
            prop_assert_eq!(read.lines.len(), 1);
            // An envelope record alone may be read as the one of the other direction.
            if !matches!(layout.section, "IN" | "OUT" | "ACE") {
                // OI stands in the table of AE and of PG with the same columns.
                prop_assert!(read.lines[0].is(layout.record));
                for (field, value) in layout.fields.iter().zip(&values) {
                    if read.lines[0].layout() == Some(layout) {
                        prop_assert_eq!(read.lines[0].get(field.name).expect("text"), value);
                    }
                }
            }
            prop_assert_eq!(encode(&read), bytes);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{} {}: {error}", layout.section, layout.record));
    }
}

#[test]
fn any_bytes_come_back() {
    let line = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..100),
        "[ABYZX0-9SEPG]{1,4}[ -~]{0,90}".prop_map(String::into_bytes),
        "A[ -~]{24}(AE|AX|SE|SX|SO|UC|  )[ -~]{53}".prop_map(String::into_bytes),
    ];
    let ending = prop_oneof![Just(&b"\n"[..]), Just(&b"\r\n"[..]), Just(&b""[..])];
    let message = proptest::collection::vec((line, ending), 0..12);
    let outcome = runner(2_000).run(&message, |lines| {
        let bytes: Vec<u8> = lines
            .iter()
            .flat_map(|(a, b)| [&a[..], b].concat())
            .collect();
        prop_assert_eq!(encode(&decode(&bytes)), bytes.clone());
        for application in applications() {
            prop_assert_eq!(
                encode(&decode_as(application.application, &bytes)),
                bytes.clone()
            );
        }
        // Finding batches must not fail on anything either.
        let message = decode(&bytes);
        let places: usize = message
            .batches()
            .iter()
            .map(|batch| {
                let ends = [batch.header, batch.trailer];
                let blocks = batch.blocks.iter().map(|block| {
                    let ends = [block.header, block.trailer];
                    block.content.len() + ends.into_iter().flatten().count()
                });
                blocks.sum::<usize>() + ends.into_iter().flatten().count()
            })
            .sum();
        prop_assert_eq!(
            places,
            message.lines.len(),
            "every line is in one place of the envelope"
        );
        Ok(())
    });
    outcome.expect("lossless");
}

#[test]
fn padding_follows_the_class() {
    let mut record = Record::new(layout("SE", "SE10").expect("SE10"));
    record.set("action_code", "A").expect("A");
    record.set("entry_filer_code", "XYZ").expect("AN");
    record.set_number("estimated_entry_value", 40).expect("N");
    assert_eq!(&record.as_bytes()[..10], b"SE10AXYZ  ");
    assert_eq!(&record.as_bytes()[39..49], b"0000000040");
    record.set("estimated_entry_value", "").expect("unused");
    assert_eq!(
        &record.as_bytes()[39..49],
        b"          ",
        "unused numbers are spaces"
    );
    let mut tariff = Record::new(layout("AE", "50").expect("50"));
    tariff.set_number("duty_amount", 660).expect("SN");
    assert_eq!(&tariff.as_bytes()[13..23], b"       660");
    let missing: Vec<_> = tariff.missing().map(|field| field.name).collect();
    assert_eq!(
        missing,
        [
            "hts_number",
            "value_of_goods_amount",
            "unit_of_measure_code_1"
        ]
    );
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let mut record = Record::new(layout("AE", "11").expect("11"));
    let cases = [
        (
            "date_of_importation",
            "130126",
            "no such month",
            "a date MMDDYY",
        ),
        (
            "date_of_importation",
            "022926",
            "no such day in that month",
            "a date MMDDYY",
        ),
        (
            "importer_of_record_number",
            "12-3456789ab",
            "'a' is not allowed",
            "12-3456789AB",
        ),
        (
            "importer_of_record_number",
            "12-3456789AB3",
            "13 characters in 12",
            "at most 12",
        ),
        (
            "importer_of_record_number",
            " 12-3456789",
            "begins with a space",
            "12-3456789",
        ),
        (
            "us_state_of_destination_code",
            "N-",
            "'-' is not allowed in class AN",
            "capital",
        ),
        (
            "us_state_of_destination_code",
            "É",
            "'É' is not allowed in class AN",
            "capital",
        ),
        (
            "consignee",
            "12-3456789",
            "no such field",
            "consignee_number",
        ),
    ];
    let before = record.clone();
    for (field, value, reason, right) in cases {
        let error = record.set(field, value).expect_err(value);
        assert!(error.reason.contains(reason), "{error}");
        assert!(error.right.contains(right), "{error}");
        assert_eq!((error.record.as_str(), error.value.as_str()), ("11", value));
        assert_eq!(record, before, "a refused value changes nothing");
    }
}

#[test]
fn trailers_answer_their_headers() {
    let mut header = Record::new(layout("IN", "A").expect("A"));
    for (field, value) in [
        ("sender_receiver_site_code", "1234"),
        ("sender_receiver_id_code", "N01"),
        ("communication_password", "PASSED"),
        ("transmission_date", "010126"),
        ("application_identifier_code", "AE"),
    ] {
        header.set(field, value).expect(field);
    }
    let trailer = batch_trailer(&header).expect("Z");
    assert_eq!(&trailer.as_bytes()[..20], b"Z1234N01      010126");
    assert!(
        block_trailer(&header).is_err(),
        "an A record begins no block"
    );
}

#[test]
fn json_brings_every_byte_back() {
    let line = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..90),
        "(10|50|SE10|PG01|E1|90)[A-Z0-9 ]{76,78}".prop_map(String::into_bytes),
        "A[A-Z0-9 ]{24}(AE|SE|SO|UC)[A-Z0-9 ]{53}".prop_map(String::into_bytes),
    ];
    let ending = prop_oneof![3 => Just(&b"\n"[..]), 1 => Just(&b"\r\n"[..])];
    let message = proptest::collection::vec((line, ending), 0..8);
    let outcome = runner(500).run(&message, |lines| {
        let bytes: Vec<u8> = lines
            .iter()
            .flat_map(|(a, b)| [&a[..], b].concat())
            .collect();
        let json = serde_json::to_vec(&to_json(&decode(&bytes))).expect("JSON");
        let back = from_json(&json, None).map_err(|it| TestCaseError::fail(it[0].to_string()))?;
        prop_assert_eq!(encode(&back), bytes);
        Ok(())
    });
    outcome.expect("lossless");
}

#[test]
fn json_of_fields_is_a_message() {
    let json = br#"[
        {"record": "A", "fields": {"sender_receiver_site_code": "1234", "application_identifier_code": "AE"}},
        {"record": "50", "fields": {"hts_number": "6109100012", "duty_amount": 660}},
        {"record": "OI", "raw": "OI LOWER case", "ending": "none"}
    ]"#;
    let message = from_json(json, None).expect("a message");
    let text = encode(&message);
    assert!(text.starts_with(b"A1234") && &text[25..27] == b"AE");
    assert_eq!(&text[81..105], b"506109100012        660 ");
    assert!(text.ends_with(b"OI LOWER case"));
    let wrong = br#"[{"record": "50", "fields": {"duty_amount": 1.5}}, {"record": "77"},
        {"record": "90", "fields": {"total": "1"}}, {"record": "10", "extra": 1}]"#;
    let errors = from_json(wrong, Some("AE")).expect_err("four refusals");
    let numbers: Vec<_> = errors.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4], "each record is refused by itself");
    assert!(
        errors[2].to_string().contains("grand_total_duty_amount"),
        "{}",
        errors[2]
    );
}

#[test]
fn every_row_of_the_tables_is_read() {
    // Each of these reads its table, and fails on a row that is wrong.
    assert_eq!(dictionary::len(), 1_058);
    assert_eq!(
        dictionary::conditions("X39")[0].text,
        "DATA FOUND IN FILLER"
    );
    assert_eq!(
        dictionary::conditions("004").len(),
        3,
        "a code of several queries"
    );
    assert!(dictionary::conditions("@@@").is_empty());
    assert!(lint(&decode_as("AE", b"10\n")).has_errors());
    assert_eq!(meaning("SO", "SO60", "status_code", "98"), Some("released"));
    let explained = explain(&decode(b"SO10\n"));
    assert!(explained.notes[0].contains("single source"));
}

#[test]
fn the_envelope_says_which_table_is_read() {
    let sent = b"A1234N01PASSED010108     AE\nB 1201N01AE\n10\n50\nY 1201N01AE\nB 1202N01AE\n10\n10\nY 1202N01AE\nZ1234N01\n";
    let message = decode(sent);
    let sections: Vec<_> = message
        .lines
        .iter()
        .map(|line| line.layout().expect("known").section)
        .collect();
    assert_eq!(
        sections,
        ["IN", "IN", "AE", "AE", "IN", "IN", "AE", "AE", "IN", "IN"]
    );
    let batches = message.batches();
    assert_eq!(batches.len(), 1);
    assert_eq!((batches[0].header, batches[0].trailer), (Some(0), Some(9)));
    let transactions: Vec<_> = batches[0]
        .blocks
        .iter()
        .flat_map(|it| it.transactions.clone())
        .collect();
    assert_eq!(transactions, [2..4, 6..7, 7..8]);

    let made = format!(
        "A1234N01{:18}\nB{:78}B\nX0\nX1RF\nY{:11}00002{:62}Y\nZ{:78}Z\n",
        "", "", "", "", ""
    );
    let refused = decode(made.as_bytes());
    let sections: Vec<_> = refused
        .lines
        .iter()
        .map(|line| line.layout().expect("known").section)
        .collect();
    assert_eq!(sections, ["OUT", "ACE", "OUT", "OUT", "ACE", "ACE"]);

    let unbroken = [format!("{:80}", "SE10"), format!("{:80}", "SE13")].concat();
    let unbroken = decode(unbroken.as_bytes());
    assert!(unbroken.lines[0].is("SE10") && unbroken.lines[1].is("SE13"));
}

#[test]
fn a_password_is_in_no_error() {
    let mut record = Record::new(layout("IN", "A").expect("a layout"));
    for password in ["s3cret", "TOOLONG1"] {
        let error = record.set("communication_password", password);
        let said = format!("{:?}", error.expect_err("a password that does not fit"));
        assert!(!said.contains(password), "{said}");
    }
}
