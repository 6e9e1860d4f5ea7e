//! Entry summaries: what is written, what is refused, and that every cent is the decision's.

use crate::parcels::file;
use crate::{CONFIG, LACKING, PARCELS, entries, rows, run, text};
use deminimis_filing::messages::catair::decode;
use deminimis_filing::messages::catair::entry::{Entry, EntryType};
use deminimis_filing::messages::catair::lint::lint;
use deminimis_law::money::Cents;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

fn dollars(value: &Value) -> Cents {
    Cents::parse(value.as_str().expect("an amount")).expect("an amount")
}

/// Duty, fees with a class code, and the total, as a decision has them.
fn owed(decision: &Value) -> (Cents, Cents, Cents) {
    let owed = &decision["owed"];
    let fees = owed["fees"].as_array().expect("fees").iter();
    let filed = fees.filter(|fee| fee["class_code"].is_string() && fee["state"] == "charged");
    let filed = filed.fold(Cents(0), |sum, fee| sum.plus(dollars(&fee["amount_usd"])));
    (
        dollars(&owed["duty_usd"]),
        filed,
        dollars(&owed["total_usd"]),
    )
}

/// Whether the merchandise processing fee of a formal entry, as the sum of its lines, differs from
/// the share of all of its value: 0.3464 percent, which is not bounded here.
fn is_rounded_by_line(entry: &Entry) -> bool {
    let summary = entry.summary.as_ref().expect("a summary");
    let total = summary.fee_totals.iter().find(|fee| fee.class == "499");
    let fees = entry.lines.iter().filter_map(|line| line.summary.as_ref());
    let own = fees
        .flat_map(|line| &line.fees)
        .filter(|fee| fee.class == "499");
    let by_line = own.fold(Cents(0), |sum, fee| sum.plus(fee.amount));
    let dollars = i64::try_from(entry.value_usd()).expect("a value");
    let once = Cents((dollars * 3464 + 5_000) / 10_000);
    total.is_some_and(|total| total.amount == by_line) && by_line != once
}

#[test]
fn a_thousand_parcels_become_entries_or_are_refused_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (csv, lacking) = file(PARCELS);
    assert_eq!(lacking.len(), LACKING);
    fs::write(at("parcels.csv"), csv).expect("a file");
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let call = [
        "entry",
        "parcels.csv",
        "-o",
        "entries.ae",
        "--rejects",
        "refused.csv",
        "--list",
        "list.csv",
        "--sent-on",
        "2026-12-01",
    ];
    let output = run(folder.path(), &call);
    let (said, failed) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{said}{failed}");

    // Each of the hundred is refused once, by the field that it lacks, its row and line in the
    // file, and the columns it fills.
    let refused = rows(&at("refused.csv"));
    let further: Vec<_> = refused
        .iter()
        .filter(|row| !lacking.contains_key(&row["shipment_id"]))
        .collect();
    assert!(further.is_empty(), "{} {:#?}", further.len(), further[0]);
    assert_eq!(refused.len(), LACKING, "one row each");
    for row in &refused {
        let lack = &lacking[&row["shipment_id"]];
        let told = (row["field"].as_str(), row["row"].as_str());
        assert_eq!(told, (lack.field, lack.row.to_string().as_str()), "{row:?}");
        let reason = &row["reason"];
        let placed = reason.starts_with("record ") && reason.contains(" columns ");
        assert!(placed && reason.contains("is not given"), "{reason}");
        match lack.line {
            Some(line) => assert!(reason.contains(&format!(", line {line};")), "{reason}"),
            None => assert!(!reason.contains(", line "), "{reason}"),
        }
    }
    let of_formal = lacking.values().filter(|lack| lack.formal).count();
    let in_later_lines = lacking.values().filter(|lack| lack.line > Some(1)).count();
    assert!(
        of_formal >= 40 && in_later_lines >= 10,
        "{of_formal} {in_later_lines}"
    );

    // The others are one message, whose entries read back.
    let bytes = fs::read(at("entries.ae")).expect("the message");
    let message = decode(&bytes);
    let report = lint(&message);
    assert!(report.findings.is_empty(), "{:#?}", report.findings.first());
    let entries = entries(&message);
    assert_eq!(entries.len(), PARCELS - LACKING, "{said}");
    let list = rows(&at("list.csv"));
    assert_eq!(list.len(), entries.len());
    let by_number: BTreeMap<String, &Entry> = entries
        .iter()
        .map(|entry| (entry.shown_number(), entry))
        .collect();
    assert_eq!(by_number.len(), entries.len(), "every number once");

    // To the cent what `assess` decides of the same file.
    let output = run(
        folder.path(),
        &["assess", "parcels.csv", "--format", "ndjson"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let decisions: BTreeMap<String, Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a decision"))
        .map(|one| (one["shipment_id"].as_str().expect("an id").to_owned(), one))
        .collect();
    let (mut sums, mut decided) = ((Cents(0), Cents(0)), (Cents(0), Cents(0)));
    let (mut formal, mut informal, mut rounded_apart) = (0, 0, 0);
    for row in &list {
        let entry = by_number[&row["entry_number"]];
        let decision = &decisions[&row["shipment_id"]];
        let (duty, filed, total) = owed(decision);
        let summary = entry.summary.as_ref().expect("a summary");
        assert_eq!(
            (summary.duty, summary.fees),
            (duty, filed),
            "{}",
            row["shipment_id"]
        );
        let elsewhere = Cents::parse(&row["paid_elsewhere_usd"]).expect("an amount");
        assert_eq!(
            duty.plus(filed).plus(elsewhere),
            total,
            "{}",
            row["shipment_id"]
        );
        let path = match entry.entry_type {
            EntryType::Informal => {
                informal += usize::from(entry.lines.len() > 1);
                "entry-11"
            }
            EntryType::Consumption => {
                formal += usize::from(entry.lines.len() > 1);
                rounded_apart += usize::from(is_rounded_by_line(entry));
                "entry-01"
            }
        };
        assert_eq!(decision["entry_path"], path);
        let tariffs = entry.lines.iter().flat_map(|line| &line.tariffs);
        let lines = tariffs
            .filter_map(|tariff| tariff.duty)
            .fold(Cents(0), Cents::plus);
        assert_eq!(lines, duty);
        sums = (sums.0.plus(summary.duty), sums.1.plus(summary.fees));
        decided = (decided.0.plus(duty), decided.1.plus(filed));
    }
    assert_eq!(sums, decided);
    assert_ne!(sums.0, Cents(0));
    // Both types with several lines, and some whose fee is not what one rounding would make it.
    assert!(informal >= 100 && formal >= 100, "{informal} {formal}");
    assert!(rounded_apart >= 10, "{rounded_apart}");

    // The same call writes the same bytes.
    let again = run(folder.path(), &call);
    assert_eq!(again.status.code(), Some(3));
    assert_eq!(fs::read(at("entries.ae")).expect("the message"), bytes);
}
