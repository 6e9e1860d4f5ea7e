//! `document` as a user runs it: papers, messages, exit status.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn file(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(name).display().to_string()
}

fn parcels() -> String {
    file("docs/documents/parcels.json")
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .arg("document")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder that goes with the test, and a file in it.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pdf");
    (folder, out)
}

#[test]
fn every_kind_of_one_parcel_is_written_and_again_the_same() {
    let parcels = parcels();
    for (kind, id, more) in [
        ("invoice", "LV-20417", &["--responsible", "Le Thi Hoa"][..]),
        ("packing-list", "LV-20417", &[]),
        ("cn22", "JP-0093", &[]),
        ("cn23", "JP-0093", &[]),
        ("entry-summary", "LV-20417", &[]),
        ("paps-label", "TR-118", &["--number", "NLTD00004417"]),
        (
            "letter",
            "LV-20417",
            &["--issuer", "Lakeshore Customs Brokers"],
        ),
    ] {
        let (folder, out) = folder();
        let mut bytes = Vec::new();
        for _ in 0..2 {
            let args = [&[kind, &parcels, "--shipment", id, "-o", "out.pdf"], more].concat();
            let output = run(folder.path(), &args);
            assert_eq!(output.status.code(), Some(0), "{kind}: {}", said(&output));
            bytes.push(std::fs::read(&out).unwrap());
        }
        assert!(bytes[0].starts_with(b"%PDF-1.7"), "{kind}");
        assert!(bytes[0] == bytes[1], "{kind} differs from run to run");
    }
}

#[test]
fn an_invoice_tells_what_it_lacks_or_is_refused() {
    let (folder, out) = folder();
    let parcels = parcels();
    let base = [
        "invoice",
        &parcels,
        "--shipment",
        "LV-20417",
        "-o",
        "out.pdf",
    ];
    let output = run(folder.path(), &base);
    assert_eq!(output.status.code(), Some(0));
    let text = said(&output);
    assert!(text.contains("19 CFR 141.86(j)"), "{text}");
    assert!(!text.contains("(a)("), "{text}");
    std::fs::remove_file(&out).unwrap();
    let output = run(folder.path(), &[&base[..], &["--complete"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("not complete"), "{}", said(&output));
    assert!(!out.exists());
}

#[test]
fn what_cannot_be_printed_is_refused_with_its_reason_and_no_file_is_left() {
    let parcels = parcels();
    for (args, status, words) in [
        (
            &["cn22", "--shipment", "LV-20417"][..],
            3,
            "s10_number is not given",
        ),
        (
            &["entry-summary", "--shipment", "JP-0093"],
            3,
            "no entry summary",
        ),
        (
            &["paps-label", "--shipment", "TR-118", "--number", "é"],
            3,
            "paps_number `é`",
        ),
        (&["letter", "--shipment", "XX-1"], 2, "no parcel `XX-1`"),
        (&["letter"], 2, "name one with --shipment"),
        (&["cn23", "--date", "2026-02-30"], 2, "YYYY-MM-DD"),
    ] {
        let (folder, out) = folder();
        let (kind, rest) = args.split_first().unwrap();
        let all = [&[*kind, &parcels, "-o", "out.pdf"], rest].concat();
        let output = run(folder.path(), &all);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(status), "{args:?}: {text}");
        assert!(text.contains(words), "{args:?}: {text}");
        assert!(!out.exists(), "{args:?}");
    }
}

#[test]
fn a_statement_has_the_parcels_of_its_month_and_tells_of_refused_ones() {
    let (folder, out) = folder();
    let example = file("examples/parcels.csv");
    let args = ["statement", &example, "--month", "2026-11", "-o", "out.pdf"];
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("refused "), "{}", said(&output));
    assert!(std::fs::read(&out).unwrap().starts_with(b"%PDF-1.7"));
    let parcels = parcels();
    let args = ["statement", &parcels, "--month", "2026-13", "-o", "out.pdf"];
    assert_eq!(run(folder.path(), &args).status.code(), Some(2));
}

#[test]
fn a_paper_is_never_written_over_the_parcels() {
    let (folder, _) = folder();
    let parcels = folder.path().join("parcels.json");
    std::fs::copy(self::parcels(), &parcels).unwrap();
    let args = [
        "letter",
        "parcels.json",
        "--shipment",
        "TR-118",
        "-o",
        "parcels.json",
    ];
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(std::fs::read(&parcels).unwrap().starts_with(b"["));
}
