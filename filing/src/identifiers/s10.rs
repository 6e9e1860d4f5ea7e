//! S10 numbers of postal items: two letters of service, eight digits, a check digit, a country.
//!
//! Source: UPU standard S10 (weights 8 6 4 2 3 5 9 7, remainder from 11, 10 gives 0 and 11 gives 5).
//! The country is that of the operator that issued the number. Which services an operator's letters
//! name is not checked: the lists are the operators' own.

use super::Wrong;
use deminimis_law::codes::Country;
use std::fmt;

const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

/// An S10 number whose check digit is right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct S10 {
    service: String,
    serial: String,
    check: u8,
    country: Country,
}

/// The check digit of eight digits. None if they are not eight digits.
#[must_use]
pub fn check_digit(serial: &str) -> Option<u8> {
    if serial.len() != 8 || !serial.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = serial.bytes().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        10 => Some(0),
        11 => Some(5),
        digit => u8::try_from(digit).ok(),
    }
}

impl S10 {
    /// Reads thirteen places, upper case; the spaces that labels print in between are passed over.
    ///
    /// # Errors
    /// Another form, a country that is not one, or a wrong check digit.
    pub fn parse(text: &str) -> Result<S10, Wrong> {
        let places: String = text.chars().filter(|c| *c != ' ').collect();
        if places.len() != 13 || !places.is_ascii() {
            return Err(Wrong::new(
                "the form is two letters, nine digits and a country of two letters, such as \
                 RB123456785US",
            ));
        }
        let given = places.as_bytes()[10];
        let built = S10::build(&places[..2], &places[2..10], &places[11..])?;
        if given == b'0' + built.check {
            return Ok(built);
        }
        Err(Wrong::digit(given.into(), built.check, built.to_string()))
    }

    /// The number of a service (two letters), a serial (eight digits) and a country.
    ///
    /// # Errors
    /// One of them has another form.
    pub fn build(service: &str, serial: &str, country: &str) -> Result<S10, Wrong> {
        if service.len() != 2 || !service.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Wrong::new(format!(
                "the service is {service:?}: two upper-case letters are meant"
            )));
        }
        let Some(check) = check_digit(serial) else {
            return Err(Wrong::new(format!(
                "the serial is {serial:?}: eight digits are meant"
            )));
        };
        let Some(country) = Country::parse(country) else {
            return Err(Wrong::new(format!(
                "the country is {country:?}: an ISO 3166-1 code of two letters is meant"
            )));
        };
        Ok(S10 {
            service: service.into(),
            serial: serial.into(),
            check,
            country,
        })
    }

    /// The two letters of service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The eight digits before the check digit.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The check digit.
    #[must_use]
    pub fn check(&self) -> u8 {
        self.check
    }

    /// The country of the operator that issued it.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }
}

impl fmt::Display for S10 {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{}{}{}{}",
            self.service, self.serial, self.check, self.country
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_branches_of_the_remainder() {
        assert_eq!(check_digit("10000014"), Some(0));
        assert_eq!(check_digit("10000002"), Some(5));
        assert_eq!(check_digit("1000000"), None);
    }

    #[test]
    fn a_wrong_digit_is_named_with_the_right_number() {
        let wrong = S10::parse("RB123456784US").unwrap_err();
        assert_eq!(wrong.right.as_deref(), Some("RB123456785US"));
        assert!(S10::parse("RB 123 456 785 US").is_ok());
        for text in [
            "",
            "rb123456785us",
            "RB123456785XQ",
            "R1123456785US",
            "RB12345678XUS",
            "RB1234567850US",
        ] {
            assert!(S10::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_built_is_valid_and_a_changed_digit_is_found(
            service in "[A-Z]{2}", serial in "[0-9]{8}", at in 0usize..8, by in 1u8..10,
        ) {
            let built = S10::build(&service, &serial, "NL").unwrap();
            prop_assert_eq!(&S10::parse(&built.to_string()).unwrap(), &built);
            // Remainders 0 and 6 both give 5, so a change between those two cannot be found.
            let mut changed = serial.into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            let changed = String::from_utf8(changed).unwrap();
            prop_assume!(check_digit(&changed) != Some(built.check()));
            let text = format!("{service}{changed}{}NL", built.check());
            prop_assert!(S10::parse(&text).is_err());
        }
    }
}
