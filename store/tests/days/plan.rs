//! What happens in thirty days: drawn from a seed, before anything is asked of a ledger.

use std::collections::BTreeMap;

/// 24 February to 24 March 2016: the limit of 321(a)(2)(C) rose on 10 March.
pub const FIRST: i32 = 16_855;
pub const DAYS: i32 = 30;
pub const RISE: i32 = 16_870;

pub struct Random(pub u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn value_cents(&mut self) -> i64 {
        i64::try_from(100 + self.below(30_000)).expect("a small number")
    }
}

/// What is asked of the ledger. Parcels and persons are numbers.
#[derive(Clone, Debug)]
pub enum Deed {
    Claim(usize, usize, i32, i64),
    Post(usize),
    Void(usize),
    Move(usize, i32),
    Amend(usize, i64),
    Merge(usize, usize),
    Split(Vec<usize>, usize),
}

/// A parcel that was planned, as far as plans need it.
struct Planned {
    person: usize,
    day: i32,
    /// Neither released nor cancelled.
    open: bool,
    void: bool,
}

#[derive(Default)]
pub struct Plan {
    deeds: Vec<Deed>,
    parcels: Vec<Planned>,
    /// Keys that were merged, with the one they went to.
    merged: BTreeMap<usize, usize>,
}

impl Plan {
    pub fn of(parcels: usize, random: &mut Random) -> Vec<Deed> {
        let mut plan = Plan::default();
        let persons = (parcels / 60).max(4);
        for day in FIRST..FIRST + DAYS {
            let until = parcels * usize::try_from(day + 1 - FIRST).unwrap_or(0) / 30;
            while plan.parcels.len() < until {
                plan.claim(day, random.below(persons), random);
                if random.percent(70) {
                    plan.happen(day, random);
                }
            }
            for _ in 0..parcels / 3_000 {
                plan.persons(persons, random);
            }
        }
        plan.deeds
    }

    fn claim(&mut self, today: i32, person: usize, random: &mut Random) {
        // Some are told of ahead, some only after they came.
        let day = match random.below(20) {
            0 => (today - 1 - i32::try_from(random.below(3)).unwrap_or(0)).max(FIRST),
            1..=4 => today + 1,
            _ => today,
        };
        let number = self.parcels.len();
        self.deeds
            .push(Deed::Claim(number, person, day, random.value_cents()));
        self.parcels.push(Planned {
            person,
            day,
            open: true,
            void: false,
        });
    }

    /// Something happens to one of the latest parcels that still can change.
    fn happen(&mut self, today: i32, random: &mut Random) {
        let back = random.below(self.parcels.len().min(2_000));
        let number = self.parcels.len() - 1 - back;
        let parcel = &mut self.parcels[number];
        if !parcel.open {
            return;
        }
        self.deeds.push(match random.below(20) {
            0..=10 => {
                parcel.open = false;
                Deed::Post(number)
            }
            11..=13 => {
                (parcel.open, parcel.void) = (false, true);
                Deed::Void(number)
            }
            14..=16 => {
                parcel.day = today.max(parcel.day) + 1;
                Deed::Move(number, parcel.day)
            }
            _ => Deed::Amend(number, random.value_cents()),
        });
    }

    /// Two persons turn out to be one, or what was made one to be two after all.
    fn persons(&mut self, persons: usize, random: &mut Random) {
        let (from, into) = (random.below(persons), random.below(persons));
        if random.percent(60) {
            if root(&self.merged, from) != root(&self.merged, into) {
                self.deeds.push(Deed::Merge(from, into));
                let (from, into) = (root(&self.merged, from), root(&self.merged, into));
                self.merged.insert(from, into);
            }
        } else if let Some(to) = self
            .merged
            .keys()
            .nth(from % self.merged.len().max(1))
            .copied()
        {
            let own = |(_, parcel): &(usize, &Planned)| parcel.person == to && !parcel.void;
            let own = self.parcels.iter().enumerate().filter(own);
            let own: Vec<usize> = own.map(|(number, _)| number).take(50).collect();
            if !own.is_empty() {
                self.merged.remove(&to);
                self.deeds.push(Deed::Split(own, to));
            }
        }
    }
}

/// Whom a key's parcels go to, by the merges so far.
pub fn root(merged: &BTreeMap<usize, usize>, person: usize) -> usize {
    let next = merged.get(&person);
    next.map_or(person, |next| root(merged, *next))
}
