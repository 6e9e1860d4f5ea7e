//! What the ledger keeps of its decisions: proofs, tampering, expiry.

use crate::ledgers::{Home, by_id, database, entered, entered_on, error, server};
use crate::verify_record;
use serde_json::Value;

fn proven(home: &Home, ledger: &str) {
    entered(home, ledger);
    let at = ["--ledger", ledger];
    let proof = home.say(&[&["ledger", "prove", "A"], &at[..]].concat());
    let told = verify_record::check(&proof, None).unwrap();
    assert!(
        told.contains("\"outcome\":\"free\"") && told.contains("input.line.1.line_value = 500.00")
    );
    assert!(
        told.contains("input.consignee_name = (not disclosed)"),
        "{told}"
    );
    assert!(!proof.contains("Lopezova") && !told.contains("Lopezova"));
    // The head that is kept elsewhere has the key by which it is checked.
    let head = home.json(&[&["ledger", "head"], &at[..]].concat());
    let key = head["public_key"].as_str().unwrap();
    verify_record::check(&proof, Some(key)).unwrap();
    let other = key.replace(&key[..2], if key.starts_with("00") { "11" } else { "00" });
    assert!(verify_record::check(&proof, Some(&other)).is_err());
    let decision = "outcome\":\"free"
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    assert!(proof.contains(&decision));
    let forged = proof.replace(&decision, &decision.replace("66726565", "66726566"));
    assert!(verify_record::check(&forged, Some(key)).is_err());

    home.say(&[&["ledger", "prove", "C", "-o", "c.proof"], &at[..]].concat());
    let file = home.path("c.proof").display().to_string();
    assert_eq!(verify_record::run(&[file, key.to_owned()]), 0);
    let unknown = home.run(&[&["ledger", "prove", "Z"], &at[..]].concat());
    assert_eq!(unknown.status.code(), Some(3));
    let verified = home.json(&[&["ledger", "verify"], &at[..]].concat());
    let records = &verified["records"];
    // The installation's own line comes first.
    assert_eq!(records["lines"], 4);
    assert_eq!(records["heads"].as_u64().unwrap(), 2);
    assert_eq!(
        (&records["root"], &records["found"]),
        (&head["root"], &Value::Array(vec![]))
    );
}

#[test]
fn a_decision_is_proven_without_the_ledger() {
    proven(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        proven(&Home::new(), &url);
    }
}

