//! Who on one day may be one person although the exact key tells them apart.
//!
//! A file has thousands of persons a day and hardly any of them twice, so most are set aside
//! before anything is compared: only persons who share one of their [`Anchors`] with another are
//! handed to [`match_people`]. What that finds, sure or uncertain, links two keys and merges none:
//! who is counted together is still the exact key's to say.
//!
//! Only the persons of one day are compared, so what is found for a day depends on nothing but that
//! day's persons: not on the rest of the file, nor on its order.

use super::text::Hashed;
use super::{Row, match_people};
use crate::key::{Key, Normalised};
use std::collections::BTreeMap;

/// How many [`Anchors`] a person has.
const ANCHORS: usize = 6;

/// The most rows of one day that are compared with each other. On a day on which more share an
/// anchor nobody is linked, and the caller is told.
pub const MOST_COMPARED: usize = 20_000;

/// The most other persons that are named for one person; the surest come first.
pub const MOST_NAMED: usize = 3;

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

/// A party of the day. One key may come with several rows: what the key does not compare, such as
/// an e-mail address, may differ among them.
#[derive(Clone, Copy)]
pub struct Party<'a> {
    /// Its exact key.
    pub key: Key,
    /// What it may share with another spelling of it.
    pub anchors: Anchors,
    /// Its name and address as given. The `id` is not read.
    pub row: Row<'a>,
}

/// A person whom others of the day may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The exact key.
    pub key: Key,
    /// All of one number may be one person, directly or through another of them.
    pub cluster: u32,
    /// Who else this person may be: at most [`MOST_NAMED`], the surest first. Never empty.
    pub with: Vec<With>,
}

/// Another person with whom one may be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// Their exact key.
    pub key: Key,
    /// Hundredths of the logarithm of the odds, base 2, as in [`super::Pair`].
    pub score: i32,
    /// Why, in words that repeat nothing of the rows.
    pub evidence: String,
}

/// More rows of a day share an anchor than are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} rows of one day are too many to be compared")]
pub struct TooMany(pub usize);

/// Links the parties of one day who may be one person. The order of `parties` does not matter. The
/// persons that are linked come sorted by key.
///
/// # Errors
/// [`TooMany`] if more than [`MOST_COMPARED`] rows share an anchor.
pub fn link_day(parties: &[Party<'_>]) -> Result<Vec<Linked>, TooMany> {
    let near = near_others(parties);
    if near.len() > MOST_COMPARED {
        return Err(TooMany(near.len()));
    }
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = (0..near.len()).map(|at| format!("{at:08}")).collect();
    let rows: Vec<Row<'_>> = near
        .iter()
        .zip(&ids)
        .map(|(party, id)| Row { id, ..party.row })
        .collect();
    // The surest pair of two keys speaks for them.
    let mut pairs: BTreeMap<(Key, Key), (i32, String)> = BTreeMap::new();
    for pair in match_people(&rows).pairs {
        let (a, b) = (near[pair.a].key, near[pair.b].key);
        if a == b {
            continue;
        }
        let known = pairs.entry((a.min(b), a.max(b))).or_default();
        if known.1.is_empty() || pair.score > known.0 {
            *known = (pair.score, pair.evidence);
        }
    }
    Ok(joined(pairs))
}

/// The rows that share an anchor with a row of another key, each once, in an order of their own.
fn near_others<'a>(parties: &[Party<'a>]) -> Vec<Party<'a>> {
    let anchors = parties.iter().zip(0_u64..).flat_map(|(party, at)| {
        let given = party.anchors.0.into_iter().filter(|anchor| *anchor != 0);
        given.map(move |anchor| u64::from(anchor) << 32 | at)
    });
    let mut anchors: Vec<u64> = anchors.collect();
    anchors.sort_unstable();
    let party = |anchor: &u64| &parties[(anchor & 0xffff_ffff) as usize];
    let mut near = vec![false; parties.len()];
    for shared in anchors.chunk_by(|a, b| a >> 32 == b >> 32) {
        let first = party(&shared[0]).key;
        if shared.iter().any(|anchor| party(anchor).key != first) {
            for anchor in shared {
                near[(anchor & 0xffff_ffff) as usize] = true;
            }
        }
    }
    let near = parties.iter().zip(near).filter(|(_, near)| *near);
    let mut near: Vec<Party<'a>> = near.map(|(party, _)| *party).collect();
    let all = |party: &Party<'a>| (party.key, texts(&party.row));
    near.sort_unstable_by(|a, b| all(a).cmp(&all(b)));
    near.dedup_by(|a, b| all(a) == all(b));
    near
}

fn texts<'a>(row: &Row<'a>) -> [&'a str; 8] {
    [
        row.name,
        row.street,
        row.city,
        row.state,
        row.postal_code,
        row.country,
        row.email,
        row.phone,
    ]
}

