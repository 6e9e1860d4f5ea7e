//! The label of a truck shipment: its PAPS number as text and as a barcode, for the officer at the
//! booth and for whoever loads.

use super::barcode::code_128;
use super::draw::{About, pdf};
use super::parts::{address, text};
use super::sheet::{Align, Paper, Piece, Sheet};
use super::text::{Ink, Style};
use super::{DocumentError, Fonts, Issue, Made, Parcel, refusal};
use crate::identifiers::control_number::ControlNumber;
use deminimis_clearance::shipment::fields::Party;

/// Four by three inches.
const PAPER: Paper = Paper {
    width: 288_000,
    height: 216_000,
    side: 14_000,
    top: 12_000,
    bottom: 16_000,
};

const fn style(size: i32, bold: bool, ink: Ink) -> Style {
    Style { size, bold, ink }
}

const TITLE: Style = style(13_000, true, Ink::Deep);
const NUMBER: Style = style(15_000, true, Ink::Black);
const BODY: Style = style(7_000, false, Ink::Black);
const STRONG: Style = style(7_000, true, Ink::Black);
const LABEL: Style = style(5_800, false, Ink::Grey);

/// Makes the label of a PAPS number: the carrier's SCAC and the shipment's number of that carrier.
///
/// # Errors
/// If the number is not a PAPS number.
pub fn paps_label(
    fonts: &Fonts,
    parcel: &Parcel<'_>,
    number: &str,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let number = ControlNumber::parse(number)
        .map_err(|wrong| DocumentError::Refused(vec![refusal("paps_number", number, &wrong)]))?;
    let (carrier, number) = (number.scac(), number.as_str());
    let bars = code_128("paps_number", number)?;
    let mut sheet = Sheet::new(fonts, PAPER);
    let left = vec![Piece::Heading(1, "PAPS".to_owned(), TITLE)];
    let beside = vec![Piece::Text(
        format!("Shipment {}", parcel.shipment.id),
        BODY,
        Align::Right,
    )];
    sheet.columns(&[(1, left), (2, beside)], 6_000);
    sheet.gap(2_000);
    sheet.rule(1_000, Ink::Deep);
    sheet.gap(9_000);
    sheet.flow(&[
        Piece::Bars(
            bars.into(),
            58_000,
            format!("Barcode of the PAPS number {number}"),
        ),
        Piece::Gap(3_000),
        Piece::Text(
            format!(
                "{carrier} {}",
                number.strip_prefix(carrier).unwrap_or(number)
            ),
            NUMBER,
            Align::Centre,
        ),
    ]);
    sheet.gap(5_000);
    let who = |label: &str, role: Party| {
        let mut pieces = vec![text(label, LABEL)];
        for (at, line) in address(parcel.texts.party(role)).into_iter().enumerate() {
            pieces.push(text(line, if at == 0 { STRONG } else { BODY }));
        }
        pieces
    };
    let facts = [
        ("Port of entry", "port_of_entry"),
        ("Packages", "manifest_quantity"),
        ("Trip", "voyage_flight_trip"),
    ];
    let mut load: Vec<Piece> = Vec::new();
    for (label, name) in facts {
        if let Some(value) = parcel.get(name) {
            load.push(text(label, LABEL));
            load.push(text(value, BODY));
        }
    }
    sheet.columns(
        &[
            (3, who("Shipper", Party::Shipper)),
            (3, who("Consignee", Party::Consignee)),
            (2, load),
        ],
        8_000,
    );
    pdf(
        sheet,
        &About {
            title: format!("PAPS label {number}"),
            foot: format!("PAPS {number}"),
            date: issue.date,
        },
    )
}
