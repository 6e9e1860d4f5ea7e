//! The parcels as they are grouped and weighed: texts as marks, in one order.
//! It must not judge.

use super::text::{NONE, Number, joint, mark, seller, words_of};
use super::{Parcel, SplitReason};
use crate::words::{Role, STREET, find};
use std::collections::{BTreeMap, BTreeSet};

/// A word of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub mark: u64,
    /// Its first letter, and whether that is all.
    pub first: char,
    pub alone: bool,
}

impl Word {
    pub fn of(word: &[u8]) -> Word {
        let mut letters = str::from_utf8(word).unwrap_or_default().chars();
        Word {
            mark: mark(word),
            first: letters.next().unwrap_or_default(),
            alone: letters.next().is_none(),
        }
    }

    /// Whether two words may be one: equal, or one of them the other's first letter.
    pub fn may_be(self, other: Word) -> bool {
        self.mark == other.mark || (self.alone || other.alone) && self.first == other.first
    }
}

/// One parcel. A mark of zero is an absent text.
pub(super) struct Fact {
    pub index: usize,
    pub day: i32,
    pub value: i64,
    pub limit: i64,
    /// The exact key, and the cluster it belongs to; where there is none, the name at the address
    /// without its unit, which senders often leave out.
    pub key: u64,
    pub person: u64,
    /// The words of the name in their order, and all of them as one mark.
    pub name: Vec<Word>,
    pub full_name: u64,
    pub email: u64,
    /// The mailbox behind it: without what stands after a plus sign.
    pub mailbox: u64,
    /// The address without its unit and kind of street.
    pub house: u64,
    pub unit: u64,
    pub seller: u64,
    pub order: Number,
    pub ordered_on: Option<i32>,
    pub total: Option<i64>,
    /// In how many parcels the order comes, as the sender says.
    pub said: u32,
    pub reason: Option<SplitReason>,
    pub master: u64,
    pub bill: Number,
    /// The first four digits of the number in the schedule.
    pub heading: u64,
    /// The words of the description that tell goods apart.
    pub goods: Vec<u64>,
    pub gift: bool,
    pub forwarder: bool,
}

/// The parcels that a limit applies to, by day, then shipment number.
pub(super) struct Facts(pub Vec<Fact>);

impl Facts {
    pub fn of(parcels: &[Parcel<'_>]) -> Facts {
        let limited = |parcel: &&Parcel<'_>| parcel.limit_cents.is_some_and(|limit| limit > 0);
        let mut kept: Vec<&Parcel<'_>> = parcels.iter().filter(limited).collect();
        kept.sort_by_key(|parcel| (parcel.day, parcel.shipment_id, parcel.index));
        // A shipment that was handed in twice is no second parcel.
        let mut seen = BTreeSet::new();
        kept.retain(|parcel| parcel.shipment_id.is_empty() || seen.insert(parcel.shipment_id));
        let mut clusters: BTreeMap<u64, u32> = BTreeMap::new();
        for parcel in &kept {
            if let Some(cluster) = parcel.linked_person {
                let least = clusters.entry(mark(&parcel.person.0)).or_insert(cluster);
                *least = cluster.min(*least);
            }
        }
        let fact = |parcel: &&Parcel<'_>| {
            let mut fact = Fact::of(parcel);
            if let Some(cluster) = clusters.get(&fact.key) {
                fact.person = joint(&[u64::from(*cluster)]);
            }
            fact
        };
        Facts(kept.iter().map(fact).collect())
    }

    pub fn fact(&self, at: u32) -> &Fact {
        &self.0[at as usize]
    }

    /// Groups of two or more that share a key, in the order of parcels each. A parcel may have no
    /// key or several.
    pub fn blocks<K: Ord, I: IntoIterator<Item = K>>(
        &self,
        keys: impl Fn(&Fact) -> I,
    ) -> Vec<Vec<u32>> {
        let mut keyed: Vec<(K, u32)> = Vec::with_capacity(self.0.len());
        for (fact, at) in self.0.iter().zip(0_u32..) {
            keyed.extend(keys(fact).into_iter().map(|key| (key, at)));
        }
        keyed.sort_unstable();
        keyed.dedup();
        let blocks = keyed.chunk_by(|a, b| a.0 == b.0);
        let several = blocks.filter(|block| block.len() > 1);
        several
            .map(|block| block.iter().map(|(_, at)| *at).collect())
            .collect()
    }
}

impl Fact {
    fn of(parcel: &Parcel<'_>) -> Fact {
        let party = &parcel.party;
        let name = words_of(party.name);
        let (house, unit, street) = address(party.street);
        let place = match party.postal_code {
            "" => mark(format!("{} {}", party.city, party.state).trim().as_bytes()),
            code => mark(code.as_bytes()),
        };
        let whole = house != NONE && place != NONE;
        let description = words_of(parcel.description);
        let key = mark(&parcel.person.0);
        let email = parcel.email.trim().to_lowercase();
        let has = |words: &[Vec<u8>], list: &[&[u8]]| {
            words.iter().any(|word| list.contains(&word.as_slice()))
        };
        Fact {
            index: parcel.index,
            day: parcel.day,
            value: parcel.value_cents.max(0),
            limit: parcel.limit_cents.unwrap_or(0),
            key,
            person: if whole && !name.is_empty() {
                joint(&[mark(party.name.as_bytes()), house, place])
            } else {
                key
            },
            full_name: mark(party.name.as_bytes()),
            email: mark(email.as_bytes()),
            mailbox: mark(mailbox(&email).as_bytes()),
            house: if whole { joint(&[house, place]) } else { NONE },
            unit,
            seller: seller(parcel.seller),
            order: Number::of(parcel.order_id),
            ordered_on: parcel.ordered_on,
            total: parcel.order_total_cents.filter(|total| *total > 0),
            said: parcel.order_parcels.unwrap_or(0),
            reason: parcel.split_reason,
            master: Number::of(parcel.master_bill).whole,
            bill: Number::of(parcel.house_bill),
            heading: heading(parcel.htsus_number),
            goods: goods(&description),
            gift: has(&description, &GIFTS),
            forwarder: has(&street, &FORWARDERS) || has(&name, &FORWARDERS),
            name: name.iter().map(|word| Word::of(word)).collect(),
        }
    }
}

