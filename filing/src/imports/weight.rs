//! Weights of ounces, pounds and grams as kilograms, exact.

use super::BadImport;
use super::take::At;
use deminimis_law::money::{AmountError, parse_minor};

/// Decimals that a weight may have.
const WEIGHT_DECIMALS: u32 = 4;

/// Decimals that a quantity may have.
const QUANTITY_DECIMALS: u32 = 3;

/// A unit of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WeightUnit {
    Ounce,
    Pound,
    Gram,
    Kilogram,
}

impl WeightUnit {
    /// Billionths of a gram: a pound is 0.45359237 kg by law, an ounce a sixteenth of it.
    const fn billionths_of_a_gram(self) -> i128 {
        match self {
            WeightUnit::Ounce => 28_349_523_125,
            WeightUnit::Pound => 453_592_370_000,
            WeightUnit::Gram => 1_000_000_000,
            WeightUnit::Kilogram => 1_000_000_000_000,
        }
    }

    /// Reads a unit as systems write it.
    pub(super) fn read(at: &At<'_>) -> Result<Option<WeightUnit>, BadImport> {
        let Some(text) = at.text()? else {
            return Ok(None);
        };
        match text.to_ascii_lowercase().as_str() {
            "oz" | "ozs" | "ounce" | "ounces" => Ok(Some(WeightUnit::Ounce)),
            "lb" | "lbs" | "pound" | "pounds" => Ok(Some(WeightUnit::Pound)),
            "g" | "gr" | "gram" | "grams" => Ok(Some(WeightUnit::Gram)),
            "kg" | "kgs" | "kilogram" | "kilograms" => Ok(Some(WeightUnit::Kilogram)),
            _ => Err(at.bad("is no unit of weight that is known here: oz, lb, g or kg is meant")),
        }
    }
}

/// `weight` times `count` in kilograms with three decimals, rounded half up once; what is not
/// nothing comes to a gram at least.
///
/// # Errors
/// Which of the two (0 weight, 1 count) is no decimal, and why; or the product is too large.
pub(super) fn kilograms(
    weight: &str,
    count: &str,
    unit: WeightUnit,
) -> Result<String, (usize, AmountError)> {
    let weight = parse_minor(weight, WEIGHT_DECIMALS).map_err(|error| (0, error))?;
    let count = parse_minor(count, QUANTITY_DECIMALS).map_err(|error| (1, error))?;
    let scale = 1_000_000_000 * 10_i128.pow(WEIGHT_DECIMALS + QUANTITY_DECIMALS);
    let product = i128::from(weight) * i128::from(count);
    let exact = product
        .checked_mul(unit.billionths_of_a_gram())
        .ok_or((0, AmountError::TooLarge))?;
    let grams = (exact + scale / 2) / scale;
    let grams = if exact > 0 { grams.max(1) } else { grams };
    if grams > 1_000_000_000 {
        return Err((0, AmountError::TooLarge));
    }
    Ok(format!("{}.{:03}", grams / 1000, grams % 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        for (weight, count, unit, expected) in [
            ("1", "1", WeightUnit::Pound, "0.454"),
            ("16", "1", WeightUnit::Ounce, "0.454"),
            ("1000", "1", WeightUnit::Ounce, "28.350"),
            ("2.5", "4", WeightUnit::Ounce, "0.283"),
            ("500", "2", WeightUnit::Gram, "1.000"),
            ("0.35", "3", WeightUnit::Kilogram, "1.050"),
            ("0.1", "1", WeightUnit::Gram, "0.001"),
            ("0", "5", WeightUnit::Gram, "0.000"),
        ] {
            assert_eq!(
                kilograms(weight, count, unit).as_deref(),
                Ok(expected),
                "{weight} {unit:?}"
            );
        }
        assert_eq!(
            kilograms("1e2", "1", WeightUnit::Gram),
            Err((0, AmountError::NotDecimal))
        );
        assert_eq!(
            kilograms("1", "-1", WeightUnit::Gram),
            Err((1, AmountError::Negative))
        );
        assert_eq!(
            kilograms("9999999", "9999", WeightUnit::Kilogram),
            Err((0, AmountError::TooLarge))
        );
    }
}
