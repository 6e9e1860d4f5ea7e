//! Which cells are read: drawn with a fixed seed, leaning to listed numbers, boundary minutes and named
//! origins.

use crate::cell::{Cell, Minute};
use crate::text::{summer, winter};
use crate::{lists, rates};

const FIGURES: &str = include_str!("../../../tariff/us/figures.tsv");
/// Days that only a clause of the notes names: the ends of grace for goods afloat, and the like.
const CLAUSES: [Minute; 12] = [
    summer(2019, 6, 15),
    summer(2022, 7, 27),
    winter(2025, 3, 7),
    summer(2025, 6, 4),
    summer(2025, 6, 16),
    summer(2025, 6, 30),
    summer(2025, 9, 17),
    summer(2025, 10, 5),
    winter(2026, 2, 28),
    summer(2026, 7, 28),
    summer(2026, 7, 29),
    summer(2026, 9, 15),
];
/// From the first list of section 301 to the last step that is in hand.
pub const SPAN: (Minute, Minute) = (summer(2018, 1, 1), winter(2027, 12, 1));
/// Origins that no rate names: no program but those of every origin.
const OTHER: [&[u8; 2]; 8] = [b"UA", b"GE", b"KE", b"MO", b"BY", b"CU", b"KP", b"RU"];
const CHAPTER_98: [&str; 4] = ["98010010", "98130005", "98020040", "98020080"];

/// Where cells are drawn from.
pub struct Pool {
    /// The ten-digit numbers of the schedule.
    pub numbers: Vec<u64>,
    /// Those printed in every release: a claim needs a rate, and a rate a row on the day.
    always: Vec<u64>,
    /// For each listed prefix the numbers under it.
    listed: Vec<Vec<u64>>,
    pub origins: Vec<[u8; 2]>,
    /// Moments at which something begins or ends.
    pub moments: Vec<Minute>,
}

impl Pool {
    pub fn new() -> Pool {
        let mut numbers = Vec::new();
        let mut always = Vec::new();
        for line in FIGURES.lines() {
            let cells: Vec<_> = line.split('\t').take(3).collect();
            let [number, from, until] = cells[..] else {
                continue;
            };
            if let (10, Ok(digits)) = (number.len(), number.parse::<u64>()) {
                numbers.push(digits);
                if from.is_empty() && until.is_empty() {
                    always.push(digits);
                }
            }
        }
        numbers.dedup();
        let (prefixes, mut moments) = lists::prefixes_and_moments();
        let (mut origins, others) = rates::origins_and_moments();
        moments.extend(others.into_iter().chain(CLAUSES));
        moments.retain(|moment| (SPAN.0..SPAN.1).contains(moment));
        moments.sort_unstable();
        moments.dedup();
        origins.extend(OTHER.iter().map(|origin| **origin));
        let listed = prefixes.iter().map(|prefix| under(&numbers, *prefix));
        let listed = listed.filter(|numbers| !numbers.is_empty()).collect();
        Pool {
            numbers,
            always,
            listed,
            origins,
            moments,
        }
    }

    /// A few numbers of a list, or of the schedule where no list is named.
    pub fn some_of(&self, list: &str, count: usize) -> Vec<u64> {
        let place = lists::NAMES.iter().position(|name| *name == list);
        let listed = |number: &u64| place.is_none_or(|list| lists::names(*number, list));
        let all: Vec<u64> = self.numbers.iter().copied().filter(listed).collect();
        let step = all.len().div_ceil(count).max(1);
        all.into_iter().step_by(step).collect()
    }

    /// One cell.
    pub fn cell(&self, draw: &mut Draw) -> Cell {
        let number = if draw.below(4) < 3 {
            let under = draw.below(self.listed.len() as u64) as usize;
            draw.of(&self.listed[under])
        } else {
            draw.of(&self.numbers)
        };
        let entered = match draw.below(20) {
            0..9 => draw.of(&self.moments),
            9..13 => draw.of(&self.moments) - 1,
            // What the emergency duties and their successors did fills the last years.
            13..18 => draw.between(winter(2025, 2, 1), SPAN.1),
            _ => draw.between(SPAN.0, SPAN.1),
        };
        let often: [&[u8; 2]; 6] = [b"CN", b"CA", b"MX", b"BR", b"IN", b"CH"];
        let origin = if draw.below(3) == 0 {
            *draw.of(&often)
        } else {
            draw.of(&self.origins)
        };
        let loaded = (draw.below(2) == 0).then(|| match draw.below(3) {
            0 => draw.of(&self.moments).min(entered),
            1 => (draw.of(&self.moments) - 1).min(entered),
            _ => draw.between(entered - 60 * 1440, entered),
        });
        let mut cell = Cell {
            number,
            origin,
            entered,
            vessel: draw.below(2) == 0,
            loaded,
            claim: None,
            chapter_98: (draw.below(32) == 0).then(|| draw.of(&CHAPTER_98)),
        };
        if draw.below(3) == 0 && self.always.binary_search(&number).is_ok() {
            let north = cell.of(&["CA", "MX"]);
            let south = cell.of(&["CR", "DO", "SV", "GT", "HN", "NI"]);
            cell.claim = north.then_some("S").or_else(|| south.then_some("P"));
        }
        cell
    }
}

/// The numbers of the schedule under a prefix.
fn under(numbers: &[u64], (prefix, len): (u64, u8)) -> Vec<u64> {
    let unit = 10_u64.pow(u32::from(10 - len));
    let from = numbers.partition_point(|number| *number < prefix * unit);
    let until = numbers.partition_point(|number| *number < (prefix + 1) * unit);
    numbers[from..until].to_vec()
}

/// A row of numbers from a seed (splitmix64).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn between(&mut self, from: Minute, until: Minute) -> Minute {
        let span = u64::try_from(until - from).unwrap_or(1).max(1);
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        let at = self.below(all.len() as u64);
        all[usize::try_from(at).unwrap_or(0)].clone()
    }
}
