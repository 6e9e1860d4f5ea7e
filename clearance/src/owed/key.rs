//! Lines that are alike, folded into words: lines with equal keys meet the same headings.
//! No amount stands in a key.

use super::Goods;
use super::ask::{DutyGuess, UNKNOWNS};
use super::reads::Reads;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::duties::Duties;
use deminimis_law::facts::{FactId, FactValue};
use deminimis_law::names::Clock;

/// How many claims and how many facts a line may make and still be remembered.
const CLAIMS: usize = 2;
const FACTS: usize = 4;
/// Words of a parcel's head, and of a line with it.
const HEAD: usize = 3;
const WORDS: usize = 11;

/// What the lines of a parcel share.
#[derive(Clone, Copy)]
pub(super) struct Head([u64; HEAD]);

/// A line as the conditions of duties read it, without values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    words: [u64; WORDS],
    hash: u64,
}

impl Key {
    /// Its hash; keys with one hash may differ.
    pub fn hash(&self) -> u64 {
        self.hash
    }
}

impl Head {
    /// What the duties of a stretch read of a parcel, if a key can hold it. `epoch` is that of the
    /// schedule on the day of entry, `entered` the stretch.
    pub fn of(
        goods: Goods<'_>,
        duties: &Duties,
        reads: &Reads,
        entered: u16,
        epoch: u16,
    ) -> Option<Head> {
        let shipment = goods.shipment;
        let (mut places, mut clocks) = (0_u64, 0_u64);
        for clock in Clock::ALL {
            let at = *clock as usize;
            if *clock == Clock::EnteredAt || !reads.clocks[at] {
                continue;
            }
            let read = goods.clocks.read[at];
            let place = duties.place(*clock, read.moment);
            // A bare date that a boundary cuts is read by its day, which the key does not hold.
            if !read.exact && place != place_of_day(goods, duties, *clock) {
                return None;
            }
            places = places << 16 | u64::from(place);
            let given = u64::from(goods.clocks.given[at]);
            clocks = clocks << 2 | given << 1 | u64::from(read.exact);
        }
        let if_read = |is_read: bool, word: u64| if is_read { word } else { 0 };
        let class = shipment.postal_service_class;
        let class = class.map_or(0, |class| class as u64 + 1);
        let shipped_from = shipment.country_of_shipment.slot() as u64;
        let first = fold(
            8,
            [
                if_read(reads.mode, shipment.mode as u64),
                if_read(reads.purpose, shipment.purpose as u64),
                if_read(reads.customs_status, shipment.customs_status as u64),
                if_read(reads.postal_service_class, class),
            ],
        );
        let flags = if_read(reads.accompanied, shipment.accompanied.into()) << 1
            | if_read(reads.at_express_hub, shipment.at_express_hub.into());
        let second = fold(
            16,
            [
                if_read(reads.shipped_from, shipped_from),
                flags << 8 | clocks,
                0,
                0,
            ],
        );
        let stretch = u64::from(entered) << 16 | u64::from(epoch);
        Some(Head([stretch << 32 | first, second, places]))
    }

    /// The key of a line, if all that duties may read of it has room there.
    pub fn line(&self, line: &Line, guess: &DutyGuess) -> Option<Key> {
        if line.facts.len() > FACTS || line.claims.len() > CLAIMS {
            return None;
        }
        let mut facts = 0;
        for (fact, value) in &line.facts {
            facts = facts << 16 | stated(*fact, *value)?;
        }
        let mut words = [0; WORDS];
        words[..HEAD].copy_from_slice(&self.0);
        let number = line
            .number
            .map_or(0, |number| number.digits() << 4 | u64::from(number.len()));
        let origin = line.origin.map_or(0, |origin| origin.slot() as u64 + 1);
        words[3] = number << 16 | origin;
        words[4] = facts;
        match line.claims.as_slice() {
            [] => {}
            [one] => (words[5], words[6]) = claimed(*one),
            [one, other, ..] => {
                let (one, other) = (claimed(*one), claimed(*other));
                (words[5], words[6]) = (one.0, one.1 << 32 | other.1);
                words[7] = other.0;
            }
        }
        if *guess != DutyGuess::default() {
            let tried = guess.origin.map_or(0, |origin| origin.slot() as u64 + 1);
            words[8] = tried;
            for (place, fact) in guess.facts.iter().enumerate().take(UNKNOWNS) {
                let (fact, answer) = (*fact).unwrap_or((FactId(u16::MAX), false));
                let answer = u64::from(fact.0) << 1 | u64::from(answer);
                words[9 + place / 2] = words[9 + place / 2] << 32 | answer;
            }
        }
        Some(Key {
            hash: hash(&words),
            words,
        })
    }
}

/// A fact as conditions read it; nothing where the key cannot hold its value. What is compared with
/// dollars marks its stack as hanging on a value, which is not remembered.
fn stated(fact: FactId, value: FactValue) -> Option<u64> {
    let kind = match value {
        FactValue::Bool(answer) => 1 + u64::from(answer),
        FactValue::Usd(_) => 3,
        FactValue::Text(_) | FactValue::Share(_) => return None,
    };
    (fact.0 < 1 << 14).then_some(u64::from(fact.0) << 2 | kind)
}

/// A code of at most twelve bytes.
fn claimed(claim: Claim) -> (u64, u64) {
    let (mut first, mut rest) = (0, 0);
    for (at, byte) in claim.as_str().bytes().enumerate() {
        let word = if at < 8 { &mut first } else { &mut rest };
        *word = *word << 8 | u64::from(byte);
    }
    (first, rest)
}

/// The stretch in which the day of a bare date lies, if it lies in one.
fn place_of_day(goods: Goods<'_>, duties: &Duties, clock: Clock) -> u16 {
    let day = goods.clocks.read[clock as usize].day;
    let zone = goods.law.zone();
    let start = duties.place(clock, zone.midnight(day));
    let end = duties.place(clock, zone.midnight(day.plus(1)));
    if start == end { end } else { u16::MAX }
}

/// Lays parts of so many bits side by side.
fn fold<const N: usize>(bits: u32, parts: [u64; N]) -> u64 {
    parts.into_iter().fold(0, |word, part| word << bits | part)
}

/// A quick hash.
fn hash(words: &[u64; WORDS]) -> u64 {
    let mix = |hash: u64, word: &u64| {
        let product = u128::from(hash ^ word) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        product as u64 ^ (product >> 64) as u64
    };
    words.iter().fold(0x243f_6a88_85a3_08d3, mix)
}
