//! Records that only an entry summary has.

use super::{One, Unreadable, add_bill, empty};
use crate::messages::catair::entry::{
    Bill, BillGroup, BillKind, Bond, BondKind, ClassAmount, Conveyance, Entry, Line, LineSummary,
    Payment, Quantity, Summary, Tariff,
};
use deminimis_law::money::Cents;
use deminimis_law::time::Day;

/// Record 10.
pub(super) fn control(one: &One<'_>) -> Result<Entry, Unreadable> {
    let certified = one.get("cargo_release_certification_request_indicator")?;
    let summary = Summary {
        certified: certified == "A",
        usage: one.may("shipment_usage_type_code")?,
        payment: Payment {
            kind: one.get("payment_type_code")?,
            statement_on: one.may_day("preliminary_statement_print_date")?,
            month: one.may("periodic_statement_month")?,
            branch: one.may("statement_client_branch_identifier")?,
        },
        consignee_number: None,
        estimated_entry_on: Day(0),
        imported_on: Day(0),
        state: None,
        header_fees: Vec::new(),
        fee_totals: Vec::new(),
        duty: Cents(0),
        fees: Cents(0),
    };
    Ok(Entry {
        port_of_entry: one.get("district_port_of_entry")?,
        summary: Some(summary),
        ..empty(one)?
    })
}

/// Records that only a summary has.
pub(super) fn of_summary(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    match tag {
        "11" | "20" | "21" => content(entry, tag, one),
        "22" => {
            entry.bills.push(BillGroup {
                bills: Vec::new(),
                quantity: one.number("manifested_quantity")?,
                unit: one.may("manifested_quantity_unit_of_measure_code")?,
                arrival: None,
            });
            Ok(())
        }
        "23" => {
            let group = entry.bills.last_mut().ok_or_else(|| one.misplaced())?;
            let kind = match one.get("manifest_component_type_code")?.as_str() {
                "M" => BillKind::Simple,
                "H" => BillKind::House,
                _ => return Err(one.value("manifest_component_type_code")),
            };
            let bill = Bill {
                kind,
                issuer: one.may("manifest_component_issuer_code")?,
                number: one.get("manifest_component_identifier")?,
            };
            add_bill(group, bill);
            Ok(())
        }
        "31" => {
            let kind = match one.get("bond_type_code")?.as_str() {
                "8" => BondKind::Continuous,
                "9" => BondKind::Single,
                _ => return Err(one.value("bond_type_code")),
            };
            entry.bond = Some(Bond {
                kind,
                surety_code: one.may("surety_company_code")?,
                amount_usd: one.may_number("single_transaction_bond_amount")?,
            });
            Ok(())
        }
        "34" | "89" | "90" => money(entry, tag, one),
        "40" => line(entry, one),
        "43" | "44" | "47" | "50" | "52" | "62" => of_line(entry, tag, one),
        _ => Err(one.misplaced()),
    }
}

fn content(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    match tag {
        "11" => {
            entry.importer = one.get("importer_of_record_number")?;
            if let Some(summary) = &mut entry.summary {
                summary.consignee_number = one.may("consignee_number")?;
                summary.estimated_entry_on = one.day("estimated_entry_date")?;
                summary.imported_on = one.day("date_of_importation")?;
                summary.state = one.may("us_state_of_destination_code")?;
            }
        }
        "20" => {
            entry.conveyance = Conveyance {
                carrier_code: one.may("carrier_code")?,
                port_of_unlading: one.may("district_port_of_unlading")?,
                arrives_on: one.may_day("estimated_date_of_arrival")?,
                location_firms: one.may("location_of_goods_code")?,
                name: one.may("conveyance_name")?,
                trip: None,
            };
        }
        _ => entry.conveyance.trip = one.may("trip_identifier")?,
    }
    Ok(())
}

