//! How two records agree, part by part: levels, no weights and no judgement.

use super::names::meet;
use super::record::{Record, Word};
use super::text::{edits, shared};

/// How two words of a name, or two parts of an address, agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Same,
    /// Short forms of one name: `Bill` and `William`.
    Familiar,
    /// So many slips apart, and no two names that are both in use.
    Near(u8),
    /// Spelled differently, and sounding alike.
    Sound,
    /// One is the other's first letter.
    Initial,
    /// Alike, but as two names are: `Mario` and `Maria`.
    Alike,
    Different,
    /// At least one is absent.
    Missing,
}

impl Level {
    /// Whether it speaks for one name.
    pub fn agrees(self) -> bool {
        matches!(
            self,
            Level::Same | Level::Familiar | Level::Near(_) | Level::Sound
        )
    }

    pub fn differs(self) -> bool {
        matches!(self, Level::Alike | Level::Different)
    }
}

/// From so many distinct rows on a word of a name is in use, and not a slip of the pen.
const IN_USE: u32 = 3;

/// Further apart, words that sound alike by their consonants are two: `Patricia`, `Beatriz`.
const MOST_BY_SOUND: usize = 3;

/// How many edits a word of this length may be a slip away from another.
fn slips(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..7 => 1,
        7..11 => 2,
        _ => 3,
    }
}

/// Compares two words of names.
pub(super) fn words(a: &Word, b: &Word) -> Level {
    if a.text == b.text {
        return Level::Same;
    }
    if a.is_initial() || b.is_initial() {
        let one = a.text.first() == b.text.first();
        return if one {
            Level::Initial
        } else {
            Level::Different
        };
    }
    if meet(a.groups, b.groups) {
        return Level::Familiar;
    }
    if a.joined || b.joined {
        // What the words were is not known: a longer text leaves no more room for slips.
        let near = a.joined != b.joined && edits(&a.text, &b.text, 1) == 1;
        let near = near && !ends_otherwise(&a.text, &b.text);
        return if near {
            Level::Near(1)
        } else {
            Level::Different
        };
    }
    let shortest = a.text.len().min(b.text.len());
    let most = slips(shortest);
    let apart = edits(&a.text, &b.text, MOST_BY_SOUND);
    let in_use = a.count >= IN_USE && b.count >= IN_USE;
    let as_sounds =
        a.sound == b.sound && a.sound >= 0x100 && shortest >= 4 && apart <= MOST_BY_SOUND;
    if apart <= most.max(1) {
        return match () {
            () if apart > most || (in_use && !as_sounds) => Level::Alike,
            () if ends_otherwise(&a.text, &b.text) => Level::Alike,
            () => Level::Near(apart as u8),
        };
    }
    if as_sounds && !ends_otherwise(&a.text, &b.text) {
        return Level::Sound;
    }
    Level::Different
}

/// Whether two words differ in a vowel at the end alone, as a man's name and a woman's do.
fn ends_otherwise(a: &[u8], b: &[u8]) -> bool {
    let vowel = |byte: &u8| matches!(byte, b'A' | b'E' | b'I' | b'O' | b'U' | b'Y');
    let stem = |word: &[u8]| match word.split_last() {
        Some((last, stem)) if vowel(last) => stem.len(),
        _ => word.len(),
    };
    a[..stem(a)] == b[..stem(b)]
}

/// How two names agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub given: Level,
    pub surname: Level,
    /// The given name of one is the surname of the other.
    pub swapped: bool,
    /// Letters of the shorter of the two given names.
    pub length: usize,
    /// The lesser rarity of each pair of words.
    pub given_rarity: i32,
    pub surname_rarity: i32,
}

/// One way to put two names beside each other; `None` for a part that is absent.
fn pair(given: [Option<&Word>; 2], surname: [Option<&Word>; 2], swapped: bool) -> Names {
    let level = |[a, b]: [Option<&Word>; 2]| match (a, b) {
        (Some(a), Some(b)) => (words(a, b), a.rarity.min(b.rarity)),
        _ => (Level::Missing, 0),
    };
    let ((given_level, given_rarity), (surname, surname_rarity)) = (level(given), level(surname));
    let length = given.iter().flatten().map(|word| word.text.len()).min();
    Names {
        given: given_level,
        surname,
        swapped,
        length: length.unwrap_or(0),
        given_rarity,
        surname_rarity,
    }
}

