//! A proof holds for the small program that shares no code with the ledger, and no changed one does.

mod common;

#[allow(
    dead_code,
    reason = "its `main` is for those who run it; the tests call what that calls"
)]
#[path = "../examples/verify_record.rs"]
mod verify_record;

use common::{assess, claim, event, stores};
use deminimis_store::Ledger;
use serde_json::Value;

fn proven(ledger: &dyn Ledger) -> Value {
    for number in 0..11 {
        let id = format!("parcel {number}");
        let done = ledger.claim(claim(&id, 1, 10), assess(1_000 + number));
        done.wait().expect("a claim");
    }
    let amended = ledger.amend(event("parcel 3", "e1"), assess(777));
    amended.wait().expect("an amendment");
    ledger.sign_head(1_795_000_000).wait().expect("a head");
    let proof = ledger.prove("acme", "parcel 3").wait().expect("a proof");
    serde_json::to_value(proof).expect("JSON")
}

/// Every place of the proof where a text, a number or a truth stands.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                places(value, &format!("{at}/{number}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(at.to_owned());
        }
    }
}

fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(truth) => Value::Bool(!truth),
        Value::Number(number) => Value::from(number.as_i64().expect("whole") + 1),
        Value::String(text) => {
            let mut text = text.clone();
            let last = text.pop();
            text.push(if last == Some('0') { '1' } else { '0' });
            Value::String(text)
        }
        _ => Value::String("00".into()),
    }
}

#[test]
fn a_true_proof_is_proven_and_any_change_is_not() {
    for store in stores() {
        let proof = proven(&*store.ledger);
        let key = proof["head"]["public_key"].as_str().expect("a key");
        let ours = common::installation().public_key();
        let ours: String = ours.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(key, ours);
        let told = verify_record::check(&proof.to_string(), Some(key)).expect("proven");
        for line in [
            "shipment parcel 3 of acme",
            "record 4, posting 4, claim",
            "  line_value = 1003",
            "  consignee.name = (not disclosed)",
            "  line_value = 777",
        ] {
            assert!(told.contains(line), "{line} is not in {told}");
        }
        let mut found = Vec::new();
        places(&proof, "", &mut found);
        assert!(found.len() > 50, "{} places", found.len());
        for place in found {
            let mut other = proof.clone();
            let value = other.pointer_mut(&place).expect("a place");
            *value = changed(value);
            let told = verify_record::check(&other.to_string(), Some(key));
            assert!(told.is_err(), "{place} of {} was changed", store.name);
        }
        let other = verify_record::check(&proof.to_string(), Some(&"00".repeat(32)));
        assert!(other.is_err());
        let text = proof.to_string();
        assert!(!text.contains(&digits("Anna")) && !text.contains(&digits("Elm")));
    }
}

fn digits(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_program_ends_with_one_for_what_is_not_proven() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.json");
    let store = common::sqlite();
    let proof = proven(&*store.ledger).to_string();
    let run = |text: &str| {
        std::fs::write(&path, text).unwrap();
        verify_record::run(&[path.display().to_string()])
    };
    assert_eq!(run(&proof), 0);
    assert_eq!(run(&proof.replacen("parcel 3", "parcel 4", 1)), 1);
    assert_eq!(run("{}"), 1);
    assert_eq!(run(&proof[..proof.len() - 1]), 1);
    assert_eq!(verify_record::run(&["nowhere.json".into()]), 1);
    assert_eq!(verify_record::run(&[]), 2);
}

#[test]
fn many_parcels_are_proven_under_one_head() {
    for store in stores() {
        let ledger = &*store.ledger;
        assert!(ledger.signed_tree().wait().is_err(), "nothing is signed");
        proven(ledger);
        let tree = ledger.signed_tree().wait().expect("a tree");
        assert_eq!(tree.head().size, 12);
        for number in 0..11 {
            let id = format!("parcel {number}");
            let proof = ledger.prove_under(&tree, "acme", &id).wait();
            let proof = proof.expect("a proof");
            assert_eq!(Ok(&proof), ledger.prove("acme", &id).wait().as_ref());
            let text = serde_json::to_string(&proof).expect("JSON");
            verify_record::check(&text, None).expect("proven");
        }
        // What came later is not under it, and what is not there is not proven.
        let later = ledger.claim(claim("later", 1, 10), assess(5));
        later.wait().expect("a claim");
        for id in ["later", "nobody's"] {
            assert!(
                ledger.prove_under(&tree, "acme", id).wait().is_err(),
                "{id}"
            );
        }
    }
}
