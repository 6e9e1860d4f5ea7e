//! What becomes of parcels that have their place.

use crate::ledgers::{HEADER, Home, by_id, database, entered, error, key_of, many, row};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Stdio;

#[test]
fn parcels_are_released_voided_moved_and_amended() {
    let home = Home::new();
    let mut rows = HEADER.to_owned();
    for (id, hour, value) in [("A", 8, "500.00"), ("B", 9, "250.00"), ("C", 10, "100.00")] {
        let time = format!("2024-05-10T{hour:02}:00:00-04:00");
        rows.push_str(&row(id, &time, "Ana Lopez", value));
    }
    let file = home.write("a.csv", &rows);
    let entered = home.say(&["ledger", "reserve", &file, "--format", "ndjson"]);
    let outcome = |all: &BTreeMap<String, String>, id: &str| {
        let decision: Value = serde_json::from_str(&all[id]).unwrap();
        decision["outcome"].as_str().unwrap().to_owned()
    };
    let entered = by_id(&entered);
    let outcomes = ["A", "B", "C"].map(|id| outcome(&entered, id));
    assert_eq!(outcomes, ["free", "free", "entry_required"]);
    let who = [
        "--name",
        "ANA LOPEZ",
        "--street",
        "1 Oak Street",
        "--city",
        "Austin",
        "--state",
        "TX",
        "--postal-code",
        "78701",
        "--country",
        "US",
    ];
    let day = |on: &str| home.json(&[&["ledger", "day", on], &who[..]].concat());
    let held = day("2024-05-10");
    assert_eq!(held["all_usd"], "850.00");
    assert_eq!(held["counted"][0]["total_usd"], "750.00");
    assert_eq!(held["crossed"][0], "section_321_c");
    // By the key that the decision shows it is the same person.
    let decision: Value = serde_json::from_str(&entered["A"]).unwrap();
    let key = decision["person"]["key"].as_str().unwrap();
    let by_key = home.json(&["ledger", "day", "2024-05-10", "--key", key]);
    assert_eq!(by_key, held);

    let posted = home.json(&["ledger", "post", "A"]);
    assert_eq!(posted[0]["fresh"], true);
    assert_eq!(home.json(&["ledger", "post", "A"])[0]["fresh"], false);
    let refused = home.run(&["ledger", "void", "A", "B", "Z", "--format", "json"]);
    assert_eq!(refused.status.code(), Some(3));
    let refused: Value = serde_json::from_slice(&refused.stdout).unwrap();
    let done = [0, 1, 2].map(|at| refused[at]["done"].as_bool().unwrap());
    assert_eq!(done, [false, true, false]);
    assert!(refused[0]["reason"].as_str().unwrap().contains("posted"));
    assert!(
        refused[2]["reason"]
            .as_str()
            .unwrap()
            .contains("no shipment")
    );

    let to = [
        "ledger",
        "move",
        "C",
        "--arrives-at",
        "2024-05-12",
        "--in",
        file.as_str(),
    ];
    let moved = home.json(&to);
    assert_eq!(moved[0]["fresh"], true);
    assert_eq!(moved[0]["decision"]["outcome"], "free");
    assert_eq!(moved[0]["decision"]["day_total_usd"], "100.00");
    assert_eq!(home.json(&to)[0]["fresh"], false, "it arrives then already");
    let held = day("2024-05-10");
    assert_eq!(
        (&held["all_usd"], &held["crossed"]),
        (&"500.00".into(), &Value::Array(vec![]))
    );
    assert_eq!(day("2024-05-12")["counted"][0]["shipments"], 1);

    let changed = row("C", "2024-05-12", "Ana Lopez", "801.00");
    let amend = home.write("c.csv", &(HEADER.to_owned() + &changed));
    let amended = home.json(&["ledger", "amend", &amend]);
    assert_eq!(amended[0]["decision"]["outcome"], "entry_required");
    assert_eq!(home.json(&["ledger", "amend", &amend])[0]["fresh"], false);
    let held = day("2024-05-12");
    assert_eq!(
        (&held["all_usd"], &held["counted"]),
        (&"801.00".into(), &Value::Array(vec![]))
    );
    for (changed, says) in [
        (
            row("C", "2024-05-12", "Bo Chen", "801.00"),
            "another person",
        ),
        (
            row("C", "2024-05-13", "Ana Lopez", "801.00"),
            "move it first",
        ),
        (row("X", "2024-05-12", "Ana Lopez", "801.00"), "no shipment"),
    ] {
        let file = home.write("d.csv", &(HEADER.to_owned() + &changed));
        let output = home.run(&["ledger", "amend", &file]);
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stdout).unwrap().replace('\n', " ");
        assert!(said.contains(says), "{said}");
    }

    let person = home.json(&[&["ledger", "person"], &who[..]].concat());
    let states = |day: usize| {
        let parcels = person["days"][day]["parcels"].as_array().unwrap();
        let mut line = String::new();
        for one in parcels {
            write!(line, "{} {};", one["shipment_id"], one["state"]).unwrap();
        }
        line.replace('"', "")
    };
    assert_eq!(states(0), "A posted;B voided;");
    assert_eq!(states(1), "C reserved;");
    let status = home.json(&["ledger", "status"]);
    let tenant = &status["tenants"][0];
    let numbers = [
        "reserved",
        "posted",
        "voided",
        "persons",
        "days",
        "days_open",
        "lines",
    ];
    let numbers = numbers.map(|name| tenant[name].as_u64().unwrap());
    assert_eq!(numbers, [1, 1, 1, 1, 2, 1, 9]);
    let shown = home.say(&[&["ledger", "person"], &who[..]].concat());
    assert!(shown.contains("2024-05-12: 1 parcel, $801.00"), "{shown}");
    assert!(home.say(&["ledger", "status"]).contains("days open"));
    assert!(
        home.say(&["ledger", "verify"])
            .contains("every total is the sum of its lines")
    );
}

