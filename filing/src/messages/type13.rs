//! Informal mail entry, type 13: its 12 elements as JSON of our own.
//!
//! Source: 91 FR 38007 and CSMS 69289734, one list of the elements (confidence S). CBP's own layout
//! of type 13 (entry summary revisions 110 and 111) could not be had, so nothing here is a CBP
//! message: it is the data from which one is filed, checked, with what is missing named.

use super::mail::{Article, articles, known_total, s10};
use super::parcel::{Parcel, Reading, Refusal};
use crate::identifiers::codes::schedule_d;
use crate::identifiers::entry_number::is_filer_code;
use crate::identifiers::importer_number::ImporterNumber;
use serde::Serialize;

/// The path whose parcels are written.
pub const PATH: &str = "entry-13";

/// The elements of one parcel. The order of fields is the order of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct Type13 {
    pub shipment_id: String,
    pub filer_code: String,
    pub importer_of_record_number: String,
    pub carrier_code: String,
    pub s10_number: String,
    pub port_of_entry: String,
    pub arrives_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bond_number: Option<String>,
    pub total_duty_usd: String,
    pub lines: Vec<Article>,
}

/// The elements of a parcel that enters by type 13; nothing for one that does not.
///
/// # Errors
/// Everything that is missing or wrong.
pub fn type13(parcel: Parcel<'_>) -> Option<Result<Type13, Vec<Refusal>>> {
    (parcel.decision.entry_path == PATH).then(|| elements(parcel))
}

fn elements(parcel: Parcel<'_>) -> Result<Type13, Vec<Refusal>> {
    let mut reading = Reading::new(parcel, "type 13");
    let made = Type13 {
        shipment_id: parcel.shipment.id.clone(),
        filer_code: reading
            .checked("filer_code", None, |text| match is_filer_code(text) {
                true => Ok(()),
                false => Err("is no filer code: three upper-case letters or digits are meant"),
            })
            .to_owned(),
        importer_of_record_number: reading
            .checked("importer_of_record_number", None, ImporterNumber::parse)
            .to_owned(),
        carrier_code: reading.needed("carrier_code", None).to_owned(),
        s10_number: s10(&mut reading),
        port_of_entry: reading
            .checked("port_of_entry", None, schedule_d)
            .to_owned(),
        arrives_on: parcel.shipment.arrives_at.day.to_string(),
        bond_number: reading.text("bond_number", None).map(str::to_owned),
        total_duty_usd: known_total(&reading),
        lines: articles(&mut reading, None),
    };
    reading.finish(made)
}
