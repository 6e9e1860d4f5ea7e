//! The key of a person, over the normalised parts of a party.
//! It must not leave a part out without saying so: two parties with one key are one person.

use crate::normalise::{normalise_address, normalise_city, normalise_name};
use crate::place::{
    Codes, is_of_the_united_states, normalise_country, normalise_state, write_postcode,
};
use std::fmt;

/// The version of these rules. It is part of every key, so that keys made by other rules are
/// never taken for these. Any change of what is equal needs a new one.
pub const PERSON_RULES: &str = "exact-1";

/// What the hash is keyed with where there is no secret. Its only use is that keys of this
/// program are not those of another that hashes addresses.
const PUBLIC: &[u8; 32] = b"deminimis person: no secret here";

/// Stands for a length that follows in eight bytes, little endian.
const LONG: u8 = 255;

/// A person's key: 16 bytes, shown as 32 hexadecimal digits.
///
/// BLAKE3, keyed, cut to 128 bits; by chance two of a thousand million persons share one with a
/// probability below 10⁻²⁰.
///
/// It is a pseudonym, not encryption. Names and addresses can be guessed, so who has a key made
/// without a secret can test guesses against it: it is personal data still. With a secret, only
/// who has that can; the ledger of an installation therefore gives its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

/// A party's name and address as the sender gave them. An absent part and a blank one are the
/// same. There is no `Debug`, so that personal data does not come into a log by accident.
#[derive(Clone, Copy, Default)]
pub struct PartyText<'a> {
    /// The name of a person or a company.
    pub name: Option<&'a str>,
    /// Street, house number and unit, or a post office box; lines in any separation.
    pub street: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The state or province.
    pub state: Option<&'a str>,
    /// The postal code.
    pub postal_code: Option<&'a str>,
    /// The country, ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
}

/// Why a party has no key. The sender must give more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither a name nor a street, or blanks and signs alone.
    #[error("a name, or a street with a city or postal_code, is needed to tell who the person is")]
    NoNameNoAddress,
    /// A street without a name stands in many cities.
    #[error("a street without a name needs a city or postal_code to tell who the person is")]
    NoPlace,
}

/// Buffers to be reused from party to party. They hold the last party's data until the next.
#[derive(Default)]
pub struct Scratch {
    /// What is hashed: each part behind its length in bytes.
    message: Vec<u8>,
    /// Where the parts of the party lie in `message`.
    parts: [(usize, usize); 6],
}

/// The parts of a party as they were compared. An absent part is empty.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Normalised<'a> {
    /// As by [`normalise_name`](crate::normalise_name).
    pub name: &'a str,
    /// As by [`normalise_address`](crate::normalise_address).
    pub street: &'a str,
    /// As by [`normalise_city`](crate::normalise_city).
    pub city: &'a str,
    /// As by [`normalise_state`](crate::normalise_state).
    pub state: &'a str,
    /// As by [`normalise_country`](crate::normalise_country), or `US` if it was absent and state and ZIP code show it.
    pub country: &'a str,
    /// As by [`normalise_postcode`](crate::normalise_postcode).
    pub postal_code: &'a str,
}

impl Key {
    /// The key of a party: of its `name`, `street`, `city`, `state`, `country` and `postal_code`
    /// in their normalised form, of its `kind` (`person`, `business`, `store`, `warehouse`; taken
    /// as it is, empty if not known) and of [`PERSON_RULES`].
    ///
    /// A party without an address has a key over its name alone, and all who bear that name
    /// share it; [`Scratch::last`] shows which parts there were. A country that was left out is
    /// `US` if the state is one of the United States and the postal code a whole ZIP code.
    ///
    /// `secret` keys the hash; keys of different secrets have nothing in common. Does not
    /// allocate once `scratch` has grown, if the party is written in ASCII.
    ///
    /// # Errors
    /// [`KeyError`] if what there is would be shared by persons who have nothing in common.
    pub fn of(
        party: &PartyText<'_>,
        kind: &str,
        secret: Option<&[u8; 32]>,
        scratch: &mut Scratch,
    ) -> Result<Key, KeyError> {
        scratch.write(party, kind);
        let [name, street, city, _, _, postal_code] = scratch.parts.map(|(from, to)| from < to);
        if !name && !street {
            return Err(KeyError::NoNameNoAddress);
        }
        if !name && !city && !postal_code {
            return Err(KeyError::NoPlace);
        }
        let hash = blake3::keyed_hash(secret.unwrap_or(PUBLIC), &scratch.message);
        let mut key = [0; 16];
        key.copy_from_slice(&hash.as_bytes()[..16]);
        Ok(Key(key))
    }
}

