//! Each kind of document: what it says, that it is tagged, and that its bytes are always the same.

use crate::support::{Case, Written, fonts, has, issue, readers, shirts, squash, whole, with};
use deminimis_clearance::explain::grouped;
use deminimis_filing::documents::{
    DocumentError, Entry, Fonts, Made, Statement, cn22, cn23, commercial_invoice, decision_letter,
    entry_summary, monthly_statement, packing_list, paps_label,
};
use deminimis_law::time::Day;

/// A parcel for which every kind can be made.
fn case() -> Case {
    let mut whole = whole();
    for (name, value) in [
        ("s10_number", "RB123456785US"),
        ("port_of_entry", "3901"),
        ("seller_name", "Saigon Loom Co"),
        ("seller_city", "Ho Chi Minh City"),
        ("purchaser_name", "Dana Whitfield"),
        ("ordered_on", "2026-09-12"),
        ("freight_usd", "12.00"),
        ("house_bill", "SLC00045821"),
        ("gross_weight_kg", "2.900"),
    ] {
        whole = with(whole, name, value);
    }
    let mut caps = shirts("1180.50");
    caps = with(caps, "description", "Bed linen of cotton, printed");
    caps = with(caps, "htsus_number", "6302.21.9010");
    caps = with(caps, "net_weight_kg", "1.400");
    Case::new(&whole, &[shirts("940.00"), caps])
}

fn statement(fonts: &Fonts, case: &Case) -> Made {
    let day = Day::new(2026, 9, 20).expect("a day");
    let entry = Entry::of(day, &case.decision).expect("sums agree");
    let mut statement = Statement::new(day);
    statement.add(entry).expect("of the month");
    monthly_statement(fonts, statement, &issue()).expect("a statement")
}

fn all(fonts: &Fonts, case: &Case) -> Vec<(&'static str, Made)> {
    let (parcel, issue) = (&case.parcel(), &issue());
    let letter = decision_letter(fonts, parcel, &case.explained(), issue);
    vec![
        (
            "invoice",
            commercial_invoice(fonts, parcel, issue).expect("made"),
        ),
        (
            "packing-list",
            packing_list(fonts, parcel, issue).expect("made"),
        ),
        ("cn22", cn22(fonts, parcel, issue).expect("made")),
        ("cn23", cn23(fonts, parcel, issue).expect("made")),
        (
            "entry-summary",
            entry_summary(fonts, parcel, issue).expect("made"),
        ),
        (
            "paps-label",
            paps_label(fonts, parcel, "ABCD123456", issue).expect("made"),
        ),
        ("letter", letter.expect("made")),
        ("statement", statement(fonts, case)),
    ]
}

#[test]
fn the_same_parcel_gives_the_same_bytes_and_another_gives_others() {
    let (first, second) = (all(&fonts(), &case()), all(&fonts(), &case()));
    for ((kind, one), (_, other)) in first.iter().zip(&second) {
        assert!(one.pdf == other.pdf, "{kind} differs from run to run");
    }
    let other = Case::new(
        &with(whole(), "shipment_id", "PX-1003"),
        &[shirts("940.00")],
    );
    let made = packing_list(&fonts(), &other.parcel(), &issue()).expect("made");
    assert!(made.pdf != first[1].1.pdf);
}

#[test]
fn every_kind_is_tagged_titled_and_numbered() {
    if !readers() {
        return;
    }
    for (kind, made) in all(&fonts(), &case()) {
        let written = Written::of(&made);
        let info = written.info();
        has(&info, &["Tagged: yes", "Title:"]);
        let pages = format!("Pages: {}", made.pages);
        has(&info, &[&pages]);
        let structure = written.structure();
        assert!(structure.contains("H1"), "{kind}: {structure}");
        let last = format!("Page {0} of {0}", made.pages);
        has(&written.text(), &[&last]);
        assert!(made.unshown.is_empty(), "{kind}: {:?}", made.unshown);
        let text = String::from_utf8_lossy(&made.pdf).into_owned();
        assert!(text.contains("<pdfaid:part>2</pdfaid:part>"), "{kind}");
        assert!(text.contains("<pdfuaid:part>1</pdfuaid:part>"), "{kind}");
    }
}

