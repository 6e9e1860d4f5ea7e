//! `deminimis lint`: what in a file of shipments CBP has said it does not accept, or is likely a
//! mistake, before anything is sent.
//!
//! One pass over a source; each finding is handed out as it is found, and those that need the whole
//! file (values out of line) at its end. Memory does not grow with the file beyond
//! [`values::Limits`]. Nothing here decides law: a finding changes no outcome. Values about natural
//! persons are not repeated unless asked for.

pub mod descriptions;
pub mod parties;
mod pass;
pub mod report;
pub mod rules;
pub mod values;
mod words;
mod zips;

pub use report::{NoteFormat, NoteWriter, Report};
pub use rules::{RULES, Rule, Severity};

use crate::read::{Read, ReadError, Reject, Source};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::lists::WordList;
use deminimis_tariff::Schedule;
use descriptions::Descriptions;
use parties::Parties;
use pass::Pass;
use std::io;
use values::{Limits, Values};

/// How a file is judged.
#[derive(Clone, Copy)]
pub struct LintOptions<'a> {
    /// The schedule that numbers are looked up in.
    pub schedule: &'a Schedule,
    /// The lists of words of the law.
    pub words: &'a [WordList],
    /// Repeats values about natural persons in findings.
    pub show_values: bool,
    /// How many times below or above its article's median a unit value may lie.
    pub factor: u32,
    /// How much is remembered.
    pub limits: Limits,
}

impl<'a> LintOptions<'a> {
    /// The usual: five times, persons' values withheld.
    #[must_use]
    pub fn new(schedule: &'a Schedule, words: &'a [WordList]) -> LintOptions<'a> {
        LintOptions {
            schedule,
            words,
            show_values: false,
            factor: 5,
            limits: Limits::default(),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file's name as given.
    pub file: String,
    /// The row, counted as in [`Read::Shipment`]; in CSV the line's own.
    pub row: u64,
    /// The shipment.
    pub shipment_id: String,
    /// The line, counted from 1, if the field stands in lines.
    pub line: Option<u32>,
    /// The field, by the contract's flat name.
    pub field: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The value, cut to 80 characters; `None` if it is about a natural person and not asked for.
    pub value: Option<String>,
    /// What is wrong, who must act, and what would be right.
    pub message: String,
}

/// What a pass hands out.
#[derive(Debug)]
pub enum Found {
    /// A finding.
    Note(Note),
    /// A shipment that could not be read, and was not judged.
    Refused(Box<Reject>),
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The findings cannot be written.
    #[error("the findings cannot be written: {0}")]
    Write(io::Error),
}

/// Judges every shipment of a source. `each` gets every finding, in the order of the file; those on
/// values beside other lines come last, again in the order of the file.
///
/// # Errors
/// The source cannot be read further, or `each` fails.
pub fn lint(
    source: &mut dyn Source,
    file: &str,
    options: &LintOptions<'_>,
    each: &mut dyn FnMut(Found) -> io::Result<()>,
) -> Result<Report, LintError> {
    let mut pass = Pass {
        file,
        options,
        descriptions: Descriptions::new(options.words),
        parties: Parties::new(),
        values: Values::new(options.limits),
        wrong: Vec::new(),
        report: Report::new(file),
        each,
    };
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    while let Some(read) = source.next(&mut shipment, &mut texts)? {
        match read {
            Read::Shipment { row, rows } => pass.shipment(&shipment, &texts, row, rows),
            Read::Refused(reject) => (pass.each)(Found::Refused(reject)),
        }
        .map_err(LintError::Write)?;
    }
    pass.report.counts = source.counts();
    pass.report.compared = pass.values.compared();
    for outlier in pass.values.outliers(options.factor) {
        pass.outlier(outlier).map_err(LintError::Write)?;
    }
    Ok(pass.report)
}
