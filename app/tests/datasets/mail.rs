//! The mail worksheet and type 13: written as decided, or refused by field.

use crate::duty_run::{Installation, text};
use crate::{CASE, Parcel, SHIRT, csv, decision, own_s10, rows};
use serde_json::Value;

#[test]
fn a_month_of_mail_is_written_as_decided() {
    let home = Installation::new();
    let gift = [
        ("purpose", "gift"),
        ("shipper_kind", "person"),
        ("shipper_name", "Mai Tran"),
        ("entry_path", ""),
    ];
    let file = home.file(
        "mail.csv",
        &csv(&[
            Parcel {
                id: "M1",
                change: &[],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M2",
                change: &[("consignee_name", "Bo Chen")],
                articles: &[SHIRT, CASE],
            },
            Parcel {
                id: "M3",
                change: &gift,
                articles: &[SHIRT],
            },
            Parcel {
                id: "M4",
                change: &[("arrives_at", "2026-11-01")],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M5",
                change: &[("entry_path", ""), ("consignee_name", "Cy Dean")],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M6",
                change: &[
                    ("s10_number", "RB123456784US"),
                    ("bond_number", ""),
                    ("consignee_name", "Di Eng"),
                ],
                articles: &[SHIRT],
            },
        ]),
    );
    let output = home.run(&format!(
        "worksheet {file} --month 2026-10 --rejects no.csv"
    ));
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let rows = rows(&output.stdout);
    assert_eq!(rows.len(), 6, "{rows:?}");
    let (m1, m2) = (decision(&home, &file, "M1"), decision(&home, &file, "M2"));
    assert_eq!(m1["entry_path"], "mail-worksheet");
    assert_eq!(rows[1][8], m1["owed"]["duty_usd"].as_str().unwrap());
    assert_eq!(rows[1][7], "42.00");
    assert!(rows[1][4].contains("6109.10.0012"), "{}", rows[1][4]);
    // Every heading that charges M2's second article stands in its row, in the decision's order.
    let charges = m2["owed"]["lines"][1]["charges"].as_array().unwrap();
    let charged = charges
        .iter()
        .filter(|charge| matches!(charge["state"].as_str(), Some("charged" | "met" | "exempt")));
    let headings: Vec<&str> = charged
        .map(|charge| charge["heading"].as_str().unwrap())
        .collect();
    assert!(headings.len() > 1, "{charges:?}");
    assert_eq!(rows[3][4], headings.join("; "));
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    assert_eq!(
        cents(&rows[2][8]) + cents(&rows[3][8]),
        cents(m2["owed"]["duty_usd"].as_str().unwrap())
    );
    assert_eq!(
        (
            rows[4][2].as_str(),
            rows[4][6].as_str(),
            rows[4][8].as_str()
        ),
        ("GIFT: cotton T-shirt", "Free (gift)", "0.00")
    );
    let sum = |column: usize| (1..5).map(|at| cents(&rows[at][column])).sum::<i64>();
    assert_eq!((cents(&rows[5][7]), cents(&rows[5][8])), (sum(7), sum(8)));
    // The day comes from the decisions, and what is not on the worksheet is told.
    let due = m1["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["rule"] == "deadline.mail-worksheet")
        .unwrap();
    assert!(
        said.contains(&format!("due {}", due["due"].as_str().unwrap())),
        "{said}"
    );
    assert!(
        said.contains("1 arrived in another month") && said.contains("path entry-13"),
        "{said}"
    );
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(
        rejects.contains("M6,s10_number,RB123456784US") && rejects.contains("RB123456785US"),
        "{rejects}"
    );
    assert!(rejects.contains("M6,bond_number"), "{rejects}");
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
}

/// Onions at 3.1 cents a kilogram: quantity and unit are the fourth and fifth.
fn onions(quantity: &'static str, unit: &'static str) -> [&'static str; 6] {
    [
        "fresh onions",
        "0703.10.4045",
        "VN",
        quantity,
        unit,
        "60.00",
    ]
}

#[test]
fn the_worksheet_tells_the_quantity_that_the_rate_was_reckoned_on() {
    let home = Installation::new();
    let weighed = [("net_weight_kg", "20")];
    let (pieces, bare, none, kilograms) = (
        [onions("12", "NO")],
        [onions("12", "")],
        [onions("", "")],
        [onions("20", "KG")],
    );
    let parcel = |id, change, articles| Parcel {
        id,
        change,
        articles,
    };
    let file = home.file(
        "mail.csv",
        &csv(&[
            parcel("O1", &weighed, &pieces),
            parcel("O2", &weighed, &bare),
            parcel("O3", &weighed, &none),
            parcel("O4", &[], &kilograms),
            parcel("O5", &weighed, &[SHIRT]),
        ]),
    );
    let output = home.run(&format!("worksheet {file} --month 2026-10"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let rows = rows(&output.stdout);
    assert_eq!(rows.len(), 7, "{rows:?}");
    for row in &rows[1..5] {
        assert_eq!(
            (row[5].as_str(), row[4].contains("0703.10.4045")),
            ("20 kg", true)
        );
        assert!(row[6].contains("3.1"), "{row:?}");
    }
    assert_eq!(rows[5][5], "", "a rate by value tells no weight");
    let decided = decision(&home, &file, "O1");
    assert_eq!(rows[1][8], decided["owed"]["duty_usd"].as_str().unwrap());
}

#[test]
fn a_number_of_two_parcels_stands_on_the_worksheet_once() {
    let home = Installation::new();
    let number = own_s10("M1");
    let spaced = format!("{} {} {}", &number[..2], &number[2..11], &number[11..]);
    let same = [
        ("s10_number", spaced.as_str()),
        ("consignee_name", "Bo Chen"),
    ];
    let parcel = |id, change| Parcel {
        id,
        change,
        articles: &[SHIRT],
    };
    let file = home.file(
        "mail.csv",
        &csv(&[parcel("M1", &[]), parcel("M2", &same), parcel("M3", &[])]),
    );
    let output = home.run(&format!(
        "worksheet {file} --month 2026-10 --rejects no.csv"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let written: Vec<String> = rows(&output.stdout)
        .into_iter()
        .map(|row| row[11].clone())
        .collect();
    assert_eq!(written[1..3], [number.clone(), own_s10("M3")]);
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    let told = format!("M2,s10_number,{number},\"is the number of the earlier parcel M1,");
    assert!(rejects.contains(&told), "{rejects}");
    assert_eq!(rejects.lines().count(), 2, "{rejects}");
}

#[test]
fn names_of_columns_are_the_callers_and_a_spreadsheet_is_written() {
    let home = Installation::new();
    let file = home.file(
        "mail.csv",
        &csv(&[Parcel {
            id: "M1",
            change: &[],
            articles: &[SHIRT],
        }]),
    );
    let names: Vec<String> = (1..=14).map(|at| format!("Field {at}")).collect();
    let header = home.file("header.csv", &names.join(","));
    let output = home.run(&format!(
        "worksheet {file} --month 2026-10 --header {header}"
    ));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(rows(&output.stdout)[0], names);
    let short = home.file("short.csv", "one,two");
    let (status, said) = home.failed(&format!(
        "worksheet {file} --month 2026-10 --header {short}"
    ));
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("2 names"), "{said}");
    for out in ["a.xlsx", "b.xlsx"] {
        home.said(&format!("worksheet {file} --month 2026-10 -o {out}"));
    }
    let bytes = |name: &str| std::fs::read(home.path(name)).unwrap();
    assert!(bytes("a.xlsx").starts_with(b"PK") && bytes("a.xlsx") == bytes("b.xlsx"));
    let (status, said) = home.failed(&format!("worksheet {file} --month 2026-13"));
    assert_eq!(status, Some(2), "{said}");
}

#[test]
fn type_13_has_its_elements_or_says_what_is_missing() {
    let home = Installation::new();
    let own = [("entry_path", "entry-13"), ("arrives_at", "2026-11-20")];
    let bad = [
        ("entry_path", "entry-13"),
        ("arrives_at", "2026-11-20"),
        ("importer_of_record_number", "123-456789"),
        ("filer_code", ""),
        ("consignee_name", "Bo Chen"),
    ];
    let number = own_s10("E1");
    let same = [
        ("entry_path", "entry-13"),
        ("arrives_at", "2026-11-20"),
        ("s10_number", number.as_str()),
        ("consignee_name", "Cy Dean"),
    ];
    let file = home.file(
        "mail.csv",
        &csv(&[
            Parcel {
                id: "E1",
                change: &own,
                articles: &[SHIRT, CASE],
            },
            Parcel {
                id: "E2",
                change: &bad,
                articles: &[SHIRT],
            },
            Parcel {
                id: "E3",
                change: &same,
                articles: &[SHIRT],
            },
        ]),
    );
    let output = home.run(&format!("entry13 {file} --rejects no.csv"));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(entries.len(), 1);
    let decided = decision(&home, &file, "E1");
    assert_eq!(entries[0]["total_duty_usd"], decided["owed"]["duty_usd"]);
    assert_eq!(entries[0]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(entries[0]["s10_number"], own_s10("E1"));
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(
        rejects.contains("E2,importer_of_record_number,(withheld)"),
        "{rejects}"
    );
    assert!(rejects.contains("E2,filer_code"), "{rejects}");
    let twice = format!("E3,s10_number,{number},\"is the number of the earlier parcel E1");
    assert!(rejects.contains(&twice), "{rejects}");
    assert!(!rejects.contains("456789"), "{rejects}");
}