/// The outcome of the only parcel that is told of, and whether it was done now.
fn only(told: &Value) -> (String, Value) {
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    let outcome = told[0]["decision"]["outcome"].as_str().unwrap_or_default();
    (outcome.to_owned(), told[0]["fresh"].clone())
}

#[test]
fn a_parcel_that_a_human_gave_to_another_is_moved_and_amended() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    let given = by_id(&entered(&home, "days.sqlite"));
    let (ana, bo) = (key_of(&given["A"]), key_of(&given["B"]));
    let other = "00112233445566778899aabbccddeeff";
    let changed = |value: &str, when: &str, who: &str| {
        let row = row("B", when, who, value);
        home.write("b.csv", &(HEADER.to_owned() + &row))
    };
    let held = |key: &str, day: &str| {
        let args = [&["ledger", "day", day, "--key", key], &ledger[..]].concat();
        home.json(&args)["all_usd"].as_str().unwrap().to_owned()
    };
    let to = |day| [&["ledger", "move", "B", "--arrives-at", day], &ledger[..]].concat();
    let amend = |file| [&["ledger", "amend", file], &ledger[..]].concat();
    home.say(&[&["ledger", "merge", &bo, &ana], &ledger[..]].concat());
    // By what was kept of it, and by the file as its sender has it.
    assert_eq!(only(&home.json(&to("2024-05-11"))).1, true);
    assert_eq!(held(&ana, "2024-05-11"), "250.00");
    let file = changed("260.00", "2024-05-11", "Bo Chen");
    assert_eq!(only(&home.json(&amend(&file))).1, true);
    assert_eq!(held(&ana, "2024-05-11"), "260.00");

    home.say(&[&["ledger", "split", "B", "--to", other], &ledger[..]].concat());
    let file = changed("270.00", "2024-05-11", "Bo Chen");
    assert_eq!(only(&home.json(&amend(&file))).1, true);
    assert_eq!(only(&home.json(&to("2024-05-12"))).1, true);
    assert_eq!(
        (held(other, "2024-05-11"), held(other, "2024-05-12")),
        ("0.00".to_owned(), "270.00".to_owned())
    );
    // Somebody else's name is another parcel.
    let file = changed("270.00", "2024-05-12", "Cy Young");
    let refused = home.run(&amend(&file));
    assert_eq!(refused.status.code(), Some(3));
    let said = String::from_utf8(refused.stdout).unwrap();
    assert!(said.contains("another person"), "{said}");
    home.say(&[&["ledger", "verify"], &ledger[..]].concat());
    let replayed = home.json(&[&["ledger", "replay", "--as-known"], &ledger[..]].concat());
    assert_eq!(replayed["differ"], Value::Array(vec![]));
    // The claims of three, and four changes of one.
    assert_eq!(replayed["same"], 7);
}

#[test]
fn a_bad_row_of_an_amendment_is_refused_alone() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    entered(&home, "days.sqlite");
    let at = |hour: u8| format!("2024-05-10T{hour:02}:00:00-04:00");
    let rows = [
        row("A", &at(8), "Anamaria Lopezova", "much"),
        row("B", &at(9), "Bo Chen", "251.00"),
        row("C", &at(10), "Anamaria Lopezova", "401.00"),
        row("B", &at(9), "Bo Chen", "252.00"),
    ];
    let file = home.write("b.csv", &(HEADER.to_owned() + &rows.concat()));
    let args = [&["ledger", "amend", &file, "--format", "json"], &ledger[..]].concat();
    let output = home.run(&args);
    assert_eq!(output.status.code(), Some(3));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let done: Vec<(&str, bool)> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["shipment_id"].as_str().unwrap(),
                one["done"].as_bool().unwrap(),
            )
        })
        .collect();
    let expected = [("A", false), ("B", true), ("C", true), ("B", false)];
    assert_eq!(done, expected, "{told}");
    let reason = told[0]["reason"].as_str().unwrap();
    assert!(reason.contains("row 2: line_value much"), "{reason}");
    assert!(!told.to_string().contains("Lopezova"));
}

