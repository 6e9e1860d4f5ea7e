//! From text to digits, with the reason where it is refused. The reasons matter more than the
//! digits: a number that went through a spreadsheet still looks like a number, and reading it
//! would charge the duty of other goods.
//! It must not repair anything.

use crate::{LostZeros, NumberError};

/// Which counts of digits are allowed, and the same as text.
pub(crate) struct Lengths {
    counts: &'static [usize],
    text: &'static str,
}

pub(crate) const NUMBER: Lengths = Lengths {
    counts: &[4, 6, 8, 10],
    text: "4, 6, 8 or 10",
};
pub(crate) const PREFIX: Lengths = Lengths {
    counts: &[2, 4, 6, 8, 10],
    text: "2, 4, 6, 8 or 10",
};

/// Chapter 77 is kept free by the Harmonized System; there is no chapter 00.
pub(crate) const fn chapter_exists(chapter: u8) -> bool {
    chapter != 0 && chapter != 77 && chapter < 100
}

/// What one pass over the text finds. A group is a run of digits between dots.
struct Seen {
    /// The value of the digits; exact only up to ten of them.
    value: u64,
    count: usize,
    /// How many digits each group has. The fifth takes all that follows a fourth dot.
    groups: [usize; 5],
    /// Position of the dot before each group, from 1; 0 for the first.
    dots: [usize; 5],
    /// How many groups there are.
    used: usize,
}

/// The value of the digits of `text` and their count, which is one of `allowed`.
pub(crate) fn digits(text: &str, allowed: &Lengths) -> Result<(u64, u8), NumberError> {
    let (value, count) = match plain(text.as_bytes(), allowed) {
        Some(value) => (value, text.len() as u8),
        None => dotted_or_refused(text, allowed)?,
    };
    let chapter = (value / 10_u64.pow(u32::from(count) - 2)) as u8;
    if !chapter_exists(chapter) {
        return Err(NumberError::Chapter { chapter });
    }
    Ok((value, count))
}

/// Digits alone, as most files have them, without the work of finding dots and reasons.
fn plain(text: &[u8], allowed: &Lengths) -> Option<u64> {
    if !allowed.counts.contains(&text.len()) {
        return None;
    }
    text.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u64::from(digit))
    })
}

fn dotted_or_refused(text: &str, allowed: &Lengths) -> Result<(u64, u8), NumberError> {
    let seen = scan(text)?;
    let zero_first = text.starts_with('0');
    if seen.used == 1 {
        return Err(undotted(&seen, zero_first, allowed));
    }
    dotted(&seen, zero_first)?;
    // The forms with dots have 6 to 10 digits.
    Ok((seen.value, seen.count as u8))
}

fn scan(text: &str) -> Result<Seen, NumberError> {
    let mut seen = Seen {
        value: 0,
        count: 0,
        groups: [0; 5],
        dots: [0; 5],
        used: 1,
    };
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                seen.value = seen
                    .value
                    .wrapping_mul(10)
                    .wrapping_add(u64::from(byte - b'0'));
                seen.count += 1;
                seen.groups[seen.used - 1] += 1;
            }
            b'.' if seen.used < 5 => {
                seen.dots[seen.used] = index + 1;
                seen.used += 1;
            }
            b'.' => {}
            _ => return Err(not_digit(text, index)),
        }
    }
    Ok(seen)
}

#[cold]
fn not_digit(text: &str, index: usize) -> NumberError {
    if exponent(text).is_some() {
        return NumberError::LostZeros(LostZeros::Exponent);
    }
    // All before it were digits and dots, one byte each, so the byte is the position.
    let found = text[index..].chars().next().unwrap_or_default();
    NumberError::NotDigit {
        at: index + 1,
        found,
    }
}

/// The digits before and after the decimal point and the exponent of a text such as `9.503E+03`.
/// `None` for any other text.
pub(crate) fn exponent(text: &str) -> Option<(&str, &str, u32)> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = !whole.is_empty() && !exponent.is_empty() && exponent.len() <= 2;
    (sound && is_digits(whole) && is_digits(part) && is_digits(exponent))
        .then(|| Some((whole, part, exponent.parse().ok()?)))?
}

