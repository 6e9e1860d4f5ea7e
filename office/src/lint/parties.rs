//! Names that are no names, and addresses that are none.
//!
//! Names of persons differ more than any list knows, so a name is only judged where it cannot be one.
//! Which person it is, and whether two are one, is `person`'s to say.

use super::rules::{self, Rule};
use super::words::{self, Words, plain};
use super::zips::{self, Lies};
use deminimis_clearance::shipment::fields::PartyField;
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_person::{normalise_address, normalise_state};

/// What is wrong with one field of a party.
pub type Wrong = (PartyField, &'static Rule);

/// Judges parties; its buffers are reused.
pub struct Parties {
    not_names: Words,
    fiction: Words,
    examples: Words,
    not_addresses: Words,
    buffer: String,
    bytes: Vec<u8>,
}

impl Default for Parties {
    fn default() -> Parties {
        Parties::new()
    }
}

impl Parties {
    /// Ready to judge.
    #[must_use]
    pub fn new() -> Parties {
        Parties {
            not_names: Words::exact(words::NOT_NAMES),
            fiction: Words::exact(words::FICTION),
            examples: Words::exact(words::EXAMPLE_NAMES),
            not_addresses: Words::exact(words::NOT_ADDRESSES),
            buffer: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Judges what is given of a party, each field on its own and the place as a whole.
    /// `domestic` says that a party without a country is taken to be in the United States if its
    /// state is one of them.
    pub fn judge(&mut self, party: PartyRef<'_>, domestic: bool, found: &mut Vec<Wrong>) {
        if let Some(rule) = party.name.and_then(|name| self.name(name)) {
            found.push((PartyField::Name, rule));
        }
        let state = self.state(party.state);
        let country = party.country.unwrap_or_default();
        let absent = country.is_empty() && domestic && state.as_deref().is_some_and(zips::is_state);
        let inside = absent || is_american(country);
        if let Some(rule) = party
            .street
            .and_then(|street| self.street(street, party.kind, inside))
        {
            found.push((PartyField::Street, rule));
        }
        if let Some(city) = party.city
            && self.is_placeholder(city)
        {
            found.push((PartyField::City, &rules::ADDRESS_PLACEHOLDER));
        }
        if inside {
            let at_home = country.is_empty() || country.eq_ignore_ascii_case("US");
            self.place(
                state.as_deref().filter(|_| at_home),
                party.postal_code,
                found,
            );
        } else if country.eq_ignore_ascii_case("CA")
            && party.postal_code.is_some_and(is_californian)
        {
            found.push((PartyField::Country, &rules::COUNTRY_CA));
        }
    }

    /// The rule that a name breaks.
    #[must_use]
    pub fn name(&mut self, name: &str) -> Option<&'static Rule> {
        if has_email(name) {
            return Some(&rules::NAME_EMAIL);
        }
        plain(name, &mut self.buffer);
        let words = self.buffer.as_str();
        if self.not_names.has(words) {
            return Some(&rules::NAME_PLACEHOLDER);
        }
        if self.fiction.has(words) {
            return Some(&rules::NAME_FICTION);
        }
        if self.examples.has(words) {
            return Some(&rules::NAME_MADE_UP);
        }
        if !words.chars().any(char::is_alphabetic) {
            return Some(&rules::NAME_NO_LETTERS);
        }
        if is_too_short(name, words) {
            return Some(&rules::NAME_SHORT);
        }
        has_phone(name).then_some(&rules::NAME_PHONE)
    }

    /// The rule that a street line breaks. `inside` says that it lies in the United States.
    #[must_use]
    pub fn street(
        &mut self,
        street: &str,
        kind: Option<&str>,
        inside: bool,
    ) -> Option<&'static Rule> {
        if has_email(street) {
            return Some(&rules::ADDRESS_EMAIL);
        }
        if self.is_placeholder(street) {
            return Some(&rules::ADDRESS_PLACEHOLDER);
        }
        if !street.chars().any(char::is_alphabetic) {
            return Some(&rules::ADDRESS_NO_LETTERS);
        }
        self.bytes.clear();
        normalise_address(street, &mut self.bytes);
        let line = std::str::from_utf8(&self.bytes).unwrap_or_default();
        let boxed = line.starts_with("PO BOX");
        if boxed && matches!(kind, Some("warehouse" | "store")) {
            return Some(&rules::ADDRESS_BOX);
        }
        let numbered = line.bytes().any(|byte| byte.is_ascii_digit());
        let written = NUMBER_WORDS
            .iter()
            .any(|word| line.split(' ').next() == Some(word));
        let without = boxed || line.starts_with("GENERAL DELIVERY");
        (inside && !numbered && !written && !without).then_some(&rules::ADDRESS_NO_NUMBER)
    }

    fn is_placeholder(&mut self, text: &str) -> bool {
        plain(text, &mut self.buffer);
        let mut letters = self.buffer.chars();
        let first = letters.next();
        let repeated = self.buffer.len() > 2 && letters.all(|letter| Some(letter) == first);
        let letter = first.is_some_and(|first| first.is_ascii_lowercase());
        self.not_addresses.has(&self.buffer) || self.buffer.is_empty() || repeated && letter
    }

    /// The state in two letters where it is one, else as given in capitals.
    fn state(&mut self, state: Option<&str>) -> Option<String> {
        self.bytes.clear();
        normalise_state(state?, &mut self.bytes);
        Some(String::from_utf8_lossy(&self.bytes).into_owned())
    }

    /// State and ZIP code of a party in the United States. A state is not given for the
    /// territories that are their own country.
    fn place(&mut self, state: Option<&str>, postal_code: Option<&str>, found: &mut Vec<Wrong>) {
        let known = state.filter(|state| zips::is_state(state) || state == &"DISTRICT OF COLUMBIA");
        if state.is_some() && known.is_none() {
            found.push((PartyField::State, &rules::STATE_UNKNOWN));
        }
        let Some(code) = postal_code else {
            return;
        };
        if let Some(rule) = zip(code, known) {
            found.push((PartyField::PostalCode, rule));
        }
    }
}

/// House numbers that are written out.
const NUMBER_WORDS: &[&str] = &[
    "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN",
    "TWELVE", "TWENTY",
];

/// The rule that a ZIP code breaks, alone or with its state.
#[must_use]
pub fn zip(code: &str, state: Option<&str>) -> Option<&'static Rule> {
    if code.chars().any(char::is_alphabetic) {
        return Some(&rules::ZIP_FOREIGN);
    }
    let code = code.trim();
    let (five, four) = code.split_once(['-', ' ']).unwrap_or((code, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match (five.len(), four.len()) {
        (5, 0 | 4) => digits(five) && digits(four),
        (9, 0) => digits(five),
        _ => false,
    };
    if !whole {
        return Some(&rules::ZIP_FORM);
    }
    let prefix = five.get(..3)?.parse().ok()?;
    let state = match state {
        Some("DISTRICT OF COLUMBIA") => Some("DC"),
        other => other,
    };
    match (zips::lies(prefix, state.unwrap_or_default()), state) {
        (Lies::Nowhere, _) => Some(&rules::ZIP_UNKNOWN),
        (Lies::In(_), Some(_)) => Some(&rules::ZIP_STATE),
        _ => None,
    }
}

/// Countries that have ZIP codes.
fn is_american(country: &str) -> bool {
    ["US", "PR", "GU", "VI", "AS", "MP"]
        .iter()
        .any(|code| country.eq_ignore_ascii_case(code))
}

/// Whether a code of five digits lies in California.
fn is_californian(code: &str) -> bool {
    zip(code, Some("CA")).is_none()
}

/// Whether a word holds an `@` with a point behind it.
fn has_email(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.split_once('@')
            .is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
    })
}

