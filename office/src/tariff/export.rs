//! Reads the official export of the schedule, JSON or CSV, plain or packed, as it comes: with
//! marks of HTML, numbers without rows, and indents as text.
//! It must not repair numbers: an export that went through a spreadsheet is refused as a whole.

use deminimis_tariff::rate::plain;
use deminimis_tariff::{Number, NumberError};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::io::{self, Read};

/// An export is 14 MB today; what is ten times that is none.
pub const MOST_BYTES: u64 = 160 << 20;
/// Chapters of the schedule: 1 to 99 without 77.
const CHAPTERS: usize = 98;

/// One row of an export, cleaned: no marks of HTML, each run of blanks as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// How deep it stands.
    pub indent: u8,
    /// The number; none for a row that only groups others.
    pub number: Option<Number>,
    /// What it says.
    pub description: String,
    /// Units of quantity, joined by `|`.
    pub units: String,
    /// The general rate.
    pub general: String,
    /// The special rates.
    pub special: String,
    /// The rate of column 2.
    pub column_2: String,
    /// Footnotes, joined by blanks.
    pub footnotes: String,
}

/// An export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// Its rows in its order.
    pub rows: Vec<Row>,
    /// Whether its form has footnotes at all. That of CSV has none.
    pub has_footnotes: bool,
}

/// Why an export is refused.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is larger than any export.
    #[error("more than {} MB; no export of the schedule is so large", MOST_BYTES >> 20)]
    TooLarge,
    /// Neither of the official forms.
    #[error("not an export of the schedule: {0}")]
    Form(String),
    /// A cell is not what it should be.
    #[error("row {row}: {why}")]
    Cell {
        /// Counted from 1, without a heading.
        row: usize,
        /// What is wrong.
        why: String,
    },
    /// Numbers have lost zeros.
    #[error(
        "this copy went through a spreadsheet: {count} numbers have lost zeros, the first is \
         `{first}` in row {row}; take the export from the USITC again and do not open it in a \
         spreadsheet"
    )]
    Spreadsheet {
        /// How many numbers show it.
        count: usize,
        /// The first of them.
        first: String,
        /// Its row.
        row: usize,
    },
    /// Something is missing.
    #[error("the export is not whole: {0}")]
    NotWhole(String),
}

/// A row of the JSON form. Fields that the export misspells or that nobody reads are left out.
#[derive(Deserialize)]
struct JsonRow {
    htsno: Option<String>,
    indent: Option<String>,
    description: Option<String>,
    units: Option<Vec<String>>,
    general: Option<String>,
    special: Option<String>,
    other: Option<String>,
    footnotes: Option<Vec<JsonFootnote>>,
}

#[derive(Deserialize)]
struct JsonFootnote {
    value: Option<String>,
}

/// A row as it stands in the file.
#[derive(Default)]
struct Raw {
    number: String,
    indent: String,
    description: String,
    units: Vec<String>,
    rates: [String; 3],
    footnotes: Vec<String>,
}

/// Unpacks an export if it is packed.
pub fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, ExportError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut whole = Vec::new();
    let mut unpacking = MultiGzDecoder::new(bytes.as_slice()).take(MOST_BYTES + 1);
    unpacking.read_to_end(&mut whole)?;
    if whole.len() as u64 > MOST_BYTES {
        return Err(ExportError::TooLarge);
    }
    Ok(whole)
}

/// Reads an export.
///
/// # Errors
/// Why it is refused. Nothing of a refused export is used.
pub fn read(bytes: &[u8]) -> Result<Export, ExportError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let (raw, has_footnotes) = match first {
        Some(b'[') => (json(text)?, true),
        Some(_) => (csv(text)?, false),
        None => return Err(ExportError::Form("it is empty".to_owned())),
    };
    let mut rows = Vec::with_capacity(raw.len());
    let mut lost = Vec::new();
    for (at, raw) in raw.into_iter().enumerate() {
        match row(&raw) {
            Ok(row) => rows.push(row),
            Err(Bad::Lost) => lost.push((at + 1, raw.number)),
            Err(Bad::Cell(why)) => return Err(ExportError::Cell { row: at + 1, why }),
        }
    }
    if let Some((row, first)) = lost.first() {
        return Err(ExportError::Spreadsheet {
            count: lost.len(),
            first: first.clone(),
            row: *row,
        });
    }
    Ok(Export {
        rows,
        has_footnotes,
    })
}