/// Each linked key with those it is linked to, and the clusters that the links make.
fn joined(pairs: BTreeMap<(Key, Key), (i32, String)>) -> Vec<Linked> {
    let mut with: BTreeMap<Key, Vec<With>> = BTreeMap::new();
    for ((a, b), (score, evidence)) in &pairs {
        for (one, other) in [(a, b), (b, a)] {
            with.entry(*one).or_default().push(With {
                key: *other,
                score: *score,
                evidence: evidence.clone(),
            });
        }
    }
    let places: BTreeMap<Key, u32> = with.keys().copied().zip(0..).collect();
    let mut clusters = super::Clusters::new(places.len());
    for (a, b) in pairs.keys() {
        // Nothing contradicts here: what is asked is what the day holds if all of it is so.
        clusters.join(places[a], places[b], |_, _| false);
    }
    let linked = with.into_iter().zip(0_u32..);
    linked
        .map(|((key, mut with), place)| {
            with.sort_by(|a, b| b.score.cmp(&a.score).then(a.key.cmp(&b.key)));
            with.truncate(MOST_NAMED);
            Linked {
                key,
                cluster: clusters.root(place),
                with,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{PartyText, Scratch};

    type Given = (&'static str, &'static str, &'static str);

    fn party((name, street, postal_code): Given, email: &'static str) -> Party<'static> {
        let text = PartyText {
            name: Some(name),
            street: Some(street),
            city: Some("Austin"),
            state: Some("TX"),
            postal_code: Some(postal_code),
            country: Some("US"),
        };
        let mut scratch = Scratch::new();
        let key = Key::of(&text, "party", None, &mut scratch).unwrap();
        Party {
            key,
            anchors: Anchors::of(&scratch.last(), email, ""),
            row: Row {
                id: "",
                name,
                street,
                city: "Austin",
                state: "TX",
                postal_code,
                country: "US",
                email,
                phone: "",
            },
        }
    }

    const ANA: Given = ("Ana Lopez", "12 Oak St", "78701");

    #[test]
    fn spellings_of_one_person_are_linked() {
        for (near, words) in [
            (
                ("Ana Lopes", "12 Oak St", "78701"),
                "surname differs by one letter",
            ),
            (
                ("Lopez, Ana", "12 Oak Street", "78701"),
                "same name; same street",
            ),
            (("A Lopez", "12 Oak St", "78701"), "agrees with an initial"),
            (("Ana Lopez", "21 Oak St", "78701"), "house number differs"),
            (
                ("Ana Lopez", "12 Oak St", "78710"),
                "postcode differs by one digit",
            ),
            (("Ana Lopez", "12 Oak St Apt 4", "78701"), "same name"),
        ] {
            let other = ("Robert Chen", "900 Lake Ave", "75201");
            let parties = [ANA, near, other].map(|given| party(given, ""));
            let linked = link_day(&parties).unwrap();
            let keys: Vec<Key> = linked.iter().map(|one| one.key).collect();
            let mut expected = vec![parties[0].key, parties[1].key];
            expected.sort_unstable();
            assert_eq!(keys, expected, "{near:?}");
            assert_eq!(linked[0].cluster, linked[1].cluster);
            for (one, other) in [(0, 1), (1, 0)] {
                assert_eq!(linked[one].with.len(), 1);
                assert_eq!(linked[one].with[0].key, keys[other]);
                let said = &linked[one].with[0].evidence;
                assert!(said.contains(words), "{near:?}: {said}");
                assert!(!said.contains("Ana") && !said.contains("Oak"), "{said}");
            }
        }
    }

    #[test]
    fn others_are_not() {
        for other in [
            ("Robert Chen", "900 Lake Ave", "75201"),
            // A couple, and a neighbour.
            ("Luis Lopez", "12 Oak St", "78701"),
            ("Robert Chen", "12 Oak St", "78701"),
            ("Maria Gonzalez", "14 Oak St", "78701"),
        ] {
            let parties = [ANA, other].map(|given| party(given, ""));
            assert_eq!(link_day(&parties), Ok(Vec::new()), "{other:?}");
        }
        let twice = [ANA, ANA].map(|given| party(given, ""));
        assert_eq!(link_day(&twice), Ok(Vec::new()));
        assert_eq!(link_day(&[]), Ok(Vec::new()));
    }

    #[test]
    fn an_email_address_links_who_has_moved() {
        let moved = ("Ana Lopez", "900 Lake Ave", "75201");
        let apart = [party(ANA, ""), party(moved, "")];
        assert_eq!(link_day(&apart), Ok(Vec::new()));
        let one = [
            party(ANA, "ana@example.org"),
            party(moved, "ANA@example.org "),
        ];
        let linked = link_day(&one).unwrap();
        assert_eq!(linked.len(), 2);
        assert!(linked[0].with[0].evidence.contains("e-mail"));
    }

    #[test]
    fn the_order_of_parties_does_not_matter_and_few_are_named() {
        let spellings = [
            "Ana Lopez",
            "Ana Lopes",
            "Ana Lopex",
            "Ana Loopez",
            "Anna Lopez",
            "A Lopez",
        ];
        let of = |name| party((name, ANA.1, ANA.2), "");
        let mut parties: Vec<_> = spellings.into_iter().map(of).collect();
        let first = link_day(&parties).unwrap();
        assert_eq!(first.len(), spellings.len());
        assert!(first.iter().all(|one| one.cluster == first[0].cluster));
        assert!(first.iter().all(|one| one.with.len() <= MOST_NAMED));
        assert!(first[0].with.is_sorted_by_key(|with| -with.score));
        for _ in 0..spellings.len() {
            parties.rotate_left(1);
            assert_eq!(link_day(&parties).unwrap(), first);
            parties.swap(0, 3);
            assert_eq!(link_day(&parties).unwrap(), first);
        }
    }

    #[test]
    fn more_than_can_be_compared_is_said() {
        let names: Vec<String> = (0..=MOST_COMPARED)
            .map(|at| format!("Ana Lopez {at}"))
            .collect();
        let parties: Vec<Party<'_>> = names
            .iter()
            .zip(0_u128..)
            .map(|(name, at)| Party {
                key: Key(at.to_be_bytes()),
                row: Row {
                    name,
                    ..Row::default()
                },
                ..party(ANA, "")
            })
            .collect();
        assert_eq!(link_day(&parties), Err(TooMany(MOST_COMPARED + 1)));
    }
}
