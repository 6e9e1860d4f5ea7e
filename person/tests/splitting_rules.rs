//! What is found to be a split lot and what is not, said in small files of parcels.

mod splitting_support;

use deminimis_person::splitting::{
    Evidence as E, Finding, Kind, LISTED, Level, SplitReason, find_splits,
};
use proptest::prelude::*;
use splitting_support::{Made, Persons, accused_of_any, measure};

const LIMIT: i64 = 80_000;

/// A parcel with all that is usual: each has its own number, bill and seller.
fn made(number: i32) -> Made {
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
fn several(count: i32, change: impl Fn(i32, &mut Made)) -> Vec<Made> {
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

fn found(made: &[Made]) -> Vec<Finding> {
    find_splits(&Persons::of(made).parcels(made))
}

/// What is more than information.
fn accused(made: &[Made]) -> Vec<Finding> {
    let mut found = found(made);
    found.retain(|finding| finding.level() > Level::Information);
    found
}

/// The one finding of a kind.
fn only(made: &[Made], kind: Kind) -> Finding {
    let mut found = found(made);
    found.retain(|finding| finding.kind == kind);
    assert_eq!(found.len(), 1, "{kind:?}: {found:?}");
    found.remove(0)
}

/// The one finding of a kind, if there is one.
fn only_or_none(made: &[Made], kind: Kind) -> Option<Finding> {
    let mut found = found(made);
    found.retain(|finding| finding.kind == kind);
    assert!(found.len() < 2, "{kind:?}: {found:?}");
    found.pop()
}

fn kinds(made: &[Made]) -> Vec<Kind> {
    found(made).iter().map(|finding| finding.kind).collect()
}

fn one_order() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.day += number * 4;
        parcel.value_cents = 40_000;
        parcel.order_id = "SO-1200".to_owned();
        parcel.ordered_on = Some(19_990);
    })
}

fn cut() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.day += number * 5;
        parcel.value_cents = 76_000 + i64::from(number) * 1200;
        parcel.order_id = format!("SO-{}", 1200 + number * 2);
        parcel.ordered_on = Some(19_990);
    })
}

fn run() -> Vec<Made> {
    several(4, |number, parcel| {
        parcel.day += number;
        parcel.value_cents = 39_000 + i64::from(number) * 700;
    })
}

const NAMES: [&str; 3] = ["Ana Lopez", "Mei Chen", "Tom Baker"];

