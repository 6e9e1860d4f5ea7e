//! Fills a [`Shipment`] and its [`Texts`] from fields of text, whatever the file format.
//!
//! Every value is read when it is set, except amounts: their currency may come later, so they are
//! read in [`Filling::finish`]. Nothing here knows CSV or JSON, opens a file, or decides law. Buffers
//! are the caller's and are refilled: after warm-up a shipment no larger than any before allocates
//! nothing.

mod finish;
mod read;
mod reason;

pub use reason::{CurrencyHint, DateHint, Reason};

use super::fields::{FieldId, Level};
use super::{Line, Shipment, Texts};
use deminimis_law::codes::Country;
use deminimis_law::facts::{self, Fact, FactId};
use deminimis_law::names::{CustomsStatus, Mode, Purpose, Set};
use deminimis_law::time::{When, Zone};
use finish::{clear_line, empty_line};
use read::{bad, folded, shown, trim};
use std::borrow::Cow;
use std::fmt;

/// The most lines a shipment may have.
pub const MAX_LINES: usize = 999;

/// The longest text answer to a fact, in bytes.
const MAX_FACT: usize = 256;

/// How much of a refused value is repeated, in characters.
const SHOWN: usize = 80;

/// A field that cannot be read: the sender must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadField {
    /// The flat name (`line_value`, `consignee_country`, `facts.alcohol`); `lines` for their number.
    pub field: Cow<'static, str>,
    /// The line, counted from 0, if the field stands in lines.
    pub line: Option<usize>,
    /// The value, cut to 80 characters; `(withheld)` if it is about a natural person.
    pub value: String,
    /// Why, and what would be right.
    pub reason: Reason,
}

impl BadField {
    /// The place as a JSON Pointer (RFC 6901): `/lines/0/line_value`, `/consignee/country`.
    #[must_use]
    pub fn pointer(&self) -> String {
        let line = self
            .line
            .map_or(String::new(), |line| format!("/lines/{line}"));
        match FieldId::named(&self.field).map(FieldId::get) {
            Some(field) => match field.group {
                Some(group) => format!("{line}/{group}/{}", field.json),
                None => format!("{line}/{}", field.json),
            },
            None => format!("{line}/{}", self.field.replacen("facts.", "facts/", 1)),
        }
    }
}

impl fmt::Display for BadField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_empty() {
            write!(out, "{} {}", self.field, self.reason)
        } else {
            write!(out, "{} {:?} {}", self.field, self.value, self.reason)
        }
    }
}

impl std::error::Error for BadField {}

/// The zones of ports whose calendar day is not that of the east coast.
#[derive(Clone, Debug, Default)]
pub struct PortZones {
    /// (port code, place in `zones`), ascending.
    ports: Vec<(String, usize)>,
    zones: Vec<(String, Zone)>,
}

impl PortZones {
    /// Builds the list from rows of (port code, zone name).
    ///
    /// # Errors
    /// The name of the first zone that is not in the time-zone data.
    pub fn from_rows<'r>(
        rows: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Result<PortZones, String> {
        let mut list = PortZones::default();
        for (port, name) in rows {
            let at = match list.zones.iter().position(|(known, _)| known == name) {
                Some(at) => at,
                None => {
                    list.zones.push((
                        name.to_owned(),
                        Zone::named(name).ok_or_else(|| name.to_owned())?,
                    ));
                    list.zones.len() - 1
                }
            };
            list.ports.push((port.to_owned(), at));
        }
        list.ports.sort();
        Ok(list)
    }

    /// The zone of a port, if it is listed.
    #[must_use]
    pub fn zone(&self, port: &str) -> Option<&Zone> {
        let at = self
            .ports
            .binary_search_by(|(code, _)| code.as_str().cmp(port))
            .ok()?;
        Some(&self.zones[self.ports[at].1].1)
    }

    /// Whether no port is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }
}

/// Makes shipments from fields of text; keeps what one shipment leaves for the next to reuse.
#[derive(Debug)]
pub struct Builder<'a> {
    facts: &'a [Fact],
    zone: &'a Zone,
    ports: &'a PortZones,
    /// Lines that a smaller shipment does not need, with the room they have.
    spare: Vec<Line>,
    /// The date read last: files repeat it row after row.
    last: (String, When),
}

