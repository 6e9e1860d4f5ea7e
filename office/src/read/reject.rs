//! A refused shipment, and why.

use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::build::{BadField, Reason};
use deminimis_clearance::shipment::fields::{FieldId, Party, id};
use deminimis_law::time::{Day, Zone, parse_when};
use std::fmt;

/// A shipment that was refused: the sender must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file's name as given.
    pub file: String,
    /// The row of the bad value, counted as in [`super::Read::Shipment`].
    pub row: u64,
    /// How many rows are refused with it.
    pub rows: u32,
    /// The shipment's id, where it could be read.
    pub shipment_id: Option<String>,
    /// The field: in CSV the column's own name or the contract's, in JSON a JSON Pointer. Empty if
    /// the row or object as a whole is bad.
    pub field: String,
    /// The line, counted from 1, if the field stands in lines.
    pub line: Option<u32>,
    /// The value, cut to 80 characters; `(withheld)` if it is about a natural person.
    pub value: String,
    /// Why, and what would be right.
    pub reason: RejectReason,
    /// Who it was for, as far as it could be read, so that the person's day can be flagged.
    pub consignee: Option<PartyKeyMaterial>,
}

/// Why a shipment is refused. `Display` completes the sentence "field value …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RejectReason {
    /// A value of the contract cannot be read.
    Field(Reason),
    /// A row with another number of fields than the header.
    FieldCount {
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
        /// Whether a field holds a line break, so that a quote may be open.
        quote: bool,
    },
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A field above [`super::MAX_FIELD`].
    FieldTooBig,
    /// A JSON object above [`super::MAX_RECORD`].
    RecordTooBig,
    /// The id stood earlier in the run.
    Duplicate,
    /// Not JSON; what the parser says.
    NotJson(String),
    /// A JSON value of the wrong type; what is right.
    WrongType(&'static str),
    /// An amount or share as a JSON number.
    AmountAsNumber,
    /// A key that the contract does not have; the nearest that it has.
    UnknownKey(Option<&'static str>),
    /// A JSON array broken beyond this element.
    RestUnreadable {
        /// How many shipments were read before.
        before: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// A rule of the map; its own words.
    Rule(String),
    /// A date that does not fit the map's format.
    DateFormat(String),
}

impl fmt::Display for RejectReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RejectReason::Field(reason) => write!(out, "{reason}"),
            RejectReason::FieldCount {
                expected,
                found,
                quote,
            } => {
                write!(
                    out,
                    "the row has {found} fields where the header has {expected}"
                )?;
                out.write_str(if *quote {
                    "; a quote may not be closed"
                } else {
                    ""
                })
            }
            RejectReason::NotUtf8 => out.write_str("is not UTF-8; save the file as UTF-8"),
            RejectReason::FieldTooBig => out.write_str("is larger than 1 MiB"),
            RejectReason::RecordTooBig => out.write_str("is larger than 64 MiB"),
            RejectReason::Duplicate => out.write_str(
                "stands earlier already; the first stands. Rows of one shipment must be adjacent",
            ),
            RejectReason::NotJson(message) => write!(out, "is not JSON: {message}"),
            RejectReason::WrongType(right) => write!(out, "must be {right}"),
            RejectReason::AmountAsNumber => out.write_str(
                "is a number; write an amount as text, \"12.50\", so that no digit changes",
            ),
            RejectReason::UnknownKey(None) => out.write_str("is not a field"),
            RejectReason::UnknownKey(Some(near)) => {
                write!(out, "is not a field; did you mean {near}?")
            }
            RejectReason::RestUnreadable { before, why } => write!(
                out,
                "{why}; {before} shipments were read before it, nothing after it can be read"
            ),
            RejectReason::Rule(words) => out.write_str(words),
            RejectReason::DateFormat(format) => write!(out, "is not a date of the form {format}"),
        }
    }
}

/// What the key of a person is made of, as text, with the day the parcel was to arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct PartyKeyMaterial {
    pub name: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    /// The local day of `arrives_at`, if it can be read.
    pub day: Option<Day>,
}

impl PartyKeyMaterial {
    /// Collects what `text` gives of the consignee and of the day; `None` without a name.
    pub(crate) fn collect(
        zone: &Zone,
        text: impl Fn(FieldId) -> Option<String>,
    ) -> Option<PartyKeyMaterial> {
        use deminimis_clearance::shipment::fields::PartyField;
        let of = |field| text(Party::Consignee.field(field));
        Some(PartyKeyMaterial {
            name: Some(of(PartyField::Name)?),
            street: of(PartyField::Street),
            city: of(PartyField::City),
            state: of(PartyField::State),
            postal_code: of(PartyField::PostalCode),
            country: of(PartyField::Country),
            day: text(id::ARRIVES_AT)
                .and_then(|text| parse_when(&text, zone).ok())
                .map(|when| when.day),
        })
    }
}

/// What is wrong with one shipment, before the file and the rows are known.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub field: String,
    pub line: Option<u32>,
    pub value: String,
    pub reason: RejectReason,
}

impl Problem {
    /// A problem of a row or an object as a whole.
    pub(crate) fn whole(reason: RejectReason) -> Problem {
        Problem {
            field: String::new(),
            line: None,
            value: String::new(),
            reason,
        }
    }

    /// A refused field under the name a CSV user knows.
    pub(crate) fn flat(bad: BadField) -> Problem {
        Problem {
            field: bad.field.into_owned(),
            line: bad.line.map(|line| line as u32 + 1),
            value: bad.value,
            reason: RejectReason::Field(bad.reason),
        }
    }

    /// A refused field with its place in JSON.
    pub(crate) fn pointer(bad: BadField) -> Problem {
        Problem {
            field: bad.pointer(),
            line: bad.line.map(|line| line as u32 + 1),
            value: bad.value,
            reason: RejectReason::Field(bad.reason),
        }
    }
}

/// The text of a field that could still be of use after a refusal: short and without control
/// characters.
pub(crate) fn salvageable(text: &str) -> Option<String> {
    let text = text.trim();
    let sound = !text.is_empty() && text.len() <= 256 && !text.chars().any(char::is_control);
    sound.then(|| text.to_owned())
}

/// The id that a refused shipment is shown under.
pub(crate) fn shown_id(texts: &Texts, raw: Option<&str>) -> Option<String> {
    texts.get(id::SHIPMENT_ID).or(raw).and_then(|text| {
        let text: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(128)
            .collect();
        (!text.is_empty()).then_some(text)
    })
}

/// The start of a refused value, on one line.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(80)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(80).is_some() {
        shown.push('\u{2026}');
    }
    shown
}
