//! A person is erased: gone from everything that is kept, and all else stays.

use crate::ledgers::{HEADER, Home, by_id, decisions, entered, key_of, row, who};
use crate::verify_record;
use std::path::Path;

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
