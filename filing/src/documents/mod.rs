//! What is printed: invoices, customs forms, labels, letters and statements, as PDF.
//!
//! A document is made of a parcel as it was given and of the decision as it was rendered. No amount
//! is worked out here: what is owed is the decision's, and a sum is added up only to be compared
//! with the decision's own; if they differ, there is no document. Faces, dates and names are
//! arguments, so that equal input gives equal bytes.

mod barcode;
mod completeness;
mod draw;
mod entry_summary;
mod fonts;
mod invoice;
mod letter;
mod packing_list;
mod paps_label;
mod parts;
mod postal;
mod sheet;
mod statement;
mod text;

pub use completeness::Missing;
pub use entry_summary::entry_summary;
pub use fonts::Fonts;
pub use invoice::commercial_invoice;
pub use letter::decision_letter;
pub use packing_list::packing_list;
pub use paps_label::paps_label;
pub use postal::{cn22, cn23};
pub use statement::{Entry, Statement, monthly_statement};

pub use crate::parcel::Parcel;

use crate::identifiers::Wrong;
use deminimis_clearance::shipment::FieldId;
use deminimis_law::time::Day;

/// What is asked of a document besides the parcel.
#[derive(Clone, Copy, Debug)]
pub struct Issue<'a> {
    /// The date of the document.
    pub date: Day,
    /// Who issues it: the head of a letter or statement.
    pub issuer: Option<&'a str>,
    /// The responsible employee of the exporter, whom an invoice must name.
    pub responsible: Option<&'a str>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Made {
    /// The bytes of the PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no face has, with how often each is shown by its number, in brackets.
    pub unshown: Vec<(char, usize)>,
    /// What an invoice must state and this one does not; empty for other documents.
    pub missing: Vec<Missing>,
}

/// A value that keeps a document from being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The contract's name of the field.
    pub field: String,
    /// The line it stands in, from 1.
    pub line: Option<usize>,
    /// The value; none if it was not given, or if it is about a natural person.
    pub value: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What would be right.
    pub allowed: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.field)?;
        if let Some(line) = self.line {
            write!(out, " of line {line}")?;
        }
        if let Some(value) = &self.value {
            write!(out, " `{value}`")?;
        }
        write!(out, " {}; right would be: {}", self.reason, self.allowed)
    }
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Values are missing or wrong.
    #[error("{}", list(.0))]
    Refused(Vec<Refusal>),
    /// The decision does not lead to such a document.
    #[error("{0}")]
    NotForThis(String),
    /// A sum differs from what the decision says: one of them is wrong, and neither is printed.
    #[error("{what}: the parts add up to {summed}, the decision says {stated}")]
    Disagrees {
        /// What was added up.
        what: String,
        /// The sum.
        summed: String,
        /// The decision's.
        stated: String,
    },
    /// The PDF cannot be made: a fault of the program.
    #[error("the document cannot be made: {0}")]
    Pdf(String),
}

fn list(refusals: &[Refusal]) -> String {
    let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// A number that is not what its field asks for, with what would be.
fn refusal(field: &str, value: &str, wrong: &Wrong) -> Refusal {
    Refusal {
        field: field.to_owned(),
        line: None,
        value: Some(value.to_owned()),
        reason: format!("is refused: {wrong}"),
        allowed: wrong
            .right
            .clone()
            .unwrap_or_else(|| "a number of that form".to_owned()),
    }
}

impl<'a> Parcel<'a> {
    /// The text of a field of the shipment, by its name in the contract.
    fn get(&self, name: &str) -> Option<&'a str> {
        FieldId::named(name).and_then(|field| self.texts.get(field))
    }

    /// The text of a field of a line, counted from 0.
    fn line(&self, name: &str, at: usize) -> Option<&'a str> {
        FieldId::named(name).and_then(|field| self.texts.line(field, at))
    }

    /// A field that a document cannot do without.
    fn required(&self, name: &str, allowed: &str) -> Result<&'a str, Refusal> {
        self.get(name).ok_or_else(|| Refusal {
            field: name.to_owned(),
            line: None,
            value: None,
            reason: "is not given".to_owned(),
            allowed: allowed.to_owned(),
        })
    }
}
