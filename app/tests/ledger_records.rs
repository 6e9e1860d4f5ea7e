//! What the ledger keeps of its decisions, as a user meets it: proofs, tampering, erasure, expiry,
//! exports and backups, over the built program and real stores.

mod ledgers;
#[path = "../../store/examples/verify_record.rs"]
#[allow(dead_code, reason = "its program is run by hand")]
mod verify_record;

use ledgers::{HEADER, Home, by_id, database, decisions, row, server};
use serde_json::Value;
use std::path::Path;

const WHO: [&str; 10] = [
    "--street",
    "1 Oak St",
    "--city",
    "Austin",
    "--state",
    "TX",
    "--postal-code",
    "78701",
    "--country",
    "US",
];

fn who(name: &str) -> Vec<&str> {
    [&["--name", name], &WHO[..]].concat()
}

/// Two persons' parcels on one day, entered.
fn entered(home: &Home, ledger: &str) -> String {
    let mut rows = HEADER.to_owned();
    for (id, hour, person, value) in [
        ("A", 8, "Anamaria Lopezova", "500.00"),
        ("B", 9, "Bo Chen", "250.00"),
        ("C", 10, "Anamaria Lopezova", "400.00"),
    ] {
        let time = format!("2024-05-10T{hour:02}:00:00-04:00");
        rows.push_str(&row(id, &time, person, value));
    }
    let file = home.write("a.csv", &rows);
    let args = ["assess", &file, "--format", "ndjson", "--ledger", ledger];
    home.say(&args)
}

fn key_of(decision: &str) -> String {
    let decision: Value = serde_json::from_str(decision).unwrap();
    decision["person"]["key"].as_str().unwrap().to_owned()
}

/// Every byte of an SQLite ledger, of all its files.
fn bytes_of(path: &Path) -> Vec<u8> {
    let names = ["", "-wal", "-shm"];
    let files = names.map(|end| std::fs::read(format!("{}{end}", path.display())).ok());
    files.into_iter().flatten().flatten().collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

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
fn an_erased_person_is_gone_and_all_else_stays() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    let given = entered(&home, "days.sqlite");
    let path = home.path("days.sqlite");
    // Nothing of a person stands there in the clear, before the erasure as after it.
    let bytes = bytes_of(&path);
    for text in [
        "Lopezova",
        "1 Oak St",
        "78701",
        &key_of(given.lines().next().unwrap()),
    ] {
        assert!(!has(&bytes, text), "{text}");
    }
    let before = home.json(&[&["ledger", "verify"], &ledger[..]].concat());
    let proof = home.say(&[&["ledger", "prove", "A"], &ledger[..]].concat());
    let person = who("Anamaria Lopezova");
    let erase = [&["ledger", "erase"], &person[..], &ledger[..]].concat();
    let asked = home.run(&erase);
    assert_eq!(asked.status.code(), Some(2));
    let said = String::from_utf8(asked.stderr).unwrap();
    assert!(
        said.contains("2 parcels") && said.contains("--yes"),
        "{said}"
    );
    let erased = home.json(&[&erase[..], &["--yes"]].concat());
    assert_eq!(
        (&erased["keys"], &erased["records"]),
        (&1.into(), &2.into())
    );

    // The totals, the records, the proof.
    let day = home.json(&[&["ledger", "day", "2024-05-10"], &person[..], &ledger[..]].concat());
    assert_eq!(day["all_usd"], "900.00");
    verify_record::check(&proof, None).unwrap();
    let again = home.say(&[&["ledger", "prove", "A"], &ledger[..]].concat());
    verify_record::check(&again, None).unwrap();
    let after = home.json(&[&["ledger", "verify"], &ledger[..]].concat());
    // The erasure leaves a line of its own.
    assert_eq!(
        after["records"]["lines"].as_u64().unwrap(),
        before["records"]["lines"].as_u64().unwrap() + 1
    );
    let list = home.json(&[&["ledger", "records", "list"], &ledger[..]].concat());
    let states: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["erased", "kept", "erased"]);

    // The same request gets the same answers, without the person, and is told so.
    let file = home.path("a.csv").display().to_string();
    let output = home.run(&[&["assess", &file, "--format", "ndjson"], &ledger[..]].concat());
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(told.contains("of them 2 of erased persons"), "{told}");
    let (given, now) = (by_id(&given), by_id(&decisions(&output)));
    assert_eq!(now["B"], given["B"]);
    for id in ["A", "C"] {
        let key = key_of(&given[id]);
        let without = given[id]
            .replace(&format!("\"{key}\""), "null")
            .replace("\"score\":\"1.00\"", "\"score\":null");
        assert_eq!(now[id], without, "{id}");
    }
    // Moving it needs the parcel from elsewhere now.
    let moved = home.run(
        &[
            &["ledger", "move", "A", "--arrives-at", "2024-05-12"],
            &ledger[..],
        ]
        .concat(),
    );
    assert_eq!(moved.status.code(), Some(3));
    assert!(
        String::from_utf8(moved.stderr)
            .unwrap()
            .contains("its person was erased")
    );
    let replayed = home.json(&[&["ledger", "replay", "--as-known"], &ledger[..]].concat());
    assert_eq!(
        (&replayed["erased"], &replayed["same"]),
        (&2.into(), &1.into())
    );
    let bytes = bytes_of(&path);
    assert!(!has(&bytes, "Lopezova") && !has(&bytes, "1 Oak St"));
    // A parcel that comes later of the same person is as any other.
    let file = home.write(
        "d.csv",
        &(HEADER.to_owned() + &row("D", "2024-05-11", "Anamaria Lopezova", "10.00")),
    );
    let args = [
        &["assess", file.as_str(), "--format", "ndjson"],
        &ledger[..],
    ]
    .concat();
    let fresh = home.say(&args);
    assert_eq!(key_of(&fresh), key_of(&given["A"]));
    assert_eq!(home.say(&args), fresh);
}

