//! An entry as entry summary records (AE), in the order of the guide's structure maps (July 2026,
//! pages 21 to 24).

use super::fill::{arrival, fill, party, reference, text};
use super::{BillGroup, BillKind, Bond, ClassAmount, Entry, Line, LineSummary, Summary, mmddyy};
use crate::messages::catair::Record;
use crate::messages::catair::record::FieldError;

const AE: &str = "AE";

/// Classes in one record 89.
const CLASSES: usize = 5;

/// Characters of a description in one record 44.
const DESCRIPTION: usize = 70;

type Filled = Result<Record, FieldError>;

/// The records from 10 to 90.
pub(super) fn records(entry: &Entry, summary: &Summary) -> Result<Vec<Record>, FieldError> {
    let mut records = vec![control(entry, summary)?, content(entry, summary)?];
    records.extend(conveyance(entry)?);
    for group in &entry.bills {
        bills(group, &mut records)?;
    }
    records.extend(entry.bond.as_ref().map(bond).transpose()?);
    if !summary.header_fees.is_empty() {
        records.push(classes("34", "header_fee_amount", &summary.header_fees)?);
    }
    if entry.express {
        records.push(reference(AE, "EXP", "Y")?);
    }
    if entry.non_ams {
        records.push(reference(AE, "NAM", "Y")?);
    }
    for one in &entry.parties {
        party(AE, ["SE30", "SE35", "SE36"], one, &mut records)?;
    }
    for line in &entry.lines {
        self::line(line, &mut records)?;
    }
    for some in summary.fee_totals.chunks(CLASSES) {
        records.push(classes("89", "total_fee_amount", some)?);
    }
    let zero = "0";
    let totals = [
        ("grand_total_duty_amount", summary.duty.0.to_string()),
        ("grand_total_user_fee_amount", summary.fees.0.to_string()),
        ("grand_total_ir_tax_amount", zero.to_owned()),
        ("grand_total_ad_duty_amount", zero.to_owned()),
        ("grand_total_cv_duty_amount", zero.to_owned()),
    ];
    let totals: Vec<_> = totals
        .iter()
        .map(|(field, sum)| (*field, sum.as_str()))
        .collect();
    records.push(fill(AE, "90", &totals)?);
    Ok(records)
}

fn control(entry: &Entry, summary: &Summary) -> Filled {
    let payment = &summary.payment;
    let statement_on = payment.statement_on.map(mmddyy).unwrap_or_default();
    let fields = [
        ("summary_filing_action_request_code", "A"),
        ("entry_filer_code", entry.filer.as_str()),
        ("entry_number", &entry.number),
        ("district_port_of_entry", &entry.port_of_entry),
        ("entry_type_code", entry.entry_type.code()),
        ("mode_of_transportation_code", &entry.mode),
        ("electronic_signature", "X"),
        (
            "cargo_release_certification_request_indicator",
            if summary.certified { "A" } else { "" },
        ),
        ("shipment_usage_type_code", text(&summary.usage)),
        ("payment_type_code", &payment.kind),
        ("preliminary_statement_print_date", &statement_on),
        ("periodic_statement_month", text(&payment.month)),
        ("statement_client_branch_identifier", text(&payment.branch)),
    ];
    fill(AE, "10", &fields)
}

fn content(entry: &Entry, summary: &Summary) -> Filled {
    let fields = [
        ("importer_of_record_number", entry.importer.as_str()),
        ("consignee_number", text(&summary.consignee_number)),
        ("estimated_entry_date", &mmddyy(summary.estimated_entry_on)),
        ("date_of_importation", &mmddyy(summary.imported_on)),
        ("us_state_of_destination_code", text(&summary.state)),
    ];
    fill(AE, "11", &fields)
}

/// Records 20 and 21.
fn conveyance(entry: &Entry) -> Result<Vec<Record>, FieldError> {
    let conveyance = &entry.conveyance;
    let arrives_on = conveyance.arrives_on.map(mmddyy).unwrap_or_default();
    let fields = [
        ("carrier_code", text(&conveyance.carrier_code)),
        (
            "district_port_of_unlading",
            text(&conveyance.port_of_unlading),
        ),
        ("estimated_date_of_arrival", &arrives_on),
        ("location_of_goods_code", text(&conveyance.location_firms)),
        ("conveyance_name", text(&conveyance.name)),
    ];
    let mut records = Vec::new();
    if fields.iter().any(|(_, value)| !value.is_empty()) {
        records.push(fill(AE, "20", &fields)?);
    }
    if let Some(trip) = &conveyance.trip {
        records.push(fill(AE, "21", &[("trip_identifier", trip)])?);
    }
    Ok(records)
}

