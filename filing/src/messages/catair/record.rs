//! One record of 80 columns: filled field by field, read field by field.

use super::layout::{FieldLayout, RecordLayout, Status};
use super::value;

/// Columns of a record.
pub const COLUMNS: usize = 80;

/// The field whose value is never told.
const SECRET: &str = "communication_password";
const SECRET_RIGHT: &str = "six capital letters or digits";

/// A value that a record does not take, or a field that it does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("record {record} columns {start}-{end} {field} {value:?}: {reason}; right is {right}")]
pub struct FieldError {
    /// Control identifier of the record.
    pub record: String,
    /// First column of the field, from 1 (0 where the record has no such field).
    pub start: usize,
    /// Last column of the field (0 where the record has no such field).
    pub end: usize,
    /// Name of the field.
    pub field: String,
    /// The value that was given.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
    /// What would be right.
    pub right: String,
}

/// A record of the table with its 80 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    layout: &'static RecordLayout,
    bytes: [u8; COLUMNS],
}

impl Record {
    /// A record with its control identifier and nothing else.
    pub fn new(layout: &'static RecordLayout) -> Record {
        let mut bytes = [b' '; COLUMNS];
        bytes[..layout.record.len()].copy_from_slice(layout.record.as_bytes());
        Record { layout, bytes }
    }

    /// A record from the bytes of a message: at most 80, and beginning with its identifier.
    pub(super) fn of_bytes(layout: &'static RecordLayout, bytes: &[u8]) -> Option<Record> {
        let mut record = Record {
            layout,
            bytes: [b' '; COLUMNS],
        };
        record.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        record
            .bytes
            .starts_with(layout.record.as_bytes())
            .then_some(record)
    }

    /// Its row of the table.
    pub fn layout(&self) -> &'static RecordLayout {
        self.layout
    }

    /// Fills a field by the rules of its class. An empty value makes the field unused (spaces).
    ///
    /// # Errors
    /// The record has no such field; a character is not in its class; the value is too long,
    /// begins with a space, or is no date. The record is then as it was.
    pub fn set(&mut self, field: &str, value: &str) -> Result<(), FieldError> {
        let known = self.field(field).map_err(|mut error| {
            value.clone_into(&mut error.value);
            error
        })?;
        let into = &mut self.bytes[known.start - 1..known.end];
        value::lay(known, value, into).map_err(|misfit| {
            // A secret is not repeated, nor any sign of it.
            let (value, reason, right) = match field == SECRET {
                true => (
                    "(not shown)",
                    "does not fit".to_owned(),
                    SECRET_RIGHT.to_owned(),
                ),
                false => (value, misfit.reason, misfit.right),
            };
            FieldError {
                record: self.layout.record.to_owned(),
                start: known.start,
                end: known.end,
                field: field.to_owned(),
                value: value.to_owned(),
                reason,
                right,
            }
        })
    }

    /// Fills a field with a whole number: cents where two decimals are implied.
    ///
    /// # Errors
    /// As [`Record::set`].
    pub fn set_number(&mut self, field: &str, number: u64) -> Result<(), FieldError> {
        self.set(field, &number.to_string())
    }

    /// A field's value without its padding of spaces; empty when the field is not used. Zeros
    /// that pad a number stay.
    ///
    /// # Errors
    /// The record has no such field, or its columns are not ASCII text.
    pub fn get(&self, field: &str) -> Result<&str, FieldError> {
        let known = self.field(field)?;
        text(self.layout, known, &self.bytes)
    }

    /// Mandatory fields that are still empty.
    pub fn missing(&self) -> impl Iterator<Item = &'static FieldLayout> {
        let must = self
            .layout
            .fields
            .iter()
            .filter(|field| field.status == Status::Mandatory);
        must.filter(|field| field.of(&self.bytes).iter().all(|byte| *byte == b' '))
    }

    /// The 80 columns.
    pub fn as_bytes(&self) -> &[u8; COLUMNS] {
        &self.bytes
    }

    fn field(&self, name: &str) -> Result<&'static FieldLayout, FieldError> {
        named(self.layout, name)
    }
}

/// The field of that name, or the error that names those there are.
pub(super) fn named(
    layout: &'static RecordLayout,
    name: &str,
) -> Result<&'static FieldLayout, FieldError> {
    layout.field(name).ok_or_else(|| {
        let names: Vec<&str> = layout.fields.iter().map(|field| field.name).collect();
        FieldError {
            record: layout.record.to_owned(),
            start: 0,
            end: 0,
            field: name.to_owned(),
            value: String::new(),
            reason: "the record has no such field".to_owned(),
            right: format!("one of {}", names.join(", ")),
        }
    })
}

/// The text of a field in the bytes of a record.
pub(super) fn text<'a>(
    layout: &RecordLayout,
    field: &FieldLayout,
    bytes: &'a [u8],
) -> Result<&'a str, FieldError> {
    let columns = field.of(bytes);
    if columns.is_ascii()
        && let Ok(text) = std::str::from_utf8(columns)
    {
        return Ok(text.trim_matches(' '));
    }
    Err(FieldError {
        record: layout.record.to_owned(),
        start: field.start,
        end: field.end,
        field: field.name.to_owned(),
        value: columns.escape_ascii().to_string(),
        reason: "not ASCII text".to_owned(),
        right: field.class.accepts().to_owned(),
    })
}