/// Compares two names in each way in which they can be read; the one that `weigh` values most.
pub(super) fn names(a: &Record, b: &Record, weigh: impl Fn(&Names) -> i32) -> Names {
    let mut best: Option<(i32, Names)> = None;
    let mut take = |names: Names| {
        let weight = weigh(&names);
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, names));
        }
    };
    for (given_a, surname_a) in &a.readings {
        for (given_b, surname_b) in &b.readings {
            let (x, y) = (Some(given_a), Some(given_b));
            let (p, q) = (surname_a.as_ref(), surname_b.as_ref());
            take(pair([x, y], [p, q], false));
            // A name alone may be the surname.
            match (p, q) {
                (Some(_), Some(_)) => take(pair([x, q], [p, y], true)),
                (None, Some(_)) => take(pair([None, y], [x, q], false)),
                (Some(_), None) => take(pair([x, None], [p, y], false)),
                (None, None) => {}
            }
        }
    }
    if let Some(names) = written_together(a, b) {
        take(names);
    }
    let nothing = pair([None, None], [None, None], false);
    best.map_or(nothing, |(_, names)| names)
}

/// Names whose letters agree but not their words: a space is lost (`AnaLopez`), or a company's
/// name has a slip.
fn written_together(a: &Record, b: &Record) -> Option<Names> {
    let company = a.legal.0.is_some() || b.legal.0.is_some();
    let least = if company { 850 } else { 900 };
    let long = a.name_pairs.len().min(b.name_pairs.len()) >= 7;
    let other = company || a.words.len() != b.words.len();
    if !long || !other || shared(&a.name_pairs, &b.name_pairs) < least {
        return None;
    }
    let rarity = |record: &Record| record.words.iter().map(|word| word.rarity).max();
    let rarity = rarity(a).min(rarity(b)).unwrap_or(0);
    Some(Names {
        given: Level::Near(1),
        surname: Level::Near(1),
        swapped: false,
        length: a.name_pairs.len().min(b.name_pairs.len()),
        given_rarity: rarity,
        surname_rarity: rarity,
    })
}

/// How two addresses agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub postcode: Level,
    pub house: Level,
    /// What the streets share of their letters, in thousandths; `None` if one is absent.
    pub street: Option<u32>,
    /// Both name a kind of street (or a direction), and no common one.
    pub kind_differs: bool,
    pub direction_differs: bool,
    pub unit: Level,
    pub city: Level,
    pub state: Level,
    pub country: Level,
    pub email: Level,
    pub phone: Level,
}

fn exactly(a: &[u8], b: &[u8]) -> Level {
    match () {
        () if a.is_empty() || b.is_empty() => Level::Missing,
        () if a == b => Level::Same,
        () => Level::Different,
    }
}

/// A number or code: one edit apart is near if it is long enough.
fn code(a: &[u8], b: &[u8], least: usize) -> Level {
    match exactly(a, b) {
        Level::Different if a.len().min(b.len()) >= least && edits(a, b, 1) == 1 => Level::Near(1),
        level => level,
    }
}

/// How two house numbers agree.
pub(super) fn house(a: &Record, b: &Record) -> Level {
    code(&a.house, &b.house, 3)
}

fn disjoint(a: &[&str], b: &[&str]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|one| b.contains(one))
}

pub(super) fn places(a: &Record, b: &Record) -> Places {
    let street = match a.street.is_empty() || b.street.is_empty() {
        true => None,
        false => Some(streets(a, b)),
    };
    let city = match exactly(&a.city, &b.city) {
        Level::Different => {
            let apart = edits(&a.city, &b.city, 2);
            let like = apart <= slips(a.city.len().min(b.city.len())).min(2);
            if like || shared(&a.city_pairs, &b.city_pairs) >= 700 {
                Level::Near(1)
            } else {
                Level::Different
            }
        }
        level => level,
    };
    Places {
        postcode: code(&a.postcode, &b.postcode, 4),
        house: house(a, b),
        street,
        kind_differs: disjoint(&a.kinds, &b.kinds),
        direction_differs: disjoint(&a.directions, &b.directions),
        unit: exactly(&a.unit, &b.unit),
        city,
        state: exactly(&a.state, &b.state),
        country: exactly(&a.country, &b.country),
        email: exactly(a.email.as_bytes(), b.email.as_bytes()),
        phone: exactly(&a.phone, &b.phone),
    }
}

