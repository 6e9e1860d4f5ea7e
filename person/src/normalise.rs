//! Names, street lines and cities in one form. Each function appends to the caller's buffer, and
//! doing it twice changes nothing.
//! It must not guess: a word changes only where both forms can mean one thing alone.

use crate::clean::{Hash, words};
use crate::words::{LEGAL, Role, STREET, Word, find};
use std::ops::Range;

/// Appends a name in one form to `out`: capital words one space apart, marks off Latin letters.
///
/// - Legal suffixes at the end are short: `Acme Company, Limited` is `ACME CO LTD`,
///   `Limited Liability Company` and `L L C` are `LLC`. `Junior` and `Senior` at the end are `JR`
///   and `SR`; they stay, for they tell a father from a son.
/// - `Mr`, `Ms`, `Miss` and `Dr` in front go if a given name of two letters or more and another
///   word follow and the name does not end as a company's. They stay before an initial: `Mr J
///   Lopez` and `Dr J Lopez` of one house may be two persons.
/// - `Mrs` always stays: `Mrs John Smith` is not John Smith.
/// - The order of words stays: Thomas James is not James Thomas.
///
/// Appends nothing for text without letters or digits. What is appended is UTF-8.
pub fn normalise_name(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    words(text, Hash::Separator, out, |_, _| {});
    shorten_suffixes(out, start);
    shorten_title(out, start);
}

/// Appends a street line in one form to `out`, its street words and units abbreviated as by USPS
/// Publication 28: `12 Oak Street, Apartment 4` is `12 OAK ST APT 4`.
///
/// - `#` is `APT`, and nothing after another unit: `Suite #4` and `Suite No. 4` are `STE 4`.
/// - A direction is short unless a street word follows: `North Main Street` is `N MAIN ST` but
///   `North Street` is `NORTH ST`, since `N Street` is another street (Publication 28, 233).
/// - Hyphens and slashes between digits stay: `37-12`, `12 1/2`.
/// - A unit of one kind is not one of another: `STE 4` and `APT 4` stay different.
///
/// The words are those of the United States, for the person lives there in nearly every case;
/// applied elsewhere they are as exact, only fewer. Appends nothing for text without letters or
/// digits. What is appended is UTF-8.
pub fn normalise_address(text: &str, out: &mut Vec<u8>) {
    let mut line = Line {
        start: out.len(),
        direction: None,
        last: None,
        before: None,
    };
    words(text, Hash::Apartment, out, |out, word| {
        line.finish(out, word)
    });
}

/// Appends a city in one form to `out`. A first word `Saint`, `Fort` or `Mount` is short: no two
/// cities differ by that. What is appended is UTF-8.
pub fn normalise_city(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    words(text, Hash::Separator, out, |out, word| {
        let short: &[u8] = match &out[word..] {
            b"SAINT" => b"ST",
            b"FORT" => b"FT",
            b"MOUNT" => b"MT",
            _ => return,
        };
        if word == start {
            out.truncate(word);
            out.extend_from_slice(short);
        }
    });
}

/// A word that is written: where it begins and what it is.
#[derive(Clone, Copy)]
struct Written {
    start: usize,
    role: Role,
}

/// The end of a street line while it is written.
struct Line {
    start: usize,
    /// The long form of the last word, if that is a direction that was shortened.
    direction: Option<&'static Word>,
    last: Option<Written>,
    before: Option<Written>,
}

impl Line {
    /// Brings the word that begins at `word` into its form, with what stands before it.
    fn finish(&mut self, out: &mut Vec<u8>, word: usize) {
        let digit = out[word].is_ascii_digit();
        let entry = if digit {
            None
        } else {
            find(&STREET, &out[word..])
        };
        let word = self.drop_filler(out, word);
        if out[word..] == *b"BOX" {
            self.join_po(out, word);
            return;
        }
        let role = entry.map_or(Role::Plain, |entry| entry.role);
        let mut start = word;
        let direction = self.direction.take();
        if let (Role::Street, Some(direction), Some(last)) = (role, direction, self.last) {
            // The direction is the street's name: NORTH ST.
            out.truncate(last.start);
            out.extend_from_slice(direction.word.as_bytes());
            out.push(b' ');
            start = out.len();
        }
        if let Some(entry) = entry {
            out.truncate(start);
            out.extend_from_slice(entry.form.as_bytes());
            self.direction = (role == Role::Direction).then_some(entry);
        }
        self.push(start, role);
    }

