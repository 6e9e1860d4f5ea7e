//! A message in plain words: one line a record, with its fields, and what CBP's codes mean.

use super::dictionary;
use super::layout::{Class, FieldLayout, edition, layout};
use super::message::{Line, Message};
use super::{lint, table};
use serde::Serialize;
use std::fmt::Write;

const CODES: &str = include_str!("../../../layouts/codes.csv");

/// One record in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Number of the line in the message, from 1.
    pub record_number: usize,
    /// Control identifier.
    pub record: String,
    /// Its used fields in order of columns: name in words, and value with its decimal point or as
    /// a date.
    pub fields: Vec<(String, String)>,
    /// The columns as they came, for a record that the table does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// What its codes mean, and which field a rejection points at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<String>,
}

/// A whole message in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The tables it was read by.
    pub edition: super::Edition,
    /// Its records.
    pub records: Vec<Explained>,
    /// What a reader must know about the tables.
    pub notes: Vec<String>,
}

/// Says a message in words.
pub fn explain(message: &Message) -> Explanation {
    let mut about = None;
    let mut records = Vec::with_capacity(message.lines.len());
    for (place, line) in message.lines.iter().enumerate() {
        if line.is("E0") || line.is("X0") {
            about = Some(place);
        }
        records.push(record(place, line, about.map(|it| &message.lines[it])));
    }
    Explanation {
        edition: edition(),
        records,
        notes: lint::notes(message),
    }
}

/// The explanation as lines of text.
pub fn text(explanation: &Explanation) -> String {
    let mut out = String::new();
    for record in &explanation.records {
        let fields = record
            .fields
            .iter()
            .map(|(name, value)| format!("{name} {value}"));
        let mut says: Vec<String> = fields.collect();
        says.extend(
            record
                .raw
                .iter()
                .map(|raw| format!("not in the table: {raw}")),
        );
        let said = says.join(" · ");
        // Writing to a String does not fail.
        let _ = writeln!(
            out,
            "{:>5}  {:<4}  {said}",
            record.record_number, record.record
        );
        for means in &record.means {
            let _ = writeln!(out, "{:13}= {means}", "");
        }
    }
    for note in &explanation.notes {
        let _ = writeln!(out, "note: {note}");
    }
    out
}

fn record(place: usize, line: &Line, about: Option<&Line>) -> Explained {
    let mut explained = Explained {
        record_number: place + 1,
        record: line.tag().into_owned(),
        fields: Vec::new(),
        raw: None,
        means: Vec::new(),
    };
    let Some(layout) = line.layout() else {
        explained.raw = Some(line.bytes().escape_ascii().to_string());
        return explained;
    };
    for field in &layout.fields {
        let text = match line.get(field.name) {
            Ok("") => continue,
            Ok(text) => text.to_owned(),
            Err(error) => error.value,
        };
        if let Some(meaning) = meaning(layout.section, layout.record, field.name, &text) {
            explained
                .means
                .push(format!("{} {text}: {meaning}", field.words()));
        }
        let value = match field.name {
            // The password opens the filer's account; an explanation is passed on.
            "communication_password" => "(not shown)".to_owned(),
            _ => shown(field, &text),
        };
        explained.fields.push((field.words(), value));
    }
    if matches!(layout.record, "E1" | "X1") {
        condition(line, about, &mut explained.means);
    }
    if layout.record == "SE90"
        && line
            .get("message_identifier_code")
            .is_ok_and(|it| !it.is_empty())
    {
        let what = "CBP's list of release conditions is not in hand; its text stands in the record";
        explained.means.push(what.to_owned());
    }
    explained
}

/// What a code of an answer means.
pub fn meaning(section: &str, record: &str, field: &str, code: &str) -> Option<&'static str> {
    let rows = table::rows::<6>("codes", CODES).filter_map(Result::ok);
    let mut same = rows.filter(|row| row[..4] == [section, record, field, code]);
    same.next().map(|row| row[5])
}

/// The dictionary's words about the condition of an answer, and the field it points at.
fn condition(line: &Line, about: Option<&Line>, means: &mut Vec<String>) {
    let code = line.get("condition_code").unwrap_or_default();
    let narrative = line.get("narrative_text").unwrap_or_default();
    let of_code = dictionary::conditions(code);
    // A code with several meanings is told apart by the text of the answer.
    let mut says: Vec<_> = of_code.iter().filter(|it| it.text == narrative).collect();
    if says.is_empty() {
        says = of_code.iter().collect();
    }
    if says.is_empty() && !code.is_empty() {
        means.push(format!(
            "condition {code} is not in the dictionary ({})",
            line.tag()
        ));
    }
    for condition in says {
        let mut text = format!("{code} {}", condition.text);
        if !condition.explanation.is_empty() {
            text = format!("{text}: {}", condition.explanation);
        }
        means.push(text);
        if let Some(points) = points_at(condition) {
            means.push(points);
        }
    }
    if let Some(about) = about {
        let kind = about.get("reference_data_type_code").unwrap_or_default();
        let which = about.get("reference_data_text").unwrap_or_default();
        let section = about.layout().map_or("", |it| it.section);
        let record = about.layout().map_or("", |it| it.record);
        let words = meaning(section, record, "reference_data_type_code", kind).unwrap_or(kind);
        means.push(format!("about {words}: {which}"));
    }
}

/// The field that a condition's columns are in: `points at record 50 columns 14-23: duty amount`.
fn points_at(condition: &dictionary::Condition) -> Option<String> {
    let (start, end) = condition.columns?;
    let record = layout("AE", &condition.record).or_else(|| layout("IN", &condition.record))?;
    let overlaps = |field: &&FieldLayout| field.start <= end && start <= field.end;
    let fields: Vec<String> = record
        .fields
        .iter()
        .filter(overlaps)
        .map(FieldLayout::words)
        .collect();
    let names = fields.join(", ");
    Some(format!(
        "points at record {} columns {start}-{end}: {names}",
        condition.record
    ))
}

/// A value for a person: implied decimals get their point, dates their year first.
fn shown(field: &FieldLayout, text: &str) -> String {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    if field.class == Class::D && digits && text.len() == 6 {
        return format!("20{}-{}-{}", &text[4..], &text[..2], &text[2..4]);
    }
    let decimals = usize::from(field.decimals);
    if decimals > 0 && digits {
        let width = decimals + 1;
        let padded = format!("{:0>width$}", text.trim_start_matches('0'));
        let (whole, part) = padded.split_at(padded.len() - decimals);
        return format!("{whole}.{part}");
    }
    text.to_owned()
}
