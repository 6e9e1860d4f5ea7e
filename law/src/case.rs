//! Cases: shipments and what the law says of them, as data beside the law.
//!
//! A case is kept as text under contract field names; running it is the assessment's.

use crate::error::LawError;
use crate::table::{Table, Written};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::DeValue;

/// A value of a case as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseValue {
    /// Text, a truth value, a whole number or a date, as text.
    Text(String),
    /// A list.
    List(Vec<CaseValue>),
    /// A table in the order of its keys.
    Table(Vec<(String, CaseValue)>),
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// The instrument it stands with, if it stands in an instrument's file.
    pub instrument: Option<String>,
    /// What it shows.
    pub why: String,
    /// The official example it restates.
    pub source: String,
    /// The law known then, instead of all law in the rulebook.
    pub known_at: Option<Written>,
    /// What the case will also show once it is built.
    pub pending: String,
    /// The shipments: field and value.
    pub given: Vec<Vec<(String, CaseValue)>>,
    /// What is expected of each: field and value.
    pub expect: Vec<Vec<(String, CaseValue)>>,
}

/// A named shipment that cases vary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<(String, CaseValue)>,
}

impl Case {
    pub(crate) fn read(
        table: &Table<'_>,
        instrument: Option<&str>,
        line: u32,
    ) -> Result<Case, LawError> {
        let text = |field| {
            table
                .text(field)
                .map(|text| text.unwrap_or_default().to_owned())
        };
        let case = Case {
            file: table.source.file.path.clone(),
            line,
            instrument: instrument.map(str::to_owned),
            why: table.need_text("why")?,
            source: text("source")?,
            known_at: table.when("known_at")?,
            pending: text("pending")?,
            given: rows(table, "given")?,
            expect: rows(table, "expect")?,
        };
        if case.given.len() != case.expect.len() {
            return Err(table.error("expect", "needs one entry for each shipment of given"));
        }
        if case.expect.iter().any(Vec::is_empty) {
            return Err(table.error("expect", "an entry that expects nothing cannot fail"));
        }
        table.finish()?;
        Ok(case)
    }
}

impl Model {
    pub(crate) fn read(table: &Table<'_>) -> Result<Model, LawError> {
        let name = table.need_text("name")?;
        let mut fields = Vec::new();
        for key in table.keys().filter(|key| *key != "name") {
            fields.push((key.to_owned(), value(table, key)?));
        }
        table.finish()?;
        Ok(Model { name, fields })
    }
}

fn rows<'a>(table: &Table<'a>, field: &'a str) -> Result<Vec<Vec<(String, CaseValue)>>, LawError> {
    let rows = table.tables(field)?;
    if rows.is_empty() {
        return Err(table.missing(field));
    }
    rows.iter()
        .map(|row| {
            row.keys()
                .map(|key| Ok((key.to_owned(), value(row, key)?)))
                .collect()
        })
        .collect()
}

fn value<'a>(table: &Table<'a>, key: &'a str) -> Result<CaseValue, LawError> {
    let value = table.value(key).ok_or_else(|| table.missing(key))?;
    convert(value).ok_or_else(|| table.error(key, "cannot stand in a case"))
}

fn convert(value: &Spanned<DeValue<'_>>) -> Option<CaseValue> {
    Some(match value.get_ref() {
        DeValue::String(text) => CaseValue::Text(text.to_string()),
        DeValue::Integer(number) => CaseValue::Text(number.to_string()),
        DeValue::Boolean(truth) => CaseValue::Text(truth.to_string()),
        DeValue::Datetime(date) => CaseValue::Text(date.to_string()),
        DeValue::Float(_) => return None,
        DeValue::Array(items) => CaseValue::List(items.iter().map(convert).collect::<Option<_>>()?),
        DeValue::Table(entries) => CaseValue::Table(
            entries
                .iter()
                .map(|(key, value)| Some((key.get_ref().to_string(), convert(value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
