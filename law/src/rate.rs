//! Shares of a value, exact: whole parts per million.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A share in parts per million: `12.5 %` is 125,000.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Rate(pub u32);

/// The whole.
pub const WHOLE: u32 = 1_000_000;

impl Rate {
    /// Reads `12.5 %`: at most four decimals, a space, a percent sign; at most 1,000 %.
    #[must_use]
    pub fn parse(text: &str) -> Option<Rate> {
        let number = text.strip_suffix('%')?.trim_end_matches(' ');
        let parts = crate::money::parse_minor(number, 4).ok()?;
        let parts = u32::try_from(parts).ok()?;
        (parts <= 10 * WHOLE).then_some(Rate(parts))
    }
}

impl fmt::Display for Rate {
    /// As the schedule writes it: `7.5%`, `25%`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        if part == 0 {
            return write!(out, "{whole}%");
        }
        let digits = format!("{part:04}");
        write!(out, "{whole}.{}%", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_percent_and_writes_it_back() {
        for (text, parts, shown) in [
            ("25 %", 250_000, "25%"),
            ("7.5 %", 75_000, "7.5%"),
            ("0.3464 %", 3_464, "0.3464%"),
            ("120%", 1_200_000, "120%"),
            ("0 %", 0, "0%"),
        ] {
            assert_eq!(Rate::parse(text), Some(Rate(parts)), "{text}");
            assert_eq!(Rate(parts).to_string(), shown);
        }
        for text in ["25", "1.23456 %", "-1 %", "1001 %", "% 5", "a %"] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }
}
