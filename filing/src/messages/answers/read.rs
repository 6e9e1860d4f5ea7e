//! Reads answers: AX, SX and SO to events, each with the entry that it is about.
//!
//! Nothing is dropped: what cannot be read is told with its line, and the rest goes on.

use super::{At, Condition, EntryKey, Event, Point, ReleaseAnswer, Source, What};
use crate::messages::catair::entry::of_mmddyy;
use crate::messages::catair::envelope::{Batch, Block};
use crate::messages::catair::{Line, Message};
use deminimis_law::time::Day;
use serde::Serialize;

/// What a message answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Events in the order of the message, each with its entry.
    pub events: Vec<(EntryKey, Event)>,
    /// What concerns no single entry, or could not be read.
    pub troubles: Vec<Trouble>,
}

/// A line of a message that is no event of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The line, from 1.
    pub line: usize,
    /// The record.
    pub record: String,
    /// What it says or what is wrong with it.
    pub reason: String,
}

/// Reads a message of CBP.
#[must_use]
pub fn read(message: &Message<'_>) -> Answers {
    let mut answers = Answers::default();
    for batch in message.batches() {
        let application = message
            .application_of(&batch)
            .map(|known| known.application);
        let at = At {
            day: sent_on(message, &batch),
            minute: None,
        };
        for block in &batch.blocks {
            let mut reader = Reader {
                message,
                at,
                answers: &mut answers,
            };
            reader.refusals(block);
            match application {
                Some("AX") => reader.summaries(block),
                Some("SX") => reader.releases(block),
                Some("SO") => reader.statuses(block),
                _ => {
                    let reason = "is no answer to entries: AX, SX or SO is meant";
                    reader.trouble(block.header.unwrap_or(block.content.start), reason);
                }
            }
        }
    }
    answers
}

/// The filer's day of transmission, which comes back in the A record.
fn sent_on(message: &Message<'_>, batch: &Batch) -> Option<Day> {
    let header = message.lines.get(batch.header?)?;
    of_mmddyy(header.get("transmission_date").ok()?)
}

struct Reader<'m, 'a> {
    message: &'m Message<'a>,
    at: At,
    answers: &'m mut Answers,
}

/// A field of a line, empty where it cannot be read.
fn get(line: &Line<'_>, field: &str) -> String {
    line.get(field).unwrap_or_default().to_owned()
}

fn key(line: &Line<'_>) -> EntryKey {
    EntryKey {
        filer: get(line, "entry_filer_code"),
        number: get(line, "entry_number"),
    }
}

impl EntryKey {
    fn is_whole(&self) -> bool {
        self.filer.len() == 3 && self.number.len() == 8
    }
}

impl<'m, 'a> Reader<'m, 'a> {
    fn trouble(&mut self, place: usize, reason: &str) {
        let record = self
            .message
            .lines
            .get(place)
            .map(|line| line.tag().into_owned());
        self.answers.troubles.push(Trouble {
            line: place + 1,
            record: record.unwrap_or_default(),
            reason: reason.to_owned(),
        });
    }

    fn event(&mut self, entry: &EntryKey, at: At, source: Source, what: What) {
        let event = Event { at, source, what };
        self.answers.events.push((entry.clone(), event));
    }

    /// X1 records: the batch or a block of it was refused.
    fn refusals(&mut self, block: &Block) {
        for place in block.content.clone() {
            let line = &self.message.lines[place];
            if line.is("X1") {
                let (code, text) = (get(line, "condition_code"), get(line, "narrative_text"));
                let refused = get(line, "disposition_type_code") == "R";
                let what = if refused { "refused" } else { "condition" };
                self.trouble(place, &format!("{what} {code} {text}"));
            } else if line.layout().is_none() {
                self.trouble(place, "is not in the table of layouts");
            }
        }
    }

    /// AX: conditions follow what they are about; the last E1 of an entry tells what became of it.
    fn summaries(&mut self, block: &Block) {
        let mut entry: Option<EntryKey> = None;
        let mut points: Vec<Point> = Vec::new();
        let mut conditions: Vec<Condition> = Vec::new();
        // Whether a condition has used the points, so that the next reference begins anew.
        let mut used = true;
        for place in block.content.clone() {
            let line = &self.message.lines[place];
            if line.is("E0") {
                let reference = get(line, "reference_data_type_code");
                let text = get(line, "reference_data_text");
                if reference == "SUMMRY" {
                    let part = |from: usize, to: usize| text.get(from..to).unwrap_or("").trim();
                    entry = Some(EntryKey {
                        filer: part(0, 3).to_owned(),
                        number: part(4, 12).to_owned(),
                    });
                    points.clear();
                    continue;
                }
                if used {
                    points.clear();
                    used = false;
                }
                let occurrence = get(line, "occurrence_position").parse().unwrap_or(0);
                points.push(Point::of_reference(&reference, occurrence, &text));
            } else if line.is("E1") {
                let final_answer = get(line, "disposition_type_code");
                if final_answer.is_empty() {
                    conditions.push(Condition {
                        code: get(line, "condition_code"),
                        severity: get(line, "severity_code"),
                        narrative: get(line, "narrative_text"),
                        points: points.clone(),
                    });
                    used = true;
                    continue;
                }
                let own = key(line);
                let told = if own.is_whole() {
                    Some(own)
                } else {
                    entry.take()
                };
                let what = What::Summary {
                    accepted: final_answer == "A",
                    version: get(line, "version_number"),
                    severity: get(line, "severity_code"),
                    narrative: get(line, "narrative_text"),
                    conditions: std::mem::take(&mut conditions),
                };
                (used, entry) = (true, None);
                points.clear();
                match told.filter(EntryKey::is_whole) {
                    Some(told) => self.event(&told, self.at, Source::Ax, what),
                    None => {
                        let text = get(line, "narrative_text");
                        self.trouble(place, &format!("concerns no single entry: {text}"));
                    }
                }
            }
        }
        if !conditions.is_empty() {
            self.trouble(
                block.content.end,
                "conditions without the answer that they lead to",
            );
        }
    }

