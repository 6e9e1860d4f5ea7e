//! What agreement weighs. Weights are hundredths of the logarithm of the odds, base 2: how much
//! more often two rows of one person agree so than two rows of others.
//! It must not depend on the order of two records.

use super::census::Census;
use super::compare::{Level, Names, Places, house, names, places};
use super::fixed::log2;
use super::habits::{Habits, Tally};
use super::record::Record;
use super::{SAME, UNCERTAIN};
use std::collections::BTreeMap;

/// Before anything is known: two rows of any file are hardly ever one person.
const PRIOR: i32 = 1400;
/// From here on two rows give one address.
const ONE_ADDRESS: i32 = 1400;
/// As sure as a pair that is the same can be.
const MOST: i32 = 2000;
/// What keeps a pair from being the same, whatever else agrees.
const AT_MOST_UNCERTAIN: i32 = SAME - 50;
/// Two persons for certain.
const NEVER: i32 = -1200;
/// From so many names at one address on, those who live there have nothing in common.
pub(super) const SHARED_BUILDING: u32 = 8;

/// Scores pairs of records of one file.
pub(super) struct Judge<'a> {
    records: &'a [Record],
    prior: i32,
    habits: Habits,
}

/// Records by how they look to [`Judge::apart`], with their house numbers: for each the first record
/// that looks the same.
pub(super) fn faces(records: &[Record]) -> Vec<u32> {
    let mut known = BTreeMap::new();
    let mut faces = Vec::with_capacity(records.len());
    for (record, at) in records.iter().zip(0..) {
        let Record {
            words,
            initials,
            generation,
            legal,
            native,
            unit,
            house,
            ..
        } = record;
        let look = (words, initials, generation, legal, native, unit, house);
        faces.push(*known.entry(look).or_insert(at));
    }
    faces
}

/// How a pair agrees.
pub(super) struct Compared {
    pub names: Names,
    pub places: Places,
    /// What the address alone weighs.
    pub address: i32,
}

impl<'a> Judge<'a> {
    pub fn new(records: &'a [Record], census: Census) -> Judge<'a> {
        Judge {
            records,
            prior: PRIOR.max(log2(census.rows) + 200),
            habits: Habits::default(),
        }
    }

    /// Learns the file's habits from pairs of one address.
    pub fn learn(&mut self, candidates: &[(u32, u32)]) {
        let mut tally = Tally::default();
        for (a, b) in candidates {
            let (a, b) = (self.record(*a), self.record(*b));
            if a.residents.max(b.residents) >= SHARED_BUILDING {
                continue;
            }
            let places = places(a, b);
            if address(a, b, &places) >= ONE_ADDRESS && places.unit != Level::Different {
                tally.count(&names(a, b, weight_of_names));
            }
        }
        self.habits = Habits::of(&tally);
    }

    pub fn habits(&self) -> Habits {
        self.habits
    }

    pub fn record(&self, at: u32) -> &'a Record {
        &self.records[at as usize]
    }

    /// How a pair agrees; always the lesser record first.
    pub fn compared(&self, a: u32, b: u32) -> Compared {
        let (a, b) = (self.record(a.min(b)), self.record(a.max(b)));
        let places = places(a, b);
        Compared {
            names: names(a, b, weight_of_names),
            places,
            address: address(a, b, &places),
        }
    }

    /// The score of a pair.
    pub fn score(&self, a: u32, b: u32) -> i32 {
        let compared = self.compared(a, b);
        let (a, b) = (self.record(a), self.record(b));
        if conflict(a.generation.0, b.generation.0) {
            return NEVER;
        }
        let score = self
            .strangers(&compared)
            .min(self.household(&compared, a, b));
        let score = score.min(residents(&compared, a, b));
        if self.is_held_back(&compared, a, b) {
            return score.min(AT_MOST_UNCERTAIN);
        }
        score
    }

