//! One bad cell of a CSV file.

use crate::reading::read;

/// Columns of the file that every CSV case changes one row of.
const COLUMNS: [&str; 26] = [
    "shipment_id",
    "mode",
    "arrives_at",
    "entered_at",
    "filed_at",
    "exported_on",
    "country_of_shipment",
    "purpose",
    "accompanied",
    "order_total_usd",
    "order_parcels",
    "port_of_entry",
    "consignee_name",
    "consignee_street",
    "consignee_country",
    "description",
    "htsus_number",
    "country_of_origin",
    "quantity",
    "line_value",
    "currency",
    "fair_retail_value",
    "claims",
    "net_weight_kg",
    "facts.alcohol",
    "facts.metal_weight_share",
];

const GOOD: [&str; 26] = [
    "PX-1",
    "air",
    "2024-05-10",
    "",
    "",
    "",
    "VN",
    "sale",
    "false",
    "",
    "",
    "2704",
    "Ana Lopez",
    "12 Oak St",
    "US",
    "cotton T-shirt",
    "6109.10.0012",
    "VN",
    "1",
    "42.00",
    "USD",
    "",
    "",
    "",
    "false",
    "",
];

fn row(id: &str, column: &str, value: &str) -> String {
    let cells = COLUMNS.iter().zip(GOOD).map(|(name, good)| match *name {
        name if name == column => format!("\"{}\"", value.replace('"', "\"\"")),
        "shipment_id" => id.to_owned(),
        _ => good.to_owned(),
    });
    cells.collect::<Vec<_>>().join(",")
}

/// A file of three shipments, the second (row 3) with one cell changed.
fn file(column: &str, value: &str) -> String {
    let header = COLUMNS.join(",");
    format!(
        "{header}\n{}\n{}\n{}\n",
        row("A", "", ""),
        row("B", column, value),
        row("C", "", "")
    )
}

/// The column, its value, and a part of the reason.
const CELLS: [(&str, &str, &str); 76] = [
    ("shipment_id", "", "is required and missing"),
    ("shipment_id", "B\u{0}B", "control character"),
    ("shipment_id", "B\u{9f}", "control character"),
    ("mode", "", "is required and missing"),
    ("mode", "drone", "is not one of air, express"),
    ("mode", "AIR", "write air"),
    ("mode", "hand carried", "write hand_carried"),
    ("mode", "air,truck", "is not one of"),
    ("arrives_at", "", "is required and missing"),
    ("arrives_at", "2025-02-29", "is not a day of the calendar"),
    ("arrives_at", "2024-13-01", "is not a day of the calendar"),
    ("arrives_at", "2024-04-31", "is not a day of the calendar"),
    ("arrives_at", "0000-00-00", "is not a day of the calendar"),
    ("arrives_at", "3/4/2024", "write 2024-03-04"),
    ("arrives_at", "03.04.2024", "write 2024-03-04"),
    ("arrives_at", "3-4-24", "write 2024-03-04"),
    ("arrives_at", "3/4/2024 10:00", "write 2024-03-04"),
    ("arrives_at", "45422", "spreadsheet's day count"),
    ("arrives_at", "45422.5", "spreadsheet's day count"),
    ("arrives_at", "May 10, 2024", "is not a date"),
    ("arrives_at", "20240510", "is not a date"),
    ("arrives_at", "tomorrow", "is not a date"),
    ("arrives_at", "2024-05-10T10:00:00", "no offset"),
    ("arrives_at", "2024-05-10T25:00:00Z", "is not a date"),
    ("arrives_at", "2024-05-10T10:60:00Z", "is not a date"),
    ("arrives_at", "2024-05-10T10:00:00-4", "is not a date"),
    (
        "arrives_at",
        "2024-02-30T10:00:00Z",
        "is not a day of the calendar",
    ),
    ("arrives_at", "1e999", "is not a date"),
    ("entered_at", "2024-06-31", "is not a day of the calendar"),
    ("filed_at", "2024-05-10", "needs a time and an offset"),
    ("filed_at", "noon", "is not a date"),
    (
        "exported_on",
        "2024-05-10T10:00:00Z",
        "must be a day without a time",
    ),
    ("exported_on", "2024-05-32", "is not a day of the calendar"),
    ("country_of_shipment", "", "is required and missing"),
    ("country_of_shipment", "UK", "write GB"),
    ("country_of_shipment", "EU", "name the member state"),
    ("country_of_shipment", "cn", "capital letters"),
    ("country_of_shipment", "CHN", "write CN"),
    ("country_of_shipment", "China", "write CN"),
    ("country_of_shipment", "XX", "two capital letters"),
    ("country_of_shipment", "C1", "two capital letters"),
    ("consignee_country", "USA", "write US"),
    ("country_of_origin", "Vietnam", "two capital letters"),
    ("country_of_origin", "EL", "write GR"),
    ("purpose", "commercial", "is not one of sale, gift"),
    ("purpose", "Gift", "write gift"),
    ("accompanied", "yes", "must be true or false"),
    ("accompanied", "TRUE", "must be true or false"),
    ("order_total_usd", "12.345", "more decimals than USD"),
    ("order_total_usd", "-1", "is negative"),
    ("order_parcels", "0", "whole number from 1"),
    ("order_parcels", "1.5", "whole number from 1"),
    ("order_parcels", "99999999999", "whole number from 1"),
    (
        "port_of_entry",
        "Los Angeles seaport",
        "longer than 8 bytes",
    ),
    ("consignee_name", "", "is required and missing"),
    ("consignee_name", "   ", "is required and missing"),
    (
        "consignee_street",
        "12 Oak\u{1b}[2J St",
        "control character",
    ),
    ("description", "", "is required and missing"),
    ("description", "shirt\u{7f}", "control character"),
    ("htsus_number", "610910001", "a leading zero was lost"),
    ("htsus_number", "6.1091E+09", "exponent"),
    ("htsus_number", "6109100012.0", "decimal number"),
    ("htsus_number", "61O9.10.0012", "only digits and dots"),
    ("htsus_number", "61091000121", "digits where"),
    ("htsus_number", "0012.34", "chapter 00"),
    ("quantity", "0", "must be more than zero"),
    ("quantity", "-2", "is negative"),
    ("quantity", "1,000", "plain decimal"),
    ("quantity", "1.2345", "more than 3 decimals"),
    ("quantity", "two", "plain decimal"),
    ("line_value", "", "is required and missing"),
    ("line_value", "1e999", "plain decimal"),
    ("line_value", "NaN", "plain decimal"),
    ("line_value", "-42.00", "is negative"),
    ("line_value", "42.001", "more decimals than USD"),
    ("line_value", "$42.00", "plain decimal"),
];

