//! Whole messages: bytes to lines with their layouts, and back, without losing a byte.
//!
//! Reading borrows from the input and judges nothing: unknown records, wrong bytes, short and
//! long lines and both kinds of line ends come out again as they came in. `lint` judges.

use super::layout::{Application, Direction, RecordLayout, application, applications};
use super::record::{COLUMNS, FieldError, Record, named, text};
use super::table::{Envelope, TABLE};
use std::borrow::Cow;

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing: the last line, or records of 80 columns one behind the other.
    None,
    /// A line feed.
    Lf,
    /// Carriage return and line feed.
    CrLf,
}

impl Ending {
    /// Its bytes.
    pub fn as_bytes(self) -> &'static [u8] {
        match self {
            Ending::None => b"",
            Ending::Lf => b"\n",
            Ending::CrLf => b"\r\n",
        }
    }
}

/// One line of a message: a record as it came, or one that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    bytes: Cow<'a, [u8]>,
    ending: Ending,
    layout: Option<&'static RecordLayout>,
}

impl<'a> Line<'a> {
    /// The bytes of the line, without its ending.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What ended it.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// Its row of the table; `None` for a record that the application does not have.
    pub fn layout(&self) -> Option<&'static RecordLayout> {
        self.layout
    }

    /// Control identifier of the record, or what stands in the first columns of an unknown one.
    pub fn tag(&self) -> Cow<'static, str> {
        match self.layout {
            Some(layout) => Cow::Borrowed(layout.record),
            None => {
                let first = &self.bytes[..self.bytes.len().min(4)];
                Cow::Owned(first.escape_ascii().to_string().trim_end().to_owned())
            }
        }
    }

    /// Whether this is the known record of that identifier.
    pub fn is(&self, record: &str) -> bool {
        self.layout.is_some_and(|layout| layout.record == record)
    }

    /// A field's value without its padding of spaces; empty when it is not used. Columns behind
    /// the end of a short line are empty.
    ///
    /// # Errors
    /// The record is unknown or has no such field, or the columns are not ASCII text.
    pub fn get(&self, field: &str) -> Result<&str, FieldError> {
        let layout = self.layout.ok_or_else(|| FieldError {
            record: self.tag().into_owned(),
            start: 0,
            end: 0,
            field: field.to_owned(),
            value: String::new(),
            reason: "the record is not in the table".to_owned(),
            right: "a record of the application".to_owned(),
        })?;
        text(layout, named(layout, field)?, &self.bytes)
    }

    /// The record, to be changed; `None` if it is unknown or longer than 80 columns.
    pub fn to_record(&self) -> Option<Record> {
        Record::of_bytes(self.layout?, &self.bytes)
    }

    /// A line with other bytes: only for what was read elsewhere, the JSON form of a message.
    pub(super) fn of_bytes(
        bytes: Vec<u8>,
        ending: Ending,
        layout: Option<&'static RecordLayout>,
    ) -> Line<'static> {
        Line {
            bytes: Cow::Owned(bytes),
            ending,
            layout,
        }
    }
}

impl From<Record> for Line<'static> {
    fn from(record: Record) -> Line<'static> {
        let layout = Some(record.layout());
        Line {
            bytes: Cow::Owned(record.as_bytes().to_vec()),
            ending: Ending::Lf,
            layout,
        }
    }
}

/// A message: batches with their envelopes, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its lines in order.
    pub lines: Vec<Line<'a>>,
}

impl Message<'_> {
    /// Adds a record, ended by a line feed.
    pub fn push(&mut self, record: Record) {
        self.lines.push(record.into());
    }
}

/// Reads a message. The application is the one its A or B records name; without them, the one
/// whose first record comes first.
pub fn decode(bytes: &[u8]) -> Message<'_> {
    read(bytes, None)
}

/// Reads a part of a message of a known application (`AE`, `SX`), until an A record names
/// another. An unknown application leaves its records unknown.
pub fn decode_as<'a>(application_code: &str, bytes: &'a [u8]) -> Message<'a> {
    read(bytes, application(application_code))
}

