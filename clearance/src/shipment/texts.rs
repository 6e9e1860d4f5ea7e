//! The text of a shipment: every value as it was given, in one buffer that the caller reuses.
//!
//! No rule of law reads text; filing, matching of persons and messages do. Values are kept trimmed,
//! with line breaks as spaces, and are found by field and line without searching.

use super::fields::{FieldId, LINE_FIELDS, Party, PartyField, SHIPMENT_FIELDS};
use deminimis_law::facts::FactId;

/// Where a value lies in the buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    len: u32,
}

/// Words of 64 bits that hold one bit for each field of a shipment.
const SHIPMENT_WORDS: usize = SHIPMENT_FIELDS.div_ceil(64);

/// Which fields of a shipment are given.
type ShipmentBits = [u64; SHIPMENT_WORDS];

/// The spans of one line; one that `given` does not name is left over from another shipment.
#[derive(Clone, Debug)]
struct LineTexts {
    given: u64,
    spans: [Span; LINE_FIELDS],
    /// Whether the catalog filled something in.
    catalog: bool,
    /// Which fields the installation's defaults filled in.
    filled: u64,
}

const _: () = assert!(
    LINE_FIELDS <= 64,
    "a line's fields have one bit each in a word"
);

/// The texts of one shipment.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    buffer: String,
    given: ShipmentBits,
    /// Which fields the installation's defaults filled in.
    filled: ShipmentBits,
    /// As in [`LineTexts`], only what `given` names is of this shipment.
    shipment: Vec<Span>,
    lines: Vec<LineTexts>,
    /// How many of `lines` are of this shipment.
    used: usize,
    /// The answers of the lines' `facts`: (line, fact, text).
    facts: Vec<(u32, FactId, Span)>,
}

/// The fields of one party, each absent or not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct PartyRef<'t> {
    pub name: Option<&'t str>,
    pub street: Option<&'t str>,
    pub city: Option<&'t str>,
    pub state: Option<&'t str>,
    pub postal_code: Option<&'t str>,
    pub country: Option<&'t str>,
    pub email: Option<&'t str>,
    pub phone: Option<&'t str>,
    pub kind: Option<&'t str>,
    pub care_of: Option<&'t str>,
}

impl PartyRef<'_> {
    /// Whether nothing of the party was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == PartyRef::default()
    }
}

impl Texts {
    /// Empty, with nothing reserved.
    #[must_use]
    pub fn new() -> Texts {
        Texts::default()
    }

    /// The text of a field of the shipment; `None` if it was not given or stands in lines.
    #[must_use]
    #[inline]
    pub fn get(&self, field: FieldId) -> Option<&str> {
        let at = field.0 as usize;
        let word = self.given.get(at / 64)?;
        if word >> (at % 64) & 1 == 0 {
            return None;
        }
        self.text(*self.shipment.get(at)?)
    }

    /// The text of a field of line `line`, counted from 0.
    #[must_use]
    #[inline]
    pub fn line(&self, field: FieldId, line: usize) -> Option<&str> {
        let column = (field.0 as usize).checked_sub(SHIPMENT_FIELDS)?;
        let line = self.lines[..self.used].get(line)?;
        if column >= LINE_FIELDS || line.given >> column & 1 == 0 {
            return None;
        }
        self.text(line.spans[column])
    }

    /// The text of a field at whichever level it stands.
    #[must_use]
    pub fn at(&self, field: FieldId, line: usize) -> Option<&str> {
        if field.is_line() {
            self.line(field, line)
        } else {
            self.get(field)
        }
    }

    /// The text of a line's answer to a fact.
    #[must_use]
    pub fn fact(&self, fact: FactId, line: usize) -> Option<&str> {
        let (.., span) = self
            .facts
            .iter()
            .find(|(at, id, _)| *at as usize == line && *id == fact)?;
        self.text(*span)
    }

