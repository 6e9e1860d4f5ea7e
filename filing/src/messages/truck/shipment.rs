//! One parcel as a shipment of a truck's manifest, checked field by field.

use super::super::parcel::{Parcel, Reading, Refusal};
use super::trip::Trip;
use crate::identifiers::control_number::ControlNumber;
use deminimis_clearance::shipment::fields::{Party, PartyField};
use deminimis_law::names::Mode;
use serde::Serialize;

/// A shipment of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct TruckShipment {
    pub data: &'static str,
    pub r#type: &'static str,
    pub shipment_control_number: String,
    pub province_of_loading: String,
    pub shipper: PartyJson,
    pub consignee: PartyJson,
    pub commodities: Vec<Commodity>,
}

/// Shipper or consignee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct PartyJson {
    pub name: String,
    pub address: Address,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Address {
    pub address_line: String,
    pub city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    pub country: String,
}

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Commodity {
    pub description: String,
    pub quantity: u64,
    pub packaging_unit: String,
    pub weight: String,
    pub weight_unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harmonized_code: Option<String>,
    pub value: String,
    pub country_of_origin: String,
    pub loaded_on: LoadedOn,
}

/// On what it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct LoadedOn {
    pub r#type: &'static str,
    pub number: String,
}

/// The shipment of a parcel that comes by truck; nothing for one that does not.
///
/// # Errors
/// Everything that is missing or does not have its form. Nothing is cut to fit.
pub fn shipment(parcel: Parcel<'_>, trip: &Trip) -> Option<Result<TruckShipment, Vec<Refusal>>> {
    (parcel.shipment.mode == Mode::Truck).then(|| made(parcel, trip))
}

fn made(parcel: Parcel<'_>, trip: &Trip) -> Result<TruckShipment, Vec<Refusal>> {
    let mut reading = Reading::new(parcel, "the manifest");
    let number = reading
        .checked("house_bill", None, ControlNumber::parse)
        .to_owned();
    let province = sized(&mut reading, "shipper_state", None, 2, 3);
    let shipper = party(&mut reading, Party::Shipper);
    let consignee = party(&mut reading, Party::Consignee);
    let lines = parcel.shipment.lines.len();
    let commodities = (0..lines)
        .map(|line| commodity(&mut reading, line, lines, trip))
        .collect();
    reading.finish(TruckShipment {
        data: "ACE_SHIPMENT",
        r#type: "PAPS",
        shipment_control_number: number,
        province_of_loading: province,
        shipper,
        consignee,
        commodities,
    })
}

fn party(reading: &mut Reading<'_>, who: Party) -> PartyJson {
    let field = |field: PartyField| who.field(field).name();
    let [state, postal_code] = [field(PartyField::State), field(PartyField::PostalCode)];
    let given = |reading: &Reading<'_>, field| reading.text(field, None).is_some();
    PartyJson {
        name: sized(reading, field(PartyField::Name), None, 1, 60),
        address: Address {
            address_line: sized(reading, field(PartyField::Street), None, 1, 110),
            city: sized(reading, field(PartyField::City), None, 2, 30),
            state_province: given(reading, state).then(|| sized(reading, state, None, 2, 3)),
            postal_code: given(reading, postal_code)
                .then(|| sized(reading, postal_code, None, 1, 10)),
            country: reading.needed(field(PartyField::Country), None).to_owned(),
        },
    }
}

/// A needed field of so many characters.
fn sized(
    reading: &mut Reading<'_>,
    field: &str,
    line: Option<usize>,
    least: usize,
    most: usize,
) -> String {
    reading
        .checked(field, line, |text| match text.chars().count() {
            count if (least..=most).contains(&count) => Ok(()),
            count => Err(format!(
                "has {count} characters: {least} to {most} are meant, and nothing is cut"
            )),
        })
        .to_owned()
}

fn commodity(reading: &mut Reading<'_>, line: usize, lines: usize, trip: &Trip) -> Commodity {
    let at = Some(line);
    let (quantity, packaging_unit) = packages(reading, line, lines);
    let weight = reading.text("line_gross_weight_kg", at);
    // Of a parcel with one article the weight may stand on either level.
    let weight = weight.or_else(|| {
        (lines == 1)
            .then(|| reading.text("gross_weight_kg", None))
            .flatten()
    });
    let weight = match weight {
        Some(weight) => weight.to_owned(),
        None => reading.needed("line_gross_weight_kg", at).to_owned(),
    };
    let currency = reading.text("currency", at).unwrap_or("USD");
    if currency != "USD" {
        reading.refuse(
            at,
            "currency",
            currency,
            "the manifest's value is in dollars",
        );
    }
    let number = reading
        .parcel
        .shipment
        .lines
        .get(line)
        .and_then(|line| line.number);
    let code = number.filter(|number| number.len() >= 6);
    let (kind, vehicle) = trip.loaded_on();
    Commodity {
        description: sized(reading, "description", at, 1, 512),
        quantity,
        packaging_unit,
        weight,
        weight_unit: "KG",
        harmonized_code: code.map(|number| number.to_string().replace('.', "")),
        value: sized(reading, "line_value", at, 1, 9),
        country_of_origin: reading.needed("country_of_origin", at).to_owned(),
        loaded_on: LoadedOn {
            r#type: kind,
            number: vehicle.to_owned(),
        },
    }
}

/// How many packages of which kind: of a parcel with one article as the manifest counts it, else as
/// each line counts its own.
fn packages(reading: &mut Reading<'_>, line: usize, lines: usize) -> (u64, String) {
    let (count, unit, at) = match lines {
        1 => ("manifest_quantity", "manifest_unit", None),
        _ => ("quantity", "unit", Some(line)),
    };
    let text = reading.needed(count, at);
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    let quantity = whole.parse().unwrap_or(0);
    if quantity == 0 && !text.is_empty() {
        reading.refuse(at, count, text, "is not a whole number of packages");
    }
    let unit = reading.checked(unit, at, |text| {
        let good = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        if good {
            Ok(())
        } else {
            Err("is not a kind of package of three letters, such as CTN")
        }
    });
    (quantity, unit.to_owned())
}
