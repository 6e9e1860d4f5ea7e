//! How data sets read a decided parcel, and what keeps it out of one.

pub use crate::parcel::Parcel;

use deminimis_clearance::shipment::fields::FieldId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How much of a value is repeated in a refusal, in characters.
const SHOWN: usize = 80;

/// One thing that keeps a parcel out of a data set. All of them are told, not the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The parcel.
    pub shipment_id: String,
    /// The line, from 1, if the field stands in lines.
    pub line: Option<u16>,
    /// The contract's field that must be given or changed.
    pub field: String,
    /// Its value, cut to 80 characters; empty where nothing is given.
    pub value: String,
    /// Why, and what would be right.
    pub reason: String,
}

/// Numbers that name one parcel each, with the parcel that has them.
#[derive(Clone, Debug, Default)]
pub struct Taken(HashMap<String, String>);

impl Taken {
    /// Gives a number of `field` to a parcel that is about to be written.
    ///
    /// # Errors
    /// An earlier parcel has it, which keeps it and is named.
    pub fn give(&mut self, field: &str, number: &str, shipment_id: &str) -> Result<(), Refusal> {
        match self.0.entry(number.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(shipment_id.to_owned());
                Ok(())
            }
            Entry::Occupied(taken) => Err(Refusal {
                shipment_id: shipment_id.to_owned(),
                line: None,
                field: field.to_owned(),
                value: number.to_owned(),
                reason: format!(
                    "is the number of the earlier parcel {}, which keeps it: a number of its own \
                     is right",
                    taken.get()
                ),
            }),
        }
    }
}

/// Reads fields of one parcel and collects what is wrong with them.
pub(super) struct Reading<'a> {
    pub(super) parcel: Parcel<'a>,
    /// The data set, for messages: "the worksheet".
    set: &'static str,
    refusals: Vec<Refusal>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(parcel: Parcel<'a>, set: &'static str) -> Reading<'a> {
        Reading {
            parcel,
            set,
            refusals: Vec::new(),
        }
    }

    pub(super) fn refuse(
        &mut self,
        line: Option<usize>,
        field: &str,
        value: &str,
        reason: impl Into<String>,
    ) {
        // What is about a natural person is not repeated.
        let personal = field == "importer_of_record_number"
            || FieldId::named(field).is_some_and(|field| field.get().is_personal());
        self.refusals.push(Refusal {
            shipment_id: self.parcel.shipment.id.clone(),
            line: line.and_then(|line| u16::try_from(line + 1).ok()),
            field: field.to_owned(),
            value: match personal && !value.is_empty() {
                true => "(withheld)".to_owned(),
                false => value.chars().take(SHOWN).collect(),
            },
            reason: reason.into(),
        });
    }

    /// A field as it was given, if it was.
    pub(super) fn text(&self, field: &str, line: Option<usize>) -> Option<&'a str> {
        self.parcel
            .texts
            .at(FieldId::named(field)?, line.unwrap_or(0))
    }

    /// A field that the data set needs; empty, and refused, where it is not given.
    pub(super) fn needed(&mut self, field: &str, line: Option<usize>) -> &'a str {
        match self.text(field, line) {
            Some(text) => text,
            None => {
                self.refuse(
                    line,
                    field,
                    "",
                    format!("is not given: {} needs it", self.set),
                );
                ""
            }
        }
    }

    /// A field that the data set needs, in a form that `check` knows.
    pub(super) fn checked<T, W: std::fmt::Display>(
        &mut self,
        field: &str,
        line: Option<usize>,
        check: impl FnOnce(&'a str) -> Result<T, W>,
    ) -> &'a str {
        let text = self.needed(field, line);
        if !text.is_empty()
            && let Err(wrong) = check(text)
        {
            self.refuse(line, field, text, wrong.to_string());
        }
        text
    }

    /// What was made of the parcel, unless something is wrong with it.
    pub(super) fn finish<T>(self, made: T) -> Result<T, Vec<Refusal>> {
        match self.refusals.is_empty() {
            true => Ok(made),
            false => Err(self.refusals),
        }
    }
}
