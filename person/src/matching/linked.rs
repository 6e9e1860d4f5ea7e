//! Who on one day may be one person although the exact key tells them apart.
//!
//! A file has thousands of persons a day and hardly any of them twice, so most are set aside
//! before anything is compared: only persons who share one of their [`Anchors`] with another are
//! handed to [`super::match_people`]. What that finds, sure or uncertain, links two keys and merges
//! none: who is counted together is still the exact key's to say.
//!
//! One person may be each of two others who are not one, such as the `J. Lopez` of a house where
//! Juan and Julia Lopez live. So links are not simply closed: each [`Linked::readings`] holds persons
//! of whom no two contradict, and a person may stand in several.
//!
//! Only the persons of one day are compared, so what is found for a day depends on nothing but that
//! day's persons: not on the rest of the file, nor on its order.

use super::cluster::{Clusters, any_pair};
use super::text::Hashed;
use super::{Row, matched};
use crate::key::{Key, Normalised};
use std::collections::BTreeMap;

/// How many [`Anchors`] a person has.
const ANCHORS: usize = 6;

/// The most rows of one day that are compared with each other. On a day on which more share an
/// anchor nobody is linked, and the caller is told.
pub const MOST_COMPARED: usize = 20_000;

/// The most other persons that are named for one person; the surest come first.
pub const MOST_NAMED: usize = 3;

/// The most readings of the day in which one person stands.
pub const MOST_READINGS: usize = 5;

/// As many members of two clusters are asked whether they have a part in a reading of both.
const ASKED: usize = 64;

/// What is said of a link that no reading holds.
const NOT_COUNTED: &str = "; not counted together: one of them may be too many others";

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
    /// The readings of the day in which this person stands, ascending; never empty, and no more than
    /// [`MOST_READINGS`]. All of one number may be one person, directly or through another of them,
    /// and no two of them contradict. The first reading has the surest links; the others have those
    /// that contradict it.
    pub readings: Vec<u32>,
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
    Ok(matched(&rows, |found, contradict| {
        // The surest pair of two keys speaks for them.
        let mut pairs: BTreeMap<(Key, Key), (i32, String)> = BTreeMap::new();
        for pair in found.pairs {
            let (a, b) = (near[pair.a].key, near[pair.b].key);
            if a == b {
                continue;
            }
            let known = pairs.entry((a.min(b), a.max(b))).or_default();
            if known.1.is_empty() || pair.score > known.0 {
                *known = (pair.score, pair.evidence);
            }
        }
        // Rows of one key have one name and one address: the first speaks for it.
        let row = |key: Key| near.partition_point(|party| party.key < key);
        joined(pairs, |a, b| contradict(row(a), row(b)))
    }))
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

/// Each linked key with those it is linked to, and the readings that the links make.
fn joined(
    mut pairs: BTreeMap<(Key, Key), (i32, String)>,
    contradict: impl Fn(Key, Key) -> bool,
) -> Vec<Linked> {
    let mut keys: Vec<Key> = pairs.keys().flat_map(|(a, b)| [*a, *b]).collect();
    keys.sort_unstable();
    keys.dedup();
    let linked: Vec<(u32, u32, i32)> = pairs
        .iter()
        .map(|((a, b), (score, _))| {
            let place = |key: &Key| keys.partition_point(|one| one < key) as u32;
            (place(a), place(b), *score)
        })
        .collect();
    let key = |place: u32| keys[place as usize];
    let apart = |a: u32, b: u32| {
        let pair = (key(a.min(b)), key(a.max(b)));
        !pairs.contains_key(&pair) && contradict(pair.0, pair.1)
    };
    let (readings, lost) = readings(keys.len(), linked, apart);
    for (a, b) in lost {
        if let Some((_, evidence)) = pairs.get_mut(&(key(a), key(b))) {
            evidence.push_str(NOT_COUNTED);
        }
    }
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
    let linked = with.into_iter().zip(readings);
    linked
        .map(|((key, mut with), readings)| {
            with.sort_by(|a, b| b.score.cmp(&a.score).then(a.key.cmp(&b.key)));
            with.truncate(MOST_NAMED);
            Linked {
                key,
                readings,
                with,
            }
        })
        .collect()
}

