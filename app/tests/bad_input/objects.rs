//! Bad objects of JSON, in an array and one a line.

use crate::reading::{Outcome, read};
use crate::rows::raw;

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
