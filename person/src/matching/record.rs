//! A row taken apart: the words of its name, the parts of its address. Rows that differ in nothing
//! but how they are written give equal records.

mod street;

use super::Row;
use super::names::groups;
use super::text::{pairs_of_letters, sound};
use crate::normalise::{normalise_city, normalise_name};
use crate::place::{normalise_country, normalise_postcode, normalise_state};
use crate::words::{LEGAL, find};
use any_ascii::any_ascii_char;

/// Why a row cannot be compared. The sender must give more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Neither a name nor a street, or blanks and signs alone.
    #[error("a name, or a street with a city or postal_code, is needed to tell who the person is")]
    NoNameNoAddress,
    /// A street without a name stands in many cities.
    #[error("a street without a name needs a city or postal_code to tell who the person is")]
    NoPlace,
}

/// A word of a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub text: Box<[u8]>,
    pub sound: u32,
    pub groups: [u8; 4],
    /// Made of several words: a slip may have put spaces within one.
    pub joined: bool,
    /// How much more often two rows of one person share it than two of any: set by the census.
    pub rarity: i32,
    /// In how many distinct rows it stands: set by the census.
    pub count: u32,
}

impl Word {
    fn of(text: &[u8]) -> Word {
        Word {
            text: text.into(),
            sound: sound(text),
            groups: groups(text),
            joined: false,
            rarity: 0,
            count: 0,
        }
    }

    /// A single letter, which may stand for a name.
    pub fn is_initial(&self) -> bool {
        self.text.len() == 1
    }
}

/// What a company's name ends with, or a son's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Suffix(pub Option<&'static str>);

/// A row taken apart. Empty parts were absent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    /// The ways to read the name as a given name and a surname. One word alone has no surname.
    pub readings: Vec<(Word, Option<Word>)>,
    /// Its words, without suffixes.
    pub words: Vec<Word>,
    /// The initials beside the words that are read; sorted, each once.
    pub initials: Vec<u8>,
    /// `JR`, `SR`, `II`, `III`, `IV`.
    pub generation: Suffix,
    /// `LLC`, `INC` …
    pub legal: Suffix,
    /// The name as written in another script; empty for Latin.
    pub native: Box<str>,
    pub name_pairs: Box<[u16]>,
    pub house: Box<[u8]>,
    pub unit: Box<[u8]>,
    pub street: Vec<Box<[u8]>>,
    /// The same without spaces, and its pairs of letters.
    pub street_text: Box<[u8]>,
    pub street_pairs: Box<[u16]>,
    /// The numbers in its name, as in `42ND` or `HWY 90`; sorted.
    pub street_numbers: Vec<Box<[u8]>>,
    /// `ST`, `AVE` …; `N`, `SW` ….
    pub kinds: Vec<&'static str>,
    pub directions: Vec<&'static str>,
    pub city: Box<[u8]>,
    pub city_pairs: Box<[u16]>,
    pub state: Box<[u8]>,
    pub postcode: Box<[u8]>,
    pub country: Box<[u8]>,
    pub email: Box<str>,
    pub phone: Box<[u8]>,
    /// What sharing the street, the city, the postal code is worth: set by the census.
    pub street_rarity: i32,
    pub city_rarity: i32,
    pub postcode_rarity: i32,
    /// How many names the file has at this address: set by the census.
    pub residents: u32,
}

/// What tells a father from a son, with its form.
const GENERATIONS: [(&str, &str); 7] = [
    ("JR", "JR"),
    ("JUNIOR", "JR"),
    ("SR", "SR"),
    ("SENIOR", "SR"),
    ("II", "II"),
    ("III", "III"),
    ("IV", "IV"),
];

fn generation(word: &[u8]) -> Option<&'static str> {
    let found = GENERATIONS.iter().find(|(one, _)| one.as_bytes() == word);
    found.map(|(_, form)| *form)
}

/// Latin capitals and digits with spaces: what a step of normalisation leaves, transliterated.
fn latin(normalise: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    normalise(&mut out);
    if out.is_ascii() {
        return out;
    }
    let mut text = String::new();
    for character in str::from_utf8(&out).unwrap_or_default().chars() {
        // Chinese characters and Korean syllables are a word each: names are written without
        // spaces in them, and with spaces in Latin.
        if matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
            text.push(' ');
        }
        text.push_str(any_ascii_char(character));
    }
    let kept = |byte: u8| match byte.to_ascii_uppercase() {
        byte if byte.is_ascii_alphanumeric() => Some(byte),
        b'\'' => None,
        _ => Some(b' '),
    };
    text.bytes().filter_map(kept).collect()
}

