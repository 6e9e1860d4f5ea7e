//! Parcels of one order: how it is known, and what is not one.

use crate::lots::{LIMIT, accused, found, kinds, one_order, only, run, several};
use deminimis_person::splitting::{Evidence as E, Kind, Level, SplitReason};

#[test]
fn an_order_within_the_limit_is_told_and_changes_nothing() {
    let mut cheap = one_order();
    for parcel in &mut cheap {
        parcel.value_cents /= 20;
    }
    let finding = only(&cheap, Kind::OneOrder);
    assert_eq!(finding.parcels, [0, 1, 2]);
    assert!(finding.is_likely() && !finding.over_limit, "{finding:?}");
    assert_eq!(finding.level(), Level::Information);
    assert_eq!(finding.against, [E::WithinLimit]);
    // To the cent: at the limit it is within.
    let mut at_limit = one_order();
    at_limit.pop();
    assert_eq!(only(&at_limit, Kind::OneOrder).level(), Level::Information);
    at_limit[0].value_cents += 1;
    assert_eq!(only(&at_limit, Kind::OneOrder).level(), Level::Likely);
}

#[test]
fn what_replaces_a_parcel_is_no_second_part() {
    let mut replaced = one_order();
    replaced.pop();
    for parcel in &mut replaced {
        parcel.value_cents = 60_000;
    }
    assert_eq!(only(&replaced, Kind::OneOrder).level(), Level::Likely);
    replaced[1].order_id = "SO-1200-R".to_owned();
    assert!(kinds(&replaced).iter().all(|kind| *kind != Kind::OneOrder));
    // One part of three sent again leaves two.
    let mut three = one_order();
    three[2].order_id = "SO-1200-R".to_owned();
    assert_eq!(only(&three, Kind::OneOrder).level(), Level::Likely);
}

#[test]
fn an_order_is_known_by_its_day_where_numbers_are_missing() {
    let mut untold = one_order();
    untold[0].order_id = String::new();
    assert_eq!(only(&untold, Kind::OneOrder).of, 3);
    // Between two orders of one day it says nothing of the parcel without a number.
    untold.push(crate::splitting_support::Made {
        shipment_id: "S0009".to_owned(),
        order_id: "QX-77001".to_owned(),
        ..untold[1].clone()
    });
    assert_eq!(only(&untold, Kind::OneOrder).parcels, [1, 2]);
}

#[test]
fn one_order_in_several_parcels() {
    let finding = only(&one_order(), Kind::OneOrder);
    assert_eq!(finding.level(), Level::Likely);
    assert_eq!(finding.parcels, [0, 1, 2]);
    assert_eq!(finding.days, (20_000, 20_008));
    assert_eq!((finding.value_cents, finding.limit_cents), (120_000, LIMIT));
    assert!(finding.over_limit);
    for evidence in [E::SameOrder, E::OrderedTogether] {
        assert!(finding.in_favour.contains(&evidence), "{finding:?}");
    }
    // A lawful reason speaks against it, and is not believed blindly.
    let mut restocked = one_order();
    restocked[1].split_reason = Some(SplitReason::BackOrder);
    let with_reason = only(&restocked, Kind::OneOrder);
    assert!(with_reason.score < finding.score);
    assert_eq!(with_reason.against, [E::Restocked]);
    let mut avoided = one_order();
    avoided[1].split_reason = Some(SplitReason::ToStayUnderLimit);
    assert!(only(&avoided, Kind::OneOrder).score > finding.score);
}

#[test]
fn numbers_of_one_order_are_written_in_many_ways() {
    let mut counted = one_order();
    for (number, parcel) in counted.iter_mut().enumerate() {
        parcel.order_id = ["#so 1200/1", "SO-1200-2", "SO1200-C"][number].to_owned();
        parcel.seller =
            ["Blue Sky Store", "BLUESKY STORE LLC", "Blue Sky Store Co."][number].to_owned();
    }
    let finding = only(&counted, Kind::OneOrder);
    assert!(
        finding.in_favour.contains(&E::SameOrderInParts),
        "{finding:?}"
    );
    assert_eq!(finding.of, 3);
}

