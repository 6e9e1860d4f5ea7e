//! An entry as cargo release records (SE), in the order of the guide's usage map for action A
//! (version 40, pages 22 and 23).

use super::fill::{arrival, fill, party, reference, text};
use super::{BillGroup, BillKind, BondKind, Entry, Line};
use crate::identifiers::importer_number::ImporterNumber;
use crate::messages::catair::Record;
use crate::messages::catair::record::FieldError;

const SE: &str = "SE";

/// The records from SE10 to the last SE60.
pub(super) fn records(entry: &Entry) -> Result<Vec<Record>, FieldError> {
    let mut records = vec![header(entry)?];
    records.extend(additional(entry)?);
    if let Some(contact) = &entry.contact {
        let fields = [
            ("contact_name", contact.name.as_str()),
            ("contact_phone", &contact.phone),
        ];
        records.push(fill(SE, "SE13", &fields)?);
    }
    for group in &entry.bills {
        bills(group, entry.non_ams, &mut records)?;
    }
    if let Some(bond) = entry
        .bond
        .as_ref()
        .filter(|bond| bond.kind == BondKind::Single)
    {
        records.push(reference(SE, "V1", text(&bond.surety_code))?);
        let amount = bond.amount_usd.unwrap_or(0).to_string();
        records.push(reference(SE, "AMT", &amount)?);
    }
    if entry.express {
        records.push(reference(SE, "EXP", "Y")?);
    }
    for one in &entry.parties {
        party(SE, ["SE30", "SE35", "SE36"], one, &mut records)?;
    }
    for line in &entry.lines {
        self::line(line, &mut records)?;
    }
    Ok(records)
}

fn header(entry: &Entry) -> Result<Record, FieldError> {
    let importer = ImporterNumber::parse(&entry.importer);
    let kind = importer.map_or("", |number| number.kind().code());
    let fields = [
        ("action_code", "A"),
        ("entry_filer_code", entry.filer.as_str()),
        ("entry_number", &entry.number),
        ("entry_type_code", entry.entry_type.code()),
        ("importer_of_record_type", kind),
        ("importer_of_record_number", &entry.importer),
        ("mode_of_transportation_code", &entry.mode),
        (
            "bond_type_code",
            entry.bond.as_ref().map_or("0", |bond| bond.kind.code()),
        ),
        ("estimated_entry_value", &entry.value_usd().to_string()),
        ("planned_port_of_entry", &entry.port_of_entry),
        ("port_of_unlading", text(&entry.conveyance.port_of_unlading)),
    ];
    fill(SE, "SE10", &fields)
}

/// SE11, where there is anything for it.
fn additional(entry: &Entry) -> Result<Option<Record>, FieldError> {
    let conveyance = &entry.conveyance;
    let fields = [
        ("location_of_goods_firms", text(&conveyance.location_firms)),
        ("conveyance_name_or_ftz_id", text(&conveyance.name)),
        ("voyage_flight_trip_manifest_number", text(&conveyance.trip)),
    ];
    let any = fields.iter().any(|(_, value)| !value.is_empty());
    any.then(|| fill(SE, "SE11", &fields)).transpose()
}

/// SE15 for each bill, the quantity with the lowest, and SE16.
fn bills(group: &BillGroup, non_ams: bool, records: &mut Vec<Record>) -> Result<(), FieldError> {
    for (bill, below) in group.bills.iter().zip((0..group.bills.len()).rev()) {
        let quantity = group.quantity.to_string();
        let told = below == 0 && group.arrival.is_none();
        let fields = [
            (
                "bill_type_indicator",
                match bill.kind {
                    BillKind::Simple => "R",
                    BillKind::Master => "M",
                    BillKind::House => "H",
                    BillKind::Tracking => "T",
                },
            ),
            ("issuer_code_of_bill_of_lading_number", text(&bill.issuer)),
            ("bill_of_lading_number", &bill.number),
            ("quantity", if told { &quantity } else { "" }),
            ("non_ams_indicator", if non_ams { "Y" } else { "N" }),
        ];
        records.push(fill(SE, "SE15", &fields)?);
    }
    if let Some(one) = &group.arrival {
        records.push(arrival(SE, one, (group.quantity, &group.unit))?);
    }
    Ok(())
}

fn line(line: &Line, records: &mut Vec<Record>) -> Result<(), FieldError> {
    let fields = [
        ("line_item_identifier", line.id.as_str()),
        ("country_of_origin", &line.origin),
        ("commercial_invoice_description", text(&line.description)),
    ];
    records.push(fill(SE, "SE40", &fields)?);
    for one in &line.parties {
        party(SE, ["SE50", "SE55", "SE56"], one, records)?;
    }
    for tariff in &line.tariffs {
        let value = tariff.value_usd.map(|dollars| dollars.to_string());
        let fields = [
            ("hts_number", tariff.number.as_str()),
            ("line_item_value", text(&value)),
        ];
        records.push(fill(SE, "SE60", &fields)?);
    }
    Ok(())
}
