//! Sets of numbers and of origins that change over time, as the assessment looks them up.

use crate::codes::{COUNTRY_SLOTS, Country};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Inclusive range of ten-digit numbers that a prefix covers.
pub type NumberRange = (u64, u64);

/// The range of a prefix of 2, 4, 6, 8 or 10 digits; `None` if it is not one. An odd count has lost
/// a leading zero and would silently name other goods.
#[must_use]
pub fn number_range(prefix: &str) -> Option<NumberRange> {
    let digits = prefix.len();
    if !matches!(digits, 2 | 4 | 6 | 8 | 10) || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scale = 10_u64.pow(10 - digits as u32);
    let low = prefix.parse::<u64>().ok()? * scale;
    Some((low, low + scale - 1))
}

/// The numbers a condition names, as written: prefixes and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberTest {
    /// Prefixes written in the condition.
    pub ranges: Vec<NumberRange>,
    /// Groups named in it.
    pub groups: Vec<String>,
}

/// The origins a condition names, as written: countries and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginTest {
    /// Countries written in the condition.
    pub countries: Vec<Country>,
    /// Groups named in it.
    pub groups: Vec<String>,
}

/// A value that changes at moments: the one at `at` is the last whose start is not after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T>(Vec<(Moment, T)>);

impl<T: Default + PartialEq> Dated<T> {
    /// Builds the value for each stretch between `bounds`, merging equal neighbours.
    pub fn build(mut bounds: Vec<Moment>, value: impl Fn(Moment) -> T) -> Dated<T> {
        bounds.push(Moment::MIN);
        bounds.sort_unstable();
        bounds.dedup();
        let mut stretches: Vec<(Moment, T)> = Vec::new();
        for bound in bounds {
            let next = value(bound);
            if stretches.last().is_none_or(|(_, last)| *last != next) {
                stretches.push((bound, next));
            }
        }
        Dated(stretches)
    }

    /// The value at a moment.
    #[must_use]
    pub fn at(&self, at: Moment) -> &T {
        let after = self.0.partition_point(|(from, _)| *from <= at);
        &self.0[after.saturating_sub(1)].1
    }

    /// Whether it never changes.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.0.len() == 1
    }

    /// Every value it takes, in order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The moments at which the value changes.
    pub fn bounds(&self) -> impl Iterator<Item = Moment> {
        self.0.iter().skip(1).map(|(from, _)| *from)
    }
}

/// Ten-digit numbers as ascending ranges that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSet(Vec<NumberRange>);

/// How a given number, perhaps shortened, lies to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// All ten-digit numbers it may stand for are in the set.
    Inside,
    /// None is.
    Outside,
    /// Some are: the number is too short to tell.
    Across,
}

impl NumberSet {
    /// Sorts and merges ranges.
    #[must_use]
    pub fn of(mut ranges: Vec<NumberRange>) -> NumberSet {
        ranges.sort_unstable();
        let mut merged: Vec<NumberRange> = Vec::new();
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        NumberSet(merged)
    }

    /// Its ranges, ascending.
    #[must_use]
    pub fn ranges(&self) -> &[NumberRange] {
        &self.0
    }

    /// What a set held at any time.
    #[must_use]
    pub fn ever(dated: &Dated<NumberSet>) -> NumberSet {
        NumberSet::of(
            dated
                .values()
                .flat_map(|set| set.0.iter().copied())
                .collect(),
        )
    }

    /// Where the numbers `low` to `high` lie.
    #[must_use]
    pub fn holds(&self, (low, high): NumberRange) -> Lies {
        let at = self.0.partition_point(|range| range.1 < low);
        match self.0.get(at) {
            Some(range) if range.0 <= low && high <= range.1 => Lies::Inside,
            Some(range) if range.0 <= high => Lies::Across,
            _ => Lies::Outside,
        }
    }
}

/// Countries as bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OriginSet([u64; COUNTRY_SLOTS.div_ceil(64)]);

impl OriginSet {
    /// Adds a country.
    pub fn add(&mut self, country: Country) {
        self.0[country.slot() / 64] |= 1 << (country.slot() % 64);
    }

    /// Whether the country is in the set.
    #[must_use]
    pub fn has(&self, country: Country) -> bool {
        self.0[country.slot() / 64] >> (country.slot() % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_number_is_inside_outside_or_across() {
        let set = NumberSet::of(vec![
            number_range("2203").unwrap(),
            number_range("22083030").unwrap(),
        ]);
        let lies = |prefix: &str| set.holds(number_range(prefix).unwrap());
        assert_eq!(lies("2203000030"), Lies::Inside);
        assert_eq!(lies("2208"), Lies::Across);
        assert_eq!(lies("22"), Lies::Across);
        assert_eq!(lies("6109100012"), Lies::Outside);
        assert_eq!(number_range("6"), None);
        assert_eq!(number_range("61091000121"), None);
    }

    #[test]
    fn a_dated_value_changes_on_its_moment() {
        let dated = Dated::build(vec![Moment(10), Moment(20)], |at| {
            u8::from(at >= Moment(10))
        });
        assert_eq!(
            (
                *dated.at(Moment(9)),
                *dated.at(Moment(10)),
                *dated.at(Moment(25))
            ),
            (0, 1, 1)
        );
        assert_eq!(dated.bounds().collect::<Vec<_>>(), [Moment(10)]);
    }
}
