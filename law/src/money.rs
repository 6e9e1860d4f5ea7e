//! Amounts of United States dollars in whole cents, read from and written as decimal text.
//!
//! No floats anywhere: an amount is an integer, and text that would lose digits is refused.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in whole United States cents.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Cents(pub i64);

/// The largest amount accepted, in minor units: a hundred billion dollars, far above any parcel,
/// far below what could overflow when 999 lines are added.
pub const MAX_MINOR: i64 = 10_000_000_000_000;

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing but space.
    #[error("is empty")]
    Empty,
    /// A minus sign: amounts of a parcel are never negative.
    #[error("is negative")]
    Negative,
    /// More decimals than the currency has.
    #[error("has more decimals than the currency ({0})")]
    OverPrecise(u32),
    /// Not digits with at most one point: `1e999`, `NaN`, `1,000`, `$5`.
    #[error("is not a plain decimal number")]
    NotDecimal,
    /// Above [`MAX_MINOR`].
    #[error("is too large")]
    TooLarge,
}

/// Reads plain decimal text (`12`, `12.5`, `12.50`) as minor units of a currency with `decimals`
/// digits after the point. Signs, exponents, separators and symbols are refused.
pub fn parse_minor(text: &str, decimals: u32) -> Result<i64, AmountError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(AmountError::Empty);
    }
    if bytes[0] == b'-' && bytes.len() > 1 && (bytes[1].is_ascii_digit() || bytes[1] == b'.') {
        return Err(AmountError::Negative);
    }
    let (mut minor, mut whole, mut fraction, mut point) = (0_i64, 0_u32, 0_u32, false);
    for &byte in bytes {
        match byte {
            b'0'..=b'9' if point && fraction == decimals => {
                return Err(AmountError::OverPrecise(decimals));
            }
            b'0'..=b'9' => {
                minor = minor * 10 + i64::from(byte - b'0');
                if point {
                    fraction += 1;
                } else {
                    whole += 1;
                }
            }
            b'.' if !point => point = true,
            _ => return Err(AmountError::NotDecimal),
        }
        if minor > MAX_MINOR {
            return Err(AmountError::TooLarge);
        }
    }
    if whole == 0 || (point && fraction == 0) {
        return Err(AmountError::NotDecimal);
    }
    for _ in fraction..decimals {
        minor *= 10;
    }
    if minor > MAX_MINOR {
        return Err(AmountError::TooLarge);
    }
    Ok(minor)
}

impl Cents {
    /// Reads dollars as decimal text with at most two decimals.
    pub fn parse(text: &str) -> Result<Cents, AmountError> {
        parse_minor(text, 2).map(Cents)
    }

    /// The sum, held at the largest number rather than wrapped.
    #[must_use]
    pub fn plus(self, other: Cents) -> Cents {
        Cents(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Cents {
    /// Dollars with two decimals: `1234.50`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_person_writes_and_nothing_else() {
        for (text, cents) in [
            ("0", 0),
            ("12", 1200),
            ("12.5", 1250),
            ("12.50", 1250),
            ("0800.00", 80000),
        ] {
            assert_eq!(Cents::parse(text), Ok(Cents(cents)), "{text}");
        }
        for (text, error) in [
            ("", AmountError::Empty),
            ("-1", AmountError::Negative),
            ("1.005", AmountError::OverPrecise(2)),
            ("1e999", AmountError::NotDecimal),
            ("NaN", AmountError::NotDecimal),
            ("1,000.00", AmountError::NotDecimal),
            (".5", AmountError::NotDecimal),
            ("5.", AmountError::NotDecimal),
            ("-", AmountError::NotDecimal),
            ("+1", AmountError::NotDecimal),
            ("1.2.3", AmountError::NotDecimal),
            ("99999999999999", AmountError::TooLarge),
        ] {
            assert_eq!(Cents::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn writes_two_decimals() {
        assert_eq!(Cents(5).to_string(), "0.05");
        assert_eq!(Cents(-123_456).to_string(), "-1234.56");
    }

    #[test]
    fn a_currency_without_decimals_takes_none() {
        assert_eq!(parse_minor("500", 0), Ok(500));
        assert_eq!(parse_minor("500.5", 0), Err(AmountError::OverPrecise(0)));
    }
}
