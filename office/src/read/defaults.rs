//! What an installation or a house says of all its parcels: `[filing.defaults]` of the configuration
//! and a tenant's settings of the desk.
//!
//! They fill what a parcel leaves open and never replace what it says, as a catalog does for lines;
//! what they filled is marked as not the sender's. Of what is one thing, such as a bond or a party,
//! nothing is filled where the parcel says any part of it: no bond is made of two. Each value is read
//! by the parser of parcels and judged by the form that an entry wants.

use super::Options;
use super::plan::{Target, unknown};
use deminimis_clearance::shipment::build::{BadField, Builder, Filling, PortZones};
use deminimis_clearance::shipment::fields::{FIELDS, FieldId, id};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_filing::messages::catair::entry::judge;
use deminimis_law::facts::Fact;
use deminimis_law::time::Zone;

/// Values for fields that parcels leave open.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    list: Vec<One>,
}

#[derive(Clone, Debug)]
struct One {
    target: Target,
    text: String,
    /// All fields of the one thing that it is part of.
    whole: Vec<FieldId>,
}

/// A value that cannot be a default.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value:?} {reason}")]
pub struct BadDefault {
    /// The field's flat name.
    pub field: String,
    /// The value.
    pub value: String,
    /// Why, and what would be right.
    pub reason: String,
}

impl Defaults {
    /// Reads values by the flat names of their fields.
    ///
    /// # Errors
    /// The first that is no field, or cannot be read or filed.
    pub fn new(
        values: &[(String, String)],
        (facts, zone, ports): (&[Fact], &Zone, &PortZones),
    ) -> Result<Defaults, BadDefault> {
        let options = Options::new(facts, zone, ports);
        let mut defaults = Defaults::default();
        for (name, text) in values {
            let wrong = |reason: String| BadDefault {
                field: name.clone(),
                value: text.clone(),
                reason,
            };
            let target = Target::named(name, &options)
                .ok_or_else(|| wrong(format!("cannot be set: {}", unknown(name, "defaults"))))?;
            if matches!(target, Target::Fact(_)) {
                return Err(wrong(
                    "is a fact of an article, which its sender says".to_owned(),
                ));
            }
            if target == Target::Field(id::SHIPMENT_ID) {
                return Err(wrong("cannot be one for all".to_owned()));
            }
            if text.trim().is_empty() {
                return Err(wrong("is empty; leave it out instead".to_owned()));
            }
            let mut builder = Builder::new(facts, zone, ports);
            let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
            let mut trial = builder.begin(&mut shipment, &mut texts);
            let set = target.set(&mut trial, 0, text);
            set.map_err(|bad| wrong(bad.reason.to_string()))?;
            judge(name, text.trim()).map_err(|bad| wrong(bad.reason))?;
            defaults.list.push(One {
                target,
                text: text.trim().to_owned(),
                whole: whole(target),
            });
        }
        Ok(defaults)
    }

    /// Whether nothing is filled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether a field has a default.
    pub(crate) fn has(&self, field: FieldId) -> bool {
        let of = Target::Field(field);
        self.list.iter().any(|one| one.target == of)
    }

    /// Fills a shipment's fields and each line's where they have no value.
    pub(crate) fn fill(&self, filling: &mut Filling) -> Result<(), BadField> {
        for one in &self.list {
            let lines = if one.target.is_line() {
                filling.line_count()
            } else {
                1
            };
            for line in 0..lines {
                let texts = filling.texts();
                let said = |field: &FieldId| {
                    texts.at(*field, line).is_some() && !texts.is_filled(*field, line)
                };
                if one.whole.iter().any(said) {
                    continue;
                }
                if one.target.fill(filling, line, &one.text)?
                    && let Target::Field(field) = one.target
                {
                    filling.mark_filled(field, line);
                }
            }
        }
        Ok(())
    }
}

/// The fields of the object that a field is part of; none for one that stands alone.
fn whole(target: Target) -> Vec<FieldId> {
    let Target::Field(field) = target else {
        return Vec::new();
    };
    let Some(group) = field.get().group else {
        return Vec::new();
    };
    (0..FIELDS.len() as u16)
        .map(FieldId)
        .filter(|other| other.get().group == Some(group) && other.is_line() == field.is_line())
        .collect()
}
