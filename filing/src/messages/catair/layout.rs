//! Which columns each record has: the table in `filing/layouts/records.csv`, looked up.
//!
//! A section holds the records of one guide's chapter; an application (`AE`, `SX`, …) reads its
//! transaction records from one or more sections and its envelope from `IN` or `OUT`.

use super::table::{self, TABLE};
use sha2::{Digest, Sha256};
use std::fmt;

/// The domain of characters a field accepts, and how it is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Capital letters; on the left, then spaces.
    A,
    /// Digits; on the right, after zeros. All spaces when not used.
    N,
    /// Digits; on the right, after spaces or zeros.
    SN,
    /// Capital letters, digits and spaces; on the left, then spaces.
    AN,
    /// A date MMDDYY.
    D,
    /// Capital letters, digits, spaces and the signs of a keyboard; on the left, then spaces.
    X,
    /// Spaces only (filler).
    S,
}

impl Class {
    /// The class as the table writes it.
    pub fn code(self) -> &'static str {
        match self {
            Class::A => "A",
            Class::N => "N",
            Class::SN => "SN",
            Class::AN => "AN",
            Class::D => "D",
            Class::X => "X",
            Class::S => "S",
        }
    }

    /// What the class accepts, for a sentence that says what would be right.
    pub fn accepts(self) -> &'static str {
        match self {
            Class::A => "capital letters A to Z",
            Class::N => "digits, right-justified after zeros",
            Class::SN => "digits, right-justified after spaces",
            Class::AN => "capital letters, digits and spaces",
            Class::D => "a date MMDDYY",
            Class::X => "capital letters, digits, spaces and the signs of a keyboard",
            Class::S => "spaces",
        }
    }
}

/// Whether a field must be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In every filing.
    Mandatory,
    /// In the filings that the guide's notes describe.
    Conditional,
    /// Where the filer has it.
    Optional,
}

/// One field of a record, or its control identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// The guide's name in snake case: `entry_filer_code`, `quantity_1`.
    pub name: &'static str,
    /// First column, from 1.
    pub start: usize,
    /// Last column, inclusive.
    pub end: usize,
    /// The characters it accepts.
    pub class: Class,
    /// Whether it must be reported.
    pub status: Status,
    /// How many of the last digits stand behind an implied decimal point (0 for all else).
    pub decimals: u8,
    /// Guide and page: `AE 2026-07 p.28`.
    pub source: &'static str,
}

impl FieldLayout {
    /// Number of columns.
    pub fn len(&self) -> usize {
        self.end + 1 - self.start
    }

    /// A field has at least one column; this is always false.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The columns of this field in the bytes of a record, as far as the record goes.
    pub fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let end = self.end.min(bytes.len());
        bytes.get(self.start - 1..end).unwrap_or(&[])
    }

    /// The name in words: `entry filer code`.
    pub fn words(&self) -> String {
        self.name.replace('_', " ")
    }
}

/// One record of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordLayout {
    /// The section it stands in: `AE`, `SE`, `SO`, `AX`, `PG`, `IN`, `OUT` or `ACE`.
    pub section: &'static str,
    /// What stands in its first columns: `10`, `SE10`, `PG01`, `A`.
    pub record: &'static str,
    /// Its named fields in order of columns, without control identifier and fillers.
    pub fields: Vec<FieldLayout>,
    /// Columns that must be spaces.
    pub fillers: Vec<FieldLayout>,
    /// How sure the columns are.
    pub confidence: Confidence,
    /// Guide and page of its first row.
    pub source: &'static str,
}

impl RecordLayout {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&FieldLayout> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the table keeps as one run of text what the guide splits by a type: record 54 has
    /// twelve sub-layouts.
    pub fn unsplit(&self) -> bool {
        self.section == "AE" && self.record == "54"
    }
}

/// How sure a section's columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Read in CBP's own document.
    Read,
    /// Known from one other source only: marked wherever it is used.
    Single,
}

/// The records of one chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name in the table.
    pub section: &'static str,
    /// Edition of the guide, as the sources of its records begin.
    pub edition: &'static str,
    /// How sure its columns are.
    pub confidence: Confidence,
    /// The guide.
    pub guide: &'static str,
}

/// Who sends the messages of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The filer, to CBP.
    In,
    /// CBP, to the filer.
    Out,
}

/// What a batch is about: the code in columns 26-27 of its A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The code: `AE`.
    pub application: &'static str,
    /// Who sends it.
    pub direction: Direction,
    /// Sections of its transaction records; the first that has a record wins.
    pub sections: Vec<&'static str>,
    /// The bytes that begin each transaction: its first record, with a type where that decides.
    pub begins: &'static str,
    /// In words.
    pub meaning: &'static str,
}

/// Which tables a message was written or judged by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Edition {
    /// Name of the whole set: the newest guide in it.
    pub name: &'static str,
    /// SHA-256 of the tables of columns, sections, applications and order, in hexadecimal.
    pub sha256: String,
}

impl fmt::Display for Edition {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{} {}", self.name, &self.sha256[..12])
    }
}

/// Name of the set of tables in `filing/layouts/`.
const EDITION: &str = "catair-2026-07";

/// The edition of the tables in this program.
pub fn edition() -> Edition {
    let mut hasher = Sha256::new();
    for data in table::DATA {
        hasher.update(u64::try_from(data.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(data);
    }
    let sha256 = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Edition {
        name: EDITION,
        sha256,
    }
}

/// The layout of a record within an application (`AE`, `SX`) or a section (`IN`, `PG`).
/// Envelope records are in `IN` (what a filer sends), `OUT` (what CBP sends) and `ACE` (the
/// envelope CBP makes for a refused batch).
pub fn layout(application_or_section: &str, record: &str) -> Option<&'static RecordLayout> {
    let of_section = |section: &str| {
        let same = |layout: &&RecordLayout| layout.section == section && layout.record == record;
        TABLE.records.iter().find(same)
    };
    of_section(application_or_section).or_else(|| {
        let application = application(application_or_section)?;
        application
            .sections
            .iter()
            .find_map(|section| of_section(section))
    })
}

/// Every record of the table, section by section.
pub fn layouts() -> &'static [RecordLayout] {
    &TABLE.records
}

/// The application of that code, if its records are in the table.
pub fn application(code: &str) -> Option<&'static Application> {
    TABLE
        .applications
        .iter()
        .find(|application| application.application == code)
}

/// Every application whose records are in the table.
pub fn applications() -> &'static [Application] {
    &TABLE.applications
}

/// The section of that name.
pub fn section(name: &str) -> Option<&'static Section> {
    TABLE
        .sections
        .iter()
        .find(|section| section.section == name)
}