/// A shipment being filled. Dropped without [`Filling::finish`], what it filled is not a shipment.
#[derive(Debug)]
pub struct Filling<'b, 'a> {
    builder: &'b mut Builder<'a>,
    shipment: &'b mut Shipment,
    texts: &'b mut Texts,
    lines: usize,
}

impl Shipment {
    /// A shipment with nothing in it, to be handed to [`Builder::begin`]. Not one to assess.
    #[must_use]
    pub fn empty() -> Shipment {
        // The country is overwritten before `finish` succeeds, since the field is required.
        let any = Country::all().next();
        let any = any.unwrap_or_else(|| unreachable!("the list of countries is not empty"));
        Shipment::cleared(String::new(), Vec::new(), any)
    }

    /// A shipment with the defaults, around buffers that may be reused.
    fn cleared(id: String, lines: Vec<Line>, country_of_shipment: Country) -> Shipment {
        Shipment {
            id,
            mode: Mode::Air,
            arrives_at: When::default(),
            entered_at: None,
            filed_at: None,
            loaded_at: None,
            exported_on: None,
            country_of_shipment,
            entry_path: None,
            postal_method: None,
            purpose: Purpose::Sale,
            accompanied: false,
            customs_status: CustomsStatus::Direct,
            sold_before_import: None,
            order_total: None,
            order_parcels: None,
            split_reason: None,
            value_evidence: None,
            postal_service_class: None,
            at_express_hub: false,
            importer_foreign: None,
            consignee_kind: None,
            shipper_kind: None,
            shipper_is_consignee: false,
            given: Set::EMPTY,
            lines,
        }
    }
}

impl<'a> Builder<'a> {
    /// A builder for the rulebook's `facts` (sorted by name); `zone` is Eastern time, in which bare
    /// dates and days are read unless `ports` knows the port of entry.
    #[must_use]
    pub fn new(facts: &'a [Fact], zone: &'a Zone, ports: &'a PortZones) -> Builder<'a> {
        Builder {
            facts,
            zone,
            ports,
            spare: Vec::new(),
            last: (String::new(), When::default()),
        }
    }

    /// The fact of that name, to be set without looking it up again.
    #[must_use]
    pub fn fact_named(&self, name: &str) -> Option<FactId> {
        facts::find(self.facts, name)
    }

    /// Starts a shipment in the caller's buffers, forgetting what they held.
    pub fn begin<'b>(
        &'b mut self,
        shipment: &'b mut Shipment,
        texts: &'b mut Texts,
    ) -> Filling<'b, 'a> {
        let (mut id, lines) = (
            std::mem::take(&mut shipment.id),
            std::mem::take(&mut shipment.lines),
        );
        id.clear();
        *shipment = Shipment::cleared(id, lines, shipment.country_of_shipment);
        texts.clear();
        Filling {
            builder: self,
            shipment,
            texts,
            lines: 0,
        }
    }
}

impl Filling<'_, '_> {
    /// Sets a field. `line` counts from 0 and is not read for a field of the shipment. Text is
    /// trimmed; empty text is the same as absence. A field of the shipment may be set again to the
    /// same text, as CSV rows do.
    ///
    /// # Errors
    /// The value cannot be read, differs from what was set before, or there are too many lines.
    #[inline]
    pub fn set(&mut self, field: FieldId, line: usize, text: &str) -> Result<(), BadField> {
        let text = trim(text);
        if text.is_empty() {
            return Ok(());
        }
        if field.get().level == Level::Line {
            self.line(line)?;
        }
        if let Some(before) = self.texts.at(field, line) {
            return self.again(field, line, before == text, text);
        }
        match self.read(field, line, text) {
            Ok(read::Keep::AsIs) => self.texts.keep(field, line, text),
            Ok(read::Keep::Folded) => self.texts.keep(field, line, &folded(text)),
            Err(reason) => return Err(bad(field, line, text, reason)),
        }
        Ok(())
    }

    /// Sets a field only where nothing was set: constants and catalogs.
    ///
    /// # Errors
    /// As [`Filling::set`].
    pub fn fill(&mut self, field: FieldId, line: usize, text: &str) -> Result<bool, BadField> {
        if self.texts.at(field, line).is_some() {
            return Ok(false);
        }
        self.set(field, line, text).map(|()| true)
    }

    #[cold]
    fn again(&self, field: FieldId, line: usize, same: bool, text: &str) -> Result<(), BadField> {
        if field.is_line() {
            return Err(bad(field, line, text, Reason::GivenTwice));
        }
        // A value with a line break was kept with a space in its place.
        if same || self.texts.at(field, line) == Some(folded(text).as_str()) {
            return Ok(());
        }
        Err(bad(field, line, text, Reason::Disagrees))
    }

