//! What the ledger keeps of an answer, and how it is written again in any format.
//!
//! Two lines: the contract's decision as JSON, as `assess --format ndjson` writes it, and what the
//! other formats need beside it. So the same request gets the same bytes in every format, also
//! under later law. The person's key by the exact rules stands in neither: who has the ledger and
//! not the installation's secret must not be able to test names against it. It is put in when an
//! answer is written, for it follows from the parcel at hand.

use crate::ledger::{LedgerError, OpenLedger};
use crate::out::figures::push_key;
use crate::out::json::rendered;
use crate::out::table::{Row, Table};
use crate::out::{ENGINE, both, csv};
use crate::pass::Counted;
use crate::pass::second::Decided;
use crate::setup::Setup;
use deminimis_clearance::{Books, Scratch};
use deminimis_law::money::Cents;
use deminimis_law::names::Outcome;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_store::intake::{Assessed, Clerk, Parcel};
use deminimis_store::{Field, Receipt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Writes answers under a law.
pub struct Writer {
    setup: Arc<Setup>,
    /// Tells the moment of an answer, in seconds of UTC since 1970.
    decided_at: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl Writer {
    /// Writes answers under a law, each as made at the moment that is told, in seconds of UTC since
    /// 1970.
    #[must_use]
    pub fn new(setup: Arc<Setup>, decided_at: impl Fn() -> i64 + Send + Sync + 'static) -> Writer {
        Writer {
            setup,
            decided_at: Box::new(decided_at),
        }
    }
}

/// What formats other than JSON need.
#[derive(Serialize, Deserialize)]
struct Shown {
    /// The outcome's place in the contract.
    outcome: u8,
    /// The earliest day to which a rule used was checked.
    checked_until: i32,
    /// The row of CSV, and the place of the person's key in it.
    csv: String,
    key_at: usize,
    /// The line of the table.
    row: Row,
    /// How many parcels the person's day held before; nothing in answers from before that was kept.
    #[serde(default)]
    before: Option<u32>,
}

impl Clerk for Writer {
    fn books(&self) -> Books<'_> {
        self.setup.books()
    }

    fn decision<'a>(&self, answer: &'a [u8]) -> &'a [u8] {
        let end = answer.iter().position(|byte| *byte == b'\n');
        &answer[..end.unwrap_or(answer.len())]
    }

    fn origin(&self) -> Vec<Field> {
        let field = |path: &str, value: String| Field {
            path: path.to_owned(),
            value: value.into_bytes(),
            personal: false,
        };
        vec![
            field("engine", ENGINE.to_owned()),
            field("decided_at", (self.decided_at)().to_string()),
        ]
    }

    fn answer(&self, assessed: &Assessed<'_>, spare: &mut Scratch, out: &mut Vec<u8>) {
        let decided = Decided {
            books: assessed.books,
            shipment: assessed.shipment,
            day: assessed.day,
            decision: assessed.decision,
            person: None,
            first: false,
        };
        let mut csv = Vec::new();
        let key_at = csv::row(&decided, &mut csv);
        let counted = Counted::of(assessed.decision);
        let shown = Shown {
            outcome: counted.outcome as u8,
            checked_until: counted.checked_until.0,
            // Whatever was text is text still.
            csv: String::from_utf8(csv).unwrap_or_default(),
            key_at,
            row: Row::of(&decided),
            before: Some(assessed.day.shipments_before),
        };
        // Writing to memory cannot fail, and every key is text.
        let _written = serde_json::to_writer(&mut *out, &rendered(&decided, spare));
        out.push(b'\n');
        let _written = serde_json::to_writer(out, &shown);
    }
}

/// An answer that the ledger has kept.
pub struct Answer<'a> {
    decision: &'a str,
    shown: Shown,
}

impl<'a> Answer<'a> {
    /// Reads it; `None` if it is not of this program.
    #[must_use]
    pub fn read(kept: &'a [u8]) -> Option<Answer<'a>> {
        let (decision, shown) = str::from_utf8(kept).ok()?.split_once('\n')?;
        let shown: Shown = serde_json::from_str(shown).ok()?;
        Some(Answer { decision, shown })
    }

    /// What is counted of it; `None` if it is not of this program.
    #[must_use]
    pub fn counted(&self) -> Option<Counted> {
        Some(Counted {
            outcome: *Outcome::ALL.get(usize::from(self.shown.outcome))?,
            checked_until: Day(self.shown.checked_until),
        })
    }

    /// How many parcels its person had on its day when it was entered, itself included; nothing where
    /// that was not kept.
    #[must_use]
    pub fn shipments_that_day(&self) -> Option<u32> {
        self.shown.before.map(|before| before.saturating_add(1))
    }

    /// The value of all that its person imported on its day when it was entered, itself included;
    /// nothing where a value was not known.
    #[must_use]
    pub fn value_that_day(&self) -> Option<Cents> {
        #[derive(Deserialize)]
        struct Decision<'d> {
            day_all_usd: Option<&'d str>,
        }
        let decision: Decision<'_> = serde_json::from_str(self.decision).ok()?;
        Cents::parse(decision.day_all_usd?).ok()
    }

