//! What is owed, what would lower it, and what answers and other paths come to.

use crate::{RATES, WIDE, day, explained, has, parcel};
use deminimis_clearance::explain::{Explanation, Style, explain};
use deminimis_clearance::render::Known;
use deminimis_clearance::{Books, Scratch};
use deminimis_law::Law;
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::rate::Rate;
use deminimis_tariff::Schedule;
use std::sync::Arc;

/// A parcel of China with some fields of its own.
fn china(like: &str, fields: &[(&str, &str)]) -> Explanation {
    let mut all = vec![
        ("arrives_at", "2026-11-20"),
        ("country_of_origin", "CN"),
        ("country_of_shipment", "CN"),
        ("line_value", "40.00"),
    ];
    all.extend(fields);
    explained(&parcel(like, &all), &day(0))
}

fn savings(explanation: &Explanation) -> Vec<String> {
    let text = |change: &deminimis_clearance::explain::Change| {
        let total = change.total.owed_usd.as_deref().unwrap_or("open");
        format!("{}: {total} {}", change.words, change.entry_path)
    };
    explanation.savings.iter().map(text).collect()
}

/// The block of the tree that begins so, up to the next empty line.
fn block<'t>(tree: &'t str, start: &str) -> &'t str {
    let at = tree
        .find(start)
        .unwrap_or_else(|| panic!("no {start:?} in\n{tree}"));
    tree[at..].split("\n\n").next().unwrap()
}

#[test]
fn every_charge_has_a_row_with_rate_base_amount_and_authority() {
    let shirt = china("air-parcel", &[]);
    let tree = shirt.tree(WIDE);
    has(
        &tree,
        &[
            "By which path?  Entry 11.",
            "\nOwed  $17.37\n",
            "What follows?",
        ],
    );
    let rows: Vec<&str> = block(&tree, "Owed  ").lines().collect();
    assert_eq!(
        rows[..7],
        [
            "Owed  $17.37",
            "  9903.88.15    China, Section 301 list 4A (confidence C2)   7.5% of 40.00  3.00",
            "                                                                          85 FR 3741; HTSUS ch. 99 subch. III note 20(s)",
            "  9903.05.31    Section 301 forced-labor duty               12.5% of 40.00  5.00",
            "                                                                         HTSUS ch. 99 subch. III note 52(a); 91 FR 47318",
            "  6109.10.0012  the general rate of column 1                16.5% of 40.00  6.60                 HTSUS column 1, general",
            "  class 311     informal entry: $2.77                                       2.77",
        ]
    );
    assert!(
        rows.iter()
            .any(|row| row.starts_with("  The rates of the schedule are those of "))
    );
    // Too narrow for columns, the figures stand below the words.
    let style = Style {
        width: 48,
        colour: false,
    };
    has(
        &shirt.tree(style),
        &["\n  9903.05.31  Section 301 forced-labor duty\n    12.5% of 40.00 5.00\n"],
    );
}

#[test]
fn a_fee_whose_amount_nobody_has_keeps_the_total_open_and_is_never_said_to_be_nothing() {
    let hub = [("at_express_hub", "true"), ("arrives_at", "2027-10-01")];
    let shirt = china("express-parcel", &hub);
    let tree = shirt.tree(WIDE);
    // 7.5 %, 12.5 % and 16.5 % of 40.00 are known.
    has(
        block(&tree, "Owed  "),
        &[
            "Owed  $14.60 or more: the amount is not known",
            "  fee           express consignment facility after fiscal",
            "  open\n",
            "the last one published: the amount is not in hand",
        ],
    );
    let fee = &shirt.decision.owed.as_ref().unwrap().fees[0];
    assert_eq!(
        (fee.state, fee.amount_usd.as_deref()),
        ("not_covered", None)
    );
    let plain = shirt.plain();
    has(
        &plain,
        &[
            "It is at least $14.60. How much more cannot be said yet.",
            "- express consignment",
        ],
    );
    assert!(!plain.contains("is a fee that"), "{plain}");
}

