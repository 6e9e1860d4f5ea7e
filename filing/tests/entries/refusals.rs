//! Every refusal names the record, its columns, its field, and the contract's field that gives it.

use super::goods::{Sent, by_air, filer};
use deminimis_filing::messages::catair::entry::{Form, Problem};

fn problems(sent: &Sent, form: Form) -> Vec<Problem> {
    sent.file(form).expect_err("nothing is filled in").problems
}

/// The only problem of a parcel.
fn only(sent: &Sent, form: Form) -> Problem {
    let mut problems = problems(sent, form);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

#[test]
fn each_missing_field_is_refused_by_its_columns() {
    for (field, place) in [
        ("importer_of_record_number", "record 11 columns 3-14"),
        ("port_of_entry", "record 10 columns 18-21"),
        ("payment_type", "record 10 columns 51-51"),
        ("carrier_code", "record 20 columns 3-6"),
        ("port_of_unlading", "record 20 columns 7-10"),
        ("master_bill", "record 23 columns 8-19"),
        ("manifest_quantity", "record 22 columns 3-10"),
        ("manifest_unit", "record 22 columns 11-15"),
        ("seller_name", "record SE30 columns 8-42"),
        ("seller_street", "record SE35 columns 7-41"),
        ("seller_city", "record SE36 columns 5-39"),
        ("seller_country", "record SE36 columns 64-65"),
        ("purchaser_name", "record SE30 columns 8-42"),
        ("purchaser_street", "record SE35 columns 7-41"),
        ("consignee_street", "record SE35 columns 7-41"),
        ("consignee_city", "record SE36 columns 5-39"),
        ("country_of_export", "record 40 columns 11-12"),
        ("exported_on", "record 40 columns 13-18"),
        ("manufacturer_name", "record SE50 columns 8-42"),
        ("manufacturer_street", "record SE55 columns 7-41"),
        ("manufacturer_city", "record SE56 columns 5-39"),
        ("manufacturer_postal_code", "record SE56 columns 49-63"),
        ("manufacturer_country", "record SE56 columns 64-65"),
        ("net_weight_kg", "record 50 columns 51-62"),
    ] {
        let sent = by_air().with(field, "");
        let problem = only(&sent, Form::Summary);
        assert_eq!(problem.from, field);
        assert!(
            problem.place().starts_with(place),
            "{field}: {}",
            problem.place()
        );
        assert_eq!(problem.reason, "is not given");
    }
}

#[test]
fn what_every_line_repeats_is_told_once() {
    let three = by_air()
        .and_line(&[("htsus_number", "6110.20.2020")])
        .and_line(&[("htsus_number", "6302.60.0020")]);
    for (field, mode) in [
        ("country_of_export", "air"),
        ("exported_on", "air"),
        ("foreign_port_of_lading", "ocean"),
    ] {
        let mut sent = three.clone().with("mode", mode).with(field, "");
        if mode == "ocean" {
            sent = sent
                .with("conveyance_name", "Sea Lark")
                .with("master_bill", "MAEU123456789")
                .with("house_bill", "");
        }
        let problem = only(&sent, Form::Summary);
        assert_eq!((problem.from.as_str(), problem.line), (field, None));
    }
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let sent = by_air()
        .with("importer_of_record_number", "")
        .with("seller_city", "")
        .with("manufacturer_street", "")
        .with("payment_type", "");
    let mut from: Vec<_> = problems(&sent, Form::Summary)
        .into_iter()
        .map(|problem| problem.from)
        .collect();
    from.sort();
    let expected = [
        "importer_of_record_number",
        "manufacturer_street",
        "payment_type",
        "seller_city",
    ];
    assert_eq!(from, expected);
}

#[test]
fn what_does_not_fit_is_refused_and_never_cut() {
    let forty = "A NAME OF MORE THAN THIRTY-FIVE CHARACTERS";
    for (field, value, place) in [
        ("seller_name", forty, "record SE30 columns 8-42"),
        (
            "seller_name",
            "M\u{fc}ller GmbH",
            "record SE30 columns 8-42",
        ),
        ("seller_state", "Shanghai", "record SE36 columns 40-42"),
        (
            "seller_street",
            "Averyveryveryverylongwordwithoutanyblank",
            "record SE35",
        ),
        ("house_bill", "HX00012345678", "record 23 columns 8-19"),
        ("house_bill", "HX 1", "record 23 columns 8-19"),
        ("port_of_entry", "47A1", "record 10 columns 18-21"),
        (
            "importer_of_record_number",
            "123456789",
            "record 11 columns 3-14",
        ),
        ("voyage_flight_trip", "UA089", "record 21 columns 3-7"),
        ("payment_type", "4", "record 10 columns 51-51"),
        ("statement_date", "2026-11-25", "record 10 columns 52-57"),
        ("location_firms", "W1234", "record 20 columns 17-20"),
        ("related_parties", "", ""),
    ] {
        let sent = by_air().with(field, value);
        if place.is_empty() {
            assert!(sent.file(Form::Summary).is_ok(), "{field} is not asked for");
            continue;
        }
        let problem = only(&sent, Form::Summary);
        assert_eq!(problem.from, field);
        assert!(problem.place().starts_with(place), "{field}: {problem}");
        assert!(!problem.right.is_empty());
    }
}

#[test]
fn names_and_numbers_of_persons_are_not_repeated() {
    for (field, value) in [
        ("seller_name", "Johannes M\u{fc}ller"),
        (
            "consignee_street",
            "Averyveryveryverylongwordwithoutanyblank 7",
        ),
        ("importer_of_record_number", "123-45-678"),
    ] {
        let text = only(&by_air().with(field, value), Form::Summary).to_string();
        assert!(text.contains("(withheld)"), "{text}");
        assert!(!text.contains(&value[..7]), "{text}");
    }
}

#[test]
fn a_statement_needs_a_working_day_ahead() {
    let on = |day: &str| {
        by_air()
            .with("payment_type", "2")
            .with("statement_date", day)
    };
    assert!(on("2026-12-01").file(Form::Summary).is_ok());
    for day in ["2026-11-19", "2026-11-22", "2027-02-19", ""] {
        let problem = only(&on(day), Form::Summary);
        assert_eq!(problem.columns, (52, 57), "{day}: {problem}");
    }
}

#[test]
fn a_mode_of_two_codes_asks_the_configuration() {
    let mut filer = filer();
    filer.mode_of_transportation.clear();
    let refusal = by_air()
        .file_by(&filer, Form::Release)
        .expect_err("no code");
    assert_eq!(refusal.problems.len(), 1, "{refusal}");
    let problem = &refusal.problems[0];
    assert_eq!(
        problem.place(),
        "record SE10 columns 37-38 mode_of_transportation_code"
    );
    assert_eq!(problem.from, "[filing] mode_of_transportation.air");
    assert_eq!(problem.right, "40 or 41");
}

#[test]
fn what_leads_to_no_entry_is_refused_by_its_decision() {
    for (sent, from, value) in [
        // In time for the limit, and in time for entry type 86.
        (
            by_air()
                .with("arrives_at", "2024-05-10")
                .with("country_of_origin", "VN"),
            "outcome",
            "free",
        ),
        (
            by_air()
                .with("purpose", "gift")
                .with("shipper_name", "Mai Tran")
                .with("shipper_kind", "person"),
            "outcome",
            "free",
        ),
        (
            by_air().with("htsus_number", "6109"),
            "outcome",
            "needs_person",
        ),
        (
            by_air()
                .with("country_of_shipment", "CA")
                .with("country_of_origin", "CA")
                .with("description", "rye whisky, bottled")
                .with("htsus_number", "2208.30.6020"),
            "outcome",
            "prohibited",
        ),
        (
            by_air()
                .with("mode", "mail")
                .with("s10_number", "RB123456785CN")
                .with("postal_method", "ad_valorem"),
            "",
            "",
        ),
    ] {
        let decision = sent.decide();
        for form in [Form::Summary, Form::Release] {
            let problem = only(&sent, form);
            if from.is_empty() {
                assert!(
                    matches!(problem.from.as_str(), "outcome" | "entry_path"),
                    "{problem}"
                );
                continue;
            }
            let told = (problem.from.as_str(), problem.value.as_str());
            assert_eq!(told, (from, value), "{:?}", decision.path);
        }
    }
}

#[test]
fn entry_type_86_is_never_written() {
    let sent = by_air()
        .with("arrives_at", "2024-05-10")
        .with("country_of_origin", "VN")
        .with("entry_path", "entry-86");
    let decision = sent.decide();
    assert_eq!(decision.path.as_str(), "entry-86");
    let problem = only(&sent, Form::Release);
    assert!(
        matches!(problem.from.as_str(), "outcome" | "entry_path"),
        "{problem}"
    );
    // After its end the law names another path for the same wish, and that is what is filed.
    let after = by_air().with("entry_path", "entry-86");
    assert_ne!(after.decide().path.as_str(), "entry-86");
}

#[test]
fn a_movement_in_bond_has_no_date_in_the_contract() {
    let sent = by_air().with("customs_status", "in_bond");
    let told = problems(&sent, Form::Summary);
    assert!(
        told.iter().any(|one| one.from == "customs_status"),
        "{told:#?}"
    );
}

#[test]
fn a_consignee_is_named_by_address_below_the_limit_only() {
    let sent = by_air()
        .with("line_value", "2500.00")
        .with("country_of_origin", "VN");
    assert_eq!(sent.decide().path.as_str(), "entry-11");
    let problem = only(&sent, Form::Summary);
    assert_eq!(
        problem.place(),
        "record SE30 columns 46-65 entity_identifier"
    );
    let mut filer = filer();
    filer.consignee_number = Some("98-7654321".to_owned());
    assert!(sent.file_by(&filer, Form::Summary).is_ok());
}

#[test]
fn a_claim_that_changes_nothing_is_not_dropped() {
    for claim in ["KR", "9903.01.32"] {
        let sent = by_air().with("claims", claim);
        let told = problems(&sent, Form::Summary);
        assert!(told.iter().any(|one| one.from == "claims"), "{told:#?}");
    }
}

#[test]
fn each_line_is_refused_by_its_place() {
    let sent = by_air().and_line(&[("country_of_origin", "VN"), ("manufacturer_city", "")]);
    let problem = only(&sent, Form::Release);
    assert_eq!(
        (problem.from.as_str(), problem.line),
        ("manufacturer_city", Some(2))
    );
}

#[test]
fn a_cargo_release_names_whom_to_ask() {
    let mut filer = filer();
    filer.contact = None;
    let refusal = by_air()
        .file_by(&filer, Form::Release)
        .expect_err("nobody to ask");
    let from: Vec<_> = refusal
        .problems
        .iter()
        .map(|one| one.from.as_str())
        .collect();
    assert_eq!(from, ["[filing] contact.name", "[filing] contact.phone"]);
    assert_eq!(refusal.problems[0].columns, (5, 44));
    assert!(by_air().file_by(&filer, Form::Summary).is_ok());
}
