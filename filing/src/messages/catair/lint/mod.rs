//! Judges a message: columns, classes, fillers, order, repeats, envelope, conditions and sums.
//!
//! What follows from a record's columns or from a guide's sentence about fields is read from the
//! tables; only what counts or adds over several records is written here in code. What needs
//! CBP's own files (a known importer, an open port, a rate) is not judged. Nothing is changed.

mod columns;
pub(super) mod conditions;
mod entry;
mod envelope;
pub(super) mod order;
mod release;

use super::dictionary;
use super::layout::{Confidence, Direction, FieldLayout, edition, section};
use super::message::{Line, Message};
use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// CBP would refuse the record or the message.
    Error,
    /// It may be right; a person should look.
    Warning,
}

/// One thing that is not right in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Number of the line in the message, from 1.
    pub record_number: usize,
    /// Control identifier of the record.
    pub record: String,
    /// First column, from 1.
    pub start: usize,
    /// Last column.
    pub end: usize,
    /// The field, where the finding is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// What stands there.
    pub value: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub reason: String,
    /// What would be right.
    pub right: String,
    /// CBP's condition code, where the dictionary has one for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The code's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'static str>,
    /// Guide and page.
    pub source: &'static str,
    /// Whether the record's columns are known from one source only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub single_source: bool,
}

/// What lint says of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The tables it was judged by.
    pub edition: super::Edition,
    /// Number of records.
    pub records: usize,
    /// The findings, in the order of records and columns.
    pub findings: Vec<Finding>,
    /// What was not judged, and why.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether CBP would refuse something in it.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|it| it.severity == Severity::Error)
    }
}

/// Judges each record of a message by itself: columns, classes, fillers, mandatory fields.
pub fn lint_records(message: &Message) -> Report {
    let mut found = Found {
        message,
        findings: Vec::new(),
    };
    columns::judge(&mut found);
    report(message, found.findings)
}

/// Judges a message or a part of one.
pub fn lint(message: &Message) -> Report {
    let mut found = Found {
        message,
        findings: Vec::new(),
    };
    columns::judge(&mut found);
    envelope::judge(&mut found);
    for batch in message.batches() {
        let Some(application) = message.application_of(&batch) else {
            continue;
        };
        for transaction in batch.blocks.iter().flat_map(|block| &block.transactions) {
            order::judge(&mut found, application, transaction.clone());
            conditions::judge(&mut found, application, transaction.clone());
            match application.application {
                "AE" => entry::judge(&mut found, transaction.clone()),
                "SE" => release::judge(&mut found, transaction.clone(), batch.header),
                _ => {}
            }
        }
    }
    report(message, found.findings)
}

fn report(message: &Message, mut findings: Vec<Finding>) -> Report {
    let place = |it: &Finding| (it.record_number, it.start, it.end, it.severity);
    findings.sort_by_key(place);
    Report {
        edition: edition(),
        records: message.lines.len(),
        findings,
        notes: notes(message),
    }
}

/// What a reader must know about the tables behind the findings.
pub(super) fn notes(message: &Message) -> Vec<String> {
    let mut notes = Vec::new();
    let layouts = || message.lines.iter().filter_map(Line::layout);
    if layouts().any(|it| it.confidence == Confidence::Single) {
        let guide = section("SO").map_or("", |it| it.guide);
        notes.push(format!(
            "SO records are known from a single source: {guide}"
        ));
    }
    if layouts().any(|it| it.unsplit()) {
        let what = "record 54 has twelve sub-layouts that the table does not split: columns 5-80";
        notes.push(format!(
            "{what} are read as text and only their characters are judged"
        ));
    }
    let types = message
        .lines
        .iter()
        .filter(|it| it.is("SE10") || it.is("SO10"));
    if types
        .into_iter()
        .any(|it| it.get("entry_type_code") == Ok("86"))
    {
        notes.push(TYPE_86.to_owned());
    }
    notes
}