fn split(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
}

fn squeezed(text: &[u8]) -> Box<[u8]> {
    text.iter().copied().filter(|byte| *byte != b' ').collect()
}

/// Where an in-care-of line begins among words, and how many words say so.
fn care_of(words: &[&[u8]]) -> Option<(usize, usize)> {
    let at = |index: usize| match (words.get(index), words.get(index + 1)) {
        (Some(&b"C"), Some(&b"O")) | (Some(&b"CARE"), Some(&b"OF")) => Some((index, 2)),
        (Some(&(b"ATTN" | b"ATTENTION")), _) => Some((index, 1)),
        _ => None,
    };
    (0..words.len()).find_map(at)
}

impl Record {
    pub fn of(row: &Row<'_>) -> Record {
        let country = latin(|out| normalise_country(row.country, out));
        let known = (!row.country.trim().is_empty()).then_some(row.country);
        let city = squeezed(&latin(|out| normalise_city(row.city, out)));
        let email = row.email.trim().to_lowercase();
        let mut record = Record {
            readings: Vec::new(),
            words: Vec::new(),
            initials: Vec::new(),
            generation: Suffix(None),
            legal: Suffix(None),
            native: Box::default(),
            name_pairs: Box::default(),
            house: Box::default(),
            unit: Box::default(),
            street: Vec::new(),
            street_text: Box::default(),
            street_pairs: Box::default(),
            street_numbers: Vec::new(),
            kinds: Vec::new(),
            directions: Vec::new(),
            city_pairs: pairs_of_letters(&city),
            city,
            state: squeezed(&latin(|out| normalise_state(row.state, out))),
            postcode: squeezed(&latin(|out| {
                normalise_postcode(row.postal_code, known, out)
            })),
            country: squeezed(&country),
            email: if email.contains('@') {
                email.into()
            } else {
                Box::default()
            },
            phone: phone(row.phone),
            street_rarity: 0,
            city_rarity: 0,
            postcode_rarity: 0,
            residents: 0,
        };
        record.read_name(row.name);
        record.read_street(row.street);
        record
    }

    pub fn check(&self) -> Result<(), RowError> {
        let street = !self.street.is_empty() || !self.house.is_empty();
        match (self.words.is_empty(), street) {
            (false, _) => Ok(()),
            (true, false) => Err(RowError::NoNameNoAddress),
            (true, true) if self.city.is_empty() && self.postcode.is_empty() => {
                Err(RowError::NoPlace)
            }
            (true, true) => Ok(()),
        }
    }

    fn read_name(&mut self, name: &str) {
        // `Lopez, Ana` is Ana Lopez; `Ana Lopez, Jr.` and `Acme, Inc.` are not turned.
        let turned = name.split_once(',').and_then(|(last, first)| {
            let mut after = Vec::new();
            normalise_name(first, &mut after);
            let is_suffix = split(&after).all(is_suffix);
            (!is_suffix && !first.contains(',')).then(|| format!("{first} {last}"))
        });
        let name = turned.as_deref().unwrap_or(name);
        if !name.is_ascii() {
            let mut written = Vec::new();
            normalise_name(name, &mut written);
            let written = String::from_utf8(written).unwrap_or_default();
            self.native = if written.is_ascii() {
                Default::default()
            } else {
                written
            }
            .into();
        }
        let text = latin(|out| normalise_name(name, out));
        let mut words: Vec<&[u8]> = split(&text).collect();
        match care_of(&words) {
            // `Ana Lopez c/o Bo Kim` is Ana Lopez.
            Some((at, _)) if at > 0 => words.truncate(at),
            Some((at, length)) => {
                words.drain(at..at + length);
            }
            None => {}
        }
        while words.len() > 1
            && let Some(entry) = find(&LEGAL, words[words.len() - 1])
        {
            self.legal = Suffix(Some(self.legal.0.unwrap_or(entry.form)));
            words.pop();
        }
        // Behind the name, or, once `Lopez, Ana Jr.` is turned, within it.
        let behind = words
            .iter()
            .skip(1)
            .position(|word| generation(word).is_some());
        if let Some(at) = behind {
            self.generation = Suffix(generation(words.remove(at + 1)));
        }
        // A title says nothing of who it is among full names.
        if words.len() > 2 && matches!(words[0], b"MR" | b"MRS" | b"MS" | b"MISS" | b"DR") {
            words.remove(0);
        }
        self.words = words.iter().map(|word| Word::of(word)).collect();
        self.name_pairs = pairs_of_letters(&words.concat());
        self.read_as(&words);
    }

