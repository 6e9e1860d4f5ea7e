//! One value of text read as its field's kind, and put where the rules look for it.

use super::reason::{country_hint, currency_hint, date_hint, meant};
use super::{BadField, DateHint, Filling, Reason, SHOWN};
use crate::shipment::Claim;
use crate::shipment::fields::{Choice, FieldId, Kind, id};
use crate::shipment::measures::Stated;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::money::{Cents, parse_minor};
use deminimis_law::names::{
    CustomsStatus, DutyTerms, EntryPath, Mode, PartyKind, PostalMethod, PostalServiceClass,
    Purpose, SplitReason, ValueEvidence,
};
use deminimis_law::time::{Day, When, WhenError, parse_timestamp, parse_when};
use deminimis_tariff::Number;
use std::borrow::Cow;

/// How the text of a value that was read is to be kept.
pub(super) enum Keep {
    /// As it is.
    AsIs,
    /// With line breaks and tabs as spaces.
    Folded,
}

impl Filling<'_, '_> {
    /// Reads a value that is neither empty nor set before; its line exists.
    pub(super) fn read(&mut self, field: FieldId, line: usize, text: &str) -> Result<Keep, Reason> {
        match field.get().kind {
            Kind::Text(max) | Kind::Personal(max) => {
                let keep = plain(text, max)?;
                if let Some(at) = id::UNITS.iter().position(|known| *known == field) {
                    self.shipment.lines[line].measures.units[at] = Stated::read(text);
                }
                if field == id::SHIPMENT_ID {
                    self.shipment.id.push_str(&match keep {
                        Keep::AsIs => Cow::Borrowed(text),
                        Keep::Folded => Cow::Owned(folded(text)),
                    });
                }
                return Ok(keep);
            }
            Kind::Choice(choice) => self.choose(field, choice, text)?,
            Kind::Country => {
                let country =
                    Country::parse(text).ok_or_else(|| Reason::Country(country_hint(text)))?;
                match field {
                    id::COUNTRY_OF_SHIPMENT => self.shipment.country_of_shipment = country,
                    id::COUNTRY_OF_ORIGIN => self.shipment.lines[line].origin = Some(country),
                    _ => {}
                }
            }
            Kind::Currency => {
                let currency =
                    Currency::parse(text).ok_or_else(|| Reason::Currency(currency_hint(text)))?;
                self.shipment.lines[line].currency = currency;
            }
            Kind::Number => {
                let number = Number::parse(text).map_err(Reason::Number)?;
                self.shipment.lines[line].number = Some(number);
            }
            // Read when the currency is known.
            Kind::Amount => {}
            Kind::Dollars | Kind::Kilograms | Kind::Quantity | Kind::Count => {
                self.number(field, line, text)?;
            }
            Kind::When | Kind::Timestamp | Kind::Day => self.date(field, text)?,
            Kind::Bool => {
                let yes = match text {
                    "true" => true,
                    "false" => false,
                    _ => return Err(Reason::Bool),
                };
                match field {
                    id::ACCOMPANIED => self.shipment.accompanied = yes,
                    id::AT_EXPRESS_HUB => self.shipment.at_express_hub = yes,
                    id::SOLD_BEFORE_IMPORT => self.shipment.sold_before_import = Some(yes),
                    id::IMPORTER_FOREIGN => self.shipment.importer_foreign = Some(yes),
                    _ => {}
                }
            }
            Kind::Codes => self.codes(field, line, text)?,
        }
        Ok(Keep::AsIs)
    }

