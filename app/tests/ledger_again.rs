//! Kept parcels assessed again, and parcels tried before they are filed: `ledger replay` and
//! `ledger foresee`, over the built program and real stores.

mod ledgers;

use ledgers::{HEADER, Home, by_id, database, decisions, example, many, row};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn short(decision: &str) -> Vec<Value> {
    let decision: Value = serde_json::from_str(decision).unwrap();
    let owed = &decision["owed"];
    ["outcome", "basis", "entry_path"]
        .map(|name| decision[name].clone())
        .into_iter()
        .chain(["total_usd", "range_low_usd", "range_high_usd"].map(|name| owed[name].clone()))
        .collect()
}

/// A ledger with a life: three runs under law known at three times, and what became of parcels.
fn lived(home: &Home, ledger: &str) {
    let at = ["--ledger", ledger];
    for (number, known) in [(0, None), (1, Some("2025-01-10")), (2, Some("2024-06-01"))] {
        let mut text = HEADER.to_owned();
        for line in many(number * 60, number * 60 + 60).lines().skip(1) {
            // One in three is after the exemption ended, which was not known of at first.
            let line = match line.as_bytes()[6] {
                b'0' | b'3' | b'6' => line.replace("2024-05-10", "2025-09-10"),
                _ => line.to_owned(),
            };
            text.push_str(&line);
            text.push('\n');
        }
        let file = home.write(&format!("run{number}.csv"), &text);
        let mut args = vec!["assess", file.as_str(), "--format", "ndjson"];
        if let Some(known) = known {
            args.extend(["--known-at", known]);
        }
        if number == 1 {
            args.extend(["--entered-at", "2024-05-11"]);
        }
        home.say(&[&args[..], &at[..]].concat());
    }
    home.say(
        &[
            &["ledger", "void", "M-00003", "M-00004", "M-00070"],
            &at[..],
        ]
        .concat(),
    );
    home.say(&[&["ledger", "post", "M-00005", "M-00006"], &at[..]].concat());
    for (id, to) in [
        ("M-00007", "2024-05-11"),
        ("M-00081", "2025-09-11"),
        ("M-00130", "2024-05-10"),
    ] {
        home.say(&[&["ledger", "move", id, "--arrives-at", to], &at[..]].concat());
    }
    let changed = row(
        "M-00005",
        "2024-05-10T00:05:00-04:00",
        "Person No 5",
        "777.00",
    )
    .replace(",1 Oak St,Austin,TX,78701,", ",6 Oak St,Austin,TX,78705,");
    let file = home.write("changed.csv", &(HEADER.to_owned() + &changed));
    home.say(&[&["ledger", "amend", file.as_str()], &at[..]].concat());
}

fn as_known(home: &Home, ledger: &str) {
    lived(home, ledger);
    let args = ["ledger", "replay", "--as-known", "--ledger", ledger];
    let replayed = home.json(&args);
    assert_eq!(replayed["differ"], Value::Array(vec![]));
    assert_eq!(
        (&replayed["told_otherwise"], &replayed["unread"]),
        (&0.into(), &Value::Array(vec![]))
    );
    // Every claim, three moves and an amendment.
    assert_eq!(replayed["same"], 184);
    assert!(home.say(&args).contains("184  decided and told the same"));
    // What is known today was not known of in the second and third run.
    let today = home.json(&["ledger", "replay", "--ledger", ledger]);
    let differ = today["differ"].as_array().unwrap();
    assert!(!differ.is_empty() && today["told_otherwise"].as_u64().unwrap() > 0);
    for one in differ {
        assert_ne!(one["reasons"], Value::Array(vec![]), "{one}");
        let number: usize = one["shipment_id"].as_str().unwrap()[2..].parse().unwrap();
        assert!(number >= 60, "the first run knew all law in hand: {one}");
    }
    let all = today["same"].as_u64().unwrap() + today["told_otherwise"].as_u64().unwrap();
    assert_eq!(all + differ.len() as u64, 184);
    home.say(&["ledger", "verify", "--ledger", ledger]);
}

