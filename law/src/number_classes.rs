//! Numbers that no set of the law tells apart: what may be remembered of one holds for all.

use crate::sets::{Lies, NumberRange, NumberSet};
use std::collections::HashMap;

/// The number line cut where any set begins or ends, each piece with its class.
#[derive(Clone, Debug, Default)]
pub struct NumberClasses {
    /// The first number of each piece, ascending from 0.
    starts: Vec<u64>,
    /// Pieces that lie in the same sets have the same class.
    classes: Vec<u32>,
}

impl NumberClasses {
    /// The classes that `sets` make.
    #[must_use]
    pub fn of(sets: &[&NumberSet]) -> NumberClasses {
        let ranges = || sets.iter().flat_map(|set| set.ranges());
        let mut starts = vec![0];
        starts.extend(ranges().flat_map(|(low, high)| [*low, high.saturating_add(1)]));
        starts.sort_unstable();
        starts.dedup();
        let words = sets.len().div_ceil(64).max(1);
        let mut bits = vec![0_u64; starts.len() * words];
        for (place, set) in sets.iter().enumerate() {
            for (low, high) in set.ranges() {
                let first = starts.partition_point(|start| start < low);
                let after = starts.partition_point(|start| start <= high);
                for piece in first..after {
                    bits[piece * words + place / 64] |= 1 << (place % 64);
                }
            }
        }
        let mut known: HashMap<&[u64], u32> = HashMap::new();
        let mut class = |bits| {
            let next = known.len() as u32;
            *known.entry(bits).or_insert(next)
        };
        let classes = bits.chunks_exact(words).map(&mut class).collect();
        NumberClasses { starts, classes }
    }

    /// For each class, whether its numbers lie in a set that is one of those it was made of, or
    /// made of them.
    #[must_use]
    pub fn lying_in(&self, set: &NumberSet) -> Vec<bool> {
        let count = self
            .classes
            .iter()
            .max()
            .map_or(0, |last| *last as usize + 1);
        let mut lying = vec![false; count];
        for (start, class) in self.starts.iter().zip(&self.classes) {
            lying[*class as usize] |= set.holds((*start, *start)) != Lies::Outside;
        }
        lying
    }

    /// The class of all numbers of a range; `None` where some set cuts it.
    #[must_use]
    pub fn class(&self, (low, high): NumberRange) -> Option<u32> {
        let piece = self
            .starts
            .partition_point(|start| *start <= low)
            .checked_sub(1)?;
        let whole = self.starts.get(piece + 1).is_none_or(|next| high < *next);
        whole.then(|| self.classes[piece])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sets::number_range;

    #[test]
    fn numbers_of_one_class_lie_in_the_same_sets() {
        let set = |prefixes: &[&str]| {
            NumberSet::of(prefixes.iter().filter_map(|p| number_range(p)).collect())
        };
        let sets = [
            set(&["22", "24"]),
            set(&["2203"]),
            set(&["2402", "2203000030"]),
        ];
        let classes = NumberClasses::of(&sets.each_ref());
        let class = |prefix: &str| classes.class(number_range(prefix).unwrap());
        assert_eq!(class("2204"), class("2401"));
        assert_eq!(class("6109100012"), class("0101"));
        assert_ne!(class("2204"), class("2203000031"));
        assert_ne!(class("2203000030"), class("2203000031"));
        assert_eq!(class("2203"), None);
    }
}