#[test]
fn an_invoice_says_what_it_must_and_lists_nothing_when_all_is_there() {
    if !readers() {
        return;
    }
    let case = case();
    let made = commercial_invoice(&fonts(), &case.parcel(), &issue()).expect("made");
    assert_eq!(made.missing, []);
    let text = Written::of(&made).text();
    has(
        &text,
        &[
            "Commercial invoice",
            "Saigon Loom Co",
            "Dana Whitfield",
            "418 Juniper Ct",
            "3901",
            "2026-09-12",
            "SLC00045821",
            "Men's cotton T-shirts, knitted",
            "5 DOZ",
            "940.00",
            "Bed linen of cotton, printed",
            "1,180.50",
            "2,120.50",
            "USD",
            "VN",
            "$12.00",
            "Le Thi Hoa",
        ],
    );
    assert!(!squash(&text).contains("Notstated"), "{text}");
}

#[test]
fn an_invoice_lists_what_is_missing_by_its_paragraph() {
    if !readers() {
        return;
    }
    let mut bare = shirts("42.00");
    bare.retain(|(name, _)| {
        !["quantity", "unit", "net_weight_kg", "country_of_origin"].contains(name)
    });
    let bare = with(bare, "description", "Рубашки");
    let case = Case::new(&whole(), &[shirts("10.00"), bare]);
    let mut alone = issue();
    alone.responsible = None;
    let made = commercial_invoice(&fonts(), &case.parcel(), &alone).expect("made");
    let found: Vec<(&str, &[u16])> = made
        .missing
        .iter()
        .map(|one| (one.paragraph, one.lines.as_slice()))
        .collect();
    assert_eq!(
        found,
        [
            ("(a)(1)", &[][..]),
            ("(a)(2)", &[]),
            ("(a)(2)", &[]),
            ("(a)(2)", &[]),
            ("(a)(2)", &[]),
            ("(a)(3)", &[]),
            ("(a)(4)", &[2]),
            ("(a)(8)", &[]),
            ("(a)(10)", &[2]),
            ("(d)", &[2]),
            ("(j)", &[]),
        ]
    );
    let text = Written::of(&made).text();
    for missing in &made.missing {
        has(&text, &[missing.paragraph, missing.what]);
    }
}

#[test]
fn an_entry_summary_has_each_charge_and_total_of_the_decision() {
    if !readers() {
        return;
    }
    let case = case();
    let made = entry_summary(&fonts(), &case.parcel(), &issue()).expect("made");
    let text = Written::of(&made).text();
    let owed = case.decision.owed.as_ref().expect("owed");
    let mut parts = vec!["worksheet".to_owned(), "not the form".to_owned()];
    for charge in owed.lines.iter().flat_map(|line| &line.charges) {
        parts.extend(charge.heading.clone());
        parts.push(charge.rate.clone());
        parts.extend(charge.amount_usd.as_deref().map(grouped));
    }
    parts.extend(
        owed.fees
            .iter()
            .filter_map(|fee| fee.amount_usd.as_deref().map(grouped)),
    );
    parts.push(grouped(owed.total_usd.as_deref().expect("a known total")));
    assert!(parts.len() > 10, "{parts:?}");
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    has(&text, &parts);
}

#[test]
fn amounts_that_do_not_add_up_make_no_document() {
    let mut case = case();
    let owed = case.decision.owed.as_mut().expect("owed");
    owed.total_usd = Some("1.00".to_owned());
    let error = entry_summary(&fonts(), &case.parcel(), &issue()).expect_err("it disagrees");
    assert!(matches!(error, DocumentError::Disagrees { .. }), "{error}");
    let day = Day::new(2026, 9, 20).expect("a day");
    assert!(Entry::of(day, &case.decision).is_err());
    case.decision.entered_value_usd = Some("2120.51".to_owned());
    let error = commercial_invoice(&fonts(), &case.parcel(), &issue()).expect_err("it disagrees");
    assert!(matches!(error, DocumentError::Disagrees { .. }), "{error}");
}

