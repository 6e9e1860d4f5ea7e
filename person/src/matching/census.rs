//! How frequent names and places are in the file, and what sharing them is worth by that.
//! It must not compare records.

use super::fixed::log2_ratio;
use super::record::{Record, Word};
use std::collections::BTreeMap;

/// How frequent names and places are in the file.
pub(super) struct Census {
    /// Distinct rows.
    pub rows: u32,
}

/// What is added to a file's rows, and to each count: a file of few rows knows little of how
/// frequent a name is, and no name is as rare as a single row makes it look.
const WORLD: u32 = 256;
const UNSEEN: u32 = 2;

impl Census {
    /// Counts, and writes into each record what sharing its parts is worth.
    pub fn of(records: &mut [Record]) -> Census {
        let rows = u32::try_from(records.len()).unwrap_or(u32::MAX - WORLD);
        let mut words: BTreeMap<Box<[u8]>, u32> = BTreeMap::new();
        let mut places: [BTreeMap<Box<[u8]>, u32>; 3] = Default::default();
        let mut homes: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
        for record in &*records {
            let mut seen: Vec<&[u8]> = all_words(record).map(|word| &*word.text).collect();
            seen.sort_unstable();
            seen.dedup();
            for word in seen {
                *words.entry(word.into()).or_default() += 1;
            }
            for (place, key) in places.iter_mut().zip(place_keys(record)) {
                if !key.is_empty() {
                    *place.entry(key).or_default() += 1;
                }
            }
            if let Some(home) = home(record) {
                homes.entry(home).or_default().push(full_name(record));
            }
        }
        for names in homes.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        let rarity = |count: u32| log2_ratio(rows + WORLD, count + UNSEEN);
        for record in records {
            let count = |word: &Word| words.get(&word.text).copied().unwrap_or(0);
            let set = |word: &mut Word| {
                word.count = count(word);
                word.rarity = rarity(word.count).min(1100);
            };
            for (given, surname) in &mut record.readings {
                set(given);
                surname.iter_mut().for_each(set);
            }
            record.words.iter_mut().for_each(set);
            let keys = place_keys(record);
            let [street, city, postcode] =
                [0, 1, 2].map(|at: usize| rarity(places[at].get(&keys[at]).copied().unwrap_or(0)));
            record.street_rarity = street.min(900);
            record.city_rarity = city.min(700);
            record.postcode_rarity = postcode.min(900);
            let names = home(record).and_then(|home| homes.get(&home));
            record.residents = names.map_or(0, |names| names.len() as u32);
        }
        Census { rows }
    }
}

fn all_words(record: &Record) -> impl Iterator<Item = &Word> {
    let readings = record.readings.iter();
    let read = readings.flat_map(|(given, surname)| std::iter::once(given).chain(surname));
    read.chain(&record.words)
}

fn place_keys(record: &Record) -> [Box<[u8]>; 3] {
    let street = record.street.concat().into();
    [street, record.city.clone(), record.postcode.clone()]
}

/// The address as one key; `None` without a house number or without a place.
fn home(record: &Record) -> Option<Vec<u8>> {
    let place = if record.postcode.is_empty() {
        &record.city
    } else {
        &record.postcode
    };
    let whole = !record.house.is_empty() && !place.is_empty();
    whole.then(|| [&*record.house, &record.street.concat(), place].join(&b' '))
}

fn full_name(record: &Record) -> Vec<u8> {
    let mut words: Vec<&[u8]> = record.words.iter().map(|word| &*word.text).collect();
    words.sort_unstable();
    words.join(&b' ')
}
