//! Values of settings, read strictly.

use super::known::{BOND, Kind, Known};
use crate::api::work::field;
use crate::problem::{FieldError, Problem, failed};
use deminimis_filing::identifiers::importer_number::{ImporterKind, ImporterNumber};
use deminimis_law::money::Cents;
use deminimis_office::read::Defaults;
use deminimis_office::setup::Setup;
use serde_json::Value;

pub(super) type Books<'a> = (
    &'a [deminimis_law::facts::Fact],
    &'a deminimis_law::time::Zone,
    &'a deminimis_clearance::shipment::build::PortZones,
);

pub(super) fn books(setup: &Setup) -> Books<'_> {
    (&setup.book.facts, setup.law.zone(), &setup.ports)
}

/// A kept setting that does not read any more: nobody is to go on as if it were not there.
pub(super) fn unread(known: Known, errors: &[FieldError]) -> Problem {
    let why = errors.first().map_or("", |error| error.detail.as_str());
    let said = format!("the setting {} does not read: {why}", known.name);
    failed(&std::io::Error::other(said))
}

/// Reads a setting: the fields of parcels that it fills, if it fills any. `at` is the JSON Pointer of
/// the value.
///
/// # Errors
/// What is not right, each with its place and what would be right.
pub fn read(
    setup: &Setup,
    known: Known,
    value: &Value,
    at: &str,
) -> Result<Vec<(String, String)>, Vec<FieldError>> {
    let wrong = |right: String| Err(vec![field(at, &shown(value), right)]);
    match known.kind {
        Kind::Field => text(setup, known.name, value, at)
            .map(|pair| vec![pair])
            .map_err(|error| vec![error]),
        Kind::Bond => bond(setup, value, at),
        Kind::Whole { least, most } => {
            let number = value.as_u64();
            let range = u64::from(least)..=u64::from(most);
            match number.is_some_and(|number| range.contains(&number)) {
                true => Ok(Vec::new()),
                false => wrong(format!("must be a whole number from {least} to {most}")),
            }
        }
        Kind::Dollars => {
            let cents = value.as_str().and_then(|text| Cents::parse(text).ok());
            match cents.is_some_and(|cents| cents.0 > 0) {
                true => Ok(Vec::new()),
                false => wrong("must be dollars above zero as text, such as \"800.00\"".to_owned()),
            }
        }
    }
}

/// A value of another kind as it is repeated.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// One field of parcels.
fn text(
    setup: &Setup,
    flat: &str,
    value: &Value,
    at: &str,
) -> Result<(String, String), FieldError> {
    let Some(text) = value.as_str() else {
        return Err(field(at, &shown(value), "must be text"));
    };
    let pair = (flat.to_owned(), text.trim().to_owned());
    let of_importer = flat == "importer_of_record_number";
    // A number of an importer can be a person's own: what is wrong of it is not repeated.
    let told = if of_importer { "(withheld)" } else { text };
    Defaults::new(std::slice::from_ref(&pair), books(setup))
        .map_err(|bad| field(at, told, bad.reason))?;
    let personal = |number: ImporterNumber| number.kind() == ImporterKind::SocialSecurity;
    if of_importer && ImporterNumber::parse(&pair.1).is_ok_and(personal) {
        let right = "is a Social Security number, which is about a person and no setting: send it \
                     with the parcel, or set an employer's number (12-3456789)";
        return Err(field(at, told, right));
    }
    Ok(pair)
}

fn bond(setup: &Setup, value: &Value, at: &str) -> Result<Vec<(String, String)>, Vec<FieldError>> {
    let keys = BOND.map(|(key, _)| key).join(", ");
    let Some(object) = value.as_object() else {
        let right = format!("must be an object with {keys}");
        return Err(vec![field(at, &shown(value), right)]);
    };
    let (mut pairs, mut errors) = (Vec::new(), Vec::new());
    for (key, value) in object {
        let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        match BOND.iter().find(|(known, _)| known == key) {
            None => {
                let place: String = place.chars().take(200).collect();
                errors.push(field(&place, "", format!("is none of {keys}")));
            }
            Some((_, flat)) => match text(setup, flat, value, &place) {
                Ok(pair) => pairs.push(pair),
                Err(error) => errors.push(error),
            },
        }
    }
    if !object.contains_key("type") {
        let right = "is missing: continuous (8) or single (9) is meant";
        errors.push(field(&format!("{at}/type"), "", right));
    }
    match errors.is_empty() {
        true => Ok(pairs),
        false => Err(errors),
    }
}