#[test]
fn exempt_charges_stay_with_their_reason_and_lines_are_told_apart() {
    let fields = [("htsus_number", "8517.13.0000"), ("line_value", "700.00")];
    let mut phone = parcel(
        "air-parcel",
        &[
            ("arrives_at", "2026-11-20"),
            ("country_of_origin", "CN"),
            fields[0],
            fields[1],
        ],
    );
    let shirt = parcel("air-parcel", &[("country_of_origin", "CN")]).0.lines[0].clone();
    phone.0.lines.push(shirt);
    let tree = explained(&phone, &day(0)).tree(WIDE);
    has(
        block(&tree, "Owed  "),
        &[
            "Owed  $",
            "\n  line 1\n",
            "  9903.05.86    on the list of numbers free of the",
            "exempt",
            "  0.00\n",
            "  8517.13.0000  ",
            "Free of 700.00",
            "\n  line 2\n",
            "  9903.88.15  ",
            "\n  fees\n  class 311",
        ],
    );
}

#[test]
fn emergency_duty_is_named_for_its_origin_and_refundable() {
    let fields = [("arrives_at", "2025-06-10"), ("line_value", "900.00")];
    let old = china("air-parcel", &fields);
    has(
        &old.tree(WIDE),
        &[
            "Owed  $488.62\n",
            "9903.01.24    CN: emergency duty over fentanyl; refundable ",
            "20% of 900.00  180.00",
            "(confidence C2)\n",
            "Of this $270.00 is refundable.\n",
        ],
    );
    has(
        &old.plain(),
        &["Of this, US Customs can pay $270.00 back.\n"],
    );
}

#[test]
fn who_pays_a_fee_is_said_where_it_is_not_the_importer() {
    let hub = china("express-parcel", &[("at_express_hub", "true")]);
    has(
        &hub.tree(WIDE),
        &[
            "\n  fee           express consignment facility: $1.38 for each",
            "paid by its operator; paid by the",
            "operator of the express consignment facility",
        ],
    );
    has(
        &hub.plain(),
        &[
            "The amount is $15.98: $14.60 duty and $1.38 fees.\n",
            "Of this, $1.38 is a fee that the firm that runs the hub for express parcels owes.\n",
        ],
    );
    let fields = [("arrives_at", "2025-06-10"), ("line_value", "900.00")];
    let mail = explained(&parcel("mail-parcel", &fields), &day(0));
    has(
        &mail.plain(),
        &["Of this, $7.20 is a fee that the person the mail is addressed to owes.\n"],
    );
}

#[test]
fn an_open_amount_says_what_keeps_it_open_and_what_each_answer_comes_to() {
    let fields = [("arrives_at", "2025-10-10")];
    let mail = explained(&parcel("mail-parcel", &fields), &day(0));
    has(
        block(&mail.tree(WIDE), "Owed  "),
        &[
            "Owed  $8.40 to $160.00\n",
            "20% of 42.00  8.40",
            "\n  open      which method did the carrier elect",
        ],
    );
    let told = savings(&mail);
    for method in [
        "the carrier pays by the ad valorem method: 8.40 mail-carrier",
        "the carrier pays by the specific method: 160.00 mail-carrier",
    ] {
        assert!(told.iter().any(|one| one == method), "{told:?}");
    }
}

