//! What is refused before any parcel is read, and what is never shown or written over.

use crate::parcels::file;
use crate::{CONFIG, entries, rows, run, text};
use deminimis_filing::messages::catair::decode;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn what_cannot_be_used_is_said_before_any_parcel_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("parcels.csv"), "shipment_id\n").expect("a file");
    for (config, said) in [
        ("", "has no table [filing]"),
        (
            "[filing]\nfiler_code = \"abc\"\nsite_code = \"2704\"\n",
            "filer_code",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\nfiler = 1\n",
            "filer",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\n[filing.mode_of_transportation]\nair = \"30\"\n",
            "40 or 41",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\nentry_numbers = { from = 9, to = 1 }\n",
            "entry_numbers",
        ),
    ] {
        fs::write(at("deminimis.toml"), config).expect("a file");
        let output = run(folder.path(), &["entry", "parcels.csv", "-o", "out.ae"]);
        assert_eq!(output.status.code(), Some(2), "{config}");
        let told = text(&output.stderr);
        assert!(told.contains(said), "{said}: {told}");
    }
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(["entry", "parcels.csv", "-o", "out.ae"])
        .current_dir(folder.path())
        .env("DEMINIMIS_HOME", folder.path())
        .env_remove("DEMINIMIS_ABI_PASSWORD")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("DEMINIMIS_ABI_PASSWORD"));
}

/// A run whose password comes from a file, with this configuration besides.
fn with_password_file(folder: &Path, config: &str, args: &[&str]) -> Output {
    let config = config.replacen(
        "site_code = \"2704\"",
        "site_code = \"2704\"\npassword_file = \"abi.pass\"",
        1,
    );
    fs::write(folder.join("deminimis.toml"), config).expect("a file");
    fs::write(folder.join("abi.pass"), "S3CRET\n").expect("a file");
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(args)
        .current_dir(folder)
        .env("DEMINIMIS_HOME", folder)
        .env_remove("DEMINIMIS_ABI_PASSWORD")
        .output()
        .expect("the program runs")
}

#[test]
fn the_file_of_the_password_is_not_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("sub")).expect("a folder");
    fs::write(path.join("parcels.csv"), file(8).0).expect("a file");
    let usual = ["-o", "out.ae", "--rejects", "no.csv", "--list", "list.csv"];
    for (option, at) in [("-o", 1), ("--rejects", 3), ("--list", 5)] {
        for name in ["abi.pass", "./abi.pass", "sub/../abi.pass"] {
            let mut args = vec!["entry", "parcels.csv", "--sent-on", "2026-12-01"];
            let mut own = usual;
            own[at] = name;
            args.extend(own);
            let output = with_password_file(path, CONFIG, &args);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{option} {name}: {said}");
            assert!(said.contains("abi.pass"), "{option} {name}: {said}");
            assert!(!said.contains("S3CRET"), "{said}");
            let kept = fs::read_to_string(path.join("abi.pass")).expect("it is there");
            assert_eq!(kept, "S3CRET\n", "{option} {name}");
        }
    }
    // With other names the same call writes, and the password stands in its columns alone.
    let mut args = vec!["entry", "parcels.csv", "--sent-on", "2026-12-01"];
    args.extend(usual);
    let output = with_password_file(path, CONFIG, &args);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(!said.contains("S3CRET"), "{said}");
    let message = fs::read_to_string(path.join("out.ae")).expect("the message");
    assert_eq!(message.matches("S3CRET").count(), 1);
    assert_eq!(&message[8..14], "S3CRET");
}

#[test]
fn a_formal_entry_has_its_consignees_number_and_a_refusal_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    // Of the first four parcels the last is formal, and none lacks anything.
    let (csv, lacking) = file(4);
    assert!(lacking.is_empty());
    fs::write(at("parcels.csv"), csv).expect("a file");
    let call = [
        "entry",
        "parcels.csv",
        "-o",
        "out.ae",
        "--rejects",
        "no.csv",
        "--sent-on",
        "2026-12-01",
    ];
    let number = "consignee_number = \"98-7654321\"\n";
    assert!(CONFIG.contains(number));
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let output = run(folder.path(), &call);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let bytes = fs::read(at("out.ae")).expect("the message");
    let numbers: Vec<Option<String>> = entries(&decode(&bytes))
        .into_iter()
        .map(|entry| entry.summary.expect("a summary").consignee_number)
        .collect();
    let given = Some("98-7654321".to_owned());
    assert_eq!(numbers, [None, None, None, given]);

    // Without one the formal entry alone is refused, in both records that need it.
    fs::write(at("deminimis.toml"), CONFIG.replace(number, "")).expect("a file");
    let output = run(folder.path(), &call);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let refused = rows(&at("no.csv"));
    let mut places: Vec<&str> = refused
        .iter()
        .map(|row| {
            assert_eq!(row["shipment_id"], "E-0003");
            assert_eq!(row["field"], "[filing] consignee_number");
            row["reason"].split(" (").next().expect("a place")
        })
        .collect();
    places.sort_unstable();
    assert_eq!(places.len(), 2, "{places:?}");
    assert!(
        places[0].starts_with("record 11 columns 15-26"),
        "{places:?}"
    );
    assert!(
        places[1].starts_with("record SE30 columns 46-65"),
        "{places:?}"
    );

    // One of a form that no number has is refused, and not repeated: it may be a person's.
    let wrong = CONFIG.replace(number, "consignee_number = \"987-65-43210\"\n");
    fs::write(at("deminimis.toml"), wrong).expect("a file");
    let output = run(folder.path(), &call);
    let mut said = text(&output.stdout) + &text(&output.stderr);
    assert_ne!(output.status.code(), Some(0), "{said}");
    said.push_str(&fs::read_to_string(at("no.csv")).unwrap_or_default());
    assert!(said.contains("consignee_number"), "{said}");
    assert!(!said.contains("987-65"), "{said}");
}