#[test]
fn what_was_changed_is_found() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    // A copy, so that all of it is in one file.
    home.say(&["ledger", "backup", "copy.sqlite", "--ledger", "days.sqlite"]);
    let path = home.path("copy.sqlite");
    let good = std::fs::read(&path).unwrap();
    let verify = ["ledger", "verify", "--ledger", "copy.sqlite"];
    home.say(&verify);
    // The value of B: as it was sent, in the decision, in the answer and in its row.
    let is_there = |at: &usize| &good[*at..at + 6] == b"250.00";
    let places: Vec<usize> = (0..good.len() - 6).filter(is_there).collect();
    let mut found = [0, 0];
    for place in &places {
        let mut bad = good.clone();
        bad[*place] = b'3';
        for end in ["-wal", "-shm"] {
            // What the run before has left, if anything.
            let _ = std::fs::remove_file(format!("{}{end}", path.display()));
        }
        std::fs::write(&path, &bad).unwrap();
        let output = home.run(&verify);
        let said = String::from_utf8(output.stdout).unwrap();
        if output.status.code() != Some(1) {
            continue;
        }
        assert!(said.contains("in the record log differ"), "{said}");
        if said.contains("a kept answer") {
            found[1] += 1;
        } else {
            let replay = home.run(&["ledger", "replay", "--ledger", "copy.sqlite"]);
            assert_eq!(replay.status.code(), Some(1), "nothing is built on it");
            found[0] += 1;
        }
    }
    // What formats other than JSON need lies behind the answer and is not in the record.
    assert!(
        found[0] > 1 && found[1] > 0,
        "{found:?} of {}",
        places.len()
    );
    if let Some((url, config)) = database() {
        let home = Home::new();
        entered(&home, &url);
        home.say(&["ledger", "verify", "--ledger", &url]);
        server::run(
            &config,
            "UPDATE record SET kept_until = kept_until - 1 WHERE shipment_id = 'B'",
        );
        let output = home.run(&["ledger", "verify", "--ledger", &url]);
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn records_are_kept_as_long_as_the_law_wants_and_then_deleted() {
    let home = Home::new();
    let given = entered_on(&home, "days.sqlite", "2018-05-10");
    let ledger = ["--ledger", "days.sqlite"];
    let until = |id: &str| {
        let decision: Value = serde_json::from_str(&by_id(&given)[id]).unwrap();
        decision["records_until"].as_str().unwrap().to_owned()
    };
    let list = home.json(&[&["ledger", "records", "list"], &ledger[..]].concat());
    for one in list.as_array().unwrap() {
        assert_eq!(
            one["kept_until"],
            until(one["shipment_id"].as_str().unwrap())
        );
    }
    // A and B entered free and are kept two years, C was entered and is kept five.
    assert!(until("A") < until("C"));
    let expire = |more: &[&str]| {
        let args = [
            &["ledger", "records", "expire", "--before", "2021-01-01"],
            more,
            &ledger,
        ]
        .concat();
        home.json(&args)["expired"].as_array().unwrap().len()
    };
    assert_eq!(expire(&["--dry-run"]), 2);
    // What the law still wants kept is named and never deleted; of all tenants, not of one.
    let later = ["ledger", "records", "expire", "--before", "2999-01-01"];
    let refused = home.run(&[&later[..], &ledger].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(error(&refused).contains("is after today"));
    let asked = home.json(&[&later[..], &["--dry-run"], &ledger].concat());
    assert_eq!(asked["expired"].as_array().unwrap().len(), 3);
    let of_one = home.run(&[&later[..], &["--tenant", "other"], &ledger].concat());
    assert_eq!(of_one.status.code(), Some(2), "not of one tenant alone");
    assert_eq!(expire(&[]), 2);
    assert_eq!(expire(&[]), 0);
    let proof = |id: &str| {
        let proof = home.say(&[&["ledger", "prove", id], &ledger[..]].concat());
        verify_record::check(&proof, None).unwrap()
    };
    assert!(proof("B").contains("input.line.1.line_value = (not disclosed)"));
    assert!(proof("C").contains("input.line.1.line_value = 400.00"));
    home.say(&[&["ledger", "verify"], &ledger[..]].concat());
    let replayed = home.json(&[&["ledger", "replay", "--as-known"], &ledger[..]].concat());
    assert_eq!(
        (&replayed["expired"], &replayed["same"]),
        (&2.into(), &1.into())
    );
}

#[test]
fn the_records_of_a_parcel_are_listed() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    entered(&home, "days.sqlite");
    let moved = ["ledger", "move", "C", "--arrives-at", "2024-05-12"];
    home.say(&[&moved[..], &ledger].concat());
    let list = |ids: &[&str]| home.json(&[&["ledger", "records", "list"], ids, &ledger].concat());
    let all = list(&[]);
    assert_eq!(all.as_array().unwrap().len(), 4);
    assert_eq!(list(&["C"]), serde_json::json!([all[2], all[3]]));
    assert_eq!(list(&["B", "A"]), serde_json::json!([all[1], all[0]]));
    let shown = home.say(&[&["ledger", "records", "list"], &ledger[..]].concat());
    let begins: Vec<usize> = shown
        .lines()
        .map(|line| line.find("claim").or(line.find("move")).or(line.find("by")))
        .map(Option::unwrap)
        .collect();
    assert_eq!(begins.len(), 5, "{shown}");
    assert!(begins.iter().all(|begin| *begin == begins[0]), "{shown}");
    let none = home.run(&[&["ledger", "records", "list", "A", "Z"], &ledger[..]].concat());
    assert_eq!(none.status.code(), Some(3));
    assert!(error(&none).contains("Z: no record"), "{}", error(&none));
    let empty = ["ledger", "records", "list", "--tenant", "other"];
    assert_eq!(
        home.json(&[&empty[..], &ledger].concat()),
        serde_json::json!([])
    );
}