/// Words that call goods a gift.
const GIFTS: [&[u8]; 5] = [b"GIFT", b"GIFTS", b"PRESENT", b"PRESENTS", b"BIRTHDAY"];

/// Words of those who take parcels in for others.
const FORWARDERS: [&[u8]; 12] = [
    b"WAREHOUSE",
    b"WHSE",
    b"FREIGHT",
    b"FORWARDING",
    b"FORWARDER",
    b"LOGISTICS",
    b"FULFILLMENT",
    b"FULFILMENT",
    b"CARGO",
    b"MAILBOX",
    b"PMB",
    b"RESHIP",
];

/// Words of descriptions that go with any goods.
const COMMON: [&[u8]; 18] = [
    b"AND", b"BLACK", b"BLUE", b"FOR", b"FROM", b"GIFT", b"GIFTS", b"ITEM", b"ITEMS", b"NEW",
    b"PACK", b"PCS", b"PIECE", b"RED", b"SET", b"THE", b"WHITE", b"WITH",
];

/// The words that tell goods apart, each once; an S at the end does not.
fn goods(words: &[Vec<u8>]) -> Vec<u64> {
    let telling = |word: &&Vec<u8>| {
        word.len() > 2 && !COMMON.contains(&word.as_slice()) && !word.iter().any(u8::is_ascii_digit)
    };
    let stem = |word: &Vec<u8>| match word.as_slice() {
        [stem @ .., b'S'] if stem.len() > 2 && stem.last() != Some(&b'S') => mark(stem),
        word => mark(word),
    };
    let mut goods: Vec<u64> = words.iter().filter(telling).map(stem).collect();
    goods.sort_unstable();
    goods.dedup();
    goods
}

/// An e-mail address without the tag that many mail services let its owner add: what stands between
/// a plus sign and the at sign.
fn mailbox(email: &str) -> String {
    match email.split_once('@') {
        Some((user, host)) => {
            let user = user.split_once('+').map_or(user, |(user, _)| user);
            format!("{user}@{host}")
        }
        None => email.to_owned(),
    }
}

/// The heading of a number in the schedule; zero if it is shorter.
fn heading(number: &str) -> u64 {
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    digits.get(..4).map_or(NONE, mark)
}

/// The marks of a normalised street line without its units and kind of street, and of the units;
/// and its words.
fn address(street: &str) -> (u64, u64, Vec<Vec<u8>>) {
    let words: Vec<Vec<u8>> = street
        .split(' ')
        .map(|word| word.as_bytes().to_vec())
        .collect();
    let (mut house, mut unit) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let is_unit = find(&STREET, &words[at]).is_some_and(|word| word.role == Role::Unit);
        if is_unit && at + 1 < words.len() {
            // STE 4 and APT 4 of one house are most likely one place.
            unit.push(words[at + 1].as_slice());
            at += 2;
        } else {
            house.push(words[at].as_slice());
            at += 1;
        }
    }
    // The kind of street is left out often, and seldom tells two houses of one code apart.
    let kind = |word: &&[u8]| find(&STREET, word).is_some_and(|word| word.role == Role::Street);
    if house.len() > 2 && house.last().is_some_and(kind) {
        house.pop();
    }
    let marks = (mark(&house.join(&b' ')), mark(&unit.join(&b' ')));
    (marks.0, marks.1, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_taken_off() {
        let (house, unit, _) = address("12 OAK ST APT 4B");
        assert_eq!((house, unit), (mark(b"12 OAK"), mark(b"4B")));
        let (house, unit, _) = address("BLDG 2 12 OAK ST STE 4");
        assert_eq!((house, unit), (mark(b"12 OAK"), mark(b"2 4")));
        assert_eq!(address("12 OAK ST").1, NONE);
        // A unit without its number is a word like others.
        assert_ne!(address("12 OAK ST APT").0, mark(b"12 OAK"));
        // The kind of street may be missing, but not the rest, nor what is the street's name.
        assert_eq!(address("12 OAK AVE").0, address("12 OAK").0);
        assert_ne!(address("12 N OAK ST").0, address("12 OAK ST").0);
        assert_eq!(address("12 AVE").0, mark(b"12 AVE"));
        assert_eq!(address("").0, NONE);
    }

    #[test]
    fn tags_of_a_mailbox_are_taken_off() {
        assert_eq!(mailbox("ana+shop2@example.com"), "ana@example.com");
        assert_eq!(mailbox("ana@example.com"), "ana@example.com");
        assert_eq!(mailbox("ana+1"), "ana+1");
    }

    #[test]
    fn goods_by_their_telling_words() {
        let of = |text: &str| goods(&words_of(text));
        assert_eq!(of("Black leather shoes"), of("2 pcs LEATHER shoe"));
        assert_ne!(of("glass"), of("glas"));
        assert!(of("new set, 12 pcs").is_empty());
        assert_eq!(heading("6403.99.60"), heading("640391"));
        assert_eq!(heading("640"), NONE);
    }
}
