//! Entry numbers: the parcel's own, or the next of the filer's range, each exactly once in a file.
//!
//! A parcel's own number must lie outside the range, so that a number is never allotted that a
//! later parcel brings along.

use super::from::{Filer, serial};
use crate::identifiers::entry_number::EntryNumber;
use std::collections::HashSet;

/// Why an entry gets no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumbersError {
    /// A range that is none.
    #[error("{0} to {1} is no range of numbers of at most seven digits")]
    Range(u32, u32),
    /// The parcel has none and the configuration has no range.
    #[error("is not given, and the configuration has no [filing] entry_numbers")]
    NoRange,
    /// The range is used up.
    #[error("is not given, and [filing] entry_numbers is used up at {0}")]
    UsedUp(u32),
    /// The number is not one.
    #[error("{0}")]
    Wrong(String),
    /// The number is another filer's: a block holds entries of one filer (Batch and Block Control
    /// v23, record B).
    #[error("is a number of filer {0}, and the message is another's")]
    OtherFiler(String),
    /// The number stands earlier in the file.
    #[error("stands on an earlier entry of this file already")]
    Twice,
    /// The number is another parcel's.
    #[error("is another parcel's already")]
    Used,
    /// The number lies in the range from which numbers are allotted.
    #[error("lies in [filing] entry_numbers, from which numbers are allotted")]
    Allotted,
}

/// Hands out entry numbers.
#[derive(Clone, Debug)]
pub struct Numbers<'a> {
    filer: &'a Filer,
    /// The next to be allotted, if any is left.
    next: Option<u32>,
    given: HashSet<String>,
}

impl<'a> Numbers<'a> {
    /// Begins with the first of the range, or with `first` within it.
    ///
    /// # Errors
    /// `first` lies outside the range, or there is none.
    pub fn new(filer: &'a Filer, first: Option<u32>) -> Result<Numbers<'a>, NumbersError> {
        let range = filer.entry_numbers;
        let next = match (range, first) {
            (None, Some(_)) => return Err(NumbersError::NoRange),
            (Some(range), Some(first)) if first < range.from || first > range.to => {
                return Err(NumbersError::Range(first, range.to));
            }
            (range, first) => first.or(range.map(|range| range.from)),
        };
        Ok(Numbers {
            filer,
            next,
            given: HashSet::new(),
        })
    }

    /// The number of an entry: the parcel's own if it has one. Only what [`Numbers::take`] takes
    /// is used up.
    ///
    /// # Errors
    /// The parcel's number is wrong or used before, or none is left.
    pub fn of(&self, own: Option<&str>) -> Result<EntryNumber, NumbersError> {
        let range = self.filer.entry_numbers;
        let offset = range.map_or(0, |range| range.check_digit_offset);
        let wrong = |wrong: crate::identifiers::Wrong| NumbersError::Wrong(wrong.to_string());
        let Some(own) = own else {
            let Some(range) = range else {
                return Err(NumbersError::NoRange);
            };
            let next = self.next.ok_or(NumbersError::UsedUp(range.to))?;
            return EntryNumber::build(&self.filer.filer_code, &serial(next), offset)
                .map_err(wrong);
        };
        let number = EntryNumber::parse(own, offset).map_err(wrong)?;
        if number.filer() != self.filer.filer_code {
            return Err(NumbersError::OtherFiler(number.filer().to_owned()));
        }
        let within = |number: &EntryNumber| {
            let serial = number.serial().parse::<u32>().unwrap_or(u32::MAX);
            range.is_some_and(|range| (range.from..=range.to).contains(&serial))
        };
        if within(&number) {
            return Err(NumbersError::Allotted);
        }
        if self.given.contains(&number.to_string()) {
            return Err(NumbersError::Twice);
        }
        Ok(number)
    }

    /// Uses a number up, once its entry is written.
    pub fn take(&mut self, number: &EntryNumber) {
        let next = self.next.map(serial);
        if number.filer() == self.filer.filer_code && next.as_deref() == Some(number.serial()) {
            let last = self.filer.entry_numbers.map_or(0, |range| range.to);
            self.next = self.next.filter(|next| *next < last).map(|next| next + 1);
        } else {
            self.given.insert(number.to_string());
        }
    }

    /// The next number that would be allotted, as a serial of seven digits.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        self.next.map(serial)
    }
}
