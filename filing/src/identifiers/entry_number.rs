//! Entry numbers: three places of filer code, seven digits, a check digit (`XXX-NNNNNNN-C`).
//!
//! Source: CBP CATAIR, Appendix E (valid entry numbers), pages 1 to 3. A filer who has used up ten
//! million numbers is allowed check digits one higher, later two higher, up to nine (step 6): the
//! offset is a setting of the filer and not of the number, so it is an argument here and a number
//! that fits no offset given is refused with the offset it would fit.

use super::Wrong;

/// How far a filer's check digits stand above the computed ones: 0 for nearly everyone, 1 to 9 for
/// filers to whom CBP has given further rounds of numbers.
pub const OFFSETS: std::ops::RangeInclusive<u8> = 0..=9;

/// One entry number whose check digit has been found right for its filer's offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryNumber {
    filer: String,
    serial: String,
    check: u8,
}

/// The check digit of a filer code (three letters or digits) and a serial (seven digits), before
/// any offset. None if either has another form, or if the filer code is `000`.
pub fn check_digit(filer: &str, serial: &str) -> Option<u8> {
    if !is_filer_code(filer) || !is_serial(serial) {
        return None;
    }
    let mut sum = 0u32;
    for (from_right, place) in filer.bytes().chain(serial.bytes()).rev().enumerate() {
        let digit = digit_of(place)?;
        let part = if from_right % 2 == 0 {
            doubled(digit)
        } else {
            digit
        };
        sum += u32::from(part);
    }
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// Three letters or digits in any mixture, upper case, but `000`: Appendix E lists every mixture
/// and begins the digits at 001.
pub fn is_filer_code(text: &str) -> bool {
    text.len() == 3
        && text != "000"
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn is_serial(text: &str) -> bool {
    text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Letters count as A to I 1 to 9, J to R 1 to 9, S to Z 2 to 9.
fn digit_of(place: u8) -> Option<u8> {
    match place {
        b'0'..=b'9' => Some(place - b'0'),
        b'A'..=b'I' => Some(place - b'A' + 1),
        b'J'..=b'R' => Some(place - b'J' + 1),
        b'S'..=b'Z' => Some(place - b'S' + 2),
        _ => None,
    }
}

/// Twice the digit; of a result over nine the units digit and one more, which is its digit sum.
fn doubled(digit: u8) -> u8 {
    let twice = digit * 2;
    if twice > 9 { twice - 9 } else { twice }
}

impl EntryNumber {
    /// Reads `XXX-NNNNNNN-C` or the eleven places without hyphens (a space may stand for a hyphen)
    /// and checks the digit against the filer's `offset` (0 to 9).
    pub fn parse(text: &str, offset: u8) -> Result<EntryNumber, Wrong> {
        let places = eleven_places(text)?;
        let (filer, rest) = places.split_at(3);
        let (serial, check) = rest.split_at(7);
        let right = right_digit(filer, serial, offset)?;
        if !check.bytes().all(|b| b.is_ascii_digit()) {
            return Err(
                Wrong::new(format!("the check digit is {check:?}: a digit is meant"))
                    .with_right(written(filer, serial, right)),
            );
        }
        let given = check.as_bytes()[0] - b'0';
        if given == right {
            return Ok(EntryNumber {
                filer: filer.into(),
                serial: serial.into(),
                check: given,
            });
        }
        let fits = (given + 10 - right + offset) % 10;
        Err(Wrong::new(format!(
            "the check digit is {given}: {right} is right for a filer with offset {offset} \
             ({given} would be right with offset {fits})"
        ))
        .with_right(written(filer, serial, right)))
    }

    /// The number of a filer and a serial, with its check digit raised by `offset` (0 to 9).
    pub fn build(filer: &str, serial: &str, offset: u8) -> Result<EntryNumber, Wrong> {
        let check = right_digit(filer, serial, offset)?;
        Ok(EntryNumber {
            filer: filer.into(),
            serial: serial.into(),
            check,
        })
    }

    /// The filer code, three places.
    pub fn filer(&self) -> &str {
        &self.filer
    }

    /// The seven digits that the filer numbers his entries by.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The check digit as it stands in the number, offset included.
    pub fn check(&self) -> u8 {
        self.check
    }

    /// Seven digits and the check digit: the eight places of a message record, beside which the
    /// filer code has a field of its own.
    pub fn in_record(&self) -> String {
        format!("{}{}", self.serial, self.check)
    }

    /// Eleven places without hyphens.
    pub fn plain(&self) -> String {
        format!("{}{}{}", self.filer, self.serial, self.check)
    }
}

impl std::fmt::Display for EntryNumber {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&written(&self.filer, &self.serial, self.check))
    }
}

fn written(filer: &str, serial: &str, check: u8) -> String {
    format!("{filer}-{serial}-{check}")
}

fn right_digit(filer: &str, serial: &str, offset: u8) -> Result<u8, Wrong> {
    if !OFFSETS.contains(&offset) {
        return Err(Wrong::new(format!(
            "the offset is {offset}: 0 to 9 are possible"
        )));
    }
    if !is_filer_code(filer) {
        return Err(Wrong::new(format!(
            "the filer code is {filer:?}: three upper-case letters or digits are meant, and not 000"
        )));
    }
    let Some(digit) = check_digit(filer, serial) else {
        return Err(Wrong::new(format!(
            "the serial is {serial:?}: seven digits are meant"
        )));
    };
    Ok((digit + offset) % 10)
}

/// The eleven places of a number, with the separators taken away only where they belong.
fn eleven_places(text: &str) -> Result<String, Wrong> {
    let wrong = || Wrong::new("the form is XXX-NNNNNNN-C, or the same 11 places without hyphens");
    if !text.is_ascii() {
        return Err(wrong());
    }
    let separated = |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b' '));
    let places = match text.len() {
        11 => text.to_owned(),
        12 if separated(3) => format!("{}{}", &text[..3], &text[4..]),
        13 if separated(3) && separated(11) => {
            format!("{}{}{}", &text[..3], &text[4..11], &text[12..])
        }
        _ => return Err(wrong()),
    };
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_appendix_e() {
        assert_eq!(check_digit("B76", "0324527"), Some(8));
        assert_eq!(
            EntryNumber::parse("B76-0324527-8", 0).unwrap().in_record(),
            "03245278"
        );
        assert_eq!(
            EntryNumber::parse("B7603245278", 0).unwrap().to_string(),
            "B76-0324527-8"
        );
    }

    #[test]
    fn an_offset_is_the_filers_and_is_named_when_it_would_fit() {
        assert!(EntryNumber::parse("B76-0324527-9", 1).is_ok());
        assert!(EntryNumber::parse("B76-0324527-0", 2).is_ok());
        let wrong = EntryNumber::parse("B76-0324527-0", 0).unwrap_err();
        assert!(wrong.reason.contains("offset 2"), "{}", wrong.reason);
        assert_eq!(wrong.right.as_deref(), Some("B76-0324527-8"));
        let wrong = EntryNumber::parse("B76-0324527-8", 1).unwrap_err();
        assert!(
            wrong.reason.contains("8 would be right with offset 0"),
            "{}",
            wrong.reason
        );
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "B76",
            "B76-0324527",
            "b76-0324527-8",
            "000-0324527-8",
            "B76-03245278-",
            "B76/0324527/8",
            "B76-032452A-8",
            "B76-0324527-X",
            "B760-324527-8",
            "Ä76-0324527-8",
        ] {
            assert!(EntryNumber::parse(text, 0).is_err(), "{text}");
        }
        assert!(EntryNumber::build("B76", "0324527", 10).is_err());
        assert_eq!(check_digit("000", "0000000"), None);
    }

    proptest! {
        #[test]
        fn what_is_built_is_valid_and_a_changed_digit_is_found(
            filer in "[A-Z0-9]{3}", serial in "[0-9]{7}", offset in 0u8..10,
            at in 0usize..8, by in 1u8..10,
        ) {
            prop_assume!(filer != "000");
            let built = EntryNumber::build(&filer, &serial, offset).unwrap();
            prop_assert_eq!(&EntryNumber::parse(&built.to_string(), offset).unwrap(), &built);
            prop_assert_eq!(&EntryNumber::parse(&built.plain(), offset).unwrap(), &built);
            let mut changed = built.plain().into_bytes();
            changed[3 + at] = b'0' + (changed[3 + at] - b'0' + by) % 10;
            let changed = String::from_utf8(changed).unwrap();
            prop_assert!(EntryNumber::parse(&changed, offset).is_err(), "{}", changed);
        }
    }
}
