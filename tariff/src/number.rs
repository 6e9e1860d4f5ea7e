//! A tariff number and a prefix of one: eight bytes each, compared as their text compares.
//! It must not decide whether the schedule has a number; that is [`Schedule`](crate::Schedule).

use crate::NumberError;
use crate::parse;
use std::fmt;
use std::str::FromStr;

/// One more than the greatest ten-digit code.
const CODES: u64 = 10_000_000_000;
/// Powers of ten by the count of digits that are missing to ten.
const TENS: [u64; 11] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    CODES,
];

/// A number of the schedule with 4, 6, 8 or 10 digits.
///
/// Eight bytes. Digits are kept exactly, leading and trailing zeros too: `6109.10` and
/// `6109.10.00` are two numbers. The order is that of the digits as text, so that a number stands
/// directly before those it begins.
///
/// ```
/// use deminimis_tariff::Number;
/// let number = Number::parse("6109.10.0012").unwrap();
/// assert_eq!(number, Number::parse("6109100012").unwrap());
/// assert_eq!(number.to_string(), "6109.10.0012");
/// assert_eq!((number.digits(), number.len()), (6_109_100_012, 10));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(Packed);

/// The first 2, 4, 6, 8 or 10 digits of numbers, as lists of the law write them.
///
/// The same as a [`Number`], and two digits (a chapter) too. An odd count is refused: no list of
/// the law has one, and where it appears a leading zero was lost (`40900` for `040900`), which
/// would silently name other goods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(Packed);

/// The digits moved left to ten, times 16, plus their count. Moved left so that integers compare
/// as the texts do; the count is needed because `0101` and `010100` have the same first code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Packed(u64);

impl Packed {
    const fn new(digits: u64, len: u8) -> Packed {
        Packed((digits * TENS[10 - len as usize]) << 4 | len as u64)
    }
    const fn len(self) -> u8 {
        (self.0 & 15) as u8
    }
    const fn first(self) -> u64 {
        self.0 >> 4
    }
    const fn span(self) -> u64 {
        TENS[10 - self.len() as usize]
    }
    const fn range(self) -> (u64, u64) {
        (self.first(), self.first() + self.span() - 1)
    }
    /// Whether every number that `other` begins is also begun by `self`.
    const fn begins(self, other: Packed) -> bool {
        let (first, last) = self.range();
        self.len() <= other.len() && first <= other.first() && other.first() <= last
    }
    fn checked(digits: u64, len: u8) -> Option<Packed> {
        let fits = len <= 10 && digits < TENS[len as usize];
        let packed = fits.then(|| Packed::new(digits, len))?;
        parse::chapter_exists(packed.chapter()).then_some(packed)
    }
    const fn chapter(self) -> u8 {
        (self.first() / TENS[8]) as u8
    }
    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 12];
        let mut length = 0;
        let mut rest = self.first();
        for place in 0..self.len() {
            // The usual form has no dot between the last two pairs: 6109.10.0012.
            if place == 4 || place == 6 {
                text[length] = b'.';
                length += 1;
            }
            let unit = TENS[9 - place as usize];
            text[length] = b'0' + (rest / unit) as u8;
            rest %= unit;
            length += 1;
        }
        f.pad(str::from_utf8(&text[..length]).map_err(|_| fmt::Error)?)
    }
}

/// What [`Number`] and [`Prefix`] share.
macro_rules! shared {
    ($name:ident) => {
        impl $name {
            /// The digits as one integer, without leading zeros: `409` for `0409`. With
            /// [`len`](Self::len) it gives the number back.
            #[must_use]
            pub const fn digits(self) -> u64 {
                self.0.first() / self.0.span()
            }

            /// How many digits there are. Never 0, so there is no `is_empty`.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "the length is never 0")]
            pub const fn len(self) -> u8 {
                self.0.len()
            }

            /// The chapter: the first two digits, 1 to 99.
            #[must_use]
            pub const fn chapter(self) -> u8 {
                self.0.chapter()
            }

            /// The first and the last ten-digit code it covers, both included. Ten digits cover
            /// themselves alone.
            #[must_use]
            pub const fn range10(self) -> (u64, u64) {
                self.0.range()
            }

            /// Whether `number` begins with these digits; a number begins itself.
            #[must_use]
            pub const fn is_prefix_of(self, number: Number) -> bool {
                self.0.begins(number.0)
            }
        }

        impl fmt::Display for $name {
            /// The usual form with dots: `6109.10.0012`.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f)
            }
        }

        impl FromStr for $name {
            type Err = NumberError;

            /// The same as `parse`.
            fn from_str(text: &str) -> Result<Self, NumberError> {
                Self::parse(text)
            }
        }
    };
}
shared!(Number);
shared!(Prefix);

impl Number {
    /// Reads 4, 6, 8 or 10 digits, with no dots or with those of the usual form: `6109.10`,
    /// `6109.10.00`, `6109.10.0012`, `6109.10.00.12`. Blanks around the number are not trimmed:
    /// that is for the reader of the file. Does not allocate.
    ///
    /// Dots are all or none: `610910.0010` is how a spreadsheet would take a number for a
    /// quantity, and it would show the same number as `610910.001` or `610910.01`.
    ///
    /// # Errors
    /// [`NumberError`] with what is wrong; nothing is repaired. [`crate::Schedule::candidates_of_text`]
    /// proposes what may have been meant.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        let (digits, len) = parse::digits(text, &parse::NUMBER)?;
        Ok(Number(Packed::new(digits, len)))
    }

    /// The number of `len` digits whose value is `digits`, as [`digits`](Self::digits) and
    /// [`len`](Self::len) gave them. `None` if `len` is not 4, 6, 8 or 10, if the value has more
    /// digits than that, or if the chapter does not exist.
    #[must_use]
    pub fn from_digits(digits: u64, len: u8) -> Option<Number> {
        let packed = matches!(len, 4 | 6 | 8 | 10).then(|| Packed::checked(digits, len));
        packed.flatten().map(Number)
    }

    /// The first `len` digits as a number; `None` if `len` is not 4, 6, 8 or 10 or is longer than
    /// the number.
    #[must_use]
    pub fn first(self, len: u8) -> Option<Number> {
        let shorter = len <= self.len();
        let digits = self.digits() / TENS[self.len().saturating_sub(len) as usize];
        shorter.then(|| Number::from_digits(digits, len)).flatten()
    }
}

impl Prefix {
    /// Reads 2, 4, 6, 8 or 10 digits, with no dots or with those of the usual form. Does not
    /// allocate.
    ///
    /// # Errors
    /// [`NumberError`] with what is wrong; nothing is repaired.
    pub fn parse(text: &str) -> Result<Prefix, NumberError> {
        let (digits, len) = parse::digits(text, &parse::PREFIX)?;
        Ok(Prefix(Packed::new(digits, len)))
    }

    /// The prefix of `len` digits whose value is `digits`; `None` as for [`Number::from_digits`],
    /// with 2 digits allowed.
    #[must_use]
    pub fn from_digits(digits: u64, len: u8) -> Option<Prefix> {
        let packed = matches!(len, 2 | 4 | 6 | 8 | 10).then(|| Packed::checked(digits, len));
        packed.flatten().map(Prefix)
    }
}

impl From<Number> for Prefix {
    fn from(number: Number) -> Prefix {
        Prefix(number.0)
    }
}
