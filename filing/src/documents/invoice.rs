//! The commercial invoice: what 19 CFR 141.86 asks for, in the parcel's own currency, and a list of
//! what the parcel does not give.

use super::completeness::{Missing, missing};
use super::draw::{About, pdf};
use super::parts::{
    BODY, LABEL, NOTE, TABLE, TABLE_STRONG, blank, cell, cell_of, cell_over, distinct, labelled,
    masthead, measure, money, party, section, text, values,
};
use super::sheet::{Align, Cell, Column, Look, Paper, Piece, Row, Sheet, Width};
use super::{DocumentError, Fonts, Issue, Made, Parcel};
use deminimis_clearance::explain::{dollars_of, named, spaced};
use deminimis_clearance::shipment::fields::Party;
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_law::names::Purpose;

/// Makes a commercial invoice.
///
/// What 19 CFR 141.86 asks for and the parcel does not give stands in [`Made::missing`], and in the
/// invoice itself.
///
/// # Errors
/// If the values of the lines do not add up to the decision's.
pub fn commercial_invoice(
    fonts: &Fonts,
    parcel: &Parcel<'_>,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let lacking = missing(parcel, issue);
    let mut sheet = Sheet::new(fonts, Paper::LETTER);
    head(&mut sheet, parcel, issue);
    parties(&mut sheet, parcel);
    transport(&mut sheet, parcel);
    goods(&mut sheet, parcel)?;
    charges(&mut sheet, parcel);
    if !lacking.is_empty() {
        not_stated(&mut sheet, &lacking);
    }
    signature(&mut sheet, issue);
    let id = &parcel.shipment.id;
    let mut made = pdf(
        sheet,
        &About {
            title: format!("Commercial invoice, shipment {id}"),
            foot: format!("Commercial invoice \u{b7} shipment {id}"),
            date: issue.date,
        },
    )?;
    made.missing = lacking;
    Ok(made)
}

fn head(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, issue: &Issue<'_>) {
    let lines = 0..parcel.shipment.lines.len();
    let numbers = distinct(lines.map(|at| parcel.line("invoice_number", at)));
    let mut beside = vec![
        ("Shipment", parcel.shipment.id.clone()),
        ("Date", issue.date.to_string()),
    ];
    // More numbers than a few stand with their lines.
    if (1..=2).contains(&numbers.len()) {
        beside.insert(0, ("Invoice no.", numbers.join(", ")));
    }
    masthead(sheet, "Commercial invoice", &beside);
}

fn parties(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) {
    let given = |role: Party| parcel.texts.party(role);
    let buyer = match parcel.shipment.sold_before_import {
        Some(true) if given(Party::Purchaser).is_empty() => given(Party::Consignee),
        _ => given(Party::Purchaser),
    };
    let pair = |sheet: &mut Sheet<'_>, left: (&str, PartyRef<'_>), right: (&str, PartyRef<'_>)| {
        let cells = [(1, party(left.0, left.1)), (1, party(right.0, right.1))];
        sheet.boxes(&cells);
    };
    pair(sheet, ("Seller", given(Party::Seller)), ("Buyer", buyer));
    pair(
        sheet,
        ("Shipper", given(Party::Shipper)),
        ("Consignee", given(Party::Consignee)),
    );
    let others = [
        ("Importer of record", given(Party::ImporterOfRecord)),
        ("Delivered to", given(Party::DeliveredTo)),
    ];
    let shown: Vec<(i32, Vec<Piece>)> = others
        .into_iter()
        .filter(|(_, party)| !party.is_empty())
        .map(|(label, of)| (1, party(label, of)))
        .collect();
    if !shown.is_empty() {
        sheet.boxes(&shown);
    }
}

fn transport(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) {
    let shipment = parcel.shipment;
    let bills = ["house_bill", "master_bill", "tracking_number", "s10_number"];
    let bills = distinct(bills.into_iter().map(|name| parcel.get(name))).join(", ");
    let carrier = ["carrier_code", "conveyance_name", "voyage_flight_trip"];
    let carrier: Vec<&str> = carrier
        .into_iter()
        .filter_map(|name| parcel.get(name))
        .collect();
    let mode = format!("{} {}", spaced(shipment.mode.as_str()), carrier.join(" "));
    let terms = [parcel.get("incoterm"), parcel.get("duty_terms")];
    let mut terms: Vec<String> = terms.into_iter().flatten().map(str::to_uppercase).collect();
    terms.dedup();
    let sold = match shipment.purpose {
        Purpose::Sale => parcel.get("ordered_on"),
        _ => parcel.get("exported_on").or(parcel.get("loaded_at")),
    };
    let from = shipment.country_of_shipment.to_string();
    let purpose = spaced(shipment.purpose.as_str());
    let terms = terms.join(", ");
    let facts = |pairs: [(i32, &str, Option<&str>); 4]| -> Vec<(i32, Vec<Piece>)> {
        let boxed = |(share, label, value)| (share, labelled(label, value));
        pairs.into_iter().map(boxed).collect()
    };
    sheet.boxes(&facts([
        (3, "Port of entry", parcel.get("port_of_entry")),
        (3, "Shipped from", Some(&from)),
        (4, "Sent by", Some(mode.trim_end())),
        (5, "Marks and numbers", Some(&bills)),
    ]));
    sheet.boxes(&facts([
        (3, "Why it is sent", Some(&purpose)),
        (3, "Sold or shipped on", sold),
        (4, "Order", parcel.get("order_id")),
        (5, "Terms of delivery", Some(&terms)),
    ]));
}