fn carried(home: &Home, from: &str, to: &str) {
    let given = entered(home, from);
    let person = who("Bo Chen");
    home.say(&[
        "ledger",
        "move",
        "C",
        "--arrives-at",
        "2024-05-12",
        "--ledger",
        from,
    ]);
    home.say(&["ledger", "head", "--ledger", from]);
    home.say(
        &[
            &["ledger", "erase", "--yes"],
            &person[..],
            &["--ledger", from],
        ]
        .concat(),
    );
    let head = home.json(&["ledger", "head", "--ledger", from]);
    home.say(&["ledger", "export", "one.ndjson", "--ledger", from]);
    home.say(&["ledger", "import", "one.ndjson", "--ledger", to]);
    home.say(&["ledger", "export", "two.ndjson", "--ledger", to]);
    let read = |name: &str| std::fs::read_to_string(home.path(name)).unwrap();
    assert_eq!(read("one.ndjson"), read("two.ndjson"));
    assert!(!read("one.ndjson").contains("Lopezova"));
    let verified = home.json(&["ledger", "verify", "--ledger", to]);
    assert_eq!(verified["records"]["heads"], 2);
    assert_eq!(verified["records"]["root"], head["root"]);
    // It goes on from there: the same answers, and what is kept can be read.
    let file = home.path("a.csv").display().to_string();
    let again = home.say(&["assess", &file, "--format", "ndjson", "--ledger", to]);
    assert_eq!(by_id(&again)["A"], by_id(&given)["A"]);
    home.say(&[
        "ledger",
        "move",
        "A",
        "--arrives-at",
        "2024-05-13",
        "--ledger",
        to,
    ]);
    home.say(&["ledger", "verify", "--ledger", to]);
    // Only an empty ledger takes in another, and only a whole one.
    let refused = home.run(&["ledger", "import", "one.ndjson", "--ledger", to]);
    assert_eq!(refused.status.code(), Some(3));
    let cut = read("one.ndjson");
    home.write("cut.ndjson", &cut[..cut.len() - 20]);
    let refused = home.run(&["ledger", "import", "cut.ndjson", "--ledger", "cut.sqlite"]);
    assert_eq!(refused.status.code(), Some(3));
}

#[test]
fn a_ledger_is_carried_elsewhere_with_equal_heads() {
    carried(&Home::new(), "from.sqlite", "to.sqlite");
    if let (Some((from, _)), Some((to, _))) = (database(), database()) {
        carried(&Home::new(), &from, "to.sqlite");
        carried(&Home::new(), "from.sqlite", &to);
    }
}

