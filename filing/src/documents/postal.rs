//! The customs declarations of the post: CN22, a label, and CN23, a sheet.
//!
//! The forms of the Universal Postal Union are not in hand: the contents are those that are commonly
//! known, and the arrangement is ours. The item's S10 number is a Code 128 barcode.

use super::barcode::code_128;
use super::draw::{About, pdf};
use super::parts::{
    NOTHING, address, blank, cell, cell_of, distinct, grams, kilograms, measure, money, right,
    text, values, weight_of_lines,
};
use super::sheet::{Align, Cell, Column, Look, Paper, Piece, Row, Sheet, Width};
use super::text::{Ink, Milli, Style};
use super::{DocumentError, Fonts, Issue, Made, Parcel, refusal};
use crate::identifiers::s10::S10;
use deminimis_clearance::shipment::fields::Party;
use deminimis_law::names::Purpose;

/// 74 by 105 millimetres.
const LABEL: Paper = Paper {
    width: 209_764,
    height: 297_638,
    side: 10_000,
    top: 9_000,
    bottom: 14_000,
};

/// A5, lying.
const SHEET: Paper = Paper {
    width: 595_276,
    height: 419_528,
    side: 30_000,
    top: 24_000,
    bottom: 28_000,
};

/// The sizes of one of the two forms.
#[derive(Clone, Copy)]
struct Sizes {
    title: Style,
    strong: Style,
    body: Style,
    note: Style,
    label: Style,
}

const fn look(title: Milli, body: Milli, note: Milli, label: Milli) -> Sizes {
    const fn of(size: Milli, bold: bool, ink: Ink) -> Style {
        Style { size, bold, ink }
    }
    Sizes {
        title: of(title, true, Ink::Deep),
        strong: of(body, true, Ink::Black),
        body: of(body, false, Ink::Black),
        note: of(note, false, Ink::Grey),
        label: of(label, false, Ink::Grey),
    }
}

const SMALL: Sizes = look(9_500, 6_300, 5_300, 5_200);
const WIDE: Sizes = look(15_000, 8_000, 6_800, 6_200);

/// The categories of an item, with the purpose each is for.
const CATEGORIES: [(&str, Option<Purpose>); 6] = [
    ("Gift", Some(Purpose::Gift)),
    ("Documents", Some(Purpose::Documents)),
    ("Sale of goods", Some(Purpose::Sale)),
    ("Commercial sample", Some(Purpose::Sample)),
    ("Returned goods", Some(Purpose::Return)),
    ("Other", None),
];

/// Makes a CN22, the label for a small item.
///
/// # Errors
/// If the S10 number or the sender is missing or wrong, or if the values do not add up.
pub fn cn22(fonts: &Fonts, parcel: &Parcel<'_>, issue: &Issue<'_>) -> Result<Made, DocumentError> {
    let number = &number(parcel)?;
    let (mut sheet, look) = (Sheet::new(fonts, LABEL), SMALL);
    head(&mut sheet, "CN22", look);
    sheet.gap(4_000);
    bars(&mut sheet, number, 25_000, look)?;
    sheet.gap(3_000);
    ticks(&mut sheet, parcel, look);
    sheet.gap(3_000);
    let small = [
        Column::new("Quantity and contents", Width::Share(1), Align::Left),
        Column::new("Net kg", Width::Fit, Align::Right),
        Column::new("Value", Width::Fit, Align::Right),
    ];
    let rows = small_rows(parcel, look)?;
    sheet.table(&small, &rows, look.body);
    sheet.gap(5_000);
    let given = |role: Party| parcel.texts.party(role);
    let (from, to) = (given(Party::Shipper), given(Party::Consignee));
    sheet.columns(
        &[
            (1, who("Sender", address(from), look)),
            (1, who("Addressee", address(to), look)),
        ],
        8_000,
    );
    sheet.gap(4_000);
    promise(&mut sheet, issue, look);
    finish(sheet, "CN22", parcel, issue)
}

