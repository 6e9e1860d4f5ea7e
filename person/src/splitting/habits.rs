//! What is usual in the file: how a seller's parcels run, who lives at an address.
//! It must not judge a group: it counts.

use super::facts::{Fact, Facts};
use super::text::NONE;
use super::weigh::is_just_under;
use std::collections::BTreeMap;

/// Parcels that arrive no further apart are of following days; a weekend lies between.
pub(super) const FOLLOWING: i64 = 3;

/// What a seller's parcels are like.
#[derive(Clone, Copy, Default)]
pub(super) struct Seller {
    /// Persons that get a single parcel from it, and how many of these are just under the limit.
    pub lone: u32,
    pub lone_just_under: u32,
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
    /// Sellers by key.
    sellers_of: BTreeMap<u64, u32>,
}

impl Habits {
    pub fn of(facts: &Facts) -> Habits {
        let mut habits = Habits {
            sellers: BTreeMap::new(),
            bought: BTreeMap::new(),
            residents: counted(facts, |fact| (fact.house, fact.person)),
            sellers_of: counted(facts, |fact| (fact.key, fact.seller)),
        };
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

    /// From how many sellers the name has parcels.
    pub fn sellers_of(&self, fact: &Fact) -> u32 {
        self.sellers_of.get(&fact.key).copied().unwrap_or(0)
    }
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
