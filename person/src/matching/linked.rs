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

use super::anchors::Anchors;
use super::readings::joined;
use super::{Row, matched};
use crate::key::Key;
use std::collections::BTreeMap;

/// The most rows of one day that are compared with each other. On a day on which more share an
/// anchor nobody is linked, and the caller is told.
pub const MOST_COMPARED: usize = 100_000;

/// The most other persons that are named for one person; the surest come first.
pub const MOST_NAMED: usize = 3;

/// The most readings of the day in which one person stands.
pub const MOST_READINGS: usize = 5;

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
    link_day_but(parties, |_, _| false)
}

/// The same where somebody knows better: of two keys that are `apart` nothing is said, and no reading
/// holds both.
///
/// # Errors
/// As for [`link_day`].
pub fn link_day_but(
    parties: &[Party<'_>],
    apart: impl Fn(Key, Key) -> bool,
) -> Result<Vec<Linked>, TooMany> {
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
            if a == b || apart(a, b) {
                continue;
            }
            let known = pairs.entry((a.min(b), a.max(b))).or_default();
            if known.1.is_empty() || pair.score > known.0 {
                *known = (pair.score, pair.evidence);
            }
        }
        // Rows of one key have one name and one address: the first speaks for it.
        let row = |key: Key| near.partition_point(|party| party.key < key);
        joined(pairs, |a, b| apart(a, b) || contradict(row(a), row(b)))
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

#[cfg(test)]
mod tests {
    use super::super::readings::NOT_COUNTED;
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
    fn who_is_known_to_be_another_is_not_linked() {
        let names = ["Ana Lopez", "Ana Lopes", "A Lopez"];
        let parties = names.map(|name| party((name, ANA.1, ANA.2), ""));
        let [ana, anas, a] = [0, 1, 2].map(|at: usize| parties[at].key);
        let apart =
            |one: Key, other: Key| [one, other] == [ana, anas] || [other, one] == [ana, anas];
        let linked = link_day_but(&parties, apart).unwrap();
        let of = |key: Key| linked.iter().find(|one| one.key == key).unwrap();
        let with = |key: Key| -> Vec<Key> { of(key).with.iter().map(|with| with.key).collect() };
        assert_eq!((with(ana), with(anas)), (vec![a], vec![a]));
        // The initial may be either, and so stands with each alone.
        let shared = |one: Key, other: Key| {
            let readings = &of(one).readings;
            readings.iter().any(|at| of(other).readings.contains(at))
        };
        assert!(shared(ana, a) && shared(anas, a) && !shared(ana, anas));
        let nobody = link_day_but(&parties[..2], apart);
        assert_eq!(nobody, Ok(Vec::new()));
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
