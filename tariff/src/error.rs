//! Why a text is not a tariff number. The sender of the text must act on each of these.
//! It must not name a file or a row: the reader of the file adds those.

/// Why a text is not a [`Number`](crate::Number) or a [`Prefix`](crate::Prefix).
///
/// Positions count characters from 1. The message says what is wrong and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// A count of digits that no number has.
    #[error("{digits} digits where {allowed} are allowed")]
    Length {
        /// How many digits the text has, at most 255.
        digits: u8,
        /// The counts that are allowed, as text.
        allowed: &'static str,
    },
    /// A character that is neither a digit nor a dot.
    #[error("{found:?} at position {at}; only digits and dots are allowed")]
    NotDigit {
        /// Position of the character, from 1.
        at: usize,
        /// The character.
        found: char,
    },
    /// Dots elsewhere than in the usual form.
    #[error("a dot is out of place at position {at}; dots are written as in 6109.10.0012")]
    Dots {
        /// Position of the first dot that is out of place, from 1.
        at: usize,
    },
    /// The number went through a program that took it for a quantity, usually a spreadsheet.
    #[error("{0}")]
    LostZeros(LostZeros),
    /// A chapter that the schedule does not have.
    #[error("chapter {chapter:02} does not exist; chapters are 01 to 99 without 77")]
    Chapter {
        /// The first two digits.
        chapter: u8,
    },
}

/// What a spreadsheet did to a number. The remedy is the same each time: keep the column as text
/// and export it again, because the lost digits cannot be told from the rest with certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LostZeros {
    /// `409000005` for `0409000005`, `409.00` for `0409.00`: an odd count of digits, or a first
    /// group of three.
    #[error("a leading zero was lost, as in a spreadsheet, or a digit is missing; keep it as text")]
    Leading,
    /// `6109.1` for `6109.10`: the last group is short.
    #[error(
        "trailing zeros were lost, as in a spreadsheet, or a digit is missing; keep it as text"
    )]
    Trailing,
    /// `409.1` for `0409.10`.
    #[error("leading and trailing zeros were lost, as in a spreadsheet; keep it as text")]
    Both,
    /// `9.503E+03` for `9503`, or `6109.1E5`.
    #[error("written with an exponent, as by a spreadsheet; digits are lost; keep it as text")]
    Exponent,
    /// `6109100012.0`: no digit need be lost, but a reader took the column for quantities, so
    /// others of the column have lost theirs.
    #[error("written as a decimal number, as by a spreadsheet; keep it as text")]
    Decimal,
}
