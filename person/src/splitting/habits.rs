//! What is usual in the file: how a seller's parcels run, who lives at an address.
//! It must not judge a group: it counts.

use super::buyers::is_sizeable;
use super::facts::{Fact, Facts};
use super::text::{NONE, joint};
use super::weigh::{is_dear, is_just_under};
use std::collections::{BTreeMap, BTreeSet};

/// Parcels that arrive no further apart are of following days; a weekend lies between.
pub(super) const FOLLOWING: i64 = 3;

/// What a seller's parcels are like.
#[derive(Clone, Copy, Default)]
pub(super) struct Seller {
    /// Persons that get a single parcel from it, how many of these are just under the limit, and how
    /// many are a good part of it.
    pub lone: u32,
    pub lone_just_under: u32,
    pub lone_dear: u32,
    /// Persons that get any, and how many of these on following days.
    pub buyers: u32,
    pub returning: u32,
}

/// What is usual in the file.
pub(super) struct Habits {
    sellers: BTreeMap<u64, Seller>,
    /// Parcels by seller and person.
    bought: BTreeMap<(u64, u64), u32>,
    /// Persons by house.
    residents: BTreeMap<u64, u32>,
    /// Persons by mailbox.
    of_mailbox: BTreeMap<u64, u32>,
    /// Persons by house and unit.
    of_unit: BTreeMap<u64, u32>,
    /// Sellers by person, and parcels.
    sellers_of: BTreeMap<u64, u32>,
    parcels_of: BTreeMap<u64, u32>,
    /// Persons by a word of the goods and what they cost, in whole dollars, of sizeable parcels.
    prices: BTreeMap<(u64, i64), u32>,
    /// Whether most persons have several parcels.
    pub most_return: bool,
    /// Days on which far more is ordered than usual.
    sales: BTreeSet<i32>,
}

/// A day of a sale brings at least so many orders, and more than so many times the usual.
const SALE: usize = 20;
const TIMES: usize = 2;

/// The days on which more than twice as much is ordered as on the middle one of all days.
fn sales(facts: &Facts) -> BTreeSet<i32> {
    let mut days: Vec<i32> = facts.0.iter().filter_map(|fact| fact.ordered_on).collect();
    days.sort_unstable();
    let by_day = || days.chunk_by(|a, b| a == b);
    let mut counts: Vec<usize> = by_day().map(<[i32]>::len).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let busy = |day: &&[i32]| day.len() >= SALE && day.len() > usual.saturating_mul(TIMES);
    by_day().filter(busy).map(|day| day[0]).collect()
}