/// Why digits without dots are no number. An odd count has lost the zero of chapters 01 to 09:
/// those are the only leading zeros there are, and one each. Beginning with a zero, it has lost
/// another digit.
fn undotted(seen: &Seen, zero_first: bool, allowed: &Lengths) -> NumberError {
    let shortest = allowed.counts[0];
    let odd = seen.count % 2 == 1 && seen.count < 10 && seen.count + 1 >= shortest;
    if odd && !zero_first {
        return NumberError::LostZeros(LostZeros::Leading);
    }
    NumberError::Length {
        digits: seen.count.min(255) as u8,
        allowed: allowed.text,
    }
}

/// With dots the groups are 4.2, 4.2.2, 4.2.4 or 4.2.2.2.
fn dotted(seen: &Seen, zero_first: bool) -> Result<(), NumberError> {
    let groups = &seen.groups[..seen.used];
    let lost = |zeros| Err(NumberError::LostZeros(zeros));
    let dots = |group: usize| {
        Err(NumberError::Dots {
            at: seen.dots[group],
        })
    };
    if let Some(empty) = groups.iter().position(|group| *group == 0) {
        // The dot before an empty group, and after it if it is the first.
        return dots(empty.max(1));
    }
    // `6109100012.0`: read as a quantity. `6109.0` is a short last group instead, below.
    if let [7..=10, 1] = *groups {
        return lost(LostZeros::Decimal);
    }
    let short_first = groups[0] == 3 && !zero_first;
    if groups[0] != 4 && !short_first {
        return dots(1);
    }
    let last = seen.used - 1;
    if let Some(middle) = (1..last).find(|group| groups[*group] != 2) {
        // The dot after the group comes too early or too late.
        return dots(middle + 1);
    }
    let short_last = match (last, groups[last]) {
        (1..=3, 2) | (2, 4) => false,
        (1..=3, 1) | (2, 3) => true,
        _ => return dots(last),
    };
    match (short_first, short_last) {
        (false, false) => Ok(()),
        (true, false) => lost(LostZeros::Leading),
        (false, true) => lost(LostZeros::Trailing),
        (true, true) => lost(LostZeros::Both),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Number, Prefix};

    fn refused(text: &str) -> NumberError {
        Number::parse(text).expect_err(text)
    }

    #[test]
    fn usual_forms_are_read() {
        for (text, shown) in [
            ("6109", "6109"),
            ("610910", "6109.10"),
            ("6109.10", "6109.10"),
            ("61091000", "6109.10.00"),
            ("6109.10.00", "6109.10.00"),
            ("6109100012", "6109.10.0012"),
            ("6109.10.0012", "6109.10.0012"),
            ("6109.10.00.12", "6109.10.0012"),
            ("0409.00.0005", "0409.00.0005"),
            ("0101", "0101"),
            ("9903.88.15", "9903.88.15"),
        ] {
            let number = Number::parse(text).expect(text);
            assert_eq!(number.to_string(), shown, "{text}");
            assert_eq!(
                Prefix::parse(text).expect(text).to_string(),
                shown,
                "{text}"
            );
        }
    }

    #[test]
    fn a_spreadsheet_is_recognised() {
        use LostZeros::{Both, Decimal, Exponent, Leading, Trailing};
        for (text, lost) in [
            // Without dots: the zero of chapters 01 to 09.
            ("409000005", Leading),
            ("4090000", Leading),
            ("40900", Leading),
            ("409", Leading),
            // With dots: each end by itself.
            ("409.00", Leading),
            ("409.00.00", Leading),
            ("409.00.0005", Leading),
            ("6109.1", Trailing),
            ("6109.0", Trailing),
            ("6109.10.1", Trailing),
            ("6109.10.001", Trailing),
            ("6109.10.00.1", Trailing),
            ("409.1", Both),
            ("409.10.001", Both),
            ("9.503E+03", Exponent),
            ("61091E5", Exponent),
            ("6.1091e9", Exponent),
            ("6109100012.0", Decimal),
            ("409000005.0", Decimal),
        ] {
            assert_eq!(refused(text), NumberError::LostZeros(lost), "{text}");
        }
    }

    #[test]
    fn a_leading_zero_that_is_there_was_not_lost() {
        for (text, digits) in [("040", 3), ("04090", 5), ("040900000", 9)] {
            let allowed = "4, 6, 8 or 10";
            assert_eq!(
                refused(text),
                NumberError::Length { digits, allowed },
                "{text}"
            );
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for (text, digits) in [("", 0), ("6", 1), ("61", 2), ("61091000120", 11)] {
            let allowed = "4, 6, 8 or 10";
            assert_eq!(
                refused(text),
                NumberError::Length { digits, allowed },
                "{text}"
            );
        }
        let long = "6".repeat(999);
        let digits = 255;
        let allowed = "4, 6, 8 or 10";
        assert_eq!(refused(&long), NumberError::Length { digits, allowed });
    }

    #[test]
    fn misplaced_dots_are_refused() {
        for (text, at) in [
            (".6109", 1),
            ("6109.", 5),
            ("6109..10", 5),
            ("61.09", 3),
            ("61.09.10", 3),
            // One dot in a long number: it could be a quantity that lost its zeros.
            ("610910.0012", 7),
            ("6109.100012", 5),
            ("6109.1000", 5),
            ("6109.1.0012", 7),
            ("6109.10.00012", 8),
            ("6109.1000.12", 10),
            ("6109.10.00.12.00", 14),
            ("6109.10.00.12.", 14),
            ("0409000005.0.1", 11),
        ] {
            assert_eq!(refused(text), NumberError::Dots { at }, "{text}");
        }
    }

    #[test]
    fn other_characters_are_named_with_their_place() {
        for (text, at, found) in [
            ("6109-10", 5, '-'),
            (" 6109", 1, ' '),
            ("6109 ", 5, ' '),
            ("6109é", 5, 'é'),
            ("６109", 1, '６'),
            ("=6109", 1, '='),
            ("E5", 1, 'E'),
            ("6109E", 5, 'E'),
            ("6109E-5", 5, 'E'),
        ] {
            assert_eq!(refused(text), NumberError::NotDigit { at, found }, "{text}");
        }
    }

    #[test]
    fn chapters_that_do_not_exist_are_refused() {
        for (text, chapter) in [
            ("7701", 77),
            ("0001", 0),
            ("0000.00.0000", 0),
            ("7709.10", 77),
        ] {
            assert_eq!(refused(text), NumberError::Chapter { chapter }, "{text}");
        }
        for chapter in 1..=99 {
            let exists = Number::parse(&format!("{chapter:02}01")).is_ok();
            assert_eq!(exists, chapter != 77, "{chapter}");
        }
    }

    #[test]
    fn a_prefix_may_be_a_chapter_and_never_odd() {
        assert_eq!(
            Prefix::parse("61").unwrap().range10(),
            (6_100_000_000, 6_199_999_999)
        );
        assert_eq!(Prefix::parse("04").unwrap().chapter(), 4);
        let leading = NumberError::LostZeros(LostZeros::Leading);
        assert_eq!(Prefix::parse("4").unwrap_err(), leading);
        assert_eq!(Prefix::parse("40900").unwrap_err(), leading);
        assert!(Prefix::parse("").is_err());
    }

    #[test]
    fn reasons_say_what_is_allowed() {
        assert_eq!(
            refused("61").to_string(),
            "2 digits where 4, 6, 8 or 10 are allowed"
        );
        assert_eq!(
            refused("6109-10").to_string(),
            "'-' at position 5; only digits and dots are allowed"
        );
        assert!(refused("409.1").to_string().contains("spreadsheet"));
    }
}
