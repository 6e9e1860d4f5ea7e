//! The JSON form of a message: an array of `{record, section, fields}`, and what else is needed to
//! get every byte back (`raw`, `raw_hex`, `ending`).
//!
//! A record whose bytes follow from its fields has `fields` alone. Any other has its bytes too,
//! and then they decide; fields that say something else than the bytes are refused.

use super::layout::{RecordLayout, application, layout};
use super::message::{Context, Ending, Line, Message};
use super::record::{FieldError, Record, text};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// One record for JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonRecord {
    /// Control identifier, or the first columns of an unknown record.
    pub record: String,
    /// The section of the table; absent for an unknown record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<&'static str>,
    /// Used fields in order of columns.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub fields: Vec<(&'static str, String)>,
    /// The bytes, where the fields do not give them and they are ASCII text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The bytes in hexadecimal, where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_hex: Option<String>,
    /// `crlf` or `none`; absent for a line feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<&'static str>,
}

fn as_map<S: Serializer>(fields: &[(&str, String)], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(fields.len()))?;
    for (name, value) in fields {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// A record of JSON that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("record {number} of the array: {error}")]
pub struct JsonError {
    /// Its place in the array, from 1; 0 for the array itself.
    pub number: usize,
    /// What is wrong with it.
    #[serde(flatten)]
    pub error: FieldError,
}

/// A message as records for JSON.
pub fn to_json(message: &Message) -> Vec<JsonRecord> {
    message.lines.iter().map(json_record).collect()
}

fn json_record(line: &Line) -> JsonRecord {
    let fields = line
        .layout()
        .map_or(Vec::new(), |layout| used(layout, line.bytes()));
    let made = line.layout().and_then(|layout| make(layout, &fields).ok());
    let needed = made.is_none_or(|made| made.as_bytes() != line.bytes());
    let bytes = line.bytes();
    let readable = bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    let hex = || bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    JsonRecord {
        record: line.tag().into_owned(),
        section: line.layout().map(|it| it.section),
        fields,
        raw: (needed && readable).then(|| String::from_utf8_lossy(bytes).into_owned()),
        raw_hex: (needed && !readable).then(hex),
        ending: match line.ending() {
            Ending::Lf => None,
            Ending::CrLf => Some("crlf"),
            Ending::None => Some("none"),
        },
    }
}

/// The used fields of a record that are text.
fn used(layout: &'static RecordLayout, bytes: &[u8]) -> Vec<(&'static str, String)> {
    let fields = layout.fields.iter().filter_map(|field| {
        let text = text(layout, field, bytes).ok()?;
        (!text.is_empty()).then(|| (field.name, text.to_owned()))
    });
    fields.collect()
}

fn make<T: AsRef<str>>(
    layout: &'static RecordLayout,
    fields: &[(T, String)],
) -> Result<Record, FieldError> {
    let mut record = Record::new(layout);
    for (name, value) in fields {
        record.set(name.as_ref(), value)?;
    }
    Ok(record)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    record: String,
    section: Option<String>,
    #[serde(default)]
    fields: Map<String, Value>,
    raw: Option<String>,
    raw_hex: Option<String>,
    ending: Option<String>,
}

/// A message from its JSON form. Without `section`, a record is looked up in the application that
/// is given or that the last A record names, and then among a filer's envelopes.
///
/// # Errors
/// Every record that cannot be made, with its place in the array.
pub fn from_json(
    json: &[u8],
    application_code: Option<&str>,
) -> Result<Message<'static>, Vec<JsonError>> {
    let whole = |reason: String| {
        let right = "an array of objects with record, section, fields, raw, raw_hex, ending";
        vec![JsonError {
            number: 0,
            error: refusal("", "", "", reason, right),
        }]
    };
    let records: Vec<Value> =
        serde_json::from_slice(json).map_err(|error| whole(error.to_string()))?;
    let mut context = Context::new(application_code.and_then(application));
    let mut code = application_code.map(str::to_owned);
    let (mut message, mut errors) = (Message::default(), Vec::new());
    for (place, value) in records.into_iter().enumerate() {
        let made = serde_json::from_value::<Given>(value)
            .map_err(|error| {
                let right = "an object with record, section, fields, raw, raw_hex, ending";
                refusal("", "", "", error.to_string(), right)
            })
            .and_then(|given| line(&given, code.as_deref(), &mut context));
        match made {
            Ok(line) => {
                if line.is("A") {
                    code = line
                        .get("application_identifier_code")
                        .ok()
                        .map(str::to_owned);
                }
                message.lines.push(line);
            }
            Err(error) => errors.push(JsonError {
                number: place + 1,
                error,
            }),
        }
    }
    if errors.is_empty() {
        Ok(message)
    } else {
        Err(errors)
    }
}

