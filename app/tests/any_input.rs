//! Any bytes at all: the readers never panic, never loop, and account for everything they read.
//!
//! The kept corpus is read as it is, cut short at every place, and changed at random with a fixed
//! seed, so that a run is the same everywhere.

mod reading;

use deminimis_office::read::{ReadError, presets};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reading::{Outcome, read, read_with};
use std::path::Path;

/// Every file of a corpus: its name and its bytes, in the order of the names.
fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&path)
        .expect("the corpus is there")
        .map(|entry| entry.expect("the corpus can be read").path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Reads and checks what must hold for any bytes.
fn try_bytes(name: &str, bytes: &[u8]) -> Outcome {
    let outcome = read(bytes, name);
    for reject in &outcome.rejected {
        assert!(
            reject.rows >= 1 && !reject.reason.to_string().is_empty(),
            "{reject:?}"
        );
        assert!(
            reject.value.chars().count() <= 81 && !reject.value.contains('\n'),
            "{reject:?}"
        );
    }
    for (shipment, texts) in &outcome.accepted {
        assert!(!shipment.id.is_empty() && (1..=999).contains(&shipment.lines.len()));
        assert_eq!(texts.line_count(), shipment.lines.len());
    }
    if outcome.error.is_none() {
        assert_eq!(
            outcome.counts.rows_read,
            rows_of(name, bytes, &outcome),
            "{name}"
        );
    }
    outcome
}

/// The rows, counted another way.
fn rows_of(name: &str, bytes: &[u8], outcome: &Outcome) -> u64 {
    if name.ends_with(".csv") {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        return reader.byte_records().count() as u64;
    }
    if name.ends_with(".ndjson") {
        return bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .count() as u64;
    }
    outcome.counts.rows_read
}

#[test]
fn the_corpus_and_every_beginning_of_it() {
    for (name, bytes) in corpus("csv").into_iter().chain(corpus("json")) {
        try_bytes(&name, &bytes);
        for end in 0..bytes.len().min(1000) {
            try_bytes(&name, &bytes[..end]);
        }
    }
}

#[test]
fn an_empty_file_is_told_from_a_bad_one() {
    let empty = |outcome: &Outcome| matches!(outcome.error, Some(ReadError::Empty { .. }));
    assert!(empty(&read(b"", "a.csv")) && empty(&read(b"", "-")) && empty(&read(b" \n", "a.json")));
    assert!(!empty(&read(b"x", "a.csv")));
}

/// One change of some bytes: the place in parts of 65536, the kind, the byte.
fn change(bytes: &mut Vec<u8>, place: u16, kind: u8, byte: u8) {
    const TELLING: &[u8] = b"\",\n\r{}[]:\\0-.eE \xff\xc3\x00;'";
    let at = usize::from(place) * bytes.len() / 65_536;
    match kind % 6 {
        0 => bytes.insert(at, byte),
        1 if !bytes.is_empty() => bytes[at] = byte,
        2 if !bytes.is_empty() => {
            bytes.remove(at);
        }
        3 => bytes.insert(at, TELLING[usize::from(byte) % TELLING.len()]),
        4 => bytes.truncate(at),
        5 => {
            let end = (at + usize::from(byte)).min(bytes.len());
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        _ => {}
    }
}

#[test]
fn the_corpus_changed_at_random() {
    let files: Vec<_> = corpus("csv").into_iter().chain(corpus("json")).collect();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 2500,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    // Read once: a map is text to be parsed.
    let shopify = presets::preset("shopify").ok();
    let changes = prop::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..6);
    let strategy = (0..files.len(), changes);
    let result = runner.run(&strategy, |(file, changes)| {
        let (name, bytes) = &files[file];
        let mut bytes = bytes.clone();
        for (place, kind, byte) in changes {
            change(&mut bytes, place, kind, byte);
        }
        try_bytes(name, &bytes);
        try_bytes("-", &bytes);
        if name.ends_with(".csv") {
            read_with(&bytes, name, |options| options.ignore_unknown = true);
            read_with(&bytes, name, |options| {
                options.map = shopify.clone();
                let set = [
                    ("mode", "air"),
                    ("arrives_at", "2024-05-10"),
                    ("country_of_shipment", "CN"),
                ];
                options.set = set
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .to_vec();
            });
        }
        Ok(())
    });
    result.expect("every input is read or refused");
}

#[test]
fn any_text_in_a_cell_is_read_or_refused_alone() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 3000,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    const NAMES: [&str; 12] = [
        "arrives_at",
        "filed_at",
        "exported_on",
        "country_of_origin",
        "currency",
        "htsus_number",
        "quantity",
        "line_value",
        "claims",
        "description",
        "order_parcels",
        "facts.metal_weight_share",
    ];
    let text = prop_oneof!["[0-9./:TZ+-]{0,24}", "[A-Za-z]{0,4}", ".{0,40}"];
    let result = runner.run(&(0..NAMES.len(), text), |(field, text)| {
        let name = NAMES[field];
        let mut columns = vec![
            "shipment_id",
            "mode",
            "arrives_at",
            "country_of_shipment",
            "consignee_name",
            "description",
            "line_value",
        ];
        let mut cells = vec!["A", "air", "2024-05-10", "VN", "Ana", "shirt", "1"];
        match columns.iter().position(|column| *column == name) {
            Some(at) => cells[at] = &text,
            None => {
                columns.push(name);
                cells.push(&text);
            }
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&columns).unwrap();
        writer.write_record(&cells).unwrap();
        let outcome = try_bytes("a.csv", &writer.into_inner().unwrap());
        prop_assert!(outcome.error.is_none());
        prop_assert_eq!(outcome.counts.shipments_read, 1);
        Ok(())
    });
    result.expect("every text is read or refused");
}
