//! Postal codes, states and countries in one form.
//! It must not take a code for one of the United States unless the country or the code's own form
//! and the state say so: five digits are a postal code in many countries.

use crate::clean::{Hash, words};
use crate::words::STATES;
use std::ops::Range;

/// Appends a postal code in one form to `out`: capital letters and digits without spaces.
///
/// A ZIP code is cut to five digits, since the last four change with the mail carrier's round and
/// are mostly left out. Zeros that a spreadsheet took from its front are put back: Boston's
/// `2139` is `02139`; no code of the United States is shorter than five digits. `country` is as
/// given by the sender; without one, only the form `78701-1234` is cut.
///
/// Appends nothing for text without letters or digits. What is appended is UTF-8.
pub fn normalise_postcode(text: &str, country: Option<&str>, out: &mut Vec<u8>) {
    let start = out.len();
    // The country is written into the buffer for a moment, so that no other is needed.
    normalise_country(country.unwrap_or_default(), out);
    let codes = Codes::of(&out[start..]);
    out.truncate(start);
    write_postcode(text, codes, out);
}

/// Which postal codes a country has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codes {
    Zip,
    Other,
    /// The country is not known.
    Unknown,
}

impl Codes {
    /// Those of a country in its form.
    pub(crate) fn of(country: &[u8]) -> Codes {
        match country {
            // The United States and the territories that have ZIP codes.
            b"US" | b"PR" | b"GU" | b"VI" | b"AS" | b"MP" => Codes::Zip,
            b"" => Codes::Unknown,
            _ => Codes::Other,
        }
    }
}

pub(crate) fn write_postcode(text: &str, codes: Codes, out: &mut Vec<u8>) {
    let start = out.len();
    words(text, Hash::Separator, out, |_, _| {});
    let zip = zip(&out[start..]);
    match codes {
        Codes::Zip => {}
        Codes::Unknown if zip.is_some_and(|zip| zip.form == Form::PlusFour) => {}
        _ => {
            squeeze(start, out);
            return;
        }
    }
    // What is no ZIP code although it should be stays as it is, to be told apart.
    if let Some(zip) = zip {
        out.truncate(start);
        out.extend_from_slice(&zip.digits);
    }
}

/// Takes out spaces and signs: `SW1A 1AA` is `SW1A1AA`.
fn squeeze(start: usize, out: &mut Vec<u8>) {
    let mut kept = start;
    for index in start..out.len() {
        if !matches!(out[index], b' ' | b'-' | b'/') {
            out[kept] = out[index];
            kept += 1;
        }
    }
    out.truncate(kept);
}

/// Appends a state or province in one form to `out`: the postal code for one of the United
/// States written out, else the words as they are. What is appended is UTF-8.
pub fn normalise_state(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    words(text, Hash::Separator, out, |_, _| {});
    if out.len() - start < 4 {
        return;
    }
    let found = STATES.binary_search_by(|(name, _)| name.as_bytes().cmp(&out[start..]));
    if let Ok(index) = found {
        out.truncate(start);
        out.extend_from_slice(STATES[index].1.as_bytes());
    }
}

/// Appends a country in one form to `out`: capitals, and `US` for the usual ways to write the
/// United States. Input is expected as ISO 3166-1 alpha-2; other names stay as they are. What is
/// appended is UTF-8.
pub fn normalise_country(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    words(text, Hash::Separator, out, |_, _| {});
    let long = matches!(
        &out[start..],
        b"USA" | b"U S" | b"U S A" | b"UNITED STATES" | b"UNITED STATES OF AMERICA"
    );
    if long {
        out.truncate(start);
        out.extend_from_slice(b"US");
    }
}

/// Whether a party whose country was left out is in the United States: the state, which lies in
/// its form at `state` of `out`, is one of them, and the postal code as given is a whole ZIP code.
pub(crate) fn is_of_the_united_states(
    state: Range<usize>,
    postal_code: &str,
    out: &mut Vec<u8>,
) -> bool {
    let is_state = STATES
        .iter()
        .any(|(_, code)| *code.as_bytes() == out[state.clone()]);
    if !is_state {
        return false;
    }
    // Into the buffer for a moment, so that no other is needed.
    let start = out.len();
    words(postal_code, Hash::Separator, out, |_, _| {});
    let zip = zip(&out[start..]);
    out.truncate(start);
    zip.is_some_and(|zip| zip.form != Form::Short)
}

