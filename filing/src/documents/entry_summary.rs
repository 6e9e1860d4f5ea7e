//! A worksheet in the block order of CBP Form 7501, the entry summary.
//!
//! It is not the form and not a filing: the list of blocks is known from common knowledge only, and
//! whoever files compares it with the form in force. Every amount is the decision's.

use super::draw::{About, pdf};
use super::parts::{
    NOTE, TABLE, TABLE_STRONG, agree, blank, cell, cell_of, cents, distinct, labelled, masthead,
    measure, party, section, text,
};
use super::sheet::{Align, Cell, Column, Look, Paper, Piece, Row, Sheet, Width};
use super::{DocumentError, Fonts, Issue, Made, Parcel};
use deminimis_clearance::explain::{dollars_of, grouped, named, spaced};
use deminimis_clearance::render::OwedText;
use deminimis_clearance::render::owed::{ChargeText, FeeText};
use deminimis_clearance::shipment::fields::Party;

/// The types of entry that have an entry summary on this form.
const TYPES: [&str; 7] = ["01", "02", "03", "06", "07", "11", "12"];

/// Makes the worksheet of a parcel that enters by an entry with a summary.
///
/// # Errors
/// If the decision leads to no such entry, or if its amounts do not add up.
pub fn entry_summary(
    fonts: &Fonts,
    parcel: &Parcel<'_>,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let decision = parcel.decision;
    let path = decision.entry_path;
    let kind = path.strip_prefix("entry-").filter(|it| TYPES.contains(it));
    let (Some(kind), Some(owed)) = (kind, &decision.owed) else {
        return Err(DocumentError::NotForThis(format!(
            "{} has no entry summary: the decision is {}, by {}; entry summaries are for entries of type {}",
            decision.shipment_id,
            spaced(decision.outcome),
            spaced(path),
            TYPES.join(", ")
        )));
    };
    check(owed)?;
    let mut sheet = Sheet::new(fonts, Paper::LETTER);
    let id = &parcel.shipment.id;
    masthead(
        &mut sheet,
        "Entry summary worksheet",
        &[("Shipment", id.clone()), ("Date", issue.date.to_string())],
    );
    sheet.flow(&[text(
        "In the block order of CBP Form 7501. A worksheet for whoever files: not the form, not filed, not signed. Compare the blocks with the form in force.",
        NOTE,
    )]);
    sheet.gap(8_000);
    blocks(&mut sheet, parcel, kind);
    lines(&mut sheet, parcel, owed);
    sheet.together(|sheet| totals(sheet, owed));
    pdf(
        sheet,
        &About {
            title: format!("Entry summary worksheet, shipment {id}"),
            foot: format!("Entry summary worksheet \u{b7} shipment {id}"),
            date: issue.date,
        },
    )
}

/// The parts must add up to what the decision says, as far as it says it.
fn check(owed: &OwedText) -> Result<(), DocumentError> {
    let charges = owed.lines.iter().flat_map(|line| &line.charges);
    let amounts: Option<Vec<&str>> = charges.map(|one| one.amount_usd.as_deref()).collect();
    if let (Some(amounts), Some(stated)) = (amounts, &owed.duty_usd) {
        agree("the duties of the lines", sum(&amounts)?, stated)?;
    }
    let fees: Option<Vec<&str>> = owed
        .fees
        .iter()
        .map(|fee| fee.amount_usd.as_deref())
        .collect();
    if let (Some(fees), Some(stated)) = (fees, &owed.fees_usd) {
        agree("the fees", sum(&fees)?, stated)?;
    }
    let parts = [&owed.duty_usd, &owed.tax_usd, &owed.fees_usd];
    let parts: Option<Vec<&str>> = parts.into_iter().map(Option::as_deref).collect();
    if let (Some(parts), Some(stated)) = (parts, &owed.total_usd) {
        agree("duty, tax and fees", sum(&parts)?, stated)?;
    }
    Ok(())
}

fn sum(amounts: &[&str]) -> Result<i64, DocumentError> {
    amounts.iter().try_fold(0_i64, |sum, amount| {
        sum.checked_add(cents(amount)?)
            .ok_or_else(|| DocumentError::Pdf("a sum is too large".to_owned()))
    })
}

fn row(sheet: &mut Sheet<'_>, blocks: &[(i32, &str, Option<&str>)]) {
    let boxes: Vec<(i32, Vec<Piece>)> = blocks
        .iter()
        .map(|(share, label, value)| (*share, labelled(label, *value)))
        .collect();
    sheet.boxes(&boxes);
}

/// One value of all lines, or that there are several.
fn of_all<'t>(values: impl Iterator<Item = Option<&'t str>>) -> String {
    match distinct(values).as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ => "MULTI".to_owned(),
    }
}

