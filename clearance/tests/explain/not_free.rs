//! Parcels that are not free, or of which it cannot be said.

use crate::{WIDE, changes, day, explained, has, parcel, says};

#[test]
fn over_the_limit_by_the_day_says_by_how_much() {
    let fields = [
        ("line_value", "500.00"),
        ("facts.chapter_99_goods", "false"),
        ("duty_terms", "ddu"),
    ];
    let over = explained(&parcel("air-parcel", &fields), &day(50_000));
    has(
        &over.tree(WIDE),
        &[
            "Free under Section 321?  No.\n  denies    this person's day reaches $1000.00, over $800.00",
            "$500.00, free before it that day $500.00 in 1 parcel",
            "By which path?  Entry 11.\n  requires  informal entry, up to $2,500",
            "Would change it\n  on a day on which this person imports nothing else",
            "free by manifest release\n",
            "  goods worth $200.00 less, $300.00 in all",
            "free by manifest release\n",
        ],
    );
    says(
        &over,
        &[
            "Parcel 1: cotton T-shirt, worth $500.00, arriving on May 10, 2024.",
            "It may come into the United States, but not as a free parcel. It must be declared to US Customs.",
            "Together with the parcels before it that day it makes $1,000.00. Without duty, only $800.00 for one person on one day may come in.",
            "Owed are any duty, taxes and fees on the goods.",
            "The receiver agreed to pay them, so the receiver owes them.",
            "They are paid to US Customs, often through a broker or the carrier.",
            "How much cannot be said here: the rates of that day are not at hand.",
            "It is declared to US Customs as entry type 11.",
            "On a day without other parcels for the same person it would have come in without duty.",
            "Keep the invoice and other papers until May 10, 2029.",
        ],
        "19 USC 1321(a)(2)(C)",
    );
}

#[test]
fn a_suspended_parcel_says_since_when_and_when_it_was_free() {
    let fields = [
        ("arrives_at", "2026-11-20"),
        ("country_of_origin", "CN"),
        ("country_of_shipment", "CN"),
        ("line_value", "40.00"),
        ("duty_terms", "ddp"),
    ];
    let suspended = explained(&parcel("air-parcel", &fields), &day(0));
    has(
        &suspended.tree(WIDE),
        &[
            "air, CN to US, arrives 2026-11-20, $40.00, 1 line",
            "Free under Section 321?  No.\n  denies    suspended for every country and mode",
            "EO 14324",
            "since 2026-02-24, published 2026-02-20; read: entered 2026-11-20\n",
            "  denies    CBP's own suspension since 2026-06-24",
            "91 FR 37789",
            "mode air",
            "  allows    $40.00 of this person's $800.00 that day",
            "By which path?  Entry 11.",
            "What follows?",
            "checked to 2026-10-12; the parcel is later",
            "Keep records until 2031-11-20",
            "Would change it\n",
        ],
    );
    assert_eq!(
        changes(&suspended),
        ["entered on or before 2025-05-01, back to 2025-02-07: free manifest-release",]
    );
    says(
        &suspended,
        &[
            "Parcel 1: cotton T-shirt, worth $40.00, arriving on November 20, 2026.",
            "It may come into the United States, but not as a free parcel. It must be declared to US Customs.",
            "Parcels of low value used to come in without duty. For parcels like this one that has been stopped.",
            "Owed are any duty, taxes and fees on the goods.",
            "The seller agreed to pay them, so the seller owes them, not the receiver.",
            "They are paid to US Customs, often through a broker or the carrier.",
            "The amount is $17.37: $14.60 duty and $2.77 fees.",
            "It is declared to US Customs as entry type 11.",
            "A parcel like it would have come in without duty if it had been declared on May 1, 2025.",
            "Keep the invoice and other papers until November 20, 2031.",
        ],
        "EO 14324",
    );
}

#[test]
fn a_prohibited_parcel_names_the_ban() {
    let fields = [
        ("arrives_at", "2026-11-20"),
        ("htsus_number", "2203.00.0030"),
        ("country_of_origin", "CA"),
        ("country_of_shipment", "CA"),
        ("description", "lager in cans"),
        ("facts.packaged_for_consumption", "true"),
    ];
    let banned = explained(&parcel("air-parcel", &fields), &day(0));
    has(
        &banned.tree(WIDE),
        &[
            "May the goods enter?  No.\n",
            "  prohibits packaged alcohol of Canada may not enter",
            "(line 1)",
            "packaged_for_consumption true",
            "origin CA",
            "Free under Section 321?  No: the goods may not enter at all.",
            "By which path?  None.",
            "Would change it\n  entered on or before 2026-09-28",
            "  made in any country but CA",
            "entry 11",
        ],
    );
    has(
        &banned.plain(),
        &[
            "It may not come into the United States.\nThe United States does not let such goods in.\n",
            "No duty can be paid to bring it in. US Customs may refuse or seize it.\n",
            "The rule: packaged alcohol",
        ],
    );
}

