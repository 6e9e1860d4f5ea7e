//! From records back to an [`Entry`].
//!
//! An entry is read only if it is all that the records say: what was read is written again, and
//! any byte that differs refuses it, with its record and column. So a message of another filer that
//! uses more of the records is told apart, and never read in part.

use super::{
    Arrival, Bill, BillGroup, BillKind, Bond, BondKind, ClassAmount, Conveyance, Entry, EntryType,
    Line, LineSummary, Party, Payment, Quantity, Summary, Tariff, Who, of_mmddyy, write,
};
use crate::messages::catair;
use crate::messages::catair::record::FieldError;
use deminimis_law::money::Cents;
use deminimis_law::time::Day;

/// Why records are no entry of the forms that are written here. Records count from 1 within the
/// transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A record that entries here do not have, or at a place where they do not have it.
    #[error("record {at} ({tag}) is no part of the entries that are written here")]
    Record {
        /// Which record.
        at: usize,
        /// Its identifier.
        tag: String,
    },
    /// A field that does not read.
    #[error("record {at}: {error}")]
    Field {
        /// Which record.
        at: usize,
        /// What is wrong.
        error: FieldError,
    },
    /// A field whose value has no meaning here.
    #[error("record {at} ({tag}) {field} {value:?} has no meaning here")]
    Value {
        /// Which record.
        at: usize,
        /// Its identifier.
        tag: String,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// The records say more than the entry does, or say it otherwise.
    #[error("record {at} column {column} is not as the entry would be written")]
    Otherwise {
        /// Which record.
        at: usize,
        /// The first column that differs, from 1.
        column: usize,
    },
}

/// Reads the records of one transaction.
///
/// # Errors
/// They are not an entry, or not wholly.
pub fn read(records: &[catair::Line<'_>]) -> Result<Entry, Unreadable> {
    let mut reader = Reader::default();
    for (record, at) in records.iter().zip(1..) {
        reader.record(&One { record, at })?;
    }
    let entry = reader.entry.ok_or_else(|| Unreadable::Record {
        at: 1,
        tag: String::new(),
    })?;
    let written = write(&entry).map_err(|error| Unreadable::Field { at: 0, error })?;
    for (at, pair) in (0..written.len().max(records.len())).map(|at| {
        let ours = written.get(at).map(|record| &record.as_bytes()[..]);
        (
            at + 1,
            (
                ours.unwrap_or(&[]),
                records.get(at).map_or(&[][..], |line| line.bytes()),
            ),
        )
    }) {
        let (ours, theirs) = pair;
        if ours != theirs {
            let same = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            return Err(Unreadable::Otherwise {
                at,
                column: same + 1,
            });
        }
    }
    Ok(entry)
}

/// One record and its place.
struct One<'a> {
    record: &'a catair::Line<'a>,
    at: usize,
}

impl One<'_> {
    fn get(&self, field: &'static str) -> Result<String, Unreadable> {
        let text = self.record.get(field);
        text.map(str::to_owned)
            .map_err(|error| Unreadable::Field { at: self.at, error })
    }

    fn may(&self, field: &'static str) -> Result<Option<String>, Unreadable> {
        Ok(Some(self.get(field)?).filter(|text| !text.is_empty()))
    }

    fn value(&self, field: &'static str) -> Unreadable {
        Unreadable::Value {
            at: self.at,
            tag: self.record.tag().into_owned(),
            field,
            value: self.get(field).unwrap_or_default(),
        }
    }

    fn may_number(&self, field: &'static str) -> Result<Option<u64>, Unreadable> {
        let text = self.may(field)?;
        let number = text.map(|text| text.parse::<u64>().map_err(|_| self.value(field)));
        number.transpose()
    }

    fn number(&self, field: &'static str) -> Result<u64, Unreadable> {
        self.may_number(field)?.ok_or_else(|| self.value(field))
    }

    fn cents(&self, field: &'static str) -> Result<Cents, Unreadable> {
        let cents = i64::try_from(self.number(field)?);
        cents.map(Cents).map_err(|_| self.value(field))
    }

    fn may_day(&self, field: &'static str) -> Result<Option<Day>, Unreadable> {
        let text = self.may(field)?;
        let day = text.map(|text| of_mmddyy(&text).ok_or_else(|| self.value(field)));
        day.transpose()
    }

    fn day(&self, field: &'static str) -> Result<Day, Unreadable> {
        self.may_day(field)?.ok_or_else(|| self.value(field))
    }

    fn misplaced(&self) -> Unreadable {
        Unreadable::Record {
            at: self.at,
            tag: self.record.tag().into_owned(),
        }
    }
}

/// The entry as far as it is read.
#[derive(Default)]
struct Reader {
    entry: Option<Entry>,
    /// Surety and amount of a single bond of a cargo release, which stand in references.
    surety_code: Option<String>,
}

