//! Cargo releases of the same file.

use crate::parcels::file;
use crate::{CONFIG, PARCELS, entries, rows, run, text};
use deminimis_filing::messages::catair::decode;
use deminimis_filing::messages::catair::entry::EntryType;
use deminimis_filing::messages::catair::lint::lint;
use std::collections::BTreeMap;
use std::fs;

#[test]
fn a_cargo_release_is_written_of_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (csv, lacking) = file(PARCELS);
    fs::write(at("parcels.csv"), csv).expect("a file");
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let call = [
        "entry",
        "parcels.csv",
        "--as",
        "se",
        "-o",
        "releases.se",
        "--rejects",
        "refused.csv",
        "--sent-on",
        "2026-12-01",
    ];
    let output = run(folder.path(), &call);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let bytes = fs::read(at("releases.se")).expect("the message");
    let message = decode(&bytes);
    let report = lint(&message);
    assert!(report.findings.is_empty(), "{:#?}", report.findings.first());
    // A release asks for fewer fields: no payment, no country or day of export, no unit of
    // packages or quantity of goods, and of a formal entry no more than its bond.
    let refused = rows(&at("refused.csv"));
    let told: BTreeMap<&str, (&str, &str)> = refused
        .iter()
        .map(|row| {
            let at = (row["field"].as_str(), row["row"].as_str());
            (row["shipment_id"].as_str(), at)
        })
        .collect();
    let places: BTreeMap<&str, String> = lacking
        .iter()
        .map(|(id, lack)| (id.as_str(), lack.row.to_string()))
        .collect();
    let expected: BTreeMap<&str, (&str, &str)> = lacking
        .iter()
        .filter(|(_, lack)| lack.in_release)
        .map(|(id, lack)| (id.as_str(), (lack.field, places[id.as_str()].as_str())))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(refused.len(), told.len(), "one row each");
    let entries = entries(&message);
    assert_eq!(entries.len() + refused.len(), PARCELS);
    let formal = entries
        .iter()
        .filter(|entry| entry.entry_type == EntryType::Consumption);
    assert!(formal.count() >= 100);
}