    /// Appends the decision as JSON, with the person's key and, beside the decision's own, fields that
    /// are JSON already; none where that is empty.
    pub fn push_beside(&self, person: Option<Key>, beside: &str, out: &mut Vec<u8>) {
        self.push_json(person, out);
        if !beside.is_empty() && out.last() == Some(&b'}') {
            out.pop();
            out.push(b',');
            out.extend_from_slice(beside.as_bytes());
            out.push(b'}');
        }
    }

    /// Appends the decision as JSON, with the person's key.
    pub fn push_json(&self, person: Option<Key>, out: &mut Vec<u8>) {
        // Within a text of JSON no quote stands bare, so neither of these can be part of one.
        const KEY: &str = "\"person\":{\"key\":null,";
        const SCORE: &str = "\"score\":null}";
        let holes = self.decision.split_once(KEY);
        let holes = holes.and_then(|(before, rest)| Some((before, rest.split_once(SCORE)?)));
        let (Some((before, (basis, after))), Some(person)) = (holes, person) else {
            return out.extend_from_slice(self.decision.as_bytes());
        };
        out.extend_from_slice(before.as_bytes());
        out.extend_from_slice(b"\"person\":{\"key\":\"");
        push_key(out, person);
        out.extend_from_slice(b"\",");
        out.extend_from_slice(basis.as_bytes());
        out.extend_from_slice(b"\"score\":\"1.00\"}");
        out.extend_from_slice(after.as_bytes());
    }

    /// Appends the row of CSV, with the person's key.
    pub fn push_csv(&self, person: Option<Key>, out: &mut Vec<u8>) {
        let row = self.shown.csv.as_bytes();
        let (before, after) = row.split_at(self.shown.key_at.min(row.len()));
        out.extend_from_slice(before);
        if let Some(person) = person {
            push_key(out, person);
        }
        out.extend_from_slice(after);
    }
}

impl OpenLedger {
    /// The decision of a receipt, with the person's key.
    ///
    /// # Errors
    /// The answer is not of this program.
    pub fn decision(&self, parcel: &Parcel, receipt: &Receipt) -> Result<Value, LedgerError> {
        let mut text = Vec::new();
        let read = Answer::read(&receipt.answer).and_then(|answer| {
            answer.push_json(parcel.person, &mut text);
            serde_json::from_slice(&text).ok()
        });
        read.ok_or_else(|| LedgerError::Answer {
            place: self.place.clone(),
            shipment_id: parcel.shipment.id.clone(),
        })
    }
}

/// How answers are written.
pub enum Form {
    /// A table.
    Table(Table),
    /// One array.
    Json,
    /// One object a line.
    Ndjson,
    /// CSV.
    Csv,
    /// JSON lines and CSV at once, for [`both::Split`].
    Both,
}

impl Form {
    /// What stands before the first.
    #[must_use]
    pub fn head(&self) -> String {
        match self {
            Form::Table(table) => table.header(),
            Form::Json => "[\n".to_owned(),
            Form::Ndjson | Form::Both => String::new(),
            Form::Csv => csv::HEADER.to_owned(),
        }
    }

    /// What stands between two, and after the last.
    #[must_use]
    pub fn around(&self) -> (&'static str, &'static str) {
        match self {
            Form::Json => (",\n", "\n]\n"),
            Form::Table(_) | Form::Ndjson | Form::Csv | Form::Both => ("", ""),
        }
    }

    /// Appends one answer; `beside` as for [`Answer::push_beside`], in the formats that are JSON.
    pub fn push(&self, answer: &Answer<'_>, person: Option<Key>, beside: &str, out: &mut Vec<u8>) {
        match self {
            Form::Table(table) => table.line(&answer.shown.row, out),
            Form::Json => answer.push_beside(person, beside, out),
            Form::Ndjson => {
                answer.push_beside(person, beside, out);
                out.push(b'\n');
            }
            Form::Csv => answer.push_csv(person, out),
            Form::Both => both::frame(
                out,
                |out| Form::Ndjson.push(answer, person, beside, out),
                |out| answer.push_csv(person, out),
            ),
        }
    }
}