    /// Sets a line's answer to the fact of that name.
    ///
    /// # Errors
    /// No such fact, or not an answer of its type.
    pub fn fact(&mut self, name: &str, line: usize, text: &str) -> Result<(), BadField> {
        match self.builder.fact_named(name) {
            Some(fact) => self.set_fact(fact, line, text),
            None => Err(BadField {
                field: Cow::Owned(format!("facts.{}", shown(name))),
                line: Some(line),
                value: shown(text),
                reason: Reason::UnknownFact,
            }),
        }
    }

    /// Sets a line's answer to a fact.
    ///
    /// # Errors
    /// Not an answer of the fact's type, or given before.
    pub fn set_fact(&mut self, fact: FactId, line: usize, text: &str) -> Result<(), BadField> {
        let text = trim(text);
        if text.is_empty() {
            return Ok(());
        }
        self.line(line)?;
        let refuse = |reason, facts: &[Fact]| BadField {
            field: Cow::Owned(format!(
                "facts.{}",
                facts.get(fact.0 as usize).map_or("", |fact| &fact.name)
            )),
            line: Some(line),
            value: shown(text),
            reason,
        };
        let Some(spec) = self.builder.facts.get(fact.0 as usize) else {
            return Err(refuse(Reason::UnknownFact, self.builder.facts));
        };
        if text.len() > MAX_FACT {
            return Err(refuse(Reason::TooLong(MAX_FACT as u16), self.builder.facts));
        }
        if text.chars().any(char::is_control) {
            return Err(refuse(Reason::Control, self.builder.facts));
        }
        let value = spec
            .read(text)
            .map_err(|error| refuse(Reason::Fact(error), self.builder.facts))?;
        let answers = &mut self.shipment.lines[line].facts;
        match answers.binary_search_by(|(known, _)| known.cmp(&fact)) {
            Ok(_) => return Err(refuse(Reason::GivenTwice, self.builder.facts)),
            Err(at) => answers.insert(at, (fact, value)),
        }
        self.texts.keep_fact(fact, line, text);
        Ok(())
    }

    /// Sets a fact only where nothing was set.
    ///
    /// # Errors
    /// As [`Filling::set_fact`].
    pub fn fill_fact(&mut self, fact: FactId, line: usize, text: &str) -> Result<bool, BadField> {
        if self.texts.fact(fact, line).is_some() {
            return Ok(false);
        }
        self.set_fact(fact, line, text).map(|()| true)
    }

    /// Makes line `line` exist, counted from 0, even if nothing is set in it.
    ///
    /// # Errors
    /// More than 999 lines.
    pub fn line(&mut self, line: usize) -> Result<(), BadField> {
        if line < self.lines {
            return Ok(());
        }
        if line >= MAX_LINES {
            return Err(BadField {
                field: Cow::Borrowed("lines"),
                line: None,
                value: String::new(),
                reason: Reason::TooManyLines,
            });
        }
        while self.lines <= line {
            match self.shipment.lines.get_mut(self.lines) {
                Some(old) => clear_line(old),
                None => {
                    let mut spare = self.builder.spare.pop().unwrap_or_else(empty_line);
                    clear_line(&mut spare);
                    self.shipment.lines.push(spare);
                }
            }
            self.lines += 1;
        }
        self.texts.add_lines(line);
        Ok(())
    }

    /// The fact of that name.
    #[must_use]
    pub fn fact_named(&self, name: &str) -> Option<FactId> {
        self.builder.fact_named(name)
    }

    /// The name of a fact; empty for an id from outside the rulebook.
    #[must_use]
    pub fn fact_name(&self, fact: FactId) -> &str {
        self.builder
            .facts
            .get(fact.0 as usize)
            .map_or("", |fact| &fact.name)
    }

    /// How many lines there are so far.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines
    }

    /// What was set so far.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        self.texts
    }

    /// Notes that the catalog filled in something of line `line`.
    pub fn mark_catalog(&mut self, line: usize) {
        self.texts.mark_catalog(line);
    }

    /// Notes that a field was filled in by the installation's defaults.
    pub fn mark_filled(&mut self, field: FieldId, line: usize) {
        self.texts.mark_filled(field, line);
    }
}

#[cfg(test)]
mod tests;
