//! The body of a request: everything the sender said of a parcel, whatever the format of the file.
//!
//! The bytes are kept only as a hash, but the hash is kept for years: a new field of the contract
//! or a new fact of the law must not change the bytes of a parcel that does not give it. So what is
//! not given is not told, and what is given is told by its name.

use super::kept::is_personal;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::{FIELDS, FieldId};
use deminimis_law::facts::{Fact, FactId};

/// One thing that is said of a parcel.
pub(super) struct Part<'a> {
    /// The line, counted from 0; nothing for the parcel as a whole.
    pub line: Option<usize>,
    /// The field's name.
    pub name: &'a str,
    /// What is said.
    pub text: &'a str,
    /// Whether it leads to a person.
    pub personal: bool,
    /// Whether the installation's defaults say it and not the sender.
    pub filled: bool,
}

/// The fields of the contract in the order of their names.
pub(super) struct Fields {
    shipment: Vec<FieldId>,
    line: Vec<FieldId>,
}

impl Fields {
    pub(super) fn new() -> Fields {
        let mut all: Vec<FieldId> = (0..FIELDS.len() as u16).map(FieldId).collect();
        all.sort_by_key(|field| field.name());
        let (line, shipment) = all.into_iter().partition(|field| field.is_line());
        Fields { shipment, line }
    }

    /// Tells every field that is given.
    pub(super) fn each(&self, texts: &Texts, facts: &[Fact], mut tell: impl FnMut(Part<'_>)) {
        let part = |field: FieldId, line: Option<usize>, text| Part {
            line,
            name: field.name(),
            text,
            personal: is_personal(field),
            filled: texts.is_filled(field, line.unwrap_or(0)),
        };
        for field in &self.shipment {
            if let Some(text) = texts.get(*field) {
                tell(part(*field, None, text));
            }
        }
        let mut by_name: Vec<FactId> = (0..facts.len() as u16).map(FactId).collect();
        by_name.sort_by_key(|fact| &facts[fact.0 as usize].name);
        for line in 0..texts.line_count() {
            for field in &self.line {
                if let Some(text) = texts.line(*field, line) {
                    tell(part(*field, Some(line), text));
                }
            }
            for fact in &by_name {
                if let Some(text) = texts.fact(*fact, line) {
                    tell(Part {
                        line: Some(line),
                        name: &format!("facts.{}", facts[fact.0 as usize].name),
                        text,
                        personal: false,
                        filled: false,
                    });
                }
            }
        }
    }

    /// Tells the body's bytes, each part behind its length so that no two bodies give the same. What
    /// the installation filled in is none of the sender's: the same request has the same body also
    /// when other defaults are set.
    pub(super) fn tell(
        &self,
        texts: &Texts,
        facts: &[Fact],
        said: &str,
        mut out: impl FnMut(&[u8]),
    ) {
        let mut part = |text: &str| {
            out(&(text.len() as u64).to_le_bytes());
            out(text.as_bytes());
        };
        part(said);
        let mut last = None;
        self.each(texts, facts, |one| {
            if one.line != last {
                part("line");
                last = one.line;
            }
            if !one.filled {
                part(one.name);
                part(one.text);
            }
        });
    }
}
