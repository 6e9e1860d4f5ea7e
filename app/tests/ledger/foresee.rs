//! Parcels tried before they are filed: `ledger foresee`.

use crate::ledgers::{HEADER, Home, by_id, database, row};
use serde_json::Value;
use std::collections::BTreeMap;

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
