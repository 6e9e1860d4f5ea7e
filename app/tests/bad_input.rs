//! Bad input, case by case: each is refused alone, with its row, field and reason, the rest is
//! accepted, and what is accepted and refused adds up to what was read.

mod reading;

use reading::{Outcome, read, read_with};

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

/// A raw CSV file, the shipments accepted, and each refusal as (row, rows, field, part of reason).
type Raw = (
    &'static str,
    Vec<u8>,
    &'static [&'static str],
    &'static [(u64, u32, &'static str, &'static str)],
);

/// The shortest file that the contract takes.
const HEAD: &str =
    "shipment_id,mode,arrives_at,country_of_shipment,consignee_name,description,line_value";

fn raw(rows: &str) -> Vec<u8> {
    format!("{HEAD}\n{rows}").into_bytes()
}

fn big(size: usize) -> Vec<u8> {
    raw(&format!(
        "A,air,2024-05-10,VN,Ana,{},1\nB,air,2024-05-10,VN,Ana,shirt,1\n",
        "x".repeat(size)
    ))
}

fn structures() -> Vec<Raw> {
    let head_bytes = |rows: &[u8]| [raw(""), rows.to_vec()].concat();
    let lines = |count: usize| raw(&"A,air,2024-05-10,VN,Ana,shirt,1\n".repeat(count));
    vec![
        (
            "a row too short",
            raw("A,air,2024-05-10,VN,Ana,shirt\nB,air,2024-05-10,VN,Ana,shirt,1\n"),
            &["B"],
            &[(2, 1, "", "has 6 fields where the header has 7")],
        ),
        (
            "a row too long",
            raw("A,air,2024-05-10,VN,Ana,shirt, cotton,1\nB,air,2024-05-10,VN,Ana,shirt,1\n"),
            &["B"],
            &[(2, 1, "", "has 8 fields")],
        ),
        (
            "a row of one cell",
            raw("A\nB,air,2024-05-10,VN,Ana,shirt,1\n"),
            &["B"],
            &[(2, 1, "", "has 1 fields")],
        ),
        (
            "an open quote takes the rest",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,1\nB,air,2024-05-10,VN,\"Ana,shirt,1\nC,air,2024-05-10,VN,Ana,shirt,1\n",
            ),
            &["A"],
            &[(3, 1, "", "a quote may not be closed")],
        ),
        (
            "a short row refuses its shipment",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,1\nA,air,2024-05-10\nB,air,2024-05-10,VN,Ana,shirt,1\n",
            ),
            &["B"],
            &[(3, 2, "", "has 3 fields")],
        ),
        (
            "a bad first row refuses the rows after it",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,x\nA,air,2024-05-10,VN,Ana,hat,1\nB,air,2024-05-10,VN,Ana,shirt,1\n",
            ),
            &["B"],
            &[(2, 2, "line_value", "plain decimal")],
        ),
        (
            "the row of a bad amount is named",
            raw("A,air,2024-05-10,VN,Ana,shirt,1\nA,air,2024-05-10,VN,Ana,hat,-1\n"),
            &[],
            &[(3, 2, "line_value", "is negative")],
        ),
        (
            "lines disagree on the mode",
            raw("A,air,2024-05-10,VN,Ana,shirt,1\nA,truck,2024-05-10,VN,Ana,hat,1\n"),
            &[],
            &[(3, 2, "mode", "differs from an earlier row")],
        ),
        (
            "lines disagree on the day",
            raw("A,air,2024-05-10,VN,Ana,shirt,1\nA,air,2024-05-11,VN,Ana,hat,1\n"),
            &[],
            &[(3, 2, "arrives_at", "differs")],
        ),
        (
            "lines disagree on the name",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,1\nA,air,2024-05-10,VN,Bob,hat,1\nB,air,2024-05-10,VN,Ana,hat,1\n",
            ),
            &["B"],
            &[(3, 2, "consignee_name", "differs")],
        ),
        (
            "an id comes back",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,1\nB,air,2024-05-10,VN,Ana,hat,1\nA,air,2024-05-10,VN,Ana,cap,1\n",
            ),
            &["A", "B"],
            &[(4, 1, "shipment_id", "the first stands")],
        ),
        (
            "an id comes back twice",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,1\nB,air,2024-05-10,VN,Ana,hat,1\nA,air,2024-05-10,VN,Ana,cap,1\nC,air,2024-05-10,VN,Ana,hat,1\nA,air,2024-05-10,VN,Ana,cap,1\n",
            ),
            &["A", "B", "C"],
            &[
                (4, 1, "shipment_id", "adjacent"),
                (6, 1, "shipment_id", "adjacent"),
            ],
        ),
        (
            "an id comes back after a refusal",
            raw(
                "A,air,2024-05-10,VN,Ana,shirt,x\nB,air,2024-05-10,VN,Ana,hat,1\nA,air,2024-05-10,VN,Ana,cap,1\n",
            ),
            &["B"],
            &[
                (2, 1, "line_value", "plain"),
                (4, 1, "shipment_id", "earlier"),
            ],
        ),
        (
            "rows without an id are one each",
            raw(",air,2024-05-10,VN,Ana,shirt,1\n,air,2024-05-10,VN,Ana,hat,1\n"),
            &[],
            &[
                (2, 1, "shipment_id", "missing"),
                (3, 1, "shipment_id", "missing"),
            ],
        ),
        (
            "bad UTF-8",
            head_bytes(b"A,air,2024-05-10,VN,Jos\xe9,shirt,1\nB,air,2024-05-10,VN,Ana,shirt,1\n"),
            &["B"],
            &[(2, 1, "consignee_name", "is not UTF-8")],
        ),
        (
            "bad UTF-8 in an id",
            head_bytes(
                b"\xff\xfe,air,2024-05-10,VN,Ana,shirt,1\nB,air,2024-05-10,VN,Ana,shirt,1\n",
            ),
            &["B"],
            &[(2, 1, "shipment_id", "is not UTF-8")],
        ),
        (
            "a letter across two cells",
            head_bytes(
                b"A,air,2024-05-10,VN,Ana\xc3,\xa9shirt,1\nB,air,2024-05-10,VN,Ana,shirt,1\n",
            ),
            &["B"],
            &[(2, 1, "consignee_name", "is not UTF-8")],
        ),
        (
            "a surrogate in bytes",
            head_bytes(b"A,air,2024-05-10,VN,\xed\xa0\x80,shirt,1\n"),
            &[],
            &[(2, 1, "consignee_name", "is not UTF-8")],
        ),
        (
            "a field of 3 kB",
            big(3000),
            &["B"],
            &[(2, 1, "description", "longer than 2048")],
        ),
        (
            "a field of 10 MB",
            big(10 << 20),
            &["B"],
            &[(2, 1, "description", "larger than 1 MiB")],
        ),
        (
            "a thousand lines",
            lines(1000),
            &[],
            &[(1001, 1000, "lines", "at most 999")],
        ),
        ("999 lines are taken", lines(999), &["A"], &[]),
        (
            "CRLF is taken",
            HEAD.as_bytes()
                .to_vec()
                .into_iter()
                .chain(
                    *b"\r\nA,air,2024-05-10,VN,Ana,shirt,1\r\nB,air,2024-05-10,VN,Ana,shirt,x\r\n",
                )
                .collect(),
            &["A"],
            &[(3, 1, "line_value", "plain")],
        ),
        (
            "a byte order mark is taken",
            [
                b"\xef\xbb\xbf".to_vec(),
                raw("A,air,2024-05-10,VN,Ana,shirt,1\n"),
            ]
            .concat(),
            &["A"],
            &[],
        ),
        (
            "a quoted line break counts as one row",
            raw("A,air,2024-05-10,VN,Ana,\"shirt,\nwhite\",1\nB,air,2024-05-10,VN,Ana,hat,x\n"),
            &["A"],
            &[(3, 1, "line_value", "plain")],
        ),
        (
            "a quoted line break in a code is refused",
            raw("A,\"a\nir\",2024-05-10,VN,Ana,shirt,1\n"),
            &[],
            &[(2, 1, "mode", "")],
        ),
        (
            "no line break at the end",
            raw("A,air,2024-05-10,VN,Ana,shirt,1"),
            &["A"],
            &[],
        ),
        (
            "blank lines are passed over",
            raw("\nA,air,2024-05-10,VN,Ana,shirt,1\n\n\nB,air,2024-05-10,VN,Ana,shirt,1\n"),
            &["A", "B"],
            &[],
        ),
        (
            "an id too long",
            raw(&format!(
                "{},air,2024-05-10,VN,Ana,shirt,1\n",
                "x".repeat(129)
            )),
            &[],
            &[(2, 1, "shipment_id", "longer than 128")],
        ),
        (
            "a header again in the middle",
            raw(&format!("A,air,2024-05-10,VN,Ana,shirt,1\n{HEAD}\n")),
            &["A"],
            &[(3, 1, "mode", "is not one of")],
        ),
    ]
}

