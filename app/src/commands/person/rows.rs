//! Reads a file of people; a row that cannot be read is refused alone.

use super::columns::{Columns, FIELDS};
use crate::commands::CommandError;
use crate::read::{MAX_FIELD, Reject, RejectReason};
use csv::{ByteRecord, ReaderBuilder, Trim};
use deminimis_person::matching::Row;
use flate2::read::MultiGzDecoder;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest id, in bytes.
const LONGEST_ID: usize = 256;

/// One row: the text of each of [`FIELDS`].
pub struct Person([String; FIELDS.len()]);

impl Person {
    pub fn row(&self) -> Row<'_> {
        let [id, party @ ..] = &self.0;
        row_of(id, party)
    }

    pub fn id(&self) -> &str {
        &self.0[0]
    }
}

/// A row of the eight texts of a party: name, street, city, state, postal code, country, e-mail
/// address, telephone number.
pub fn row_of<'a>(id: &'a str, party: &'a [String; 8]) -> Row<'a> {
    let [
        name,
        street,
        city,
        state,
        postal_code,
        country,
        email,
        phone,
    ] = party;
    Row {
        id,
        name,
        street,
        city,
        state,
        postal_code,
        country,
        email,
        phone,
    }
}

/// What a file holds.
pub struct People {
    /// The rows that are compared.
    pub rows: Vec<Person>,
    /// Those that are not.
    pub refused: Vec<Reject>,
    /// Columns that no part of a person has.
    pub passed_over: Vec<String>,
}

/// Reads a file of people.
pub fn read(path: &Path, maps: &[String]) -> Result<People, CommandError> {
    let name = path.display().to_string();
    let bytes = bytes(path)
        .map_err(|error| io::Error::new(error.kind(), format!("cannot read {name}: {error}")))?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if text.starts_with(b"PK\x03\x04") {
        let why = format!("{name} is a spreadsheet or archive; save the sheet as CSV");
        return Err(CommandError::Usage(why));
    }
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text);
    let failure = |error: csv::Error| CommandError::Io(error.into());
    let header = reader.byte_headers().map_err(failure)?.clone();
    if header.is_empty() {
        return Err(CommandError::Refused(format!("{name} is empty")));
    }
    let names: Vec<String> = header
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).into_owned())
        .collect();
    let columns = Columns::find(&names, maps)?;
    let mut people = People {
        rows: Vec::new(),
        refused: Vec::new(),
        passed_over: Vec::new(),
    };
    let mut ids = HashSet::new();
    let mut record = ByteRecord::new();
    // The header is row 1, as a spreadsheet counts.
    let mut row = 1;
    while reader.read_byte_record(&mut record).map_err(failure)? {
        row += 1;
        match person(&record, &names, &columns, &mut ids) {
            Ok(person) => people.rows.push(person),
            Err(bad) => people.refused.push(Reject {
                file: name.clone(),
                row,
                rows: 1,
                shipment_id: bad.id,
                field: bad.field,
                line: None,
                // What a row says of a person does not go into another file.
                value: String::new(),
                reason: bad.reason,
                consignee: None,
            }),
        }
    }
    people.passed_over = columns.passed_over;
    if people.rows.is_empty() && people.refused.is_empty() {
        return Err(CommandError::Refused(format!(
            "{name} has a header and no row"
        )));
    }
    Ok(people)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(&*bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Why a row is refused.
struct Bad {
    id: Option<String>,
    field: String,
    reason: RejectReason,
}

fn person(
    record: &ByteRecord,
    names: &[String],
    columns: &Columns,
    ids: &mut HashSet<String>,
) -> Result<Person, Bad> {
    let bad = |id: Option<&str>, field: &str, reason| Bad {
        id: id.filter(|id| !id.is_empty()).map(str::to_owned),
        field: field.to_owned(),
        reason,
    };
    if record.len() != names.len() {
        let reason = RejectReason::FieldCount {
            expected: names.len(),
            found: record.len(),
            quote: record.iter().any(|cell| cell.contains(&b'\n')),
        };
        return Err(bad(None, "", reason));
    }
    let mut texts: [String; FIELDS.len()] = Default::default();
    for (text, part) in texts.iter_mut().zip(&columns.parts) {
        for (index, prefix) in &part.columns {
            let cell = record.get(*index).unwrap_or_default();
            let column = &names[*index];
            if cell.len() > MAX_FIELD {
                return Err(bad(None, column, RejectReason::FieldTooBig));
            }
            let cell =
                str::from_utf8(cell).map_err(|_| bad(None, column, RejectReason::NotUtf8))?;
            let cell = cell.strip_prefix(prefix.as_str()).unwrap_or(cell);
            if !text.is_empty() && !cell.is_empty() {
                text.push(' ');
            }
            text.push_str(cell);
        }
        if text.is_empty() {
            text.clone_from(&part.constant);
        }
    }
    let person = Person(texts);
    let id = person.id();
    let rule = |words: &str| RejectReason::Rule(words.to_owned());
    if id.is_empty() {
        return Err(bad(
            None,
            "id",
            rule("is empty; each row needs an id of its own"),
        ));
    }
    if id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        let why = "is longer than 256 bytes or holds control characters";
        return Err(bad(None, "id", rule(why)));
    }
    if ids.contains(id) {
        return Err(bad(
            Some(id),
            "id",
            rule("stands earlier already; the first row stands"),
        ));
    }
    let check = person.row().check();
    check.map_err(|error| bad(Some(id), "", rule(&error.to_string())))?;
    ids.insert(id.to_owned());
    Ok(person)
}
