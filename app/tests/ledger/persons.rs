//! Two keys become one person, and two again.

use crate::ledgers::{HEADER, Home, by_id, entered, key_of, row};
use serde_json::Value;

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
        ("1150.00".to_owned(), "1150.00".to_owned()),
        "a key that was merged is asked about as the person that it is now"
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

/// The parcels that the ledger tells of a key, by day.
fn of(home: &Home, key: &str) -> (bool, Vec<String>) {
    let told = home.json(&["ledger", "person", "--key", key]);
    let days = told["days"].as_array().unwrap();
    let ids = |day: &Value| {
        let parcels = day["parcels"].as_array().unwrap().iter();
        let ids: Vec<_> = parcels
            .map(|one| one["shipment_id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(day["shipments"], ids.len(), "{day}");
        format!("{} {}", day["day"].as_str().unwrap(), ids.join(" "))
    };
    (
        told["merged"].as_bool().unwrap(),
        days.iter().map(ids).collect(),
    )
}

#[test]
fn a_parcel_is_listed_with_the_person_who_has_it_alone() {
    let home = Home::new();
    let ledger = home.path("home/ledger.sqlite").display().to_string();
    let given = by_id(&entered(&home, &ledger));
    let (ana, bo) = (key_of(&given["A"]), key_of(&given["B"]));
    let all = vec!["2024-05-10 A B C".to_owned()];
    home.say(&["ledger", "merge", &bo, &ana]);
    assert_eq!(of(&home, &ana), (false, all.clone()));
    assert_eq!(of(&home, &bo), (true, all));
    let other = "00112233445566778899aabbccddeeff";
    let split = home.say(&["ledger", "split", "B", "--to", other]);
    assert!(split.contains("is it mistyped?"), "{split}");
    assert!(split.contains("of the person who had them"), "{split}");
    assert_eq!(of(&home, &ana).1, ["2024-05-10 A C"]);
    assert_eq!(of(&home, &bo).1, ["2024-05-10 A C"]);
    assert_eq!(of(&home, other), (false, vec!["2024-05-10 B".to_owned()]));
    let told = home.json(&["ledger", "split", "B", "--to", &bo]);
    assert_eq!(told["unknown_keys"], Value::Array(vec![]));
    assert_eq!(of(&home, &bo), (false, vec!["2024-05-10 B".to_owned()]));
    let unknown = "ffeeddccbbaa99887766554433221100";
    let told = home.json(&["ledger", "merge", unknown, &ana]);
    assert_eq!(told["unknown_keys"], serde_json::json!([unknown]));
}
