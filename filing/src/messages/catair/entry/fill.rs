//! Fills records by name: what the two forms of an entry have in common.

use super::{Arrival, Party, Who, mmddyy};
use crate::messages::catair::record::FieldError;
use crate::messages::catair::{Record, layout};

/// A record with its fields; empty values leave their columns blank.
pub(super) fn fill(
    application: &str,
    record: &str,
    fields: &[(&str, &str)],
) -> Result<Record, FieldError> {
    let Some(layout) = layout(application, record) else {
        return Err(FieldError {
            record: record.to_owned(),
            start: 0,
            end: 0,
            field: String::new(),
            value: String::new(),
            reason: "the record is not in the table of layouts".to_owned(),
            right: "a record of the application".to_owned(),
        });
    };
    let mut filled = Record::new(layout);
    for (field, value) in fields {
        filled.set(field, value)?;
    }
    Ok(filled)
}

/// A text that may be absent.
pub(super) fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("")
}

/// The records of a party: `SE30`, `SE35`, `SE36` of the entry, or `SE50`, `SE55`, `SE56` of a line.
pub(super) fn party(
    application: &str,
    [name_record, address_record, place_record]: [&str; 3],
    party: &Party,
    records: &mut Vec<Record>,
) -> Result<(), FieldError> {
    let (name, address, place) = match &party.who {
        Who::Number(qualifier, number) => {
            let fields = [
                ("entity_code", party.role.as_str()),
                ("entity_identifier_qualifier", qualifier),
                ("entity_identifier", number),
            ];
            records.push(fill(application, name_record, &fields)?);
            return Ok(());
        }
        Who::Named {
            name,
            address,
            city,
            subdivision,
            postal_code,
            country,
        } => {
            let place = [
                ("city_name", city.as_str()),
                ("country_sub_entity_code", text(subdivision)),
                ("postal_code", text(postal_code)),
                ("country_code", country),
            ];
            (name, address, place)
        }
    };
    let fields = [("entity_code", party.role.as_str()), ("entity_name", name)];
    records.push(fill(application, name_record, &fields)?);
    for pair in address.chunks(2) {
        let mut fields = vec![
            ("address_component_qualifier_1", pair[0].0.as_str()),
            ("address_information_1", &pair[0].1),
        ];
        if let Some((qualifier, part)) = pair.get(1) {
            fields.push(("address_component_qualifier_2", qualifier));
            fields.push(("address_information_2", part));
        }
        records.push(fill(application, address_record, &fields)?);
    }
    records.push(fill(application, place_record, &place)?);
    Ok(())
}

/// `SE16`: the arrival of goods whose bill is in no automated manifest.
pub(super) fn arrival(
    application: &str,
    arrival: &Arrival,
    (quantity, unit): (u64, &Option<String>),
) -> Result<Record, FieldError> {
    let fields = [
        ("carrier_code", arrival.carrier_code.as_str()),
        ("voyage_flight_trip_manifest_number", &arrival.trip),
        ("date_of_arrival", &mmddyy(arrival.on)),
        ("quantity", &quantity.to_string()),
        ("unit_of_measure", text(unit)),
        ("conveyance_name", text(&arrival.name)),
    ];
    fill(application, "SE16", &fields)
}

/// `SE20`: a reference.
pub(super) fn reference(
    application: &str,
    qualifier: &str,
    reference: &str,
) -> Result<Record, FieldError> {
    let fields = [
        ("reference_identifier_qualifier", qualifier),
        ("reference_identifier", reference),
    ];
    fill(application, "SE20", &fields)
}
