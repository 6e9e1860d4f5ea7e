//! The same days kept as a clerk with a list would, who counts up all of a day for each decision.

use crate::ask::{key, limit_cents};
use crate::plan::{Deed, root};
use deminimis_store::PersonKey;
use std::collections::{BTreeMap, BTreeSet};

/// What a person's day comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub free: i64,
    pub free_cents: i64,
    pub all: i64,
    pub all_cents: i64,
}

impl Total {
    pub fn add(&mut self, sign: i64, free: bool, value_cents: i64) {
        if free {
            self.free += sign;
            self.free_cents += sign * value_cents;
        }
        self.all += sign;
        self.all_cents += sign * value_cents;
    }
}

pub type Totals = BTreeMap<(PersonKey, i32), Total>;

#[derive(Clone, Copy)]
struct Stands {
    person: usize,
    day: i32,
    value_cents: i64,
    free: bool,
    crosses: bool,
}

/// What a clerk with a list would have: every parcel as it stands, by its day.
#[derive(Default)]
pub struct Naive {
    parcels: BTreeMap<usize, Stands>,
    days: BTreeMap<(usize, i32), BTreeSet<usize>>,
    merged: BTreeMap<usize, usize>,
    pub events: usize,
    /// How many decisions a limit made.
    pub withheld: usize,
}

impl Naive {
    fn take(&mut self, number: usize) -> Option<Stands> {
        let parcel = self.parcels.remove(&number)?;
        let day = self.days.get_mut(&(parcel.person, parcel.day));
        day.expect("its day").remove(&number);
        Some(parcel)
    }

    fn put(&mut self, number: usize, parcel: Stands) {
        let day = self.days.entry((parcel.person, parcel.day)).or_default();
        day.insert(number);
        self.parcels.insert(number, parcel);
    }

    /// Counts the day up and decides again; the ledger's answer has to be the same.
    fn decide(&mut self, number: usize, person: usize, day: i32, value_cents: i64, told: &[u8]) {
        let others = self.days.get(&(person, day)).into_iter().flatten();
        let others: Vec<Stands> = others.map(|other| self.parcels[other]).collect();
        let counted = others.iter().filter(|other| other.free);
        let counted: i64 = counted.map(|other| other.value_cents).sum();
        let crossed = others.iter().any(|other| other.crosses);
        let free = !crossed && counted + value_cents <= limit_cents(day);
        let crosses = !free && value_cents <= limit_cents(day);
        assert_eq!(told, [u8::from(free), u8::from(crosses)], "parcel {number}");
        self.withheld += usize::from(!free);
        let parcel = Stands {
            person,
            day,
            value_cents,
            free,
            crosses,
        };
        self.put(number, parcel);
    }

    pub fn happened(&mut self, deed: &Deed, answer: &[u8]) {
        match deed {
            Deed::Claim(number, person, day, value_cents) => {
                let person = root(&self.merged, *person);
                self.decide(*number, person, *day, *value_cents, answer);
            }
            Deed::Post(_) => {}
            Deed::Void(number) => {
                self.take(*number).expect("it was claimed");
            }
            Deed::Move(number, day) => {
                let was = self.take(*number).expect("it was claimed");
                self.decide(*number, was.person, *day, was.value_cents, answer);
            }
            Deed::Amend(number, value_cents) => {
                let was = self.take(*number).expect("it was claimed");
                self.decide(*number, was.person, was.day, *value_cents, answer);
            }
            Deed::Merge(from, into) => {
                let (from, into) = (root(&self.merged, *from), root(&self.merged, *into));
                let theirs = self.parcels.iter().filter(|(_, one)| one.person == from);
                let theirs: Vec<usize> = theirs.map(|(number, _)| *number).collect();
                theirs
                    .into_iter()
                    .for_each(|number| self.hand(number, into));
                self.merged.insert(from, into);
            }
            Deed::Split(parcels, to) => {
                parcels.iter().for_each(|number| self.hand(*number, *to));
                self.merged.remove(to);
            }
        }
        self.events += 1;
    }

    fn hand(&mut self, number: usize, person: usize) {
        let was = self.take(number).expect("it is there");
        self.put(number, Stands { person, ..was });
    }

    pub fn totals(&self) -> Totals {
        let mut totals = Totals::new();
        for parcel in self.parcels.values() {
            let total = totals.entry((key(parcel.person), parcel.day)).or_default();
            total.add(1, parcel.free, parcel.value_cents);
        }
        totals
    }
}
