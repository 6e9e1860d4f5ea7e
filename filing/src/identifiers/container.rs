//! Container numbers: four letters of owner and category, six digits, a check digit.
//!
//! Source: ISO 6346. Letters count from 10 upwards without the multiples of 11; each place counts
//! twice as much as the one before; the sum modulo 11, 10 as 0, is the check digit. The textbook
//! example was recomputed; the standard's own text was not read: confidence M.

use super::Wrong;
use std::fmt;

/// A container number whose check digit is right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Container {
    owner: String,
    serial: String,
    check: u8,
}

/// The check digit of four letters and six digits. None if they have another form.
#[must_use]
pub fn check_digit(owner: &str, serial: &str) -> Option<u8> {
    let letters = owner.len() == 4 && owner.bytes().all(|b| b.is_ascii_uppercase());
    let digits = serial.len() == 6 && serial.bytes().all(|b| b.is_ascii_digit());
    if !letters || !digits {
        return None;
    }
    let mut sum = 0u32;
    for (place, byte) in owner.bytes().chain(serial.bytes()).enumerate() {
        sum += worth(byte) << place;
    }
    u8::try_from(sum % 11 % 10).ok()
}

/// A counts 10, B 12, K 21, L 23, U 32, V 34: after each multiple of 11 one is left out.
fn worth(byte: u8) -> u32 {
    match byte {
        b'A' => 10,
        b'B'..=b'K' => u32::from(byte - b'B') + 12,
        b'L'..=b'U' => u32::from(byte - b'L') + 23,
        b'V'..=b'Z' => u32::from(byte - b'V') + 34,
        _ => u32::from(byte.wrapping_sub(b'0')),
    }
}

impl Container {
    /// Reads eleven places, upper case; spaces and the hyphen before the check digit are passed
    /// over.
    ///
    /// # Errors
    /// Another form, or a wrong check digit.
    pub fn parse(text: &str) -> Result<Container, Wrong> {
        let places: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if places.len() != 11
            || !places.is_ascii()
            || !places.ends_with(|c: char| c.is_ascii_digit())
        {
            return Err(Wrong::new(
                "the form is four letters and seven digits, such as CSQU3054383",
            ));
        }
        let built = Container::build(&places[..4], &places[4..10])?;
        let given = places.as_bytes()[10];
        if given == b'0' + built.check {
            return Ok(built);
        }
        Err(Wrong::digit(given.into(), built.check, built.to_string()))
    }

    /// The number of an owner with category (four letters, the last U, J or Z) and a serial (six
    /// digits).
    ///
    /// # Errors
    /// One of them has another form.
    pub fn build(owner: &str, serial: &str) -> Result<Container, Wrong> {
        let Some(check) = check_digit(owner, serial) else {
            return Err(Wrong::new(format!(
                "{owner:?} and {serial:?} are not four upper-case letters and six digits"
            )));
        };
        if !owner.ends_with(['U', 'J', 'Z']) {
            return Err(Wrong::new(format!(
                "the category is {:?}: U (container), J (detachable equipment) or Z (trailer or \
                 chassis) is meant",
                &owner[3..]
            )));
        }
        Ok(Container {
            owner: owner.into(),
            serial: serial.into(),
            check,
        })
    }

    /// Owner and category, four letters.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The check digit.
    #[must_use]
    pub fn check(&self) -> u8 {
        self.check
    }
}

impl fmt::Display for Container {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}{}{}", self.owner, self.serial, self.check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_leave_out_the_multiples_of_eleven() {
        let worths: Vec<u32> = (b'A'..=b'Z').map(worth).collect();
        assert_eq!(worths.len(), 26);
        assert!(worths.iter().all(|worth| worth % 11 != 0));
        assert!(worths.is_sorted() && worths[0] == 10 && worths[25] == 38);
    }

    #[test]
    fn forms() {
        assert_eq!(
            Container::parse("CSQU 305438-3").unwrap().to_string(),
            "CSQU3054383"
        );
        assert_eq!(
            Container::parse("CSQU3054389")
                .unwrap_err()
                .right
                .as_deref(),
            Some("CSQU3054383")
        );
        for text in [
            "",
            "CSQ3054383",
            "CSQX3054383",
            "csqu3054383",
            "CSQU305438X",
        ] {
            assert!(Container::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_built_is_valid_and_a_changed_digit_is_found(
            owner in "[A-Z]{3}[UJZ]", serial in "[0-9]{6}", at in 0usize..6, by in 1u8..10,
        ) {
            let built = Container::build(&owner, &serial).unwrap();
            prop_assert_eq!(&Container::parse(&built.to_string()).unwrap(), &built);
            let mut changed = serial.into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            let changed = String::from_utf8(changed).unwrap();
            // Remainder 10 is written 0, so a change between those two cannot be found.
            prop_assume!(check_digit(&owner, &changed) != Some(built.check()));
            let text = format!("{owner}{changed}{}", built.check());
            prop_assert!(Container::parse(&text).is_err());
        }
    }
}
