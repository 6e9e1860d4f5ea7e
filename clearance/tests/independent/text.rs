//! Reading the tables.

use crate::cell::Minute;

/// The rows below the header, each cut into cells. A cell may stand in double quotes, but holds none.
pub fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(cells)
}

fn cells(line: &'static str) -> Vec<&'static str> {
    let (mut all, mut rest) = (Vec::new(), line);
    loop {
        let quoted = rest.strip_prefix('"');
        let end = quoted.map_or_else(
            || rest.find(','),
            |inside| inside.find("\",").map(|end| end + 2),
        );
        let (cell, after) = end.map_or((rest, None), |end| (&rest[..end], Some(&rest[end + 1..])));
        all.push(cell.trim_matches('"'));
        match after {
            Some(after) => rest = after,
            None => return all,
        }
    }
}

/// `2025-04-05T00:01-04:00`; nothing if blank.
pub fn minute(text: &str) -> Option<Minute> {
    if text.is_empty() {
        return None;
    }
    let part = |from: usize, until: usize| -> i64 {
        let digits = text.get(from..until);
        digits
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_else(|| panic!("{text} is not a moment"))
    };
    let offset = part(17, 19) * 60 + part(20, 22);
    let east = if text.as_bytes()[16] == b'-' { -1 } else { 1 };
    let day = days(part(0, 4), part(5, 7), part(8, 10));
    Some(day * 1440 + part(11, 13) * 60 + part(14, 16) - east * offset)
}

/// Days from 1970-01-01 in the Gregorian calendar, counted from a year that begins in March.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let years = 365 * year + year / 4 - year / 100 + year / 400;
    years + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// A moment as one would type it, in UTC.
pub fn shown(at: Minute) -> String {
    let (day, minute) = (at.div_euclid(1440), at.rem_euclid(1440));
    let years = (1970..2100).rev();
    let year = years.into_iter().find(|year| days(*year, 1, 1) <= day);
    let year = year.unwrap_or(1970);
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day);
    let month = month.unwrap_or(1);
    let of_month = day - days(year, month, 1) + 1;
    let (hour, minute) = (minute / 60, minute % 60);
    format!("{year}-{month:02}-{of_month:02}T{hour:02}:{minute:02}Z")
}

/// One minute past midnight in daylight time, the moment that most instruments name.
pub const fn summer(year: i64, month: i64, day: i64) -> Minute {
    days(year, month, day) * 1440 + 4 * 60 + 1
}

/// The same in standard time.
pub const fn winter(year: i64, month: i64, day: i64) -> Minute {
    days(year, month, day) * 1440 + 5 * 60 + 1
}

/// A percentage with at most four decimals, in parts per million.
pub fn ppm(percent: &str) -> u32 {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, ""));
    let digits = format!("{whole}{decimals:0<4}");
    digits.parse().expect("a rate is a number")
}