/// The message as bytes, in one buffer.
pub fn encode(message: &Message) -> Vec<u8> {
    let length = |line: &Line| line.bytes.len() + line.ending.as_bytes().len();
    let mut out = Vec::with_capacity(message.lines.iter().map(length).sum());
    for line in &message.lines {
        out.extend_from_slice(&line.bytes);
        out.extend_from_slice(line.ending.as_bytes());
    }
    out
}

fn read<'a>(bytes: &'a [u8], application: Option<&'static Application>) -> Message<'a> {
    let mut lines = Vec::with_capacity(bytes.len() / (COLUMNS + 1) + 1);
    let mut context = Context {
        application,
        direction: application.map(|it| it.direction),
    };
    let mut rest = bytes;
    // Some systems send records of 80 columns without anything between them.
    let unbroken = !bytes.contains(&b'\n');
    while !rest.is_empty() {
        let (line, ending, next) = cut(rest, unbroken);
        let layout = context.layout(line);
        lines.push(Line {
            bytes: Cow::Borrowed(line),
            ending,
            layout,
        });
        rest = next;
    }
    Message { lines }
}

fn cut(rest: &[u8], unbroken: bool) -> (&[u8], Ending, &[u8]) {
    if unbroken {
        let (line, next) = rest.split_at(rest.len().min(COLUMNS));
        return (line, Ending::None, next);
    }
    // Nearly every line has 80 columns, so the place where it should end is looked at first.
    let at = match rest.get(COLUMNS) {
        Some(b'\n') if !rest[..COLUMNS].contains(&b'\n') => Some(COLUMNS),
        _ => rest.iter().position(|byte| *byte == b'\n'),
    };
    let Some(at) = at else {
        return (rest, Ending::None, &[]);
    };
    let (line, next) = (&rest[..at], &rest[at + 1..]);
    match line.strip_suffix(b"\r") {
        Some(line) => (line, Ending::CrLf, next),
        None => (line, Ending::Lf, next),
    }
}

/// What the lines read so far say about those that follow.
pub(super) struct Context {
    application: Option<&'static Application>,
    direction: Option<Direction>,
}

impl Context {
    /// Before the first line, with the application if it is known.
    pub fn new(application: Option<&'static Application>) -> Context {
        Context {
            application,
            direction: application.map(|it| it.direction),
        }
    }

    /// The layout of the next line.
    pub fn layout(&mut self, line: &[u8]) -> Option<&'static RecordLayout> {
        match line.first()? {
            b'A' | b'B' | b'Y' | b'Z' => self.envelope(line),
            b'X' => TABLE.of_envelope(Envelope::Out, line),
            _ => {
                if self.application.is_none() && self.direction.is_none() {
                    let begins = |it: &&Application| line.starts_with(it.begins.as_bytes());
                    self.application = applications().iter().find(begins);
                }
                TABLE.of_application(self.application?, line)
            }
        }
    }

    fn envelope(&mut self, line: &[u8]) -> Option<&'static RecordLayout> {
        let code = match line[0] {
            b'A' => Some(line.get(25..27).unwrap_or_default()),
            b'B' => line.get(10..12),
            _ => None,
        };
        if let Some(code) = code
            && (line[0] == b'A' || self.direction.is_none())
        {
            self.application = std::str::from_utf8(code).ok().and_then(application);
            self.direction = Some(match self.application {
                Some(application) => application.direction,
                // CBP leaves the password out of what it sends, and refuses what comes without.
                None if line[0] == b'A' && line.get(8..14).is_some_and(|it| it != b"      ") => {
                    Direction::In
                }
                None => Direction::Out,
            });
        }
        // The envelope that ACE makes for a batch it could not read is empty up to column 80.
        let empty = |it: &[u8]| {
            it[1..12]
                .iter()
                .chain(&it[17..79])
                .all(|byte| *byte == b' ')
        };
        let made = line[0] != b'A' && line.len() == COLUMNS && line[79] == line[0];
        let envelope = match self.direction {
            Some(Direction::Out) if made && empty(line) => Envelope::Ace,
            Some(Direction::Out) => Envelope::Out,
            _ => Envelope::In,
        };
        TABLE.of_envelope(envelope, line)
    }
}