fn streets(a: &Record, b: &Record) -> u32 {
    if a.street == b.street {
        return 1000;
    }
    let (x, y) = (&a.street_text, &b.street_text);
    // Short names have few pairs of letters: one slip leaves none of `OAK`.
    let slip = x.len().min(y.len()) >= 3 && edits(x, y, 1) == 1;
    let like = shared(&a.street_pairs, &b.street_pairs).min(999);
    let like = if slip { like.max(600) } else { like };
    // `42nd` is not `43rd`, however like they are.
    let (x, y) = (&a.street_numbers, &b.street_numbers);
    let other =
        |x: &[Box<[u8]>], y: &[Box<[u8]>]| x.iter().any(|one| y.binary_search(one).is_err());
    if other(x, y) && other(y, x) {
        like.min(250)
    } else {
        like
    }
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::super::census::Census;
    use super::*;

    fn level(a: &str, b: &str) -> Level {
        let of = |name: &str| {
            let record = Record::of(&Row {
                name,
                ..Row::default()
            });
            record.words[0].clone()
        };
        assert_eq!(words(&of(a), &of(b)), words(&of(b), &of(a)));
        words(&of(a), &of(b))
    }

    #[test]
    fn words_of_names() {
        for (a, b, expected) in [
            ("Lopez", "LÓPEZ", Level::Same),
            ("Bill", "William", Level::Familiar),
            ("Lopez", "Loepz", Level::Near(1)),
            ("Whitfield", "Witfeild", Level::Near(2)),
            ("Mohammed", "Muhamad", Level::Sound),
            ("J", "James", Level::Initial),
            ("Mario", "Maria", Level::Alike),
            ("Daniel", "Daniela", Level::Alike),
            ("Wei", "Mei", Level::Alike),
            ("Ana", "Robert", Level::Different),
        ] {
            assert_eq!(level(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn readings_of_names() {
        let of = |name: &str| {
            let mut records = [Record::of(&Row {
                name,
                ..Row::default()
            })];
            Census::of(&mut records);
            let [record] = records;
            record
        };
        let weigh = |names: &Names| {
            [names.given, names.surname]
                .map(|level| i32::from(level.agrees()))
                .iter()
                .sum()
        };
        for (a, b, given, surname, swapped) in [
            ("Ana Lopez", "Lopez Ana", Level::Same, Level::Same, true),
            (
                "Ana Maria Lopez",
                "Ana Lopez",
                Level::Same,
                Level::Same,
                false,
            ),
            (
                "Ana Garcia Lopez",
                "Ana Garcia",
                Level::Same,
                Level::Same,
                false,
            ),
            (
                "Jac ob Lanyon",
                "Jacob Lanyon",
                Level::Same,
                Level::Same,
                false,
            ),
            ("Lopez", "Ana Lopez", Level::Missing, Level::Same, false),
            ("Ana", "Ana Lopez", Level::Same, Level::Missing, false),
            (
                "AnaLopez",
                "Ana Lopez",
                Level::Near(1),
                Level::Near(1),
                false,
            ),
        ] {
            let found = names(&of(a), &of(b), weigh);
            let levels = (found.given, found.surname, found.swapped);
            assert_eq!(levels, (given, surname, swapped), "{a} / {b}");
        }
    }

    #[test]
    fn addresses() {
        let of = |street, postal_code| {
            Record::of(&Row {
                street,
                postal_code,
                country: "US",
                ..Row::default()
            })
        };
        let found = places(
            &of("12 Willow Creek Rd Apt 4", "78701"),
            &of("12 Willowcreek Road #5", "78710"),
        );
        assert_eq!((found.house, found.unit), (Level::Same, Level::Different));
        assert_eq!(found.postcode, Level::Near(1));
        assert!(found.street.unwrap() >= 900 && !found.kind_differs);
        let found = places(&of("12 N 42nd St", "78701"), &of("12 S 43rd Ave", ""));
        assert!(found.kind_differs && found.direction_differs);
        assert!(found.street.unwrap() <= 250);
        assert_eq!(found.postcode, Level::Missing);
    }
}
