//! Which numbers the schedule printed, and when. The table is made when the program is built, so
//! that a start costs nothing.
//! It must not say that a number is invalid: it holds the releases it names and no others.

use crate::Number;

/// The rows of `us/numbers.csv` in its order, eight bytes each, little endian: 12 bits of index
/// into the windows, 4 of the count of digits, the ten-digit code above them.
static ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rows.bin"));
/// From (included) and until (not included); `i32::MIN` and `i32::MAX` are open ends.
static WINDOWS: &[(i32, i32)] = &include!(concat!(env!("OUT_DIR"), "/windows.rs"));
static EMBEDDED: Schedule = Schedule {
    rows: ROWS.as_chunks().0,
    windows: WINDOWS,
    release: env!("DEMINIMIS_TARIFF_RELEASE"),
    hash: env!("DEMINIMIS_TARIFF_HASH"),
};

const WINDOW: u64 = (1 << 12) - 1;
const CODE_SHIFT: u32 = 16;
const LEN_SHIFT: u32 = 12;

/// The numbers of chapters 1 to 97, each with the span of releases that printed it.
pub struct Schedule {
    rows: &'static [[u8; 8]],
    windows: &'static [(i32, i32)],
    release: &'static str,
    hash: &'static str,
}

/// What the schedule says of a number on a day. Days count from 1970-01-01.
///
/// Windows are by the dates of releases, not by legal dates. An end that is open means "at that
/// end of the releases in hand": before the first release such a number is taken to have existed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was printed on that day; a number of 4 or 6 digits, if any number that begins so was.
    Yes,
    /// It was printed, but not on that day. The span is the one that ended last before the day,
    /// else the one that begins first after it; for a number that begins others, of one of them.
    OnlyOtherDates {
        /// The first day; `None` if open.
        from: Option<i32>,
        /// The first day after the span; `None` if open.
        until: Option<i32>,
    },
    /// Not in hand. This does not make it invalid: numbers that ended before the first release
    /// held, or that are newer than the last one, are not in the data.
    No,
    /// A number of chapter 98 or 99: special classification and additional duties. Those are
    /// not in this data; the law files carry the ones they use.
    Special,
}

impl Schedule {
    /// The schedule that the program carries.
    #[must_use]
    pub fn embedded() -> &'static Schedule {
        &EMBEDDED
    }

    /// The span of releases, for example "2025 Basic to 2026 Revision 10".
    #[must_use]
    pub fn release(&self) -> &str {
        self.release
    }

    /// SHA-256 of `us/numbers.csv`, 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> &str {
        self.hash
    }

    /// Whether the schedule has `number` on `at_day`, days since 1970-01-01.
    ///
    /// An eight-digit number is known by its own row or by any ten-digit number that it begins:
    /// more than half of them have no row of their own. A ten-digit number is known by its own
    /// row alone. The eight-digit numbers of watches and clocks (9102.11.10 for one) have no
    /// ten-digit row; ten digits under them are [`Known::No`].
    #[must_use]
    pub fn knows(&self, number: Number, at_day: i32) -> Known {
        if number.chapter() >= 98 {
            return Known::Special;
        }
        let (first, last) = number.range10();
        let start = self
            .rows
            .partition_point(|row| u64::from_le_bytes(*row) >> CODE_SHIFT < first);
        let mut nearest: Option<(i32, i32)> = None;
        for row in &self.rows[start..] {
            let row = u64::from_le_bytes(*row);
            if row >> CODE_SHIFT > last {
                break;
            }
            let len = row >> LEN_SHIFT & 15;
            if len < u64::from(number.len()) {
                continue;
            }
            let window = self.windows[(row & WINDOW) as usize];
            if window.0 <= at_day && at_day < window.1 {
                return Known::Yes;
            }
            nearest = Some(nearest.map_or(window, |held| nearer(held, window, at_day)));
        }
        nearest.map_or(Known::No, |(from, until)| Known::OnlyOtherDates {
            from: (from != i32::MIN).then_some(from),
            until: (until != i32::MAX).then_some(until),
        })
    }
}