fn blocks(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, kind: &str) {
    let shipment = parcel.shipment;
    let get = |name: &str| parcel.get(name);
    let count = shipment.lines.len();
    let origins: Vec<String> = shipment
        .lines
        .iter()
        .filter_map(|line| line.origin.map(|it| it.to_string()))
        .collect();
    let origin = of_all(origins.iter().map(|it| Some(it.as_str())));
    let makers = of_all((0..count).map(|at| parcel.line("manufacturer_id", at)));
    let filer = [get("filer_code"), get("entry_number")];
    let filer: Vec<&str> = filer.into_iter().flatten().collect();
    let filer = filer.join(" / ");
    let carrier = ["carrier_code", "conveyance_name", "voyage_flight_trip"];
    let carrier: Vec<&str> = carrier.into_iter().filter_map(get).collect();
    let carrier = carrier.join(" ");
    let bills = distinct(["master_bill", "house_bill"].into_iter().map(get));
    let bills = bills.join(" / ");
    let from = shipment.country_of_shipment.to_string();
    let entered = get("entered_at").or(get("arrives_at"));
    let mode = spaced(shipment.mode.as_str());
    row(
        sheet,
        &[
            (4, "1. Filer code / entry no.", Some(&filer)),
            (2, "2. Entry type", Some(kind)),
            (3, "3. Summary date", None),
            (2, "4. Surety no.", get("bond_surety_code")),
            (2, "5. Bond type", get("bond_type")),
            (2, "6. Port code", get("port_of_entry")),
            (3, "7. Entry date", entered),
        ],
    );
    row(
        sheet,
        &[
            (4, "8. Importing carrier", Some(&carrier)),
            (3, "9. Mode of transport", Some(&mode)),
            (3, "10. Country of origin", Some(&origin)),
            (3, "11. Import date", get("arrives_at")),
        ],
    );
    row(
        sheet,
        &[
            (4, "12. B/L or AWB no.", Some(&bills)),
            (4, "13. Manufacturer ID", Some(&makers)),
            (
                3,
                "14. Exporting country",
                get("country_of_export").or(Some(&from)),
            ),
            (3, "15. Export date", get("exported_on")),
        ],
    );
    row(
        sheet,
        &[
            (3, "16. I.T. no.", get("in_bond_number")),
            (2, "17. I.T. date", None),
            (3, "18. Missing docs", None),
            (
                3,
                "19. Foreign port of lading",
                get("foreign_port_of_lading"),
            ),
            (3, "20. U.S. port of unlading", get("port_of_unlading")),
            (3, "21. Location / G.O. no.", get("location_firms")),
        ],
    );
    row(
        sheet,
        &[
            (3, "22. Consignee no.", None),
            (3, "23. Importer no.", get("importer_of_record_number")),
            (3, "24. Reference no.", None),
        ],
    );
    let given = |role: Party| parcel.texts.party(role);
    sheet.boxes(&[
        (1, party("25. Ultimate consignee", given(Party::Consignee))),
        (
            1,
            party("26. Importer of record", given(Party::ImporterOfRecord)),
        ),
    ]);
}

const COLUMNS: [Column; 6] = [
    Column::new("27. Line", Width::Fit, Align::Right),
    Column::new(
        "28. Description\n29. HTSUS number",
        Width::Share(1),
        Align::Left,
    ),
    Column::new("30. Gross kg\n31. Net quantity", Width::Fit, Align::Right),
    Column::new("32. Entered\nvalue, $", Width::Fit, Align::Right),
    Column::new("33. Rate", Width::Fit, Align::Right),
    Column::new("34. Duty, $", Width::Fit, Align::Right),
];

fn lines(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, owed: &OwedText) {
    section(sheet, "Lines");
    let mut rows = Vec::new();
    for at in 0..parcel.shipment.lines.len() {
        let number = u16::try_from(at + 1).ok();
        rows.push(Row {
            cells: article(parcel, at),
            look: Look::Plain,
        });
        let own = owed.lines.iter().filter(|line| line.line == number);
        for charge in own.flat_map(|line| &line.charges) {
            rows.push(charge_row(charge));
        }
    }
    sheet.table(&COLUMNS, &rows, TABLE);
}

fn article(parcel: &Parcel<'_>, at: usize) -> Vec<Cell> {
    let get = |name: &str| parcel.line(name, at);
    let mut pieces = vec![text(get("description").unwrap_or_default(), TABLE_STRONG)];
    let related = get("related_parties").map(|it| match it {
        "true" => "related",
        _ => "not related",
    });
    let details = [
        (
            "origin",
            parcel.shipment.lines[at].origin.map(|it| it.to_string()),
        ),
        ("MID", get("manufacturer_id").map(str::to_owned)),
        ("charges $", get("line_charges_usd").map(grouped)),
        ("parties", related.map(str::to_owned)),
    ];
    let details: Vec<String> = details
        .into_iter()
        .filter_map(|(what, value)| value.map(|value| format!("{what} {value}")))
        .collect();
    if !details.is_empty() {
        pieces.push(text(details.join(" \u{b7} "), NOTE));
    }
    let mut measures: Vec<Piece> = Vec::new();
    if let Some(gross) = get("line_gross_weight_kg") {
        measures.push(text(format!("{gross} kg"), TABLE));
    }
    for (quantity, unit) in [
        ("quantity", "unit"),
        ("quantity_2", "unit_2"),
        ("quantity_3", "unit_3"),
    ] {
        let shown = measure(get(quantity), get(unit));
        measures.extend(shown.map(|shown| text(shown, TABLE)));
    }
    let measures = match measures.is_empty() {
        true => blank(),
        false => cell_of(measures),
    };
    vec![
        cell((at + 1).to_string(), TABLE),
        cell_of(pieces),
        measures,
        blank(),
        blank(),
        blank(),
    ]
}

