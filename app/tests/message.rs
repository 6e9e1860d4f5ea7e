//! `deminimis message`: what it writes, and with which exit status.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const EXAMPLE: &[u8] = include_bytes!("../../examples/messages/entry-11.txt");
const JSON: &[u8] = include_bytes!("../../examples/messages/entry-11.json");

fn message(words: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .arg("message")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A call that is wrong ends before it has read its input.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_example_and_its_json_are_one() {
    let decoded = message(&["decode"], EXAMPLE);
    assert_eq!(decoded.status.code(), Some(0), "{}", said(&decoded.stderr));
    assert_eq!(said(&decoded.stdout), said(JSON));
    let encoded = message(&["encode", "-"], JSON);
    assert_eq!(encoded.status.code(), Some(0), "{}", said(&encoded.stderr));
    assert_eq!(encoded.stdout, EXAMPLE);
}

#[test]
fn lint_ends_with_three_where_it_finds_an_error() {
    let clean = message(&["lint"], EXAMPLE);
    assert_eq!(clean.status.code(), Some(0), "{}", said(&clean.stdout));
    let wrong = said(EXAMPLE).replace("       1160", "       1161");
    let found = message(&["lint"], wrong.as_bytes());
    assert_eq!(found.status.code(), Some(3));
    let table = said(&found.stdout);
    assert!(
        table.contains("3-13    722") && table.contains("right:        1160"),
        "{table}"
    );
    let json = message(&["lint", "--format", "json"], wrong.as_bytes());
    assert_eq!(json.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(report["findings"][0]["record_number"], 12);
    assert_eq!(report["findings"][0]["code"], "722");
    assert_eq!(report["edition"]["name"], "catair-2026-07");
}

#[test]
fn explain_says_fields_in_words() {
    let explained = message(&["explain"], EXAMPLE);
    assert_eq!(explained.status.code(), Some(0));
    let text = said(&explained.stdout);
    assert!(text.contains("duty amount 6.60") && text.contains("date of importation 2026-11-20"));
    assert!(!text.contains("PASSED"), "the password is not repeated");
}

#[test]
fn what_cannot_be_done_is_refused() {
    let unknown = message(&["lint", "--application", "QQ"], EXAMPLE);
    assert_eq!(unknown.status.code(), Some(2), "{}", said(&unknown.stderr));
    let absent = message(&["lint", "no-such-file.txt"], b"");
    assert_eq!(absent.status.code(), Some(1));
    assert!(said(&absent.stderr).contains("no-such-file.txt"));
    let two = br#"[{"record": "50", "fields": {"duty_amount": "6.60"}}, {"record": "QQ"}]"#;
    let refused = message(&["encode", "--application", "AE"], two);
    assert_eq!(refused.status.code(), Some(3));
    assert!(refused.stdout.is_empty(), "no message that lacks a record");
    let reasons = said(&refused.stderr);
    assert!(
        reasons.contains("record 1") && reasons.contains("columns 14-23"),
        "{reasons}"
    );
    assert!(reasons.contains("record 2"), "{reasons}");
}