    fn push(&mut self, start: usize, role: Role) {
        self.before = self.last;
        self.last = Some(Written { start, role });
    }

    /// Takes out `APT` (which `#` writes) and `NO` between a unit and its number, now that a word
    /// follows. Returns where that word begins then.
    fn drop_filler(&mut self, out: &mut Vec<u8>, word: usize) -> usize {
        let (Some(before), Some(last)) = (self.before, self.last) else {
            return word;
        };
        let filler = last.role == Role::Filler || out[last.start..].starts_with(b"APT ");
        if before.role != Role::Unit || !filler {
            return word;
        }
        shrink(out, last.start..word, b"");
        self.last = self.before.take();
        last.start
    }

    /// `P O BOX` and `POST OFFICE BOX` are `PO BOX`, as `P.O. Box` is by its dots.
    fn join_po(&mut self, out: &mut Vec<u8>, word: usize) {
        let mut start = word;
        for long in [&b"P O "[..], b"POST OFFICE "] {
            let begin = word.saturating_sub(long.len()).max(self.start);
            let whole = begin == self.start || out[begin - 1] == b' ';
            if whole && out[begin..word] == *long {
                out.truncate(begin);
                out.extend_from_slice(b"PO BOX");
                start = begin + 3;
            }
        }
        self.direction = None;
        // A box has a number as a unit has: `PO Box #12` is `PO BOX 12`.
        self.push(start, Role::Unit);
        self.before = None;
    }
}

/// Suffixes of several words, and of persons, with their form.
const LONG_SUFFIXES: [(&[u8], &[u8]); 6] = [
    (b" LIMITED LIABILITY COMPANY", b" LLC"),
    (b" LIMITED LIABILITY CO", b" LLC"),
    (b" L L C", b" LLC"),
    (b" L L P", b" LLP"),
    (b" JUNIOR", b" JR"),
    (b" SENIOR", b" SR"),
];

/// Brings the legal suffixes at the end into their form, from the last backwards. The first word
/// stays, for a name is more than its suffix.
fn shorten_suffixes(out: &mut Vec<u8>, start: usize) {
    // Most names end in another letter than these long forms.
    if matches!(out.last(), Some(b'Y' | b'O' | b'C' | b'P' | b'R')) {
        for (long, short) in LONG_SUFFIXES {
            if out[start..].ends_with(long) {
                out.truncate(out.len() - long.len());
                out.extend_from_slice(short);
                break;
            }
        }
    }
    let mut end = out.len();
    while let Some(space) = out[start..end].iter().rposition(|byte| *byte == b' ') {
        let word = start + space + 1;
        let Some(entry) = find(&LEGAL, &out[word..end]) else {
            return;
        };
        if entry.form.len() < end - word {
            shrink(out, word..end, entry.form.as_bytes());
        }
        end = word - 1;
    }
}

/// Brings a title in front into its form, or takes it out where that is safe.
fn shorten_title(out: &mut Vec<u8>, start: usize) {
    // Where the name begins once titles are taken out, which is done in one move: a line may be
    // nothing but titles.
    let mut from = start;
    while let Some(space) = out[from..].iter().position(|byte| *byte == b' ') {
        let end = from + space;
        let short: &[u8] = match &out[from..end] {
            b"MR" | b"MISTER" => b"MR",
            b"DR" | b"DOCTOR" => b"DR",
            b"MRS" | b"MISSUS" => b"MRS",
            b"MS" => b"MS",
            b"MISS" => b"MISS",
            _ => break,
        };
        if short == b"MRS" || !is_full_name(&out[end + 1..]) {
            shrink(out, from..end, short);
            break;
        }
        from = end + 1;
    }
    shrink(out, start..from, b"");
}

/// Puts `short` in the place of what stands at `place`, which is at least as long.
fn shrink(out: &mut Vec<u8>, place: Range<usize>, short: &[u8]) {
    let end = place.start + short.len();
    out[place.start..end].copy_from_slice(short);
    let moved = out.len() - place.end;
    out.copy_within(place.end.., end);
    out.truncate(end + moved);
}