#[test]
fn a_bad_row_refuses_its_shipment_alone() {
    for (why, bytes, ids, rejects) in structures() {
        check(why, &read(&bytes, "a.csv"), ids, rejects);
    }
}

fn check(why: &str, outcome: &Outcome, ids: &[&str], rejects: &[(u64, u32, &str, &str)]) {
    assert!(outcome.error.is_none(), "{why}: {:?}", outcome.error);
    assert_eq!(outcome.ids(), ids, "{why}: {:?}", outcome.rejected);
    assert_eq!(
        outcome.rejected.len(),
        rejects.len(),
        "{why}: {:?}",
        outcome.rejected
    );
    for (reject, (row, rows, field, reason)) in outcome.rejected.iter().zip(rejects) {
        assert_eq!(
            (reject.row, reject.rows, reject.field.as_str()),
            (*row, *rows, *field),
            "{why}: {reject:?}"
        );
        assert!(
            reject.reason.to_string().contains(reason),
            "{why}: {}",
            reject.reason
        );
    }
}

#[test]
fn a_repeat_may_be_empty_and_lines_keep_their_order() {
    let outcome = read(
        &raw("A,air,2024-05-10,VN,Ana,shirt,1\nA,,,,,hat,2.50\n"),
        "a.csv",
    );
    let [(shipment, texts)] = outcome.accepted.as_slice() else {
        panic!("{:?}", outcome.rejected)
    };
    let values: Vec<i64> = shipment.lines.iter().map(|line| line.value).collect();
    assert_eq!(values, [100, 250]);
    assert_eq!(texts.line_count(), 2);
}

