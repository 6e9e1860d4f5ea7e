//! A line of street taken apart: house number, street with its kind and direction, unit.

use super::{Record, care_of, latin, split};
use crate::matching::text::pairs_of_letters;
use crate::normalise::normalise_address;
use crate::words::{Role, STREET, find};

const DIRECTIONS: [&str; 8] = ["N", "S", "E", "W", "NE", "NW", "SE", "SW"];

impl Record {
    pub(super) fn read_street(&mut self, street: &str) {
        let text = latin(|out| normalise_address(street, out));
        let mut words: Vec<&[u8]> = split(&text).collect();
        if let Some((at, _)) = care_of(&words) {
            // The line ends where the house number or the box begins.
            let is_address = |word: &&[u8]| word[0].is_ascii_digit() || **word == *b"PO";
            let after = words[at..].iter().position(is_address);
            let end = after.map_or(words.len(), |after| at + after);
            words.drain(at..end);
        }
        let mut at = 0;
        while at < words.len() {
            let word = words[at];
            let entry = find(&STREET, word);
            at += 1;
            if let Some(direction) = DIRECTIONS.iter().find(|one| one.as_bytes() == word) {
                self.directions.push(direction);
                continue;
            }
            match entry.map(|entry| entry.role) {
                Some(Role::Unit) if self.unit.is_empty() && at < words.len() => {
                    at += self.read_unit(&words[at..]);
                }
                Some(Role::Street) if !self.street.is_empty() => {
                    self.kinds.extend(entry.map(|entry| entry.form));
                }
                _ if self.house.is_empty() && is_house(word) => self.house = word.into(),
                _ => self.street.push(word.into()),
            }
        }
        // Each once, so that comparing them takes no longer the longer a line is.
        self.kinds.sort_unstable();
        self.kinds.dedup();
        self.directions.sort_unstable();
        self.directions.dedup();
        let numbers = self.street.iter().filter(|word| word[0].is_ascii_digit());
        self.street_numbers = numbers.cloned().collect();
        self.street_numbers.sort_unstable();
        self.street_numbers.dedup();
        self.street_text = self.street.concat().into();
        self.street_pairs = pairs_of_letters(&self.street_text);
    }

    /// The number of a flat: `4`, `4B` and `4 B` alike. Returns how many words it took.
    fn read_unit(&mut self, words: &[&[u8]]) -> usize {
        let mut unit = words[0].to_vec();
        let mut taken = 1;
        if let Some(letter) = words.get(1).filter(|word| word.len() == 1)
            && unit.iter().all(u8::is_ascii_digit)
        {
            unit.extend_from_slice(letter);
            taken = 2;
        }
        let zeros = unit.iter().take_while(|byte| **byte == b'0').count();
        self.unit = unit.split_off(zeros.min(unit.len() - 1)).into();
        taken
    }
}

/// A number that is not the name of a street, as `42ND` is.
fn is_house(word: &[u8]) -> bool {
    let ordinal = [&b"ST"[..], b"ND", b"RD", b"TH"];
    word[0].is_ascii_digit() && !ordinal.iter().any(|end| word.ends_with(end))
}
