//! Records that only a cargo release has.

use super::{One, Unreadable, add_bill, empty};
use crate::messages::catair::entry::{
    Bill, BillGroup, BillKind, Bond, BondKind, Contact, Conveyance, Entry, Line, Tariff,
};

/// Record SE10.
pub(super) fn release_header(one: &One<'_>) -> Result<Entry, Unreadable> {
    let bond = |kind| Bond {
        kind,
        surety_code: None,
        amount_usd: None,
    };
    Ok(Entry {
        port_of_entry: one.get("planned_port_of_entry")?,
        importer: one.get("importer_of_record_number")?,
        bond: match one.get("bond_type_code")?.as_str() {
            "0" => None,
            "8" => Some(bond(BondKind::Continuous)),
            "9" => Some(bond(BondKind::Single)),
            _ => return Err(one.value("bond_type_code")),
        },
        conveyance: Conveyance {
            port_of_unlading: one.may("port_of_unlading")?,
            ..Conveyance::default()
        },
        ..empty(one)?
    })
}

/// Records that only a cargo release has.
pub(super) fn of_release(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    match tag {
        "SE11" => {
            entry.conveyance.location_firms = one.may("location_of_goods_firms")?;
            entry.conveyance.name = one.may("conveyance_name_or_ftz_id")?;
            entry.conveyance.trip = one.may("voyage_flight_trip_manifest_number")?;
        }
        "SE13" => {
            entry.contact = Some(Contact {
                name: one.get("contact_name")?,
                phone: one.get("contact_phone")?,
            });
        }
        "SE15" => release_bill(entry, one)?,
        "SE40" => entry.lines.push(Line {
            id: one.get("line_item_identifier")?,
            origin: one.get("country_of_origin")?,
            description: one.may("commercial_invoice_description")?,
            parties: Vec::new(),
            tariffs: Vec::new(),
            summary: None,
        }),
        "SE60" => {
            let line = entry.lines.last_mut().ok_or_else(|| one.misplaced())?;
            line.tariffs.push(Tariff {
                number: one.get("hts_number")?,
                value_usd: one.may_number("line_item_value")?,
                duty: None,
                quantities: Vec::new(),
            });
        }
        _ => return Err(one.misplaced()),
    }
    Ok(())
}

/// A house bill goes with the master bill before it; any other bill begins a group.
fn release_bill(entry: &mut Entry, one: &One<'_>) -> Result<(), Unreadable> {
    let kind = match one.get("bill_type_indicator")?.as_str() {
        "R" => BillKind::Simple,
        "M" => BillKind::Master,
        "H" => BillKind::House,
        "T" => BillKind::Tracking,
        _ => return Err(one.value("bill_type_indicator")),
    };
    entry.non_ams |= one.get("non_ams_indicator")? == "Y";
    let bill = Bill {
        kind,
        issuer: one.may("issuer_code_of_bill_of_lading_number")?,
        number: one.get("bill_of_lading_number")?,
    };
    if kind != BillKind::House || entry.bills.is_empty() {
        entry.bills.push(BillGroup {
            bills: Vec::new(),
            quantity: 0,
            unit: None,
            arrival: None,
        });
    }
    if let Some(group) = entry.bills.last_mut() {
        add_bill(group, bill);
        group.quantity = one.may_number("quantity")?.unwrap_or(group.quantity);
    }
    Ok(())
}
