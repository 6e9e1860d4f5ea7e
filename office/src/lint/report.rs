//! Findings as a table for a person, JSON, one JSON object a line, or CSV; and the sums at the end.
//!
//! Findings are written as they come and none is kept, so that a file of any size can be judged.

use super::rules::{RULES, Rule, Severity};
use super::values::Compared;
use super::{Found, Note};
use crate::read::Counts;
use crate::read::rejects::guarded;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The columns of the CSV form, which are also the keys of the JSON forms.
#[rustfmt::skip]
pub const COLUMNS: [&str; 11] = [
    "file",
    "row",
    "shipment_id",
    "line",
    "field",
    "severity",
    "rule",
    "value",
    "message",
    "who",
    "cite",
];

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteFormat {
    /// For a person; the first so many findings, at most so many columns wide.
    Table {
        /// Findings shown; the rest is counted.
        most: u64,
        /// Columns of the terminal.
        width: usize,
    },
    /// One object: `notes`, an array, and `summary`, an array of one object a file.
    Json,
    /// One finding a line.
    NdJson,
    /// One finding a row.
    Csv,
}

/// The sums of a file.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file's name as given.
    pub file: String,
    /// What was read: accepted + rejected = read.
    pub counts: Counts,
    /// Shipments with at least one finding; those on values beside other lines are not counted in.
    pub shipments_with_notes: u64,
    /// What of the values was compared, and what was not.
    pub compared: Compared,
    by_rule: Vec<u64>,
    by_severity: [u64; 3],
}

impl Report {
    /// Nothing found.
    #[must_use]
    pub fn new(file: &str) -> Report {
        Report {
            file: file.to_owned(),
            counts: Counts::default(),
            shipments_with_notes: 0,
            compared: Compared::default(),
            by_rule: vec![0; RULES.len()],
            by_severity: [0; 3],
        }
    }

    /// Counts a finding.
    pub(super) fn count(&mut self, rule: &Rule, severity: Severity) {
        if let Some(at) = RULES.iter().position(|known| known.id == rule.id) {
            self.by_rule[at] += 1;
        }
        self.by_severity[severity as usize] += 1;
    }

    /// All findings.
    #[must_use]
    pub fn notes(&self) -> u64 {
        self.by_severity.iter().sum()
    }

    /// The findings of a severity.
    #[must_use]
    pub fn of(&self, severity: Severity) -> u64 {
        self.by_severity[severity as usize]
    }

    /// The rules that found something, in the order of the list, with how often.
    pub fn by_rule(&self) -> impl Iterator<Item = (&'static Rule, u64)> + '_ {
        let found = RULES.iter().zip(self.by_rule.iter().copied());
        found.filter(|(_, count)| *count > 0)
    }

    /// The sums as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let rules: Vec<Value> = self
            .by_rule()
            .map(|(rule, count)| json!({ "rule": rule.id, "notes": count }))
            .collect();
        json!({
            "file": self.file,
            "shipments_read": self.counts.shipments_read,
            "shipments_judged": self.counts.shipments_accepted,
            "shipments_refused": self.counts.shipments_rejected,
            "shipments_with_notes": self.shipments_with_notes,
            "reject": self.of(Severity::Reject),
            "warning": self.of(Severity::Warning),
            "advice": self.of(Severity::Advice),
            "rules": rules,
            "articles": self.compared.articles,
            "lines_compared": self.compared.lines,
            "lines_not_comparable": self.compared.not_comparable,
            "lines_beyond_limits": self.compared.beyond_limits,
        })
    }

    /// The sums for a person, a few lines.
    #[must_use]
    pub fn text(&self) -> String {
        let counts = &self.counts;
        let mut text = format!(
            "{}: {} shipments read · {} judged · {} refused · {} with findings\n",
            self.file,
            counts.shipments_read,
            counts.shipments_accepted,
            counts.shipments_rejected,
            self.shipments_with_notes
        );
        let named = |severity: Severity| format!("{} {}", self.of(severity), severity.as_str());
        let sums: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .map(|severity| named(*severity))
            .collect();
        text.push_str(&format!(
            "{} {}: {}\n",
            self.notes(),
            if self.notes() == 1 {
                "finding"
            } else {
                "findings"
            },
            sums.join(" · ")
        ));
        for (rule, count) in self.by_rule() {
            text.push_str(&format!(" {count:>8}  {}\n", rule.id));
        }
        let Compared {
            articles,
            lines,
            not_comparable,
            beyond_limits,
        } = self.compared;
        text.push_str(&format!(
            "values: {lines} lines of {articles} articles compared · {not_comparable} without a value or quantity\n"
        ));
        if beyond_limits > 0 {
            text.push_str(&format!(
                "values: {beyond_limits} lines not compared, the file has more articles or values than are kept\n"
            ));
        }
        text
    }
}

/// Writes findings as they come.
pub struct NoteWriter<W: Write> {
    out: W,
    format: NoteFormat,
    notes: u64,
    files: Vec<Value>,
    cited: Vec<&'static str>,
}

impl<W: Write> NoteWriter<W> {
    /// A writer that has written nothing.
    pub fn new(out: W, format: NoteFormat) -> NoteWriter<W> {
        NoteWriter {
            out,
            format,
            notes: 0,
            files: Vec::new(),
            cited: Vec::new(),
        }
    }

