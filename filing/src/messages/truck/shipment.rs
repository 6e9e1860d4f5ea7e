//! One parcel as a shipment of a truck's manifest, checked field by field.

use super::super::parcel::{Parcel, Reading, Refusal};
use super::trip::Trip;
use crate::identifiers::control_number::ControlNumber;
use deminimis_clearance::shipment::fields::{Party, PartyField};
use deminimis_law::money::{Cents, parse_minor};
use deminimis_law::names::{CustomsStatus, EntryPath, Mode};
use serde::Serialize;

/// The most characters of a description.
const DESCRIPTION: usize = 512;

/// The most characters of a value.
const VALUE: usize = 9;

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

/// What lies in the packages.
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
    let kind = kind(&mut reading);
    let number = reading
        .checked("house_bill", None, ControlNumber::parse)
        .to_owned();
    let province = sized(&mut reading, "shipper_state", None, 2, 3);
    let shipper = party(&mut reading, Party::Shipper);
    let consignee = party(&mut reading, Party::Consignee);
    let goods = goods(&mut reading, trip);
    reading.finish(TruckShipment {
        data: "ACE_SHIPMENT",
        r#type: kind,
        shipment_control_number: number,
        province_of_loading: province,
        shipper,
        consignee,
        commodities: vec![goods],
    })
}

/// The type of the shipment, by how the parcel is entered. One fact is in hand: a parcel that a
/// broker enters by type 11 or 01 under the shipment's number is of type PAPS.
fn kind(reading: &mut Reading<'_>) -> &'static str {
    let (shipment, decision) = (reading.parcel.shipment, reading.parcel.decision);
    if shipment.customs_status != CustomsStatus::Direct {
        let reason = "the manifest of a movement in bond has fields of the movement that are not in \
                      hand: only goods that come direct are written";
        let status = shipment.customs_status.as_str();
        reading.refuse(None, "customs_status", status, reason);
    }
    let path = decision.entry_path;
    let reason = match EntryPath::parse(path) {
        Some(EntryPath::Entry11 | EntryPath::Entry01) => return "PAPS",
        Some(EntryPath::None) => format!(
            "the decision names no way of entering ({}): deminimis explain tells why",
            decision.outcome
        ),
        Some(EntryPath::ManifestRelease) => {
            "the manual's list has no type for goods that are released from the manifest".to_owned()
        }
        _ => "which type a shipment of this way of entering has is not in hand: entry-11 and \
              entry-01 are written"
            .to_owned(),
    };
    reading.refuse(None, "entry_path", path, reason);
    ""
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

/// The goods as one commodity. Packages are counted of the parcel and not of its articles, so that
/// several articles in the same packages cannot stand apart: each would count them again.
fn goods(reading: &mut Reading<'_>, trip: &Trip) -> Commodity {
    let lines = reading.parcel.shipment.lines.len();
    let (quantity, packaging_unit) = packages(reading);
    let description = descriptions(reading, lines);
    let weight = weight(reading, lines);
    let (kind, vehicle) = trip.loaded_on();
    Commodity {
        description,
        quantity,
        packaging_unit,
        weight,
        weight_unit: "KG",
        harmonized_code: number_of_all(reading),
        value: value(reading, lines),
        country_of_origin: origin_of_all(reading, lines),
        loaded_on: LoadedOn {
            r#type: kind,
            number: vehicle.to_owned(),
        },
    }
}

/// What the articles are, each once, in their order.
fn descriptions(reading: &mut Reading<'_>, lines: usize) -> String {
    let mut told: Vec<&str> = Vec::new();
    for line in 0..lines {
        let one = reading.needed("description", Some(line));
        if !told.contains(&one) {
            told.push(one);
        }
    }
    let text = told.join("; ");
    let count = text.chars().count();
    if count > DESCRIPTION {
        let reason = format!(
            "has {count} characters for all articles: {DESCRIPTION} are the most, and nothing is cut"
        );
        reading.refuse(None, "description", &text, reason);
    }
    text
}

/// Gross weight in kilograms: the shipment's, else the sum of the lines'.
fn weight(reading: &mut Reading<'_>, lines: usize) -> String {
    if let Some(weight) = reading.text("gross_weight_kg", None) {
        return weight.to_owned();
    }
    let own = |line| reading.text("line_gross_weight_kg", Some(line));
    let grams = |line| own(line).and_then(|text| parse_minor(text, 3).ok());
    match (0..lines).map(grams).sum::<Option<i64>>() {
        Some(grams) => format!("{}.{:03}", grams / 1000, grams % 1000),
        None => reading.needed("gross_weight_kg", None).to_owned(),
    }
}

/// The value of all articles in dollars, exact.
fn value(reading: &mut Reading<'_>, lines: usize) -> String {
    let mut sum = Cents(0);
    for line in 0..lines {
        let at = Some(line);
        let currency = reading.text("currency", at).unwrap_or("USD");
        if currency != "USD" {
            let reason = "the manifest's value is in dollars";
            reading.refuse(at, "currency", currency, reason);
            continue;
        }
        let own = Cents::parse(reading.needed("line_value", at));
        sum = sum.plus(own.unwrap_or_default());
    }
    let text = sum.to_string();
    if text.len() > VALUE {
        let reason = format!("is the value of all articles: at most {VALUE} characters are meant");
        reading.refuse(None, "line_value", &text, reason);
    }
    text
}

/// The number of the schedule, where all articles have the same.
fn number_of_all(reading: &Reading<'_>) -> Option<String> {
    let mut numbers = reading.parcel.shipment.lines.iter().map(|line| line.number);
    let first = numbers.next()??;
    let is_told = first.len() >= 6 && numbers.all(|other| other == Some(first));
    is_told.then(|| first.to_string().replace('.', ""))
}

/// The origin of all articles: the form has one for what lies in the same packages.
fn origin_of_all(reading: &mut Reading<'_>, lines: usize) -> String {
    let first = reading.needed("country_of_origin", Some(0));
    for line in 1..lines {
        let own = reading.needed("country_of_origin", Some(line));
        if !own.is_empty() && !first.is_empty() && own != first {
            let reason = format!(
                "is not the {first} of line 1: packages are counted of the whole parcel, and the \
                 form tells one origin of what lies in them; one parcel for each origin is right"
            );
            reading.refuse(Some(line), "country_of_origin", own, reason);
        }
    }
    first.to_owned()
}

/// How many packages of which kind, as the manifest counts them. What the tariff counts (dozens,
/// kilograms) is no package.
fn packages(reading: &mut Reading<'_>) -> (u64, String) {
    let count = reading.needed("manifest_quantity", None);
    let quantity = count.parse().unwrap_or(0);
    if quantity == 0 && !count.is_empty() {
        let reason = "is not a whole number of packages";
        reading.refuse(None, "manifest_quantity", count, reason);
    }
    let unit = reading.checked("manifest_unit", None, |text| {
        let good = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        if good {
            Ok(())
        } else {
            Err("is not a kind of package of three letters, such as CTN")
        }
    });
    (quantity, unit.to_owned())
}
