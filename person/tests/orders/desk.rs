//! The desk that turns parcels into rows: it keeps every buyer's address as each shop has it, hands
//! out order numbers and house bills, and leaves out what data leaves out.

use super::dice::Dice;
use super::people::{Person, Written, write};
use super::trade::{GOODS, Seller, market};
use super::world::World;
use super::{Label, Row};
use std::collections::{HashMap, HashSet};

/// The largest value of a day that is free, in cents.
pub const LIMIT: i64 = 80_000;

/// A parcel before it is written down. What is not said here follows from the seller.
#[derive(Clone)]
pub struct Parcel {
    pub seller: usize,
    /// Sold under the seller's other name, if it has one.
    pub other_name: bool,
    pub good: usize,
    pub value: i64,
    pub order_id: Option<String>,
    pub ordered_on: i32,
    pub arrived_on: i32,
    pub total: Option<i64>,
    pub parcels: Option<u32>,
    pub reason: Option<&'static str>,
    /// The number of the house bill within its series.
    pub printed: u64,
    pub label: Option<Label>,
}

pub struct Desk<'w> {
    pub dice: Dice,
    pub world: &'w World,
    pub sellers: Vec<Seller>,
    pub rows: Vec<Row>,
    groups: u32,
    /// Pairs of a seller and an order, for no seller gives a number twice.
    orders: HashSet<(usize, String)>,
    bills: HashSet<(usize, u64)>,
    /// What each person has typed into each shop.
    typed: HashMap<(usize, usize), Written>,
}

impl<'w> Desk<'w> {
    pub fn new(mut dice: Dice, world: &'w World) -> Desk<'w> {
        let sellers = market(&mut dice, world);
        Desk {
            dice,
            world,
            sellers,
            rows: Vec::new(),
            groups: 0,
            orders: HashSet::new(),
            bills: HashSet::new(),
            typed: HashMap::new(),
        }
    }

    /// A label that no other group has.
    pub fn label(&mut self, kind: &'static str) -> Label {
        self.groups += 1;
        Label {
            kind,
            group: self.groups,
        }
    }

    /// A day of the world on which an order is placed.
    pub fn day(&mut self) -> i32 {
        let first = self.world.first_day;
        self.dice.days(first, first + self.world.days - 1)
    }

    pub fn seller(&mut self) -> usize {
        self.dice.skewed(self.sellers.len())
    }

    /// Days from order to arrival.
    pub fn voyage(&mut self) -> i32 {
        self.dice.days(4, 9) + self.dice.pick(&[0, 0, 0, 1, 3, 7])
    }

    /// An order number that this seller has not given before. A shop that has sold all numbers of
    /// its day goes on with those of the next.
    pub fn order_id(&mut self, seller: usize, mut day: i32) -> String {
        let mut tries = 0;
        loop {
            let id = self.sellers[seller].order_number(&mut self.dice, day);
            if self.orders.insert((seller, id.clone())) {
                return id;
            }
            tries += 1;
            day += i32::from(tries % 20 == 0);
        }
    }

    /// An order of one parcel of this value: its order says what the parcel says.
    pub fn whole(&mut self, seller: usize, ordered_on: i32, good: usize, value: i64) -> Parcel {
        let order_id = Some(self.order_id(seller, ordered_on));
        let other_name = self.dice.chance(20);
        let stated = self.dice.chance(70);
        Parcel {
            seller,
            other_name,
            good,
            value,
            order_id,
            ordered_on,
            arrived_on: ordered_on + self.voyage(),
            total: stated.then_some(value),
            parcels: stated.then_some(1),
            reason: None,
            printed: self.print(ordered_on),
            label: None,
        }
    }

    /// The number of a label printed on or after this day.
    pub fn print(&mut self, day: i32) -> u64 {
        u64::from(day.unsigned_abs()) * 100_000 + self.dice.next() % 100_000
    }

    /// A party as this person is known to this shop; now and then they type it anew.
    pub fn party(&mut self, person: &Person, seller: usize) -> Written {
        let known = self.typed.get(&(person.number, seller)).cloned();
        if let Some(known) = known.filter(|_| !self.dice.chance(4)) {
            return known;
        }
        let written = write(&mut self.dice, self.world, person);
        self.typed.insert((person.number, seller), written.clone());
        written
    }

    /// Writes a parcel to this person.
    pub fn ship(&mut self, person: &Person, parcel: Parcel) {
        let party = self.party(person, parcel.seller);
        let email = Some(person.email.clone());
        self.ship_to(party, email, parcel);
    }

    /// Writes a parcel to a party.
    pub fn ship_to(&mut self, to: Written, email: Option<String>, parcel: Parcel) {
        let seller = &self.sellers[parcel.seller];
        let dice = &mut self.dice;
        let known = seller.gives_orders && !dice.chance(self.world.no_order);
        let dated = seller.gives_orders && !dice.chance(15);
        let summed = seller.gives_totals && !dice.chance(self.world.no_total);
        let mut printed = parcel.printed;
        while !self.bills.insert((seller.consolidator, printed)) {
            printed += 1;
        }
        let good = &GOODS[parcel.good];
        // One master bill for what a consolidator flies in on a day, to one of two airports.
        let airport = u64::from(to.postal_code.as_bytes().first().copied().unwrap_or(b'0')) % 2;
        let master = u64::from(parcel.arrived_on.unsigned_abs()) * 40
            + seller.consolidator as u64 * 2
            + airport;
        self.rows.push(Row {
            shipment_id: String::new(),
            arrived_on: parcel.arrived_on,
            seller: seller.written(dice, parcel.other_name),
            order_id: parcel.order_id.filter(|_| known),
            ordered_on: dated.then_some(parcel.ordered_on),
            order_total_cents: parcel.total.filter(|_| summed),
            order_parcels: parcel.parcels.filter(|_| summed),
            split_reason: parcel.reason.filter(|_| known).map(str::to_owned),
            name: to.name,
            street: to.street,
            city: to.city,
            state: to.state,
            postal_code: to.postal_code,
            email: email.filter(|_| seller.gives_email && !dice.chance(self.world.no_email)),
            description: dice.pick(&good.words).to_owned(),
            htsus_number: (!dice.chance(self.world.no_number)).then(|| good.number.to_owned()),
            value_cents: parcel.value,
            house_bill: format!("H{:02}{printed}", seller.consolidator),
            master_bill: (!dice.chance(self.world.no_master)).then(|| {
                format!(
                    "{}-{:08}",
                    160 + seller.consolidator * 7,
                    master * 7 % 99_999_999
                )
            }),
            label: parcel.label,
        });
    }
}