fn goods(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) -> Result<(), DocumentError> {
    let sums = values(parcel)?;
    section(sheet, "Goods");
    let columns = [
        Column::new("No.", Width::Fit, Align::Right),
        Column::new("Description", Width::Share(1), Align::Left),
        Column::new("Origin", Width::Fit, Align::Left),
        Column::new("Quantity", Width::Fit, Align::Right),
        Column::new("Net kg", Width::Fit, Align::Right),
        Column::new("Currency", Width::Fit, Align::Left),
        Column::new("Value", Width::Fit, Align::Right),
    ];
    let mut rows: Vec<Row> = (0..parcel.shipment.lines.len())
        .map(|at| Row {
            cells: line(parcel, at),
            look: Look::Plain,
        })
        .collect();
    for (at, (currency, sum)) in sums.iter().enumerate() {
        let words = match at {
            0 => format!("Total of {} lines", parcel.shipment.lines.len()),
            _ => "and".to_owned(),
        };
        rows.push(Row {
            cells: vec![
                blank(),
                cell_over(words, TABLE_STRONG, 4),
                cell(currency.as_str(), TABLE_STRONG),
                cell(money(*sum, *currency), TABLE_STRONG),
            ],
            look: if at == 0 { Look::Total } else { Look::Under },
        });
    }
    sheet.table(&columns, &rows, TABLE);
    Ok(())
}

fn line(parcel: &Parcel<'_>, at: usize) -> Vec<Cell> {
    let line = &parcel.shipment.lines[at];
    let get = |name: &str| parcel.line(name, at);
    let mut details = Vec::new();
    if let Some(number) = line.number {
        details.push(format!("HTSUS {number}"));
    }
    let maker = parcel.texts.manufacturer(at).name;
    let named = [
        ("SKU", get("sku")),
        ("made by", maker),
        ("MID", get("manufacturer_id")),
        ("invoice", get("invoice_number")),
        ("certificate of origin", get("origin_certificate")),
        ("license", get("license_number")),
        ("ruling", get("ruling_number")),
        ("gross kg", get("line_gross_weight_kg")),
        ("charges $", get("line_charges_usd")),
    ];
    details.extend(
        named
            .into_iter()
            .filter_map(|(what, value)| value.map(|value| format!("{what} {value}"))),
    );
    let mut pieces = vec![text(get("description").unwrap_or_default(), TABLE)];
    if !details.is_empty() {
        pieces.push(text(details.join(" \u{b7} "), NOTE));
    }
    let quantity = measure(get("quantity"), get("unit")).unwrap_or_default();
    vec![
        cell((at + 1).to_string(), TABLE),
        cell_of(pieces),
        cell(
            line.origin.map_or(String::new(), |it| it.to_string()),
            TABLE,
        ),
        cell(quantity, TABLE),
        cell(get("net_weight_kg").unwrap_or_default(), TABLE),
        cell(line.currency.as_str(), TABLE),
        cell(money(line.value, line.currency), TABLE),
    ]
}

fn charges(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) {
    let names = [
        ("Freight", "freight_usd"),
        ("Insurance", "insurance_usd"),
        (
            "Freight and insurance to the first United States port",
            "charges_usd",
        ),
    ];
    let given: Vec<(&str, &str)> = names
        .into_iter()
        .filter_map(|(label, name)| Some((label, parcel.get(name)?)))
        .collect();
    if given.is_empty() {
        return;
    }
    section(sheet, "Charges, not in the values above");
    let columns = [
        Column::new("", Width::Share(1), Align::Left),
        Column::new("", Width::Fit, Align::Right),
    ];
    let rows: Vec<Row> = given
        .into_iter()
        .map(|(label, amount)| Row {
            cells: vec![cell(label, TABLE), cell(dollars_of(amount), TABLE)],
            look: Look::Plain,
        })
        .collect();
    sheet.table(&columns, &rows, TABLE);
}

fn not_stated(sheet: &mut Sheet<'_>, lacking: &[Missing]) {
    section(sheet, "Not stated in this invoice");
    let columns = [
        Column::new("19 CFR 141.86", Width::Fit, Align::Left),
        Column::new("What an invoice must state", Width::Share(1), Align::Left),
        Column::new("Where", Width::Share(1), Align::Left),
    ];
    let rows: Vec<Row> = lacking
        .iter()
        .map(|missing| Row {
            cells: vec![
                cell(missing.paragraph, TABLE),
                cell(missing.what, TABLE),
                cell(
                    match missing.lines.as_slice() {
                        [] => "the whole shipment".to_owned(),
                        lines => named(lines),
                    },
                    TABLE,
                ),
            ],
            look: Look::Plain,
        })
        .collect();
    sheet.table(&columns, &rows, TABLE);
    sheet.gap(4_000);
    sheet.flow(&[text(
        "Rebates, drawbacks, bounties and discounts (paragraphs (a)(9) and (g)) and goods or services furnished for production (paragraph (a)(11)) are not part of the data this invoice is made from; if there are any, they must be added.",
        NOTE,
    )]);
}

fn signature(sheet: &mut Sheet<'_>, issue: &Issue<'_>) {
    sheet.gap(16_000);
    let name = issue.responsible.unwrap_or(super::parts::NOTHING);
    let left = vec![
        text("Responsible employee of the exporter", LABEL),
        text(name, BODY),
    ];
    let right = vec![
        text("Signature", LABEL),
        Piece::Gap(10_000),
        Piece::Blank(2_000),
    ];
    sheet.columns(&[(1, left), (1, right)], 24_000);
}