    /// Against two persons who have nothing to do with each other.
    fn strangers(&self, compared: &Compared) -> i32 {
        let reached = |level| match level {
            Level::Same => 1000,
            Level::Different => -50,
            _ => 0,
        };
        let contact = reached(compared.places.email) + reached(compared.places.phone);
        let names = weight_of_names(&compared.names);
        (names + compared.address + contact - self.prior).min(MOST)
    }

    /// Against two members of one household, whose address says nothing.
    fn household(&self, compared: &Compared, a: &Record, b: &Record) -> i32 {
        let reached = [compared.places.email, compared.places.phone];
        let contact = reached.iter().filter(|level| **level == Level::Same);
        self.in_one_house(&compared.names, a, b) + contact.count() as i32 * 200
    }

    /// What the names alone weigh against two members of one household.
    fn in_one_house(&self, names: &Names, a: &Record, b: &Record) -> i32 {
        let habits = &self.habits;
        let given = match names.given {
            Level::Same => 800,
            Level::Familiar => 650,
            Level::Near(_) if names.length < 5 => 450,
            Level::Near(1) => 700,
            Level::Near(_) => 600,
            Level::Sound => 600,
            _ => 0,
        };
        let score = match (names.given, names.surname) {
            (Level::Missing, Level::Missing) => -100,
            (given_level, surname) if given_level.agrees() && surname.agrees() => {
                given.max(habits.given_replaced)
            }
            (Level::Missing, surname) if surname.agrees() => habits.part_missing,
            (given_level, Level::Missing) if given_level.agrees() => habits.part_missing.max(300),
            (Level::Initial, surname) if surname.agrees() => habits.given_replaced.max(150),
            (Level::Alike, surname) if surname.agrees() => habits.given_replaced.max(-150),
            (Level::Different, surname) if surname.agrees() => habits.given_replaced,
            (given_level, _) if given_level.agrees() => habits.surname_replaced,
            _ => NEVER,
        };
        match initials_differ(a, b) {
            true => score - 400,
            false => score,
        }
    }

    /// What is for someone to decide, however much agrees.
    fn is_held_back(&self, compared: &Compared, a: &Record, b: &Record) -> bool {
        let places = &compared.places;
        let no_name = a.words.is_empty() || b.words.is_empty();
        let reached = places.email == Level::Same || places.phone == Level::Same;
        let other_house = places.house == Level::Different && !reached && self.houses_tell();
        other_in_writing(&compared.names, a, b)
            || no_name
            || other_house
            || places.unit == Level::Different
    }

    /// Whether another house number tells persons apart: not in a register whose rows are wrong in
    /// any part.
    pub fn houses_tell(&self) -> bool {
        !self.habits.names_are_replaced()
    }

    /// Whether two records differ in something that keeps them from being surely one person, so
    /// that no third may make them one. What one of them lacks keeps nothing apart.
    pub fn apart(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.record(a.min(b)), self.record(a.max(b)));
        let names = names(a, b, weight_of_names);
        other_in_writing(&names, a, b)
            || (!a.unit.is_empty() && !b.unit.is_empty() && a.unit != b.unit)
            || (self.others_by_name(&names, a, b) && self.in_one_house(&names, a, b) < SAME)
    }

    /// Whether two records are two persons by what they say, and not for want of anything: a pair
    /// that is not even uncertain.
    pub fn contradict(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.record(a.min(b)), self.record(a.max(b)));
        let names = names(a, b, weight_of_names);
        conflict(a.generation.0, b.generation.0)
            || (self.others_by_name(&names, a, b) && self.in_one_house(&names, a, b) < UNCERTAIN)
    }

    /// Whether two records share an e-mail address or a telephone number.
    pub fn reached(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.record(a), self.record(b));
        let email = !a.email.is_empty() && a.email == b.email;
        email || (!a.phone.is_empty() && a.phone == b.phone)
    }

    /// Whether two records give one house number, or one with a slip.
    pub fn one_house(&self, a: u32, b: u32) -> bool {
        matches!(
            house(self.record(a), self.record(b)),
            Level::Same | Level::Near(_)
        )
    }

    /// Whether names differ in what both have, where that is no sign of a register's errors.
    fn others_by_name(&self, names: &Names, a: &Record, b: &Record) -> bool {
        let differ = names.given.differs() || names.surname.differs() || initials_differ(a, b);
        differ && !self.habits.names_are_replaced()
    }
}