/// Since when a type that the guide still lists is refused: a fact about the guide's list.
const TYPE_86: &str = "entry type 86 can be read but not filed: ACE has refused it since \
     2025-08-29 00:01 Eastern, and its test ended on 2026-06-24 (91 FR 37789); \
     SE v40 of 2025-07-01 still lists it";

/// The day of that end: year, then month and day, as a date of transmission has them.
const TYPE_86_END: (&str, &str) = ("25", "0829");

/// The message and what has been found in it.
pub(super) struct Found<'m> {
    pub message: &'m Message<'m>,
    pub findings: Vec<Finding>,
}

impl<'m> Found<'m> {
    /// A line by its place from 0.
    pub fn line(&self, place: usize) -> &'m Line<'m> {
        &self.message.lines[place]
    }

    /// A field's text; empty where it cannot be read, which `columns` has said.
    pub fn text(&self, place: usize, field: &str) -> &'m str {
        self.line(place).get(field).unwrap_or_default()
    }

    /// A field as a whole number; `None` where it is not used or not a number.
    pub fn number(&self, place: usize, field: &str) -> Option<u64> {
        self.text(place, field).parse().ok()
    }

    /// Adds a finding about columns of a record.
    pub fn add(
        &mut self,
        place: usize,
        columns: (usize, usize),
        reason: impl Into<String>,
        right: impl Into<String>,
        code: &str,
    ) -> &mut Finding {
        let line = self.line(place);
        let until = columns.1.min(line.bytes().len());
        let value = line.bytes().get(columns.0 - 1..until).unwrap_or(&[]);
        let layout = line.layout();
        // The password opens the filer's account; a report is passed on.
        let secret = layout.and_then(|it| it.field("communication_password"));
        let hidden = secret.is_some_and(|it| it.start <= columns.1 && columns.0 <= it.end);
        let value = match hidden {
            true => "(not shown)".to_owned(),
            false => value.escape_ascii().to_string(),
        };
        let condition = dictionary::conditions(code)
            .first()
            .filter(|_| !code.is_empty());
        self.findings.push(Finding {
            record_number: place + 1,
            record: line.tag().into_owned(),
            start: columns.0,
            end: columns.1,
            field: None,
            value,
            severity: Severity::Error,
            reason: reason.into(),
            right: right.into(),
            code: condition.map(|it| it.code.as_str()),
            text: condition.map(|it| it.text.as_str()),
            source: layout.map_or("", |it| it.source),
            single_source: layout.is_some_and(|it| it.confidence == Confidence::Single),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Adds a finding about a field.
    pub fn add_field(
        &mut self,
        place: usize,
        field: &'static FieldLayout,
        reason: impl Into<String>,
        right: impl Into<String>,
        code: &str,
    ) -> &mut Finding {
        let finding = self.add(place, (field.start, field.end), reason, right, code);
        finding.field = Some(field.name);
        finding.source = field.source;
        finding
    }

    /// Adds a finding about the field of that name, which the record's table has.
    pub fn add_named(
        &mut self,
        place: usize,
        field: &str,
        reason: impl Into<String>,
        right: impl Into<String>,
        code: &str,
    ) {
        if let Some(field) = self.line(place).layout().and_then(|it| it.field(field)) {
            self.add_field(place, field, reason, right, code);
        }
    }

    /// Whether the records of that section are written by CBP, so that nobody here can mend them.
    pub fn written_by_cbp(&self, place: usize) -> bool {
        let line = self.line(place);
        let section = line.layout().map_or("", |it| it.section);
        let application = super::application(section);
        application.is_some_and(|it| it.direction == Direction::Out)
            || matches!(section, "OUT" | "ACE")
            || line.is("SE90")
    }

    /// Whether line `place` is that record.
    pub fn is(&self, place: usize, record: &str) -> bool {
        self.line(place).is(record)
    }
}