/// Makes a CN23, the sheet for a larger item.
///
/// # Errors
/// As [`cn22`].
pub fn cn23(fonts: &Fonts, parcel: &Parcel<'_>, issue: &Issue<'_>) -> Result<Made, DocumentError> {
    let number = &number(parcel)?;
    let (mut sheet, look) = (Sheet::new(fonts, SHEET), WIDE);
    head(&mut sheet, "CN23", look);
    sheet.gap(6_000);
    let given = |role: Party| parcel.texts.party(role);
    let (from, to) = (given(Party::Shipper), given(Party::Consignee));
    let mut sender = who("Sender", address(from), look);
    sender.extend(from.phone.map(|it| text(format!("Tel. {it}"), look.body)));
    let mut addressee = who("Addressee", address(to), look);
    addressee.extend(to.phone.map(|it| text(format!("Tel. {it}"), look.body)));
    addressee.extend(to.email.map(|it| text(it, look.body)));
    if let Some(importer) = parcel.get("importer_of_record_number") {
        addressee.push(text(format!("Importer's reference {importer}"), look.body));
    }
    let barcode = vec![
        Piece::Gap(3_000),
        Piece::Bars(
            code_128("s10_number", number)?.into(),
            40_000,
            format!("Barcode of the item number {number}"),
        ),
        Piece::Gap(3_000),
        Piece::Text(spread(number), look.strong, Align::Centre),
    ];
    sheet.boxes(&[(10, sender), (10, addressee), (13, barcode)]);
    wide_facts(&mut sheet, parcel, look);
    sheet.gap(6_000);
    let columns = [
        Column::new("Contents", Width::Share(1), Align::Left),
        Column::new("Quantity", Width::Fit, Align::Right),
        Column::new("Net kg", Width::Fit, Align::Right),
        Column::new("Value", Width::Fit, Align::Right),
        Column::new("HS number", Width::Fit, Align::Left),
        Column::new("Origin", Width::Fit, Align::Left),
    ];
    let rows = wide_rows(parcel, look)?;
    sheet.table(&columns, &rows, look.body);
    sheet.gap(8_000);
    promise(&mut sheet, issue, look);
    finish(sheet, "CN23", parcel, issue)
}

fn finish(
    sheet: Sheet<'_>,
    form: &str,
    parcel: &Parcel<'_>,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let id = &parcel.shipment.id;
    pdf(
        sheet,
        &About {
            title: format!("Customs declaration {form}, shipment {id}"),
            foot: format!("{form} \u{b7} {id}"),
            date: issue.date,
        },
    )
}

/// The item's number with its check digit right; without it, or without a sender, there is no
/// declaration.
fn number(parcel: &Parcel<'_>) -> Result<String, DocumentError> {
    let allowed = "the item's S10 number, such as RB123456785US";
    let number = parcel
        .required("s10_number", allowed)
        .and_then(|given| match S10::parse(given) {
            Ok(number) => Ok(number.to_string()),
            Err(wrong) => Err(refusal("s10_number", given, &wrong)),
        });
    let sender = parcel.required("shipper_name", "the name of the sender");
    match (number, sender) {
        (Ok(number), Ok(_)) => Ok(number),
        (number, sender) => Err(DocumentError::Refused(
            [number.err(), sender.err()].into_iter().flatten().collect(),
        )),
    }
}

/// The number in the groups in which it is read: `RB 123 456 785 US`.
fn spread(number: &str) -> String {
    let parts = [0..2, 2..5, 5..8, 8..11, 11..13];
    let parts: Option<Vec<&str>> = parts.into_iter().map(|part| number.get(part)).collect();
    parts.map_or_else(|| number.to_owned(), |parts| parts.join(" "))
}

fn head(sheet: &mut Sheet<'_>, form: &str, look: Sizes) {
    let left = vec![
        Piece::Heading(1, "Customs declaration".to_owned(), look.title),
        text("May be opened officially", look.note),
    ];
    sheet.columns(&[(3, left), (1, vec![right(form, look.title)])], 6_000);
    sheet.gap(3_000);
    sheet.rule(1_000, Ink::Deep);
}

