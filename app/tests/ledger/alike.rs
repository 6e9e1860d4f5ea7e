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
    let last: Value = serde_json::from_str(&plain["C"]).unwrap();
    assert_eq!(last["day_total_if_linked_usd"], "912.40");
    ["A", "B", "C"].map(|id| key_of(&given[id]))
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
    home.say(&to("2024-05-12"));
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
    home.say(&to("2024-05-10T11:00:00-04:00"));
    assert_eq!(alike(&[])["alike"].as_array().unwrap().len(), 1);
    // A human says that they are two: they are not told again, until he says that they are one.
    let apart = [&["ledger", "apart", &anas, &ana, "--event", "p1"], &at[..]].concat();
    assert_eq!(home.json(&apart)["fresh"], true);
    assert_eq!(home.json(&apart)["fresh"], false);
    assert_eq!(alike(&[])["alike"], Value::Array(vec![]));
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
fn who_may_be_one_is_told_and_a_human_decides() {
    told(&Home::new(), "days.sqlite");
    if let Some((url, _)) = database() {
        told(&Home::new(), &url);
    }
}
