//! How people buy who evade nothing, in all the ways that look like something else: orders that
//! leave in parts, weekly boxes, sales, auctions, resellers, registries and shared orders.

use super::desk::{Desk, LIMIT, Parcel};
use super::people::{Dwelling, Kind, Person};
use super::trade::{price, value_between};

/// One person's parcels of the season, and what they send to others of `everyone`.
pub fn live(desk: &mut Desk, person: &Person, everyone: &[Person]) {
    let orders = desk
        .dice
        .weighted(&[40, 190, 220, 170, 120, 80, 50, 30, 20, 15, 12, 10, 8]);
    // People go back to the shops they know.
    let shops = [desk.seller(), desk.seller(), desk.seller()];
    for _ in 0..orders {
        let seller = if desk.dice.chance(60) {
            desk.dice.pick(&shops)
        } else {
            desk.seller()
        };
        if desk.dice.chance(desk.world.gifts) {
            let friend = &everyone[desk.dice.below(everyone.len())];
            give(desk, person, friend, seller);
        } else {
            order(desk, person, seller);
        }
    }
    if desk.dice.rarely(desk.world.subscribers) {
        subscribe(desk, person);
    }
    if desk.dice.rarely(desk.world.resellers) {
        resell(desk, person);
    }
    if desk.dice.rarely(desk.world.bidders) {
        bid(desk, person);
    }
    if desk.dice.rarely(desk.world.registries) {
        receive_gifts(desk, person);
    }
    if desk.dice.rarely(desk.world.sprees) {
        spree(desk, person);
    }
}

fn order(desk: &mut Desk, person: &Person, seller: usize) {
    let day = desk.day();
    if desk.dice.chance(desk.world.parted) {
        return in_parts(desk, person, seller, day);
    }
    let good = desk.sellers[seller].good(&mut desk.dice, false);
    let mut value = price(&mut desk.dice, desk.world, good);
    if desk.dice.rarely(12) {
        // Shoppers who know the limit fill one cart up to it, which is allowed.
        value = value_between(&mut desk.dice, (LIMIT - 2_500, LIMIT));
    }
    let parcel = desk.whole(seller, day, good, value);
    desk.ship(person, parcel.clone());
    if desk.dice.rarely(15) {
        replace(desk, person, parcel);
    }
}

/// A gift goes to a friend's name and house; the mailbox is the giver's.
fn give(desk: &mut Desk, person: &Person, friend: &Person, seller: usize) {
    let day = desk.day();
    let good = desk.sellers[seller].good(&mut desk.dice, false);
    let value = price(&mut desk.dice, desk.world, good);
    let parcel = desk.whole(seller, day, good, value);
    let party = desk.party(friend, seller);
    desk.ship_to(party, Some(person.email.clone()), parcel);
}

/// What came broken or never came is sent once more, under the order's number or one made of it.
fn replace(desk: &mut Desk, person: &Person, mut parcel: Parcel) {
    let later = desk.dice.days(2, 25);
    parcel.arrived_on += later;
    parcel.printed = desk.print(parcel.ordered_on + later);
    parcel.ordered_on += later;
    parcel.order_id = parcel.order_id.map(|id| format!("{id}-R"));
    parcel.total = None;
    parcel.parcels = None;
    desk.ship(person, parcel);
}

/// One order in several parcels, for a reason of trade.
fn in_parts(desk: &mut Desk, person: &Person, seller: usize, day: i32) {
    let count = desk.dice.pick(&[2, 2, 2, 2, 3, 3, 4, 5]);
    let reason = desk.dice.pick(&[
        "back_order",
        "back_order",
        "stock_location",
        "stock_location",
        "carrier_limit",
    ]);
    let dear = desk.dice.chance(30);
    let good = desk.sellers[seller].good(&mut desk.dice, dear);
    let first = desk.whole(seller, day, good, 0);
    let one_price = price(&mut desk.dice, desk.world, good);
    let mut parts = Vec::new();
    for at in 0..count {
        let mut part = first.clone();
        if reason == "carrier_limit" {
            // So many boxes of one thing.
            part.value = one_price;
        } else {
            part.good = desk.sellers[seller].good(&mut desk.dice, dear);
            part.value = price(&mut desk.dice, desk.world, part.good);
        }
        part.arrived_on += match reason {
            "back_order" if at > 0 => desk.dice.days(3, 28),
            "stock_location" => desk.dice.days(0, 5),
            _ => i32::from(desk.dice.chance(10)),
        };
        part.printed = if reason == "carrier_limit" {
            first.printed + at
        } else {
            desk.print(day + at as i32)
        };
        parts.push(part);
    }
    let label = desk.label("one-order");
    let total = parts.iter().map(|part| part.value).sum();
    let told = desk.dice.chance(55).then_some(reason);
    let told = told.or(desk.dice.chance(20).then_some("unknown"));
    let numbered = desk.dice.chance(25);
    let forgotten = desk.dice.chance(8);
    for (at, mut part) in parts.into_iter().enumerate() {
        part.total = first.total.and(Some(total));
        part.parcels = first.parcels.and(Some(count as u32));
        part.reason = told;
        part.label = Some(label.clone());
        part.order_id = part.order_id.filter(|_| !(forgotten && at > 0)).map(|id| {
            if numbered {
                format!("{id}-{}", at + 1)
            } else {
                id
            }
        });
        desk.ship(person, part);
    }
}

