//! Barcodes are read back from the page as it looks.

use crate::support::{Case, Written, fonts, issue, readers, shirts, whole, with};
use deminimis_filing::documents::{DocumentError, cn22, cn23, paps_label};

/// S10 numbers with their right check digits, worked out by hand by the rule of S10: weights 8 6 4 2
/// 3 5 9 7, eleven minus the rest modulo eleven, ten gives 0 and eleven gives 5.
const ITEMS: [&str; 6] = [
    "RB123456785US",
    "LX903568767VN",
    "CP473124829DE",
    "EE100000140CN",
    "UA100000025HK",
    "RR000000005GB",
];

fn mail(number: &str) -> Case {
    let whole = with(with(whole(), "mode", "mail"), "s10_number", number);
    Case::new(&whole, &[shirts("42.00")])
}

#[test]
fn the_item_number_is_read_back_from_both_declarations() {
    if !readers() {
        return;
    }
    let fonts = fonts();
    for number in ITEMS {
        let case = mail(number);
        for make in [cn22, cn23] {
            let made = make(&fonts, &case.parcel(), &issue()).expect(number);
            assert_eq!(Written::of(&made).barcodes(), [number]);
        }
    }
}

#[test]
fn the_paps_number_is_read_back_from_the_label() {
    if !readers() {
        return;
    }
    let fonts = fonts();
    let case = Case::new(&with(whole(), "mode", "truck"), &[shirts("42.00")]);
    for number in ["ABCD123456", "DMNS000000017", "ABCD1234567890AB"] {
        let made = paps_label(&fonts, &case.parcel(), number, &issue()).expect(number);
        assert_eq!(Written::of(&made).barcodes(), [number]);
    }
}

#[test]
fn without_a_number_there_is_no_declaration_and_both_fields_are_named() {
    let fields = with(whole(), "mode", "mail");
    let fields = fields
        .into_iter()
        .filter(|(name, _)| !name.starts_with("shipper_"))
        .collect();
    let case = Case::new(&fields, &[shirts("42.00")]);
    let error = cn22(&fonts(), &case.parcel(), &issue()).expect_err("no number");
    let DocumentError::Refused(refusals) = &error else {
        panic!("{error}");
    };
    let fields: Vec<&str> = refusals.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["s10_number", "shipper_name"]);
}

#[test]
fn a_wrong_check_digit_is_refused_with_the_right_number() {
    let error = cn23(&fonts(), &mail("RB123456784US").parcel(), &issue()).expect_err("wrong");
    let DocumentError::Refused(refusals) = &error else {
        panic!("{error}");
    };
    assert_eq!(refusals[0].value.as_deref(), Some("RB123456784US"));
    assert_eq!(refusals[0].allowed, "RB123456785US");
}

#[test]
fn what_is_no_paps_number_has_no_label() {
    let case = Case::new(&with(whole(), "mode", "truck"), &[shirts("42.00")]);
    for number in [
        "",
        "ABCD",
        "abcd123456",
        "ABCD12345678901234",
        "ABCD-12345",
        "\u{c4}BCD1234",
    ] {
        let made = paps_label(&fonts(), &case.parcel(), number, &issue());
        assert!(matches!(made, Err(DocumentError::Refused(_))), "{number}");
    }
}
