//! Kept parcels assessed again: `ledger replay`.

use crate::ledgers::{HEADER, Home, by_id, database, decisions, example, many, row};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

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

/// The law as it is in the repository, with one more version that is published in a far year.
fn law_of_a_later_year(home: &Home) -> String {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => copy(&entry.path(), &to),
                false => _ = std::fs::copy(entry.path(), to).unwrap(),
            }
        }
    }
    let folder = home.path("law");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../law/us"),
        &folder,
    );
    let path = folder.join("section-321/day-count.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let version = r#"
[[version]]
effective = 2016-03-10
published = 2999-01-01
basis = "section_321_c"
counts = "exempted"
crossing = "from-crossing"
max_shipments = 1
cite = ["a law of later"]
confidence = "D"
reason = "one for each person and day"
"#;
    std::fs::write(&path, text + version).unwrap();
    folder.display().to_string()
}

/// Between two rulebooks "the law then known" is what today's says was published when the decision
/// was made.
#[test]
fn what_was_published_after_a_decision_is_not_the_law_then_known() {
    let home = Home::new();
    let later = law_of_a_later_year(&home);
    let day = [
        row("A", "2024-05-10T08:00:00-04:00", "Ana", "100.00"),
        row("B", "2024-05-10T09:00:00-04:00", "Ana", "100.00"),
    ];
    let file = home.write("a.csv", &(HEADER.to_owned() + &day.concat()));
    let told = |args: &[&str], ledger: &str| {
        let more = ["--ledger", ledger, "--format", "json"];
        let output = home.run(&[&["ledger", "replay"], args, &more].concat());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let differ = told["differ"].as_array().unwrap().iter();
        let differ: Vec<String> = differ
            .map(|one| one["shipment_id"].as_str().unwrap().to_owned())
            .collect();
        let (same, otherwise) = (told["same"].clone(), told["told_otherwise"].clone());
        assert_eq!(told["unread"], Value::Array(vec![]));
        (output.status.code().unwrap(), differ, same, otherwise)
    };
    home.say(&["assess", &file, "--ledger", "now.sqlite"]);
    let b = vec!["B".to_owned()];
    // All law in hand denies the second; the law then known is without what came later.
    let all = told(&["--law", &later], "now.sqlite");
    assert_eq!(all, (0, b.clone(), 0.into(), 1.into()));
    let known = told(&["--law", &later, "--as-known"], "now.sqlite");
    assert_eq!(known, (0, vec![], 0.into(), 2.into()));
    let same = told(&["--as-known"], "now.sqlite");
    assert_eq!(same, (0, vec![], 2.into(), 0.into()));

    // Decided with all of that law in hand, as its own rulebook still has it and another has not.
    let args = [
        "assess",
        file.as_str(),
        "--law",
        &later,
        "--ledger",
        "then.sqlite",
    ];
    home.say(&args);
    let same = told(&["--law", &later, "--as-known"], "then.sqlite");
    assert_eq!(same, (0, vec![], 2.into(), 0.into()));
    let other = told(&["--as-known"], "then.sqlite");
    assert_eq!(other, (1, b, 0.into(), 1.into()));
}