impl Export {
    /// Refuses an export that lacks chapters or has a number twice, so that goods are not taken for
    /// unknown because their rows were cut off.
    pub fn check_whole(&self) -> Result<(), ExportError> {
        let numbers = || self.rows.iter().filter_map(|row| row.number);
        let mut seen = HashSet::new();
        if let Some(twice) = numbers().find(|number| !seen.insert(*number)) {
            return Err(ExportError::NotWhole(format!("{twice} stands in it twice")));
        }
        let chapters: BTreeSet<u8> = numbers().map(Number::chapter).collect();
        if chapters.len() < CHAPTERS {
            let missing: Vec<String> = (1..=99)
                .filter(|chapter| *chapter != 77 && !chapters.contains(chapter))
                .map(|chapter| format!("{chapter:02}"))
                .collect();
            let said = match missing.len() {
                1 => format!("chapter {} is missing", missing[0]),
                2..=10 => format!("chapters {} are missing", missing.join(", ")),
                many => format!("{many} of {CHAPTERS} chapters are missing"),
            };
            return Err(ExportError::NotWhole(said));
        }
        Ok(())
    }

    /// How many numbers of ten digits there are in chapters 1 to 97.
    pub fn lines(&self) -> usize {
        let numbers = self.rows.iter().filter_map(|row| row.number);
        numbers
            .filter(|number| number.len() == 10 && number.chapter() < 98)
            .count()
    }
}

fn json(text: &[u8]) -> Result<Vec<Raw>, ExportError> {
    let rows: Vec<JsonRow> =
        serde_json::from_slice(text).map_err(|error| ExportError::Form(error.to_string()))?;
    let raw = rows.into_iter().map(|row| Raw {
        number: row.htsno.unwrap_or_default(),
        indent: row.indent.unwrap_or_default(),
        description: row.description.unwrap_or_default(),
        units: row.units.unwrap_or_default(),
        rates: [row.general, row.special, row.other].map(Option::unwrap_or_default),
        footnotes: row
            .footnotes
            .unwrap_or_default()
            .into_iter()
            .filter_map(|note| note.value)
            .collect(),
    });
    Ok(raw.collect())
}

const CSV_COLUMNS: [&str; 7] = [
    "HTS Number",
    "Indent",
    "Description",
    "Unit of Quantity",
    "General Rate of Duty",
    "Special Rate of Duty",
    "Column 2 Rate of Duty",
];

fn csv(text: &[u8]) -> Result<Vec<Raw>, ExportError> {
    let form = |error: csv::Error| ExportError::Form(error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text);
    let headings = reader.headers().map_err(form)?.clone();
    let mut places = [0; CSV_COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(CSV_COLUMNS) {
        let found = headings.iter().position(|heading| heading.trim() == column);
        *place = found.ok_or_else(|| {
            let why = format!("neither JSON rows nor a CSV with the column `{column}`");
            ExportError::Form(why)
        })?;
    }
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(form)?;
        let cell = |column: usize| record.get(places[column]).unwrap_or_default().to_owned();
        let units = cell(3);
        let units = match units.trim() {
            "" => Vec::new(),
            list => serde_json::from_str(list).map_err(|_| ExportError::Cell {
                row: at + 1,
                why: format!("units `{list}` are no list such as [\"kg\"]"),
            })?,
        };
        rows.push(Raw {
            number: cell(0),
            indent: cell(1),
            description: cell(2),
            units,
            rates: [cell(4), cell(5), cell(6)],
            footnotes: Vec::new(),
        });
    }
    Ok(rows)
}

/// What is wrong with a row.
enum Bad {
    Lost,
    Cell(String),
}

fn row(raw: &Raw) -> Result<Row, Bad> {
    let number = match raw.number.trim() {
        "" => None,
        text => Some(Number::parse(text).map_err(|error| match error {
            NumberError::LostZeros(_) => Bad::Lost,
            other => Bad::Cell(format!("number `{text}`: {other}")),
        })?),
    };
    // The indent is text, at times with a leading zero.
    let indent = raw.indent.trim();
    let indent = indent
        .parse()
        .map_err(|_| Bad::Cell(format!("indent `{indent}` is no number")))?;
    let units: Vec<String> = raw.units.iter().map(|unit| figures_low(unit)).collect();
    let units: Vec<&str> = units
        .iter()
        .map(String::as_str)
        .filter(|unit| !unit.is_empty())
        .collect();
    let footnotes: Vec<String> = raw.footnotes.iter().map(|note| plain(note)).collect();
    Ok(Row {
        indent,
        number,
        description: plain(&raw.description),
        units: units.join("|"),
        general: figures_low(&raw.rates[0]),
        special: figures_low(&raw.rates[1]),
        column_2: figures_low(&raw.rates[2]),
        footnotes: footnotes.join(" "),
    })
}

/// Plain text with the raised figures of `m²` as the schedule's other releases write them.
fn figures_low(text: &str) -> String {
    plain(text).replace('\u{b2}', "2").replace('\u{b3}', "3")
}