#[test]
fn an_order_is_known_by_its_day_and_total_too() {
    let untold = several(3, |number, parcel| {
        parcel.day += number;
        parcel.value_cents = 30_000;
        parcel.ordered_on = Some(19_990);
        parcel.order_total_cents = Some(90_000);
        parcel.order_parcels = Some(3);
    });
    let finding = only(&untold, Kind::OneOrder);
    assert!(finding.in_favour.contains(&E::SameTotal), "{finding:?}");
    // A single parcel that says there are more is told, less surely.
    let single = only(&untold[..1], Kind::OneOrder);
    assert_eq!(single.level(), Level::Possible);
    assert_eq!(single.parcels, [0]);
}

#[test]
fn a_lawful_reason_leaves_an_order_possible() {
    for reason in [
        SplitReason::BackOrder,
        SplitReason::StockLocation,
        SplitReason::CarrierLimit,
    ] {
        let mut order = one_order();
        order
            .iter_mut()
            .for_each(|parcel| parcel.split_reason = Some(reason));
        assert_eq!(
            only(&order, Kind::OneOrder).level(),
            Level::Possible,
            "{reason:?}"
        );
    }
    let mut unknown = one_order();
    unknown[0].split_reason = Some(SplitReason::Unknown);
    assert_eq!(
        only(&unknown, Kind::OneOrder),
        only(&one_order(), Kind::OneOrder)
    );
}

#[test]
fn an_order_is_known_though_recipient_or_seller_is_written_otherwise() {
    // The address with a slip; the name with a slip; both, and linked by the matching.
    let mut slips = one_order();
    slips
        .iter_mut()
        .for_each(|parcel| parcel.value_cents = 45_000);
    slips[1].street = "12 Oka St".to_owned();
    slips[2].name = "Ana Lopes".to_owned();
    assert_eq!(only(&slips, Kind::OneOrder).of, 3);
    slips[1].name = "Anna Lopez".to_owned();
    assert_eq!(only(&slips, Kind::OneOrder).of, 2);
    slips
        .iter_mut()
        .for_each(|parcel| parcel.linked_person = Some(3));
    assert_eq!(only(&slips, Kind::OneOrder).of, 3);
    // A long number says enough without the seller's name; a short one does not.
    let mut sellers = one_order();
    sellers
        .iter_mut()
        .for_each(|parcel| parcel.value_cents = 45_000);
    sellers[1].seller = "BlueSkye Store".to_owned();
    assert_eq!(only(&sellers, Kind::OneOrder).of, 2);
    for parcel in &mut sellers {
        parcel.order_id = "SO-2026-004711".to_owned();
    }
    let finding = only(&sellers, Kind::OneOrder);
    assert_eq!(
        (finding.of, &finding.against[..]),
        (3, &[E::SellersDiffer][..])
    );
}

#[test]
fn a_number_is_not_one_order_everywhere() {
    // Of another seller; of another person elsewhere; of another year.
    let mut others = one_order();
    others[0].seller = "Red Hill Shop".to_owned();
    others[1].street = "9 Elm Ave".to_owned();
    others[1].name = "Mei Chen".to_owned();
    assert!(found(&others).is_empty());
    let mut years = one_order();
    for (number, parcel) in (0_i32..).zip(&mut years) {
        parcel.day += number * 365;
        parcel.ordered_on = parcel.ordered_on.map(|day| day + number * 365);
    }
    assert!(found(&years).is_empty());
    // What the order is worth as a whole counts, with parcels that are not in the file.
    let mut part = one_order();
    part.truncate(2);
    for parcel in &mut part {
        parcel.value_cents = 10_000;
    }
    assert!(accused(&part).is_empty());
    part[0].order_total_cents = Some(200_000);
    assert_eq!(kinds(&part), [Kind::OneOrder]);
    assert_eq!(only(&part, Kind::OneOrder).level(), Level::Likely);
}

#[test]
fn an_order_within_the_limit_hides_no_run() {
    let mut run = run();
    run.truncate(3);
    for (parcel, value) in run.iter_mut().zip([39_000, 41_000, 60_000]) {
        parcel.value_cents = value;
    }
    assert_eq!(only(&run, Kind::RepeatedRun).of, 3);
    for parcel in &mut run[..2] {
        parcel.order_id = "SO-1200".to_owned();
    }
    let order = only(&run, Kind::OneOrder);
    assert_eq!((order.of, order.level()), (2, Level::Information));
    let told = only(&run, Kind::RepeatedRun);
    assert_eq!(told.of, 3);
}
