//! Values out of line with the same article elsewhere in the file, within bounded memory.

mod linting;

use deminimis_law::codes::Currency;
use deminimis_office::lint::values::{Limits, UnitValue};
use deminimis_office::lint::{LintOptions, Severity};
use linting::{Linted, file, lint_as, lint_text, options};

/// Judges a file of one parcel for each (stock number, quantity, line value).
fn lines(lines: &[(&str, &str, &str)], options: &LintOptions<'_>) -> Linted {
    let row = |(at, (sku, quantity, value)): (usize, &(&str, &str, &str))| {
        let fields = [
            ("shipment_id", format!("P{at}")),
            ("sku", (*sku).to_owned()),
            ("quantity", (*quantity).to_owned()),
        ];
        let fields = fields
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        file()
            .home()
            .with(&fields)
            .with(&[("line_value", value)])
            .row(at == 0)
    };
    let text: String = lines.iter().enumerate().map(row).collect();
    lint_text(&text, options)
}

fn found(linted: &Linted) -> Vec<(&str, &str)> {
    linted
        .notes
        .iter()
        .map(|note| (note.shipment_id.as_str(), note.rule.id))
        .collect()
}

#[test]
fn a_value_far_below_its_article_is_flagged_at_the_end() {
    let given = [
        ("A", "1", "10.00"),
        ("A", "2", "20.00"),
        ("A", "1", "0.50"),
        ("A", "3", "30.00"),
        ("B", "1", "0.50"),
    ];
    let linted = lines(&given, &options());
    assert_eq!(found(&linted), [("P2", "value-below-article")]);
    let note = &linted.notes[0];
    assert_eq!(
        (note.row, note.line, note.severity),
        (4, Some(1), Severity::Warning)
    );
    assert!(
        note.message.contains(
            "0.50 USD a unit, where the median of the 4 lines with this stock number is 10.00 USD"
        ),
        "{}",
        note.message
    );
}

#[test]
fn five_times_is_in_line_and_a_hair_more_is_not() {
    let with = |value| {
        lines(
            &[("A", "1", "10.00"), ("A", "1", "10.00"), ("A", "1", value)],
            &options(),
        )
    };
    assert_eq!(found(&with("2.00")), []);
    assert_eq!(found(&with("1.99")), [("P2", "value-below-article")]);
    assert_eq!(found(&with("50.00")), []);
    assert_eq!(found(&with("50.01")), [("P2", "value-above-article")]);
}

#[test]
fn unit_values_are_exact() {
    // A third of a cent is no third that was rounded.
    let third = UnitValue::new(1, 3000).unwrap();
    assert_eq!(third, UnitValue::new(2, 6000).unwrap());
    assert!(third.is_below(UnitValue::new(5001, 3_000_000).unwrap(), 5));
    assert!(!third.is_below(UnitValue::new(5, 3000).unwrap(), 5));
    let (most, least) = (
        UnitValue::new(i64::MAX, 1).unwrap(),
        UnitValue::new(1, i64::MAX).unwrap(),
    );
    assert!(least.is_below(most, u32::MAX) && !most.is_below(least, u32::MAX));
    assert!(!most.is_below(most, u32::MAX));
    assert_eq!(
        UnitValue::new(1250, 1000).unwrap().shown(Currency::USD),
        "12.50 USD"
    );
    assert_eq!(
        UnitValue::new(5, 1000).unwrap().shown(Currency::USD),
        "0.05 USD"
    );
    assert_eq!(
        UnitValue::new(100, 3000).unwrap().shown(Currency::USD),
        "0.33 USD"
    );
    assert_eq!(
        UnitValue::new(7, 1000)
            .unwrap()
            .shown(Currency::parse("JPY").unwrap()),
        "7 JPY"
    );
    assert_eq!(
        (
            UnitValue::new(0, 1),
            UnitValue::new(1, 0),
            UnitValue::new(-1, 1)
        ),
        (None, None, None)
    );
}

#[test]
fn line_totals_of_other_quantities_are_in_line() {
    let given = [
        ("A", "1", "10.00"),
        ("A", "100", "900.00"),
        ("A", "1000", "8000.00"),
        ("A", "0.5", "5.00"),
    ];
    assert_eq!(found(&lines(&given, &options())), []);
}

#[test]
fn two_lines_have_no_median() {
    assert_eq!(
        found(&lines(
            &[("A", "1", "10.00"), ("A", "1", "0.10")],
            &options()
        )),
        []
    );
}

#[test]
fn zero_is_flagged_at_once_and_is_no_part_of_the_median() {
    let given = [
        ("A", "1", "0.00"),
        ("A", "1", "0.00"),
        ("A", "1", "10.00"),
        ("A", "1", "10.00"),
        ("A", "1", "1.00"),
    ];
    let linted = lines(&given, &options());
    assert_eq!(
        found(&linted),
        [
            ("P0", "value-zero"),
            ("P1", "value-zero"),
            ("P4", "value-below-article")
        ]
    );
    let documents = file()
        .home()
        .with(&[("purpose", "documents"), ("line_value", "0.00")]);
    assert_eq!(documents.lint().rules(), [""; 0]);
}

