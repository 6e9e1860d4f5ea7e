//! The rates: program, list and origin to heading, kind and rate, with their spans.

use crate::cell::{Kind, Minute};
use crate::text::{minute, ppm, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

const TEXT: &str = include_str!("../../../law/tests/independent/rates.csv");
const ANY: [u8; 2] = *b"**";

/// What a heading charges in a span.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub headings: &'static str,
    pub kind: Kind,
    pub ppm: u32,
    from: Minute,
    until: Minute,
}

type Key = (&'static str, &'static str, [u8; 2]);

static RATES: LazyLock<HashMap<Key, Vec<Rate>>> = LazyLock::new(|| {
    let mut all: HashMap<Key, Vec<Rate>> = HashMap::new();
    for cells in rows(TEXT) {
        let rate = Rate {
            headings: cells[1],
            kind: match cells[2] {
                "additive" => Kind::Additive,
                "floor" => Kind::Floor,
                other => panic!("{other} is not a kind"),
            },
            ppm: ppm(cells[3]),
            from: minute(cells[6]).expect("a rate begins"),
            until: minute(cells[7]).unwrap_or(Minute::MAX),
        };
        for origin in cells[4].split(';') {
            let origin = origin.as_bytes().try_into().unwrap_or(ANY);
            all.entry((cells[0], cells[5], origin))
                .or_default()
                .push(rate);
        }
    }
    all
});

/// The rate in force: the origin's own, else that of every origin.
pub fn rate(
    program: &'static str,
    list: &'static str,
    origin: [u8; 2],
    at: Minute,
) -> Option<Rate> {
    let of = |origin| {
        let spans = RATES.get(&(program, list, origin))?;
        let mut spans = spans.iter();
        spans.find(|rate| rate.from <= at && at < rate.until)
    };
    of(origin).or_else(|| of(ANY)).copied()
}

/// Every origin that a rate names, and every moment at which a rate changes.
pub fn origins_and_moments() -> (Vec<[u8; 2]>, Vec<Minute>) {
    let mut origins: Vec<_> = RATES.keys().map(|key| key.2).collect();
    origins.retain(|origin| *origin != ANY);
    origins.sort_unstable();
    origins.dedup();
    let rates = RATES.values().flatten();
    let moments = rates.flat_map(|rate| [rate.from, rate.until]).collect();
    (origins, moments)
}

/// How a heading charges.
pub fn kind_of(headings: &str) -> Option<Kind> {
    let heading = headings.split('/').next()?;
    let mut rates = RATES.values().flatten();
    let named = rates.find(|rate| rate.headings.split('/').any(|one| one == heading));
    named.map(|rate| rate.kind)
}

/// The programs that have a rate.
pub fn programs() -> Vec<&'static str> {
    let mut all: Vec<_> = RATES.keys().map(|key| key.0).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A rate with the origins that it names.
pub struct Wide {
    pub list: &'static str,
    pub origins: Vec<[u8; 2]>,
    pub from: Minute,
    pub until: Minute,
}

/// Every rate, with the list it reaches; one that reaches every origin stands for three.
pub fn rows_of_interest() -> Vec<Wide> {
    let mut all: Vec<Wide> = Vec::new();
    for (key, spans) in RATES.iter() {
        for rate in spans {
            all.push(Wide {
                list: key.1,
                origins: if key.2 == ANY {
                    vec![*b"VN", *b"UA", *b"CA"]
                } else {
                    vec![key.2]
                },
                from: rate.from,
                until: rate.until.min(Minute::MAX - 1),
            });
        }
    }
    all.sort_by_key(|row| (row.list, row.origins.clone(), row.from));
    all
}

/// No two rates of a program, list and origin stand at one moment.
pub fn assert_disjoint() {
    for (key, spans) in RATES.iter() {
        for (at, one) in spans.iter().enumerate() {
            for other in &spans[at + 1..] {
                let apart = one.until <= other.from || other.until <= one.from;
                assert!(apart, "{key:?}: {one:?} and {other:?}");
            }
        }
    }
}