fn charge_row(charge: &ChargeText) -> Row {
    let number = match (&charge.heading, charge.heading_candidates.as_slice()) {
        (Some(heading), _) => heading.clone(),
        (None, []) => charge.program.clone(),
        (None, several) => several.join(" or "),
    };
    let mut words = charge.reason.clone();
    if !matches!(charge.state, "charged" | "open") {
        words = format!("{words} ({})", spaced(charge.state));
    }
    let measured = measure(charge.quantity.as_deref(), charge.unit.as_deref());
    Row {
        cells: vec![
            blank(),
            cell_of(vec![text(number, TABLE), text(words, NOTE)]),
            measured.map_or_else(blank, |measured| cell(measured, TABLE)),
            cell(grouped(&charge.base_usd), TABLE),
            cell(charge.rate.clone(), TABLE),
            cell(amount(charge.amount_usd.as_deref()), TABLE),
        ],
        look: Look::Under,
    }
}

fn amount(usd: Option<&str>) -> String {
    usd.map_or_else(|| "open".to_owned(), grouped)
}

fn fee_row(fee: &FeeText) -> Row {
    let name = match &fee.class_code {
        Some(code) => format!("Class {code}: {}", fee.reason),
        None => fee.reason.clone(),
    };
    Row {
        cells: vec![
            cell_of(vec![
                text(name, TABLE),
                text(format!("paid by the {}", fee.payer), NOTE),
            ]),
            cell(amount(fee.amount_usd.as_deref()), TABLE),
        ],
        look: Look::Plain,
    }
}

fn totals(sheet: &mut Sheet<'_>, owed: &OwedText) {
    section(sheet, "Totals");
    let columns = [
        Column::new("Block", Width::Share(1), Align::Left),
        Column::new("Amount, $", Width::Fit, Align::Right),
    ];
    let plain = |label: &str, usd: Option<&str>, look: Look| Row {
        cells: vec![
            cell(
                label,
                if look == Look::Total {
                    TABLE_STRONG
                } else {
                    TABLE
                },
            ),
            cell(
                amount(usd),
                if look == Look::Total {
                    TABLE_STRONG
                } else {
                    TABLE
                },
            ),
        ],
        look,
    };
    let mut rows = vec![
        plain(
            "35. Total entered value",
            Some(&owed.entered_value_usd),
            Look::Plain,
        ),
        plain("37. Duty", owed.duty_usd.as_deref(), Look::Plain),
        plain("38. Tax", owed.tax_usd.as_deref(), Look::Plain),
    ];
    rows.extend(owed.fees.iter().map(fee_row));
    rows.push(plain(
        "39. Other fees",
        owed.fees_usd.as_deref(),
        Look::Plain,
    ));
    rows.push(plain("40. Total", owed.total_usd.as_deref(), Look::Total));
    sheet.table(&columns, &rows, TABLE);
    let mut notes = Vec::new();
    if let (None, Some(low)) = (&owed.total_usd, &owed.range_low_usd) {
        let high = owed.range_high_usd.as_deref();
        notes.push(match high {
            Some(high) => format!(
                "The total is open: {} to {}.",
                dollars_of(low),
                dollars_of(high)
            ),
            None => format!("The total is open: {} or more.", dollars_of(low)),
        });
    }
    for open in owed.open.iter().filter(|open| open.material) {
        let lines: Vec<u16> = open.line.into_iter().collect();
        notes.push(match lines.is_empty() {
            true => format!("Open: {}", open.why),
            false => format!("Open: {} ({})", open.why, named(&lines)),
        });
    }
    if owed.refundable_usd != "0.00" {
        let part = dollars_of(&owed.refundable_usd);
        notes.push(format!("Of the duty, {part} is refundable."));
    }
    notes.extend(owed.note.as_ref().map(|note| format!("Note: {note}.")));
    notes.push("Blocks 36 and 41 (declaration and signature), 42 and 43 (broker) stand on the form itself.".to_owned());
    sheet.gap(6_000);
    for note in notes {
        sheet.flow(&[text(note, NOTE)]);
    }
}