    /// Finds given name and surname among the words. Which of several is the surname differs by
    /// language, and a slip may have put a space within one.
    fn read_as(&mut self, words: &[&[u8]]) {
        let long: Vec<&[u8]> = words
            .iter()
            .copied()
            .filter(|word| word.len() > 1)
            .collect();
        let parts = if long.len() >= 2 { &long } else { words };
        if long.len() >= 2 {
            let initials = words.iter().filter(|word| word.len() == 1);
            self.initials = initials.map(|word| word[0]).collect();
            self.initials.sort_unstable();
            self.initials.dedup();
        }
        let readings = match parts {
            [] => Vec::new(),
            [only] => vec![(Word::of(only), None)],
            [first, last] => vec![(Word::of(first), Some(Word::of(last)))],
            [first, middle @ .., last] => {
                let joined = |words: &[&[u8]]| Word {
                    joined: true,
                    ..Word::of(&words.concat())
                };
                let mut readings = vec![
                    (Word::of(first), Some(Word::of(last))),
                    (Word::of(first), Some(joined(&parts[1..]))),
                    (joined(&parts[..parts.len() - 1]), Some(Word::of(last))),
                ];
                for word in middle.iter().take(2) {
                    readings.push((Word::of(first), Some(Word::of(word))));
                }
                readings
            }
        };
        self.readings = readings;
    }
}

fn is_suffix(word: &[u8]) -> bool {
    find(&LEGAL, word).is_some() || generation(word).is_some()
}

/// The last ten digits, which leave out the code of a country; shorter ones say too little.
fn phone(text: &str) -> Box<[u8]> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    match digits.len() {
        0..7 => Box::default(),
        length => digits[length.saturating_sub(10)..].into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, street: &str) -> Record {
        let row = Row {
            name,
            street,
            postal_code: "78701",
            country: "US",
            ..Row::default()
        };
        Record::of(&row)
    }

    #[test]
    fn one_form() {
        for (a, b) in [
            (
                ("Ana Lopez", "12 Oak Street #4"),
                ("LOPEZ, ANA", "12 oak st apt 04"),
            ),
            (
                ("Ana Lopez c/o Bo Kim", "12 Oak St"),
                ("Ms. Ana López", "c/o Bo Kim, 12 Oak St."),
            ),
            (
                ("Acme, Inc.", "PO Box 7"),
                ("ACME INCORPORATED", "P.O. Box #7"),
            ),
            (
                ("Ana Lopez, Jr.", "12 Oak St 4 B"),
                ("Ana Lopez JR", "12 Oak Street 4 B"),
            ),
            (("c/o Ana Lopez", ""), ("Ana Lopez", " ")),
            (("Lopez, Ana Jr", ""), ("Ana Lopez, Jr.", "")),
        ] {
            assert!(record(a.0, a.1) == record(b.0, b.1), "{a:?} {b:?}");
        }
    }

    #[test]
    fn parts() {
        let one = record("Ana M Lopez Jr", "12 North 42nd Street Apt 4 B");
        assert_eq!((&*one.house, &*one.unit), (&b"12"[..], &b"4B"[..]));
        assert_eq!(one.street, [Box::from(&b"42ND"[..])]);
        assert_eq!((one.kinds, one.directions), (vec!["ST"], vec!["N"]));
        assert_eq!((one.generation.0, one.legal.0), (Some("JR"), None));
        assert_eq!(one.initials, b"M");
        assert_eq!(record("Acme Co LLC", "").legal.0, Some("LLC"));
        let german = record("Jörg Groß", "Goethestraße 12");
        assert_eq!(
            (&*german.house, german.words[1].text.as_ref()),
            (&b"12"[..], &b"GROSS"[..])
        );
        let chinese = record("王伟", "");
        assert!(!chinese.words.is_empty() && chinese.native.contains('王'));
    }

    #[test]
    fn too_little_is_refused() {
        let row = |name, street, city| {
            Row {
                name,
                street,
                city,
                ..Row::default()
            }
            .check()
        };
        assert_eq!(row("", "", "Austin"), Err(RowError::NoNameNoAddress));
        assert_eq!(row(" . ", "?!", "Austin"), Err(RowError::NoNameNoAddress));
        assert_eq!(row("", "12 Oak St", ""), Err(RowError::NoPlace));
        assert_eq!(row("", "12 Oak St", "Austin"), Ok(()));
        assert_eq!(row("Ana", "", ""), Ok(()));
    }
}
