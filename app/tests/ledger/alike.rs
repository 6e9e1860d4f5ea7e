//! Persons of the ledger's days who may be one: told afterwards, with what they count together, and
//! merged by a human alone.

use crate::ledgers::{HEADER, Home, by_id, database, error, key_of, row};
use serde_json::Value;

/// Parcels of one day: Ana, a spelling of her from another file, and somebody else.
fn lived(home: &Home, ledger: &str) -> [String; 3] {
    let rows = [
        ("A", 8, "Ana Lopez", "500.00"),
        ("B", 9, "Robert Chen", "700.00"),
        ("C", 10, "Ana Lopes", "412.40"),
    ]
    .map(|(id, hour, who, value)| {
        let row = row(id, &format!("2024-05-10T{hour:02}:00:00-04:00"), who, value);
        match who {
            "Robert Chen" => row.replace(
                ",1 Oak St,Austin,TX,78701,",
                ",900 Lake Ave,Dallas,TX,75201,",
            ),
            _ => row,
        }
    });
    let assess = |name: &str, rows: &[String]| {
        let file = home.write(name, &(HEADER.to_owned() + &rows.concat()));
        by_id(&home.say(&["assess", &file, "--format", "ndjson", "--ledger", ledger]))
    };
    let mut given = assess("one.csv", &rows[..2]);
    given.extend(assess("two.csv", &rows[2..]));
    for decision in given.values() {
        let decision: Value = serde_json::from_str(decision).unwrap();
        assert_eq!(decision["outcome"], "free");
    }
    // The same day in one file, without a ledger.
    let file = home.write("all.csv", &(HEADER.to_owned() + &rows.concat()));
    let plain = by_id(&home.say(&["assess", &file, "--format", "ndjson"]));
    // What both runs knew is answered alike: the ledger names nobody in an answer.
    let (last, plain) = (as_answered(&given["C"]), as_answered(&plain["C"]));
    assert_eq!(last["day_total_if_linked_usd"], "912.40");
    assert!(flagged(&last));
    assert_eq!(last["outcome"], plain["outcome"]);
    assert_eq!(last, plain);
    let first: Value = serde_json::from_str(&given["A"]).unwrap();
    assert_eq!(first["day_total_if_linked_usd"], Value::Null);
    // Sent again it is the same answer, to the byte.
    assert_eq!(assess("two.csv", &rows[2..])["C"], given["C"]);
    ["A", "B", "C"].map(|id| key_of(&given[id]))
}

/// A decision without the persons whom it names as alike: the law hash and all else stay.
fn as_answered(decision: &str) -> Value {
    let mut decision: Value = serde_json::from_str(decision).unwrap();
    decision["person"].as_object_mut().unwrap().remove("linked");
    decision
}

fn flagged(decision: &Value) -> bool {
    let findings = decision["findings"].as_array().unwrap();
    findings
        .iter()
        .any(|finding| finding["rule"] == "s321.linked-over-limit")
}