/// The readings in which each of `count` persons stands, and the links that none of them holds.
/// `links` are two persons, the lesser first, with a score.
fn readings(
    count: usize,
    mut links: Vec<(u32, u32, i32)>,
    apart: impl Fn(u32, u32) -> bool,
) -> (Vec<Vec<u32>>, Vec<(u32, u32)>) {
    links.sort_unstable_by(|x, y| y.2.cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    let mut clusters = Clusters::new((0..).take(count));
    links.retain(|(a, b, _)| !clusters.join(*a, *b, |x, y| any_pair(x, y, &apart)));
    let mut readings: Vec<Vec<u32>> = (0..)
        .take(count)
        .map(|at| vec![clusters.root(at)])
        .collect();
    let (mut next, mut lost) = (count as u32, Vec::new());
    for (a, b, _) in links {
        let room = |one: u32| readings[one as usize].len() < MOST_READINGS;
        if !room(a) || !room(b) {
            lost.push((a, b));
            continue;
        }
        let mut reading = vec![a, b];
        for of in [a, b] {
            for one in clusters.members(of).iter().take(ASKED) {
                let free = room(*one) && !reading.contains(one);
                if free && !reading.iter().any(|other| apart(*one, *other)) {
                    reading.push(*one);
                }
            }
        }
        for one in reading {
            readings[one as usize].push(next);
        }
        next += 1;
    }
    (readings, lost)
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
            assert_eq!(linked[0].readings, linked[1].readings);
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

    /// The names that stand together in a reading, each reading once.
    fn together(names: &[&'static str]) -> Vec<Vec<&'static str>> {
        let parties: Vec<_> = names
            .iter()
            .map(|name| party((name, ANA.1, ANA.2), ""))
            .collect();
        let linked = link_day(&parties).unwrap();
        let name = |key: Key| parties.iter().find(|one| one.key == key).unwrap().row.name;
        let mut readings: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for one in &linked {
            assert!(one.readings.is_sorted() && one.readings.len() <= MOST_READINGS);
            for reading in &one.readings {
                readings.entry(*reading).or_default().push(name(one.key));
            }
        }
        let mut together: Vec<Vec<&str>> = readings.into_values().collect();
        together.iter_mut().for_each(|names| names.sort_unstable());
        together.retain(|names| names.len() > 1);
        together.sort();
        together
    }

    #[test]
    fn two_who_contradict_are_never_counted_together() {
        // The one in the middle may be either of two, and so stands in two readings.
        assert_eq!(
            together(&["J Lopez", "Juan Lopez", "Maria Lopez", "Julia Lopez"]),
            [["J Lopez", "Juan Lopez"], ["J Lopez", "Julia Lopez"]]
        );
        assert_eq!(
            together(&["Thaddeus Jones", "Thaddeus Jones Jr", "Thaddeus Jones Sr"]),
            [
                ["Thaddeus Jones", "Thaddeus Jones Jr"],
                ["Thaddeus Jones", "Thaddeus Jones Sr"]
            ]
        );
        // Who goes with both readings stands in both.
        assert_eq!(
            together(&["J Lopez", "Juan Lopez", "Juan Lopes", "Julia Lopez"]),
            [
                vec!["J Lopez", "Juan Lopes", "Juan Lopez"],
                vec!["J Lopez", "Julia Lopez"]
            ]
        );
        // A chain without a contradiction is one reading.
        assert_eq!(
            together(&["Ana Lopez", "Ana Lopes", "A Lopez"]),
            [["A Lopez", "Ana Lopes", "Ana Lopez"]]
        );
    }

    #[test]
    fn who_may_be_too_many_is_told() {
        let names = [
            "J Lopez",
            "Juan Lopez",
            "Kurt Lopez",
            "Julia Lopez",
            "Jerome Lopez",
            "Jessica Lopez",
            "Joaquin Lopez",
            "Justine Lopez",
        ];
        let parties: Vec<_> = names
            .iter()
            .map(|name| party((name, ANA.1, ANA.2), ""))
            .collect();
        let linked = link_day(&parties).unwrap();
        assert_eq!(linked.len(), 7);
        let middle = linked.iter().find(|one| one.key == parties[0].key).unwrap();
        assert_eq!(middle.readings.len(), MOST_READINGS);
        let told = |one: &&Linked| one.with[0].evidence.ends_with(NOT_COUNTED);
        let alone = |one: &&Linked| one.readings.len() == 1 && one.key != middle.key;
        // One of the six stands with the initial surely, four in readings of their own.
        assert_eq!(linked.iter().filter(told).filter(alone).count(), 1);
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
        assert!(
            first
                .iter()
                .all(|one| one.readings[0] == first[0].readings[0])
        );
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
