//! What agreement weighs. Weights are hundredths of the logarithm of the odds, base 2: how much
//! more often two rows of one person agree so than two rows of others.
//! It must not depend on the order of two records.

use super::census::Census;
use super::compare::{Level, Names, Places, names, places};
use super::fixed::log2;
use super::habits::{Habits, Tally};
use super::record::Record;
use super::{SAME, UNCERTAIN};

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
const SHARED_BUILDING: u32 = 8;

/// Scores pairs of records of one file.
pub(super) struct Judge<'a> {
    records: &'a [Record],
    prior: i32,
    habits: Habits,
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
        let names = &compared.names;
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
        let reached = [compared.places.email, compared.places.phone];
        let contact = reached
            .iter()
            .filter(|level| **level == Level::Same)
            .count() as i32
            * 200;
        let initials = match initials_differ(a, b) {
            true => -400,
            false => 0,
        };
        score + contact + initials
    }

    /// What is for someone to decide, however much agrees.
    fn is_held_back(&self, compared: &Compared, a: &Record, b: &Record) -> bool {
        let places = &compared.places;
        // A father without his suffix, or the son.
        let one_generation = a.generation != b.generation;
        let other_company = conflict(a.legal.0, b.legal.0);
        // Names of other scripts that are read alike but written otherwise.
        let other_writing = !a.native.is_empty() && !b.native.is_empty() && a.native != b.native;
        let no_name = a.words.is_empty() || b.words.is_empty();
        let reached = places.email == Level::Same || places.phone == Level::Same;
        let other_house =
            places.house == Level::Different && !reached && !self.habits.names_are_replaced();
        one_generation
            || other_company
            || (other_writing && compared.names.given == Level::Same)
            || no_name
            || other_house
            || places.unit == Level::Different
    }

    /// Whether two records cannot be one person, though others may link them.
    pub fn contradicts(&self, a: u32, b: u32) -> bool {
        let compared = self.compared(a, b);
        let (a, b) = (self.record(a), self.record(b));
        if conflict(a.generation.0, b.generation.0) || conflict(a.legal.0, b.legal.0) {
            return true;
        }
        let names = &compared.names;
        let other_person = names.given.differs() || names.surname.differs();
        !self.habits.names_are_replaced()
            && other_person
            && self.household(&compared, a, b) < UNCERTAIN
    }
}

/// Both are given and they differ.
fn conflict(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_some() && b.is_some() && a != b
}

fn initials_differ(a: &Record, b: &Record) -> bool {
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
