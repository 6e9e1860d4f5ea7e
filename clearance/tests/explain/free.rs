//! Parcels that are free, or could be by what is told.

use crate::{WIDE, changes, day, explained, has, parcel, says};
use deminimis_clearance::explain::Style;

#[test]
fn a_free_parcel_says_how_much_room_is_left() {
    let free = explained(
        &parcel("air-parcel", &[("shipment_id", "PX-1001")]),
        &day(0),
    );
    has(
        &free.tree(WIDE),
        &[
            "PX-1001  air, VN to US, arrives 2024-05-10, $42.00, 1 line\n",
            "    1  cotton T-shirt, 6109.10.0012, made in VN, $42.00\n\n",
            "Who is the person?  The consignee.  ",
            "19 USC 1321(a)(2)(C)",
            "May the goods enter?  No ban speaks of them.\n\n",
            "Free under Section 321?  Yes.\n  allows    $42.00 of this person's $800.00 that day",
            "            s321.value-limit since 2016-03-10, published 2016-02-24",
            "read: entered 2024-05-10, value $42.00",
            "By which path?  Manifest release.\n  allows  ",
            "confidence ",
            "mode air",
            "\n  how       filed by: carrier",
            "\n  or        entry 86, free; filed by: ",
            "\n  or        entry 11, dutiable; ",
            "\nAssumed  by presumption: adcvd_case none, ",
            "quota none (confidence M)",
            "19 USC 1484(a)(1)",
            "\nOpen  None.\n",
            "\nDue\n",
            "\nKeep records until 2026-05-10: ",
            "\nWould make it not free\n",
            "\nLaw ",
            "checked to ",
            "Confidence: ",
        ],
    );
    assert_eq!(
        changes(&free),
        [
            "goods worth $758.01 more, $800.01 in all: entry_required entry-11",
            "another free parcel of this person that day, before it, of $758.01 or more: entry_required entry-11",
            "entered on or after 2025-08-29: entry_required entry-11",
        ]
    );
    says(
        &free,
        &[
            "Parcel PX-1001: cotton T-shirt, worth $42.00, arriving on May 10, 2024.",
            "It may come into the United States without duty.",
            "Goods worth up to $800.00 for one person on one day come in without duty. This parcel is worth $42.00.",
            "Nobody owes duty for it.",
            "The receiver has nothing to file.",
            "That leaves $758.00 for the same person's other parcels of that day.",
            "Keep the invoice and other papers until May 10, 2026.",
        ],
        "19 USC 1321(a)(2)(C)",
    );
}

#[test]
fn a_gift_has_a_limit_of_its_own() {
    let gift = |value: &str| {
        let fields = [
            ("arrives_at", "2026-11-10"),
            ("purpose", "gift"),
            ("shipper_name", "Minh Tran"),
            ("shipper_kind", "person"),
            ("line_value", value),
        ];
        explained(&parcel("mail-parcel", &fields), &day(0))
    };
    let free = gift("42.00");
    has(
        &free.tree(WIDE),
        &[
            "$42.00, gift, 1 line",
            "Free under Section 321?  Yes, as a gift.",
            "  allows    a gift: $42.00 of this recipient's $100.00 that day",
            "purpose gift",
            "By which path?  None is needed.",
            "goods worth $58.01 more, $100.01 in all",
        ],
    );
    has(
        &free.plain(),
        &[
            "It is a gift. Gifts worth up to $100.00 for one person on one day come in without duty.\nNobody owes duty for it.\n",
        ],
    );
    let over = gift("120.00");
    has(
        &over.plain(),
        &[
            "It is worth $120.00. Without duty, only $100.00 of gifts for one person on one day may come in.\n",
        ],
    );
    assert_eq!(
        changes(&over)[0],
        "goods worth $20.00 less, $100.00 in all: free none"
    );
}

#[test]
fn type_86_is_free_but_filed() {
    let fields = [
        ("arrives_at", "2024-03-10T13:00:00-04:00"),
        ("entry_path", "entry-86"),
        ("house_bill", "H1"),
        ("filed_at", "2024-03-10T12:00:00-04:00"),
    ];
    let filed = explained(&parcel("express-parcel", &fields), &day(0));
    has(
        &filed.tree(WIDE),
        &[
            "express, VN to US, arrives 2024-03-10T13:00-04:00",
            "By which path?  Entry 86.\n  allows    entry type 86",
            "\n  how       filed by: owner or purchaser",
            "\n  or        manifest release, free; ",
        ],
    );
    has(
        &filed.plain(),
        &["Nobody owes duty for it.\nIt must still be declared to US Customs. Who may do that: "],
    );
}