/// How a ZIP code was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `78701-1234`
    PlusFour,
    /// `78701` or `787011234`
    Five,
    /// `2139` or `2139-1234`: a zero is gone.
    Short,
}

#[derive(Clone, Copy)]
struct Zip {
    digits: [u8; 5],
    form: Form,
}

/// The five digits of words that can be a ZIP code, `None` for any others.
fn zip(text: &[u8]) -> Option<Zip> {
    let mut head = text;
    let mut form = Form::Five;
    if let Some(at) = text.iter().position(|byte| matches!(byte, b'-' | b' ')) {
        let tail = &text[at + 1..];
        if tail.len() != 4 || !tail.iter().all(u8::is_ascii_digit) {
            return None;
        }
        head = &text[..at];
        form = Form::PlusFour;
    } else if text.len() == 9 {
        head = &text[..5];
        if !text[5..].iter().all(u8::is_ascii_digit) {
            return None;
        }
    }
    if !(3..=5).contains(&head.len()) || !head.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut digits = [b'0'; 5];
    digits[5 - head.len()..].copy_from_slice(head);
    let form = if head.len() < 5 { Form::Short } else { form };
    Some(Zip { digits, form })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postcode(text: &str, country: Option<&str>) -> String {
        let mut out = Vec::new();
        normalise_postcode(text, country, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn zip_codes_have_five_digits() {
        for (text, expected) in [
            ("78701", "78701"),
            (" 78701-1234 ", "78701"),
            ("78701 1234", "78701"),
            ("787011234", "78701"),
            ("2139", "02139"),
            ("2139-1234", "02139"),
            ("601", "00601"),
            ("7870", "07870"),
            // Not a ZIP code: kept to be told apart.
            ("78", "78"),
            ("7870112", "7870112"),
            ("78701-12", "78701-12"),
            ("TX 78701", "TX 78701"),
            ("", ""),
        ] {
            for country in ["US", "us", "USA", "U.S.A.", "United States", "PR"] {
                assert_eq!(
                    postcode(text, Some(country)),
                    expected,
                    "{text:?} {country}"
                );
            }
        }
    }

    #[test]
    fn other_codes_lose_spaces_only() {
        for (text, country, expected) in [
            ("sw1a 1aa", Some("GB"), "SW1A1AA"),
            ("K1A 0B6", Some("CA"), "K1A0B6"),
            ("100-0001", Some("JP"), "1000001"),
            ("10115", Some("DE"), "10115"),
            ("2139", Some("AU"), "2139"),
            ("10115-1234", Some("DE"), "101151234"),
            ("2139", None, "2139"),
            ("78701-1234", None, "78701"),
            ("78701-1234", Some(" "), "78701"),
            ("787011234", None, "787011234"),
            ("１００", Some("JP"), "100"),
        ] {
            assert_eq!(postcode(text, country), expected, "{text:?} {country:?}");
        }
    }

    #[test]
    fn states_and_countries() {
        let of = |normalise: fn(&str, &mut Vec<u8>), text| {
            let mut out = b"x".to_vec();
            normalise(text, &mut out);
            String::from_utf8(out.split_off(1)).unwrap()
        };
        assert_eq!(of(normalise_state, "texas"), "TX");
        assert_eq!(of(normalise_state, " New  York"), "NY");
        assert_eq!(of(normalise_state, "tx."), "TX");
        assert_eq!(of(normalise_state, "Bayern"), "BAYERN");
        assert_eq!(of(normalise_country, "u.s."), "US");
        assert_eq!(of(normalise_country, "de"), "DE");
        assert_eq!(of(normalise_country, ""), "");
    }

    #[test]
    fn the_united_states_are_recognised_by_state_and_code() {
        for (state, code, expected) in [
            ("TX", "78701", true),
            ("TX", " 78701-1234", true),
            ("TX", "7870", false),
            ("BAYERN", "80331", false),
            ("", "78701", false),
        ] {
            let mut out = state.as_bytes().to_vec();
            let found = is_of_the_united_states(0..state.len(), code, &mut out);
            assert_eq!(found, expected, "{state} {code}");
            assert_eq!(out, state.as_bytes());
        }
    }
}