    /// Writes what a pass hands out; a refused shipment only in the table, for it belongs in the
    /// rejects.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn found(&mut self, found: &Found) -> io::Result<()> {
        match (found, self.format) {
            (Found::Note(note), _) => self.note(note),
            (Found::Refused(reject), NoteFormat::Table { .. }) => {
                let id = reject.shipment_id.as_deref().unwrap_or("?");
                let (file, row, field) = (&reject.file, reject.row, &reject.field);
                writeln!(
                    self.out,
                    "{file}:{row}  {id}  {field}  refused, not judged: {}",
                    reject.reason
                )
            }
            (Found::Refused(_), _) => Ok(()),
        }
    }

    /// Writes a finding.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn note(&mut self, note: &Note) -> io::Result<()> {
        self.notes += 1;
        let first = self.notes == 1;
        match self.format {
            NoteFormat::Table { most, width } if self.notes <= most => self.table(note, width),
            NoteFormat::Table { .. } => Ok(()),
            NoteFormat::Json => {
                self.out
                    .write_all(if first { b"{\"notes\":[\n" } else { b",\n" })?;
                write!(self.out, "{}", note_json(note))
            }
            NoteFormat::NdJson => writeln!(self.out, "{}", note_json(note)),
            NoteFormat::Csv => {
                if first {
                    self.header()?;
                }
                self.row(note)
            }
        }
    }

    /// Writes the sums of a file: for a person now, in JSON at the end, else not.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn file(&mut self, report: &Report) -> io::Result<()> {
        match self.format {
            NoteFormat::Table { .. } => write!(self.out, "{}", report.text()),
            NoteFormat::Json => {
                self.files.push(report.json());
                Ok(())
            }
            NoteFormat::NdJson | NoteFormat::Csv => Ok(()),
        }
    }

    /// Ends the output and gives it back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        match self.format {
            NoteFormat::Table { most, .. } if self.notes > most => {
                let more = self.notes - most;
                let noun = if more == 1 { "finding" } else { "findings" };
                writeln!(self.out, "{more} {noun} more; --format csv lists all")?;
            }
            NoteFormat::Json => {
                let start = if self.notes == 0 {
                    "{\"notes\":["
                } else {
                    "\n"
                };
                writeln!(
                    self.out,
                    "{start}],\"summary\":{}}}",
                    Value::Array(self.files)
                )?;
            }
            NoteFormat::Csv if self.notes == 0 => self.header()?,
            _ => {}
        }
        self.out.flush()?;
        Ok(self.out)
    }

    /// Two parts a finding: where, then what in words.
    fn table(&mut self, note: &Note, width: usize) -> io::Result<()> {
        write!(self.out, "{}:{}  {}", note.file, note.row, note.shipment_id)?;
        if let Some(line) = note.line {
            write!(self.out, " line {line}")?;
        }
        write!(
            self.out,
            "  {}  {}: {}",
            note.field,
            note.severity.as_str(),
            note.rule.id
        )?;
        match &note.value {
            Some(value) => writeln!(self.out, "  \u{201c}{value}\u{201d}")?,
            None => writeln!(self.out)?,
        }
        let width = width.saturating_sub(4).max(40);
        for line in wrapped(&note.message, width) {
            writeln!(self.out, "    {line}")?;
        }
        // The source of a rule stands once, with its first finding.
        if !self.cited.contains(&note.rule.id) {
            self.cited.push(note.rule.id);
            for line in wrapped(&note.rule.cite.join("; "), width) {
                writeln!(self.out, "    {line}")?;
            }
        }
        Ok(())
    }

    fn header(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", COLUMNS.join(","))
    }

    fn row(&mut self, note: &Note) -> io::Result<()> {
        let (row, line) = (note.row.to_string(), note.line.map(|line| line.to_string()));
        let cite = note.rule.cite.join("; ");
        let cells = [
            note.file.as_str(),
            &row,
            &note.shipment_id,
            line.as_deref().unwrap_or(""),
            note.field,
            note.severity.as_str(),
            note.rule.id,
            note.value.as_deref().unwrap_or(""),
            &note.message,
            note.rule.who,
            &cite,
        ];
        let mut writer = csv::Writer::from_writer(&mut self.out);
        writer.write_record(cells.map(|cell| guarded(cell).into_owned()))?;
        writer.flush()
    }
}

/// A finding as JSON, its keys in the order of [`COLUMNS`].
fn note_json(note: &Note) -> String {
    let text = |text: &str| Value::from(text).to_string();
    let cite: Vec<&str> = note.rule.cite.to_vec();
    let values = [
        text(&note.file),
        note.row.to_string(),
        text(&note.shipment_id),
        note.line.map_or("null".to_owned(), |line| line.to_string()),
        text(note.field),
        text(note.severity.as_str()),
        text(note.rule.id),
        note.value.as_deref().map_or("null".to_owned(), text),
        text(&note.message),
        text(note.rule.who),
        json!(cite).to_string(),
    ];
    let pairs: Vec<String> = COLUMNS
        .iter()
        .zip(values)
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

/// The text in lines of at most `width` letters, broken at spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The start of a value, on one line.
pub(super) fn shown(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let mut shown: String = text.chars().take(80).map(plain).collect();
    if text.chars().nth(80).is_some() {
        shown.push('\u{2026}');
    }
    shown
}