fn told(home: &Home, ledger: &str) {
    let [ana, _, anas] = lived(home, ledger);
    let at = ["--ledger", ledger];
    let alike = |more: &[&str]| home.json(&[&["ledger", "alike"], more, &at].concat());
    let all = alike(&[]);
    let one = &all["alike"][0];
    assert_eq!(all["alike"].as_array().unwrap().len(), 1, "{all}");
    assert_eq!(
        (
            &one["day"],
            &one["day_total_if_linked_usd"],
            &one["limit_usd"],
            &one["over_limit"]
        ),
        (
            &"2024-05-10".into(),
            &"912.40".into(),
            &"800.00".into(),
            &true.into()
        )
    );
    let mut expected = [(&ana, "A", "500.00", &anas), (&anas, "C", "412.40", &ana)];
    expected.sort();
    for (at, (key, id, counted, other)) in expected.into_iter().enumerate() {
        let person = &one["persons"][at];
        assert_eq!(
            (
                &person["key"],
                &person["counted_usd"],
                &person["shipment_ids"][0]
            ),
            (&key.as_str().into(), &counted.into(), &id.into())
        );
        assert_eq!(person["linked"][0]["key"], other.as_str());
        let evidence = person["linked"][0]["evidence"].as_str().unwrap();
        assert!(
            evidence.contains("surname differs by one letter"),
            "{evidence}"
        );
    }
    assert!(!all.to_string().contains("Lope") && !all.to_string().contains("Oak"));
    assert_eq!(alike(&["--day", "2024-05-10"]), all);
    assert_eq!(
        alike(&["--day", "2024-05-11"])["alike"],
        Value::Array(vec![])
    );
    assert_eq!(alike(&["--tenant", "other"])["alike"], Value::Array(vec![]));
    let shown = home.say(&[&["ledger", "alike"], &at[..]].concat());
    assert!(
        shown.contains("together $912.40 count, over a limit of $800.00"),
        "{shown}"
    );
    // A parcel on another day is on no day with the other any more.
    let to = |day| [&["ledger", "move", "C", "--arrives-at", day], &at[..]].concat();
    let decision = |told: &Value| told[0]["decision"].clone();
    let moved = decision(&home.json(&to("2024-05-12")));
    assert_eq!(moved["day_total_if_linked_usd"], Value::Null);
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
    let back = decision(&home.json(&to("2024-05-10T11:00:00-04:00")));
    assert_eq!(back["day_total_if_linked_usd"], "912.40");
    assert!(flagged(&back));
    let replayed = home.json(&[&["ledger", "replay", "--as-known"], &at[..]].concat());
    assert_eq!(replayed["differ"], Value::Array(vec![]));
    assert_eq!(alike(&[])["alike"].as_array().unwrap().len(), 1);
    // A human says that they are two: they are not told again, until he says that they are one.
    let apart = [&["ledger", "apart", &anas, &ana, "--event", "p1"], &at[..]].concat();
    assert_eq!(home.json(&apart)["fresh"], true);
    assert_eq!(home.json(&apart)["fresh"], false);
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
    let later = row("D", "2024-05-10T12:00:00-04:00", "Ana Lopes", "10.00");
    let file = home.write("later.csv", &(HEADER.to_owned() + &later));
    let given = home.say(&["assess", &file, "--format", "ndjson", "--ledger", ledger]);
    let given: Value = serde_json::from_str(&given).unwrap();
    assert_eq!(given["day_total_if_linked_usd"], Value::Null);
    home.say(&[&["ledger", "void", "D"], &at[..]].concat());
    let unknown = "00112233445566778899aabbccddeeff";
    let other = [&["ledger", "apart", &ana, unknown], &at[..]].concat();
    assert_eq!(home.json(&other)["unknown_keys"][0], unknown);
    // A human says that they are one: the day that is over its limit is named, and nobody is alike.
    let merged = home.json(&[&["ledger", "merge", &anas, &ana], &at[..]].concat());
    assert_eq!(merged["over_limit"][0]["total_usd"], "912.40");
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
    let refused = home.run(&[&["ledger", "apart", &anas, &ana], &at[..]].concat());
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        error(&refused).contains("ledger split"),
        "{}",
        error(&refused)
    );
    home.say(&[&["ledger", "split", "C", "--to", &anas], &at[..]].concat());
    assert_eq!(alike(&[])["alike"].as_array().unwrap().len(), 1);
    // Of who is erased nothing is known.
    home.say(&[&["ledger", "erase", "--yes", "--key", &anas], &at[..]].concat());
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
    let shown = home.say(&[&["ledger", "alike"], &at[..]].concat());
    assert!(shown.contains("no two persons"), "{shown}");
    home.say(&[&["ledger", "verify"], &at[..]].concat());
}

#[test]
fn a_file_has_the_same_second_totals_with_a_ledger() {
    let home = Home::new();
    let rows: Vec<String> = [
        ("A", "Ana Lopez", "500.00"),
        ("B", "J Lopez", "100.00"),
        ("C", "Ana Lopes", "412.40"),
        ("D", "Juan Lopez", "90.00"),
        ("E", "Julia Lopez", "700.00"),
        ("F", "A Lopez", "20.00"),
        ("G", "Ana Lopez", "900.00"),
        ("H", "J Lopez", "15.00"),
    ]
    .into_iter()
    .enumerate()
    .map(|(hour, (id, who, value))| {
        row(
            id,
            &format!("2024-05-10T{:02}:00:00-04:00", 8 + hour),
            who,
            value,
        )
    })
    .collect();
    let file = home.write("all.csv", &(HEADER.to_owned() + &rows.concat()));
    let assess = |more: &[&str]| {
        let args = [&["assess", &file, "--format", "ndjson"], more].concat();
        by_id(&home.say(&args))
    };
    let (plain, kept) = (assess(&[]), assess(&["--ledger"]));
    let totals = |id: &str| as_answered(&kept[id])["day_total_if_linked_usd"].clone();
    assert!(
        ["C", "D", "E", "F", "H"]
            .iter()
            .all(|id| totals(id).is_string())
    );
    assert!(
        kept.values()
            .any(|decision| flagged(&as_answered(decision)))
    );
    for (id, decision) in &plain {
        assert_eq!(as_answered(&kept[id]), as_answered(decision), "{id}");
    }
    let said = home.run(&["assess", &file, "--ledger"]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("persons alike: 6 on 1 day"), "{said}");
}

#[test]
fn who_may_be_one_is_told_and_a_human_decides() {
    told(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        told(&Home::new(), &url);
    }
}
