//! What several documents have in common: how their text looks, their heads, parties, amounts and
//! sums.

use super::sheet::{Align, Cell, Piece, Sheet};
use super::text::{Ink, Milli, Style};
use super::{DocumentError, Parcel};
use deminimis_clearance::explain::{decimal, grouped};
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_law::codes::Currency;
use deminimis_law::money::parse_minor;

const fn style(size: Milli, bold: bool, ink: Ink) -> Style {
    Style { size, bold, ink }
}

pub(super) const TITLE: Style = style(18_000, true, Ink::Deep);
pub(super) const SECTION: Style = style(10_500, true, Ink::Deep);
pub(super) const BODY: Style = style(9_000, false, Ink::Black);
pub(super) const STRONG: Style = style(9_000, true, Ink::Black);
pub(super) const LARGE: Style = style(10_500, false, Ink::Black);
pub(super) const TABLE: Style = style(8_400, false, Ink::Black);
pub(super) const TABLE_STRONG: Style = style(8_400, true, Ink::Black);
pub(super) const NOTE: Style = style(7_400, false, Ink::Grey);
pub(super) const LABEL: Style = style(6_800, false, Ink::Grey);

/// What stands where nothing was given.
pub(super) const NOTHING: &str = "\u{2013}";

/// Text at the left.
pub(super) fn text(words: impl Into<String>, style: Style) -> Piece {
    Piece::Text(words.into(), style, Align::Left)
}

/// Text at the right.
pub(super) fn right(words: impl Into<String>, style: Style) -> Piece {
    Piece::Text(words.into(), style, Align::Right)
}

/// A cell of one text; a dash where it is empty.
pub(super) fn cell(words: impl Into<String>, style: Style) -> Cell {
    cell_over(words, style, 1)
}

/// A cell in which nothing belongs: it keeps the row whole for who is read to.
pub(super) fn blank() -> Cell {
    cell("\u{a0}", TABLE)
}

/// A cell of one text over several columns.
pub(super) fn cell_over(words: impl Into<String>, style: Style, span: usize) -> Cell {
    let words = words.into();
    let words = if words.is_empty() {
        NOTHING.to_owned()
    } else {
        words
    };
    Cell {
        pieces: vec![text(words, style)],
        span,
    }
}

/// A cell of several pieces.
pub(super) fn cell_of(pieces: Vec<Piece>) -> Cell {
    Cell { pieces, span: 1 }
}

/// A small label over a value, as on a form.
pub(super) fn labelled(label: &str, value: Option<&str>) -> Vec<Piece> {
    vec![
        text(label, LABEL),
        text(value.filter(|it| !it.is_empty()).unwrap_or(NOTHING), BODY),
    ]
}

/// The head of a document: its title, and beside it what tells it from others.
pub(super) fn masthead(sheet: &mut Sheet<'_>, title: &str, beside: &[(&str, String)]) {
    let mut facts = Vec::new();
    for (label, value) in beside {
        facts.push(right(format!("{label}  {value}"), BODY));
    }
    let left = vec![Piece::Heading(1, title.to_owned(), TITLE)];
    sheet.columns(&[(11, left), (9, facts)], 18_000);
    sheet.gap(7_000);
    sheet.rule(1_400, Ink::Deep);
    sheet.gap(10_000);
}

/// The heading of a section.
pub(super) fn section(sheet: &mut Sheet<'_>, words: &str) {
    sheet.gap(13_000);
    sheet.flow_kept(&[
        Piece::Heading(2, words.to_owned(), SECTION),
        Piece::Gap(4_000),
    ]);
}

/// A party under its label: name, address, telephone.
pub(super) fn party(label: &str, party: PartyRef<'_>) -> Vec<Piece> {
    let mut pieces = vec![text(label, LABEL)];
    let lines = address(party);
    if lines.is_empty() {
        pieces.push(text("not stated", style(9_000, false, Ink::Grey)));
    }
    for (at, line) in lines.into_iter().enumerate() {
        pieces.push(text(line, if at == 0 { STRONG } else { BODY }));
    }
    if let Some(phone) = party.phone {
        pieces.push(text(format!("Tel. {phone}"), BODY));
    }
    pieces
}

/// A party as lines of an address.
pub(super) fn address(party: PartyRef<'_>) -> Vec<String> {
    let mut lines: Vec<String> = party.name.iter().map(|name| (*name).to_owned()).collect();
    if let Some(care_of) = party.care_of {
        lines.push(format!("c/o {care_of}"));
    }
    lines.extend(party.street.map(str::to_owned));
    let place = [party.city, party.state, party.postal_code];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        lines.push(place.join(", "));
    }
    lines.extend(party.country.map(str::to_owned));
    lines
}

/// A quantity with its unit.
pub(super) fn measure(quantity: Option<&str>, unit: Option<&str>) -> Option<String> {
    let quantity = grouped(quantity?);
    Some(match unit {
        Some(unit) => format!("{quantity} {unit}"),
        None => quantity,
    })
}

/// What the lines of a parcel are worth, one sum for each currency, in the order of the lines.
pub(super) fn values(parcel: &Parcel<'_>) -> Result<Vec<(Currency, i64)>, DocumentError> {
    let mut sums: Vec<(Currency, i64)> = Vec::new();
    for line in &parcel.shipment.lines {
        match sums
            .iter_mut()
            .find(|(currency, _)| *currency == line.currency)
        {
            Some((_, sum)) => {
                *sum = sum
                    .checked_add(line.value)
                    .ok_or_else(|| DocumentError::Pdf("a sum is too large".to_owned()))?;
            }
            None => sums.push((line.currency, line.value)),
        }
    }
    if let ([(Currency::USD, sum)], Some(stated)) = (
        sums.as_slice(),
        parcel.decision.entered_value_usd.as_deref(),
    ) {
        agree("the values of the lines", *sum, stated)?;
    }
    Ok(sums)
}

/// An amount in minor units, grouped and without its currency.
pub(super) fn money(minor: i64, currency: Currency) -> String {
    grouped(&decimal(minor, currency))
}

/// Compares a sum in cents with what the decision says.
pub(super) fn agree(what: &str, summed: i64, stated: &str) -> Result<(), DocumentError> {
    let summed = decimal(summed, Currency::USD);
    if summed == stated {
        return Ok(());
    }
    Err(DocumentError::Disagrees {
        what: what.to_owned(),
        summed,
        stated: stated.to_owned(),
    })
}

/// Dollars of the decision in cents.
pub(super) fn cents(text: &str) -> Result<i64, DocumentError> {
    parse_minor(text, 2).map_err(|error| DocumentError::Pdf(format!("the amount `{text}` {error}")))
}

/// Kilograms of the parcel in grams; what was read once is read again without loss.
pub(super) fn grams(text: Option<&str>) -> Option<i64> {
    parse_minor(text?, 3).ok()
}

/// Grams as kilograms with three decimals.
pub(super) fn kilograms(grams: i64) -> String {
    grouped(&format!("{}.{:03}", grams / 1000, grams % 1000))
}

/// The sum of what every line gives; nothing where a line gives none.
pub(super) fn weight_of_lines(parcel: &Parcel<'_>, field: &str) -> Option<i64> {
    let lines = 0..parcel.shipment.lines.len();
    let mut all = lines.map(|at| grams(parcel.line(field, at)));
    all.try_fold(0_i64, |sum, own| sum.checked_add(own?))
}

/// Each value once, in the order in which it comes.
pub(super) fn distinct<'t>(values: impl Iterator<Item = Option<&'t str>>) -> Vec<&'t str> {
    let mut all: Vec<&str> = Vec::new();
    for value in values.flatten() {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}
