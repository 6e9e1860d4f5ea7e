//! From pairs of persons who may be one to readings of the day: who is counted together.
//!
//! One person may be each of two others who are not one. So links are not simply closed: a reading
//! holds persons of whom no two contradict, and a person may stand in several.

use super::cluster::{Clusters, Joined, any_pair};
use super::linked::{Linked, MOST_NAMED, MOST_READINGS, With};
use crate::key::Key;
use std::collections::BTreeMap;

/// As many members of two clusters are asked whether they have a part in a reading of both.
const ASKED: usize = 64;

/// What is said of a link that no reading holds.
pub(super) const NOT_COUNTED: &str = "; not counted together: one of them may be too many others";

/// Each linked key with those it is linked to, and the readings that the links make.
pub(super) fn joined(
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
    links.retain(|(a, b, _)| clusters.join(*a, *b, |x, y| any_pair(x, y, &apart)) != Joined::One);
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