impl Habits {
    pub fn of(facts: &Facts) -> Habits {
        let mut habits = Habits {
            sellers: BTreeMap::new(),
            bought: BTreeMap::new(),
            residents: counted(facts, |fact| (fact.house, fact.person)),
            sellers_of: counted(facts, |fact| (fact.person, fact.seller)),
            of_mailbox: counted(facts, |fact| (fact.mailbox, fact.person)),
            of_unit: counted(facts, |fact| (unit(fact), fact.person)),
            parcels_of: BTreeMap::new(),
            prices: prices(facts),
            most_return: false,
            sales: sales(facts),
        };
        for fact in &facts.0 {
            *habits.parcels_of.entry(fact.person).or_insert(0) += 1;
        }
        let several = habits.parcels_of.values().filter(|parcels| **parcels > 1);
        habits.most_return = several.count() * 2 > habits.parcels_of.len();
        let mut all: Vec<(u64, u64, u32)> = facts
            .0
            .iter()
            .zip(0_u32..)
            .map(|(fact, at)| (fact.seller, fact.person, at))
            .collect();
        all.sort_unstable();
        for block in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (seller, person, first) = block[0];
            let count = u32::try_from(block.len()).unwrap_or(u32::MAX);
            habits.bought.insert((seller, person), count);
            let seller = habits.sellers.entry(seller).or_default();
            seller.buyers += 1;
            if let [_] = block {
                seller.lone += 1;
                seller.lone_just_under += u32::from(is_just_under(facts.fact(first)));
                seller.lone_dear += u32::from(is_dear(facts.fact(first)));
            }
            let day = |at: u32| i64::from(facts.fact(at).day);
            let follows = |pair: &[(u64, u64, u32)]| {
                (1..=FOLLOWING).contains(&(day(pair[1].2) - day(pair[0].2)))
            };
            seller.returning += u32::from(block.windows(2).any(follows));
        }
        habits
    }

    /// What the seller of a parcel is like.
    pub fn seller(&self, fact: &Fact) -> Seller {
        self.sellers.get(&fact.seller).copied().unwrap_or_default()
    }

    /// How many parcels of this seller go to this person.
    pub fn bought(&self, fact: &Fact) -> u32 {
        let key = (fact.seller, fact.person);
        self.bought.get(&key).copied().unwrap_or(0)
    }

    /// How many persons there are at the address, without regard to units.
    pub fn residents(&self, fact: &Fact) -> u32 {
        self.residents.get(&fact.house).copied().unwrap_or(0)
    }

    /// How many persons there are in the unit of a building; none if no unit is given.
    pub fn of_unit(&self, fact: &Fact) -> u32 {
        self.of_unit.get(&unit(fact)).copied().unwrap_or(0)
    }

    /// How many persons use the mailbox.
    pub fn of_mailbox(&self, fact: &Fact) -> u32 {
        self.of_mailbox.get(&fact.mailbox).copied().unwrap_or(0)
    }

    /// From how many sellers the person has parcels.
    pub fn sellers_of(&self, fact: &Fact) -> u32 {
        self.sellers_of.get(&fact.person).copied().unwrap_or(0)
    }

    /// How many parcels the person has.
    pub fn parcels_of(&self, fact: &Fact) -> u32 {
        self.parcels_of.get(&fact.person).copied().unwrap_or(0)
    }

    /// Whether others pay as much for such goods, so that it is the price of an article.
    pub fn is_list_price(&self, fact: &Fact) -> bool {
        let price = |word: &u64| self.prices.get(&(*word, dollars(fact)));
        fact.goods
            .iter()
            .filter_map(price)
            .any(|persons| *persons > OTHERS)
    }

    /// Whether it was ordered on a day of a sale.
    pub fn in_sale(&self, fact: &Fact) -> bool {
        fact.ordered_on.is_some_and(|day| self.sales.contains(&day))
    }
}

/// So many others who pay it make a price an article's.
const OTHERS: u32 = 2;

/// What a parcel costs, without the cents, in which prices of one article differ by seller.
fn dollars(fact: &Fact) -> i64 {
    fact.value / 100
}

/// How many persons pay how much for goods of a word.
fn prices(facts: &Facts) -> BTreeMap<(u64, i64), u32> {
    let sizeable = facts.0.iter().filter(|fact| is_sizeable(fact));
    let paid = |fact: &Fact| {
        let (price, person) = (dollars(fact), fact.person);
        let each = fact.goods.iter().map(move |word| (*word, price, person));
        each.collect::<Vec<_>>()
    };
    let mut paid: Vec<(u64, i64, u64)> = sizeable.flat_map(paid).collect();
    paid.sort_unstable();
    paid.dedup();
    let by_price = paid.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    by_price
        .map(|persons| {
            (
                (persons[0].0, persons[0].1),
                u32::try_from(persons.len()).unwrap_or(u32::MAX),
            )
        })
        .collect()
}

/// The mark of a unit of a house.
fn unit(fact: &Fact) -> u64 {
    if fact.house == NONE || fact.unit == NONE {
        return NONE;
    }
    joint(&[fact.house, fact.unit])
}

/// How many different second marks go with each first.
fn counted(facts: &Facts, pair: impl Fn(&Fact) -> (u64, u64)) -> BTreeMap<u64, u32> {
    let mut pairs: Vec<(u64, u64)> = facts.0.iter().map(pair).collect();
    pairs.retain(|(first, second)| *first != NONE && *second != NONE);
    pairs.sort_unstable();
    pairs.dedup();
    let mut counts = BTreeMap::new();
    for (first, _) in pairs {
        *counts.entry(first).or_insert(0) += 1;
    }
    counts
}