impl fmt::Display for Key {
    /// 32 hexadecimal digits, lower case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Key {
    /// Reads a key as it is written; nothing if it is none.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Key> {
        let digits = digits.as_bytes();
        if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut key = [0; 16];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Key(key))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Scratch {
    /// Empty buffers.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// The parts of the last party handed to [`Key::of`], also of one that was refused; all
    /// empty before the first.
    #[must_use]
    pub fn last(&self) -> Normalised<'_> {
        let part = |index: usize| {
            let (from, to) = self.parts[index];
            str::from_utf8(&self.message[from..to]).unwrap_or_default()
        };
        Normalised {
            name: part(0),
            street: part(1),
            city: part(2),
            state: part(3),
            country: part(4),
            postal_code: part(5),
        }
    }

    fn write(&mut self, party: &PartyText<'_>, kind: &str) {
        let out = &mut self.message;
        out.clear();
        part(out, |out| out.extend_from_slice(PERSON_RULES.as_bytes()));
        part(out, |out| out.extend_from_slice(kind.as_bytes()));
        let name = party.name.unwrap_or_default();
        let street = party.street.unwrap_or_default();
        let city = party.city.unwrap_or_default();
        let state = party.state.unwrap_or_default();
        let country = party.country.unwrap_or_default();
        let postal_code = party.postal_code.unwrap_or_default();
        self.parts[0] = part(out, |out| normalise_name(name, out));
        self.parts[1] = part(out, |out| normalise_address(street, out));
        self.parts[2] = part(out, |out| normalise_city(city, out));
        self.parts[3] = part(out, |out| normalise_state(state, out));
        let (from, to) = self.parts[3];
        self.parts[4] = part(out, |out| {
            let start = out.len();
            normalise_country(country, out);
            if out.len() == start && is_of_the_united_states(from..to, postal_code, out) {
                out.extend_from_slice(b"US");
            }
        });
        let codes = Codes::of(&out[self.parts[4].0..self.parts[4].1]);
        self.parts[5] = part(out, |out| write_postcode(postal_code, codes, out));
    }
}

/// Appends one part behind its length and returns where it lies. The length makes the whole
/// unambiguous: no two lists of parts give the same bytes. It takes one byte where that is enough,
/// so that a party of usual length is one block of the hash.
fn part(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> (usize, usize) {
    let head = out.len();
    out.push(0);
    let from = head + 1;
    write(out);
    let length = out.len() - from;
    if let Ok(short) = u8::try_from(length)
        && short < LONG
    {
        out[head] = short;
        return (from, out.len());
    }
    out[head] = LONG;
    out.splice(from..from, (length as u64).to_le_bytes());
    (from + 8, out.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, street, city, state, postal code, country; `-` for absent.
    type Row = [&'static str; 6];

    const ANA: Row = ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "US"];

    fn key_with(row: Row, kind: &str, secret: Option<&[u8; 32]>) -> Result<Key, KeyError> {
        let [name, street, city, state, postal_code, country] =
            row.map(|part| (part != "-").then_some(part));
        let party = PartyText {
            name,
            street,
            city,
            state,
            postal_code,
            country,
        };
        Key::of(&party, kind, secret, &mut Scratch::new())
    }

    #[test]
    fn a_key_reads_as_it_is_shown() {
        let text = "00ff10a0b1c2d3e4f5061728394a5b6c";
        assert_eq!(Key::parse(text).unwrap().to_string(), text);
        let not_hex = "00ff10a0b1c2d3e4f5061728394a5b6g";
        let wide = "00ff10a0b1c2d3e4f5061728394a5bé";
        for wrong in ["", "00ff", &text[1..], not_hex, wide] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn too_little_is_refused() {
        for row in [
            ["-", "-", "-", "-", "-", "-"],
            ["", " ", "Austin", "TX", "78701", "US"],
            ["...", "?!", "-", "-", "-", "US"],
        ] {
            let error = key_with(row, "", None).unwrap_err();
            assert_eq!(error, KeyError::NoNameNoAddress, "{row:?}");
            assert!(error.to_string().contains("a name, or a street"));
        }
        let error = key_with(["-", "12 Oak St", "-", "TX", "-", "US"], "", None);
        assert_eq!(error, Err(KeyError::NoPlace));
        assert!(key_with(["-", "12 Oak St", "Austin", "-", "-", "-"], "", None).is_ok());
        assert!(key_with(["-", "12 Oak St", "-", "-", "78701", "-"], "", None).is_ok());
    }

    #[test]
    fn kind_and_secret_tell_keys_apart() {
        let keys = [
            key_with(ANA, "person", None),
            key_with(ANA, "store", None),
            key_with(ANA, "", None),
            key_with(ANA, "person", Some(&[0; 32])),
            key_with(ANA, "person", Some(&[1; 32])),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{index}");
        }
        assert_eq!(keys[3], key_with(ANA, "person", Some(&[0; 32])));
    }

    #[test]
    fn scratch_shows_what_was_compared_and_forgets_the_party_before() {
        let mut scratch = Scratch::new();
        assert_eq!(scratch.last().name, "");
        let long = PartyText {
            name: Some("Ms. Ana López"),
            street: Some("12 Oak Street #4"),
            city: Some("Saint Louis"),
            state: Some("Missouri"),
            postal_code: Some("63101-1234"),
            country: None,
        };
        Key::of(&long, "", None, &mut scratch).unwrap();
        let last = scratch.last();
        assert_eq!((last.name, last.street), ("ANA LOPEZ", "12 OAK ST APT 4"));
        assert_eq!((last.city, last.state), ("ST LOUIS", "MO"));
        assert_eq!((last.postal_code, last.country), ("63101", "US"));
        let short = PartyText {
            name: Some("Bo"),
            ..PartyText::default()
        };
        let key = Key::of(&short, "", None, &mut scratch);
        assert_eq!(key, Key::of(&short, "", None, &mut Scratch::new()));
        assert_eq!((scratch.last().name, scratch.last().street), ("BO", ""));
    }
}