/// A file that cannot be read at all, and a part of what is said.
#[test]
fn a_file_that_does_not_fit_is_a_wrong_call() {
    let good = "A,air,2024-05-10,VN,Ana,shirt,1\n";
    for (why, text, said) in [
        (
            "unknown column",
            format!("{HEAD},colour\n"),
            "\"colour\" is not a field",
        ),
        (
            "misspelt column",
            HEAD.replace("consignee_name", "consginee_name"),
            "did you mean consignee_name",
        ),
        (
            "column in capitals",
            HEAD.replace("mode", "Mode"),
            "did you mean mode",
        ),
        (
            "column with a space",
            HEAD.replace("line_value", "line value"),
            "did you mean line_value",
        ),
        (
            "column twice",
            format!("{HEAD},mode\n"),
            "two columns give mode",
        ),
        (
            "column without a name",
            format!("{HEAD},\n"),
            "column 8 has no name",
        ),
        ("no mode", HEAD.replace("mode,", ""), "--set mode=express"),
        (
            "no id",
            HEAD.replace("shipment_id,", ""),
            "no column gives shipment_id",
        ),
        (
            "no description",
            HEAD.replace("description,", ""),
            "no column gives description",
        ),
        (
            "unknown fact",
            format!("{HEAD},facts.colour\n"),
            "not a fact of the rulebook",
        ),
        (
            "semicolons",
            HEAD.replace(',', ";"),
            "separate columns with commas",
        ),
        (
            "a spreadsheet",
            "PK\u{3}\u{4}xl/workbook".to_owned(),
            "save the sheet as CSV",
        ),
        ("no header", good.to_owned(), "is not a field"),
        ("nothing", String::new(), "is empty"),
        (
            "a header alone",
            HEAD.to_owned(),
            "has a header and no rows",
        ),
        ("spaces alone", "\n\n".to_owned(), "is empty"),
        ("an empty array", "[]".to_owned(), "holds no shipment"),
    ] {
        let outcome = read(
            text.as_bytes(),
            if text == "[]" { "a.json" } else { "a.csv" },
        );
        assert!(
            outcome.message().contains(said),
            "{why}: {}",
            outcome.message()
        );
        assert!(outcome.accepted.is_empty() && outcome.rejected.is_empty());
    }
    let utf16: Vec<u8> = [0xff, 0xfe, b's', 0, b'h', 0].to_vec();
    assert!(read(&utf16, "a.csv").message().contains("UTF-16"));
    let damaged = [0x1f, 0x8b, 8, 0, 1, 2, 3];
    assert!(!read(&damaged, "a.csv.gz").message().is_empty());
}