const MORE_CELLS: [(&str, &str, &str); 20] = [
    ("line_value", "1,234.00", "plain decimal"),
    ("line_value", "42,00", "plain decimal"),
    ("line_value", "42.", "plain decimal"),
    ("line_value", ".42", "plain decimal"),
    ("line_value", "+42", "plain decimal"),
    ("line_value", "99999999999999999999", "too large"),
    ("line_value", "\u{ff14}2.00", "plain decimal"),
    ("line_value", "0x2A", "plain decimal"),
    ("line_value", "inf", "plain decimal"),
    ("currency", "usd", "write USD"),
    ("currency", "$", "write the code"),
    ("currency", "RMB", "such as CNY"),
    ("currency", "XBT", "three capital letters"),
    ("fair_retail_value", "fifty", "plain decimal"),
    ("claims", "S,KR", "separate codes with ;"),
    ("claims", "ABCDEFGHIJKLM", "at most 12"),
    ("net_weight_kg", "1 kg", "plain decimal"),
    ("facts.alcohol", "no", "must be true or false"),
    ("facts.metal_weight_share", "1.5", "from 0 to 1"),
    ("facts.metal_weight_share", "50%", "from 0 to 1"),
];

#[test]
fn a_bad_cell_refuses_its_shipment_alone() {
    let mut seen = std::collections::BTreeSet::new();
    for (column, value, reason) in CELLS.into_iter().chain(MORE_CELLS) {
        assert!(seen.insert((column, value)), "twice: {column} {value}");
        let outcome = read(file(column, value).as_bytes(), "a.csv");
        let note = format!("{column} = {value:?}: {:?}", outcome.rejected);
        assert_eq!(outcome.ids(), ["A", "C"], "{note}");
        let [reject] = outcome.rejected.as_slice() else {
            panic!("{note}")
        };
        assert_eq!(
            (reject.row, reject.rows, reject.field.as_str()),
            (3, 1, column),
            "{note}"
        );
        assert!(
            reject.reason.to_string().contains(reason),
            "{note}: {}",
            reject.reason
        );
        assert_eq!(
            (outcome.counts.rows_read, outcome.counts.rows_accepted),
            (3, 2),
            "{note}"
        );
        assert_eq!(reject.file, "a.csv");
        let personal = column == "consignee_name" || column == "consignee_street";
        assert!(
            !personal || reject.value.is_empty() || reject.value == "(withheld)",
            "{note}"
        );
        if column != "consignee_name" {
            let consignee = reject.consignee.as_ref().expect(&note);
            assert_eq!(consignee.name.as_deref(), Some("Ana Lopez"), "{note}");
            assert_eq!(consignee.day.is_some(), column != "arrives_at", "{note}");
        }
    }
    assert!(seen.len() >= 96);
}

#[test]
fn a_currency_decides_how_many_decimals_there_are() {
    for (value, currency, ok) in [
        ("42.5", "JPY", false),
        ("42", "JPY", true),
        ("1.234", "KWD", true),
        ("1.234", "EUR", false),
    ] {
        let text = file("currency", currency)
            .replace("\"JPY\"", currency)
            .replace("42.00", value);
        let outcome = read(text.as_bytes(), "a.csv");
        assert_eq!(
            outcome.ids().contains(&"B"),
            ok,
            "{value} {currency}: {:?}",
            outcome.rejected
        );
    }
}
