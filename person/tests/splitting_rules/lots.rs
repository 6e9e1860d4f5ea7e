//! The lots that the tests look at and change, and what is found in them.

use crate::splitting_support::{Made, Persons};
use deminimis_person::splitting::{Finding, Kind, Level, find_splits};

pub const LIMIT: i64 = 80_000;

/// A parcel with all that is usual: each has its own number, bill and seller.
pub fn made(number: i32) -> Made {
    Made {
        shipment_id: format!("S{number:04}"),
        day: 20_000 + number * 9,
        value_cents: 4000,
        limit_cents: Some(LIMIT),
        linked_person: None,
        name: "Ana Lopez".to_owned(),
        street: "12 Oak St".to_owned(),
        city: "Austin".to_owned(),
        state: "TX".to_owned(),
        postal_code: "78701".to_owned(),
        email: String::new(),
        seller: format!("Seller {number}"),
        order_id: String::new(),
        ordered_on: None,
        order_total_cents: None,
        order_parcels: None,
        split_reason: None,
        master_bill: String::new(),
        house_bill: format!("HB{}", number * 131),
        description: "leather shoes".to_owned(),
        htsus_number: "6403.99".to_owned(),
    }
}

/// So many parcels of one seller on one day, each changed by its number.
pub fn several(count: i32, change: impl Fn(i32, &mut Made)) -> Vec<Made> {
    let parcel = |number| {
        let mut parcel = Made {
            day: 20_000,
            seller: "Blue Sky Store".to_owned(),
            ..made(number)
        };
        change(number, &mut parcel);
        parcel
    };
    (0..count).map(parcel).collect()
}

pub fn found(made: &[Made]) -> Vec<Finding> {
    find_splits(&Persons::of(made).parcels(made))
}

/// What is more than information.
pub fn accused(made: &[Made]) -> Vec<Finding> {
    let mut found = found(made);
    found.retain(|finding| finding.level() > Level::Information);
    found
}

/// The one finding of a kind.
pub fn only(made: &[Made], kind: Kind) -> Finding {
    let mut found = found(made);
    found.retain(|finding| finding.kind == kind);
    assert_eq!(found.len(), 1, "{kind:?}: {found:?}");
    found.remove(0)
}

/// The one finding of a kind, if there is one.
pub fn only_or_none(made: &[Made], kind: Kind) -> Option<Finding> {
    let mut found = found(made);
    found.retain(|finding| finding.kind == kind);
    assert!(found.len() < 2, "{kind:?}: {found:?}");
    found.pop()
}

pub fn kinds(made: &[Made]) -> Vec<Kind> {
    found(made).iter().map(|finding| finding.kind).collect()
}

pub fn one_order() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.day += number * 4;
        parcel.value_cents = 40_000;
        parcel.order_id = "SO-1200".to_owned();
        parcel.ordered_on = Some(19_990);
    })
}

pub fn cut() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.day += number * 5;
        parcel.value_cents = 76_000 + i64::from(number) * 1200;
        parcel.order_id = format!("SO-{}", 1200 + number * 2);
        parcel.ordered_on = Some(19_990);
    })
}

pub fn run() -> Vec<Made> {
    several(4, |number, parcel| {
        parcel.day += number;
        parcel.value_cents = 39_000 + i64::from(number) * 700;
    })
}

pub const NAMES: [&str; 3] = ["Ana Lopez", "Mei Chen", "Tom Baker"];

pub fn names() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.name = NAMES[number as usize].to_owned();
        parcel.value_cents = 61_000 + i64::from(number) * 900;
        parcel.ordered_on = Some(19_990);
    })
}
