//! What sets most persons of a day aside before anything is compared: who shares none of these with
//! another is nobody else.

use super::text::Hashed;
use crate::key::Normalised;

/// How many [`Anchors`] a person has.
const ANCHORS: usize = 6;

/// What two spellings of one person hardly ever both change: an address, or a name with one thing
/// that ties it down. Zero is absent. A person who has moved, or whose name and house number both
/// differ, is found by an e-mail address or telephone number alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchors(pub [u32; ANCHORS]);

impl Anchors {
    /// Of a party: its parts as the key compared them ([`crate::Scratch::last`]), and how it can
    /// be reached. Does not allocate.
    #[must_use]
    pub fn of(party: &Normalised<'_>, email: &str, phone: &str) -> Anchors {
        let words = || party.street.split(' ').filter(|word| !word.is_empty());
        let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
        let house = words().find(is_number).unwrap_or_default().as_bytes();
        let street = words().find(|word| word.len() > 2 && !is_number(word));
        let street = street.unwrap_or_default().as_bytes();
        let (postcode, city) = (party.postal_code.as_bytes(), party.city.as_bytes());
        let name = name_in_any_order(party.name).to_le_bytes();
        let name = if name == [0; 8] { &[] } else { name.as_slice() };
        Anchors([
            anchor(1, &[postcode, house]),
            anchor(2, &[house, street, city]),
            anchor(3, &[name, postcode]),
            anchor(4, &[name, house]),
            reached(5, email.bytes().filter(|byte| !byte.is_ascii_whitespace())),
            reached(6, phone.bytes().filter(u8::is_ascii_digit).rev().take(10)),
        ])
    }
}

/// The hash of parts that are all there, else zero.
fn anchor(tag: u8, parts: &[&[u8]]) -> u32 {
    if parts.iter().any(|part| part.is_empty()) {
        return 0;
    }
    let hash = parts
        .iter()
        .fold(Hashed::new(tag), |hash, part| hash.with(part));
    folded(hash)
}

/// The hash of an e-mail address or telephone number; zero for one too short to reach anybody.
fn reached(tag: u8, bytes: impl Iterator<Item = u8>) -> u32 {
    let (mut hash, mut count) = (Hashed::new(tag), 0);
    for byte in bytes {
        hash = hash.with(&[byte.to_ascii_lowercase()]);
        count += 1;
    }
    if count < 6 { 0 } else { folded(hash) }
}

/// Both halves of a hash in one, and never zero.
fn folded(hash: Hashed) -> u32 {
    ((hash.0 >> 32) ^ (hash.0 & 0xffff_ffff)).max(1) as u32
}

/// A hash of the words of a name whatever their order; initials do not count.
fn name_in_any_order(name: &str) -> u64 {
    name.split(' ')
        .filter(|word| word.len() > 1)
        .fold(0, |sum: u64, word| {
            sum.wrapping_add(Hashed::new(0).with(word.as_bytes()).0)
        })
}