fn line(
    given: &Given,
    code: Option<&str>,
    context: &mut Context,
) -> Result<Line<'static>, FieldError> {
    let ending = match given.ending.as_deref() {
        None | Some("lf") => Ending::Lf,
        Some("crlf") => Ending::CrLf,
        Some("none") => Ending::None,
        Some(other) => {
            let reason = "no such ending".to_owned();
            return Err(refusal(
                &given.record,
                "ending",
                other,
                reason,
                "lf, crlf or none",
            ));
        }
    };
    let fields = given.fields.iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name.as_str(), text.clone())),
        Value::Number(number) if number.is_u64() => Ok((name.as_str(), number.to_string())),
        other => {
            let reason = "neither text nor a whole number".to_owned();
            Err(refusal(
                &given.record,
                name,
                &other.to_string(),
                reason,
                "text in quotes",
            ))
        }
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    if let Some(bytes) = raw(given)? {
        let found = context.layout(&bytes);
        let agrees = |layout: &'static RecordLayout| {
            let there = used(layout, &bytes);
            let same = |(name, value): &(&str, String)| {
                there
                    .iter()
                    .any(|(known, text)| known == name && text == value)
            };
            fields.iter().all(same)
        };
        if fields.is_empty() || found.is_some_and(agrees) {
            return Ok(Line::of_bytes(bytes, ending, found));
        }
        let reason = "the fields say something else than the bytes".to_owned();
        return Err(refusal(
            &given.record,
            "fields",
            "",
            reason,
            "the bytes, or the fields",
        ));
    }
    let section = given.section.as_deref();
    let known = match section {
        Some(section) => layout(section, &given.record),
        None => code
            .and_then(|code| layout(code, &given.record))
            .or_else(|| layout("IN", &given.record)),
    };
    let Some(known) = known else {
        let reason = "no such record in that section or application".to_owned();
        let right = "a record of the tables, or its bytes in raw";
        return Err(refusal(
            &given.record,
            "record",
            &given.record,
            reason,
            right,
        ));
    };
    let made = make(known, &fields)?;
    context.layout(made.as_bytes());
    Ok(Line::of_bytes(
        made.as_bytes().to_vec(),
        ending,
        Some(known),
    ))
}

fn raw(given: &Given) -> Result<Option<Vec<u8>>, FieldError> {
    let wrong = |value: &str, reason: &str, right: &str| {
        Err(refusal(
            &given.record,
            "raw",
            value,
            reason.to_owned(),
            right,
        ))
    };
    match (&given.raw, &given.raw_hex) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => wrong("", "raw and raw_hex are both given", "one of the two"),
        (Some(text), None) if text.contains('\n') => wrong(
            text,
            "a line feed inside a record",
            "the line feed as its ending",
        ),
        (Some(text), None) => Ok(Some(text.clone().into_bytes())),
        (None, Some(hex)) => {
            let pairs = hex.as_bytes().chunks(2).map(|pair| {
                let pair = std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?;
                u8::from_str_radix(pair, 16)
                    .ok()
                    .filter(|byte| *byte != b'\n')
            });
            match pairs.collect::<Option<Vec<u8>>>() {
                Some(bytes) => Ok(Some(bytes)),
                None => wrong(hex, "not hexadecimal, or a line feed", "two digits a byte"),
            }
        }
    }
}

fn refusal(record: &str, field: &str, value: &str, reason: String, right: &str) -> FieldError {
    FieldError {
        record: record.to_owned(),
        start: 0,
        end: 0,
        field: field.to_owned(),
        value: value.to_owned(),
        reason,
        right: right.to_owned(),
    }
}