/// Of two windows that do not hold the day: the one that ended last before it, else the one that
/// begins first after it. The past one is preferred because an old number is the common mistake.
fn nearer(held: (i32, i32), other: (i32, i32), at_day: i32) -> (i32, i32) {
    match (held.1 <= at_day, other.1 <= at_day) {
        (true, false) => held,
        (false, true) => other,
        (true, true) if other.1 > held.1 => other,
        (false, false) if other.0 < held.0 => other,
        _ => held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// 2026-02-12, 2026-01-30 and 2025-06-06 as days; `date -d 2026-02-12 +%s` divided by 86,400.
    const FEBRUARY_12: i32 = 20_496;
    const JANUARY_30: i32 = 20_483;
    const JUNE_6: i32 = 20_245;

    fn knows(text: &str, day: i32) -> Known {
        Schedule::embedded().knows(Number::parse(text).expect(text), day)
    }

    #[test]
    fn every_row_of_the_file_is_known_in_its_window_and_not_outside() {
        let text = include_str!("../us/numbers.csv");
        let mut windows: BTreeMap<&str, Vec<[&str; 2]>> = BTreeMap::new();
        for line in text
            .lines()
            .skip_while(|line| !line.starts_with("number,"))
            .skip(1)
        {
            let fields: Vec<&str> = line.split(',').collect();
            windows
                .entry(fields[0])
                .or_default()
                .push([fields[1], fields[2]]);
        }
        assert_eq!(windows.values().map(Vec::len).sum::<usize>(), 23_168);
        assert_eq!(Schedule::embedded().rows.len(), 23_168);
        // Text of dates compares as dates do; the days are those around each date in the file.
        let days = [
            ("2025-01-26", 20_114),
            ("2025-01-27", 20_115),
            ("2025-06-05", JUNE_6 - 1),
            ("2025-06-06", JUNE_6),
            ("2025-12-31", 20_453),
            ("2026-01-01", 20_454),
            ("2026-01-29", JANUARY_30 - 1),
            ("2026-01-30", JANUARY_30),
            ("2026-02-11", FEBRUARY_12 - 1),
            ("2026-02-12", FEBRUARY_12),
        ];
        for (number, spans) in windows.iter().filter(|(number, _)| number.len() == 10) {
            for (date, day) in days {
                let printed = spans
                    .iter()
                    .any(|[from, until]| *from <= date && (until.is_empty() || date < *until));
                assert_eq!(
                    knows(number, day) == Known::Yes,
                    printed,
                    "{number} on {date}"
                );
            }
        }
    }

    #[test]
    fn a_number_that_was_taken_out_and_came_back() {
        // In the file: 7602000035,,2026-01-30 and 7602000035,2026-02-12,
        assert_eq!(knows("7602.00.0035", JANUARY_30 - 1), Known::Yes);
        let gap = Known::OnlyOtherDates {
            from: None,
            until: Some(JANUARY_30),
        };
        assert_eq!(knows("7602.00.0035", JANUARY_30), gap);
        assert_eq!(knows("7602.00.0035", FEBRUARY_12 - 1), gap);
        assert_eq!(knows("7602.00.0035", FEBRUARY_12), Known::Yes);
    }

    #[test]
    fn prefixes_are_known_by_what_they_begin() {
        for text in [
            "6109",
            "6109.10",
            "6109.10.00",
            "6109.10.0012",
            "0409",
            "0409.00.00",
        ] {
            assert_eq!(knows(text, JUNE_6), Known::Yes, "{text}");
        }
        for text in ["6199", "6109.99", "6109.10.99", "6109.10.0099"] {
            assert_eq!(knows(text, JUNE_6), Known::No, "{text}");
        }
    }

    #[test]
    fn eight_digits_without_a_row_of_their_own_are_known() {
        let text = include_str!("../us/numbers.csv");
        assert!(!text.contains("\n01013000,"));
        assert!(text.contains("\n0101300000,"));
        assert_eq!(knows("0101.30.00", JUNE_6), Known::Yes);
    }

    #[test]
    fn watches_have_eight_digits_only() {
        assert_eq!(knows("9102.11.10", JUNE_6), Known::Yes);
        assert_eq!(knows("9102.11.1000", JUNE_6), Known::No);
        assert_eq!(knows("9102.11.1010", JUNE_6), Known::No);
    }

    #[test]
    fn chapters_98_and_99_are_special_and_never_unknown() {
        for text in [
            "9801",
            "9802.00.80",
            "9903.88.15",
            "9999.99.9999",
            "9819.11.12",
        ] {
            assert_eq!(knows(text, JUNE_6), Known::Special, "{text}");
        }
        assert_eq!(knows("9706.10.00", JUNE_6), Known::Yes);
    }

    #[test]
    fn the_nearest_window_is_the_last_past_one() {
        let (old, older, next) = ((1, 5), (1, 3), (9, 20));
        for held in [old, older, next] {
            assert_eq!(nearer(held, old, 7), old);
            assert_eq!(nearer(old, held, 7), old);
        }
        assert_eq!(nearer(next, (8, 30), 7), (8, 30));
        assert_eq!(nearer((8, 30), next, 7), (8, 30));
    }

    #[test]
    fn the_data_names_itself() {
        let schedule = Schedule::embedded();
        assert_eq!(schedule.release(), "2025 Basic to 2026 Revision 10");
        assert_eq!(schedule.hash().len(), 64);
        assert!(schedule.hash().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(ROWS.as_chunks::<8>().1.is_empty());
    }
}