/// Records 22, 23 and SE16.
fn bills(group: &BillGroup, records: &mut Vec<Record>) -> Result<(), FieldError> {
    let fields = [
        ("manifested_quantity", group.quantity.to_string()),
        (
            "manifested_quantity_unit_of_measure_code",
            text(&group.unit).to_owned(),
        ),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(field, value)| (*field, value.as_str()))
        .collect();
    records.push(fill(AE, "22", &fields)?);
    for bill in &group.bills {
        let component = match bill.kind {
            BillKind::Simple | BillKind::Master | BillKind::Tracking => "M",
            BillKind::House => "H",
        };
        let fields = [
            ("manifest_component_type_code", component),
            ("manifest_component_issuer_code", text(&bill.issuer)),
            ("manifest_component_identifier", &bill.number),
        ];
        records.push(fill(AE, "23", &fields)?);
    }
    if let Some(one) = &group.arrival {
        records.push(arrival(AE, one, (group.quantity, &group.unit))?);
    }
    Ok(())
}

fn bond(bond: &Bond) -> Filled {
    let amount = bond.amount_usd.map(|dollars| dollars.to_string());
    let fields = [
        ("bond_type_code", bond.kind.code()),
        ("bond_designation_type_code", "B"),
        ("surety_company_code", text(&bond.surety_code)),
        ("single_transaction_bond_amount", text(&amount)),
    ];
    fill(AE, "31", &fields)
}

/// A record of classes with their amounts, numbered from 1.
fn classes(record: &str, amount_field: &str, amounts: &[ClassAmount]) -> Filled {
    let mut fields = Vec::new();
    for (one, at) in amounts.iter().zip(1..) {
        fields.push((format!("accounting_class_code_{at}"), one.class.clone()));
        fields.push((format!("{amount_field}_{at}"), one.amount.0.to_string()));
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(field, value)| (field.as_str(), value.as_str()))
        .collect();
    fill(AE, record, &fields)
}

/// Records 40 to 62.
fn line(line: &Line, records: &mut Vec<Record>) -> Result<(), FieldError> {
    let Some(summary) = &line.summary else {
        return Ok(());
    };
    records.push(line_header(line, summary)?);
    if let Some(ruling) = &summary.ruling {
        let fields = [("ruling_type_code", "R"), ("ruling_number", ruling)];
        records.push(fill(AE, "43", &fields)?);
    }
    let description = line.description.as_deref().unwrap_or("");
    for part in super::gather::parts(description, DESCRIPTION).unwrap_or_default() {
        if !part.is_empty() {
            records.push(fill(AE, "44", &[("commercial_description_text", &part)])?);
        }
    }
    for (kind, number) in [("M", &summary.manufacturer_id), ("S", &summary.sold_to)] {
        if let Some(number) = number {
            let fields = [("party_type_code", kind), ("party_identifier", number)];
            records.push(fill(AE, "47", &fields)?);
        }
    }
    for one in &line.parties {
        party(AE, ["SE50", "SE55", "SE56"], one, records)?;
    }
    tariffs(line, records)?;
    if let Some((kind, number)) = &summary.license {
        let fields = [
            ("license_certificate_permit_type_code", kind.as_str()),
            ("license_certificate_permit_number", number),
        ];
        records.push(fill(AE, "52", &fields)?);
    }
    for fee in &summary.fees {
        let fields = [
            ("accounting_class_code", fee.class.as_str()),
            ("user_fee_amount", &fee.amount.0.to_string()),
        ];
        records.push(fill(AE, "62", &fields)?);
    }
    Ok(())
}

fn line_header(line: &Line, summary: &LineSummary) -> Filled {
    let related = match summary.related_parties {
        Some(true) => "Y",
        Some(false) => "N",
        None => "",
    };
    let fields = [
        ("line_item_identifier", line.id.as_str()),
        ("country_of_origin_code", &line.origin),
        ("country_of_export_code", &summary.export_country),
        ("date_of_exportation", &mmddyy(summary.exported_on)),
        (
            "trade_agreement_special_program_claim_code",
            text(&summary.program),
        ),
        ("charges_amount", &summary.charges_usd.to_string()),
        ("foreign_port_of_lading_code", text(&summary.lading_port)),
        (
            "gross_shipping_weight",
            &summary.gross_weight_kg.to_string(),
        ),
        ("related_party_indicator", related),
    ];
    fill(AE, "40", &fields)
}

/// Record 50 for each number.
fn tariffs(line: &Line, records: &mut Vec<Record>) -> Result<(), FieldError> {
    const PLACES: [(&str, &str); 3] = [
        ("quantity_1", "unit_of_measure_code_1"),
        ("quantity_2", "unit_of_measure_code_2"),
        ("quantity_3", "unit_of_measure_code_3"),
    ];
    for tariff in &line.tariffs {
        let mut record = fill(AE, "50", &[("hts_number", &tariff.number)])?;
        let cents = tariff.duty.unwrap_or_default().0.to_string();
        record.set("duty_amount", &cents)?;
        record.set_number("value_of_goods_amount", tariff.value_usd.unwrap_or(0))?;
        for (quantity, (number, unit)) in tariff.quantities.iter().zip(PLACES) {
            if let Some(hundredths) = quantity.hundredths {
                record.set_number(number, hundredths)?;
            }
            record.set(unit, &quantity.unit)?;
        }
        records.push(record);
    }
    Ok(())
}