#[test]
fn a_value_that_was_not_given_is_tried_as_nothing_and_as_the_whole() {
    let fields = [
        ("htsus_number", "8211.92.2000"),
        ("description", "kitchen knife"),
        ("arrives_at", "2025-10-10"),
        ("quantity", "100"),
        ("line_value", "1000.00"),
    ];
    let knives = explained(&parcel("air-parcel", &fields), &day(0));
    // Column 1: 100 at 0.8 cents and 4.6 percent, 46.80; the informal fee 2.69. The rest pays the
    // reciprocal 20 percent, steel 50.
    let question = &knives.decision.questions[0];
    let answers = question.answers.iter();
    let answers: Vec<_> = answers
        .map(|one| (one.answer.as_str(), one.total.owed_usd.as_deref()))
        .collect();
    assert_eq!(
        (question.fact.as_str(), question.decides),
        ("steel_value_usd", true)
    );
    assert_eq!(
        answers,
        [
            ("the whole value", Some("549.49")),
            ("nothing", Some("249.49"))
        ]
    );
    assert_eq!(
        savings(&knives)[..2],
        [
            "answered nothing: What is the value of the steel in the article?: 249.49 entry-11",
            "answered the whole value: What is the value of the steel in the article?: 549.49 entry-11",
        ]
    );
    let tree = knives.tree(WIDE);
    has(
        &tree,
        &[
            "\nOwed  $249.49 to $549.49\n",
            "20% of 1,000.00   open\n",
            "0.8¢ each + 4.6% of 1,000.00  46.80\n",
            "\n  open      What is the value of the steel in the article?\n",
            "\nOpen\n  decides   What is the value of the steel in the article?",
            "the whole value ",
            "$549.49 by entry 11\n",
        ],
    );
    has(
        &knives.plain(),
        &[
            "The amount is at least $249.49 and at most $549.49.\nThat depends on this:\n- What is the value of the steel in the article?\n",
        ],
    );
}

#[test]
fn what_lowers_the_amount_is_told_with_the_new_total() {
    assert_eq!(
        savings(&china("air-parcel", &[("facts.donation", "false")])),
        [
            "entered on 2026-07-23: 16.29 entry-11",
            "bought elsewhere: origin AF instead of CN, the least of any: 6.60 entry-11",
            "bought elsewhere: origin PA instead of CN, claim PA, and proof that they qualify: 0.00 entry-11",
        ]
    );
    let korea = [
        ("country_of_origin", "KR"),
        ("country_of_shipment", "KR"),
        ("line_value", "47.00"),
    ];
    let told = savings(&china("air-parcel", &korea));
    let claim = "claim KR for the goods as they are, and proof that they qualify: 5.88 entry-11";
    assert!(told.iter().any(|one| one == claim), "{told:?}");
    let claimed = [korea[0], korea[1], korea[2], ("claims", "KR")];
    let told = savings(&china("air-parcel", &claimed));
    assert!(
        told.iter().all(|one| !one.starts_with("claim ")),
        "{told:?}"
    );
}

#[test]
fn a_cheaper_path_is_marked_once() {
    let formal = china("air-parcel", &[("entry_path", "entry-01")]);
    let paths: Vec<_> = formal.decision.alternatives.iter().collect();
    let eleven = paths
        .iter()
        .find(|one| one.entry_path == "entry-11")
        .unwrap();
    assert_eq!(
        (eleven.total.owed_usd.as_deref(), eleven.cheapest),
        (Some("17.37"), true)
    );
    assert_eq!(paths.iter().filter(|one| one.cheapest).count(), 1);
    let tree = formal.tree(WIDE);
    has(
        &tree,
        &[
            "\n  or        entry 11, dutiable, $17.37, the cheapest; ",
            "\nOwed  $49.18\n",
            "the sender asks for no path of its own",
            "$17.37 by entry 11\n",
        ],
    );
    assert_eq!(tree.matches("$17.37 by entry 11").count(), 1, "{tree}");
    let best = china("air-parcel", &[]);
    assert!(best.decision.alternatives.iter().all(|one| !one.cheapest));
    let json = serde_json::to_value(&best.decision.alternatives).unwrap();
    assert_eq!(json[0]["owed_usd"], "49.18");
}

#[test]
fn a_missing_origin_is_answered_with_the_range_of_each_group() {
    let fields = [("arrives_at", "2026-11-20"), ("country_of_origin", "")];
    let asks = explained(&parcel("air-parcel", &fields), &day(0));
    let question = &asks.decision.questions[0];
    assert_eq!(
        (question.fact.as_str(), question.decides),
        ("country_of_origin", true)
    );
    println!("{:?}", question.answers);
    let bounded = question
        .answers
        .iter()
        .filter(|one| one.total.range_high_usd.is_some());
    assert_eq!(bounded.count(), 1, "{:?}", question.answers);
}