fn bars(
    sheet: &mut Sheet<'_>,
    number: &str,
    height: Milli,
    look: Sizes,
) -> Result<(), DocumentError> {
    sheet.flow(&[
        Piece::Bars(
            code_128("s10_number", number)?.into(),
            height,
            format!("Barcode of the item number {number}"),
        ),
        Piece::Gap(2_000),
        Piece::Text(spread(number), look.strong, Align::Centre),
    ]);
    Ok(())
}

/// The categories in three columns, that of the parcel ticked.
fn ticks(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, look: Sizes) {
    let purpose = parcel.shipment.purpose;
    let known = CATEGORIES.iter().any(|(_, of)| *of == Some(purpose));
    let ticks: Vec<Piece> = CATEGORIES
        .iter()
        .map(|(name, of)| {
            let ticked = *of == Some(purpose) || (of.is_none() && !known);
            Piece::Tick(ticked, (*name).to_owned(), look.body)
        })
        .collect();
    let columns: Vec<(i32, Vec<Piece>)> = [7, 11, 10]
        .into_iter()
        .zip(ticks.chunks(2))
        .map(|(share, own)| (share, own.to_vec()))
        .collect();
    sheet.columns(&columns, 4_000);
}

fn who(label: &str, lines: Vec<String>, look: Sizes) -> Vec<Piece> {
    let mut pieces = vec![text(label, look.label)];
    for (at, line) in lines.into_iter().enumerate() {
        pieces.push(text(line, if at == 0 { look.strong } else { look.body }));
    }
    pieces
}

/// The first six digits, which all countries share.
fn hs(parcel: &Parcel<'_>, at: usize) -> Option<String> {
    let number = parcel.shipment.lines[at].number?.to_string();
    let digits: String = number
        .chars()
        .filter(char::is_ascii_digit)
        .take(6)
        .collect();
    match digits.split_at_checked(4) {
        Some((heading, "")) => Some(heading.to_owned()),
        Some((heading, rest)) => Some(format!("{heading}.{rest}")),
        None => Some(digits),
    }
}

fn weight(parcel: &Parcel<'_>, at: usize) -> String {
    let weight = grams(parcel.line("net_weight_kg", at)).map(kilograms);
    weight.unwrap_or_else(|| NOTHING.to_owned())
}

fn worth(parcel: &Parcel<'_>, at: usize) -> String {
    let line = &parcel.shipment.lines[at];
    format!("{} {}", line.currency, money(line.value, line.currency))
}

/// The gross weight of the item, else the sum of the net weights.
fn whole_weight(parcel: &Parcel<'_>) -> (&'static str, String) {
    let gross = grams(parcel.get("gross_weight_kg")).map(|own| ("gross", own));
    let net = weight_of_lines(parcel, "net_weight_kg").map(|own| ("net", own));
    match gross.or(net) {
        Some((what, own)) => (what, kilograms(own)),
        None => ("gross", NOTHING.to_owned()),
    }
}

fn total(
    parcel: &Parcel<'_>,
    look: Sizes,
    before: Vec<Cell>,
    after: usize,
) -> Result<Row, DocumentError> {
    let (what, weight) = whole_weight(parcel);
    let worth = values(parcel)?
        .iter()
        .map(|(currency, sum)| {
            text(
                format!("{currency} {}", money(*sum, *currency)),
                look.strong,
            )
        })
        .collect();
    let mut cells = before;
    if let Some(first) = cells.first_mut() {
        *first = cell(format!("Total, {what} weight"), look.strong);
    }
    cells.push(cell(weight, look.strong));
    cells.push(cell_of(worth));
    cells.extend((0..after).map(|_| blank()));
    Ok(Row {
        cells,
        look: Look::Total,
    })
}