    /// SX: what was sent comes back, with an SE90 behind each record in error and one at the end.
    fn releases(&mut self, block: &Block) {
        for range in &block.transactions {
            let Some(first) = self.message.lines.get(range.start) else {
                continue;
            };
            let entry = key(first);
            // The answer repeats the request: D is a cancellation (Cargo Release v40, SE10).
            let cancels = first.is("SE10") && get(first, "action_code") == "D";
            let mut conditions = Vec::new();
            let mut last: Option<Point> = None;
            let mut counts: Vec<(String, u32)> = Vec::new();
            let mut answered = false;
            for place in range.clone() {
                let line = &self.message.lines[place];
                if !line.is("SE90") {
                    last = Some(echoed(line, &mut counts));
                    continue;
                }
                let kind = get(line, "message_type_code");
                let narrative = get(line, "narrative_message_text");
                let answer = match kind.as_str() {
                    "01" => ReleaseAnswer::Rejected,
                    "02" => ReleaseAnswer::Accepted,
                    "03" => ReleaseAnswer::AcceptedWithWarnings,
                    "04" => ReleaseAnswer::Referred,
                    "11" | "13" => {
                        conditions.push(Condition {
                            code: get(line, "message_identifier_code"),
                            severity: if kind == "11" { "F" } else { "W" }.to_owned(),
                            narrative,
                            points: last.iter().cloned().collect(),
                        });
                        continue;
                    }
                    _ => {
                        self.trouble(place, &format!("message type {kind:?} is not in the guide"));
                        continue;
                    }
                };
                answered = true;
                let what = What::ReleaseAnswered {
                    answer,
                    cancels,
                    narrative,
                    conditions: std::mem::take(&mut conditions),
                };
                match entry.is_whole() {
                    true => self.event(&entry, self.at, Source::Sx, what),
                    false => self.trouble(range.start, "the entry is not named"),
                }
            }
            if !answered {
                self.trouble(range.start, "no SE90 tells how the entry was answered");
            }
        }
    }

    /// SO: dated words on bills, on the release, and of other agencies.
    fn statuses(&mut self, block: &Block) {
        for range in &block.transactions {
            let Some(first) = self.message.lines.get(range.start) else {
                continue;
            };
            let entry = key(first);
            if !entry.is_whole() {
                self.trouble(range.start, "the entry is not named");
                continue;
            }
            let mut bill = String::new();
            for place in range.clone() {
                let line = &self.message.lines[place];
                if line.is("SO40") {
                    let issuer = get(line, "issuer_code_of_bill_of_lading_number");
                    bill = format!("{issuer}{}", get(line, "bill_of_lading_number"));
                }
                let Some((code, what)) = status(line, &bill) else {
                    continue;
                };
                let at = At {
                    day: of_mmddyy(&get(line, "status_date")),
                    minute: minute(&get(line, "status_time")),
                };
                match code.is_empty() {
                    true => self.trouble(place, "tells no status code"),
                    false => self.event(&entry, at, Source::So, what),
                }
            }
        }
    }
}

/// A record that came back, as a place to point at.
fn echoed(line: &Line<'_>, counts: &mut Vec<(String, u32)>) -> Point {
    let record = line.tag().into_owned();
    let occurrence = match counts.iter_mut().find(|(known, _)| *known == record) {
        Some((_, count)) => {
            *count += 1;
            *count
        }
        None => {
            counts.push((record.clone(), 1));
            1
        }
    };
    let own = line.bytes().get(record.len()..).unwrap_or_default();
    Point {
        record,
        field: String::new(),
        occurrence,
        value: String::from_utf8_lossy(own).trim().to_owned(),
    }
}

/// What a status record says; nothing for the others.
fn status(line: &Line<'_>, bill: &str) -> Option<(String, What)> {
    let narrative = get(line, "status_text");
    if line.is("SO50") {
        let code = get(line, "status_code");
        let what = What::Bill {
            code: code.clone(),
            narrative,
            bill: bill.to_owned(),
        };
        return Some((code, what));
    }
    if line.is("SO60") {
        let code = get(line, "status_code");
        let released_on = of_mmddyy(&get(line, "release_date"));
        let what = What::Release {
            code: code.clone(),
            narrative,
            released_on: released_on.map(|day| day.to_string()),
        };
        return Some((code, what));
    }
    line.is("SO70").then(|| {
        let code = get(line, "entry_status_code");
        let what = What::Agency {
            agency: get(line, "government_agency_code"),
            code: code.clone(),
            narrative,
        };
        (code, what)
    })
}

/// Minutes after midnight of HHMM.
fn minute(text: &str) -> Option<u16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes): (u16, u16) = match digits {
        true => (text[..2].parse().ok()?, text[2..].parse().ok()?),
        false => return None,
    };
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}
