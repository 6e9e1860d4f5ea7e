//! Rows of CSV that are bad as a whole, and files that do not fit.

use crate::reading::{Outcome, read, read_with};

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

/// A file of these rows under that header.
pub fn raw(rows: &str) -> Vec<u8> {
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