#[test]
fn a_chosen_entry_and_a_formal_one_can_be_lighter() {
    let fields = [("entry_path", "entry-11"), ("duty_terms", "ddp")];
    let chosen = explained(&parcel("express-parcel", &fields), &day(0));
    assert_eq!(
        changes(&chosen),
        ["the sender asks for no path of its own: free manifest-release"]
    );
    has(
        &chosen.plain(),
        &[
            "It could have come in without duty, but the sender chose to declare it and pay.\n",
            "The express carrier usually pays US Customs first. Then the money is owed to the carrier.\n",
        ],
    );
    let fields = [
        ("line_value", "2600.00"),
        ("facts.chapter_99_goods", "false"),
    ];
    let formal = explained(&parcel("air-parcel", &fields), &day(0));
    assert_eq!(
        changes(&formal),
        [
            "goods worth $100.00 less, $2,500.00 in all: entry_required entry-11",
            "goods worth $1,800.00 less, $800.00 in all: free manifest-release",
        ]
    );
}

#[test]
fn a_missing_number_can_be_supplied_and_lines_are_named_together() {
    let bare = explained(&parcel("air-parcel", &[("htsus_number", "")]), &day(0));
    assert_eq!(
        bare.changes[0].words,
        "the HTSUS number given in full, of goods that no rule singles out"
    );
    assert_eq!(
        (bare.changes[0].outcome, bare.changes[0].entry_path),
        ("free", "manifest-release")
    );
    let fields = [("arrives_at", "2025-06-10"), ("country_of_origin", "CN")];
    let mut china = parcel("air-parcel", &fields);
    let line = china.0.lines[0].clone();
    china.0.lines.extend([line.clone(), line]);
    let tree = explained(&china, &day(0)).tree(WIDE);
    has(&tree, &["denies ", "(lines 1 to 3)"]);
    let assumed = tree.split("\nAssumed  ").nth(1).unwrap();
    let assumed = assumed.split("\n\n").next().unwrap();
    assert!(!assumed.contains("line"), "taken for all lines: {assumed}");
    for once in ["adcvd_case", "quota", "19 USC 1484(a)(1)", "(confidence M)"] {
        assert_eq!(assumed.matches(once).count(), 1, "{once} in {assumed}");
    }
    let style = Style {
        width: 80,
        colour: true,
    };
    has(
        &explained(&china, &day(0)).tree(style),
        &[
            "\n  \u{1b}[31mdenies\u{1b}[0m    ",
            "\n            \u{1b}[2m",
            "\u{1b}[0m since ",
        ],
    );
}

#[test]
fn amounts_in_another_currency_are_given_in_dollars() {
    use deminimis_clearance::explain::explain;
    use deminimis_clearance::rates::{Rate, Rates};
    use deminimis_law::{codes::Currency, time::Day};
    let currency = Currency::parse("GBP").unwrap();
    let (from, until) = (
        Day::parse("2024-05-01").unwrap(),
        Day::parse("2024-06-01").unwrap(),
    );
    let rates = Rates::new(vec![Rate {
        currency,
        from,
        until,
        micro_usd: 1_250_000,
    }]);
    let books = deminimis_clearance::Books {
        rates: &rates,
        ..crate::books()
    };
    let fields = [
        ("currency", "GBP"),
        ("line_value", "700.01"),
        ("facts.chapter_99_goods", "false"),
    ];
    let (shipment, texts) = parcel("air-parcel", &fields);
    let mut scratch = deminimis_clearance::Scratch::default();
    let over = explain(
        books,
        &shipment,
        &texts,
        &day(0),
        Default::default(),
        &mut scratch,
    );
    assert_eq!(
        changes(&over)[0],
        "goods worth $75.01 less, $800.00 in all: free manifest-release"
    );
    has(
        &over.tree(WIDE),
        &["$875.01, 1 line", "made in VN, 700.01 GBP"],
    );
}
