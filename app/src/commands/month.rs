//! A month as a user writes it.

use deminimis_law::time::Day;

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
}

impl Month {
    /// Reads `YYYY-MM`.
    ///
    /// # Errors
    /// Another form, or no month.
    pub fn parse(text: &str) -> Result<Month, String> {
        let wrong = || "write YYYY-MM, such as 2026-10".to_owned();
        if text.len() != 7 {
            return Err(wrong());
        }
        let first = Day::parse(&format!("{text}-01")).ok_or_else(wrong)?;
        let last = (28..=31)
            .rev()
            .find_map(|day| Day::parse(&format!("{text}-{day}")));
        Ok(Month {
            first,
            last: last.ok_or_else(wrong)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months_have_their_last_day() {
        for (text, last) in [
            ("2026-10", "2026-10-31"),
            ("2026-02", "2026-02-28"),
            ("2028-02", "2028-02-29"),
            ("2026-11", "2026-11-30"),
            ("2026-12", "2026-12-31"),
        ] {
            let month = Month::parse(text).unwrap();
            assert_eq!(
                (month.first.to_string(), month.last.to_string()),
                (format!("{text}-01"), last.to_owned())
            );
        }
        for text in ["", "2026", "2026-13", "2026-1", "26-10-0", "2026-1\u{e9}"] {
            assert!(Month::parse(text).is_err(), "{text}");
        }
    }
}