impl Reader {
    fn record(&mut self, one: &One<'_>) -> Result<(), Unreadable> {
        let tag = one.record.tag();
        if self.entry.is_none() {
            self.entry = Some(match tag.as_ref() {
                "10" => control(one)?,
                "SE10" => release_header(one)?,
                _ => return Err(one.misplaced()),
            });
            return Ok(());
        }
        let Some(entry) = &mut self.entry else {
            return Err(one.misplaced());
        };
        match tag.as_ref() {
            "SE20" => reference(entry, &mut self.surety_code, one),
            "SE30" | "SE50" | "SE35" | "SE55" | "SE36" | "SE56" => party(entry, &tag, one),
            "SE16" => arrival(entry, one),
            _ if entry.summary.is_some() => of_summary(entry, &tag, one),
            _ => of_release(entry, &tag, one),
        }
    }
}

fn empty(one: &One<'_>) -> Result<Entry, Unreadable> {
    let entry_type = EntryType::of_code(&one.get("entry_type_code")?);
    Ok(Entry {
        filer: one.get("entry_filer_code")?,
        number: one.get("entry_number")?,
        entry_type: entry_type.ok_or_else(|| one.value("entry_type_code"))?,
        port_of_entry: String::new(),
        mode: one.get("mode_of_transportation_code")?,
        importer: String::new(),
        conveyance: Conveyance::default(),
        bills: Vec::new(),
        non_ams: false,
        bond: None,
        express: false,
        parties: Vec::new(),
        lines: Vec::new(),
        summary: None,
    })
}

fn control(one: &One<'_>) -> Result<Entry, Unreadable> {
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

fn release_header(one: &One<'_>) -> Result<Entry, Unreadable> {
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

/// Records that only a summary has.
fn of_summary(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
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

/// A bill under another makes that one a master bill.
fn add_bill(group: &mut BillGroup, bill: Bill) {
    if bill.kind == BillKind::House
        && let Some(first) = group.bills.last_mut()
    {
        first.kind = BillKind::Master;
    }
    group.bills.push(bill);
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

/// Records that only a cargo release has.
fn of_release(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    match tag {
        "SE11" => {
            entry.conveyance.location_firms = one.may("location_of_goods_firms")?;
            entry.conveyance.name = one.may("conveyance_name_or_ftz_id")?;
            entry.conveyance.trip = one.may("voyage_flight_trip_manifest_number")?;
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

/// SE16, beside the bills before it.
fn arrival(entry: &mut Entry, one: &One<'_>) -> Result<(), Unreadable> {
    let group = entry.bills.last_mut().ok_or_else(|| one.misplaced())?;
    group.quantity = one.number("quantity")?;
    group.unit = one.may("unit_of_measure")?;
    group.arrival = Some(Arrival {
        carrier_code: one.get("carrier_code")?,
        trip: one.get("voyage_flight_trip_manifest_number")?,
        on: one.day("date_of_arrival")?,
        name: one.may("conveyance_name")?,
    });
    Ok(())
}

fn reference(
    entry: &mut Entry,
    surety_code: &mut Option<String>,
    one: &One<'_>,
) -> Result<(), Unreadable> {
    let reference = one.get("reference_identifier")?;
    match one.get("reference_identifier_qualifier")?.as_str() {
        "EXP" => entry.express = true,
        "NAM" => entry.non_ams = true,
        "V1" => *surety_code = Some(reference),
        "AMT" => {
            let amount = one.number("reference_identifier")?;
            let bond = entry.bond.as_mut().ok_or_else(|| one.misplaced())?;
            bond.amount_usd = Some(amount);
            bond.surety_code = surety_code.take();
        }
        _ => return Err(one.value("reference_identifier_qualifier")),
    }
    Ok(())
}

/// The records of a party, of the entry (`SE3n`) or of the line before it (`SE5n`).
fn party(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    let parties = match tag.as_bytes()[2] {
        b'3' => &mut entry.parties,
        _ => match entry.lines.last_mut() {
            Some(line) => &mut line.parties,
            None => return Err(one.misplaced()),
        },
    };
    if tag.ends_with('0') {
        let who = match one.may("entity_identifier_qualifier")? {
            Some(qualifier) => Who::Number(qualifier, one.get("entity_identifier")?),
            None => Who::Named {
                name: one.get("entity_name")?,
                address: Vec::new(),
                city: String::new(),
                subdivision: None,
                postal_code: None,
                country: String::new(),
            },
        };
        parties.push(Party {
            role: one.get("entity_code")?,
            who,
        });
        return Ok(());
    }
    let last = parties.last_mut().map(|party| &mut party.who);
    let Some(Who::Named {
        address,
        city,
        subdivision,
        postal_code,
        country,
        ..
    }) = last
    else {
        return Err(one.misplaced());
    };
    if tag.ends_with('5') {
        for (qualifier, part) in [
            ("address_component_qualifier_1", "address_information_1"),
            ("address_component_qualifier_2", "address_information_2"),
        ] {
            if let Some(qualifier) = one.may(qualifier)? {
                address.push((qualifier, one.get(part)?));
            }
        }
    } else {
        *city = one.get("city_name")?;
        *subdivision = one.may("country_sub_entity_code")?;
        *postal_code = one.may("postal_code")?;
        *country = one.get("country_code")?;
    }
    Ok(())
}