#[test]
fn articles_are_told_apart_by_currency_unit_number_and_stock_number() {
    let article = |fields: &[&[(&str, &str)]]| {
        let row = |(at, more): (usize, &&[(&str, &str)])| {
            let id = format!("P{at}");
            let base = [
                ("shipment_id", id.as_str()),
                ("quantity", "1"),
                ("currency", "USD"),
                ("unit", "PCS"),
                ("htsus_number", ""),
            ];
            file().home().with(&base).with(more).row(at == 0)
        };
        let text: String = fields.iter().enumerate().map(row).collect();
        lint_text(&text, &options()).rules()
    };
    let dear: &[(&str, &str)] = &[("line_value", "100.00")];
    let cheap = |more: (&'static str, &'static str)| [("line_value", "1.00"), more];
    assert_eq!(
        article(&[dear, dear, &cheap(("unit", "pcs"))]),
        ["value-below-article"]
    );
    assert_eq!(
        article(&[
            dear,
            dear,
            &cheap(("description", "MEN'S cotton t-shirts -- knitted"))
        ]),
        ["value-below-article"]
    );
    assert_eq!(article(&[dear, dear, &cheap(("currency", "EUR"))]), [""; 0]);
    assert_eq!(article(&[dear, dear, &cheap(("unit", "DOZ"))]), [""; 0]);
    assert_eq!(
        article(&[dear, dear, &cheap(("htsus_number", "6109.10.0012"))]),
        [""; 0]
    );
}

#[test]
fn the_same_article_by_description_only_is_advice() {
    let text: String = ["10.00", "10.00", "1.00"]
        .iter()
        .enumerate()
        .map(|(at, value)| {
            file()
                .home()
                .with(&[
                    ("shipment_id", &format!("P{at}")),
                    ("quantity", "1"),
                    ("line_value", value),
                ])
                .row(at == 0)
        })
        .collect();
    let linted = lint_text(&text, &options());
    assert_eq!(linted.notes[0].severity, Severity::Advice);
}

#[test]
fn rows_of_one_shipment_keep_their_own_row_in_csv_and_its_row_in_json() {
    let rows = file().home().with(&[("quantity", "1"), ("sku", "A")]);
    let cheap = rows.clone().with(&[("line_value", "1.00")]);
    let text = rows.row(true) + &rows.row(false) + &cheap.row(false);
    let linted = lint_text(&text, &options());
    assert_eq!((linted.notes[0].row, linted.notes[0].line), (4, Some(3)));
    let line = r#"{"description":"Cotton socks","line_value":"VALUE","quantity":"1","sku":"A"}"#;
    let json = format!(
        r#"[{{"shipment_id":"P1","mode":"air","arrives_at":"2026-02-01","country_of_shipment":"VN",
        "consignee":{{"name":"Marisol Vega","street":"2217 Enfield Rd"}},"lines":[{},{},{}]}}]"#,
        line.replace("VALUE", "10.00"),
        line.replace("VALUE", "1.00"),
        line.replace("VALUE", "10.00")
    );
    let linted = lint_as(&json, "a.json", &options());
    assert_eq!((linted.notes[0].row, linted.notes[0].line), (1, Some(2)));
}

#[test]
fn memory_is_bounded_and_what_is_not_compared_is_said() {
    let limits = Limits {
        articles: 2,
        prices: 4,
        prices_each: 3,
        places: 5,
        places_each: 2,
    };
    let tight = LintOptions {
        limits,
        ..options()
    };
    // Articles: the third is not kept.
    let linted = lines(
        &[
            ("A", "1", "1.00"),
            ("B", "1", "1.00"),
            ("C", "1", "1.00"),
            ("C", "1", "1.00"),
        ],
        &tight,
    );
    assert_eq!(
        (
            linted.report.compared.articles,
            linted.report.compared.beyond_limits
        ),
        (2, 2)
    );
    assert!(
        linted.report.text().contains("2 lines not compared"),
        "{}",
        linted.report.text()
    );
    // Unit values of one article: the fourth is not kept, one that is known is counted.
    let linted = lines(
        &[
            ("A", "1", "1.00"),
            ("A", "1", "2.00"),
            ("A", "1", "3.00"),
            ("A", "1", "4.00"),
            ("A", "1", "2.00"),
        ],
        &tight,
    );
    assert_eq!(
        (
            linted.report.compared.lines,
            linted.report.compared.beyond_limits
        ),
        (4, 1)
    );
    // Places: two are named, the others are counted.
    let mut many = vec![("A", "1", "10.00"); 8];
    many.extend([("A", "1", "1.00"); 4]);
    let linted = lines(&many, &tight);
    assert_eq!(linted.notes.len(), 2);
    assert!(
        linted.notes[1]
            .message
            .contains("2 further lines say the same"),
        "{}",
        linted.notes[1].message
    );
}

#[test]
fn a_long_file_with_many_articles_stays_within_its_limits() {
    let limits = Limits {
        articles: 100,
        prices: 150,
        prices_each: 8,
        places: 200,
        places_each: 2,
    };
    let given: Vec<(String, String)> = (0..5000)
        .map(|at| (format!("S{}", at % 700), format!("{}.00", 1 + at % 9)))
        .collect();
    let given: Vec<_> = given
        .iter()
        .map(|(sku, value)| (sku.as_str(), "1", value.as_str()))
        .collect();
    let compared = lines(
        &given,
        &LintOptions {
            limits,
            ..options()
        },
    )
    .report
    .compared;
    assert_eq!(compared.articles, 100);
    assert_eq!(
        compared.lines + compared.beyond_limits + compared.not_comparable,
        5000
    );
    let all = lines(&given, &options()).report.compared;
    assert_eq!((all.articles, all.lines, all.beyond_limits), (700, 5000, 0));
}

#[test]
fn equal_input_gives_equal_findings() {
    let given: Vec<(String, String)> = (0..300)
        .map(|at| (format!("S{}", at % 7), format!("{}.00", 1 + at * at % 40)))
        .collect();
    let given: Vec<_> = given
        .iter()
        .map(|(sku, value)| (sku.as_str(), "1", value.as_str()))
        .collect();
    let (one, other) = (lines(&given, &options()), lines(&given, &options()));
    assert!(!one.notes.is_empty());
    assert_eq!(one.notes, other.notes);
}