fn money(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    const HEADER: [(&str, &str); 2] = [
        ("accounting_class_code_1", "header_fee_amount_1"),
        ("accounting_class_code_2", "header_fee_amount_2"),
    ];
    const TOTALS: [(&str, &str); 5] = [
        ("accounting_class_code_1", "total_fee_amount_1"),
        ("accounting_class_code_2", "total_fee_amount_2"),
        ("accounting_class_code_3", "total_fee_amount_3"),
        ("accounting_class_code_4", "total_fee_amount_4"),
        ("accounting_class_code_5", "total_fee_amount_5"),
    ];
    let Some(summary) = &mut entry.summary else {
        return Err(one.misplaced());
    };
    let (places, into) = match tag {
        "34" => (&HEADER[..], &mut summary.header_fees),
        "89" => (&TOTALS[..], &mut summary.fee_totals),
        _ => {
            summary.duty = one.cents("grand_total_duty_amount")?;
            summary.fees = one.cents("grand_total_user_fee_amount")?;
            return Ok(());
        }
    };
    for (class, amount) in places {
        if let Some(class) = one.may(class)? {
            let amount = one.cents(amount)?;
            into.push(ClassAmount { class, amount });
        }
    }
    Ok(())
}

fn line(entry: &mut Entry, one: &One<'_>) -> Result<(), Unreadable> {
    let related = match one.get("related_party_indicator")?.as_str() {
        "Y" => Some(true),
        "N" => Some(false),
        "" => None,
        _ => return Err(one.value("related_party_indicator")),
    };
    let summary = LineSummary {
        export_country: one.get("country_of_export_code")?,
        exported_on: one.day("date_of_exportation")?,
        program: one.may("trade_agreement_special_program_claim_code")?,
        charges_usd: one.number("charges_amount")?,
        lading_port: one.may("foreign_port_of_lading_code")?,
        gross_weight_kg: one.number("gross_shipping_weight")?,
        related_parties: related,
        ruling: None,
        manufacturer_id: None,
        sold_to: None,
        license: None,
        fees: Vec::new(),
    };
    entry.lines.push(Line {
        id: one.get("line_item_identifier")?,
        origin: one.get("country_of_origin_code")?,
        description: None,
        parties: Vec::new(),
        tariffs: Vec::new(),
        summary: Some(summary),
    });
    Ok(())
}

/// What follows a line's record 40.
fn of_line(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    let line = entry.lines.last_mut().ok_or_else(|| one.misplaced())?;
    let Some(summary) = &mut line.summary else {
        return Err(one.misplaced());
    };
    match tag {
        "43" => summary.ruling = one.may("ruling_number")?,
        "44" => {
            let part = one.get("commercial_description_text")?;
            line.description = Some(match line.description.take() {
                Some(text) => format!("{text} {part}"),
                None => part,
            });
        }
        "47" => {
            let number = one.may("party_identifier")?;
            match one.get("party_type_code")?.as_str() {
                "M" => summary.manufacturer_id = number,
                "S" => summary.sold_to = number,
                _ => return Err(one.value("party_type_code")),
            }
        }
        "50" => line.tariffs.push(tariff(one)?),
        "52" => {
            summary.license = Some((
                one.get("license_certificate_permit_type_code")?,
                one.get("license_certificate_permit_number")?,
            ));
        }
        _ => summary.fees.push(ClassAmount {
            class: one.get("accounting_class_code")?,
            amount: one.cents("user_fee_amount")?,
        }),
    }
    Ok(())
}

fn tariff(one: &One<'_>) -> Result<Tariff, Unreadable> {
    let mut quantities = Vec::new();
    for (quantity, unit) in [
        ("quantity_1", "unit_of_measure_code_1"),
        ("quantity_2", "unit_of_measure_code_2"),
        ("quantity_3", "unit_of_measure_code_3"),
    ] {
        if let Some(unit) = one.may(unit)? {
            let hundredths = one.may_number(quantity)?;
            quantities.push(Quantity { hundredths, unit });
        }
    }
    Ok(Tariff {
        number: one.get("hts_number")?,
        value_usd: Some(one.number("value_of_goods_amount")?),
        duty: Some(one.cents("duty_amount")?),
        quantities,
    })
}