#[test]
fn a_backup_is_restored_whole() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    home.say(&["ledger", "backup", "days.backup", "--ledger", "days.sqlite"]);
    let over = home.run(&["ledger", "backup", "days.backup", "--ledger", "days.sqlite"]);
    assert_eq!(over.status.code(), Some(3), "no file is written over");
    home.say(&[
        "ledger",
        "restore",
        "days.backup",
        "--ledger",
        "again.sqlite",
    ]);
    let root =
        |ledger: &str| home.json(&["ledger", "verify", "--ledger", ledger])["records"].clone();
    assert_eq!(root("again.sqlite"), root("days.sqlite"));
    let mut bytes = std::fs::read(home.path("days.backup")).unwrap();
    let place = (0..bytes.len() - 6)
        .rfind(|at| &bytes[*at..at + 6] == b"250.00")
        .unwrap();
    bytes[place] = b'3';
    std::fs::write(home.path("days.backup"), bytes).unwrap();
    let damaged = home.run(&["ledger", "restore", "days.backup", "--ledger", "bad.sqlite"]);
    assert_ne!(damaged.status.code(), Some(0));
    assert!(!home.path("bad.sqlite").exists());
}

#[test]
fn records_are_kept_as_long_as_the_law_wants_and_then_deleted() {
    let home = Home::new();
    let given = entered(&home, "days.sqlite");
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
            &["ledger", "records", "expire", "--before", "2027-01-01"],
            more,
            &ledger,
        ]
        .concat();
        home.json(&args)["expired"].as_array().unwrap().len()
    };
    assert_eq!(expire(&["--dry-run"]), 2);
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
fn two_keys_become_one_person_and_two_again() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    let given = by_id(&entered(&home, "days.sqlite"));
    let (ana, bo) = (key_of(&given["A"]), key_of(&given["B"]));
    let merge = [
        &["ledger", "merge", &bo, &ana, "--event", "m1"],
        &ledger[..],
    ]
    .concat();
    let merged = home.json(&merge);
    assert_eq!(merged["fresh"], true);
    assert_eq!(merged["days"].as_array().unwrap().len(), 2);
    // C was entered and does not count.
    let over = merged["over_limit"].as_array().unwrap();
    assert_eq!(over.len(), 0, "500 and 250 are within the limit: {over:?}");
    assert_eq!(home.json(&merge)["fresh"], false);
    let all = |key: &str| {
        let args = [&["ledger", "day", "2024-05-10", "--key", key], &ledger[..]].concat();
        home.json(&args)["all_usd"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (all(&ana), all(&bo)),
        ("1150.00".to_owned(), "0.00".to_owned())
    );
    // A later parcel of the one is the other's.
    let file = home.write(
        "d.csv",
        &(HEADER.to_owned() + &row("D", "2024-05-10", "Bo Chen", "10.00")),
    );
    home.say(&[&["assess", file.as_str()], &ledger[..]].concat());
    assert_eq!(all(&ana), "1160.00");
    let split = [&["ledger", "split", "B", "D", "--to", &bo], &ledger[..]].concat();
    assert_eq!(home.json(&split)["days"].as_array().unwrap().len(), 2);
    assert_eq!(
        (all(&ana), all(&bo)),
        ("900.00".to_owned(), "260.00".to_owned())
    );
    home.say(&[&["ledger", "verify"], &ledger[..]].concat());
    let replayed = home.json(&[&["ledger", "replay", "--as-known"], &ledger[..]].concat());
    assert_eq!(replayed["differ"], Value::Array(vec![]));
    assert_eq!(replayed["same"], 4);
    for (args, says) in [
        (
            vec!["ledger", "merge", "xyz", ana.as_str()],
            "not a person's key",
        ),
        (
            vec!["ledger", "merge", ana.as_str(), ana.as_str()],
            "already one person",
        ),
        (
            vec!["ledger", "split", "Z", "--to", bo.as_str()],
            "no shipment",
        ),
    ] {
        let output = home.run(&[&args[..], &ledger[..]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(0));
        assert!(said.contains(says), "{said}");
    }
    // Two who are within the limit each and over it together.
    let rows = [
        row("E", "2024-05-11", "Anamaria Lopezova", "500.00"),
        row("F", "2024-05-11", "Cy Young", "400.00"),
    ];
    let file = home.write("e.csv", &(HEADER.to_owned() + &rows.concat()));
    let given = by_id(
        &home.say(
            &[
                &["assess", file.as_str(), "--format", "ndjson"],
                &ledger[..],
            ]
            .concat(),
        ),
    );
    let cy = key_of(&given["F"]);
    let merged = home.json(&[&["ledger", "merge", &cy, &ana], &ledger[..]].concat());
    let over = &merged["over_limit"];
    assert_eq!(over.as_array().unwrap().len(), 1, "{over}");
    assert_eq!(
        (&over[0]["total_usd"], &over[0]["limit_usd"]),
        (&"900.00".into(), &"800.00".into())
    );
    assert_eq!(over[0]["shipment_ids"], serde_json::json!(["E", "F"]));
}
