//! Exact products of decimal texts: a price of one times a quantity.

use deminimis_law::money::{AmountError, MAX_MINOR, parse_minor};

/// Decimals that a unit price may have; exports of shops print up to six.
const PRICE_DECIMALS: u32 = 6;

/// Decimals that a quantity may have.
const QUANTITY_DECIMALS: u32 = 3;

/// The value of a line, as text with `decimals` decimals: `unit_price * quantity`, exact, and
/// rounded half up only where the product has more decimals than the currency.
///
/// # Errors
/// Which of the two (0 price, 1 quantity) is not a decimal, and why; or the product is too large.
pub fn line_total(
    unit_price: &str,
    quantity: &str,
    decimals: u32,
) -> Result<String, (usize, AmountError)> {
    let price = parse_minor(unit_price, PRICE_DECIMALS).map_err(|error| (0, error))?;
    // Spreadsheets print a count as `12.0000`: zeros behind the point are not digits.
    let quantity =
        parse_minor(without_zeros(quantity), QUANTITY_DECIMALS).map_err(|error| (1, error))?;
    let product = i128::from(price) * i128::from(quantity);
    let scale = 10_i128.pow(PRICE_DECIMALS + QUANTITY_DECIMALS - decimals);
    let minor = (product + scale / 2) / scale;
    if minor > i128::from(MAX_MINOR) {
        return Err((0, AmountError::TooLarge));
    }
    let one = 10_i128.pow(decimals);
    Ok(match decimals {
        0 => minor.to_string(),
        _ => format!(
            "{}.{:0width$}",
            minor / one,
            minor % one,
            width = decimals as usize
        ),
    })
}

/// What is wrong with a number that is no amount of money, in words about what it is ("a weight").
#[must_use]
pub fn why_not(error: AmountError, what: &str) -> String {
    match error {
        AmountError::OverPrecise(most) => {
            format!("has more decimals than {what} may have here ({most})")
        }
        other => other.to_string(),
    }
}

/// Drops zeros at the end of a fraction, and the point if nothing is left behind it.
fn without_zeros(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction))
            if !whole.is_empty()
                && fraction.bytes().all(|byte| byte == b'0')
                && !fraction.is_empty() =>
        {
            whole
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiplies_exactly_and_rounds_half_up_once() {
        for (price, quantity, decimals, total) in [
            ("2.1", "8", 2, "16.80"),
            ("0.85", "12", 2, "10.20"),
            ("0.005", "1", 2, "0.01"),
            ("0.0049", "1", 2, "0.00"),
            ("1.25", "0.333", 2, "0.42"),
            ("19.99", "3.0000", 2, "59.97"),
            ("500", "2", 0, "1000"),
            ("1.5", "1", 0, "2"),
            ("1.2345", "2", 3, "2.469"),
            ("9999999", "999999", 2, "9999989000001.00"),
        ] {
            let expected = if price == "9999999" {
                Err((0, AmountError::TooLarge))
            } else {
                Ok(total.to_owned())
            };
            assert_eq!(
                line_total(price, quantity, decimals),
                expected,
                "{price} x {quantity}"
            );
        }
        assert_eq!(line_total("1", "-1", 2), Err((1, AmountError::Negative)));
        assert_eq!(line_total("$1", "1", 2), Err((0, AmountError::NotDecimal)));
    }
}