#[test]
fn unknown_columns_are_passed_over_when_asked() {
    let text = format!("{HEAD},colour,colour,\nA,air,2024-05-10,VN,Ana,shirt,1,red,blue,\n");
    let outcome = read_with(text.as_bytes(), "a.csv", |options| {
        options.ignore_unknown = true
    });
    assert_eq!(outcome.ids(), ["A"]);
}

/// The JSON members of a good shipment and of its line.
const MEMBERS: &str = r#""mode":"air","arrives_at":"2024-05-10","country_of_shipment":"VN","consignee":{"name":"Ana Lopez","country":"US"}"#;
const LINE: &str = r#"{"description":"shirt","line_value":"42.00","quantity":2,"claims":["S"],"facts":{"alcohol":false,"steel_value_usd":"1.00"}}"#;

fn object(id: &str, members: &str, line: &str) -> String {
    format!("{{\"shipment_id\":\"{id}\",{members},\"lines\":[{line}]}}")
}

/// What is put into the shipment's members (`from` replaced by `to`), the field, part of the reason.
const JSON_MEMBERS: [(&str, &str, &str, &str); 22] = [
    (
        "\"mode\":\"air\"",
        "\"mode\":\"drone\"",
        "/mode",
        "is not one of",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":null",
        "/mode",
        "is required and missing",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"\"",
        "/mode",
        "is required and missing",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":1",
        "/mode",
        "must be text in quotes",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":[\"air\"]",
        "/mode",
        "must be text in quotes",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":{\"is\":\"air\"}",
        "/mode",
        "must be text in quotes",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"mode\":\"air\"",
        "/mode",
        "is given twice",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"mode\":null",
        "/mode",
        "is given twice",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"colour\":\"red\"",
        "/colour",
        "is not a field",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"arives_at\":\"x\"",
        "/arives_at",
        "did you mean arrives_at",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"consignee_name\":\"x\"",
        "/consignee_name",
        "did you mean consignee",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"accompanied\":\"true\"",
        "/accompanied",
        "without quotes",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"accompanied\":1",
        "/accompanied",
        "true or false",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"order_total_usd\":12.5",
        "/order_total_usd",
        "write an amount as text",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"order_parcels\":-1",
        "/order_parcels",
        "whole number",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"order_parcels\":1.5",
        "/order_parcels",
        "whole number",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"bond\":{\"amount_usd\":50000}",
        "/bond/amount_usd",
        "as text",
    ),
    (
        "\"mode\":\"air\"",
        "\"mode\":\"air\",\"bond\":\"single\"",
        "/bond",
        "an object in braces",
    ),
    (
        "\"arrives_at\":\"2024-05-10\"",
        "\"arrives_at\":1715299200",
        "/arrives_at",
        "must be text",
    ),
    (
        "\"name\":\"Ana Lopez\"",
        "\"name\":7",
        "/consignee/name",
        "must be text",
    ),
    (
        "\"name\":\"Ana Lopez\"",
        "\"name\":\"Ana Lopez\",\"zip\":\"1\"",
        "/consignee/zip",
        "is not a field",
    ),
    (
        "{\"name\":\"Ana Lopez\",\"country\":\"US\"}",
        "\"Ana Lopez\"",
        "/consignee",
        "an object in braces",
    ),
];