/// Whether words are a person's given name, not an initial, and at least one more.
fn is_full_name(words: &[u8]) -> bool {
    let mut split = words.split(|byte| *byte == b' ');
    let given = split.next().unwrap_or_default();
    let Some(last) = split.next_back() else {
        return false;
    };
    given.len() > 1 && given != b"AND" && find(&LEGAL, last).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Normalise = fn(&str, &mut Vec<u8>);

    fn of(normalise: Normalise, text: &str) -> String {
        let mut out = Vec::new();
        normalise(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn check(normalise: Normalise, table: &[(&str, &str)]) {
        for (text, expected) in table {
            assert_eq!(of(normalise, text), *expected, "{text:?}");
            assert_eq!(of(normalise, expected), *expected, "again {text:?}");
        }
    }

    #[test]
    fn names() {
        check(
            normalise_name,
            &[
                ("", ""),
                ("  Ana   López ", "ANA LOPEZ"),
                ("Mr. Ana Lopez", "ANA LOPEZ"),
                ("Dr Mr Ana Lopez", "ANA LOPEZ"),
                ("Doctor Ana Lopez Jr.", "ANA LOPEZ JR"),
                ("Ana Lopez, Junior", "ANA LOPEZ JR"),
                ("Mister J. Lopez", "MR J LOPEZ"),
                ("Mrs John Smith", "MRS JOHN SMITH"),
                ("Missus John Smith", "MRS JOHN SMITH"),
                ("Mr & Mrs John Smith", "MR AND MRS JOHN SMITH"),
                ("Mr Lopez", "MR LOPEZ"),
                ("Dr", "DR"),
                ("Dr Pepper Bottling Company", "DR PEPPER BOTTLING CO"),
                ("Acme Company, Limited", "ACME CO LTD"),
                ("Acme L.L.C.", "ACME LLC"),
                ("Acme L. L. C.", "ACME LLC"),
                ("Acme Limited Liability Company", "ACME LLC"),
                ("Acme Incorporated", "ACME INC"),
                ("Smith & Co.", "SMITH AND CO"),
                ("Limited Editions Ltd", "LIMITED EDITIONS LTD"),
                ("Company", "COMPANY"),
                ("Limited Company", "LIMITED CO"),
                ("王伟", "王伟"),
            ],
        );
    }

    #[test]
    fn street_lines() {
        check(
            normalise_address,
            &[
                ("12 Oak Street", "12 OAK ST"),
                ("12 Oak St., Apartment 4-B", "12 OAK ST APT 4 B"),
                ("12 Oak St #4", "12 OAK ST APT 4"),
                ("12 Oak St Apt #4", "12 OAK ST APT 4"),
                ("12 Oak St Suite No. 4", "12 OAK ST STE 4"),
                ("12 Oak St Unit Number #4", "12 OAK ST UNIT 4"),
                ("12 Oak St Unit", "12 OAK ST UNIT"),
                ("12 North Main Avenue", "12 N MAIN AVE"),
                ("12 North Street", "12 NORTH ST"),
                ("12 N Street", "12 N ST"),
                ("12 North East Street", "12 N EAST ST"),
                ("12 Main Street Northwest", "12 MAIN ST NW"),
                ("P.O. Box 12", "PO BOX 12"),
                ("P O Box #12", "PO BOX 12"),
                ("Post Office Box 12", "PO BOX 12"),
                ("c/o Ana, Post Office Box 12", "C O ANA PO BOX 12"),
                ("Shop O Box 12", "SHOP O BOX 12"),
                ("500 Fifth Avenue, 2nd Floor", "500 5TH AVE 2ND FL"),
                ("Saint James Street", "SAINT JAMES ST"),
                ("37-12 82nd St", "37-12 82ND ST"),
                ("12½ Oak St", "12 1/2 OAK ST"),
                ("Straße 12", "STRASSE 12"),
                ("#", "APT"),
                ("Box", "BOX"),
            ],
        );
    }

    #[test]
    fn cities() {
        check(
            normalise_city,
            &[
                ("Saint Louis", "ST LOUIS"),
                ("St. Louis", "ST LOUIS"),
                ("Fort Worth", "FT WORTH"),
                ("Port Saint Lucie", "PORT SAINT LUCIE"),
                ("São Paulo", "SAO PAULO"),
            ],
        );
    }
}
