//! How the limit of a person's day is evaded: orders cut into parts, orders placed day after day,
//! and one buyer behind several names.

use super::desk::{Desk, LIMIT, Parcel};
use super::lists::{GIVEN, SURNAMES};
use super::people::{Home, Kind, Person, Written, address, initial, mailbox, type_in};
use super::trade::value_between;

/// One order cut so that each part stays below the limit.
pub fn cut_order(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let day = desk.day();
    let good = desk.sellers[seller].good(&mut desk.dice, true);
    let values = parts(desk);
    let count = values.len() as u32;
    let total: i64 = values.iter().sum();
    let first = desk.whole(seller, day, good, 0);
    let label = desk.label("cut-under-limit");
    // How the parts are numbered: as one order, by letters, as several orders, or not at all.
    let numbering = desk.dice.weighted(&[25, 35, 25, 15]);
    // What is said of the total: nothing, that of the part as though it were all, or the truth.
    let told = desk.dice.weighted(&[45, 40, 15]);
    let one_day = desk.dice.chance(25);
    let two_names = desk.dice.chance(desk.world.other_shop);
    let one_printing = desk.dice.chance(desk.world.one_printing);
    let reason = desk.dice.weighted(&[60, 15, 10, 7, 5, 3]);
    let mut arrived_on = first.arrived_on;
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 && !one_day {
            arrived_on += desk.dice.days(0, desk.world.cut_gap);
        }
        let order_id = match numbering {
            0 => first.order_id.clone(),
            1 => first
                .order_id
                .as_ref()
                .map(|id| format!("{id}{}", ["A", "B", "C", "D", "E"][at])),
            2 => Some(desk.order_id(seller, day)),
            _ => None,
        };
        let other_words = desk.dice.chance(20);
        let part = Parcel {
            other_name: two_names && at % 2 == 1,
            good: if other_words {
                desk.sellers[seller].good(&mut desk.dice, true)
            } else {
                good
            },
            value,
            order_id,
            arrived_on,
            total: [None, Some(value), Some(total)][told],
            parcels: [None, Some(1), Some(count)][told],
            reason: [
                None,
                Some("unknown"),
                Some("stock_location"),
                Some("back_order"),
                Some("carrier_limit"),
                Some("to_stay_under_limit"),
            ][reason],
            printed: if one_printing {
                first.printed + at as u64
            } else {
                desk.print(day)
            },
            label: Some(label.clone()),
            ..first.clone()
        };
        desk.ship(person, part);
    }
}

/// The values of the parts of a cut order: none above the limit, all together above it.
fn parts(desk: &mut Desk) -> Vec<i64> {
    let count = desk.dice.pick(&[2, 2, 2, 3, 3, 4, 5]);
    let style = desk.dice.weighted(&desk.world.cuts);
    let equal = desk.dice.between((45_000, LIMIT - 1_500));
    (0..count)
        .map(|at| match style {
            // Close to the limit, and the last has the rest.
            0 if at + 1 == count => (30_000, LIMIT),
            0 => (LIMIT - 5_500, LIMIT),
            1 => (equal - 1_200, equal + 1_200),
            _ => (desk.world.least_part, LIMIT),
        })
        .map(|range| value_between(&mut desk.dice, range))
        .collect()
}

/// One purchase as a plan of orders, day after day, each below the limit.
pub fn run(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let day = desk.day();
    let good = desk.sellers[seller].good(&mut desk.dice, true);
    let mut values: Vec<i64> = (0..desk.dice.below(4) + 2)
        .map(|_| value_between(&mut desk.dice, desk.world.run_values))
        .collect();
    while values.iter().sum::<i64>() <= LIMIT {
        values.push(value_between(&mut desk.dice, desk.world.run_values));
    }
    let label = desk.label("run");
    let ordered_at_once = desk.dice.chance(30);
    let two_names = desk.dice.chance(desk.world.other_shop);
    let voyage = desk.voyage();
    let mut at_day = day;
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            let wait = desk.dice.days(1, desk.world.run_gap.max(1));
            // Two parcels of one day happen, where the carrier is slow.
            at_day += if desk.dice.chance(12) { 0 } else { wait };
        }
        let ordered_on = if ordered_at_once { day } else { at_day };
        let mut parcel = desk.whole(seller, ordered_on, good, value);
        if desk.dice.chance(25) {
            parcel.good = desk.sellers[seller].good(&mut desk.dice, true);
        }
        parcel.other_name = two_names && at % 2 == 1;
        parcel.arrived_on = at_day + voyage + i32::from(desk.dice.chance(15));
        parcel.label = Some(label.clone());
        desk.ship(person, parcel);
    }
}