    /// Reads dollars, weights, quantities and counts.
    fn number(&mut self, field: FieldId, line: usize, text: &str) -> Result<(), Reason> {
        match field.get().kind {
            Kind::Dollars => {
                let cents =
                    Cents::parse(text).map_err(|error| Reason::Amount(error, Currency::USD))?;
                if field == id::ORDER_TOTAL_USD {
                    self.shipment.order_total = Some(cents);
                }
            }
            Kind::Kilograms => {
                let weight = parse_minor(text, 3).map_err(Reason::Quantity)?;
                if field == id::NET_WEIGHT_KG {
                    self.shipment.lines[line].measures.net_weight = Some(weight);
                }
            }
            Kind::Quantity => {
                let quantity = parse_minor(text, 3).map_err(Reason::Quantity)?;
                if quantity == 0 {
                    return Err(Reason::ZeroQuantity);
                }
                let line = &mut self.shipment.lines[line];
                if field == id::QUANTITY {
                    line.quantity = Some(quantity);
                }
                if let Some(at) = id::QUANTITIES.iter().position(|known| *known == field) {
                    line.measures.quantities[at] = Some(quantity);
                }
            }
            Kind::Count => {
                let count = text
                    .parse::<u32>()
                    .ok()
                    .filter(|count| *count > 0 && !text.starts_with('+'));
                let count = count.ok_or(Reason::Count)?;
                if field == id::ORDER_PARCELS {
                    self.shipment.order_parcels = Some(count);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads dates and timestamps.
    fn date(&mut self, field: FieldId, text: &str) -> Result<(), Reason> {
        match field.get().kind {
            Kind::When => {
                let when = self.when(text)?;
                match field {
                    id::ARRIVES_AT => self.shipment.arrives_at = when,
                    id::ENTERED_AT => self.shipment.entered_at = Some(when),
                    id::LOADED_AT => self.shipment.loaded_at = Some(when),
                    _ => {}
                }
            }
            Kind::Timestamp => {
                if Day::parse(text).is_some() {
                    return Err(Reason::NeedsTime);
                }
                let moment =
                    parse_timestamp(text).map_err(|error| Reason::When(error, date_hint(text)))?;
                if field == id::FILED_AT {
                    self.shipment.filed_at = Some(moment);
                }
            }
            Kind::Day => {
                let day = day(text)?;
                if field == id::EXPORTED_ON {
                    self.shipment.exported_on = Some(day);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads codes separated by `;` or spaces; one that stands twice counts once.
    fn codes(&mut self, field: FieldId, line: usize, text: &str) -> Result<(), Reason> {
        let line = &mut self.shipment.lines[line];
        let list = match field {
            id::PGA => &mut line.pga,
            id::PGA_DISCLAIM => &mut line.pga_disclaim,
            _ => &mut line.claims,
        };
        for code in text.split([';', ' ']).filter(|code| !code.is_empty()) {
            let code = Claim::parse(code).ok_or(Reason::Code)?;
            if !list.contains(&code) {
                list.push(code);
            }
        }
        Ok(())
    }

    fn choose(&mut self, field: FieldId, choice: Choice, text: &str) -> Result<(), Reason> {
        let unknown = || Reason::NotOneOf(choice, meant(text, choice));
        let shipment = &mut *self.shipment;
        match choice {
            Choice::Mode => shipment.mode = Mode::parse(text).ok_or_else(unknown)?,
            Choice::EntryPath => {
                shipment.entry_path = Some(EntryPath::parse(text).ok_or_else(unknown)?)
            }
            Choice::PostalMethod => {
                shipment.postal_method = Some(PostalMethod::parse(text).ok_or_else(unknown)?);
            }
            Choice::Purpose => shipment.purpose = Purpose::parse(text).ok_or_else(unknown)?,
            Choice::CustomsStatus => {
                shipment.customs_status = CustomsStatus::parse(text).ok_or_else(unknown)?;
            }
            Choice::SplitReason => {
                shipment.split_reason = Some(SplitReason::parse(text).ok_or_else(unknown)?);
            }
            Choice::ValueEvidence => {
                shipment.value_evidence = Some(ValueEvidence::parse(text).ok_or_else(unknown)?);
            }
            Choice::PostalServiceClass => {
                shipment.postal_service_class =
                    Some(PostalServiceClass::parse(text).ok_or_else(unknown)?);
            }
            Choice::PartyKind => {
                let kind = PartyKind::parse(text).ok_or_else(unknown)?;
                match field {
                    id::CONSIGNEE_KIND => shipment.consignee_kind = Some(kind),
                    id::SHIPPER_KIND => shipment.shipper_kind = Some(kind),
                    _ => {}
                }
            }
            Choice::DutyTerms => {
                DutyTerms::parse(text).ok_or_else(unknown)?;
            }
        }
        Ok(())
    }

    /// Reads a date or timestamp in the builder's zone; rows of a file repeat the last one.
    fn when(&mut self, text: &str) -> Result<When, Reason> {
        let (last, when) = &mut self.builder.last;
        if last == text {
            return Ok(*when);
        }
        let read = parse_when(text, self.builder.zone).map_err(|error| when_reason(error, text))?;
        last.clear();
        last.push_str(text);
        *when = read;
        Ok(read)
    }
}

fn when_reason(error: WhenError, text: &str) -> Reason {
    match date_hint(text) {
        // "Is not a day of the calendar" would mislead where the form is the trouble.
        hint @ (DateHint::Slashes | DateHint::Serial) => {
            Reason::When(WhenError::NotATimestamp, hint)
        }
        DateHint::None => Reason::When(error, DateHint::None),
    }
}

fn day(text: &str) -> Result<Day, Reason> {
    Day::parse(text).ok_or_else(|| match parse_timestamp(text) {
        Ok(_) | Err(WhenError::NoOffset) => Reason::NeedsDay,
        Err(_) => Reason::When(WhenError::NotADay, date_hint(text)),
    })
}

/// Checks text for length and control characters; line breaks and tabs are let through, to be kept
/// as spaces, since spreadsheets break addresses inside a cell.
fn plain(text: &str, max: u16) -> Result<Keep, Reason> {
    if text.len() > usize::from(max) {
        return Err(Reason::TooLong(max));
    }
    // Printable ASCII is the common case; without an early exit the pass runs in vectors.
    if text
        .bytes()
        .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
    {
        return Ok(Keep::AsIs);
    }
    let mut keep = Keep::AsIs;
    for letter in text.chars().filter(|letter| letter.is_control()) {
        match letter {
            '\n' | '\r' | '\t' => keep = Keep::Folded,
            _ => return Err(Reason::Control),
        }
    }
    Ok(keep)
}

/// Text with each line break and each tab as one space.
pub(super) fn folded(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ")
}

/// Text without the ASCII white space around it.
#[inline]
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        // Nearly every cell begins and ends with something to keep.
        [first, .., last] if *first > b' ' && *last > b' ' => text,
        _ => text.trim_matches([' ', '\t', '\r', '\n']),
    }
}

/// The start of a refused value, on one line.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

/// A refused field; what is about a natural person is not repeated.
#[cold]
pub(super) fn bad(field: FieldId, line: usize, text: &str, reason: Reason) -> BadField {
    let value = match text {
        "" => String::new(),
        _ if field.get().is_personal() => "(withheld)".to_owned(),
        _ => shown(text),
    };
    BadField {
        field: Cow::Borrowed(field.name()),
        line: field.is_line().then_some(line),
        value,
        reason,
    }
}