fn names() -> Vec<Made> {
    several(3, |number, parcel| {
        parcel.name = NAMES[number as usize].to_owned();
        parcel.value_cents = 61_000 + i64::from(number) * 900;
        parcel.ordered_on = Some(19_990);
    })
}

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
    untold.push(Made {
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
fn several_names_at_one_address() {
    let finding = only(&names(), Kind::ManyNames);
    assert_eq!(finding.level(), Level::Likely);
    for evidence in [E::OneDay, E::SeveralNames, E::SameGoods, E::OrderedTogether] {
        assert!(finding.in_favour.contains(&evidence), "{finding:?}");
    }
    // Each sign against it lowers the score.
    type Change = fn(usize, &mut Made);
    let changes: [(E, Change); 4] = [
        (E::Gifts, |_, parcel| {
            parcel.description = "birthday gift, shoes".to_owned()
        }),
        (E::OwnEmails, |at, parcel| {
            parcel.email = format!("p{at}@example.com")
        }),
        (E::OtherUnits, |at, parcel| {
            parcel.street = format!("12 Oak St Apt {at}")
        }),
        (E::OneSurname, |at, parcel| {
            parcel.name = ["Ana Lopez", "Rosa Lopez", "Mia Lopez"][at].to_owned()
        }),
    ];
    for (evidence, change) in changes {
        let mut file = names();
        file.iter_mut()
            .enumerate()
            .for_each(|(at, parcel)| change(at, parcel));
        let mut changed = found(&file);
        changed.retain(|finding| finding.kind == Kind::ManyNames);
        if let [changed] = &changed[..] {
            assert!(
                changed.against.contains(&evidence),
                "{evidence:?}: {changed:?}"
            );
            assert!(changed.score < finding.score, "{evidence:?}");
        }
    }
    // And together they clear it.
    let mut family = names();
    for (at, parcel) in family.iter_mut().enumerate() {
        for (_, change) in changes {
            change(at, parcel);
        }
    }
    assert!(found(&family).is_empty());
}

#[test]
fn names_that_are_linked_or_share_an_email() {
    let finding = only(&names(), Kind::ManyNames);
    let mut linked = names();
    linked
        .iter_mut()
        .for_each(|parcel| parcel.linked_person = Some(7));
    let linked = only(&linked, Kind::ManyNames);
    assert!(linked.in_favour.contains(&E::LinkedPersons), "{linked:?}");
    let mut email = names();
    email
        .iter_mut()
        .for_each(|parcel| parcel.email = " Ana@Example.com".to_owned());
    let email = only(&email, Kind::ManyNames);
    assert!(email.in_favour.contains(&E::OneEmail), "{email:?}");
    assert!(linked.score > finding.score && email.score > finding.score);
}

#[test]
fn names_that_ordered_together_may_arrive_apart() {
    let mut apart = names();
    apart[2].day += 5;
    assert_eq!(only(&apart, Kind::ManyNames).of, 3);
    for (number, parcel) in (0_i32..).zip(&mut apart) {
        parcel.ordered_on = Some(19_980 + number * 2);
    }
    assert!(!kinds(&apart).contains(&Kind::ManyNames) || only(&apart, Kind::ManyNames).of == 2);
}

#[test]
fn one_name_in_several_spellings_is_seen_across_sellers() {
    let mut spelled = names();
    for (at, parcel) in spelled.iter_mut().enumerate() {
        parcel.name = ["Ana Lopez", "Lopez, Ana", "A. Lopez"][at].to_owned();
        parcel.seller = ["Blue Sky Store", "Red Hill Shop", "Red Hill Shop"][at].to_owned();
    }
    let finding = only(&spelled, Kind::ManyNames);
    assert_eq!(finding.of, 3);
    assert!(finding.in_favour.contains(&E::OneName), "{finding:?}");
    assert!(finding.against.contains(&E::SellersDiffer), "{finding:?}");
    assert!(!finding.against.contains(&E::OneSurname), "{finding:?}");
}

#[test]
fn tags_of_a_mailbox_and_mailboxes_of_many() {
    let mut tagged = names();
    for (at, parcel) in tagged.iter_mut().enumerate() {
        parcel.email = format!("ana+{at}@example.com");
    }
    let finding = only(&tagged, Kind::ManyNames);
    assert!(finding.in_favour.contains(&E::TaggedEmail), "{finding:?}");
    // The mailbox of a forwarder is many customers'.
    for number in 100..120 {
        tagged.push(Made {
            name: format!("Customer{number} Of{number}"),
            street: format!("{number} Pine Rd"),
            email: "ana@example.com".to_owned(),
            ..made(number)
        });
    }
    let shared = only(&tagged, Kind::ManyNames);
    assert!(!shared.in_favour.contains(&E::TaggedEmail), "{shared:?}");
    assert!(shared.against.contains(&E::Forwarder), "{shared:?}");
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

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Orders by chance: persons and sellers of all sizes, mostly cheap goods, sixty days.
fn ordinary_trade(seed: u64, parcels: i32) -> Vec<Made> {
    let mut dice = Dice(seed);
    let goods = [
        ("cotton shirt", "6109.10"),
        ("phone case", "3926.90"),
        ("leather shoes", "6403.99"),
        ("desk lamp", "9405.21"),
        ("wrist watch", "9102.11"),
    ];
    let parcel = |number| {
        let people = parcels as u64 / 4;
        let person = dice.below(people).min(dice.below(people));
        let seller = dice.below(40).min(dice.below(40));
        let (description, htsus_number) = goods[(seller % 5).min(dice.below(5)) as usize];
        let value = match dice.below(10) {
            0 => 20_000 + dice.below(60_000),
            1..4 => 8_000 + dice.below(22_000),
            _ => 900 + dice.below(8_000),
        };
        let ordered = 20_000 + dice.below(60) as i32;
        Made {
            name: format!("Person{person} Of{}", person / 2),
            street: format!("{} Oak St", 100 + person / 2),
            seller: format!("Seller {seller}"),
            day: ordered + 5 + dice.below(9) as i32,
            ordered_on: Some(ordered),
            order_id: format!("{seller}-{}", 100_000 + dice.below(900_000)),
            house_bill: format!("HB{}", dice.below(90_000_000)),
            value_cents: value as i64,
            description: description.to_owned(),
            htsus_number: htsus_number.to_owned(),
            ..made(number)
        }
    };
    (0..parcels).map(parcel).collect()
}

#[test]
fn ordinary_trade_raises_few_alarms() {
    for seed in [1, 2, 3] {
        let file = ordinary_trade(seed, 10_000);
        let persons = Persons::of(&file);
        let parcels = persons.parcels(&file);
        let start = std::time::Instant::now();
        let findings = find_splits(&parcels);
        let took = start.elapsed();
        let labels = vec![None; file.len()];
        for level in [Level::Possible, Level::Likely] {
            let accused = Kind::ALL.map(|kind| measure(&labels, &findings, kind, level).accused);
            eprintln!("seed {seed}, {level:?}: accused of 10,000 {accused:?}, {took:?}");
            let most = if level == Level::Likely { 5 } else { 50 };
            assert!(
                accused.iter().sum::<u64>() <= most,
                "seed {seed}, {level:?}"
            );
        }
    }
}

/// Ten times the parcels take ten times as long and a little more, not a hundred times: of ordinary
/// trade, and of one seller, person and order. The bound leaves room for a busy machine.
#[test]
fn time_grows_as_the_file_does() {
    let took = |file: &[Made]| {
        let persons = Persons::of(file);
        let parcels = persons.parcels(file);
        let start = std::time::Instant::now();
        let findings = find_splits(&parcels).len();
        (start.elapsed().as_micros().max(1), findings)
    };
    let alike = |count| {
        several(count, |number, parcel| {
            parcel.day += number % 50;
            parcel.order_id = "SO-1200".to_owned();
            parcel.value_cents = 79_000;
        })
    };
    let (small, large) = (10_000, 100_000);
    for (what, small, large) in [
        (
            "ordinary",
            ordinary_trade(4, small),
            ordinary_trade(4, large),
        ),
        ("alike", alike(small), alike(large)),
    ] {
        let (small, large) = (took(&small), took(&large));
        eprintln!("{what}: 10,000 {small:?} and 100,000 {large:?} (microseconds, findings)");
        assert!(large.0 < small.0 * 40, "{what}: {small:?} {large:?}");
    }
}

#[test]
fn measured_by_hand() {
    let mut file = one_order();
    file.extend((10..14).map(made));
    let findings = found(&file);
    let group = Some((Kind::OneOrder, 1));
    let all = [group, group, group, None, None, None, None];
    let quality = measure(&all, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.precision(), quality.recall()), (1000, 1000));
    assert_eq!((quality.clean, quality.accused), (4, 0));
    // The same findings against other labels.
    let none = [None; 7];
    let quality = measure(&none, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!(
        (quality.findings, quality.right, quality.accused),
        (1, 0, 3)
    );
    assert_eq!(quality.false_alarms(), 3 * 100_000 / 7);
    assert_eq!(accused_of_any(&none, &findings, Level::Likely), 3);
    // What is only information finds the group and accuses nobody.
    let mut cheap = file.clone();
    cheap
        .iter_mut()
        .for_each(|parcel| parcel.value_cents = 4000);
    let findings = found(&cheap);
    let quality = measure(&all, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.found, quality.right), (1, 1));
    assert_eq!(accused_of_any(&none, &findings, Level::Possible), 0);
    let findings = found(&file);
    let run = Some((Kind::RepeatedRun, 1));
    let other = [run, run, run, None, None, None, None];
    let quality = measure(&other, &findings, Kind::RepeatedRun, Level::Likely);
    assert_eq!(
        (quality.found, quality.found_by_any, quality.groups),
        (0, 1, 1)
    );
    let quality = measure(&other, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.right, quality.of_another), (0, 1));
}

fn any_parcel() -> impl Strategy<Value = Made> {
    (0..400, 0..6, 0..4, 0..3, 0..9, 0..5).prop_map(|(number, day, name, seller, value, order)| {
        Made {
            shipment_id: format!("S{number:04}"),
            day: 20_000 + day,
            value_cents: 10_000 * i64::from(value),
            name: ["Ana Lopez", "A Lopez", "Mei Chen", "Tom Baker"][name as usize].to_owned(),
            seller: format!("Seller {seller}"),
            order_id: if order == 0 {
                String::new()
            } else {
                format!("SO-12{order}-{}", day % 3)
            },
            ordered_on: (order > 1).then_some(19_990 + order),
            ..made(number)
        }
    })
}

proptest! {
    #[test]
    fn the_order_of_parcels_does_not_matter(file in prop::collection::vec(any_parcel(), 0..60), by in 0_usize..60) {
        let mut file = file;
        file.sort_by(|a, b| a.shipment_id.cmp(&b.shipment_id));
        file.dedup_by(|a, b| a.shipment_id == b.shipment_id);
        let ids = |file: &[Made]| -> Vec<(Kind, i32, Vec<String>)> {
            let id = |at: &usize| file[*at].shipment_id.clone();
            found(file)
                .iter()
                .map(|finding| (finding.kind, finding.score, finding.parcels.iter().map(id).collect()))
                .collect()
        };
        let expected = ids(&file);
        let by = by % file.len().max(1);
        file.rotate_left(by);
        file.reverse();
        prop_assert_eq!(ids(&file), expected);
    }

    #[test]
    fn a_finding_says_what_its_score_rests_on(file in prop::collection::vec(any_parcel(), 0..60)) {
        for finding in found(&file) {
            let all = finding.in_favour.iter().chain(&finding.against);
            let weights: i32 = all.clone().map(|evidence| evidence.weight(finding.kind)).sum();
            let base = finding.score - weights;
            prop_assert!(base < 0 || finding.score == 2000, "{:?}", finding);
            prop_assert!(finding.in_favour.iter().all(|evidence| evidence.weight(finding.kind) > 0));
            prop_assert!(finding.against.iter().all(|evidence| evidence.weight(finding.kind) < 0));
            prop_assert!(!finding.parcels.is_empty() && finding.days.0 <= finding.days.1);
        }
    }
}