/// A father without his suffix, or the son; companies of two legal forms; names of other scripts
/// that are read alike but written otherwise.
fn other_in_writing(names: &Names, a: &Record, b: &Record) -> bool {
    let written = !a.native.is_empty() && !b.native.is_empty() && a.native != b.native;
    a.generation != b.generation
        || conflict(a.legal.0, b.legal.0)
        || (written && names.given == Level::Same)
}

/// Both are given and they differ.
fn conflict(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_some() && b.is_some() && a != b
}

/// Both have initials beside the names that are read, and none in common.
pub(super) fn initials_differ(a: &Record, b: &Record) -> bool {
    let (a, b) = (&a.initials, &b.initials);
    !a.is_empty() && !b.is_empty() && !a.iter().any(|one| b.contains(one))
}

/// Against two who live in a building, or order through a warehouse, that many names share.
fn residents(compared: &Compared, a: &Record, b: &Record) -> i32 {
    match a.residents.max(b.residents) {
        0..SHARED_BUILDING => MOST,
        count => weight_of_names(&compared.names) - log2(count),
    }
}

/// What names weigh against strangers.
pub(super) fn weight_of_names(names: &Names) -> i32 {
    let part = |level, rarity: i32| match level {
        Level::Same => rarity,
        Level::Familiar => (rarity - 200).max(100),
        Level::Near(apart) => (rarity - 150 * i32::from(apart)).max(100),
        Level::Sound => (rarity - 300).max(50),
        Level::Initial => 250,
        Level::Missing => 0,
        Level::Alike => -50,
        Level::Different => -400,
    };
    let swapped = match names.swapped {
        true => -100,
        false => 0,
    };
    part(names.given, names.given_rarity) + part(names.surname, names.surname_rarity) + swapped
}

/// What an address weighs against strangers.
fn address(a: &Record, b: &Record, places: &Places) -> i32 {
    let postcode_rarity = a.postcode_rarity.min(b.postcode_rarity);
    let postcode = match places.postcode {
        Level::Same => postcode_rarity,
        Level::Near(_) => postcode_rarity - 350,
        Level::Different => -400,
        _ => 0,
    };
    let house = match places.house {
        Level::Same => 600,
        Level::Different => -400,
        _ => 0,
    };
    let unit = match places.unit {
        Level::Same => 300,
        Level::Different => -800,
        _ => 0,
    };
    let city_rarity = a.city_rarity.min(b.city_rarity);
    let city = match (places.city, places.postcode) {
        // The postal code has said it already.
        (Level::Same | Level::Near(_), Level::Same) => 100,
        (Level::Same, _) => city_rarity.min(500),
        (Level::Near(_), _) => city_rarity.min(500) - 100,
        (Level::Different, _) => -300,
        _ => 0,
    };
    let state = match places.state {
        Level::Same => 30,
        Level::Different => -150,
        _ => 0,
    };
    let country = match places.country {
        Level::Different => -800,
        _ => 0,
    };
    postcode + house + unit + city + state + country + street(a, b, places)
}

fn street(a: &Record, b: &Record, places: &Places) -> i32 {
    let rarity = a.street_rarity.min(b.street_rarity);
    let name = match places.street {
        None => 0,
        Some(1000) => rarity,
        Some(800..) => rarity - 100,
        Some(600..) => rarity - 250,
        Some(450..) => 200,
        Some(300..) => -100,
        Some(_) => -400,
    };
    let other = [places.kind_differs, places.direction_differs];
    name - 250 * other.iter().filter(|differs| **differs).count() as i32
}
