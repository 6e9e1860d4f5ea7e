//! Reading dates and timestamps as they are written in input and law.

use super::{DAY_SECONDS, Day, Moment, When, Zone};

/// Why a text is not a date or timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// No such day in the calendar, or not `YYYY-MM-DD`.
    #[error("is not a day of the calendar written YYYY-MM-DD")]
    NotADay,
    /// A time without an offset: which zone is meant decides the law.
    #[error("has a time but no offset such as -05:00 or Z")]
    NoOffset,
    /// Anything else.
    #[error("is not a date (YYYY-MM-DD) or a timestamp (YYYY-MM-DDThh:mm:ss-05:00)")]
    NotATimestamp,
}

/// Reads a date as a bare day of `zone`, or a timestamp with offset.
pub fn parse_when(text: &str, zone: &Zone) -> Result<When, WhenError> {
    if text.len() == 10 {
        let day = Day::parse(text).ok_or(WhenError::NotADay)?;
        return Ok(zone.bare(day));
    }
    parse_timestamp(text).map(|moment| zone.exact(moment))
}

/// Reads a timestamp with offset: `2025-08-29T00:01-04:00`, seconds and fractions optional.
pub fn parse_timestamp(text: &str) -> Result<Moment, WhenError> {
    let bytes = text.as_bytes();
    if bytes.len() < 16 || !text.is_ascii() || !matches!(bytes[10], b'T' | b't' | b' ') {
        return Err(WhenError::NotATimestamp);
    }
    let day = Day::parse(&text[..10]).ok_or(WhenError::NotADay)?;
    let two = |at: usize, below: i64| -> Result<i64, WhenError> {
        let pair = bytes.get(at..at + 2).ok_or(WhenError::NotATimestamp)?;
        if !pair.iter().all(u8::is_ascii_digit) {
            return Err(WhenError::NotATimestamp);
        }
        let value = i64::from(pair[0] - b'0') * 10 + i64::from(pair[1] - b'0');
        if value < below {
            Ok(value)
        } else {
            Err(WhenError::NotATimestamp)
        }
    };
    if bytes[13] != b':' {
        return Err(WhenError::NotATimestamp);
    }
    let (hour, minute) = (two(11, 24)?, two(14, 60)?);
    let (mut at, mut second) = (16, 0);
    if bytes.get(at) == Some(&b':') {
        second = two(at + 1, 60)?;
        at += 3;
        if bytes.get(at) == Some(&b'.') {
            let digits = bytes[at + 1..]
                .iter()
                .take_while(|c| c.is_ascii_digit())
                .count();
            if digits == 0 || digits > 9 {
                return Err(WhenError::NotATimestamp);
            }
            at += 1 + digits;
        }
    }
    let east = match bytes.get(at) {
        None => return Err(WhenError::NoOffset),
        Some(b'Z' | b'z') if bytes.len() == at + 1 => 0,
        Some(sign @ (b'+' | b'-')) if bytes.len() == at + 6 && bytes[at + 3] == b':' => {
            let east = two(at + 1, 24)? * 3600 + two(at + 4, 60)? * 60;
            if *sign == b'-' { -east } else { east }
        }
        _ => return Err(WhenError::NotATimestamp),
    };
    let local = i64::from(day.0) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    Ok(Moment(local - east))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_needs_an_offset_and_real_fields() {
        let zone = Zone::named("America/New_York").unwrap();
        let read = |text: &str| parse_when(text, &zone);
        let first = read("2025-08-29T00:01:00-04:00").unwrap();
        assert_eq!(read("2025-08-29T04:01Z").unwrap(), first);
        assert_eq!(read("2025-08-29T04:01:00.999Z").unwrap(), first);
        assert_eq!(
            read("2025-08-29T03:59:59Z").unwrap().day,
            Day::parse("2025-08-28").unwrap()
        );
        assert_eq!(read("2025-08-29T00:01:00"), Err(WhenError::NoOffset));
        assert_eq!(read("2025-02-30"), Err(WhenError::NotADay));
        for wrong in [
            "",
            "today",
            "2025-08-29T24:00Z",
            "2025-08-29T00:60Z",
            "2025-08-29T00:01-4",
            "2025-08-29T00:01:00.Z",
            "2025-08-29T0\u{e9}:01Z",
        ] {
            assert_eq!(read(wrong), Err(WhenError::NotATimestamp), "{wrong}");
        }
    }
}