    /// How many lines have text.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.used
    }

    /// A party of the shipment.
    #[must_use]
    pub fn party(&self, party: Party) -> PartyRef<'_> {
        self.party_of(party, 0)
    }

    /// The manufacturer of line `line`, counted from 0.
    #[must_use]
    pub fn manufacturer(&self, line: usize) -> PartyRef<'_> {
        self.party_of(Party::Manufacturer, line)
    }

    fn party_of(&self, party: Party, line: usize) -> PartyRef<'_> {
        let get = |field| self.at(party.field(field), line);
        PartyRef {
            name: get(PartyField::Name),
            street: get(PartyField::Street),
            city: get(PartyField::City),
            state: get(PartyField::State),
            postal_code: get(PartyField::PostalCode),
            country: get(PartyField::Country),
            email: get(PartyField::Email),
            phone: get(PartyField::Phone),
            kind: get(PartyField::Kind),
            care_of: get(PartyField::CareOf),
        }
    }

    /// Whether anything of a party of the shipment was given.
    #[must_use]
    pub fn gives(&self, party: Party) -> bool {
        let first = party.field(PartyField::Name).0;
        let last = party.field(PartyField::CareOf).0;
        (first..=last).any(|field| self.has(FieldId(field)))
    }

    /// Whether a field of the shipment was given.
    #[must_use]
    #[inline]
    pub fn has(&self, field: FieldId) -> bool {
        let at = field.0 as usize;
        self.given
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 != 0)
    }

    /// Whether the catalog filled in something of line `line`.
    #[must_use]
    pub fn from_catalog(&self, line: usize) -> bool {
        self.lines[..self.used]
            .get(line)
            .is_some_and(|line| line.catalog)
    }

    /// Notes that the catalog filled in something of line `line`.
    pub fn mark_catalog(&mut self, line: usize) {
        if let Some(line) = self.lines[..self.used].get_mut(line) {
            line.catalog = true;
        }
    }

    /// Whether a field was filled in by the installation's defaults and not said by the sender.
    #[must_use]
    pub fn is_filled(&self, field: FieldId, line: usize) -> bool {
        let at = field.0 as usize;
        match at.checked_sub(SHIPMENT_FIELDS) {
            None => self.filled[at / 64] >> (at % 64) & 1 != 0,
            Some(column) => {
                let line = self.lines[..self.used].get(line);
                line.is_some_and(|line| column < LINE_FIELDS && line.filled >> column & 1 != 0)
            }
        }
    }

    /// Notes that a field was filled in by the installation's defaults.
    pub fn mark_filled(&mut self, field: FieldId, line: usize) {
        let at = field.0 as usize;
        match at.checked_sub(SHIPMENT_FIELDS) {
            None => self.filled[at / 64] |= 1 << (at % 64),
            Some(column) => {
                if let Some(line) = self.lines[..self.used].get_mut(line)
                    && column < LINE_FIELDS
                {
                    line.filled |= 1 << column;
                }
            }
        }
    }

    /// Forgets everything and keeps the room.
    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.given = [0; SHIPMENT_WORDS];
        self.filled = [0; SHIPMENT_WORDS];
        self.shipment.resize(SHIPMENT_FIELDS, Span::default());
        self.used = 0;
        self.facts.clear();
    }

    /// Makes room for lines up to and with `line`.
    pub(super) fn add_lines(&mut self, line: usize) {
        while self.used <= line {
            match self.lines.get_mut(self.used) {
                Some(old) => (old.given, old.catalog, old.filled) = (0, false, 0),
                None => self.lines.push(LineTexts {
                    given: 0,
                    spans: [Span::default(); LINE_FIELDS],
                    catalog: false,
                    filled: 0,
                }),
            }
            self.used += 1;
        }
    }

    /// Keeps a value; its line has room.
    #[inline]
    pub(super) fn keep(&mut self, field: FieldId, line: usize, text: &str) {
        let span = self.push(text);
        let at = field.0 as usize;
        match at.checked_sub(SHIPMENT_FIELDS) {
            Some(column) => {
                if let Some(line) = self.lines.get_mut(line)
                    && column < LINE_FIELDS
                {
                    line.given |= 1 << column;
                    line.spans[column] = span;
                }
            }
            None => {
                if let Some(slot) = self.shipment.get_mut(at) {
                    *slot = span;
                    self.given[at / 64] |= 1 << (at % 64);
                }
            }
        }
    }

    /// Keeps the answer to a fact.
    pub(super) fn keep_fact(&mut self, fact: FactId, line: usize, text: &str) {
        let span = self.push(text);
        self.facts.push((line as u32, fact, span));
    }

    #[inline]
    fn push(&mut self, text: &str) -> Span {
        let start = self.buffer.len() as u32;
        self.buffer.push_str(text);
        Span {
            start,
            len: text.len() as u32,
        }
    }

    #[inline]
    fn text(&self, span: Span) -> Option<&str> {
        self.buffer
            .get(span.start as usize..span.start as usize + span.len as usize)
    }
}
