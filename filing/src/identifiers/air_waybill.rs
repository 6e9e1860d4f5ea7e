//! Air waybill numbers: three digits of the airline, seven digits, a check digit.
//!
//! The check digit is the seven digits modulo 7, so that 7, 8 and 9 never stand there. The form is
//! common knowledge of the field, not read from IATA's own text: confidence M. House waybills are
//! of any form and are not checked here.

use super::Wrong;
use std::fmt;

/// An air waybill number whose check digit is right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AirWaybill {
    prefix: String,
    serial: String,
    check: u8,
}

/// The check digit of a serial of seven digits. None if it is not one.
#[must_use]
pub fn check_digit(serial: &str) -> Option<u8> {
    if serial.len() != 7 || !serial.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u32 = serial.parse().ok()?;
    u8::try_from(number % 7).ok()
}

impl AirWaybill {
    /// Reads `NNN-NNNNNNNC`; the hyphen may be a space or absent, and a space may stand before the
    /// last four digits, as on printed waybills.
    ///
    /// # Errors
    /// Another form, or a wrong check digit.
    pub fn parse(text: &str) -> Result<AirWaybill, Wrong> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let in_place = text.bytes().enumerate().all(|(at, byte)| match byte {
            b'-' => at == 3,
            b' ' => at == 3 || at == 8,
            _ => true,
        });
        if digits.len() != 11 || !in_place || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Wrong::new(
                "the form is three digits of the airline and eight digits, such as 172-12345675",
            ));
        }
        let built = AirWaybill::build(&digits[..3], &digits[3..10])?;
        let given = digits.as_bytes()[10];
        if given == b'0' + built.check {
            return Ok(built);
        }
        Err(Wrong::digit(given.into(), built.check, built.to_string()))
    }

    /// The number of an airline (three digits) and a serial (seven digits).
    ///
    /// # Errors
    /// One of them has another form.
    pub fn build(prefix: &str, serial: &str) -> Result<AirWaybill, Wrong> {
        if prefix.len() != 3 || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Wrong::new(format!(
                "the airline is {prefix:?}: three digits are meant"
            )));
        }
        let Some(check) = check_digit(serial) else {
            return Err(Wrong::new(format!(
                "the serial is {serial:?}: seven digits are meant"
            )));
        };
        Ok(AirWaybill {
            prefix: prefix.into(),
            serial: serial.into(),
            check,
        })
    }

    /// The airline's three digits.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The check digit.
    #[must_use]
    pub fn check(&self) -> u8 {
        self.check
    }

    /// Eleven digits without a hyphen: the form of message records.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}{}{}", self.prefix, self.serial, self.check)
    }
}

impl fmt::Display for AirWaybill {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}-{}{}", self.prefix, self.serial, self.check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        for text in [
            "172-12345675",
            "172 12345675",
            "17212345675",
            "172-1234 5675",
        ] {
            assert_eq!(
                AirWaybill::parse(text).unwrap().to_string(),
                "172-12345675",
                "{text}"
            );
        }
        assert_eq!(
            AirWaybill::parse("172-12345670")
                .unwrap_err()
                .right
                .as_deref(),
            Some("172-12345675")
        );
        for text in [
            "",
            "1-7212345675",
            "172-1234567",
            "17A-12345675",
            "172--12345675",
            "172-1234-5675",
        ] {
            assert!(AirWaybill::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_built_is_valid_and_a_changed_digit_is_found_unless_7_divides_the_change(
            prefix in "[0-9]{3}", serial in 0u32..10_000_000, other in 0u32..10_000_000,
        ) {
            let built = AirWaybill::build(&prefix, &format!("{serial:07}")).unwrap();
            prop_assert_eq!(&AirWaybill::parse(&built.plain()).unwrap(), &built);
            let text = format!("{prefix}{other:07}{}", built.check());
            prop_assert_eq!(AirWaybill::parse(&text).is_ok(), serial % 7 == other % 7);
        }
    }
}
