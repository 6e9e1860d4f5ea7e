//! The packing list: what lies in which parcel, and what it weighs (19 CFR 141.86(e)).

use super::draw::{About, pdf};
use super::parts::{
    NOTE, TABLE, TABLE_STRONG, blank, cell, cell_of, cell_over, distinct, grams, kilograms,
    labelled, masthead, measure, party, section, text, weight_of_lines,
};
use super::sheet::{Align, Column, Look, Paper, Piece, Row, Sheet, Width};
use super::{DocumentError, Fonts, Issue, Made, Parcel};
use deminimis_clearance::explain::spaced;
use deminimis_clearance::shipment::fields::Party;

/// Makes a packing list. Weights that were not given are left open; a sum of weights stands only
/// where every line gives its own.
///
/// # Errors
/// If the PDF cannot be made.
pub fn packing_list(
    fonts: &Fonts,
    parcel: &Parcel<'_>,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let mut sheet = Sheet::new(fonts, Paper::LETTER);
    let id = &parcel.shipment.id;
    masthead(
        &mut sheet,
        "Packing list",
        &[("Shipment", id.clone()), ("Date", issue.date.to_string())],
    );
    let given = |role: Party| parcel.texts.party(role);
    sheet.boxes(&[
        (1, party("Shipper", given(Party::Shipper))),
        (1, party("Consignee", given(Party::Consignee))),
    ]);
    packages(&mut sheet, parcel);
    contents(&mut sheet, parcel);
    pdf(
        sheet,
        &About {
            title: format!("Packing list, shipment {id}"),
            foot: format!("Packing list \u{b7} shipment {id}"),
            date: issue.date,
        },
    )
}

fn packages(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) {
    let marks = ["house_bill", "master_bill", "tracking_number", "s10_number"];
    let marks = distinct(marks.into_iter().map(|name| parcel.get(name))).join(", ");
    let count = measure(parcel.get("manifest_quantity"), parcel.get("manifest_unit"));
    let gross = grams(parcel.get("gross_weight_kg")).map(kilograms);
    let mode = spaced(parcel.shipment.mode.as_str());
    let facts = [
        (3, "Packages", count.as_deref()),
        (5, "Marks and numbers", Some(marks.as_str())),
        (3, "Gross weight, kg", gross.as_deref()),
        (2, "Sent by", Some(mode.as_str())),
        (3, "Order", parcel.get("order_id")),
    ];
    let boxes: Vec<(i32, Vec<Piece>)> = facts
        .into_iter()
        .map(|(share, label, value)| (share, labelled(label, value)))
        .collect();
    sheet.boxes(&boxes);
}

fn contents(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>) {
    section(sheet, "Contents");
    let columns = [
        Column::new("No.", Width::Fit, Align::Right),
        Column::new("Article", Width::Share(1), Align::Left),
        Column::new("Origin", Width::Fit, Align::Left),
        Column::new("Quantity", Width::Fit, Align::Right),
        Column::new("Net kg", Width::Fit, Align::Right),
        Column::new("Gross kg", Width::Fit, Align::Right),
    ];
    let lines = parcel.shipment.lines.len();
    let weight = |name: &str, at: usize| {
        let weight = grams(parcel.line(name, at)).map(kilograms);
        cell(weight.unwrap_or_default(), TABLE)
    };
    let mut rows: Vec<Row> = (0..lines)
        .map(|at| {
            let description = parcel.line("description", at).unwrap_or_default();
            let mut article = vec![text(description, TABLE)];
            if let Some(sku) = parcel.line("sku", at) {
                article.push(text(format!("SKU {sku}"), NOTE));
            }
            let origin = parcel.shipment.lines[at].origin;
            let quantity = measure(parcel.line("quantity", at), parcel.line("unit", at));
            Row {
                cells: vec![
                    cell((at + 1).to_string(), TABLE),
                    cell_of(article),
                    cell(origin.map_or(String::new(), |it| it.to_string()), TABLE),
                    cell(quantity.unwrap_or_default(), TABLE),
                    weight("net_weight_kg", at),
                    weight("line_gross_weight_kg", at),
                ],
                look: Look::Plain,
            }
        })
        .collect();
    let net = weight_of_lines(parcel, "net_weight_kg");
    let gross = weight_of_lines(parcel, "line_gross_weight_kg");
    let sum = |sum: Option<i64>| cell(sum.map_or(String::new(), kilograms), TABLE_STRONG);
    rows.push(Row {
        cells: vec![
            blank(),
            cell_over(format!("Total of {lines} lines"), TABLE_STRONG, 3),
            sum(net),
            sum(gross),
        ],
        look: Look::Total,
    });
    sheet.table(&columns, &rows, TABLE);
    let stated = grams(parcel.get("gross_weight_kg"));
    if let (Some(stated), Some(gross)) = (stated, gross)
        && stated != gross
    {
        sheet.gap(5_000);
        sheet.flow(&[text(
            format!(
                "The gross weights of the lines add up to {} kg; the gross weight of the shipment is given as {} kg.",
                kilograms(gross),
                kilograms(stated)
            ),
            NOTE,
        )]);
    }
}