#[test]
fn what_enters_without_an_entry_has_no_summary() {
    let fields = with(whole(), "arrives_at", "2024-05-10");
    let case = Case::new(&fields, &[shirts("42.00")]);
    assert_eq!(case.decision.outcome, "free");
    let error = entry_summary(&fonts(), &case.parcel(), &issue()).expect_err("free");
    assert!(error.to_string().contains("manifest release"), "{error}");
}

#[test]
fn a_letter_has_every_reason_with_its_authority() {
    if !readers() {
        return;
    }
    let case = case();
    let explanation = case.explained();
    let made = decision_letter(&fonts(), &case.parcel(), &explanation, &issue()).expect("made");
    let text = Written::of(&made).text();
    has(
        &text,
        &[
            "Lakeshore Customs Brokers",
            "Dana Whitfield",
            "Your parcel PX-1002",
        ],
    );
    for line in explanation.plain().lines() {
        has(&text, &[line.trim_start_matches("- ")]);
    }
    let said = squash(&text).to_lowercase();
    let findings = &explanation.decision.findings;
    assert!(findings.len() > 2);
    for finding in findings {
        let reason = squash(&finding.reason).to_lowercase();
        assert!(said.contains(&reason), "{}", finding.reason);
        for cite in &finding.cite {
            assert!(said.contains(&squash(cite).to_lowercase()), "{cite}");
        }
    }
    for step in &explanation.steps {
        has(&text, &[step.question]);
    }
}

#[test]
fn a_statement_adds_up_and_refuses_another_month() {
    if !readers() {
        return;
    }
    let fonts = fonts();
    let day = Day::new(2026, 9, 1).expect("a day");
    let mut entries = Vec::new();
    let mut total = 0_i64;
    for at in 0..40 {
        let fields = with(whole(), "shipment_id", &format!("PX-{at:04}"));
        let case = Case::new(&fields, &[shirts(&format!("{}.00", 40 + at))]);
        let owed = case
            .decision
            .owed
            .as_ref()
            .and_then(|owed| owed.total_usd.clone());
        let owed: i64 = owed
            .expect("known")
            .replace('.', "")
            .parse()
            .expect("cents");
        total += owed;
        entries.push(Entry::of(day.plus(at), &case.decision));
    }
    let entries: Result<Vec<Entry>, DocumentError> = entries.into_iter().collect();
    let mut entries = entries.expect("sums agree");
    let stray = entries
        .iter()
        .filter(|entry| entry.day.ymd().1 != 9)
        .count();
    assert_eq!(stray, 10);
    let mut statement = Statement::new(day.plus(12));
    let refused = entries.iter().cloned().map(|entry| statement.add(entry));
    let refused: Vec<DocumentError> = refused.filter_map(Result::err).collect();
    assert_eq!(refused.len(), stray, "each of October");
    let error = refused[0].to_string();
    assert!(
        error.contains("2026-10-01") && error.contains("not in 2026-09"),
        "{error}"
    );
    for entry in entries.iter_mut().filter(|entry| entry.day.ymd().1 != 9) {
        entry.day = day;
        statement.add(entry.clone()).expect("of the month now");
    }
    let made = monthly_statement(&fonts, statement, &issue()).expect("made");
    let text = Written::of(&made).text();
    let total = grouped(&format!("{}.{:02}", total / 100, total % 100));
    has(&text, &["PX-0000", "PX-0039", &total, "40"]);
}

#[test]
fn a_statement_takes_no_more_than_it_prints() {
    let day = Day::new(2026, 2, 28).expect("a day");
    let entry = Entry::of(day, &case().decision).expect("sums agree");
    let mut statement = Statement::new(day);
    assert!(statement.holds(day) && statement.holds(day.plus(-27)));
    assert!(!statement.holds(day.plus(1)) && !statement.holds(day.plus(-28)));
    for _ in 0..20_000 {
        statement.add(entry.clone()).expect("there is room");
    }
    let error = statement.add(entry).expect_err("one too many");
    assert!(
        error.to_string().contains("more than 20000 parcels"),
        "{error}"
    );
}
