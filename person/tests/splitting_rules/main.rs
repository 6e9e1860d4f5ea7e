//! What is found to be a split lot and what is not, said in small files of parcels: `orders`, `cuts`
//! and runs, `names`, and orders made by `chance`. `lots` has the parcels that the others change.

mod chance;
mod cuts;
mod lots;
mod names;
mod orders;
#[path = "../splitting_support/mod.rs"]
mod splitting_support;

use deminimis_person::splitting::{Kind, LISTED, Level};
use lots::{accused, cut, found, made, names, one_order, only, run, several};
use splitting_support::Made;

#[test]
fn ordinary_parcels_are_left_alone() {
    assert!(found(&[]).is_empty());
    let ordinary: Vec<Made> = (0..40).map(made).collect();
    assert!(found(&ordinary).is_empty());
    // One seller, one person, twice near the limit, but months apart.
    let twice = several(2, |number, parcel| {
        parcel.day += number * 90;
        parcel.value_cents = 78_000;
    });
    assert!(found(&twice).is_empty());
    // Each of the four kinds, but worth little together.
    for mut cheap in [one_order(), cut(), run(), names()] {
        for parcel in &mut cheap {
            parcel.value_cents /= 20;
        }
        assert!(accused(&cheap).is_empty());
    }
}

#[test]
fn neighbours_in_a_building_are_no_lot() {
    let mut building = Vec::new();
    for number in 0..30 {
        building.push(Made {
            name: format!(
                "Resident{} Person{}",
                (b'A' + number as u8 % 26) as char,
                number
            ),
            street: format!("100 High St Apt {number}"),
            seller: "Blue Sky Store".to_owned(),
            day: 20_000 + number % 3,
            value_cents: 20_000 + i64::from(number) * 1300,
            ..made(number)
        });
    }
    assert!(found(&building).is_empty());
    // Nor through a forwarder without units.
    for parcel in &mut building {
        parcel.street = "100 Warehouse Way".to_owned();
    }
    assert!(
        found(&building)
            .iter()
            .all(|finding| finding.level() < Level::Likely)
    );
}

#[test]
fn without_a_limit_there_is_nothing_to_gain() {
    for mut file in [one_order(), cut(), run(), names()] {
        assert!(!found(&file).is_empty());
        file.iter_mut().for_each(|parcel| parcel.limit_cents = None);
        assert!(found(&file).is_empty());
    }
}

#[test]
fn a_shipment_that_comes_twice_counts_once() {
    let mut file = cut();
    file.truncate(1);
    file.push(file[0].clone());
    assert!(found(&file).is_empty());
}

#[test]
fn a_large_group_is_judged_whole_and_listed_in_part() {
    let file = several(2000, |number, parcel| {
        parcel.day += number / 100;
        parcel.order_id = "SO-1200".to_owned();
    });
    let finding = only(&file, Kind::OneOrder);
    assert_eq!((finding.of, finding.parcels.len()), (2000, LISTED));
    assert_eq!(finding.value_cents, 2000 * 4000);
}

#[test]
fn figures_of_any_size_are_taken() {
    let extremes = [i64::MIN, -1, 0, 1, i64::MAX];
    let mut file = Vec::new();
    for (number, value) in (0_i32..).zip(extremes.into_iter().cycle().take(20)) {
        let mut parcel = made(number);
        parcel.seller = "Blue Sky Store".to_owned();
        parcel.day = [i32::MIN, i32::MAX, 0, 1][number as usize % 4];
        parcel.ordered_on = Some(parcel.day);
        parcel.value_cents = value;
        parcel.limit_cents = Some(extremes[number as usize / 4]);
        parcel.order_total_cents = Some(value);
        parcel.order_parcels = Some(u32::MAX);
        parcel.order_id = "99999999999999999999-9".to_owned();
        file.push(parcel);
    }
    for finding in found(&file) {
        assert!(!finding.parcels.is_empty());
    }
}
