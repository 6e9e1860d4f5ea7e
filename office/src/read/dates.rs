//! Dates in a form that a map names: `%d/%m/%Y %H:%M`. Nothing is guessed.

use deminimis_law::time::{Day, Zone};

/// A date's form, checked.
#[derive(Clone, Debug)]
pub(crate) struct DateForm {
    /// As the map writes it, for messages.
    pub text: String,
    parts: Vec<Part>,
    zone: Option<Zone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    /// Three English letters.
    MonthName,
    Day,
    Hour,
    Minute,
    Second,
    /// `+0530`, `-04:00`, `Z` or `UTC`.
    Offset,
    Letter(u8),
}

impl DateForm {
    /// Reads a form: `%Y %m %b %d %H %M %S %z` and other letters as they are. A time needs `%z` in
    /// the form or the name of a zone.
    pub(crate) fn new(form: &str, zone: Option<&str>) -> Result<DateForm, String> {
        let mut parts = Vec::new();
        let mut bytes = form.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                parts.push(Part::Letter(byte));
                continue;
            }
            parts.push(match bytes.next() {
                Some(b'Y') => Part::Year,
                Some(b'm') => Part::Month,
                Some(b'b') => Part::MonthName,
                Some(b'd') => Part::Day,
                Some(b'H') => Part::Hour,
                Some(b'M') => Part::Minute,
                Some(b'S') => Part::Second,
                Some(b'z') => Part::Offset,
                _ => {
                    return Err(format!(
                        "the date form {form:?} may hold %Y %m %b %d %H %M %S %z"
                    ));
                }
            });
        }
        let has = |part| parts.contains(&part);
        if !has(Part::Year) || !has(Part::Day) || !(has(Part::Month) || has(Part::MonthName)) {
            return Err(format!("the date form {form:?} needs %Y, %m or %b, and %d"));
        }
        if has(Part::Hour) && !has(Part::Offset) && zone.is_none() {
            return Err(format!(
                "the date form {form:?} has a time: give %z, or zone = \"America/New_York\""
            ));
        }
        let zone = match zone {
            Some(name) => {
                Some(Zone::named(name).ok_or_else(|| format!("there is no time zone {name:?}"))?)
            }
            None => None,
        };
        Ok(DateForm {
            text: form.to_owned(),
            parts,
            zone,
        })
    }

    /// The date as the contract writes it: a day, or where the form has a time a timestamp with
    /// offset (`day_only` leaves the time out). `None` if the text is not of this form.
    pub(crate) fn read(&self, text: &str, day_only: bool) -> Option<String> {
        let bytes = text.trim().as_bytes();
        let (mut at, mut year, mut month, mut day) = (0, 0, 0, 0);
        let (mut seconds, mut timed, mut offset) = (0_i64, false, None);
        for part in &self.parts {
            match part {
                Part::Year => year = digits(bytes, &mut at, 4, 4)?,
                Part::Month => month = digits(bytes, &mut at, 1, 2)?,
                Part::Day => day = digits(bytes, &mut at, 1, 2)?,
                Part::MonthName => month = month_name(bytes, &mut at)?,
                Part::Hour => {
                    timed = true;
                    seconds +=
                        i64::from(digits(bytes, &mut at, 1, 2).filter(|hour| *hour < 24)?) * 3600;
                }
                Part::Minute => {
                    seconds += i64::from(digits(bytes, &mut at, 2, 2).filter(|m| *m < 60)?) * 60
                }
                Part::Second => {
                    seconds += i64::from(digits(bytes, &mut at, 2, 2).filter(|s| *s < 60)?)
                }
                Part::Offset => offset = Some(read_offset(bytes, &mut at)?),
                Part::Letter(letter) => {
                    if bytes.get(at) != Some(letter) {
                        return None;
                    }
                    at += 1;
                }
            }
        }
        let day = Day::new(i32::try_from(year).ok()?, month, day)?;
        if at != bytes.len() {
            return None;
        }
        if day_only || !timed {
            return Some(day.to_string());
        }
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match (offset, &self.zone) {
            (Some(east), _) => {
                let (sign, east) = if east < 0 { ('-', -east) } else { ('+', east) };
                Some(format!(
                    "{day}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}",
                    east / 3600,
                    east / 60 % 60
                ))
            }
            (None, Some(zone)) => Some(zone.show(zone.moment(day, seconds))),
            (None, None) => None,
        }
    }
}

/// Reads `least` to `most` digits.
fn digits(bytes: &[u8], at: &mut usize, least: usize, most: usize) -> Option<u32> {
    let run = bytes
        .get(*at..)?
        .iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if run < least {
        return None;
    }
    let value = bytes[*at..*at + run]
        .iter()
        .fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    *at += run;
    Some(value)
}

fn month_name(bytes: &[u8], at: &mut usize) -> Option<u32> {
    const NAMES: [&[u8]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let name = bytes.get(*at..*at + 3)?;
    let month = NAMES
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))?;
    *at += 3;
    Some(month as u32 + 1)
}

/// Seconds east of UTC.
fn read_offset(bytes: &[u8], at: &mut usize) -> Option<i64> {
    for utc in ["UTC", "Z"] {
        if bytes[*at..].starts_with(utc.as_bytes()) {
            *at += utc.len();
            return Some(0);
        }
    }
    let sign = match bytes.get(*at)? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *at += 1;
    let hours = digits(bytes, at, 2, 2).filter(|hours| *hours < 24)?;
    if bytes.get(*at) == Some(&b':') {
        *at += 1;
    }
    let minutes = digits(bytes, at, 2, 2).filter(|minutes| *minutes < 60)?;
    Some(sign * i64::from(hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_form_names_and_nothing_else() {
        let read =
            |form: &str, zone, text: &str| DateForm::new(form, zone).unwrap().read(text, false);
        assert_eq!(
            read("%d/%m/%Y", None, "3/4/2024").as_deref(),
            Some("2024-04-03")
        );
        assert_eq!(
            read("%m/%d/%Y", None, "3/4/2024").as_deref(),
            Some("2024-03-04")
        );
        assert_eq!(
            read("%d %b %Y", None, "4 Mar 2024").as_deref(),
            Some("2024-03-04")
        );
        assert_eq!(
            read("%Y-%m-%d %H:%M:%S %z", None, "2024-05-10 23:30:00 -0400").as_deref(),
            Some("2024-05-10T23:30:00-04:00")
        );
        assert_eq!(
            read(
                "%Y-%m-%d %H:%M:%S",
                Some("Europe/London"),
                "2011-11-01 08:16:00"
            )
            .as_deref(),
            Some("2011-11-01T08:16+00:00")
        );
        assert_eq!(read("%d/%m/%Y", None, "30/2/2024"), None);
        assert_eq!(read("%d/%m/%Y", None, "3/4/24"), None);
        assert_eq!(
            read("%d/%m/%Y", None, "3/4/2024 "),
            Some("2024-04-03".to_owned())
        );
        assert_eq!(read("%d/%m/%Y", None, "3/4/2024x"), None);
        assert!(DateForm::new("%Y-%m-%d %H:%M", None).is_err());
        assert!(DateForm::new("%Y-%m", None).is_err());
        assert!(DateForm::new("%Y-%m-%d %H", Some("Nowhere")).is_err());
        assert_eq!(
            DateForm::new("%Y-%m-%d %H:%M %z", None)
                .unwrap()
                .read("2024-05-10 23:30 Z", true)
                .as_deref(),
            Some("2024-05-10")
        );
    }
}