#[test]
fn the_value_from_which_a_formal_entry_owes_less_is_found_to_the_dollar() {
    assert_eq!(
        china("air-parcel", &[]).formal_from,
        None,
        "its fee has a higher floor"
    );
    // An informal fee of two percent and no end: it meets the floor of the formal one.
    let mut book = deminimis_law_us::rulebook().unwrap();
    for version in book
        .instruments
        .iter_mut()
        .flat_map(|one| &mut one.versions)
    {
        if let Rule::Fee(fee) = &mut version.rule
            && fee.paths.has(EntryPath::Entry11)
        {
            fee.amount = FeeAmount::Share {
                rate: Rate::parse("2 %").unwrap(),
                minimum: Cents(0),
                maximum: None,
            };
        }
    }
    let law = Law::compile_hashed(&Arc::new(book), None, "changed".into());
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &RATES,
    };
    let fields = [
        ("arrives_at", "2026-11-20"),
        ("country_of_origin", "CN"),
        ("line_value", "40.00"),
    ];
    let (shipment, texts) = parcel("air-parcel", &fields);
    let mut scratch = Scratch::default();
    let told = explain(
        books,
        &shipment,
        &texts,
        &day(0),
        Known::default(),
        &mut scratch,
    );
    // Two percent of $1,729 is $34.58, the least of the formal fee; of $1,730 it is more.
    let from = told.formal_from.clone().unwrap();
    assert_eq!(from.value_usd, "1730.00");
    has(
        &told.tree(WIDE),
        &[
            "\n  From a value of $1,730.00 on a formal entry (type 01) owes less than an informal one",
        ],
    );
}

/// The quantity and unit that the schedule's charge tells, and its amount.
fn reckoned_on(fields: &[(&str, &str)]) -> (Option<String>, Option<String>, Option<String>) {
    // Onions, 3.1 cents a kilogram.
    let mut all = vec![
        ("htsus_number", "0703.10.4045"),
        ("description", "fresh onions"),
        ("country_of_origin", "VN"),
        ("line_value", "100.00"),
    ];
    all.extend(fields);
    let told = explained(&parcel("air-parcel", &all), &day(0));
    let owed = told.decision.owed.as_ref().expect("it enters");
    let charges = owed.lines.iter().flat_map(|line| &line.charges);
    let own: Vec<_> = charges
        .filter(|charge| charge.program == "general")
        .collect();
    assert_eq!(own.len(), 1, "{own:#?}");
    let charge = own[0].clone();
    (charge.quantity, charge.unit, charge.amount_usd)
}

#[test]
fn a_specific_rate_tells_the_quantity_that_it_was_reckoned_on() {
    let kg = |text: &str| Some(text.to_owned());
    let twenty = (kg("20"), kg("kg"), kg("0.62"));
    let on = ("arrives_at", "2026-11-20");
    // Twelve pieces that weigh twenty kilograms: the pieces are in no rate.
    for unit in ["NO", ""] {
        let fields = [
            on,
            ("quantity", "12"),
            ("unit", unit),
            ("net_weight_kg", "20"),
        ];
        assert_eq!(reckoned_on(&fields), twenty, "unit {unit:?}");
    }
    let weight = [on, ("quantity", ""), ("net_weight_kg", "20")];
    assert_eq!(reckoned_on(&weight), twenty, "the net weight alone");
    let stated = [on, ("quantity", "20"), ("unit", "KG")];
    assert_eq!(reckoned_on(&stated), twenty, "the quantity is the weight");
    let half = [on, ("quantity", "20.5"), ("unit", "kg")];
    assert_eq!(reckoned_on(&half).0, kg("20.5"));
    // Pieces alone tell nothing of a rate by weight, and the amount is open.
    let pieces = [on, ("quantity", "12"), ("unit", "NO")];
    assert_eq!(reckoned_on(&pieces), (None, None, None));
}