/// One buyer who has parcels of a few days addressed to several names.
pub fn many_names(desk: &mut Desk, person: &Person, kind: Kind) {
    let seller = desk.seller();
    let day = desk.day();
    let arrives = day + desk.voyage();
    let count = desk.dice.pick(&[2, 2, 3, 3, 4, 5, 6]);
    let style = desk.dice.weighted(&desk.world.names);
    let flats = kind == Kind::House && desk.dice.chance(desk.world.invented_flat);
    let mailboxes = desk.dice.weighted(&[30, 25, 25, 20]);
    let elsewhere = desk.dice.chance(desk.world.other_shop);
    let label = desk.label("many-names");
    for at in 0..count {
        let shop = if elsewhere && at % 2 == 1 {
            desk.seller()
        } else {
            seller
        };
        let good = desk.sellers[shop].good(&mut desk.dice, true);
        let value = value_between(&mut desk.dice, (41_000, LIMIT));
        let ordered_on = day + desk.dice.pick(&[0, 0, 1]);
        let mut parcel = desk.whole(shop, ordered_on, good, value);
        parcel.other_name = elsewhere && at % 2 == 1;
        parcel.arrived_on = arrives + desk.dice.days(0, desk.world.names_span);
        parcel.label = Some(label.clone());
        let (given, surname, name) = another_name(desk, person, style, at);
        let mut home = person.home.clone();
        if flats && at > 0 {
            home.unit_word = desk.dice.pick(&["Apt", "#", "Unit"]);
            home.unit = format!("{}", at + 1);
        } else if kind == Kind::Forwarder && style == 2 {
            // A forwarder opens a new account for every invented client.
            renumber(desk, &mut home);
        }
        let party = Written {
            name,
            ..address(&mut desk.dice, &home)
        };
        let party = type_in(&mut desk.dice, desk.world, party);
        let email = match mailboxes {
            0 => Some(person.email.clone()),
            1 => Some(person.email.replacen('@', &format!("+{}@", at + 1), 1)),
            2 => None,
            _ => Some(mailbox(&mut desk.dice, &given, &surname)),
        };
        desk.ship_to(party, email, parcel);
    }
}

fn renumber(desk: &mut Desk, home: &mut Home) {
    let letters = home.unit.replace(|c: char| c.is_ascii_digit(), "");
    home.unit = format!("{letters}{}", desk.dice.between((10_000, 99_999)));
}

/// Given name, surname and the whole as written; the first is the buyer's own.
fn another_name(
    desk: &mut Desk,
    person: &Person,
    style: usize,
    at: usize,
) -> (String, String, String) {
    let (mut given, mut surname) = (person.given.clone(), person.surname.clone());
    let letter = initial(&given);
    let written = match (at, style) {
        (0, _) => format!("{given} {surname}"),
        (1, 0) => format!("{letter}. {surname}"),
        (2, 0) => format!("{surname} {given}"),
        (3, 0) => format!("{given} {}.", initial(&surname)),
        (4, 0) => format!(
            "{letter} {} {surname}",
            desk.dice.pick(&["A", "B", "K", "S"])
        ),
        (_, 0) => format!("{surname}, {letter}"),
        (_, kind) => {
            while given == person.given {
                given = desk.dice.pick(GIVEN).to_owned();
            }
            if kind == 2 {
                surname = desk.dice.pick(SURNAMES).to_owned();
            }
            format!("{given} {surname}")
        }
    };
    (given, surname, written)
}
