//! Shipment control numbers of truck manifests, of which PAPS numbers are one kind, and trip numbers.
//!
//! Source: BorderConnect's ACE manual 1.0.7 (a shipment control number is a SCAC of four letters and
//! 4 to 12 letters or digits; a trip number is 8 to 25 places that begin with the SCAC). The CBP
//! text was not read: confidence S. A PAPS number stands on the label as text and as a barcode of
//! the same text. There is no check digit.

use super::Wrong;
use std::fmt;

/// A shipment control number (a PAPS number).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ControlNumber(String);

impl ControlNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// Another form.
    pub fn parse(text: &str) -> Result<ControlNumber, Wrong> {
        let Some((carrier, rest)) = text.split_at_checked(4) else {
            return Err(form());
        };
        ControlNumber::build(carrier, rest)
    }

    /// The number of a carrier (SCAC of four letters) and what the carrier numbers shipments by (4
    /// to 12 letters or digits).
    ///
    /// # Errors
    /// One of them has another form.
    pub fn build(scac: &str, serial: &str) -> Result<ControlNumber, Wrong> {
        let places = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let carrier = scac.len() == 4 && scac.bytes().all(|b| b.is_ascii_uppercase());
        if carrier && (4..=12).contains(&serial.len()) && serial.bytes().all(places) {
            return Ok(ControlNumber(format!("{scac}{serial}")));
        }
        Err(form())
    }

    /// The carrier's SCAC.
    #[must_use]
    pub fn scac(&self) -> &str {
        &self.0[..4]
    }

    /// The text of the number, which the barcode holds too.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ControlNumber {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

fn form() -> Wrong {
    Wrong::new("the form is a SCAC of four letters and 4 to 12 letters or digits, upper case")
}

/// A trip number: 8 to 25 places, the first four the carrier's SCAC.
///
/// # Errors
/// Another form.
pub fn trip_number(text: &str) -> Result<&str, Wrong> {
    let places = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let good = (8..=25).contains(&text.len())
        && text.bytes().all(places)
        && text.bytes().take(4).all(|b| b.is_ascii_uppercase());
    if good {
        return Ok(text);
    }
    Err(Wrong::new(
        "the form is 8 to 25 upper-case letters or digits, the first four the carrier's SCAC",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        for text in [
            "",
            "ABC",
            "ABCD123",
            "ABCD1234567890123",
            "AB1D1234",
            "abcd1234",
            "ABCD-123",
            "ÄBCD1234",
        ] {
            assert!(ControlNumber::parse(text).is_err(), "{text}");
        }
        assert_eq!(ControlNumber::parse("ABCD1234").unwrap().scac(), "ABCD");
        assert!(trip_number("ABCDTRIP0001").is_ok());
        for text in [
            "ABCD123",
            "1BCDTRIP0001",
            "ABCDTRIP 0001",
            "ABCDE12345678901234567890X",
        ] {
            assert!(trip_number(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_built_is_read_back(scac in "[A-Z]{4}", serial in "[A-Z0-9]{4,12}") {
            let built = ControlNumber::build(&scac, &serial).unwrap();
            prop_assert_eq!(ControlNumber::parse(built.as_str()).unwrap(), built);
        }
    }
}