/// What is put into the line, the field, part of the reason.
const JSON_LINES: [(&str, &str, &str, &str); 19] = [
    (
        "\"42.00\"",
        "42.00",
        "/lines/0/line_value",
        "write an amount as text, \"12.50\"",
    ),
    (
        "\"42.00\"",
        "42",
        "/lines/0/line_value",
        "write an amount as text",
    ),
    (
        "\"42.00\"",
        "\"42.001\"",
        "/lines/0/line_value",
        "more decimals",
    ),
    (
        "\"42.00\"",
        "true",
        "/lines/0/line_value",
        "must be text such as",
    ),
    (
        "\"42.00\"",
        "null",
        "/lines/0/line_value",
        "is required and missing",
    ),
    (
        "\"quantity\":2",
        "\"quantity\":2.5",
        "/lines/0/quantity",
        "a whole number or text",
    ),
    (
        "\"quantity\":2",
        "\"quantity\":0",
        "/lines/0/quantity",
        "more than zero",
    ),
    (
        "\"quantity\":2",
        "\"quantity\":-2",
        "/lines/0/quantity",
        "negative",
    ),
    (
        "\"quantity\":2",
        "\"quantity\":2,\"gross_weight_kg\":\"heavy\"",
        "/lines/0/gross_weight_kg",
        "plain decimal",
    ),
    (
        "[\"S\"]",
        "[\"S\",5]",
        "/lines/0/claims",
        "an array of texts",
    ),
    (
        "[\"S\"]",
        "[[\"S\"]]",
        "/lines/0/claims",
        "an array of texts",
    ),
    ("[\"S\"]", "[\"S!\"]", "/lines/0/claims", "not a code"),
    (
        "\"alcohol\":false",
        "\"alcohol\":\"maybe\"",
        "/lines/0/facts/alcohol",
        "true or false",
    ),
    (
        "\"alcohol\":false",
        "\"alcohol\":false,\"colour\":true",
        "/lines/0/facts/colour",
        "not a fact",
    ),
    (
        "\"1.00\"",
        "1.00",
        "/lines/0/facts/steel_value_usd",
        "as text",
    ),
    (
        "\"alcohol\":false",
        "\"alcohol\":false,\"alcohol\":true",
        "/lines/0/facts/alcohol",
        "is given twice",
    ),
    (
        "{\"alcohol\":false,\"steel_value_usd\":\"1.00\"}",
        "[]",
        "/lines/0/facts",
        "an object in braces",
    ),
    (
        "\"description\":\"shirt\",",
        "",
        "/lines/0/description",
        "is required and missing",
    ),
    (LINE, "\"shirt\"", "/lines/0", "an object in braces"),
];

/// What the second shipment is as a whole, part of the reason.
const JSON_WHOLE: [(&str, &str); 16] = [
    ("{}", "is required and missing"),
    ("{\"shipment_id\":\"B\",}", "is not JSON"),
    ("{\"shipment_id\":\"B\" \"mode\":\"air\"}", "is not JSON"),
    ("{\"shipment_id\":B}", "is not JSON"),
    ("{'shipment_id':'B'}", "is not JSON"),
    ("{\"shipment_id\":\"\\ud800\"}", "is not JSON"),
    ("{\"shipment_id\":\"B\",\"quantity\":1e999}", "is not"),
    (
        "{\"shipment_id\":\"B\",\"order_total_usd\":NaN}",
        "is not JSON",
    ),
    ("{\"shipment_id\":\"B\",\"lines\":{}}", "an array of lines"),
    (
        "{\"shipment_id\":\"B\",\"lines\":\"none\"}",
        "an array of lines",
    ),
    (
        "{\"shipment_id\":\"B\",\"lines\":[null]}",
        "an object in braces",
    ),
    ("{\"shipment_id\":7}", "must be text in quotes"),
    ("null", "an object in braces"),
    ("17", "an object in braces"),
    ("\"B\"", "an object in braces"),
    ("[]", "an object in braces"),
];

/// Three shipments, the second bad, as an array and as one object a line.
fn both_forms(bad: &str, check: impl Fn(&Outcome, &str)) {
    let (a, c) = (object("A", MEMBERS, LINE), object("C", MEMBERS, LINE));
    check(
        &read(format!("[{a},\n {bad} ,{c}]").as_bytes(), "a.json"),
        bad,
    );
    check(
        &read(format!("{a}\n{bad}\n{c}\n").as_bytes(), "a.ndjson"),
        bad,
    );
    check(
        &read(format!("{a}\r\n\r\n{bad}\r\n{c}").as_bytes(), "-"),
        bad,
    );
}