#[test]
fn a_parcel_without_origin_asks_for_it() {
    let fields = [("arrives_at", "2025-06-10"), ("country_of_origin", "")];
    let asks = explained(&parcel("air-parcel", &fields), &day(0));
    has(
        &asks.tree(WIDE),
        &[
            "air, of unknown origin, VN to US",
            "origin not given",
            "Free under Section 321?  Not decided: a person must answer what is open.",
            "By which path?  Not decided.",
            "Open\n  decides   In which country was the article made? (line 1)",
            "19 USC 1304",
            "CN, HK",
            "entry 11\n",
            "another country",
            "free by manifest release\n",
            "Would change it\n  origin given: made in any country but CN or HK",
        ],
    );
    says(
        &asks,
        &[
            "Parcel 1: cotton T-shirt, worth $42.00, arriving on June 10, 2025.",
            "It cannot be said yet whether it may come in without duty.",
            "This must be answered first:",
            "- In which country was the article made?",
            "Who owes what cannot be said before that.",
            "A parcel like it would have come in without duty if it had been declared on May 1, 2025.",
            "Keep the invoice and other papers until June 10, 2030.",
        ],
        "",
    );
}

#[test]
fn mail_is_paid_by_its_carrier() {
    let mail = explained(
        &parcel("mail-parcel", &[("arrives_at", "2025-10-10")]),
        &day(0),
    );
    has(
        &mail.tree(WIDE),
        &[
            "mail, VN to US",
            "By which path?  Mail carrier.\n  requires  ",
            "\nDue\n            2025-11-12  ",
            "Would change it\n",
            "entered on or before 2025-08-28",
        ],
    );
    has(
        &mail.plain(),
        &[
            "Owed are any duty, taxes and fees on the goods.\nThe importer owes them: that is the receiver, unless the seller agreed",
            "\nThe carrier of the mail, or a firm it works with, pays US Customs and gets the money back",
            "\nThe amount is at least $8.40 and at most $160.00.\nThat depends on this:\n- which method did the carrier elect",
        ],
    );
    assert!(
        !mail.plain().contains("entry type"),
        "the receiver files nothing"
    );
}

#[test]
fn one_answer_serves_every_line_that_lacks_it() {
    let fields = [
        ("arrives_at", "2026-10-05"),
        ("htsus_number", "2203.00.0030"),
        ("country_of_origin", "CA"),
    ];
    let mut beer = parcel("air-parcel", &fields);
    let line = beer.0.lines[0].clone();
    beer.0.lines.extend([line.clone(), line]);
    let question =
        "Is the article packaged for direct consumption, such as in a bottle, can, box or keg?";
    assert_eq!(
        changes(&explained(&beer, &day(0))),
        [format!("answered no: {question}: entry_required entry-11")]
    );
}

#[test]
fn what_is_due_stands_in_order_and_what_has_no_date_last() {
    let fields = [("arrives_at", "2026-11-20")];
    let tree = explained(&parcel("air-parcel", &fields), &day(0)).tree(WIDE);
    has(
        &tree,
        &[
            "\nDue\n            2026-12-05 or 2026-12-07  ",
            "\n            2026-12-07  ",
            "\n            date not known  ",
            "\nKeep records",
        ],
    );
}

#[test]
fn a_date_without_law_names_the_general_limit_first_and_the_rest_in_one() {
    let fields = [("arrives_at", "1990-05-10")];
    let tree = explained(&parcel("air-parcel", &fields), &day(0)).tree(WIDE);
    has(
        &tree,
        &[
            "Not decided: a person must answer what is open.\n",
            "  asks      no law in hand for 1990-05-10; Value limit of the administrative exemption",
            "            s321.value-limit\n",
            "  asks      no law in hand for that date either: s321.",
        ],
    );
    assert_eq!(tree.matches("  asks ").count(), 2, "{tree}");
}
