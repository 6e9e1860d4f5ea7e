//! What keeps an entry from being written: the field of the record, and what would give it.

use crate::messages::catair::FieldLayout;
use crate::messages::catair::lint::Finding;
use crate::messages::catair::record::FieldError;
use std::fmt;

/// One reason why an entry cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The record; empty where no record is to blame but the parcel's decision.
    pub record: String,
    /// First and last column, from 1; (0, 0) without a record.
    pub columns: (usize, usize),
    /// The record's field in the table of layouts.
    pub field: String,
    /// The field of the contract, or the key of the configuration, that gives it.
    pub from: String,
    /// The line of the parcel, from 1, if the field stands in lines.
    pub line: Option<u32>,
    /// The value, `(withheld)` if it is about a natural person; empty if none was given.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// What would be right.
    pub right: String,
}

impl Problem {
    /// A reason that lies in the decision or the parcel and in no column.
    #[must_use]
    pub fn of_parcel(from: &str, value: impl Into<String>, reason: String, right: &str) -> Problem {
        Problem {
            record: String::new(),
            columns: (0, 0),
            field: String::new(),
            from: from.to_owned(),
            line: None,
            value: value.into(),
            reason,
            right: right.to_owned(),
        }
    }

    /// Nothing gives a field that must be there.
    #[must_use]
    pub(super) fn missing(record: &str, field: &FieldLayout, from: &str, right: String) -> Problem {
        Problem {
            record: record.to_owned(),
            columns: (field.start, field.end),
            field: field.name.to_owned(),
            from: from.to_owned(),
            line: None,
            value: String::new(),
            reason: "is not given".to_owned(),
            right,
        }
    }

    /// A value that the record does not take.
    #[must_use]
    pub(super) fn misfit(error: FieldError, from: &str, personal: bool) -> Problem {
        let (value, right) = match personal {
            // What would be right may repeat the value.
            true => ("(withheld)".to_owned(), "see columns and class".to_owned()),
            false => (error.value, error.right),
        };
        Problem {
            record: error.record,
            columns: (error.start, error.end),
            field: error.field,
            from: from.to_owned(),
            line: None,
            value,
            reason: error.reason,
            right,
        }
    }

    /// The same, of a line counted from 0.
    #[must_use]
    pub(super) fn on(self, line: Option<usize>) -> Problem {
        Problem {
            line: line.map(|line| line as u32 + 1),
            ..self
        }
    }

    /// What lint found in a record that would be written. Its value may be of a person and is not
    /// repeated.
    #[must_use]
    pub(super) fn found(finding: Finding) -> Problem {
        let field = finding.field.unwrap_or_default();
        let told = finding.code.zip(finding.text);
        let told = told.map_or_else(String::new, |(code, text)| format!(" (CBP {code}: {text})"));
        Problem {
            columns: (finding.start, finding.end),
            field: field.to_owned(),
            from: field.to_owned(),
            line: None,
            value: String::new(),
            reason: format!("{}{told}", finding.reason),
            right: finding.right,
            record: finding.record,
        }
    }

    /// Where the field stands: `record 11 columns 3-14 importer_of_record_number`.
    #[must_use]
    pub fn place(&self) -> String {
        match self.columns {
            (0, 0) => String::new(),
            (start, end) => format!(
                "record {} columns {start}-{end} {}",
                self.record, self.field
            ),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        if !place.is_empty() {
            write!(out, "{place}: ")?;
        }
        if let Some(line) = self.line {
            write!(out, "line {line} ")?;
        }
        write!(out, "{}", self.from)?;
        if !self.value.is_empty() {
            write!(out, " {:?}", self.value)?;
        }
        write!(out, " {}; right is {}", self.reason, self.right)
    }
}

/// A parcel of which no entry is written, with every reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{shipment_id}: {}", self.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Refusal {
    /// The parcel.
    pub shipment_id: String,
    /// At least one reason.
    pub problems: Vec<Problem>,
}