fn small_rows(parcel: &Parcel<'_>, look: Sizes) -> Result<Vec<Row>, DocumentError> {
    let lines = parcel.shipment.lines.len();
    let mut rows: Vec<Row> = (0..lines)
        .map(|at| {
            let description = parcel.line("description", at).unwrap_or_default();
            let quantity = measure(parcel.line("quantity", at), parcel.line("unit", at));
            let words = match quantity {
                Some(quantity) => format!("{quantity} \u{d7} {description}"),
                None => description.to_owned(),
            };
            let origin = parcel.shipment.lines[at].origin;
            let details = [
                hs(parcel, at).map(|number| format!("HS {number}")),
                origin.map(|origin| format!("origin {origin}")),
            ];
            let details: Vec<String> = details.into_iter().flatten().collect();
            let mut pieces = vec![text(words, look.body)];
            if !details.is_empty() {
                pieces.push(text(details.join(" \u{b7} "), look.note));
            }
            Row {
                cells: vec![
                    cell_of(pieces),
                    cell(weight(parcel, at), look.body),
                    cell(worth(parcel, at), look.body),
                ],
                look: Look::Plain,
            }
        })
        .collect();
    rows.push(total(parcel, look, vec![blank()], 0)?);
    Ok(rows)
}

fn wide_rows(parcel: &Parcel<'_>, look: Sizes) -> Result<Vec<Row>, DocumentError> {
    let lines = parcel.shipment.lines.len();
    let mut rows: Vec<Row> = (0..lines)
        .map(|at| {
            let origin = parcel.shipment.lines[at].origin;
            let quantity = measure(parcel.line("quantity", at), parcel.line("unit", at));
            Row {
                cells: vec![
                    cell(
                        parcel.line("description", at).unwrap_or_default(),
                        look.body,
                    ),
                    cell(quantity.unwrap_or_default(), look.body),
                    cell(weight(parcel, at), look.body),
                    cell(worth(parcel, at), look.body),
                    cell(hs(parcel, at).unwrap_or_default(), look.body),
                    cell(origin.map_or(String::new(), |it| it.to_string()), look.body),
                ],
                look: Look::Plain,
            }
        })
        .collect();
    let before = vec![blank(), blank()];
    rows.push(total(parcel, look, before, 2)?);
    Ok(rows)
}

fn wide_facts(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, look: Sizes) {
    let count = parcel.shipment.lines.len();
    let of_lines = |name: &str| distinct((0..count).map(|at| parcel.line(name, at))).join(", ");
    let fact = |label: &str, value: String| {
        let value = if value.is_empty() {
            NOTHING.to_owned()
        } else {
            value
        };
        vec![text(label, look.label), text(value, look.body)]
    };
    let mut category = vec![text("Category of item", look.label)];
    let purpose = parcel.shipment.purpose;
    let known = CATEGORIES.iter().any(|(_, of)| *of == Some(purpose));
    for (name, of) in CATEGORIES {
        let ticked = of == Some(purpose) || (of.is_none() && !known);
        category.push(Piece::Tick(ticked, name.to_owned(), look.body));
    }
    let halves = category.split_off(4);
    let mut rest = vec![text("\u{a0}", look.label)];
    rest.extend(halves);
    let mut papers = fact("License no.", of_lines("license_number"));
    papers.extend(fact("Certificate no.", of_lines("origin_certificate")));
    let mut money = fact("Invoice no.", of_lines("invoice_number"));
    money.extend(fact("Postal charges", String::new()));
    let mut order = fact(
        "Order",
        parcel.get("order_id").unwrap_or_default().to_owned(),
    );
    order.extend(fact("Comments", String::new()));
    sheet.boxes(&[
        (4, category),
        (4, rest),
        (5, papers),
        (5, money),
        (5, order),
    ]);
}

/// What the sender declares, to be signed.
fn promise(sheet: &mut Sheet<'_>, issue: &Issue<'_>, look: Sizes) {
    let words = text(
        "I declare that what is stated here is correct and that the item holds nothing dangerous or forbidden by law or by the rules of the post.",
        look.note,
    );
    let sign = vec![
        text(
            format!("Date and sender's signature  {}", issue.date),
            look.label,
        ),
        Piece::Gap(look.body.size),
        Piece::Blank(3_000),
    ];
    sheet.columns(&[(1, vec![words]), (1, sign)], 8_000);
}
