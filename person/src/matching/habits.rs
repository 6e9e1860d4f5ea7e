//! What a file as a whole shows of how its rows differ.
//!
//! Two names at one address that share the surname alone are a couple in a file of parcels, and one
//! person in a register whose given names are wrong. A pair of rows cannot say which; the file can.
//! Errors put other surnames beside a given name about as often as other given names beside a
//! surname, whereas families share surnames and hardly ever given names. So what is beyond twice
//! the one is taken for families. A file that is too small to show anything is taken to have
//! families and no replaced names.

use super::compare::Names;
use super::fixed::log2_ratio;

/// Fewer pairs show nothing.
const ENOUGH: u32 = 20;
const ENOUGH_SAME: u32 = 100;

/// What a file is taken to be without sign of anything else.
const GIVEN_REPLACED: i32 = -800;
const SURNAME_REPLACED: i32 = 0;
const PART_MISSING: i32 = 0;

/// As much as what the file shows can count.
const MOST: i32 = 900;

/// Pairs of rows at one address, by how their names agree.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    both: u32,
    surname_only: u32,
    given_only: u32,
    neither: u32,
}

impl Tally {
    /// Counts a pair whose addresses agree.
    pub fn count(&mut self, names: &Names) {
        let (given, surname) = (names.given, names.surname);
        let place = match () {
            () if given.agrees() && surname.agrees() => &mut self.both,
            () if given.differs() && surname.agrees() => &mut self.surname_only,
            () if given.agrees() && surname.differs() => &mut self.given_only,
            () if given.differs() && surname.differs() => &mut self.neither,
            () => return,
        };
        *place += 1;
    }
}

/// What a difference in names at one address says for one person, in hundredths of the logarithm
/// of the odds, base 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Given names differ, surnames agree.
    pub given_replaced: i32,
    /// Surnames differ, given names agree.
    pub surname_replaced: i32,
    /// One of the two is absent, the other agrees.
    pub part_missing: i32,
}

impl Default for Habits {
    fn default() -> Habits {
        Habits {
            given_replaced: GIVEN_REPLACED,
            surname_replaced: SURNAME_REPLACED,
            part_missing: PART_MISSING,
        }
    }
}

impl Habits {
    /// Whether names of one person differ in this file as if they had been replaced, so that
    /// another name at the same address is no sign of another person.
    #[must_use]
    pub fn names_are_replaced(&self) -> bool {
        self.given_replaced >= super::SAME
    }

    pub(super) fn of(tally: &Tally) -> Habits {
        let Tally {
            both,
            surname_only,
            given_only,
            neither,
        } = *tally;
        let mut habits = Habits::default();
        // Those who share an address and no name: beyond what two errors in one pair make,
        // counted twice to be on the safe side, they are other persons.
        let by_error = u64::from(surname_only) * u64::from(given_only) / u64::from(both.max(1));
        let by_error = by_error.saturating_mul(2);
        let strangers = neither.saturating_sub(u32::try_from(by_error).unwrap_or(u32::MAX));
        let family = surname_only.saturating_sub(given_only.saturating_mul(2));
        let odds = |for_one: u32, against: u32| {
            let against = against.saturating_add(1 + for_one / 512);
            log2_ratio(for_one, against).clamp(GIVEN_REPLACED, MOST)
        };
        if both >= ENOUGH_SAME {
            let others = family.saturating_add(strangers);
            habits.part_missing = odds(both, others).max(PART_MISSING);
        }
        if given_only >= ENOUGH && family == 0 && strangers <= given_only {
            habits.given_replaced = odds(surname_only, strangers / 4);
            habits.surname_replaced = odds(given_only, strangers / 4);
        }
        habits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habits(both: u32, surname_only: u32, given_only: u32, neither: u32) -> Habits {
        Habits::of(&Tally {
            both,
            surname_only,
            given_only,
            neither,
        })
    }

    #[test]
    fn little_shows_nothing() {
        assert_eq!(habits(0, 0, 0, 0), Habits::default());
        assert_eq!(habits(99, 19, 19, 0), Habits::default());
        // Counts of any size are taken.
        assert!(habits(u32::MAX, u32::MAX, u32::MAX, u32::MAX).given_replaced <= MOST);
    }

    #[test]
    fn families_share_surnames() {
        let families = habits(1000, 600, 30, 50);
        assert!(!families.names_are_replaced());
        assert!(families.part_missing < crate::matching::SAME);
        let replaced = habits(1000, 150, 140, 20);
        assert!(replaced.names_are_replaced());
        assert!(replaced.part_missing >= crate::matching::SAME);
    }

    #[test]
    fn strangers_at_one_address_forbid_it() {
        assert!(!habits(1000, 150, 140, 400).names_are_replaced());
    }
}
