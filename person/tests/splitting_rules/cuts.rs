//! Orders that were cut just under the limit, and runs over following days.

use crate::lots::{LIMIT, cut, found, kinds, made, only, only_or_none, run};
use crate::splitting_support::Made;
use deminimis_person::splitting::{Evidence as E, Kind, Level};

#[test]
fn an_order_cut_just_under_the_limit() {
    let finding = only(&cut(), Kind::CutUnderLimit);
    assert_eq!(finding.level(), Level::Likely);
    for evidence in [
        E::OrdersInSequence,
        E::OrderedTogether,
        E::JustUnder,
        E::NarrowBand,
    ] {
        assert!(finding.in_favour.contains(&evidence), "{finding:?}");
    }
    // Exactly at the limit is within it; a cent above is not.
    let mut full = cut();
    full.iter_mut()
        .for_each(|parcel| parcel.value_cents = LIMIT);
    assert!(kinds(&full).contains(&Kind::CutUnderLimit));
    full.iter_mut()
        .for_each(|parcel| parcel.value_cents = LIMIT + 1);
    assert!(found(&full).is_empty());
}

#[test]
fn numbers_tie_parts_that_arrive_weeks_apart() {
    let mut weeks = cut();
    for (number, parcel) in (0_i32..).zip(&mut weeks) {
        parcel.ordered_on = None;
        parcel.day = 20_000 + number * 12;
    }
    let finding = only(&weeks, Kind::CutUnderLimit);
    assert!(
        finding.in_favour.contains(&E::OrdersInSequence),
        "{finding:?}"
    );
    for (number, parcel) in weeks.iter_mut().enumerate() {
        parcel.order_id = format!("SO-{}", 1200 + number * 50);
    }
    assert!(found(&weeks).is_empty());
}

#[test]
fn what_remains_of_a_cut_order_may_be_small() {
    let mut rest = cut();
    rest[2].value_cents = 9500;
    let finding = only(&rest, Kind::CutUnderLimit);
    assert!(
        finding.in_favour.contains(&E::AllButRestJustUnder),
        "{finding:?}"
    );
    assert_eq!(finding.of, 3);
}

#[test]
fn separate_orders_near_the_limit_are_no_cut() {
    let mut separate = cut();
    for (number, parcel) in (0_i32..).zip(&mut separate) {
        parcel.ordered_on = Some(19_980 + number * 3);
        parcel.order_id = format!("SO-{}", 1200 + number * 977);
    }
    assert!(!kinds(&separate).contains(&Kind::CutUnderLimit));
}

#[test]
fn a_seller_of_articles_near_the_limit_is_heard() {
    let finding = only(&cut(), Kind::CutUnderLimit);
    let mut file = cut();
    for number in 100..120 {
        file.push(Made {
            seller: "Blue Sky Store".to_owned(),
            street: format!("{number} Pine Rd"),
            value_cents: 77_000,
            ..made(number)
        });
    }
    let heard = only(&file, Kind::CutUnderLimit);
    assert!(heard.against.contains(&E::SellersPrices), "{heard:?}");
    assert_eq!(
        heard.score,
        finding.score + E::SellersPrices.weight(Kind::CutUnderLimit)
    );
}

#[test]
fn a_run_over_following_days() {
    let finding = only(&run(), Kind::RepeatedRun);
    assert_eq!(finding.level(), Level::Likely);
    assert!(finding.in_favour.contains(&E::AdjacentDays), "{finding:?}");
    // Each in another week is no run.
    let mut weekly = run();
    for (number, parcel) in (0_i32..).zip(&mut weekly) {
        parcel.day = 20_000 + number * 7;
    }
    assert!(found(&weekly).is_empty());
    // Neither is one day, which the day's own sum counts.
    let mut day = run();
    day.iter_mut().for_each(|parcel| parcel.day = 20_000);
    assert!(!kinds(&day).contains(&Kind::RepeatedRun));
}

#[test]
fn a_run_that_one_order_explains_is_told_once() {
    let mut order = run();
    for parcel in &mut order {
        parcel.order_id = "SO-1200".to_owned();
    }
    assert_eq!(kinds(&order), [Kind::OneOrder]);
}

#[test]
fn small_parts_and_sales_are_heard() {
    let finding = only(&run(), Kind::RepeatedRun);
    // A part that was hardly worth splitting off.
    let mut small = run();
    small[1].value_cents = 2500;
    let small = only_or_none(&small, Kind::RepeatedRun);
    assert!(small.is_none_or(|small| small.score < finding.score));
    // Others order on the same days, far more than on any other.
    let mut sale = run();
    for (number, parcel) in (0_i32..).zip(&mut sale) {
        parcel.ordered_on = Some(19_990 + number % 2);
        parcel.value_cents += 8000;
    }
    let alone = only(&sale, Kind::RepeatedRun);
    for number in 100..180 {
        sale.push(Made {
            street: format!("{number} Pine Rd"),
            ordered_on: Some(if number < 160 {
                19_990 + number % 2
            } else {
                19_800 + number
            }),
            ..made(number)
        });
    }
    let sale = only(&sale, Kind::RepeatedRun);
    assert!(sale.against.contains(&E::InSale), "{sale:?}");
    assert_eq!(
        sale.score,
        alone.score + E::InSale.weight(Kind::RepeatedRun)
    );
}

#[test]
fn what_others_pay_for_such_goods_is_a_price_and_no_cut() {
    let mut file = cut();
    let finding = only(&file, Kind::CutUnderLimit);
    for number in 100..109 {
        file.push(Made {
            street: format!("{number} Pine Rd"),
            value_cents: file[number as usize % 3].value_cents,
            ..made(number)
        });
    }
    let priced = only(&file, Kind::CutUnderLimit);
    assert!(priced.against.contains(&E::ListPrices), "{priced:?}");
    assert!(priced.score < finding.score);
}

#[test]
fn a_cut_order_with_one_number_is_told_once() {
    let mut one_number = cut();
    for (parcel, part) in one_number.iter_mut().zip(["A", "B", "C"]) {
        parcel.order_id = format!("SO-1200{part}");
    }
    assert_eq!(kinds(&one_number), [Kind::CutUnderLimit]);
    let finding = only(&one_number, Kind::CutUnderLimit);
    assert!(
        finding.in_favour.contains(&E::SameOrderInParts),
        "{finding:?}"
    );
}
