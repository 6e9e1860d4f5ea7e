//! `message answer`: what CBP sent, as a person and as a program reads it.

use serde_json::Value;
use std::fs;
use std::process::{Command, Output};

fn run(args: &[&str], files: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(["message", "answer"])
        .args(args)
        .current_dir(folder.path())
        .env("DEMINIMIS_HOME", folder.path())
        .output()
        .expect("the program runs")
}

/// Two summaries: one refused for its payment type and a quantity, one accepted.
const AX: &str = "\
A2704ABC      112026     AX
B  4701ABCAX
E0 SUMMRY 000001 REF ID: ABC 12345676
E1 F263   PAYMENT TYPE CODE MISSING
E0 LINITM 000002 REF ID: 002
E0 TARIFF 000001 REF ID: 6109100012
E1 F439   QUANTITY/UOM(S) MISSING
E1RFS98   TRANSACTION DATA REJECTED               ABC  12345676
E0 SUMMRY 000002 REF ID: ABC 00000014
E1A       SUMMARY HAS BEEN ADDED                  ABC  0000001400100
Y  4701ABCAX00008
Z2704ABC      112026
";

/// A hold and its end, told in one notification.
const SO: &str = include_str!("data/answers/hold-and-release.so");

#[test]
fn each_entry_is_told_with_its_conditions_and_what_to_do() {
    let output = run(&["answer.ax"], &[("answer.ax", AX)]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for part in [
        "ABC-1234567-6",
        "rejected",
        "F 263 PAYMENT TYPE CODE MISSING",
        "at record 50 no. 1 hts_number \"6109100012\"",
        "do: correct what the conditions name",
        "ABC-0000001-4",
        "accepted",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // The dictionary's explanation of a condition stands below it.
    assert!(said.contains("must indicate a payment type code"), "{said}");
}

#[test]
fn files_in_any_order_tell_the_same() {
    let files = [("a.ax", AX), ("b.so", SO)];
    let told = |args: &[&str]| {
        let output = run(args, &files);
        let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        json["entries"].clone()
    };
    let one = told(&["a.ax", "b.so", "--format", "json"]);
    let other = told(&["b.so", "a.ax", "b.so", "--format", "json"]);
    assert_eq!(one, other);
    let accepted = &one[0];
    assert_eq!(accepted["entry"], "ABC-0000001-4");
    assert_eq!(accepted["standing"]["summary"], "accepted");
    assert_eq!(accepted["standing"]["single_source"], true);
    assert_eq!(one[1]["standing"]["summary"], "rejected");
}

#[test]
fn what_is_no_answer_is_told_by_its_line() {
    let output = run(&["x"], &[("x", "hello\nworld\n")]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("x line 1"), "{said}");
    let missing = run(&["none.ax"], &[]);
    assert_eq!(missing.status.code(), Some(1));
}