/// The same box every week or two.
fn subscribe(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let good = desk.sellers[seller].good(&mut desk.dice, false);
    let value = price(&mut desk.dice, desk.world, good).min(36_000);
    let every = desk.dice.pick(&[7, 7, 7, 14]);
    let first = desk.dice.days(0, 6);
    let weeks = desk.dice.days(4, 10);
    for at in 0..weeks {
        let day = desk.world.first_day + first + at * every;
        let mut parcel = desk.whole(seller, day, good, value);
        parcel.arrived_on = day + 6 + desk.dice.pick(&[0, 0, 0, 1, 2]);
        desk.ship(person, parcel);
    }
}

/// Someone who lives by selling on, and buys of one seller whenever something is sold.
fn resell(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let mut day = desk.world.first_day + desk.dice.days(0, 20);
    for _ in 0..desk.dice.days(4, 13) {
        let good = desk.sellers[seller].good(&mut desk.dice, true);
        let pieces = desk.dice.between((1, 4));
        let value = price(&mut desk.dice, desk.world, good) * pieces;
        let parcel = desk.whole(seller, day, good, value.min(140_000));
        desk.ship(person, parcel);
        day += desk.dice.pick(&[1, 2, 3, 4, 5, 7, 9, 12]);
    }
}

/// Auctions end on days that follow each other; each is a contract of its own.
fn bid(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let day = desk.day();
    for at in 0..desk.dice.days(2, 7) {
        let good = desk.sellers[seller].good(&mut desk.dice, true);
        let value = value_between(&mut desk.dice, (1_500, 62_000));
        let mut parcel = desk.whole(seller, day + at, good, value);
        parcel.arrived_on = day + at + desk.dice.days(7, 11);
        desk.ship(person, parcel);
    }
}

/// A wedding or a birth: many givers order at one shop for one person, within weeks.
fn receive_gifts(desk: &mut Desk, person: &Person) {
    let seller = desk.seller();
    let day = desk.day();
    for _ in 0..desk.dice.days(4, 14) {
        let ordered_on = day + desk.dice.days(0, 16);
        let good = desk.sellers[seller].good(&mut desk.dice, true);
        let value = price(&mut desk.dice, desk.world, good).min(70_000);
        let parcel = desk.whole(seller, ordered_on, good, value);
        let party = desk.party(person, seller);
        // The mailbox is the giver's.
        let giver = desk.dice.between((1, 99_999));
        desk.ship_to(party, Some(format!("guest{giver}@mail.example")), parcel);
    }
}

/// Many orders on a day of sales, which arrive within the same days.
fn spree(desk: &mut Desk, person: &Person) {
    let day = desk.dice.pick(&desk.world.sales);
    let shops = [desk.seller(), desk.seller()];
    // Separate orders of a day may be packed together, one label after the other.
    let packed = desk.dice.chance(30).then(|| desk.print(day));
    for at in 0..desk.dice.between((2, 7)).unsigned_abs() {
        let seller = desk.dice.pick(&shops);
        let dear = desk.dice.chance(25);
        let good = desk.sellers[seller].good(&mut desk.dice, dear);
        let value = price(&mut desk.dice, desk.world, good) * 4 / 5;
        let ordered_on = day + desk.dice.pick(&[0, 0, 1]);
        let mut parcel = desk.whole(seller, ordered_on, good, value);
        parcel.arrived_on = day + desk.dice.days(6, 12);
        parcel.printed = packed.map_or(parcel.printed, |first| first + at);
        desk.ship(person, parcel);
    }
}

/// What neighbours do together: presents for a whole family, shared orders of students and
/// colleagues, two telephones for a couple, and what a forwarder takes in on one day.
pub fn together(desk: &mut Desk, dwelling: &Dwelling, everyone: &[Person]) {
    let people = &everyone[dwelling.people.clone()];
    if people.len() < 2 {
        return;
    }
    match dwelling.kind {
        Kind::House | Kind::Tower | Kind::MailStore => {
            if desk.dice.chance(5) {
                each_one(desk, &people[..people.len().min(4)], 3, false);
            }
            if desk.dice.rarely(25) {
                each_one(desk, &people[..2], 1, true);
            }
        }
        Kind::Dormitory | Kind::Office => {
            for _ in 0..desk.dice.days(0, 3) {
                let from = desk.dice.below(people.len() - 1);
                let to = (from + 2 + desk.dice.below(5)).min(people.len());
                let dear = desk.dice.chance(20);
                each_one(desk, &people[from..to], 2, dear);
            }
        }
        Kind::Forwarder => {
            for _ in 0..people.len() / 10 + 1 {
                let from = desk.dice.below(people.len() - 1);
                let to = (from + 2 + desk.dice.below(8)).min(people.len());
                let dear = desk.dice.chance(50);
                each_one(desk, &people[from..to], 1, dear);
            }
        }
    }
}

/// An order of each of these people at one shop, on nearly one day, of nearly one thing.
fn each_one(desk: &mut Desk, people: &[Person], spread: i32, dear: bool) {
    let seller = desk.seller();
    let day = desk.day();
    let good = desk.sellers[seller].good(&mut desk.dice, dear);
    let value = price(&mut desk.dice, desk.world, good);
    let alike = desk.dice.chance(50);
    let arrives = day + desk.voyage();
    let packed = desk.dice.chance(40).then(|| desk.print(day));
    for (at, person) in people.iter().enumerate() {
        let value = if alike {
            value
        } else {
            price(&mut desk.dice, desk.world, good)
        };
        let mut parcel = desk.whole(seller, day, good, value);
        parcel.arrived_on = arrives + desk.dice.days(0, spread);
        parcel.printed = packed.map_or(parcel.printed, |first| first + at as u64);
        desk.ship(person, parcel);
    }
}
