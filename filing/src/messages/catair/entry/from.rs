//! The filer's configuration: who files, from which range of numbers, and the few things that the
//! contract has no field for. What a parcel could say is no part of it: fields that are the same for
//! all parcels are given to the reader, before the law is asked.

use super::Contact;
use super::numbers::NumbersError;
use crate::identifiers::entry_number::{OFFSETS, check_digit, is_filer_code};
use deminimis_law::names::Mode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The `[filing]` table of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filer {
    /// Filer code, three places: in B records, and in entry numbers that are allotted.
    pub filer_code: String,
    /// Site code of who transmits (record A, columns 2-5).
    pub site_code: String,
    /// Code of who transmits (record A, columns 6-8), if it is not the filer.
    pub sender_code: Option<String>,
    /// Office code, if CBP agreed to one.
    pub office_code: Option<String>,
    /// Port in which all entries are processed; without it each is processed in its port of entry.
    pub processing_port: Option<String>,
    /// File that holds the communication password, which is never written here.
    pub password_file: Option<String>,
    /// Mode of transportation code for each mode of the contract that has two of them.
    #[serde(default)]
    pub mode_of_transportation: BTreeMap<String, String>,
    /// Serial numbers for entries whose parcel has no entry number.
    pub entry_numbers: Option<NumberRange>,
    /// Whom CBP may ask about cargo releases.
    pub contact: Option<Contact>,
    /// Number of the consignee of formal entries.
    pub consignee_number: Option<String>,
    /// Month of the periodic statement (payment types 6, 7 and 8).
    pub periodic_statement_month: Option<String>,
    /// Client branch on statements.
    pub statement_client_branch: Option<String>,
}

/// Serial numbers that may be used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRange {
    /// The first, at most seven digits.
    pub from: u32,
    /// The last, included.
    pub to: u32,
    /// What CBP allows this filer to add to check digits, 0 to 9.
    #[serde(default)]
    pub check_digit_offset: u8,
}

/// A configuration that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilerError {
    /// A key has a wrong value.
    #[error("[filing] {key} {value:?}: {right} is meant")]
    Wrong {
        /// The key.
        key: String,
        /// Its value.
        value: String,
        /// What would be right.
        right: String,
    },
    /// The range of entry numbers.
    #[error("[filing] entry_numbers: {0}")]
    Numbers(#[from] NumbersError),
}

/// The codes of each mode (AE table 3). Two codes tell goods in containers from others, which the
/// contract does not say.
pub(super) const fn mode_codes(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Air | Mode::Express => &["40", "41"],
        Mode::Truck => &["30", "31"],
        Mode::Rail => &["20", "21"],
        Mode::Ocean => &["10", "11"],
        Mode::Mail => &["50"],
        Mode::HandCarried => &["60"],
    }
}

impl Filer {
    /// Checks every key.
    ///
    /// # Errors
    /// The first that is wrong, with what would be right.
    pub fn check(&self) -> Result<(), FilerError> {
        let wrong = |key: &str, value: &str, right: &str| FilerError::Wrong {
            key: key.to_owned(),
            value: value.to_owned(),
            right: right.to_owned(),
        };
        if !is_filer_code(&self.filer_code) {
            let right = "three capital letters or digits";
            return Err(wrong("filer_code", &self.filer_code, right));
        }
        let capitals = |text: &str, count: usize| {
            text.len() == count
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        let codes = [
            ("site_code", Some(&self.site_code), 4),
            ("sender_code", self.sender_code.as_ref(), 3),
            ("office_code", self.office_code.as_ref(), 2),
        ];
        for (key, value, count) in codes {
            if let Some(value) = value.filter(|value| !capitals(value, count)) {
                let right = format!("{count} capital letters or digits");
                return Err(wrong(key, value, &right));
            }
        }
        let port = self.processing_port.as_deref();
        if let Some(port) = port.filter(|port| !is_port(port)) {
            return Err(wrong("processing_port", port, "a port code of four digits"));
        }
        for (mode, code) in &self.mode_of_transportation {
            let key = format!("mode_of_transportation.{mode}");
            let Some(known) = Mode::parse(mode) else {
                return Err(wrong(&key, code, "a mode of the contract as key"));
            };
            if !mode_codes(known).contains(&code.as_str()) {
                return Err(wrong(&key, code, &mode_codes(known).join(" or ")));
            }
        }
        let month = self.periodic_statement_month.as_deref();
        let is_month = |text: &str| (1..=12).any(|month| text == format!("{month:02}"));
        if let Some(month) = month.filter(|month| !is_month(month)) {
            return Err(wrong("periodic_statement_month", month, "01 to 12"));
        }
        if let Some(range) = self.entry_numbers {
            if range.from > range.to || check_digit(&self.filer_code, &serial(range.to)).is_none() {
                return Err(NumbersError::Range(range.from, range.to).into());
            }
            if !OFFSETS.contains(&range.check_digit_offset) {
                let value = range.check_digit_offset.to_string();
                let key = "entry_numbers.check_digit_offset";
                return Err(wrong(key, &value, "0 to 9"));
            }
        }
        Ok(())
    }

    /// Who transmits.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.sender_code.as_deref().unwrap_or(&self.filer_code)
    }
}

/// Four digits.
pub(super) fn is_port(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Seven digits; longer where the number has more.
pub(super) fn serial(number: u32) -> String {
    format!("{number:07}")
}
