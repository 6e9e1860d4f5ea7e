//! The body of a request: everything the sender said of a parcel, whatever the format of the file.
//!
//! The bytes are kept only as a hash, but the hash is kept for years: a new field of the contract
//! or a new fact of the law must not change the bytes of a parcel that does not give it. So what is
//! not given is not told, and what is given is told by its name.

use super::kept::is_personal;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::{FIELDS, FieldId};
use deminimis_law::facts::{Fact, FactId};

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

    /// Tells every field that is given: its line counted from 0, its name, its text, and whether it
    /// leads to a person.
    pub(super) fn each(
        &self,
        texts: &Texts,
        facts: &[Fact],
        mut tell: impl FnMut(Option<usize>, &str, &str, bool),
    ) {
        for field in &self.shipment {
            if let Some(text) = texts.get(*field) {
                tell(None, field.name(), text, is_personal(*field));
            }
        }
        let mut by_name: Vec<FactId> = (0..facts.len() as u16).map(FactId).collect();
        by_name.sort_by_key(|fact| &facts[fact.0 as usize].name);
        for line in 0..texts.line_count() {
            for field in &self.line {
                if let Some(text) = texts.line(*field, line) {
                    tell(Some(line), field.name(), text, is_personal(*field));
                }
            }
            for fact in &by_name {
                if let Some(text) = texts.fact(*fact, line) {
                    let name = format!("facts.{}", facts[fact.0 as usize].name);
                    tell(Some(line), &name, text, false);
                }
            }
        }
    }

    /// Tells the body's bytes, each part behind its length so that no two bodies give the same.
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
        self.each(texts, facts, |line, name, text, _| {
            if line != last {
                part("line");
                last = line;
            }
            part(name);
            part(text);
        });
    }
}