#[test]
fn an_amendment_that_was_overtaken_is_not_said_to_be_done() {
    let home = Home::new();
    let ledger = ["--ledger", "days.sqlite"];
    entered(&home, "days.sqlite");
    let file = |value: &str| {
        let row = row("B", "2024-05-10T09:00:00-04:00", "Bo Chen", value);
        home.write("b.csv", &(HEADER.to_owned() + &row))
    };
    let amend = |value: &str, more: &[&str]| {
        let file = file(value);
        home.run(&[&["ledger", "amend", &file], more, &ledger].concat())
    };
    for (value, again) in [
        ("251.00", "done before  free"),
        ("999.00", "done before  entry required"),
    ] {
        assert_eq!(amend(value, &[]).status.code(), Some(0));
        let same = amend(value, &[]);
        let said = String::from_utf8(same.stdout).unwrap();
        assert!(said.contains(again), "{said}");
    }
    let back = amend("251.00", &[]);
    assert_eq!(back.status.code(), Some(3));
    let said = String::from_utf8(back.stdout).unwrap().replace('\n', " ");
    assert!(said.contains("--event"), "{said}");
    let back = amend("251.00", &["--event", "correction 2"]);
    assert_eq!(back.status.code(), Some(0), "{}", error(&back));
    let value = home.json(
        &[
            &[
                "ledger",
                "person",
                "--key",
                &key_of(
                    &by_id(&home.say(&[
                        "assess",
                        "a.csv",
                        "--format",
                        "ndjson",
                        "--ledger",
                        "days.sqlite",
                    ]))["B"],
                ),
            ],
            &ledger[..],
        ]
        .concat(),
    );
    assert_eq!(value["days"][0]["all_usd"], "251.00");
    // The sums of orders and bills are kept under those of the claim.
    let row =
        row("B", "2024-05-10T09:00:00-04:00", "Bo Chen", "251.00").replace(",VN,,", ",VN,O-7,");
    let file = home.write("b.csv", &(HEADER.to_owned() + &row));
    let other = home.run(&[&["ledger", "amend", &file], &ledger[..]].concat());
    assert_eq!(other.status.code(), Some(3));
    let said = String::from_utf8(other.stdout).unwrap();
    assert!(said.contains("another order"), "{said}");
}

/// A parcel is moved and amended at the same moment by two programs, again and again: what is said to
/// be done is in the parcel at the end.
fn at_once(home: &Home, ledger: &str) {
    let bo = key_of(&by_id(&entered(home, ledger))["B"]);
    let at = ["--ledger", ledger];
    let start = |args: &[&str]| {
        let mut command = home.command(&[args, &at].concat());
        command.stdout(Stdio::piped()).spawn().unwrap()
    };
    let (mut when, mut is_worth) = ("2024-05-10".to_owned(), "250.00".to_owned());
    for round in 0..6 {
        let (to, value) = (
            format!("2024-05-{}", 11 + round),
            format!("{}.00", 260 + round),
        );
        let row = row("B", &format!("{when}T09:00:00-04:00"), "Bo Chen", &value);
        let file = home.write(&format!("b{round}.csv"), &(HEADER.to_owned() + &row));
        let arrives_at = format!("{to}T09:00:00-04:00");
        let moving = start(&["ledger", "move", "B", "--arrives-at", &arrives_at]);
        let amending = start(&["ledger", "amend", &file]);
        let [moved, amended] = [moving, amending].map(|one| one.wait_with_output().unwrap());
        assert_eq!(moved.status.code(), Some(0), "{}", error(&moved));
        let said = String::from_utf8(amended.stdout)
            .unwrap()
            .replace('\n', " ");
        match amended.status.code() {
            Some(0) => is_worth = value,
            code => {
                assert_eq!(code, Some(3), "{said}");
                assert!(said.contains("move it first"), "{said}");
            }
        }
        let held = |day: &str| {
            let day = ["ledger", "day", day, "--key", &bo];
            home.json(&[&day[..], &at].concat())["all_usd"].clone()
        };
        assert_eq!(
            (held(&when), held(&to)),
            ("0.00".into(), is_worth.as_str().into()),
            "{said}"
        );
        when = to;
    }
    home.say(&[&["ledger", "verify"], &at[..]].concat());
}

#[test]
fn of_a_move_and_an_amendment_at_once_neither_is_lost() {
    at_once(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        at_once(&Home::new(), &url);
    }
}

#[test]
fn more_parcels_than_may_wait_are_posted() {
    let home = Home::new();
    let file = home.write("many.csv", &many(0, 1100));
    home.say(&["assess", &file, "--ledger", "--format", "csv"]);
    let ids: Vec<String> = (0..1100).map(|at| format!("M-{at:05}")).collect();
    let mut args = vec!["ledger", "post"];
    args.extend(ids.iter().map(String::as_str));
    let told = home.json(&args);
    let all = told.as_array().unwrap();
    assert!(
        all.iter()
            .zip(&ids)
            .all(|(one, id)| one["shipment_id"] == id.as_str() && one["fresh"] == true)
    );
    let status = home.json(&["ledger", "status"]);
    assert_eq!(status["tenants"][0]["posted"], 1100);
}