#[test]
fn under_the_law_then_known_nothing_differs() {
    as_known(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        as_known(&Home::new(), &url);
    }
}

/// A replay under another law says of each parcel what an assessment of the file under it says.
#[test]
fn under_an_overlay_the_days_are_counted_as_it_has_them() {
    for (overlay, rule) in [
        ("one-shipment-a-day.toml", "s321.day-count"),
        ("proposal-2025-01.toml", "s321.day-count"),
    ] {
        let home = Home::new();
        let text = many(0, 700).replace("2024-05-10", "2025-03-10");
        let file = home.write("many.csv", &text);
        let overlay = example(&format!("overlays/{overlay}"));
        let assess = ["assess", &file, "--format", "ndjson"];
        let entered = by_id(&home.say(&[&assess[..], &["--ledger"]].concat()));
        let other = by_id(&decisions(
            &home.run(&[&assess[..], &["--overlay", &overlay]].concat()),
        ));
        let differ: BTreeSet<&String> = entered
            .keys()
            .filter(|id| short(&entered[*id]) != short(&other[*id]))
            .collect();
        assert!(!differ.is_empty(), "{overlay} decides nothing otherwise");
        let replayed = home.json(&["ledger", "replay", "--overlay", &overlay]);
        let told = replayed["differ"].as_array().unwrap();
        let ids: BTreeSet<String> = told
            .iter()
            .map(|one| one["shipment_id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>(), differ, "{overlay}");
        for one in told {
            let decision: Value =
                serde_json::from_str(&other[one["shipment_id"].as_str().unwrap()]).unwrap();
            if let Some(outcome) = one["changed"].get("outcome") {
                assert_eq!(outcome["would_be"], decision["outcome"]);
            }
            let rules = one["reasons"].as_array().unwrap().iter();
            let rules: Vec<&str> = rules
                .map(|reason| reason["rule"].as_str().unwrap())
                .collect();
            assert!(rules.contains(&rule), "{rules:?}");
        }
        let shown = home.say(&["ledger", "replay", "--overlay", &overlay]);
        assert!(
            shown.contains("would be decided otherwise") && shown.contains(rule),
            "{shown}"
        );
        // Nothing was entered by it.
        home.say(&["ledger", "verify"]);
        assert_eq!(home.json(&["ledger", "replay", "--as-known"])["same"], 700);
    }
}

#[test]
fn a_replay_is_asked_for_in_one_way() {
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2024-05-10", "Ana", "50.00")),
    );
    home.say(&["assess", &file, "--ledger"]);
    let output = home.run(&["ledger", "replay", "--as-known", "--known-at", "2025-01-01"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("leave out --known-at")
    );
}

fn parcels(rows: &[(&str, &str, &str, &str)]) -> String {
    let rows = rows
        .iter()
        .map(|(id, when, who, value)| row(id, when, who, value));
    HEADER.to_owned() + &rows.collect::<String>()
}

fn foreseen(home: &Home, ledger: &str) {
    let at = ["--ledger", ledger];
    let held = parcels(&[
        ("H-1", "2025-06-02T08:00:00-04:00", "Ana Lopez", "500.00"),
        ("H-2", "2025-06-02T09:00:00-04:00", "Bo Chen", "90.00"),
        ("H-3", "2025-06-02T09:30:00-04:00", "Ana Lopez", "60.00"),
        ("H-4", "2025-06-03T09:30:00-04:00", "Ana Lopez", "70.00"),
    ]);
    let held = home.write("held.csv", &held);
    home.say(&[&["assess", held.as_str()], &at[..]].concat());
    home.say(&[&["ledger", "void", "H-3"], &at[..]].concat());
    let lines = home.json(&[&["ledger", "status"], &at[..]].concat());
    let mut file = parcels(&[
        ("F-2", "2025-06-02T11:00:00-04:00", "ANA LOPEZ", "250.00"),
        ("F-1", "2025-06-02T10:00:00-04:00", "Ana Lopez", "100.00"),
        ("F-3", "2025-06-02T12:00:00-04:00", "Bo Chen", "10.00"),
        ("F-4", "2025-10-02T12:00:00-04:00", "Bo Chen", "10.00"),
        // The ledger has it already: it counts once.
        ("H-2", "2025-06-02T09:00:00-04:00", "Bo Chen", "90.00"),
    ]);
    file.push_str(
        &row("F-5", "2025-06-03T11:00:00-04:00", "Ana Lopez", "900.00").replace(",air,", ",truck,"),
    );
    let file = home.write("file.csv", &file);
    let all = home.json(&[&["ledger", "foresee", &file], &at[..]].concat());
    let all: BTreeMap<&str, &Value> = all["parcels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["shipment_id"].as_str().unwrap(), one))
        .collect();
    let told = |id: &str| {
        let one = all[id];
        let total = |name: &str| one[name]["total_usd"].as_str().unwrap_or("none").to_owned();
        let word = |name: &str| one[name].as_str().unwrap_or("none").to_owned();
        [
            total("cbp_so_far"),
            total("cbp_whole_day"),
            word("cbp_expected"),
            word("outcome"),
        ]
    };
    assert_eq!(told("F-1"), ["600.00", "850.00", "none", "free"]);
    assert_eq!(told("F-2"), ["850.00", "850.00", "4M", "entry_required"]);
    assert_eq!(told("H-2"), ["90.00", "100.00", "none", "free"]);
    assert_eq!(told("F-3"), ["100.00", "100.00", "none", "free"]);
    // Nothing can be filed as free any more, or by its own value.
    assert_eq!(told("F-4")[..3], ["none", "none", "none"]);
    assert_eq!(told("F-5"), ["none", "none", "none", "entry_required"]);
    assert_eq!(
        (&all["H-2"]["in_ledger"], &all["F-1"]["in_ledger"]),
        (&true.into(), &false.into())
    );
    // Nothing was entered, and what was foreseen is what the ledger then answers.
    assert_eq!(home.json(&[&["ledger", "status"], &at[..]].concat()), lines);
    let shown = home.say(&[&["ledger", "foresee", &file], &at[..]].concat());
    assert!(
        shown.contains("4M") && shown.contains("CBP answers"),
        "{shown}"
    );
    let entered =
        by_id(&home.say(&[&["assess", file.as_str(), "--format", "ndjson"], &at[..]].concat()));
    for (id, one) in all {
        let decision: Value = serde_json::from_str(&entered[id]).unwrap();
        for name in ["outcome", "entry_path", "cbp_expected"] {
            assert_eq!(decision[name], one[name], "{id}");
        }
    }
}

#[test]
fn what_cbp_would_answer_is_foreseen_and_nothing_is_entered() {
    foreseen(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        foreseen(&Home::new(), &url);
    }
}

#[test]
fn by_truck_the_warning_is_another_one() {
    let home = Home::new();
    let rows = parcels(&[
        ("T-1", "2025-06-02T10:00:00-04:00", "Ana Lopez", "500.00"),
        ("T-2", "2025-06-02T11:00:00-04:00", "Ana Lopez", "400.00"),
    ]);
    let file = home.write("file.csv", &rows.replace(",air,", ",truck,"));
    let other = home.write("a.csv", &parcels(&[("A", "2024-05-10", "Ana", "50.00")]));
    home.say(&["assess", &other, "--ledger"]);
    let all = home.json(&["ledger", "foresee", &file]);
    let answers = [0, 1].map(|at| all["parcels"][at]["cbp_expected"].clone());
    assert_eq!(answers, [Value::Null, "95".into()]);
}