#[test]
fn a_bad_object_is_refused_alone() {
    let members = JSON_MEMBERS.iter().map(|(from, to, field, reason)| {
        (
            object("B", &MEMBERS.replace(from, to), LINE),
            *field,
            *reason,
            from,
        )
    });
    let lines = JSON_LINES.iter().map(|(from, to, field, reason)| {
        (
            object("B", MEMBERS, &LINE.replace(from, to)),
            *field,
            *reason,
            from,
        )
    });
    for (bad, field, reason, from) in members.chain(lines) {
        assert_ne!(bad, object("B", MEMBERS, LINE), "{from} is not there");
        both_forms(&bad, |outcome, bad| {
            assert_eq!(outcome.ids(), ["A", "C"], "{bad}: {:?}", outcome.rejected);
            let [reject] = outcome.rejected.as_slice() else {
                panic!("{bad}: {:?}", outcome.rejected)
            };
            assert_eq!(reject.field, field, "{bad}: {reject:?}");
            assert!(
                reject.reason.to_string().contains(reason),
                "{bad}: {}",
                reject.reason
            );
            assert_eq!(reject.shipment_id.as_deref(), Some("B"), "{bad}");
            assert!(
                !format!("{} {}", reject.reason, reject.value).contains("Ana"),
                "{reject:?}"
            );
            if !field.starts_with("/consignee") {
                let consignee = reject.consignee.as_ref().expect(bad);
                assert_eq!(consignee.name.as_deref(), Some("Ana Lopez"), "{bad}");
            }
        });
    }
    for (bad, reason) in JSON_WHOLE {
        both_forms(bad, |outcome, bad| {
            assert_eq!(outcome.ids(), ["A", "C"], "{bad}: {:?}", outcome.rejected);
            assert_eq!(outcome.rejected.len(), 1, "{bad}");
            let said = outcome.rejected[0].reason.to_string();
            assert!(said.contains(reason), "{bad}: {said}");
        });
    }
}

#[test]
fn what_json_cannot_go_on_after_is_said_with_what_was_read() {
    let (a, b) = (object("A", MEMBERS, LINE), object("B", MEMBERS, LINE));
    for (text, said) in [
        (
            format!("[{a},{}", &b[..b.len() - 2]),
            "the array ends inside a shipment; 1 shipments were read",
        ),
        (format!("[{a}"), "the array is not closed"),
        (format!("[{a} {b}]"), "a comma is missing"),
        (format!("[{a},]"), "a comma before its end"),
        (format!("[{a}] {b}"), "text after the array"),
        (format!("[{a},,{b}]"), "must be an object in braces"),
        (
            format!("[{a},{{\"shipment_id\":\"B,\"mode\":\"air\"}},{b}]"),
            "the array ends inside a shipment",
        ),
    ] {
        let outcome = read(text.as_bytes(), "a.json");
        assert_eq!(outcome.ids(), ["A"], "{text}");
        let [reject] = outcome.rejected.as_slice() else {
            panic!("{text}: {:?}", outcome.rejected)
        };
        assert!(
            reject.reason.to_string().contains(said),
            "{text}: {}",
            reject.reason
        );
    }
    let twice = read(format!("[{a},{b},{a}]").as_bytes(), "a.json");
    assert_eq!((twice.ids(), twice.rejected[0].row), (vec!["A", "B"], 3));
    let not_text = [
        b"[".as_slice(),
        a.as_bytes(),
        b",{\"shipment_id\":\"\xff\"}]",
    ]
    .concat();
    assert!(
        read(&not_text, "a.json").rejected[0]
            .reason
            .to_string()
            .contains("UTF-8")
    );
}

#[test]
fn one_object_may_stand_over_many_lines() {
    let text = object("A", MEMBERS, LINE).replace(',', ",\n  ");
    assert_eq!(read(text.as_bytes(), "a.json").ids(), ["A"]);
    let two = format!("{text}\n{}", text.replace("\"A\"", "\"B\""));
    assert_eq!(read(two.as_bytes(), "-").ids(), ["A", "B"]);
}

#[test]
fn a_refusal_does_not_repeat_personal_data() {
    let secret = "Ana\u{7}Lopez";
    let text = object("B", &MEMBERS.replace("Ana Lopez", "Ana\\u0007Lopez"), LINE);
    let outcome = read(text.as_bytes(), "a.json");
    assert_eq!(outcome.rejected[0].value, "(withheld)");
    let outcome = read(
        &raw(&format!("A,air,2024-05-10,VN,{secret},shirt,1\n")),
        "a.csv",
    );
    assert_eq!(outcome.rejected[0].value, "(withheld)");
}
