//! The end of a shipment: what is missing, amounts in their currency, defaults, what is given.

use super::read::bad;
use super::{BadField, Filling, Reason};
use crate::shipment::fields::{FieldId, Party, REQUIRED, id};
use crate::shipment::{Line, Measures, Texts};
use deminimis_law::codes::Currency;
use deminimis_law::money::parse_minor;
use deminimis_law::names::{Given, Set};
use deminimis_law::time::parse_when;
use std::borrow::Cow;

impl Filling<'_, '_> {
    /// Completes the shipment: required fields, amounts, defaults, and which fields are given.
    ///
    /// # Errors
    /// The first field that is missing or, with its currency known, not an amount.
    pub fn finish(mut self) -> Result<(), BadField> {
        for field in REQUIRED.iter().filter(|field| !field.is_line()) {
            if !self.texts.has(*field) {
                return Err(bad(*field, 0, "", Reason::Missing));
            }
        }
        if self.lines == 0 {
            return Err(BadField {
                field: Cow::Borrowed("lines"),
                line: None,
                value: String::new(),
                reason: Reason::NoLines,
            });
        }
        while self.shipment.lines.len() > self.lines {
            self.builder.spare.extend(self.shipment.lines.pop());
        }
        for line in 0..self.lines {
            self.finish_line(line)?;
        }
        let name = |field| self.texts.get(field);
        self.shipment.shipper_is_consignee =
            match (name(id::SHIPPER_NAME), name(id::CONSIGNEE_NAME)) {
                (Some(shipper), Some(consignee)) => same_name(shipper, consignee),
                _ => false,
            };
        if !self.builder.ports.is_empty()
            && let Some(port) = self.texts.get(id::PORT_OF_ENTRY)
            && let Some(zone) = self.builder.ports.zone(port)
            && let Some(text) = self.texts.get(id::ARRIVES_AT)
            && let Ok(when) = parse_when(text, zone)
        {
            self.shipment.arrives_at = when;
        }
        self.shipment.given = given(self.texts);
        Ok(())
    }

    fn finish_line(&mut self, at: usize) -> Result<(), BadField> {
        for field in REQUIRED.iter().filter(|field| field.is_line()) {
            if self.texts.line(*field, at).is_none() {
                return Err(bad(*field, at, "", Reason::Missing));
            }
        }
        let line = &mut self.shipment.lines[at];
        // Nearly every line is in dollars; the list of other currencies is searched for the rest.
        let decimals = if line.currency == Currency::USD {
            2
        } else {
            line.currency.decimals()
        };
        let amount = |field: FieldId| -> Result<Option<i64>, BadField> {
            let Some(text) = self.texts.line(field, at) else {
                return Ok(None);
            };
            parse_minor(text, decimals)
                .map(Some)
                .map_err(|error| bad(field, at, text, Reason::Amount(error, line.currency)))
        };
        let value = amount(id::LINE_VALUE)?.unwrap_or(0);
        let retail = amount(id::FAIR_RETAIL_VALUE)?.unwrap_or(value);
        (line.value, line.fair_retail_value) = (value, retail);
        Ok(())
    }
}

/// Which fields are given, for rules that ask for presence.
fn given(texts: &Texts) -> Set<Given> {
    const FIELDS: [(FieldId, Given); 8] = [
        (id::FILED_AT, Given::FiledAt),
        (id::LOADED_AT, Given::LoadedAt),
        (id::ENTERED_AT, Given::EnteredAt),
        (id::FILER_CODE, Given::FilerCode),
        (id::HOUSE_BILL, Given::HouseBill),
        (id::MASTER_BILL, Given::MasterBill),
        (id::ORDER_ID, Given::OrderId),
        (id::S10_NUMBER, Given::S10Number),
    ];
    const BOND: [FieldId; 4] = [
        id::BOND_TYPE,
        id::BOND_NUMBER,
        id::BOND_SURETY_CODE,
        id::BOND_AMOUNT_USD,
    ];
    const PARTIES: [(Party, Given); 4] = [
        (Party::Owner, Given::Owner),
        (Party::Purchaser, Given::Purchaser),
        (Party::Seller, Given::Seller),
        (Party::ImporterOfRecord, Given::ImporterOfRecord),
    ];
    let mut set = Set::EMPTY;
    for (_, given) in FIELDS.into_iter().filter(|(field, _)| texts.has(*field)) {
        set.add(given);
    }
    for (_, given) in PARTIES.into_iter().filter(|(party, _)| texts.gives(*party)) {
        set.add(given);
    }
    if texts.has(id::IMPORTER_NUMBER) {
        set.add(Given::ImporterOfRecord);
    }
    if BOND.into_iter().any(|field| texts.has(field)) {
        set.add(Given::Bond);
    }
    if texts.get(id::POWER_OF_ATTORNEY) == Some("true") {
        set.add(Given::PowerOfAttorney);
    }
    set
}

/// Whether two names are the same without regard to case.
fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!(one.is_ascii() && other.is_ascii())
            && one
                .chars()
                .flat_map(char::to_lowercase)
                .eq(other.chars().flat_map(char::to_lowercase)))
}

/// A line with nothing in it.
pub(super) fn empty_line() -> Line {
    Line {
        origin: None,
        number: None,
        value: 0,
        fair_retail_value: 0,
        currency: Currency::USD,
        quantity: None,
        measures: Measures::default(),
        claims: Vec::new(),
        facts: Vec::new(),
        pga: Vec::new(),
        pga_disclaim: Vec::new(),
    }
}

/// Empties a line and keeps its room.
pub(super) fn clear_line(line: &mut Line) {
    let (mut claims, mut facts) = (
        std::mem::take(&mut line.claims),
        std::mem::take(&mut line.facts),
    );
    let (mut pga, mut pga_disclaim) = (
        std::mem::take(&mut line.pga),
        std::mem::take(&mut line.pga_disclaim),
    );
    claims.clear();
    facts.clear();
    pga.clear();
    pga_disclaim.clear();
    *line = Line {
        claims,
        facts,
        pga,
        pga_disclaim,
        ..empty_line()
    };
}
