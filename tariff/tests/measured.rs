//! The quantity that a rate is reckoned on, by which a charge tells how it came about.

use deminimis_tariff::rate::{Quantity, Rate, Unit};

fn of(unit: &str, thousandths: i64) -> Quantity {
    Quantity {
        unit: Unit::parse(unit).expect(unit),
        digits: thousandths,
        places: 3,
    }
}

/// What is told as measured, as thousandths and unit.
fn measured(text: &str, quantities: &[Quantity]) -> Option<(i64, String)> {
    let rate = Rate::read(text);
    rate.measured(quantities)
        .map(|one| (one.digits, one.unit.to_string()))
}

#[test]
fn it_is_the_one_in_the_unit_of_the_rate() {
    let pieces_and_weight = [of("No.", 12_000), of("kg", 20_000)];
    let told = |text: &str| measured(text, &pieces_and_weight);
    assert_eq!(told("3.1\u{a2}/kg"), Some((20_000, "kg".to_owned())));
    assert_eq!(told("8\u{a2} each"), Some((12_000, "No.".to_owned())));
    assert_eq!(
        told("0.8\u{a2} each + 4.6%"),
        Some((12_000, "No.".to_owned())),
        "the share by value tells nothing"
    );
}

#[test]
fn one_that_converts_is_told_as_it_was_given() {
    let grams = [of("g", 500_000)];
    assert_eq!(
        measured("3.1\u{a2}/kg", &grams),
        Some((500_000, "g".to_owned()))
    );
    let both = [of("g", 500_000), of("kg", 500)];
    assert_eq!(
        measured("3.1\u{a2}/kg", &both),
        Some((500, "kg".to_owned())),
        "the same unit comes before one that converts"
    );
}

#[test]
fn a_rate_by_value_is_reckoned_on_none() {
    let weight = [of("kg", 20_000)];
    assert_eq!(measured("16.5%", &weight), None);
    assert_eq!(measured("Free", &weight), None);
    assert_eq!(measured("3.1\u{a2}/kg", &[of("No.", 12_000)]), None);
    assert_eq!(measured("3.1\u{a2}/kg", &[]), None);
}