/// Whether seven digits or more stand together, apart from letters: `(555) 010-4477`.
fn has_phone(text: &str) -> bool {
    let mut digits = 0;
    let mut beside_letter = false;
    let mut before_letter = false;
    let mut after_digit = false;
    for letter in text.chars().chain(['\n']) {
        match letter {
            '0'..='9' => {
                beside_letter |= digits == 0 && before_letter;
                digits += 1;
            }
            ' ' | '-' | '.' | '(' | ')' | '+' => {}
            _ => {
                beside_letter |= letter.is_alphabetic() && after_digit;
                if digits >= 7 && !beside_letter {
                    return true;
                }
                digits = 0;
                beside_letter = false;
            }
        }
        before_letter = letter.is_alphabetic();
        after_digit = letter.is_ascii_digit();
    }
    false
}

/// Whether a name is one letter, one letter repeated, or only initials. `H&M` is a firm, and a
/// single sign of another script may be a name.
fn is_too_short(name: &str, words: &str) -> bool {
    let letters: Vec<char> = words.chars().filter(|letter| *letter != ' ').collect();
    let latin = letters.iter().all(|letter| *letter <= '\u{24f}');
    let repeated = letters.len() > 2 && letters.iter().all(|letter| *letter == letters[0]);
    let initials = words.split(' ').all(|word| word.chars().count() == 1);
    latin && (letters.len() == 1 || repeated || initials && !name.contains(['&', '+']))
}
