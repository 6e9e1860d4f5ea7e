//! Which rows are compared: those that share a key. A key is two parts of a row that an error in
//! one other part leaves alone, so that rows of one person meet although something differs.
//! It must not judge.

use super::record::Record;
use super::text::{Hashed, sound};

/// A block up to this size is compared whole; in a larger one each row meets its neighbours in the
/// order of records, which is that of names.
const WHOLE: usize = 48;
/// How many neighbours.
const NEIGHBOURS: usize = 8;

/// The pairs of records to compare, each once, the lesser index first, sorted.
pub(super) fn candidates(records: &[Record]) -> Vec<(u32, u32)> {
    let mut keys: Vec<(u64, u32)> = Vec::new();
    let mut own = Vec::new();
    for (record, at) in records.iter().zip(0_u32..) {
        own.clear();
        keys_of(record, &mut own);
        own.sort_unstable();
        own.dedup();
        keys.extend(own.iter().map(|key| (*key, at)));
    }
    keys.sort_unstable();
    let mut pairs = Vec::new();
    for block in keys.chunk_by(|a, b| a.0 == b.0) {
        let reach = if block.len() <= WHOLE {
            block.len()
        } else {
            NEIGHBOURS
        };
        for (at, (_, a)) in block.iter().enumerate() {
            let others = block[at + 1..].iter().take(reach);
            pairs.extend(others.map(|(_, b)| (*a, *b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn keys_of(record: &Record, keys: &mut Vec<u64>) {
    let mut sounds: Vec<u32> = Vec::new();
    for word in record
        .words
        .iter()
        .filter(|word| !word.is_initial())
        .take(4)
    {
        if !sounds.contains(&word.sound) {
            sounds.push(word.sound);
        }
    }
    sounds.sort_unstable();
    let streets: Vec<u32> = record
        .street
        .iter()
        .filter(|word| word.len() > 2)
        .map(|word| sound(word))
        .take(3)
        .collect();
    let mut key = |tag: u8, a: &[u8], b: &[u8]| {
        if !a.is_empty() && !b.is_empty() {
            keys.push(Hashed::new(tag).with(a).with(b).0);
        }
    };
    let city = &record.city[..record.city.len().min(4)];
    key(1, &record.postcode, &record.house);
    for street in &streets {
        let street = &street.to_le_bytes();
        key(2, street, &record.house);
        key(3, street, &record.postcode);
    }
    for (at, word) in sounds.iter().enumerate() {
        let word = &word.to_le_bytes();
        key(4, word, &record.postcode);
        key(5, word, &record.house);
        key(6, word, city);
        for street in &streets {
            key(7, word, &street.to_le_bytes());
        }
        for other in &sounds[at + 1..] {
            key(8, word, &other.to_le_bytes());
        }
    }
    // One word alone, or no place to speak of: the name itself.
    if record.words.len() == 1 || (record.city.is_empty() && record.postcode.is_empty()) {
        let name: Vec<u8> = sounds
            .iter()
            .flat_map(|sound| sound.to_le_bytes())
            .collect();
        key(9, &name, b"name");
    }
    key(10, record.email.as_bytes(), b"email");
    key(11, &record.phone, b"phone");
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::*;

    /// What is compared grows as the file does, however much its rows share: here a building whose
    /// residents have one surname, so that every row stands in many blocks of all rows.
    #[test]
    fn compared_pairs_grow_with_the_rows_and_not_with_their_square() {
        let pairs = |count: usize| {
            let names: Vec<String> = (0..count)
                .map(|at| format!("Ana Maria {at:05}x Lopez"))
                .collect();
            let records: Vec<Record> = names
                .iter()
                .map(|name| {
                    Record::of(&Row {
                        name,
                        street: "12 Old Willow Creek Rd",
                        city: "Austin",
                        postal_code: "78701",
                        ..Row::default()
                    })
                })
                .collect();
            candidates(&records).len()
        };
        let (small, large) = (pairs(1000), pairs(10_000));
        assert!(small > 1000 * NEIGHBOURS / 2, "{small}");
        assert!(large < small * 20, "{small} {large}");
        // Neighbours in each of the keys that a row can have.
        assert!(large < 10_000 * 48 * NEIGHBOURS, "{large}");
    }
}
