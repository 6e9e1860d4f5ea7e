//! Amounts as people read them.

use deminimis_law::money::Cents;

/// Dollars with separators: `$1,000.00`.
pub(super) fn dollars(cents: Cents) -> String {
    dollars_of(&cents.to_string())
}

/// What stands for an amount that is not known in dollars.
pub(super) const UNKNOWN: &str = "unknown";

/// Dollars of decimal text: `1000.00` as `$1,000.00`, `-5.00` as `-$5.00`.
#[must_use]
pub fn dollars_of(decimal: &str) -> String {
    if decimal == UNKNOWN {
        return "an amount not known in dollars".to_owned();
    }
    match decimal.strip_prefix('-') {
        Some(decimal) => format!("-${}", grouped(decimal)),
        None => format!("${}", grouped(decimal)),
    }
}

/// Decimal text without a sign, its whole part in groups of three digits.
#[must_use]
pub fn grouped(decimal: &str) -> String {
    let whole = decimal.find('.').unwrap_or(decimal.len());
    let mut text = String::with_capacity(decimal.len() + whole / 3);
    for (at, digit) in decimal.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_whole_digits_only() {
        for (given, shown) in [
            ("", ""),
            ("0.00", "0.00"),
            ("999.99", "999.99"),
            ("1000.00", "1,000.00"),
            ("123456", "123,456"),
            ("1234567.1234", "1,234,567.1234"),
        ] {
            assert_eq!(grouped(given), shown);
        }
        assert_eq!(dollars(Cents(-123_456)), "-$1,234.56");
    }
}
